"""The flow diagram: nothing overlaps, sticks out or misses its box, and the numbers drawn are those given."""

import itertools
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter

import matplotlib as mpl
import pytest

from scoping import diagram
from scoping.config import Review
from scoping.drawing import flow_layout, flow_render, fonts, geometry
from scoping.drawing.flow import Box, Flow, Line, n
from scoping.drawing.flow_grid import BLUE, GOLD, GREY, WHITE
from scoping.drawing.flow_layout import PAD_X, TooNarrow, layout
from scoping.drawing.geometry import Layout, Shape
from scoping.errors import ScopingError
from scoping.figure_settings import GENERIC
from scoping.prisma import TITLED, UNITS, UPDATED, Boxes

SVG = "{http://www.w3.org/2000/svg}"
SHORT = ("Scopus", "Web of Science Core Collection", "Library")
DATABASES = tuple(f"Very long database name with a platform, number {i} (Ovid)" for i in range(1, 10))
REASONS = tuple(
    f"Reason {i}: the report did not describe a relationship between researchers and local-government officers"
    for i in range(1, 13)
)
GROUNDS = (BLUE, GOLD, GREY, WHITE)
NOTICE = "Synthetic demonstration: no study, author or journal named here exists."


def _box(key: str, label: str, count: int, *items: tuple[str, int]) -> Box:
    listed = (Line(f"{name} {n(k)}", indent=1) for name, k in items)
    return Box(key, (Line(label, bold=True), Line(n(count)), *listed))


def make(
    *, other: bool = False, updated: bool = False, many: bool = False, draft: str = "", zero: bool = False,
    notice: str = "",
) -> Flow:  # fmt: skip
    numbers = itertools.repeat(0) if zero else itertools.count(1001)
    databases, reasons = (DATABASES, REASONS) if many else (SHORT, REASONS[:2])
    boxes = [
        _box("identified", "Records identified from:", next(numbers), *((d, next(numbers)) for d in databases)),
        Box(
            "removed",
            (
                Line("Records removed before screening:", bold=True),
                Line(f"Records marked as ineligible by automation tools {n(next(numbers))}"),
            ),
        ),
        _box("screened", "Records screened", next(numbers)),
        _box("excluded", "Records excluded", next(numbers)),
        _box("sought", "Reports sought for retrieval", next(numbers)),
        _box("not_retrieved", "Reports not retrieved", next(numbers)),
        _box("assessed", "Reports assessed for eligibility", next(numbers)),
        _box("reports_excluded", "Reports excluded:", next(numbers), *((r, next(numbers)) for r in reasons)),
        _box("included", "Studies included in review", next(numbers)),
    ]
    if other:
        boxes += [
            _box("other_identified", "Records identified from:", next(numbers), ("Websites", next(numbers))),
            _box("other_sought", "Reports sought for retrieval", next(numbers)),
            _box("other_not_retrieved", "Reports not retrieved", next(numbers)),
            _box("other_assessed", "Reports assessed for eligibility", next(numbers)),
            _box("other_excluded", "Reports excluded:", next(numbers), *((r, next(numbers)) for r in reasons)),
        ]
    if updated:
        boxes += [
            _box("previous", "Studies included in previous version of review", next(numbers)),
            _box("total", "Total studies included in review", next(numbers)),
        ]
    notes = ("A footnote that is long enough to need more than one line of the diagram, whatever its width is. " * 2,)
    return Flow(
        boxes={box.key: box for box in boxes}, footnotes=notes, draft=draft, notice=notice, title="Flow", alt="In words."
    )  # fmt: skip


