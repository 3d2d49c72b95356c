"""From bytes to text without losing the way back: every position of the text knows its byte and its line.

Lines end with CR LF, LF or CR and with nothing else: U+2028, U+0085, form feeds and the like are data, so
`str.splitlines` is never used.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from scoping.readers import encodings
from scoping.readers.encodings import Encoding
from scoping.readers.markers import unix_in_place

BLANK = " \t\r\n"
_ESCAPED = re.compile("[\udc80-\udcff]")
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Known:
    """What the whole file, or what stands before a piece of it, tells the reader of a piece.

    `strict` and `indented`: the shape of all tag lines of a RIS file. `header` and `delimiter`: the text of a table's
    header row and what parts its cells. `strings`: what BibTeX's @string has defined so far. `around`: the namespaces
    of an XML file.
    """

    strict: bool = True
    indented: bool = False
    header: str = ""
    delimiter: str = ""
    strings: dict[str, str] = field(default_factory=dict)
    around: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A slice of a file's bytes that begins where an entry does, the number of its first line, and its place."""

    start: int
    end: int
    line: int = 1
    first: bool = True
    last: bool = True
    known: Known | None = None


class Source:
    """The text of a file, or of a piece of it, and the way back to its bytes and lines."""

    def __init__(self, data: bytes, encoding: Encoding | None = None, piece: Piece | None = None) -> None:
        """Decode `data`: a file with any byte order mark, or the slice of one that `piece` describes."""
        self.piece = piece or Piece(0, len(data))
        self.encoding = encoding or encodings.detected(data)
        self.skip = self.encoding.skip if self.piece.first else 0
        self._size = len(data)
        self.tail = (len(data) - self.skip) % 2 if self.encoding.wide else 0
        body = data[self.skip : len(data) - self.tail]
        try:
            self.text = self._escaped = body.decode(self.encoding.codec)
        except UnicodeDecodeError:
            self._escaped = body.decode(self.encoding.codec, self.encoding.errors)
            self.text = _mended(self._escaped, wide=self.encoding.wide)
        self._flat = self.encoding.one_byte or (not self.encoding.wide and self._escaped.isascii())
        self._near = (0, self.piece.start + self.skip)  # the last position that was asked for, and its byte
        self._near_line = (0, self.piece.line)
        self._behind = (0, self.piece.line, self.piece.start + self.skip)  # the end of the last span, its line and byte
        self.lf_only = "\r" not in self.text or self.text.count("\r") == self.text.count(
            "\r\n"
        )  # or CR LF: no CR stands alone

    @property
    def end(self) -> int:
        """The byte after the last one."""
        return self.piece.start + self._size

    @cached_property
    def rows(self) -> list[str]:
        """The lines without their ends; a text without lines is one empty line."""
        rows = self._split
        return [row[:-1] if row.endswith("\r") else row for row in rows] if "\r" in self.text else rows

    @cached_property
    def starts(self) -> list[int]:
        """The position of each line."""
        return list(accumulate(map((1).__add__, map(len, self._split[:-1])), initial=0))

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """Start and end of each line, without its line end."""
        return [(start, start + len(row)) for start, row in zip(self.starts, self.rows, strict=True)]

    @cached_property
    def _split(self) -> list[str]:
        rows = unix_in_place(self.text).split("\n")
        if len(rows) > 1 and not rows[-1]:
            rows.pop()
        return rows

    def row_at(self, position: int) -> int:
        """The index of the line that holds a position of the text."""
        return max(0, bisect_right(self.starts, position) - 1)

    def line_at(self, position: int) -> int:
        """The number in the file, from 1, of the line that holds a position; cheap where asked for in order."""
        if not self.lf_only:
            return self.piece.line + self.row_at(position)
        position = min(position, len(self.text) - self.text.endswith("\n"))
        near, line = self._near_line
        if position < near:
            line -= self.text.count("\n", position, near)
        else:
            line += self.text.count("\n", near, position)
        self._near_line = (position, line)
        return line

    def byte_at(self, position: int) -> int:
        """The offset in the bytes of the file of a position of the text; cheap where positions are asked for in order."""
        if self._flat:
            return self.piece.start + self.skip + position
        near, byte = self._near
        if position < near:
            byte -= self._width(position, near)
        else:
            byte += self._width(near, position)
        self._near = (position, byte)
        return byte

    def span(self, start: int, end: int) -> tuple[int, int, int, int, str]:
        """First and last line, slice of bytes, and text of a span; the fast way for spans that are asked for in order."""
        near, line, byte = self._behind
        whole = self.text
        if start < near or not self.lf_only or self._escaped is not whole:
            last = self.line_at(max(start, end - 1))
            return self.line_at(start), last, self.byte_at(start), self.byte_at(end), whole[start:end]
        if start > near:
            line, byte = line + whole.count("\n", near, start), byte + self._size_of(whole[near:start])
        text = whole[start:end]
        last, stop = line + text.count("\n"), byte + self._size_of(text)
        self._behind = (end, last, stop)
        return line, last - 1 if text[-1:] == "\n" else last, byte, stop, text

    def damaged(self) -> list[int]:
        """Positions of characters whose bytes are not valid in the encoding of the file."""
        if self._escaped is self.text:
            return []
        pattern = _LONE if self.encoding.wide else _ESCAPED
        return [match.start() for match in pattern.finditer(self._escaped)]

    def _width(self, start: int, end: int) -> int:
        return self._size_of(self._escaped[start:end])

    def _size_of(self, text: str) -> int:
        """Bytes of a part of the text."""
        if self._flat or (text.isascii() and not self.encoding.wide):
            return len(text)
        return len(text.encode(self.encoding.codec, self.encoding.errors))


def _mended(escaped: str, *, wide: bool) -> str:
    """The text with undecodable bytes shown as Windows characters, lone surrogates as U+FFFD; length unchanged."""
    if wide:
        return _LONE.sub("\ufffd", escaped)
    return _ESCAPED.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"), escaped)
