"""What became of suggestions, counted by hand."""

from typing import Any

from scoping import agreement, comparisons, intervals, schemas, uptake
from scoping import suggestion_report as report
from scoping.items import split
from scoping.migrations import Followed
from scoping.tables import Row

CODES = {"MEET": "Meeting", "ASK": "Asking"}


def said(person: str, item: str, decision: str, offer: str = "shown", suggested: str = "1", **more: str) -> Followed:
    plain = dict.fromkeys(schemas.INDEPENDENT.names, "") | {"stage": "coding", "sheet": f"co01.{person}"}
    row: Row = (
        plain | {"person": person, "item": item, "decision": decision, "offer": offer, "suggested": suggested} | more
    )
    of = split(item)
    return Followed(row, of.record, of.code, of.code, of.model)


def both(item: str, anna: str, ben: str, *offered: str) -> list[Followed]:
    return [said("anna", item, anna, *offered), said("ben", item, ben, *offered)]


def counted(*answers: Followed, votes: int = 2) -> list[uptake.Cell]:
    return uptake.cells(answers, {f"R{n}": votes for n in range(100)})


CASES = [
    *both("R1:MEET", "yes", "yes"),
    *both("R2:MEET", "no", "unclear"),
    *both("R3:MEET", "yes", "no"),
    *both("R4:MEET", "yes", "yes", "shown", "0"),
    *both("R5:MEET", "no", "no", "shown", "0"),
    *both("R6:MEET", "yes", "yes", "blind", "2"),
    *both("R7:MEET", "no", "no", "blind", "2"),
    *both("R8:ASK", "touches", "main subject", "shown", "3"),
    *both("R9:ASK", "none", "no", "off", "1"),
]


def test_each_cell_is_one_of_five() -> None:
    found = counted(*CASES)
    shown = uptake.uptake(cell for cell in found if cell.offer == "shown")
    assert shown == uptake.Uptake(
        confirmed=("R1:MEET", "R8:ASK"), rejected=("R2:MEET",), divided=("R3:MEET",),
        missed=("R4:MEET",), nothing=("R5:MEET",),
    )  # fmt: skip
    assert (shown.precision, shown.recall) == ((2, 3), (2, 3))
    assert uptake.uptake(cell for cell in found if cell.offer == "blind").precision == (1, 2)


def test_a_cell_counts_when_enough_people_answered_under_one_offer() -> None:
    assert counted(said("anna", "R1:MEET", "yes")) == []
    assert len(counted(said("anna", "R1:MEET", "yes"), votes=1)) == 1
    mixed = [said("anna", "R1:MEET", "yes", "shown"), said("ben", "R1:MEET", "yes", "blind")]
    assert counted(*mixed) == [], "one saw it, the other did not"
    assert counted(*both("R1:MEET", "yes", "yes", "", "")) == [], "sheets without suggestions"
    assert counted(*both("R1:MEET", "yes", "yes", "blind", "")) == [], "nothing was searched"
    gone = both("R1:MEET", "yes", "yes")
    for answer in gone:
        answer.code = ""
    assert counted(*gone) == [], "the code has changed since"


def test_models_are_cells_of_their_own() -> None:
    found = counted(*both("R1:MEET", "yes", "yes"), *both("R1+2:MEET", "no", "no"))
    assert [(cell.id, cell.said) for cell in found] == [("R1:MEET", "yes"), ("R1+2:MEET", "no")]


def settled(yes: int, no: int, offer: str = "shown") -> list[Followed]:
    said_ = ["yes"] * yes + ["no"] * no
    return [each for n, word in enumerate(said_) for each in both(f"R{n}:MEET", word, word, offer)]


def state(*answers: Followed, floor: float = 0.3) -> dict[str, str]:
    return {row["code"]: row["state"] for row in uptake.switches(counted(*answers), CODES, floor)}


def test_the_floor_switches_off_from_ten_settled_cells_on_and_below_it_alone() -> None:
    assert state(*settled(2, 8)) == {"MEET": "off", "ASK": "on"}
    assert state(*settled(2, 7))["MEET"] == "on", "nine are too few"
    assert state(*settled(3, 7))["MEET"] == "on", "at the floor is not below"
    assert state(*settled(3, 7), floor=0.31)["MEET"] == "off"
    assert state(*settled(0, 10), floor=0)["MEET"] == "on"
    assert state(*settled(0, 5), *both("R50:MEET", "yes", "no"))["MEET"] == "on"
    assert state(*settled(1, 9, "off"))["MEET"] == "off", "it stays off on what nobody saw"
    assert state(*settled(9, 9, "off"))["MEET"] == "on", "and comes back"
    (row,) = uptake.switches(counted(*settled(2, 8)), ["MEET"], 0.3)
    assert (row["settled"], row["confirmed"], row["precision"]) == ("10", "2", "0.200")
    assert row["why"] == "2 of 10 suggestions were confirmed, fewer than 30%"


