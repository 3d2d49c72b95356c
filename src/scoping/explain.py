"""The whole way of one record through the review, in lines: its entries, why they are one, answers, states, study, codes."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scoping import citation, identity, normalise
from scoping.columns import Table
from scoping.errors import ScopingError
from scoping.schemas import (
    CELLS,
    DUPLICATE_PAIRS,
    ENTRY_RECORDS,
    ORDER,
    PROBLEMS,
    RECORDS,
    SCREENING,
    STAGE_NAMES,
    STAGES,
    STATES,
    TEXTS,
)
from scoping.schemas_records import KINDS, PART, RECORD_FIELDS, RECORD_LINKS, RELATED, VERSION
from scoping.schemas_studies import STUDIES, STUDY_PAIRS
from scoping.tables import Row

TABLES: Mapping[str, Table] = {
    "records.parquet": RECORDS,
    "entry_records.csv": ENTRY_RECORDS,
    "duplicate_pairs.csv": DUPLICATE_PAIRS,
    "record_fields.csv": RECORD_FIELDS,
    "record_links.csv": RECORD_LINKS,
    **{f"{stage}/states.csv": STATES for stage in SCREENING},
    "title_abstract/order.csv": ORDER,
    "texts.csv": TEXTS,
    "studies.csv": STUDIES,
    "study_pairs.csv": STUDY_PAIRS,
    "coding/cells.csv": CELLS,
    **{f"{stage}/{name}.csv": PROBLEMS for stage in STAGES for name in ("problems", "orphans")},
}
"""The tables that an account is made of, by their place in data/processed; each of them may be missing."""
MOST = 8  # pairs with other records that are told
_LONG = 80  # characters of a value that are shown


@dataclass(frozen=True)
class Known:
    """The tables that are there, and any id that stands for a record (those that only old sheets know, too)."""

    tables: Mapping[str, Sequence[Row]]
    ids: Mapping[str, str]

    def of(self, name: str) -> Sequence[Row]:
        """The rows of a table, none where it is not there."""
        return self.tables.get(name, ())

    def record(self, id_: str) -> Row:
        """The row of a record."""
        return next(row for row in self.of("records.parquet") if row["record_id"] == id_)


@dataclass(frozen=True)
class Found:
    """What a text means: a record, and the content ids of it that are named (all, where it is a number of the record)."""

    record_id: str
    content_ids: tuple[str, ...]


def find(known: Known, text: str) -> Found:
    """What a person means by a record id, content id, entry id, DOI, PubMed id or accession number."""
    told = text.strip()
    entries = known.of("entry_records.csv")
    mine = [row for row in entries if told.upper() in (row["content_id"], row["entry_id"].upper())]
    mine = mine or [row for row in entries if row["entry_id"].casefold() == told.casefold()]
    if mine and not mine[0]["record_id"]:
        place = f"data/raw/exports/{mine[0]['file']}"
        raise ScopingError(
            "nothing identifies this entry; it counts as unreadable and has no record", path=place,
            at=mine[0]["line_start"], do="look at that line of the export",
        )  # fmt: skip
    ids = tuple(sorted({row["content_id"] for row in mine}))
    records = {row["record_id"] for row in mine} or _by_number(known, told)
    if not records and (record := known.ids.get(told.upper())):
        records = {record}
    if len(records) > 1:
        raise ScopingError(
            f"{told} stands on {len(records)} records: {', '.join(sorted(records))}", do="name one of them"
        )
    if not records:
        raise ScopingError(
            f"no record or entry of this review is known as {told!r}{_mistyped(told)}",
            do="ids and their entries stand in data/processed/entry_records.csv; a DOI may be given, too",
        )
    record_id = min(records)
    every = tuple(json.loads(known.record(record_id)["content_ids"]))
    return Found(record_id, ids or every)


def _mistyped(text: str) -> str:
    looks = len(text) == identity.BODY + 1 and set(text.upper()) <= set(identity.ALPHABET)
    return " (its check character is wrong: mistyped?)" if looks and not identity.is_id(text.upper()) else ""


def _by_number(known: Known, text: str) -> set[str]:
    doi = normalise.doi(text)
    number = text.casefold().removeprefix("pmid:").strip()
    return {
        row["record_id"]
        for row in known.of("records.parquet")
        if (doi and doi in _listed(row, "dois"))
        or number in _listed(row, "pmids")
        or text.casefold() in map(str.casefold, _listed(row, "accessions"))
    }


def account(known: Known, record_id: str, said: Callable[[str], Sequence[str]]) -> Iterator[str]:
    """The account of a record; `said` gives the lines of the ledger about it at a stage."""
    record = known.record(record_id)
    yield f"{record_id}  {citation.short(record)}. {record['title'] or '[no title]'}"
    told = (citation.kind(record), citation.container(record), citation.link(record))
    yield f"  {'; '.join(part for part in told if part)}"
    numbers = [*_listed(record, "dois"), *(f"PubMed {number}" for number in _listed(record, "pmids"))]
    if len(numbers) > 1:
        yield f"  its entries name {', '.join(numbers)}"
    yield from (f"  ⚠ {flag}" for flag in citation.flags(record))
    parts = (
        ("Entries", _entries(known, record)),
        ("Why they are one record", _joined(known, record)),
        ("Fields in which the entries differ", _fields(known, record_id)),
        ("Other records that it was compared with", _others(known, record, said("duplicates"))),
        ("Reports that belong to it", _links(known, record_id)),
        *((STAGE_NAMES[stage], _screened(known, record_id, stage, said(stage))) for stage in SCREENING),
        ("Full texts", [*_texts(known, record_id), *said("doubtful_texts")]),
        ("Study", [*_study(known, record_id), *said("studies")]),
        (STAGE_NAMES["coding"], [*_coded(known, record_id), *_issued(said("coding"), record_id)]),
        (STAGE_NAMES["interviews"], said("interviews")),
        ("Please look", _problems(known, record)),
    )
    for heading, lines in parts:
        shown = list(lines)
        if shown:
            yield from ("", heading, *(f"  {line}" for line in shown))


def _listed(record: Row, name: str) -> list[str]:
    return list(json.loads(record[name] or "[]"))


def _entries(known: Known, record: Row) -> Iterator[str]:
    for row in known.of("entry_records.csv"):
        if row["record_id"] == record["record_id"]:
            place = f"data/raw/exports/{row['file']}:{row['line_start']}"
            role = "stands for the record" if row["role"] == "record" else "counts as a duplicate"
            yield f"{row['entry_id']}  {place}  {role}{'' if row['status'] == 'ok' else ', read with a remark'}"


def pair_told(row: Row) -> str:
    """A row of the table of pairs in words: what the rules say, and what a person did."""
    rules = {"same": "the rules join them", "ask": "the rules ask"}[row["band"]]
    if row["why"] == "a person said so":
        return f"{row['person']} answered `{row['answer']}`"
    answer = f"; {row['person']} answered `{row['answer']}`" if row["answer"] else ""
    return f"{rules} ({row['why']}){answer}{'; a person is still asked' if row['open'] else ''}"


def _joined(known: Known, record: Row) -> Iterator[str]:
    ids = json.loads(record["content_ids"])
    number = len(json.loads(record["entry_ids"]))
    if len(ids) == 1:
        if number > 1:
            yield f"its {number} entries are the same item by accession number, or by DOI, title, year and first author"
        return
    for row in known.of("duplicate_pairs.csv"):
        if row["a"] in ids and row["b"] in ids:
            yield f"{row['a']} and {row['b']}: {pair_told(row)}"


def _fields(known: Known, record_id: str) -> Iterator[str]:
    for row in known.of("record_fields.csv"):
        if row["record_id"] == record_id:
            yield f"{row['field']}: {_cut(row['value'])}  from {row['entry_id']} ({row['rule']})"
            for entry_id, value in json.loads(row["others"]).items():
                yield f"    {entry_id}: {_cut(value)}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _others(known: Known, record: Row, said: Sequence[str]) -> Iterator[str]:
    ids = set(json.loads(record["content_ids"]))
    record_of = {row["content_id"]: row["record_id"] for row in known.of("entry_records.csv")}
    rows = [row for row in known.of("duplicate_pairs.csv") if len({row["a"], row["b"]} & ids) == 1]
    rows.sort(key=lambda row: (not row["answer"], not row["open"], row["a"], row["b"]))
    for row in rows[:MOST]:
        mine, other = (row["a"], row["b"]) if row["a"] in ids else (row["b"], row["a"])
        record_id = record_of.get(other, other)
        of = "" if record_id == other else f" (of {record_id})"
        yield f"{mine} and {other}{of}: {pair_told(row)}"
    if len(rows) > MOST:
        yield f"… and {len(rows) - MOST:,} more, see data/processed/duplicate_pairs.csv"
    yield from said


def _links(known: Known, record_id: str) -> Iterator[str]:
    titles = {row["record_id"]: row for row in known.of("records.parquet")}
    for row in known.of("record_links.csv"):
        if record_id in (row["a"], row["b"]):
            other = titles[row["b"] if row["a"] == record_id else row["a"]]
            answer = f"; a person answered `{row['answer']}`" if row["answer"] else ""
            yield (
                f"{link_told(row, record_id)} {other['record_id']} ({citation.short(other)}, {_cut(other['title'])}): "
                f"{row['why']}{answer}"
            )


def link_told(link: Row, record_id: str) -> str:
    """What a record of a link is, seen from it: `it is a correction of`, `has a correction:`."""
    what = KINDS[link["kind"]]
    as_good = link["kind"] in (PART, VERSION, RELATED)  # what the one is to the other, the other is to it
    return f"it is {what}" if as_good or link["a"] == record_id else f"it has {what.rsplit(' ', 1)[0]}:"


def _screened(known: Known, record_id: str, stage: str, said: Sequence[str]) -> Iterator[str]:
    state = next((row for row in known.of(f"{stage}/states.csv") if row["record_id"] == record_id), None)
    if state:
        why = state["reason"] or state["route"] or state["why"]
        by = " and ".join(json.loads(state["decided_by"] or "[]"))
        yield f"{state['state'].replace('_', ' ')}{f': {why}' if why else ''}{f', by {by}' if by else ''}"
    if stage == "title_abstract":
        order = known.of("title_abstract/order.csv")
        place = next((row["position"] for row in order if row["record_id"] == record_id), "")
        if place:
            yield f"place {int(place):,} of {len(order):,} in the order in which records are laid out"
    yield from said


def _texts(known: Known, record_id: str) -> Iterator[str]:
    how = {
        "id": "the id in its name",
        "person": "a person",
        "doi": "its DOI",
        "link": "a link in an export",
        "title": "its title",
    }
    for row in known.of("texts.csv"):
        file = f"data/raw/fulltext/{row['file']}"
        if row["record_id"] == record_id:
            read = f"{int(row['pages'] or 0)} pages" if row["status"] == "ok" else row["reason"]
            yield f"{file}: known by {how.get(row['how'], row['how'])}; {read}"
        elif record_id in json.loads(row["candidates"] or "[]"):
            yield f"{file}: may be its text; {row['doubt'] or 'it is given to another report'}"


def _study(known: Known, record_id: str) -> Iterator[str]:
    rows = known.of("studies.csv")
    mine = next((row for row in rows if row["record_id"] == record_id), None)
    if mine:
        reports = [row["record_id"] for row in rows if row["study_id"] == mine["study_id"]]
        others = [id_ for id_ in reports if id_ != record_id]
        main = "it is the main report" if mine["main"] == record_id else f"{mine['main']} is the main report"
        with_ = f", with {', '.join(others)}; {main}" if others else ", its only report"
        names = f": {'; '.join(json.loads(mine['names'] or '[]'))}" if int(mine["models"]) > 1 else ""
        yield f"study {mine['study_id']}{with_}; models it describes: {mine['models']}{names}"
    for row in known.of("study_pairs.csv"):
        if record_id in (row["a"], row["b"]):
            other = row["b"] if row["a"] == record_id else row["a"]
            yield f"with {other}: {study_told(row)}"


def study_told(row: Row) -> str:
    """A row of the table of pairs of reports in words."""
    people = " and ".join(json.loads(row["people"] or "[]"))
    answer = f"; {people} answered `{row['answer'].replace('_', ' ')}`" if row["answer"] else ""
    return f"{row['why']} (score {row['score']}){answer}{'; a person is still asked' if row['open'] else ''}"


def _coded(known: Known, record_id: str) -> Iterator[str]:
    """Each code with its value and the answers that stand; with quotes and history they are in the ledger's log."""
    cells = [row for row in known.of("coding/cells.csv") if row["record_id"] == record_id]
    if not cells:
        return
    states = Counter(row["state"] for row in cells)
    yield ", ".join(f"{number:,} {state}" for state, number in sorted(states.items())) + f" of {len(cells):,} cells"
    for row in cells:
        model = f" of model {row['model']}" if row["model"] != "1" else ""
        by = ", ".join(f"{person} {value}" for person, value in json.loads(row["answers"] or "[]"))
        yield f"{row['code']}{model}: {row['value'] or row['state']}{f' ({by})' if by else ''}"


def _issued(said: Sequence[str], record_id: str) -> Iterator[str]:
    yield from (line for line in said if " issued to " in line)
    if said:
        yield f"every answer with its quote: `scoping ledger log {record_id}`"


def _problems(known: Known, record: Row) -> Iterator[str]:
    ids = json.loads(record["content_ids"])
    for stage in STAGES:
        for name in ("problems", "orphans"):
            for row in known.of(f"{stage}/{name}.csv"):
                if any(id_ in row["item"] for id_ in ids):
                    yield f"{STAGE_NAMES[stage]}: {row['problem']}"
