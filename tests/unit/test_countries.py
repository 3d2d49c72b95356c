"""Countries: names as people write them, shapes that stay on the map, a map that shows every one, however small."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from scoping import countries, country_figures
from scoping.codebook import Codebook
from scoping.drawing import world_map
from scoping.drawing.frame import Words
from scoping.tables import Row

WORDS = Words("map", "Title", "How to read it.", "No study has been included yet")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Wales", "GBR"), ("the Netherlands", "NLD"), ("Netherlands", "NLD"), ("USA", "USA"), ("United States", "USA"),
        ("Cote d'Ivoire", "CIV"), ("CÔTE D’IVOIRE", "CIV"), ("Viet Nam", "VNM"), ("Turkey", "TUR"), ("Türkiye", "TUR"),
        ("U.K.", ""), ("UK", "GBR"), ("Czech Republic", "CZE"), ("Ireland", "IRL"), ("Northern Ireland", "GBR"),
        ("Congo", "COG"), ("DR Congo", "COD"), ("Guinea", "GIN"), ("Guinea-Bissau", "GNB"), ("Niger", "NER"),
        ("Australia or New Zealand", ""), ("other European country", ""), ("several", ""), ("no", ""), ("", ""),
        ("St Lucia", "LCA"), ("Kosovo", "XKX"), ("mexico", "MEX"), ("Georgia", "GEO"),
    ],
)  # fmt: skip
def test_a_name_names_one_country_or_none(text: str, code: str) -> None:
    found = countries.find(text)
    assert (found.code if found else "") == code


def test_no_two_countries_share_a_name_or_a_code() -> None:
    rows = countries._rows()
    names = [
        countries._plain(name) for row in rows for name in (row["name"], row["code"], *row["also"].split(";")) if name
    ]
    assert len(names) == len(set(names))
    assert len(countries.table()) == len(rows) == 250
    assert all(re.fullmatch("[A-Z]{3}", code) for code in countries.table())


def test_every_shape_lies_on_the_map_and_none_runs_across_it() -> None:
    for code, outline in countries.shapes():
        assert not code or code in countries.table()
        assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in outline)
        assert max(x for x, _ in outline) - min(x for x, _ in outline) < 170, f"{code} is cut at the antimeridian"


def test_a_country_stands_inside_its_own_shape() -> None:
    """By ray casting, apart from the drawing."""
    shaped = {code for code, _ in countries.shapes() if code}
    outside = []
    for code in shaped:
        place = countries.table()[code]
        x, y = place.longitude, place.latitude
        inside = False
        for own, ring in countries.shapes():
            if own == code:
                for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True):
                    if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                        inside = not inside
        outside += [] if inside else [code]
    assert outside == []


def test_the_projection_has_its_published_proportions() -> None:
    right, top = world_map.equal_earth(180, 0)[0], world_map.equal_earth(0, 90)[1]
    assert right / top == pytest.approx(2.05458, abs=1e-4)
    assert world_map.equal_earth(180, 90)[0] / right == pytest.approx(0.592, abs=2e-3)


def test_even_the_smallest_country_is_on_the_map_and_in_the_list() -> None:
    chart = world_map.world_map({"MCO": 3, "BRA": 2}, [("several", 4)], WORDS, many="studies")
    assert chart.alt == (
        "Title. World map of 2 countries with studies: Monaco 3; Brazil 2. Not placed on the map: several 4."
    )
    said = re.findall(r"<text[^>]*>([^<]*)<", chart.svg.decode())
    assert [said.count(number) for number in ("3", "2")] == [2, 2], "on the map, and below it"
    assert {"Monaco", "Brazil", "Not placed on the map: several 4."} <= set(said)


def codebook(**figures: Any) -> Codebook:
    values = ["Wales", "England", "Denmark", "other country", "several UK nations"]
    code = {"id": "SET1", "family": "f", "label": "Country", "definition": "d", "values": values}
    tier = {"id": "SET2", "family": "f", "label": "Tier", "definition": "d", "values": ["local", "national"]}
    families = [{"id": "f", "label": "F", "text": "t"}]
    return Codebook.model_validate({"version": 1, "families": families, "codes": [code, tier], "figures": figures})


@pytest.fixture
def cells(make: Any) -> list[Row]:
    said = {"S1": "Wales", "S2": "England", "S3": "Denmark", "S4": "other country", "S5": ""}
    found = [make.cell(study, "SET1", "coded" if value else "pending", value=value) for study, value in said.items()]
    return [*found, {**make.cell("S1", "SET1", "coded", value="England"), "model": "2"}]


def test_the_map_counts_studies_once_a_country_and_drops_none(cells: list[Row]) -> None:
    ((chart, rows),) = country_figures.figures(cells, codebook(maps=["SET1"]), "")
    assert chart.name == "countries_SET1"
    assert [(row["country"], row["values"], row["n"], row["ids"]) for row in rows] == [
        ("GBR", "Wales; England", "2", "S1; S2"),
        ("DNK", "Denmark", "1", "S3"),
        ("", "other country", "1", "S4"),
        ("", "several UK nations", "0", ""),
        ("", "not known yet", "1", "S5"),
    ]
    assert "Not placed on the map: other country 1; not known yet 1." in chart.alt
    assert chart.caption.endswith("Studies; n\u00a0=\u00a05.")


def test_a_map_without_studies_says_so() -> None:
    ((chart, rows),) = country_figures.figures([], codebook(maps=["SET1"]), "")
    assert chart.alt.endswith("No study has been included yet.")
    assert {row["n"] for row in rows} == {"0"}


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"maps": ["SET9"]}, "'SET9' is not one of codes; known here: SET1, SET2"),
        ({"maps": ["SET2"]}, "no value of SET2 is a country that is known"),
        ({"links": [{"id": "a", "label": "A", "left": "f", "right": "g"}]}, "'g' is not one of families"),
        ({"links": [{"id": "a", "label": "A", "left": "f", "right": "f"}] * 2}, "as in links[1]; give each its own"),
        ({"mosaics": [{"variable": "mosaic", "by": "SET2"}]}, "'mosaic' is not one of variables of the kind combined"),
    ],
)
def test_figures_of_what_nobody_defined_are_refused(figures: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(told)):
        codebook(**figures)
