"""Suggestions for the cells of a review: what teaches the model, and what it must not learn from."""

import random
from typing import Any

import pytest

from scoping import quotes, schemas, suggest, suggestions, tables, training
from scoping.codebook import Code
from scoping.suggest_model import CALIBRATED
from scoping.tables import Row

WORDS = [
    "the",
    "council",
    "read",
    "a",
    "plan",
    "for",
    "roads",
    "and",
    "buses",
    "while",
    "rain",
    "fell",
    "on",
    "the",
    "old",
    "town",
    "hall",
    "in",
    "march",
]
YES = "A kettle stood between the planner and the statistician."
CODE = Code(id="TEA", family="f", label="Tea", definition="d", indicators=("tea",))
BARE = Code(id="ASK", family="f", label="Ask", definition="d")


def text(number: int, *more: str) -> list[str]:
    """A page of plain sentences, with some more of them in the middle."""
    chance = random.Random(number)
    plain = [" ".join(chance.sample(WORDS, 9)).capitalize() + "." for _ in range(14)]
    return [" ".join([*plain[:7], *more, *plain[7:]])]


def cell(record_id: str, value: str = "", code: str = "TEA", quote: str = YES, **more: str) -> Row:
    plain = dict.fromkeys(schemas.CELLS.names, "") | {"record_id": record_id, "study_id": record_id, "code": code}
    state = {"state": "coded" if value else "pending", "value": value}
    evidence = {"quote": quote, "verdict": "verbatim"} if value == "yes" else {}
    return plain | state | evidence | more


def review(yes: int, no: int, still_open: int = 1) -> tuple[list[Row], dict[str, list[str]]]:
    values = ["yes"] * yes + ["no"] * no + [""] * still_open
    cells = [cell(f"R{n:02}", value) for n, value in enumerate(values)]
    return cells, {f"R{n:02}": text(n, *([YES] if value != "no" else [])) for n, value in enumerate(values)}


def rows(cells: list[Row], texts: dict[str, list[str]], code: Code = CODE) -> list[Row]:
    found = suggestions.rows(cells, [code], texts, seed=7)
    for row in found:
        if row["rank"] != "0":
            page = texts[row["record_id"]][int(row["page"]) - 1]
            assert page[int(row["start"]) : int(row["end"])] == row["quote"], "verbatim, at its place"
    return found


def test_the_table_has_its_key_and_is_the_same_in_any_order(tmp_path: Any) -> None:
    cells, texts = review(6, 6)
    found = rows(cells, texts)
    tables.write(tmp_path / "s.csv", schemas.SUGGESTIONS, found)
    tables.write(tmp_path / "t.csv", schemas.SUGGESTIONS, rows(cells[::-1], dict(reversed(texts.items()))))
    assert (tmp_path / "s.csv").read_bytes() == (tmp_path / "t.csv").read_bytes()
    per_cell = {row["record_id"]: [r["rank"] for r in found if r["record_id"] == row["record_id"]] for row in found}
    assert all(ranks in (["0"], ["1"], ["1", "2"], ["1", "2", "3"]) for ranks in per_cell.values())
    assert set(per_cell) == set(texts)


def test_a_model_finds_what_no_indicator_names() -> None:
    cells, texts = review(6, 6)
    found = [row for row in rows(cells, texts) if row["record_id"] == "R12"]
    assert (found[0]["quote"], found[0]["source"], found[0]["probability"]) == (YES, "model", "")
    few, few_texts = review(2, 6)
    assert {row["rank"] for row in rows(few, few_texts)} == {"0"}, "two reports with yes teach nothing"


def test_what_both_point_to_comes_first_and_once() -> None:
    cells, texts = review(6, 6)
    pointing = CODE.model_copy(update={"indicators": ("kettle", "march")})
    found = [row for row in rows(cells, texts, pointing) if row["record_id"] == "R12"]
    assert (found[0]["quote"], found[0]["source"]) == (YES, "both")
    assert [row["quote"] for row in found].count(YES) == 1
    assert "words: kettle; model of" in found[0]["why"]
    assert len(found) <= suggest.MOST


