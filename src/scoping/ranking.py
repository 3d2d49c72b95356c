"""The order in which undecided records are read: pure functions from documents and labels to a ranking.

The base is ASReview's ELAS u4 (asreview 2 and later): tf-idf over single words and pairs, a linear support vector
machine, few includes weighted against many excludes. Beside it stands a second machine that also sees the title by itself,
keywords and journal, and weighs includes more; the order is by the sum of both scores, each standardised over the
undecided records ([decisions](docs/decisions.md) has the figures). The sum of linear models is a linear model.
Ranking excludes nothing; it only says what is read first. The same ids, documents, labels and seed give the same bytes,
whatever their order, the hash seed or the number of threads: ids are sorted first, the solver is liblinear's
single-threaded dual one with a fixed state, scores are rounded and ties are broken by a hash.
"""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scoping.record_features import Document, Space

C = 0.11
"""ELAS u4's cost of an error on a record (the inverse of the regularisation; no unit)."""
RATIO = 9.8
"""ELAS u4's balance: all includes together weigh this many times what all excludes do."""
TERMS = 10
"""Terms shown for and against in a model card."""
DIGITS = 6
"""Decimals of scores and weights."""
_ITERATIONS = 5000

Setting = bool | float | int | str | list[int]


@dataclass(frozen=True, slots=True)
class Member:
    """One linear support vector machine: what its parts of a record weigh, and by how much its ratio is multiplied."""

    parts: dict[str, float]
    ratio: float = 1.0


MODELS: dict[str, tuple[Member, ...]] = {
    "u4": (Member({"text": 1.0}),),
    "pair": (Member({"text": 1.0}), Member({"text": 1.0, "title": 0.25, "metadata": 0.2}, ratio=3.0)),
}
"""A name -> the machines whose standardised scores are added."""
MODEL = "pair"

Kind = Literal["random", "cold start", "svm"]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """How an order was made, for the methods section and for whoever asks why a record came first.

    `features` counts words and pairs of words. `top_for` and `top_against` are terms with their weights in the model
    (after "cold start": the weights of the query's terms; after "random": nothing). No library version is in it, so that
    an upgrade that changes no order changes no file.
    """

    kind: Kind
    n_labelled: int
    n_included: int
    n_excluded: int
    features: int
    settings: dict[str, bool | float | int | str | list[int]]
    top_for: tuple[tuple[str, float], ...]
    top_against: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Order:
    """The undecided ids, first to be read first, each with its score, and the card of the model.

    Scores are the distance from the model's plane ("svm", falling), the cosine with the query from 0 to 1 ("cold start":
    not falling, as every second record is drawn at random), or 0 ("random").
    """

    ranked: list[tuple[str, float]]
    model: ModelCard


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


def order(
    ids: Sequence[str],
    documents: Sequence[Document | str],
    labels: Mapping[str, int],
    *,
    query: str = "",
    c: float = C,
    ratio: float = RATIO,
    seed: int = 0,
    model: str = MODEL,
) -> Order:
    """The unlabelled ids in the order in which to read them.

    `labels` are 1 (included) and 0 (excluded) of some of the ids; `documents` stand in the order of `ids`. Until
    there is an include and an exclude, `query` (question and criteria) is compared with the texts instead, and every
    second record is a random one, since the first labels of a review should not all come from one corner.
    """
    read = _checked(ids, documents, labels, c, ratio)
    undecided = [i for i in read if i not in labels]
    included = sum(labels.values())
    settings: dict[str, Setting] = {"seed": seed}
    counts = (len(labels), included, len(labels) - included)
    by_chance = sorted(undecided, key=lambda i: _chance(seed, i))
    space = Space.of(list(read.values()))
    if space is not None and 0 < included < len(labels):
        scores, terms, trained = _svm(space, list(read), labels, c, ratio, model)
        rank = sorted(undecided, key=lambda i: (-scores[i], _chance(seed, i)))
        card = ModelCard("svm", *counts, space.features, settings | space.settings | trained, *_top(terms))
        return Order([(i, scores[i]) for i in rank], card)
    if space is not None:
        scores, terms = _similarity(space, list(read), query)
        if any(scores.values()):
            similar = sorted(undecided, key=lambda i: (-scores[i], _chance(seed, i)))
            card = ModelCard("cold start", *counts, space.features, settings | space.settings, *_top(terms))
            return Order([(i, scores[i]) for i in _interleaved(similar, by_chance)], card)
    return Order([(i, 0.0) for i in by_chance], ModelCard("random", *counts, 0, settings, (), ()))


