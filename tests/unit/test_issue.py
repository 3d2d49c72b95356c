"""What is due at a stage."""

from typing import Any

from scoping import folder
from scoping.issue import Situation, coding, duplicates, full_text, said_of_records, title_abstract


def situation(make: Any, *ids: str, events: list[dict[str, Any]] | None = None) -> Situation:
    events = events or []
    return Situation([make.record(id_) for id_ in ids], folder.issued(events), folder.answered(events))


def order(*ids: str) -> list[dict[str, str]]:
    return [{"position": str(at), "record_id": id_, "score": "0"} for at, id_ in enumerate(ids, 1)]


def pair(a: str, b: str, is_open: str = "yes") -> dict[str, str]:
    return {"a": a, "b": b, "band": "ask", "why": "w", "answer": "", "person": "", "open": is_open}


def test_records_that_may_be_duplicates_wait(make: Any) -> None:
    review = make.review()
    now = situation(make, *"ABCD")
    states = [make.state(id_, "pending") for id_ in "ABCD"]
    assert sorted(title_abstract(now, [pair("A", "B")], states, order(*"ABCD"), review)[0].items) == ["C", "D"]
    assert title_abstract(now, [pair("A", "B"), pair("C", "D")], states, order(*"ABCD"), review) == []
    told = title_abstract(now, [pair("A", "B", "")], states, order(*"ABCD"), review)
    assert len(told[0].items) == 2  # the pilot of two may now hold any of them


def test_a_pair_is_asked_once_also_under_other_ids_of_its_records(make: Any) -> None:
    records = [make.record("A", "A2"), make.record("B")]
    asked = folder.issued([make.issued("du01", ["anna"], ["A2~B"], stage="duplicates")])
    assert duplicates(Situation(records, {}, set()), [pair("A", "B")], make.review())[0].items == ("A~B",)
    assert duplicates(Situation(records, asked, set()), [pair("A", "B")], make.review()) == []


def test_full_texts_are_issued_in_whole_batches_until_no_more_will_come(make: Any) -> None:
    now = situation(make, *"ABCD")
    before = [make.state("A", "include"), make.state("B", "pending"), make.state("C", "exclude")]
    assert full_text(now, before, [], make.review()) == []
    before[1] = make.state("B", "include")
    assert sorted(full_text(now, before, [], make.review())[0].items) == ["A", "B"]
    before[1] = make.state("B", "exclude")
    assert [batch.items for batch in full_text(now, before, [], make.review())] == [("A",)]


def test_coding_asks_every_code_and_reconciles_cells_of_finished_batches(make: Any) -> None:
    before = [make.state("A", "include")]
    first = coding(situation(make, "A"), before, [], ["C1", "C2"], make.review(), settled=True)
    assert first[0].items == ("A:C1", "A:C2")
    assert first[0].people == ("anna", "ben")
    event = make.issued("co01", ["anna", "ben"], list(first[0].items), stage="coding")
    cells = [make.cell("A", "C1", "conflict"), make.cell("A", "C2", "coded")]
    half = [event, make.read("co01.anna", {"A:C1": "yes", "A:C2": "no"}, "1" * 64, stage="coding")]
    assert coding(situation(make, "A", events=half), before, cells, ["C1", "C2"], make.review(), settled=True) == []
    whole = [*half, make.read("co01.ben", {"A:C1": "no", "A:C2": "no"}, "2" * 64, stage="coding")]
    due = coding(situation(make, "A", events=whole), before, cells, ["C1", "C2"], make.review(), settled=True)
    assert [(batch.role, batch.people, batch.items) for batch in due] == [("adjudicate", ("carl",), ("A:C1",))]


def test_an_adjudicator_sees_answers_but_not_who_gave_them(make: Any) -> None:
    rows = [
        make.decision("A", "include", "zoe"),
        make.decision("A", "exclude", "anna", reason="topic", note="thin"),
        make.decision("A", "withdraw", "ben"),
    ]
    said = said_of_records(rows, {"A": "A"}, {"topic": "Wrong topic"})
    assert said == {"A": "exclude: Wrong topic (thin)\ninclude"}


def test_a_record_under_an_id_that_no_export_holds_any_more_is_not_issued_again(make: Any) -> None:
    event = make.issued("ta01", ["anna", "ben"], ["OLD"], known_as={"OLD": ["10.5555/x", "T"]})
    records = [make.record("NEW", doi="10.5555/x"), make.record("B")]
    now = Situation(records, folder.issued([event]), set())
    states = [make.state(id_, "pending") for id_ in ("NEW", "B")]
    due = title_abstract(now, [], states, order("NEW", "B"), make.review())
    assert [batch.items for batch in due] == [("B",)]
