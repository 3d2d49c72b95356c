"""Finished reviews as tables of records with labels, as teams and benchmarks have them."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoping.errors import ScopingError
from scoping.readers import parse
from scoping.readers.columns import plain
from scoping.readers.fields import fields
from scoping.record_features import Document

COLUMNS = ("label included", "included", "final included", "label", "asreview label", "label abstract", "decision")
_YES = frozenset({"1", "1.0", "yes", "y", "true", "include", "included", "relevant"})
_NO = frozenset({"0", "0.0", "no", "n", "false", "exclude", "excluded", "irrelevant"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A finished review: what the ranker reads of each record that has a label, the label (1 relevant, 0 not), and how many
    records have none. A plain text is taken as an abstract.
    """

    name: str
    documents: Sequence[Document | str]
    labels: list[int]
    unlabelled: int = 0


def read(data: bytes, name: str, column: str = "") -> Labelled:
    """A table of records with a column of labels: `column`, or the first of `COLUMNS` that it has.

    Records without a label are left out, and counted. Raises ScopingError where there is no such column, where a label is
    no yes and no no, and where no record or every one is relevant.
    """
    parsed = parse(data)
    if not parsed.entries:
        raise ScopingError("holds no record", path=name, do="give it a row for each record")
    there = {plain(tag): tag for entry in parsed.entries for tag, _ in entry.tags}
    wanted = [plain(column)] if column else list(COLUMNS)
    found = next((there[each] for each in wanted if each in there), None)
    if found is None:
        raise ScopingError(
            f"has no column {column!r}" if column else "has no column of labels",
            path=name,
            do=f"name one of its columns with --label: {', '.join(sorted(there.values()))}",
        )
    documents, labels = list[Document](), list[int]()
    for entry in parsed.entries:
        said = next((value for tag, value in entry.tags if tag == found), "").strip().casefold()
        if not said or said == "-1":  # so ASReview marks what nobody has read
            continue
        if said not in _YES | _NO:
            raise ScopingError(f"{said!r} in {found!r} is no label", path=name, at=entry.line_start, do="write 1 or 0")
        what = fields(parsed.format, parsed.dialect, entry.tags)
        documents.append(Document(what.title, what.abstract, " ".join(what.keywords), what.journal))
        labels.append(int(said in _YES))
    if not 0 < sum(labels) < len(labels):
        raise ScopingError(
            f"{sum(labels)} of {len(labels)} labelled records are relevant", path=name, do="a replay needs some of each"
        )
    return Labelled(name, documents, labels, len(parsed.entries) - len(labels))
