"""Raw pages as pages to read: hyphenation joined, running heads stripped, lines joined to paragraphs.

What is undone is what pypdfium2 was seen to leave behind: soft hyphens as U+FFFE, running heads and page numbers. Every
character of a cleaned page is traced to its place on the raw one (`traced`).
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from scoping.traced import Traced, composed, joined

REPEATS = 3
"""Pages on which a line at the edge must stand to be a running head."""
EDGE = 4
"""Lines at the top and at the bottom of a page that may be running heads."""

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_LINE_END = re.compile("\r\n|[\r\x85\x0c\u2028\u2029]")
_HYPHENATED = re.compile("[\x02\ufffe]\n?")
_SOFT_HYPHEN = re.compile("\xad")
_SOFT = re.compile("\ufffe")
_HALF = re.compile("[\ud800-\udfff]")
_INVISIBLE = re.compile(
    "[\x00-\x01\x03-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_BREAK = re.compile("(?<=\\w)(?:\ufffe\\s?|[-\u2010]\n)(?=\\w)")
_MINUS = re.compile(r"(?<![^\s(\[=<>≤≥,;])([-−–])\n(?=\d)")
_SUSPENDED = frozenset({"and", "or", "nor", "to", "und", "oder"})
_DIGITS = re.compile(r"\d+")
_FLOAT = re.compile(r"(?:table|figure|fig\.?|box|panel|appendix|chart|plate)\s*#", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:;][\"'’”)\]]*$")
_ITEM = re.compile(r"(?:[•▪‣◦●○■□–—*·-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_UNFINISHED = re.compile(
    r"(?:[,;(–—-]|\b(?:a|an|and|as|at|by|for|from|in|is|of|on|or|that|the|to|was|were|with))$", re.IGNORECASE
)


def clean(raw: Sequence[str], *, typeset: bool = True) -> list[Traced]:
    """Pages to read; with `typeset` they may have running heads and hyphens at line ends, as in PDFs and in text files."""
    lines = [_lines(page) for page in raw]
    if not typeset:
        return [_paragraphs(joined(page, "\n").sub(_SOFT, "")) for page in lines]
    bare = [joined(page, "\n") for page in _without_heads(lines)]
    known = _Vocabulary([page.text for page in bare])
    return [
        _paragraphs(page.sub(_BREAK, known.join).sub(_MINUS, lambda found: found[1]).sub(_SOFT, "-")) for page in bare
    ]


def _lines(page: str) -> list[Traced]:
    """A raw page as lines without control characters, ligatures and odd blanks; U+FFFE marks every soft hyphen."""
    text = Traced.of(page).sub(_LINE_END, "\n")
    text = text.sub(_HYPHENATED, "\ufffe\n")  # pdfium leaves the line end out, and a running head may come after it
    text = text.sub(_SOFT_HYPHEN, "\ufffe").sub(_HALF, "?")
    text = composed(text).sub(_LIGATURE, lambda found: _LIGATURES[found[0]])
    return text.sub(_INVISIBLE, "").sub(_BLANKS, " ").stripped().lines()


def _without_heads(pages: list[list[Traced]]) -> Iterator[list[Traced]]:
    """The pages without the lines at their edges that stand there on three or more pages, digits not compared.

    A line of digits alone is a page number only if it counts with the pages: columns of figures stay.
    """
    pages = [_trimmed(page) for page in pages]
    seen: Counter[str] = Counter()
    for number, page in enumerate(pages):
        edge = [*page[:EDGE], *page[max(EDGE, len(page) - EDGE) :]]
        seen.update({_head_key(line.text, number) for line in edge})
    heads = {key for key, count in seen.items() if key and count >= REPEATS}
    for number, page in enumerate(pages):
        first = 0
        while first < min(EDGE, len(page)) and _head_key(page[first].text, number) in heads:
            first += 1
        last = len(page)
        while last > max(first, len(page) - EDGE) and _head_key(page[last - 1].text, number) in heads:
            last -= 1
        yield _trimmed(page[first:last])


def _trimmed(lines: list[Traced]) -> list[Traced]:
    """Lines without blank ones at either end."""
    filled = [at for at, line in enumerate(lines) if line.text]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _head_key(line: str, page: int) -> str:
    """What is equal in all copies of a running head; nothing for a line that cannot be one."""
    key = _DIGITS.sub("#", line.casefold())
    if any(c.isalpha() for c in key):
        return "" if _FLOAT.fullmatch(key.rstrip(" .:")) else key
    numbers = _DIGITS.findall(line)
    if len(numbers) != 1 or len(numbers[0]) > 6:
        return ""
    return f"{key} {int(numbers[0]) - page}"


class _Vocabulary:
    """The words of a report, to tell a hyphen of its own ("evidence-/based") from one of the typesetter ("knowl-/edge")."""

    def __init__(self, pages: Sequence[str]) -> None:
        words: set[str] = set()
        for page in pages:
            words.update(re.findall(r"(?<![\w\ufffe-])\w+(?:-\w+)*(?![\w\ufffe]|-\n)", page.casefold()))
        self.words = words

    def join(self, found: re.Match[str]) -> str:
        """What stands between the two halves of a word that a line end has divided."""
        before = re.search(r"\w+$", found.string[max(0, found.start() - 60) : found.start()])
        after = re.match(r"\w+", found.string[found.end() : found.end() + 60])
        left, right = (before.group() if before else ""), (after.group() if after else "")
        if right.casefold() in _SUSPENDED and (left + right).casefold() not in self.words:
            return "- "  # "short- and long-term"
        capital = right[:1].isupper() and not left.isupper()
        if left[-1:].isdigit() or right[:1].isdigit() or capital or self._compound(left.casefold(), right.casefold()):
            return "-"
        return ""

    def _compound(self, left: str, right: str) -> bool:
        if left + right in self.words:
            return False
        return f"{left}-{right}" in self.words or (min(len(left), len(right)) > 2 and {left, right} <= self.words)


def _paragraphs(page: Traced) -> Traced:
    """A page's lines joined to paragraphs, by blank lines, short last lines, headings and list marks."""
    lines = page.lines()
    lengths = [len(line.text) for line in lines if len(line.text) >= 40]
    width = statistics.median(lengths) if lengths else 0
    paragraphs: list[list[Traced]] = []
    ended = True
    for at, line in enumerate(lines):
        if not line.text:
            ended = True
            continue
        if ended:
            paragraphs.append([])
        paragraphs[-1].append(line)
        ended = at + 1 < len(lines) and _ends(line.text, lines[at + 1].text, width)
    return joined([joined(lines, " ") for lines in paragraphs], "\n")


def _ends(line: str, following: str, width: float) -> bool:
    """Whether a paragraph ends with this line; `width` is the usual length of a line in characters."""
    if len(line) > 250 or _ITEM.match(following):
        return True
    if _SENTENCE_END.search(line):
        return len(line) < 0.85 * width or not width
    return len(line) < 0.6 * width and not following[:1].islower() and not _UNFINISHED.search(line)
