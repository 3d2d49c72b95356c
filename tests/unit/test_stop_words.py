"""The sentence that a paper can print, or that it cannot and why; and the evidence behind it."""

import random

import pytest

from scoping import screening_evidence, stop_words, stopping
from scoping.screening_evidence import Evidence, Sample

IDS = [f"R{number:03}" for number in range(400)]


def read(relevant, irrelevant, unread, sample=None):
    """Relevant records were read first."""
    number = relevant + irrelevant
    ids = [f"R{at}" for at in range(number + unread)]
    return Evidence("title_abstract", tuple(ids[:number]), frozenset(ids[:relevant]), tuple(ids[number:]), sample)


def sample(drawn, relevant, pool, *, since=0, unsettled=0, outside=0):
    ids = [f"S{at}" for at in range(pool)]
    return Sample(
        "ta02", frozenset(ids), tuple(ids[:drawn]), tuple(ids[:unsettled]), tuple(ids[:relevant]),
        tuple(ids[drawn : drawn + since]), tuple(ids[drawn + since :]), tuple(f"O{at}" for at in range(outside)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "rule", "begins"),
    [
        (read(0, 40, 10), "buscar", "Cannot claim any recall: no relevant record"),
        (read(40, 60, 900), "buscar", "Cannot claim a recall of 95% after 100 of 1,000 records"),
        (read(12, 60, 900), "buscar", "Only 12 relevant records were found: with fewer than 30 the rule seldom"),
        (read(40, 900, 10), "buscar", "A recall below 95% is rejected after 940 of 950 records"),
        (read(40, 60, 0), "buscar", "All 100 records were read"),
        (read(40, 60, 900), "random_sample", "Cannot claim: no random control sample was drawn"),
        (read(40, 60, 900, sample(90, 0, 990, unsettled=3)), "random_sample", "Cannot claim: 3 of the 90 records"),
        (read(40, 60, 900, sample(90, 0, 990)), "random_sample", "Cannot claim a recall of 95%: the interval reaches"),
        (read(400, 600, 100, sample(90, 0, 190)), "random_sample", "A random control sample of 90 of 190 records held 0"),
        (read(40, 900, 10), "declared", "Cannot claim any recall: screening was stopped without a rule"),
    ],
)  # fmt: skip
def test_each_says_up_front_whether_anything_can_be_claimed(found, rule, begins):
    said = stop_words.claim(found, rule, 0.95, 0.05)
    assert said.sentence.startswith(begins)
    assert said.sentence.count(".") >= 1
    assert said.met is not ("annot claim" in said.sentence)


def test_what_is_met_follows_the_target_and_p_of_the_protocol():
    found = read(40, 300, 60)
    value = stop_words.claim(found, "buscar", 0.95, 0.05).figures["p"]
    assert stop_words.claim(found, "buscar", 0.95, value + 0.01).met
    assert not stop_words.claim(found, "buscar", 0.95, value - 0.001).met
    assert stop_words.claim(found, "buscar", 0.8, 0.05).figures["p"] < value


def test_a_claim_of_recall_holds_the_figures_that_the_rule_gives():
    found = read(40, 300, 60)
    figures = stop_words.claim(found, "buscar", 0.95, 0.05).figures
    most = stopping.most_remaining([1] * 40 + [0] * 300, 400)
    assert figures["most_remaining"] == most
    assert figures["lowest_recall"] == pytest.approx(40 / (40 + most), abs=1e-4)


def test_the_words_of_numbers():
    assert [stop_words.percent(share) for share in (0.95, 0.925, 1, 0.99999)] == ["95%", "92.5%", "100%", "99.9%"]
    assert [stop_words.p_value(value) for value in (0.031, 0.00001, 0.5)] == ["p = 0.031", "p < 0.0001", "p = 0.5"]
    assert stop_words.in_a_row(read(3, 1, 9)).startswith("1 irrelevant record in a row")
    assert "no guarantee" in stop_words.in_a_row(read(3, 50, 9))


