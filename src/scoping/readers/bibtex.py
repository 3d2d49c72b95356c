"""Reader of BibTeX and BibLaTeX: an entry is found by its braces, a broken one ends where the next begins."""

import re

from scoping.readers import markers
from scoping.readers.model import Draft, Found
from scoping.readers.source import BLANK, Source

UNCLOSED = "closing brace missing"
CLOSED_EARLY = "closing brace after the key"
KEY, TYPE = "@key", "@type"

_AT = re.compile(r"@\s*([A-Za-z]+)\s*([{(])")
_STRING = re.compile(r"@\s*(string)\s*([{(])", re.IGNORECASE)
_COMMENT = re.compile(r"@\s*(comment)\s*([{(])", re.IGNORECASE)
_LINE_START = r"(?:(?<=[\r\n}])|^)[ \t]*@\s*[A-Za-z]+\s*[{(]"
_NEXT = re.compile(rf"{_LINE_START}[^,\s{{}}=]*[ \t]*(?:,|[^,\r\n{{}}=]*,[ \t]*[\r\n])")
NEXT_ENTRY = rf"(?:\A|(?<=[^\\][\r\n]))(?:{_NEXT.pattern})"  # after a backslash the end of a line is part of a value
# alternatives that begin with one sign each are searched several times faster than classes of signs
_BRACES = re.compile(r"\\.|\{|\}|\r|\n", re.DOTALL)
_BRACES_ONLY = re.compile(r"[{}]|[\r\n]")
_PARENS = re.compile(r"\\.|\{|\}|\(|\)|\r|\n", re.DOTALL)
_QUOTED = re.compile(r'\\.|\{|\}|"', re.DOTALL)
_NESTED = re.compile(r"\\.|\{|\}", re.DOTALL)
_NESTED_ONLY = re.compile(r"[{}]")
_HEAD = re.compile(r"@\s*[A-Za-z]+\s*[{(]\s*([^,={}\"]*?)\s*(?:[})]?\s*,|[})]?\s*$)")
_FIELD = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]*(?:[ \u00a0]\d+)?)\s*=\s*")
_RESYNC = re.compile(r"(?:,|[\r\n])\s*(?=[A-Za-z][\w:.+/-]*\s*=\s*[{\"\d])")
_BARE = re.compile(r"[^\s,{}\"#]+")
_CONCAT = re.compile(r"\s*#\s*")
_END = re.compile(r"[\s,]*[})]?\s*$")
_CLOSES = re.compile(r"\s*(?:#|,\s*[A-Za-z][\w:.+/-]*\s*=|[,}\s]*$)")
_GOES_ON = re.compile(r"\s*,\s*[A-Za-z][\w:.+/-]*\s*=\s*[{\"\d]")


def read_bibtex(source: Source) -> Found:
    """All entries; @string definitions are used and, like @comment and @preamble, left to the text between entries."""
    known = source.piece.known
    text, drafts, strings, position = source.text, [], dict(known.strings) if known else {}, 0
    while match := _AT.search(text, position):
        kind = match[1].lower()
        end, closed = _entry_end(text, match, match.end(), nested=kind == "comment")
        early = closed and "=" not in text[match.end() : end] and _GOES_ON.match(text, end) is not None
        if early:
            end, closed = _entry_end(text, match, end, nested=False)
        position = end
        if kind == "string":
            strings |= {name.lower(): value for name, value in _fields(text, match.end(), end, strings, [])}
        if kind in {"string", "comment", "preamble"}:
            continue
        draft = _entry(text, match, end, strings, closed=closed)
        draft.problems += [CLOSED_EARLY] if early else []
        drafts.append(draft)
    return Found(drafts, markers.bibtex(text))


def definitions(text: str, before: dict[str, str]) -> dict[str, str]:
    """What @string has defined after a text, by name in lower case."""
    strings, position = dict(before), 0
    while match := _STRING.search(text, position):
        position, _ = _entry_end(text, match, match.end(), nested=False)
        strings |= {name.lower(): value for name, value in _fields(text, match.end(), position, strings, [])}
    return strings


def outside_comments(text: str, position: int) -> bool:
    """Whether a place is in no @comment, which may hold entries."""
    return all(
        _entry_end(text, match, match.end(), nested=True)[0] <= position
        for match in _COMMENT.finditer(text, 0, position)
    )


