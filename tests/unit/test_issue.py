"""What is due at each stage, from the tables of a review."""

from itertools import pairwise

import pytest

from scoping import folder, issue
from scoping.errors import ScopingError
from scoping.issue import Situation
from scoping.schemas import ISSUED
from scoping.tables import _checked
from scoping.votes import needed


@pytest.fixture
def now(make):
    """A situation: records by id (with their other ids), events of the stage, answers as (sheet, item)."""

    def situation(records, events=(), answered=()):
        rows = [make.record(*ids) if isinstance(ids, tuple) else make.record(ids) for ids in records]
        return Situation(rows, folder.issued(list(events)), set(answered))

    return situation


def items(found):
    return [(batch.batch, sorted(batch.items)) for batch in found]


def order(*ids):
    return [{"position": str(n), "record_id": id_, "score": "0"} for n, id_ in enumerate(ids, 1)]


def pairs(*rows):
    return [{"a": a, "b": b, "open": open_, "chance": ""} for a, b, open_ in rows]


# --- who gets sheets -------------------------------------------------------------------------------------------------

SECTION = {"mode": "dual", "people": ["anna", "ben"], "adjudicator": "carl"}
PLANS = [
    ("all are here", SECTION, ("anna", "ben"), "carl"),
    ("no adjudicator", {**SECTION, "adjudicator": None}, ("anna", "ben"), ""),
    ("somebody is away", {**SECTION, "people": ["anna", "dora", "ben"]}, ("anna", "ben"), "carl"),
    ("the adjudicator is away", {**SECTION, "adjudicator": "dora"}, ("anna", "ben"), ""),
    ("too few are left", {**SECTION, "people": ["anna", "dora"]}, ("anna",), "carl"),
]


@pytest.mark.parametrize(("what", "section", "people", "adjudicator"), PLANS, ids=[p[0] for p in PLANS])
@pytest.mark.parametrize("stage", ["title_abstract", "full_text", "coding"])
def test_plan(make, stage, what, section, people, adjudicator):
    """Whoever is not active gets no new sheets."""
    review = make.review()
    stages = {**review.model_dump(mode="json")["stages"], stage: section}
    found = issue.plan(stage, make.review(stages=stages))
    assert (found.people, found.adjudicator, found.seed) == (people, adjudicator, 7)
    assert found.stage == stage


def test_plan_of_the_numbers(make):
    found = issue.plan("title_abstract", make.review())
    assert (found.pilot, found.batch, found.open_batches) == (2, 3, 2)
    assert (issue.plan("full_text", make.review()).pilot, issue.plan("coding", make.review()).batch) == (0, 2)
    one = issue.plan("duplicates", make.review())
    assert (one.people, one.adjudicator, one.pilot, one.rows) == (("anna",), "", 0, 500)


SIZES = [
    ("as given", {"batch": 30}, {}, (30, 30, 200)),
    ("growing, up to the largest", {"batch": 30, "largest": 120}, {}, (30, 30, 120)),
    ("no smaller than the smallest", {"batch": 30, "largest": 10}, {}, (30, 30, 30)),
    ("no more than a sheet holds", {"batch": 30, "sheet_rows": 20}, {}, (20, 20, 20)),
    ("not growing", {"batch": 30, "growth": 0}, {}, (30, 30, 30)),
]


@pytest.mark.parametrize(("what", "section", "more", "sizes"), SIZES, ids=[size[0] for size in SIZES])
def test_sizes_of_batches(make, what, section, more, sizes):
    stages = {**make.review().model_dump(mode="json")["stages"], "title_abstract": {**SECTION, **section}}
    found = issue.plan("title_abstract", make.review(stages=stages))
    assert tuple(found.size(labelled) for labelled in (0, 100, 1000)) == sizes


def test_a_sheet_of_coding_holds_whole_reports_and_no_more_rows_than_agreed(make):
    stages = {**make.review().model_dump(mode="json")["stages"], "coding": {**SECTION, "batch": 10, "sheet_rows": 100}}
    review = make.review(stages=stages)
    assert [issue.plan("coding", review, codes).size(0) for codes in (5, 17, 92, 300)] == [10, 5, 1, 1]


