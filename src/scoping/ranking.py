"""The order in which undecided records are read: pure functions from documents and labels to a ranking.

What orders is in `ranking_models`. Ranking excludes nothing; it only says what is read first. The same ids, documents,
labels and seed give the same bytes, whatever their order, the hash seed or the number of threads: ids are sorted first,
training is single-threaded, scores are rounded and ties are broken by a hash.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from scoping import ranking_models, saved_models
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

    `n_` counts decisions of this review, `n_prior_` what was known beside them; `name` is that of `ranking_models`, `trained_on` the SHA-256 of all ids and
    labels that the model learnt from. `cross_validated` is the share of pairs of an include and an exclude among the
    labelled records that stand in the right order (`ranking_models.cross_validated`), an internal figure: it says nothing
    of undecided records. `features` counts words and pairs of words. `top_for` and `top_against` are terms with their weights in the model
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
    n_prior_included: int = 0
    n_prior_excluded: int = 0
    name: str = ""
    trained_on: str = ""
    cross_validated: dict[str, float | int | str] | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The undecided ids, first to be read first, each with its score, the card of the model, and the model as npz.

    Scores are the distance from the model's plane ("svm", falling), the cosine with the query from 0 to 1 ("cold start":
    not falling, as every second record is drawn at random), or 0 ("random").
    """

    ranked: list[tuple[str, float]]
    model: ModelCard
    saved: bytes = b""


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
    known: Collection[str] = (),
    prior: Sequence[tuple[Document, int]] = (),
) -> Order:
    """The unlabelled ids in the order in which to read them.

    `labels` are 1 (included) and 0 (excluded) of some of the ids; `documents` stand in the order of `ids`. Until
    there is an include and an exclude, `query` (question and criteria) is compared with the texts instead, and every
    second record is a random one, since the first labels of a review should not all come from one corner.

    The model learns also from `known`, ids that are relevant although nobody has decided on them (they are ranked like all
    others), and from `prior`, documents of other reviews with their labels.
    """
    read = _checked(ids, documents, labels, c, ratio)
    undecided = [i for i in read if i not in labels]
    included = sum(labels.values())
    settings: dict[str, Setting] = {"seed": seed}
    counts = (len(labels), included, len(labels) - included)
    by_chance = sorted(undecided, key=lambda i: _chance(seed, i))
    if (lesson := _lesson(list(read), labels, known, prior)).has_both:
        space = Space.of([*read.values(), *(document for document, _ in prior)])
        if space is not None:
            scores, card, saved = _svm(space, list(read), labels, lesson, c, ratio, model)
            rank = sorted(undecided, key=lambda i: (-scores[i], _chance(seed, i)))
            card = replace(card, settings=settings | card.settings)
            return Order([(i, scores[i]) for i in rank], card, saved)
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


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What a model learns from: places among the records, with those of other reviews behind them, and labels."""

    places: list[int]
    labels: list[int]
    own: int  # so many of them are decisions of this review
    sha256: str

    @property
    def has_both(self) -> bool:
        """Whether there is something to tell apart."""
        return 0 < sum(self.labels) < len(self.labels)


def _lesson(
    ids: Sequence[str], labels: Mapping[str, int], known: Collection[str], prior: Sequence[tuple[Document, int]]
) -> _Lesson:
    place = {i: at for at, i in enumerate(ids)}
    own = [(place[i], label) for i, label in sorted(labels.items())]
    beside = [(place[i], 1) for i in sorted(set(known) - labels.keys()) if i in place]
    other = [(len(ids) + at, label) for at, (_, label) in enumerate(prior)]
    names = [ids[at] for at, _ in own + beside] + ["\t".join(document) for document, _ in prior]
    every = own + beside + other
    told = "\n".join(f"{name}\t{label}" for name, (_, label) in zip(names, every, strict=True))
    digest = hashlib.sha256(told.encode()).hexdigest()
    return _Lesson([at for at, _ in every], [label for _, label in every], len(own), digest)


def _svm(
    space: Space, ids: Sequence[str], labels: Mapping[str, int], lesson: _Lesson, c: float, ratio: float, model: str
) -> tuple[dict[str, float], ModelCard, bytes]:
    """The score of every undecided record, the card, the model as npz."""
    import numpy as np

    undecided = np.array([at for at, i in enumerate(ids) if i not in labels], dtype=int)
    chosen = ranking_models.MODELS[model]
    ranker = ranking_models.Ranker(space, chosen, c, ratio)
    scores = _rounded(ranker.scores(lesson.places, lesson.labels, undecided).tolist())
    checked = ranking_models.cross_validated(space, lesson.places, lesson.labels, chosen, c, ratio)
    settings: dict[str, Setting] = {
        "model": "linear SVM",
        "loss": "squared hinge",
        "c": c,
        "ratio": ratio,
        "machines": len(chosen.machines),
        "neighbours": ranking_models.NEAREST if chosen.neighbours else 0,
        "converged": ranker.converged,
    }
    own, prior = lesson.labels[: lesson.own], lesson.labels[lesson.own :]
    top_for, top_against = _top(_heaviest(space, ranker.terms()))
    card = ModelCard(
        kind="svm",
        n_labelled=len(own),
        n_included=sum(own),
        n_excluded=len(own) - sum(own),
        features=space.features,
        settings=FEATURES | settings,
        top_for=top_for,
        top_against=top_against,
        n_prior_included=sum(prior),
        n_prior_excluded=len(prior) - sum(prior),
        name=model,
        trained_on=lesson.sha256,
        cross_validated=None
        if checked is None
        else {"folds": ranking_models.FOLDS, "right_order": round(checked, 3), "kind": "internal"},
    )
    ranked = (ids[at] for at in undecided)
    return dict(zip(ranked, scores, strict=True)), card, saved_models.dump(ranker.saved())


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
