"""What orders records: linear machines whose standardised scores are added.

The first machine is ASReview's ELAS u4: tf-idf of title and abstract, few includes weighted against many excludes. The
second also sees the title by itself, keywords and journal, and weighs includes more. Each score is standardised over the undecided records with an abstract, and over those without, so that
a record that lacks one is compared with its kind and not put last for being short. [Decisions](docs/decisions.md) has the figures of this and of what else was tried.
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
    """Machines, and whether records with and without abstract are standardised apart."""

    machines: tuple[Machine, ...]
    kinds: bool = False


U4 = Model((Machine({"text": 1.0}),))
MIXED = Model(
    (Machine({"text": 1.0}), Machine({"text": 1.0, "title": 0.25, "metadata": 0.2}, ratio=3.0, say=2.0)),
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
        self._machines = [_machine(space, each.parts, c, precision) for each in model.machines]
        self.spreads = [1.0] * len(model.machines)

    @property
    def converged(self) -> bool:
        """Whether every machine found its optimum."""
        return all(machine.converged for machine in self._machines)

    def scores(self, read: Sequence[int], labels: Sequence[int], undecided: Any) -> Any:
        """A score for every record, high for likely includes; `undecided` are the numbers of those to be ranked.

        `read` are the labelled records, beginning with those of the call before; `labels`, 1 or 0, has both.
        """
        for each, machine in zip(self._model.machines, self._machines, strict=True):
            machine.train(read, labels, sample_weights(labels, self._ratio * each.ratio))
        return self.scored(undecided)

    def scored(self, undecided: Any) -> Any:
        """The scores of the last training."""
        import numpy as np

        if self._model == U4:
            return self._machines[0].scores()
        total = np.zeros(self._space.number)
        for at, (each, machine) in enumerate(zip(self._model.machines, self._machines, strict=True)):
            found = machine.scores()
            self.spreads[at] = _centre(found, undecided)[1] / each.say
            total += each.say * self._standardised(found, undecided)
        return total

    def _standardised(self, scores: Any, undecided: Any) -> Any:
        """Less the mean, by the standard deviation: of all undecided records, or of those of each kind."""
        low, spread = _centre(scores, undecided)
        out = (scores - low) / spread
        bare = self._space.bare
        kinds = [(kind, kind & undecided) for kind in (bare, ~bare)]
        if self._model.kinds and min(int(chosen.sum()) for _, chosen in kinds) >= FEWEST:
            for kind, chosen in kinds:
                low, spread = _centre(scores, chosen)
                out[kind] = (scores[kind] - low) / spread
        return out

    def terms(self) -> dict[str, Any]:
        """Part -> what each of its shared features adds to the sum of the machines' standardised scores."""
        total: dict[str, Any] = {}
        for each, machine, spread in zip(self._model.machines, self._machines, self.spreads, strict=True):
            names = [name for name, _, _ in self._space.weighed(each.parts)]
            for name, values in zip(names, machine.coefficients()[0], strict=True):
                total[name] = total.get(name, 0) + values / spread
        return total


def _machine(space: Space, weights: Mapping[str, float], c: float, precision: float) -> LinearSvm:
    """A machine on these parts of the records."""
    parts = [(part, weight) for _, part, weight in space.weighed(weights)]
    alone = sum(part.alone * weight for part, weight in parts)
    return LinearSvm([(part.shared.rows, weight) for part, weight in parts], alone, c, precision)


def _centre(scores: Any, chosen: Any) -> tuple[float, float]:
    """The mean and the standard deviation (1 where all are alike) of the scores of these records."""
    found = scores[chosen]
    return (float(found.mean()), float(found.std()) or 1.0) if len(found) else (0.0, 1.0)
