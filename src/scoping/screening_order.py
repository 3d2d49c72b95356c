"""In which order people were given the records to screen, from the ledger's events alone: no clock is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoping import folder, items
from scoping.folder import WITHDRAW
from scoping.ledger import Event


@dataclass(frozen=True)
class Screened:
    """A record, and the first batch in which it was answered."""

    record_id: str
    batch: str


def order(events: Iterable[Event], known: Mapping[str, str]) -> list[Screened]:
    """The answered records in the order of the batches, and of the first sheet of each; `known`: id on a sheet -> record id.

    It does not matter who saved a sheet first, or which of two files was read first. A record that only a later batch
    answered stands there. Records that nobody knows any more are left out.
    """
    events = list(events)
    sheets = folder.issued(events)
    answered = {
        (sheets[event["sheet"]].batch, items.split(item).record)
        for event in events
        if event["kind"] == "read"
        for item, label in event["labels"].items()
        if label["decision"] != WITHDRAW
    }
    found: dict[str, Screened] = {}
    for info in sheets.values():
        for item in info.items:
            id_ = items.split(item).record
            if (info.batch, id_) in answered and id_ in known:
                found.setdefault(known[id_], Screened(known[id_], info.batch))
    return list(found.values())
