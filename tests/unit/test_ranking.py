"""Ranking: the formula, the order, and the same bytes whatever the order of what comes in."""

import json
import os
import random
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoping import saved_models
from scoping.ranking import Order, order
from scoping.ranking_models import RATIO, C, sample_weights
from scoping.record_features import Document

TOPIC_WORDS = "knowledge mobilisation local government researchers embedded partnership evidence council practice"
OTHER_WORDS = "battery electrode lithium polymer voltage cathode alloy corrosion membrane catalyst"
COMMON_WORDS = "study results methods we of the and in analysis data approach new"
TOPIC, OTHER, COMMON = TOPIC_WORDS.split(), OTHER_WORDS.split(), COMMON_WORDS.split()
QUERY = "How do embedded researchers support knowledge mobilisation in local government?"


def corpus(n: int = 120, relevant: int = 20) -> tuple[list[str], list[Document], dict[str, int]]:
    dice = random.Random(4)
    truth = {f"R{k:03}": int(k < relevant) for k in range(n)}
    texts = []
    for label in truth.values():
        own, strange = (TOPIC, OTHER) if label else (OTHER, TOPIC)
        words = dice.choices(own, k=12) + dice.choices(strange, k=2) + dice.choices(COMMON, k=15)
        dice.shuffle(words)
        texts.append(Document(" ".join(words[:8]), " ".join(words[8:])))
    return list(truth), texts, truth


def as_bytes(result: Order) -> bytes:
    return json.dumps(asdict(result), sort_keys=True, default=bytes.hex).encode()


@pytest.mark.parametrize(("included", "excluded"), [(1, 1), (3, 40), (50, 2)])
def test_weights_by_the_formula(included: int, excluded: int) -> None:
    labels = [1] * included + [0] * excluded
    plain = [1.0 if label else included / (9.8 * excluded) for label in labels]
    expected = [weight * len(labels) / sum(plain) for weight in plain]
    assert sample_weights(labels) == pytest.approx(expected)
    assert sum(sample_weights(labels)) == pytest.approx(len(labels))
    of_includes = sum(w for w, label in zip(sample_weights(labels), labels, strict=True) if label)
    assert of_includes / sum(sample_weights(labels)) == pytest.approx(9.8 / 10.8)


def test_weights_of_one_kind_are_equal() -> None:
    assert sample_weights([1, 1]).tolist() == [1.0, 1.0]
    assert sample_weights([]).tolist() == []


def test_scores_minimise_the_objective() -> None:
    """The SVM against a plain minimiser of 0.5 |w|^2 + C sum of weight * max(0, 1 - y f)^2."""
    from scipy.optimize import minimize
    from sklearn.feature_extraction.text import TfidfVectorizer

    ids, texts, truth = corpus(40, 8)
    labels = {i: truth[i] for i in ids[::3]}
    rows = (
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1, max_df=0.95)
        .fit_transform([" ".join(text[:2]) for text in texts])
        .toarray()
    )
    rows = np.hstack([rows, np.ones((len(rows), 1))])  # liblinear regularises the intercept, too
    known = [at for at, i in enumerate(ids) if i in labels]
    sign = np.array([1.0 if labels[ids[at]] else -1.0 for at in known])
    weight = np.array(sample_weights([labels[ids[at]] for at in known], RATIO))

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        slack = np.maximum(0, 1 - sign * (rows[known] @ w))
        return 0.5 * w @ w + C * weight @ slack**2, w - 2 * C * rows[known].T @ (weight * slack * sign)

    best = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-9})
    expected = dict(zip(ids, (rows @ best.x).tolist(), strict=True))
    for i, score in order(ids, texts, labels, model="u4").ranked:
        assert score == pytest.approx(expected[i], abs=2e-6)


def test_relevant_records_rise() -> None:
    ids, texts, truth = corpus()
    labels = {"R000": 1, "R001": 1, "R050": 0, "R051": 0, "R052": 0}
    result = order(ids, texts, labels, seed=3)
    assert {i for i, _ in result.ranked} == set(ids) - set(labels)
    assert sum(truth[i] for i, _ in result.ranked[:18]) >= 16  # 18 of 115 are relevant
    scores = [score for _, score in result.ranked]
    assert scores == sorted(scores, reverse=True)
    card = result.model
    assert (card.kind, card.n_labelled, card.n_included, card.n_excluded) == ("svm", 5, 2, 3)
    assert card.settings["converged"] is True
    assert len(card.top_for) == len(card.top_against) == 10
    assert set(TOPIC) & {term for term, _ in card.top_for}
    assert set(OTHER) & {term for term, _ in card.top_against}
    assert all(type(weight) is float for _, weight in (*card.top_for, *card.top_against, *result.ranked))