def real(
    *, other: bool = False, updated: bool = False, titled: bool = False, start: int = 1_234_567, draft: bool = False,
    wording: str = "studies", empty: bool = False,
) -> Flow:  # fmt: skip
    """A diagram of what a review has: nine databases, twelve long reasons, none folded, lines of its own; huge numbers.

    `empty`: nothing is there but the sources. Ids are not made: a range is as long as a set of ids.
    """
    kinds = (
        ["database"] * 9
        + ["register"]
        + (["website", "organisation", "citation_searching", "contact"] if other else [])
    )
    names = [*DATABASES, "A register of trials", "Web searches", "An organisation", "Forward and backward", "Contacts"]
    sources = {
        f"s{at}": {"name": name, "kind": kind, "files": [f"{at}.ris"]}
        for at, (name, kind) in enumerate(zip(names, kinds, strict=False))
    }
    reasons = {f"r{at}": label for at, label in enumerate(REASONS)}
    person = {"mode": "single", "people": ["anna"]}
    review = Review.model_validate(
        {
            "title": "A review",
            "question": dict.fromkeys(("text", "population", "concept", "context"), "x"),
            "sources": sources,
            "criteria": {
                "include": [{"id": "i", "text": "x"}],
                "exclude": [{"id": id_, "label": label, "text": "x"} for id_, label in reasons.items()],
            },
            "people": {"anna": {}},
            "stages": {
                "duplicates": {"people": ["anna"]}, "title_abstract": person, "full_text": person, "coding": person,
                **({"title": person} if titled else {}),
            },
            "seed": 7,
            "report": {"wording": wording, "reasons": 100},
            **({"previous": {"citation": "The authors. The first version. Journal 2020."}} if updated else {}),
        }
    )  # fmt: skip
    units = UNITS | (TITLED if titled else {}) | (UPDATED if updated else {})
    waiting = [box for box in units if "awaiting" in box]
    found = {}
    for at, box in enumerate(box for box in units if not empty and (draft or box not in waiting)):
        lines = {
            "identified": sources,
            "other_identified": sources,
            "reports_excluded": reasons,
            "other_excluded": reasons,
        }
        found[box] = {line: range(start + at) for line in lines.get(box, [""])}
    if not empty:
        found["included_reports_of_which"] = {"Reports outside journals and books, of any kind whatever": range(start)}
    else:
        found = {box: {} for box in units}
    return diagram.flow(Boxes(found), review)


VARIANTS = {
    "plain": make(),
    "titled": real(titled=True, start=12),
    "titled_empty": real(titled=True, empty=True),
    "empty": real(empty=True),
    "huge": real(),
    "huge_draft": real(titled=True, draft=True, wording="sources of evidence"),
    "huge_other": real(other=True, titled=True),
    "huge_updated": real(updated=True, titled=True, wording="sources of evidence"),
    "huge_updated_other": real(updated=True, other=True, titled=True, draft=True),
    "zero": make(zero=True),
    "many": make(many=True),
    "draft": make(draft="12 records to be screened and 3 reports to be assessed", notice=NOTICE),
    "other": make(other=True, notice=NOTICE),
    "all": make(other=True, many=True, draft="1 report to be assessed", notice=NOTICE),
    "updated": make(updated=True),
    "updated_other": make(updated=True, other=True, many=True, draft="1 report to be assessed", notice=NOTICE),
}
ARMS = {name: 2 + 2 * ("other" in name or name == "all") + ("updated" in name) for name in VARIANTS}  # columns of boxes


def _boxes(placed: Layout) -> dict[str, Shape]:
    return {shape.key: shape for shape in placed.shapes if shape.kind == "box"}


def _overlap(a: Shape, b: Shape) -> bool:
    return a.x < b.right - 1e-6 and b.x < a.right - 1e-6 and a.y < b.bottom - 1e-6 and b.y < a.bottom - 1e-6


def _on_edge(shape: Shape, x: float, y: float) -> bool:
    def near(a: float, b: float) -> bool:
        return abs(a - b) < 1e-6

    beside = (near(x, shape.x) or near(x, shape.right)) and shape.y < y < shape.bottom
    above = (near(y, shape.y) or near(y, shape.bottom)) and shape.x < x < shape.right
    return beside or above


