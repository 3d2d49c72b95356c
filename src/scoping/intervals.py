"""Intervals for shares: Wilson's for one, Newcombe's for the difference of two. All are 95% and have no unit.

They take each item as drawn by itself. Wilson 1927; Newcombe 1998, method 10.
"""

import math

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


def difference(successes: int, total: int, others: int, total_of_others: int) -> Interval | None:
    """The interval of the first share less the second, from -1 to 1; None if one of them is of nothing."""
    one, other = wilson(successes, total), wilson(others, total_of_others)
    if one is None or other is None:
        return None
    p, q = successes / total, others / total_of_others
    low = (p - q) - math.hypot(p - one[0], other[1] - q)
    high = (p - q) + math.hypot(one[1] - p, q - other[0])
    return low, high
