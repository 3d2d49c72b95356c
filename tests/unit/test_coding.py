"""One value a code and report, its levels, and each quote looked up."""

import json
from dataclasses import dataclass
from itertools import permutations

import pytest

from scoping.coding import check_quotes, conflicts, said, settle
from scoping.schemas import CELLS
from scoping.studies import Studies, place
from scoping.tables import _checked
from scoping.texts import Page

Y, N, U, W = "yes", "no", "unclear", "withdraw"
PEOPLE = ("anna", "ben", "dora")


@pytest.fixture
def cell_of(make):
    """The cell of code POP of record R, known as OLD too."""

    def find(*decisions, votes=2):
        studies = Studies([make.study("R", study_id="S", main="R")])
        cells = settle(studies, [make.code("POP")], decisions, {"R": "R", "OLD": "R"}, {"R": votes})
        assert _checked(CELLS, cells) == cells
        assert len(cells) == 1
        return cells[0]

    return find


@pytest.fixture
def says(make):
    def decision(value, person="anna", item="R:POP", **fields):
        return make.decision(item, value, person, stage="coding", sheet=f"co01.{person}", **fields)

    return decision


VALUES = [
    ((), "pending", "pending"),
    ((Y,), Y, "pending"),
    ((U,), U, "pending"),
    ((W,), "pending", "pending"),
    ((Y, Y), Y, Y),
    ((N, N), N, N),
    ((U, U), U, U),
    ((Y, N), "conflict", "conflict"),
    ((Y, U), "conflict", "conflict"),
    ((Y, W), Y, "pending"),
    ((Y, Y, N), "conflict", "conflict"),
    ((Y, Y, W), Y, Y),
]


@pytest.mark.parametrize(("answers", "single", "dual"), VALUES)
def test_values_decide_agreement(cell_of, says, answers, single, dual):
    for votes, expected in ((1, single), (2, dual)):
        cell = cell_of(*(says(value, person) for value, person in zip(answers, PEOPLE, strict=False)), votes=votes)
        assert (cell["state"], cell["value"]) == (
            (expected, "") if expected in ("pending", "conflict") else ("coded", expected)
        )


@pytest.mark.parametrize("final", [Y, N, U])
@pytest.mark.parametrize("answers", [(), (Y,), (Y, N), (Y, Y)])
def test_an_adjudication_is_final(cell_of, says, answers, final):
    rows = [says(value, person) for value, person in zip(answers, PEOPLE, strict=False)]
    cell = cell_of(*rows, says(final, "carl"))
    assert (cell["state"], cell["value"], cell["decided_by"]) == ("coded", final, '["carl"]')
    assert len(json.loads(cell["answers"])) == len(answers) + 1


def test_a_withdrawn_adjudication_is_none(cell_of, says):
    assert cell_of(says(Y), says(N, "ben"), says(W, "carl"))["state"] == "conflict"


def test_two_adjudications_that_differ_are_a_conflict(cell_of, says):
    """Of a report that was two before its entries were merged."""
    assert cell_of(says(Y, "carl"), says(N, "carl", item="OLD:POP"))["state"] == "conflict"


def test_an_adjudication_of_one_of_two_reports_that_turn_out_to_be_one_does_not_overrule_the_other(cell_of, says):
    one = [says(Y), says(N, "ben"), says(N, "carl")]
    other = [says(Y, item="OLD:POP"), says(Y, "ben", item="OLD:POP")]
    assert cell_of(*one)["value"] == N
    assert cell_of(*one, *other)["state"] == "conflict"
    alike = [says(N, item="OLD:POP"), says(N, "ben", item="OLD:POP")]
    assert cell_of(*one, *alike)["value"] == N
    both = make_final(says, Y, "R:POP", "OLD:POP")
    settled = cell_of(*one, *other, both)
    assert (settled["state"], settled["value"]) == ("coded", Y), "one of both goes before those of either"


def make_final(says, value, *items):
    return {**says(value, "carl", item=items[0]), "sheet": "co09.carl", "covers": json.dumps(items)}


def test_an_adjudication_under_a_later_id_settles_what_was_coded_under_the_old_one(cell_of, says):
    coded = [says(Y, item="OLD:POP"), says(N, "ben", item="OLD:POP")]
    assert cell_of(*coded, says(N, "carl"))["value"] == N


def test_answers_for_any_entry_of_a_report_count(cell_of, says):
    assert cell_of(says(Y), says(Y, "ben", item="OLD:POP"))["value"] == Y
    assert cell_of(says(Y), says(Y, item="OLD:POP"))["state"] == "pending", "one person is one coder"
    assert cell_of(says(Y), says(Y, "ben", item="GONE:POP"))["state"] == "pending"


