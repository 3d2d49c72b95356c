"""Reference lists: how each kind of report is set, in both forms."""

from typing import Any

import pytest

from scoping import references
from scoping.tables import Row, compact


def people(*names: tuple[str, str]) -> str:
    return compact([{"family": family, "given": given, "literal": ""} for family, given in names])


@pytest.fixture
def article(make: Any) -> Row:
    row: Row = make.record(
        "A", title="What works?", year="2021", type="article-journal", journal="Letters", volume="12", issue="3",
        pages="4-9", doi="10.5555/x", authors=people(("Pritchard", "Anna Mae"), ("van Dijk", "J.-P.")),
    )  # fmt: skip
    return row


def apa(row: Row, **changes: str) -> str:
    return references.plain(references.apa({**row, **changes}))


def numbered(row: Row, **changes: str) -> str:
    return references.plain(references.numbered({**row, **changes}))


def test_an_article(article: Row) -> None:
    assert references.plain(references.apa(article, "a")) == (
        "Pritchard, A. M., & van Dijk, J.-P. (2021a). What works? Letters, 12(3), 4–9. https://doi.org/10.5555/x"
    )
    assert [text for text, italic in references.apa(article) if italic] == ["Letters", "12"]
    assert numbered(article) == (
        "Pritchard AM, van Dijk JP. What works? Letters. 2021;12(3):4–9. https://doi.org/10.5555/x"
    )


def test_what_is_not_known_is_not_named(article: Row) -> None:
    bare = {"volume": "", "pages": "", "doi": "", "year": "", "journal": "", "issue": "", "title": "Notes"}
    assert apa(article, **bare) == "Pritchard, A. M., & van Dijk, J.-P. (n.d.). Notes."
    assert numbered(article, **bare) == "Pritchard AM, van Dijk JP. Notes. n.d."
    assert (
        apa(article, authors="[]", title="Notes", journal="", volume="", issue="", pages="", doi="") == "Notes (2021)."
    )
    assert (
        apa(article, volume="", doi="") == "Pritchard, A. M., & van Dijk, J.-P. (2021). What works? Letters, (3), 4–9."
    )
    assert apa(article, title=" ", volume="", issue="", pages="", doi="").endswith("[No title]. Letters.")


def test_parts_of_books_and_reports_that_stand_alone(article: Row) -> None:
    chapter = {"type": "chapter", "journal": "A Book", "publisher": "Hearth", "title": "Part", "doi": ""}
    assert apa(article, **chapter).endswith("(2021). Part. In A Book (pp. 4–9). Hearth.")
    assert " Part. In: A Book. 2021" in numbered(article, **chapter)
    report = {
        "type": "report",
        "journal": "",
        "publisher": "Hearth Trust",
        "url": "https://hearth.example/x",
        "doi": "",
    }
    row = {**article, **report, "title": "A Plan"}
    assert apa(row).endswith("(2021). A Plan [Report]. Hearth Trust. https://hearth.example/x")
    assert ("A Plan", True) in references.apa(row)
    own = {**row, "authors": compact([{"family": "", "given": "", "literal": "Hearth Trust"}])}
    assert apa(own) == "Hearth Trust. (2021). A Plan [Report]. https://hearth.example/x"


def test_many_authors(article: Row) -> None:
    many = people(*((f"Name{n}", "A") for n in range(1, 22)))
    assert apa(article, authors=many).startswith("Name1, A., Name2, A.,")
    assert "Name19, A., … Name21, A. (2021)" in apa(article, authors=many)
    assert "Name20" not in apa(article, authors=many)
    twenty = people(*((f"Name{n}", "A") for n in range(1, 21)))
    assert "Name19, A., & Name20, A. (2021)" in apa(article, authors=twenty)
    assert "Name6 A, et al. What" in numbered(article, authors=many)
    assert "Name6 A. What" in numbered(article, authors=people(*((f"Name{n}", "A") for n in range(1, 7))))


@pytest.mark.parametrize(
    ("given", "dotted", "bare"),
    [
        ("Jean-Paul M", "J.-P. M.", "JPM"), ("JP", "J. P.", "JP"), ("J.P.", "J. P.", "JP"), ("Jo", "J.", "J"),
        ("Øystein", "Ø.", "Ø"), ("晓明", "晓明", "晓明"), ("", "", ""), ("-", "", ""), ("ł.", "Ł.", "Ł"),
    ],
)  # fmt: skip
def test_initials(given: str, dotted: str, bare: str) -> None:
    assert (references.initials(given, dotted=True), references.initials(given, dotted=False)) == (dotted, bare)


def test_what_comes_after_a_name_stays_whole(article: Row) -> None:
    junior = people(("Pritchard", "Anna, Jr."))
    assert apa(article, authors=junior).startswith("Pritchard, A., Jr. (2021)")
    assert numbered(article, authors=junior).startswith("Pritchard A Jr. What works?")


def test_letters_are_those_of_the_tables(make: Any) -> None:
    rows = [make.record(id_, year="2020", title=title) for id_, title in (("A", "B title"), ("B", "A title"))]
    assert references.letters([*rows, make.record("C", year="2021")]) == {"A": "b", "B": "a", "C": ""}


def test_a_list_as_text(article: Row) -> None:
    items = [references.numbered(article)] * 2
    lines = references.text(items, "Made up.", numbered=True).splitlines()
    assert [line[:13] for line in lines] == ["1. Pritchard ", "2. Pritchard ", "", "Made up."]
    assert references.text(items[:1], "", numbered=False).startswith("Pritchard AM")
