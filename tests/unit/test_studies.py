"""Studies, their reports and models: what is asked, on which report, and what becomes of what was answered before."""

import json
import random
from itertools import pairwise
from typing import Any

import pytest

from scoping import coding, derived, folder, issue, link_studies, migrations, study_answers
from scoping.codebook import Code, Codebook
from scoping.companions import Pair
from scoping.issue import Situation
from scoping.items import Item, split
from scoping.schemas import CELLS, RETIRED, TABLES
from scoping.schemas_studies import STUDIES, STUDY_PAIRS
from scoping.studies import Studies, by_item, doubtful, placed, questions
from scoping.tables import _checked

SAME, OTHER = "same_study", "different_studies"
KNOWN = {id_: id_ for id_ in "ABCD"}


def linked(make: Any, *answers: tuple[str, ...], included: str = "ABC", ask: bool = True, **coded: int) -> Any:
    """(rows of the table of studies, groups, answers) of records A to D, of which A is a protocol."""
    decisions = [
        make.decision(item, said, stage="studies", sheet=f"st{n:02d}.anna", names="; ".join(names))
        for n, (item, said, *names) in enumerate(answers)
    ]
    said = study_answers.read(decisions, KNOWN)
    years = {"A": "2018", "B": "2021", "C": "2020", "D": "2001"}
    titles = {id_: f"Evidence desks {id_}{': a study protocol' if id_ == 'A' else ''}" for id_ in "ABCD"}
    records = [make.record(i, year=years[i], title=titles[i], type="article-journal") for i in "ABCD"]
    rows, groups, _ = link_studies.studies(records, set(included), said, coded, ask=ask)
    assert _checked(STUDIES, rows) == rows
    return rows, groups, said


def main_of(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["record_id"]: row["main"] for row in rows}


def test_both_tables_are_among_all_tables() -> None:
    assert {STUDIES, STUDY_PAIRS} <= set(TABLES)


def test_the_main_report_was_coded_else_is_no_protocol_else_is_the_earliest(make: Any) -> None:
    links = (("A~B", SAME), ("B~C", SAME))
    assert main_of(linked(make)[0]) == {"A": "A", "B": "B", "C": "C"}
    assert main_of(linked(make, *links)[0]) == dict.fromkeys("ABC", "C")
    assert main_of(linked(make, *links, A=3)[0]) == dict.fromkeys("ABC", "A")
    assert main_of(linked(make, *links, A=3, B=4)[0]) == dict.fromkeys("ABC", "B")
    assert main_of(linked(make, *links, included="AB")[0]) == dict.fromkeys("AB", "B")


def test_a_report_that_is_not_included_links_others_but_never_speaks_for_them(make: Any) -> None:
    rows = linked(make, ("A~D", SAME), ("D~B", SAME), included="AB")[0]
    assert main_of(rows) == {"A": "B", "B": "B"}
    assert {row["study_id"] for row in rows} == {"A"}


def test_models_are_asked_of_main_reports_that_nobody_has_counted(make: Any) -> None:
    rows = linked(make, ("A~B", SAME), ("C", "one"))[0]
    assert {row["record_id"]: row["asked"] for row in rows} == {"A": "", "B": "yes", "C": ""}
    assert {row["asked"] for row in linked(make, ask=False)[0]} == {""}


def found(*pairs: tuple[str, str, float]) -> list[Pair]:
    return [Pair(a, b, score, "why") for a, b, score in pairs]


def test_only_pairs_that_nobody_has_linked_or_told_apart_are_open_the_likeliest_of_each_two_groups(make: Any) -> None:
    _, groups, said = linked(make, ("A~B", SAME))
    pairs = found(("A", "B", 6.0), ("A", "C", 3.0), ("B", "C", 5.5))
    rows = link_studies.pairs(pairs, said, groups, set("ABC"), ask=True)
    assert _checked(STUDY_PAIRS, rows)
    assert {(row["a"], row["b"]): (row["open"], row["answer"], row["suggestion"]) for row in rows} == {
        ("A", "B"): ("", SAME, SAME),
        ("B", "C"): ("yes", "", SAME),
        ("A", "C"): ("", "", ""),
    }
    assert not any(row["open"] for row in link_studies.pairs(pairs, said, groups, set("ABC"), ask=False))
    _, groups, said = linked(make, ("A~B", SAME), ("A~C", OTHER))
    rows = link_studies.pairs(pairs, said, groups, set("ABC"), ask=True)
    assert not any(row["open"] for row in rows), "told apart by one of their reports"
    assert doubtful(rows) == set()


def test_what_is_asked_are_open_pairs_and_reports_whose_models_are_not_counted(make: Any) -> None:
    rows, groups, said = linked(make)
    pairs = link_studies.pairs(found(("B", "C", 4.0)), said, groups, set("ABC"), ask=True)
    assert list(questions(pairs, rows)) == ["B~C", "A", "B", "C"]
    assert doubtful(pairs) == {"B", "C"}


