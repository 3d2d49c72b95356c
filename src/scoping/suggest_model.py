"""A model for one code, trained on what people have coded so far, to say which texts come next.

Logistic regression on tf-idf of single words and pairs, in folded spelling. A model is plain numbers, never a pickle, and
the same texts, labels and seed give the same numbers, whatever their order. How sure it is comes from scores that each
text got from models which had not seen it: as a probability if there are at least `CALIBRATED` texts with yes (and as
many with no), else as a word, since on fewer a number would promise more than is known. It decides nothing.
"""

import math
import warnings
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from scoping.indicators import words
from scoping.suggest import Passage, Report, Suggestion

Word = Literal["high", "medium", "low"]
Postings = Mapping[str, Sequence[tuple[int, float]]]

LEAST = 3
"""Texts with yes, and with no, below which nothing is learnt."""
CALIBRATED = 15
"""Texts with yes, and with no, from which on a probability is given."""
FOLDS = 5
DIGITS = 6
_C = 10.0
_SHOWN = 3
"""Words that are given as the reason."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model. `calibration` are slope and intercept of the probability; `cuts` the scores of medium and high."""

    yes: int
    no: int
    weights: Mapping[str, float]
    idf: Mapping[str, float]
    bias: float
    cuts: tuple[float, float]
    calibration: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model says of a text: a score to rank by, a word, a probability where there is one, and what weighed most."""

    score: float
    word: Word
    probability: float | None
    reasons: tuple[str, ...]


def train(texts: Sequence[str], labels: Sequence[int], seed: int = 0) -> Model | None:
    """A model of texts that people labelled 1 (yes) and 0 (no); None if there are too few of either."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = sorted(zip(texts, labels, strict=True))
    known = [label for _, label in rows]
    yes, no = known.count(1), known.count(0)
    if yes + no != len(known):
        raise ValueError("labels are 0 or 1")
    if min(yes, no) < LEAST:
        return None
    space = TfidfVectorizer(analyzer=terms, sublinear_tf=True)
    try:
        matrix = space.fit_transform([text for text, _ in rows])
    except ValueError:  # no words at all
        return None
    unseen = _unseen(matrix, known, seed)
    fitted = _fitted(matrix, known)
    names = space.get_feature_names_out().tolist()
    return Model(
        yes=yes,
        no=no,
        weights=dict(zip(names, _rounded(fitted.coef_[0].tolist()), strict=True)),
        idf=dict(zip(names, _rounded(space.idf_.tolist()), strict=True)),
        bias=round(float(fitted.intercept_[0]), DIGITS),
        cuts=_cuts([score for score, label in zip(unseen, known, strict=True) if label]),
        calibration=calibrated(unseen, known) if min(yes, no) >= CALIBRATED else None,
    )


def judge(model: Model, text: str) -> Opinion:
    """What a model says of one text."""
    counts = Counter(term for term in terms(text) if term in model.idf)
    values = {term: (1 + math.log(n)) * model.idf[term] for term, n in sorted(counts.items())}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    parts = {term: value / length * model.weights[term] for term, value in values.items()}
    score = round(sum(parts.values()) + model.bias, DIGITS)
    medium, high = model.cuts
    word: Word = "high" if score >= high else "medium" if score >= medium else "low"
    reasons = sorted((term for term in parts if parts[term] > 0), key=lambda term: (-parts[term], term))
    return Opinion(score, word, _probability(model, score), tuple(reasons[:_SHOWN]))


