"""A stop is declared by people, covers what nobody was given by then, and takes no decision away."""

import datetime

import pytest

from scoping import declared_stop, fixed_target, history, screening_evidence
from scoping.screening_settings import Screening, Stop

IDS = [f"R{number:02}" for number in range(60)]
KNOWN = {id_: id_ for id_ in IDS}


def stop(rule="buscar", **changes):
    fields = {"rule": rule, "declared_by": "anna", "date": datetime.date(2026, 3, 1), "reason": "Enough.", **changes}
    return Stop.model_validate(fields)


class Stage:
    """A stage of one person: batches of some records, answered; `event` of a stop goes into its ledger."""

    def __init__(self, make):
        self.make, self.events, self.said = make, [], {}

    def batch(self, ids, include=(), *, answered=True, **fields):
        name = f"ta{len(self.events):02}"
        self.events.append(self.make.issued(name, ["anna"], list(ids), **fields))
        if answered:
            labels = {id_: "include" if id_ in include else "exclude" for id_ in ids}
            self.said |= labels
            self.events.append(self.make.read(f"{name}.anna", labels, name))

    @property
    def states(self):
        return [self.make.state(id_, self.said.get(id_, "pending"), answers=str(int(id_ in self.said))) for id_ in IDS]

    @property
    def evidence(self):
        return screening_evidence.evidence(self.events, KNOWN, {row["record_id"]: row for row in self.states})

    def declare(self, screening):
        by_id = {row["record_id"]: row for row in self.states}
        fields = declared_stop.due(self.events, KNOWN, by_id, self.evidence, "title_abstract", screening)
        if fields:
            self.events.append({"kind": "stop", "stage": "title_abstract", **fields})
        return fields

    def left(self):
        rows = declared_stop.applied(self.states, self.events, KNOWN, "title_abstract")
        return [row["record_id"] for row in rows if row["state"] == "unscreened"]


@pytest.fixture
def stage(make):
    made = Stage(make)
    made.batch(IDS[:20], include=IDS[:4])
    made.batch(IDS[20:30])
    made.batch(IDS[30:40], answered=False)
    return made


def test_nothing_is_left_unscreened_without_a_declaration(stage):
    assert stage.declare(Screening()) is None
    assert stage.left() == []
    assert {row["state"] for row in stage.states} == {"include", "exclude", "pending"}


def test_a_stop_covers_what_nobody_was_given_and_the_ledger_keeps_what_the_rules_said(stage):
    event = stage.declare(Screening(stop=stop()))
    assert stage.left() == IDS[40:], "what lies on a sheet is finished first"
    assert (event["read"], event["relevant"]) == (IDS[:30], IDS[:4])
    assert (event["held"], event["consecutive"]) == (IDS[30:40], 26)
    assert event["met"] is False
    assert event["figures"]["buscar"]["p"] > 0.05
    assert event["claim"].startswith("Only 4 relevant records were found")
    assert stage.declare(Screening(stop=stop())) is None, "it is told once"
    assert "although the rule was not met (p = " in declared_stop.rule_in_words(event)


def test_a_stop_of_another_stage_leaves_this_one_alone(stage):
    assert stage.declare(Screening(stop=stop(stage="title"))) is None
    assert stage.left() == []


def test_without_the_ledgers_event_nothing_would_be_left(stage, monkeypatch):
    """Control: it is the declaration that stands in the ledger, and nothing else, that takes records out."""
    stage.declare(Screening(stop=stop()))
    monkeypatch.setattr(declared_stop, "standing", lambda *_: None)
    assert stage.left() == []


def test_an_undeclared_exclusion_would_be_seen(stage, monkeypatch):
    """Control: with the guard gone, the first test of this file fails."""
    monkeypatch.setattr(declared_stop, "standing", lambda *_: {"left": IDS[40:]})
    assert stage.left() == IDS[40:]


def test_withdrawing_brings_all_records_back_and_no_decision_is_lost(stage):
    before = stage.states
    stage.declare(Screening(stop=stop()))
    stage.batch(IDS[40:42], include=IDS[40:41])  # people may still answer, and it counts
    assert stage.left() == IDS[42:]
    assert stage.declare(Screening()) == {"declared": False}
    assert stage.left() == []
    assert stage.declare(Screening()) is None
    now = {row["record_id"]: row["state"] for row in stage.states}
    assert all(now[row["record_id"]] == row["state"] for row in before if row["record_id"] not in IDS[40:42])
    assert (now["R40"], now["R41"]) == ("include", "exclude")