@pytest.mark.parametrize(("mode", "votes"), [("single", {1}), ("dual", {2}), ("dual-with-sample", {1, 2})])
def test_people_that_a_record_needs(make, mode, votes):
    stages = {**make.review().model_dump(mode="json")["stages"], "title_abstract": {**SECTION, "mode": mode}}
    section = make.review(stages=stages).stages.title_abstract
    records = [make.record(f"R{number}") for number in range(500)]
    found = needed("title_abstract", section, records, 7)
    assert set(found.values()) == votes
    if mode == "dual-with-sample":
        sample = {id_ for id_, count in found.items() if count == 2}
        assert 70 < len(sample) < 130, "a fifth"
        both = needed("title_abstract", section, [make.record("X", *sorted(sample)[:1]), make.record("Y")], 7)
        assert both["X"] == 2, "in the sample under any of its ids"
        more = section.model_copy(update={"sample": 0.4})
        assert sample < {id_ for id_, count in needed("title_abstract", more, records, 7).items() if count == 2}
        assert sample != {id_ for id_, count in needed("title_abstract", section, records, 8).items() if count == 2}


def test_nobody_is_left_to_ask_about_duplicates(make, now):
    stages = {**make.review().model_dump(mode="json")["stages"], "duplicates": {"people": ["dora"]}}
    review = make.review(stages=stages)
    assert issue.duplicates(now("AB"), pairs(("A", "B", "yes")), review) == []


# --- duplicates ------------------------------------------------------------------------------------------------------


def test_only_open_pairs_are_asked_and_each_once(make, now):
    found = issue.duplicates(now("ABC"), pairs(("A", "B", "yes"), ("A", "C", ""), ("B", "C", "yes")), make.review())
    assert items(found) == [("du01", ["A~B", "B~C"])]
    events = [make.issued("du01", ["anna"], ["A~B", "B~C"], stage="duplicates")]
    assert issue.duplicates(now("ABC", events), pairs(("A", "B", "yes"), ("B", "C", "yes")), make.review()) == []


def test_a_pair_of_records_that_was_asked_under_other_ids_is_not_asked_again(make, now):
    events = [make.issued("du01", ["anna"], ["A~B"], stage="duplicates")]
    records = [("R", "A"), ("S", "B"), "T"]
    found = issue.duplicates(now(records, events), pairs(("R", "S", "yes"), ("R", "T", "yes")), make.review())
    assert items(found) == [("du02", ["R~T"])]


def test_the_least_certain_pairs_stand_first(make, now):
    rows = [
        {"a": a, "b": "Z", "open": "yes", "chance": chance}
        for a, chance in (("A", "0.990"), ("B", "0.510"), ("C", "0.100"))
    ]
    (batch,) = issue.duplicates(now("ABCZ"), rows, make.review())
    assert batch.items == ("B~Z", "C~Z", "A~Z")


# --- title and abstract ----------------------------------------------------------------------------------------------


def test_the_next_of_the_order_that_nobody_has(make, now):
    events = [make.issued("ta01-pilot", ["anna", "ben"], ["A", "OLD"], purpose="pilot")]
    answered = [(f"ta01-pilot.{person}", item) for person in ("anna", "ben") for item in ("A", "OLD")]
    records = ["A", ("B", "OLD"), *"CDEFGHIJ"]
    found = issue.title_abstract(now(records, events, answered), [], [], order(*"BJIHGFEDC"), make.review())
    assert items(found) == [("ta02", ["H", "I", "J"]), ("ta03", ["E", "F", "G"])]


def test_records_that_may_be_duplicates_wait(make, now):
    review = make.review()
    found = issue.title_abstract(now("ABCD"), pairs(("A", "B", "yes"), ("C", "D", "")), [], order(*"ABCD"), review)
    assert items(found) == [("ta01-pilot", ["C", "D"])]


def test_a_record_whose_id_changed_is_not_issued_again(make, now):
    """A re-export added its DOI: the sheet that somebody has knows it by its title."""
    title = "Evidence officers in a county council"
    events = [make.issued("ta01-pilot", ["anna", "ben"], ["OLD"], purpose="pilot", known_as={"OLD": ["", title]})]
    situation = now([], events, [(f"ta01-pilot.{p}", "OLD") for p in ("anna", "ben")])
    situation.records.append(make.record("NEW", doi="10.1/a", title=title))
    assert issue.title_abstract(situation, [], [], order("NEW"), make.review()) == []
    situation.records[0]["title"] = "Another thing altogether"
    assert items(issue.title_abstract(situation, [], [], order("NEW"), make.review())) == [("ta02", ["NEW"])]


