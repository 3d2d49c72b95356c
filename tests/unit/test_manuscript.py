"""One document of many parts: nothing of a part changes, everything is numbered, wide tables lie on their side."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import docx as word
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from PIL import Image

from scoping import author_docx, manuscript, paper
from scoping.author_sheet import Sheet
from scoping.manuscript import Figure
from scoping.methods.prose import Document, Section, prose
from scoping.methods.word import word as to_word

NOTICE = "Made up: nothing of this exists."
HOSTILE = "<w:p> & ]]> \x00\x0b \u202eturned \U0001f600 =1+1"


def table(name, *, wide=False, rows=3, note="A note."):
    cells = [{"Study": f"{name} {at}", "Said": HOSTILE, "Studies": str(at)} for at in range(rows)]
    return author_docx.docx(Sheet(name, f"About {name}", ["Study", "Said", "Studies"], [20, 120 if wide else 30, 8], cells, [], note), NOTICE)  # fmt: skip


def figure(width_mm=85, height_mm=60, dpi=300):
    out = io.BytesIO()
    size = (round(width_mm / 25.4 * dpi), round(height_mm / 25.4 * dpi))
    Image.new("RGB", size, "white").save(out, "png", dpi=(dpi, dpi))
    return Figure(out.getvalue(), f"How {HOSTILE} is", f"In words: {HOSTILE}")


PARTS = [
    "Methods", table("one"), table("two", wide=True, note=""), "Results", figure(), table("three"), figure(250, 100), figure(100, 900),
    "End",
]  # fmt: skip


def opened(data):
    return word.Document(io.BytesIO(data))


def captions(document):
    return [each.text for each in document.paragraphs if each.style.name == "Caption"]


@pytest.mark.parametrize("prefix", ["", "S"])
def test_every_part_is_there_in_order_and_numbered(prefix):
    document = opened(manuscript.docx("A review & more", PARTS, NOTICE, prefix=prefix))
    shown = author_docx.shown(HOSTILE)
    assert captions(document) == [
        f"Table {prefix}1. About one", f"Table {prefix}2. About two", f"Figure {prefix}1. How {shown} is",
        f"Table {prefix}3. About three", f"Figure {prefix}2. How {shown} is", f"Figure {prefix}3. How {shown} is",
    ]  # fmt: skip
    for made, part in zip(document.tables, (PARTS[1], PARTS[2], PARTS[5]), strict=True):
        by_itself = opened(part).tables[0]
        assert [[cell.text for cell in row.cells] for row in made.rows] == [
            [cell.text for cell in row.cells] for row in by_itself.rows
        ]
    fields = [part.text.split()[1] for part in document.element.body.iter(qn("w:instrText"))]
    assert fields == ["Table", "Table", "Figure", "Table", "Figure", "Figure"]


def test_the_notice_stands_once_and_headings_with_what_they_head():
    document = opened(manuscript.docx("A review", PARTS, NOTICE))
    said = [each.text for each in document.paragraphs]
    assert said[:3] == ["A review", NOTICE, "Methods"]
    assert said.count(NOTICE) == 1
    assert said.count("A note.") == 2
    assert "End" not in said, "a heading with nothing below it"


def test_a_title_that_says_what_the_heading_says_is_left_out():
    methods, other = (
        Document(prose(f"{name}: a review"), "", (), (Section("Part", ()),)) for name in ("Methods", "Automation")
    )
    made = opened(manuscript.docx("A review", ["Methods", to_word(methods), to_word(other)], NOTICE))
    said = [each.text for each in made.paragraphs]
    assert said[2:] == ["Methods", "Part", "Automation: a review", "Part"]


def test_wide_tables_lie_on_their_side_with_nothing_else():
    document = opened(manuscript.docx("A review", PARTS, NOTICE))
    assert [section.orientation for section in document.sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip
    here, within = 0, {}
    for element in document.element.body:
        within.setdefault(here, []).append("".join(part.text or "" for part in element.iter(qn("w:t"))))
        here += element.tag == qn("w:p") and element.pPr is not None and element.pPr.sectPr is not None
    assert [text for text in within[1] if text.startswith("Table")] == ["Table 2. About two"]
    assert within[2][0] == "Results"


def test_no_figure_is_larger_than_its_page_and_each_has_words():
    document = opened(manuscript.docx("A review", PARTS, NOTICE))
    room = [length * 635 for length in author_docx.room(sideways=False)]
    sizes = [(shape.width, shape.height) for shape in document.inline_shapes]
    assert len(sizes) == 3
    assert sizes[0] == (pytest.approx(85 * 36000, rel=0.01), pytest.approx(60 * 36000, rel=0.01)), (
        "it is as it was drawn"
    )
    assert all(width <= room[0] and height < room[1] for width, height in sizes)
    assert sizes[1][0] == pytest.approx(room[0], abs=2)
    assert sizes[2][0] / sizes[2][1] == pytest.approx(1 / 9, rel=0.01)
    words = [part.get("descr") for part in document.element.body.iter(qn("wp:docPr"))]
    assert words == [f"In words: {author_docx.shown(HOSTILE)}"] * 3


def test_tables_that_follow_each_other_stay_two():
    body = opened(manuscript.docx("A review", [table("one", note=""), table("two", note="")], NOTICE)).element.body
    kinds = [each.tag.rpartition("}")[2] for each in body]
    assert kinds == ["p", "p", "p", "tbl", "p", "p", "tbl", "p", "sectPr"]


def test_the_same_bytes_every_time():
    assert manuscript.docx("A review", PARTS, NOTICE) == manuscript.docx("A review", iter(PARTS), NOTICE)


def test_the_plan_takes_each_file_once_and_in_its_order():
    names = ["figures/b_1.png", "figures/a.png", "tables/quotes.csv", "tables/a.csv", "figures/b_2.png", "more.docx"]
    plan = {
        "One": ("figures/b_*.png", "figures/*.png", "tables/*.csv"),
        "None": ("nothing.png",),
        "Two": ("figures/a.png",),
    }
    assert paper.chosen(plan, names) == {"One": ["figures/b_1.png", "figures/b_2.png", "figures/a.png", "tables/a.csv"]}
    assert list(paper.chosen({"Two": ("tables/*",)}, names)["Two"]) == ["tables/a.csv"], "quotes are a list to work on"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_shows_every_part(tmp_path: Path):
    path = tmp_path / "manuscript.docx"
    path.write_bytes(manuscript.docx("A review", PARTS, NOTICE))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf", "--outdir",
         tmp_path, path], check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "manuscript.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert re.findall(r"^[\f ]*((?:Table|Figure) \d)\.", text, re.MULTILINE) == [
        "Table 1", "Table 2", "Figure 1", "Table 3", "Figure 2", "Figure 3",
    ]  # fmt: skip
    assert all(f"{name} {row}" in text for name in ("one", "two", "three") for row in range(3))
