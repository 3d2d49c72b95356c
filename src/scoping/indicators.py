"""Indicators: words and phrases that point to a passage worth reading, found whatever their spelling.

In a phrase `*` ends a stem ("trust*", "integrat* knowledge"), `?` is any letter ("organi?ation"), and a blank or hyphen stands for either, so that
"cross-sector" finds "cross sector" and "front-line" also "frontline". Case and British or American spelling make no
difference. A sentence's words are not stemmed otherwise: "network" does not find "networks", "network*" does.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoping.spelling import folded, plain

_LETTERS = "(?:[^\\W_]|[\u0300-\u036f])+"
_WORD = re.compile(f"{_LETTERS}(?:['’]{_LETTERS})*")
_PATTERN = re.compile(rf"({_WORD.pattern}(?:\?{_WORD.pattern})*)(\*?)")
_APOSTROPHES = str.maketrans("’", "'")
_SOFT = re.compile(r"[\s\"'‘’“”«»„*_()–—-]*")
"""What may stand between two words of a phrase."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as written, in the two forms in which it is compared, and what stands before it."""

    shown: str
    plain: str
    folded: str
    gap: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    plain: str
    folded: str
    stem: bool
    gap: str

    @property
    def forms(self) -> tuple[str, str]:
        return self.plain, self.folded


@dataclass(frozen=True, slots=True)
class Indicator:
    """A phrase as it stands in the codebook, and its words."""

    phrase: str
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An indicator found in a text: which words, and where."""

    indicator: Indicator
    start: int
    end: int
    first: int
    after: int


def words(text: str) -> list[Word]:
    """The words of a text."""
    found, before = [], 0
    for match in _WORD.finditer(text):
        bare = plain(match[0].translate(_APOSTROPHES))
        gap = text[before : match.start()]
        found.append(Word(match[0], bare, folded(bare), gap, match.start(), match.end()))
        before = match.end()
    return found


def compiled(phrases: Sequence[str]) -> tuple[Indicator, ...]:
    """Phrases ready to be looked for; one that has no word, or stands twice, is left out."""
    known: dict[tuple[_Part, ...], Indicator] = {}
    for phrase in phrases:
        parts: list[_Part] = []
        before = 0
        for match in _PATTERN.finditer(phrase):
            bare = plain(match[1].translate(_APOSTROPHES))
            parts.append(_Part(bare, folded(bare), bool(match[2]), phrase[before : match.start()] if parts else ""))
            before = match.end()
        if parts:
            known.setdefault(tuple(parts), Indicator(phrase, tuple(parts)))
    return tuple(known.values())


def hits(
    indicators: Sequence[Indicator], text: Sequence[Word], places: Mapping[str, set[int]] | None = None
) -> list[Hit]:
    """All places of all indicators in a text, in order; where several begin, the longest first.

    `places` are the `beginnings` of the text, for those who look through it many times.
    """
    found = []
    places = beginnings(text) if places is None else places
    nowhere: set[int] = set()
    for indicator in indicators:
        plain_start, folded_start = (form.split("?")[0][:2] for form in indicator.parts[0].forms)
        for first in sorted(places.get(plain_start, nowhere) | places.get(folded_start, nowhere)):
            after = _after(indicator.parts, text, first)
            if after:
                found.append(Hit(indicator, text[first].start, text[after - 1].end, first, after))
    return sorted(found, key=lambda hit: (hit.first, -hit.after, hit.indicator.phrase))


def beginnings(text: Sequence[Word]) -> Mapping[str, set[int]]:
    """Which words begin with which letter or two, in either form."""
    places: defaultdict[str, set[int]] = defaultdict(set)
    for at, word in enumerate(text):
        for key in {word.plain[:1], word.plain[:2], word.folded[:1], word.folded[:2]}:
            places[key].add(at)
    return places


def _after(parts: Sequence[_Part], text: Sequence[Word], at: int) -> int:
    """The index after the last word, if the parts stand in the text from the word at `at` on; else 0."""
    k = 0
    while k < len(parts):
        if at >= len(text) or (k and not _joined(parts[k].gap, text[at].gap)):
            return 0
        if _is(parts[k], text[at].plain, text[at].folded):
            k, at = k + 1, at + 1
        elif at + 1 < len(text) and text[at + 1].gap == "-" and _compound(parts[k], text[at], text[at + 1]):
            k, at = k + 1, at + 2  # "frontline" finds "front-line"
        elif k + 1 < len(parts) and parts[k + 1].gap == "-" and not parts[k].stem and _closed(parts, k, text[at]):
            k, at = k + 2, at + 1  # "front-line" finds "frontline"
        else:
            return 0
    return at


def _is(part: _Part, bare: str, form: str) -> bool:
    if "?" in part.plain:
        wanted = re.escape(part.plain).replace(r"\?", r"\w") + (r".*" if part.stem else "(?:'s)?")
        return bool(re.fullmatch(wanted, bare))
    if part.stem:
        return bare.startswith(part.plain) or form.startswith(part.folded)
    return part.plain in (bare, bare.removesuffix("'s")) or part.folded in (form, form.removesuffix("'s"))


def _compound(part: _Part, one: Word, other: Word) -> bool:
    bare = one.plain + other.plain
    return len(part.plain) > len(one.plain) and _is(part, bare, folded(bare))


def _closed(parts: Sequence[_Part], k: int, word: Word) -> bool:
    bare = parts[k].plain + parts[k + 1].plain
    return _is(_Part(bare, folded(bare), parts[k + 1].stem, ""), word.plain, word.folded)


def _joined(wanted: str, gap: str) -> bool:
    """Whether what stands between two words of a text will do for what stands there in a phrase."""
    return gap == wanted or (bool(_SOFT.fullmatch(gap)) and bool(_SOFT.fullmatch(wanted)))
