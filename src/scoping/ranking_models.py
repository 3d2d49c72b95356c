"""What orders records: linear machines and nearest neighbours whose standardised scores are added.

The first machine is ASReview's ELAS u4: tf-idf of title and abstract, few includes weighted against many excludes. The
second also sees the title by itself, keywords and journal, and weighs includes more. The neighbours of a record are the includes that it is most like. Each score is standardised over the undecided records with an abstract, and over those without, so that
a record that lacks one is compared with its kind and not put last for being short. [Decisions](docs/decisions.md) has the figures of this and of what else was tried.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoping.linear_svm import EXACT, LinearSvm
from scoping.record_features import Space
from scoping.saved_models import Saved

C = 0.11
"""ELAS u4's cost of an error on a record (the inverse of the regularisation; no unit)."""
RATIO = 9.8
"""ELAS u4's balance: all includes together weigh this many times what all excludes do."""
NEAREST = 3
"""Includes that a record is compared with: those it is most like."""
FEWEST = 20
"""Undecided records of each kind that are needed for that."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A linear support vector machine: what the parts of a record weigh, by what its ratio is multiplied, its say."""

    parts: Mapping[str, float]
    ratio: float = 1.0
    say: float = 1.0


@dataclass(frozen=True, slots=True)
class Model:
    """Machines, the say of the neighbours (0: none), and whether records without abstract are standardised apart."""

    machines: tuple[Machine, ...]
    neighbours: float = 0.0
    kinds: bool = False


U4 = Model((Machine({"text": 1.0}),))
MIXED = Model(
    (Machine({"text": 1.0}), Machine({"text": 1.0, "title": 0.25, "metadata": 0.2}, ratio=3.0, say=2.0)),
    neighbours=1.0,
    kinds=True,
)
MODELS: dict[str, Model] = {"mixed": MIXED, "u4": U4}
MODEL = "mixed"
"""The name of the model of a review."""


def sample_weights(labels: Any, ratio: float = RATIO) -> Any:
    """A weight for each label (1 included, 0 excluded): ASReview's `Balanced`, summing to the number of labels.

    An include weighs 1, an exclude n_included / (ratio * n_excluded); all are rescaled to sum to n. With labels of one
    kind only, all weigh 1.
    """
    import numpy as np

    labels = np.asarray(labels)
    included = int(labels.sum())
    excluded = len(labels) - included
    if not included or not excluded:
        return np.ones(len(labels))
    low = included / (ratio * excluded)
    scale = len(labels) / (included + low * excluded)
    return np.where(labels == 1, scale, scale * low)


_AT_ONCE = 8  # includes with which all records are compared at the same time


class Ranker:
    """A model on all records of a space; it is trained anew whenever scores are asked for."""

    def __init__(
        self, space: Space, model: Model, c: float = C, ratio: float = RATIO, precision: float = EXACT
    ) -> None:
        self._space, self._model, self._ratio = space, model, ratio
        self._machines = [_machine(space, each.parts, c, precision) for each in model.machines]
        self._neighbours = Neighbours(space.parts["text"].shared.rows) if model.neighbours else None
        self.spreads = [1.0] * len(model.machines)

    @property
    def converged(self) -> bool:
        """Whether every machine found its optimum."""
        return all(machine.converged for machine in self._machines)

    def scores(self, read: Any, labels: Any, undecided: Any) -> Any:
        """Train, and give a score for each of the records to be ranked, high for likely includes; `undecided` are their
        numbers, rising.
        """
        self.train(read, labels)
        return self.scored(undecided)

    def train(self, read: Any, labels: Any) -> None:
        """`read` are the numbers of the labelled records, beginning with those of the call before; `labels`, 1 or 0, has both."""
        import numpy as np

        read, labels = np.asarray(read), np.asarray(labels)
        for each, machine in zip(self._model.machines, self._machines, strict=True):
            machine.train(read, labels, sample_weights(labels, self._ratio * each.ratio))
        if self._neighbours is not None:
            self._neighbours.add(read[labels == 1])

    def scored(self, undecided: Any) -> Any:
        """The scores of the last training."""
        import numpy as np

        if self._model == U4:
            return self._machines[0].scores(undecided)
        bare = self._space.bare[undecided]
        number = int(bare.sum())
        apart = self._model.kinds and min(number, len(bare) - number) >= FEWEST
        kinds = [np.flatnonzero(bare), np.flatnonzero(~bare)] if apart else []
        total = np.zeros(len(bare))
        for at, (each, machine) in enumerate(zip(self._model.machines, self._machines, strict=True)):
            found = machine.scores(undecided)
            self.spreads[at] = _centre(found)[1] / each.say
            total += each.say * _standardised(found, kinds)
        if self._neighbours is not None:
            total += self._model.neighbours * _standardised(self._neighbours.scores()[undecided], kinds)
        return total

    def terms(self) -> dict[str, Any]:
        """Part -> what each of its shared features adds to the sum of the machines' standardised scores."""
        total: dict[str, Any] = {}
        for each, machine, spread in zip(self._model.machines, self._machines, self.spreads, strict=True):
            names = [name for name, _, _ in self._space.weighed(each.parts)]
            for name, values in zip(names, machine.coefficients()[0], strict=True):
                total[name] = total.get(name, 0) + values / spread
        return total

    def saved(self) -> Saved:
        """The machines as they are written; neighbours are no numbers of a model."""
        import numpy as np

        found = [machine.coefficients() for machine in self._machines]
        names = [[name for name, _, _ in self._space.weighed(each.parts)] for each in self._model.machines]
        coefficients = {
            part: np.vstack(
                [
                    weights[there.index(part)] if part in there else np.zeros(self._space.parts[part].shared.features)
                    for (weights, _), there in zip(found, names, strict=True)
                ]
            )
            for part in sorted({part for there in names for part in there})
        }
        parts = {part: self._space.parts[part].shared for part in coefficients}
        return Saved(
            np.array([intercept for _, intercept in found]),
            {part: [shared.name(at) for at in range(shared.features)] for part, shared in parts.items()},
            {part: shared.idf for part, shared in parts.items()},
            coefficients,
        )


