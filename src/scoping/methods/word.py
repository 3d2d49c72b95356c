"""A text for authors for Word: each number is a bookmark, and a table at the end says what each of them counts."""

import re
from collections.abc import Iterator

from scoping import author_docx as docx
from scoping.author_sheet import Sheet
from scoping.methods.prose import Block, Bullets, Document, Gap, Number, Paragraph, Run, Runs, plain

_POINTS = 11.0
_SPACE = '<w:spacing w:before="0" w:after="120" w:line="276" w:lineRule="auto"/>'
_LIST = '<w:spacing w:before="0" w:after="{}"/><w:ind w:left="360" w:hanging="240"/>'
_HEAD = '<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="{}"/>'
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
    blank = docx.blank(plain(document.title), sideways=False, points=_POINTS)
    end = blank.element.body.sectPr
    for xml in _paragraphs(document):
        end.addprevious(docx.parsed(xml))
    sheet = _sheet(document)
    if sheet.rows:
        end.addprevious(docx.parsed(docx.paragraph('<w:r><w:br w:type="page"/></w:r>', "")))
        end.addprevious(docx.parsed(docx.caption(sheet.caption)))
        end.addprevious(docx.parsed(docx.table(sheet)))
        end.addprevious(docx.parsed(docx.paragraph(docx.run(sheet.note), '<w:spacing w:before="80"/>')))
    return docx.saved(blank)


def _paragraphs(document: Document) -> Iterator[str]:
    marks = _Bookmarks()
    yield docx.paragraph(_runs(document.title, marks, bold=True, size=28), _HEAD.format(0))
    if document.notice:
        yield docx.paragraph(docx.run(document.notice, look="<w:i/>"), _SPACE)
    if document.draft:
        yield docx.paragraph(_runs(document.draft, marks, bold=True), _SPACE)
    for section in document.sections:
        yield docx.paragraph(docx.run(section.title, look='<w:b/><w:sz w:val="24"/>'), _HEAD.format(1))
        for block in section.blocks:
            yield from _block(block, marks)


def _block(block: Block, marks: _Bookmarks) -> Iterator[str]:
    if isinstance(block, Paragraph):
        lead = docx.run(f"{block.lead} ", look="<w:b/>") if block.lead else ""
        yield docx.paragraph(lead + _runs(block.runs, marks), _SPACE)
    elif isinstance(block, Bullets):
        for at, item in enumerate(block.items, 1):
            look = _LIST.format(120 if at == len(block.items) else 40)
            yield docx.paragraph(docx.run("•") + "<w:r><w:tab/></w:r>" + _runs(item, marks), look)
    else:
        yield docx.paragraph(_runs(block.head, marks, bold=True), "<w:keepNext/>" + _SPACE)
        look = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/><w:sz w:val="18"/>'
        yield docx.paragraph(docx.run(block.said.text, look=look), _SPACE)


def _runs(runs: Runs, marks: _Bookmarks, *, bold: bool = False, size: int = 0) -> str:
    look = "<w:b/>" * bold + (f'<w:sz w:val="{size}"/>' if size else "")

    def shown(run: Run) -> str:
        text = docx.run(run.text, look=look + (docx.MARK if isinstance(run, Gap) else ""))
        return marks.around(run, text) if isinstance(run, Number) else text

    return plain(runs, shown)


def _sheet(document: Document) -> Sheet:
    """Every number of the text once, in its order."""
    found = {run.key: run for _, run in document.runs() if isinstance(run, Number)}
    columns = ["Number", "Unit", "Key", "Where it is counted"]
    rows = [dict(zip(columns, (each.value, each.unit, each.key, each.where), strict=True)) for each in found.values()]
    note = "For checking, not for the paper. The ids behind each number are in numbers_ids.csv under its key."
    return Sheet("numbers", "Numbers in this text", columns, [8, 18, 30, 52], rows, None, note)
