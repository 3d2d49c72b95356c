"""Which encoding the bytes of a file are in: what they say first, the measured rule for the rest."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scoping import files
from scoping.errors import ScopingError
from scoping.files import Bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
_ONE_BYTE = frozenset({"cp1252", "iso8859-1", "ascii", "mac-roman"})
_ESCAPED = re.compile("[\udc80-\udcff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_HEAD = 400
_BLOCK = 1 << 15  # bytes that are decoded at a time: for so few no memory has to be fetched from the system


@dataclass(frozen=True, slots=True)
class Encoding:
    """Python's codec, the name we report, the length of the byte order mark, and whether it is a guess."""

    codec: str
    label: str
    skip: int = 0
    guessed: bool = False

    @property
    def wide(self) -> bool:
        """Whether a character has two bytes or four."""
        return self.codec.startswith("utf-16")

    @property
    def one_byte(self) -> bool:
        """Whether every character has one byte."""
        return self.codec in _ONE_BYTE

    @property
    def bytewise(self) -> bool:
        """Whether signs of ASCII are the same bytes in it and are part of no other sign."""
        return self.one_byte or self.codec == "utf-8"

    @property
    def errors(self) -> str:
        """How bytes that are not in the encoding are kept, so that they can be written back."""
        return "surrogatepass" if self.wide else "surrogateescape"


def blocks(data: Bytes, encoding: Encoding, size: int = _BLOCK) -> Iterator[str]:
    """The text of a file, some of it at a time; half a character at its end is left out."""
    decoder = codecs.getincrementaldecoder(encoding.codec)(encoding.errors)
    end = len(data) - (len(data) - encoding.skip) % 2 if encoding.wide else len(data)
    at = encoding.skip
    for block in files.blocks(data, size, at):
        at += len(block)
        yield decoder.decode(block[: len(block) - (at - end)] if at > end else block, at >= end)


def declared(data: Bytes, name: str) -> Encoding:
    """The encoding that a person has declared. Raises ScopingError where it is unknown or does not fit the bytes."""
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        raise ScopingError(f"the encoding {name!r} is not known", do="use a name such as utf-8 or cp1252") from None
    plain = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(codec, codec)
    found = Encoding(plain, plain)
    for bom, bom_codec, label in _BOMS:
        if data[: len(bom)] == bom and codec in {bom_codec, label, bom_codec[:6]}:
            found = Encoding(bom_codec, label, len(bom))
            break
    position = found.skip
    for text in blocks(data, found):
        back = text.encode(found.codec, found.errors)
        if back != data[position : position + len(back)]:
            break
        position += len(back)
    if len(data) - position > found.wide:  # half a character may be left
        raise ScopingError(f"text in {name} cannot be traced back to its bytes", do="save the file as UTF-8")
    return found


def detected(data: Bytes) -> Encoding:
    """Byte order mark, else NULs at every other byte (UTF-16), else strict UTF-8, else Windows-1252 as a guess."""
    head = data[:_HEAD]
    for bom, codec, label in _BOMS:
        if head.startswith(bom):
            return Encoding(codec, label, len(bom))
    if head.count(0) > len(head) // 4:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        codec = "utf-16-le" if odd > even else "utf-16-be"
        return Encoding(codec, codec)
    return _unmarked(data)


def at_first(head: bytes) -> Encoding | None:
    """UTF-8 where the beginning of a file is nothing else, whatever follows; the last line may be cut off."""
    found = detected(head[: head.rfind(b"\n") + 1] or head)
    return found if found.codec == "utf-8" and not found.guessed else None


def _unmarked(data: Bytes) -> Encoding:
    """UTF-8; with a few wrong bytes, or cut inside its last character, it still is. Else Windows-1252."""
    utf8 = Encoding("utf-8", "utf-8")
    strict = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in files.blocks(data, _BLOCK):
            strict.decode(block)
        strict.decode(b"", final=True)
    except UnicodeDecodeError:
        pass
    else:
        return utf8
    wrong, last = 0, ""
    for text in blocks(data, utf8):
        last = text[-4:]
        wrong += len(_ESCAPED.findall(text))
    right = sum(len(_NOT_ASCII.findall(text)) for text in blocks(data, utf8)) - wrong
    if right > 10 * wrong or _cut_short(last, wrong):
        return Encoding("utf-8", "utf-8", guessed=True)
    return Encoding("cp1252", "cp1252", guessed=True)


def _cut_short(last: str, wrong: int) -> bool:
    """Whether all wrong bytes are the beginning of one character at the end of the text."""
    tail = last[len(last) - wrong :] if wrong <= min(3, len(last)) else ""
    if not _ESCAPED.fullmatch(tail[:1]):
        return False
    try:
        tail.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start == 0 and error.reason == "unexpected end of data"
    return False