FOLDS = 5


def cross_validated(
    space: Space, read: Sequence[int], labels: Sequence[int], model: Model, c: float = C, ratio: float = RATIO
) -> float | None:
    """The share of pairs of an include and an exclude that stand in the right order, over `FOLDS` parts of the labelled
    records, each ordered by what was learnt from the others; None with fewer than `FOLDS` of either label.

    It is an internal figure: labelled records were not drawn at random, so it says nothing of the undecided ones.
    """
    import numpy as np

    known = np.array(labels)
    if min(known.sum(), len(known) - known.sum()) < FOLDS:
        return None
    here = space.only(read)
    fold = np.empty(len(known), dtype=int)
    for label in (0, 1):  # each fold has its share of both
        places = np.flatnonzero(known == label)
        fold[places] = np.arange(len(places)) % FOLDS
    shares = []
    for number in range(FOLDS):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        scores = Ranker(here, model, c, ratio).scores(train, known[train], test)
        good, bad = scores[known[test] == 1], scores[known[test] == 0]
        shares.append(float(((good[:, None] > bad).mean() + (good[:, None] >= bad).mean()) / 2))
    return sum(shares) / FOLDS


class Neighbours:
    """How like each record is to the includes it is most like: the mean of the `NEAREST` largest cosines."""

    def __init__(self, rows: Any) -> None:
        import numpy as np

        self._rows, self._seen = rows, 0
        self._nearest = np.zeros((rows.shape[0], NEAREST))  # the smallest first
        self._mean = self._nearest[:, 0]

    def add(self, included: Any) -> None:
        """Take in what is new among the includes, which begin with those of the call before."""
        import numpy as np

        for start in range(self._seen, len(included), _AT_ONCE):
            cosines = self._rows @ self._rows[included[start : start + _AT_ONCE]].T.toarray()
            self._nearest = np.sort(np.hstack([self._nearest, cosines]), axis=1)[:, -NEAREST:]
        if len(included) > self._seen:
            self._seen = len(included)
            self._mean = self._nearest[:, -min(NEAREST, self._seen) :].mean(axis=1)

    def scores(self) -> Any:
        """The mean cosine with those of the includes that each record is most like."""
        return self._mean


def _machine(space: Space, weights: Mapping[str, float], c: float, precision: float) -> LinearSvm:
    """A machine on these parts of the records."""
    parts = [(part, weight) for _, part, weight in space.weighed(weights)]
    alone = sum(part.alone * weight for part, weight in parts)
    return LinearSvm([(part.shared.rows, weight) for part, weight in parts], alone, c, precision)


def _standardised(scores: Any, kinds: Sequence[Any]) -> Any:
    """Less the mean, by the standard deviation: of all records, or of those of each kind (their places), if there are kinds."""
    import numpy as np

    out = np.empty_like(scores)
    for chosen in kinds or [slice(None)]:
        low, spread = _centre(scores[chosen])
        out[chosen] = (scores[chosen] - low) / spread
    return out


def _centre(scores: Any) -> tuple[float, float]:
    """The mean and the standard deviation (1 where all are alike) of scores."""
    return (float(scores.mean()), float(scores.std()) or 1.0) if len(scores) else (0.0, 1.0)
