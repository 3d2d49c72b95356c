"""Works cited in a sentence, and their entries in the reference list, although the two spell an author differently.

A passage that reports another work is no evidence of what the study itself found; the coder is told so beside the quote.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from scoping.spelling import plain

LIKE = 80.0
"""How like (0 to 100) two spellings of a family name are: Mikan and Mickan 91, Smith and Smyth 80, Hill and Hall 75."""
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w’'-]+"
_NAMES = rf"(?P<names>{_NAME}(?:(?:, | and | & |, and |, & ){_NAME})*)(?P<others>,? et al\.?)?"
_IN_TEXT = re.compile(rf"{_NAMES},? \(?(?P<year>(?:19|20)\d\d)[a-z]?\b")
_FAMILY = re.compile(rf"({_NAME}),? (?:[A-Z]\.[ -]?)+|({_NAME}) [A-Z]{{1,3}}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Citation:
    """A work cited in a text: as written there, its authors, its year."""

    text: str
    names: tuple[str, ...]
    year: str


def in_text(sentence: str) -> list[Citation]:
    """The works that a sentence cites by author and year."""
    found = []
    for match in _IN_TEXT.finditer(sentence):
        names = tuple(re.findall(_NAME, match["names"]))
        found.append(Citation(match[0].replace("(", "").strip(), names, match["year"]))
    return found


def entry(citation: Citation, references: Iterable[str]) -> str:
    """The entry of the reference list that a citation means: the same year, and each of its authors in some spelling."""
    best, best_score = "", 0.0
    for reference in references:
        year = _YEAR.search(reference)
        names = families(reference[: year.start()]) if year and year[0] == citation.year else ()
        scores = [max((_like(name, other) for other in names), default=0.0) for name in citation.names]
        if scores and min(scores) >= LIKE and sum(scores) > best_score:
            best, best_score = reference, sum(scores)
    return best


def families(authors: str) -> tuple[str, ...]:
    """The family names of a list of authors as reference lists have it ("Coates, D. and Mickan, S.")."""
    return tuple(one or other for one, other in _FAMILY.findall(authors))


def remark(sentence: str, references: Sequence[str]) -> str:
    """What a coder should know of the works that a sentence cites; empty if it cites none that are in the list."""
    known = []
    for citation in in_text(sentence):
        found = entry(citation, references)
        if found:
            names = families(found[: found.find(citation.year)])
            differs = {plain(name) for name in citation.names} - {plain(name) for name in names}
            known.append(citation.text + (f" (in the reference list: {', '.join(names)})" if differs else ""))
    return f"cites {'; '.join(known)}" if known else ""


def _like(one: str, other: str) -> float:
    return fuzz.ratio(plain(one), plain(other))