def test_conflicts_of_finished_batches_go_to_the_adjudicator(make, now):
    events = [make.issued("ta01-pilot", ["anna", "ben"], ["A", "B"], purpose="pilot")]
    answered = {(f"ta01-pilot.{person}", item) for person in ("anna", "ben") for item in "AB"}
    states = [make.state("A", "conflict", decided_ids='["A"]'), make.state("B", "include", decided_ids='["B"]')]
    found = issue.title_abstract(now("AB", events, answered), [], states, [], make.review())
    assert [(b.batch, b.people, b.items, b.covers) for b in found] == [
        ("ta02-adjudication", ("carl",), ("A",), {"A": ["A"]})
    ]
    unfinished = answered - {("ta01-pilot.ben", "B")}
    assert issue.title_abstract(now("AB", events, unfinished), [], states, [], make.review()) == []


# --- full text -------------------------------------------------------------------------------------------------------


def test_full_text_takes_what_was_included_and_waits_for_a_full_batch(make, now):
    before = [make.state(id_, "include") for id_ in "ABC"] + [make.state("D", "exclude"), make.state("E", "pending")]
    (batch,) = issue.full_text(now("ABCDE"), before, [], make.review())
    assert len(batch.items) == 2
    assert set(batch.items) < set("ABC")
    before[-1] = make.state("E", "exclude")
    found = issue.full_text(now("ABCDE"), before, [], make.review())
    assert [len(batch.items) for batch in found] == [2], "one open batch at a time"
    one = [make.state("A", "include"), make.state("E", "conflict")]
    assert issue.full_text(now("AE"), one, [], make.review()) == []
    assert items(issue.full_text(now("AE"), [one[0]], [], make.review())) == [("ft01", ["A"])]


def test_full_text_does_not_give_a_report_out_twice(make, now):
    events = [make.issued("ft01", ["anna", "ben"], ["OLD"], stage="full_text")]
    answered = [("ft01.anna", "OLD"), ("ft01.ben", "OLD")]
    before = [make.state("A", "include"), make.state("B", "include")]
    found = issue.full_text(now([("A", "OLD"), "B"], events, answered), before, [], make.review())
    assert items(found) == [("ft02", ["B"])]


def test_a_report_whose_second_reader_left_goes_to_another(make, now):
    stages = {**make.review().model_dump(mode="json")["stages"]}
    stages["full_text"] = {**SECTION, "people": ["ben", "carl"], "adjudicator": None, "batch": 2}
    events = [make.issued("ft01", ["anna", "ben"], ["A", "B"], stage="full_text")]
    answered = [("ft01.anna", "A"), ("ft01.ben", "A"), ("ft01.ben", "B")]
    before = [make.state(id_, "include") for id_ in "AB"]
    states = [make.state("A", "include"), make.state("B", "pending")]
    (batch,) = issue.full_text(now("AB", events, answered), before, states, make.review(stages=stages))
    assert (batch.batch, batch.people, batch.items) == ("ft02", ("carl",), ("B",))


# --- coding ----------------------------------------------------------------------------------------------------------

CODES = ["POP", "LEV"]


def test_coding_gives_out_all_codes_of_a_report(make, now):
    (batch,) = issue.coding(now("ABC"), asked(make, "ABC"), CODES, make.studies(*"ABC"), make.review(), settled=False)
    assert len(batch.items) == 4
    assert {item.partition(":")[2] for item in batch.items} == set(CODES)
    assert [item.partition(":")[0] for item in batch.items[::2]] == [
        item.partition(":")[0] for item in batch.items[1::2]
    ]
    one = asked(make, "A"), CODES, make.studies("A"), make.review()
    assert issue.coding(now("A"), *one, settled=False) == []
    assert len(issue.coding(now("A"), *one, settled=True)) == 1


def trying(make, codes):
    """A protocol that begins coding with a pilot of one report, on some codes."""
    section = {**SECTION, "batch": 1, "pilot": 1, "pilot_codes": codes}
    return make.review(stages={**make.review().model_dump(mode="json")["stages"], "coding": section})


