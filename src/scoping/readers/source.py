"""From bytes to text without losing the way back: every position of the text knows its byte and its line.

Lines end with CR LF, LF or CR and with nothing else: U+2028, U+0085, form feeds and the like are data, so
`str.splitlines` is never used.
"""

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass

from scoping.errors import ScopingError

BLANK = " \t\r\n"
_EOL = re.compile(r"\r\n|\n|\r")
_ESCAPED = re.compile("[\udc80-\udcff]")
_LONE = re.compile("[\ud800-\udfff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
_ONE_BYTE = frozenset({"cp1252", "iso8859-1", "ascii", "mac-roman"})
_HEAD = 400


@dataclass(frozen=True, slots=True)
class _Choice:
    """An encoding: Python's codec, the name we report, the length of the byte order mark, and whether it is a guess."""

    codec: str
    label: str
    skip: int = 0
    guessed: bool = False


class Source:
    """The text of a file and the way back to its bytes."""

    def __init__(self, data: bytes, encoding: str = "") -> None:
        """Decode the bytes by what they say, or by `encoding` where a person has declared it."""
        choice = _declared(data, encoding) if encoding else _detected(data)
        self.data = data
        self.encoding = choice.label
        self.guessed = choice.guessed
        self.skip = choice.skip
        self._codec = choice.codec
        wide = choice.codec.startswith("utf-16")
        self._errors = "surrogatepass" if wide else "surrogateescape"
        self.tail = (len(data) - choice.skip) % 2 if wide else 0
        body = data[choice.skip : len(data) - self.tail]
        self._escaped = body.decode(choice.codec, self._errors)
        if encoding and self._escaped.encode(choice.codec, self._errors) != body:
            raise ScopingError(f"text in {encoding} cannot be traced back to its bytes", do="save the file as UTF-8")
        self.text = _mended(self._escaped, wide=wide)
        self._flat = choice.codec in _ONE_BYTE or (self._escaped.isascii() and not wide)
        self.lines = _line_spans(self.text)
        self._starts = [start for start, _ in self.lines]
        self._line_bytes: list[int] = []
        self._near = (-1, 0)  # the last position that was asked for, and its byte

    def line_at(self, position: int) -> int:
        """The line number, from 1, of a position of the text."""
        return max(1, bisect_right(self._starts, position))

    def byte_at(self, position: int) -> int:
        """The offset in the original bytes of a position of the text."""
        if self._flat:
            return self.skip + position
        if not self._line_bytes:
            self._line_bytes = self._offsets()
        line = self.line_at(position) - 1
        start, byte = self._starts[line], self._line_bytes[line]
        if start <= self._near[0] <= position:  # a whole file may be one line
            start, byte = self._near
        self._near = (position, byte + self._width(start, position))
        return self._near[1]

    def damaged(self) -> list[int]:
        """Positions of characters whose bytes are not valid in the encoding of the file."""
        if self._escaped is self.text:
            return []
        pattern = _LONE if self._errors == "surrogatepass" else _ESCAPED
        return [match.start() for match in pattern.finditer(self._escaped)]

    def _width(self, start: int, end: int) -> int:
        return len(self._escaped[start:end].encode(self._codec, self._errors))

    def _offsets(self) -> list[int]:
        offsets, here = [], self.skip
        for start, after in zip(self._starts, [*self._starts[1:], len(self.text)], strict=True):
            offsets.append(here)
            here += self._width(start, after)
        return offsets


def _line_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each line, without its line end; a text without lines is one empty line."""
    spans, start = [], 0
    for match in _EOL.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    if start < len(text) or not spans:
        spans.append((start, len(text)))
    return spans


def _mended(escaped: str, *, wide: bool) -> str:
    """The text with undecodable bytes shown as Windows characters, lone surrogates as U+FFFD; length unchanged."""
    if wide:
        return _LONE.sub("\ufffd", escaped) if _LONE.search(escaped) else escaped
    if not _ESCAPED.search(escaped):
        return escaped
    return _ESCAPED.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"), escaped)


def _declared(data: bytes, encoding: str) -> _Choice:
    try:
        codec = codecs.lookup(encoding).name
    except LookupError:
        raise ScopingError(f"the encoding {encoding!r} is not known", do="use a name such as utf-8 or cp1252") from None
    for bom, bom_codec, label in _BOMS:
        if data.startswith(bom) and codec in {bom_codec, label, bom_codec[:6]}:
            return _Choice(bom_codec, label, len(bom))
    plain = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(codec, codec)
    return _Choice(plain, plain)


def _detected(data: bytes) -> _Choice:
    """Byte order mark, else NULs at every other byte (UTF-16), else strict UTF-8, else Windows-1252 as a guess."""
    for bom, codec, label in _BOMS:
        if data.startswith(bom):
            return _Choice(codec, label, len(bom))
    head = data[:_HEAD]
    if head.count(0) > len(head) // 4:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        codec = "utf-16-le" if odd > even else "utf-16-be"
        return _Choice(codec, codec)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error)
    return _Choice("utf-8", "utf-8")


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> _Choice:
    """Mostly UTF-8 with a few wrong bytes, or cut inside the last character; else Windows-1252."""
    text = data.decode("utf-8", "surrogateescape")
    wrong = len(_ESCAPED.findall(text))
    right = sum(1 for character in text if ord(character) > 0x7F) - wrong
    cut_short = error.reason == "unexpected end of data"
    if cut_short or right > 10 * wrong:
        return _Choice("utf-8", "utf-8", guessed=True)
    return _Choice("cp1252", "cp1252", guessed=True)
