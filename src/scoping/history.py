"""What the ledger knows: the history of one record, every decision as a flat table, and whether it is whole."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from scoping import files, folder, items
from scoping.ledger import Event
from scoping.tables import Row

FLAT = ("seq", "recorded_at", "stage", "batch", "role", "person", "item", "decision", "reason", "note", "file", "cell")


def _ids(item: str) -> set[str]:
    return set(items.split(item).ids)


def of_record(events: Iterable[Event], ids: Collection[str]) -> Iterator[str]:
    """One line for each time that a record, under any of its ids, was issued, answered, changed, withdrawn or left."""
    wanted = set(ids)
    sheets: dict[str, folder.SheetInfo] = {}
    last: dict[tuple[str, str], dict[str, str]] = {}
    left: set[str] = set()  # stages at which a standing stop left it
    for event in events:
        when = f"{event['recorded_at']}  {event['seq']:06d}"
        if event["kind"] == "issued":
            sheets |= folder.issued([event])
            mine = [item for item in event["items"] if _ids(item) & wanted]
            if mine:
                people = ", ".join(sheet["person"] for sheet in event["sheets"] if set(mine) & set(_own(event, sheet)))
                what = f"{len(mine)} items" if len(mine) > 1 else mine[0]
                yield f"{when}  {event['stage']}: {what} issued to {people} as {event['batch']}{_chosen(event, mine)}"
            continue
        if event["kind"] == "stop":
            yield from _stopped(event, when, wanted, left)
            continue
        sheets |= folder.imported([event])
        for sheet, labels in folder.said(event):
            for item, label in sorted(labels.items()):
                at = (sheet, item)
                if not _ids(item) & wanted or last.get(at) == _said(label):
                    continue
                before = f", was `{last[at]['decision']}`" if at in last else ""
                last[at] = _said(label)
                said = "; ".join(f"{name}: {value}" for name, value in last[at].items() if name != "decision" and value)
                yield (
                    f"{when}  {event['stage']}: {sheets[sheet].person} decided `{label['decision']}` for {item}"
                    f"{before}{f' ({said})' if said else ''}, in {_origin(event, label)}"
                )


def _stopped(event: Event, when: str, wanted: set[str], left: set[str]) -> Iterator[str]:
    """A stop that leaves the record unscreened, and that it does so no more."""
    stage = event["stage"]
    if event["declared"] and wanted & set(event["left"]):
        left.add(stage)
        yield f"{when}  {stage}: left unscreened by a stop that {event['declared_by']} declared ({event['reason']})"
    elif stage in left:
        left.discard(stage)
        yield f"{when}  {stage}: no stop leaves it unscreened any more"


def _origin(event: Event, label: dict[str, str]) -> str:
    """Where an answer stood: on a sheet, or in an export, as it is worded there."""
    if event["kind"] == "read":
        return f"{event['file']} at {label['cell']}"
    return f"data/raw/exports/{label['file']} at {label['cell']} (`{label['said']}`)"


def _own(event: Event, sheet: dict[str, Any]) -> list[str]:
    """The items of one person's sheet."""
    return list(sheet["items"] if "items" in sheet else event["items"])


def _chosen(event: Event, mine: list[str]) -> str:
    """How these items came onto the sheets."""
    if "pool" in event:
        return f" (drawn at random as a control sample of {len(event['pool']):,} records)"
    if set(mine) & set(event.get("audit", ())):
        return " (drawn at random, whatever the order)"
    model = event["ordered_by"].get("kind", "")
    labelled = event["ordered_by"].get("n_labelled", 0)
    return f" (ordered by: {model}, {labelled} records labelled)" if model and event["purpose"] == "main" else ""


def _said(label: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in label.items() if name not in ("cell", "file", "said")}


def flat(events: Iterable[Event]) -> list[Row]:
    """Every answer that was ever read, oldest first, one row for each change."""
    sheets: dict[str, folder.SheetInfo] = {}
    last: dict[tuple[str, str], dict[str, str]] = {}
    rows = []
    for event in events:
        if event["kind"] == "issued":
            sheets |= folder.issued([event])
        sheets |= folder.imported([event])
        for sheet, labels in folder.said(event):
            info = sheets[sheet]
            for item, label in sorted(labels.items()):
                if last.get((sheet, item)) == _said(label):
                    continue
                last[sheet, item] = _said(label)
                fixed = {
                    "seq": str(event["seq"]),
                    "recorded_at": event["recorded_at"],
                    "stage": info.stage,
                    "batch": info.batch,
                    "role": info.role,
                    "person": info.person,
                    "item": item,
                    "file": event["file"] if event["kind"] == "read" else f"data/raw/exports/{label['file']}",
                }
                rows.append({name: fixed.get(name, label.get(name, "")) for name in FLAT})
    return rows


def check_blobs(events: Iterable[Event], blobs: Path) -> tuple[int, list[str], list[str]]:
    """(versions of sheets that events name, those whose bytes are not here, those whose bytes are damaged)."""
    named = folder.pristine(list(events)) | {event["sha256"] for event in events if event["kind"] == "read"}
    missing = sorted(digest for digest in named if not (blobs / digest).exists())
    here = sorted(path for path in blobs.glob("[0-9a-f]*")) if blobs.is_dir() else []
    damaged = [path.name for path in here if files.sha256(path.read_bytes()) != path.name]
    return len(named), missing, damaged
