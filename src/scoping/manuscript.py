"""One document of what authors paste: headings, texts, tables and figures in the order of a paper, numbered anew.

Texts and tables are the bodies of documents that `author_docx` has made, taken as they are, so that no cell can differ
from that of the table by itself.
"""

import copy
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from scoping import author_docx

if TYPE_CHECKING:
    from docx.document import Document

_TWENTIETH = 635
"""EMU in a twentieth of a point."""
_CAPTION_ROOM = 1_100_000
"""EMU that stay free on a page below a figure: its caption of some lines."""
_PAGE_NUMBER = (
    '<w:p {0}><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


@dataclass(frozen=True)
class Figure:
    """A picture with its dots per inch, what stands below it, and what is said to those who do not see it."""

    png: bytes
    caption: str
    alt: str


Part = str | bytes | Figure
"""A heading, a document (.docx) whose body is taken, or a figure."""


@dataclass
class _Made:
    """The document so far: how many of each kind have a number, and which way its last page lies."""

    document: "Document"
    notice: str
    prefix: str
    heading: str = ""  # waits for what comes below it, to stand on the same page
    numbers: dict[str, int] = field(default_factory=lambda: {"Table": 0, "Figure": 0})
    sideways: bool = False

    def number(self, kind: str) -> int:
        """The next number of a kind."""
        self.numbers[kind] += 1
        return self.numbers[kind]


def docx(title: str, parts: Iterable[Part], notice: str, *, prefix: str = "") -> bytes:
    """The document as .docx, the same bytes for the same parts. `prefix` stands before each number: `S` in a supplement.

    Wide tables stand on pages on their side, figures are never wider than their page, and page numbers are at the foot.
    """
    made = _Made(author_docx.blank(title, sideways=False), notice, prefix)
    made.document.sections[0].footer._element[:] = [author_docx.parsed(_PAGE_NUMBER.format(author_docx.W))]
    _add(made, _paragraph("Title", title))
    if notice:
        _add(made, _paragraph("Normal", notice))
    for part in parts:
        if isinstance(part, str):
            made.heading = part
        elif isinstance(part, Figure):
            _turn(made, sideways=False)
            _picture(made, part)
        else:
            _body(made, part)
    return author_docx.saved(made.document)


def _add(made: _Made, element: Any) -> None:
    made.document.element.body.sectPr.addprevious(element)


def _paragraph(style: str, text: str) -> Any:
    return author_docx.parsed(
        f'<w:p {author_docx.W}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(author_docx.shown(text))}</w:t></w:r></w:p>'
    )


def _turn(made: _Made, *, sideways: bool) -> None:
    """Let what follows stand on pages that lie on their side, or upright again, with the heading that waits for it."""
    if sideways != made.sideways:
        end = made.document.element.body.sectPr
        end.getprevious().get_or_add_pPr().append(copy.deepcopy(end))
        author_docx.turn(made.document.sections[-1], sideways=sideways)
        made.sideways = sideways
    if made.heading:
        _add(made, _paragraph("Heading1", made.heading))
        made.heading = ""


def _body(made: _Made, document: bytes) -> None:
    """The body of a document, but for the notice, which stands at the top, and a title that says what the heading says."""
    import docx as word
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn

    taken, heading = word.Document(io.BytesIO(document)), made.heading
    _turn(made, sideways=taken.sections[0].orientation == WD_ORIENT.LANDSCAPE)
    said = author_docx.shown(made.notice)
    elements = [each for each in taken.element.body if not each.tag.endswith("}sectPr")]
    for element in elements:
        titled = element.find(f"./{qn('w:pPr')}/{qn('w:pStyle')}[@{qn('w:val')}='Title']") is not None
        if titled and heading and _text(element).startswith(heading):
            continue
        if element.tag.endswith("}p") and said and _text(element) == said:
            for (
                run
            ) in element.r_lst:  # the paragraph stays: a table that follows another at once would become one with it
                element.remove(run)
        _renumber(made, element)
        _add(made, element)


def _text(element: Any) -> str:
    from docx.oxml.ns import qn

    return "".join(each.text or "" for each in element.iter(qn("w:t")))


def _renumber(made: _Made, paragraph: Any) -> None:
    """Give the caption of a table its number here; the field goes on counting in the document it is pasted into."""
    from docx.oxml.ns import qn

    if not any("SEQ Table" in (each.text or "") for each in paragraph.iter(qn("w:instrText"))):
        return
    before, number, *_ = paragraph.iter(qn("w:t"))
    before.text = f"Table {made.prefix}"
    number.text = str(made.number("Table"))


def _picture(made: _Made, figure: Figure) -> None:
    wide, high = (_TWENTIETH * length for length in author_docx.room(sideways=False))
    paragraph = made.document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    drawn = paragraph.add_run().add_picture(io.BytesIO(figure.png))
    scale = min(1.0, wide / drawn.width, (high - _CAPTION_ROOM) / drawn.height)
    drawn.width, drawn.height = round(drawn.width * scale), round(drawn.height * scale)
    drawn._inline.docPr.set("descr", author_docx.shown(figure.alt))
    _add(made, author_docx.parsed(author_docx.caption("Figure", figure.caption, made.number("Figure"), made.prefix)))
