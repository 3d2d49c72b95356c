"""The truth table of a screening stage, and that an answer for any entry of a record counts for it."""

import json
from collections import defaultdict
from itertools import permutations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping import record_ids, resolve
from scoping.resolve import Rules, screening
from scoping.schemas import STATES
from scoping.tables import _checked

REASONS = ("topic", "design", "language")
I, E, U, N, W = "include", "exclude", "unsure", "not_retrieved", "withdraw"  # noqa: E741
PEOPLE = ("anna", "ben", "dora")


def rules(votes: int, *, unsure_includes: bool = False) -> Rules:
    return Rules(defaultdict(lambda: votes), unsure_includes, REASONS)


@pytest.fixture(scope="session")
def state_of(make):
    """The state of one record, R, from answers of people in order; `final` is the adjudicator's."""

    def find(answers, votes, *, final=None, unsure_includes=False, **more):
        decisions = [make.decision("R", answer, person) for answer, person in zip(answers, PEOPLE, strict=False)]
        if final:
            decisions.append(make.decision("R", final, "carl", "R"))
        states, orphans = screening([make.record("R")], decisions, ["R"], rules(votes, unsure_includes=unsure_includes))
        assert orphans == []
        assert _checked(STATES, states) == states
        return states[0]

    return find


# answers, single, dual; then the same where `unsure` counts as `include`
TRUTH = [
    ("", "pending", "pending", "pending", "pending"),
    ("I", I, "pending", I, "pending"),
    ("E", E, "pending", E, "pending"),
    ("N", N, "pending", N, "pending"),
    ("U", "conflict", "pending", I, "pending"),
    ("W", "pending", "pending", "pending", "pending"),
    ("II", I, I, I, I),
    ("EE", E, E, E, E),
    ("NN", N, N, N, N),
    ("IE", "conflict", "conflict", "conflict", "conflict"),
    ("IN", "conflict", "conflict", "conflict", "conflict"),
    ("EN", "conflict", "conflict", "conflict", "conflict"),
    ("UU", "conflict", "conflict", I, I),
    ("IU", "conflict", "conflict", I, I),
    ("EU", "conflict", "conflict", "conflict", "conflict"),
    ("NU", "conflict", "conflict", "conflict", "conflict"),
    ("IW", I, "pending", I, "pending"),
    ("EW", E, "pending", E, "pending"),
    ("WW", "pending", "pending", "pending", "pending"),
    ("III", I, I, I, I),
    ("EEE", E, E, E, E),
    ("IIE", "conflict", "conflict", "conflict", "conflict"),
    ("IIU", "conflict", "conflict", I, I),
    ("IEW", "conflict", "conflict", "conflict", "conflict"),
    ("IIW", I, I, I, I),
]
WORDS = {"I": I, "E": E, "U": U, "N": N, "W": W}


def test_the_table_has_every_case_of_up_to_two_answers():
    cases = {"".join(sorted(letters)) for n in range(3) for letters in product("IEUNW", repeat=n)}
    missing = cases - {"".join(sorted(row[0])) for row in TRUTH}
    assert missing == {"NW", "UW"}  # as IW and EW


def test_the_page_for_people_has_the_same_table():
    page = (Path(__file__).resolve().parents[2] / "docs/resolution.md").read_text(encoding="utf-8")
    lines = page[page.index("| answers that stand |") :].split("\n\n")[0].splitlines()[2:]
    letter = {word.replace("_", " "): sign for sign, word in WORDS.items()} | {"none": ""}
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    shown = [("".join(letter[word] for word in row[0].split(", ")), *row[1:]) for row in rows]
    assert shown == [(row[0], *(state.replace("_", " ") for state in row[1:])) for row in TRUTH]


