"""What must hold whatever people answer: an answer that is taken back leaves no trace, and nothing is ever lost."""

import copy
import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping import ingest, linked_records, matching, merging, readers, schemas, tables
from scoping.dedupe import dedupe
from scoping.groups import Groups
from scoping.schemas_records import RECORD_FLAGS, RECORD_LINKS
from scoping.tables import Row

ARM = {"scopus": "databases", "wos": "databases", "web": "other"}
BRIDGE = "Evidence officers in a county council of Wales"
TITLES = [
    BRIDGE,
    BRIDGE.upper(),
    f"{BRIDGE}: a case study",
    f"Erratum to: {BRIDGE}",
    "Nurse champions and a sepsis bundle",
    "Editorial",
]
WORKS = st.fixed_dictionaries(
    {
        "title": st.sampled_from(TITLES),
        "author": st.sampled_from(["Marsh", "Novak"]),
        "year": st.sampled_from(["2019", "2020"]),
        "doi": st.sampled_from(["", "10.1234/a", "10.1234/b"]),
        "abstract": st.sampled_from(["", "Short.", "A longer abstract."]),
        "journal": st.sampled_from(["", "Journal of Evidence", "medRxiv"]),
        "volume": st.sampled_from(["", "3"]),
        "pages": st.sampled_from(["", "1-9"]),
    }
)  # fmt: skip
EXPORTED = st.lists(st.tuples(WORKS, st.sampled_from(sorted(ARM))), min_size=1, max_size=7)
ANSWERS = ("same", "different", "related")


def entries_of(make: Any, drawn: list[Any]) -> list[Row]:
    return [
        make.entry(**work, source=source, number=str(place), line_start=str(place))
        for place, (work, source) in enumerate(drawn, 1)
    ]


def all_tables(entries: list[Row], answers: list[Row]) -> tuple[bytes, ...]:
    """Every table that the stage writes, as the bytes of its file."""
    compared = matching.compared(entries)
    records, entry_records, pairs = dedupe(entries, answers, ARM, compared=compared)
    found = linked_records.linked(records, pairs, compared)
    texts = (
        (schemas.ENTRY_RECORDS, entry_records), (schemas.DUPLICATE_PAIRS, pairs), (RECORD_LINKS, found.links),
        (RECORD_FLAGS, found.flags), (schemas.RECORDS, found.records),
    )  # fmt: skip
    return tuple(tables.csv_text(table.names, tables._checked(table, rows)).encode() for table, rows in texts)


def drawn_answers(make: Any, data: Any, entries: list[Row], most: int = 3) -> list[Row]:
    ids = sorted({row["content_id"] for row in entries})
    pairs = [f"{a}~{b}" for a in ids for b in ids if a < b]
    if not pairs:
        return []
    drawn = data.draw(st.dictionaries(st.sampled_from(pairs), st.sampled_from(ANSWERS), max_size=most))
    return [make.decision(pair, answer, stage="duplicates") for pair, answer in sorted(drawn.items())]


@settings(max_examples=100)
@given(st.data())
def test_an_answer_that_is_withdrawn_leaves_every_table_as_it_was_and_entries_untouched(make: Any, data: Any) -> None:
    entries = entries_of(make, data.draw(EXPORTED))
    answers = drawn_answers(make, data, entries)
    kept, before = copy.deepcopy(entries), all_tables(entries, [])
    all_tables(entries, answers)
    assert entries == kept, "no entry is ever changed"
    assert all_tables(entries, [{**row, "decision": "withdraw"} for row in answers]) == before


@settings(max_examples=100)
@given(st.data())
def test_an_answer_that_is_changed_counts_as_if_it_had_never_been_another(make: Any, data: Any) -> None:
    entries = entries_of(make, data.draw(EXPORTED))
    answers = drawn_answers(make, data, entries)
    later = [{**row, "decision": data.draw(st.sampled_from(ANSWERS))} for row in answers]
    first = all_tables(entries, later)
    all_tables(entries, answers)
    assert all_tables(entries, later) == first


def test_an_answer_does_something(make: Any) -> None:
    """Control of both: the tables are not the same whatever is answered."""
    entries = [make.entry("One thing"), make.entry("Another thing altogether")]
    pair = "~".join(sorted(row["content_id"] for row in entries))
    said = {answer: all_tables(entries, [make.decision(pair, answer, stage="duplicates")]) for answer in ANSWERS}
    assert len({all_tables(entries, []), *said.values()}) == 4


def consistent(ids: list[str], answers: list[Row]) -> bool:
    """Whether the answers contradict each other nowhere, by way of others either."""
    groups = Groups(ids)
    of = [(row["item"].split("~"), row["decision"]) for row in answers]
    for (a, b), answer in of:
        if answer == "same":
            groups.join(a, b)
    return all(groups.find(a) != groups.find(b) for (a, b), answer in of if answer != "same")


@settings(max_examples=150)
@given(st.data())
def test_every_answer_binds_also_when_searches_are_added(make: Any, data: Any) -> None:
    entries = entries_of(make, data.draw(EXPORTED))
    answers = drawn_answers(make, data, entries, most=5)
    if not consistent([row["content_id"] for row in entries], answers):
        return
    later = entries + entries_of(make, data.draw(EXPORTED))
    for now in (entries, later):
        record = {row["content_id"]: row["record_id"] for row in dedupe(now, answers, ARM)[1]}
        for row in answers:
            a, b = row["item"].split("~")
            assert (record[a] == record[b]) == (row["decision"] == "same")


