"""Tables and lists as authors take them, for Word: real tables that go on over pages, always the same bytes."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from scoping import files
from scoping.author_sheet import FOR_AUTHORS, POINTS, Sheet
from scoping.references import Run
from scoping.webpage import clean
from scoping.workbook.layout import legal

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

FONT = "Arial"
MARK = '<w:highlight w:val="yellow"/>'  # what authors have to write
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
_A4, _EDGE = (11906, 16838), 1134  # twentieths of a point; 2 cm
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def docx(sheet: Sheet, notice: str) -> bytes:
    """A document with one table of three lines, its caption numbered by a field, its header row on every page.

    No cell is merged, no row breaks over pages, and widths stand where Word and LibreOffice look for them.
    """
    document = blank(sheet.caption, sideways=sheet.lies)
    end = document.element.body.sectPr
    end.addprevious(parsed(caption("Table", sheet.caption)))
    end.addprevious(parsed(_table(sheet, room(sideways=sheet.lies)[0])))
    for text in [text for text in (sheet.note, notice) if text] or [""]:  # a document never ends with a table
        end.addprevious(parsed(_paragraph([(text, False)], '<w:spacing w:before="80" w:after="0"/>')))
    return saved(document)


def listed(title: str, items: Iterable[Sequence[Run]], notice: str, *, numbered: bool) -> bytes:
    """A document with a list of references: with hanging indents, or with numbers typed before each."""
    document = blank(title, sideways=False)
    end = document.element.body.sectPr
    end.addprevious(parsed(_paragraph([(title, False)], '<w:keepNext/><w:spacing w:after="120"/>', bold=True)))
    for number, runs in enumerate(items, 1):
        before = _tabbed(f"{number}.") if numbered else ""
        look = '<w:spacing w:after="80"/><w:ind w:left="480" w:hanging="480"/>'
        end.addprevious(parsed(_paragraph(runs, look, before=before)))
    if notice:
        end.addprevious(parsed(_paragraph([(notice, False)], '<w:spacing w:before="240"/>')))
    return saved(document)


def blank(title: str, *, sideways: bool) -> "Document":
    """An empty document on A4, whose styles and properties say nothing of who made it when."""
    import docx as word
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor, Twips

    document = word.Document()
    parts = document.part.package.rels
    for key in [key for key, rel in parts.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del parts[key]  # a picture of the library's own empty document
    section = document.sections[0]
    turn(section, sideways=sideways)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Twips(_EDGE)
    for name, size in (("Normal", POINTS), ("Caption", POINTS + 1), ("Heading 1", POINTS + 4), ("Title", POINTS + 8)):
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.rPr.rFonts
        for which in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[which]  # else the font of the theme stands in place of ours
        fonts.set(qn("w:eastAsia"), FONT)
    for line in document.styles["Title"].element.iter(qn("w:pBdr")):
        line.getparent().remove(line)
    about = document.core_properties
    about.title, about.author, about.comments, about.last_modified_by = shown(title)[:255], "", "", ""
    about.created = about.modified = _MADE
    return document


def turn(section: "Section", *, sideways: bool) -> None:
    """Let the pages of a section, A4, stand upright or lie on their side."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Twips

    width, height = _A4[::-1] if sideways else _A4
    section.page_width, section.page_height = Twips(width), Twips(height)
    section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT


def room(*, sideways: bool) -> tuple[int, int]:
    """Width and height between the margins, in twentieths of a point."""
    return _A4[sideways] - 2 * _EDGE, _A4[not sideways] - 2 * _EDGE


def caption(kind: str, text: str, number: int = 1, prefix: str = "") -> str:
    """`Table 1. Text`, the number as a field that Word counts anew in the document it is pasted into.

    A table's stays with what comes next; a figure has its own below it.
    """
    counted = (
        f'{_FIELD.format("begin")}<w:r><w:instrText xml:space="preserve"> SEQ {kind} \\* ARABIC </w:instrText></w:r>'
        f"{_FIELD.format('separate')}{_run(str(number))}{_FIELD.format('end')}"
    )
    keep = "<w:keepNext/>" * (kind == "Table")
    return (
        f'<w:p {W}><w:pPr><w:pStyle w:val="Caption"/>{keep}</w:pPr>'
        f"{_run(f'{kind} {prefix}')}{counted}{_run(f'. {text}')}</w:p>"
    )


def _table(sheet: Sheet, width: int) -> str:
    """One string parsed once: a table of thousands of cells takes a tenth of a second, not minutes."""
    widths = [int(share * width) for share in sheet.shares]
    right = sheet.numbers
    head = "".join(
        _cell(name, width, name in right, "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"4\"/></w:tcBorders>", bold=True)
        for name, width in zip(sheet.columns, widths, strict=True)
    )  # fmt: skip
    body = "".join(
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
        for cells in (
            "".join(_cell(row[name], width, name in right) for name, width in zip(sheet.columns, widths, strict=True))
            for row in sheet.rows
        )
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>'
        '<w:top w:val="single" w:sz="8"/><w:bottom w:val="single" w:sz="8"/></w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{body}</w:tbl>"
    )


def _cell(text: str, width: int, right: bool, borders: str = "", *, bold: bool = False) -> str:
    side = '<w:jc w:val="right"/>' if right else ""
    said = "".join(run(part, look="<w:b/>" * bold + MARK * (at % 2)) for at, part in enumerate(FOR_AUTHORS.split(text)))
    inside = f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{side}</w:pPr>{said}</w:p>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr>{inside}</w:tc>'


def _paragraph(runs: Sequence[Run], look: str, *, before: str = "", bold: bool = False) -> str:
    text = "".join(_run(text, bold=bold, italic=italic) for text, italic in runs)
    return paragraph(before + text, look)


def paragraph(runs: str, look: str) -> str:
    """A paragraph of runs; `look` is what stands in its properties."""
    return f"<w:p {W}><w:pPr>{look}</w:pPr>{runs}</w:p>"


def _tabbed(text: str) -> str:
    return f"{_run(text)}<w:r><w:tab/></w:r>"


def _run(text: str, *, bold: bool = False, italic: bool = False) -> str:
    return run(text, look="<w:b/>" * bold + "<w:i/>" * italic)


def run(text: str, *, look: str = "") -> str:
    """A piece of text whose lines and blanks are kept; `look` is what stands in its properties."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    said = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in shown(text).split("\n"))
    return f"<w:r>{properties}{said}</w:r>" if text else ""


def shown(text: str) -> str:
    """The text as a document can hold it."""
    return clean(legal(text)).replace("\t", " ")


def parsed(xml: str) -> Any:
    """The element of a piece of XML."""
    from docx.oxml import parse_xml

    return parse_xml(xml)


def saved(document: "Document") -> bytes:
    """The bytes of a document, in a zip file that says nothing of the time."""
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as archive:
        return files.zipped({name: archive.read(name) for name in archive.namelist()})
