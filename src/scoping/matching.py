"""Whether two entries are the same report: a model says how likely, named rules and vetoes decide, people are asked.

PRISMA 2020 counts records of the same report as duplicates; preprint and article, article and erratum, Part I and
Part II are different reports. `same` needs that nothing speaks against it, and either a rule or a model that is sure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from rapidfuzz import fuzz

from scoping import blocking, pair_features, pair_model, vetoes
from scoping.comparable import Item, item, marks
from scoping.pair_features import FEATURES
from scoping.pair_model import Model
from scoping.tables import Row
from scoping.vetoes import Pair

__all__ = ["Compared", "Item", "Match", "compare", "compared", "item", "marks", "matches"]

GENERIC = 20  # a title shorter than this (letters) proves nothing by itself
NEAR = 90.0  # similarity of titles (0 to 100) from which two with one identifier are alike
NEAR_PART = 94.0  # the same for a title within another
LONG = 30  # letters of a title that may be within another although it is mistyped
HEADED = 3  # words that a title must have of which a longer one is made
SURE = 0.9  # chance from which the model joins what nothing speaks against
DOUBT = 0.5  # chance from which a person is asked
WORTH = 0.05  # chance from which rules look at a pair
_order = attrgetter(
    "content_id", "title", "doi", "pmid", "year", "volume", "issue", "first_page", "kind", "author", "abstract"
)


@dataclass(frozen=True)
class Match:
    """Two content ids (a < b), `same` or `ask`, and why in words.

    `against`: something speaks against it, so that a third entry like both of them must not join them either. `chance`
    is what the model says of it (1 where a rule holds): what is surer is joined first. `likely` is what the model says,
    whatever the rules.
    """

    a: str
    b: str
    band: str
    why: str
    against: bool = False
    chance: float = 1.0
    likely: float = 1.0


@dataclass(frozen=True)
class Compared:
    """Entries in the order that `matches` wants, each as it is compared and as its row, and which pairs are (places)."""

    items: list[Item]
    rows: list[Row]
    left: blocking.Indices
    right: blocking.Indices


def compared(rows: Iterable[Row]) -> Compared:
    """What is compared of some entries, found once for all who look at pairs."""
    both = sorted(
        ((item(row), row) for row in rows), key=lambda one: (_order(one[0]), one[1]["source"], one[1]["tags"])
    )
    items = [one for one, _ in both]
    return Compared(items, [row for _, row in both], *blocking.candidates(items))


def _match(pair: Pair, band: str, why: str, likely: float, *, chance: float = 1.0, against: bool = False) -> Match:
    first, second = sorted((pair.a.content_id, pair.b.content_id))
    return Match(first, second, band, why, against, chance, likely)


def _alike(a: Item, b: Item) -> bool:
    return a.key == b.key or fuzz.ratio(a.key, b.key) >= NEAR or a.key.startswith(b.key) or b.key.startswith(a.key)


def _headed(a: Item, b: Item, likeness: float) -> bool:
    """Alike, or one title is the other with words before or behind it, as journals put headings before titles."""
    shorter, longer = sorted((a.title, b.title), key=len)
    whole = len(shorter.split()) >= HEADED and (longer.endswith(f" {shorter}") or longer.startswith(f"{shorter} "))
    near = len(shorter) >= LONG and fuzz.partial_ratio(shorter, longer) >= NEAR_PART
    return whole or near or likeness >= NEAR / 100


def accepted(pair: Pair) -> str:
    """The rule by which two entries are the same if nothing speaks against it, in words; empty if none holds."""
    a, b, f = pair.a, pair.b, pair.features
    if pair.identifier:
        if _alike(a, b):
            return f"same {pair.identifier} and title"
        if a.author and a.author == b.author and a.year == b.year:
            return f"same {pair.identifier}, first author and year; the titles may be translations"
        return ""
    named = f["first author"] > 0.5 and bool(a.families and b.families)
    several = len(a.families) > 1 or f["issue"] > 0
    if pair.span and f["year"] >= 0.6 and f["authors equal"] >= 0.5 and named and several and f["journal"] >= 0.6:
        return "same volume, pages, authors and journal; the titles may be translations"
    titled = f["title"] >= NEAR / 100 or (pair.span and _headed(a, b, f["title"]))
    if pair.place and titled and f["authors shared"] > 0.5:
        where = "volume and page" if f["volume"] > 0 else "year, journal and pages"
        return f"same {where}, titles and authors alike"
    if pair.issue and f["year"] >= 0 and f["authors shared"] in (0.5, 1) and _headed(a, b, f["title"]):
        return "same volume, issue and authors; titles alike but for a heading or subtitle"
    shared = len(a.families & b.families)
    if a.key == b.key and not pair.generic and f["authors shared"] >= 0.75 and shared > 1 and a.year == b.year != 0:
        return "same title, authors and year"
    long = len(a.key) >= GENERIC and not pair_features.column(a.title)
    if a.key == b.key and (long or not pair.generic) and named and a.year == b.year:
        return "same title, first author and year"
    return ""


def _near(pair: Pair) -> bool:
    """Titles as good as equal, and neither authors nor years that tell them apart: a person is asked, whatever the chance."""
    a, b = pair.a, pair.b
    if pair.features["authors shared"] == 0 or (a.year and b.year and abs(a.year - b.year) > 1):
        return False
    shorter, longer = sorted((a.key, b.key), key=len)
    if len(shorter) < GENERIC:
        return bool(shorter) and a.key == b.key
    return longer.startswith(shorter) or pair.features["title"] >= NEAR / 100


def decide(pair: Pair, chance: float) -> Match | None:
    """`same`, `ask` or nothing, and why."""
    rule = accepted(pair)
    asked = bool(rule) or chance >= DOUBT or _near(pair)
    if not asked and not pair.identifier:
        return None
    doubts = vetoes.against(pair)
    if doubts:
        sure = bool(rule) or (chance >= SURE and not pair.generic)  # a veto moves these to `ask` and no further
        if not sure and vetoes.different(pair):
            return None
        if pair.identifier:
            return _match(pair, "ask", f"same {pair.identifier}, but {'; '.join(doubts)}", chance, against=True)
        if not asked:
            return None
        return _match(pair, "ask", "; ".join(doubts), chance, against=not vetoes.LACKING.issuperset(doubts))
    if rule:
        return _match(pair, "same", rule, chance)
    if pair.identifier and pair.features["title"] < NEAR / 100 and chance < SURE:
        return _match(pair, "ask", f"same {pair.identifier}, but other titles and authors", chance, against=True)
    if chance >= SURE:
        return _match(pair, "same", f"so alike that they are one report (chance {chance:.3f})", chance, chance=chance)
    return _match(pair, "ask", f"alike, but not for certain (chance {chance:.2f})", chance) if asked else None


def _found(items: list[Item], left: blocking.Indices, right: blocking.Indices, model: Model) -> Iterable[Match]:
    left, right, rows = pair_features.table(items, left, right)
    chances = pair_model.probability(model, rows)
    of = {name: rows[:, place] for place, name in enumerate(FEATURES)}
    begins = (of["title part"] == 1) & (of["title begins"] >= 0.4)
    placed = (of["volume"] > 0) & (of["first page"] > 0)
    near = (of["title"] >= NEAR / 100) | begins | placed
    identified = (of["doi"] > 0) | _same_pmid(items, left, right)
    apart = (of["authors shared"] == 0) | ((of["year"] < 0) & ~placed)  # nothing in `decide` joins these or asks
    for at in np.flatnonzero(identified | (chances >= DOUBT) | (((chances >= WORTH) | near) & ~apart)):
        a, b = items[left[at]], items[right[at]]
        pair = Pair(a, b, dict(zip(FEATURES, rows[at].tolist(), strict=True)))
        if match := decide(pair, float(chances[at])):
            yield match


def _same_pmid(
    items: list[Item], left: blocking.Indices, right: blocking.Indices
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    numbers = np.array([one.pmid for one in items], dtype=object)
    same: np.ndarray[tuple[int], np.dtype[np.bool_]] = (numbers[left] == numbers[right]) & (numbers[left] != "")
    return same


def compare(a: Item, b: Item, model: Model | None = None) -> Match | None:
    """`same`, `ask` or nothing, and why."""
    pair = np.array([0]), np.array([1])
    return next(iter(_found(sorted((a, b), key=_order), *pair, model or pair_model.load())), None)


def matches(items: Iterable[Item] | Compared, model: Model | None = None) -> list[Match]:
    """All matches between items of different content ids, sorted; the order of the items does not matter.

    Where one pair of content ids matches in several ways (repeats of an item differ in what they export), `same` wins.
    """
    if isinstance(items, Compared):
        ordered, left, right = items.items, items.left, items.right
    else:
        ordered = sorted(items, key=_order)
        left, right = blocking.candidates(ordered)
    found: dict[tuple[str, str], Match] = {}
    for match in _found(ordered, left, right, model or pair_model.load()):
        at = (match.a, match.b)
        if at not in found or (match.band, match.why) > (found[at].band, found[at].why):
            found[at] = match
    return [found[at] for at in sorted(found)]
