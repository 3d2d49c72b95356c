"""Full texts and the reports they belong to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from scoping import file_answers, fulltext, fulltext_match
from scoping.fulltext_match import Reports
from scoping.studies import Studies
from scoping.tables import Row, compact


def match(
    extracted: Sequence[Mapping[str, Any]], reports: Reports, said: Mapping[str, Mapping[str, str]] | None = None
) -> list[Row]:
    """One row a file; `extracted` are the files that `scoping extract` wrote, `said` what people said of them."""
    rows = []
    said = said or {}
    names = Counter(PurePosixPath(what["file"]).name.casefold() for what in extracted)
    for what in extracted:
        text = fulltext.from_fields(what["text"])
        alone = names[PurePosixPath(what["file"]).name.casefold()] == 1
        found = fulltext_match.find(what["file"], text, reports, alone=alone)
        if what["sha256"]:
            found = file_answers.heeded(found, said.get(file_answers.file_id(what["sha256"]), {}), reports)
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


class Page(NamedTuple):
    """A page of a text: the file within data/raw/fulltext (empty for title and abstract), its number from 1, its text."""

    file: str
    number: int
    text: str


def places(
    extracted: Iterable[Mapping[str, Any]], texts: Iterable[Row], records: Iterable[Row]
) -> dict[str, list[Page]]:
    """Record id -> pages of its full texts in order of file name; title and abstract where it has none."""
    by_file = {what["file"]: list(what["text"]["pages"]) for what in extracted}
    found: dict[str, list[Page]] = defaultdict(list)
    for row in sorted(texts, key=lambda row: row["file"]):
        if row["record_id"] and row["status"] == "ok":
            pages = by_file[row["file"]]
            found[row["record_id"]] += [Page(row["file"], number, text) for number, text in enumerate(pages, start=1)]
    return {
        row["record_id"]: found[row["record_id"]] or [Page("", 1, f"{row['title']}\n\n{row['abstract']}".strip())]
        for row in records
    }


def pages(extracted: Iterable[Mapping[str, Any]], texts: Iterable[Row], records: Iterable[Row]) -> dict[str, list[str]]:
    """The same as texts alone."""
    return {id_: [page.text for page in found] for id_, found in places(extracted, texts, records).items()}


def of_studies(places: Mapping[str, Sequence[Page]], linked: Studies) -> dict[str, list[Page]]:
    """Record id -> the pages of its own texts, and after them those of the other reports of its study."""
    found = {}
    for id_ in sorted({*places, *linked.rows}):
        others = [other for other in linked.of(id_).reports if other != id_]
        found[id_] = [page for report in (id_, *others) for page in places.get(report, ())]
    return found
