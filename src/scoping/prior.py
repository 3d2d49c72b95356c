"""What a review knew before it screened anything: records that are relevant, and finished reviews with their labels.

The ranker learns from it; it decides on no record, and no count of the review sees it. Files lie in `data/raw/prior`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scoping import labelled, normalise
from scoping.errors import ScopingError
from scoping.ranking_settings import Prior
from scoping.readers import parse
from scoping.readers.fields import fields
from scoping.record_features import Document
from scoping.record_ids import aliases
from scoping.tables import Row

FOLDER = Path("data/raw/prior")


@dataclass(frozen=True, slots=True)
class Known:
    """Documents of other reviews with their labels (1 relevant, 0 not), sorted, and what was read of which file."""

    documents: tuple[Document, ...] = ()
    labels: tuple[int, ...] = ()
    files: tuple[dict[str, str | int], ...] = ()


def paths(prior: Prior, folder: Path = FOLDER) -> list[Path]:
    """The files that the protocol names. Raises ScopingError for one that is not there."""
    found = [folder / name for name in dict.fromkeys((*prior.included_files, *prior.reviews))]
    for path in found:
        if not path.is_file():
            do = "put it there, or take its name out of ranking.prior in config/review.yaml"
            raise ScopingError("is not there, and config/review.yaml names it as prior knowledge", path=path, do=do)
    return found


def read(prior: Prior, folder: Path = FOLDER) -> Known:
    """All records of the files. Raises ScopingError for a file that is not there, is empty or has no labels."""
    paths(prior, folder)
    pairs: list[tuple[Document, int]] = []
    files: list[dict[str, str | int]] = []
    for kind, names in (("included", prior.included_files), ("review", prior.reviews)):
        for name in names:
            data = (folder / name).read_bytes()
            here = _included(data, folder / name) if kind == "included" else _review(data, folder / name)
            files.append(
                {
                    "file": name,
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "records": len(here),
                    "relevant": sum(label for _, label in here),
                }
            )
            pairs += here
    pairs = sorted(set(pairs))  # a record that stands in two files weighs once
    return Known(
        tuple(document for document, _ in pairs),
        tuple(label for _, label in pairs),
        tuple(sorted(files, key=lambda each: str(each["file"]))),
    )


def _included(data: bytes, path: Path) -> list[tuple[Document, int]]:
    parsed = parse(data)
    if not parsed.entries:
        raise ScopingError("holds no record", path=path, do="export the known records again, or take its name out")
    found = (fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries)
    return [(Document(each.title, each.abstract, " ".join(each.keywords), each.journal), 1) for each in found]


def _review(data: bytes, path: Path) -> list[tuple[Document, int]]:
    review = labelled.read(data, str(path))
    return [
        (each, label) for each, label in zip(review.documents, review.labels, strict=True) if isinstance(each, Document)
    ]


def find(wanted: Sequence[str], records: Iterable[Row]) -> tuple[set[str], list[str]]:
    """(the record ids behind ids and DOIs, those that no record has); a DOI may be written as a link."""
    rows = list(records)
    known = aliases(rows) | {row["record_id"]: row["record_id"] for row in rows}
    by_doi: dict[str, set[str]] = {}
    for row in rows:
        if row["doi"]:
            by_doi.setdefault(row["doi"], set()).add(row["record_id"])
    found: set[str] = set()
    lost: list[str] = []
    for name in wanted:
        there = {known[name]} if name in known else by_doi.get(normalise.doi(name), set())
        found |= there
        if not there:
            lost.append(name)
    return found, lost
