"""A second look at screening by a model: what it makes of each label that it was not shown, and what may be left.

Five times ASReview's model, as the ranker has it (`ranking_models.U4`), learns from four fifths of the labels and scores
the other fifth and all that is unread. The scores of labels it was not shown become probabilities (a logistic curve), and the sum of those of the
unread records is what it expects to be left. That is an estimate of a model, without any guarantee: records unlike all
that was read are beyond it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from scoping.ranking_models import U4, Ranker
from scoping.record_features import Space

FOLDS = 5
LEAST = 10  # relevant records, and irrelevant ones, below which nothing is estimated


@dataclass(frozen=True)
class Opinion:
    """What the model says: probabilities of relevance, from 0 to 1, of labelled records unseen and of unread ones."""

    labelled: Mapping[str, float]
    unread: Mapping[str, float]

    @property
    def expected(self) -> float:
        """Relevant records that it expects among the unread ones."""
        return sum(self.unread.values())

    def places(self) -> list[str]:
        """The labelled records, likeliest first."""
        return sorted(self.labelled, key=lambda id_: (-self.labelled[id_], id_))

    def work(self, found: int, target: float) -> list[str]:
        """The unread records to be read, likeliest first, until it expects the target recall; all that were found count."""
        order = sorted(self.unread, key=lambda id_: (-self.unread[id_], id_))
        gained = list(accumulate((self.unread[id_] for id_ in order), initial=0.0))
        total = found + self.expected
        enough = (at for at, more in enumerate(gained) if found + more >= target * total - 1e-9)
        return order[: next(enough, len(order))]


def opinion(texts: Mapping[str, str], labels: Mapping[str, int], seed: int) -> Opinion | None:
    """The model's opinion of all records; None where there are too few labels of a kind, or no words.

    `texts` are those of all records, `labels` 1 (relevant) or 0 of those that were read.
    """
    relevant = sum(labels.values())
    if min(relevant, len(labels) - relevant) < LEAST:
        return None
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    ids = sorted(texts)
    space = Space.of([texts[i] for i in ids], {"text"})
    if space is None:  # no words
        return None
    known = np.array([at for at, id_ in enumerate(ids) if id_ in labels])
    unread = np.array([at for at, id_ in enumerate(ids) if id_ not in labels], dtype=int)
    truth = np.array([labels[ids[at]] for at in known])
    fold = _folds([ids[at] for at in known], labels, seed)
    fifth = np.array([fold[ids[at]] for at in known])
    unseen, rest = np.zeros(len(known)), np.zeros(len(unread))
    for number in range(FOLDS):
        learnt, held = fifth != number, fifth == number
        found = Ranker(space, U4).scores(known[learnt], truth[learnt], np.concatenate([known[held], unread]))
        unseen[held] = found[: held.sum()]
        rest += found[held.sum() :] / FOLDS
    scores = unseen.reshape(-1, 1)
    spread = scores.std() or 1.0
    curve = LogisticRegression(C=10.0).fit(scores / spread, truth)
    likely = curve.predict_proba(scores / spread)[:, 1].round(6).tolist()
    left = curve.predict_proba(rest.reshape(-1, 1) / spread)[:, 1].round(6).tolist() if len(unread) else []
    names = [[ids[at] for at in places] for places in (known, unread)]
    return Opinion(
        *(dict(zip(those, values, strict=True)) for those, values in zip(names, (likely, left), strict=True))
    )


def _folds(known: Sequence[str], labels: Mapping[str, int], seed: int) -> dict[str, int]:
    """Which fifth each labelled record is in: of relevant and irrelevant ones alike, by lot."""
    from scoping.batches import seeded

    return {
        id_: place % FOLDS
        for label in (0, 1)
        for place, id_ in enumerate(seeded(seed, "folds", (id_ for id_ in known if labels[id_] == label)))
    }
