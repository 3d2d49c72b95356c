"""Two records side by side: what differs is said in words and marked in the text; capitals, accents and signs are no difference."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

from scoping import citation, comparable
from scoping.identity import folded
from scoping.journals import journals_alike
from scoping.tables import Row
from scoping.workbook import layout

Span = tuple[int, int]
ABSTRACT = 600  # letters of an abstract that are shown
NAMED = 6  # words of a title, or authors, that are named as different; there may be more
ALIKE = 0.85  # likeness of journals (0 to 1) from which one is taken for a short form of the other
_NAME = re.compile(r"[^;\s][^;]*")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


@dataclass(frozen=True)
class Told:
    """A record as text, its title in the first line, and the spans of the text that the other record does not have."""

    text: str
    marks: tuple[Span, ...]


@dataclass(frozen=True)
class Compared:
    """Two records, and what differs between them in words, a line each."""

    a: Told
    b: Told
    differs: str


@dataclass(frozen=True)
class _Field:
    """A line of a record: its name, what it says, how two are told apart, and what of each is marked where they differ."""

    name: str
    say: Callable[[Row], str]
    same: Callable[[str, str], bool]
    mark: Callable[[str, str], tuple[list[Span], list[Span]]] = lambda a, b: ([(0, len(a))], [(0, len(b))])

    @property
    def word(self) -> str:
        """Its name within a sentence."""
        return self.name if self.name.isupper() else self.name.lower()


def _folds(a: str, b: str) -> bool:
    return folded(a) == folded(b)


def _pages(a: str, b: str) -> bool:
    """`101-9` and `101-109` are one, `S12` and `12` are not; a last page may be left out."""
    (first, last), (other, end) = comparable.page_numbers(a), comparable.page_numbers(b)
    one = bool(first) and first == other and (last == end or not last or not end)
    return _folds(a, b) or (one and _letters(a) == _letters(b))


def _number(a: str, b: str) -> bool:
    """`03` and `3` are one, `3` and `3 Suppl 1` are not."""
    return _digits(a) == _digits(b) and _letters(a) == _letters(b)


def _digits(text: str) -> list[int]:
    return [int(number[:12]) for number in re.findall(r"[0-9]+", text)]


def _letters(text: str) -> str:
    found = "".join(_LETTERS.findall(text.casefold()))
    return "" if found in ("p", "pp", "pages", "vol", "no") else found


def _journals(a: str, b: str) -> bool:
    return _folds(a, b) or journals_alike(comparable.journal_words(a), comparable.journal_words(b)) >= ALIKE


def _texts(a: str, b: str) -> bool:
    """One is the other, or its beginning: exports cut abstracts."""
    one, other = sorted((folded(a), folded(b)), key=len)
    return other.startswith(one)


def _other_words(a: str, b: str) -> tuple[list[Span], list[Span]]:
    """The words of each text that the other does not have at their place; neighbours are one span."""
    here, there = (list(_WORD.finditer(text)) for text in (a, b))
    matcher = SequenceMatcher(None, [folded(w[0]) for w in here], [folded(w[0]) for w in there], autojunk=False)
    mine: list[Span] = []
    others: list[Span] = []
    for what, i, j, k, m in matcher.get_opcodes():
        if what != "equal":
            mine += [(here[i].start(), here[j - 1].end())] if j > i else []
            others += [(there[k].start(), there[m - 1].end())] if m > k else []
    return mine, others


def _other_people(a: str, b: str) -> tuple[list[Span], list[Span]]:
    """The names of each list of authors whose family name the other does not have; initials make no difference."""
    here, there = (list(_NAME.finditer(text)) for text in (a, b))
    families = [{folded(name[0].partition(",")[0]) for name in names} for names in (here, there)]
    return (
        [name.span() for name in here if folded(name[0].partition(",")[0]) not in families[1]],
        [name.span() for name in there if folded(name[0].partition(",")[0]) not in families[0]],
    )


FIELDS = (
    _Field("Authors", citation.authors, lambda a, b: not any(_other_people(a, b)), _other_people),
    _Field("Year", lambda row: row["year"], _folds),
    _Field("Journal", lambda row: row["journal"] or row["publisher"], _journals, _other_words),
    _Field("Volume", lambda row: row["volume"], _number),
    _Field("Issue", lambda row: row["issue"], _number),
    _Field("Pages", lambda row: row["pages"], _pages),
    _Field("Type", lambda row: citation.kind(row) if row["type"] else "", _folds),
    _Field("DOI", lambda row: row["doi"], _folds),
    _Field("Abstract", lambda row: row["abstract"], _texts, _other_words),
)
_NO_TITLE = "[no title]"


def compare(a: Row, b: Row) -> Compared:
    """Both records as cells of a sheet, and what differs. What neither has is left out."""
    titles = (_title(a), _title(b))
    known = [title != _NO_TITLE for title in titles]
    marks = _other_words(*titles) if all(known) else ([], [])
    texts, spans = list(titles), [list(found) for found in marks]
    lines = [f"Title: {_only(titles, marks)}"] if any(marks) else []
    equal = ["title"] if all(known) and not lines else []
    lacking = tuple(["title"] if has and not all(known) else [] for has in known)
    for field in FIELDS:
        said = (_said(field, a), _said(field, b))
        if not any(said):
            continue
        marks = ([], [])
        if not all(said):
            lacking[bool(said[1])].append(field.word)
        elif field.same(field.say(a), field.say(b)):
            equal.append(field.word)
        else:
            marks = field.mark(*said)
            lines.append(_in_words(field, said, marks))
        for side in (0, 1):
            start = len(texts[side]) + len(f"\n{field.name}: ")
            texts[side] += f"\n{field.name}: {said[side] or '–'}"
            spans[side] += [(start + first, start + last) for first, last in marks[side]]
    lines += [f"Only {side} has: {', '.join(names)}" for side, names in zip("AB", lacking, strict=True) if names]
    lines += [f"Same: {', '.join(equal)}"] if equal else []
    return Compared(Told(texts[0], tuple(spans[0])), Told(texts[1], tuple(spans[1])), "\n".join(lines))


def _title(row: Row) -> str:
    return " ".join(layout.legal(row["title"]).split()) or _NO_TITLE


def _said(field: _Field, row: Row) -> str:
    text = " ".join(layout.legal(field.say(row)).split())
    return text if len(text) <= ABSTRACT or field.name != "Abstract" else f"{text[:ABSTRACT]}…"


def _in_words(field: _Field, said: tuple[str, str], marks: tuple[list[Span], list[Span]]) -> str:
    if field.name == "Abstract":
        return "Abstract: differs"
    return f"Authors: {_only(said, marks)}" if field.name == "Authors" else f"{field.name}: {said[0]} | {said[1]}"


def _only(said: tuple[str, str], marks: tuple[list[Span], list[Span]]) -> str:
    """`only A “part 1”; only B “part 2”`."""
    parts = []
    for side, text, found in zip("AB", said, marks, strict=True):
        quoted = [f"“{text[first:last]}”" for first, last in found]
        if quoted:
            parts.append(f"only {side} {', '.join(quoted[:NAMED])}{' …' if len(quoted) > NAMED else ''}")
    return "; ".join(parts)