@pytest.mark.parametrize(("codes", "first"), [(["LEV"], ["LEV"]), ([], ["POP", "LEV"])])
def test_the_codes_that_people_differ_on_are_tried_first_and_the_others_follow(make, now, codes, first):
    review, cells, studies = trying(make, codes), asked(make, "A"), make.studies("A")
    (pilot,) = issue.coding(now("A"), cells, CODES, studies, review, settled=True)
    assert (pilot.batch, pilot.people) == ("co01-pilot", ("anna", "ben"))
    assert sorted(pilot.items) == sorted(f"A:{code}" for code in first)
    event = make.issued("co01-pilot", ["anna", "ben"], list(pilot.items), stage="coding", purpose="pilot")
    answered = [(f"co01-pilot.{person}", item) for person in ("anna", "ben") for item in pilot.items]
    rest = [make.cell("A", code, "coded" if code in first else "pending") for code in CODES]
    found = issue.coding(now("A", [event], answered), rest, CODES, studies, review, settled=True)
    assert [batch.items for batch in found] == ([("A:POP",)] if codes else [])


def test_a_pilot_of_a_code_that_is_not_there_is_an_error(make, now):
    """Nothing would ever be issued."""
    with pytest.raises(ScopingError, match="pilot_codes names NONE"):
        issue.coding(now("A"), asked(make, "A"), CODES, make.studies("A"), trying(make, ["NONE"]), settled=True)


def asked(make, records, **state):
    """Cells that nobody has answered; `state` gives those that are settled, by code."""
    return [make.cell(id_, code, state.get(code, "pending")) for id_ in records for code in CODES]


def coded(make, *, done=True):
    """The event of a batch with report OLD, and all answers of its coders."""
    event = make.issued("co01", ["anna", "ben"], ["OLD:POP", "OLD:LEV"], stage="coding")
    answered = [(f"co01.{person}", f"OLD:{code}") for person in ("anna", "ben") for code in CODES]
    return [event], answered if done else answered[:-1]


def test_a_report_is_coded_once_under_any_of_its_ids(make, now):
    situation = now([("A", "OLD")], *coded(make))
    found = issue.coding(situation, asked(make, "A"), CODES, make.studies("A"), make.review(), settled=True)
    assert found == []


@pytest.mark.parametrize("done", [True, False])
def test_cells_in_conflict_go_to_the_adjudicator_when_their_batch_is_finished(make, now, done):
    """Also where the report has another id by now."""
    cells = [make.cell("A", "POP", "conflict"), make.cell("A", "LEV", "coded")]
    situation = now([("A", "OLD")], *coded(make, done=done))
    found = issue.coding(situation, cells, CODES, make.studies("A"), make.review(), settled=True)
    assert [(b.people, b.items, b.covers) for b in found] == (
        [(("carl",), ("A:POP",), {"A:POP": ["A:POP", "OLD:POP"]})] if done else []
    )


def test_a_cell_that_an_adjudicator_has_is_not_given_out_again(make, now):
    events, answered = coded(make)
    events.append(
        make.issued("co02", ["carl"], ["OLD:POP"], stage="coding", role="adjudicate", covers={"OLD:POP": ["OLD:POP"]})
    )
    cells = [make.cell("A", "POP", "conflict"), make.cell("A", "LEV", "conflict")]
    found = issue.coding(
        now([("A", "OLD")], events, answered), cells, CODES, make.studies("A"), make.review(), settled=True
    )
    assert [batch.items for batch in found] == [("A:LEV",)]


def test_a_conflict_of_two_coded_reports_that_turn_out_to_be_one_goes_to_the_adjudicator_again(make, now):
    """The one had been adjudicated: that covers nothing of the other."""
    events = [
        make.issued("co01", ["anna", "ben"], ["A:POP"], stage="coding"),
        make.issued("co02", ["anna", "ben"], ["OLD:POP"], stage="coding"),
        make.issued("co03", ["carl"], ["A:POP"], stage="coding", role="adjudicate", covers={"A:POP": ["A:POP"]}),
    ]
    answered = [(f"{b}.{p}", i) for b, i in (("co01", "A:POP"), ("co02", "OLD:POP")) for p in ("anna", "ben")]
    answered += [("co03.carl", "A:POP")]
    cells, studies = [make.cell("A", "POP", "conflict")], make.studies("A")
    (batch,) = issue.coding(now([("A", "OLD")], events, answered), cells, CODES, studies, make.review(), settled=True)
    assert (batch.role, batch.covers) == ("adjudicate", {"A:POP": ["A:POP", "OLD:POP"]})
    event = make.issued("co04", ["carl"], ["A:POP"], stage="coding", role="adjudicate", covers=batch.covers)
    again = now([("A", "OLD")], [*events, event], answered)
    assert issue.coding(again, cells, CODES, studies, make.review(), settled=True) == [], "once"


