"""Answers about studies bind for ever; where they contradict each other nothing is linked and a person is told."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import study_answers
from scoping.schemas import PROBLEMS
from scoping.tables import _checked

KNOWN = {id_: id_ for id_ in "ABCD"} | {"OLD": "A"}
SAME, OTHER = "same_study", "different_studies"


def said(make: Any, *rows: tuple[str, ...]) -> study_answers.Answers:
    """Answers as (item, decision, names, person)."""
    decisions = []
    for number, (item, decision, *more) in enumerate(rows):
        names, person = [*more, "", "anna"][:2] if len(more) < 2 else more
        sheet = f"st{number:02d}.{person}"
        decisions.append(make.decision(item, decision, person, stage="studies", sheet=sheet, names=names))
    found = study_answers.read(decisions, KNOWN)
    assert _checked(PROBLEMS, found.problems) is not None
    return found


def groups(make: Any, *rows: tuple[str, ...], related: str = "") -> tuple[list[set[str]], list[str]]:
    """(the studies of A to D, problems); `related` are two that were called so on the sheet of duplicates."""
    records = [make.record(id_, study_id=min(related) if id_ in related else id_) for id_ in "ABCD"]
    found, problems = study_answers.link(records, said(make, *rows))
    return sorted((found.members[root] for root in found.members), key=min), [row["problem"] for row in problems]


def test_a_link_holds_through_others_and_through_related(make: Any) -> None:
    assert groups(make, ("A~B", SAME)) == ([{"A", "B"}, {"C"}, {"D"}], [])
    assert groups(make, ("A~B", SAME), ("B~C", SAME)) == ([{"A", "B", "C"}, {"D"}], [])
    assert groups(make, ("B~C", SAME), related="CD") == ([{"A"}, {"B", "C", "D"}], [])


def test_an_answer_for_any_entry_of_a_record_counts(make: Any) -> None:
    assert groups(make, ("OLD~B", SAME))[0] == [{"A", "B"}, {"C"}, {"D"}]


@pytest.mark.parametrize("order", list(permutations([("A~B", SAME), ("B~C", SAME), ("A~C", OTHER)])))
def test_a_chain_that_an_answer_cuts_is_not_linked_whatever_the_order(make: Any, order: Any) -> None:
    found, problems = groups(make, *order)
    assert found == [{"A"}, {"B"}, {"C"}, {"D"}]
    assert [problem[:52] for problem in problems] == ["A and C were said to be of different studies, but ot"]
    assert "A~B, B~C" in problems[0]
    without = [row for row in order if row[1] == SAME]
    assert groups(make, *without) == ([{"A", "B", "C"}, {"D"}], []), "the same without the answer that cuts it"


def test_what_people_answered_differently_links_nothing_and_is_a_problem(make: Any) -> None:
    found = said(make, ("A~B", SAME), ("B~A", OTHER, "", "ben"))
    assert found.pairs == {}
    assert "anna said `same study` and ben said `different studies`" in found.problems[0]["problem"]
    assert groups(make, ("A~B", SAME), ("B~A", OTHER, "", "ben"))[0] == [{"A"}, {"B"}, {"C"}, {"D"}]


def test_different_studies_that_are_one_record_now_are_a_problem(make: Any) -> None:
    assert "are one record now" in said(make, ("A~OLD", OTHER)).problems[0]["problem"]
    assert said(make, ("A~OLD", SAME)).problems == []


def test_an_answer_whose_report_is_gone_is_listed_and_a_withdrawn_one_is_none(make: Any) -> None:
    found = said(make, ("A~GONE", SAME), ("GONE", "several", "X; Y"), ("C~GONE", "withdraw"), ("A~B", "withdraw"))
    assert [row["item"] for row in found.problems] == ["A~GONE", "GONE"]
    assert (found.pairs, found.models) == ({}, {})


def test_models_of_a_report(make: Any) -> None:
    found = said(make, ("A", "several", "Hub; Pool"), ("B", "one"), ("C", "one", "Hub"))
    assert found.models == {"A": (2, ("Hub", "Pool")), "B": (1, ()), "C": (1, ("Hub",))}


def test_where_people_differ_on_models_no_coded_cell_goes_and_it_is_told(make: Any) -> None:
    found = said(make, ("A", "one"), ("OLD", "several", "Hub; Pool", "ben"))
    assert found.models == {"A": (2, ("Hub", "Pool"))}
    assert "the longest list counts" in found.problems[0]["problem"]
    assert said(make, ("A", "several", "Hub; Pool"), ("OLD", "several", "Hub; Pool", "ben")).problems == []


def test_more_models_on_another_report_than_on_the_main_one_are_told(make: Any) -> None:
    main = {"A": "A", "B": "A"}
    found = said(make, ("A", "one"), ("B", "several", "Hub; Pool"))
    (problem,) = study_answers.lacking(found, {"A", "B"}, main)
    assert "B describes 2 models (Hub; Pool), but what is coded for its study hangs on A" in problem["problem"]
    assert study_answers.lacking(found, {"A", "B"}, {"A": "A", "B": "B"}) == []
    assert study_answers.lacking(found, {"A"}, main) == []


PAIRS = [f"{a}~{b}" for a in "ABCD" for b in "ABCD" if a < b]


@given(st.dictionaries(st.sampled_from(PAIRS), st.sampled_from((SAME, OTHER))))
def test_no_answer_is_ever_broken_or_passed_over_in_silence(answers: dict[str, str]) -> None:
    from tests.unit.conftest import Make

    found, problems = groups(Make, *answers.items())
    together = {frozenset(pair) for group in found for pair in _pairs(group)}
    for item, answer in answers.items():
        pair = frozenset(item.split("~"))
        if answer == OTHER:
            assert pair not in together
        else:
            assert pair in together or any(item in problem for problem in problems)
    linked = [item for item, answer in answers.items() if answer == SAME]
    assert all(_reachable(pair, linked) for pair in together), "nothing is linked that nobody linked"


def _pairs(group: set[str]) -> list[tuple[str, str]]:
    return [(a, b) for a in group for b in group if a < b]


def _reachable(pair: frozenset[str], linked: list[str]) -> bool:
    seen, todo = set(), [min(pair)]
    while todo:
        at = todo.pop()
        seen.add(at)
        todo += [end for item in linked if at in item.split("~") for end in item.split("~") if end not in seen]
    return pair <= seen
