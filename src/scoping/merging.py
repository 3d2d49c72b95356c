"""What a record says where its entries differ: the best value of each field by a rule, and which entry it came from.

No value is made up or put together from two: each is that of one entry, which `provenance` names. Entries come in the
order in which they speak for a record; where a rule sees no difference the first of them is taken.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from scoping import citation
from scoping.columns import BIBLIOGRAPHY
from scoping.comparable import page_numbers, title_words
from scoping.tables import Row, compact

Entry = tuple[str, Row]
"""Entry id and row of the table of entries."""

FIELDS = tuple(column.name for column in BIBLIOGRAPHY)
_EMPTY = ("", "[]")
_NOTHING = {field: "[]" if field in ("authors", "keywords") else "" for field in FIELDS}
_VAGUE = ("document", "webpage", "manuscript")
_DAMAGED = "\ufffd"  # what a reader puts where bytes are no characters
_FULL = 3  # letters from which a given name is more than initials


@dataclass(frozen=True)
class _Rule:
    """What is best, in words, and by what entries are ranked (the smallest first) among those that say something."""

    words: str
    rank: Callable[[Row, str, Sequence[Row]], tuple[float, ...]]


def _first(_row: Row, _field: str, _rows: Sequence[Row]) -> tuple[float, ...]:
    return ()


def _whole(row: Row, field: str, rows: Sequence[Row]) -> tuple[float, ...]:
    """Neither damaged, nor in capitals, nor without the subtitle that another has."""
    title = title_words(row[field])
    cut = any(other.startswith(f"{title} ") for one in rows if (other := title_words(one[field])) != title)
    return _DAMAGED in row[field], row[field].isupper(), cut


def _longest(row: Row, field: str, _rows: Sequence[Row]) -> tuple[float, ...]:
    return _DAMAGED in row[field], -len(row[field])


def _people(row: Row, field: str, _rows: Sequence[Row]) -> tuple[float, ...]:
    """Distinct people, then given names in full; a list that was cut by `et al.` is a short one."""
    people = {(one["family"], one["given"], one["literal"]) for one in orjson.loads(row[field])}
    full = sum(any(len(word) >= _FULL for word in given.replace(".", " ").split()) for _, given, _ in people)
    return _DAMAGED in row[field], -len(people), -full, "".join(family for family, _, _ in people).isupper()


def _placed(row: Row, field: str, _rows: Sequence[Row]) -> tuple[float, ...]:
    """The most of volume, issue and pages; pages of which a spreadsheet made a date are none."""
    paged = bool(page_numbers(row["pages"])[0])
    known = bool(row["volume"]) + bool(row["issue"]) + paged
    return field == "pages" and not paged, field == "journal" and row[field].isupper(), -known


def _agreed(row: Row, field: str, rows: Sequence[Row]) -> tuple[float, ...]:
    """What the most sources say; repeats of one source are one voice."""
    return (-len({one["source"] for one in rows if one[field] == row[field]}),)


def _telling(row: Row, field: str, _rows: Sequence[Row]) -> tuple[float, ...]:
    return (row[field] in _VAGUE,)


_PLACE = _Rule(
    "of the entry that knows most of volume, issue and pages, so that the year is that of the issue", _placed
)
_SPEAKS = _Rule("of the first entry that has one", _first)
_RULES: Mapping[str, _Rule] = {
    "type": _Rule("the first that is more than a document or web page", _telling),
    "title": _Rule("the first that is neither damaged, in capitals nor without its subtitle", _whole),
    "abstract": _Rule("the longest", _longest),
    "authors": _Rule("the most people, then the most given names in full", _people),
    **dict.fromkeys(("year", "volume", "issue", "pages"), _PLACE),
    "journal": _Rule(
        "the first that is not in capitals, of the entry that knows most of volume, issue and pages", _placed
    ),
    "doi": _Rule("the one that most sources give", _agreed),
}


def rule(field: str) -> str:
    """By what a field is chosen, in words."""
    return _RULES.get(field, _SPEAKS).words


def _best(field: str, entries: Sequence[Entry]) -> Entry | None:
    filled = [entry for entry in entries if entry[1][field] not in _EMPTY]
    if not filled:
        return None
    rows = [row for _, row in filled]
    rank = _RULES.get(field, _SPEAKS).rank
    alike = rank is not _placed and len({row[field] for row in rows}) == 1  # no rule but that sees another field
    if rank is _first or alike or not filled[1:]:
        return filled[0]
    return min(filled, key=lambda entry: rank(entry[1], field, rows))  # the first of equals


def all_of(rows: Sequence[Row], field: str) -> str:
    """Every value of a field, each once and sorted, as it stands in a cell."""
    if len(rows) == 1:  # as most records are
        return compact([rows[0][field]]) if rows[0][field] else "[]"
    return compact(sorted({row[field] for row in rows} - {""}))


def merged(entries: Sequence[Entry]) -> Row:
    """The bibliographic fields of a record, with `provenance`, every DOI and PubMed id, and all other abstracts."""
    rows = [row for _, row in entries]
    if len(entries) == 1:
        (row,) = rows
        filled = {field: row[field] for field in FIELDS if row[field] not in _EMPTY}
        taken, others = dict.fromkeys(filled, entries[0][0]), {}
    else:
        best = {field: found for field in FIELDS if (found := _best(field, entries))}
        filled = {field: row[field] for field, (_, row) in best.items()}
        taken = {field: id_ for field, (id_, _) in best.items()}
        others = {id_: row["abstract"] for id_, row in entries if row["abstract"] not in ("", filled.get("abstract"))}
    return {
        **_NOTHING,
        **filled,
        "provenance": compact(taken),
        "abstracts": compact(others) if others else "{}",
        "dois": all_of(rows, "doi"),
        "pmids": all_of(rows, "pmid"),
    }


def differing(record: Row, entries: Sequence[Entry]) -> list[Row]:
    """Rows of the table of fields: each in which entries of a record differ, with all that they say.

    Abstracts stand there by their length, as the records have them in full; lists as people write them.
    """
    taken: dict[str, str] = orjson.loads(record["provenance"])
    rows = []
    for field in FIELDS:
        others = {id_: row[field] for id_, row in entries if row[field] not in (*_EMPTY, record[field])}
        if others:
            shown = _SHOWN.get(field, str)
            rows.append(
                {
                    "record_id": record["record_id"],
                    "field": field,
                    "value": shown(record[field]),
                    "entry_id": taken[field],
                    "rule": rule(field),
                    "others": compact({id_: shown(value) for id_, value in others.items()}),
                }
            )
    return rows


def _length(text: str) -> str:
    return f"{len(text):,} characters"


def _names(authors: str) -> str:
    return citation.authors({"authors": authors})


def _words(keywords: str) -> str:
    return "; ".join(orjson.loads(keywords))


_SHOWN: Mapping[str, Callable[[str], str]] = {"abstract": _length, "authors": _names, "keywords": _words}
