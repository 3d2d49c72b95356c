"""What people said of pairs: contradictions bind nothing, keep apart, and are told."""

import pytest

from scoping import duplicate_answers
from scoping.dedupe import dedupe
from scoping.schemas import PROBLEMS
from scoping.tables import _checked

ARM = {"scopus": "databases"}


def said(make, pair, answer, person="anna", sheet="du01"):
    return make.decision(pair, answer, person, stage="duplicates", sheet=f"{sheet}.{person}")


CASES = [
    ("one answer", [("A~B", "same", "anna")], {("A", "B"): "same"}),
    ("either order of the ids", [("B~A", "same", "anna")], {("A", "B"): "same"}),
    ("two people agree", [("A~B", "same", "anna"), ("A~B", "same", "ben")], {("A", "B"): "same"}),
    ("two people differ", [("A~B", "same", "anna"), ("A~B", "different", "ben")], {("A", "B"): "conflict"}),
    ("different and related differ", [("A~B", "related", "anna"), ("A~B", "different", "ben")], {("A", "B"): "conflict"}),
    ("withdrawn is none", [("A~B", "same", "anna"), ("A~B", "withdraw", "ben")], {("A", "B"): "same"}),
    (
        "a chain against what was told apart",
        [("A~B", "same", "anna"), ("B~C", "same", "anna"), ("A~C", "different", "ben")],
        {("A", "B"): "same", ("B", "C"): "conflict", ("A", "C"): "different"},
    ),
    (
        "a chain against a pair in conflict",
        [("A~B", "same", "anna"), ("B~C", "same", "anna"), ("A~C", "different", "ben"), ("A~C", "same", "anna")],
        {("A", "B"): "same", ("B", "C"): "conflict", ("A", "C"): "conflict"},
    ),
    (
        "a chain with nothing against it",
        [("A~B", "same", "anna"), ("B~C", "same", "anna"), ("A~D", "different", "ben")],
        {("A", "B"): "same", ("B", "C"): "same", ("A", "D"): "different"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "answers", "expected"), CASES, ids=[case[0] for case in CASES])
def test_answers_and_their_contradictions(make, what, answers, expected):
    rows = [said(make, *answer) for answer in answers]
    for given in (rows, rows[::-1]):
        assert {pair: each.answer for pair, each in duplicate_answers.standing(given).of.items()} == expected


def test_every_sheet_of_a_contradiction_is_named_with_what_to_do(make):
    answers = duplicate_answers.standing([said(make, "A~B", "same"), said(make, "A~B", "different", "ben", "du03")])
    (problem,) = _checked(PROBLEMS, list(duplicate_answers.problems(answers)))
    assert (
        "A~B was answered `same` by anna (sheet du01.anna), `different` by ben (sheet du03.ben)." in problem["problem"]
    )
    assert "withdraw" in problem["problem"]
    chain = [said(make, "A~B", "same"), said(make, "B~C", "same"), said(make, "A~C", "different", "ben")]
    (problem,) = duplicate_answers.problems(duplicate_answers.standing(chain))
    assert problem["item"] == "B~C"
    assert "other answers keep apart what this would join: A~C" in problem["problem"]


def test_what_is_in_conflict_is_not_merged_by_a_rule_either(make):
    """Somebody said that these are two reports: until that is settled, nothing may hide one of them."""
    a, b = make.entry(doi="10.1/a"), make.entry(doi="10.1/a", title="Evidence officers in a county council: an account")
    pair = "~".join(sorted((a["content_id"], b["content_id"])))
    assert len(dedupe([a, b], [], ARM)[0]) == 1, "control: the rule joins them"
    answers = [said(make, pair, "same"), said(make, pair, "different", "ben")]
    records, _, (row,) = dedupe([a, b], answers, ARM)
    assert len(records) == 2
    assert (row["answer"], row["person"], row["open"]) == ("conflict", "ben: different; anna: same", "yes")
    assert len(dedupe([a, b], [answers[0], said(make, pair, "same", "ben")], ARM)[0]) == 1, "settled by changing one"


def test_a_same_that_cannot_stand_beside_others_joins_nothing_and_is_open(make):
    a, b, c = (make.entry(f"A thing called {name}") for name in ("one", "two", "three"))
    x, y, z = sorted(row["content_id"] for row in (a, b, c))
    chain = [said(make, f"{x}~{y}", "same"), said(make, f"{y}~{z}", "same"), said(make, f"{x}~{z}", "different")]
    records, _, pairs = dedupe([a, b, c], chain, ARM)
    assert len(records) == 2
    assert [(row["a"], row["b"]) for row in pairs if row["open"]] == [(y, z)]
