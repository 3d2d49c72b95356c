"""Intervals for shares: Wilson's and the exact one for one, Newcombe's for the difference of two. They have no unit.

They take each item as drawn by itself, and are 95% where no level is named. Wilson 1927; Clopper and Pearson 1934; Newcombe
1998, method 10.
"""

import math
from collections.abc import Callable

_Z = 1.959963984540054
Interval = tuple[float, float]


def wilson(successes: int, total: int) -> Interval | None:
    """The interval of a share, from 0 to 1; None of nothing."""
    if not 0 <= successes <= total:
        raise ValueError(f"{successes} of {total} is no share")
    if not total:
        return None
    share, z2 = successes / total, _Z * _Z
    centre = share + z2 / (2 * total)
    half = _Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    low, high = (centre - half) / (1 + z2 / total), (centre + half) / (1 + z2 / total)
    return (0.0 if successes == 0 else low), (1.0 if successes == total else high)


def clopper_pearson(successes: int, total: int, level: float = 0.95) -> Interval | None:
    """The exact interval of a share, from 0 to 1: it holds at least as often as it says. None of nothing."""
    if not 0 <= successes <= total:
        raise ValueError(f"{successes} of {total} is no share")
    if not total:
        return None
    tail = (1 - level) / 2
    low = 0.0 if not successes else _solve(lambda p: _at_least(successes, total, p), tail)
    high = 1.0 if successes == total else 1 - _solve(lambda q: _at_least(total - successes, total, q), tail)
    return low, high


def _at_least(successes: int, total: int, share: float) -> float:
    """How likely so many successes or more are."""
    fixed = math.lgamma(total + 1)
    log, other = math.log(share), math.log1p(-share)
    return math.fsum(
        math.exp(fixed - math.lgamma(k + 1) - math.lgamma(total - k + 1) + k * log + (total - k) * other)
        for k in range(successes, total + 1)
    )


def _solve(growing: Callable[[float], float], value: float) -> float:
    """Where a function that grows from 0 to 1 between 0 and 1 has a value."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if growing(middle) < value else (low, middle)
    return (low + high) / 2


def difference(successes: int, total: int, others: int, total_of_others: int) -> Interval | None:
    """The interval of the first share less the second, from -1 to 1; None if one of them is of nothing."""
    one, other = wilson(successes, total), wilson(others, total_of_others)
    if one is None or other is None:
        return None
    p, q = successes / total, others / total_of_others
    low = (p - q) - math.hypot(p - one[0], other[1] - q)
    high = (p - q) + math.hypot(one[1] - p, q - other[0])
    return low, high
