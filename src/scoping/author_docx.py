"""Tables and lists as authors take them, for Word: real tables that go on over pages, always the same bytes."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from scoping.author_sheet import POINTS, TODO, Sheet
from scoping.references import Run
from scoping.webpage import clean
from scoping.workbook.layout import legal

if TYPE_CHECKING:
    from docx.document import Document

FONT = "Arial"
MARK = '<w:highlight w:val="yellow"/>'  # what authors have to write
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
_ZIPPED = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can hold
_A4, _EDGE = (11906, 16838), 1134  # twentieths of a point; 2 cm
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def docx(sheet: Sheet, notice: str) -> bytes:
    """A document with one table of three lines, its caption numbered by a field, its header row on every page.

    No cell is merged, no row breaks over pages, and widths stand where Word and LibreOffice look for them.
    """
    document = blank(sheet.caption, sideways=sheet.lies)
    end = document.element.body.sectPr
    end.addprevious(parsed(caption(sheet.caption)))
    end.addprevious(parsed(table(sheet)))
    for text in [text for text in (sheet.note, notice) if text] or [""]:  # a document never ends with a table
        end.addprevious(parsed(_lined([(text, False)], '<w:spacing w:before="80" w:after="0"/>')))
    return saved(document)


def listed(title: str, items: Iterable[Sequence[Run]], notice: str, *, numbered: bool) -> bytes:
    """A document with a list of references: with hanging indents, or with numbers typed before each."""
    document = blank(title, sideways=False)
    end = document.element.body.sectPr
    end.addprevious(parsed(_lined([(title, False)], '<w:keepNext/><w:spacing w:after="120"/>', bold=True)))
    for number, runs in enumerate(items, 1):
        before = _tabbed(f"{number}.") if numbered else ""
        look = '<w:spacing w:after="80"/><w:ind w:left="480" w:hanging="480"/>'
        end.addprevious(parsed(_lined(runs, look, before=before)))
    if notice:
        end.addprevious(parsed(_lined([(notice, False)], '<w:spacing w:before="240"/>')))
    return saved(document)


def blank(title: str, *, sideways: bool, points: float = POINTS) -> "Document":
    """An empty document on A4, whose styles and properties say nothing of who made it when."""
    import docx as word
    from docx.enum.section import WD_ORIENT
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor, Twips

    document = word.Document()
    parts = document.part.package.rels
    for key in [key for key, rel in parts.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del parts[key]  # a picture of the library's own empty document
    section = document.sections[0]
    width, height = _A4[::-1] if sideways else _A4
    section.page_width, section.page_height = Twips(width), Twips(height)
    section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Twips(_EDGE)
    for name, size in (("Normal", points), ("Caption", points + 1)):
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor(0, 0, 0)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    about = document.core_properties
    about.title, about.author, about.comments, about.last_modified_by = _shown(title)[:255], "", "", ""
    about.created = about.modified = _MADE
    return document


def _room(*, sideways: bool) -> int:
    """The width between the margins, in twentieths of a point."""
    return _A4[sideways] - 2 * _EDGE


def caption(text: str) -> str:
    """`Table 1. Caption`, the number as a field that Word counts anew in the document it is pasted into."""
    number = (
        f'{_FIELD.format("begin")}<w:r><w:instrText xml:space="preserve"> SEQ Table \\* ARABIC </w:instrText></w:r>'
        f"{_FIELD.format('separate')}{_run('1')}{_FIELD.format('end')}"
    )
    return (
        f'<w:p {_W}><w:pPr><w:pStyle w:val="Caption"/><w:keepNext/></w:pPr>'
        f"{_run('Table ')}{number}{_run(f'. {text}')}</w:p>"
    )


def table(sheet: Sheet) -> str:
    """One string parsed once: a table of thousands of cells takes a tenth of a second, not minutes."""
    room = _room(sideways=sheet.lies)
    widths = [int(share * room) for share in sheet.shares]
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
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>'
        '<w:top w:val="single" w:sz="8"/><w:bottom w:val="single" w:sz="8"/></w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{body}</w:tbl>"
    )


def _cell(text: str, width: int, right: bool, borders: str = "", *, bold: bool = False) -> str:
    side = '<w:jc w:val="right"/>' if right else ""
    look = f'{"<w:b/>" * bold}<w:sz w:val="{2 * POINTS:.0f}"/>'  # whatever the size of the text around
    said = "".join(run(part, look=look + MARK * (at % 2)) for at, part in enumerate(TODO.split(text)))
    inside = f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{side}</w:pPr>{said}</w:p>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr>{inside}</w:tc>'


def _lined(runs: Sequence[Run], look: str, *, before: str = "", bold: bool = False) -> str:
    text = "".join(_run(text, bold=bold, italic=italic) for text, italic in runs)
    return paragraph(before + text, look)


def paragraph(runs: str, look: str) -> str:
    """A paragraph of runs; `look` is what stands in its properties."""
    return f"<w:p {_W}><w:pPr>{look}</w:pPr>{runs}</w:p>"


def _tabbed(text: str) -> str:
    return f"{_run(text)}<w:r><w:tab/></w:r>"


def _run(text: str, *, bold: bool = False, italic: bool = False) -> str:
    return run(text, look="<w:b/>" * bold + "<w:i/>" * italic)


def run(text: str, *, look: str = "") -> str:
    """A piece of text whose lines and blanks are kept; `look` is what stands in its properties."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    said = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _shown(text).split("\n"))
    return f"<w:r>{properties}{said}</w:r>" if text else ""


def _shown(text: str) -> str:
    return clean(legal(text)).replace("\t", " ")


def parsed(xml: str) -> Any:
    """An element of a document."""
    from docx.oxml import parse_xml

    return parse_xml(xml)


def saved(document: "Document") -> bytes:
    """The bytes of a document, in a zip file that says nothing of the time."""
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _ZIPPED)
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            new.writestr(part, old.read(name))
    return out.getvalue()