@pytest.mark.parametrize("labels", [{}, {"R005": 0}, {"R005": 1}, {"R001": 1, "R002": 1, "R070": 0, "R071": 0}])
def test_the_order_of_the_input_does_not_matter(labels: dict[str, int]) -> None:
    ids, texts, _ = corpus()
    expected = as_bytes(order(ids, texts, labels, query=QUERY, seed=9))
    dice = random.Random(1)
    for _ in range(3):
        pairs = list(zip(ids, texts, strict=True))
        known = list(labels.items())
        dice.shuffle(pairs)
        dice.shuffle(known)
        given = [i for i, _ in pairs], [t for _, t in pairs]
        assert as_bytes(order(*given, dict(known), query=QUERY, seed=9)) == expected
    frame = pd.DataFrame(
        {"id": ids, "title": [text.title for text in texts], "text": [text.abstract for text in texts]}
    )
    again = [Document(*row) for row in frame.astype("string")[["title", "text"]].itertuples(index=False)]
    assert as_bytes(order(frame["id"].tolist(), again, labels, query=QUERY, seed=9)) == expected


def test_the_same_bytes_in_other_processes() -> None:
    program = (
        "import sys, json, dataclasses; sys.path.insert(0, sys.argv[1]); import test_ranking as t\n"
        "ids, texts, truth = t.corpus(); labels = {i: truth[i] for i in ids[::7]}\n"
        "sys.stdout.buffer.write(t.as_bytes(t.order(ids, texts, labels, seed=2)))"
    )
    outputs = set()
    for hash_seed, threads in (("0", "1"), ("123", "4")):
        environment = os.environ | {
            "PYTHONHASHSEED": hash_seed,
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
        }
        command = [sys.executable, "-c", program, os.path.dirname(__file__)]  # noqa: PTH120
        outputs.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1000


def test_cold_start_takes_turns() -> None:
    ids, texts, truth = corpus()
    result = order(ids, texts, {"R100": 0}, query=QUERY, seed=1)
    assert result.model.kind == "cold start"
    assert len(result.ranked) == len({i for i, _ in result.ranked}) == len(ids) - 1
    assert sum(truth[i] for i, _ in result.ranked[0:16:2]) >= 7
    assert sum(truth[i] for i, _ in result.ranked[1:16:2]) < 6
    assert result.ranked[0][1] == max(score for _, score in result.ranked)
    assert "knowledge" in dict(result.model.top_for)
    other = order(ids, texts, {"R100": 0}, query=QUERY, seed=2)
    assert [i for i, _ in other.ranked[1::2]] != [i for i, _ in result.ranked[1::2]]


@pytest.mark.parametrize("query", ["", "  ", "zzz qqq", "?!"])
def test_without_anything_to_go_by_the_order_is_random_and_seeded(query: str) -> None:
    ids, texts, _ = corpus()
    result = order(ids, texts, {}, query=query, seed=1)
    assert (result.model.kind, result.model.features, result.model.top_for) == ("random", 0, ())
    assert result == order(ids, texts, {}, seed=1)
    assert [i for i, _ in result.ranked] != [i for i, _ in order(ids, texts, {}, seed=2).ranked]
    assert [i for i, _ in result.ranked] != ids


@pytest.mark.parametrize("texts", [[], [""], ["one text only"], ["", "  "], ["same words", "same words", "same words"]])
def test_degenerate_corpora(texts: list[str]) -> None:
    ids = [f"r{k}" for k in range(len(texts))]
    assert {i for i, _ in order(ids, texts, {}, query="words").ranked} == set(ids)
    labels = {"r0": 1, "r1": 0} if len(ids) > 1 else {}
    assert {i for i, _ in order(ids, texts, labels).ranked} == set(ids) - set(labels)


def test_ties_are_broken_by_the_seed_and_all_labelled_is_an_empty_order() -> None:
    ids, texts = [f"r{k}" for k in range(9)], ["alpha beta", *["gamma delta"] * 8]
    orders = {tuple(i for i, _ in order(ids, texts, {"r0": 1, "r1": 0}, seed=seed).ranked) for seed in range(5)}
    assert len(orders) > 1
    assert order(ids, texts, dict.fromkeys(ids, 0) | {"r0": 1}).ranked == []


