"""A text for authors for Word: each number is a bookmark that nobody sees, and whose name holds its key."""

import re
from collections.abc import Iterator

from scoping import author_docx as docx
from scoping.methods.prose import Block, Bullets, Document, Gap, Number, Paragraph, Run, Runs, plain

_SIZE = 22  # half points; it stands with each piece, whatever the document that the text comes into
_SPACE = '<w:spacing w:before="0" w:after="120" w:line="276" w:lineRule="auto"/>'
_LIST = '<w:spacing w:before="0" w:after="{}"/><w:ind w:left="360" w:hanging="240"/>'
_HEAD = '<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="1"/>'
_TYPED = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>'  # a search strategy
_LONGEST = 40  # letters of a bookmark's name


class _Bookmarks:
    """Numbers bookmarks through a document; a key that stands twice gets two."""

    def __init__(self) -> None:
        self.made = 0

    def around(self, number: Number, inside: str) -> str:
        """The number's text between the two ends of a bookmark."""
        self.made += 1
        name = re.sub("[^A-Za-z0-9]", "_", f"n{self.made}_{number.key}")[:_LONGEST]
        return f'<w:bookmarkStart w:id="{self.made}" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="{self.made}"/>'


def word(document: Document) -> bytes:
    """The document as bytes, the same for the same text."""
    blank = docx.blank(plain(document.title), sideways=False)
    end = blank.element.body.sectPr
    for xml in _paragraphs(document):
        end.addprevious(docx.parsed(xml))
    return docx.saved(blank)


def _paragraphs(document: Document) -> Iterator[str]:
    marks = _Bookmarks()
    yield docx.paragraph(_runs(document.title, marks, bold=True, size=28), '<w:pStyle w:val="Title"/>')
    if document.notice:
        yield docx.paragraph(_said(document.notice), _SPACE)
    if document.draft:
        yield docx.paragraph(_runs(document.draft, marks, bold=True), _SPACE)
    for section in document.sections:
        yield docx.paragraph(_said(section.title, bold=True, size=24), _HEAD)
        for block in section.blocks:
            yield from _block(block, marks)


def _block(block: Block, marks: _Bookmarks) -> Iterator[str]:
    if isinstance(block, Paragraph):
        lead = _said(f"{block.lead} ", bold=True) if block.lead else ""
        yield docx.paragraph(lead + _runs(block.runs, marks), _SPACE)
    elif isinstance(block, Bullets):
        for at, item in enumerate(block.items, 1):
            look = _LIST.format(120 if at == len(block.items) else 40)
            yield docx.paragraph(_said("•") + "<w:r><w:tab/></w:r>" + _runs(item, marks), look)
    else:
        yield docx.paragraph(_runs(block.head, marks, bold=True), "<w:keepNext/>" + _SPACE)
        yield docx.paragraph(docx.run(block.said.text, look=f'{_TYPED}<w:sz w:val="18"/>'), _SPACE)


def _runs(runs: Runs, marks: _Bookmarks, *, bold: bool = False, size: int = _SIZE) -> str:
    def shown(run: Run) -> str:
        text = _said(run.text, bold=bold, size=size, more=docx.MARK if isinstance(run, Gap) else "")
        return marks.around(run, text) if isinstance(run, Number) else text

    return plain(runs, shown)


def _said(text: str, *, bold: bool = False, size: int = _SIZE, more: str = "") -> str:
    return docx.run(text, look=f'{"<w:b/>" * bold}<w:sz w:val="{size}"/>{more}')
