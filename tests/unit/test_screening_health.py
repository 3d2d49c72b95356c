"""Screening health: from finished batches alone, every number with its records, an opinion that changes nothing."""

import json
import random

import pytest

from scoping import progress_health, screening_health, screening_model
from scoping.screening_evidence import Evidence, Sample
from scoping.screening_health import Health
from scoping.screening_settings import Screening

WORDS = {1: "council librarian evidence brokering office town", 0: "leaflet salt trial hygiene ward calibration"}


def review(number=200, relevant=40, read=120, seed=1, swapped=()):
    """Texts that tell their label; labels of the first `read`, some of them wrong; relevant records come first."""
    chance = random.Random(seed)
    ids = [f"R{at:03}" for at in range(number)]
    truth = {id_: int(at < relevant) for at, id_ in enumerate(ids)}
    order = sorted(ids, key=lambda id_: chance.random() - 0.5 * truth[id_])
    texts = {id_: " ".join(chance.choices(WORDS[truth[id_]].split(), k=6) + chance.choices(["a", "b", "c", "d"], k=3)) for id_ in ids}  # fmt: skip
    labels = {id_: truth[id_] ^ (id_ in swapped) for id_ in order[:read]}
    return texts, labels, [id_ for id_ in ids if id_ not in labels], truth


def health(sample=None, opinion=True, **fields):
    texts, labels, unread, _ = review(**fields)
    found = Evidence("title_abstract", tuple(labels), frozenset(i for i in labels if labels[i]), tuple(unread), sample)
    of = {id_: f"ta{at // 30 + 1:02}" for at, id_ in enumerate(labels)}
    return Health(found, screening_model.opinion(texts, labels, 7) if opinion else None, Screening(), of)


# --- the model -------------------------------------------------------------------------------------------------------


def test_what_the_model_expects_to_be_left_is_near_what_is():
    texts, labels, unread, truth = review(number=400, relevant=80, read=200)
    found = screening_model.opinion(texts, labels, 7)
    left = sum(truth[id_] for id_ in unread)
    assert left
    assert abs(found.expected - left) < 0.35 * left + 2
    assert set(found.labelled) == set(labels)
    assert set(found.unread) == set(unread)


def test_the_same_labels_give_the_same_opinion_in_any_order():
    texts, labels, _, _ = review()
    turned = screening_model.opinion(dict(reversed(texts.items())), dict(reversed(labels.items())), 7)
    assert turned == screening_model.opinion(texts, labels, 7)


@pytest.mark.parametrize("relevant", [0, 9])
def test_with_few_relevant_records_there_is_no_opinion(relevant):
    texts, _, _, _ = review()
    labels = {id_: int(at < relevant) for at, id_ in enumerate(texts)}
    assert screening_model.opinion(texts, labels, 7) is None
    assert screening_model.opinion(dict.fromkeys(texts, "..."), {i: at % 2 for at, i in enumerate(texts)}, 7) is None


def test_work_is_what_has_to_be_read_until_the_target_is_expected():
    found = screening_model.Opinion({}, {"A": 0.9, "B": 0.5, "C": 0.1, "D": 0.0})
    assert found.expected == pytest.approx(1.5)
    assert found.work(10, 0.85) == []
    assert found.work(10, 0.95) == ["A", "B"]
    assert found.work(10, 1.0) == ["A", "B", "C"]
    assert found.work(0, 0.6) == ["A"]


# --- what is said ----------------------------------------------------------------------------------------------------


def test_labels_that_were_mixed_up_are_on_the_list_and_are_not_changed():
    swapped = ("R003", "R010", "R150")
    assert set(swapped) <= set(review()[1]), "they were read"
    found = health(swapped=swapped)
    listed = {id_ for id_, _ in found.to_check}
    assert set(swapped) <= listed
    assert len(listed) <= 6
    assert {id_ for id_, _ in health().to_check} & set(swapped) == set()
    sheet = screening_health.check(found, {})
    row = next(row for row in sheet.rows if row["Record id"] == "R150")
    assert (row["Decision"], row["Why"]) == ("include", "kept, but unlike all others that were kept")


def test_every_number_opens_to_its_records():
    found = health()
    rows = {row["measure"]: row for row in screening_health.rows(found)}
    for measure in ("Records screened", "Relevant records found", "Records not screened", "Irrelevant in a row", "Expected work left",
                    "Kept, but late by the model", "Labels to look at again"):  # fmt: skip
        assert int(rows[measure]["number"]) == len(json.loads(rows[measure]["ids"])), measure
    sheet = screening_health.sheet(found)
    behind = [id_ for measure, _, _, id_ in sheet.ids if measure == "Records screened"]
    assert sorted(behind) == sorted(found.found.read)
    assert "no guarantee" in rows["Irrelevant in a row"]["words"]


def test_without_an_opinion_it_says_so():
    rows = {row["measure"]: row for row in screening_health.rows(health(opinion=False))}
    assert rows["Expected work left"]["number"] == "–"
    assert rows["Expected work left"]["words"].startswith("not estimated")


def test_batches_in_work_are_left_out(make):
    events = [make.issued("ta01", ["anna", "ben"], ["A", "B"]), make.issued("ta02", ["anna"], ["C"]), make.issued("ta03", ["dora"], ["D"])]  # fmt: skip
    issued = [
        {"batch": batch, "left": left, "answered": done, "items": items}
        for batch, left, done, items in (("ta01", "", "2", "2"), ("ta01", "", "1", "2"), ("ta02", "", "1", "1"), ("ta03", "yes", "0", "1"))
    ]  # fmt: skip
    assert screening_health.in_work(events, issued, {id_: id_ for id_ in "ABCD"}) == {"A", "B"}


def test_the_curve_reaches_from_the_most_to_none_left():
    found = health()
    chart, data = screening_health.recall(found, "")
    last = data[-1]
    assert int(last["relevant so far"]) == len(found.found.relevant)
    assert float(last["lowest recall"]) <= float(last["estimated recall"]) <= 1
    assert [row["id"] for row in data] == list(found.found.read)
    assert "does not reject at p < 0.05" in chart.caption
    assert "Recall now: at least" in chart.alt
    drawn = tuple(found.found.unread[:20])
    sample = Sample("ta02", frozenset(found.found.unread), drawn, (), (), (), tuple(found.found.unread[20:]), ())
    by_sample, _ = screening_health.recall(health(sample=sample), "")
    assert "as many left as the sample estimates" in by_sample.caption
    nothing, rows = screening_health.recall(Health(Evidence("", (), frozenset(), (), None), None, Screening(), {}), "")
    assert "No relevant record has been found yet" in nothing.alt
    assert rows == []


def test_finds_of_each_batch_add_up():
    found = health()
    chart, data = screening_health.finds(found, "")
    assert len(data) == len(found.found.read)
    assert sum(row["decision"] == "kept" for row in data) == len(found.found.relevant)
    assert "ta01" in chart.alt


def test_the_page_of_progress_shows_it_once_a_batch_is_finished():
    assert progress_health.section([]) == []
    assert progress_health.section([{"measure": "Records screened", "number": "0", "words": "", "ids": "[]"}]) == []
    (made,) = progress_health.section(screening_health.rows(health()))
    text = "".join(made.itertext())
    assert "Screening health" in text
    assert "Expected work left" in text
    assert [each.get("src") for each in made.iter("img")] == [
        "figures/screening_recall.svg",
        "figures/finds_per_batch.svg",
    ]
    assert all(each.get("alt") for each in made.iter("img"))
