"""Screening by title: when it may be there, what its sheets show, what goes out, and who knows of it."""

import json

import pytest

from scoping import comparisons, forms, issue, rank, resolve, sheets, title_stage
from scoping.batches import Batch
from scoping.config import Review
from scoping.errors import ScopingError
from scoping.issue import Situation
from scoping.sheets import Content
from scoping.workbook.layout import Sheet

TITLE = {"stage": "title"}
DUAL = {"mode": "dual", "people": ["anna", "ben"], "adjudicator": "carl"}


@pytest.fixture
def review(make) -> Review:
    stages = make.review().model_dump(mode="json")["stages"]
    return make.review(stages={**stages, "title": {**DUAL, "pilot": 0, "batch": 2, "audit": 0}})


# --- when it may be there ---------------------------------------------------------------------------------------------


def test_it_comes_before_title_and_abstract_or_not_at_all(make):
    title, abstract = make.issued("ti01", ["anna"], ["A"], **TITLE), make.issued("ta01", ["anna"], ["A"])
    for events, named in (
        ([], True),
        ([], False),
        ([title], True),
        ([title, abstract], True),
        ([abstract], False),
        ([make.issued("du01", ["anna"], ["A~B"], stage="duplicates")], True),
    ):
        title_stage.check(events, named=named)
    with pytest.raises(ScopingError, match=r"names stages.title, but .* has begun.*take stages.title out"):
        title_stage.check([abstract], named=True)
    with pytest.raises(ScopingError, match=r"names no stages.title any more.*put it back"):
        title_stage.check([title, abstract], named=False)
    brought = {"kind": "imported", "stage": "title"}
    title_stage.check([brought], named=True)
    title_stage.check([{**brought, "stage": "title_abstract"}], named=False)
    with pytest.raises(ScopingError, match=r"any more, but decisions of it came with exports; put it back"):
        title_stage.check([brought], named=False)


def test_a_line_of_its_boxes_needs_the_stage(make, review):
    line = {"box": "title_excluded", "label": "Old", "column": "year", "values": ["1999"]}
    from scoping.config import cross_checks

    given = json.loads(review.model_dump_json()) | {"report": {"lines": [line]}}
    assert cross_checks(given) == []
    given["stages"] = {**given["stages"], "title": None}
    assert cross_checks(given) == [
        (("report", "lines", 0, "box"), "there is no box title_excluded without stages.title; take the line out")
    ]


def test_unsure_lets_a_record_go_on_unless_the_protocol_says_otherwise(make, review):
    assert review.stages.title.unsure == "include"
    assert review.stages.title_abstract.unsure == "conflict"
    answers = [make.decision("R", "unsure", who, stage="title") for who in ("anna", "ben")]
    votes = dict.fromkeys(["R"], 2)
    (state,), _ = resolve.screening([make.record("R")], answers, ["R"], resolve.Rules(votes, True, []))
    assert state["state"] == "include"


# --- its sheets -------------------------------------------------------------------------------------------------------


def laid_out(make, review, role="screen", said=()) -> Sheet:
    a, b = make.id("a"), make.id("b")
    records = {
        a: make.record(a, title="Brokers", abstract="What they did", doi="10.5555/a", year="2020", journal="Councils"),
        b: make.record(b, title="", abstract="Another"),
    }
    people = ("anna",) if role == "screen" else ("carl",)
    batch = Batch("ti01", "main", role, dict.fromkeys(people, (b, a)))
    content = Content(records, {}, {}, dict(said))
    return sheets.sheet(batch, people[0], review, forms.form("title", review), content, None)


def test_a_sheet_shows_titles_and_nothing_that_leads_to_the_abstract(make, review):
    sheet = laid_out(make, review)
    assert [column.header for column in sheet.shown] == ["Title", "Authors", "Year", "Source"]
    rows = sheet.tabs[0].rows
    assert rows[1].cells == ("Brokers", "Marsh", "2020", "Councils")
    assert rows[0].cells[0].startswith("[no title; include it")
    cells = [cell for row in rows for cell in row.cells]
    assert not [cell for cell in cells if "What they did" in cell or "10.5555" in cell]
    control = sheets.sheet(
        Batch("ta01", "main", "screen", {"anna": (make.id("a"),)}), "anna", review, forms.form("title_abstract", review),
        Content({make.id("a"): make.record(make.id("a"), abstract="What they did")}, {}, {}, {}), None,
    )  # fmt: skip
    assert "What they did" in control.tabs[0].rows[0].cells
    assert sheet.inputs[0].choices == ("include", "exclude", "unsure", "withdraw")
    assert any("Only the title is shown" in line.text for line in sheet.guide)
    assert not any("Only the title is shown" in line.text for line in control.guide)


