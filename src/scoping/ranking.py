"""The order in which undecided records are read: pure functions from documents and labels to a ranking.

What orders is in `ranking_models`. Ranking excludes nothing; it only says what is read first. The same ids, documents,
labels and seed give the same bytes, whatever their order, the hash seed or the number of threads: ids are sorted first,
training is single-threaded, scores are rounded and ties are broken by a hash.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scoping import ranking_models
from scoping.ranking_models import MODEL, RATIO, C
from scoping.record_features import Document, Space, text_of
from scoping.tfidf import MOST, Tfidf, tfidf

TERMS = 10
"""Terms shown for and against in a model card."""
DIGITS = 6
"""Decimals of scores and weights."""

Setting = bool | float | int | str | list[int]
FEATURES: dict[str, Setting] = {
    "features": "tf-idf", "ngram_range": [1, 2], "sublinear_tf": True, "min_df": 1, "max_df": MOST,
}  # fmt: skip
"""What records are turned into, for a model card."""

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
    if 0 < included < len(labels) and (space := Space.of(list(read.values()))) is not None:
        scores, terms, trained = _svm(space, list(read), labels, c, ratio, model)
        rank = sorted(undecided, key=lambda i: (-scores[i], _chance(seed, i)))
        card = ModelCard("svm", *counts, space.features, settings | FEATURES | trained, *_top(terms))
        return Order([(i, scores[i]) for i in rank], card)
    if query.strip() and (texts := tfidf(text_of(document) for document in read.values())) is not None:
        scores, terms = _similarity(texts, list(read), query)
        if any(scores.values()):
            similar = sorted(undecided, key=lambda i: (-scores[i], _chance(seed, i)))
            card = ModelCard("cold start", *counts, texts.features, settings | FEATURES, *_top(terms))
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
    """The score of every record, the weight of the terms that weigh most, the settings of the model."""
    import numpy as np

    read = [at for at, i in enumerate(ids) if i in labels]
    undecided = np.array([i not in labels for i in ids])
    chosen = ranking_models.MODELS[model]
    ranker = ranking_models.Ranker(space, chosen, c, ratio)
    scores = _rounded(ranker.scores(read, [labels[ids[at]] for at in read], undecided).tolist())
    settings: dict[str, Setting] = {
        "model": "linear SVM",
        "name": model,
        "loss": "squared hinge",
        "c": c,
        "ratio": ratio,
        "machines": len(chosen.machines),
        "neighbours": ranking_models.NEAREST if chosen.neighbours else 0,
        "converged": ranker.converged,
    }
    return dict(zip(ids, scores, strict=True)), _heaviest(space, ranker.terms()), settings


def _heaviest(space: Space, weights: Mapping[str, Any]) -> dict[str, float]:
    """The terms with the largest and the smallest weights of each part; those of title and metadata are marked."""
    import numpy as np

    found: dict[str, float] = {}
    for part, values in weights.items():
        values = np.round(values, DIGITS)
        if not len(values):
            continue
        edge = min(TERMS, len(values))
        ordered = np.sort(values)
        for at in np.flatnonzero((values <= ordered[edge - 1]) | (values >= ordered[-edge])):
            name = space.parts[part].shared.name(int(at))
            found[name if part == "text" else f"{part}: {name}"] = float(values[at]) + 0.0
    return found


def _similarity(texts: Tfidf, ids: Sequence[str], query: str) -> tuple[dict[str, float], dict[str, float]]:
    """The cosine of every record's text with a query, and the weight of each of the query's terms."""
    row = texts.row(query)
    scores = _rounded((texts.rows @ row.T).toarray().ravel().tolist())
    values = zip(row.indices.tolist(), _rounded(row.data.tolist()), strict=True)
    return dict(zip(ids, scores, strict=True)), {texts.name(at): value for at, value in values}


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
