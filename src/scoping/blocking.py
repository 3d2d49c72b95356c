"""Which entries are compared at all: those that share one of several cheap keys, never all with all.

A key depends on its entry alone, so that entries which have nothing to do with a pair do not change whether it is
compared. A block that is too common is split by year, first author and title, and of what is still too common
neighbours by title are compared; nothing is dropped.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from scoping.comparable import EMPTY_WORDS, Item

CROWDED = 40  # entries from which a block is split
WINDOW = 12  # neighbours by title in a block that nothing splits
HEAD = 24  # letters of a title's beginning and end
SHORT = 12  # letters from which a title's beginning is a key
ABSTRACT = 60  # letters of an abstract's beginning
LONGEST = 4  # words of a title of which any two are a key
Indices = NDArray[np.int64]
_IN_TITLES = "between among during after study effect effects analysis review clinical patients treatment systematic"
_COMMON = EMPTY_WORDS | frozenset(_IN_TITLES.split())


def _longest(x: Item) -> list[str]:
    """The words of a title that tell most: long words are rare ones, whatever else is in the review."""
    told = sorted({word for word in x.title.split() if len(word) > 2} - _COMMON)
    return sorted(told, key=len, reverse=True)[:LONGEST]  # of equal length by alphabet: sorting is stable


def _titles(x: Item) -> Iterator[str]:
    yield from (title for title in (x.key, x.other_title.replace(" ", "")) if len(title) >= SHORT)
    if x.key and len(x.key) < SHORT:
        yield f"{x.key} {x.author}"


def _words(names: Iterable[str], told: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Two words of the title; the first author and a word."""
    yield from combinations(sorted(told), 2)
    yield from ((f"by {name}", word) for name in names for word in told[:3])


KEYS: dict[str, Callable[[Item], Iterable[object]]] = {
    "DOI": lambda x: [x.doi] if x.doi else [],
    "PubMed id": lambda x: [x.pmid] if x.pmid else [],
    "registration": lambda x: x.registrations,
    "title begins": lambda x: [title[:HEAD] for title in _titles(x)],
    "title ends": lambda x: [title[-HEAD:] for title in _titles(x) if len(title) > HEAD],
    "volume and page": lambda x: [(x.volume, x.first_page)] if x.volume and x.first_page else [],
    "year and page": lambda x: [(x.year, x.first_page)] if x.year and x.first_page else [],
    "year, volume and author": lambda x: [(x.year, x.volume, name) for name in x.first] if x.year and x.volume else [],
    "abstract": lambda x: [x.abstract[:ABSTRACT]] if len(x.abstract) >= ABSTRACT else [],
    "words of the title": lambda x: _words(x.first, _longest(x)),
}


def candidates(items: Sequence[Item]) -> tuple[Indices, Indices]:
    """Places of the pairs to compare, the smaller first, sorted; entries of one content id are no pair."""
    number = max(1, len(items))
    found = [np.empty(0, dtype=np.int64)]
    for key in KEYS.values():
        blocks: dict[object, list[int]] = defaultdict(list)
        for place, one in enumerate(items):
            for value in set(key(one)):
                blocks[value].append(place)
        ends = np.fromiter(chain.from_iterable(_pairs(items, blocks)), dtype=np.int64).reshape(-1, 2)
        found.append(np.unique(ends.min(axis=1) * number + ends.max(axis=1)))
    codes = np.unique(np.concatenate(found))
    left, right = codes // number, codes % number
    ids = np.array([one.content_id for one in items], dtype=object)
    other = ids[left] != ids[right] if len(codes) else np.empty(0, dtype=bool)
    return left[other], right[other]


def _pairs(items: Sequence[Item], blocks: dict[object, list[int]]) -> Iterable[tuple[int, int]]:
    small = chain.from_iterable(combinations(block, 2) for block in blocks.values() if 1 < len(block) <= CROWDED)
    crowded = chain.from_iterable(_split(items, block) for block in blocks.values() if len(block) > CROWDED)
    return chain(small, crowded)


def _split(items: Sequence[Item], block: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs within the parts of a common block, and neighbours by title across them."""
    by: tuple[Callable[[Item], object], ...] = (
        lambda x: (x.year, x.author),
        lambda x: (x.volume, x.first_page),
        lambda x: x.key,
        lambda x: x.abstract[:ABSTRACT],
    )
    for say in by:
        parts: dict[object, list[int]] = defaultdict(list)
        for place in block:
            parts[say(items[place])].append(place)
        for part in parts.values():
            yield from combinations(part, 2) if len(part) <= CROWDED else _window(items, part)
    yield from _window(items, block)


def _window(items: Sequence[Item], block: list[int]) -> Iterator[tuple[int, int]]:
    ordered = sorted(block, key=lambda place: (items[place].key, items[place].year, items[place].content_id))
    for at, place in enumerate(ordered):
        yield from ((place, other) for other in ordered[at + 1 : at + WINDOW])