@pytest.mark.parametrize(("letters", "single", "dual", "single_kind", "dual_kind"), TRUTH)
def test_the_truth_table(state_of, letters, single, dual, single_kind, dual_kind):
    for order in set(permutations(letters)):
        answers = [WORDS[letter] for letter in order]
        assert state_of(answers, 1)["state"] == single
        assert state_of(answers, 2)["state"] == dual
        assert state_of(answers, 1, unsure_includes=True)["state"] == single_kind
        assert state_of(answers, 2, unsure_includes=True)["state"] == dual_kind


@pytest.mark.parametrize("votes", [1, 2])
@pytest.mark.parametrize("letters", ["", "I", "E", "U", "II", "EE", "IE", "IU", "UU", "IEN"])
@pytest.mark.parametrize("final", [I, E, N])
def test_an_adjudication_of_all_that_was_answered_is_final(state_of, letters, votes, final):
    row = state_of([WORDS[letter] for letter in letters], votes, final=final)
    assert (row["state"], row["decided_by"]) == (final, '["carl"]')


@pytest.mark.parametrize(("final", "unsure_includes"), [(U, False), (U, True), (W, False)])
@pytest.mark.parametrize(("letters", "expected"), [("IE", "conflict"), ("II", I), ("I", "pending"), ("EU", "conflict")])
def test_an_adjudicator_who_is_unsure_or_takes_it_back_settles_nothing(
    state_of, letters, expected, final, unsure_includes
):
    row = state_of([WORDS[letter] for letter in letters], 2, final=final, unsure_includes=unsure_includes)
    assert row["state"] == expected
    assert "carl" not in row["decided_by"]


WHY = [
    ("IE", 2, "answers differ"),
    ("UU", 2, "everyone is unsure"),
    ("U", 1, "everyone is unsure"),
    ("II", 2, ""),
    ("I", 2, ""),
]


@pytest.mark.parametrize(("letters", "votes", "why"), WHY)
def test_a_conflict_says_why(state_of, letters, votes, why):
    assert state_of([WORDS[letter] for letter in letters], votes)["why"] == why


# --- records that were enlarged later --------------------------------------------------------------------------------


def one(make, decisions, votes=2, ids=("R", "S")):
    """The state of the record that has these ids now."""
    states, orphans = screening([make.record(*ids)], decisions, [ids[0]], rules(votes))
    assert orphans == []
    return states[0]


def test_answers_for_any_entry_count_for_the_record(make):
    row = one(make, [make.decision("R", I), make.decision("S", I, "ben")])
    assert (row["state"], row["decided_ids"], row["answers"]) == (I, '["R","S"]', "2")


def test_one_person_who_answered_for_two_entries_is_one_person(make):
    assert one(make, [make.decision("R", I), make.decision("S", I)])["state"] == "pending"
    assert one(make, [make.decision("R", I), make.decision("S", I)], votes=1)["state"] == I


def test_entries_that_were_decided_differently_and_merged_later_are_a_conflict(make):
    decided = [make.decision("R", I), make.decision("R", I, "ben"), make.decision("S", E), make.decision("S", E, "ben")]
    row = one(make, decided)
    assert (row["state"], row["why"]) == ("conflict", "entries that were decided differently were merged")


def test_also_where_one_of_them_had_been_adjudicated(make):
    decided = [make.decision("R", I), make.decision("R", E, "ben"), make.decision("R", I, "carl", "R")]
    assert one(make, decided)["state"] == I
    later = [*decided, make.decision("S", E), make.decision("S", E, "ben")]
    assert one(make, later)["state"] == "conflict", "the adjudication does not cover what was answered for S"
    agreeing = [*decided, make.decision("S", I), make.decision("S", I, "ben")]
    assert one(make, agreeing)["state"] == I


def test_also_where_both_had_been_adjudicated_apart(make):
    def adjudicated(item, final):
        return [make.decision(item, I), make.decision(item, E, "ben"), make.decision(item, final, "carl", item)]

    assert one(make, [*adjudicated("R", I), *adjudicated("S", E)])["state"] == "conflict"
    assert one(make, [*adjudicated("R", I), *adjudicated("S", I)])["state"] == I


