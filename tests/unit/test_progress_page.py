"""The progress page: it says how far everybody is, and depends on nobody's answers."""

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scoping import author_table, collect, folder, ledger, progress, record_ids, resolve, tables, webpage, work_items
from scoping import progress_page as pp

TA, FT = "title_abstract", "full_text"
PILOT = [f"P{k:02}" for k in range(12)]  # everybody has finished
OPEN = [f"Q{k:02}" for k in range(10)]  # ben still owes some
LATER = [f"S{k:02}" for k in range(5)]  # on no sheet
RULES = resolve.Rules(votes=defaultdict(lambda: 2), unsure_includes=False, reasons=["topic"])
Answers = Mapping[str, str]


def world(make: Any, pilot: tuple[Answers, Answers], open_: tuple[Answers, Answers], day: str = "02") -> pp.Material:
    """Anna and ben after a pilot, in the middle of a batch; states are those that `resolve` gives."""
    events = [
        make.issued("ta01-pilot", ["anna", "ben"], PILOT, purpose="pilot"),
        make.read("ta01-pilot.anna", dict(pilot[0]), "a1", recorded_at="2026-03-01T09:00:00Z"),
        make.read("ta01-pilot.ben", dict(pilot[1]), "b1", recorded_at="2026-03-01T23:59:59Z"),
        make.issued("ta02", ["anna", "ben"], OPEN),
        make.read("ta02.anna", dict(list(open_[0].items())[:4]), "a2", recorded_at=f"2026-03-{day}T09:00:00Z"),
        make.read("ta02.anna", dict(open_[0]), "a3", recorded_at="2026-03-04T09:00:00Z"),
        make.read("ta02.ben", dict(open_[1]), "b2", recorded_at="2026-03-03T09:00:00Z"),
    ]
    records = [make.record(id_, title=f"Distinctive title of {id_}") for id_ in (*PILOT, *OPEN, *LATER)]
    decisions = collect.decision_rows(events)
    states, _ = resolve.screening(records, decisions, [row["record_id"] for row in records], RULES)
    kept = [row["record_id"] for row in states if row["state"] == "include"]
    sought, _ = resolve.screening(records, [], kept, RULES)
    return pp.Material(
        events=events,
        issued=issued(events),
        independent=collect.independent_rows(events),
        known=record_ids.ever_known(records, events),
        states={
            TA: {row["record_id"]: row["state"] for row in states},
            FT: {row["record_id"]: row["state"] for row in sought},
        },
    )


def issued(events: list[ledger.Event]) -> list[tables.Row]:
    done = folder.answered(events)
    return [
        {
            "sheet": sheet, "stage": info.stage, "batch": info.batch, "purpose": info.purpose, "person": info.person,
            "file": info.file, "items": str(len(info.items)),
            "answered": str(sum((sheet, item) in done for item in info.items)), "left": "",
        }
        for sheet, info in folder.issued(events).items()
    ]  # fmt: skip


def answers(items: Iterable[str], said: str) -> dict[str, str]:
    """`ieu` and so on, one letter an item."""
    words = {"i": "include", "e": "exclude", "u": "unsure"}
    return {item: words[letter] for item, letter in zip(items, said, strict=False)}


def one(make: Any, **more: Any) -> pp.Material:
    pilot = answers(PILOT, "iiiieeeeeeie"), answers(PILOT, "iiiieeeeeeei")
    return world(make, pilot, (answers(OPEN, "iiiiiiiiii"), answers(OPEN, "iiii")), **more)


def other(make: Any) -> pp.Material:
    """The same progress, and other answers: as many inclusions and conflicts in the pilot, none in the open batch."""
    pilot = answers(PILOT, "eeeeeeiiiiue"), answers(PILOT, "eeeeeeiiiiui")
    return world(make, pilot, (answers(OPEN, "eieieieiei"), answers(OPEN, "ueie")))


def page(material: pp.Material, **names: str) -> str:
    return pp.html(pp.stages(material), title="A review", notice="Synthetic.", names=names)


def workbook(material: pp.Material) -> list[list[str]]:
    data = author_table.xlsx("Progress", pp.TABLE, pp.WIDTHS, pp.rows(pp.stages(material), {}), "Synthetic.")
    tab = openpyxl.load_workbook(io.BytesIO(data)).active
    return [["" if value is None else str(value) for value in row] for row in tab.iter_rows(values_only=True)]


def test_other_answers_with_the_same_progress_give_the_same_page_but_for_agreement(make: Any) -> None:
    first, second = page(one(make)), page(other(make))
    assert first.count("83% of 12 items") == 2
    assert second.count("92% of 12 items") == 2
    assert first.replace("83% of", "") == second.replace("92% of", "")
    a, b = (repr(workbook(material)) for material in (one(make), other(make)))
    assert a.replace("83% of", "") == b.replace("92% of", "")
    assert a != b


