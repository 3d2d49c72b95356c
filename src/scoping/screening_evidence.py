"""What the ledger says of screening so far, for the question whether it may stop.

Relevant is what was kept at the stage; read is what is settled there. What is answered but not settled counts as unread.
Pure: the same events and states give the same evidence.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoping import items, screening_order, stopping
from scoping.ledger import Event
from scoping.tables import Row

SETTLED = ("include", "exclude")


@dataclass(frozen=True)
class Sample:
    """The last control sample, by record ids, as far as its records are still there."""

    batch: str
    pool: frozenset[str]  # what it was drawn from, the sample included
    drawn: tuple[str, ...]
    unsettled: tuple[str, ...]  # of those drawn
    relevant: tuple[str, ...]  # of those drawn
    since: tuple[str, ...]  # relevant ones of the pool that were found without it
    unread: tuple[str, ...]  # of the pool, not drawn
    outside: tuple[str, ...]  # unread records that came later, or were with people when it was drawn

    def remaining(self, confidence: float) -> tuple[int, float, int]:
        """(lowest, estimated, highest number of relevant records among all unread ones), by the exact interval.

        Of those outside the pool the sample says nothing: all of them are in the highest number, none in the others.
        """
        of_pool = stopping.remaining(len(self.drawn), len(self.relevant), len(self.pool), confidence)
        found, most = len(self.since), len(self.unread)
        low, middle, high = (min(max(0, each - found), most) for each in (of_pool.low, of_pool.estimate, of_pool.high))
        return int(low), middle, int(high) + len(self.outside)


@dataclass(frozen=True)
class Evidence:
    """Screening at a stage: `read` are record ids in the order of reading, `relevant` which of them were kept."""

    stage: str
    read: tuple[str, ...]
    relevant: frozenset[str]
    unread: tuple[str, ...]
    sample: Sample | None

    @property
    def labels(self) -> list[int]:
        """1 (relevant) or 0 for each record in the order of reading."""
        return [int(id_ in self.relevant) for id_ in self.read]

    @property
    def total(self) -> int:
        """All records of the stage."""
        return len(self.read) + len(self.unread)

    def recall(self, remaining: float) -> float:
        """The share of the relevant records that was found, if so many are left; 0 where none was."""
        found = len(self.relevant)
        return found / (found + remaining) if found else 0.0


def evidence(
    events: Iterable[Event], known: Mapping[str, str], states: Mapping[str, Row], leave_out: Collection[str] = ()
) -> Evidence:
    """What is known of a stage; `events` of it, in order, `known`: id on a sheet -> record id.

    `leave_out` are records that count as unread, such as those of batches that people are still working on. What exports
    brought stands first, irrelevant records before relevant ones: nobody knows its order, and this one claims least.
    """
    events = list(events)
    settled = {id_ for id_, row in states.items() if row["state"] in SETTLED and id_ not in leave_out}
    relevant = frozenset(id_ for id_ in settled if states[id_]["state"] == "include")
    on_sheets = [each.record_id for each in screening_order.order(events, known) if each.record_id in settled]
    brought = sorted(settled - set(on_sheets), key=lambda id_: (id_ in relevant, id_))
    unread = tuple(sorted(set(states) - settled))
    stage = next((event["stage"] for event in events), "")
    return Evidence(
        stage, (*brought, *on_sheets), relevant, unread, _sample(events, known, states, settled, relevant)
    )  # fmt: skip


def _sample(
    events: Sequence[Event], known: Mapping[str, str], states: Mapping[str, Row], settled: set[str], relevant: frozenset[str]
) -> Sample | None:  # fmt: skip
    """The last control sample that was drawn."""
    last = next((event for event in reversed(events) if event["kind"] == "issued" and event.get("pool")), None)
    if last is None:
        return None

    def here(ids: Iterable[str]) -> set[str]:
        found = (known.get(items.split(item).record) for item in ids)
        return {id_ for id_ in found if id_ is not None and id_ in states}

    pool, drawn = here(last["pool"]), here(last["items"])
    pool |= drawn
    return Sample(
        batch=last["batch"],
        pool=frozenset(pool),
        drawn=tuple(sorted(drawn)),
        unsettled=tuple(sorted(drawn - settled)),
        relevant=tuple(sorted(drawn & relevant)),
        since=tuple(sorted((pool - drawn) & relevant)),
        unread=tuple(sorted(pool - drawn - settled)),
        outside=tuple(sorted(set(states) - settled - pool)),
    )
