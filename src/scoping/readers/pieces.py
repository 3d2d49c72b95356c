"""Where a large file may be cut: each piece begins where an entry does and is read by itself, with the same result.

The memory that reading takes depends on the size of a piece, not of the file, and pieces can be read side by side.
Files in formats without a rule here are one piece.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from scoping import files
from scoping.files import Bytes
from scoping.readers import encodings
from scoping.readers.encodings import Encoding
from scoping.readers.model import JSON, XML
from scoping.readers.source import Known, Piece, Source
from scoping.readers.tagged import begins_plainly, ris_habits

SIZE = 300_000  # characters, or bytes of tagged files (`Encoding.bytewise`): some 150 entries
HEAD = 2_000_000  # bytes that format, dialect and header are told by
_AHEAD = 200_000  # characters after a cut that must be there to judge it
_BLOCK = 300_000  # bytes that are looked at at a time
_LONGEST = 50_000_000  # characters of an item of JSON that is looked through again as more of it comes
_LINE = r"(?:\A|(?<=[\r\n]))"
_STARTS = {  # signs of ASCII, which are the same in a text of bytes; and what may stand before them
    "ris": rf"{_LINE}(?:\ufeff)?[ \t]*TY(?: {{1,3}}|\t)-",
    "wos_tagged": rf"{_LINE}PT (?:[A-Z]|Journal|Book|Series|Patent)(?!\w|[^\x00-\x7f])",
    "nbib": r"(?:\A|(?<=\n\n)|(?<=\r\n\r\n)|(?<=\r\r))(?:PMID-|PMC -|PMCR-|OWN -)",
    "enw": rf"{_LINE}(?:\ufeff)?%0 ",
    "cochrane_text": rf"{_LINE}(?:\ufeff)?Record #\d+ of \d+",
    "ovid_tagged": rf"{_LINE}<\d+\. ?>",
    "ovid_text": rf"{_LINE}<\d+\.? ?>[ \t]*(?=[\r\n])",
}
_MARK = "(?:\ufeff)?".encode().decode("latin-1")
_LINES = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
_DECODER = json.JSONDecoder(strict=False)

Allowed = Callable[[str, int], bool]
Finder = Callable[[str, int, int], int | None]  # text of the piece so far, from, to -> a place to cut


def pieces(
    data: Bytes,
    format_: str,
    encoding: Encoding,
    columns: tuple[str, ...] = (),
    size: int = SIZE,
    *,
    plain: bool = False,
) -> Iterator[Piece]:
    """The pieces of a file in order, which cover all its bytes.

    `plain`: all its entries are taken to begin as programs should write them, and it is not looked through for others.
    """
    if len(data) <= size:
        yield Piece(0, len(data))
        return
    if format_ in _STARTS and encoding.bytewise:
        known = ris_habits(() if plain else _odd_starts(data, encoding)) if format_ == "ris" else None
        yield from _by_bytes(data, _starts(format_, encoding), encoding.skip, known, size)
        return
    head = Source(data[:HEAD], encoding, Piece(0, min(HEAD, len(data))))
    known, finder = _rules(data, format_, encoding, columns, head)
    if finder is None:
        yield Piece(0, len(data), known=known)
        return
    piece, text, searched, find = Piece(0, len(data), known=known), "", 0, finder(True)
    todo = len(data) - encoding.skip
    for block in encodings.blocks(data, encoding, max(size, _BLOCK)):
        text += block
        todo -= max(size, _BLOCK)
        limit = len(text) - (_AHEAD if todo > 0 else 0)
        while limit > size:
            at = find(text, max(size, searched), limit)
            if at is None:
                searched = limit
                break
            done, text = text[:at], text[at:]
            end = piece.start + (len(done) if encoding.one_byte else len(done.encode(encoding.codec, encoding.errors)))
            end += encoding.skip if piece.first else 0
            yield replace(piece, end=end, last=False)
            if format_ == "bibtex" and piece.known is not None:
                from scoping.readers import bibtex

                known = replace(piece.known, strings=bibtex.definitions(done, piece.known.strings))
            piece = Piece(end, len(data), piece.line + _line_ends(done), first=False, known=known)
            searched, find, limit = 0, finder(False), limit - at
    yield piece


def _by_bytes(data: Bytes, begins: re.Pattern[bytes], skip: int, known: Known | None, size: int) -> Iterator[Piece]:
    """The pieces of a tagged file: a place in its bytes tells where to cut, and little is decoded or copied for it."""
    piece, text, first, searched = Piece(0, len(data), known=known), b"", 0, 0
    todo = len(data) - skip
    for block in files.blocks(data, max(size, _BLOCK), skip):
        text, at = text + block, 0  # where the piece begins in the text; `first` and `searched` count from there
        todo -= len(block)
        limit = len(text) - (_AHEAD if todo > 0 else 0)
        while limit - at > size:
            if not first:
                match = begins.search(text, at, limit)
                first = match.end() - at if match else 0
            match = begins.search(text, at + max(size, first, searched), limit) if first else None
            if match is None:
                searched = limit - at
                break
            end = piece.start + match.start() - at + (skip if piece.first else 0)
            yield replace(piece, end=end, last=False)
            line = piece.line + _ends_in_bytes(text, at, match.start())
            piece = Piece(end, len(data), line, first=False, known=known)
            at, first, searched = match.start(), 0, 0
        text = text[at:]
    yield piece


def _ends_in_bytes(text: bytes, start: int, end: int) -> int:
    lone = text.count(b"\r", start, end) - text.count(b"\r\n", start, end) if text.find(b"\r", start, end) >= 0 else 0
    return text.count(b"\n", start, end) + lone


def _line_ends(text: str) -> int:
    return text.count("\n") + (text.count("\r") - text.count("\r\n") if "\r" in text else 0)


def _rules(
    data: Bytes, format_: str, encoding: Encoding, columns: tuple[str, ...], head: Source
) -> tuple[Known | None, Callable[[bool], Finder] | None]:
    """What every piece has to know, and what finds the places to cut, anew for each piece."""
    if format_ in _STARTS:
        known = ris_habits(_odd_starts(data, encoding)) if format_ == "ris" else None
        return known, lambda _first: _at_pattern(_STARTS[format_])
    if format_ == "bibtex":
        from scoping.readers import bibtex

        return Known(), lambda _first: _at_pattern(bibtex.NEXT_ENTRY, bibtex.outside_comments)
    if format_ == "table":
        from scoping.readers import table

        if found := table.known_header(head, columns):
            known, below = found
            return known, lambda first: _at_row(known, below if first else 0)
    if format_ in XML:
        from scoping.readers import xml_records

        if pattern := xml_records.outermost(format_, head.text):
            return xml_records.known_prologue(format_, head.text), lambda _first: _at_pattern(pattern, _outside_remarks)
    if format_ in JSON:
        return None, _at_item
    return None, None


def _starts(format_: str, encoding: Encoding) -> re.Pattern[bytes]:
    """What begins an entry, in bytes; a byte order mark there is three of UTF-8, and none in code pages."""
    mark = _MARK if encoding.codec == "utf-8" else ""
    return re.compile(_STARTS[format_].replace(r"(?:\ufeff)?", mark).encode("latin-1"))


def _odd_starts(data: Bytes, encoding: Encoding) -> Iterator[str]:
    """The text of a RIS file, some whole lines at a time, without what begins its entries as all programs should."""
    if not encoding.bytewise:
        yield from _whole_lines(data, encoding)
        return
    for text in _whole_lines(data, replace(encoding, codec="iso8859-1")):
        if not begins_plainly(text):
            yield text.encode("iso8859-1").decode(encoding.codec, encoding.errors)


def _whole_lines(data: Bytes, encoding: Encoding) -> Iterator[str]:
    """The text of a file, some whole lines at a time."""
    rest = ""
    for block in encodings.blocks(data, encoding):
        cut = block.rfind("\n") + 1
        yield rest + block[:cut]
        rest = block[cut:]
    yield rest


def _at_pattern(pattern: str, allowed: Allowed | None = None) -> Finder:
    """At a line or tag that begins an entry, but not at the first one of the piece."""
    begins = re.compile(pattern, re.MULTILINE)
    first: int | None = None

    def find(text: str, start: int, limit: int) -> int | None:
        nonlocal first
        if first is None:
            match = begins.search(text, 0, limit)
            if match is None:
                return None
            first = match.end()
        for match in begins.finditer(text, max(start, first), limit):
            if allowed is None or allowed(text, match.start()):
                return match.start()
        return None

    return find


def _outside_remarks(text: str, position: int) -> bool:
    """Whether a place of an XML text is in no comment and no CDATA."""
    return all(
        text.rfind(opens, 0, position) <= text.rfind(closes, 0, position)
        for opens, closes in (("<!--", "-->"), ("<![CDATA[", "]]>"))
    )


def _at_row(known: Known, below: int) -> Finder:
    """Before a whole row, where all quotes are closed and the line before is no heading of a section.

    Quotes above the rows, which begin at `below`, say nothing.
    """
    from scoping.readers import table

    counted, quotes, line, columns = below, 0, 0, table.width(known)

    def find(text: str, start: int, limit: int) -> int | None:
        nonlocal counted, quotes, line
        line = line or max(0, start - _AHEAD)  # the line before, or enough of it
        for match in _LINES.finditer(text, max(start, below + 1), limit):
            at = match.start()
            if text[at : at + 1] in ("\r", "\n"):  # an empty line is no row
                continue
            before, line = text[line:at].rstrip("\r\n"), at
            before = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
            quotes += text.count('"', counted, at)
            counted = max(counted, at)
            section = known.delimiter not in before and before.count('"') % 2 == 0
            if quotes % 2 == 0 and not section and table.is_whole_row(text, at, known.delimiter, columns):
                return at
        return None

    return find


def _at_item(first: bool) -> Finder:
    """Before an item of JSON; nowhere after one that cannot be decoded, or after the end of the list."""
    from scoping.readers import json_items

    position, ended, taken = -1, False, False

    def find(text: str, start: int, limit: int) -> int | None:
        nonlocal position, ended, taken
        if position < 0:
            position = json_items.first_item(text) if first else 0
        while not ended and position < limit:
            position = json_items.after_blank(text, position)
            if text[position : position + 1] != "{":
                ended = position < len(text)
                break
            if position >= start and taken:
                return position
            try:
                _, position = _DECODER.raw_decode(text, position)
                taken = True
            except (ValueError, RecursionError):
                ended = len(text) - position > _LONGEST
                break
        return None

    return find
