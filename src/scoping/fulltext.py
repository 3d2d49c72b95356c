"""The text of a report, page by page: from a PDF or plain-text file to pages that quotes are checked against.

`extract` never raises for what a file contains. Whatever goes wrong is part of the result, so that a report whose
text cannot be had is listed for a person to read by eye and never disappears. PDFs are read in a child process with
limits on memory and time (`fulltext_child`), since a hostile or damaged one aborts the process that reads it. What the
cleaning undoes is what pypdfium2 was seen to leave behind: soft hyphens as U+FFFE, running heads and page numbers.
"""

import json
import logging
import os
import re
import signal
import statistics
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast

LOG = logging.getLogger(__name__)

Status = Literal["ok", "empty", "failed", "unsupported"]

SECONDS = 60
"""CPU seconds for one file; the clock on the wall may show twice as many."""
MEMORY = 2 * 1024**3
"""Address space for the reader of one file, in bytes."""
TEXT_BYTES = 50 * 1024**2
"""The largest plain-text file that is read, in bytes."""
THIN = 200
"""Characters a page; a PDF below this average has no usable text layer (a scan with a stamp or a head on it)."""
REPEATS = 3
"""Pages on which a line at the edge must stand to be a running head."""
EDGE = 4
"""Lines at the top and at the bottom of a page that may be running heads."""

