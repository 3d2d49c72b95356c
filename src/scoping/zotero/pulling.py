"""A pull: what a snapshot becomes of what a library holds now, and which attached files are taken over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoping.zotero import attachments, snapshot
from scoping.zotero.entries import Entry
from scoping.zotero.library import Item, Library, Refusal
from scoping.zotero.snapshot import Changes, Snapshot

AWAY = "Zotero's server has no such file: it may be kept elsewhere (WebDAV), or not be synchronised yet"
CUT_SHORT = "what arrived is not the file that Zotero knows (another MD5): look at it in Zotero"


def pull(library: Library, before: Snapshot) -> tuple[Snapshot, Changes]:
    """(the snapshot as it is to be, what changed); `before` itself where nothing did."""
    held = {key: one for key, one in before.items.items() if not snapshot.left(one)}
    now, version = library.selection(held)
    if not now and not before.items:
        raise library.connection.error("there is no item", "check collection and tag")
    lost = sorted(held.keys() - now.keys())
    gone = snapshot.why_gone(lost, library.current(lost, trash=True)[0] if lost else {})
    items, changes = snapshot.merged(before.items, now, gone)
    return (before if items == before.items else Snapshot(items, version)), changes


@dataclass(slots=True)
class Taken:
    """Names of files that were taken over, keys of attachments whose file is there already, and key -> why not."""

    files: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    not_taken: dict[str, str] = field(default_factory=dict)


def take(library: Library, entries: Mapping[str, Entry], folder: Path) -> Taken:
    """Put the files of items into the folder of full texts; `entries` gives the entry of each item by its key.

    A file that lies there, under whatever name, is not fetched again, and none is ever written over.
    """
    present, taken = attachments.present(folder), Taken()
    for one in library.files():
        parent, key, wanted = str(one["data"].get("parentItem")), one["key"], attachments.md5(one)
        if parent not in entries:
            continue
        if wanted in present.by_md5 or (not wanted and key in present.by_key):
            taken.there.append(key)
        elif key in present.by_key:
            taken.not_taken[key] = (
                f"Zotero has another version than {present.by_key[key]}, which stays: move that away to get the new one"
            )
        elif why := attachments.unfit(one, local=library.settings.local):
            taken.not_taken[key] = why
        else:
            _fetch(library, one, entries[parent], folder, taken)
    return taken


def _fetch(library: Library, one: Item, entry: Entry, folder: Path, taken: Taken) -> None:
    data = None
    for _ in range(2):  # what was damaged on the way is asked for once more
        try:
            data = attachments.whole(library.file(one["key"]), attachments.md5(one))
        except Refusal as refusal:
            away = refusal.status == 404 and not library.settings.local
            taken.not_taken[one["key"]] = AWAY if away else refusal.what
            return
        if data is not None:
            break
    ending = attachments.ending(data, one) if data is not None else ""
    name = attachments.name(entry, one["key"], ending)
    if data is None:
        taken.not_taken[one["key"]] = CUT_SHORT
    elif not ending:
        taken.not_taken[one["key"]] = "by its content no PDF, Word file, web page or plain text"
    elif attachments.placed(folder, name, data):
        taken.files.append(name)
    else:
        taken.not_taken[one["key"]] = f"the name {name} is taken: what is there stays"
