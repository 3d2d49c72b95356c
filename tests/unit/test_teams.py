"""How much work each person has taken so far, by the sheets that were issued."""

import pytest

from scoping import teams
from scoping.folder import SheetInfo


def batch(number, rows, team):
    """The sheets of a batch: person -> rows; `team` are all who were there."""
    shares = dict.fromkeys(team.split(), 1.0)
    return [
        SheetInfo(
            f"ta{number:02}.{person}", "title_abstract", f"ta{number:02}", "main", "screen", person, "", "",
            tuple(f"R{at}" for at in range(count)), {}, {}, shares,
        )
        for person, count in rows.items()
    ]  # fmt: skip


def rotation(*pairs, team, rows=50):
    return [batch(number, dict.fromkeys(pair.split(), rows), team) for number, pair in enumerate(pairs)]


def test_whoever_joins_stands_where_the_least_loaded_of_those_present_stands_not_where_a_slow_one_left():
    before = rotation("anna ben", "anna cleo", "ben cleo", "anna dan", "ben cleo", team="anna ben cleo dan")
    here = ("anna", "ben", "cleo", "fay", "gus")
    assert teams.loads(before, here) == {"anna": 3, "ben": 3, "cleo": 3, "fay": 3, "gus": 3}
    after = [*before, *rotation("anna fay", team=" ".join(here))]
    assert teams.loads(after, here) == {"anna": 4, "ben": 3, "cleo": 3, "fay": 4, "gus": 3}


def test_rows_that_somebody_left_undecided_are_as_much_work_as_they_are_rows():
    sheets = [*rotation("anna ben", team="anna ben cleo", rows=200), batch(9, {"cleo": 10}, "anna cleo")]
    assert teams.loads(sheets, ("anna", "cleo")) == {"anna": 1, "cleo": pytest.approx(0.05)}


def test_in_batches_that_grow_each_counts_as_one_when_it_is_issued():
    sheets = [*rotation("anna ben", team="anna ben cleo", rows=50), *rotation("anna cleo", team="anna cleo", rows=150)]
    assert teams.loads(sheets, ("anna", "ben", "cleo")) == {"anna": 2, "ben": 1, "cleo": 1}
