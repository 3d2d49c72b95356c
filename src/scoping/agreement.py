"""How far people agree who answered the same items independently, before anything was reconciled.

An item (a record, a report, a code of a report) has at most one answer a person; an answer that is missing, None or
empty is no answer. Categories are names without order. All figures are proportions or coefficients without a unit, at
most 1; what is undefined (0 / 0: nobody double coded, one category only) is None, never a number and never an error.
An item weighs 1 in all of them but alpha (each answer to a double-coded item weighs 1) and pooled kappa (each pair of
answers). Kappa and alpha fall with a rare category however seldom people differ; AC1 stands beside them for that reason.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ratings = Mapping[str, Mapping[str, str | None]]
"""Category by person, by item."""
REST = "(rest)"  # every other category, where one is compared with the rest
_DIGITS = 12  # of panels: fewer than a float has, so that the order in which threads add up does not show
_Floats = NDArray[np.float64]


class DoubleCoded(NamedTuple):
    """Items with two or more answers, and pairs of answers to one item (an item with three answers has three)."""

    items: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate with the limits of its bootstrap interval; each is None where it is not to be had.

    `undefined` counts the resamples in which the figure is undefined and which the interval leaves out. Where they are
    more than 1 - level of all there is no interval: there are too few positives or pairs to tell.
    """

    value: float | None
    low: float | None
    high: float | None
    undefined: int = 0


@dataclass(frozen=True, slots=True)
class PairKappa:
    """Cohen's kappa of two people over the `items` that both answered."""

    people: tuple[str, str]
    items: int
    kappa: Figure


@dataclass(frozen=True, slots=True)
class Panel:
    """All figures of one table of ratings, and what is needed to compute them again.

    `answered` counts items with at least one answer; `resamples` is 0 where too few were double coded. `cohen_kappa` is
    for exactly two people who share items; `pooled_kappa` for any number, rotating pairs too (of two it is Cohen's);
    `pairs` has Cohen's kappa of every two people who share items.
    """

    answered: int
    double_coded: DoubleCoded
    people: tuple[str, ...]
    categories: tuple[str, ...]
    positive: str | None
    seed: int
    resamples: int
    level: float
    raw: Figure
    positive_agreement: Figure
    negative_agreement: Figure
    cohen_kappa: Figure
    pooled_kappa: Figure
    pabak: Figure
    ac1: Figure
    alpha: Figure
    pairs: tuple[PairKappa, ...]


@dataclass(frozen=True)
class _Pair:
    """Two people: the patterns (rows) in which both answer, and what each says (rows x categories, 0 or 1)."""

    people: tuple[str, str]
    rows: NDArray[np.int64]
    first: _Floats
    second: _Floats


