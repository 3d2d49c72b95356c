"""Which entries are compared at all: those that share one of several cheap keys, never all with all.

A key depends on its entry alone, so that entries which have nothing to do with a pair do not change whether it is
compared. A block that is too common is split by year, first author and title, and of what is still too common
neighbours by title are compared; nothing is dropped.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from scoping.comparable import EMPTY_WORDS, Item

CROWDED = 40  # entries from which a block is split
WINDOW = 12  # neighbours by title in a block that nothing splits
HEAD = 24  # letters of a title's beginning and end
SHORT = 12  # letters from which a title's beginning is a key
ABSTRACT = 60  # letters of an abstract's beginning
LONGEST = 3  # words of a title of which any two are a key, and two with the first author; a fourth found no pair more
Indices = NDArray[np.int64]
Key = Callable[[Item], Collection[object]]
_IN_TITLES = "between among during after study effect effects analysis review clinical patients treatment systematic"
_COMMON = EMPTY_WORDS | frozenset(_IN_TITLES.split())


def _longest(x: Item) -> list[str]:
    """The words of a title that tell most: long words are rare ones, whatever else is in the review."""
    told = sorted(sorted(set(x.title.split()) - _COMMON), key=len, reverse=True)  # of equal length by alphabet
    return [word for word in told[:LONGEST] if len(word) > 2]


def _titles(x: Item) -> list[str]:
    if len(x.key) >= SHORT and not x.other_title:  # as most are
        return [x.key]
    long = [title for title in (x.key, x.other_title.replace(" ", "")) if len(title) >= SHORT]
    return [*long, f"{x.key} {x.author}"] if x.key and len(x.key) < SHORT else long


def _words(names: Iterable[str], told: Sequence[str]) -> list[tuple[str, ...]]:
    """Two words of the title; the first author and a word."""
    return [*combinations(sorted(told), 2), *[("by", name, word) for name in names for word in told[:2]]]


KEYS: dict[str, Key] = {
    "DOI": lambda x: (x.doi,) if x.doi else (),
    "PubMed id": lambda x: (x.pmid,) if x.pmid else (),
    "registration": lambda x: x.registrations,
    "title begins": lambda x: [title[:HEAD] for title in _titles(x)],
    "title ends": lambda x: [title[-HEAD:] for title in _titles(x) if len(title) > HEAD],
    "volume and page": lambda x: ((x.volume, x.first_page),) if x.volume and x.first_page else (),
    "year and page": lambda x: ((x.year, x.first_page),) if x.year and x.first_page else (),
    "year, volume and author": lambda x: [(x.year, x.volume, name) for name in x.first] if x.year and x.volume else (),
    "abstract": lambda x: (x.abstract[:ABSTRACT],) if len(x.abstract) >= ABSTRACT else (),
    "words of the title": lambda x: _words(x.first, _longest(x)),
}


PARTS: tuple[Callable[[Item], object], ...] = (
    lambda x: (x.year, x.author),
    lambda x: (x.volume, x.first_page),
    lambda x: x.key,
    lambda x: x.abstract[:ABSTRACT],
)
"""By what a crowded block is split: one value an entry."""


def candidates(items: Sequence[Item]) -> tuple[Indices, Indices]:
    """Places of the pairs to compare, the smaller first, sorted; entries of one content id are no pair."""
    number = max(1, len(items))
    by_title = sorted(range(len(items)), key=lambda at: (items[at].key, items[at].year, items[at].content_id))
    ordered = [items[place] for place in by_title]
    found, crowded = [np.empty(0, dtype=np.int64)], [np.empty((2, 0), dtype=np.int64)]
    for nth, key in enumerate(KEYS.values()):
        block, ranks, size = _blocks(*_said(ordered, key))
        found += _pairs(block, ranks, size, number)
        crowded.append(np.array((block * len(KEYS) + nth, ranks))[:, size > CROWDED])
    block, ranks = np.concatenate(crowded, axis=1)
    told, at = np.unique(ranks, return_inverse=True)
    for part in PARTS:
        said = np.fromiter(map(hash, map(part, [ordered[rank] for rank in told])), dtype=np.int64)
        codes = block * number + np.unique(said, return_inverse=True)[1][at]
        found += _pairs(*_blocks(codes, ranks), number)
    both = np.sort(np.concatenate(found))
    both = both[np.diff(both, prepend=-1) > 0]
    place = np.array(by_title, dtype=np.int64)
    a, b = place[both // number], place[both % number]
    ends = np.sort(np.minimum(a, b) * number + np.maximum(a, b))
    left, right = ends // number, ends % number
    ids = np.array([one.content_id for one in items], dtype=object)
    other = ids[left] != ids[right] if len(left) else np.empty(0, dtype=bool)
    return left[other], right[other]


def _said(items: Sequence[Item], key: Key) -> tuple[Indices, Indices]:
    """What items say, and the places of the items that say it, in order.

    Values stand as their hashes: at worst, two values of one hash let a pair be compared that need not be.
    """
    said = list(map(key, items))
    hashes = np.fromiter(map(hash, chain.from_iterable(said)), dtype=np.int64)
    return hashes, np.repeat(np.arange(len(items)), [len(values) for values in said])


def _blocks(codes: Indices, places: Indices) -> tuple[Indices, Indices, Indices]:
    """(number of the block, place, size of the block) for each place of each block of two and more, in order."""
    order = np.argsort(codes, kind="stable")
    codes, places = codes[order], places[order]
    again = (np.diff(codes, prepend=0) == 0) & (np.diff(places, prepend=-1) == 0)  # an item that says a thing twice
    codes, places = codes[~again], places[~again]
    first = np.flatnonzero(np.diff(codes, prepend=codes[:1] - 1))
    sizes = np.diff(first, append=len(codes))
    size = np.repeat(sizes, sizes)
    shared = size > 1
    return np.repeat(np.arange(len(sizes)), sizes)[shared], places[shared], size[shared]


def _pairs(block: Indices, places: Indices, size: Indices, number: int) -> Iterator[Indices]:
    """Pairs (`a * number + b`) within blocks: all of a small one, neighbours in a crowded one."""
    at = np.arange(len(block))
    for apart in range(1, CROWDED):
        at = at[: np.searchsorted(at, len(block) - apart)]
        at = at[block[at] == block[at + apart]]
        if apart >= WINDOW:
            at = at[size[at] <= CROWDED]
        if not len(at):
            return
        yield places[at] * number + places[at + apart]
