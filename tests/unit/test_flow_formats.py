"""The flow diagram as files: size and resolution, fonts, native shapes, the same bytes; and what independent readers see."""

import io
import os
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from scoping.drawing import flow_docx, flow_pptx, flow_render, fonts, office, outlines
from scoping.drawing.flow import Box, Flow, Line
from scoping.drawing.flow_layout import layout

MOST = 10 * 1024 * 1024  # bytes that journals take
PART = {"docx": "libswlo.so", "pptx": "libsdlo.so"}
HOSTILE = "<script>&amp; ]]> \u202e 日本語 \x07 $x$ {} %s"
ALT = "In words: 3 é \u2013 none."
BARS = {"Identification", "Screening", "Included"}
W, A, WPS = (f"{{{office.NAMESPACES[prefix]}}}" for prefix in ("w", "a", "wps"))


def make(*, draft: str = "", words: str = "Records screened", reasons: int = 2) -> Flow:
    lines = (
        Line("Reports excluded:", bold=True),
        Line("", number=1234),
        *(
            Line(f"Reason {at}: it was about another relationship than that of officers", 1, number=at)
            for at in range(reasons)
        ),
    )
    boxes = [
        Box("identified", (Line("Records identified from:", bold=True), Line("Databases", number=2000))),
        Box("removed", (Line("Duplicate records", number=766),)),
        Box("screened", (Line(words, bold=True), Line("", number=1234))),
        Box("assessed", (Line("Reports assessed", bold=True), Line("", number=1234))),
        Box("reports_excluded", lines),
        Box("included", (Line("Studies included in review", bold=True), Line("", number=0))),
        Box("other_identified", (Line("Records identified from:", bold=True), Line("Websites", number=7))),
        Box("other_assessed", (Line("Reports assessed", bold=True), Line("", number=7))),
    ]
    return Flow(
        boxes={box.key: box for box in boxes}, footnotes=("One footnote that goes on. " * 9, "Another."), draft=draft,
        notice="A notice.", title=f"Flow {words}", alt=ALT,
    )  # fmt: skip


PLAIN, DRAFT, ODD = layout(make()), layout(make(draft="1 record to be screened")), layout(make(words=HOSTILE))
LONG = layout(make(reasons=60))


@pytest.fixture(scope="module")
def print_files() -> tuple[bytes, bytes]:
    return flow_render.to_print(PLAIN)


def test_png_and_tiff_have_600_dots_per_inch_of_the_final_width(print_files: tuple[bytes, bytes]) -> None:
    for data, kind in zip(print_files, ("PNG", "TIFF"), strict=True):
        opened = Image.open(io.BytesIO(data))
        assert opened.format == kind
        assert opened.mode == "RGB"
        assert opened.size == (int(PLAIN.width / 25.4 * 600), int(PLAIN.height / 25.4 * 600))
        assert [round(float(dots)) for dots in opened.info["dpi"]] == [600, 600]
        assert len(data) < MOST
    assert Image.open(io.BytesIO(print_files[1])).info["compression"] == "tiff_lzw"


def test_png_and_tiff_are_one_picture(print_files: tuple[bytes, bytes]) -> None:
    png, tiff = (Image.open(io.BytesIO(data)) for data in print_files)
    assert png.tobytes() == tiff.tobytes()
    colours = {colour for _, colour in png.getcolors(1 << 24) or []}
    assert {(255, 192, 0), (157, 195, 230), (217, 217, 217), (255, 255, 255), (0, 0, 0)} <= colours


def test_png_and_tiff_say_what_they_show(print_files: tuple[bytes, bytes]) -> None:
    png, tiff = (Image.open(io.BytesIO(data)) for data in print_files)
    assert png.info["Description"] == ALT
    assert tiff.tag_v2[270] == "In words: 3 ? ? none."


@pytest.mark.slow
def test_a_very_long_diagram_stays_below_what_journals_take() -> None:
    assert LONG.height > 500
    assert all(len(data) < MOST for data in flow_render.to_print(LONG))


def shapes(placed_pptx: bytes) -> list:
    (group,) = Presentation(io.BytesIO(placed_pptx)).slides[0].shapes
    assert group.shape_type == MSO_SHAPE_TYPE.GROUP
    return list(group.shapes)