def test_an_adjudicator_sees_the_answers(make, review):
    said = {make.id(of): "exclude\ninclude" for of in "ab"}
    sheet = laid_out(make, review, "adjudicate", said)
    assert sheet.shown[0].header == "Answers so far"
    assert sheet.tabs[0].rows[0].cells[0] == "exclude\ninclude"


@pytest.mark.parametrize("word", ["unclear", "Maybe", "UNSURE"])
def test_unclear_is_understood(review, word):
    assert forms.form("title", review).words[word.casefold()] == "unsure"


# --- what goes out ----------------------------------------------------------------------------------------------------


def order(*ids):
    return [{"position": str(at), "record_id": id_, "score": "0"} for at, id_ in enumerate(ids, 1)]


def test_both_screenings_take_from_one_order_what_is_pending_there(make, review):
    """The order has everything that is undecided; C is yet to be screened by title, B passed."""
    now = Situation([make.record(id_) for id_ in "ABC"], {}, set())
    title = [make.state("A", "exclude"), make.state("B", "include"), make.state("C", "pending")]
    abstract = [make.state("B", "pending")]
    ranked = order("C", "B")
    assert [row["record_id"] for row in issue.here(ranked, title)] == ["C"]
    assert [row["record_id"] for row in issue.here(ranked, abstract)] == ["B"]
    (batch,) = issue.title_abstract(now, [], title, issue.here(ranked, title), review, stage="title")
    assert (batch.batch, batch.items, batch.people) == ("ti01", ("C",), ("anna", "ben"))


def test_less_than_a_batch_waits_while_titles_are_open(make):
    stages = make.review().model_dump(mode="json")["stages"]
    plain = make.review(stages={**stages, "title_abstract": {**DUAL, "pilot": 0, "batch": 3, "audit": 0}})
    now = Situation([make.record(id_) for id_ in "AB"], {}, set())
    states = [make.state(id_, "pending") for id_ in "AB"]
    assert issue.title_abstract(now, [], states, order("A", "B"), plain, more=True) == []
    assert len(issue.title_abstract(now, [], states, order("A", "B"), plain)) == 1
    assert issue.full_text(now, [make.state("A", "include")], [], plain, more=True) == []
    assert len(issue.full_text(now, [make.state("A", "include")], [], plain)) == 1


def test_the_order_learns_from_the_last_screening_that_a_record_came_to(make, review):
    title = {
        id_: make.state(id_, state)
        for id_, state in zip("ABCD", ("exclude", "include", "include", "pending"), strict=True)
    }
    abstract = {"B": make.state("B", "include"), "C": make.state("C", "pending")}
    latest = title_stage.latest(title, abstract)
    assert {id_: row["state"] for id_, row in latest.items()} == {
        "A": "exclude", "B": "include", "C": "pending", "D": "pending",
    }  # fmt: skip
    records = [make.record(id_, title=f"Evidence officers {id_}") for id_ in "ABCD"]
    rows, card, _ = rank.rank(records, list(latest.values()), review)
    assert {row["record_id"] for row in rows} == {"C", "D"}
    assert json.loads(card)["n_labelled"] == 2


# --- who knows of it --------------------------------------------------------------------------------------------------


def test_agreement_has_its_lines_only_where_somebody_answered(make):
    labels = comparisons.Labels({}, {}, {})
    assert {line.stage for line in comparisons.comparisons([], labels, 7)} == {"title_abstract", "full_text", "coding"}
    given = [comparisons.Answer("title", "ti01", "main", who, "A", "", "include", "", "") for who in ("anna", "ben")]
    lines = comparisons.comparisons(given, labels, 7)
    assert [line.stage for line in lines][:2] == ["title", "title"]
    assert lines[0].panel.double_coded.items == 1
