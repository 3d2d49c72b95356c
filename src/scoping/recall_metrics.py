"""How good an order of reading was, once it is known what was relevant: the measures that the field compares by.

All are of labels in the order of reading, 1 (relevant) or 0, without the records that were known before (priors). Loss
and NDCG are defined as in ASReview 3; work saved over sampling (WSS) as by Cohen et al. (2006,
doi:10.1197/jamia.M1929); time to discovery as by Ferdinands et al. (2023, doi:10.1186/s13643-023-02257-7).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares of 1: `loss` (0 best, 1 worst), `ndcg`, recall after 5, 10 and 20% of the records, WSS at 95 and 100%
    recall, the place of the last find, and the mean place of a find (`atd`, average time to discovery).
    """

    loss: float
    ndcg: float
    recall_5: float
    recall_10: float
    recall_20: float
    wss_95: float
    wss_100: float
    last_find: float
    atd: float


def measures(labels: Sequence[int]) -> Measures:
    """All measures of one order. Raises ValueError where nothing, or everything, is relevant."""
    total, relevant = len(labels), sum(labels)
    if not 0 < relevant < total:
        raise ValueError(f"{relevant} of {total} records are relevant: no order is better than another")
    found = list(accumulate(labels))
    places = [at for at, label in enumerate(labels, 1) if label]
    best = relevant * (total - (relevant - 1) / 2)  # the area under the curve of the best order
    gain = sum(1 / math.log2(place + 1) for place in places)
    ideal = sum(1 / math.log2(place + 1) for place in range(1, relevant + 1))
    return Measures(
        loss=(best - sum(found)) / (relevant * (total - relevant)),
        ndcg=gain / ideal,
        recall_5=recall_after(found, 0.05),
        recall_10=recall_after(found, 0.10),
        recall_20=recall_after(found, 0.20),
        wss_95=work_saved(places, total, 0.95),
        wss_100=work_saved(places, total, 1.0),
        last_find=places[-1] / total,
        atd=sum(places) / relevant / total,
    )


def recall_after(found: Sequence[int], share: float) -> float:
    """The share of the relevant records among the first `share` of all, at least one; `found` counts them one by one."""
    return found[max(1, round(share * len(found))) - 1] / found[-1]


def work_saved(places: Sequence[int], total: int, recall: float) -> float:
    """WSS: the recall aimed at less the share of records read when it was reached; `places` of finds count from 1."""
    needed = math.ceil(recall * len(places) - 1e-9)
    return recall - places[needed - 1] / total
