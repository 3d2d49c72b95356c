"""The model of a code: the same numbers each time, a probability only where there is enough to learn from."""

import json
import random
from dataclasses import asdict
from functools import cache

import pytest

from scoping import suggest, suggest_model

YES = ["trust grew between them", "officers trusted the broker", "they built relationships", "relationships of trust"]
NO = ["the budget was cut", "streets were swept at night", "buses ran late", "the wall was painted"]


def coded(yes: int, no: int, seed: int = 1) -> tuple[list[str], list[int]]:
    """Texts and labels that can be learnt but not perfectly."""
    chance = random.Random(seed)
    filler = ["the", "of", "council", "town", "year", "people", "work", "plan", "day"]
    make = lambda parts: " ".join([chance.choice(parts), *chance.choices(filler, k=6)])  # noqa: E731
    texts = [make(YES if chance.random() < 0.9 else NO) for _ in range(yes)]
    return texts + [make(NO if chance.random() < 0.9 else YES) for _ in range(no)], [1] * yes + [0] * no


@cache
def model(yes: int = 20, no: int = 30) -> suggest_model.Model:
    found = suggest_model.train(*coded(yes, no))
    assert found is not None
    return found


def test_it_learns():
    texts, labels = coded(40, 40, seed=2)
    scores = [suggest_model.judge(model(), text).score for text in texts]
    pairs = [(a > b) for a, x in zip(scores, labels, strict=True) for b, y in zip(scores, labels, strict=True) if x > y]
    assert sum(pairs) / len(pairs) > 0.75


def test_the_order_of_the_texts_changes_nothing_and_the_model_is_plain_json():
    texts, labels = coded(20, 30)
    turned = suggest_model.train(texts[::-1], labels[::-1])
    assert turned is not None
    assert json.dumps(asdict(turned), sort_keys=True) == json.dumps(asdict(model()), sort_keys=True)


@pytest.mark.parametrize(("yes", "no", "given"), [(14, 40, False), (15, 40, True), (40, 14, False), (40, 15, True)])
def test_a_probability_needs_fifteen_of_each(yes, no, given):
    opinion = suggest_model.judge(model(yes, no), YES[0])
    assert (opinion.probability is not None) is given
    assert opinion.word in ("high", "medium", "low")


def test_too_few_teach_nothing():
    assert suggest_model.train(*coded(2, 40)) is None
    assert suggest_model.train(*coded(40, 2)) is None
    assert suggest_model.train([], []) is None
    assert suggest_model.train(["", "", "", "", "", ""], [1, 1, 1, 0, 0, 0]) is None
    assert suggest_model.train(*coded(3, 3)) is not None


def test_labels_are_zero_or_one():
    with pytest.raises(ValueError, match="0 or 1"):
        suggest_model.train(["a b"] * 6, [0, 0, 0, 1, 1, 2])


def test_scores_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts, labels = coded(20, 30)
    rows = sorted(zip(texts, labels, strict=True))
    space = TfidfVectorizer(analyzer=suggest_model.terms, sublinear_tf=True)
    matrix = space.fit_transform([text for text, _ in rows])
    fitted = suggest_model._fitted(matrix, [label for _, label in rows])
    theirs = fitted.decision_function(space.transform(YES + NO + ["unheard of"])).tolist()
    ours = [suggest_model.judge(model(), text).score for text in [*YES, *NO, "unheard of"]]
    assert ours == pytest.approx(theirs, abs=1e-4)


def test_probability_rises_with_the_score_and_is_about_right():
    """Half of the texts are yes, so that the mean probability of unseen ones is near a half."""
    texts, _ = coded(100, 100, seed=3)
    opinions = sorted((suggest_model.judge(model(100, 100), text) for text in texts), key=lambda o: o.score)
    chances = [o.probability for o in opinions]
    assert chances == sorted(chances)
    assert sum(chances) / len(chances) == pytest.approx(0.5, abs=0.1)


def test_either_spelling_is_one_term():
    assert suggest_model.terms("mobilisation centres") == suggest_model.terms("Mobilization centers")


def test_passages_are_verbatim_with_reasons_and_unlikely_ones_are_none():
    pages = ["The wall was painted. Trust grew between them. Buses ran late."]
    found = suggest_model.likely(model(), suggest_model.opinions(model(), suggest.read(pages)))
    assert [s.quote for s in found] == ["Trust grew between them."]
    (one,) = found
    assert pages[one.page - 1][one.start : one.end] == one.quote
    assert one.why.startswith("model of 20 yes and 30 no, ")
    assert "trust" in one.why


def test_sentences_scored_in_one_go_are_ranked_as_each_is_judged():
    chance = random.Random(5)
    words = [
        "trust",
        "officers",
        "broker",
        "between",
        "them",
        "the",
        "budget",
        "streets",
        "buses",
        "painted",
        "council",
        "year",
        "plan",
        "day",
    ]
    page = " ".join(" ".join(chance.choices(words, k=8)).capitalize() + "." for _ in range(80))
    report = suggest.read([page])
    each = [(suggest_model.judge(model(), passage.text), passage) for passage in report.passages]
    expected = sorted(each, key=lambda item: -item[0].score)
    assert suggest_model.opinions(model(), report, most=5) == expected[:5]
    assert suggest_model.opinions(model(), report, suggest_model.postings(report), 5) == expected[:5]
    assert len({opinion.score for opinion, _ in each}) > 20, "there is something to rank"
