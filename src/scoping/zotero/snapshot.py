"""The snapshot of a Zotero library in data/raw/exports: a JSON file of items, which ingest reads as any export.

An item that left the library stays in the snapshot, marked, since people may have decided about it; only people take
it out, by putting the file away. Tags of ours never enter it: screeners and the ranking must not see what was decided.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoping import files
from scoping.errors import ScopingError
from scoping.zotero.library import KEY, Item
from scoping.zotero.tags import is_ours
from scoping.zotero_settings import ZoteroLibrary

MARK = "scoping"
"""The key under which a snapshot says whose it is, and an item that it left."""
IN_TRASH = "in the trash of Zotero"
DELETED = "deleted in Zotero"
OUT = "not in the collection, or without the tag, any more"

_KEPT = ("key", "version", "library", "meta", "data")
_ACCOUNTS = frozenset({"createdByUser", "lastModifiedByUser"})
_COUNTERS = frozenset({"version", "dateModified"})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The items of a selection by key. `version` is that of the library when they last changed."""

    items: Mapping[str, Item]
    version: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of items that a pull added, found changed, lost, or found again."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


def name(library: str) -> str:
    """The file of a library of the protocol, within data/raw/exports."""
    return f"zotero_{library}.json"


def former(library: str, data: bytes) -> str:
    """The name under which an earlier file stays, of its content; ingest passes over names that begin with _."""
    return f"_zotero_{library}_{files.sha256(data)[:12]}.json"


def left(item: Item) -> str:
    """How an item left the selection; empty while it is in it."""
    mark = item.get(MARK)
    return str(mark.get("left", "")) if isinstance(mark, dict) else ""


def held(item: Item) -> Item:
    """An item as a snapshot keeps it: without addresses, accounts and paths of people, and without tags of ours."""
    kept = {part: item[part] for part in _KEPT if part in item}
    library = kept.get("library")
    if isinstance(library, dict):
        kept["library"] = {part: library[part] for part in ("type", "id") if part in library}
    meta = kept.get("meta")
    if isinstance(meta, dict):
        kept["meta"] = {part: value for part, value in meta.items() if part not in _ACCOUNTS}
    data = {part: value for part, value in item["data"].items() if part != "path"}
    if isinstance(data.get("tags"), list):
        data["tags"] = [tag for tag in data["tags"] if not is_ours(tag)]
    return {**kept, "data": data}


def merged(
    before: Mapping[str, Item], now: Mapping[str, Item], gone: Mapping[str, str]
) -> tuple[dict[str, Item], Changes]:
    """(all items there are or were, what changed) of what was held and what is in the selection `now`.

    `gone` says how each item left that is not in it any more.
    """
    items = {key: held(item) for key, item in now.items()}
    for key, item in before.items():
        if key not in items:
            items[key] = item if left(item) else {**item, MARK: {"left": gone[key]}}
    both = sorted(before.keys() & now.keys())
    changes = Changes(
        new=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(key for key in both if not left(before[key]) and _content(before[key]) != _content(items[key])),
        left=tuple(sorted(key for key in before.keys() - now.keys() if not left(before[key]))),
        back=tuple(key for key in both if left(before[key])),
    )
    return items, changes


def _content(item: Item) -> dict[str, Any]:
    return {part: value for part, value in item["data"].items() if part not in _COUNTERS}


def to_bytes(snapshot: Snapshot, library: ZoteroLibrary) -> bytes:
    """The file: the same items give the same bytes, in whatever order they were read."""
    whose = {**_whose(library), "version": snapshot.version}
    what = {MARK: whose, "items": [snapshot.items[key] for key in sorted(snapshot.items)]}
    text = json.dumps(what, ensure_ascii=False, indent=1, sort_keys=True)
    # half characters, which no file can hold, become escapes of JSON
    return f"{text}\n".encode("utf-8", "backslashreplace")


def _whose(library: ZoteroLibrary) -> dict[str, Any]:
    return {"kind": library.kind, "library": library.library, "collection": library.collection, "tag": library.tag}


def read(path: Path, library: ZoteroLibrary) -> Snapshot:
    """The snapshot of a library, empty where there is none yet; an error where the file is another's."""
    if not path.exists():
        return Snapshot({})
    try:
        what = json.loads(path.read_bytes().decode("utf-8"))
        whose, items = what[MARK], what["items"]
        version = int(whose["version"])
        by_key = {item["key"]: item for item in items}
        whole = all(KEY.fullmatch(key) and isinstance(item["data"], dict) for key, item in by_key.items())
    except (ValueError, KeyError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise ScopingError(
            "is no snapshot of `scoping zotero pull`, so that it is left alone",
            path=path,
            do="give this export another name, or put the whole file back",
        )
    if {part: whose.get(part) for part in _whose(library)} != _whose(library):
        raise ScopingError(
            "was made of another library, collection or tag than config/review.yaml names now",
            path=path,
            do="give what is named now an id of its own under `zotero`, so that no item seems to have left",
        )
    return Snapshot(by_key, version)


def why_gone(keys: Iterable[str], found: Mapping[str, Item]) -> dict[str, str]:
    """Key -> how it left; `found` are those that the library still has somewhere, its trash included."""
    return {
        key: DELETED if key not in found else IN_TRASH if found[key]["data"].get("deleted") else OUT for key in keys
    }
