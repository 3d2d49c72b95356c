"""Agreement: published examples to the decimals printed, formulas written anew pair by pair, and what must never change."""

import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from fractions import Fraction
from itertools import chain, combinations, permutations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from scoping import agreement as ag
from scoping.agreement import Figure, Ratings

Table = dict[str, dict[str, str]]
FIGURES = ("raw", "positive_agreement", "negative_agreement", "cohen_kappa", "pooled_kappa", "pabak", "ac1", "alpha")


def square(cells: Sequence[Sequence[int]], words: str = "+-") -> Table:
    """Ratings of two people, from a table of counts: rows are what the first said, columns the second."""
    cases = [{"A": words[i], "B": words[j]} for i, row in enumerate(cells) for j, n in enumerate(row) for _ in range(n)]
    return {f"i{k:04}": case for k, case in enumerate(cases)}


def two(a: int, b: int, c: int, d: int) -> Table:
    return square([[a, b], [c, d]])


def one_and_rest(table: Ratings, category: str = "x") -> Ratings:
    """Every other category as one."""
    words = {word for row in table.values() for word in row.values() if word} - {category}
    return ag.recode(table, dict.fromkeys(words, ag.REST))


def distribution(rows: Iterable[Sequence[int]]) -> Table:
    """Ratings from how many of as many people chose each category; who chose what does not matter here."""
    table = {}
    for k, row in enumerate(rows):
        words = [str(j) for j, n in enumerate(row) for _ in range(n)]
        table[f"i{k:03}"] = {f"p{p:02}": word for p, word in enumerate(words)}
    return table


def columns(**people: str) -> Table:
    """Ratings from one string a person, `.` for no answer."""
    n = len(next(iter(people.values())))
    return {f"i{k:03}": {p: said[k] for p, said in people.items() if said[k] != "."} for k in range(n)}


# ------------------------------------------------------------------------------------------- published examples


@pytest.mark.parametrize(
    ("cells", "raw", "kappa", "pabak", "ac1", "positive", "negative"),
    [
        ((10, 15, 15, 960), 0.970, 0.3846, 0.940, 0.9685, 0.400, 0.9846),
        ((40, 10, 10, 40), 0.80, 0.60, 0.60, 0.60, 0.80, 0.80),
        ((0, 2, 3, 20), 0.80, -0.1062, 0.60, 0.7561, 0.0, 0.8889),
    ],
)
def test_vectors_of_the_method(
    cells: tuple[int, int, int, int],
    raw: float,
    kappa: float,
    pabak: float,
    ac1: float,
    positive: float,
    negative: float,
) -> None:
    table = two(*cells)
    panel = ag.panel(table, positive="+", seed=1, resamples=50)
    expected = (raw, positive, negative, kappa, kappa, pabak, ac1)
    for name, value in zip(FIGURES, expected, strict=False):
        assert round(getattr(panel, name).value, 4) == pytest.approx(value, abs=1e-9), name
    assert round(ag.raw_agreement(table) or -9, 4) == raw
    assert round(ag.cohen_kappa(table) or -9, 4) == kappa
    assert round(ag.gwet_ac1(table) or -9, 4) == ac1


PUBLISHED_SQUARES: list[tuple[str, list[list[int]], dict[str, float]]] = [
    # Cohen 1968, table 1 (N = 200; .44 .05 .01 / .07 .20 .03 / .09 .05 .06): po .70, pe .41, kappa .492
    ("Cohen", [[88, 10, 2], [14, 40, 6], [18, 10, 12]], {"raw": 0.70, "cohen_kappa": 0.492}),
    # Fleiss, Cohen & Everitt 1969: .53 .05 .02 / .11 .14 .05 / .01 .06 .03, N = 200, kappa .429
    ("Fleiss 1969", [[106, 10, 4], [22, 28, 10], [2, 12, 6]], {"raw": 0.70, "cohen_kappa": 0.429}),
    # Feinstein & Cicchetti 1990: the same agreement, .70 and .32
    ("paradox 1", [[40, 9], [6, 45]], {"raw": 0.85, "cohen_kappa": 0.70}),
    ("paradox 2", [[80, 10], [5, 5]], {"raw": 0.85, "cohen_kappa": 0.32}),
    # Gwet 2008, 125 subjects
    ("Gwet 2008", [[118, 5], [2, 0]], {"raw": 0.944, "cohen_kappa": -0.0234, "ac1": 0.9408}),
    # Gwet 2014 (irrCAC, cont3x3abstractors)
    (
        "abstractors",
        [[13, 0, 0], [0, 20, 7], [0, 4, 56]],
        {"raw": 0.89, "cohen_kappa": 0.7964094, "ac1": 0.8493305, "pabak": 0.835, "alpha": 0.7972585},
    ),
]


