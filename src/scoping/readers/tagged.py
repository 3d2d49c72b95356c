"""Readers of the line-tagged formats: RIS in all its dialects, PubMed's nbib and Web of Science's plain text."""

import re
from collections.abc import Iterable

from scoping.readers import markers
from scoping.readers.model import Draft, Found
from scoping.readers.source import BLANK, Known, Source

NO_END = "no end tag"
NO_START = "no start tag"
LOOSE_TEXT = "text without a tag"

_TY = re.compile(r"TY(?: {1,3}|\t)-")
_PLAIN_TY = "TY  -"
_ODD_TY = re.compile(r"TY(?:(?: | {3}|\t)-|  -(?<=[^\n]TY  -))")
_WOS_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?$", re.DOTALL)
_WOS_START = re.compile(r"PT (?:[A-Z]|Journal|Book|Series|Patent)\b")
_NBIB_TAG = re.compile(
    r"([A-Z]{4}(?=-)|[A-Z]{3}(?= -)|[A-Z]{2}(?=  -)|[A-Z]{2,4}(?= ?-[ \t]*$)) {0,2}- ?(.*)$", re.DOTALL
)
_NBIB_FIRST = frozenset({"PMID", "PMC", "PMCR", "OWN"})
# `.` is searched several times faster than a class of characters, and `+` after a repeat spares what is kept to go back
_RIS_WHOLE = re.compile(
    r"(TY  - .*+\n(?:(?!(?:TY|ER)  -)[A-Z][A-Z0-9]  -(?: .*+|\r?)\n)*+)ER  -[ \t]*+(?=\r?(?:\n|\Z))"
)
_RIS_TAGS = re.compile(r"(..)  -[ \t]*+(.*[^ \t\r\n]|).*+\n").findall  # in what is known to be whole
_RIS_SUBSTANCE = frozenset({"TI", "T1", "AU", "A1", "AB", "N2", "DO"})


class OpenEntry:
    """The entry that is being read; values grow line by line."""

    __slots__ = ("end", "problems", "start", "tags")

    def __init__(self, start: int) -> None:
        """Begin at a position of the text."""
        self.start = self.end = start
        self.tags: list[list[str]] = []  # the name of a tag and the lines of its value
        self.problems: list[str] = []

    def has(self, tag: str) -> bool:
        """Whether it has this tag already."""
        return any(name == tag for name, *_ in self.tags)

    def add(self, tag: str, value: str, end: int) -> None:
        """A line with a tag begins a value."""
        self.tags.append([tag, value.strip(BLANK)])
        self.end = end

    def go_on(self, line: str, end: int, first: str) -> None:
        """A line without a tag belongs to the value before it, but never to the start tag."""
        if not self.tags or self.tags[-1][0] == first:
            self.tags.append([""])
            self.problems.append(LOOSE_TEXT)
        self.tags[-1].append(line.strip(BLANK))
        self.end = end

    def draft(self, first: str, joiner: str) -> Draft:
        """The entry with the lines of each value joined; its type is the value of the tag that begins it."""
        tags = [(tag[0], tag[1]) if len(tag) == 2 else (tag[0], joiner.join(tag[1:]).strip(BLANK)) for tag in self.tags]
        kind = tags[0][1] if tags and tags[0][0] == first else ""
        return Draft(self.start, self.end, kind, tags, self.problems)


def ris_habits(texts: Iterable[str]) -> Known:
    """How a RIS file writes its TY lines: its other tags are read as strictly, so that text is not taken for tags."""
    strict, indented = True, False
    for text in texts:
        for match in _TY.finditer(text):
            before = markers.margin(text, match.start())
            if before is not None:
                strict = strict and match[0] == _PLAIN_TY
                indented = indented or bool(before.strip("\ufeff"))
    return Known(strict=strict, indented=indented)


def begins_plainly(text: str) -> bool:
    """Whether nothing in a RIS text looks like a TY line but what is one to the letter: of it there is no habit to tell."""
    return _ODD_TY.search(text) is None


def _ris_tag(known: Known) -> re.Pattern[str]:
    indent = r"\ufeff?[ \t]*" if known.indented else r"\ufeff?"
    gap = "  " if known.strict else r"(?: {1,3}|\t)"
    return re.compile(rf"{indent}([A-Z][A-Z0-9]){gap}-(?: (.*)|([^ ].*)|)$", re.DOTALL)