def _checked(
    ids: Sequence[str], documents: Sequence[Document | str], labels: Mapping[str, int], c: float, ratio: float
) -> dict[str, Document | str]:
    """Documents by id, sorted by id; ValueError for what only a mistake in our code can bring here."""
    names = [str(i) for i in ids]
    if len(names) != len(documents):
        raise ValueError(f"{len(names)} ids but {len(documents)} texts")
    if len(set(names)) != len(names):
        raise ValueError("an id stands twice")
    if unknown := sorted(set(labels) - set(names)):
        raise ValueError(f"labels of {len(unknown)} unknown ids, such as {unknown[0]}")
    if odd := sorted({str(label) for label in labels.values() if label not in (0, 1)}):
        raise ValueError(f"labels are 0 or 1, not {', '.join(odd)}")
    if not (c > 0 and ratio > 0):
        raise ValueError("c and ratio are above 0")
    return dict(sorted(zip(names, documents, strict=True)))


def _chance(seed: int, record: str) -> str:
    """A record's place in the seeded random order, and what breaks a tie."""
    return hashlib.sha256(f"{seed}:{record}".encode()).hexdigest()


def _interleaved(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """First of one, first of the other, and so on, each id once."""
    return list(dict.fromkeys(i for pair in zip(one, other, strict=True) for i in pair))


def _svm(
    space: Space, ids: Sequence[str], labels: Mapping[str, int], c: float, ratio: float, model: str
) -> tuple[dict[str, float], dict[str, float], dict[str, Setting]]:
    """The score of every record, the weight of every term, the settings of the model."""
    import numpy as np

    labelled = [at for at, i in enumerate(ids) if i in labels]
    known = [labels[i] for i in ids if i in labels]
    undecided = [at for at, i in enumerate(ids) if i not in labels]
    total = np.zeros(len(ids))
    terms: dict[str, float] = {}
    converged = True
    for member in MODELS[model]:
        rows, names = space.rows(member.parts)
        machine = fitted(rows, labelled, known, c, ratio * member.ratio)
        scores = machine.decision_function(rows)
        low, spread = centre(scores, undecided) if len(MODELS[model]) > 1 else (0.0, 1.0)
        total += (scores - low) / spread
        for (part, word), weight in zip(names, (machine.coef_[0] / spread).tolist(), strict=True):
            name = word if part == "text" else f"{part}: {word}"
            terms[name] = terms.get(name, 0.0) + weight
        converged = converged and bool(machine.n_iter_ < _ITERATIONS)
    settings: dict[str, Setting] = {
        "model": "linear SVM",
        "loss": "squared hinge",
        "c": c,
        "ratio": ratio,
        "machines": len(MODELS[model]),
        "converged": converged,
    }
    rounded = _rounded(total.tolist())
    return dict(zip(ids, rounded, strict=True)), dict(zip(terms, _rounded(list(terms.values())), strict=True)), settings


def centre(scores: Any, undecided: Sequence[int]) -> tuple[float, float]:
    """The mean and the standard deviation (1 where all are alike) of the scores of these rows."""
    chosen = scores[list(undecided)]
    return (float(chosen.mean()), float(chosen.std()) or 1.0) if len(chosen) else (0.0, 1.0)


def fitted(rows: Any, labelled: Sequence[int], known: Sequence[int], c: float = C, ratio: float = RATIO) -> Any:
    """The machine (a LinearSVC) of some rows of a matrix and their labels, of which there are both kinds."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    model = LinearSVC(loss="squared_hinge", C=c, dual=True, max_iter=_ITERATIONS, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # said by `converged` instead
        model.fit(rows[list(labelled)], list(known), sample_weight=sample_weights(known, ratio))
    return model


def _similarity(space: Space, ids: Sequence[str], query: str) -> tuple[dict[str, float], dict[str, float]]:
    """The cosine of every record's text with a query, and the weight of each of the query's terms."""
    part = space.parts["text"]
    row = part.vectorizer.transform([query])
    scores = _rounded((part.rows @ row.T).toarray().ravel().tolist())
    terms = {part.names[at]: value for at, value in zip(row.indices.tolist(), _rounded(row.data.tolist()), strict=True)}
    return dict(zip(ids, scores, strict=True)), terms


def _rounded(numbers: list[float]) -> list[float]:
    """Rounded, and without the minus of a zero."""
    return [round(number, DIGITS) + 0.0 for number in numbers]


def _top(terms: Mapping[str, float]) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]:
    """The terms that weigh most for and most against, equal ones by alphabet."""
    for_, against = (
        tuple(sorted(((t, w) for t, w in terms.items() if w * sign > 0), key=lambda term: (-term[1] * sign, term[0])))
        for sign in (1, -1)
    )
    return for_[:TERMS], against[:TERMS]
