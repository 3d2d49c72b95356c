"""One table in every form: the same cells everywhere, hostile text as text, the same bytes every time."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import docx as word
import openpyxl
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from scoping import author_docx, author_html, author_tex
from scoping.author_sheet import Sheet
from scoping.cli import author_tables
from scoping.workbook.layout import text_pixels

NOTICE = "Made up: nothing of this exists."
HOSTILE = [
    "<script>alert(1)</script> & <b>bold</b> ]]> &amp;",
    "=HYPERLINK(1) 100% #1 $x_1^2$ {a}\\b ~ | `` '' -- --- ,, \"q\"",
    "[1] *starred*\n\\\\ two\tlines",
    "control \x00\x07\x0b\x1b\x85 and \u202eturned\u2066 text",
    "Łódź 知识 Ωμέγα \U0001f600 e\u0301",
    "\\input{/etc/hostname} \\end{longtable} %",
]


def sheet(rows: int = 12, wide: bool = False) -> Sheet:
    said = [HOSTILE[at % len(HOSTILE)] for at in range(rows)]
    cells = [{"Study": f"Marsh {at}", "What": text, "Studies": str(at), "Share": "–"} for at, text in enumerate(said)]
    widths = [20, 120 if wide else 40, 8, 8]
    return Sheet("some", "A caption & <b>", ["Study", "What", "Studies", "Share"], widths, cells, [], "A note.")


def shown(text: str) -> str:
    """What any form may make of a text: other blanks, marks in place of what cannot stand there."""
    return " ".join(re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "\ufffd", text).split())


EXPECTED = [["Study", "What", "Studies", "Share"]] + [
    [shown(cell) for cell in (f"Marsh {at}", HOSTILE[at % len(HOSTILE)], str(at), "–")] for at in range(12)
]


def opened(data: bytes) -> Document:
    return word.Document(io.BytesIO(data))


def test_a_word_table_has_every_cell_and_none_is_merged() -> None:
    document = opened(author_docx.docx(sheet(), NOTICE))
    (table,) = document.tables
    assert [[shown(cell.text) for cell in row.cells] for row in table.rows] == EXPECTED
    assert not [*table._tbl.iter(qn("w:gridSpan")), *table._tbl.iter(qn("w:vMerge"))]
    assert [paragraph.text for paragraph in document.paragraphs] == ["Table 1. A caption & <b>", "A note.", NOTICE]


def test_the_header_repeats_and_rows_stay_whole() -> None:
    rows = opened(author_docx.docx(sheet(), NOTICE)).tables[0]._tbl.tr_lst
    assert [len(list(row.iter(qn("w:tblHeader")))) for row in rows] == [1] + [0] * 12
    assert all(len(list(row.iter(qn("w:cantSplit")))) == 1 for row in rows)


def test_the_number_of_a_caption_is_a_field() -> None:
    caption = opened(author_docx.docx(sheet(), NOTICE)).paragraphs[0]
    assert caption.style is not None
    assert caption.style.name == "Caption"
    kinds = [mark.get(qn("w:fldCharType")) for mark in caption._p.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    assert [part.text.split()[:2] for part in caption._p.iter(qn("w:instrText"))] == [["SEQ", "Table"]]


@pytest.mark.parametrize("wide", [False, True])
def test_widths_stand_in_cells_and_grid_and_fit_the_page(wide: bool) -> None:
    document = opened(author_docx.docx(sheet(wide=wide), NOTICE))
    section, table = document.sections[0], document.tables[0]
    assert section.orientation == (WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT)
    grid = [int(column.get(qn("w:w"))) for column in table._tbl.iter(qn("w:gridCol"))]
    cells = [[int(width.get(qn("w:w"))) for width in row.iter(qn("w:tcW"))] for row in table._tbl.tr_lst]
    assert cells == [grid] * 13
    room = section.page_width - section.left_margin - section.right_margin
    assert room - 20 * len(grid) * 635 < sum(grid) * 635 <= room


def test_a_document_never_ends_with_a_table() -> None:
    bare = Sheet("bare", "Bare", ["A"], [20], [])
    body = opened(author_docx.docx(bare, "")).element.body
    assert [part.tag.rpartition("}")[2] for part in body] == ["p", "tbl", "p", "sectPr"]


class _Cells(HTMLParser):
    """The text of the cells of a page, the elements that it has, and the scope of its headers."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.scopes: list[str | None] = []
        self.inside = False
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))
        if tag == "br" and self.inside:
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def test_a_page_has_every_cell_headers_with_scope_and_nothing_that_runs() -> None:
    page = author_html.html(sheet(), NOTICE)
    found = _Cells(page)
    assert [[shown(cell) for cell in row] for row in found.rows] == EXPECTED
    assert found.scopes == ["col"] * 4 + ["row"] * 12
    assert found.tags == {
        "html", "head", "meta", "title", "style", "body", "table", "caption", "colgroup", "col", "thead", "tbody", "tr",
        "th", "td", "br", "p",
    }  # fmt: skip
    assert b"default-src 'none'" in page
    assert "a" in _Cells(author_html.html(linked("https://doi.org/10.5555/x"), "")).tags
    assert "a" not in _Cells(author_html.html(linked("javascript:alert(1)"), "")).tags