def postings(report: Report) -> Postings:
    """Term -> the sentences of a report that hold it, by index, each with its weight: read once for all models."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, passage in enumerate(report.passages):
        if passage.whole:
            for term, n in Counter(terms(passage.text)).items():
                found[term].append((at, 1 + math.log(n)))
    return found


def opinions(
    model: Model, report: Report, held: Postings | None = None, most: int = 3
) -> list[tuple[Opinion, Passage]]:
    """What a model trained on sentences says of the likeliest sentences of a report, in this order; no headings, no parts of one.

    All are scored in one go (`held`: the report's `postings`), and the best of them judged as `judge` does.
    """
    parts = [0.0] * len(report.passages)
    squares = [0.0] * len(report.passages)
    held = postings(report) if held is None else held
    for term, idf in model.idf.items():
        for at, weight in held.get(term, ()):
            parts[at] += weight * idf * model.weights[term]
            squares[at] += (weight * idf) ** 2
    scores = {at: part / math.sqrt(squares[at]) if squares[at] else 0.0 for at, part in enumerate(parts)}
    wanted = (at for at, passage in enumerate(report.passages) if passage.whole)
    best = sorted(wanted, key=lambda at: (-scores[at], at))[: 4 * most]
    judged = [(judge(model, report.passages[at].text), report.passages[at]) for at in sorted(best)]
    return sorted(judged, key=lambda item: -item[0].score)[:most]


def likely(model: Model, judged: Sequence[tuple[Opinion, Passage]], most: int = 3) -> tuple[Suggestion, ...]:
    """The first of `opinions` as suggestions; none that is found unlikely: a score below 0 says rather no than yes."""
    made = []
    for opinion, passage in [item for item in judged if item[0].word != "low" and item[0].score > 0][:most]:
        sure = "" if opinion.probability is None else f", {opinion.probability:.0%} likely"
        why = f"model of {model.yes} yes and {model.no} no{sure}: {', '.join(opinion.reasons)}"
        made.append(Suggestion(passage.page, passage.start, passage.end, passage.text, why, opinion.word))
    return tuple(made)


def terms(text: str) -> list[str]:
    """The words of a text in folded spelling, and its pairs of neighbours."""
    single = [word.folded for word in words(text) if len(word.folded) > 1]
    return single + [f"{one} {other}" for one, other in pairwise(single)]


def _fitted(matrix: Any, known: Sequence[int]) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_C, class_weight="balanced", solver="liblinear", max_iter=1000, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(matrix, known)


def _unseen(matrix: Any, known: Sequence[int], seed: int) -> list[float]:
    """For each text the score of a model that was trained without it."""
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(min(FOLDS, known.count(1), known.count(0)), shuffle=True, random_state=seed)
    scores = [0.0] * len(known)
    for seen, rest in folds.split(known, known):
        model = _fitted(matrix[seen], [known[at] for at in seen])
        for at, score in zip(rest, model.decision_function(matrix[rest]).tolist(), strict=True):
            scores[at] = score
    return scores


def _cuts(scores: Sequence[float]) -> tuple[float, float]:
    """Scores that three quarters and half of the texts with yes reach when they were not seen."""
    ordered = sorted(scores)
    return round(ordered[len(ordered) // 4], DIGITS), round(ordered[len(ordered) // 2], DIGITS)


def calibrated(scores: Sequence[float], known: Sequence[int]) -> tuple[float, float]:
    """Slope and intercept of Platt's sigmoid through scores of unseen texts, with targets drawn in from 0 and 1."""
    from sklearn.linear_model import LogisticRegression

    yes, no = sum(known), len(known) - sum(known)
    target = [(yes + 1) / (yes + 2) if label else 1 / (no + 2) for label in known]
    rows = [[score] for score in scores] * 2
    model = LogisticRegression(C=1e6, max_iter=1000)
    model.fit(rows, [1] * len(known) + [0] * len(known), sample_weight=target + [1 - share for share in target])
    slope, intercept = _rounded([float(model.coef_[0][0]), float(model.intercept_[0])])
    return slope, intercept


def _probability(model: Model, score: float) -> float | None:
    if model.calibration is None:
        return None
    slope, intercept = model.calibration
    return round(1 / (1 + math.exp(-max(-500.0, min(500.0, slope * score + intercept)))), 3)


def _rounded(numbers: Sequence[float]) -> list[float]:
    """Rounded, and without the minus of a zero."""
    return [round(number, DIGITS) + 0.0 for number in numbers]