def test_cells_of_a_report_stand_together_on_an_adjudicators_sheet(make, now):
    ids = [make.id(n) for n in range(4)]
    cells = [make.cell(id_, code, "conflict") for id_ in ids for code in CODES]
    sheets = [make.issued("co01", ["anna", "ben"], [f"{id_}:{code}" for id_ in ids for code in CODES], stage="coding")]
    answered = [(f"co01.{p}", item) for p in ("anna", "ben") for item in sheets[0]["items"]]
    (batch,) = issue.coding(now(ids, sheets, answered), cells, CODES, make.studies(*ids), make.review(), settled=True)
    reports = [item.partition(":")[0] for item in batch.items]
    assert sum(a != b for a, b in pairwise(reports)) == len(ids) - 1, "each report in one piece"
    assert set(batch.covers) == set(batch.items)


# --- what an adjudicator sees, and the receipt -----------------------------------------------------------------------


def test_an_adjudicator_sees_answers_without_names(make):
    decisions = [
        make.decision("OLD", "exclude", "ben", reason="topic", note="see p. 3"),
        make.decision("R", "include", "anna"),
        make.decision("R", "not_retrieved", "dora"),
        make.decision("R", "withdraw", "anna"),
        make.decision("R", "include", "carl", "R"),
        make.decision("GONE", "include", "anna"),
    ]
    said = issue.said_of_records(decisions, {"R": "R", "OLD": "R"}, {"topic": "Wrong topic"})
    assert said == {"R": "exclude: Wrong topic (see p. 3)\ninclude\nnot retrieved"}


def test_an_adjudicator_sees_names_only_where_the_protocol_says_so(make):
    decisions = [make.decision("R", "exclude", "ben", reason="topic"), make.decision("R", "include", "anna")]
    said = issue.said_of_records(decisions, {"R": "R"}, {"topic": "Wrong topic"}, named=True)
    assert said == {"R": "anna: include\nben: exclude: Wrong topic"}
    cells = [make.decision("R:POP", "yes", "ben", quote="we asked"), make.decision("R:POP", "no", "anna")]
    assert issue.said_of_cells(cells, {"R": "R"}, named=True) == {"R:POP": "anna: no\nben: yes – “we asked”"}


def test_an_adjudicator_sees_values_with_their_evidence(make):
    decisions = [
        make.decision("OLD:POP", "yes", "ben", quote="we asked officers", note="not shown"),
        make.decision("R:POP", "no", "anna"),
        make.decision("R:POP", "unclear", "dora", note="two readings"),
        make.decision("R:LEV", "withdraw", "anna"),
        make.decision("R:POP", "yes", "carl", "R:POP"),
    ]
    said = issue.said_of_cells(decisions, {"R": "R", "OLD": "R"})
    assert said == {"R:POP": "no\nunclear – two readings\nyes – “we asked officers”"}


def test_the_receipt_names_every_sheet_and_how_far_it_is(make):
    sheets = folder.issued([make.issued("ta01", ["anna", "ben"], ["A", "B"])])
    terms = issue.plan(
        "title_abstract", make.review(people={"anna": {}, "ben": {"active": "no"}, "carl": {}, "dora": {}})
    )
    rows = issue.issued_rows(sheets, {("ta01.anna", "A"), ("ta01.ben", "A"), ("ta01.ben", "B"), ("ta09.x", "A")}, terms)
    assert _checked(ISSUED, rows) == rows
    assert [(r["sheet"], r["person"], r["file"], r["items"], r["answered"], r["left"]) for r in rows] == [
        ("ta01.anna", "anna", "ta01_anna.xlsx", "2", "1", ""),
        ("ta01.ben", "ben", "ta01_ben.xlsx", "2", "2", "yes"),
    ]
