"""What of an entry is compared: one table of examples a function."""

import json

import pytest

from scoping import comparable

TITLES = [
    ("Café councils &amp; their <i>evidence</i> use.", "cafe councils their evidence use"),
    ("HOW COUNCILS USE EVIDENCE", "how councils use evidence"),
    ("Effects of α-tocopherol", "effects of alpha tocopherol"),
    ("Größe und Straße", "grosse und strasse"),
    ("Зайнятість і мотивація", "зайнятість і мотивація"),
    ("[Evidence in councils].", "evidence in councils"),
    ("Evidence in councils.[Erratum appears in J Counc. 2019 May;3(2):1]", "evidence in councils"),
    ("Evidence in councils. [Review] [87 refs]", "evidence in councils"),
    ("Evidence in councils (Structured abstract)", "evidence in councils"),
    ("Evidence in councils. [Welsh; French]", "evidence in councils welsh french"),
    ("Evidence in councils. [French]", "evidence in councils"),
    ("Evidence in councils (vol 12, pg 101, 2015)", "evidence in councils"),
    ("Evidence in councils (Journal of Counties (2009) 360 (542-544))", "evidence in councils"),
    ("RETRACTED: Evidence in councils", "evidence in councils"),
    ("Evidence in councils (Reprinted from Counties, vol 3)", "evidence in councils"),
    ("The county's councils", "the countys councils"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), TITLES)
def test_title_words(text, expected):
    expected = expected.replace("і", "і")  # composed and decomposed letters are one
    assert comparable.title_words(text) == comparable.words(expected)


MARKS = [
    ("Evidence in councils", set()),
    ("Erratum to: evidence in councils", {"a correction"}),
    ("Publisher Correction: evidence in councils", {"a correction"}),
    ("Correction of myopia in schools", set()),
    ("Evidence in councils (vol 12, pg 101, 2015)", {"a correction"}),
    ("Retraction notice: evidence in councils", {"a retraction"}),
    ("RETRACTED: Evidence in councils", set()),
    ("Evidence in councils.[Erratum appears in J Counc. 2019]", set()),
    ("Evidence in councils - Reply", {"a reply"}),
    ("Authors' response", {"a reply"}),
    ("The response to evidence in councils", set()),
    ("Comment on: evidence in councils", {"a comment"}),
    ("Letter: evidence in councils", {"a comment"}),
    ("Evidence in councils: study protocol", {"a protocol"}),
    ("NCT01234567: evidence in councils", {"a trial registration"}),
]


@pytest.mark.parametrize(("title", "expected"), MARKS)
def test_marks(title, expected):
    assert comparable.marks(title) == expected


@pytest.mark.parametrize(
    ("journal", "doi", "expected"),
    [
        ("medRxiv", "", {"a preprint"}),
        ("", "10.1101/2020.01.01.1", {"a preprint"}),
        ("Journal of Counties", "10.1/a", set()),
        ("ClinicalTrials.gov", "", {"a trial registration"}),
    ],
)
def test_marks_of_what_it_stands_in(journal, doi, expected):
    assert comparable.marks("Evidence", journal, doi) == expected


NUMBERS = [
    ("part ii", {"2"}),
    ("2nd edition", {"2"}),
    ("the second wave", {"2"}),
    ("part 02", {"2"}),
    ("mix vim civil", set()),
    ("10000 women in 2019", {"10000", "2019"}),
    ("x", {"10"}),
    ("covid19 and 3d", set()),
]


@pytest.mark.parametrize(("title", "expected"), NUMBERS)
def test_numbers(title, expected):
    assert comparable.numbers(title) == expected


PAGES = [
    ("101-110", ("101", "110")),
    ("101-10", ("101", "110")),
    ("S101-S110", ("101", "110")),
    ("pp. 7", ("7", "")),
    ("e0143396", ("143396", "")),
    ("11-Sep", ("", "")),
    ("Nov-19", ("", "")),
    ("Suppl-29", ("", "")),
    ("iv", ("", "")),
    ("", ("", "")),
]


@pytest.mark.parametrize(("text", "expected"), PAGES)
def test_page_numbers(text, expected):
    assert comparable.page_numbers(text) == expected


PLACES = [
    (("12", "3", "1-9"), ("12", "3", "1", "9")),
    (("12", "791", ""), ("12", "", "791", "")),
    (("10 (11) (no pagination)", "e0143396", ""), ("10", "", "143396", "")),
    (("1)", "", "S334"), ("", "", "334", "")),
    (("24 Suppl 3", "", "1"), ("24", "", "1", "")),
    (("vol. 012", "Suppl", "1"), ("12", "suppl", "1", "")),
]


@pytest.mark.parametrize(("told", "expected"), PLACES)
def test_place(told, expected):
    assert comparable.place(*told) == expected


def people(*names: tuple[str, str, str]) -> str:
    return json.dumps([{"family": family, "given": given, "literal": literal} for family, given, literal in names])


NAMES = [
    (people(("Müller-Lüdenscheidt", "H.", "")), {"muller", "ludenscheidt"}, {"muller", "ludenscheidt"}),
    (people(("Smith", "John A.", "")), {"smith"}, {"smith", "john"}),
    (people(("van der Berg", "J", "")), {"berg"}, {"berg"}),
    (people(("", "", "The Evidence Group")), {"evidence", "group"}, {"evidence", "group"}),
    (people(("Wu", "X", "")), {"wu"}, {"wu"}),
    ("", set(), set()),
]


@pytest.mark.parametrize(("authors", "families", "everybody"), NAMES)
def test_names(authors, families, everybody):
    assert comparable.names(json.loads(authors or "[]"))[:2] == (families, everybody)


def test_names_whose_separator_was_lost_are_told_apart():
    families, _, first = comparable.names(json.loads(people(("", "", "Adeli K.Lewis G. F."))))
    assert families >= {"adeli", "lewis"}
    assert "adeli" in first


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'usage des preuves [The use of evidence in county councils]", "the use of evidence in county councils"),
        ("Evidence in councils [short]", ""),
        ("[The use of evidence in county councils]", ""),
    ],
)
def test_other_title(text, expected):
    assert comparable.other_title(text) == expected
