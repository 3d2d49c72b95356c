"""The agreement report: what is compared with what, counted by hand, and the ids behind each number."""

from typing import Any

from scoping import collect, schemas, tables


def test_independent_answers_are_a_table_of_their_own(make: Any, tmp_path: Any) -> None:
    reason = {"R1": {"decision": "exclude", "reason": "topic", "cell": "S!B2"}}
    events = [
        make.issued("ta01", ["anna", "ben"], ["R1", "R2"], purpose="pilot", known_as={"R1": ["10.5555/r1", "A title"]}),
        {**make.read("ta01.anna", {}, "a1"), "labels": reason},
        make.read("ta01.ben", {"R1": "include"}, "b1"),
        make.read("ta01.ben", {"R1": "exclude", "R2": "withdraw"}, "b2"),  # after a talk
    ]
    rows = collect.independent_rows(events)
    tables.write(tmp_path / "independent.csv", schemas.INDEPENDENT, rows)
    assert tables.read(tmp_path / "independent.csv", schemas.INDEPENDENT) == rows
    plain = {"stage": "title_abstract", "batch": "ta01", "purpose": "pilot", "item": "R1", "level": ""}
    known = {"doi": "10.5555/r1", "title": "A title"}
    assert rows == [
        {**plain, **known, "sheet": "ta01.anna", "person": "anna", "decision": "exclude", "reason": "topic"},
        {**plain, **known, "sheet": "ta01.ben", "person": "ben", "decision": "include", "reason": ""},
    ]
    assert {row["decision"] for row in collect.decision_rows(events)} == {"exclude", "withdraw"}
