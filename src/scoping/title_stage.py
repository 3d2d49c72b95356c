"""Screening by title, a stage that a review may have before that of title and abstract."""

from collections.abc import Iterable, Mapping

from scoping.errors import ScopingError
from scoping.ledger import Event
from scoping.tables import Row

STAGE, AFTER = "title", "title_abstract"
CONFIG = "config/review.yaml"


def check(events: Iterable[Event], *, named: bool) -> None:
    """Stop where answers would be left aside: the stage comes before screening on title and abstract, or not at all.

    A record that somebody has judged by its abstract would wait for answers about its title, and the answer given would
    count for nothing until these are there; so would all that passed by title, if the stage were gone.
    """
    events = list(events)
    first = next((e["stage"] for e in events if e["kind"] == "issued" and e["stage"] in (STAGE, AFTER)), "")
    brought = any(e["kind"] == "imported" and e["stage"] == STAGE for e in events)
    if named and first == AFTER:
        raise ScopingError(
            "names stages.title, but screening on title and abstract has begun: sheets of it were issued",
            path=CONFIG,
            do="take stages.title out; all answers that were given count as before",
        )
    if not named and (first == STAGE or brought):
        how = "sheets of it were issued" if first == STAGE else "decisions of it came with exports"
        raise ScopingError(
            f"names no stages.title any more, but {how}",
            path=CONFIG,
            do="put it back, so that the answers count; people who are not `active` get no new sheets",
        )


def latest(title: Mapping[str, Row], title_abstract: Mapping[str, Row]) -> dict[str, Row]:
    """Record id -> its state at the last of the two stages that it came to."""
    return {**title, **title_abstract}


def screening(events: Iterable[Event]) -> list[Event]:
    """The events of both stages, in order: all screening before the full text."""
    return [event for event in events if event["stage"] in (STAGE, AFTER)]