@dataclass(frozen=True)
class _Table:
    """Ratings counted by pattern: items on which the same people gave the same answers cannot be told apart.

    Resampling items is then a multinomial draw of patterns, and every figure a function of how many items of each
    pattern there are (`weights`: resamples x patterns), which is what makes the bootstrap fast. `items` and `answers` are
    counts by pattern, `counts` are answers by category and pattern, `several` is 1 where there are two answers or more.
    `clusters` has the items of each cluster by pattern; None where each item is a cluster of its own.
    """

    people: tuple[str, ...]
    categories: tuple[str, ...]
    items: _Floats
    counts: _Floats
    answers: _Floats
    several: _Floats
    pairs: tuple[_Pair, ...]
    clusters: _Floats | None = None

    @classmethod
    def of(
        cls, ratings: Ratings, categories: Iterable[str] = (), cluster_of: Callable[[str], str] | None = None
    ) -> "_Table":
        rows = {item: tuple(sorted((p, c) for p, c in given.items() if c)) for item, given in ratings.items()}
        tally = Counter(row for row in rows.values() if row)
        patterns = sorted(tally)
        people = sorted({person for row in patterns for person, _ in row})
        words = sorted({*categories, *(word for row in patterns for _, word in row)})
        column, number = {p: i for i, p in enumerate(people)}, {w: i for i, w in enumerate(words)}
        codes = np.full((len(patterns), len(people)), -1)
        for codes_of_row, row in zip(codes, patterns, strict=True):
            for person, word in row:
                codes_of_row[column[person]] = number[word]
        counts = np.zeros((len(words), len(patterns)))
        for k, answers in enumerate(counts):
            answers[:] = (codes == k).sum(axis=1)
        said, pairs = np.eye(len(words)), []
        for a, b in combinations(range(len(people)), 2):
            shared = np.flatnonzero((codes[:, a] >= 0) & (codes[:, b] >= 0))
            if shared.size:
                pairs.append(_Pair((people[a], people[b]), shared, said[codes[shared, a]], said[codes[shared, b]]))
        items, answers = np.array([tally[row] for row in patterns], dtype=float), counts.sum(axis=0)
        several = (answers > 1).astype(float)
        clusters = None if cluster_of is None else _clusters(rows, patterns, cluster_of)
        return cls(tuple(people), tuple(words), items, counts, answers, several, tuple(pairs), clusters)

    @property
    def choices(self) -> int:
        """How many answers a person can choose from: at least two, or there is no question."""
        return max(2, len(self.categories))

    @property
    def double_coded(self) -> DoubleCoded:
        return DoubleCoded(int(self.items @ self.several), int(self.items @ (self.answers * (self.answers - 1) / 2)))

    def agreeing(self, counts: _Floats) -> _Floats:
        """For each pattern the share of pairs of answers that are both of the category counted."""
        return _ratio(counts * (counts - 1), self.answers * (self.answers - 1), empty=0)

    def resampled(self, seed: int, resamples: int) -> _Floats:
        """Items of each pattern in each resample; of items with several answers, and with one, as many as there are.

        Clusters are drawn whole, those with items that several answered apart from the others.
        """
        if self.double_coded.items < 2:
            return np.zeros((0, self.items.size))
        generator = np.random.Generator(np.random.PCG64(seed))
        if self.clusters is not None:
            comparable = self.clusters @ self.several > 0
            parts = [self.clusters[chosen] for chosen in (comparable, ~comparable)]
            draws = [_drawn(generator, np.ones(len(part)), resamples) @ part for part in parts]
            return np.zeros((0, self.items.size)) if len(parts[0]) < 2 else draws[0] + draws[1]
        weights = np.zeros((resamples, self.items.size))
        for chosen in (self.several > 0, self.several == 0):
            weights[:, chosen] = _drawn(generator, self.items[chosen], resamples)
        return weights


def _drawn(generator: np.random.Generator, there: _Floats, resamples: int) -> _Floats:
    """How often each is drawn when as many are drawn as there are."""
    n = there.sum()
    if not n:
        return np.zeros((resamples, there.size))
    return generator.multinomial(int(n), there / n, size=resamples).astype(float)


def _clusters(
    rows: Mapping[str, tuple[tuple[str, str], ...]], patterns: list[tuple[tuple[str, str], ...]],
    cluster_of: Callable[[str], str],
) -> _Floats | None:  # fmt: skip
    """Items by cluster and pattern; None where no cluster has two items."""
    column = {row: i for i, row in enumerate(patterns)}
    at = [(cluster_of(item), column[row]) for item, row in rows.items() if row]
    number = {name: i for i, name in enumerate(sorted({name for name, _ in at}))}
    if len(number) == len(at):
        return None
    clusters = np.zeros((len(number), len(patterns)))
    for name, i in at:
        clusters[number[name], i] += 1
    return clusters


_Measure = Callable[[_Table, _Floats], _Floats]


def _ratio(top: _Floats, bottom: _Floats, empty: float = np.nan) -> _Floats:
    """Top / bottom, and `empty` where the bottom is 0."""
    result: _Floats = np.full(np.broadcast_shapes(top.shape, bottom.shape), empty, dtype=float)
    np.divide(top, bottom, out=result, where=bottom != 0)
    return result


def _raw(table: _Table, weights: _Floats) -> _Floats:
    return _ratio(weights @ table.agreeing(table.counts).sum(axis=0), weights @ table.several)


def _positive(table: _Table, weights: _Floats, positive: str | None, *, negated: bool = False) -> _Floats:
    chosen = np.array([word == positive for word in table.categories], dtype=float)
    counts = (1 - chosen if negated else chosen) @ table.counts * (positive is not None)
    return _ratio(weights @ table.agreeing(counts), weights @ (table.several * counts / table.answers))


