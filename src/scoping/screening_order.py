"""In which order people screened the records, from the ledger's events alone: no clock is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoping import folder, items
from scoping.folder import WITHDRAW
from scoping.ledger import Event


@dataclass(frozen=True)
class Screened:
    """A record, and the batch in which it was answered first."""

    record_id: str
    batch: str


def order(events: Iterable[Event], known: Mapping[str, str]) -> list[Screened]:
    """The records in the order of their first answers; `known`: id on a sheet -> record id.

    Answers that were read at once stand in the order of their sheet. Records that nobody knows any more are left out.
    """
    sheets: dict[str, folder.SheetInfo] = {}
    found: dict[str, Screened] = {}
    for event in events:
        if event["kind"] == "issued":
            sheets |= folder.issued([event])
        elif event["kind"] == "read":
            info = sheets[event["sheet"]]
            place = {item: at for at, item in enumerate(info.items)}
            for item in sorted(event["labels"], key=lambda item: (place.get(item, len(place)), item)):
                record = known.get(items.split(item).record)
                if record and event["labels"][item]["decision"] != WITHDRAW:
                    found.setdefault(record, Screened(record, info.batch))
    return list(found.values())
