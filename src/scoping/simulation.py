"""A finished review read again in the order of the model: what ordering would have saved.

A replay begins with one relevant and one irrelevant record (priors), drawn as ASReview's simulation draws them, so that
the same seed begins with the same records there; then the model is trained, a batch is read, and so on to the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from scoping import ranking, stopping
from scoping.errors import ScopingError
from scoping.labelled import Labelled

GROWTH = "10%"  # a batch for every tenth more of what was read: loses nothing against ten at a time


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


def batch_size(batch: str, read: int) -> int:
    """How many records are read before the model is trained again: a number, or a share of what was read so far."""
    if batch.endswith("%"):
        return max(1, int(read * float(batch[:-1]) / 100))
    return int(batch)


def replay(
    review: Labelled, *, seed: int, batch: str = GROWTH, c: float = ranking.C, ratio: float = ranking.RATIO
) -> Replay:
    """Read a review in the order of the model. Raises ScopingError where its texts hold no words."""
    labels, total = review.labels, len(review.labels)
    priors = _priors(labels, seed)
    space = ranking.Space.of(review.texts)
    if space is None:
        raise ScopingError("its records have no words", path=review.name, do="give it titles or abstracts")
    read, seen, ends = list(priors), set(priors), list[int]()
    scores = None
    while len(read) < total:
        rest = [at for at in range(total) if at not in seen]
        left = any(labels[at] for at in rest)  # where nothing is left to find, training changes no measure
        if left or scores is None:
            scores = ranking.fitted(space, read, [labels[at] for at in read], c, ratio).decision_function(space.rows)
        rest.sort(key=lambda at: (-scores[at], at))
        now = rest[: batch_size(batch, len(read))]
        read += now
        seen.update(now)
        ends.append(len(read) - len(priors))
    return Replay(seed, priors, read[len(priors) :], ends)


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
