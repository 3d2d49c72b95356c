"""How figures are printed: the generic preset, what a journal changes, and what no figure could be printed in."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from scoping.cli import figures
from scoping.drawing import flow_layout, fonts
from scoping.drawing.bars import Bar, bars
from scoping.drawing.flow import Box, Flow, Line
from scoping.drawing.frame import Chart, Words
from scoping.errors import ScopingError
from scoping.figure_settings import GENERIC, Preset


def chart(preset: Preset) -> Chart:
    words = Words("name", "Title", "How to read it.", "Nothing", preset=preset)
    return bars([Bar("A", ((3,),)), Bar("B", ((1,),))], ["Studies"], ["n"], words, many="rows")


def test_the_generic_preset_is_what_journals_ask_for() -> None:
    assert (GENERIC.widths, GENERIC.text, GENERIC.dpi, GENERIC.print_dpi) == ((85, 130, 180), 8, 300, 600)
    assert GENERIC.written == ("svg", "pdf", "png", "tiff")
    assert GENERIC.stack == "Arial, 'Liberation Sans', Helvetica, sans-serif"


def test_a_journals_own_is_a_few_lines() -> None:
    mine = Preset.model_validate({"widths": ["84", "120", "174"], "dpi": "1000", "text": "7"})
    assert mine == GENERIC.model_copy(update={"widths": (84.0, 120.0, 174.0), "dpi": 1000, "text": 7.0})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"text": 5.5}, "greater than or equal to 6"),
        ({"widths": [39, 130, 180]}, "greater than or equal to 40"),
        ({"widths": [85, 180]}, "at least 3 items"),
        ({"widths": [180, 130, 85]}, "from the narrowest to the widest"),
        ({"widths": [50, 60, 80]}, "the widest of widths has to be at least 140 mm, and is 80"),
        ({"text": 12}, "the widest of widths has to be at least 210 mm, and is 180"),
        ({"text": 8, "height": 120}, "height has to be at least 190 mm, and is 120"),
        ({"forms": ["eps"]}, "'pdf' or 'tiff'"),
        ({"colours": "red"}, "Extra inputs are not permitted"),
    ],
)
def test_what_cannot_hold_a_figure_is_refused(given: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(told)):
        Preset.model_validate(given)


def test_the_least_text_has_labels_of_five_points() -> None:
    least = Preset(text=6)
    assert 5 <= least.text * 7 / 8 < 5.5


def test_a_figure_is_printed_in_the_size_of_the_preset() -> None:
    usual, small = chart(GENERIC), chart(Preset(widths=(60, 120, 174), text=6, font="Helvetica", dpi=600))
    sizes = [set(re.findall(r"font-size: ([\d.]+)px", each.svg.decode())) for each in (usual, small)]
    assert sizes == [{"8", "7"}, {"6", "5.25"}]
    widths = [re.search(rb'width="([\d.]+)pt"', each.svg) for each in (usual, small)]
    assert [round(float(found[1]) * fonts.MM_PER_PT, 1) for found in widths if found] == [85.0, 60.0]
    assert b"Helvetica, Arial, 'Liberation Sans', sans-serif" in small.svg


def test_the_flow_diagram_follows_the_preset() -> None:
    flow = Flow(boxes={"identified": Box("identified", (Line("Records", number=3),))}, title="t", alt="a")
    placed = flow_layout.layout(flow, preset=Preset(widths=(84, 100, 120), text=6.5, height=200))
    assert (placed.width, placed.pt) == (120, 6.5)
    assert flow_layout.layout(flow).width == 130


def test_a_file_over_the_cap_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    small = Preset.model_validate({"largest": {"tiff": 0.000_001}})
    with pytest.raises(ScopingError, match=r"name\.tiff: the figure would have 0\.\d\d MB, and .*largest\.tiff is 1e-06; allow more there, ask for fewer dots"):  # fmt: skip
        figures.write(chart(GENERIC), tmp_path, ["n"], [], "", small)
    figures.write(chart(GENERIC), tmp_path, ["n"], [], "", GENERIC)
    figures.fits(Path("prisma.docx"), b"x" * 10, small)  # only the forms of the preset have a cap


def test_only_the_forms_of_the_preset_are_written_and_no_older_ones_stay(tmp_path: Path) -> None:
    figures.write(chart(GENERIC), tmp_path, ["n"], [], "", GENERIC)
    assert (tmp_path / "name.tiff").is_file()
    figures.write(chart(GENERIC), tmp_path, ["n"], [], "", Preset(forms=()))
    assert {path.name for path in tmp_path.iterdir()} == {
        "name.svg", "name.png", "name.alt.txt", "name.caption.txt", "name_data.csv",
    }  # fmt: skip
