"""What people said of files that are matched to no report by themselves."""

from typing import Any

import pytest

from scoping import file_answers
from scoping.fulltext_match import NOT_SOUGHT, Match, Reports

DOUBT = Match(candidates=("A", "B"), why="several reports have its title")


def heeded(make: Any, found: Match, **said: str) -> Match:
    reports = Reports([make.record(id_) for id_ in "ABC"], {"A", "B"})
    return file_answers.heeded(found, said, reports)


def test_yes_gives_the_file_to_the_report(make: Any) -> None:
    assert heeded(make, DOUBT, A="yes") == Match("A", "person")
    assert heeded(make, DOUBT, A="yes", B="no") == Match("A", "person")
    assert heeded(make, DOUBT) == DOUBT


def test_no_rules_a_report_out_and_never_gives_the_file_to_the_one_that_is_left(make: Any) -> None:
    found = heeded(make, DOUBT, A="no")
    assert (found.record_id, found.candidates) == ("", ("B",))
    assert found.why.startswith("several reports have its title; a person said that it is not A (")
    found = heeded(make, DOUBT, A="no", B="no")
    assert (found.record_id, found.candidates) == ("", ())
    assert heeded(make, DOUBT, C="no") == DOUBT


def test_no_rules_out_what_later_seemed_certain(make: Any) -> None:
    found = heeded(make, Match("A", "title"), A="no")
    assert (found.record_id, found.candidates) == ("", ())
    assert heeded(make, Match("A", "title"), B="no") == Match("A", "title")


@pytest.mark.parametrize("said", [{"A": "yes", "B": "yes"}, {"A": file_answers.TORN}])
def test_answers_that_contradict_each_other_give_the_file_to_nobody(make: Any, said: dict[str, str]) -> None:
    found = heeded(make, DOUBT, **said)
    assert (found.record_id, found.candidates) == ("", tuple(said))


@pytest.mark.parametrize(
    ("said", "record"), [({}, "A"), ({"A": "yes"}, "A"), ({"B": "no"}, "A"), ({"A": "no"}, ""), ({"B": "yes"}, "")]
)
def test_renaming_goes_on_working_and_a_contradiction_is_a_doubt(make: Any, said: dict[str, str], record: str) -> None:
    found = heeded(make, Match("A", "id"), **said)
    assert found.record_id == record
    assert bool(found.why) != bool(record)


def test_a_file_of_a_report_that_was_not_sought_stays_in_doubt(make: Any) -> None:
    found = heeded(make, DOUBT, C="yes")
    assert found.record_id == ""
    assert "not included at title and abstract" in found.why


def test_answers_are_read_by_file_and_report(make: Any) -> None:
    file = file_answers.file_id("0" * 64)
    rows = [
        make.decision(f"OLD~{file}", "yes", stage="doubtful_texts"),
        make.decision(f"A~{file}", "no", "ben", stage="doubtful_texts"),
        make.decision(f"B~{file}", "no", stage="doubtful_texts"),
        make.decision(f"B~{file}", "withdraw", "ben", stage="doubtful_texts"),
        make.decision(f"GONE~{file}", "no", stage="doubtful_texts"),
    ]
    said, gone = file_answers.answers(rows, {"A": "A", "B": "B", "OLD": "A"})
    assert said == {file: {"A": file_answers.TORN, "B": "no"}}
    assert [row["item"] for row in gone] == [f"GONE~{file}"]


def test_a_question_for_each_report_that_a_file_may_be() -> None:
    row = {"sha256": "0" * 64, "record_id": "", "candidates": '["A","B"]', "doubt": "two reports"}
    file = file_answers.file_id("0" * 64)
    assert list(file_answers.questions([row])) == [f"A~{file}", f"B~{file}"]
    assert file_answers.questions([{**row, "record_id": "A"}]) == {}
    early = {**row, "doubt": f"{NOT_SOUGHT}: A (Marsh 2020: Brokers)"}
    assert file_answers.questions([early]) == {}, "its report is certain, and waits for screening"
    assert file_answers.questions([{**row, "sha256": ""}]) == {}, "a file that cannot be read"