def of_report(record_id: str, cells: list[Row], texts: dict[str, list[str]]) -> list[Row]:
    return [row for row in rows(cells, texts) if row["record_id"] == record_id]


@pytest.mark.parametrize("whose", ["R03", "R99"])
def test_a_report_never_teaches_its_own_suggestions_nor_its_studys(monkeypatch: Any, whose: str) -> None:
    """Whatever people answer for a report, what is suggested for it (and for R99, of the same study) stays as it was."""
    cells, texts = review(8, 8, 0)
    cells.append(cell("R99", study_id="R03"))
    texts["R99"] = text(99, YES)
    otherwise = [cell("R03", "no") if row["record_id"] == "R03" else row for row in cells]
    own = of_report(whose, cells, texts)
    assert any(row["source"] == "model" for row in own)
    assert of_report(whose, otherwise, texts) == own
    assert of_report("R04", otherwise, texts) != of_report("R04", cells, texts), "others learn from it"
    monkeypatch.setattr(suggestions._Taught, "of", lambda taught, *_: taught.models.get(None))
    assert of_report(whose, otherwise, texts) != of_report(whose, cells, texts), (
        "without the guard it would teach itself"
    )


def test_a_probability_needs_fifteen_reports_of_each_and_is_for_open_cells() -> None:
    cells, texts = review(CALIBRATED, CALIBRATED)
    found = rows(cells, texts)
    given = {row["record_id"]: row["probability"] for row in found if row["rank"] == "1"}
    assert float(given.pop(f"R{2 * CALIBRATED}")) > 0.5
    assert set(given.values()) == {""}, "settled cells are judged by words"
    cells, texts = review(CALIBRATED - 1, CALIBRATED + 5)
    assert {row["probability"] for row in rows(cells, texts)} == {""}


def test_negative_evidence_says_how_much_was_read() -> None:
    (found,) = rows([cell("R01")], {"R01": text(1)})
    assert (found["rank"], found["sentences"]) == ("0", "14")
    assert found["searched"] == "no hit in 1 page, 14 sentences"
    (bare,) = rows([cell("R01", code="ASK")], {"R01": text(1)}, BARE)
    assert (bare["searched"], bare["sentences"]) == (suggestions.UNSEARCHED, "")
    assert rows([cell("R01")], {}) == [], "no text, nothing"


# --- lessons ---------------------------------------------------------------------------------------------------------


def lesson(row: Row, pages: list[str]) -> training.Lesson | None:
    return training.lesson(row, CODE, suggest.read(pages), pages, seed=7)


def test_a_yes_teaches_the_sentence_that_holds_its_quote_and_nothing_else() -> None:
    pages = text(1, "At noon a kettle stood between them, and all was said.")
    found = lesson(cell("R", "yes", quote="a kettle stood between them"), pages)
    assert found is not None
    assert (found.label, found.texts) == (1, ("At noon a kettle stood between them, and all was said.",))
    assert lesson(cell("R", "yes", quote="a kettle stood between them", verdict="missing"), pages) is None


def test_a_no_teaches_what_indicators_pointed_to_and_a_few_by_lot() -> None:
    pages = text(1, "They had tea at noon with us all.")
    found = lesson(cell("R", "no"), pages)
    assert found is not None
    assert found.label == 0
    assert found.texts[0] == "They had tea at noon with us all."
    assert len(found.texts) == 1 + training.BY_LOT
    assert lesson(cell("R", "no"), pages) == found
    assert all(quotes.find(each, pages).verdict == "verbatim" for each in found.texts)


@pytest.mark.parametrize("row", [cell("R"), cell("R", "unclear"), cell("R", "yes", state="conflict")])
def test_what_is_open_or_unclear_teaches_nothing(row: Row) -> None:
    assert lesson(row, text(1, YES)) is None


def test_where_one_model_of_a_study_has_it_the_others_teach_no_no() -> None:
    cells, texts = review(3, 3, 0)
    both = [*cells, cell("R00", "no", model="2")] if "model" in schemas.CELLS.names else [*cells, cell("R00", "no")]
    assert rows(both, texts) == rows(cells, texts)
