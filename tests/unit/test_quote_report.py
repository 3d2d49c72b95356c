"""Every quote with its verdict; what the protocol does not let pass."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from scoping import author_table, config, quote_report, quotes, schemas, tables
from scoping.cli import enforce
from scoping.errors import ScopingError
from scoping.migrations import Followed
from scoping.texts import Page

PAGES = {"R1": [Page("marsh.pdf", 3, "The broker sat in both buildings for a whole year.")], "R2": [Page("", 1, "")]}


def answer(person: str, item: str, quote: str, role: str = "screen", code: str = "MEET") -> Followed:
    plain = dict.fromkeys(schemas.DECISIONS.names, "") | {"stage": "coding", "role": role, "decision": "yes"}
    return Followed(
        plain | {"sheet": f"co01.{person}", "person": person, "item": item, "quote": quote}, item[:2], code, code
    )


def rows(
    make: Any, *answers: Followed, state: str = "coded", items: tuple[str, ...] = ("R1:MEET",)
) -> list[tables.Row]:
    cells = [make.cell(item[:2], "MEET", state) for item in items]
    read = make.read("co01.anna", {"R1:MEET": "yes"}, "a1", stage="coding", file="back from anna.ods")
    events = [{**read, "labels": {"R1:MEET": {"decision": "yes", "cell": "Marsh 2020!A12"}}}]
    return quote_report.rows(answers, cells, lambda of: PAGES[of.record], events, quotes.find)


def test_each_quote_has_a_verdict_and_the_place_it_was_read_from(make: Any, tmp_path: Path) -> None:
    found = rows(make, answer("anna", "R1:MEET", "sat in both building for a whole year"),
                 answer("ben", "R1:MEET", "never sat in both buildings"), answer("cleo", "R1:MEET", "sat in both buildings"))  # fmt: skip
    tables.write(tmp_path / "q.csv", schemas.QUOTES, found)
    assert [(row["person"], row["verdict"], row["text"], row["page"]) for row in found] == [
        ("anna", "near", "marsh.pdf", "3"), ("ben", "missing", "marsh.pdf", "3"), ("cleo", "verbatim", "marsh.pdf", "3"),
    ]  # fmt: skip
    assert (found[0]["file"], found[0]["cell"]) == ("back from anna.ods", "Marsh 2020!A12")
    lines = quote_report.table(found, [make.record("R1")], {"MEET": "Meeting"})
    assert [line["Verdict"] for line in lines] == ["missing", "near", "verbatim"], "what needs a look first"
    assert set(lines[0]) == set(quote_report.COLUMNS)


def test_quotes_of_cells_that_wait_for_another_coder_stay_unseen(make: Any) -> None:
    assert rows(make, answer("anna", "R1:MEET", "sat in both"), state="pending") == []
    (shown,) = rows(make, answer("anna", "R1:MEET", "sat in both"), state="conflict")
    assert shown["counts"] == "", "nothing rests on it yet"


def test_what_an_adjudicator_overruled_is_no_evidence(make: Any) -> None:
    found = rows(
        make, answer("anna", "R1:MEET", "no such words there"), answer("carl", "R1:MEET", "sat in both", "adjudicate")
    )
    assert {row["person"]: row["counts"] for row in found} == {"anna": "", "carl": "yes"}
    assert quote_report.missing(found) == []


def test_without_a_text_nothing_is_missing(make: Any) -> None:
    (row,) = rows(make, answer("anna", "R2:MEET", "sat in both"), items=("R2:MEET",))
    assert row["verdict"] == "no text"
    assert quote_report.missing([row]) == []


def test_missing_is_red_and_says_so(make: Any) -> None:
    found = rows(
        make, answer("anna", "R1:MEET", "no such words there"), answer("ben", "R1:MEET", "sat in both buildings")
    )
    lines = quote_report.table(found, [make.record("R1")], {"MEET": "Meeting"})
    data = author_table.xlsx("c", quote_report.COLUMNS, quote_report.WIDTHS, lines, "", quote_report.COLOURS)
    tab = openpyxl.load_workbook(io.BytesIO(data)).active
    at = quote_report.COLUMNS.index("Verdict") + 1
    cells = {tab.cell(row, at).value: tab.cell(row, at).fill.fgColor.rgb for row in (4, 5)}
    assert cells["missing"] == "FFE06666"
    assert cells["verbatim"] != cells["missing"]


@pytest.mark.parametrize(("policy", "ends"), [("warn", False), ("error", True)])
def test_the_policy_decides_whether_a_missing_quote_ends_the_run(
    make: Any, tmp_path: Path, policy: str, *, ends: bool
) -> None:
    stages = make.review().stages.model_dump(mode="json")
    stages["coding"]["missing_quote"] = policy
    settings = config.settings(make.review(stages=stages), "enforce")
    tables.write(tmp_path / "q.csv", schemas.QUOTES, rows(make, answer("anna", "R1:MEET", "no such words there")))
    call = ["--quotes", str(tmp_path / "q.csv"), "--settings", settings, "--receipt", str(tmp_path / "receipt")]
    done = CliRunner().invoke(enforce.command, call)
    assert isinstance(done.exception, ScopingError) is ends
    assert (tmp_path / "receipt").exists() is not ends
    if ends:
        said = str(done.exception)
        assert "data/raw/sheets/coding/back from anna.ods:Marsh 2020!A12: the quote for MEET" in said
        assert "“no such words there”" in said
        assert "new sheets are laid out" in said
    assert json.loads(settings)["stages"]["coding"]["missing_quote"] == policy


def test_a_review_whose_quotes_all_stand_passes(make: Any, tmp_path: Path) -> None:
    stages = make.review().stages.model_dump(mode="json")
    stages["coding"]["missing_quote"] = "error"
    settings = config.settings(make.review(stages=stages), "enforce")
    tables.write(tmp_path / "q.csv", schemas.QUOTES, rows(make, answer("anna", "R1:MEET", "sat in both buildings")))
    call = ["--quotes", str(tmp_path / "q.csv"), "--settings", settings, "--receipt", str(tmp_path / "receipt")]
    assert CliRunner().invoke(enforce.command, call).exit_code == 0
    assert (tmp_path / "receipt").exists()