def _entry_end(text: str, match: re.Match[str], start: int, *, nested: bool) -> tuple[int, bool]:
    """Where an entry ends and whether it was closed. Only a comment may hold other entries."""
    patterns = (_BRACES, _BRACES_ONLY) if match[2] == "{" else (_PARENS,)
    border = len(text)
    for pattern in patterns:
        end, border = _balanced(text, start, pattern, nested=nested)
        if end:
            return end, True
    return len(text[:border].rstrip(BLANK)) if border < len(text) else _last(text), False


def _last(text: str) -> int:
    return len(text.rstrip(BLANK))


def _balanced(text: str, start: int, pattern: re.Pattern[str], *, nested: bool) -> tuple[int, int]:
    """The end of the entry, or 0 and where the next one begins."""
    opening, closing = ("(", ")") if pattern is _PARENS else ("{", "}")
    depth, braces = 1, 0
    for mark in pattern.finditer(text, start):
        sign = mark[0]
        if sign == opening and not braces:
            depth += 1
        elif sign == closing and not braces:
            depth -= 1
            if depth == 0:
                return mark.end(), 0
        elif sign in "{}":
            braces = max(0, braces + (1 if sign == "{" else -1))
        elif sign in "\r\n" and not nested and (following := _NEXT.match(text, mark.end())):
            return 0, following.start()
    return 0, len(text)


def _entry(text: str, match: re.Match[str], end: int, strings: dict[str, str], *, closed: bool) -> Draft:
    problems = [] if closed else [UNCLOSED]
    head = _HEAD.match(text, match.start(), end)
    inside = end - 1 if closed else end
    key = head[1] if head else ""
    body = match.end()
    if head and "=" not in text[match.end() : head.end()]:
        body = head.end()
    tags = [(TYPE, match[1]), (KEY, key), *_fields(text, body, inside, strings, problems)]
    return Draft(match.start(), end, match[1], tags, problems)


def _fields(text: str, position: int, end: int, strings: dict[str, str], problems: list[str]) -> list[tuple[str, str]]:
    """Name and value of each field; what cannot be read is named in `problems` and passed over."""
    fields: list[tuple[str, str]] = []
    while position < end:
        match = _FIELD.match(text, position, end)
        if match is None:
            if _END.match(text, position, end):
                break
            after = _RESYNC.search(text, position + 1, end)
            stop = after.end() if after else end
            problems.append(f"unreadable: {text[position:stop].strip(BLANK + ',')}")
            position = stop
            continue
        value, position = _value(text, match.end(), end, strings, problems)
        fields.append((match[1].lower(), value))
    return fields


def _value(text: str, position: int, end: int, strings: dict[str, str], problems: list[str]) -> tuple[str, int]:
    """A value of one or more parts joined by `#`."""
    parts = []
    while position < end:
        part, position = _part(text, position, end, strings, problems)
        parts.append(part)
        joint = _CONCAT.match(text, position, end)
        if joint is None:
            break
        position = joint.end()
    return "".join(parts).strip(BLANK), position


def _part(text: str, position: int, end: int, strings: dict[str, str], problems: list[str]) -> tuple[str, int]:
    first = text[position]
    if first in '{"':
        stop = _value_end(text, position, end, quoted=first == '"')
        if stop is None:
            problems.append("value not closed")
            return text[position + 1 : end], end
        return text[position + 1 : stop - 1], stop
    bare = _BARE.match(text, position, end)
    if bare is None:
        return "", position
    word = bare[0]
    return strings.get(word.lower(), word), bare.end()


def _value_end(text: str, start: int, end: int, *, quoted: bool) -> int | None:
    """After the closing quote or brace; escaped braces do not count unless the value does not close otherwise."""
    if quoted:
        return _quote_end(text, start, end)
    for pattern in (_NESTED, _NESTED_ONLY):
        depth = 0
        for mark in pattern.finditer(text, start, end):
            depth += {"{": 1, "}": -1}.get(mark[0], 0)
            if depth <= 0 and mark[0] == "}":
                return mark.end()
    return None


def _quote_end(text: str, start: int, end: int) -> int | None:
    """After the first quote outside braces that a field or the end of the entry follows, else after the first one."""
    depth, first = 0, None
    for mark in _QUOTED.finditer(text, start + 1, end):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth <= 0 and mark[0] == '"':
            first = first or mark.end()
            if _CLOSES.match(text, mark.end(), end):
                return mark.end()
    return first