def test_records_of_a_later_search_are_not_covered_until_it_is_declared_anew(stage, make):
    stage.declare(Screening(stop=stop()))
    later = [*stage.states, make.state("NEW", "pending")]
    known = {**KNOWN, "NEW": "NEW"}
    rows = declared_stop.applied(later, stage.events, known, "title_abstract")
    assert rows[-1]["state"] == "pending"
    by_id = {row["record_id"]: row for row in later}
    found = screening_evidence.evidence(stage.events, known, by_id)
    for change, covered in (({"reason": "Other words."}, False), ({"date": datetime.date(2026, 4, 1)}, True)):
        fields = declared_stop.due(stage.events, known, by_id, found, "title_abstract", Screening(stop=stop(**change)))
        assert ("NEW" in fields["left"]) is covered, change


def test_a_record_with_one_answer_of_two_is_not_left(stage):
    rows = [stage.make.state("R50", "pending", answers="1")]
    stage.declare(Screening(stop=stop()))
    assert declared_stop.applied(rows, stage.events, KNOWN, "title_abstract") == rows


def test_a_declaration_without_a_rule_claims_nothing(stage):
    event = stage.declare(Screening(stop=stop("declared")))
    assert event["claim"] == "Cannot claim any recall: screening was stopped without a rule."
    assert declared_stop.rule_in_words(event) == "no rule"


def test_the_history_of_a_record_tells_that_it_was_left_and_came_back(stage):
    stage.declare(Screening(stop=stop()))
    stage.declare(Screening())
    events = [
        {"seq": at, "recorded_at": "t", "file": "", "ordered_by": {}, "known_as": {}, **event}
        for at, event in enumerate(stage.events, 1)
    ]
    left = [line.split("title_abstract: ")[1] for line in history.of_record(events, {"R50"})]
    assert left == ["left unscreened by a stop that anna declared (Enough.)", "no stop leaves it unscreened any more"]
    assert not any("stop" in line for line in history.of_record(events, {"R00"}))


# --- the target --------------------------------------------------------------------------------------------------------


def aimed(make, *steps):
    """Events of batches issued at a target, of changes, and of answers."""
    events = []
    for step in steps:
        if step == "answer":
            events.append(make.read("ta01.anna", {"R00": "include"}, "x"))
        elif isinstance(step, tuple):
            events.append({"kind": "target", "stage": "title_abstract", "target": list(step)})
        else:
            events.append(make.issued("ta01", ["anna"], ["R00"], target=[step, 0.05]))
    return events


def test_a_target_that_was_edited_after_the_first_decision_is_a_deviation(make):
    events = aimed(make, 0.95, "answer")
    assert fixed_target.deviation(events, Screening()) is None
    found = fixed_target.deviation(events, Screening(target_recall=0.9))
    assert found.fixed == (0.95, 0.05)
    assert found.sentence.endswith("changed from a recall of 95% (p < 0.05) to a recall of 90% (p < 0.05).")
    assert fixed_target.changed(events, Screening(target_recall=0.9)) == {"target": [0.9, 0.05]}
    back = fixed_target.deviation(aimed(make, 0.95, "answer", (0.9, 0.05)), Screening())
    assert [target for target, _ in back.later] == [0.9, 0.95], "going back does not undo it"


def test_a_target_that_was_edited_before_the_first_decision_is_none(make):
    events = aimed(make, 0.95, (0.9, 0.05), "answer")
    assert fixed_target.fixed(events) == (0.9, 0.05)
    assert fixed_target.deviation(events, Screening(target_recall=0.9)) is None
    assert fixed_target.deviation(aimed(make, 0.95), Screening(target_recall=0.9)) is None
    assert fixed_target.changed(events, Screening(target_recall=0.9)) is None


def test_a_ledger_that_kept_no_target_before_the_first_decision_says_nothing_of_a_change(make):
    events = [make.issued("ta01", ["anna"], ["R00"]), *aimed(make, "answer")]
    assert fixed_target.fixed(events) is None
    assert fixed_target.changed(events, Screening()) is None
    assert fixed_target.deviation(events, Screening(target_recall=0.9)) is None