@pytest.mark.parametrize(("cells", "printed"), [case[1:] for case in PUBLISHED_SQUARES], ids=lambda case: "")
def test_published_tables_of_two_people(cells: list[list[int]], printed: dict[str, float]) -> None:
    panel = ag.panel(square(cells, "abc"), positive=None, seed=1, resamples=0)
    for name, value in printed.items():
        decimals = len(str(value).split(".")[1])
        assert getattr(panel, name).value == pytest.approx(value, abs=0.5001 * 10**-decimals), name


FOUR_OBSERVERS = columns(A="123321412...", B="1233224125.3", C=".3332342251.", D="12332441251.")


def test_four_observers_with_missing_answers() -> None:
    """Krippendorff 2011, example C: alpha .743; Gwet 2014 prints the rest of the same data (irrCAC, cac.raw4raters)."""
    table = FOUR_OBSERVERS
    assert sum(len(given) for given in table.values()) == 41
    assert ag.double_coded(table) == (11, 6 * 8 + 2 * 3 + 1)
    assert round(ag.krippendorff_alpha(table) or 0, 3) == 0.743
    assert ag.krippendorff_alpha(table) == pytest.approx(0.74342, abs=5e-6)
    assert ag.gwet_ac1(table) == pytest.approx(0.77544, abs=5e-6)
    assert ag.raw_agreement(table) == pytest.approx(0.8181818, abs=5e-8)
    assert ag.pabak(table) == pytest.approx(0.77273, abs=5e-6)