def _crosses(shape: Shape, a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Whether a level or upright line runs through the inside of a box."""
    (left, right), (top, bottom) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    beside = right <= shape.x + 1e-6 or left >= shape.right - 1e-6
    return not beside and top < shape.bottom - 1e-6 and bottom > shape.y + 1e-6


SIZES = [
    (name, width, pt)
    for name in VARIANTS
    for width in (100.0, 130.0, 170.0, 180.0, 247.0)
    for pt in (7.0, 8.0, 9.0, 10.0)
    if width / ARMS[name] > (4.9 if "huge" in name else 4.4) * pt  # the refusal of narrow ones has a test of its own
]


@pytest.mark.parametrize(("name", "width", "pt"), SIZES)
def test_nothing_sticks_out_overlaps_or_misses(name: str, width: float, pt: float) -> None:
    placed = layout(VARIANTS[name], width_mm=width, pt=pt)
    for shape in placed.shapes:
        assert shape.x >= 0
        assert shape.right <= placed.width + 1e-6
        assert shape.bottom <= placed.height + 1e-6
        for text in shape.texts:
            if text.rotate:
                assert fonts.width(text.text, text.pt, text.bold) <= shape.height
                continue
            long = fonts.width(text.text, text.pt, text.bold)
            left = text.x - (long / 2 if text.anchor == "middle" else 0)
            assert left >= shape.x + PAD_X - 1e-6
            assert left + long <= shape.right - PAD_X + 1e-6
            assert shape.y < text.y < shape.bottom
    for a, b in itertools.combinations(placed.shapes, 2):
        assert not _overlap(a, b), (a.key, b.key)
    for note in placed.notes:
        assert note.x + fonts.width(note.text, note.pt, note.bold) <= placed.width
        assert max(shape.bottom for shape in placed.shapes) < note.y < placed.height


@pytest.mark.parametrize("name", VARIANTS)
def test_arrows_end_on_the_edges_of_their_boxes_and_cross_none(name: str) -> None:
    placed = layout(VARIANTS[name])
    boxes = _boxes(placed)
    for arrow in placed.arrows:
        assert _on_edge(boxes[arrow.start], *arrow.points[0]), arrow
        assert _on_edge(boxes[arrow.end], *arrow.points[-1]), arrow
        assert arrow.head()[0] == arrow.points[-1]
        for a, b in itertools.pairwise(arrow.points):
            for shape in boxes.values():
                assert not _crosses(shape, a, b), (arrow, shape.key)
    assert {arrow.end for arrow in placed.arrows} == set(boxes) - {"identified", "other_identified", "previous"}


@pytest.mark.parametrize("name", VARIANTS)
def test_numbers_drawn_are_the_numbers_given(name: str) -> None:
    flow = VARIANTS[name]
    root = ET.fromstring(flow_render.to_svg(layout(flow)))
    drawn = {
        group.get("id", ""): "\n".join(t.text or "" for t in group.iter(f"{SVG}text")) for group in root.iter(f"{SVG}g")
    }
    for key, box in flow.boxes.items():
        given = Counter(re.findall(r"\(n\u00a0=\u00a0[\d,]+\)", " ".join(line.words for line in box.lines)))
        assert Counter(re.findall(r"\(n\u00a0=\u00a0[\d,]+\)", drawn[f"box-{key}"])) == given
        assert drawn[f"box-{key}"].replace("\n", " ") == " ".join(line.words for line in box.lines)


def test_counts_have_separators_and_do_not_break() -> None:
    assert n(1234) == "(n\u00a0=\u00a01,234)"
    assert fonts.wrap(f"Scopus {n(1234)}", 10, 8) == ["Scopus", n(1234)]


def test_default_widths() -> None:
    assert layout(make()).width == 130
    assert layout(make(other=True)).width == 180
    assert layout(make(updated=True)).width == 170
    assert layout(make(updated=True, other=True)).width == 247


def test_a_diagram_longer_than_a_page_is_drawn_wider() -> None:
    assert layout(make(many=True)).width == 180
    assert layout(make(many=True), width_mm=130).height > GENERIC.height


def test_a_number_that_finds_no_room_is_refused_and_never_broken() -> None:
    """The least width follows from the largest number."""

    def flow(number: int) -> Flow:
        return Flow(boxes={"included": Box("included", (Line("Studies", number=number),))}, title="t", alt="a")

    width = next(width for width in range(40, 200) if _fits(flow(999_999), width))
    assert not _fits(flow(123_456_789), width)
    wider = next(width for width in range(40, 200) if _fits(flow(123_456_789), width))
    shape = next(shape for shape in layout(flow(123_456_789), width_mm=wider).shapes if shape.key == "included")
    assert n(123_456_789) in shape.texts[-1].text


def _fits(flow: Flow, width: float) -> bool:
    try:
        return bool(layout(flow, width_mm=width))
    except TooNarrow:
        return False


def test_a_word_wider_than_its_box_is_broken_and_numbers_never_are() -> None:
    word = "Bundesforschungsförderungsdatenbankzugangsberechtigungsverfahren" * 2
    flow = Flow(boxes={"included": Box("included", (Line(word, indent=1, number=999_999),))}, title="t", alt="a")
    shape = next(shape for shape in layout(flow, width_mm=70).shapes if shape.key == "included")
    assert "".join(text.text for text in shape.texts[:-1]) == word
    assert shape.texts[-1].text == n(999_999)
    assert shape.items == (f"{word} {n(999_999)}",)
    assert all(text.x + fonts.width(text.text, text.pt) <= shape.right - PAD_X for text in shape.texts)


INK = [("#FFFFFF", flow_layout.RED), *((geometry.INK, ground) for ground in (*GROUNDS, flow_layout.PALE_RED))]
INK += [(flow_layout.NOTE, "#FFFFFF"), (flow_layout.NOTE, flow_layout.PALE_RED)]


def _light(colour: str) -> float:
    """Relative luminance, WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("ink", "ground"), INK)
def test_text_has_a_contrast_of_4_5_also_in_grey(ink: str, ground: str) -> None:
    """Luminance is what a grey print keeps, so that the same number holds there."""
    low, high = sorted((_light(ink), _light(ground)))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_measure_of_contrast() -> None:
    assert _light("#FFFFFF") == pytest.approx(1)
    assert (1.05) / (_light("#767676") + 0.05) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", VARIANTS)
