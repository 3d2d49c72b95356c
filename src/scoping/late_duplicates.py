"""Duplicates that were found late: both had been decided on as records of their own before anybody knew.

Then one record is left. What was decided of either counts for it (contradictions are conflicts, see `resolve`), it is
counted once where both were counted before, and its further entries are duplicates removed. Records are known to have been
apart by the ids under which people answered at one stage.
"""

import json
from collections import defaultdict
from collections.abc import Iterable

from scoping.prisma import Boxes, Ids
from scoping.tables import Row

BOX = "duplicates_late"


def found(entry_records: Iterable[Row], stages: Iterable[Iterable[Row]]) -> dict[str, list[str]]:
    """Record id -> of each further record that it was, the entry, which is a duplicate now; `stages` are their states."""
    further: dict[str, set[str]] = defaultdict(set)
    for states in stages:
        for row in states:
            decided = set(json.loads(row["decided_ids"]))
            if len(decided) > 1:
                kept = row["record_id"] if row["record_id"] in decided else min(decided)
                further[row["record_id"]] |= decided - {kept}
    entries: dict[tuple[str, str], str] = {}
    for row in sorted(entry_records, key=lambda row: row["entry_id"]):
        if row["role"] == "duplicate" and row["content_id"] in further.get(row["record_id"], ()):
            entries.setdefault((row["record_id"], row["content_id"]), row["entry_id"])
    out: dict[str, list[str]] = defaultdict(list)
    for (record_id, _), entry_id in sorted(entries.items()):
        out[record_id].append(entry_id)
    return dict(out)


def box(late: dict[str, list[str]]) -> dict[str, dict[str, Ids]]:
    """The box of the flow diagram's footnote; none where nothing was found late."""
    ids = frozenset(entry_id for entries in late.values() for entry_id in entries)
    return {BOX: {"": ids}} if ids else {}


def check(boxes: Boxes) -> list[str]:
    """Whether all of them are counted as duplicates: one sentence if not."""
    stray = boxes.of(BOX) - boxes.of("duplicates") - boxes.of("other_known")
    return [f"{BOX}: {', '.join(sorted(stray)[:5])} are no duplicates"] if stray else []


def in_words(number: int) -> str:
    """The footnote."""
    what = "was found only after it had been screened as a record of its own"
    if number != 1:
        what = "were found only after they had been screened as records of their own"
    return f"Of the duplicates removed, {number:,} {what}."
