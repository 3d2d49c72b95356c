"""How a record is named."""

from typing import Any

import pytest

from scoping import citation
from scoping.tables import compact


@pytest.mark.parametrize(
    ("authors", "year", "expected"),
    [
        ((), "2020", "[no author] 2020"),
        (("Marsh",), "", "Marsh n.d."),
        (("Marsh", "Nowak"), "2021", "Marsh and Nowak 2021"),
        (("Marsh", "Nowak", "Prys"), "2021", "Marsh et al. 2021"),
    ],
)
def test_short(make: Any, authors: tuple[str, ...], year: str, expected: str) -> None:
    assert citation.short(make.record("A", authors=make.authors(*authors), year=year)) == expected


def test_equal_citations_are_told_apart_by_title(make: Any) -> None:
    rows = [make.record(id_, title=title, year="2020") for id_, title in (("A", "Zebra"), ("B", "Ant"), ("C", "Bee"))]
    rows.append(make.record("D", year="2021"))
    assert citation.shorts(rows) == {"A": "Marsh 2020c", "B": "Marsh 2020a", "C": "Marsh 2020b", "D": "Marsh 2021"}
    many = [make.record(f"R{number:03}", title=f"{number:03}", year="2020") for number in range(30)]
    assert [citation.shorts(many)[f"R{number:03}"][-2:] for number in (0, 25, 26, 29)] == ["0a", "0z", "aa", "ad"]


@pytest.mark.parametrize(
    ("doi", "url", "expected"),
    [
        ("10.5555/x", "http://a.example", "https://doi.org/10.5555/x"),
        ("", "http://a.example", "http://a.example"),
        ("", "javascript:alert(1)", ""),
        ("", "", ""),
    ],
)
def test_link(make: Any, doi: str, url: str, expected: str) -> None:
    assert citation.link(make.record("A", doi=doi, url=url)) == expected


def test_container(make: Any) -> None:
    full = make.record("A", journal="J", volume="3", issue="2", pages="1-9")
    assert citation.container(full) == "J 3(2): 1-9"
    assert citation.container(make.record("A", publisher="P")) == "P"


def test_sorting_ignores_accents(make: Any) -> None:
    rows = [make.record(name, authors=make.authors(name)) for name in ("Zorn", "Ångström", "Íñiguez", "Bell")]
    assert [row["record_id"] for row in sorted(rows, key=citation.sort_key)] == ["Ångström", "Bell", "Íñiguez", "Zorn"]


def people(*names: tuple[str, str, str]) -> str:
    return compact([{"family": family, "given": given, "literal": literal} for family, given, literal in names])


def test_authors(make: Any) -> None:
    row = make.record("A", authors=people(("Marsh", "Ann", ""), ("Novak", "", ""), ("", "", "The Group")))
    assert citation.authors(row) == "Marsh, Ann; Novak; The Group"
    assert citation.names(row) == "Marsh et al."
    assert citation.names({**row, "authors": people(("", "", "The Group"))}) == "The Group"
    assert citation.authors({**row, "authors": ""}) == ""


def test_names_within_a_limit(make: Any) -> None:
    row = make.record("A", authors=make.authors("Marsh", "Novak"))
    assert citation.names(row, most=1) == "Marsh et al."
    assert citation.names(row, most=2) == "Marsh and Novak"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"journal": "J", "publisher": "P"}, "J"),
        ({"journal": "J", "volume": "3"}, "J 3"),
        ({"journal": "J", "issue": "2"}, "J"),
        ({"journal": "J", "pages": "1-9"}, "J: 1-9"),
        ({}, ""),
    ],
)
def test_containers(make: Any, fields: dict[str, str], expected: str) -> None:
    assert citation.container(make.record("A", **fields)) == expected


@pytest.mark.parametrize(
    ("kind", "words"),
    [("article", "preprint"), ("thesis", "thesis"), ("motion_picture", "motion picture"), ("", "type not given")],
)
def test_kind(make: Any, kind: str, words: str) -> None:
    assert citation.kind(make.record("A", type=kind)) == words


def test_sorting_goes_on_by_year_title_and_id(make: Any) -> None:
    rows = [
        make.record(id_, year=year, title=title)
        for id_, year, title in (("B", "2020", "x"), ("A", "2020", "X"), ("C", "2019", "z"), ("D", "2020", "a"))
    ]
    assert [row["record_id"] for row in sorted(rows, key=citation.sort_key)] == ["C", "D", "A", "B"]
