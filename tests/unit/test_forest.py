"""The forest plot: every mark where its number is, no line outside the page, the same bytes each time."""

import re
from xml.etree import ElementTree

import pytest

from scoping.drawing import fonts, style
from scoping.drawing.forest import Line, Mark, Section, _cut, _plan, forest
from scoping.drawing.frame import Chart
from scoping.figure_settings import GENERIC

SVG = "{http://www.w3.org/2000/svg}"
TALLEST = GENERIC.height
MEASURES = ("Raw agreement", "AC1", "Kappa")


def drawn(sections: list[Section], measures: tuple[str, ...] = MEASURES, notice: str = "Synthetic.") -> Chart:
    words = {"title": "Agreement", "axis": "Agreement", "note": "n: items", "empty": "Nothing to compare yet"}
    return forest(sections, measures, name="agreement", notice=notice, **words)


def lines(number: int, n: int = 20) -> tuple[Line, ...]:
    mark = Mark(0.8, 0.7, 0.9)
    return tuple(Line(f"Group {at}", n + at, (mark, Mark(0.5), None)) for at in range(number))


def texts(chart: Chart) -> list[str]:
    root = ElementTree.fromstring(chart.svg)
    return ["".join(element.itertext()).strip() for element in root.iter(f"{SVG}text")]


def size(chart: Chart) -> tuple[float, float]:
    root = ElementTree.fromstring(chart.svg)
    width, height = (float(root.get(name, "").removesuffix("pt")) * 25.4 / 72 for name in ("width", "height"))
    return width, height


def test_all_lines_their_n_and_the_notice_stand_in_the_figure() -> None:
    chart = drawn([Section("Screening", "", lines(2, 1200)), Section("Screening", "By batch", lines(3))])
    said = texts(chart)
    assert said.count("Screening") == 1
    for text in ("By batch", "Group 0", "Group 2", "1,200", "21", "Raw agreement", "AC1", "Kappa", "n", "Synthetic."):
        assert text in said, text
    assert size(chart)[0] == pytest.approx(180, abs=0.1)
    assert chart.png.startswith(b"\x89PNG")
    assert chart.pdf.startswith(b"%PDF")


def test_the_same_bytes_each_time() -> None:
    sections = [Section("Screening", "", lines(5)), Section("Coding", "By code", lines(9))]
    first, second = drawn(sections), drawn(sections)
    assert (first.svg, first.pdf, first.png) == (second.svg, second.pdf, second.png)
    assert drawn([Section("Screening", "", lines(4))]).svg != first.svg


@pytest.mark.parametrize(("low", "begins"), [(0.3, 0.0), (-0.05, -0.2), (-0.2, -0.2), (-0.61, -0.8), (-1.0, -1.0)])
def test_the_axis_holds_every_limit(low: float, begins: float) -> None:
    plan = _plan([Section("S", "", (Line("x", 3, (Mark(0.9, low, 1.0),)),))], TALLEST, GENERIC.page)
    assert plan.lowest == pytest.approx(begins)
    right = GENERIC.page - 14
    assert plan.left <= plan.x(low) < plan.x(0.9) < plan.x(1.0) == pytest.approx(right)


def test_long_lists_stay_on_a_page_and_say_what_is_left_out() -> None:
    many = (*lines(150), Line("The fewest", 1, (Mark(0.1), None, None)))
    chart = drawn([Section("Screening", "", lines(2)), Section("Coding", "By code", many)])
    assert size(chart)[1] <= TALLEST + 0.1
    said = texts(chart)
    (rest,) = [text for text in said if "more, in the data" in text]
    left = int(re.sub(r"\D", "", rest))
    assert sum(text.startswith("Group ") for text in said) == 2 + 151 - left
    assert "The fewest" not in said
    assert "Group 149" in said, "those with the most items stay"
    assert f"{len(many)} groups, Raw agreement from 0.10 (The fewest) to 0.80 (Group 0)" in chart.alt


def test_minor_sections_are_cut_first() -> None:
    batches, codes = Section("Coding", "By batch", lines(30), minor=True), Section("Coding", "By code", lines(40))
    plan = _plan([batches, codes], TALLEST, GENERIC.page)
    shown = sum(row.kind == "line" for row in plan.rows)
    assert 44 < shown < 70, "all codes, and the batches that fit"
    rest = [row.words[0] for row in plan.rows if row.kind == "rest"]
    assert rest == [f"… and {70 - shown} more, in the data of this figure"]
    assert plan.height <= TALLEST
    both = _plan([batches, codes], 100, GENERIC.page)
    assert sum(row.kind == "rest" for row in both.rows) == 2
    assert both.height <= 100
    assert sum(row.kind == "line" for row in _plan([batches, codes], 1, GENERIC.page).rows) == 2, "a line of each stays"


def test_what_is_cut_keeps_its_order() -> None:
    unsorted = tuple(Line(name, n, ()) for name, n in (("a", 5), ("b", 9), ("c", 1), ("d", 9), ("e", 5)))
    cut = _cut(Section("S", "h", unsorted), 3)
    assert [line.label for line in cut.lines] == ["a", "b", "d"]
    assert cut.left_out == 2
    assert _cut(cut, 3) is cut


def test_what_is_not_defined_is_said_and_not_drawn() -> None:
    chart = drawn([Section("Screening", "", (Line("All", 0, (None, None, None)),))])
    assert "All, n = 0: Raw agreement not defined, AC1 not defined, Kappa not defined" in chart.alt
    full = drawn([Section("Screening", "", (Line("All", 0, (Mark(0.5, 0.4, 0.6), Mark(0.5), Mark(0.5))),))])
    assert "Raw agreement 0.50 (0.40 to 0.60), AC1 0.50, Kappa 0.50" in full.alt
    assert full.svg.count(b"<path") > chart.svg.count(b"<path")


def test_long_and_hostile_labels_stay_in_their_column() -> None:
    label = "<script>alert(1)</script> $x_1$ " + "Wortungetüm" * 12
    chart = drawn([Section("Screening", "By code", (Line(label, 3, (Mark(0.9, 0.1, 1.0), None, None)),))])
    inside = [text for text in texts(chart) if "Wortung" in text or "script" in text]
    assert len(inside) > 2
    assert all(fonts.width(text, style.SMALL) <= 64.01 for text in inside)
    assert "$x_1$" in " ".join(inside)


def test_without_a_line_the_figure_says_so() -> None:
    chart = drawn([Section("Screening", "", ())])
    assert "Nothing to compare yet" in texts(chart)
    assert chart.alt == "Agreement. Nothing to compare yet."


def test_there_are_marks_for_three_measures() -> None:
    with pytest.raises(ValueError, match="marks for 3 measures, not for 4"):
        drawn([], ("a", "b", "c", "d"))
