"""What new sheets show of suggestions, and what the ledger keeps of it."""

from typing import Any

import pytest

from scoping import collect, offers, schemas
from scoping.offers import BLIND, OFF, SHOWN
from scoping.stage_settings import CodingStage
from scoping.tables import Row


def section(**changes: Any) -> CodingStage:
    return CodingStage.model_validate({"mode": "dual", "people": ["anna", "ben"], "blind": 0, **changes})


def suggestion(rank: int = 1, code: str = "MEET", **changes: str) -> Row:
    plain = {"record_id": "R", "code": code, "rank": str(rank), "page": "4", "quote": "They met.", "why": "words: met"}
    sure = {
        "source": "indicators",
        "confidence": "high",
        "sentences": "9",
        "searched": "no hit in 2 pages, 9 sentences",
    }
    return dict.fromkeys(schemas.SUGGESTIONS.names, "") | plain | sure | changes


def offered(*rows: Row, item: str = "R:MEET", switches: tuple[Row, ...] = (), **changes: Any) -> offers.Offer:
    return offers.offers([item], rows, switches, section(**changes), seed=7)[item]


def test_a_suggestion_stands_with_page_confidence_quote_and_why() -> None:
    found = offered(suggestion(2, page="1", quote="A\n  man\tcame.", confidence="low", source="model"), suggestion())
    assert found.text == "p. 4 (high): “They met.” – words: met\np. 1 (low): “A man came.” – words: met"
    assert found.kept == [SHOWN, 2, "both"]


def test_a_long_quote_is_cut_visibly() -> None:
    found = offered(suggestion(quote="word " * 200))
    assert "word […]” – words: met" in found.text
    assert len(found.text) < offers.LONGEST + 60
    assert "[…]" not in offered(suggestion(quote="w" * offers.LONGEST)).text


def test_negative_evidence_is_shown_and_counts_as_searched() -> None:
    found = offered(suggestion(0, source="", confidence="", quote="", page=""))
    assert (found.text, found.kept) == ("No hit in 2 pages, 9 sentences", [SHOWN, 0, ""])


def test_where_nothing_was_searched_nothing_is_kept_but_how() -> None:
    nothing = suggestion(0, source="", confidence="", sentences="", searched="not searched: no indicators")
    assert offered(nothing).kept == [""]
    assert offered(nothing).text == "Not searched: no indicators"
    assert offered().text == offers.NO_TEXT
    assert offered(blind=1).kept == [BLIND]


def test_a_blind_cell_shows_nothing_but_its_suggestions_are_kept() -> None:
    found = offered(suggestion(), blind=1)
    assert (found.text, found.kept) == (offers.WITHOUT, [BLIND, 1, "indicators"])


def test_a_code_that_is_off_says_why() -> None:
    off = {"code": "MEET", "state": "off", "why": "1 of 10 suggestions were confirmed, fewer than 30%"}
    found = offered(suggestion(), switches=(off,))
    assert found.kept == [OFF, 1, "indicators"]
    assert found.text == "Switched off: 1 of 10 suggestions were confirmed, fewer than 30%"
    assert offered(suggestion(), switches=({**off, "state": "on"},)).kept[0] == SHOWN
    assert offered(suggestion(), switches=(off,), blind=1).kept[0] == BLIND


def test_no_suggestions_leave_no_trace() -> None:
    assert offers.offers(["R:MEET"], [suggestion()], [], section(suggestions="no"), seed=7) == {}


def test_who_codes_what_in_which_batch_changes_no_lot() -> None:
    cells = [f"R{n}:{code}" for n in range(400) for code in ("MEET", "ASK")]
    drawn = {cell for cell in cells if offers.blind(cell, 0.2, 7)}
    assert drawn == {cell for cell in reversed(cells) if offers.blind(cell, 0.2, 7)}
    assert len(drawn) == pytest.approx(160, abs=40)
    assert drawn < {cell for cell in cells if offers.blind(cell, 0.3, 7)}, "a larger share takes in the smaller"
    assert drawn != {cell for cell in cells if offers.blind(cell, 0.2, 8)}
    assert not any(offers.blind(cell, 0, 7) for cell in cells)
    assert all(offers.blind(cell, 1, 7) for cell in cells)
    by_code = [sum(cell.endswith(code) for cell in drawn) for code in ("MEET", "ASK")]
    assert all(by_code), "cells are drawn, not reports or codes"


def test_models_of_one_report_are_treated_alike() -> None:
    items = [f"R{n}:MEET" for n in range(50)]
    assert [offers.blind(item, 0.5, 7) for item in items] == [
        offers.blind(item.replace(":", "+2:"), 0.5, 7) for item in items
    ]
    assert offered(suggestion(), item="R+2:MEET").kept == [SHOWN, 1, "indicators"]


def test_what_the_event_keeps_stands_beside_each_independent_answer(make: Any) -> None:
    kept = {"R:MEET": [BLIND, 2, "both"], "R:ASK": [""]}
    events = [
        make.issued("co01", ["anna"], ["R:MEET", "R:ASK"], stage="coding", suggested=kept),
        make.read("co01.anna", {"R:MEET": "yes", "R:ASK": "no"}, "a1", stage="coding"),
        make.issued("co02", ["anna"], ["S:MEET"], stage="coding"),
        make.read("co02.anna", {"S:MEET": "yes"}, "a2", stage="coding"),
    ]
    found = {row["item"]: (row["offer"], row["suggested"], row["source"]) for row in collect.independent_rows(events)}
    assert found == {
        "R:MEET": (BLIND, "2", "both"),
        "R:ASK": ("", "", ""),
        "S:MEET": ("", "", ""),  # issued before there were suggestions
    }