def test_no_text_is_smaller_than_8_pt(name: str) -> None:
    placed = layout(VARIANTS[name])
    assert min(text.pt for shape in placed.shapes for text in shape.texts) >= 8
    assert min(text.pt for text in placed.notes) >= 8


@pytest.mark.parametrize("width", [10.0, 70.0])
def test_too_narrow_is_one_sentence(width: float) -> None:
    with pytest.raises(TooNarrow, match="wide") as caught:
        layout(make(other=True), width_mm=width)
    assert isinstance(caught.value, ScopingError)
    assert isinstance(caught.value, ValueError)


def test_unknown_box_is_refused() -> None:
    with pytest.raises(ValueError, match="no such box in the diagram: exluded"):
        layout(Flow(boxes={"exluded": Box("exluded", ())}, title="", alt=""))


def test_missing_boxes_are_bridged() -> None:
    flow = make()
    kept = {key: box for key, box in flow.boxes.items() if key not in ("screened", "excluded", "not_retrieved")}
    placed = layout(Flow(boxes=kept, title="t", alt="a"))
    assert ("identified", "sought") in {(arrow.start, arrow.end) for arrow in placed.arrows}


def test_draft_has_banner_and_watermark_and_a_final_one_has_neither() -> None:
    draft = layout(VARIANTS["draft"])
    banner = next(shape for shape in draft.shapes if shape.kind == "draft")
    assert banner.texts[0].text.startswith("DRAFT \u2013 12 records to be screened")
    assert draft.watermark is not None
    svg = flow_render.to_svg(draft)
    assert svg.index(b'id="watermark"') < svg.index(b'id="box-identified"')
    final = layout(make())
    assert final.watermark is None
    assert b"DRAFT" not in flow_render.to_svg(final)


def test_svg_is_described() -> None:
    root = ET.fromstring(flow_render.to_svg(layout(make(notice=NOTICE))))
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert [child.text for child in root][:2] == ["Flow", "In words."]
    assert root.get("width") == "130mm"
    assert NOTICE in [text.text for text in root.iter(f"{SVG}text")]


HOSTILE = ("<script>alert(1)</script>", "]]>", "&amp; & \"'", "$x^2$ and $y", "{}\\%s", "=1+1", "日本語 😀 עברית")


def test_hostile_text_survives_as_text() -> None:
    lines = tuple(Line(text) for text in (*HOSTILE, "nul\x00 bell\x07 \ud800 \ufffe", "two\nlines\tand a tab"))
    flow = Flow(boxes={"included": Box("included", lines)}, title=HOSTILE[0], alt="]]> & <b>", draft=HOSTILE[2])
    placed = layout(flow)
    svg = flow_render.to_svg(placed)
    texts = [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]
    assert set(HOSTILE) <= set(texts)
    assert {"nul\ufffd bell\ufffd \ufffd \ufffd", "two lines and a tab"} <= set(texts)
    assert b"<script" not in svg
    assert flow_render.to_pdf(placed).startswith(b"%PDF")
    assert flow_render.to_png(placed, dpi=50).startswith(b"\x89PNG")


def test_same_bytes_whatever_the_settings_and_no_dates() -> None:
    placed = layout(VARIANTS["draft"])
    first = flow_render.to_svg(placed), flow_render.to_pdf(placed), flow_render.to_png(placed, dpi=100)
    with mpl.rc_context({"font.size": 20, "font.family": "serif", "pdf.fonttype": 3, "text.color": "red"}):
        before = dict(mpl.rcParams)
        again = flow_render.to_svg(placed), flow_render.to_pdf(placed), flow_render.to_png(placed, dpi=100)
        assert dict(mpl.rcParams) == before
    assert first == again
    assert b"CreationDate" not in first[1]


def test_pdf_embeds_the_bundled_font() -> None:
    pdf = flow_render.to_pdf(layout(make()))
    assert b"LiberationSans" in pdf
    assert b"LiberationSans-Bold" in pdf
    assert b"FontFile2" in pdf
    assert b"DejaVu" not in pdf
    assert b"/Subject (In words.)" in pdf


def test_same_bytes_in_other_processes() -> None:
    script = (
        "import hashlib\n"
        "from scoping.drawing import flow_render as r\n"
        "from scoping.drawing.flow import *\n"
        "from scoping.drawing.flow_layout import *\n"
        "p = layout(Flow(boxes={'included': Box('included', (Line('a'), Line('bé ∑', bold=True)))}, title='t', alt='a'))\n"
        "print(hashlib.sha256(r.to_svg(p) + r.to_pdf(p) + r.to_png(p, 50)).hexdigest())\n"
    )
    seen = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        run = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
        seen.add(run.stdout)
    assert len(seen) == 1
