"""Charts: the numbers drawn and told are those given; nothing stands on anything else; the same bytes twice."""

import itertools
import re
import struct
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from scoping.drawing import charts, crossing, fonts, frame, style
from scoping.drawing.charts import Chart, Column, feature_matrix, publications_per_year

SVG = "{http://www.w3.org/2000/svg}"
NOTICE = "Synthetic demonstration: no study, author or journal named here exists."
YEARS = {
    2015: {"journal article": 1},
    2016: {"journal article": 2, "report": 1},
    2019: {"journal article": 3, "thesis": 1},
}
LABELS = (
    "Trust",
    "Relationship building",
    "Sustained or iterative interaction",
    "Co-location of a very long kind " * 3,
)


def texts(chart: Chart) -> list[str]:
    return [element.text or "" for element in ET.fromstring(chart.svg).iter(f"{SVG}text")]


def columns(count: int) -> list[Column]:
    return [Column(f"C{i}", f"{LABELS[i % 4].strip()} {i}", ("Relationships", "Integration of forms of knowledge", "Context")[i * 3 // count]) for i in range(count)]  # fmt: skip


def rows(count: int) -> list[str]:
    long = ["Ministry of Housing, Communities and Local Government of the United Kingdom 2019", "Bundesministeriumfürirgendetwasganzlangesundunaussprechliches 2020"]  # fmt: skip
    return [long[i] if i < len(long) and count > 2 else f"Pritchard et al. {2000 + i}" for i in range(count)]


def cells(studies: list[str], codes: list[Column]) -> dict[tuple[str, str], str]:
    values = itertools.cycle(("yes", "no", "unclear", "not coded", "yes"))
    return {
        (row, code.id): value for (row, code), value in zip(itertools.product(studies, codes), values, strict=False)
    }


def test_years_tell_every_number_and_gap() -> None:
    chart = publications_per_year(YEARS, kinds=["journal article", "report", "thesis"], notice=NOTICE, undated=2)
    assert chart.name == "publications_per_year"
    assert chart.alt == (
        "Stacked bars of included reports by year of publication, 2015 to 2019, n = 8. "
        "By type: journal article 6, report 1, thesis 1. By year: 2015: 1 (journal article 1); "
        "2016: 3 (journal article 2, report 1); 2019: 4 (journal article 3, thesis 1). "
        "2 years between them had no report. 2 reports without a year not shown."
    )
    drawn = texts(chart)
    assert {"journal article (n\u00a0=\u00a06)", "report (n\u00a0=\u00a01)", "thesis (n\u00a0=\u00a01)", NOTICE} <= set(
        drawn
    )
    assert {"2015", "2016", "2017", "2018", "2019"} <= set(drawn)
    assert "Year of publication (2 reports without a year not shown)" in drawn


def test_kinds_that_were_not_named_are_drawn_all_the_same() -> None:
    chart = publications_per_year({2020: {"": 1, "preprint": 2}}, kinds=[])
    assert {"no type (n\u00a0=\u00a01)", "preprint (n\u00a0=\u00a02)"} <= set(texts(chart))
    assert "n = 3" in chart.alt


@pytest.mark.parametrize("counts", [{}, {2020: {}}, {2020: {"report": 0}}])
def test_no_report_is_said(counts: dict[int, dict[str, int]]) -> None:
    chart = publications_per_year(counts, kinds=["report"])
    assert "No report has been included yet" in texts(chart)
    assert chart.alt.endswith("No report has been included yet.")


def test_bars_stand_below_the_legend_and_within_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = []

    def keep(page: charts.Page, name: str, caption: str, notice: str, side: float) -> Chart:
        pages.append(page)
        return Chart(name, b"", b"", b"", b"", page.alt, caption)

    monkeypatch.setattr(charts, "finish", keep)
    kinds = [f"type of report with a long name, number {i}" for i in range(10)]
    publications_per_year({y: dict.fromkeys(kinds, 1234) for y in range(1990, 2024)}, kinds=kinds, notice=NOTICE)
    (page,) = pages
    figure = page.figure
    with style.house():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        data = figure.axes[1].get_tightbbox(renderer)
        legend = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    assert data.x0 >= 0
    assert data.y0 >= 0
    assert data.x1 <= figure.bbox.x1
    assert all(box.y0 > data.y1 and box.x1 <= figure.bbox.x1 for box in legend)


def test_every_kind_has_a_look_of_its_own() -> None:
    looks = [style.fill(number) for number in range(64)]
    assert len(set(looks)) == 64
    assert len({hatch for _, hatch in looks[:8]}) == 8


def test_matrix_counts_yes_under_each_column_and_tells_all() -> None:
    studies, codes = rows(8), columns(5)
    given = cells(studies, codes)
    del given[studies[0], "C3"]  # was "not coded"; a missing cell is the same
    chart = feature_matrix(studies, codes, given, notice=NOTICE)
    drawn = texts(chart)
    assert drawn[-6:-1] == [str(sum(given.get((s, c.id)) == "yes" for s in studies)) for c in codes]
    assert drawn[-1] == NOTICE
    assert "Yes, of 8 studies" in " ".join(drawn)
    assert {"Relationships", "Context", "yes", "unclear", "no", "not coded yet", "Study"} <= set(drawn)
    for code in codes:
        part = chart.alt.split(f"{code.label}: ")[1].split(";")[0]
        assert sum(map(int, re.findall(r"\d+", part))) == 8
    assert chart.alt.startswith("Matrix of 8 studies by 5 codes. Trust 0: yes")


def test_matrix_names_its_unit() -> None:
    chart = feature_matrix(["Nowak 2021"], columns(3), {("Nowak 2021", "C0"): "yes"}, unit="report")
    assert chart.alt == (
        f"Matrix of 1 report by 3 codes. Trust 0: yes 1; {columns(3)[1].label}: not coded 1; "
        f"{columns(3)[2].label}: not coded 1."
    )
    assert {"Report", "Yes, of 1 report"} <= set(texts(chart))


@pytest.mark.parametrize(("height", "width"), [(0, 17), (3, 0), (0, 0)])
def test_an_empty_matrix_is_drawn(height: int, width: int) -> None:
    studies, codes = rows(height), columns(width)
    chart = feature_matrix(studies, codes, {}, notice=NOTICE)
    assert ("No study has been included yet" in texts(chart)) == (height == 0)


def test_a_value_without_a_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="no mark for 'maybe'"):
        feature_matrix(["a"], columns(1), {("a", "C0"): "maybe"})


@pytest.mark.parametrize("height", [1, 8, 40, 60])
@pytest.mark.parametrize("width", [1, 5, 17, 30, 40])
def test_matrix_leaves_room_for_everything(height: int, width: int) -> None:
    plan = crossing.crossing(rows(height), columns(width))
    step = fonts.line_height(style.SMALL)
    assert plan.right <= plan.width
    assert all(fonts.width(text, style.SMALL) <= plan.left - crossing.EDGE for label in plan.labels for text in label)
    assert all(fonts.width(text, style.SMALL) <= crossing.MOST_HEAD for head in plan.heads for text in head)
    for (x1, head1), (x2, head2) in itertools.pairwise(zip(plan.xs, plan.heads, strict=True)):
        assert x2 - x1 >= (len(head1) + len(head2)) / 2 * step, (head1, head2)
        assert x2 - x1 > 2.1 * min(plan.pitch, crossing.STEP) * 0.33
    for group in plan.groups:
        assert all(fonts.width(text, style.SMALL, True) <= group.width for text in group.heading)
    for a, b in itertools.pairwise(plan.groups):
        assert a.x + a.width < b.x
    assert [word for head in plan.heads for text in head for word in text.split()] == [
        word for code in plan.columns for word in code.label.split()
    ]


def test_a_large_matrix_is_drawn() -> None:
    studies, codes = rows(40), columns(30)
    chart = feature_matrix(studies, codes, cells(studies, codes))
    assert chart.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("wide", [40.0, 79.0, 174.0])
def test_legend_stays_in_its_room(wide: float) -> None:
    keys = [frame.Key("x" * length + " some words more") for length in (1, 30, 70, 5, 5, 120, 2)]
    places = frame._places(keys, wide)
    lines: dict[int, float] = {}
    for x, line, words in places:
        right = x + frame.SWATCH + frame.SWATCH_GAP + max(fonts.width(word, style.SMALL) for word in words)
        assert right <= wide + 1e-6
        for own in range(line, line + len(words)):
            assert x >= lines.get(own, 0.0)
            lines[own] = right
    assert max(lines) + 1 == pytest.approx(frame.legend_height(keys, wide) / frame.LEGEND_STEP)


def test_files_have_sizes_fonts_and_descriptions() -> None:
    chart = publications_per_year(YEARS, kinds=["journal article"], notice=NOTICE)
    width, _ = struct.unpack(">II", chart.png[16:24])
    assert width == int(85 / 25.4 * 300)
    assert b"LiberationSans" in chart.pdf
    assert b"FontFile2" in chart.pdf
    assert b"CreationDate" not in chart.pdf
    root = ET.fromstring(chart.svg)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}desc") == chart.alt
    assert b"scoping Liberation" not in chart.svg
    assert b"scoping DejaVu" not in chart.svg
    assert b"dc:date" not in chart.svg


def test_a_very_long_page_gets_a_smaller_png() -> None:
    with style.house():
        page = charts.Page(100, 5000, title="t", alt="a")
        _, height = struct.unpack(">II", page.png()[16:24])
    assert height <= style.MOST_PIXELS


def test_same_bytes_whatever_the_settings() -> None:
    studies, codes = rows(3), columns(5)

    def both() -> tuple[Chart, Chart]:
        return (
            publications_per_year(YEARS, kinds=["report", "thesis"]),
            feature_matrix(studies, codes, cells(studies, codes)),
        )

    first = both()
    with mpl.rc_context({"font.size": 20, "axes.grid": True, "hatch.color": "red", "svg.fonttype": "path"}):
        assert both() == first


def test_hostile_text_survives_as_text() -> None:
    hostile = [
        "<script>alert(1)</script>",
        "]]> & \"'",
        "$x^2$ 2020",
        "日本語 2020",
        "nul\x00 \ud800",
        "__init__ {0} %s",
    ]
    codes = [Column(text, text, text) for text in hostile]
    for chart in (
        feature_matrix(hostile, codes, {(hostile[0], hostile[0]): "yes"}, notice=hostile[1]),
        publications_per_year({2020: dict.fromkeys(hostile, 1)}, kinds=hostile, notice=hostile[1]),
    ):
        assert b"<script" not in chart.svg
        joined = "\n".join(texts(chart))
        for text in (
            "<script>alert(1)</script>",
            "]]> & \"'",
            "$x^2$ 2020",
            "日本語",
            "nul\ufffd \ufffd",
            "__init__ {0} %s",
        ):
            assert text in joined
