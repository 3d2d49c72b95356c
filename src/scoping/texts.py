"""Full texts and the reports they belong to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from scoping import fulltext, fulltext_match
from scoping.fulltext_match import Reports
from scoping.tables import Row, compact


def match(extracted: Sequence[Mapping[str, Any]], reports: Reports) -> list[Row]:
    """One row a file; `extracted` are the files that `scoping extract` wrote."""
    rows = []
    names = Counter(PurePosixPath(what["file"]).name.casefold() for what in extracted)
    for what in extracted:
        text = fulltext.from_fields(what["text"])
        alone = names[PurePosixPath(what["file"]).name.casefold()] == 1
        found = fulltext_match.find(what["file"], text, reports, alone=alone)
        rows.append(
            {
                "file": what["file"],
                "sha256": what["sha256"],
                "record_id": found.record_id,
                "how": found.how,
                "candidates": compact(list(found.candidates)),
                "doubt": found.why,
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
