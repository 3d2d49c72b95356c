"""When screening may stop: what can be claimed of the relevant records that nobody has read.

The rule is that of Callaghan and Müller-Hansen (2020, doi:10.1186/s13643-020-01521-4): were the target recall missed,
at least so many relevant records would be among the unread ones, and reading so many records in a row with so few
relevant ones among them would have a probability of at most p. It is as valid as its assumption, that the records of
such a stretch are drawn at random from those not read before it; a ranking that finds relevant records early makes it
careful.
"""

from collections.abc import Sequence
from itertools import accumulate

CONFIDENCE = 0.95


def probability_of_missing(labels: Sequence[int], total: int, target: float) -> float:
    """The p value of "recall is below the target", from 0 to 1: the smallest over all stretches of records read last.

    `labels` are 1 (relevant) or 0 in the order of reading; `total` counts all records, read or not; `target` is a recall
    above 0, up to 1. 1 where nothing relevant was found, or nothing was read. Raises ValueError for what cannot be.
    """
    if not 0 < target <= 1 or total < len(labels) or not set(labels) <= {0, 1}:
        raise ValueError(f"a target of {target} and {len(labels)} labels of {total} records")
    found, read = sum(labels), len(labels)
    if not found:
        return 1.0
    import numpy as np
    from scipy.stats import hypergeom

    before = np.array([0, *accumulate(labels)][:read])  # relevant records read before each stretch
    population = total - np.arange(read)
    # the fewest relevant records among these with which the target would be missed; at most all of them
    relevant = np.minimum(np.floor(found / target + 1 - before), population)
    return float(hypergeom.cdf(found - before, population, relevant, read - np.arange(read)).min())
