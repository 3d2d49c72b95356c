"""Features, the machine and what is added to it: against scikit-learn, and each promise with its control."""

import random
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scoping.linear_svm import EXACT, QUICK, LinearSvm
from scoping.ranking_models import FEWEST, MODELS, U4, Machine, Model, Neighbours, Ranker, sample_weights
from scoping.record_features import Document, Space
from scoping.tfidf import tfidf

WORDS = [
    "evidence",
    "policy",
    "broker",
    "council",
    "nurse",
    "water",
    "housing",
    "trust",
    "network",
    "uptake",
    "review",
    "Zürich",
    "café",
    "2020",
    "a",
]


def texts(number: int, seed: int = 1, longest: int = 25) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(chance.choices(WORDS, k=chance.randrange(longest))) for _ in range(number)]


@pytest.mark.parametrize("seed", range(6))
def test_weights_are_those_of_scikit_learn(seed: int) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    read = ["", "One word-pair, ONE_word: pair's x.", "alone", *texts(20, seed), "", *texts(3, seed + 9, 3), ""]
    found = tfidf(read)
    assert found is not None
    reference = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1, max_df=0.95)
    rows = reference.fit_transform(read).toarray()
    names = [found.name(at) for at in range(found.features)]
    assert sorted(names) == reference.get_feature_names_out().tolist()
    places = [names.index(name) for name in reference.get_feature_names_out()]
    assert found.rows.toarray()[:, places] == pytest.approx(rows)
    for text in ("council trust, water water!", "unheard of", ""):
        assert found.row(text).toarray()[:, places] == pytest.approx(reference.transform([text]).toarray())


def test_words_in_nearly_every_text_are_left_out() -> None:
    found = tfidf([f"common {word}" for word in ("one", "two", "three")])
    assert found is not None
    assert {found.name(at) for at in range(found.features)} == {
        "one", "two", "three", "common one", "common two", "common three",
    }  # fmt: skip
    assert tfidf(["same", "same"]) is None
    assert tfidf(["", "?"]) is None


def machine(space: Space, precision: float = EXACT, **weights: float) -> LinearSvm:
    parts = [(part.shared.rows, weight) for _, part, weight in space.weighed(weights)]
    return LinearSvm(parts, sum(part.alone * weight for _, part, weight in space.weighed(weights)), 0.11, precision)


def problem(number: int = 80) -> tuple[Space, list[int], list[str]]:
    chance = random.Random(3)
    labels = [int(at % 6 == 2) for at in range(number)]
    read = [
        Document(
            " ".join(chance.choices(WORDS, k=6) + ["brokering"] * label),
            " ".join(chance.choices(WORDS, k=20) + chance.choices(["uptake", "rivers"], [label, 1 - label], k=2)),
            chance.choice(["policy", "water", ""]),
        )
        for label in labels
    ]
    space = Space.of(read)
    assert space is not None
    return space, labels, [each.parts[0] for each in read]


def test_the_plane_is_that_of_liblinear() -> None:
    from sklearn.svm import LinearSVC

    space, labels, read_texts = problem()
    whole = tfidf(read_texts)
    assert whole is not None
    read = list(range(0, 80, 2))
    known = [labels[at] for at in read]
    ours = machine(space, text=1.0)
    ours.train(read, known, sample_weights(known))
    reference = LinearSVC(loss="squared_hinge", C=0.11, tol=1e-9, max_iter=100_000, random_state=0)
    reference.fit(whole.rows[read], known, sample_weight=sample_weights(known))
    assert ours.converged
    assert ours.scores(np.arange(1, 80, 2)) == pytest.approx(reference.decision_function(whole.rows[1::2]), abs=1e-5)
    (weights,), intercept = ours.coefficients()
    assert intercept == pytest.approx(reference.intercept_[0], abs=1e-5)
    by_name = {whole.name(at): value for at, value in enumerate(reference.coef_[0].tolist())}
    shared = space.parts["text"].shared
    assert shared.features < whole.features
    assert weights == pytest.approx([by_name[shared.name(at)] for at in range(shared.features)], abs=1e-5)


LAST = np.arange(70, 80)


