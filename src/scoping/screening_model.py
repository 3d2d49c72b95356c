"""A second look at screening by a model: what it makes of each label that it was not shown, and what may be left.

Five times a linear support vector machine learns from four fifths of the labels and scores the other fifth and all that
is unread. The scores of labels it was not shown become probabilities (a logistic curve), and the sum of those of the
unread records is what it expects to be left. That is an estimate of a model, without any guarantee: records unlike all
that was read are beyond it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from scoping import ranking_models

FOLDS = 5
LEAST = 10  # relevant records, and irrelevant ones, below which nothing is estimated
_ITERATIONS = 5000


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
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    ids = sorted(texts)
    try:
        rows = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95).fit_transform(
            [texts[i] for i in ids]
        )
    except ValueError:  # no words
        return None
    at = {id_: place for place, id_ in enumerate(ids)}
    known = [id_ for id_ in ids if id_ in labels]
    unread = [at[id_] for id_ in ids if id_ not in labels]
    fold = _folds(known, labels, seed)
    unseen, rest = np.zeros(len(ids)), np.zeros(len(unread))
    for number in range(FOLDS):
        learnt = [id_ for id_ in known if fold[id_] != number]
        held = [at[id_] for id_ in known if fold[id_] == number]
        model = _fitted(rows[[at[id_] for id_ in learnt]], [labels[id_] for id_ in learnt])
        unseen[held] = model.decision_function(rows[held])
        rest += model.decision_function(rows[unread]) / FOLDS if unread else 0
    scores, truth = unseen[[at[id_] for id_ in known]].reshape(-1, 1), [labels[id_] for id_ in known]
    spread = scores.std() or 1.0
    curve = LogisticRegression(C=10.0).fit(scores / spread, truth)
    likely = curve.predict_proba(scores / spread)[:, 1].round(6).tolist()
    left = curve.predict_proba(rest.reshape(-1, 1) / spread)[:, 1].round(6).tolist() if unread else []
    return Opinion(
        dict(zip(known, likely, strict=True)), dict(zip([ids[place] for place in unread], left, strict=True))
    )


def _folds(known: Sequence[str], labels: Mapping[str, int], seed: int) -> dict[str, int]:
    """Which fifth each labelled record is in: of relevant and irrelevant ones alike, by lot."""
    from scoping.batches import seeded

    return {
        id_: place % FOLDS
        for label in (0, 1)
        for place, id_ in enumerate(seeded(seed, "folds", (id_ for id_ in known if labels[id_] == label)))
    }


def _fitted(rows: Any, labels: Sequence[int]) -> Any:
    """A linear support vector machine at the costs of the ranker."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    model = LinearSVC(loss="squared_hinge", C=ranking_models.C, dual=True, max_iter=_ITERATIONS, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(rows, list(labels), sample_weight=ranking_models.sample_weights(labels))
