"""Decisions go back to a library as tags: what would change, and the writing of it.

Each portion of items is read just before it is written, with the version it was read at: where somebody changes one
of them in between, Zotero refuses it, and only our tags are put together anew on what is there now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoping.zotero import tags
from scoping.zotero.library import CHUNK, Item, Library, Refusal

TRIES = 5
"""Attempts for items that others go on changing."""


@dataclass(frozen=True, slots=True)
class Change:
    """Our tags that an item gets and loses."""

    key: str
    title: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What a push changed (or would change), left as it is, did not find, and could not write (key -> why)."""

    changes: list[Change] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def mark(library: Library, wanted: Mapping[str, frozenset[str]], outcome: Outcome, *, write: bool) -> None:
    """Give each item, by key, exactly the wanted ones of our tags. `outcome` holds what was done, also after an error."""
    keys = sorted(wanted)
    for start in range(0, len(keys), CHUNK):
        portion = keys[start : start + CHUNK]
        tried: dict[str, Change] = {}
        for attempt in range(TRIES):
            portion = _once(library, portion, wanted, outcome, tried, write=write)
            if not portion:
                break
            if attempt == TRIES - 1:
                outcome.failed |= dict.fromkeys(portion, "others go on changing it: run again later")


def _once(
    library: Library,
    keys: list[str],
    wanted: Mapping[str, frozenset[str]],
    outcome: Outcome,
    tried: dict[str, Change],
    *,
    write: bool,
) -> list[str]:
    """Read and write a portion once; the keys that were changed by somebody in between.

    `tried` are the changes sent before: where one stands in the library now, it was written, and its answer was lost.
    """
    now, version = library.current(keys)
    todo = {key: change for key, item in now.items() if (change := _change(item, wanted[key]))}
    failed: dict[str, str] = {}
    if write and todo:
        try:
            failed = library.write([_body(now[key], wanted[key]) for key in todo], version)
        except Refusal as refusal:
            if refusal.status != 412:
                raise
            failed = dict.fromkeys(todo, "412")
    again = [key for key, why in failed.items() if why.startswith("412")]
    outcome.gone += [key for key in keys if key not in now]
    outcome.unchanged += [key for key in now if key not in todo and key not in tried]
    outcome.changes += [tried[key] for key in now if key not in todo and key in tried]
    outcome.changes += [change for key, change in todo.items() if key not in failed]
    outcome.failed |= {key: why for key, why in failed.items() if key not in again}
    tried |= {key: todo[key] for key in again}
    return again


def _tags(item: Item) -> list[dict[str, Any]]:
    listed = item["data"].get("tags")
    return [tag for tag in listed if isinstance(tag, dict)] if isinstance(listed, list) else []


def _change(item: Item, wanted: frozenset[str]) -> Change | None:
    there = tags.ours(_tags(item))
    if there == wanted:
        return None
    title = str(item["data"].get("title") or item["data"].get("caseName") or "[no title]")
    return Change(item["key"], title, tuple(sorted(wanted - there)), tuple(sorted(there - wanted)))


def _body(item: Item, wanted: frozenset[str]) -> dict[str, Any]:
    """The part of an item that is written: Zotero leaves all the rest as it is."""
    return {"key": item["key"], "version": item["version"], "tags": tags.replaced(_tags(item), wanted)}
