"""How a record is named."""

from typing import Any

import pytest

from scoping import citation


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
