"""What differs between two records, in words and as marks in their texts; and the sheet that shows it."""

import io
import json

import openpyxl
import pytest

from scoping import pair_sheet, side_by_side
from scoping.identity import folded
from scoping.workbook.layout import Input, Sheet
from scoping.workbook.write import write


def authors(*names):
    return json.dumps([{"family": f, "given": g, "literal": ""} for f, g in (name.split(", ") for name in names)])


PLAIN = {
    "title": "How councils use evidence: part 1", "authors": authors("Marsh, Ann", "Nowak, B."), "year": "2019",
    "journal": "Journal of Small Places", "volume": "3", "issue": "2", "pages": "101-9", "doi": "10.1/a", "type": "",
}  # fmt: skip
SAME = "Same: title, authors, year, journal, volume, issue, pages, DOI"
WORDS = [
    ("nothing", {}, SAME, [], []),
    ("capitals and signs are no difference", {"title": "HOW COUNCILS USE EVIDENCE – Part 1."}, SAME, [], []),
    ("initials and order of names", {"authors": authors("Nowak, Boris", "Marsh, A.")}, SAME, [], []),
    ("a short page range", {"pages": "101-109"}, SAME, [], []),
    ("zeros before a number", {"volume": "03", "issue": "no. 2"}, SAME, [], []),
    ("a supplement", {"issue": "2 Suppl 1"}, "Issue: 2 | 2 Suppl 1", ["2"], ["2 Suppl 1"]),
    ("pages of a supplement", {"pages": "S101-9"}, "Pages: 101-9 | S101-9", ["101-9"], ["S101-9"]),
    ("an abbreviated journal", {"journal": "J. Small Places"}, SAME, [], []),
    ("one word", {"title": "How councils use evidence: part 2"}, "Title: only A “1”; only B “2”", ["1"], ["2"]),
    ("a subtitle", {"title": "How councils use evidence"}, "Title: only A “part 1”", ["part 1"], []),
    ("the year", {"year": "2020"}, "Year: 2019 | 2020", ["2019"], ["2020"]),
    ("pages", {"pages": "140"}, "Pages: 101-9 | 140", ["101-9"], ["140"]),
    ("DOI", {"doi": "10.1/b"}, "DOI: 10.1/a | 10.1/b", ["10.1/a"], ["10.1/b"]),
    ("an author", {"authors": authors("Marsh, Ann", "Ilves, C.")}, "Authors: only A “Nowak, B.”; only B “Ilves, C.”",
     ["Nowak, B."], ["Ilves, C."]),
    ("what only one has", {"doi": "", "volume": ""}, "Only A has: volume, DOI", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("what", "other", "line", "left", "right"), WORDS, ids=[case[0] for case in WORDS])
def test_differences_in_words_and_marks(make, what, other, line, left, right):
    a, b = make.record("A", **PLAIN), make.record("B", **{**PLAIN, **other})
    found = side_by_side.compare(a, b)
    assert line in found.differs.split("\n")
    for told, marked in ((found.a, left), (found.b, right)):
        assert [told.text[first:last] for first, last in told.marks] == marked
    assert folded(found.a.text.split("\n")[0]) == folded(a["title"]), "the first line is the sign whose row it is"
    turned = side_by_side.compare(b, a)
    assert (turned.a, turned.b) == (found.b, found.a)


def test_texts_that_no_cell_can_hold_are_mended_before_they_are_marked(make):
    a, b = make.record("A", title="A\x00\r\nB one", year="2019"), make.record("B", title="A\x00\r\nB two", year="2019")
    found = side_by_side.compare(a, b)
    assert [found.a.text[first:last] for first, last in found.a.marks] == ["one"]
    assert "\x00" not in found.a.text


def pair(**fields):
    plain = {
        "a": "A",
        "b": "B",
        "band": "ask",
        "why": "the years differ",
        "chance": "0.500",
        "against": "",
        "open": "yes",
    }
    return {**plain, "answer": "", "person": "", **fields}


def test_the_least_certain_pair_comes_first(make):
    rows = [pair(a=str(n), chance=chance) for n, chance in enumerate(("0.990", "0.020", "0.450", "0.600", "0.500"))]
    assert [row["chance"] for row in pair_sheet.in_doubt(rows)] == ["0.500", "0.450", "0.600", "0.020", "0.990"]
    assert pair_sheet.in_doubt([pair(open="")]) == []


SUGGESTED = [
    ({"chance": "0.930"}, "Rather the same (chance 0.93).\nThe years differ."),
    ({"chance": "0.930", "against": "yes"}, "Rather the same, but something speaks against it (chance 0.93).\nThe years differ."),
    ({"chance": "0.020", "against": "yes"}, "Rather different (chance 0.02).\nThe years differ."),
    ({"answer": "conflict", "person": "anna: same; ben: different"}, "Answered in different ways: anna: same; ben: different"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "text"), SUGGESTED)
def test_suggestions_say_why(fields, text):
    assert pair_sheet.suggestion(pair(**fields)) == text


def written(make, *, blind):
    a, b = make.id("a"), make.id("b")
    records = {a: make.record(a, **PLAIN), b: make.record(b, **{**PLAIN, "year": "2020"})}
    shown, tabs = pair_sheet.body([f"{a}~{b}"], records, {f"{a}~{b}": pair()}, blind=blind)
    inputs = (Input("decision", "Decision", 16, ("same", "different")),)
    return write(Sheet("du01.anna", "t", "h", "", inputs, shown, tabs))


def test_marks_are_bold_and_underlined_in_the_workbook(make):
    """Seen without colours, too; the text stays what it is."""
    book = openpyxl.load_workbook(io.BytesIO(written(make, blind=False)), rich_text=True)
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if "2020" in str(cell.value)]
    rich = next(value for value in cells if not isinstance(value, str))
    marked = [block for block in rich if not isinstance(block, str) and block.font.u]
    assert [(block.text, block.font.b) for block in marked] == [("2020", True)]
    assert str(rich).startswith("How councils use evidence: part 1\nAuthors: ")


@pytest.mark.parametrize("blind", [True, False])
def test_a_sheet_that_checks_leads_nobody(make, blind):
    book = openpyxl.load_workbook(io.BytesIO(written(make, blind=blind)))
    texts = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert any("Rather" in text for text in texts) != blind
    assert any("Year: 2019 | 2020" in text for text in texts)