def test_an_adjudication_that_covers_both_settles_it(make):
    decided = [make.decision("R", I), make.decision("S", E, "ben"), make.decision("R", E, "carl", "R", "S")]
    assert one(make, decided)["state"] == E


def test_an_adjudication_covers_its_own_item_and_those_named(make):
    decided = [make.decision("R", I), make.decision("T", E, "ben"), make.decision("S", I, "carl", "R")]
    assert one(make, decided, ids=("R", "S", "T"))["state"] == "conflict", "T is not covered"
    decided[-1] = make.decision("S", I, "carl", "R", "T")
    assert one(make, decided, ids=("R", "S", "T"))["state"] == I


def test_if_an_adjudication_covered_everything_a_merge_would_hide_answers(make, monkeypatch):
    """Control: what covering is for."""
    decided = [make.decision("R", I, "carl", "R"), make.decision("S", E), make.decision("S", E, "ben")]
    assert one(make, decided)["state"] == "conflict"
    monkeypatch.setattr(resolve, "_covers", lambda _: frozenset({"R", "S"}))
    assert one(make, decided)["state"] == I


def test_an_adjudication_that_covers_more_replaces_one_that_covered_less(make):
    decided = [make.decision("R", I), make.decision("R", E, "ben"), make.decision("R", I, "carl", "R")]
    decided += [make.decision("S", E), make.decision("S", E, "ben"), make.decision("S", E, "carl", "R", "S")]
    row = one(make, decided)
    assert (row["state"], row["why"]) == (E, "")


def test_two_adjudications_of_the_same_entries_that_differ(make):
    decided = [make.decision("R", I, "carl", "R", "S"), make.decision("S", E, "carl", "R", "S"), make.decision("R", I)]
    assert one(make, decided)["state"] == "conflict"


def test_a_withdrawn_answer_for_one_entry_leaves_the_other(make):
    assert one(make, [make.decision("R", I), make.decision("R", W, "ben"), make.decision("S", I, "ben")])["state"] == I


ALIASES = {"R": ["R", "R2", "R3"], "S": ["S"], "T": ["T", "T2"]}


@settings(max_examples=150)
@given(
    said=st.lists(
        st.tuples(st.sampled_from(sorted(ALIASES)), st.sampled_from(PEOPLE), st.sampled_from([I, E, U, N, W])),
        max_size=9,
        unique_by=lambda s: s[:2],
    ),
    data=st.data(),
    votes=st.sampled_from([1, 2]),
)
def test_a_decision_keyed_on_any_id_of_a_record_resolves_to_it(make, said, data, votes):
    """Record ids change when later searches enlarge a record; what was decided does not."""
    records = [make.record(*ids) for ids in ALIASES.values()]
    plain = [make.decision(record, answer, person) for record, person, answer in said]
    keyed = [{**row, "item": data.draw(st.sampled_from(ALIASES[row["item"]]))} for row in plain]
    expected, _ = screening(records, plain, sorted(ALIASES), rules(votes))
    renamed = [make.record(*data.draw(st.permutations(ids))) for ids in ALIASES.values()]
    now = {json.loads(row["content_ids"])[0]: row["record_id"] for row in renamed}
    found, orphans = screening(renamed, data.draw(st.permutations(keyed)), now.values(), rules(votes))
    assert orphans == []
    by_id = {row["record_id"]: row for row in found}
    for row in expected:
        same = by_id[now[row["record_id"]]]
        for name in ("state", "reason", "decided_by", "answers"):
            assert same[name] == row[name]


def test_if_only_record_ids_counted_a_decision_would_be_lost(make, monkeypatch):
    """Control of the above."""
    monkeypatch.setattr(record_ids, "aliases", lambda records: {row["record_id"]: row["record_id"] for row in records})
    states, orphans = screening([make.record("R", "S")], [make.decision("S", I, title="x")], ["R"], rules(1))
    assert (states[0]["state"], len(orphans)) == ("pending", 1)


