"""Labelled sets as entries, and how well their records were found. Used by `dedupe.py` and `train_dedupe.py`.

A set is a CSV file with the columns record_id, title, authors, year, journal, volume, issue, pages, doi, abstract, pmid,
source_db and cluster_id (rows of equal cluster_id are the same report), or with gold_dup (1 marks a row that has a
duplicate, without saying which) instead of it.
"""

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from scoping import identity, normalise, schemas
from scoping.tables import Row

SOURCE = "set"
_PUBMED = re.compile(r"[1-9]\d{3,7}")  # other databases' numbers stand in this column, too
_EMPTY = {"", "nan", "none", "unknown"}


@dataclass(frozen=True)
class Labelled:
    """A set: its entries, and of each content id the label of its report (or only whether it has a duplicate)."""

    name: str
    entries: list[Row]
    report: dict[str, str]
    marked: dict[str, bool]


def load(path: Path) -> Labelled:
    """The set of a file. The number of a row stands for the accession number that the database gave it."""
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    entries = [entry(row, place, path.stem) for place, row in enumerate(rows, 1)]
    ids = [one["content_id"] for one in entries]
    marks_only = bool(rows) and "gold_dup" in rows[0]
    report = {} if marks_only else {id_: row["cluster_id"] for id_, row in zip(ids, rows, strict=True)}
    marked = {id_: _true(row["gold_dup"]) for id_, row in zip(ids, rows, strict=True)} if marks_only else {}
    return Labelled(path.stem, entries, report, marked)


def _true(text: str) -> bool:
    return text.strip().lower() in {"1", "1.0", "true", "yes"}


def entry(row: Row, place: int, name: str) -> Row:
    """A row of a set as ingest would give it."""
    said = {name: "" if value.strip().lower() in _EMPTY else value for name, value in row.items() if value is not None}
    people = normalise.split_authors(said["authors"])
    authors = json.dumps([person._asdict() for person in people], ensure_ascii=False)
    what = {
        "accession": f"{name}:{row['record_id']}",
        "doi": normalise.doi(said["doi"]),
        "title": said["title"],
        "year": normalise.year(said["year"]),
        "first_author": (people[0].family or people[0].literal) if people else "",
    }
    identified = identity.identity(what, raw=str(place))
    return {
        **{column.name: "" for column in schemas.ENTRIES.columns},
        "content_id": identity.content_id(identified),
        "identity": identified,
        "source": SOURCE,
        "file": "set.csv",
        "number": str(place),
        "line_start": str(place),
        "status": "ok",
        "keywords": "[]",
        "authors": authors,
        "pages": normalise.pages(said["pages"]),
        **{name: what[name] for name in ("accession", "doi", "title", "year")},
        **{name: said[name].strip() for name in ("journal", "volume", "issue", "abstract")},
        "pmid": said["pmid"] if _PUBMED.fullmatch(said["pmid"]) else "",
    }


@dataclass
class Score:
    """Pairs over whole records; `tp`, `fp`, `fn` of records in the form that does not depend on their order.

    With a record for each group of entries that were put together: tp = entries - reports in it, fp = reports in it - 1,
    fn = duplicates in the set - tp.
    """

    entries: int = 0
    pairs_tp: int = 0
    pairs_fp: int = 0
    pairs_fn: int = 0
    tp: int = 0
    fp: int = 0
    fn: int = 0
    asked: int = 0
    asked_true: int = 0
    records_asked: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Score)))

    @property
    def precision(self) -> float:
        return self.pairs_tp / max(1, self.pairs_tp + self.pairs_fp)

    @property
    def recall(self) -> float:
        return self.pairs_tp / max(1, self.pairs_tp + self.pairs_fn)

    @property
    def f1(self) -> float:
        return 2 * self.pairs_tp / max(1, 2 * self.pairs_tp + self.pairs_fp + self.pairs_fn)

    @property
    def sensitivity(self) -> float:
        return self.tp / max(1, self.tp + self.fn)


def score(labelled: Labelled, groups: Iterable[Sequence[str]], asked: Iterable[tuple[str, str]]) -> Score:
    """What groups of content ids and pairs to ask about are worth."""
    groups = list(groups)
    place = {id_: number for number, group in enumerate(groups) for id_ in group}
    out = Score(entries=sum(map(len, groups)))
    pairs = list(asked)
    out.asked = len(pairs)
    out.records_asked = len({place[id_] for pair in pairs for id_ in pair})
    if labelled.marked:
        for group in groups:
            marked = sum(labelled.marked[id_] for id_ in group)
            found = len(group) > 1
            out.tp += marked * found
            out.fp += (len(group) - marked) * found
            out.fn += marked * (not found)
        return out
    report = labelled.report
    out.asked_true = sum(report[a] == report[b] for a, b in pairs)
    everything = sum(_pairs(size) for size in Counter(report[id_] for id_ in place).values())
    for group in groups:
        inside = Counter(report[id_] for id_ in group)
        right = sum(_pairs(size) for size in inside.values())
        out.pairs_tp += right
        out.pairs_fp += _pairs(len(group)) - right
        out.tp += len(group) - len(inside)
        out.fp += len(inside) - 1
    out.pairs_fn = everything - out.pairs_tp
    out.fn = len(place) - len({report[id_] for id_ in place}) - out.tp
    return out


def _pairs(size: int) -> int:
    return size * (size - 1) // 2


def gold(labelled: Labelled) -> Iterator[tuple[str, str]]:
    """Every pair of content ids that is one report, the smaller id first."""
    by_report: dict[str, list[str]] = defaultdict(list)
    for id_, name in labelled.report.items():
        by_report[name].append(id_)
    for ids in by_report.values():
        ordered = sorted(ids)
        yield from ((a, b) for place, a in enumerate(ordered) for b in ordered[place + 1 :])
