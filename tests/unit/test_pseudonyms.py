"""Names for the team that nobody may be told from: the same in all outputs, one for each, and none left out."""

import random
import string

import pytest

from scoping import agreement_report, comparisons
from scoping.declared_settings import Declarations, Registration
from scoping.manifest import of_ledger
from scoping.pseudonyms import Pseudonyms

TEAM = ("anna", "ben", "carys")


def test_a_person_has_the_same_name_whoever_else_was_seen() -> None:
    alone = Pseudonyms.of(TEAM, [], anonymous=True)
    some = Pseudonyms.of(reversed(TEAM), ["ben", "gone", ""], anonymous=True)
    assert {person: some.names[person] for person in TEAM} == alone.names
    assert sorted(alone.names.values()) == ["reviewer A", "reviewer B", "reviewer C"]
    assert some.names["gone"] == "reviewer D"


def test_nobody_shares_a_name() -> None:
    people = ["".join(random.Random(at).choices(string.ascii_lowercase, k=6)) for at in range(800)]
    names = Pseudonyms.of(people, [], anonymous=True).names
    assert len(set(names.values())) == len(set(people))
    assert {"reviewer Z", "reviewer AA", "reviewer ADT"} <= set(names.values())


def test_the_order_of_the_names_is_not_that_of_the_people() -> None:
    people = [f"person{at:02}" for at in range(20)]
    names = Pseudonyms.of(people, [], anonymous=True).names
    assert [names[person] for person in people] != sorted(names.values())


def test_sheets_and_rows_lose_their_person() -> None:
    hidden = Pseudonyms({"anna": "reviewer B"})
    (row,) = hidden.rows([{"person": "anna", "sheet": "co02-adjudication.anna", "quote": "anna said"}])
    assert row == {"person": "reviewer B", "sheet": "co02-adjudication.reviewer B", "quote": "anna said"}
    assert hidden.person("") == ""
    with pytest.raises(KeyError):
        hidden.person("ben")  # printed as it is, it would be told


def test_without_the_mode_nothing_changes() -> None:
    plain = Pseudonyms.of(TEAM, ["gone"], anonymous=False)
    rows = [{"person": "anna", "sheet": "ta01.anna"}]
    assert plain.rows(rows) == rows


def test_the_manifest_names_no_person(make) -> None:  # type: ignore[no-untyped-def]
    events = [make.issued("ta01", ["anna", "ben"], ["A"])]
    assert set(of_ledger(events)["sheets"]) == {"ta01.anna", "ta01.ben"}
    hidden = Pseudonyms.of(TEAM, [], anonymous=True)
    told = of_ledger(events, hidden)
    assert set(told["sheets"]) == {f"ta01.{hidden.names[person]}" for person in ("anna", "ben")}
    assert told["content"] == of_ledger(events)["content"]


def test_agreement_counts_the_same_under_other_names() -> None:
    dice = random.Random(1)
    rows = [
        {
            **dict.fromkeys(("code", "reason", "level", "version", "offer", "status", "basis"), ""), "stage": "title_abstract", "batch": "ta01",
            "sheet": f"ta01.{person}", "item": f"R{at}", "record_id": f"R{at}", "purpose": "batch", "person": person,
            "decision": dice.choice(("include", "exclude")),
        }
        for at in range(30)
        for person in TEAM
    ]  # fmt: skip
    labels = comparisons.Labels(reasons={}, codes={}, code_values={}, families={})
    hidden = Pseudonyms.of(TEAM, [], anonymous=True)

    def table(given: list[dict[str, str]]) -> list[dict[str, str]]:
        lines = comparisons.comparisons(comparisons.answers(given, {f"R{at}": f"R{at}" for at in range(30)}), labels, 7)
        return agreement_report.table(lines)

    plain, other = table(rows), table(hidden.rows(rows))
    assert any(row["Group"] == "anna and ben" for row in plain)
    assert not any(person in str(row) for row in other for person in TEAM)
    whole = [row for row in plain if "pair" not in row["Compared by"]]
    assert whole == [row for row in other if "pair" not in row["Compared by"]]
    pairs = [
        sorted(str(list(row.values())[5:8]) for row in table if "pair" in row["Compared by"])
        for table in (plain, other)
    ]
    assert pairs[0] == pairs[1]


def test_the_people_of_a_pilot_have_other_names() -> None:
    row = {"batch": "ta01-pilot", "people": '["anna", "ben"]'}
    assert Pseudonyms({}).pilots([row]) == [row]
    assert Pseudonyms({"anna": "reviewer B", "ben": "reviewer A"}).pilots([row]) == [
        {"batch": "ta01-pilot", "people": '["reviewer B", "reviewer A"]'}
    ]


def test_what_tells_whose_review_it_is_is_withheld() -> None:
    said = Declarations(
        registration=Registration(name="OSF", id="osf.io/abc12"), funding="The Hill Trust paid.", limits="English only."
    )
    held = said.withheld()
    assert "OSF" not in str(held)
    assert "Hill" not in str(held)
    assert held.limits == "English only."
    assert held.protocol == "", "what the authors left out stays theirs to write"
    assert Declarations().withheld() == Declarations()
