"""RIS and BibTeX of reports: our own readers, and one by others, read back what was written."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rispy

from scoping import readers, reference_files
from scoping.readers.fields import fields
from scoping.reference_files import bibtex, keys, ris
from scoping.tables import Row, compact

READ_BACK = (
    "type", "title", "abstract", "year", "journal", "volume", "issue", "pages", "doi", "url", "language", "publisher",
)  # fmt: skip
FORMS = {"ris": ris, "bibtex": bibtex}


def read_back(data: bytes, form: str) -> list[Any]:
    parsed = readers.parse(data)
    assert parsed.format == form
    assert not parsed.issues
    assert not [entry.problems for entry in parsed.entries if entry.problems]
    assert parsed.markers == len(parsed.entries)
    return [fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries]


def person(family: str, given: str = "", literal: str = "") -> dict[str, str]:
    return {"family": family, "given": given, "literal": literal}


@pytest.fixture
def rows(make: Any) -> list[Row]:
    full = {
        "abstract": "First & last: 50% of $10, #1 in {a_b} ~ x^2 -- then `quoted' ''twice''.",
        "year": "2021", "journal": "Letters & Notes", "volume": "12", "issue": "3-4", "pages": "101-119", "language": "cy",
        "doi": "10.5555/a_b(1)", "url": "https://hearth.example/a_b?c=d%20e&f=~g#h", "publisher": "Hearth",
        "keywords": '["local government","evidence use"]',
    }  # fmt: skip
    bodies = compact(
        [person("", "", "Ministry of Health and Care"), person("Ó Briain", "Seán, Jr."), person("Łoś", "A. B.")]
    )
    return [
        make.record("A", title="Knowing {in} place: what DNA & £5 say", type="article-journal", authors=bodies, **full),
        make.record("B", title="A report", type="report", authors="[]", publisher="Hearth Trust", year="2020"),
        make.record("C", title="知识 in Łódź", type="chapter", journal="A Book", pages="e12", year="2019"),
        make.record("D", title="A thesis", type="thesis", publisher="University of Somewhere", year=""),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_our_readers_read_back_every_field(rows: list[Row], form: str) -> None:
    found = read_back(FORMS[form](rows), form)
    for row, back in zip(rows, found, strict=True):
        assert {name: getattr(back, name) for name in READ_BACK} == {name: row[name] for name in READ_BACK}
        assert [person(each.family, each.given, each.literal) for each in back.authors] == json.loads(row["authors"])
        assert list(back.keywords) == json.loads(row["keywords"])


def test_another_reader_of_ris_reads_the_same(rows: list[Row]) -> None:
    found = rispy.loads(ris(rows).decode())
    assert [entry["id"] for entry in found] == ["A", "B", "C", "D"]
    first = found[0]
    assert first["title"] == rows[0]["title"]
    assert first["authors"] == ["Ministry of Health and Care", "Ó Briain, Seán, Jr.", "Łoś, A. B."]
    assert (first["secondary_title"], first["number"], first["start_page"], first["end_page"]) == (
        "Letters & Notes", "3-4", "101", "119",
    )  # fmt: skip
    assert first["keywords"] == ["local government", "evidence use"]
    assert [entry["type_of_reference"] for entry in found] == ["JOUR", "RPRT", "CHAP", "THES"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", sorted(reference_files._RIS))
def test_types_are_read_back_as_far_as_the_form_has_them(make: Any, kind: str, form: str) -> None:
    (back,) = read_back(FORMS[form]([make.record("A", type=kind, journal="J")]), form)
    has_it = form == "ris" or kind in reference_files._BIBTEX
    assert back.type == (kind if has_it else "document")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "text",
    [
        "one\nER  - \nTY  - JOUR", "one\r\n@article{x,", "a } b { c", "\\end{document} \\", "two\x00\x07 controls\u2028and more",
        "-- --- `` '' ~ ^", "}, title = {other", "TI  - in the middle", "100% # $ & _",
    ],
)  # fmt: skip
def test_nothing_that_a_report_says_makes_another_entry_or_field(make: Any, text: str, form: str) -> None:
    hostile = make.record(
        "A", title=f"x {text}", abstract=text, journal=text, publisher=text, url=f"https://a.example/{text}", year="2020",
        authors=compact([person(f"Fam {text}", f"Giv {text}"), person("", "", f"Body {text}")]), type="article-journal",
    )  # fmt: skip
    plain = make.record("B", title="After", year="2021", type="report")
    parsed = readers.parse(FORMS[form]([hostile, plain]))
    found = [fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries]
    assert [back.title for back in found][1:] == ["After"]
    assert found[0].title.startswith("x ")
    assert [back.year for back in found] == ["2020", "2021"]
    assert not parsed.issues


def test_keys_are_plain_and_no_two_are_equal(make: Any) -> None:
    named = [("A", "Ångström"), ("B", "Angström"), ("C", "Marsh"), ("D", "Marsh"), ("E", "李")]
    rows = [make.record(id_, year="2020", authors=make.authors(name), title=id_) for id_, name in named]
    assert keys(rows) == {
        "A": "Angstrom2020", "B": "Angstrom2020_B", "C": "Marsh2020a", "D": "Marsh2020b", "E": "2020",
    }  # fmt: skip


def test_nothing_included_is_an_empty_file() -> None:
    assert (ris([]), bibtex([])) == (b"", b"")


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_what_real_exports_hold_is_read_back(shared_data: Callable[[str], Path], make: Any, form: str) -> None:
    """Entries of real files, once read, written and read again: the second reading changes nothing."""
    rows = []
    for path in sorted(shared_data("exports/ris").iterdir()):
        try:
            parsed = readers.parse(path.read_bytes())
        except readers.ScopingError:
            continue
        for entry in parsed.entries[:200]:
            read = fields(parsed.format, parsed.dialect, entry.tags)
            authors = compact([person(each.family, each.given, each.literal) for each in read.authors])
            said = {name: getattr(read, name) for name in READ_BACK}
            rows.append(make.record(f"R{len(rows)}", **{**said, "authors": authors}))
    assert len(rows) > 500
    parsed = readers.parse(FORMS[form](rows))
    assert len(parsed.entries) == len(rows)
    wrong = [
        (name, row[name], getattr(back, name))
        for row, back in zip(
            rows, (fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries), strict=True
        )
        for name in ("title", "abstract", "year", "volume", "doi")
        if " ".join(re.sub("[\x7f-\x9f]", " ", row[name]).split()) != getattr(back, name)
    ]
    assert [(name, said[:60], back[:60]) for name, said, back in wrong] == []