def test_later_stages_take_the_study_from_the_table(make: Any) -> None:
    records = [make.record("A"), make.record("B"), make.record("C", study_id="A")]
    rows = [make.study("A"), make.study("B", "A")]
    assert [row["study_id"] for row in placed(records, rows)] == ["A", "A", "A"]
    assert [row["study_id"] for row in placed(records, [])] == ["A", "B", "A"]


# --- models ----------------------------------------------------------------------------------------------------------


def test_which_model_a_cell_of_another_report_is_about(make: Any) -> None:
    studies = Studies([make.study("A", "A", "Hub", "Pool"), make.study("B", "A", "Pool", "Desk"), make.study("C", "A")])
    assert [studies.model("A", n) for n in (1, 2)] == ["1", "2"]
    assert [studies.model("B", n) for n in (1, 2)] == ["2", "B+2"]
    assert studies.model("C", 1) == "C+1", "one model, of which nobody has said which it is"
    one = Studies([make.study("A"), make.study("B", "A")])
    assert (one.model("A", 1), one.model("B", 1)) == ("1", "1")


def book(**units: str) -> Codebook:
    codes = [{"id": id_, "family": "f", "label": id_, "definition": "d", "unit": unit} for id_, unit in units.items()]
    rules = [
        {"id": "both", "label": "b", "kind": "count", "codes": list(units)},
        {"id": "own", "label": "o", "kind": "any", "codes": [id_ for id_, unit in units.items() if unit != "model"]},
        {"id": "all_of_it", "label": "a", "kind": "all", "conditions": [{"variable": "both", "values": ["2"]}]},
    ]
    return Codebook.model_validate(
        {"version": 1, "families": [{"id": "f", "label": "F", "text": "t"}], "codes": codes, "derived": rules}
    )


def test_derived_variables_of_models_are_computed_for_each(make: Any) -> None:
    codes = book(POP="study", MEC="model")
    studies = Studies([make.study("A", "A", "Hub", "Pool"), make.study("B", "A")])
    said = [("A", "1", "POP", "yes"), ("A", "1", "MEC", "no"), ("A", "2", "MEC", "yes")]
    cells = [make.cell(r, c, "coded", study_id="A", model=m, value=v) for r, m, c, v in said]
    assert derived.units(codes) == {"both": "model", "own": "study", "all_of_it": "model"}
    values = {at[1:]: value.value for at, value in derived.compute(cells, codes, studies).items()}
    assert values == {
        ("1", "both"): "1", ("2", "both"): "2", ("", "own"): "yes", ("1", "all_of_it"): "no", ("2", "all_of_it"): "yes",
    }  # fmt: skip
    assert derived.compute(cells, codes, studies)["A", "2", "both"].counting == ("A:POP", "A+2:MEC")


def test_a_study_says_what_one_of_its_reports_says(make: Any) -> None:
    """B was coded before it was linked to A."""
    codes, studies = book(POP="study", MEC="model"), Studies([make.study("A"), make.study("B", "A")])
    said = [("A", "POP", "no"), ("A", "MEC", "no"), ("B", "POP", "yes"), ("B", "MEC", "yes")]
    cells = [make.cell(r, c, "coded", study_id="A", value=v) for r, c, v in said]
    assert derived.compute(cells, codes, studies)["A", "1", "both"].value == "2"


# --- sheets ----------------------------------------------------------------------------------------------------------


def situation(make: Any, events: list[Any], answered: Any, studies: Studies, cells: list[Any]) -> Situation:
    records = [make.record(id_) for id_ in "ABC"]
    standing = issue.still_asked((folder.issued(events), set(answered)), KNOWN, cells, studies)
    return Situation(records, *standing)


@pytest.mark.parametrize("state", ["pending", "coded"])
def test_a_sheet_of_another_report_holds_the_question_of_the_study_until_it_is_answered(make: Any, state: str) -> None:
    """B was laid out before it was linked to A; what is still empty there is asked nowhere else, nor waited for later."""
    studies = Studies([make.study("A"), make.study("B", "A")])
    cells = [make.cell("A", "POP", state, study_id="A")]
    events = [make.issued("co01", ["anna", "ben"], ["B:POP"], stage="coding")]
    now = situation(make, events, [], studies, cells)
    stages = make.review().model_dump(mode="json")["stages"]
    stages["coding"]["open_batches"] = 9  # nobody is too busy for another sheet
    review = make.review(stages=stages)
    assert issue.coding(now, cells, ["POP"], studies, review, settled=True) == []
    assert now.sheets["co01.anna"].items == (("B:POP",) if state == "pending" else ())
    if state == "pending":
        nobody = situation(make, [], [], studies, cells)
        (batch,) = issue.coding(nobody, cells, ["POP"], studies, review, settled=True)
        assert batch.items == ("A:POP",), "asked on the main report if nobody has it"