def linked(address: str) -> Sheet:
    return Sheet("links", "Links", ["Study", "Where"], [10, 10], [{"Study": "A", "Where": address}])


_SET = {
    r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^", r"\textless{}": "<",
    r"\textgreater{}": ">", r"\textbar{}": "|", r"\textasciigrave{}": "`", r"{\char34}": '"', "{[}": "[", "{]}": "]",
    "{*}": "*", "{}": "", **{f"\\{sign}": sign for sign in "{}$&%#_"},
}  # fmt: skip
_TOKEN = re.compile("|".join(map(re.escape, _SET)) + r"|[^\\{}$&%#_~^<>|\"`\[\]*]")


@pytest.mark.parametrize("text", HOSTILE)
def test_latex_sets_what_was_said_and_no_command(text: str) -> None:
    made = author_tex.escaped(text)
    assert "".join(_TOKEN.findall(made)) == made  # nothing but known commands and plain signs
    assert "--" not in made
    assert _TOKEN.sub(lambda token: _SET.get(token[0], token[0]), made) == shown(text).replace("\ufffd", "?")


def test_latex_rows_begin_with_nothing_that_a_line_break_takes_for_its_own() -> None:
    starts = ["[1] first", "*first", "-- first"]
    rows = [{"Study": text, "What": text} for text in starts]
    lines = author_tex.tex(Sheet("x", "X", ["Study", "What"], [10, 10], rows), "").decode().splitlines()
    body = [line for line in lines if "first" in line and "endfirsthead" not in line]
    assert [line[0] for line in body] == ["{", "{", "-"]
    assert all(line.count(" & ") == 1 for line in body)
    assert all(line.endswith(" \\\\") for line in body)


def test_every_form_says_the_same(tmp_path: Path) -> None:
    author_tables.write(sheet(), tmp_path, NOTICE)
    assert sorted(path.suffix for path in tmp_path.glob("some.*")) == [".csv", ".docx", ".html", ".tex", ".xlsx"]
    bare = [[_bare(cell) for cell in row] for row in EXPECTED]  # xlsx and CSV keep some signs that the others mark
    with (tmp_path / "some.csv").open(newline="", encoding="utf-8-sig") as handle:
        lines = [row[:4] for row in csv.reader(handle)]
    assert [[_bare(shown(cell).removeprefix("'")) for cell in row] for row in lines] == bare
    tab = openpyxl.load_workbook(tmp_path / "some.xlsx").active
    assert tab is not None
    assert [[_bare(shown(str(cell.value))) for cell in row] for row in tab.iter_rows(min_row=3)] == bare
    assert (tmp_path / "some_ids.csv").exists()


def _bare(text: str) -> str:
    return text.replace("\ufffd", "")


@pytest.mark.parametrize("write", [author_docx.docx, author_html.html, author_tex.tex])
def test_same_table_same_bytes(write: Callable[[Sheet, str], bytes]) -> None:
    assert write(sheet(), NOTICE) == write(sheet(), NOTICE)
    assert write(sheet(), NOTICE) != write(sheet(11), NOTICE)


