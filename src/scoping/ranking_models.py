"""What orders records: linear machines and nearest neighbours whose standardised scores are added.

The first machine is ASReview's ELAS u4: tf-idf of title and abstract, few includes weighted against many excludes. The
second also sees the title by itself, keywords and journal, and weighs includes more. The neighbours are the includes that
a record is most like. Each score is standardised over the undecided records, half among all and half among
those that have, or lack, an abstract, so that a record without one is compared with its kind and not put last for being
short. [Decisions](docs/decisions.md) has the figures of this and of what else was tried.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoping.linear_svm import EXACT, LinearSvm
from scoping.record_features import Space

C = 0.11
"""ELAS u4's cost of an error on a record (the inverse of the regularisation; no unit)."""
RATIO = 9.8
"""ELAS u4's balance: all includes together weigh this many times what all excludes do."""
NEAREST = 3
"""Includes that a record is compared with: those it is most like."""
KIND = 0.5
"""The share of a standardised score that is among records with, or without, an abstract alone."""
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
    """Machines, the say of the neighbours (0: none), and whether scores are standardised by kind."""

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


def sample_weights(labels: Sequence[int], ratio: float = RATIO) -> list[float]:
    """A weight for each label (1 included, 0 excluded): ASReview's `Balanced`, summing to the number of labels.

    An include weighs 1, an exclude n_included / (ratio * n_excluded); all are rescaled to sum to n. With labels of one
    kind only, all weigh 1.
    """
    included, excluded = sum(labels), len(labels) - sum(labels)
    if not included or not excluded:
        return [1.0] * len(labels)
    low = included / (ratio * excluded)
    scale = len(labels) / (included + low * excluded)
    return [scale if label else scale * low for label in labels]


class Ranker:
    """A model on all records of a space; it is trained anew whenever scores are asked for."""

    def __init__(
        self, space: Space, model: Model, c: float = C, ratio: float = RATIO, precision: float = EXACT
    ) -> None:
        self._space, self._model, self._ratio = space, model, ratio
        self._machines = [LinearSvm(*space.rows(each.parts), c, precision) for each in model.machines]
        self._neighbours = Neighbours(space.parts["text"].rows) if model.neighbours else None
        self.spreads = [1.0] * len(model.machines)

    @property
    def converged(self) -> bool:
        """Whether every machine found its optimum."""
        return all(machine.converged for machine in self._machines)

    def scores(self, read: Sequence[int], labels: Sequence[int], undecided: Any) -> Any:
        """A score for every record, high for likely includes; `undecided` are the numbers of those to be ranked.

        `read` are the labelled records, beginning with those of the call before; `labels`, 1 or 0, has both.
        """
        import numpy as np

        total = np.zeros(self._space.number)
        for at, (each, machine) in enumerate(zip(self._model.machines, self._machines, strict=True)):
            found = machine.scores(read, labels, sample_weights(labels, self._ratio * each.ratio))
            if self._model == U4:
                return found
            self.spreads[at] = _centre(found, undecided)[1] / each.say
            total += each.say * self._standardised(found, undecided)
        if self._neighbours is not None:
            found = self._neighbours.scores([at for at, label in zip(read, labels, strict=True) if label])
            total += self._model.neighbours * self._standardised(found, undecided)
        return total

    def _standardised(self, scores: Any, undecided: Any) -> Any:
        low, spread = _centre(scores, undecided)
        among_all = (scores - low) / spread
        bare = self._space.bare
        kinds = [bare & undecided, ~bare & undecided]
        if not self._model.kinds or min(kind.sum() for kind in kinds) < FEWEST:
            return among_all
        among_kind = among_all.copy()
        for mine, kind in zip((bare, ~bare), kinds, strict=True):
            low, spread = _centre(scores, kind)
            among_kind[mine] = (scores[mine] - low) / spread
        return KIND * among_kind + (1 - KIND) * among_all

    def terms(self) -> dict[str, Any]:
        """Part -> what each of its shared features adds to the sum of the machines' standardised scores."""
        total: dict[str, Any] = {}
        for each, machine, spread in zip(self._model.machines, self._machines, self.spreads, strict=True):
            for part, values in self._space.split(each.parts, machine.coefficients()[0]).items():
                total[part] = total.get(part, 0) + values / spread
        return total


class Neighbours:
    """How like each record is to the includes it is most like: the mean of the `NEAREST` largest cosines."""

    def __init__(self, rows: Any) -> None:
        import numpy as np

        self._rows, self._seen = rows, list[int]()
        self._nearest = np.zeros((rows.shape[0], NEAREST))  # the smallest first

    def scores(self, included: Sequence[int]) -> Any:
        """The mean cosine; `included` begins with the records of the call before, and holds one at least."""
        import numpy as np

        for at in included[len(self._seen) :]:
            cosines = (self._rows @ self._rows[at].T).toarray().ravel()
            self._nearest[:, 0] = np.maximum(self._nearest[:, 0], cosines)
            self._nearest.sort(axis=1)
        self._seen = list(included)
        return self._nearest[:, -min(NEAREST, len(included)) :].mean(axis=1)


def _centre(scores: Any, chosen: Any) -> tuple[float, float]:
    """The mean and the standard deviation (1 where all are alike) of the scores of these records."""
    found = scores[chosen]
    return (float(found.mean()), float(found.std()) or 1.0) if len(found) else (0.0, 1.0)