class _Ris:
    """The state between the lines of a RIS file."""

    def __init__(self, known: Known) -> None:
        self.tag_of = _ris_tag(known).match
        self.drafts: list[Draft] = []
        self.entry: OpenEntry | None = None

    def lines(self, text: str, start: int, end: int) -> None:
        """Any lines, one by one."""
        for line in markers.unix_in_place(text[start:end]).split("\n"):
            self.line(start, line.removesuffix("\r"))
            start += len(line) + 1

    def line(self, start: int, line: str) -> None:
        match, entry, end = self.tag_of(line), self.entry, start + len(line)
        if match is None:
            if entry is not None and line.strip(BLANK):
                entry.go_on(line, end, "TY")
            return
        tag, value = match[1], (match[2] or match[3] or "").strip(BLANK)
        if tag == "ER" and not value:
            if entry is not None:
                entry.end = end
            self.close(ended=True)
            return
        if tag == "TY":
            self.close(ended=False)
        if self.entry is None:
            self.entry = OpenEntry(start)
        self.entry.add(tag, value, end)

    def close(self, *, ended: bool) -> None:
        entry, self.entry = self.entry, None
        if entry is None:
            return
        if entry.tags and entry.tags[0][0] != "TY":
            if not ended or not any(tag[0] in _RIS_SUBSTANCE for tag in entry.tags):
                return
            entry.problems.append(NO_START)
        if not ended:
            entry.problems.append(NO_END)
        self.drafts.append(entry.draft("TY", "\n"))


def read_ris(source: Source) -> Found:
    """RIS: from TY to ER. Tags between entries open an entry only if an ER ends it and it has a title or author."""
    text, state, done = source.text, _Ris(source.piece.known or ris_habits([source.text])), 0
    drafts = state.drafts
    for whole in _RIS_WHOLE.finditer(text) if source.lf_only else ():
        start, end = (
            whole.span()
        )  # an entry of nothing but tag lines, from TY to ER, which is how nearly all are written
        if start and text[start - 1] != "\n":
            continue
        if text[done:start].strip(BLANK):
            state.lines(text, done, start)
        if state.entry is not None:
            state.close(ended=False)
        tags = _RIS_TAGS(text, start, whole.end(1))
        drafts.append(Draft(start, end, tags[0][1], tags))
        done = end
    if text[done:].strip(BLANK):
        state.lines(text, done, len(text))
    state.close(ended=False)
    return Found(state.drafts, markers.ris(text))


def read_wos(source: Source) -> Found:
    """Web of Science plain text: from PT to ER; indented lines continue the value above them."""
    drafts: list[Draft] = []
    entry: OpenEntry | None = None
    for start, line in zip(source.starts, source.rows, strict=True):
        end = start + len(line)
        if _WOS_START.match(line):
            if entry is not None:
                entry.problems.append(NO_END)
                drafts.append(entry.draft("PT", "\n"))
            entry = OpenEntry(start)
        if entry is None:
            continue
        match = _WOS_TAG.match(line)
        if match and match[1] == "ER":
            entry.end = end
            drafts.append(entry.draft("PT", "\n"))
            entry = None
        elif match:
            entry.add(match[1], match[2] or "", end)
        elif line.strip(BLANK):
            entry.go_on(line, end, "PT")
    if entry is not None:
        entry.problems.append(NO_END)
        drafts.append(entry.draft("PT", "\n"))
    return Found(drafts, markers.wos_tagged(source.text))


def _nbib_starts(entry: OpenEntry, tag: str, *, after_blank: bool) -> bool:
    """Whether a tag begins another entry: a second PMID, or after a blank line what can stand first."""
    if tag == "PMID" and (after_blank or entry.has("PMID")):
        return True
    return after_blank and (tag in _NBIB_FIRST or not entry.has("PMID"))


class _Nbib:
    """The state between the lines of an nbib file."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.entry: OpenEntry | None = None
        self.after_blank = True

    def close(self) -> None:
        if self.entry is not None:
            self.drafts.append(self.entry.draft("", " "))
        self.entry = None

    def loose(self, line: str, end: int) -> None:
        """A line without a tag goes on with the value above it; unindented after a blank line it is outside."""
        if self.entry is None:
            return
        if self.after_blank and line[0] not in " \t":
            self.close()
        else:
            self.entry.go_on(line, end, "")

    def tagged(self, match: re.Match[str], start: int, end: int) -> None:
        entry, tag = self.entry, match[1]
        may_start = self.after_blank or tag == "PMID"
        if entry is None or (may_start and _nbib_starts(entry, tag, after_blank=self.after_blank)):
            self.close()
            entry = self.entry = OpenEntry(start)
        entry.add(tag, match[2], end)


def read_nbib(source: Source) -> Found:
    """PubMed's format: entries are separated by blank lines, values continue on indented lines."""
    state, tag_of = _Nbib(), _NBIB_TAG.match
    for start, line in zip(source.starts, source.rows, strict=True):
        end = start + len(line)
        if match := tag_of(line):
            state.tagged(match, start, end)
        elif line.strip(BLANK):
            state.loose(line, end)
        else:
            state.after_blank = True
            continue
        state.after_blank = False
    state.close()
    for draft in state.drafts:
        draft.type = next((value for tag, value in draft.tags if tag == "PT"), "")
    return Found(state.drafts, markers.nbib(source.text))