# --- what a state says besides ---------------------------------------------------------------------------------------


def excluded(make, *reasons, votes=2, final=None):
    decisions = [make.decision("R", E, person, reason=reason) for person, reason in zip(PEOPLE, reasons, strict=False)]
    if final is not None:
        decisions.append(make.decision("R", E, "carl", "R", reason=final))
    return screening([make.record("R")], decisions, ["R"], rules(votes))[0][0]


@pytest.mark.parametrize(
    ("given", "final", "reason", "all_reasons"),
    [
        (("topic", "topic"), None, "topic", ["topic"]),
        (("language", "topic"), None, "topic", ["topic", "language"]),
        (("design", "language"), None, "design", ["design", "language"]),
        (("", "design"), None, "design", ["design"]),
        (("", ""), None, "", []),
        (("old reason", "language"), None, "language", ["language", "old reason"]),
        (("old reason", ""), None, "old reason", ["old reason"]),
        (("x", "c", "m"), None, "c", ["c", "m", "x"]),
        (("c", "x", "topic"), None, "topic", ["topic", "c", "x"]),
        (("language", "topic"), "design", "design", ["design"]),
        (("language", "topic"), "", "", []),
    ],
)
def test_the_primary_reason_is_the_first_of_the_protocol(make, given, final, reason, all_reasons):
    row = excluded(make, *given, final=final)
    assert (row["state"], row["reason"], json.loads(row["reasons"])) == (E, reason, all_reasons)


@pytest.mark.parametrize("answers", [(I, I), (I, E), (E,)])
def test_only_an_exclusion_has_reasons(make, answers):
    decisions = [make.decision("R", a, p, reason="topic") for a, p in zip(answers, PEOPLE, strict=False)]
    row = screening([make.record("R")], decisions, ["R"], rules(2))[0][0]
    assert row["state"] != E
    assert (row["reason"], row["reasons"]) == ("", "[]")


def test_not_retrieved_keeps_the_last_route_and_date(make):
    decisions = [
        make.decision("R", N, "anna", route="library", date="2026-02-20"),
        make.decision("R", N, "ben", route="author asked", date="2026-03-01"),
    ]
    row = screening([make.record("R")], decisions, ["R"], rules(2))[0][0]
    assert (row["state"], row["route"], row["date"]) == (N, "author asked", "2026-03-01")
    row = screening([make.record("R")], decisions[::-1], ["R"], rules(2))[0][0]
    assert row["route"] == "author asked"
    found = [*decisions, make.decision("R", I, "carl", "R")]
    row = screening([make.record("R")], found, ["R"], rules(2))[0][0]
    assert (row["state"], row["route"], row["date"]) == (I, "", "")


def test_a_state_names_who_made_it_and_how_many_answers_stand(make):
    decisions = [make.decision("R", E, "ben"), make.decision("R", E, "anna"), make.decision("R", W, "dora")]
    row = screening([make.record("R")], decisions, ["R"], rules(2))[0][0]
    assert (row["decided_by"], row["answers"], row["decided_ids"]) == ('["anna","ben"]', "2", '["R"]')


def test_there_is_one_state_for_each_record_of_the_universe_in_order(make):
    records = [make.record(id_) for id_ in "RST"]
    states, orphans = screening(records, [make.decision("T", I)], ["T", "R"], rules(1))
    assert [(row["record_id"], row["state"]) for row in states] == [("R", "pending"), ("T", I)]
    assert orphans == []


def test_a_decision_on_a_record_outside_the_universe_is_no_orphan(make):
    """It stands in the ledger for the day on which the record comes back."""
    assert screening([make.record("R"), make.record("S")], [make.decision("S", I)], ["R"], rules(1))[1] == []
