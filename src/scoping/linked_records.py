"""Records that belong together, and what people should know of a record: retractions, corrections, comments.

Nothing here joins or excludes a record: links are signs for the studies, flags are told beside the record.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scoping import citation, notices, relations
from scoping.groups import Pair
from scoping.matching import Compared
from scoping.schemas_records import COMMENT, CONCERN, CORRECTION, NOTICES, RELATED, REPLY, RETRACTED, RETRACTION
from scoping.tables import Row, compact

_TOLD = {  # what a flag says of a record, in words
    RETRACTED: "RETRACTED",
    CONCERN: "An expression of concern was published",
    CORRECTION: "A correction was published",
    REPLY: "A reply goes with it",
    COMMENT: "A comment was published",
}


class Linked(NamedTuple):
    """The records with their flags, and the tables of links and of flags."""

    records: list[Row]
    links: list[Row]
    flags: list[Row]


def linked(records: Iterable[Row], pairs: Iterable[Row], compared: Compared) -> Linked:
    """`pairs` are the rows of the table of pairs, `compared` the entries that the records are made of."""
    rows = list(records)
    record_of = {id_: row["record_id"] for row in rows for id_ in json.loads(row["content_ids"])}
    by_id = {row["record_id"]: row for row in rows}
    links = _links(relations.links(compared), record_of, _answers(pairs, record_of))
    flags = _flags(links, compared, record_of, by_id)
    of: dict[str, list[Row]] = defaultdict(list)
    for flag in flags:
        of[flag["record_id"]].append(flag)
    marked = [
        {
            **row,
            "retracted": "yes" if any(flag["flag"] == RETRACTED for flag in of[row["record_id"]]) else "",
            "flags": compact(list(dict.fromkeys(_said(flag, by_id) for flag in _in_order(of[row["record_id"]])))),
        }
        for row in rows
    ]
    return Linked(marked, links, flags)


def _answers(pairs: Iterable[Row], record_of: Mapping[str, str]) -> dict[Pair, str]:
    """Two records (the smaller id first) -> what was said of them: `related` where any answer says so."""
    said: dict[Pair, set[str]] = defaultdict(set)
    for row in pairs:
        if row["answer"]:
            a, b = sorted((record_of[row["a"]], record_of[row["b"]]))
            said[a, b].add(row["answer"])
    return {pair: RELATED if RELATED in answers else min(answers) for pair, answers in said.items()}


def _links(found: Iterable[relations.Link], record_of: Mapping[str, str], said: Mapping[Pair, str]) -> list[Row]:
    """Rows of the table of links: one of each kind for two records, and those of which only a person says so."""
    rows: dict[tuple[str, ...], Row] = {}
    for link in found:
        a, b = record_of[link.a], record_of[link.b]
        x, y = sorted((a, b))
        if a != b:
            rows.setdefault((x, y, link.kind), _link(a, b, link.kind, link.why, said.get((x, y), "")))
    known = {(x, y) for x, y, _ in rows}
    for (x, y), answer in said.items():
        if answer == RELATED and (x, y) not in known and x != y:
            rows[x, y, RELATED] = _link(x, y, RELATED, "a person said so", answer)
    return sorted(rows.values(), key=lambda row: (row["a"], row["b"], row["kind"]))


def _link(a: str, b: str, kind: str, why: str, answer: str) -> Row:
    return {"a": a, "b": b, "kind": kind, "why": why, "answer": answer}


def _flags(
    links: Iterable[Row], compared: Compared, record_of: Mapping[str, str], by_id: Mapping[str, Row]
) -> list[Row]:
    found = {
        (row["b"], RETRACTED if row["kind"] == RETRACTION else row["kind"], row["a"], row["why"])
        for row in links
        if row["kind"] in NOTICES
    }
    for row in compared.rows:
        if why := notices.retracted(row):
            found.add((record_of[row["content_id"]], RETRACTED, "", why))
    names = ("record_id", "flag", "by", "why")
    return [{**dict(zip(names, one, strict=True)), "title": by_id[one[0]]["title"]} for one in sorted(found)]


def _in_order(flags: Iterable[Row]) -> list[Row]:
    """What weighs most first."""
    return sorted(flags, key=lambda flag: (list(_TOLD).index(flag["flag"]), flag["by"], flag["why"]))


def _said(flag: Row, by_id: Mapping[str, Row]) -> str:
    """`A correction was published: Marsh 2021 (KX7RMW2XHB9)`."""
    notice = f": {citation.short(by_id[flag['by']])} ({flag['by']})" if flag["by"] else f" ({flag['why']})"
    return f"{_TOLD[flag['flag']]}{notice}"
