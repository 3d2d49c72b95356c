"""All figures at their extremes, each written and read back; and each check on a figure that fails it."""

import importlib.util
import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from scoping import code_figures, country_figures, link_figures, source_figures
from scoping.cli import figures
from scoping.codebook import Codebook
from scoping.drawing.frame import Chart
from scoping.figure_settings import GENERIC, Preset
from scoping.tables import Row

_spec = importlib.util.spec_from_file_location("figure_checks", Path(__file__).parents[1] / "figure_checks.py")
assert _spec is not None
assert _spec.loader is not None
figure_checks = importlib.util.module_from_spec(_spec)
sys.modules["figure_checks"] = figure_checks
_spec.loader.exec_module(figure_checks)

NOTICE = "Synthetic demonstration: no study, author or journal named here exists."
SMALL = Preset(widths=(84, 120, 174), text=7, dpi=450)
LONG = "a name that is long enough to be wrapped in every figure that shows it"


def book() -> Codebook:
    """Six families, closed lists, levels, bases, a crosswalk, derived variables: every figure has something to show."""
    codes: list[dict[str, Any]] = []
    for family, count, more in (
        ("kni", 5, {"levels": ["individual", "system"]}), ("mec", 6, {"status": "yes"}), ("bar", 7, {}), ("imp", 4, {"basis": "yes"}),
    ):  # fmt: skip
        codes += [
            {
                "id": f"{family.upper()}{at}",
                "family": family,
                "label": f"{LONG} {'abcdefg'[at]}",
                "definition": "d",
                **more,
            }
            for at in range(count)
        ]
    values = ["Wales", "Denmark", "Malta", "other country", "several countries"]
    codes.append({"id": "SET", "family": "set", "label": "Country", "definition": "d", "values": values})
    return Codebook.model_validate(
        {
            "version": 1,
            "families": [{"id": id_, "label": f"Family of {id_}", "text": "t"} for id_ in ("kni", "mec", "bar", "imp", "set")],
            "codes": codes,
            "crosswalks": [{"id": "list", "label": "A list", "version": 1, "targets": [{"id": "one", "label": LONG}], "rows": [{"code": "KNI0", "target": "one", "kind": "explicit"}]}],
            "derived": [{"id": "mosaic", "label": "Forms", "kind": "combined", "codes": ["KNI0", "KNI1", "KNI2", "KNI3"], "joined_by": "KNI4"}],
            "figures": {
                "maps": ["SET"],
                "links": [{"id": "barriers", "label": "Barriers", "left": "bar", "right": "mec"}],
                "mosaics": [{"variable": "mosaic", "by": "SET"}],
            },
        }
    )  # fmt: skip


def cells(make: Any, studies: int) -> list[Row]:
    found = []
    for study in range(studies):
        for at, code in enumerate(book().codes):
            value = code.values[(study * 7 + at * (study % 5 + 1)) % len(code.values)]
            cell = make.cell(f"S{study}", code.id, "coded", value=value)
            cell["basis"] = "observed" if code.basis and value == "yes" else ""
            cell["level"] = "system" if code.levels and value == "yes" else ""
            found.append(cell)
    return found