@pytest.mark.parametrize(
    ("ids", "texts", "labels", "options"),
    [
        (["a"], [], {}, {}),
        (["a", "a"], ["x", "y"], {}, {}),
        (["a"], ["x"], {"b": 1}, {}),
        (["a"], ["x"], {"a": 2}, {}),
        (["a"], ["x"], {}, {"c": 0}),
        (["a"], ["x"], {}, {"ratio": -1}),
    ],
)
def test_mistakes_are_refused(
    ids: list[str], texts: list[str], labels: dict[str, int], options: dict[str, float]
) -> None:
    with pytest.raises(ValueError):
        order(ids, texts, labels, **options)


def test_prior_knowledge_teaches_and_decides_nothing() -> None:
    ids, texts, truth = corpus()
    other_ids, other_texts, other = corpus(60, 10)
    prior = [(text, other[i]) for i, text in zip(other_ids, other_texts, strict=True)]
    without = order(ids, texts, {}, query="")
    assert without.model.kind == "random"
    taught = order(ids, texts, {}, query="", prior=prior)
    assert (taught.model.kind, taught.model.n_labelled, taught.model.n_included) == ("svm", 0, 0)
    assert (taught.model.n_prior_included, taught.model.n_prior_excluded) == (10, 50)
    assert {i for i, _ in taught.ranked} == set(ids)
    assert sum(truth[i] for i, _ in taught.ranked[:20]) >= 18
    known = order(ids, texts, {"R050": 0}, known=["R003"])
    assert known.model.kind == "svm"
    assert {i for i, _ in known.ranked} == set(ids) - {"R050"}  # a known record is screened like all others
    assert known.ranked[0][0] == "R003"
    assert order(ids, texts, {"R050": 0}).model.kind == "random"
    decided = order(ids, texts, {"R050": 0, "R003": 0, "R001": 1}, known=["R003"])
    assert decided.model.n_prior_included == 0  # what people decide stands


def test_the_card_says_what_the_model_was_trained_on() -> None:
    ids, texts, truth = corpus()
    labels = {i: truth[i] for i in ids[::4]}
    card = order(ids, texts, labels).model
    assert card.name == "mixed"
    assert len(card.trained_on) == 64
    assert card.cross_validated is not None
    assert card.cross_validated["kind"] == "internal"
    assert float(card.cross_validated["right_order"]) > 0.9
    assert order(ids, texts, labels | {"R001": 1}).model.trained_on != card.trained_on
    assert order(ids, texts, labels | {"R000": 0}).model.trained_on != card.trained_on
    few = {"R000": 1, "R050": 0, "R051": 0}
    assert order(ids, texts, few).model.cross_validated is None


def test_cross_validation_of_labels_by_lot_says_a_half() -> None:
    ids, texts, _ = corpus(200, 100)
    dice = random.Random(8)
    labels = {i: dice.randrange(2) for i in ids}
    checked = order(ids, texts, labels).model.cross_validated
    assert checked is not None
    assert float(checked["right_order"]) == pytest.approx(0.5, abs=0.12)


def test_a_saved_model_gives_the_scores_again() -> None:
    from scoping.tfidf import tfidf

    ids, texts, truth = corpus()
    labels = {i: truth[i] for i in ids[::4]}
    found = order(ids, texts, labels, model="u4")
    saved = saved_models.load(found.saved)
    rows = tfidf(" ".join(text[:2]) for text in texts)
    assert rows is not None
    names = {rows.name(at): at for at in range(rows.features)}
    columns = [names[term] for term in saved.terms["text"]]
    assert saved.idf["text"] == pytest.approx(rows.idf[columns])
    values = rows.rows[:, columns] @ saved.coefficients["text"][0] + saved.intercepts[0]
    for i, score in found.ranked:
        assert values[ids.index(i)] == pytest.approx(score, abs=1e-5)
    mixed = saved_models.load(order(ids, texts, labels).saved)
    assert mixed.coefficients["title"].shape[0] == len(mixed.intercepts) == 2


def test_no_code_is_read_from_a_saved_model(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", intercepts=np.array([print], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        saved_models.load((tmp_path / "x.npz").read_bytes())
    assert saved_models.load(saved_models.dump(saved_models.NOTHING)).terms == {}
