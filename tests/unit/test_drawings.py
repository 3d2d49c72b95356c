"""Every drawing at its extremes: texts on the page, none on another, each number where it belongs, the same bytes."""

import importlib.util
import io
import itertools
import random
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest
from PIL import Image

from scoping import countries
from scoping.drawing import bars, charts, crossing, curve, fonts, frame, gap_map, grid, links, style, upset, world_map
from scoping.drawing.crossing import Column
from scoping.drawing.frame import Chart, Words
from scoping.drawing.page import Page
from scoping.figure_settings import GENERIC, Preset

_spec = importlib.util.spec_from_file_location("drawn", Path(__file__).with_name("drawn.py"))
assert _spec is not None
assert _spec.loader is not None
drawn = importlib.util.module_from_spec(_spec)
sys.modules["drawn"] = drawn  # dataclasses look their module up
_spec.loader.exec_module(drawn)

SVG = "{http://www.w3.org/2000/svg}"
NOTICE = "Synthetic demonstration: no study, author or journal named here exists."
WORDS = Words("name", "Title", "How to read it. Studies; n = 3.", "No study has been included yet", NOTICE)
PRESETS = {
    "generic": GENERIC,
    "narrow, small": Preset(widths=(60, 90, 105), height=143, text=6),  # the least that is let through
    "large": Preset(widths=(100, 140, 175), text=10, height=240),
}
BASES = ("comparative", "documentary", "observed", "self-report", "asserted", "not stated")
LABELS = (
    "Trust",
    "Relationship building",
    "Sustained or iterative interaction",
    "Bundesministeriumfürirgendetwasganzlangesundunaussprechliches",
    "Co-location of a very long kind " * 3,
)


def words(preset: Preset) -> Words:
    return replace(WORDS, preset=preset)


def label(at: int) -> str:
    return f"{LABELS[at % len(LABELS)].strip()} {at}"


def codes(count: int) -> list[Column]:
    return [Column(f"CODE{at}", label(at)) for at in range(count)]


def an_upset(sets: int, columns: int, most: int, kinds: int, *, preset: Preset = GENERIC) -> Chart:
    dice = random.Random(sets * columns)
    every = itertools.chain.from_iterable(itertools.combinations(range(sets), size) for size in range(sets + 1))
    found = [
        upset.Combination(frozenset(mine), tuple(dice.randint(0 if kind else 1, most) for kind in range(kinds)))
        for mine in itertools.islice(every, columns)
    ]
    names = ["combined", "listed", "not known yet"][:kinds]
    return upset.upset([upset.Set(label(at), dice.randint(0, most)) for at in range(sets)], found, names, words(preset), axis="Records found in exactly these sources", many="records")  # fmt: skip