@pytest.fixture
def settled(make):
    """Item -> value, of codes POP (of the study), LEV (of each model) and DOC (of each report)."""

    def find(rows, *decisions):
        codes = [make.code("POP"), make.code("LEV", unit="model"), make.code("DOC", unit="report")]
        known = {id_: id_ for id_ in "ABC"}
        cells = settle(Studies(rows), codes, decisions, known, dict.fromkeys("ABC", 1))
        assert _checked(CELLS, cells)
        return {place(cell): cell["value"] for cell in cells}

    return find


def test_one_row_for_each_code_of_each_report_in_order(make, settled, says):
    decisions = [says(Y, item="B:LEV"), says(N, item="A:POP"), says(Y, item="A:OLDCODE"), says(Y, item="C:POP")]
    cells = settled([make.study("A"), make.study("B")], *decisions)
    assert list(cells.items()) == [
        ("A:POP", N),
        ("A:LEV", ""),
        ("A:DOC", ""),
        ("B:POP", ""),
        ("B:LEV", Y),
        ("B:DOC", ""),
    ]


def test_a_study_is_asked_once_on_its_main_report_and_a_report_for_itself(make, settled):
    assert list(settled([make.study("A"), make.study("B", "A")])) == ["A:POP", "A:LEV", "A:DOC", "B:DOC"]


def test_a_further_model_adds_cells_and_touches_none(make, settled, says):
    said = [says(Y, item="A:POP"), says(Y, item="A:LEV")]
    one = settled([make.study("A")], *said)
    two = settled([make.study("A", "A", "Hub", "Pool")], *said)
    assert two == one | {"A+2:LEV": ""}
    assert settled([make.study("A", "A", "Hub", "Pool")], *said, says(N, item="A+2:LEV"))["A+2:LEV"] == N


def test_what_was_coded_before_reports_were_linked_keeps_its_cell(make, settled, says):
    said = [says(Y, item="B:POP"), says(N, item="A:POP"), says(N, item="B:LEV")]
    apart = settled([make.study("A"), make.study("B")], *said)
    linked = settled([make.study("A"), make.study("B", "A")], *said)
    assert linked == {item: value for item, value in apart.items() if value or item[0] == "A" or "DOC" in item}


def test_an_answer_about_a_model_that_is_no_more_counts_for_no_cell(make, settled, says):
    rows = [says(Y, item="A:LEV"), says(Y, item="A+2:LEV")]
    assert "A+2:LEV" not in settled([make.study("A")], *rows)
    assert settled([make.study("A", "A", "Hub", "Pool")], *rows)["A+2:LEV"] == Y
    assert "A+2:POP" not in settled([make.study("A", "A", "Hub", "Pool")], says(Y, item="A+2:POP")), (
        "a code of the study"
    )


def test_an_open_cell_says_nothing_yet(cell_of, says):
    for rows in ([says(Y, quote="q", level="system", note="n", locator="p. 1")], [says(Y, quote="q"), says(N, "ben")]):
        cell = cell_of(*rows)
        for name in ("value", "level", "quote", "locator", "verdict", "page", "passage", "note"):
            assert cell[name] == "", name
        assert cell["decided_by"] == "[]"


QUOTES = [
    ("the first by name", [("ben", "b"), ("anna", "a")], "a"),
    ("the first that has one", [("anna", ""), ("ben", "b")], "b"),
    ("nobody has one", [("anna", ""), ("ben", "")], ""),
]


@pytest.mark.parametrize(("what", "quotes", "taken"), QUOTES, ids=[what for what, *_ in QUOTES])
def test_whose_quote_is_taken(cell_of, says, what, quotes, taken):
    cell = cell_of(*(says(Y, person, quote=quote, locator=f"p. {quote}") for person, quote in quotes))
    assert (cell["quote"], cell["locator"]) == (taken, f"p. {taken}")
    assert cell["decided_by"] == '["anna","ben"]'


def test_notes_of_those_who_decided_are_joined(cell_of, says):
    cell = cell_of(says(N, note="b"), says(N, "ben", note="a"), says(N, "dora", note="b"), says(N, "emil"))
    assert cell["note"] == "a; b"
    assert cell_of(says(N, note="x"), says(Y, "ben"), says(N, "carl", note="final"))["note"] == "final"


def test_the_order_of_answers_changes_nothing(cell_of, says):
    rows = [says(Y, who, note=who, quote=f"q {who}", level="system") for who in ("anna", "ben", "dora", "emil")]
    assert len({json.dumps(cell_of(*order)) for order in permutations(rows)}) == 1


LEVELS = [
    (("individual", "individual"), "individual"),
    (("system; individual", "individual; organisation"), "individual"),
    (("system; individual", "individual; system"), "individual; system"),
    (("system", "individual"), "individual; system"),
    (("", "system"), "system"),
    (("", ""), ""),
    (("organisation",), "organisation"),
]


