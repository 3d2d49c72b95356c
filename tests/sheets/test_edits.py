"""Sheets that people edit in LibreOffice, read as `scoping collect` reads them: nothing wrong taken, nothing lost.

One process of LibreOffice does all acts of `acts.py` (about a minute); each test looks at one saved file. EXPECTED says
what becomes of it, so that any change of the reader shows. Sorts and pastes that stay between two checkpoint rows move
no grey row: they cannot be seen, touch ten rows at most, and are counted apart (INSIDE).
"""

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scoping import folder
from scoping.workbook import keys, layout
from scoping.workbook import read as read_module

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


def _module(name):
    """A module beside this file; tests are no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


desk, verdict = _module("desk"), _module("verdict")

TABLES = ("xlsx", "ods", "xls")
THREE = ("xlsx", "ods", "csv")
ALL = (*TABLES, "csv", "csv-cp1252")
SORTED = "belongs into another row: was a column sorted or shifted?"
GONE = "of this checkpoint row is gone"
ASTRAY = "but beside it stands what belongs to"
KEYLESS = "stands in a row with no key"
DAMAGED = "damaged key"
SEVERAL = "rows of several sheets: ta01.anna, ta01.ben"
MERGED = "merged cells over rows"
TWICE = "with different answers"

# act: (formats, what becomes of the file, a part of what is said about it)
EXPECTED = {
    "filled_whole": (ALL, "whole", ""),
    "filled_half": (ALL, "whole", ""),
    "typed_on_the_keyboard": (ALL, "whole", ""),
    "filtered_and_filled": (THREE, "whole", ""),
    "filtered": (THREE, "whole", ""),
    "rows_hidden": (THREE, "whole", ""),
    "sorted_whole_by_decision": (ALL, "whole", "the rows were sorted"),
    "sorted_whole_by_title": (THREE, "whole", "the rows were sorted"),
    "sorted_decisions_only": (ALL, "file", SORTED),
    "sorted_decisions_only_protected": (("xlsx",), "whole", ""),
    "sorted_decisions_down": (("xlsx",), "file", SORTED),
    "sorted_decisions_and_reasons": (ALL, "file", SORTED),
    "sorted_decisions_and_reasons_protected": (("xlsx",), "whole", ""),
    "sorted_inputs_from_first_record": (("xlsx",), "file", SORTED),
    "sorted_part_across_checkpoints": (THREE, "file", SORTED),
    "sorted_notes_only": (("xlsx",), "file", SORTED),
    "sorted_inside_a_block": (THREE, "rows", "without decision"),
    "sorted_inside_a_block_protected": (("xlsx",), "rows", "without decision"),
    "sorted_titles_only_then_filled": (ALL, "file", ASTRAY),
    "sorted_titles_inside_a_block_then_filled": (("xlsx",), "file", ASTRAY),
    "sorted_keys_only": (("xlsx",), "file", SORTED),
    "sorted_keys_inside_a_block": (THREE, "file", ASTRAY),
    "sorted_by_title_then_part_of_decisions": (THREE, "file", "was the column of answers sorted by itself?"),
    "sorted_by_year_then_all_decisions": (THREE, "file", "and so does column G"),
    "sorted_whole_by_year_then_by_decision": (THREE, "whole", "the rows were sorted"),
    "one_row_deleted": (("xlsx",), "whole", ""),
    "many_rows_deleted": (THREE, "whole", "1 of 10 grey checkpoint rows are gone"),
    "checkpoint_rows_deleted": (THREE, "file", "only 0 of 13 grey checkpoint rows are left"),
    "some_checkpoint_rows_deleted": (("xlsx",), "whole", "4 of 13 grey checkpoint rows are gone"),
    "checkpoint_rows_deleted_and_decisions_sorted": (("xlsx",), "file", "only 2 of 13 grey checkpoint rows are left"),
    "rows_inserted": (THREE, "whole", ""),
    "a_row_moved": (("xlsx",), "whole", "the rows were sorted"),
    "rows_pasted_twice": (("xlsx",), "whole", "the answers agree"),
    "rows_pasted_twice_with_other_answers": (THREE, "file", TWICE),
    "column_inserted": (("xlsx",), "whole", ""),
    "columns_moved": (ALL, "whole", ""),
    "key_column_deleted": (ALL, "file", "no row with a key: not a sheet of ours"),
    "reason_column_deleted": (THREE, "whole", "no column `reason (if excluded)`"),
    "shown_columns_deleted": (("xlsx",), "whole", ""),
    "tab_renamed": (TABLES, "whole", ""),
    "guide_deleted": (("xlsx",), "whole", ""),
    "values_copied_to_a_new_book": (THREE, "whole", ""),
    "pasted_into_a_new_book": (TABLES, "whole", ""),
    "tab_copied_to_a_new_book": (TABLES, "whole", ""),
    "two_people_in_one_book": (TABLES, "file", SEVERAL),
    "two_people_on_one_tab": (ALL, "file", SEVERAL),
    "tab_copied_within_the_book": (TABLES, "whole", "the answers agree"),
    "copied_tab_changed": (TABLES, "file", TWICE),
    "decisions_merged": (TABLES, "file", MERGED),
    "inputs_merged_across": (TABLES, "file", MERGED),
    "decisions_pasted_one_row_off": (ALL, "file", GONE),
    "decisions_pasted_one_row_off_inside_a_block": (("xlsx",), "whole", ""),
    "overwritten_by_answers_of_another": (THREE, "file", SORTED),
    "overwritten_by_rows_of_another": (THREE, "file", SEVERAL),
    "cell_deleted_and_shifted_up": (ALL, "file", SORTED),
    "cell_deleted_and_shifted_up_protected": (("xlsx",), "whole", ""),
    "cells_inserted_and_shifted_down": (THREE, "file", SORTED),
    "cells_inserted_and_shifted_down_protected": (("xlsx",), "whole", ""),
    "dragged_over_thirty_rows": (THREE, "file", GONE),
    "dragged_over_thirty_rows_protected": (("xlsx",), "whole", ""),
    "keys_dragged": (("xlsx",), "file", DAMAGED),
    "answers_cleared": (THREE, "whole", ""),
    "refused_edit_undone": (("xlsx",), "whole", ""),
    "header_translated": (ALL, "file", "no header `decision` above the rows (there stands `تصمیم`, `Grund`"),
    "header_of_notes_translated": (("xlsx",), "file", "column C has lost its header"),
    "header_by_synonyms": (("xlsx",), "whole", ""),
    "header_removed": (THREE, "file", "no header `decision` above the rows"),
    "one_key_cut": (THREE, "file", DAMAGED),
    "keys_blanked": (("xlsx",), "file", KEYLESS),
    "keys_swapped": (ALL, "file", ASTRAY),
    "ids_retyped": (THREE, "file", DAMAGED),
    "one_key_copied_over_another": (("xlsx",), "file", ASTRAY),
    "case_and_blanks": (ALL, "whole", ""),
    "corrected_automatically": (("xlsx",), "rows", "`Inclusive` is none of: include"),
    "numbers_and_dates_typed": (ALL, "rows", "decision: `1` is a number, not a text"),
    "numbers_in_notes": (THREE, "whole", ""),
    "found_and_replaced": (("xlsx",), "whole", ""),
    "found_and_replaced_in_headers": (("xlsx",), "file", "column B has lost its header"),
    "found_and_replaced_in_keys": (("xlsx",), "file", DAMAGED),
    "found_and_replaced_in_some_keys": (("xlsx",), "file", DAMAGED),
    "formulas_of_decisions": (THREE, "whole", ""),
    "outdated_copy": (("xlsx",), "whole", ""),
    "other_outdated_copy": (("xlsx",), "whole", ""),
    "formula_of_a_checkpoint": (("xlsx",), "file", SORTED),
    "formula_with_an_error": (ALL, "rows", "`#DIV/0!`"),
    "german_document": (ALL, "whole", ""),
    "commented_and_coloured": (TABLES, "whole", ""),
    "by_way_of_ods": (("xlsx",), "whole", ""),
    "by_way_of_xls": (("xlsx",), "whole", ""),
    "by_way_of_ods_twice": (("xlsx",), "whole", ""),
    "by_way_of_csv": (("xlsx",), "rows", "note: `#VALUE!` is an error, not a text"),
    "by_way_of_csv_as_if_western": (("xlsx",), "file", GONE),
    "coded_whole": (TABLES, "whole", ""),
    "coded_one_study_alone": (ALL, "whole", ""),
    "coded_tabs_moved_and_renamed": (TABLES, "whole", ""),
    "coded_tab_deleted": (("xlsx",), "whole", ""),
    "coded_tab_sorted_whole": (("xlsx",), "whole", "the rows were sorted"),
    "coded_values_sorted": (TABLES, "file", SORTED),
    "coded_codes_sorted_then_filled": (TABLES, "file", ASTRAY),
    "coded_quotes_pasted_one_row_off": (TABLES, "file", GONE),
    "coded_tab_pasted_over_another": (TABLES, "file", SORTED),
    "coded_rows_of_one_study_under_another": (TABLES, "whole", ""),
}  # fmt: skip
# where a format tells less than a workbook, or the program puts it otherwise
OTHERWISE = {
    ("key_column_deleted", "csv"): ("file", "its rows cannot be told apart"),
    ("key_column_deleted", "csv-cp1252"): ("file", "its rows cannot be told apart"),
    ("header_translated", "csv-cp1252"): ("file", "no header `decision` above the rows (there stands `?????`, `Grund`"),
    ("case_and_blanks", "csv-cp1252"): ("rows", "`?exclude` is none of"),  # of a blank without width
    ("numbers_and_dates_typed", "csv"): ("rows", "`1` is none of"),
    ("numbers_and_dates_typed", "csv-cp1252"): ("rows", "`1` is none of"),
    ("formula_with_an_error", "xls"): ("rows", "`an error` is an error, not a text"),
}
INSIDE = {
    "sorted_inside_a_block",
    "sorted_inside_a_block_protected",
    "decisions_pasted_one_row_off_inside_a_block",
}
NOT_WHAT_IT_IS_ABOUT = {"outdated_copy", "other_outdated_copy"}  # taken together with another file, see below
# acts that the protection refuses, or that change no text
SHOWS_NOTHING = {
    "filled_whole",
    "rows_hidden",
    "sorted_decisions_only_protected",
    "sorted_decisions_and_reasons_protected",
    "cell_deleted_and_shifted_up_protected",
    "cells_inserted_and_shifted_down_protected",
    "dragged_over_thirty_rows_protected",
    "inputs_merged_across",
    "refused_edit_undone",
    "commented_and_coloured",
    "by_way_of_xls",
    "coded_whole",
}


def office():
    """A Python that can import uno, beside LibreOffice; skips where there is none."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice (soffice) is not installed: apt-get install libreoffice-calc python3-uno")
    for python in ("/usr/bin/python3", shutil.which("python3")):
        if python and subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
            return python
    return pytest.skip("no Python here can import uno: apt-get install python3-uno")