def test_many_people_gwet_2014() -> None:
    """Six psychiatrists, 15 patients, 5 diagnoses (irrCAC, distrib.6raters)."""
    rows = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031"""
    table = distribution([int(n) for n in row] for row in rows.split())
    assert ag.raw_agreement(table) == pytest.approx(0.5511111, abs=5e-8)
    assert ag.gwet_ac1(table) == pytest.approx(0.4448007, abs=5e-8)
    assert ag.krippendorff_alpha(table) == pytest.approx(0.4204384, abs=5e-8)
    assert ag.pabak(table) == pytest.approx(0.4388889, abs=5e-8)


def test_many_people_fleiss() -> None:
    """Fourteen people, ten items: mean agreement .378, kappa .210; alpha = kappa + (1 - kappa) / answers."""
    rows = [(0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1)]
    rows += [(7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7)]
    table = distribution(rows)
    raw = ag.raw_agreement(table)
    assert raw is not None
    assert round(raw, 3) == 0.378
    chance = sum((sum(column) / 140) ** 2 for column in zip(*rows, strict=True))
    kappa = (raw - chance) / (1 - chance)
    assert round(kappa, 3) == 0.210
    assert ag.krippendorff_alpha(table) == pytest.approx(kappa + (1 - kappa) / 140, abs=1e-12)


# ------------------------------------------------------------------------------- the formulas, pair by pair, exactly


def answers(table: Ratings) -> list[dict[str, str]]:
    return [{p: c for p, c in row.items() if c} for row in table.values()]


def share(pairs: Iterable[bool]) -> Fraction:
    listed = list(pairs)
    return Fraction(sum(listed), len(listed))


def slow_raw(table: Ratings) -> Fraction | None:
    each = [share(x == y for x, y in combinations(row.values(), 2)) for row in answers(table) if len(row) > 1]
    return sum(each, Fraction(0)) / len(each) if each else None


def slow_specific(table: Ratings, test: Callable[[str], bool]) -> Fraction | None:
    rows = [[test(c) for c in row.values()] for row in answers(table) if len(row) > 1]
    said = sum((share(row) for row in rows), Fraction(0))
    both = sum((share(x and y for x, y in permutations(row, 2)) for row in rows), Fraction(0))
    return both / said if said else None


def slow_pooled(table: Ratings, pairs: Iterable[tuple[str, str]] | None = None) -> Fraction | None:
    people = sorted({p for row in answers(table) for p in row})
    top = bottom = Fraction(0)
    for a, b in combinations(people, 2) if pairs is None else pairs:
        both = [(row[a], row[b]) for row in answers(table) if a in row and b in row]
        if both:
            chance = share(x == y for x, _ in both for _, y in both)
            top += len(both) * (share(x == y for x, y in both) - chance)
            bottom += len(both) * (1 - chance)
    return top / bottom if bottom else None


def slow_pabak(table: Ratings) -> Fraction | None:
    q, raw = max(2, len({c for row in answers(table) for c in row.values()})), slow_raw(table)
    return None if raw is None else (raw - Fraction(1, q)) / (1 - Fraction(1, q))


def slow_ac1(table: Ratings) -> Fraction | None:
    rows, raw = [row for row in answers(table) if row], slow_raw(table)
    words = {c for row in rows for c in row.values()}
    if raw is None:
        return None
    mean = {w: sum((share(c == w for c in row.values()) for row in rows), Fraction(0)) / len(rows) for w in words}
    chance = sum((p * (1 - p) for p in mean.values()), Fraction(0)) / max(1, len(words) - 1)
    return (raw - chance) / (1 - chance)


def slow_alpha(table: Ratings) -> Fraction | None:
    """One minus observed over expected disagreement, over pairs of pairable values."""
    units = [list(row.values()) for row in answers(table) if len(row) > 1]
    values = [c for unit in units for c in unit]
    if len(set(values)) < 2:
        return None
    observed = sum((Fraction(sum(x != y for x, y in permutations(u, 2)), len(u) - 1) for u in units), Fraction(0))
    expected = Fraction(sum(x != y for x, y in permutations(values, 2)), len(values) * (len(values) - 1))
    return 1 - observed / len(values) / expected


def figures(table: Ratings, positive: str = "x") -> dict[str, float | None]:
    return {
        "raw": ag.raw_agreement(table),
        "positive_agreement": ag.positive_agreement(table, positive),
        "negative_agreement": ag.negative_agreement(table, positive),
        "cohen_kappa": ag.cohen_kappa(table),
        "pooled_kappa": ag.pooled_kappa(table),
        "pabak": ag.pabak(table),
        "ac1": ag.gwet_ac1(table),
        "alpha": ag.krippendorff_alpha(table),
    }


def same(found: dict[str, float | None], expected: dict[str, Fraction | float | None]) -> None:
    for name, value in expected.items():
        if value is None:
            assert found[name] is None, name
        else:
            assert found[name] == pytest.approx(float(value), abs=1e-12), name


tables = st.lists(
    st.dictionaries(st.sampled_from("ABCD"), st.sampled_from(["x", "y", "z", "", None]), max_size=4), max_size=14
).map(lambda rows: {f"i{k}": row for k, row in enumerate(rows)})


@given(tables)
def test_against_pairs_counted_one_by_one(table: Ratings) -> None:
    shared = {pair for row in answers(table) for pair in combinations(sorted(row), 2)}
    same(
        figures(table),
        {
            "raw": slow_raw(table),
            "positive_agreement": slow_specific(table, lambda c: c == "x"),
            "negative_agreement": slow_specific(table, lambda c: c != "x"),
            "cohen_kappa": slow_pooled(table, shared) if len(shared) == 1 else None,
            "pooled_kappa": slow_pooled(table),
            "pabak": slow_pabak(table),
            "ac1": slow_ac1(table),
            "alpha": slow_alpha(table),
        },
    )
    assert set(ag.pair_kappas(table)) == shared
    for pair, kappa in ag.pair_kappas(table).items():
        same({"kappa": kappa}, {"kappa": slow_pooled(table, [pair])})
    several = [row for row in answers(table) if len(row) > 1]
    assert ag.double_coded(table) == (len(several), sum(math.comb(len(row), 2) for row in several))


@given(tables, st.permutations("xyz"), st.permutations("ABCD"), st.randoms(use_true_random=False))
def test_names_and_orders_change_nothing(
    table: Ratings, words: list[str], people: list[str], dice: random.Random
) -> None:
    word, person = dict(zip("xyz", words, strict=True)), dict(zip("ABCD", people, strict=True))
    rows = [[(person[p], word.get(c or "", c)) for p, c in row.items()] for row in table.values()]
    for row in rows:
        dice.shuffle(row)
    dice.shuffle(rows)
    other = {f"other{k}": dict(row) for k, row in enumerate(rows)}
    same(figures(other, positive=word["x"]), {**figures(table)})


@given(tables)
def test_bounds(table: Ratings) -> None:
    for name, value in figures(table).items():
        if value is not None:
            low = 0 if name in FIGURES[:3] else -1
            assert low - 1e-12 <= value <= 1 + 1e-12, name


@given(tables)
def test_a_panel_says_what_the_functions_say(table: Ratings) -> None:
    words = {c for row in answers(table) for c in row.values()}
    assume("x" in words)
    panel = ag.panel(table, positive="x", seed=3, resamples=20)
    for name, value in figures(table).items():
        assert getattr(panel, name).value == (None if value is None else pytest.approx(value, abs=1e-11)), name
    assert {pair.people: pair.kappa.value for pair in panel.pairs} == pytest.approx(ag.pair_kappas(table), abs=1e-11)
    assert not any(isinstance(x, float) and math.isnan(x) for x in flat(panel))


def flat(panel: ag.Panel) -> list[object]:
    shown: list[Figure] = [getattr(panel, name) for name in FIGURES] + [pair.kappa for pair in panel.pairs]
    return [getattr(figure, field.name) for figure in shown for field in fields(figure)]


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sets(st.sampled_from("ABCD"), min_size=2)), min_size=1))
def test_perfect_agreement_is_one(rows: list[tuple[str, set[str]]]) -> None:
    table = {f"i{k}": dict.fromkeys(people, word) for k, (word, people) in enumerate(rows)}
    found = figures(table)
    assert [found[name] for name in ("raw", "pabak", "ac1")] == [1, 1, 1]
    assert {*found.values()} <= {1, None}
    if len({word for word, _ in rows}) > 1:
        assert found["alpha"] == 1


@given(tables)
def test_raw_is_the_mean_of_positive_and_negative(table: Ratings) -> None:
    table = one_and_rest(table)
    raw = ag.raw_agreement(table)
    assume(raw is not None)
    rows = [row for row in answers(table) if len(row) > 1]
    said = sum(sum(c == "x" for c in row.values()) / len(row) for row in rows) / len(rows)
    mean = said * (ag.positive_agreement(table, "x") or 0) + (1 - said) * (ag.negative_agreement(table, "x") or 0)
    assert raw == pytest.approx(mean, abs=1e-12)


def test_kappa_against_scikit_learn() -> None:
    dice = np.random.default_rng(5)
    compared = 0
    for _ in range(200):
        n, q = dice.integers(2, 400), dice.integers(2, 7)
        first = dice.integers(0, q, n)
        second = np.where(dice.random(n) < dice.random(), first, dice.integers(0, q, n))
        if len({*first, *second}) > 1:
            table = {f"i{k}": {"A": str(a), "B": str(b)} for k, (a, b) in enumerate(zip(first, second, strict=True))}
            assert ag.cohen_kappa(table) == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)
            compared += 1
    assert compared > 190


# ----------------------------------------------------------------------------------------------- several people, words


def test_rotating_pairs() -> None:
    ab, bc = two(20, 5, 3, 72), two(8, 9, 1, 22)
    table = {f"ab{k}": row for k, row in ab.items()}
    table |= {f"bc{k}": {"B": row["A"], "C": row["B"]} for k, row in bc.items()}
    assert ag.cohen_kappa(table) is None
    assert ag.pair_kappas(table) == {("A", "B"): ag.cohen_kappa(ab), ("B", "C"): ag.cohen_kappa(bc)}
    low, high = sorted(kappa or 0 for kappa in ag.pair_kappas(table).values())
    assert low < (ag.pooled_kappa(table) or 0) < high
    assert ag.pooled_kappa(table) == pytest.approx(float(slow_pooled(table) or 0), abs=1e-12)


def test_a_single_answer_counts_for_the_prevalence_of_ac1_alone() -> None:
    table: dict[str, dict[str, str | None]] = {**two(10, 5, 5, 80)}
    more = {**table, **{f"one{k}": {"A": "+", "B": None, "C": ""} for k in range(50)}}
    before, after = figures(table, "+"), figures(more, "+")
    assert before.pop("ac1") != after.pop("ac1")
    assert before == after
    assert ag.panel(more, positive="+", seed=1, resamples=0).answered == 150
    assert ag.panel(more, positive="+", seed=1, resamples=0).double_coded == (100, 100)


def test_three_categories_and_two() -> None:
    table = columns(A="iiuueeeeee", B="iuueieeeeu")
    three = ag.panel(table, positive="i", seed=1, resamples=200)
    folded = ag.panel(ag.recode(table, {"u": "i"}), positive="i", seed=1, resamples=200)
    assert (three.categories, folded.categories) == (("e", "i", "u"), ("e", "i"))
    assert three.raw.value == 0.6
    assert folded.raw.value == 0.7
    assert three.pabak.value == pytest.approx((3 * 0.6 - 1) / 2)
    assert folded.pabak.value == pytest.approx(2 * 0.7 - 1)
    assert three.positive_agreement.value == pytest.approx(2 * 1 / (2 + 2))
    assert folded.positive_agreement.value == pytest.approx(2 * 3 / (4 + 5))
    assert three.negative_agreement.value == pytest.approx(2 * 7 / (8 + 8))  # u and e alike are not i
    assert ag.double_coded(ag.recode(table, {"u": None})) == (6, 6)


def test_answers_that_were_possible() -> None:
    table = two(5, 5, 5, 5)
    assert ag.pabak(table, ["+", "-"]) == ag.pabak(table) == 0
    assert ag.pabak(table, ["?"]) == pytest.approx(0.25)
    assert ag.gwet_ac1(table, ["?"]) == pytest.approx((0.5 - 0.25) / (1 - 0.25))
    assert ag.panel(table, positive="+", seed=1, resamples=0, categories="?").pabak.value == pytest.approx(0.25)
    assert ag.panel(table, positive="?", seed=1, resamples=0).pabak.value == pytest.approx(0.25)


# ----------------------------------------------------------------------------------------------------------- edges


@pytest.mark.parametrize(
    "table", [{}, {"i": {}}, {"i": {"A": "x"}, "j": {"B": "y"}}, {"i": {"A": "x", "B": None}, "j": {"A": "", "B": "y"}}]
)
def test_nobody_double_coded(table: Ratings) -> None:
    assert ag.double_coded(table) == (0, 0)
    assert set(figures(table).values()) == {None}
    assert ag.pair_kappas(table) == {}
    panel = ag.panel(table, positive="x", seed=1)
    assert set(flat(panel)) == {None, 0}
    assert panel.resamples == 0


def test_one_item() -> None:
    panel = ag.panel({"i": {"A": "x", "B": "y"}}, positive="x", seed=1)
    values = [getattr(panel, name).value for name in FIGURES]
    assert values == [0, 0, 0, 0, 0, -1, -1, 0]
    assert {getattr(panel, name).low for name in FIGURES} == {None}


def test_one_category_only() -> None:
    panel = ag.panel(two(0, 0, 0, 30), positive="+", seed=1)
    found = {name: getattr(panel, name) for name in FIGURES}
    assert {name for name, figure in found.items() if figure.value is None} == {
        "positive_agreement",
        "cohen_kappa",
        "pooled_kappa",
        "alpha",
    }
    assert found["raw"] == found["pabak"] == found["ac1"] == found["negative_agreement"] == Figure(1, 1, 1)
    assert found["alpha"] == Figure(None, None, None, 2000)


def test_without_a_positive() -> None:
    panel = ag.panel(two(5, 5, 5, 5), positive=None, seed=1, resamples=10)
    assert panel.positive_agreement == panel.negative_agreement == Figure(None, None, None, 10)
    assert panel.raw.value == 0.5


def test_a_panel_is_rounded() -> None:
    figure = ag.panel(columns(A="xxy", B="xyx"), positive="x", seed=1).raw
    assert (figure.value, figure.low, figure.high) == (0.333333333333, 0, 1)


def test_too_few_positives_have_no_interval() -> None:
    rare, common = (ag.panel(two(n, 0, 0, 50), positive="+", seed=1) for n in (1, 10))
    assert rare.positive_agreement.value == 1
    assert rare.positive_agreement.low is rare.positive_agreement.high is None
    assert rare.positive_agreement.undefined == pytest.approx(2000 * (50 / 51) ** 51, abs=100)
    assert common.positive_agreement == Figure(1, 1, 1, common.positive_agreement.undefined)
    assert common.positive_agreement.undefined < 5


@pytest.mark.parametrize("level", [0, 1, 95])
def test_level_is_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        ag.panel(two(5, 5, 5, 5), positive="+", seed=1, level=level)


# ------------------------------------------------------------------------------------------------------- intervals


def simulated(seed: int, n: int, agree: float = 0.85) -> Table:
    """Three people in rotating pairs; truths are 30% `x`; who differs from the truth says a random category."""
    dice = random.Random(seed)
    table = {}
    for k in range(n):
        truth = "x" if dice.random() < 0.3 else "y"
        people = [("A", "B"), ("A", "C"), ("B", "C"), ("A", "B", "C")][k % 4]
        table[f"i{k}"] = {p: truth if dice.random() < agree else dice.choice("xyz") for p in people}
    return table


def test_intervals_contain_the_estimate_and_come_back() -> None:
    table = simulated(1, 300)
    panel = ag.panel(table, positive="x", seed=7)
    for figure in [getattr(panel, name) for name in FIGURES] + [pair.kappa for pair in panel.pairs]:
        if figure is not panel.cohen_kappa:
            assert figure.low < figure.value < figure.high
            assert figure.high - figure.low < 0.3
    rows = list(table.items())
    random.Random(2).shuffle(rows)
    shuffled = {f"other {item}": dict(reversed(row.items())) for item, row in rows}
    assert ag.panel(shuffled, positive="x", seed=7) == panel
    other = ag.panel(table, positive="x", seed=8)
    assert other.raw.value == panel.raw.value
    assert other.raw.low != panel.raw.low or other.alpha.low != panel.alpha.low
    wide = ag.panel(table, positive="x", seed=7, level=0.99)
    assert wide.alpha.low < panel.alpha.low < panel.alpha.high < wide.alpha.high


def test_intervals_against_a_plain_bootstrap() -> None:
    """Items drawn one by one with replacement, every figure computed anew from the drawn table."""
    table = simulated(3, 150)
    dice, rows = random.Random(9), list(table.values())
    samples = (dice.choices(rows, k=len(rows)) for _ in range(600))
    drawn = [figures({str(k): row for k, row in enumerate(sample)}) for sample in samples]
    panel = ag.panel(table, positive="x", seed=1, resamples=4000)
    for name in FIGURES:
        if name != "cohen_kappa":
            values = np.array([resample[name] for resample in drawn], dtype=float)
            figure = getattr(panel, name)
            tolerance = 0.35 * values.std()
            assert (figure.low, figure.high) == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=tolerance), name


def test_resamples_have_as_many_items_of_each_kind() -> None:
    table: dict[str, dict[str, str | None]] = {**simulated(4, 60), **{f"one{k}": {"A": "x"} for k in range(40)}}
    counted = ag._Table.of(table)
    weights = counted.resampled(1, 500)
    assert set(weights @ counted.several) == {60}
    assert set(weights.sum(axis=1)) == {100}
    assert weights.mean(axis=0) == pytest.approx(counted.items, abs=1)
    assert Counter(weights.std(axis=0) > 0) == {True: counted.items.size - 1, False: 1}  # all 40 have one pattern


def test_items_of_a_cluster_are_drawn_together() -> None:
    """Ten cells of a report that say the same are worth one: the interval is that of the reports."""
    alone = simulated(5, 80)
    cells = {f"{item}:c{k}": row for item, row in alone.items() for k in range(10)}

    def record(item: str) -> str:
        return item.partition(":")[0]

    one = ag.panel(alone, positive="x", seed=1, resamples=4000)
    assert ag.panel(alone, positive="x", seed=1, resamples=4000, cluster_of=record) == one
    whole = ag.panel(cells, positive="x", seed=1, resamples=4000, cluster_of=record)
    narrow = ag.panel(cells, positive="x", seed=1, resamples=4000)
    for name in ("raw", "positive_agreement", "pooled_kappa", "ac1"):
        reports, drawn, wrong = (getattr(panel, name) for panel in (one, whole, narrow))
        assert drawn.value == pytest.approx(reports.value, abs=1e-9), name
        assert (drawn.low, drawn.high) == pytest.approx((reports.low, reports.high), abs=0.03), name
        assert wrong.high - wrong.low < 0.5 * (reports.high - reports.low), name  # cells taken for reports


def test_clusters_against_a_plain_bootstrap() -> None:
    """Reports of 1 to 5 cells, drawn one by one with replacement; one that only one person answered is drawn apart."""
    table = {f"r{k // 5}:c{k % 5}": row for k, row in enumerate(simulated(6, 200).values()) if k % 5 <= k // 5 % 5}
    lonely = {f"s{k}:c1": {"A": "x"} for k in range(12)} | {"s1:c2": {"B": "z"}}
    reports: dict[str, list[dict[str, str]]] = {}
    for item, row in table.items():
        reports.setdefault(item.partition(":")[0], []).append(row)
    dice = random.Random(4)
    samples = (dice.choices(list(reports.values()), k=len(reports)) for _ in range(600))
    drawn = [ag.raw_agreement({str(k): row for k, row in enumerate(chain.from_iterable(sample))}) for sample in samples]
    panel = ag.panel({**table, **lonely}, positive="x", seed=1, cluster_of=lambda item: item.partition(":")[0])
    values = np.array(drawn, dtype=float)
    expected = np.quantile(values, [0.025, 0.975])
    assert (panel.raw.low, panel.raw.high) == pytest.approx(expected, abs=0.35 * values.std())
    one = ag.panel(
        {"r:1": {"A": "x", "B": "x"}, "r:2": {"A": "x", "B": "y"}}, positive="x", seed=1, cluster_of=lambda _: "r"
    )
    assert (one.raw.value, one.raw.low) == (0.5, None)  # of one report nothing can be drawn


def test_coverage() -> None:
    """Of 300 samples some 95% of intervals hold what an endless sample would give."""
    joint = {("x", "x"): 0.15, ("x", "y"): 0.06, ("y", "x"): 0.04, ("y", "y"): 0.75}
    raw, first, second = 0.90, 0.21, 0.19
    chance = first * second + (1 - first) * (1 - second)
    mean = (first + second) / 2
    spread = 2 * mean * (1 - mean)
    truth = {
        "raw": raw,
        "positive_agreement": 0.30 / 0.40,
        "cohen_kappa": (raw - chance) / (1 - chance),
        "ac1": (raw - spread) / (1 - spread),
    }
    dice, hits, samples = random.Random(11), Counter[str](), 300
    for seed in range(samples):
        cells = Counter(dice.choices(list(joint), weights=list(joint.values()), k=200))
        table = square([[cells[a, b] for b in "xy"] for a in "xy"], "xy")
        panel = ag.panel(table, positive="x", seed=seed, resamples=400)
        hits.update(name for name, value in truth.items() if within(value, getattr(panel, name)))
        # a control: intervals for another truth miss it
        hits.update(["wrong"] if within(0.80, panel.raw) else [])
    for name in truth:
        assert 0.90 <= hits[name] / samples <= 0.99, name
    assert hits["wrong"] / samples < 0.1


def within(value: float, figure: Figure) -> bool:
    return figure.low is not None and figure.high is not None and figure.low <= value <= figure.high


@pytest.mark.parametrize("people", [2, 6])
def test_five_thousand_items_take_seconds(people: int) -> None:
    dice = np.random.default_rng(1)
    names = [f"p{k}" for k in range(people)]
    said = dice.choice(["include", "exclude", "unsure"], size=(5000, 2), p=[0.1, 0.8, 0.1])
    table = {f"i{k}": dict(zip(dice.choice(names, 2, replace=False), row, strict=True)) for k, row in enumerate(said)}
    plain = {item: {str(p): str(c) for p, c in row.items()} for item, row in table.items()}
    start = time.process_time()
    panel = ag.panel(plain, positive="include", seed=1)
    assert time.process_time() - start < 5
    assert panel.double_coded == (5000, 5000)
    assert len(panel.pairs) == people * (people - 1) // 2


@pytest.mark.parametrize("seed", range(40))
def test_alpha_is_that_of_the_krippendorff_package(seed: int) -> None:
    """Random tables of two to five people with missing answers, to 10 decimals; its nan is our None."""
    dice = random.Random(f"alpha {seed}")
    people, words = [f"p{k}" for k in range(dice.randint(2, 5))], "abcd"[: dice.randint(2, 4)]
    table = {
        f"R{k}": {p: dice.choice(words) if dice.random() < 0.8 else None for p in people}
        for k in range(dice.randint(2, 60))
    }
    data = [[words.index(c) if (c := given[p]) else np.nan for given in table.values()] for p in people]
    said = {c for given in table.values() if sum(bool(c) for c in given.values()) > 1 for c in given.values() if c}
    if len(said) < 2:
        assert ag.krippendorff_alpha(table) is None
        return
    theirs = krippendorff.alpha(reliability_data=np.array(data), level_of_measurement="nominal")
    assert ag.krippendorff_alpha(table) == pytest.approx(theirs, abs=1e-10)
