"""Links between families and combinations by another code, against a count by hand."""

import re
from typing import Any

import pytest

from scoping import link_figures
from scoping.codebook import Codebook
from scoping.drawing.frame import Words
from scoping.drawing.links import End, links
from scoping.figure_settings import GENERIC
from scoping.tables import Row

WORDS = Words("links", "Title", "How to read it.", "No study reports both")


def book() -> Codebook:
    codes: list[dict[str, Any]] = [
        {"id": id_, "family": family, "label": f"Label {id_}", "definition": "d"}
        for id_, family in (("BAR1", "bar"), ("BAR2", "bar"), ("MEC1", "mec"), ("MEC2", "mec"), ("KNA", "kni"), ("KNB", "kni"), ("MIX", "kni"))
    ]  # fmt: skip
    codes.append({"id": "TIER", "family": "kni", "label": "Tier", "definition": "d", "values": ["local", "national"]})
    return Codebook.model_validate(
        {
            "version": 1,
            "families": [{"id": id_, "label": label, "text": "t"} for id_, label in (("bar", "Barriers"), ("mec", "Mechanisms"), ("kni", "Forms"))],
            "codes": codes,
            "derived": [{"id": "mosaic", "label": "Forms", "kind": "combined", "codes": ["KNA", "KNB"], "joined_by": "MIX"}],
            "figures": {
                "links": [{"id": "barriers", "label": "Barriers and mechanisms", "left": "bar", "right": "mec"}],
                "mosaics": [{"variable": "mosaic", "by": "TIER"}],
            },
        }
    )  # fmt: skip


@pytest.fixture
def cells(make: Any) -> list[Row]:
    """S1 has all; S2 BAR1 and MEC1, one form; S3 no barrier, two forms that were not joined; S4 is open."""
    order = ("BAR1", "BAR2", "MEC1", "MEC2", "KNA", "KNB", "MIX")
    said = {"S1": "yyyyyyy", "S2": "ynynyny", "S3": "nnyyyyn", "S4": "ppppppp"}
    full = {"y": ("coded", "yes"), "n": ("coded", "no"), "p": ("pending", "")}
    found = [
        make.cell(study, code, full[letter][0], value=full[letter][1])
        for study, letters in said.items()
        for code, letter in zip(order, letters, strict=True)
    ]
    tier = {"S1": "local", "S2": "local", "S3": "national", "S4": ""}
    return found + [make.cell(s, "TIER", "coded" if value else "pending", value=value) for s, value in tier.items()]


def test_links_by_hand(cells: list[Row]) -> None:
    (chart, rows), _ = link_figures.figures(cells, book(), "")
    assert {(row["code"], row["with"]): row["ids"] for row in rows} == {
        ("BAR1", "MEC1"): "S1; S2", ("BAR1", "MEC2"): "S1", ("BAR2", "MEC1"): "S1", ("BAR2", "MEC2"): "S1",
        ("BAR1", ""): "S1; S2", ("BAR2", ""): "S1", ("MEC1", ""): "S1; S2; S3", ("MEC2", ""): "S1; S3",
    }  # fmt: skip
    assert "Label BAR1 (2) with Label MEC1 2, Label MEC2 1; Label BAR2 (1) with" in chart.alt
    assert "which is no effect of the one on the other" in chart.caption
    assert chart.caption.endswith("Studies; n\u00a0=\u00a04.")


def test_the_mosaic_by_hand(cells: list[Row]) -> None:
    _, (chart, rows) = link_figures.figures(cells, book(), "")
    found = {(row["mosaic"], row["value"]): row["ids"] for row in rows if row["ids"]}
    assert found == {
        ("combined", "local"): "S1", ("single", "local"): "S2", ("listed", "national"): "S3",
        ("not known yet", "not known yet"): "S4",
    }  # fmt: skip
    assert len(rows) == 5 * 3
    assert chart.name == "mosaic_mosaic_by_TIER"


def test_nothing_to_link_is_said(cells: list[Row]) -> None:
    (nobody, _), (empty, _) = link_figures.figures([], book(), "")
    assert nobody.alt.endswith("No study has been included yet.")
    assert empty.alt.endswith("No study has been included yet.")
    apart = [row for row in cells if row["study_id"] == "S3"]
    (chart, rows), _ = link_figures.figures(apart, book(), "")
    assert chart.alt.endswith("No study reports a code of both families.")
    assert {row["n"] for row in rows if row["with"]} == {"0"}


def test_a_code_without_a_link_is_named() -> None:
    chart = links([End("a", "A", 3), End("b", "B", 2)], [End("c", "C", 3)], {("a", "c"): 3}, WORDS, heads=("L", "R"))
    assert chart.alt.endswith("Without a link here: B (2).")
    assert "Without a link here: B (2)." in chart.svg.decode()


def test_bands_are_as_thick_as_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    from scoping.drawing.page import Page

    thick = []
    monkeypatch.setattr(Page, "outline", lambda page, points, **_: thick.append(points[-1][1] - points[0][1]))
    links([End("a", "A", 9)], [End("c", "C", 9), End("d", "D", 3)], {("a", "c"): 8, ("a", "d"): 2}, WORDS, heads=("L", "R"))  # fmt: skip
    assert thick[0] == pytest.approx(4 * thick[1])


def test_what_is_left_out_are_the_rarest_links() -> None:
    left, right = ([End(f"{side}{at}", f"{side}{at}", 90) for at in range(12)] for side in "ab")
    counts = {(a.id, b.id): 1 + i * 12 + j for i, a in enumerate(left) for j, b in enumerate(right)}
    chart = links(left, right, counts, WORDS, heads=("L", "R"))
    (rest,) = re.findall(r"… and ([\d,]+) more links, in the data", chart.svg.decode())
    shown = [int(n) for n in re.findall(r">(\d+)</text>", chart.svg.decode())]
    assert sorted(shown) == list(range(int(rest) + 1, 145))
    assert f"And {rest} more links, in the data of this figure." in chart.alt
    assert (
        GENERIC.height - 30
        < float(re.search(r'height="([\d.]+)pt', chart.svg.decode())[1]) * 25.4 / 72
        <= GENERIC.height
    )  # type: ignore[index]