def test_what_was_found_in_the_pool_since_is_not_left_and_what_was_not_in_it_may_all_be_relevant():
    fresh, later = sample(50, 5, 500), sample(50, 5, 500, since=20, outside=7)
    low, middle, high = fresh.remaining(0.95)
    assert later.remaining(0.95) == (max(0, low - 20), pytest.approx(middle - 20), high - 20 + 7)
    assert sample(50, 5, 500, since=450).remaining(0.95) == (0, 0, 0)


# --- from the ledger ---------------------------------------------------------------------------------------------------


def test_evidence_is_what_is_settled_in_the_order_of_the_batches(make):
    events = [
        make.issued("ta01", ["anna"], ["A", "B"]), make.issued("ta02", ["anna"], ["C", "D"]),
        make.read("ta02.anna", {"C": "include", "D": "exclude"}, "x"),
        make.read("ta01.anna", {"A": "exclude", "B": "unsure"}, "y"),
    ]  # fmt: skip
    said = {
        "A": "exclude",
        "B": "conflict",
        "C": "include",
        "D": "exclude",
        "E": "pending",
        "Y": "include",
        "Z": "exclude",
    }
    states = {id_: make.state(id_, state) for id_, state in said.items()}
    known = {id_: id_ for id_ in said}
    found = screening_evidence.evidence(events, known, states)
    assert found.read == ("Z", "Y", "A", "C", "D"), "what exports brought first, relevant last"
    assert (found.labels, found.unread, found.sample) == ([0, 1, 0, 1, 0], ("B", "E"), None)
    later = screening_evidence.evidence(events, known, states, leave_out={"C"})
    assert (later.read, later.unread) == (("Z", "Y", "A", "D"), ("B", "C", "E"))


def test_the_last_control_sample_counts_under_the_ids_of_now(make):
    events = [
        make.issued("ta01", ["anna"], ["A"], purpose="control", pool=["A", "B", "C"]),
        make.issued("ta02", ["anna"], ["B1"], purpose="control", pool=["B1", "C", "GONE", "F"]),
    ]  # fmt: skip
    said = {"A": "include", "B": "include", "C": "pending", "D": "pending", "F": "include"}
    states = {id_: make.state(id_, state) for id_, state in said.items()}
    found = screening_evidence.evidence(events, {**{id_: id_ for id_ in said}, "B1": "B"}, states).sample
    assert (found.batch, found.pool, found.drawn) == ("ta02", {"B", "C", "F"}, ("B",))
    assert (found.relevant, found.since, found.unread, found.outside) == (("B",), ("F",), ("C",), ("D",))


def test_the_interval_of_the_sample_covers_the_truth_whatever_was_read_before_and_since(make):
    """Reviews with 30 relevant records of 400, read in a good order; 60 of the unread drawn at random at some moment."""
    chance, covered, rounds = random.Random(1), 0, 300
    for _ in range(rounds):
        relevant = set(chance.sample(IDS, 30))
        order = sorted(IDS, key=lambda id_: chance.random() - 0.6 * (id_ in relevant))
        before, since = chance.randint(20, 200), chance.randint(0, 80)
        pool = order[before:]
        drawn = chance.sample(pool, 60)
        done = [*order[:before], *drawn, *[id_ for id_ in pool if id_ not in drawn][:since]]
        events = [
            make.issued("ta01", ["anna"], order[:before]),
            make.issued("ta02", ["anna"], drawn, purpose="control", pool=pool),
        ]
        states = {
            id_: make.state(id_, ("include" if id_ in relevant else "exclude") if id_ in done else "pending")
            for id_ in IDS
        }
        found = screening_evidence.evidence(events, {id_: id_ for id_ in IDS}, states)
        low, _, high = found.sample.remaining(0.95)
        covered += low <= len(relevant - set(done)) <= high
    assert covered >= 0.95 * rounds