def _pabak(table: _Table, weights: _Floats) -> _Floats:
    return (table.choices * _raw(table, weights) - 1) / (table.choices - 1)


def _ac1(table: _Table, weights: _Floats) -> _Floats:
    prevalence = _ratio(weights @ (table.counts / table.answers).T, weights.sum(axis=1, keepdims=True), empty=0)
    chance = (prevalence * (1 - prevalence)).sum(axis=1) / (table.choices - 1)
    return _ratio(_raw(table, weights) - chance, 1 - chance)


def _alpha(table: _Table, weights: _Floats) -> _Floats:
    said: _Floats = weights @ (table.counts * table.several).T  # answers by category
    n: _Floats = said.sum(axis=1)
    matching = _ratio(table.counts * (table.counts - 1), table.answers - 1, empty=0).sum(axis=0)
    return 1 - (n - 1) * _ratio(n - weights @ matching, n * n - (said * said).sum(axis=1))


def _kappa(weights: _Floats, pairs: Iterable[_Pair]) -> _Floats:
    """Agreement beyond chance over what chance leaves, both summed over the pairs of people."""
    top = bottom = np.zeros(len(weights))
    for pair in pairs:
        shared = weights[:, pair.rows]
        n = shared.sum(axis=1)
        same = shared @ (pair.first * pair.second).sum(axis=1)
        chance = ((shared @ pair.first) * (shared @ pair.second)).sum(axis=1)  # n squared times its probability
        top = top + _ratio(n * same - chance, n, empty=0)
        bottom = bottom + _ratio(n * n - chance, n, empty=0)
    return _ratio(top, bottom)


def _pooled(table: _Table, weights: _Floats, at_most: float = np.inf) -> _Floats:
    return _kappa(weights, table.pairs if len(table.pairs) <= at_most else ())


def _number(values: _Floats) -> float | None:
    return None if np.isnan(values[0]) else float(values[0])


def _estimate(measure: _Measure, ratings: Ratings, categories: Iterable[str] = ()) -> float | None:
    table = _Table.of(ratings, categories)
    return _number(measure(table, table.items[None, :]))


def double_coded(ratings: Ratings) -> DoubleCoded:
    """How much can be compared; (0, 0) where nobody double coded."""
    return _Table.of(ratings).double_coded


def recode(ratings: Ratings, words: Mapping[str, str | None]) -> dict[str, dict[str, str | None]]:
    """The ratings in other words, as `{"unsure": "include"}`; None takes an answer out, what is not named stays."""
    return {item: {p: words.get(c, c) if c else None for p, c in given.items()} for item, given in ratings.items()}


def raw_agreement(ratings: Ratings) -> float | None:
    """Share of pairs of answers that are equal, averaged over double-coded items (Fleiss 1971; 0 to 1); None without any."""
    return _estimate(_raw, ratings)


def positive_agreement(ratings: Ratings, positive: str) -> float | None:
    """Chance that one who shares an item says `positive`, given that another did (0 to 1): 2a / (2a + b + c).

    Cicchetti & Feinstein 1990; for more people Spitzer & Fleiss 1974, an item weighing 1, so that raw agreement is the
    mean of positive and negative, weighted by how often each was said. None where nobody said it of a double-coded item.
    """
    return _estimate(partial(_positive, positive=positive), ratings)


def negative_agreement(ratings: Ratings, positive: str) -> float | None:
    """The same for NOT saying `positive`: 2d / (2d + b + c); other categories count as one (0 to 1)."""
    return _estimate(partial(_positive, positive=positive, negated=True), ratings)


def cohen_kappa(ratings: Ratings) -> float | None:
    """Cohen's kappa (1960; at most 1, 0 by chance) of the only two people who share items.

    None where no two or several pairs of people do (see `pooled_kappa`), and where both said one category throughout.
    """
    return _estimate(partial(_pooled, at_most=1), ratings)


def pair_kappas(ratings: Ratings) -> dict[tuple[str, str], float | None]:
    """Cohen's kappa of every two people who share items, each over the items that both answered."""
    table = _Table.of(ratings)
    return {pair.people: _number(_kappa(table.items[None, :], [pair])) for pair in table.pairs}