def of_sources(make: Any, records: int, preset: Preset) -> list[tuple[Chart, list[Row]]]:
    names = {f"source{at}": f"{LONG} {'abcdefghi'[at]}" for at in range(9)}
    pair = '["source{}","source{}"]'
    rows = [make.record(f"R{at}", sources=pair.format(at % 8, at % 8 + 1)) for at in range(records)]
    return source_figures.figures(rows, names, [f"R{at}" for at in range(records // 3)], NOTICE, preset)


def drawn(make: Any, studies: int, preset: Preset) -> list[tuple[Chart, list[Row]]]:
    mine = cells(make, studies)
    return [
        *of_sources(make, studies * 3, preset),
        *(
            each
            for stage in (code_figures, country_figures, link_figures)
            for each in stage.figures(mine, book(), NOTICE, preset)
        ),
    ]


def written(folder: Path, chart: Chart, rows: list[Row], preset: Preset) -> Any:
    figures.write(chart, folder, list(rows[0]) if rows else ["n"], rows, NOTICE, preset)
    return figure_checks.Figure.read(folder, chart.name)


@pytest.mark.parametrize(
    ("studies", "preset"),
    [(0, GENERIC), (1, GENERIC), (23, SMALL), pytest.param(900, GENERIC, marks=pytest.mark.slow)],
    ids=["0", "1", "23, small", "900"],
)
def test_every_figure_keeps_what_all_have_to(tmp_path: Path, make: Any, studies: int, preset: Preset) -> None:
    wrong = []
    every = drawn(make, studies, preset)
    for chart, rows in every:
        wrong += figure_checks.faults(written(tmp_path, chart, rows, preset), preset)
    assert wrong == []
    assert len(every) == 11


@pytest.fixture
def good(tmp_path: Path, make: Any) -> Any:
    """A figure without a fault."""
    chart, rows = of_sources(make, 15, GENERIC)[1]
    figure = written(tmp_path, chart, rows, GENERIC)
    assert figure_checks.faults(figure, GENERIC) == []
    return figure


def _svg(*change: tuple[bytes, bytes]) -> Callable[[Any], Any]:
    def damaged(figure: Any) -> Any:
        svg = figure.svg
        for old, new in change:
            assert old in svg
            svg = svg.replace(old, new, 1)
        return replace(figure, svg=svg)

    return damaged


def _other_dpi(figure: Any) -> Any:
    with Image.open(io.BytesIO(figure.png)) as image:
        out = io.BytesIO()
        image.save(out, "PNG", dpi=(72, 72))
    return replace(figure, png=out.getvalue())


def _grey_ground(figure: Any) -> Any:
    with Image.open(io.BytesIO(figure.png)) as image:
        drawn = image.convert("RGB")
        drawn = Image.eval(drawn, lambda level: 70 if level > 100 else level)
        out = io.BytesIO()
        drawn.save(out, "PNG", dpi=image.info["dpi"])
    return replace(figure, png=out.getvalue())


def _other_number(figure: Any) -> Any:
    (number, *_) = [text.words for text in figure_checks._texts(figure) if text.words.isdigit()]
    return _svg((f">{number}</text>".encode(), b">77</text>"))(figure)


TEXT = b"font-size: 7px; font-family: Arial, 'Liberation Sans', Helvetica, sans-serif; text-anchor: start\" x=\""


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_other_dpi, "the png says [72.0"),
        (_svg((b'width="510.23622pt"', b'width="400pt"')), "141.1 mm is none of the widths"),
        (lambda figure: replace(figure, pdf=figure.pdf.replace(b"/FontFile2", b"/FontFileX")), "the PDF lacks a font"),
        (lambda figure: replace(figure, pdf=figure.pdf.replace(b"Liberation", b"Helveticaa")), "the PDF has the fonts"),
        (_svg((b"font-size: 7px", b"font-size: 4px")), "has 4 pt"),
        (lambda figure: replace(figure, tiff=b"x" * 11_000_000), "the tiff has 11,000,000 bytes"),
        (_svg((TEXT, TEXT + b"9999")), "is not on the page"),
        (_other_number, "77 in '77' is not in the data"),
        (lambda figure: replace(figure, alt="In words. Of no number."), "is not in the alternative text"),
        (lambda figure: replace(figure, alt=figure.alt.replace(".", ", and 4321 besides.", 1)), "4321 in the alternative text is not in the data"),
        (lambda figure: replace(figure, alt="Something else"), "the SVG says something else"),
        (lambda figure: replace(figure, caption="No unit"), "the caption lacks n"),
        (_grey_ground, "in #000000 on #464646"),
    ],
)  # fmt: skip
def test_a_fault_would_be_seen(good: Any, damage: Callable[[Any], Any], told: str) -> None:
    damaged = damage(good)
    if told.startswith("the tiff"):
        found = list(figure_checks.weight(damaged, GENERIC))
    else:
        found = figure_checks.faults(damaged, GENERIC)
    assert any(told in fault for fault in found), found


def test_a_text_on_another_would_be_seen(good: Any) -> None:
    root = ElementTree.fromstring(good.svg)
    first, second = [text for text in root.iter(f"{figure_checks.SVG}text") if "7px" in text.get("style", "")][:2]
    for at in ("x", "y"):
        second.set(at, first.get(at, ""))
    moved = replace(good, svg=ElementTree.tostring(root))
    assert any("stands on" in fault for fault in figure_checks.apart(moved, GENERIC))