def test_no_time_and_no_maker_in_a_word_file() -> None:
    with zipfile.ZipFile(io.BytesIO(author_docx.docx(sheet(), NOTICE))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        about = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", about)) == {"2000-01-01T00:00:00Z"}
    assert "python" not in about


def test_a_table_whose_parts_do_not_fit_is_refused() -> None:
    good = {"A": "1", "B": "2"}
    assert Sheet("s", "S", ["A", "B"], [1, 1], [good]).numbers == {"A", "B"}
    for columns, widths, row in ((["A", "B"], [1], good), (["A", "A"], [1, 1], {"A": ""}), (["A"], [1], good)):
        with pytest.raises(ValueError, match="s: "):
            Sheet("s", "S", columns, widths, [row])


@pytest.mark.parametrize(
    ("cells", "right"), [(["1", "–", ""], True), (["12.5%"], True), (["1 of 2"], False), ([""], False)]
)
def test_numbers_are_set_to_the_right(cells: list[str], right: bool) -> None:
    rows = [{"A": cell} for cell in cells]
    assert Sheet("s", "S", ["A"], [9], rows).numbers == ({"A"} if right else set())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.usefixtures("letters_of_word")
def test_libreoffice_opens_word_tables_with_the_header_on_every_page(tmp_path: Path) -> None:
    (tmp_path / "good.docx").write_bytes(author_docx.docx(sheet(200), NOTICE))
    broken = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "good.docx") as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if name == "word/document.xml" else content)
    (tmp_path / "broken.docx").write_bytes(broken.getvalue())
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--norestore"]
    for name in ("good.docx", "broken.docx"):  # one at a time: a file that cannot be opened ends the others
        subprocess.run(
            [*command, "--convert-to", "pdf", name], cwd=tmp_path, check=False, capture_output=True, timeout=180
        )
    assert not (tmp_path / "broken.pdf").exists()
    said = subprocess.run(["pdftotext", "-layout", "good.pdf", "-"], cwd=tmp_path, check=True, capture_output=True)
    pages = said.stdout.decode().strip("\f\n").split("\f")
    assert len(pages) > 3
    assert all(re.search(r"Study +What +Studies +Share", text) for text in pages)
    assert "Marsh 199" in pages[-1]
    assert NOTICE in pages[-1]


ITEMS = [[("Marsh, A. (2020). ", False), ("A <b>", True), (". https://a.example/x", False)], [(HOSTILE[0], False)]]


@pytest.mark.parametrize("numbered", [False, True])
def test_a_list_in_word_and_as_a_page(numbered: bool) -> None:
    paragraphs = opened(author_docx.listed("References", ITEMS, NOTICE, numbered=numbered)).paragraphs
    before = "1.\t" if numbered else ""
    assert [part.text for part in paragraphs][:2] == [
        "References",
        f"{before}Marsh, A. (2020). A <b>. https://a.example/x",
    ]
    assert [run.text for run in paragraphs[1].runs if run.italic] == ["A <b>"]
    page = author_html.listed("References", ITEMS, NOTICE, numbered=numbered).decode()
    assert ("<ol>" in page, '<ul class="hanging">' in page) == (numbered, not numbered)
    assert '<i>A &lt;b&gt;</i>. <a href="https://a.example/x">https://a.example/x</a></li>' in page
    assert "<script" not in page


def test_no_word_is_broken_that_could_stay_whole() -> None:
    rows = [{"A very wide column": "words " * 30, "Language": "English", "Id": "8WSW5NHGBV7"}]
    sheet = Sheet("s", "S", ["A very wide column", "Language", "Id"], [200, 1, 1], rows)
    room = [share * 728 for share in sheet.shares]
    assert [width > 0.75 * text_pixels(word, 8) for width, word in zip(room[1:], ("Language", "8WSW5NHGBV7"), strict=True)] == [
        True, True,
    ]  # fmt: skip
    assert room[0] > 550
    assert sum(sheet.shares) == pytest.approx(1)
    crowded = Sheet("s", "S", [f"Column{n}" for n in range(40)], [1] * 40, [])
    assert sum(crowded.shares) == pytest.approx(1)