NO_TEXT_LAYER = "no text layer: read by eye"
_WORD = "open it in a word processor, save it as PDF and put the PDF beside it"
_PRINT = "open it in a browser, print it to PDF and put the PDF beside it"
_INSTEAD = {
    ".doc": _WORD,
    ".docx": _WORD,
    ".odt": _WORD,
    ".rtf": _WORD,
    ".htm": _PRINT,
    ".html": _PRINT,
    ".mht": _PRINT,
    ".mhtml": _PRINT,
    ".xhtml": _PRINT,
    ".xml": _PRINT,
}
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
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
_ITEM = re.compile(r"(?:[•▪‣◦●○■□–—*·]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_UNFINISHED = re.compile(
    r"(?:[,;(–—-]|\b(?:a|an|and|as|at|by|for|from|in|is|of|on|or|that|the|to|was|were|with))$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Text:
    """What is known of a report's full text.

    `pages` are cleaned, one string a page in the file's order, paragraphs divided by one newline. `reason` says what is
    wrong and what to do; for status "ok" it is empty or a remark (pages without text). A "failed" or "unsupported" file
    has no pages; an "empty" one has the little that was found.
    """

    status: Status
    reason: str = ""
    pages: tuple[str, ...] = ()


def to_json(text: Text) -> str:
    """A text as JSON: the same bytes for the same text."""
    return json.dumps(asdict(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_json(source: str) -> Text:
    """The text that `to_json` wrote; ValueError for anything else."""
    known = json.loads(source)
    if not isinstance(known, dict) or set(known) != {"pages", "reason", "status"}:
        raise ValueError("not a text as written by to_json")
    status, reason, pages = known["status"], known["reason"], known["pages"]
    if status not in ("ok", "empty", "failed", "unsupported") or not isinstance(reason, str):
        raise ValueError("not a text as written by to_json")
    if not isinstance(pages, list) or not all(isinstance(page, str) for page in pages):
        raise ValueError("not a text as written by to_json")
    return Text(cast("Status", status), reason, tuple(pages))


def extract(path: Path, *, seconds: int = SECONDS, memory: int = MEMORY) -> Text:
    """The text of one file by the kind that its name says; a failure is a result, not an exception.

    `seconds` of CPU (and twice as many on the clock) and `memory` in bytes are the limits for the reader of a PDF.
    """
    kind = path.suffix.lower()
    if kind not in (".pdf", ".txt"):
        do = _INSTEAD.get(kind, "save it as PDF or plain text (.txt) and put that beside it")
        return Text("unsupported", f"{kind or 'a file without an ending'} is not read: {do}")
    try:
        if not path.is_file():
            return Text("failed", "no such file")
        if path.stat().st_size == 0:
            return Text("failed", "an empty file (0 bytes): download it again")
        return _from_text(path) if kind == ".txt" else _from_pdf(path, seconds, memory)
    except OSError as error:
        return Text("failed", f"the file cannot be read: {os.strerror(error.errno) if error.errno else 'input error'}")


def judged(pages: Sequence[str]) -> Text:
    """Cleaned pages of a PDF as a result: "empty" if they have no usable text layer.

    A scan behind a typed cover page (libraries put one on loans) counts as empty, too.
    """
    with_text = [len(page) >= THIN for page in pages]
    only_cover = len(pages) >= REPEATS and sum(with_text) == 1 and with_text[0]
    if not pages or sum(map(len, pages)) < THIN * len(pages) or only_cover:
        return Text("empty", NO_TEXT_LAYER, tuple(pages))
    thin = with_text.count(False)
    remark = f"{thin} of {len(pages)} pages have hardly any text: look at them by eye" if 2 * thin >= len(pages) else ""
    return Text("ok", remark, tuple(pages))


def clean(raw: Sequence[str]) -> tuple[str, ...]:
    """Raw pages as pages to read: hyphenation joined, running heads stripped, lines joined to paragraphs."""
    lines = [_lines(page) for page in raw]
    bare = ["\n".join(page) for page in _without_heads(lines)]
    known = _Vocabulary(bare)
    return tuple(_paragraphs(_MINUS.sub(r"\1", _BREAK.sub(known.join, page)).replace("\ufffe", "-")) for page in bare)


def _from_text(path: Path) -> Text:
    with path.open("rb") as stream:
        data = stream.read(TEXT_BYTES + 1)
    if len(data) > TEXT_BYTES:
        return Text("failed", f"larger than {TEXT_BYTES // 1024**2} MB: not the text of one report")
    if data.startswith(b"%PDF-"):
        return Text("failed", "a PDF by its first bytes: rename it to .pdf")
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)", data, re.IGNORECASE):
        return Text("failed", f"an HTML page by its first bytes: {_PRINT}")
    decoded = _decoded(data)
    if decoded is None:
        return Text("failed", "not plain text in UTF-8 or Windows-1252: save it as UTF-8 text")
    pages = clean(decoded.removesuffix("\f").split("\f"))
    return Text("ok", "", pages) if any(pages) else Text("empty", "nothing but blanks", pages)


def _decoded(data: bytes) -> str | None:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows-1252; nothing if NUL bytes say that it is no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    if b"\x00" in data:
        return None
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _from_pdf(path: Path, seconds: int, memory: int) -> Text:
    command = [sys.executable, "-P", "-m", "scoping.fulltext_child", str(path.absolute()), str(seconds), str(memory)]
    slow = Text("failed", f"not read within {seconds} seconds: print it to a new PDF, or read it by eye")
    try:
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=2 * seconds)
    except subprocess.TimeoutExpired:
        return slow
    if run.returncode == 0:
        return from_json(run.stdout.decode("utf-8"))
    if run.returncode == -signal.SIGXCPU:
        return slow
    LOG.debug("%s: the reader ended with %d: %s", path, run.returncode, run.stderr.decode("utf-8", "replace"))
    size = f"{memory / 1024**3:g} GB"
    return Text("failed", f"the reader crashed: a damaged file, or one that needs more than {size} of memory")


def _lines(page: str) -> list[str]:
    """A raw page as lines without control characters, ligatures and odd blanks; U+FFFE marks every soft hyphen."""
    text = unicodedata.normalize("NFC", page.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))
    text = text.replace("\x02", "\ufffe").replace("\xad", "\ufffe").translate(_LIGATURES)
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _INVISIBLE.sub("", text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x0c", "\n"))
    return [line.strip() for line in _BLANKS.sub(" ", text).strip().split("\n")]


def _without_heads(pages: list[list[str]]) -> Iterator[list[str]]:
    """The pages without the lines at their edges that stand there on three or more pages, digits not compared.

    A line of digits alone is a page number only if it counts with the pages: columns of figures stay.
    """
    pages = [_trimmed(page) for page in pages]
    seen: Counter[str] = Counter()
    for number, page in enumerate(pages):
        edge = [*page[:EDGE], *page[max(EDGE, len(page) - EDGE) :]]
        seen.update({_head_key(line, number) for line in edge})
    heads = {key for key, count in seen.items() if key and count >= REPEATS}
    for number, page in enumerate(pages):
        first = 0
        while first < min(EDGE, len(page)) and _head_key(page[first], number) in heads:
            first += 1
        last = len(page)
        while last > max(first, len(page) - EDGE) and _head_key(page[last - 1], number) in heads:
            last -= 1
        yield _trimmed(page[first:last])


def _trimmed(lines: list[str]) -> list[str]:
    """Lines without blank ones at either end."""
    filled = [at for at, line in enumerate(lines) if line]
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


def _paragraphs(page: str) -> str:
    """A page's lines joined to paragraphs, by blank lines, short last lines, headings and list marks."""
    lines = page.split("\n")
    lengths = [len(line) for line in lines if len(line) >= 40]
    width = statistics.median(lengths) if lengths else 0
    joined: list[str] = []
    ended = True
    for at, line in enumerate(lines):
        if not line:
            ended = True
            continue
        if ended:
            joined.append(line)
        else:
            joined[-1] += f" {line}"
        ended = at + 1 < len(lines) and _ends(line, lines[at + 1], width)
    return "\n".join(joined)


def _ends(line: str, following: str, width: float) -> bool:
    """Whether a paragraph ends with this line; `width` is the usual length of a line in characters."""
    if len(line) > 250 or _ITEM.match(following):
        return True
    if _SENTENCE_END.search(line):
        return len(line) < 0.85 * width or not width
    return len(line) < 0.6 * width and not following[:1].islower() and not _UNFINISHED.search(line)
