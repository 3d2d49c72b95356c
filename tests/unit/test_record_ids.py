"""Ids that only old sheets know: found again by DOI or title where that is certain, else a person sees them."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import record_ids
from scoping.record_ids import aliases, find_again, known_ids
from scoping.resolve import Rules, screening
from scoping.schemas import PROBLEMS
from scoping.tables import _checked

LONG = "Evidence officers in a county council"
RULES = Rules(defaultdict(lambda: 1), False, ())


def test_aliases(make):
    assert aliases([make.record("R", "S"), make.record("T")]) == {"R": "R", "S": "R", "T": "T"}


def test_included(make):
    states = [
        make.state(id_, state)
        for id_, state in zip("ABCDE", ("include", "exclude", "pending", "conflict", "include"), strict=True)
    ]
    assert record_ids.included(states) == ["A", "E"]
    assert record_ids.by_id(states)["B"]["state"] == "exclude"


# (what, DOI and title when it was issued, records now as (id, DOI, title), found)
AGAIN = [
    ("by DOI", ("10.1/a", "Other words"), [("R", "10.1/a", LONG)], "R"),
    ("by DOI, although the title fits another", ("10.1/a", LONG), [("R", "10.1/a", "Other"), ("S", "", LONG)], "R"),
    ("by title", ("", LONG), [("R", "", LONG)], "R"),
    ("by title, capitals and points apart", ("", LONG.upper() + "."), [("R", "", LONG)], "R"),
    ("by title, the record has a DOI now", ("", LONG), [("R", "10.1/a", LONG)], "R"),
    ("by title, the record has no DOI any more", ("10.1/a", LONG), [("R", "", LONG)], "R"),
    ("the same title, but another DOI", ("10.1/preprint", LONG), [("R", "10.1/article", LONG)], ""),
    ("the same title with and without DOI", ("10.1/a", LONG), [("R", "10.1/b", LONG), ("S", "", LONG)], "S"),
    ("a title that proves nothing", ("", "Editorial"), [("R", "", "Editorial")], ""),
    ("a title of 19 letters", ("", "nineteen letters, abcd"), [("R", "", "nineteen letters, abcd")], ""),
    ("a title of 20 letters", ("", "nineteen letters, abcde"), [("R", "", "nineteen letters, abcde")], "R"),
    ("two records with the title", ("", LONG), [("R", "", LONG), ("S", "10.1/b", LONG)], ""),
    ("two records with the DOI", ("10.1/a", ""), [("R", "10.1/a", "One"), ("S", "10.1/a", "Two")], ""),
    ("neither", ("10.1/a", LONG), [("R", "10.1/b", "Other")], ""),
    ("nothing known", ("", ""), [("R", "", "")], ""),
    ("nothing but points", ("", "…"), [("R", "", "…")], ""),
    ("no records", ("10.1/a", LONG), [], ""),
]


@pytest.mark.parametrize(("what", "known_as", "now", "found"), AGAIN, ids=[what for what, *_ in AGAIN])
def test_find_again(make, what, known_as, now, found):
    records = [make.record(id_, doi=doi, title=title) for id_, doi, title in now]
    assert find_again(records, {"OLD": known_as}) == ({"OLD": found} if found else {})
    decision = make.decision("OLD", "include", doi=known_as[0], title=known_as[1])
    states, orphans = screening(records, [decision], [id_ for id_, *_ in now], RULES)
    assert orphans == ([] if found else [decision])
    assert [row["record_id"] for row in states if row["state"] == "include"] == ([found] if found else [])


def test_an_id_that_is_known_is_not_looked_for(make):
    """Also where its DOI points elsewhere by now."""
    records = [make.record("R"), make.record("S", doi="10.1/a")]
    known, orphans = known_ids(records, [make.decision("R", "include", doi="10.1/a")])
    assert (known["R"], orphans) == ("R", [])


def test_answers_of_several_people_under_a_lost_id_meet_again(make):
    records = [make.record("R", doi="10.1/a")]
    decisions = [make.decision("OLD", "exclude", who, doi="10.1/a") for who in ("anna", "ben")]
    states, _ = screening(
        records, [*decisions, make.decision("R", "include", "dora")], ["R"], Rules(defaultdict(lambda: 2), False, ())
    )
    assert states[0]["state"] == "conflict"
    states, _ = screening(records, decisions, ["R"], Rules(defaultdict(lambda: 2), False, ()))
    assert states[0]["state"] == "exclude"


def test_coded_items_are_known_by_their_record(make):
    records = [make.record("R", doi="10.1/a")]
    decisions = [make.decision(f"OLD:{code}", "yes", doi="10.1/a") for code in ("POP", "LEV")]
    known, orphans = known_ids(records, decisions)
    assert (known["OLD"], orphans) == ("R", [])
    assert known_ids([], decisions)[1] == decisions


def test_a_withdrawn_answer_is_no_orphan(make):
    """Withdrawing is what a person is told to do about an orphan: then it must be gone from the list."""
    assert known_ids([], [make.decision("OLD", "withdraw", title=LONG)])[1] == []
    assert len(known_ids([], [make.decision("OLD", "include", title=LONG)])[1]) == 1


@given(st.lists(st.tuples(st.sampled_from("RSTX"), st.sampled_from(["include", "exclude", "withdraw"])), max_size=6))
def test_every_answer_is_known_an_orphan_or_withdrawn(make, said):
    records = [make.record(id_) for id_ in "RST"]
    decisions = [make.decision(*row) for row in said]
    known, orphans = known_ids(records, decisions)
    for row in decisions:
        assert (row["item"] in known) + (row in orphans) + (row["item"] == "X" and row["decision"] == "withdraw") == 1


def test_what_a_person_is_told_of_an_orphan(make):
    row = record_ids.orphan_problem(
        "full_text", make.decision("OLD", "include", "anna", title=LONG * 9, sheet="ft01.anna")
    )
    assert _checked(PROBLEMS, [row]) == [row]
    assert row["problem"].startswith(f"anna decided `include` for OLD ('{LONG}")
    assert len(row["problem"]) < 260
    assert (row["stage"], row["sheet"], row["item"], row["waits"]) == ("full_text", "ft01.anna", "OLD", "row")


def test_a_record_is_found_again_by_any_of_its_dois(make):
    records = [make.record("A", doi="10.1/a", dois='["10.1/a","10.1/b"]'), make.record("B", doi="10.1/c")]
    assert record_ids.find_again(records, {"X": ("10.1/b", ""), "Y": ("10.1/c", "")}) == {"X": "A", "Y": "B"}
