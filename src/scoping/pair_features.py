"""Two entries in numbers: how far their titles, authors, journals, places and abstracts agree.

One row a pair, one column a feature of `FEATURES`; what agrees counts up, so that every feature has one direction in
which it speaks for one report. Similarities run from 0 to 1; 1, 0 and -1 are equal, not known and different.
"""

import re
from collections.abc import Callable, Sequence
from operator import and_, attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from scoping.blocking import Indices
from scoping.comparable import EMPTY_WORDS, Item
from scoping.journals import journals_alike

Matrix = NDArray[np.float32]
Mask = NDArray[np.bool_]
FEATURES = (
    "title", "title sorted", "title part", "title begins", "title ends", "title length", "title shorter", "numbers",
    "marks", "authors shared", "authors equal", "first author", "year", "volume", "issue", "first page", "last page",
    "doi", "journal", "abstract", "place", "generic", "registration",
)  # fmt: skip
CLOSE = 85.0  # similarity of titles (0 to 100) from which every pair is worth a look
PLAUSIBLE = 60.0  # the same for pairs that may have an author in common; below it only what else is shared keeps a pair
EDGE = 40  # letters of the beginning and end of a title
GENERIC_WORDS = 3  # a title of so few words that say something may stand on several reports
COLUMN_WORDS = 8  # the same for one that begins as columns do
MISTYPED = 84.0  # similarity (0 to 100) of two long names that may be one
_GENERIC = re.compile(
    r"(?:guest )?(?:editors?|editorials?|introduction|foreword|preface|comments?|commentary|letters?|repl(?:y|ies)|response|news|book"
    r" reviews?|abstracts?|contents|index|in memoriam|obituary|correspondence|in brief|issue information"
    r"|announcements?|from the (?:guest )?editors?|remarks|discussion|conclusions?|summary|untitled|no title"
    r"|special (?:issue|section)|call for papers|about the authors?|panel|case reports?|proceedings|poster|authors? reply"
    r"|chair\w* message|treasurer\w* message|president\w* message|message from|reminiscences|career forum|research"
    r" (?:abstracts|surveys)|annual report|calendar|charter and scope|influential papers|misq|mis quarterly)\b"
)


def generic(title: str) -> bool:
    """Whether a title (in words) may stand on several reports: of a column, an editorial, or of few words."""
    told = _told(title)
    return told <= GENERIC_WORDS or (told <= COLUMN_WORDS and bool(_GENERIC.match(title)))


def column(title: str) -> bool:
    """Whether a title (in words) is that of a column, an editorial or another thing that comes again."""
    return _told(title) <= COLUMN_WORDS and bool(_GENERIC.match(title))


def _told(title: str) -> int:
    return len([word for word in title.split() if word not in EMPTY_WORDS])


def table(items: Sequence[Item], left: Indices, right: Indices) -> tuple[Indices, Indices, Matrix]:
    """The pairs that are worth a look, and their features."""
    if not len(left):
        return left, right, np.empty((0, len(FEATURES)), dtype=np.float32)
    shared = _shared(items, left, right)
    by_one = _by_one(items, left, right)
    worth = shared | by_one
    worth[~worth] = _worded(items, left[~worth], right[~worth])
    left, right, shared, by_one = left[worth], right[worth], shared[worth], by_one[worth]
    titles = np.array([one.title for one in items], dtype=object)
    likeness = _similar(fuzz.token_set_ratio, titles[left], titles[right])
    keep = (likeness >= CLOSE / 100) | ((likeness >= PLAUSIBLE / 100) & by_one) | shared
    left, right, likeness = left[keep], right[keep], likeness[keep]
    columns = {**_titles(items, left, right), **_rest(items, left, right), "title part": likeness}
    return left, right, np.column_stack([columns[name] for name in FEATURES]).astype(np.float32)


def _by_one(items: Sequence[Item], left: Indices, right: Indices) -> Mask:
    """Which pairs have an author in common, or may have one as one of them names none."""
    nobody = np.array([not one.families for one in items])
    people = np.array([one.people for one in items], dtype=object)
    apart = map(frozenset.isdisjoint, people[left], people[right])
    may: Mask = ~np.fromiter(apart, dtype=bool, count=len(left)) | nobody[left] | nobody[right]
    return may


def _worded(items: Sequence[Item], left: Indices, right: Indices) -> Mask:
    """Which pairs have half of the words of their shorter title in common."""
    words = np.array([frozenset(one.title.split()) for one in items], dtype=object)
    sizes = np.array([len(one) for one in words])
    common = map(len, map(and_, words[left], words[right]))
    half: Mask = 2 * np.fromiter(common, dtype=np.int64, count=len(left)) >= np.minimum(sizes[left], sizes[right])
    return half


def _shared(items: Sequence[Item], left: Indices, right: Indices) -> Mask:
    """Which pairs have something in common but title and authors that makes them worth a look."""

    def equal(say: Callable[[Item], object]) -> Mask:
        same: Mask = _agree(items, left, right, say) > 0
        return same

    bracketed = np.array([bool(one.other_title) for one in items])
    shared: Mask = bracketed[left] | bracketed[right] | equal(attrgetter("doi")) | equal(attrgetter("pmid"))
    shared |= equal(lambda x: x.abstract[:EDGE] if len(x.abstract) > EDGE else "")
    placed = equal(attrgetter("first_page")) & equal(attrgetter("volume"))
    for at in np.flatnonzero(placed & ~shared):
        shared[at] = not items[left[at]].families.isdisjoint(items[right[at]].families)
    return shared