@pytest.mark.parametrize("placed", [PLAIN, DRAFT, LONG])
def test_pptx_is_one_group_of_native_shapes_with_alt_text(placed) -> None:
    data = flow_pptx.to_pptx(placed)
    deck = Presentation(io.BytesIO(data))
    (group,) = deck.slides[0].shapes
    assert group._element.nvGrpSpPr.cNvPr.get("descr") == ALT
    kinds = {shape.shape_type for shape in group.shapes}
    assert kinds == {MSO_SHAPE_TYPE.AUTO_SHAPE, MSO_SHAPE_TYPE.LINE, MSO_SHAPE_TYPE.FREEFORM}
    assert len(group.shapes) == len(placed.shapes) + len(placed.arrows) + 1 + bool(placed.watermark)
    assert len({shape.shape_id for shape in group.shapes}) == len(group.shapes)
    slide = ET.tostring(ET.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("ppt/slides/slide1.xml")))
    assert b"effectRef" not in slide
    assert b":style" not in slide
    assert all(shape.left >= 0 and shape.left + shape.width <= deck.slide_width for shape in group.shapes)


def test_docx_is_one_group_in_the_line_with_alt_text() -> None:
    archive = zipfile.ZipFile(io.BytesIO(flow_docx.to_docx(PLAIN)))
    root = ET.fromstring(archive.read("word/document.xml"))
    (about,) = root.iter(f"{{{office.NAMESPACES['wp']}}}docPr")
    assert about.get("descr") == ALT
    assert len(list(root.iter(f"{{{office.NAMESPACES['wpg']}}}wgp"))) == 1
    bars = sum(bool(text.rotate) for shape in PLAIN.shapes for text in shape.texts)
    assert len(list(root.iter(f"{WPS}wsp"))) == len(PLAIN.shapes) + bars + len(PLAIN.arrows) + 1
    assert not list(root.iter(f"{WPS}style"))
    ids = [shape.get("id") for shape in root.iter(f"{WPS}cNvPr")] + [about.get("id")]
    assert len(set(ids)) == len(ids)


def test_office_paragraphs_are_whole_and_in_arial() -> None:
    said = [item for shape in PLAIN.shapes for item in shape.items] + [item for item in PLAIN.note_items if item]
    root = ET.fromstring(zipfile.ZipFile(io.BytesIO(flow_docx.to_docx(PLAIN))).read("word/document.xml"))
    assert [text.text for text in root.iter(f"{W}t")] == [item for item in said if item not in BARS]
    assert {about.get("descr") for about in root.iter(f"{WPS}cNvPr")} - {None} == BARS
    assert {fonts.get(f"{W}ascii") for fonts in root.iter(f"{W}rFonts")} == {"Arial"}
    drawn = [
        line
        for shape in shapes(flow_pptx.to_pptx(PLAIN))
        if shape.has_text_frame
        for line in shape.text_frame.paragraphs
    ]
    assert [line.text for line in drawn if line.text] == said


def test_arrows_of_office_lie_where_they_are_drawn() -> None:
    lines = [shape for shape in shapes(flow_pptx.to_pptx(PLAIN)) if shape.name.startswith("arrow")]
    for shape, arrow in zip(lines, PLAIN.arrows, strict=True):
        xs, ys = [x for x, _ in arrow.points], [y for _, y in arrow.points]
        assert shape.name == f"arrow from {arrow.start} to {arrow.end}"
        left, top = (round((min(side) + flow_pptx.EDGE) * 36_000) for side in (xs, ys))
        assert (shape.left, shape.top) == (left, top)
        assert abs(shape.width - round((max(xs) - min(xs)) * 36_000)) <= 1