def test_training_on_goes_where_training_anew_goes() -> None:
    space, labels, _ = problem()
    on, read = machine(space, QUICK, text=1.0, title=0.25), list(range(70))
    for end in range(10, 71, 3):
        known = [labels[at] for at in read[:end]]
        on.train(read[:end], known, sample_weights(known))
        anew = machine(space, text=1.0, title=0.25)
        anew.train(read[:end], known, sample_weights(known))
        assert on.scores(LAST) == pytest.approx(anew.scores(LAST), abs=0.01)
    assert np.abs(anew.scores(LAST)).max() > 0.1  # the scores are no zeros that agree by themselves


def test_scores_are_the_same_bytes_whatever_is_asked_for() -> None:
    space, labels, _ = problem()
    few, all_, read = machine(space, text=1.0, title=0.3), machine(space, text=1.0, title=0.3), np.arange(70)
    for end in range(10, 71, 10):
        for each in (few, all_):
            each.train(read[:end], labels[:end], sample_weights(labels[:end]))
        rest, every = np.arange(end, 80), all_.scores(np.arange(80))
        assert few.scores(rest).tobytes() == every[rest].tobytes()
        assert few.scores(LAST).tobytes() == every[LAST].tobytes()
    assert few.scores(np.arange(80)).tobytes() == every.tobytes()  # also of those that were left out before
    before = few.scores(LAST)
    few.train(np.arange(75), labels[:75], sample_weights(labels[:75]))
    assert (few.scores(LAST) != before).any()


def test_neighbours_are_the_nearest_includes() -> None:
    rows = csr_matrix(np.random.default_rng(2).random((30, 5)))
    cosines = (rows @ rows.T).toarray()
    neighbours = Neighbours(rows)
    assert neighbours.scores() == pytest.approx(np.zeros(30))
    for included in ([1], [1, 3], [1, 3, 0, 2], [1, 3, 0, 2, *range(4, 25)]):
        neighbours.add(included)
        expected = np.sort(cosines[:, included], axis=1)[:, -3:].mean(axis=1)
        assert neighbours.scores() == pytest.approx(expected)


def test_records_without_abstract_are_compared_with_their_kind() -> None:
    chance = random.Random(5)
    documents, labels = list[Document](), list[int]()
    for at in range(400):
        label, bare = int(at % 8 == 0), chance.random() < 0.3
        words = chance.choices(WORDS, k=9) + ["brokering"] * (label and chance.random() < 0.7)
        rest = chance.choices(WORDS, k=40) + ["brokering", "uptake"] * label
        documents.append(Document(" ".join(words), "" if bare else " ".join(rest)))
        labels.append(label)
    space = Space.of(documents)
    assert space is not None
    read, undecided = list(range(100)), np.arange(100, 400)
    places = {}
    for name, model in {"by kind": MODELS["mixed"], "together": replace(MODELS["mixed"], kinds=False)}.items():
        scores = Ranker(space, model).scores(read, labels[:100], undecided)
        order = np.argsort(np.argsort(-scores))
        places[name] = order[(space.bare & (np.array(labels) == 1))[undecided]].mean()
        by_kind = [scores[space.bare[undecided] == kind].mean() for kind in (True, False)]
        assert (abs(by_kind[0] - by_kind[1]) < 0.01) == (name == "by kind")
    assert places["by kind"] < places["together"]
    assert min(space.bare[undecided].sum(), (~space.bare[undecided]).sum()) >= FEWEST


def test_the_copy_of_u4_is_the_machine_alone() -> None:
    space, labels, _ = problem()
    undecided = np.arange(40, 80)
    alone = machine(space, text=1.0)
    alone.train(list(range(40)), labels[:40], sample_weights(labels[:40]))
    assert (Ranker(space, U4).scores(list(range(40)), labels[:40], undecided) == alone.scores(undecided)).all()
    other = Ranker(space, Model((Machine({"title": 1.0, "text": 1.0}),))).scores(
        list(range(40)), labels[:40], undecided
    )
    assert np.argsort(other).tolist() != np.argsort(alone.scores(undecided)).tolist()


def test_fields_that_are_empty_leave_the_others_as_they_are() -> None:
    documents = [
        Document("a title", "an abstract", "key", ""),
        Document("other title", "", "", "Journal"),
        "plain text",
    ]
    space = Space.of(documents)
    assert space is not None
    assert space.bare.tolist() == [False, True, False]
    squares = sum(
        weight * (np.asarray(part.shared.rows.multiply(part.shared.rows).sum(axis=1)).ravel() + part.alone)
        for _, part, weight in space.weighed({"text": 1.0, "title": 0.25})
    )
    assert squares == pytest.approx([1.25, 1.25, 1.0])