def some_bars(rows: int, panels: int, most: int, kinds: int, *, preset: Preset = GENERIC) -> Chart:
    dice = random.Random(rows)
    found = [
        bars.Bar(label(at), tuple(tuple(dice.randint(0, most) for _ in range(kinds)) for _ in range(panels)), label(at // 4 + 2) if kinds > 1 else "")
        for at in range(rows)
    ]  # fmt: skip
    heads = ["Records found", "Records in no other source", "Reports included"]
    return bars.bars(found, heads[:panels], ["explicit", "inferred alone"][:kinds], words(preset), many="items")


def a_triangle(count: int, most: int, *, preset: Preset = GENERIC) -> Chart:
    dice, mine = random.Random(count), codes(count)
    counts = {}
    for (i, a), (j, b) in itertools.combinations_with_replacement(enumerate(mine), 2):
        counts[a.id, b.id] = counts[b.id, a.id] = most if i == j else dice.randint(0, most)
    return grid.triangle(mine, counts, words(preset))


def a_grid(count: int, most: int, *, preset: Preset = GENERIC) -> Chart:
    dice, levels = random.Random(count), [Column(word, word.capitalize()) for word in ("individual", "system", "level not given")]  # fmt: skip
    counts = {(a.id, b.id): dice.randint(0, most) for a in codes(count) for b in levels if dice.random() < 0.8}
    return grid.grid(codes(count), levels, counts, words(preset), corner="Code", absent="level not asked of this code")


def a_map(rows: int, columns: int, most: int, *, preset: Preset = GENERIC) -> Chart:
    dice, places = random.Random(rows * columns), {}
    for row, column in itertools.product(codes(rows), codes(columns)):
        n = dice.choice((0, 1, 2, most))
        word = "" if n else dice.choice(("none found", "unclear", "not codable"))
        places[row.id, column.id] = gap_map.Place(n, dice.choice(BASES) if n else "", word)
    return gap_map.gap_map(codes(rows), codes(columns), places, BASES, words(preset), corner="Mechanism")


def a_curve(total: int, finds: int, *, preset: Preset = GENERIC) -> Chart:
    at = tuple(sorted(random.Random(total).sample(range(1, total + 1), finds)))
    lines = [curve.Finds("kept at title and abstract", at), curve.Finds("included", at[:1])]
    why, left = "left unscreened by the declared stop", total // 3 if finds > 50 else 0
    return curve.curve(
        lines,
        total,
        [total // 2],
        words(preset),
        across="Records screened",
        up="Share found (recall)",
        left_out=left,
        why=why,
    )


def some_years(span: int, most: int, *, preset: Preset = GENERIC) -> Chart:
    kinds = [f"type of report with a long name {at}" for at in range(10)]
    counts = {1980 + at: dict.fromkeys(kinds, most) for at in range(span)}
    return charts.publications_per_year(counts, kinds=kinds, notice=NOTICE * 5, preset=preset)


def a_matrix(rows: int, columns: int, *, preset: Preset = GENERIC) -> Chart:
    families = ("Relationships", "Integration of forms of knowledge", "Context")
    mine = [Column(f"C{at}", label(at), families[at * 3 // columns]) for at in range(columns)]
    values = itertools.cycle(("yes", "no", "unclear", "not coded", "yes"))
    cells = {(label(row), code.id): next(values) for row in range(rows) for code in mine}
    return charts.feature_matrix([label(row) for row in range(rows)], mine, cells, notice=NOTICE * 5, preset=preset)


def a_world(places: int, most: int, *, preset: Preset = GENERIC) -> Chart:
    dice, codes = random.Random(places), list(countries.table())
    dice.shuffle(codes)
    counts = {code: dice.randint(1, most) for code in codes[:places]}
    rest = [(f"{label(at)}, which is no country", at) for at in range(places // 20)]
    return world_map.world_map(counts, rest, words(preset), many="studies")


def some_links(left: int, right: int, most: int, *, preset: Preset = GENERIC) -> Chart:
    dice, ends = (
        random.Random(left * right),
        [
            [links.End(f"{side}{at}", label(at), most + at) for at in range(count)]
            for side, count in (("a", left), ("b", right))
        ],
    )
    counts = {(a.id, b.id): dice.randint(0, most) for a, b in itertools.product(*ends)} | {("a0", "b0"): most}
    return links.links(*ends, counts, words(preset), heads=("Barriers", "Mechanisms of a very long name, and more"))


Draw = Callable[[Preset], Chart]
EXTREMES: list[Draw] = [
    *(lambda preset, a=args: an_upset(*a, preset=preset) for args in ((1, 1, 1, 1), (2, 3, 9, 1), (4, 12, 900, 3), (9, 60, 12345, 1), (20, 200, 3, 2))),
    *(lambda preset, a=args: some_bars(*a, preset=preset) for args in ((1, 1, 1, 1), (7, 3, 12345, 1), (20, 1, 9, 2), (90, 3, 900, 1), (90, 1, 900, 2))),
    *(lambda preset, a=args: a_triangle(*a, preset=preset) for args in ((1, 1), (6, 9), (17, 12), (34, 900), (90, 12345))),
    *(lambda preset, a=args: a_grid(*a, preset=preset) for args in ((1, 1), (9, 900), (90, 12345))),
    *(lambda preset, a=args: a_map(*a, preset=preset) for args in ((1, 1, 1), (5, 3, 9), (11, 9, 40), (30, 1, 900), (40, 30, 12345))),
    *(lambda preset, a=args: a_curve(*a, preset=preset) for args in ((1, 0), (1, 1), (300, 60), (40_000, 900))),
    *(lambda preset, a=args: some_years(*a, preset=preset) for args in ((1, 9), (12, 1234), (30, 12), (39, 1234), (100, 12345))),
    *(lambda preset, a=args: a_world(*a, preset=preset) for args in ((1, 1), (14, 9), (60, 900), (250, 12345))),
    *(lambda preset, a=args: some_links(*a, preset=preset) for args in ((1, 1, 1), (3, 5, 9), (9, 11, 900), (40, 2, 12345))),
    *(lambda preset, a=args: a_matrix(*a, preset=preset) for args in ((1, 1), (8, 17), (900, 12))),
    lambda preset: grid.triangle([], {}, words(preset)),
]  # fmt: skip


@pytest.mark.parametrize("draw", EXTREMES)
def test_texts_stay_on_the_page_and_off_each_other(monkeypatch: pytest.MonkeyPatch, draw: Draw) -> None:
    page = drawn.page_of(monkeypatch, lambda: draw(GENERIC))
    assert drawn.faults(page) == []
    assert page.width in GENERIC.widths
    assert page.height <= 270, "a figure and its caption stay on a page"
    assert all(text.get_fontsize() >= style.SMALL for axes in page.figure.axes for text in axes.texts)


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "generic"])
@pytest.mark.parametrize("draw", EXTREMES)
def test_they_do_in_print_as_a_journal_wants_it(monkeypatch: pytest.MonkeyPatch, draw: Draw, name: str) -> None:
    preset = PRESETS[name]
    page = drawn.page_of(monkeypatch, lambda: draw(preset))
    assert drawn.faults(page) == []
    width, height = (inches * 25.4 for inches in page.figure.get_size_inches())
    assert min(abs(width - each) for each in preset.widths) < 1e-6
    assert height <= preset.height + 60 * preset.scale, "rows are cut; names of sets and long legends are not"
    sizes = {round(text.get_fontsize(), 6) for axes in page.figure.axes for text in axes.texts}
    assert sizes <= {round(preset.text, 6), round(preset.text * 7 / 8, 6)}


def test_a_text_outside_or_on_another_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> Chart:
        page = Page(85, 30, title="t", alt="a")
        page.text(10, 10, "one text")
        page.text(15, 10.5, "another")
        page.text(80, 20, "over the edge")
        page.text(10, 25, "quite right")
        return frame.finish(page, "n", "c", "", 1)

    with style.house():
        page = drawn.page_of(monkeypatch, wrong)
    assert drawn.faults(page) == ["'over the edge' is not on the page", "'one text' stands on 'another'"]


def said(chart: Chart) -> list[str]:
    return [element.text or "" for element in ET.fromstring(chart.svg).iter(f"{SVG}text")]


def test_an_upset_tells_every_number() -> None:
    sets = [upset.Set("Scopus", 31), upset.Set("Web of Science", 22)]
    found = [upset.Combination(frozenset({0}), (20,)), upset.Combination(frozenset({0, 1}), (11,))]
    chart = upset.upset(sets, found, ["records"], WORDS, axis="Records", many="records")
    assert chart.alt == (
        "Title. In each: Scopus 31; Web of Science 22. In exactly: Scopus 20; Scopus and Web of Science 11."
    )
    assert said(chart) == ["Records", "20", "11", "Scopus", "31", "Web of Science", "22", NOTICE]


def test_an_upset_says_what_found_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [upset.Combination(frozenset({at % 9}), (100 - at,)) for at in range(60)]
    page = drawn.page_of(
        monkeypatch,
        lambda: upset.upset(
            [upset.Set(label(at), 5) for at in range(9)], found, ["n"], WORDS, axis="n", many="records"
        ),
    )
    (rest,) = [box.text for box in drawn.texts(page) if "more combinations" in box.text]
    numbers = [int(box.text) for box in drawn.texts(page) if box.text.isdigit() and int(box.text) > 5]
    left = 60 - len(numbers)
    assert numbers == list(range(100, 100 - len(numbers), -1))
    assert 0 < left < 60
    assert rest == f"… and {left} more combinations ({sum(range(41, 41 + left)):,} records), in the data of this figure"
    assert page.alt.endswith(f"And {left} more combinations ({sum(range(41, 41 + left)):,} records), in the data of this figure.")  # fmt: skip


def test_bars_are_as_long_as_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [bars.Bar("A", ((30,), (1,))), bars.Bar("B", ((15,), (0,)))]
    lengths = []
    monkeypatch.setattr(Page, "rectangle", lambda page, x, y, width, height, **_: lengths.append(width))
    page = drawn.page_of(monkeypatch, lambda: bars.bars(rows, ["Found", "Included"], ["n"], WORDS, many="sources"))
    assert lengths[0] == pytest.approx(2 * lengths[1])
    assert len(lengths) == 3, "no bar for 0"
    assert page.alt == "Title. A: found 30, included 1; B: found 15, included 0."


def test_the_triangle_keeps_the_codes_that_occur_most(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = codes(60)
    counts = {(a.id, b.id): 0 for a in mine for b in mine} | {(code.id, code.id): at for at, code in enumerate(mine)}
    page = drawn.page_of(monkeypatch, lambda: grid.triangle(mine, counts, WORDS))
    heads = [
        box.text
        for box in drawn.texts(page)
        if box.text.startswith("CODE") and box.bottom - box.top > box.right - box.left
    ]
    assert heads == [code.id for code in mine[-len(heads) :]]
    assert f"… and {60 - len(heads)} more codes, in the data of this figure" in [box.text for box in drawn.texts(page)]
    assert f"Pairs that never occur: {len(heads) * (len(heads) - 1) // 2:,} of" in page.alt


def test_gaps_are_never_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [bars.Bar(f"Item {at}", ((at,),)) for at in range(90)]
    page = drawn.page_of(monkeypatch, lambda: bars.bars(rows, ["Studies"], ["n"], WORDS, many="items"))
    shown = [box.text for box in drawn.texts(page) if box.text.startswith("Item")]
    assert shown == [f"Item {at}" for at in range(len(shown))]
    assert 30 < len(shown) < 90
    assert f"… and {90 - len(shown)} more items, in the data of this figure" in [box.text for box in drawn.texts(page)]


def test_a_bubbles_area_counts_studies(monkeypatch: pytest.MonkeyPatch) -> None:
    radii: dict[float, None] = {}
    place = {("CODE0", "CODE0"): gap_map.Place(40, BASES[0]), ("CODE1", "CODE0"): gap_map.Place(10, BASES[1])}
    monkeypatch.setattr(Page, "circle", lambda page, x, y, radius, **_: radii.setdefault(radius))
    page = drawn.page_of(monkeypatch, lambda: gap_map.gap_map(codes(2), codes(1), place, BASES, WORDS, corner="M"))
    *_, large, small = radii
    assert large == pytest.approx(2 * small)
    assert f"{label(0)}: {label(0)} 40 (comparative); {label(1)}: {label(0)} 10 (documentary)" in page.alt


def test_bases_differ_in_hatching_and_in_grey() -> None:
    looks = [gap_map._look(basis, BASES) for basis in BASES]
    greys = [style._luminance(fill) for fill, _, _ in looks]
    assert all(light - dark > 0.01 for dark, light in itertools.pairwise(greys)), "the stronger, the darker"
    hatches = [hatch for _, _, hatch in looks]
    assert len(set(hatches)) == len(hatches) - 1, "only the darkest and the white have none"
    assert gap_map._look("a new word", BASES) == gap_map._look("not stated", BASES)


@pytest.mark.parametrize("step", range(0, 101, 2))
def test_ink_on_every_shade_can_be_read(step: int) -> None:
    colour, ink = style.shade(step / 100)
    assert style.contrast(ink, colour) >= 4.5


def test_contrast_is_that_of_the_guideline() -> None:
    assert style.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert style.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # the known grey that just fails
    assert style.contrast(style.MUTED, "#FFFFFF") >= 4.5
    assert style.contrast(style.INK, style.PALE) >= 4.5


def test_a_long_matrix_counts_what_it_does_not_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"Study {at}" for at in range(300)]
    cells = {(row, "C"): "yes" for row in rows}
    page = drawn.page_of(monkeypatch, lambda: charts.feature_matrix(rows, [Column("C", "Code")], cells))
    said = [box.text for box in drawn.texts(page)]
    shown = [text for text in said if text.startswith("Study ")]
    assert shown == rows[: len(shown)]
    assert f"… and {300 - len(shown)} more studies, in the data of this figure" in said
    assert "300" in said
    assert 40 < len(shown) < 60
    assert page.height <= GENERIC.height
    assert "Code: yes 300" in page.alt


def test_a_wide_matrix_has_every_code_once(monkeypatch: pytest.MonkeyPatch) -> None:
    page = drawn.page_of(monkeypatch, lambda: a_matrix(2, 90))
    words = [box for box in drawn.texts(page) if any(map(str.isalpha, box.text))]
    upright = " ".join(box.text for box in words if box.bottom - box.top > box.right - box.left)
    assert [len(re.findall(rf"\b{at}\b", upright)) for at in range(90)] == [1] * 90
    assert page.width == GENERIC.page
    assert drawn.faults(page) == []


def test_a_family_stays_whole_where_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    page = drawn.page_of(monkeypatch, lambda: a_matrix(2, 34))
    said = [box.text for box in drawn.texts(page)]
    assert [said.count(word) for word in ("Study", "Relationships", "Context")] == [3, 1, 1]


@pytest.mark.parametrize("count", range(1, 30))
def test_columns_that_fill_a_page_exactly_fit_on_it(count: int) -> None:
    columns = [Column(f"C{at}", "Short", f"F{at * 3 // count}") for at in range(count)]
    assert crossing.crossing(["Pritchard et al. 2020"], columns).width in GENERIC.widths


def test_what_is_left_out_is_the_lightest_and_the_order_stays() -> None:
    kept = crossing.fitting(5, [3, 9, 1, 9, 3], lambda at: len(at) <= 3)
    assert kept == [0, 1, 3]
    assert crossing.fitting(5, [3, 9, 1, 9, 3], lambda at: True) == [0, 1, 2, 3, 4]
    assert crossing.fitting(2, [1, 2], lambda at: False) == [1], "one is always shown"
    assert crossing.fitting(0, [], lambda at: True) == []


def test_the_forms_have_sizes_and_are_the_same_each_time() -> None:
    first = a_map(3, 2, 9)
    with mpl.rc_context({"font.size": 20, "hatch.color": "red"}):
        assert a_map(3, 2, 9) == first
    with Image.open(io.BytesIO(first.tiff)) as tiff, Image.open(io.BytesIO(first.png)) as png:
        assert tiff.info["compression"] == "tiff_lzw"
        assert tuple(map(round, map(float, tiff.info["dpi"]))) == (300, 300)
        assert tiff.size == png.size
        assert tiff.size[0] == int(85 / 25.4 * 300)
        assert tiff.convert("RGB").tobytes() == png.convert("RGB").tobytes()
    assert b"FontFile2" in first.pdf
    assert max(map(len, (first.svg, first.pdf, first.png, first.tiff))) < 1_000_000
    assert first.caption == WORDS.caption


@pytest.mark.parametrize("draw", [lambda: grid.triangle([], {}, WORDS), lambda: upset.upset([], [], [], WORDS, axis="", many=""), lambda: bars.bars([], [], [], WORDS, many=""), lambda: gap_map.gap_map([], [], {}, (), WORDS, corner=""), lambda: curve.curve([], 0, [], WORDS, across="", up="")])  # fmt: skip
def test_a_figure_without_data_says_so(draw: Callable[[], Chart]) -> None:
    chart = draw()
    assert said(chart) == ["No study has been included yet", NOTICE]
    assert chart.alt == "Title. No study has been included yet."
    assert chart.caption == WORDS.caption


def test_hostile_words_survive_as_words() -> None:
    hostile = "<script>alert(1)</script> $x^2$ {0} %s 日本語"
    mine = [Column("X", hostile)]
    chart = grid.triangle(mine, {("X", "X"): 1}, WORDS)
    assert b"<script" not in chart.svg
    assert hostile in " ".join(said(chart))
    wide = [text for text in said(chart) if fonts.width(text, style.SMALL) > 51]
    assert wide == [NOTICE]