@pytest.mark.parametrize(("named", "expected"), LEVELS)
def test_levels_that_all_name_else_all_that_are_named(cell_of, says, named, expected):
    rows = [says(Y, person, level=level) for level, person in zip(named, PEOPLE, strict=False)]
    assert cell_of(*rows, votes=1)["level"] == expected


# --- quotes ----------------------------------------------------------------------------------------------------------


@dataclass
class Found:
    verdict: str
    page: int
    passage: str


def find(quote, pages):
    """A finder that is verbatim or nothing."""
    for number, page in enumerate(pages, 1):
        if quote in page:
            return Found("verbatim", number, page)
    return Found("missing", 0, "")


CHECKED = [
    ("verbatim", {"quote": "officers"}, {"R": ["", "we asked officers"]}, ("verbatim", "2", "we asked officers")),
    ("not there", {"quote": "mayors"}, {"R": ["we asked officers"]}, ("missing", "", "")),
    ("no text at all", {"quote": "mayors"}, {}, ("no text", "", "")),
    ("blank pages", {"quote": "mayors"}, {"R": ["", " \n"]}, ("no text", "", "")),
    ("no quote", {"quote": ""}, {"R": ["we asked officers"]}, ("", "", "")),
    ("not settled", {"quote": "officers", "state": "conflict"}, {"R": ["we asked officers"]}, ("", "", "")),
]


@pytest.mark.parametrize(("what", "fields", "pages", "expected"), CHECKED, ids=[what for what, *_ in CHECKED])
def test_check_quotes(make, what, fields, pages, expected):
    cell = make.cell("R", "POP", **{"state": "coded", **fields})
    before = dict(cell)
    places = [Page("R.pdf", number, text) for number, text in enumerate(pages.get("R", ()), 1)]
    (row,) = check_quotes([cell], lambda _: places, find)
    assert (row["verdict"], row["page"], row["passage"]) == expected
    assert row["file"] == ("R.pdf" if expected[1] else "")
    assert {**row, "verdict": "", "file": "", "page": "", "passage": ""} == before == cell
    assert _checked(CELLS, [row]) == [row]


def test_of_a_report_that_people_read_by_eye_no_quote_is_missing(make):
    cell = make.cell("R", "POP", "coded", quote="mayors")
    abstract, text = Page("", 1, "we asked officers"), Page("S.pdf", 1, "nothing")
    for places in ([abstract], [text, abstract]):
        (row,) = check_quotes([cell], lambda _, places=places: places, find)
        assert (row["verdict"], row["file"], row["page"], row["passage"]) == ("no text", "", "", "")
    (row,) = check_quotes([cell], lambda _: [text], find)
    assert row["verdict"] == "missing"
    (row,) = check_quotes([{**cell, "quote": "officers"}], lambda _: [abstract], find)
    assert row["verdict"] == "verbatim"


def test_a_quote_from_another_report_of_the_study_names_its_file_and_page(make):
    cell = make.cell("R", "POP", "coded", quote="officers")
    places = [Page("R.pdf", 1, "nothing"), Page("S.pdf", 1, "nor here"), Page("S.pdf", 2, "we asked officers")]
    (row,) = check_quotes([cell], lambda _: places, find)
    assert (row["verdict"], row["file"], row["page"]) == ("verbatim", "S.pdf", "2")


def test_conflicts(make):
    cells = [make.cell("R", "POP", "conflict"), make.cell("R", "LEV", "coded"), make.cell("S", "POP", "pending")]
    assert conflicts(cells) == {"R:POP": ["R:POP"]}


def test_said_has_no_names(make):
    row = make.cell("R", "POP", "conflict", answers=json.dumps([["ben", "no"], ["anna", "yes"], ["dora", "no"]]))
    assert said(row) == "no\nno\nyes"


MORE = [
    (("operating", "self-report"), ("operating", "self-report"), ("operating", "self-report")),
    (("ended", ""), ("proposed", "observed"), ("proposed; ended", "observed")),
    (("", ""), ("", ""), ("", "")),
]


@pytest.mark.parametrize(("anna", "ben", "expected"), MORE)
def test_status_and_basis_are_what_coders_of_the_value_named(cell_of, says, anna, ben, expected):
    rows = [says(Y, who, status=said[0], basis=said[1]) for who, said in (("anna", anna), ("ben", ben))]
    cell = cell_of(*rows)
    assert (cell["state"], cell["status"], cell["basis"]) == ("coded", *expected)
    assert cell_of(*rows, says(N, "carl"))["status"] == "", "the adjudicator said no"


def test_values_of_a_codes_own_agree_or_not(cell_of, says):
    assert cell_of(says("touches"), says("touches", "ben"))["value"] == "touches"
    assert cell_of(says("touches"), says("main subject", "ben"))["state"] == "conflict"