@pytest.mark.parametrize("guard", ["in_work", "finished"])
def test_without_a_guard_the_page_would_tell(make: Any, monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    """Controls: what the open batch has led to so far shows when it is taken for a finished one."""
    whole = pp._batches

    def open_to_all(material: pp.Material) -> pp._Batches:
        batches = whole(material)
        if guard == "in_work":
            batches.in_work.clear()
        batches.finished.add("ta02")
        return batches

    monkeypatch.setattr(pp, "_batches", open_to_all)
    first, second = page(one(make)), page(other(make))
    numbers = [re.findall(r">(\d+% of \d+ items)<", text) for text in (first, second)]
    assert numbers == [["88% of 16 items"] * 2, ["69% of 16 items"] * 2]
    plain = [re.sub(r"\d+% of \d+ items", "", text) for text in (first, second)]
    assert (plain[0] != plain[1]) == (guard == "in_work")


def test_no_answer_no_id_and_no_title_stands_there(make: Any) -> None:
    material = one(make)
    said = page(material) + repr(workbook(material))
    for word in (*PILOT, *OPEN, *LATER, "Distinctive", "include", "exclude", "unsure", "topic"):
        assert word not in said.replace("Included", ""), word
    assert {row["decision"] for row in material.independent} == {"include", "exclude"}, "there was something to tell"


def test_who_is_how_far_and_where_the_records_are(make: Any) -> None:
    stages = {stage.stage: stage for stage in pp.stages(one(make))}
    screening = stages[TA]
    places = (screening.settled, screening.conflicts, screening.in_work, screening.to_do)
    assert places == (10, 2, 10, 5)
    assert screening.total == 27
    anna, ben = screening.people
    assert (anna.person, anna.sheets, anna.items, anna.answered, anna.waiting) == ("anna", 2, 22, 22, ())
    assert (ben.answered, ben.waiting) == (16, (("ta02_ben.xlsx", 4, 10),))
    assert (anna.days, anna.given, anna.last) == (3, 22, "2026-03-04")
    assert pp.pace(anna) == "7 a day (3 days)"
    assert pp.pace(ben) == "8 a day (2 days)"
    assert stages[FT].total == 4, "of the pilot; the open batch has led to four more, which nobody may see yet"
    assert pp.last_read(stages.values()) == "2026-03-04"
    text = page(one(make))
    for words in ("10 decided (37%)", "2 in conflict", "10 in batches that are not finished", "5 not on a sheet yet"):
        assert words in text
    assert "The last answers were read on 4 March 2026." in text


def test_pace_comes_from_the_ledger_alone_and_counts_new_answers_only(make: Any) -> None:
    assert page(one(make)) == page(one(make))
    later = pp.stages(one(make, day="04"))[0].people[0]
    assert (later.days, later.given) == (2, 22)
    material = one(make)
    again = make.read("ta02.anna", {"Q00": "exclude"}, "a4", recorded_at="2026-03-09T09:00:00Z")  # a second thought
    material.events.append(again)
    anna = pp.stages(material)[0].people[0]
    assert (anna.days, anna.given, anna.last) == (3, 22, "2026-03-04")


def test_agreement_needs_enough_items_and_a_finished_batch(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    work = pp.stages(one(make))[0].people[0]
    assert (work.compared, work.agreement) == (12, pytest.approx(10 / 12))
    monkeypatch.setattr(pp, "ENOUGH", 13)
    assert pp.stages(one(make))[0].people[0].agreement is None
    assert "not shown yet" in page(one(make))


def test_an_answer_under_another_id_of_a_record_counts_for_the_record(make: Any) -> None:
    events = [
        make.issued("ta01", ["anna"], ["OLD"]),
        make.issued("ta02", ["ben"], ["A2"]),
        make.read("ta01.anna", {"OLD": "include"}, "a1", recorded_at="2026-03-01T09:00:00Z"),
        make.read("ta02.ben", {"A2": "include"}, "b1", recorded_at="2026-03-01T09:00:00Z"),
    ]
    events[0]["known_as"] = {"OLD": ["10.5555/a", ""]}
    records = [make.record("A", "A2", doi="10.5555/a")]
    known = record_ids.ever_known(records, events)
    material = pp.Material(events, issued(events), collect.independent_rows(events), known, {TA: {"A": "include"}})
    (stage,) = pp.stages(material)
    assert [work.compared for work in stage.people] == [1, 1]
    waiting = pp.Material(events[:2], issued(events[:2]), [], known, {TA: {"A": "pending"}})
    assert pp.stages(waiting)[0].in_work == 1


def test_who_answered_entries_of_one_record_differently_is_not_compared_there(make: Any) -> None:
    events = [
        make.issued("ta01", ["anna", "ben"], ["A", "A2"]),
        make.read("ta01.anna", {"A": "include", "A2": "exclude"}, "a1", recorded_at="2026-03-01T09:00:00Z"),
        make.read("ta01.ben", {"A": "include", "A2": "include"}, "b1", recorded_at="2026-03-01T09:00:00Z"),
    ]
    known = record_ids.ever_known([make.record("A", "A2")], events)
    material = pp.Material(events, issued(events), collect.independent_rows(events), known, {TA: {"A": "conflict"}})
    assert [work.compared for work in pp.stages(material)[0].people] == [0, 0]


def test_parts_of_a_bar_stand_side_by_side() -> None:
    parts = [
        webpage.Part(1, "", "done"),
        webpage.Part(0, "", "torn"),
        webpage.Part(2, "", "work"),
        webpage.Part(1, "", "track"),
    ]
    drawn = [(rect.get("class"), rect.get("x"), rect.get("width")) for rect in webpage.bar(parts).iter("rect")]
    assert drawn == [("track", None, "100%"), ("done", "0.000%", "25.000%"), ("work", "25.000%", "50.000%")]


def test_adjudications_are_tasks_of_their_own_and_pairs_have_no_agreement(make: Any) -> None:
    events = [
        make.issued("du01", ["anna"], ["A~B"], stage="duplicates"),
        make.issued("ta02-adjudication", ["carl"], ["C"], purpose="adjudication", role="adjudicate"),
    ]
    pairs = [
        {"a": "A", "b": "B", "open": "yes", "answer": ""},
        {"a": "A", "b": "C", "open": "", "answer": "same"},
        {"a": "A", "b": "D", "open": "", "answer": ""},
    ]
    states = {"duplicates": work_items.of_pairs(pairs), TA: {"C": "conflict"}}
    asked, screening = pp.stages(pp.Material(events, issued(events), [], {}, states))
    assert (asked.settled, asked.in_work + asked.to_do) == (1, 1)
    assert [(work.task, pp.agreement(work), pp.pace(work)) for work in asked.people] == [("comparing", "–", "–")]
    assert [(work.person, work.task) for work in screening.people] == [("carl", "adjudicating")]
    assert screening.conflicts == 1


def test_pairs_that_were_answered_in_different_ways_are_in_conflict() -> None:
    pairs = [{"a": "A", "b": "B", "open": "yes", "answer": "conflict"}]
    (asked,) = pp.stages(pp.Material([], [], [], {}, {"duplicates": work_items.of_pairs(pairs)}))
    assert (asked.settled, asked.conflicts, asked.to_do) == (0, 1, 0)


def test_questions_about_files_and_studies_are_counted_under_the_ids_of_now(make: Any) -> None:
    """OLD is a record that has another id by now; pairs stand in any order."""
    events = [
        make.issued("st01", ["anna"], ["OLD~B", "OLD"], stage="studies"),
        make.issued("dt01", ["anna"], ["OLD~F", "B~F"], stage="doubtful_texts"),
    ]
    known = {"OLD": "C", "C": "C", "B": "B"}
    pairs = work_items.of_pairs([{"a": "B", "b": "C", "open": "yes", "answer": ""}])
    models = work_items.of_models([make.study("B", answered="yes"), make.study("C", asked="yes"), make.study("D")])
    assert models == {"B": "answered", "C": "pending"}
    answers = [{"stage": "doubtful_texts", "item": "B~F"}, {"stage": "title_abstract", "item": "C"}]
    files = work_items.of_files(["C~F", "C~G"], answers, known)
    material = pp.Material(events, issued(events), [], known, {"studies": pairs | models, "doubtful_texts": files})
    texts, studies = pp.stages(material)
    assert (texts.stage, texts.settled, texts.in_work, texts.to_do) == ("doubtful_texts", 0, 2, 1)
    assert (studies.stage, studies.settled, studies.in_work, studies.to_do) == ("studies", 1, 2, 0)
    assert [work.task for work in (*texts.people, *studies.people)] == ["matching", "comparing"]
    events = [make.issued("du01", ["anna"], ["OLD~B"], stage="duplicates")]
    pairs = work_items.of_pairs([{"a": "OLD", "b": "B", "open": "yes", "answer": ""}])
    (asked,) = pp.stages(pp.Material(events, issued(events), [], known, {"duplicates": pairs}))
    assert (asked.in_work, asked.to_do) == (1, 0), "pairs of possible duplicates are of entries, whatever their records"


class Parsed(HTMLParser):
    """Elements with their attributes, and the text of the page without its style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser gives it
        self._style = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._style else data


HOSTILE = "</td><script>alert(1)</script>&amp;<img src=x onerror=alert(2)>'\" \u202egnp.exe\x07 =cmd|' /C calc'!A0"


def test_hostile_names_are_text(make: Any) -> None:
    material = one(make)
    for row in material.issued:
        row["file"] = f"{HOSTILE}.xlsx"
    text = pp.html(pp.stages(material), title=HOSTILE, notice=HOSTILE, names={"anna": HOSTILE})
    parsed, plain = Parsed(text), Parsed(page(one(make)))
    assert [tag for tag, _ in parsed.elements] == [tag for tag, _ in plain.elements]
    assert not {"script", "img", "link", "iframe", "a"} & {tag for tag, _ in parsed.elements}
    assert parsed.text.count(webpage.clean(HOSTILE)) == 5  # title, heading, notice, anna, a file
    assert not {"\u202e", "\x07"} & set(text)


def test_the_page_stands_alone_and_can_be_heard(make: Any) -> None:
    text = page(one(make))
    parsed = Parsed(text)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    metas = [attributes for tag, attributes in parsed.elements if tag == "meta"]
    assert {"http-equiv": "Content-Security-Policy", "content": webpage.POLICY} in metas
    assert any(meta.get("name") == "viewport" for meta in metas)
    assert not re.findall(r"\w+://|@import|url\((?!#torn\))", text)
    assert not [tag for tag, attributes in parsed.elements if "src" in attributes or "href" in attributes]
    heads = [attributes for tag, attributes in parsed.elements if tag == "th"]
    assert {attributes["scope"] for attributes in heads} == {"col", "row"}
    assert all(attributes.get("data-label") for tag, attributes in parsed.elements if tag == "td")
    assert all(attributes["aria-hidden"] == "true" for tag, attributes in parsed.elements if tag == "svg")
    assert "16 of 22 (72%)" in parsed.text, "what a bar shows stands beside it"


def test_a_review_without_sheets_says_so() -> None:
    empty = pp.Material([], [], [], {}, {})
    assert pp.stages(empty) == []
    assert "No sheet with answers has been read yet." in page(empty)
    fresh = pp.Material([], [], [], {}, {TA: {"A": "pending"}})
    assert "Nobody has a sheet yet." in page(fresh)
    assert "Title and abstract: 1 record<" in page(fresh)


def test_percentages_never_say_all_before_it_is() -> None:
    assert [pp._percent(*of) for of in ((999, 1000), (1000, 1000), (0, 0), (1, 3))] == [
        " (99%)",
        " (100%)",
        "",
        " (33%)",
    ]


def test_the_workbook_is_the_same_each_time_and_says_what_the_page_says(make: Any) -> None:
    lines = workbook(one(make))
    assert lines[3][:7] == ["Title and abstract", "all records", "decided", "", "27", "10", "37"]
    assert lines[3][7] == "2 in conflict; 10 in batches that are not finished; 5 not on a sheet yet"
    assert lines[5][1:8] == ["ben", "screening", "2", "22", "16", "72", "ta02_ben.xlsx (4 of 10)"]
    first, second = (
        author_table.xlsx("P", pp.TABLE, pp.WIDTHS, pp.rows(pp.stages(one(make)), {}), "") for _ in range(2)
    )
    assert first == second


def test_status_names_the_page_once_it_is_there(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/review.yaml").write_text("title: x")
    assert "progress.html" not in progress.text(tmp_path)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/progress.html").write_text("x")
    assert progress.text(tmp_path).count("reports/progress.html") == 1


def test_nobody_waits_for_those_who_left(make: Any) -> None:
    """Ben leaves with six of ten unanswered: the batch counts as finished, and nothing waits for him."""
    material = one(make)
    for row in material.issued:
        row["left"] = "yes" if row["person"] == "ben" else ""
    (stage, *_) = pp.stages(material)
    assert (stage.in_work, stage.to_do) == (0, 11), "six lack a second answer, five are on no sheet"
    ben = next(work for work in stage.people if work.person == "ben")
    assert (ben.items, ben.answered, ben.waiting) == (16, 16, ())


def test_a_batch_is_finished_when_its_rows_that_are_left_are_of_codes_that_changed(make: Any) -> None:
    material = one(make)
    (before,) = (stage for stage in pp.stages(material) if stage.stage == TA)
    assert before.in_work == len(OPEN)
    rows = [{**row, "items": row["answered"]} for row in material.issued]
    (after,) = (stage for stage in pp.stages(replace(material, issued=rows)) if stage.stage == TA)
    assert after.in_work == 0