def pooled_kappa(ratings: Ratings) -> float | None:
    """One kappa over all pairs of people, for pairs that rotate: (sum observed - sum chance) / (n - sum chance).

    The pooled estimator of De Vries, Elliott, Kanouse & Teleki 2008, each pair of people weighted by the items that they
    share; chance is that of the two people, so a strict and a lenient person are not held to agree by it. With two people
    it is Cohen's kappa, with all people on all items Conger's (1980). Pairs that share few items pull it down, since
    their chance agreement is overestimated. None where all said one category.
    """
    return _estimate(_pooled, ratings)


def pabak(ratings: Ratings, categories: Iterable[str] = ()) -> float | None:
    """Prevalence- and bias-adjusted kappa: 2 raw - 1 (Byrt, Bishop & Carlin 1993; -1 to 1).

    With q categories (q raw - 1) / (q - 1) (Brennan & Prediger 1981). `categories` names possible answers that may not
    occur; q is at least two. None where nobody double coded.
    """
    return _estimate(_pabak, ratings, categories)


def gwet_ac1(ratings: Ratings, categories: Iterable[str] = ()) -> float | None:
    """Gwet's AC1 of two or more people, answers missing or not (Gwet 2008; for missing answers 2014; at most 1).

    As in the paper and in irrCAC, the prevalence of categories is that of all answered items, those with one answer too.
    `categories` names possible answers that may not occur; there are at least two. None where nobody double coded.
    """
    return _estimate(_ac1, ratings, categories)


def krippendorff_alpha(ratings: Ratings) -> float | None:
    """Krippendorff's alpha for nominal data, any number of people, answers missing or not (2011; at most 1).

    None where nobody double coded or all said one category; items with one answer count for nothing.
    """
    return _estimate(_alpha, ratings)


def panel(
    ratings: Ratings,
    *,
    positive: str | None,
    seed: int,
    resamples: int = 2000,
    level: float = 0.95,
    categories: Iterable[str] = (),
    cluster_of: Callable[[str], str] | None = None,
) -> Panel:
    """All figures, with percentile bootstrap intervals over items (Efron 1979), the same for the same seed and numpy.

    `positive` is the category of positive agreement (None: of many levels none is positive); `categories` names possible
    answers that may not occur. Where all agree the interval has no width, as no resample shows a disagreement that never
    occurred: n belongs beside it. Of fewer than two double-coded items, or with no resamples, there are no intervals.
    `cluster_of` names what an item belongs to where items are not drawn alone, as the codes of one report: whole clusters
    are resampled, since answers about one report go together, and an interval over cells would be too narrow.
    """
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    table = _Table.of(ratings, {*categories, *([] if positive is None else [positive])}, cluster_of)
    once, draws = table.items[None, :], table.resampled(seed, resamples)

    def figure(measure: _Measure) -> Figure:
        return _figure(_number(measure(table, once)), measure(table, draws), level)

    def kappa(pair: _Pair) -> PairKappa:
        return PairKappa(pair.people, int(table.items[pair.rows].sum()), figure(lambda _, w: _kappa(w, [pair])))

    return Panel(
        answered=int(table.items.sum()),
        double_coded=table.double_coded,
        people=table.people,
        categories=table.categories,
        positive=positive,
        seed=seed,
        resamples=len(draws),
        level=level,
        raw=figure(_raw),
        positive_agreement=figure(partial(_positive, positive=positive)),
        negative_agreement=figure(partial(_positive, positive=positive, negated=True)),
        cohen_kappa=figure(partial(_pooled, at_most=1)),
        pooled_kappa=figure(_pooled),
        pabak=figure(_pabak),
        ac1=figure(_ac1),
        alpha=figure(_alpha),
        pairs=tuple(kappa(pair) for pair in table.pairs),
    )


def _figure(value: float | None, draws: _Floats, level: float) -> Figure:
    defined = draws[~np.isnan(draws)]
    undefined = draws.size - defined.size
    limits: list[float | None] = [value, None, None]
    if value is not None and defined.size and undefined <= (1 - level) * draws.size:
        limits[1:] = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2]).tolist()
    value, low, high = (None if x is None else round(x, _DIGITS) + 0.0 for x in limits)  # + 0.0: no minus zero
    return Figure(value, low, high, undefined)
