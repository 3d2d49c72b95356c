"""Which batches are due: pilot first, few at a time, teams in turn, nothing issued twice."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping import batches, folder
from scoping.batches import Plan, due, finished, given_out, issued_batches, open_conflicts, seeded

IDS = [f"R{number:02}" for number in range(40)]


def plan(**changes) -> Plan:
    plain = {
        "stage": "title_abstract", "people": ("anna", "ben"), "votes": 2, "adjudicator": "carl", "pilot": 4, "batch": 5,
        "open_batches": 2, "seed": 7,
    }  # fmt: skip
    return Plan(**{**plain, **changes})


class Office:
    """What was issued and answered; `step` issues what is due, and then nothing more may be due."""

    def __init__(self, make, terms=None):
        self.make, self.plan, self.events, self.answered, self.conflicts = make, terms or plan(), [], set(), {}

    @property
    def sheets(self):
        return folder.issued(self.events)

    def due(self, candidates, **more):
        given = given_out(self.sheets, {})
        fresh = [id_ for id_ in candidates if id_ not in given]
        return due(self.plan, fresh, self.conflicts, self.sheets, self.answered, **more)

    def step(self, candidates, **more):
        found = self.due(candidates, **more)
        for batch in found:
            fields = {"purpose": batch.purpose, "role": batch.role, "covers": dict(batch.covers)}
            event = self.make.issued(
                batch.batch, list(batch.people), list(batch.items), stage=self.plan.stage, **fields
            )
            self.events.append(event)
        assert self.due(candidates, **more) == [], "what is due is issued once"
        return found

    def answer(self, batch, people=None, items=None):
        for person in people or batch.people:
            self.answered |= {(f"{batch.batch}.{person}", item) for item in items or batch.items}


@pytest.fixture
def office(make):
    return Office(make)


def names(found):
    return [(batch.batch, batch.people, len(batch.items)) for batch in found]


# --- the course of a stage -------------------------------------------------------------------------------------------


def test_the_pilot_comes_first_alone_and_to_everybody(make):
    office = Office(make, plan(people=("anna", "ben", "dora")))
    (pilot,) = office.step(IDS)
    assert (pilot.batch, pilot.purpose, pilot.role) == ("ta01-pilot", "pilot", "screen")
    assert pilot.people == ("anna", "ben", "dora")
    assert len(pilot.items) == 4
    office.answer(pilot, people=["anna", "ben"])
    assert office.step(IDS) == [], "not before all have finished the pilot"
    office.answer(pilot, people=["dora"])
    assert [batch.purpose for batch in office.step(IDS)] == ["main", "main"]


def test_without_a_pilot_batches_start_at_once(make):
    office = Office(make, plan(pilot=0))
    assert names(office.step(IDS)) == [("ta01", ("anna", "ben"), 5), ("ta02", ("anna", "ben"), 5)]


def test_then_batches_in_the_order_of_candidates_with_at_most_so_many_open(office):
    (pilot,) = office.step(IDS)
    office.answer(pilot)
    rest = [id_ for id_ in IDS if id_ not in pilot.items]
    one, two = office.step(IDS)
    assert [set(one.items), set(two.items)] == [set(rest[:5]), set(rest[5:10])]
    assert [one.batch, two.batch] == ["ta02", "ta03"]
    office.answer(one, people=["anna"])
    assert office.step(IDS) == []
    office.answer(one, people=["ben"])
    (three,) = office.step(IDS)
    assert (three.batch, set(three.items)) == ("ta04", set(rest[10:15]))


def test_half_a_batch_is_unfinished(office):
    (pilot,) = office.step(IDS)
    office.answer(pilot, items=pilot.items[:-1])
    assert office.step(IDS) == []


def test_the_end_of_the_candidates(make):
    office = Office(make, plan(pilot=0))
    assert names(office.step(IDS[:7])) == [("ta01", ("anna", "ben"), 5), ("ta02", ("anna", "ben"), 2)]
    assert office.step([]) == []


def test_less_than_a_batch_waits_where_more_will_come(make):
    office = Office(make, plan(pilot=0))
    assert names(office.step(IDS[:7], wait_for_more=True)) == [("ta01", ("anna", "ben"), 5)]
    assert names(office.step(IDS[:7])) == [("ta02", ("anna", "ben"), 2)], "no more will come"


def test_nothing_to_issue(office):
    assert office.step([]) == []


TEAMS = [
    (("anna",), 1, [("anna",)] * 4),
    (("anna", "ben"), 1, [("anna",), ("ben",), ("anna",), ("ben",)]),
    (("anna", "ben"), 2, [("anna", "ben")] * 4),
    (("anna", "ben", "dora"), 2, [("anna", "ben"), ("anna", "dora"), ("ben", "dora"), ("anna", "ben")]),
    (("anna",), 2, []),
    ((), 1, []),
]


@pytest.mark.parametrize(("people", "votes", "teams"), TEAMS)
def test_teams_take_turns(make, people, votes, teams):
    """Too few people make no batch: a run completes, and says who has what."""
    office = Office(make, plan(people=people, votes=votes, pilot=0, open_batches=4))
    assert [batch.people for batch in office.step(IDS)] == teams


def test_turns_go_on_where_they_were(make):
    office = Office(make, plan(people=("anna", "ben", "dora"), pilot=0, open_batches=1))
    teams = []
    for _ in range(4):
        (batch,) = office.step(IDS)
        office.answer(batch)
        teams.append(batch.people)
    assert Counter(teams) == {("anna", "ben"): 2, ("anna", "dora"): 1, ("ben", "dora"): 1}


def test_too_few_people_get_no_pilot_either(make):
    assert Office(make, plan(people=("anna",))).step(IDS) == []


@pytest.mark.parametrize("stage", batches.CODES)
def test_names_tell_stages_apart_and_fit_row_keys(make, stage):
    from scoping.workbook import keys

    office = Office(make, plan(stage=stage))
    (pilot,) = office.step(IDS)
    assert pilot.batch.startswith(batches.CODES[stage])
    assert keys.make(f"{pilot.batch}.anna", "#01").startswith(pilot.batch)
    assert len(set(batches.CODES.values())) == len(batches.CODES)


# --- adjudication ----------------------------------------------------------------------------------------------------


def test_conflicts_are_adjudicated_once_for_each_set_of_ids(office):
    office.conflicts = {"R01": ["R01"], "R02": ["R02", "S02"]}
    (batch,) = office.step([])
    assert (batch.batch, batch.people, batch.role) == ("ta01-adjudication", ("carl",), "adjudicate")
    assert sorted(batch.items) == ["R01", "R02"]
    assert batch.covers == {"R01": ["R01"], "R02": ["R02", "S02"]}
    office.conflicts["R01"] = ["R01", "T01"]
    (batch,) = office.step([])
    assert (batch.batch, batch.items, batch.covers) == ("ta02-adjudication", ("R01",), {"R01": ["R01", "T01"]})
    office.conflicts["R02"] = ["S02"]
    assert office.step([]) == [], "what was covered is not asked again"


def test_a_conflict_known_by_another_id_now_is_not_asked_again(office):
    office.conflicts = {"R02": ["R02", "S02"]}
    office.step([])
    office.conflicts = {"S02": ["R02", "S02"]}
    assert office.step([]) == []


def test_adjudication_does_not_wait_for_batches_nor_batches_for_it(office):
    (pilot,) = office.step(IDS)
    office.answer(pilot)
    office.conflicts = {pilot.items[0]: [pilot.items[0]]}
    assert [batch.purpose for batch in office.step(IDS)] == ["adjudication", "main", "main"]


def test_an_open_adjudication_takes_no_place_of_a_batch(office):
    (pilot,) = office.step(IDS)
    office.answer(pilot)
    office.conflicts = {pilot.items[0]: [pilot.items[0]]}
    _, one, two = office.step(IDS)
    office.answer(one)
    office.answer(two)
    assert [batch.purpose for batch in office.step(IDS)] == ["main", "main"]


def test_an_adjudicator_may_hold_any_number_of_open_sheets(office):
    for number in range(4):
        office.conflicts[f"R0{number}"] = [f"R0{number}"]
        assert len(office.step([])) == 1


def test_without_an_adjudicator_a_conflict_stays(make):
    office = Office(make, plan(adjudicator=""))
    office.conflicts = {"R01": ["R01"]}
    assert office.step([]) == []


def test_without_the_look_at_what_was_asked_it_would_be_asked_in_every_run(office, monkeypatch):
    """Control: `Office.step` sees it."""
    office.conflicts = {"R01": ["R01"]}
    real = batches.issued_batches
    monkeypatch.setattr(
        batches, "issued_batches", lambda s: {k: v for k, v in real(s).items() if v[0].role != "adjudicate"}
    )
    with pytest.raises(AssertionError, match="issued once"):
        office.step([])


# --- order -----------------------------------------------------------------------------------------------------------


@given(st.permutations(IDS))
@settings(max_examples=30)
def test_the_pilot_depends_on_the_seed_and_not_on_the_order_of_candidates(order):
    assert due(plan(), order, {}, {}, set()) == due(plan(), IDS, {}, {}, set())


def test_another_seed_gives_another_pilot():
    pilots = {due(plan(seed=seed), IDS, {}, {}, set())[0].items for seed in range(20)}
    assert len(pilots) > 10
    assert pilots != {tuple(IDS[:4])}


@given(st.permutations(IDS[:5]))
@settings(max_examples=20)
def test_rows_of_a_batch_stand_in_an_order_that_leaks_no_rank(order):
    terms = plan(pilot=0, open_batches=1)
    (batch,) = due(terms, [*order, *IDS[5:]], {}, {}, set())
    (other,) = due(terms, IDS, {}, {}, set())
    assert batch == other


def test_seeded():
    assert sorted(seeded(1, "x", IDS)) == IDS
    assert seeded(1, "x", IDS) == seeded(1, "x", IDS[::-1]) != IDS
    assert len({tuple(seeded(seed, salt, IDS)) for seed in (1, 2) for salt in ("x", "y")}) == 4


# --- whatever people answer, in whatever order -----------------------------------------------------------------------


@settings(max_examples=60)
@given(st.data())
def test_no_record_is_issued_twice_and_all_are_issued_in_the_end(make, data):
    votes = data.draw(st.sampled_from([1, 2]))
    people = ("anna", "ben", "dora")[: data.draw(st.integers(votes, 3))]
    terms = plan(
        people=people, votes=votes, pilot=data.draw(st.sampled_from([0, 3])), batch=data.draw(st.sampled_from([1, 4, 7])),
        open_batches=data.draw(st.integers(1, 3)), seed=data.draw(st.integers(0, 9)),
    )  # fmt: skip
    office = Office(make, terms)
    wanted = IDS[: data.draw(st.integers(0, 15))]
    open_sheets, all_batches = [], []
    for _ in range(200):
        found = office.step(data.draw(st.permutations(wanted)))
        all_batches += found
        waiting = [
            b for b in all_batches if not finished([office.sheets[f"{b.batch}.{p}"] for p in b.people], office.answered)
        ]
        assert len(waiting) <= terms.open_batches
        open_sheets = [
            (b, p) for b in waiting for p in b.people if (f"{b.batch}.{p}", b.items[0]) not in office.answered
        ]
        if not open_sheets:
            break
        batch, person = data.draw(st.sampled_from(open_sheets))
        office.answer(batch, [person])
    issued = Counter(item for batch in all_batches for item in batch.items)
    assert issued == Counter(wanted), "each record once"
    assert len({batch.batch for batch in all_batches}) == len(all_batches)
    for batch in all_batches:
        assert len(batch.people) == (len(people) if batch.purpose == "pilot" else votes)
        assert len(set(batch.people)) == len(batch.people)


# --- what was issued -------------------------------------------------------------------------------------------------


@pytest.fixture
def sheets(make):
    return folder.issued(
        [
            make.issued("ta01", ["anna", "ben"], ["A", "B"]),
            make.issued("ta02", ["anna"], ["C"]),
            make.issued("ta03-adjudication", ["carl"], ["A", "X"], role="adjudicate", covers={"A": ["A"], "X": ["A"]}),
        ]
    )


def test_issued_batches(sheets):
    assert {batch: [info.person for info in infos] for batch, infos in issued_batches(sheets).items()} == {
        "ta01": ["anna", "ben"],
        "ta02": ["anna"],
        "ta03-adjudication": ["carl"],
    }


def test_finished(sheets):
    batch = issued_batches(sheets)["ta01"]
    everything = {(f"ta01.{person}", item) for person in ("anna", "ben") for item in "AB"}
    assert finished(batch, everything)
    for at in everything:
        assert not finished(batch, everything - {at})


def test_given_out_are_records_on_a_sheet_under_any_of_their_ids(sheets):
    assert given_out(sheets, {}) == {"A", "B", "C"}
    assert given_out(sheets, {"A": "Z", "B": "Z"}) == {"Z", "C"}


CONFLICTS = [
    ("nobody works on it", {"A"}, {("ta01", "A"), ("ta01", "B")}, True),
    ("somebody has not finished its batch", {"A"}, {("ta01", "A")}, False),
    ("an older id of it is worked on", {"C", "A"}, {("ta02", "C"), ("ta01", "A")}, False),
    ("others are worked on", {"C"}, {("ta02", "C")}, True),
]


@pytest.mark.parametrize(("what", "ids", "answers", "is_open"), CONFLICTS, ids=[what for what, *_ in CONFLICTS])
def test_open_conflicts(make, sheets, what, ids, answers, is_open):
    answered = {(f"{batch}.{person}", item) for batch, item in answers for person in ("anna", "ben")}
    states = [
        make.state("R", "conflict", decided_ids=json.dumps(sorted(ids))),
        make.state("S", "include", decided_ids='["B"]'),
    ]
    assert open_conflicts(states, sheets, answered) == ({"R": sorted(ids)} if is_open else {})