def test_what_was_answered_or_has_a_cell_stays_on_its_sheet(make: Any) -> None:
    studies = Studies([make.study("A"), make.study("B", "A")])
    cells = [make.cell(id_, "POP", "coded", study_id="A") for id_ in "AB"]
    events = [make.issued("co01", ["anna"], ["B:POP", "B:LEV", "C:POP"], stage="coding")]
    now = situation(make, events, [("co01.anna", "B:LEV")], studies, cells)
    assert now.sheets["co01.anna"].items == ("B:POP", "B:LEV", "C:POP"), "C is not included: as it always was"


def test_reports_that_may_be_of_one_study_wait(make: Any) -> None:
    studies, cells = make.studies(*"ABC"), [make.cell(id_, "POP", "pending") for id_ in "ABC"]
    now = situation(make, [], [], studies, cells)
    (batch,) = issue.coding(now, cells, ["POP"], studies, make.review(), settled=True, doubtful={"A", "B"})
    assert batch.items == ("C:POP",)


def test_a_study_is_one_group_with_its_models_and_further_reports(make: Any) -> None:
    studies = Studies([make.study("A", "A", "Hub", "Pool"), make.study("B", "A"), make.study("C")])
    codes = [make.code("POP"), make.code("MEC", unit="model"), make.code("DOC", unit="report")]
    cells = coding.settle(studies, codes, [], KNOWN, dict.fromkeys("ABC", 2))
    now = situation(make, [], [], studies, cells)
    (batch,) = issue.coding(now, cells, [code.id for code in codes], studies, make.review(), settled=True)
    assert sorted(batch.items) == sorted(["A:POP", "A:MEC", "A:DOC", "A+2:MEC", "B:DOC", "C:POP", "C:MEC", "C:DOC"])
    at = [studies.of(split(item).record).id for item in batch.items]
    assert sum(a != b for a, b in pairwise(at)) == 1, "each study in one piece"


# --- no answer is lost, whatever is linked and counted ---------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_every_answer_is_in_one_place_and_a_later_answer_about_studies_takes_none_away(make: Any, seed: int) -> None:
    """Reports, links, models and answers by lot: each answer counts for a cell or is listed; links only move questions."""
    lot = random.Random(seed)
    codes = [make.code(id_, unit=unit) for id_, unit in (("POP", "study"), ("MEC", "model"), ("DOC", "report"))]
    rows = [
        make.decision(
            str(Item(id_, code.id, lot.choice((1, 1, 2, 3)))), lot.choice(("yes", "no")), person,
            stage="coding", sheet=f"co{n:02d}.{person}", version="1",
        )
        for n, id_ in enumerate("ABC") for code in codes for person in ("anna", "ben") if lot.random() < 0.7
    ]  # fmt: skip
    names = {id_: lot.sample(("Hub", "Pool", "Desk"), lot.randint(0, 3)) for id_ in "ABC"}
    others = [make.study(id_, lot.choice(("A", id_)), *names[id_]) for id_ in "BC"]
    studies = Studies([make.study("A", "A", *names["A"]), *others])
    cells, gone = settled(rows, codes, studies)
    assert _checked(CELLS, cells)
    assert _checked(RETIRED, gone) is not None
    listed = {(row["sheet"], row["item"]) for row in gone}
    shown = by_item(cells)
    for row in rows:
        item, unit = split(row["item"]), {code.id: code.unit for code in codes}[split(row["item"]).code]
        counts = studies.has(item, unit)
        assert (item in shown) >= counts
        assert ((row["sheet"], row["item"]) in listed) is not counts
    assert sum(len(json.loads(cell["answers"])) for cell in cells) + len(gone) == len(rows)

    more = Studies([{**row, "models": "3", "names": '["Hub","Pool","Desk"]'} for row in studies.rows.values()])
    after = by_item(settled(rows, codes, more)[0])
    assert all(after[item]["answers"] == cell["answers"] for item, cell in shown.items()), "more models only add"
    alone = Studies([{**row, "study_id": id_, "main": id_} for id_, row in studies.rows.items()])
    apart = by_item(settled(rows, codes, alone)[0])
    assert all(apart[item]["answers"] == cell["answers"] for item, cell in shown.items()), "links take no answer away"


def settled(rows: list[Any], codes: list[Code], studies: Studies) -> Any:
    followed = migrations.follow(rows, KNOWN, [code.id for code in codes])
    cells = coding.settle(studies, codes, rows, KNOWN, dict.fromkeys("ABC", 2))
    return cells, migrations.retired(followed, cells, set("ABC"))
