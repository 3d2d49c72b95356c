"""Which batches are due: pilot first, few at a time, teams in turn, nothing issued twice."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping import batches, folder
from scoping.batches import Candidate, Plan, Standing, due, holders, issued_batches, open_conflicts, seeded, unfinished

IDS = [f"R{number:02}" for number in range(40)]


def plan(**changes) -> Plan:
    plain = {
        "stage": "title_abstract", "people": ("anna", "ben"), "shares": {}, "adjudicator": "carl", "pilot": 4,
        "pilot_rounds": 1, "batch": 5, "growth": 0.0, "largest": 500, "rows": 500, "open_batches": 2, "audit": 0.0,
        "seed": 7,
    }  # fmt: skip
    return Plan(**{**plain, **changes})


class Office:
    """What was issued and answered; `step` issues what is due, and then nothing more may be due."""

    def __init__(self, make, terms=None, votes=2):
        self.make, self.plan, self.events, self.answered, self.conflicts = make, terms or plan(), [], set(), {}
        self.votes = votes if isinstance(votes, dict) else dict.fromkeys(IDS, votes)
        self.gate_open, self.labelled = True, 0

    @property
    def sheets(self):
        return folder.issued(self.events)

    def due(self, candidates, *, wait_for_more=False):
        held = holders(self.sheets, self.answered, self.plan.people, lambda item: item)
        found = [Candidate(id_, id_, self.votes[id_], frozenset(held.get(id_, ()))) for id_ in candidates]
        lacking = [each for each in found if len(each.holders) < each.votes]
        standing = Standing(self.sheets, self.answered, self.labelled, self.gate_open, wait_for_more)
        return due(self.plan, lacking, self.conflicts, standing)

    def step(self, candidates, **more):
        found = self.due(candidates, **more)
        for batch in found:
            fields = {"purpose": batch.purpose, "role": batch.role, "covers": dict(batch.covers)}
            event = self.make.issued(
                batch.batch, list(batch.people), list(batch.items), stage=self.plan.stage, **fields
            )
            event["shares"] = self.plan.all_shares
            for sheet in event["sheets"]:
                sheet["items"] = list(batch.sheets[sheet["person"]])
            self.events.append(event)
        assert self.due(candidates, **more) == [], "what is due is issued once"
        return found

    def answer(self, batch, people=None, items=None):
        for person in people or batch.people:
            self.answered |= {(f"{batch.batch}.{person}", item) for item in items or batch.sheets[person]}

    def leaves(self, person):
        self.plan = replace(self.plan, people=tuple(p for p in self.plan.people if p != person))

    def joins(self, person):
        self.plan = replace(self.plan, people=(*self.plan.people, person))


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
    assert [batch.purpose for batch in office.step(IDS)] == ["main"] * 3, "each of three has room for two"


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
    (("anna",), 1, {("anna",): 4}),
    (("anna", "ben"), 1, {("anna",): 2, ("ben",): 2}),
    (("anna", "ben"), 2, {("anna", "ben"): 4}),
    (("anna", "ben", "dora"), 2, {("anna", "ben"): 2, ("anna", "dora"): 2, ("ben", "dora"): 2}),
    (("anna",), 2, {}),
    ((), 1, {}),
]


@pytest.mark.parametrize(("people", "votes", "teams"), TEAMS)
def test_teams_take_turns(make, people, votes, teams):
    """Too few people make no batch: a run completes, and says who has what."""
    office = Office(make, plan(people=people, pilot=0, open_batches=4 * votes // max(1, len(people)) or 1), votes)
    if len(people) == 1:
        office.plan = replace(office.plan, open_batches=4)
    if len(people) == 2 and votes == 2:
        office.plan = replace(office.plan, open_batches=4)
    if len(people) == 3:
        office.plan = replace(office.plan, open_batches=4)
    assert Counter(tuple(sorted(batch.people)) for batch in office.step(IDS)) == teams


def test_turns_go_on_where_they_were(make):
    office = Office(make, plan(people=("anna", "ben", "dora"), pilot=0, open_batches=1))
    teams = []
    for _ in range(6):
        (batch,) = office.step(IDS)
        office.answer(batch)
        teams.append(tuple(sorted(batch.people)))
    assert Counter(teams) == {("anna", "ben"): 2, ("anna", "dora"): 2, ("ben", "dora"): 2}
    assert teams[:3] != sorted(teams[:3]) or len(set(teams[:3])) == 3


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


def first(terms, ids):
    """The only batch that is due when nothing was issued yet."""
    candidates = [Candidate(id_, id_, 2, frozenset()) for id_ in ids]
    (batch,) = due(terms, candidates, {}, Standing({}, set()))
    return batch


@given(st.permutations(IDS))
@settings(max_examples=30)
def test_the_pilot_depends_on_the_seed_and_not_on_the_order_of_candidates(order):
    assert first(plan(), order) == first(plan(), IDS)


def test_another_seed_gives_another_pilot():
    pilots = {first(plan(seed=seed), IDS).items for seed in range(20)}
    assert len(pilots) > 10
    assert pilots != {tuple(IDS[:4])}


@given(st.permutations(IDS[:5]))
@settings(max_examples=20)
def test_rows_of_a_batch_stand_in_an_order_that_leaks_no_rank(order):
    terms = plan(pilot=0, open_batches=1)
    assert first(terms, [*order, *IDS[5:]]) == first(terms, IDS)


def test_seeded():
    assert sorted(seeded(1, "x", IDS)) == IDS
    assert seeded(1, "x", IDS) == seeded(1, "x", IDS[::-1]) != IDS
    assert len({tuple(seeded(seed, salt, IDS)) for seed in (1, 2) for salt in ("x", "y")}) == 4


# --- whatever people answer, in whatever order -----------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_every_record_gets_its_votes_whoever_leaves_and_joins(make, data):
    """Nobody holds a record twice, nobody more sheets than agreed; those who left keep what they answered."""
    team = ["anna", "ben", "dora", "emil"][: data.draw(st.integers(2, 4))]
    wanted = IDS[: data.draw(st.integers(0, 15))]
    votes = {id_: data.draw(st.sampled_from([1, 2])) for id_ in wanted}
    terms = plan(
        people=tuple(team), pilot=data.draw(st.sampled_from([0, 3])), batch=data.draw(st.sampled_from([1, 4, 7])),
        open_batches=data.draw(st.integers(1, 3)), seed=data.draw(st.integers(0, 9)),
        audit=data.draw(st.sampled_from([0.0, 0.5])), shares={"anna": data.draw(st.sampled_from([0.5, 1.0, 3.0]))},
    )  # fmt: skip
    office = Office(make, terms, votes)
    leaver = data.draw(st.sampled_from([*team, None]))
    for step in range(300):
        if step == 5 and leaver:
            office.leaves(leaver)
            office.joins("zoe")
        office.step(data.draw(st.permutations(wanted)))
        todo = unfinished(office.sheets.values(), office.answered, office.plan.people)
        room = Counter(info.person for info in todo if info.purpose != "pilot")
        assert all(count <= terms.open_batches for count in room.values())
        if not todo:
            break
        info = data.draw(st.sampled_from(todo))
        item = next(item for item in info.items if (info.sheet, item) not in office.answered)
        office.answered.add((info.sheet, item))
    held = [(item, info.person) for info in office.sheets.values() for item in info.items]
    assert len(held) == len(set(held)), "nobody is given a record twice"
    given_ = Counter(
        item for info in office.sheets.values() for item in info.items if (info.sheet, item) in office.answered
    )
    pilots = {item for info in office.sheets.values() if info.purpose == "pilot" for item in info.items}
    for id_ in wanted:
        assert given_[id_] >= votes[id_], "each record gets the votes it needs"
        assert given_[id_] == votes[id_] or id_ in pilots, "and no more"


# --- teams, shares, leaving and joining ------------------------------------------------------------------------------


def played(make, terms, batches_, votes=2, ids=400):
    """The teams of so many batches that are finished one after the other."""
    names_ = [f"S{number:03}" for number in range(ids)]
    office = Office(make, replace(terms, pilot=0, open_batches=1), dict.fromkeys(names_, votes))
    teams = []
    while len(teams) < batches_:
        found = office.step(names_)
        assert found
        for batch in found:
            office.answer(batch)
            teams.append(frozenset(batch.people))
    return teams[:batches_]


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_all_pairs_meet_about_equally_often(make, size):
    people = tuple(f"p{number}" for number in range(size))
    pairs = size * (size - 1) // 2
    teams = played(make, plan(people=people), 2 * pairs)
    met = Counter(teams)
    assert len(met) == pairs, "every pair has met"
    assert max(met.values()) - min(met.values()) <= 2
    work = Counter(person for team in teams for person in team)
    assert max(work.values()) - min(work.values()) <= 2


def test_the_rotation_is_seeded(make):
    people = ("anna", "ben", "dora", "emil")
    one, again, other = (played(make, plan(people=people, seed=seed), 6) for seed in (1, 1, 3))
    assert one == again != other


def test_shares_of_the_work_are_kept(make):
    people, shares = ("anna", "ben", "dora", "emil"), {"anna": 3.0, "ben": 1.0, "dora": 1.0, "emil": 1.0}
    work = Counter(person for team in played(make, plan(people=people, shares=shares), 40, ids=900) for person in team)
    assert work["anna"] == pytest.approx(40, abs=3), "half of all places, which is all that one person can take"
    assert max(work[p] for p in people[1:]) - min(work[p] for p in people[1:]) <= 2
    alone = Counter(p for team in played(make, plan(people=people[:3], shares=shares), 50, 1, 900) for p in team)
    assert alone["anna"] == pytest.approx(30, abs=2)


def test_without_shares_the_work_is_equal(make):
    """Control of the test above."""
    work = Counter(p for team in played(make, plan(people=("anna", "ben", "dora")), 51, 1, 900) for p in team)
    assert set(work.values()) == {17}


def test_a_fast_person_is_paired_with_those_who_have_room(make):
    office = Office(make, plan(people=("anna", "ben", "dora"), pilot=0, open_batches=1))
    (one,) = office.step(IDS)
    slow, fast = one.people
    office.answer(one, [fast])
    (two,) = office.step(IDS)
    assert slow not in two.people
    assert set(two.people) == {"anna", "ben", "dora"} - {slow}


def test_only_what_was_never_decided_is_given_to_others(make):
    office = Office(make, plan(people=("anna", "ben", "dora"), pilot=0, open_batches=1))
    (batch,) = office.step(IDS[:5])
    stays, leaves = batch.people
    office.answer(batch, [stays])
    office.answer(batch, [leaves], batch.items[:2])
    assert office.step(IDS[:5]) == [], "while everybody is here, nobody else gets it"
    office.leaves(leaves)
    (again,) = office.step(IDS[:5])
    (other,) = {"anna", "ben", "dora"} - {stays, leaves}
    assert again.people == (other,)
    assert set(again.items) == set(batch.items[2:])
    office.answer(again)
    assert office.step(IDS[:5]) == []


def test_what_nobody_decided_goes_to_a_new_pair(make):
    office = Office(make, plan(people=("anna", "ben", "dora", "emil"), pilot=0, open_batches=1))
    one, two = office.step(IDS[:10])
    for person in one.people:
        office.leaves(person)
    office.answer(two)
    (again,) = office.step(IDS[:10])
    assert set(again.items) == set(one.items)
    assert set(again.people) == set(two.people)


def test_whoever_comes_back_goes_on_with_the_own_sheet(make):
    office = Office(make, plan(pilot=0, open_batches=1))
    (batch,) = office.step(IDS[:5])
    office.leaves("ben")
    assert office.step(IDS[:5]) == [], "anna alone makes no pair"
    office.joins("ben")
    assert office.step(IDS[:5]) == []
    assert unfinished(office.sheets.values(), office.answered, ["ben"])[0].batch == batch.batch


def test_whoever_joins_takes_part_and_need_not_catch_up(make):
    office = Office(make, plan(people=("anna", "ben", "dora"), pilot=0, open_batches=1))
    ids = [f"S{number:03}" for number in range(400)]
    office.votes = dict.fromkeys(ids, 2)
    for _ in range(12):
        for batch in office.step(ids):
            office.answer(batch)
    office.joins("zoe")
    teams = []
    for _ in range(12):
        for batch in office.step(ids):
            office.answer(batch)
            teams.append(batch.people)
    work = Counter(person for team in teams for person in team)
    assert set(work) == {"anna", "ben", "dora", "zoe"}
    assert max(work.values()) - min(work.values()) <= 3


def test_a_dual_sample_is_hidden_among_the_records_of_the_first_person(make):
    votes = {id_: 2 if number % 5 == 0 else 1 for number, id_ in enumerate(IDS)}
    office = Office(make, plan(pilot=0, batch=20, open_batches=1), votes)
    (batch,) = office.step(IDS)
    first_, second = batch.people
    assert set(batch.sheets[first_]) == set(IDS[:20])
    assert set(batch.sheets[second]) == {id_ for id_ in IDS[:20] if votes[id_] == 2}
    office.answer(batch)
    (batch,) = office.step(IDS)
    assert batch.people == (second, first_), "then the other has the long sheet"


def test_an_adjudicator_who_left_is_replaced_for_what_was_not_answered(make):
    office = Office(make)
    office.conflicts = {id_: [id_] for id_ in ("R01", "R02")}
    (batch,) = office.step([])
    office.answer(batch, items=["R01"])
    office.plan = replace(office.plan, adjudicator="eva")
    (again,) = office.step([])
    assert (again.people, again.items) == (("eva",), ("R02",))


# --- sizes, pilots, audit --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labelled", "largest", "size"),
    [(0, 500, 50), (250, 500, 50), (255, 500, 51), (1000, 500, 200), (9000, 500, 500), (9000, 80, 80)],
)
def test_batches_grow_with_what_is_labelled(labelled, largest, size):
    assert plan(batch=50, growth=0.2, largest=largest).size(labelled) == size


def test_a_conflict_sheet_has_no_more_rows_than_agreed(make):
    office = Office(make, plan(rows=4))
    office.conflicts = {id_: [id_] for id_ in IDS[:10]}
    found = office.step([])
    assert [len(batch.items) for batch in found] == [4, 4, 2]
    assert sorted(item for batch in found for item in batch.items) == IDS[:10]


def test_a_pilot_that_falls_short_holds_the_rest_back(make):
    office = Office(make)
    office.gate_open = False
    (pilot,) = office.step(IDS)
    office.answer(pilot)
    assert office.step(IDS) == []
    office.plan = replace(office.plan, pilot_rounds=2)
    (second,) = office.step(IDS)
    assert (second.batch, second.purpose, len(second.items)) == ("ta02-pilot", "pilot", 4)
    assert not set(second.items) & set(pilot.items)
    office.answer(second)
    assert office.step(IDS) == []
    office.gate_open = True
    assert [batch.purpose for batch in office.step(IDS)] == ["main", "main"]
    office.gate_open = False
    office.plan = replace(office.plan, pilot_rounds=9)
    assert office.step(IDS) == [], "no pilot comes after other batches"


def test_a_pilot_answer_that_is_taken_back_later_stops_nobody(make):
    office = Office(make)
    (pilot,) = office.step(IDS)
    office.answer(pilot)
    (one, two) = office.step(IDS)
    office.answer(one)
    office.answered.remove((f"{pilot.batch}.anna", pilot.items[0]))
    office.answer(two)
    assert [batch.purpose for batch in office.step(IDS)] == ["main"], "anna's open pilot takes one of two places"


def test_audit_records_are_drawn_from_all_that_are_left(make):
    ids = [f"S{number:03}" for number in range(300)]
    drawn = Counter()
    for seed in range(60):
        office = Office(make, plan(pilot=0, batch=20, audit=0.25, open_batches=1, seed=seed), dict.fromkeys(ids, 2))
        (batch,) = office.step(ids)
        assert len(batch.audit) == 5
        assert len(batch.items) == 20
        top = [id_ for id_ in ids if id_ not in batch.audit][:15]
        assert set(batch.items) == {*batch.audit, *top}
        drawn.update(ids.index(id_) // 100 for id_ in batch.audit)
    assert all(60 < drawn[third] < 140 for third in range(3)), "100 of 300 expected in each third of the order"


def test_no_audit_where_none_is_wanted(make):
    (batch,) = Office(make, plan(pilot=0, open_batches=1)).step(IDS)
    assert (batch.audit, set(batch.items)) == ((), set(IDS[:5]))


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


def test_unfinished_waits_only_for_those_who_are_here(sheets):
    batch = issued_batches(sheets)["ta01"]
    everything = {(f"ta01.{person}", item) for person in ("anna", "ben") for item in "AB"}
    assert unfinished(batch, everything, ["anna", "ben"]) == []
    for at in everything:
        person = at[0].partition(".")[2]
        assert [info.person for info in unfinished(batch, everything - {at}, ["anna", "ben"])] == [person]
        assert unfinished(batch, everything - {at}, {"anna", "ben"} - {person}) == []


def test_holders_are_those_who_answered_or_are_still_to_answer(sheets):
    def found(answered, people, known):
        return holders(sheets, answered, people, lambda item: known.get(item, item))

    assert found(set(), ["anna", "ben"], {}) == {"A": {"anna", "ben"}, "B": {"anna", "ben"}, "C": {"anna"}}
    assert found({("ta01.ben", "A")}, ["anna"], {}) == {"A": {"anna", "ben"}, "B": {"anna"}, "C": {"anna"}}
    assert found(set(), ["anna", "ben"], {"A": "Z", "B": "Z"}) == {"Z": {"anna", "ben"}, "C": {"anna"}}


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
    standing = Standing(sheets, answered)
    assert open_conflicts(states, standing, ["anna", "ben"]) == ({"R": sorted(ids)} if is_open else {})
    assert open_conflicts(states, standing, []) == {"R": sorted(ids)}, "nobody waits for those who left"


# --- a control sample ------------------------------------------------------------------------------------------------


def test_a_control_sample_is_drawn_at_once_from_all_that_nobody_was_given(make):
    office = Office(make, plan(pilot=0, control=6, batch=5, open_batches=1))
    (control,) = office.step(IDS)
    assert (control.batch, control.purpose, len(control.items)) == ("ta01", "control", 6), "no name tells what it is"
    assert control.pool == tuple(IDS)
    assert set(control.items) < set(control.pool)
    assert set(control.items) != set(IDS[:6]), "not the top of the order"
    assert dict(control.sheets) == {"anna": control.items, "ben": control.items}
    office.answer(control)
    (main,) = office.step(IDS)
    assert (main.purpose, main.pool) == ("main", ())
    assert sorted(main.items) == [id_ for id_ in IDS if id_ not in control.items][:5], "the order goes on"
    other = Office(make, plan(pilot=0, control=6, batch=5, open_batches=1, seed=8))
    assert other.step(IDS)[0].items != control.items


def test_a_larger_control_sample_draws_the_difference_from_what_is_left(make):
    office = Office(make, plan(pilot=0, control=6, batch=5, open_batches=1))
    (first,) = office.step(IDS)
    office.answer(first)
    (main,) = office.step(IDS)
    office.answer(main)
    office.plan = replace(office.plan, control=10)
    (second,) = office.step(IDS)
    assert (second.purpose, len(second.items)) == ("control", 4)
    assert set(second.pool) == set(IDS) - set(first.items) - set(main.items)


def test_the_pilot_comes_before_the_control_sample_and_the_gate_holds_it(make):
    office = Office(make, plan(control=6))
    (pilot,) = office.step(IDS)
    assert pilot.purpose == "pilot"
    office.answer(pilot)
    office.gate_open = False
    assert office.step(IDS) == []
    office.gate_open = True
    assert [batch.purpose for batch in office.step(IDS)] == ["control", "main"]


def test_a_control_sample_by_chance_finds_every_record_alike(make):
    """Drawn with many seeds, each of 40 records is in about a quarter of the samples of ten, wherever it stands in the order."""
    found = Counter(
        item for seed in range(400) for item in Office(make, plan(pilot=0, control=10, seed=seed)).due(IDS)[0].items
    )
    assert set(found) == set(IDS)
    assert 60 < min(found.values()) <= max(found.values()) < 140
