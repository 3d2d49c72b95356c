"""The target recall and p that were fixed before the first decision, from the ledger, and what became of them since.

Each batch of screening keeps the two as they were when it was issued, and an event `target` each change after that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from scoping.ledger import Event
from scoping.screening_settings import Screening
from scoping.stop_words import percent
from scoping.title_stage import screening as of_screening

Target = tuple[float, float]  # recall, p


@dataclass(frozen=True)
class Deviation:
    """What was fixed, and what it was changed to after the first decision, in order."""

    fixed: Target
    later: tuple[Target, ...]

    @property
    def sentence(self) -> str:
        """For the page of progress and for captions."""
        return (
            f"Deviation from the protocol: after the first decision, the target of screening was changed from "
            f"{in_words(self.fixed)} to {' and then to '.join(in_words(each) for each in self.later)}."
        )


def in_words(target: Target) -> str:
    """`a recall of 95% (p < 0.05)`."""
    return f"a recall of {percent(target[0])} (p < {target[1]:g})"


def now(screening: Screening) -> Target:
    """What the protocol says now."""
    return screening.target_recall, screening.p


def history(events: Iterable[Event]) -> list[tuple[Target, bool]]:
    """(target, whether somebody had decided by then) for each that differs from the one before."""
    found: list[tuple[Target, bool]] = []
    decided = False
    for event in of_screening(events):
        kept = event.get("target")
        if kept and (not found or found[-1][0] != tuple(kept)):
            found.append(((kept[0], kept[1]), decided))
        decided = decided or (event["kind"] in ("read", "imported") and bool(event["labels"]))
    return found


def changed(events: Iterable[Event], screening: Screening) -> dict[str, list[float]] | None:
    """What the ledger has to be told: another target than the last that it kept."""
    kept = history(events)
    return {"target": list(now(screening))} if kept and kept[-1][0] != now(screening) else None


def fixed(events: Iterable[Event]) -> Target | None:
    """The target that stood when the first decision was made; None where the ledger did not keep it."""
    before = [target for target, decided in history(events) if not decided]
    return before[-1] if before else None


def deviation(events: Iterable[Event], screening: Screening) -> Deviation | None:
    """What was changed after the first decision, if anything was."""
    events = list(events)
    first = fixed(events)
    later = [target for target, decided in history(events) if decided]
    current = now(screening)
    if first is None or (not later and current == first):
        return None
    begun = any(event["kind"] in ("read", "imported") and event["labels"] for event in of_screening(events))
    later += [current] if (later[-1] if later else first) != current else []
    return Deviation(first, tuple(later)) if begun else None
