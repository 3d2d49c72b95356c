"""A finished review read again in the order of the model: what ordering would have saved.

A replay begins with one relevant and one irrelevant record (priors), drawn as ASReview's simulation draws them, so that
the same seed begins with the same records there; then the model is trained, a batch is read, and so on to the end.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from scoping import ranking_models, stopping
from scoping.errors import ScopingError
from scoping.labelled import Labelled
from scoping.linear_svm import QUICK
from scoping.record_features import Space

GROWTH = "10%"  # a batch for every tenth more of what was read: loses nothing against ten at a time
DEFAULT = "default"  # the sizes of batches that a review has where its protocol says nothing of them
MODEL = ranking_models.MODEL


@dataclass(frozen=True, slots=True)
class Replay:
    """One replay: records by their place in the table in the order of reading, without priors; where batches ended."""

    seed: int
    priors: tuple[int, int]
    order: list[int]
    ends: list[int]  # how many records had been read, without priors, when the model was trained anew or all was read

    def labels(self, of: Labelled) -> list[int]:
        """The labels in the order of reading."""
        return [of.labels[at] for at in self.order]


def schedule(batch: str) -> tuple[float, int, int]:
    """(share of the records read so far, at least, at most) for a number of records, a share, or `DEFAULT`."""
    if batch == DEFAULT:
        from scoping.stage_settings import TitleAbstractStage  # takes longer to import than a small review to read

        growth, least, largest = (
            TitleAbstractStage.model_fields[name].default for name in ("growth", "batch", "largest")
        )
        return float(growth), int(least), int(largest)
    if batch.endswith("%"):
        return float(batch[:-1]) / 100, 1, sys.maxsize
    return 0.0, int(batch), int(batch)


def batch_size(batch: str, read: int) -> int:
    """How many records are read before the model is trained again, when so many were read."""
    share, least, most = schedule(batch)
    return min(max(least, int(share * read + 1e-9)), most)


def replay(
    review: Labelled,
    *,
    seed: int,
    batch: str = GROWTH,
    c: float = ranking_models.C,
    ratio: float = ranking_models.RATIO,
    model: str = MODEL,
) -> Replay:
    """Read a review in the order of the model. Raises ScopingError where its texts hold no words."""
    import numpy as np

    labels, total = np.array(review.labels), len(review.labels)
    priors = _priors(review.labels, seed)
    chosen = ranking_models.MODELS[model]
    space = Space.of(review.documents, {part for machine in chosen.machines for part in machine.parts})
    if space is None:
        raise ScopingError("its records have no words", path=review.name, do="give it titles or abstracts")
    ranker = ranking_models.Ranker(space, chosen, c, ratio, QUICK)
    read, number, ends = np.empty(total, dtype=int), len(priors), list[int]()
    read[:number] = priors
    rest = np.delete(np.arange(total), priors)
    while number < total:
        scores = ranker.scores(read[:number], labels[read[:number]], rest)
        now = _likeliest(scores, batch_size(batch, number))
        read[number : number + len(now)] = rest[now]
        number += len(now)
        ends.append(number - len(priors))
        rest, scores = np.delete(rest, now), np.delete(scores, now)
        if not labels[rest].any():  # nothing is left to find: training would change no measure
            read[number:] = rest[np.argsort(-scores, kind="stable")]
            break
    while number < total:
        number = min(number + batch_size(batch, number), total)
        ends.append(number - len(priors))
    return Replay(seed, priors, read[len(priors) :].tolist(), ends)


def _likeliest(scores: Any, number: int) -> Any:
    """The places of so many of the highest scores, the highest first; of equal ones the first."""
    import numpy as np

    places = np.arange(len(scores))
    if number < len(scores):  # sorting them all takes longer
        places = np.flatnonzero(scores >= np.partition(scores, len(scores) - number)[len(scores) - number])
    return places[np.argsort(-scores[places], kind="stable")][:number]


def stopped(replay: Replay, review: Labelled, target: float = 0.95) -> int | None:
    """How many records had been read, without priors, when the rule of `stopping` first allowed to stop; None if never.

    It is looked at when a batch ends, as people would; at the end there is nothing left to stop.
    """
    labels = replay.labels(review)
    for end in replay.ends[:-1]:
        if stopping.probability_of_missing(labels[:end], len(labels), target) < 1 - stopping.CONFIDENCE:
            return end
    return None


def _priors(labels: Sequence[int], seed: int) -> tuple[int, int]:
    """The relevant and the irrelevant record that ASReview's simulation begins with at this seed."""
    import numpy as np

    found = []
    for label in (1, 0):
        places = np.flatnonzero(np.array(labels) == label)
        found.append(int(np.random.RandomState(seed).choice(places, 1, replace=False)[0]))
    return found[0], found[1]


def mean_curve(replays: Sequence[Replay], review: Labelled) -> list[tuple[float, float, float]]:
    """For each share of records read, in hundredths from 0: the lowest, mean and highest recall of all replays."""
    curves = [list(accumulate(replay.labels(review), initial=0)) for replay in replays]
    rows = []
    for hundredth in range(101):
        recalls = [curve[round(hundredth / 100 * (len(curve) - 1))] / curve[-1] for curve in curves]
        rows.append((min(recalls), sum(recalls) / len(recalls), max(recalls)))
    return rows
