"""The pilot's gate: opened by agreement or by a named person, once, and never by talking a pilot over."""

from dataclasses import replace

import pytest

from scoping import folder, gate
from scoping.schemas import PILOTS
from scoping.tables import _checked

ITEMS = [f"R{number:02}" for number in range(20)]


@pytest.fixture
def trial(make):
    """The events of a pilot of 20 records, of which anna and ben see so many differently, and the section of the stage."""

    def build(differ, *, open_=0, **section):
        stages = make.review().model_dump(mode="json")["stages"]
        stages["title_abstract"] |= section
        anna = dict.fromkeys(ITEMS, "include")
        ben = {item: "exclude" if number < differ else "include" for number, item in enumerate(ITEMS[open_:])}
        events = [
            make.issued("ta01-pilot", ["anna", "ben"], ITEMS, purpose="pilot"),
            make.read("ta01-pilot.anna", anna, "a"),
            make.read("ta01-pilot.ben", ben, "b"),
        ]
        return events, make.review(stages=stages).stages.title_abstract

    return build


def outcome(events, section, people=("anna", "ben")):
    found = gate.rounds(events, people)
    fields = gate.passing(events, found, section)
    rows = gate.rows(found, fields, section)
    assert _checked(PILOTS, rows) == rows
    return rows[-1]["state"], fields


@pytest.mark.parametrize(("differ", "threshold", "state"), [(0, 0.75, "reached"), (5, 0.75, "reached"), (6, 0.75, "below"), (6, 0.7, "reached"), (20, 0, "reached")])  # fmt: skip
def test_raw_agreement_decides(trial, differ, threshold, state):
    found, fields = outcome(*trial(differ, gate=threshold))
    assert found == state
    assert bool(fields) == (state == "reached")
    if fields:
        assert (fields["raw"], fields["compared"], fields["by"]) == (f"{1 - differ / 20:.4f}", 20, "")


def test_ac1_stands_beside_it(trial):
    """16 of 20 agree, all on include: chance is 2 * 0.9 * 0.1 for a mean prevalence of 0.9 (Gwet 2008)."""
    _, fields = outcome(*trial(4))
    assert fields["raw"] == "0.8000"
    assert float(fields["ac1"]) == pytest.approx((0.8 - 0.18) / (1 - 0.18), abs=5e-5)


def test_it_stays_shut_while_somebody_is_labelling(trial):
    assert outcome(*trial(0, open_=1)) == ("open", None)
    assert outcome(*trial(0, open_=1), people=["anna"])[0] == "reached", "nobody waits for ben, who left"


def test_a_named_person_lets_it_pass_with_a_reason(trial):
    passed = {"by": "carl", "reason": "All differ on one criterion, which is reworded"}
    state, fields = outcome(*trial(9, gate_passed=passed))
    assert state == "passed"
    assert (fields["by"], fields["reason"], fields["raw"]) == ("carl", passed["reason"], "0.5500")
    state, fields = outcome(*trial(1, gate_passed=passed))
    assert (state, fields["by"]) == ("reached", ""), "where agreement is enough, nobody has to answer for it"
    assert outcome(*trial(9, open_=1, gate_passed=passed)) == ("open", None), "not before it is finished"


def test_answers_that_are_changed_after_a_talk_do_not_open_it(make, trial):
    events, section = trial(9)
    events.append(make.read("ta01-pilot.ben", dict.fromkeys(ITEMS, "include"), "b2"))
    assert outcome(events, section) == ("below", None)


def test_control_with_the_answers_that_stand_a_talk_would_open_it(make, trial, monkeypatch):
    from scoping import folder

    monkeypatch.setattr(folder, "independent", folder.decisions)
    events, section = trial(9)
    events.append(make.read("ta01-pilot.ben", dict.fromkeys(ITEMS, "include"), "b2"))
    assert outcome(events, section)[0] == "reached"


def test_once_open_it_stays_open(make, trial):
    events, section = trial(1)
    fields = gate.passing(events, gate.rounds(events, ["anna", "ben"]), section)
    events.append({"kind": "gate", "stage": "title_abstract", **fields})
    strict = section.model_copy(update={"gate": 1.0})
    found = gate.rounds(events, ["anna", "ben"])
    assert gate.passing(events, found, strict) is None
    assert gate.rows(found, gate.passed(events), strict)[0]["state"] == "reached"


def test_a_review_that_went_on_without_a_gate_gets_none_later(make, trial):
    events, section = trial(1)
    events.append(make.issued("ta02", ["anna", "ben"], ["R90"]))
    assert gate.passing(events, gate.rounds(events, ["anna", "ben"]), section) is None


def test_one_person_alone_has_nothing_to_compare(make, trial):
    _, section = trial(0)
    events = [
        make.issued("ta01-pilot", ["anna"], ITEMS, purpose="pilot"),
        make.read("ta01-pilot.anna", dict.fromkeys(ITEMS, "include"), "a"),
    ]
    state, fields = outcome(events, section, people=["anna"])
    assert (state, fields["raw"], fields["compared"]) == ("reached", "", 0)


def test_the_table_opens_to_the_ids(trial):
    events, section = trial(3)
    (row,) = gate.rows(gate.rounds(events, ["anna", "ben"]), None, section)
    assert row["differ"] == '["R00","R01","R02"]'
    assert row["items"] == "20"


def test_the_second_pilot_decides(make, trial):
    events, section = trial(9, pilot_rounds=2)
    events += [
        make.issued("ta02-pilot", ["anna", "ben"], ["S1", "S2"], purpose="pilot"),
        make.read("ta02-pilot.anna", {"S1": "include", "S2": "exclude"}, "a2"),
        make.read("ta02-pilot.ben", {"S1": "include", "S2": "exclude"}, "b2"),
    ]
    found = gate.rounds(events, ["anna", "ben"])
    fields = gate.passing(events, found, section)
    assert fields["batch"] == "ta02-pilot"
    assert [row["state"] for row in gate.rows(found, fields, section)] == ["below", "reached"]


def test_rows_that_nobody_waits_for_any_more_do_not_keep_it_shut(trial):
    """Codes that changed since a pilot of coding was issued: their rows stay blank."""
    events, _ = trial(0, open_=3)
    sheets = {sheet: replace(info, items=info.items[3:]) for sheet, info in folder.issued(events).items()}
    answered = folder.answered(events)
    assert [found.open for found in gate.rounds(events, ("anna", "ben"))] == [True]
    assert [found.open for found in gate.rounds(events, ("anna", "ben"), (sheets, answered))] == [False]
