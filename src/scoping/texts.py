"""Full texts and the reports they belong to: a file is matched by the record id that its name begins with."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scoping import fulltext
from scoping.identity import ID_PATTERN, is_id
from scoping.tables import Row

_NAMED = re.compile(rf"({ID_PATTERN})(?![A-Z0-9])")


def record_named(name: str, known: Mapping[str, str]) -> str:
    """The record whose id (or the id of any of its entries) the file name begins with; empty where there is none."""
    found = _NAMED.match(Path(name).name.upper())
    return known.get(found[1], "") if found and is_id(found[1]) else ""


def match(extracted: Iterable[Mapping[str, Any]], known: Mapping[str, str]) -> list[Row]:
    """One row a file; `extracted` are the files that `scoping extract` wrote, `known` gives the record of an id."""
    rows = []
    for what in extracted:
        text = fulltext.from_fields(what["text"])
        rows.append(
            {
                "file": what["file"],
                "sha256": what["sha256"],
                "record_id": record_named(what["file"], known),
                "status": text.status,
                "reason": text.reason,
                "pages": str(len(text.pages)),
                "characters": str(sum(len(page) for page in text.pages)),
            }
        )
    return rows


def pages(extracted: Iterable[Mapping[str, Any]], texts: Iterable[Row], records: Iterable[Row]) -> dict[str, list[str]]:
    """Record id -> pages of its full texts in order of file name; title and abstract where it has none."""
    by_file = {what["file"]: list(what["text"]["pages"]) for what in extracted}
    found: dict[str, list[str]] = defaultdict(list)
    for row in sorted(texts, key=lambda row: row["file"]):
        if row["record_id"] and row["status"] == "ok":
            found[row["record_id"]] += by_file[row["file"]]
    return {
        row["record_id"]: found[row["record_id"]] or [f"{row['title']}\n\n{row['abstract']}".strip()] for row in records
    }