def test_a_draft_says_so_in_every_format() -> None:
    for data in (flow_docx.to_docx(DRAFT), flow_pptx.to_pptx(DRAFT)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = b"".join(archive.read(name) for name in archive.namelist() if name.endswith("xml"))
        assert b"DRAFT" in parts


def test_letters_of_the_side_bars_in_docx_are_outlines_within_them() -> None:
    """Where the drawing has its text, whatever a program does with text that is turned."""
    bars = {shape.texts[0].text: shape for shape in DRAFT.shapes if shape.kind == "bar"}
    assert set(bars) == BARS
    for word, shape in bars.items():
        steps = list(outlines.letters(shape.texts[0]))
        assert sum(name == "move" for name, _ in steps) >= len(word)
        assert {name for name, _ in steps} == {"move", "line", "curve", "close"}
        xs, ys = zip(*(point for _, points in steps for point in points), strict=True)
        assert shape.x < min(xs) < max(xs) < shape.right
        assert shape.y < min(ys) < max(ys) < shape.bottom
        assert max(ys) - min(ys) == pytest.approx(fonts.width(word, DRAFT.pt, True), abs=0.6)
        assert (min(ys) + max(ys)) / 2 == pytest.approx(shape.middle[1], abs=0.3)
    root = ET.fromstring(zipfile.ZipFile(io.BytesIO(flow_docx.to_docx(DRAFT))).read("word/document.xml"))
    named = [about.get("name") for about in root.iter(f"{WPS}cNvPr")]
    assert named[0] == "letters of DRAFT", "behind all else"


def test_docx_page_holds_the_diagram() -> None:
    assert flow_docx.page_size(PLAIN) == flow_docx.A4
    wide = layout(make(), width_mm=247)
    assert flow_docx.page_size(wide) == flow_docx.A4[::-1]
    assert flow_docx.page_size(LONG) == (210.0, flow_docx.LONGEST)
    tall = layout(make(reasons=25))
    assert flow_docx.page_size(tall)[1] == pytest.approx(tall.height + 32)


def test_hostile_words_stay_words() -> None:
    clean = "<script>&amp; ]]> \u202e 日本語 \ufffd $x$ {} %s"
    assert clean in [
        shape.text_frame.text.split("\n")[0] for shape in shapes(flow_pptx.to_pptx(ODD)) if shape.has_text_frame
    ]
    root = ET.fromstring(zipfile.ZipFile(io.BytesIO(flow_docx.to_docx(ODD))).read("word/document.xml"))
    assert clean in [text.text for text in root.iter(f"{W}t")]
    png, tiff = flow_render.to_print(ODD)
    assert png.startswith(b"\x89PNG")
    assert tiff[:2] in (b"II", b"MM")


def test_parts_of_office_files_have_no_date() -> None:
    for data in (flow_docx.to_docx(PLAIN), flow_pptx.to_pptx(PLAIN)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert archive.testzip() is None
            about = archive.read("docProps/core.xml").decode()
            assert re.findall(r"W3CDTF\">([^<]*)<", about) == ["2000-01-01T00:00:00Z"] * 2


@pytest.mark.slow
def test_same_bytes_in_other_processes_and_years(tmp_path: Path) -> None:
    """`faketime` is not there everywhere: the clock of Python is moved instead."""
    script = (
        "import sys, time, hashlib\n"
        "shift = float(sys.argv[1])\n"
        "real, local, utc = time.time, time.localtime, time.gmtime\n"
        "time.time = lambda: real() + shift\n"
        "time.localtime = lambda s=None: local(time.time() if s is None else s)\n"
        "time.gmtime = lambda s=None: utc(time.time() if s is None else s)\n"
        "from scoping.drawing import flow_render as r, flow_docx, flow_pptx\n"
        "from scoping.drawing.flow import *\n"
        "from scoping.drawing.flow_layout import layout\n"
        "p = layout(Flow(boxes={'included': Box('included', (Line('a', number=3),))}, title='t', alt='a', draft='d'))\n"
        "for data in (*r.to_print(p), flow_docx.to_docx(p), flow_pptx.to_pptx(p), r.to_pdf(p)):\n"
        "    print(hashlib.sha256(data).hexdigest())\n"
    )
    seen = set()
    for seed, zone, shift in (("1", "UTC", "0"), ("2", "Asia/Tokyo", str(3 * 365 * 86_400))):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        run = subprocess.run([sys.executable, "-c", script, shift], env=env, capture_output=True, text=True, check=True)
        seen.add(run.stdout)
    assert len(seen) == 1


def test_a_dated_package_would_show() -> None:
    """Control of the above: what python-pptx itself saves has the date of now in every part."""
    out = io.BytesIO()
    Presentation().save(out)
    assert {info.date_time[0] for info in zipfile.ZipFile(out).infolist()} != {1980}


@pytest.mark.slow
@pytest.mark.skipif(
    not shutil.which("soffice") or not shutil.which("pdftotext"), reason="no LibreOffice or poppler here"
)
@pytest.mark.usefixtures("letters_of_word")
@pytest.mark.parametrize("ending", ["docx", "pptx"])
def test_libreoffice_shows_every_word(tmp_path: Path, ending: str) -> None:
    """As an editor opens it: one page with all words of the diagram on it."""
    file = tmp_path / f"flow.{ending}"
    file.write_bytes(flow_docx.to_docx(DRAFT) if ending == "docx" else flow_pptx.to_pptx(DRAFT))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)
    if "could not be loaded" in run.stderr and not list(Path("/usr/lib/libreoffice/program").glob(PART[ending])):
        pytest.skip("this part of LibreOffice is not installed")
    pdf = file.with_suffix(".pdf")
    text = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert text.count("\f") == 1
    seen = "".join(text.split())
    for shape in DRAFT.shapes:
        for item in shape.items:
            if item not in BARS or ending == "pptx":  # outlines in Word
                assert "".join(item.split()) in seen, item


def test_tiff_is_of_the_plain_kind(print_files: tuple[bytes, bytes]) -> None:
    """Eight bits for each of three colours, as production systems expect."""
    data = print_files[1]
    order = "<" if data[:2] == b"II" else ">"
    assert struct.unpack(f"{order}H", data[2:4]) == (42,)
    assert Image.open(io.BytesIO(data)).tag_v2[258] == (8, 8, 8)
