"""A text that knows where each of its characters stood before it was cleaned.

Cleaning removes and replaces characters; `origin` follows every one of them, so that a passage of the cleaned text can
be shown as it stands in the file. What is kept of it is `breaks`: only the places where the distance changes.
"""

import bisect
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Breaks = tuple[tuple[int, int], ...]
"""(offset in the cleaned text, offset in the raw text), where a run of characters that were kept as they stand begins."""


@dataclass(slots=True)
class Traced:
    """A text, and for each of its characters the offset in the raw text it comes from."""

    text: str
    origin: list[int]

    @classmethod
    def of(cls, text: str) -> "Traced":
        """A raw text."""
        return cls(text, list(range(len(text))))

    def __getitem__(self, where: slice) -> "Traced":
        """A part of it."""
        return Traced(self.text[where], self.origin[where])

    def sub(self, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> "Traced":
        """With each match replaced by a text; a replacement of another length comes from where its match began."""
        parts: list[str] = []
        origin: list[int] = []
        at = 0
        for found in pattern.finditer(self.text):
            text = new if isinstance(new, str) else new(found)
            start, end = found.span()
            parts += (self.text[at:start], text)
            origin += self.origin[at:start]
            origin += self.origin[start:end] if len(text) == end - start else [self.origin[start]] * len(text)
            at = end
        if not at:
            return self
        return Traced("".join([*parts, self.text[at:]]), origin + self.origin[at:])

    def stripped(self) -> "Traced":
        """Without blanks at either end."""
        start = len(self.text) - len(self.text.lstrip())
        return self[start : max(start, len(self.text.rstrip()))]

    def lines(self) -> "list[Traced]":
        """Its lines without blanks at their ends."""
        out, at = [], 0
        for line in self.text.split("\n"):
            out.append(self[at : at + len(line)].stripped())
            at += len(line) + 1
        return out


def joined(parts: Iterable[Traced], between: str) -> Traced:
    """Texts with something between them, which comes from where the part before it ends."""
    texts: list[str] = []
    origin: list[int] = []
    for part in parts:
        if texts:
            origin += [origin[-1] + 1 if origin else 0] * len(between)
        texts.append(part.text)
        origin += part.origin
    return Traced(between.join(texts), origin)


_MARKS = "[\u0300-\u036f\u0483-\u0487\u1100-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
_CLUSTER = re.compile(f"[^\\W\\d_]{_MARKS}")


def composed(text: Traced) -> Traced:
    """With letters and the marks over them as one character (NFC), where there is one."""
    if unicodedata.is_normalized("NFC", text.text):
        return text
    return text.sub(_CLUSTER, lambda found: unicodedata.normalize("NFC", found[0]))


def breaks(text: Traced) -> Breaks:
    """Where the distance between the cleaned and the raw text changes."""
    out: list[tuple[int, int]] = []
    before = None
    for at, raw in enumerate(text.origin):
        if raw - at != before:
            out.append((at, raw))
            before = raw - at
    return tuple(out)


def raw_offset(known: Sequence[tuple[int, int]], at: int) -> int:
    """The offset in the raw text of a character of the cleaned one."""
    place = bisect.bisect_right(known, (at, float("inf"))) - 1
    if place < 0:
        raise ValueError("the text has no map back to its raw form")
    clean, raw = known[place]
    return raw + at - clean


def raw_span(known: Sequence[tuple[int, int]], raw: str, start: int, end: int) -> tuple[int, int]:
    """Where a passage of the cleaned text, not an empty one, stands in the raw text: from its first to its last character."""
    first, last = raw_offset(known, start), raw_offset(known, end - 1) + 1
    marks = re.compile(_MARKS).match(raw, last)
    return first, marks.end() if marks else last