# --- the table -------------------------------------------------------------------------------------------------------


def test_every_number_opens_to_its_cells() -> None:
    found = counted(*CASES)
    rows, ids = report.table(found, CODES, [], seed=7), report.ids(found, CODES)
    assert [(row["Code"], row["Suggestion"]) for row in rows] == [
        (report.ALL, "shown"), (report.ALL, "blind: coded without"), (report.ALL, "switched off: coded without"),
        ("MEET", "shown"), ("MEET", "blind: coded without"), ("ASK", "shown"), ("ASK", "switched off: coded without"),
    ]  # fmt: skip
    for row in rows:
        mine = [each for each in ids if (each["Code"], each["Suggestion"]) == (row["Code"], row["Suggestion"])]
        for column in (*report.COUNTS, "Answered by two or more"):
            assert int(row[column]) == len({each["Id"] for each in mine if each["Column"] == column}), column
        assert int(row["Cells"]) == sum(int(row[name]) for name in ("Suggested", "Added by hand", "Neither"))


def test_the_figures_are_those_of_the_counts() -> None:
    first, blind, *_ = report.table(counted(*CASES), CODES, [{"code": "MEET", "state": "off", "why": "w"}], seed=7)
    low, high = intervals.wilson(2, 3) or (0, 0)
    assert first["Precision"] == f"0.67 ({low:.2f} to {high:.2f})" == first["Recall"]
    low, high = intervals.difference(2, 3, 1, 2) or (0, 0)
    assert first["Yes where shown less yes where blind"] == f"0.17 ({low:.2f} to {high:.2f})".replace("-", "\u2212")
    assert blind["Yes where shown less yes where blind"] == ""
    same = {"R1": ("yes", "yes"), "R2": ("no", "no"), "R3": ("yes", "no"), "R4": ("yes", "yes"), "R5": ("no", "no"),
            "R8": ("yes", "yes")}  # fmt: skip
    raw = agreement.raw_agreement({item: {"anna": a, "ben": b} for item, (a, b) in same.items()})
    assert first["Raw agreement"].startswith(f"{raw:.2f} (")


def test_a_review_without_suggestions_has_a_table_all_the_same() -> None:
    rows = report.table([], CODES, [], seed=7)
    assert [(row["Code"], row["Cells"], row["Precision"]) for row in rows] == [
        (report.ALL, "0", report.NOT_DEFINED), (report.ALL, "0", report.NOT_DEFINED),
    ]  # fmt: skip
    assert report.ids([], CODES) == []


# --- the headline agreement ------------------------------------------------------------------------------------------


def wholes(*answers: Followed) -> list[tuple[str, str, int]]:
    rows = [answer.row for answer in answers]
    labels = comparisons.Labels({}, CODES, {})
    known = {f"R{n}": f"R{n}" for n in range(100)}
    lines = comparisons.comparisons(comparisons.answers(rows, known), labels, seed=7)
    return [
        (line.by, line.label, line.panel.double_coded.items)
        for line in lines
        if line.stage == "coding" and line.by in (comparisons.ALL, comparisons.OFFER) and line.scale == "as answered"
    ]


def test_codings_headline_is_of_blind_cells_with_all_beside_it() -> None:
    found = wholes(*both("R1:MEET", "yes", "no"), *both("R2:MEET", "yes", "yes", "blind"))
    assert found == [
        ("all", "Coded blind to suggestions", 1),
        ("all", "All cells, also those with a suggestion shown", 2),
        ("suggestion", "Coded blind to suggestions", 1),
        ("suggestion", "Suggestion shown", 1),
    ]


def test_without_blind_cells_the_headline_says_so() -> None:
    old: Any = both("R1:MEET", "yes", "no", "", "")
    assert wholes(*old) == [("all", "All cells (no suggestions were shown)", 1)]
    seen = both("R1:MEET", "yes", "no")
    assert wholes(*seen) == [("all", "All cells (none of them coded blind to suggestions)", 1)]
