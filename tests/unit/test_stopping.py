"""The stopping rule against its definition and against figures of buscarpy 0.0.2; the sample against all outcomes."""

import random
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import stopping

LABELS = st.lists(st.integers(0, 1), max_size=40)


def by_definition(labels: list[int], total: int, target: float) -> float:
    """The probability, counted out, of so few relevant records in each stretch, were the target missed."""
    found, best = sum(labels), 1.0
    for start in range(len(labels)):
        before, population, drawn = sum(labels[:start]), total - start, len(labels) - start
        relevant = min(int(found / target + 1 - before), population)
        ways = sum(comb(relevant, hit) * comb(population - relevant, drawn - hit) for hit in range(found - before + 1))
        best = min(best, ways / comb(population, drawn))
    return best


@given(LABELS, st.integers(0, 60), st.sampled_from([0.8, 0.9, 0.95, 1.0]))
def test_it_is_the_smallest_probability_of_all_stretches(labels: list[int], unread: int, target: float) -> None:
    total = len(labels) + unread
    p = stopping.probability_of_missing(labels, total, target)
    assert p == pytest.approx(by_definition(labels, total, target), abs=1e-9)
    assert p <= stopping.probability_of_missing(labels, total + 5, target) + 1e-9  # more unread, less certain


def made_up(seed: int, read: int, falling: float) -> list[int]:
    chance = random.Random(seed)
    return [int(chance.random() < 0.4 * falling**at) for at in range(read)]


@pytest.mark.parametrize(
    ("seed", "read", "falling", "total", "target", "buscarpy"),
    [
        (1, 100, 0.97, 400, 0.95, 0.974025974025974),
        (2, 300, 0.99, 1000, 0.95, 0.8393774917142994),
        (3, 300, 0.99, 1000, 0.8, 0.4983319523871649),
        (4, 50, 0.95, 60, 0.9, 0.2941176470588235),
        (5, 900, 0.995, 1000, 0.95, 0.021075470741662307),
        (6, 2000, 0.998, 6000, 0.95, 0.633285779752986),
        (7, 30, 1, 500, 0.95, 0.9978768577494692),
        (8, 800, 0.98, 2000, 0.9, 0.2748999271594673),
        (9, 17, 0, 669, 0.95, 0.9745889387144993),  # one find at most, and that one has not come
    ],
)
def test_it_agrees_with_buscarpy(
    seed: int, read: int, falling: float, total: int, target: float, buscarpy: float
) -> None:
    assert stopping.probability_of_missing(made_up(seed, read, falling), total, target) == pytest.approx(
        buscarpy, abs=1e-6
    )


@pytest.mark.parametrize(("labels", "total", "target"), [([1], 0, 0.9), ([2], 5, 0.9), ([1], 5, 0), ([1], 5, 1.1)])
def test_what_cannot_be_is_refused(labels: list[int], total: int, target: float) -> None:
    with pytest.raises(ValueError, match=r"target|labels"):
        stopping.probability_of_missing(labels, total, target)


def test_irrelevant_records_in_a_row() -> None:
    assert [stopping.consecutive_irrelevant(labels) for labels in ([], [0, 0], [1, 0, 0, 0], [0, 1])] == [0, 2, 3, 0]


@pytest.mark.parametrize(("unread", "sampled"), [(8, 3), (9, 4), (12, 6)])
def test_the_interval_of_a_sample_covers_the_truth(unread: int, sampled: int) -> None:
    """Over every sample that can be drawn, for every truth: at least 95% of the intervals hold it."""
    for truth in range(unread + 1):
        covered = 0
        for chosen in combinations(range(unread), sampled):
            hit = sum(at < truth for at in chosen)
            said = stopping.remaining(sampled, hit, unread)
            covered += said.low <= truth - hit <= said.high
        assert covered >= 0.95 * comb(unread, sampled)


def test_a_sample_of_all_leaves_no_doubt() -> None:
    said = stopping.remaining(20, 3, 20)
    assert (said.low, said.estimate, said.high, said.recall(7)) == (0, 0, 0, (1.0, 1.0, 1.0))
    none = stopping.remaining(100, 0, 1000)
    assert (none.low, none.estimate) == (0, 0)
    assert 25 < none.high < 40  # about 3.6 of 100, of 900
    assert none.recall(0) == (0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="sampled"):
        stopping.remaining(0, 0, 10)


@given(LABELS, st.integers(0, 40), st.sampled_from([0.05, 0.2]))
def test_the_most_that_may_remain_is_where_the_rule_begins_to_speak(labels: list[int], unread: int, p: float) -> None:
    total, found = len(labels) + unread, sum(labels)
    most = stopping.most_remaining(labels, total, p)
    assert 0 <= most <= unread
    values = [stopping._probability(labels, total, found + more) for more in range(unread + 1)]
    assert values == sorted(values, reverse=True)
    assert all(value >= p for value in values[1 : most + 1])
    assert all(value < p for value in values[most + 1 :])


def test_an_interval_at_less_confidence_is_narrower() -> None:
    wide, narrow = stopping.remaining(50, 2, 500), stopping.remaining(50, 2, 500, 0.8)
    assert wide.low <= narrow.low <= narrow.estimate <= narrow.high < wide.high
