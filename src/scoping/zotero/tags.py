"""What decisions are called as tags in Zotero, and which tags an item is to have: ours as decided, all others as they are."""

from collections.abc import Iterable, Mapping
from typing import Any

from scoping.tables import Row

PREFIX = "scoping:"
INCLUDED = f"{PREFIX}included"
EXCLUDED = f"{PREFIX}excluded"
NOT_RETRIEVED = f"{PREFIX}not-retrieved"
SOUGHT = f"{PREFIX}for-full-text"
STAGES = {"full_text": "full-text", "title_abstract": "title-and-abstract", "title": "title"}
"""Screening stages, the last first, and their names in tags."""

Tag = Mapping[str, Any]
States = Mapping[str, Mapping[str, Row]]
"""Stage -> record id -> its state there."""


def is_ours(tag: object) -> bool:
    """Whether a tag of an item, as the API gives it, is one of ours."""
    return isinstance(tag, dict) and isinstance(tag.get("tag"), str) and tag["tag"].startswith(PREFIX)


def of_record(record_id: str, states: States) -> frozenset[str]:
    """The tags of a record: how it stands at the last stage that it reached. Nothing where nothing is decided."""
    for stage, words in STAGES.items():
        row = states.get(stage, {}).get(record_id)
        if row is None:
            continue
        if row["state"] == "exclude":
            reason = {f"{PREFIX}reason:{row['reason']}"} if row["reason"] else set()
            return frozenset({EXCLUDED, f"{EXCLUDED}:{words}", *reason})
        if row["state"] == "include":
            return frozenset({INCLUDED} if stage == "full_text" else {SOUGHT} if stage == "title_abstract" else ())
        if row["state"] == "not_retrieved":
            return frozenset({NOT_RETRIEVED})
        return frozenset({SOUGHT} if stage == "full_text" else ())
    return frozenset()


def ours(tags: Iterable[Tag]) -> frozenset[str]:
    """Those of an item's tags that are ours."""
    return frozenset(str(tag["tag"]) for tag in tags if is_ours(tag))


def replaced(tags: Iterable[Tag], wanted: Iterable[str]) -> list[dict[str, Any]]:
    """An item's tags with exactly the wanted ones of ours; all others stay as they are, in their order."""
    want = set(wanted)
    kept = [dict(tag) for tag in tags if not is_ours(tag) or tag["tag"] in want]
    return [*kept, *({"tag": word} for word in sorted(want - ours(kept)))]
