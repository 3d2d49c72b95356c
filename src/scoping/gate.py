"""The pilot's gate: how far people agree on the first records, and whether the review may go on.

The figure that decides is raw agreement, as the JBI manual has it (75% of the pilot's records); Gwet's AC1 stands beside
it because raw agreement says little where nearly all is excluded. Answers count as they were before anybody could
reconcile them. Once passed, a gate stays passed: the ledger keeps when, and with which figures.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoping import batches, folder
from scoping.folder import Said, SheetInfo
from scoping.ledger import Event
from scoping.stage_settings import ScreeningStage
from scoping.tables import Row, compact


@dataclass(frozen=True)
class Round:
    """One pilot. `compared` and `differ` are items that two or more answered, and those on which they differ."""

    batch: str
    people: tuple[str, ...]
    open: bool
    compared: tuple[str, ...]
    differ: tuple[str, ...]
    raw: float | None
    ac1: float | None

    def reaches(self, threshold: float) -> bool:
        """Whether agreement is enough; nothing to compare (one person alone) is no obstacle."""
        return not self.open and (self.raw is None or self.raw >= threshold - 1e-9)


def rounds(
    events: list[Event], people: Sequence[str], standing: tuple[Mapping[str, SheetInfo], Collection[Said]] | None = None
) -> list[Round]:
    """The pilots of a stage in order; `people` are those who are waited for.

    `standing`: the sheets, and what is answered on them, without rows that nobody waits for any more.
    """
    said = folder.independent(events)
    sheets, answered = standing or (folder.issued(events), folder.answered(events))
    return [
        _round(infos, said, open_=bool(batches.unfinished([sheets[i.sheet] for i in infos], set(answered), people)))
        for infos in batches.issued_batches(folder.issued(events)).values()
        if infos[0].purpose == "pilot"
    ]


def _round(infos: list[folder.SheetInfo], said: dict[folder.Said, folder.Fields], *, open_: bool) -> Round:
    from scoping import agreement

    ratings: dict[str, dict[str, str | None]] = {
        item: {info.person: said[info.sheet, item]["decision"] for info in infos if (info.sheet, item) in said}
        for item in infos[0].items
    }
    compared = sorted(item for item, given in ratings.items() if len(given) > 1)
    return Round(
        batch=infos[0].batch,
        people=tuple(info.person for info in infos),
        open=open_,
        compared=tuple(compared),
        differ=tuple(item for item in compared if len(set(ratings[item].values())) > 1),
        raw=agreement.raw_agreement(ratings),
        ac1=agreement.gwet_ac1(ratings),
    )


def passed(events: list[Event]) -> Event | None:
    """The event that let the stage go on."""
    return next((event for event in events if event["kind"] == "gate"), None)


def passing(events: list[Event], found: Sequence[Round], section: ScreeningStage) -> dict[str, Any] | None:
    """What the event says, if the last pilot lets the stage go on now, and nothing did before."""
    gone_on = any(info.role == "screen" and info.purpose == "main" for info in folder.issued(events).values())
    if passed(events) or gone_on or not found or found[-1].open:
        return None
    last, by = found[-1], section.gate_passed
    reached = last.reaches(section.gate)
    if not reached and by is None:
        return None
    return {
        "batch": last.batch,
        "compared": len(last.compared),
        "raw": _figure(last.raw),
        "ac1": _figure(last.ac1),
        "threshold": section.gate,
        "by": "" if reached or by is None else by.by,
        "reason": "" if reached or by is None else by.reason,
    }


def rows(found: Sequence[Round], event: Event | None, section: ScreeningStage) -> list[Row]:
    """The pilots as a table."""
    return [
        {
            "batch": each.batch,
            "people": compact(each.people),
            "state": _state(each, event, section),
            "items": str(len(each.compared)),
            "raw": _figure(each.raw),
            "ac1": _figure(each.ac1),
            "threshold": f"{section.gate:g}",
            "by": event["by"] if event and event["batch"] == each.batch else "",
            "reason": event["reason"] if event and event["batch"] == each.batch else "",
            "compared": compact(each.compared),
            "differ": compact(each.differ),
        }
        for each in found
    ]


def _state(each: Round, event: Event | None, section: ScreeningStage) -> str:
    if event and event["batch"] == each.batch:
        return "passed" if event["by"] else "reached"
    if each.open:
        return "open"
    return "reached" if each.reaches(section.gate) else "below"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