def _similar(scorer: Callable[..., float], a: Any, b: Any) -> Matrix:
    found: Matrix = process.cpdist(list(a), list(b), scorer=scorer, dtype=np.float32)
    return (found / 100).astype(np.float32)


def _titles(items: Sequence[Item], left: Indices, right: Indices) -> dict[str, Matrix]:
    titles = [one.title for one in items]
    a, b = [titles[place] for place in left], [titles[place] for place in right]
    whole, ordered = _similar(fuzz.ratio, a, b), _similar(fuzz.token_sort_ratio, a, b)
    bracketed = np.array([bool(one.other_title) for one in items])
    for place in np.flatnonzero(bracketed[left] | bracketed[right]):
        best = _best(items[left[place]], items[right[place]])
        whole[place], ordered[place] = max(whole[place], best), max(ordered[place], best)
    lengths = np.array([len(title) for title in titles], dtype=np.float32)
    short, long = np.minimum(lengths[left], lengths[right]), np.maximum(lengths[left], lengths[right])
    return {
        "title": whole,
        "title sorted": ordered,
        "title begins": _similar(fuzz.ratio, [t[:EDGE] for t in a], [t[:EDGE] for t in b]),
        "title ends": _similar(fuzz.ratio, [t[-EDGE:] for t in a], [t[-EDGE:] for t in b]),
        "title length": (np.minimum(short, 120) / 120).astype(np.float32),
        "title shorter": (short / np.maximum(long, 1)).astype(np.float32),
    }


def _best(a: Item, b: Item) -> float:
    """The likeness of the two titles, or of original and translated ones, that are most alike; none without titles."""
    if not a.title or not b.title:
        return 0.0
    return max(fuzz.ratio(x, y) / 100 for x in (a.title, a.other_title) for y in (b.title, b.other_title) if x and y)


def _agree(items: Sequence[Item], left: Indices, right: Indices, say: Callable[[Item], object]) -> Matrix:
    """1 where two say the same, -1 where they differ, 0 where one says nothing."""
    codes: dict[object, int] = {}
    said = np.array([codes.setdefault(value, len(codes) + 1) if value else 0 for value in map(say, items)])
    a, b = said[left], said[right]
    return np.where((a == 0) | (b == 0), 0, np.where(a == b, 1, -1)).astype(np.float32)


def _rest(items: Sequence[Item], left: Indices, right: Indices) -> dict[str, Matrix]:
    agree = {
        "volume": _agree(items, left, right, attrgetter("volume")),
        "issue": _agree(items, left, right, attrgetter("issue")),
        "first page": _agree(items, left, right, attrgetter("first_page")),
        "last page": _agree(items, left, right, attrgetter("last_page")),
        "doi": _agree(items, left, right, attrgetter("doi")),
    }
    years = np.array([one.year for one in items])
    known = (years[left] > 0) & (years[right] > 0)
    year = np.where(known, 1 - np.minimum(np.abs(years[left] - years[right]), 5) / 2.5, 0).astype(np.float32)
    kinds = np.zeros(len(items), dtype=np.float32)
    for place in {*left.tolist(), *right.tolist()}:
        kinds[place] = generic(items[place].title)
    pairs = [(items[a], items[b]) for a, b in zip(left, right, strict=True)]
    by_pair = np.array([_of_pair(a, b) for a, b in pairs], dtype=np.float32).reshape(len(pairs), 7)
    names = ("numbers", "marks", "authors shared", "authors equal", "first author", "journal", "registration")
    known_text = np.array([len(one.abstract) >= EDGE for one in items])
    both = np.flatnonzero(known_text[left] & known_text[right])
    abstract = np.full(len(left), 0.5, dtype=np.float32)
    abstract[both] = _similar(
        fuzz.ratio, [items[left[k]].abstract for k in both], [items[right[k]].abstract for k in both]
    )
    return {
        **agree,
        **{name: by_pair[:, place] for place, name in enumerate(names)},
        "year": year,
        "abstract": abstract,
        "place": sum((agree[name] for name in ("volume", "first page", "last page", "doi")), start=year),
        "generic": 1 - np.maximum(kinds[left], kinds[right]),
    }


def _of_pair(a: Item, b: Item) -> tuple[float, ...]:
    numbers = 1 if a.numbers == b.numbers else (a.numbers < b.numbers) + (b.numbers < a.numbers) - 1
    marks = 1 - 2 * (a.marks != b.marks)
    journal = journals_alike(a.journal, b.journal) if a.journal and b.journal else 0.5
    registered = 0 if not (a.registrations and b.registrations) else 1 if a.registrations & b.registrations else -1
    return (numbers, marks, *authors(a, b), journal, registered)


def authors(a: Item, b: Item) -> tuple[float, float, float]:
    """How far the shorter list of authors is in the longer, how far both are one, and the first ones; 0.5 not known."""
    if not a.families or not b.families:
        return 0.5, 0.5, 0.5
    here, there = _among(a.families, b.people), _among(b.families, a.people)
    first = 1.0 if a.first & b.first else 0.5 if a.first & b.people or b.first & a.people else 0.0
    return max(here, there), min(here, there), first


def _among(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """The share of names that the others have; long ones may be mistyped."""
    if mine <= theirs:
        return 1.0
    lacking = mine - theirs
    others = [one for one in theirs - mine if len(one) > 4]
    near = sum(
        any(abs(len(one) - len(name)) < 3 and fuzz.ratio(name, one) >= MISTYPED for one in others)
        for name in lacking
        if len(name) > 4
    )
    return 1 - (len(lacking) - near) / len(mine)