def lost(entries: list[Row], answers: list[Row]) -> set[str]:
    """What some entry says of ids, sources and abstracts, and its record does not."""
    records, entry_records, _ = dedupe(entries, answers, ARM)
    record = {row["content_id"]: row["record_id"] for row in entry_records}
    by_id = {row["record_id"]: row for row in records}
    found = set()
    for entry in entries:
        row = by_id[record[entry["content_id"]]]
        kept = {name: json.loads(row[name]) for name in ("sources", "content_ids", "dois", "pmids")}
        said = {"sources": "source", "content_ids": "content_id", "dois": "doi", "pmids": "pmid"}
        found |= {name for name, field in said.items() if entry[field] and entry[field] not in kept[name]}
        if entry["abstract"] not in ("", row["abstract"], *json.loads(row["abstracts"]).values()):
            found.add("abstracts")
    return found


@settings(max_examples=100)
@given(st.data())
def test_no_source_id_or_abstract_of_an_entry_is_ever_lost(make: Any, data: Any) -> None:
    entries = entries_of(make, data.draw(EXPORTED))
    assert lost(entries, drawn_answers(make, data, entries)) == set()


@pytest.mark.parametrize("name", ["dois", "pmids", "abstracts"])
def test_a_record_that_lost_something_would_be_seen(make: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Control of the above."""
    given_ = {"doi": "10.1/a", "pmid": "1"}
    entries = [
        make.entry(**given_, abstract=text, source=at) for text, at in (("One.", "scopus"), ("Other one.", "wos"))
    ]
    real = merging.merged
    monkeypatch.setattr(
        merging, "merged", lambda members: {**real(members), name: "[]" if name != "abstracts" else "{}"}
    )
    assert lost(entries, []) == {name}


def grouped(entries: list[Row]) -> set[frozenset[str]]:
    """Which entries are one record, by their place in the export."""
    place = {}
    for row in entries:
        place.setdefault(row["content_id"], []).append(row["number"])
    return {
        frozenset(number for id_ in json.loads(row["content_ids"]) for number in place[id_])
        for row in dedupe(entries, [], ARM)[0]
    }


UNRELATED = [
    {"title": f"{kind} of {thing} under glass, season {number}", "author": f"Quill{number}", "year": str(1980 + number)}
    for number, (kind, thing) in enumerate(
        (kind, thing) for kind in ("Yields", "Pests", "Prices") for thing in ("tomatoes", "orchids", "melons", "ferns")
    )
]


@settings(max_examples=60)
@given(EXPORTED, st.randoms(use_true_random=False))
def test_unrelated_entries_and_their_order_change_nothing_about_the_others(
    make: Any, drawn: list[Any], rng: Any
) -> None:
    entries = entries_of(make, drawn)
    others = [make.entry(**work, number=f"x{at}") for at, work in enumerate(UNRELATED)]
    mixed = [*entries, *others]
    rng.shuffle(mixed)
    numbers = {row["number"] for row in entries}
    assert {group for group in grouped(mixed) if group & numbers} == grouped(entries)


# --- the same works in other formats ---------------------------------------------------------------------------------


def _ris(works: list[dict[str, str]]) -> str:
    tags = {"title": "TI", "author": "AU", "year": "PY", "doi": "DO", "abstract": "AB", "journal": "T2", "volume": "VL"}
    out = []
    for work in works:
        lines = ["TY  - JOUR", *(f"{tag}  - {work[name]}" for name, tag in tags.items() if work[name])]
        if work["pages"]:
            first, last = work["pages"].split("-")
            lines += [f"SP  - {first}", f"EP  - {last}"]
        out.append("\n".join([*lines, "ER  - ", ""]))
    return "\n".join(out)


def _bibtex(works: list[dict[str, str]]) -> str:
    out = []
    for place, work in enumerate(works):
        fields = [f"  {name} = {{{value}}}" for name, value in work.items() if value]
        out.append(f"@article{{key{place},\n" + ",\n".join(fields) + "\n}\n")
    return "\n".join(out)


def _csv(works: list[dict[str, str]]) -> str:
    names = {"title": "Title", "author": "Authors", "year": "Year", "doi": "DOI", "abstract": "Abstract",
             "journal": "Journal", "volume": "Volume", "pages": "Pages"}  # fmt: skip
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(names.values())
    lines.writerows([work[name] for name in names] for work in works)
    return out.getvalue()


FORMATS: dict[str, Callable[[list[dict[str, str]]], str]] = {"ris": _ris, "bib": _bibtex, "csv": _csv}


def read(text: str, form: str) -> list[Row]:
    exported = ingest.File.of(text.encode(), f"one.{form}", {"scopus": ingest.Claim("scopus", None)})
    return [{**row, "type": "article-journal"} for row in ingest.rows(readers.parse(exported.data), exported)]


@settings(max_examples=60)
@given(st.lists(WORKS, min_size=1, max_size=7))
def test_the_format_of_an_export_makes_no_difference(drawn: list[dict[str, str]]) -> None:
    found = {form: read(write(drawn), form) for form, write in FORMATS.items()}
    assert {len(rows) for rows in found.values()} == {len(drawn)}
    for name in ("content_id", *(field for field in merging.FIELDS if field in drawn[0])):
        told = {form: [row[name] for row in rows] for form, rows in found.items()}
        assert told["bib"] == told["ris"] == told["csv"], name
    groups = [grouped(rows) for rows in found.values()]
    assert groups[0] == groups[1] == groups[2]


def test_works_that_differ_are_told_apart_in_every_format() -> None:
    """Control: what is read is not the same for all works."""
    plain = {"author": "Marsh", "year": "2020", "doi": "", "abstract": "", "journal": "", "volume": "", "pages": ""}
    works = [
        {"title": BRIDGE, **plain},
        {"title": "Nurse champions and a sepsis bundle", **plain},
        {"title": BRIDGE, **plain},
    ]
    for form, write in FORMATS.items():
        assert grouped(read(write(works), form)) == {frozenset("13"), frozenset("2")}