@pytest.fixture(scope="module")
def sheets():
    return {sheet.id: sheet for sheet in (desk.screening("anna"), desk.screening("ben"), desk.coding("anna"))}


@pytest.fixture(scope="module")
def log(sheets, tmp_path_factory):
    """What was done, act by act; all files are saved."""
    python, work = office(), tmp_path_factory.mktemp("calc")
    acts = [
        {"name": name, "book": "co02.anna" if name.startswith("coded") else "ta01.anna", "formats": formats}
        for name, (formats, _, _) in EXPECTED.items()
    ]
    job = {"work": str(work), "books": desk.save(list(sheets.values()), work), "acts": acts}
    (work / "job.json").write_text(json.dumps(job), "utf-8")
    environment = {**os.environ, "HOME": str(work), "PYTHONDONTWRITEBYTECODE": "1"}
    with (work / "said.txt").open("wb") as said:
        done = subprocess.Popen(
            [python, str(HERE / "edit.py"), str(work / "job.json")], stdin=subprocess.DEVNULL, stdout=said,
            stderr=subprocess.STDOUT, env=environment, start_new_session=True,
        )  # fmt: skip
        try:
            assert done.wait(600) == 0, (work / "said.txt").read_text("utf-8")[-3000:]
        finally:
            if done.poll() is None:
                os.killpg(done.pid, signal.SIGKILL)  # with the LibreOffice it started
                done.wait()
    return json.loads((work / "log.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def judged(log, sheets):
    """`judged(act, format)`: the verdict on a saved file."""

    def find(name, kind="xlsx"):
        if name.startswith("coded"):
            return verdict.of(sheets["co02.anna"], [], log[name], kind)
        return verdict.of(sheets["ta01.anna"], [sheets["ta01.ben"]], log[name], kind)

    return find


CASES = [(name, kind) for name, (formats, _, _) in EXPECTED.items() for kind in formats]


@pytest.mark.parametrize(("name", "kind"), CASES, ids=[f"{name}-{kind}" for name, kind in CASES])
def test_nothing_wrong_is_taken_and_nothing_lost(name, kind, judged, sheets):
    found = judged(name, kind)
    outcome, message = OTHERWISE.get((name, kind), EXPECTED[name][1:])
    assert (found.kind, message in found.said) == (outcome, True), found.said[:3000]
    if name in INSIDE:
        blocks = {desk.block(sheets["ta01.anna"], item) for item in (*found.wrong, *found.lost)}
        assert len(blocks) == 1
        assert 0 < len(found.wrong) <= layout.CHECKPOINT_EVERY
    elif name not in NOT_WHAT_IT_IS_ABOUT:
        assert (found.wrong, found.lost) == ([], [])


def test_every_act_is_done_and_tested(log):
    """An act that the program refuses without a word would test nothing."""
    source = (HERE / "acts.py").read_text("utf-8")
    acts = re.findall(r"^(?:def (\w+)\(calc, tab, job\)|(\w+) = under_protection)", source, re.MULTILINE)
    assert {one or other for one, other in acts} == set(EXPECTED) == set(log)
    assert {name for name, done in log.items() if not done["changed"]} == SHOWS_NOTHING


def test_what_was_taken_out_is_really_out(log, sheets):
    """`removed` excuses a missing answer, so it must be true of what LibreOffice shows."""
    for name, done in log.items():
        sheet = sheets["co02.anna" if name.startswith("coded") else "ta01.anna"]
        rows = {text: row for tab in done["shown"].values() for row in tab for text in row}
        for key in done.get("removed", ()):
            meant = [text for text in sheet.answers[key] if text]
            assert key not in rows or not any(text in rows[key] for text in meant), (name, key)


# --- several files, one after another --------------------------------------------------------------------------------


@pytest.fixture
def run(log, sheets):
    """`run({name: act}, …)`: passes of `scoping collect` over a folder in which these files lie, one after another."""
    sheet = sheets["ta01.anna"]

    def judge(*folders, expected=None):
        book, found = desk.Book(desk.issued(sheet, sheets["ta01.ben"])), None
        for there in folders:
            data = {name: Path(log[act]["files"]["xlsx"]).read_bytes() for name, act in there.items()}
            found = verdict.judge(sheet, [], data, expected or verdict.truth(sheet, {}), book)
        return found

    return judge


FILE = "ta01_anna.xlsx"


def test_copies_that_differ_wait_all(run):
    for there in (
        {FILE: "filled_whole", "copy.xlsx": "outdated_copy"},
        {"a": "outdated_copy", "b": "other_outdated_copy"},
    ):
        found = run(there)
        assert (found.kind, found.accepted, found.lost) == ("file", 0, [])
        assert "take the outdated file out of the folder" in found.said


def test_copies_that_agree_are_taken(run):
    found = run({FILE: "filled_whole", "copy.xlsx": "sorted_whole_by_title", "half.xlsx": "filled_half"})
    assert (found.kind, found.wrong, found.lost) == ("whole", [], [])


def test_reasons_that_were_read_outlive_their_column(run):
    found = run({FILE: "filled_whole"}, {FILE: "reason_column_deleted"})
    assert (found.kind, found.wrong, found.lost) == ("rows", [], [])
    assert "reason was `topic`, and that column is gone from the sheet; restore it" in found.said


def test_answers_that_were_read_outlive_their_cells(run):
    found = run({FILE: "filled_whole"}, {FILE: "answers_cleared"})
    assert (found.kind, found.wrong, found.lost) == ("rows", [], [])
    assert len(found.held) == found.said.count("is now blank") == 3


def test_answers_that_were_read_outlive_deleted_rows(run):
    found = run({FILE: "filled_whole"}, {FILE: "many_rows_deleted"})
    assert (found.wrong, found.lost) == ([], [])
    assert found.said.count("is now blank") > 20


# --- controls: each guard taken out, the same harness reports what goes wrong ----------------------------------------


def off(monkeypatch, *guards):
    for module, name, instead in guards:
        monkeypatch.setattr(module, name, instead)


NO_CHECKPOINTS = (read_module, "_checkpoint_doubts", lambda *_: None)
NOTHING_ASTRAY = (folder, "_astray", lambda *_: [])


@pytest.mark.parametrize(
    "name",
    [
        "sorted_decisions_only",
        "sorted_decisions_and_reasons",
        "sorted_part_across_checkpoints",
        "sorted_notes_only",
        "decisions_pasted_one_row_off",
        "overwritten_by_answers_of_another",
        "cell_deleted_and_shifted_up",
        "dragged_over_thirty_rows",
        "coded_values_sorted",
        "coded_quotes_pasted_one_row_off",
    ],
)
def test_control_without_checkpoints(name, judged, monkeypatch):
    off(monkeypatch, NO_CHECKPOINTS)
    found = judged(name)
    assert found.kind != "file"
    assert found.wrong


@pytest.mark.parametrize(
    "name",
    [
        "sorted_titles_only_then_filled",
        "sorted_titles_inside_a_block_then_filled",
        "sorted_keys_inside_a_block",
        "keys_swapped",
        "coded_codes_sorted_then_filled",
    ],
)
def test_control_without_a_look_at_what_stands_beside_the_key(name, judged, monkeypatch):
    off(monkeypatch, NOTHING_ASTRAY)
    found = judged(name)
    assert found.kind != "file"
    assert found.wrong


def test_control_without_the_check_in_keys(judged, monkeypatch):
    """Titles would show it too, so both guards are out."""

    def find(text):
        parts = keys.plain(text).split(".")
        return keys.Key(f"{parts[0]}.{parts[1]}", parts[2]) if len(parts) == 4 and parts[0] == "ta01" else None

    off(monkeypatch, NOTHING_ASTRAY, (keys, "find", find))
    found = judged("ids_retyped")
    assert found.kind != "file"
    assert found.wrong


@pytest.mark.parametrize("name", ["sorted_by_title_then_part_of_decisions", "sorted_by_year_then_all_decisions"])
def test_control_without_a_look_at_answers_in_order(name, judged, monkeypatch):
    off(monkeypatch, (read_module, "_sorted_alone", lambda *_: None))
    found = judged(name)
    assert found.kind != "file"
    assert len(found.wrong) > layout.CHECKPOINT_EVERY


def test_control_without_a_look_at_merged_cells(judged, monkeypatch):
    off(monkeypatch, (read_module, "_merged_doubts", lambda *_: None))
    found = judged("decisions_merged")
    assert found.kind != "file"
    assert found.lost


def test_control_without_a_comparison_of_copies(run, monkeypatch):
    """Each copy is outdated somewhere, so whichever is read last, something wrong stands."""
    off(monkeypatch, (folder, "_compare", lambda *_: None))
    found = run({"a": "outdated_copy", "b": "other_outdated_copy"})
    assert found.kind == "whole"
    assert found.wrong


def test_control_without_keeping_what_stood_in_a_column_that_is_gone(run, monkeypatch):
    off(monkeypatch, (folder, "_keep_missing", lambda *_: None))
    assert run({FILE: "filled_whole"}, {FILE: "reason_column_deleted"}).wrong


def test_control_an_answer_left_out_of_the_file_is_missed(log, sheets):
    """The harness itself: an answer that is in no file and was not taken out counts as lost."""
    done = {**log["filled_half"], "removed": []}
    assert len(verdict.of(sheets["ta01.anna"], [], done).lost) > 30
