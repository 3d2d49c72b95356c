"""When screening may stop: what can be claimed of the relevant records that nobody has read.

The rule is that of Callaghan and Müller-Hansen (2020, doi:10.1186/s13643-020-01521-4): were the target recall missed,
at least so many relevant records would be among the unread ones, and reading so many records in a row with so few
relevant ones among them would have a probability of at most p. It is as valid as its assumption, that the records of
such a stretch are drawn at random from those not read before it; a ranking that finds relevant records early makes it
careful. A random sample of the unread needs no such assumption.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

FEW = 30  # relevant records found, below which the rule saves next to nothing
CONFIDENCE = 0.95


def probability_of_missing(labels: Sequence[int], total: int, target: float) -> float:
    """The p value of "recall is below the target", from 0 to 1: the smallest over all stretches of records read last.

    `labels` are 1 (relevant) or 0 in the order of reading; `total` counts all records, read or not; `target` is a recall
    above 0, up to 1. 1 where nothing was read. Where nothing relevant was found it is that of there being any, and says nothing
    of recall. Raises ValueError for what cannot be.
    """
    if not 0 < target <= 1:
        raise ValueError(f"a target of {target}")
    return _probability(labels, total, math.floor(sum(labels) / target + 1))


def most_remaining(labels: Sequence[int], total: int, p: float = 1 - CONFIDENCE) -> int:
    """The most relevant records that may be among the unread ones, as far as the rule can tell: of more, its p is below `p`.

    All unread ones where nothing was read.
    """
    found, low, high = sum(labels), 0, total - len(labels)
    while low < high:  # more of them are never more probable
        middle = (low + high + 1) // 2
        if _probability(labels, total, found + middle) < p:
            high = middle - 1
        else:
            low = middle
    return high


def _probability(labels: Sequence[int], total: int, relevant_in_all: int) -> float:
    """How probable so few finds are in the stretch that speaks most against it, were so many or more relevant in all."""
    found, read = sum(labels), len(labels)
    if total < read or not set(labels) <= {0, 1}:
        raise ValueError(f"{read} labels of {total} records")
    if not read:
        return 1.0
    import numpy as np
    from scipy.stats import hypergeom

    before = np.array([0, *accumulate(labels)][:read])  # relevant records read before each stretch
    population = total - np.arange(read)
    relevant = np.minimum(relevant_in_all - before, population)
    return float(hypergeom.cdf(found - before, population, relevant, read - np.arange(read)).min())


def consecutive_irrelevant(labels: Sequence[int]) -> int:
    """How many records were read since the last relevant one. It is no rule: it says nothing of what is unread."""
    return next((at for at, label in enumerate(reversed(labels)) if label), len(labels))


@dataclass(frozen=True, slots=True)
class Remaining:
    """Relevant records among those not read, from a random sample of them: the estimate and its exact interval."""

    sampled: int
    relevant: int
    unread: int
    low: int
    estimate: float
    high: int

    def recall(self, found: int) -> tuple[float, float, float]:
        """Recall so far, the relevant records of the sample counted as found: lowest, estimated, highest."""
        known = found + self.relevant
        low, middle, high = (known / (known + rest) if known else 0.0 for rest in (self.high, self.estimate, self.low))
        return low, middle, high


def remaining(sampled: int, relevant: int, unread: int, confidence: float = CONFIDENCE) -> Remaining:
    """What a random sample of `sampled` of `unread` records, with `relevant` relevant ones, says of the others.

    The interval is exact (hypergeometric, half of 1 - `confidence` at each side): it takes the sample as drawn without
    putting back, so a sample of all leaves no doubt. The numbers are of the records that were not sampled.
    """
    if not 0 <= relevant <= sampled <= unread or not sampled:
        raise ValueError(f"{relevant} relevant of {sampled} sampled of {unread}")
    import numpy as np
    from scipy.stats import hypergeom

    side = (1 - confidence) / 2
    all_ = np.arange(relevant, unread - sampled + relevant + 1)
    inside = all_[
        (hypergeom.cdf(relevant, unread, all_, sampled) > side)
        & (hypergeom.sf(relevant - 1, unread, all_, sampled) > side)
    ]
    low, high = int(inside.min()) - relevant, int(inside.max()) - relevant
    return Remaining(sampled, relevant, unread, low, relevant / sampled * (unread - sampled), high)
