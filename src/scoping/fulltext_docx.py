"""The text of a Word file (.docx): what a reader sees of its body, page by page, with the notes each page refers to.

Only the parts that hold text are unpacked, and no more of them than the limits allow; a part that declares a document
type is refused, since Word writes none and entities can grow without end. Left out is what is no longer or never shown:
deleted and moved text, hidden text, field codes, comments, page heads, and the second copy of a text box. A page ends
where Word last ended one, or where its writer did; without either, all is one page.
"""

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

UNPACKED = 100 * 1024**2
"""The largest part that is unpacked, in bytes."""
ENTRIES = 10_000
"""The most files an archive may hold."""
DEPTH = 500
"""How deep elements may stand in each other."""
MAIN = "wordprocessingml.document.main+xml"
_MACROS = "ms-word.document.macroEnabled.main+xml"
_CHUNK = 1 << 16
_WORDS = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_TWICE = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_UNSEEN = ("del", "moveFrom", "instrText", "delText", "rt")
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_BLANK = {"tab": "\t", "cr": " ", "br": " ", "noBreakHyphen": "-", "ptab": "\t"}


class Refused(Exception):
    """Why a file is not read, in words for people."""


def pages(path: Path) -> list[str]:
    """The text of each page, a blank line between paragraphs."""
    with zipfile.ZipFile(path) as archive:
        main = _main_part(archive)
        notes: dict[tuple[str, str], str] = {}
        for kind in ("footnote", "endnote"):
            part = posixpath.join(posixpath.dirname(main), f"{kind}s.xml")
            if part in archive.namelist():
                notes |= _read(archive, part, kind).notes
        body = _read(archive, main, "")
    filled = [page for page in body.pages if page.paragraphs or page.notes]
    return ["\n\n".join([*page.paragraphs, *(notes.get(key, "") for key in page.notes)]) for page in filled]


def _main_part(archive: zipfile.ZipFile) -> str:
    """The part with the body; Refused for any other kind of archive."""
    entries = archive.infolist()
    if len(entries) > ENTRIES or len({entry.filename for entry in entries}) != len(entries):
        raise Refused("an archive with too many files, or with some of them twice: save it anew in a word processor")
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names:
        raise Refused("an archive, but no Word file (.docx): put the report itself here, as PDF, .docx, .html or .txt")
    found: list[str] = []

    def start(_name: str, attributes: dict[str, str]) -> None:
        if attributes.get("ContentType", "").endswith((MAIN, _MACROS)):
            found.append(attributes.get("PartName", "").lstrip("/"))

    _parse(archive, "[Content_Types].xml", start, lambda _name: None, lambda _text: None)
    if len(found) != 1 or found[0] not in names:
        raise Refused("an Office file, but no Word document: save it as PDF and put that here")
    return found[0]


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Read one part piece by piece, within the limits."""
    if archive.getinfo(part).flag_bits & 1:
        raise Refused("locked with a password; save a copy without one")
    depth = 0

    def deeper(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise Refused(f"its parts stand more than {DEPTH} deep in each other: save it as PDF and use that")
        start(name, attributes)

    def higher(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    def declared(*_: object) -> NoReturn:
        raise Refused("it declares a document type or entities, which Word never does: save it anew, or as PDF")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = deeper
    parser.EndElementHandler = higher
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    room = UNPACKED
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            room -= len(chunk)
            if room < 0:
                raise Refused(f"it unpacks to more than {UNPACKED // 1024**2} MB: not one report")
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


@dataclass(slots=True)
class _Page:
    paragraphs: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """What was read of a part so far. `open` are the paragraphs that are not at their end (text boxes stand in others)."""

    kind: str
    pages: list[_Page] = field(default_factory=lambda: [_Page()])
    notes: dict[tuple[str, str], str] = field(default_factory=dict)
    open: list[list[str]] = field(default_factory=list)
    unseen: int = 0
    hidden: bool = False
    in_text: bool = False
    run: int = 0
    note: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        space, _, tag = name.rpartition(" ")
        ours = space in _WORDS
        if self.unseen or name == _TWICE or (ours and tag in _UNSEEN):
            self.unseen += 1
        elif ours:
            self._begin(tag, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def _begin(self, tag: str, said: dict[str, str]) -> None:
        if tag == "p":
            self.open.append([])
        elif tag == "r":
            self.run += 1
            self.hidden = False
        elif tag in ("vanish", "webHidden"):
            self.hidden = self.run > 0 and said.get("val", "true") not in ("0", "false", "off")
        elif tag == "t":
            self.in_text = not self.hidden
        elif tag in _NOTES and not self.hidden:
            self.pages[-1].notes.append((_NOTES[tag], said.get("id", "")))
        elif tag == self.kind:
            self.note = said.get("id", "")
        elif tag == "lastRenderedPageBreak" or (tag == "br" and said.get("type") == "page") or tag == "pageBreakBefore":
            self._page_break(said)
        elif tag in _BLANK and self.run and not self.hidden:
            self.put(_BLANK[tag])

    def _page_break(self, said: dict[str, str]) -> None:
        if not self.kind and said.get("val", "true") not in ("0", "false", "off"):
            self.turn()

    def end(self, name: str) -> None:
        """An element ends."""
        space, _, tag = name.rpartition(" ")
        if self.unseen:
            self.unseen -= 1
        elif space not in _WORDS:
            return
        elif tag == "t":
            self.in_text = False
        elif tag == "r":
            self.run -= 1
            self.hidden = False
        elif tag == "p" and self.open:
            self._paragraph(self.open.pop())
        elif tag == self.kind and self.note:
            self.notes[self.kind, self.note] = "\n\n".join(self.pages[-1].paragraphs)
            self.pages, self.note = [_Page()], ""

    def text(self, text: str) -> None:
        """Letters."""
        if self.in_text and not self.unseen:
            self.put(text)

    def put(self, text: str) -> None:
        """Letters of the innermost open paragraph; a line end in them is a blank."""
        if self.open:
            self.open[-1].append(text.replace("\n", " "))

    def turn(self) -> None:
        """The page ends, within a paragraph perhaps; a page without text is none."""
        for paragraph in self.open:
            self._paragraph(paragraph)
            paragraph.clear()
        if self.pages[-1].paragraphs:
            self.pages.append(_Page())

    def _paragraph(self, pieces: list[str]) -> None:
        if text := "".join(pieces).strip():
            self.pages[-1].paragraphs.append(text)


def _read(archive: zipfile.ZipFile, part: str, kind: str) -> _Reading:
    reading = _Reading(kind)
    _parse(archive, part, reading.start, reading.end, reading.text)
    return reading
