"""Whatever people do to the sheets in the folder: one run settles it, the next has nothing to do, no answer is lost.

Acts that have nothing to do with each other are done together in one review: each is a generator, and wherever it
yields, the workflow runs (and runs again, to find nothing to do).
"""

import importlib.util
import json
import os
import shutil
from pathlib import Path

import openpyxl
import pytest

from scoping import ledger

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)
Review, digest = review_folder.Review, review_folder.digest

TA = "title_abstract"
BLANK = {"Decision": None, "Reason (if excluded)": None}
ANNA, BEN = "ta01_anna.xlsx", "ta01_ben.xlsx"
OUTDATED = "take the outdated file out of the folder"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tmp_path_factory.getbasetemp()


@pytest.fixture
def review(base, tmp_path):
    """Two sheets of title and abstract with eight records lie there, and one about a pair that may be the same."""
    found = review_folder.first_run(base).copy(tmp_path / "review")
    found.leave_out_reports()
    return found


@pytest.fixture
def six(base, tmp_path):
    """Six sheets lie there: three batches of eight records for Anna and Ben each."""

    def make(root):
        Review.create(root, reports=False, open_batches=3).works()

    found = review_folder.kept(base, "six-sheets", make).copy(tmp_path / "review")
    assert found.sheets(TA) == [f"ta0{batch}_{person}.xlsx" for batch in (1, 2, 3) for person in ("anna", "ben")]
    return found


def together(review, *acts):
    """Let all acts go on to their next `yield`, run the workflow, and so on until all have ended."""
    acts = list(acts)
    while True:
        acts = [act for act in acts if next(act, "the end") != "the end"]
        if not acts:
            return
        review.settles()


def count(review, sheet):
    return len(review.answers(TA, sheet))


# --- labels come in --------------------------------------------------------------------------------------------------


def test_one_run_takes_labels_all_the_way_to_new_sheets(review):
    review.label_everything()
    run = review.settles()
    assert {"collect_duplicates", "dedupe", f"collect_{TA}", f"resolve_{TA}", "rank", f"issue_{TA}"} <= set(run.jobs)
    assert not {"ingest", "extract", "collect_coding", "collect_full_text"} & set(run.jobs), run.jobs
    assert review.sheets(TA) == [ANNA, BEN, "ta02-adjudication_carys.xlsx", "ta03_anna.xlsx", "ta03_ben.xlsx"]
    assert [row["answer"] for row in review.rows("duplicate_pairs.csv") if row["band"] == "ask"] == ["same"]


STATUS = """\
Identified           30 entries -> 29 records (1 duplicate, 0 unreadable)
Possible duplicates  0 pairs answered, 1 open
Title and abstract   29 records: 29 to do
Files of full texts  2 files: 2 matched by id (data/processed/texts.csv)

Who has which sheet
  anna         data/raw/sheets/duplicates/du01_anna.xlsx: 0 of 1 answered
  anna         data/raw/sheets/title_abstract/ta01_anna.xlsx: 3 of 8 answered
  ben          data/raw/sheets/title_abstract/ta01_ben.xlsx: 0 of 8 answered

Everybody's progress: reports/progress.html
All reports on one page: reports/review.html

Next: waiting for anna and ben; when a sheet is saved, run `snakemake --cores 4`.
"""


def test_half_a_sheet_issues_nothing_and_a_save_without_labels_says_nothing(review):
    results = review.tree("data/processed/title_abstract")
    review.label(TA, BEN, rows=[])
    review.settles()
    assert review.tree("data/processed/title_abstract") == results
    review.label(TA, ANNA, rows=range(3))
    run = review.settles()
    assert review.sheets(TA) == [ANNA, BEN]
    assert (count(review, "ta01.anna"), count(review, "ta01.ben")) == (3, 0)
    assert review.status() == STATUS
    assert STATUS in run.said


def test_dates_of_files_decide_nothing(review):
    review.label(TA, ANNA, rows=range(3))
    os.utime(review.place(TA) / ANNA, (1, 1))
    review.works()
    assert count(review, "ta01.anna") == 3
    shutil.rmtree(review.root / ".snakemake")
    review.label(TA, ANNA, rows=range(5))
    os.utime(review.place(TA) / ANNA, (1, 1))
    review.works()
    assert count(review, "ta01.anna") == 5
    review.label(TA, ANNA, rows=range(7))
    os.utime(review.place(TA) / ANNA, (4e9, 4e9))
    review.settles()
    assert count(review, "ta01.anna") == 7


# --- files that are none, and copies ---------------------------------------------------------------------------------


def test_lock_files_are_no_sheets_and_half_a_copy_waits(review):
    for name in (f"~${ANNA}", f".~lock.{ANNA}#", ".hidden.xlsx"):
        (review.place(TA) / name).write_bytes(b"lock")
    review.rests()
    copy = review.place(TA) / "ta01_anna (1).xlsx"
    review.label(TA, ANNA, to=copy.name)
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    run = review.settles()
    assert [file for file, _ in review.problems(TA)] == [copy.name]
    assert f"data/raw/sheets/title_abstract/{copy.name}: " in run.said.partition("PLEASE LOOK")[2]
    copy.write_bytes(whole)
    review.settles()
    assert review.problems(TA) == []
    assert count(review, "ta01.anna") == 8


def copies_that_disagree(review, sheet, copy, first):
    """A partial copy and the full sheet differ in two rows: neither wins until a person takes one away."""
    place, aside = review.place(TA), review.root / "aside" / sheet
    name = f"{sheet.replace('.', '_')}.xlsx"
    aside.parent.mkdir(exist_ok=True)
    review.label(TA, name, rows=range(5), to=copy)
    review.label(TA, copy, rows=[1, 2], say={"Decision": "include"})
    review.label(TA, name)
    review.label(TA, name, rows=[1, 2], say={"Decision": "exclude"})
    late = {"old": name, "new": copy, "both": ""}[first]
    if late:
        (place / late).rename(aside)
    yield
    if late:
        aside.rename(place / late)
    yield
    complaints = [file for file, problem in review.problems(TA) if OUTDATED in problem and file in (name, copy)]
    assert len(complaints) == (4 if first == "both" else 2), (sheet, review.problems(TA))
    assert count(review, sheet) == {"old": 5, "new": 8, "both": 0}[first], "what was accepted earlier stands"
    (place / copy).unlink()
    yield
    assert count(review, sheet) == 8
    assert [review.answers(TA, sheet)[item] for item in review.items(TA, name)[1:3]] == ["exclude", "exclude"]


def test_copies_that_disagree_wait_whatever_their_names_and_order(six):
    together(
        six,
        *(
            copies_that_disagree(six, f"ta0{batch}.{person}", f"{letter} copy {batch}.xlsx", first)
            for person, letter in (("anna", "A"), ("ben", "z"))
            for batch, first in enumerate(("old", "new", "both"), 1)
        ),
    )
    assert six.problems(TA) == []


# --- what people do to one sheet -------------------------------------------------------------------------------------


def copies_that_agree(review, name, sheet):
    review.label(TA, name, rows=range(5), to="part of it.xlsx")
    review.label(TA, name)
    yield
    assert count(review, sheet) == 8


def the_same_bytes_twice(review, name, sheet):
    review.label(TA, name)
    shutil.copy(review.place(TA) / name, review.place(TA) / "the same.xlsx")
    yield
    assert count(review, sheet) == 8
    events = [path.read_text(encoding="utf-8") for path in review.events.glob("*.json")]
    assert sum('"kind":"read"' in text and f'"sheet":"{sheet}"' in text for text in events) == 1


def a_change_of_mind(review, name, sheet):
    review.label(TA, name, say={"Decision": "include"})
    yield
    review.label(TA, name, rows=[0], say={"Decision": "exclude"})
    yield
    said = review.answers(TA, sheet)
    assert [item for item in said if said[item] == "exclude"] == review.items(TA, name)[:1]


def blanked_then_withdrawn(review, name, sheet):
    review.label(TA, name)
    item = review.items(TA, name)[3]
    yield
    before = review.answers(TA, sheet)
    review.label(TA, name, rows=[3], say=BLANK)
    yield
    assert [problem for file, problem in review.problems(TA) if file == name] == [
        f"was `{before[item]}`, is now blank; restore it or write `withdraw`"
    ]
    assert review.answers(TA, sheet) == before
    review.label(TA, name, rows=[3], say={**BLANK, "Decision": "withdraw"})
    yield
    assert review.answers(TA, sheet) == {**before, item: "withdraw"}
    assert name in [line.split(":")[0].rpartition("/")[2] for line in review.status().splitlines() if "7 of 8" in line]
    review.label(TA, name, rows=[3], say=BLANK)
    yield
    assert review.answers(TA, sheet) == {**before, item: "withdraw"}
    review.label(TA, name, rows=[3], say={"Decision": before[item]})
    yield
    assert review.answers(TA, sheet) == before


def an_unknown_word(review, name, sheet):
    review.label(TA, name)
    item = review.items(TA, name)[2]
    review.label(TA, name, rows=[2], say={"Decision": "perhaps"})
    yield
    assert item not in review.answers(TA, sheet)
    assert count(review, sheet) == 7, "the rest goes on"
    assert [item for file, problem in review.problems(TA) if file == name and "`perhaps`" in problem] == [item]
    review.label(TA, name, rows=[2], say={"Decision": "include"})
    yield
    assert review.answers(TA, sheet)[item] == "include"


def a_row_of_another_sheet(review, name, sheet, other):
    review.label(TA, name, rows=range(4))
    yield
    whole = (review.place(TA) / name).read_bytes()
    review.label(TA, name)
    book = openpyxl.load_workbook(review.place(TA) / name)
    strange = openpyxl.load_workbook(review.place(TA) / other)
    _, row, _, _ = next(iter(review_folder.rows_of(strange)))
    last = book.worksheets[0].max_row + 1
    for cell in strange.worksheets[0][row]:
        book.worksheets[0].cell(last, cell.column).value = cell.value
    book.save(review.place(TA) / name)
    yield
    assert count(review, sheet) == 4, "the file waits, earlier answers stand"
    assert any("rows of several sheets" in problem for file, problem in review.problems(TA) if file == name)
    (review.place(TA) / name).write_bytes(whole)
    yield
    assert count(review, sheet) == 4


def test_what_people_do_to_sheets(six):
    together(
        six,
        copies_that_agree(six, "ta01_anna.xlsx", "ta01.anna"),
        blanked_then_withdrawn(six, "ta01_ben.xlsx", "ta01.ben"),
        a_change_of_mind(six, "ta02_anna.xlsx", "ta02.anna"),
        the_same_bytes_twice(six, "ta02_ben.xlsx", "ta02.ben"),
        an_unknown_word(six, "ta03_anna.xlsx", "ta03.anna"),
        a_row_of_another_sheet(six, "ta03_ben.xlsx", "ta03.ben", "ta01_ben.xlsx"),
    )
    assert six.problems(TA) == []


# --- sheets that go away ---------------------------------------------------------------------------------------------


def deleted_untouched(review, name):
    before = digest(review.place(TA) / name)
    (review.place(TA) / name).unlink()
    yield
    assert digest(review.place(TA) / name) == before
    (review.place(TA) / name).unlink()
    yield
    assert digest(review.place(TA) / name) == before, "as often as it is lost"


def deleted_half_done(review, name):
    review.label(TA, name, rows=range(5))
    yield
    before = digest(review.place(TA) / name)
    (review.place(TA) / name).unlink()
    yield
    assert digest(review.place(TA) / name) == before, "as it was last read"


def deleted_when_done(review, name, sheet):
    review.label(TA, name)
    yield
    before = review.answers(TA, sheet)
    (review.place(TA) / name).unlink()
    yield
    assert not (review.place(TA) / name).exists()
    assert review.answers(TA, sheet) == before
    assert len(before) == 8


def renamed_untouched_and_done_later(review, name, sheet):
    yield  # it was renamed before, see below
    review.label(TA, "Anna's (new) “sheet”.xlsx")
    yield
    assert count(review, sheet) == 8
    (review.place(TA) / "Anna's (new) “sheet”.xlsx").rename(review.place(TA) / "done.xlsx")
    yield
    assert not (review.place(TA) / name).exists()
    assert count(review, sheet) == 8


def renamed_and_done_in_one_go(review, name, sheet):
    review.label(TA, name, to="final final.xlsx")
    (review.place(TA) / name).unlink()
    yield
    assert count(review, sheet) == 8
    assert not (review.place(TA) / name).exists()


def test_sheets_that_go_away(six):
    (six.place(TA) / "ta03_anna.xlsx").rename(six.place(TA) / "Anna's (new) “sheet”.xlsx")
    six.rests()  # a pristine sheet under another name is nothing new
    together(
        six,
        deleted_untouched(six, "ta01_anna.xlsx"),
        deleted_half_done(six, "ta01_ben.xlsx"),
        deleted_when_done(six, "ta02_anna.xlsx", "ta02.anna"),
        renamed_untouched_and_done_later(six, "ta03_anna.xlsx", "ta03.anna"),
    )
    together(six, renamed_and_done_in_one_go(six, "ta02_ben.xlsx", "ta02.ben"))
    assert six.problems(TA) == []


# --- during a run ----------------------------------------------------------------------------------------------------


def test_what_comes_back_after_the_run_looked_is_still_read(review):
    """The whole sheet when Snakemake looks, a half-saved one when collect reads, the whole again: it must be read."""
    review.label(TA, ANNA)
    sheet = review.place(TA) / ANNA
    whole, good = sheet.read_bytes(), review.text("Snakefile")
    review.snakefile.write_text(f"{good}\nPath({str(sheet)!r}).write_bytes(b'half')\n")  # after the keys were computed
    run = review.run()
    assert run.code == 1, run
    assert f"data/raw/sheets/title_abstract/{ANNA}: was being saved or copied during the run; run again" in run.said
    assert "Traceback" not in run.said
    sheet.write_bytes(whole)
    review.snakefile.write_text(good)
    review.settles()
    assert count(review, "ta01.anna") == 8


def lose_the_newest_event(review):
    """As a backup of the ledger does that was made before the last run."""
    review.label(TA, ANNA, rows=range(6))
    review.works()
    newest = max((review.root / "data/raw/ledger/events").iterdir())
    assert json.loads(newest.read_text())["kind"] == "read"
    newest.unlink()


def test_an_answer_that_the_ledger_lost_is_read_again_from_its_sheet(review):
    lose_the_newest_event(review)
    review.settles()
    assert count(review, "ta01.anna") == 6


def test_control_without_the_look_at_the_receipt_it_would_stay_lost(review):
    look = "        ledger.check_receipt(Path(receipt), folder.of_stage(EVENTS, stage))\n"
    review.mutilate("workflow/rules/common.smk", (look, "        pass\n"))
    lose_the_newest_event(review)
    assert review.run().code == 0
    assert ledger.read_events(review.root / "data/raw/ledger")[-1]["kind"] != "read"


# --- controls: simpler designs, each shown failing -------------------------------------------------------------------

RECEIPT = f"data/processed/collected/{TA}-x"
KEY = """        stage: imports.key(
            folder.key(
                folder.of_stage(EVENTS, stage),
                folder.hashes(Path(RAW, "sheets", stage)),
            ),
            folder.of_stage(EVENTS, stage),
            TOLD[stage],
        )
"""


def without_the_key_in_the_name(review):
    review.mutilate(
        "workflow/rules/common.smk", ('{OUT}/collected/{stage}-{KEYS[stage]}"', '{OUT}/collected/{stage}-x"')
    )
    review.mutilate(
        "workflow/rules/decisions.smk", ('{OUT}/collected/{_stage}-{KEYS[_stage]}"', '{OUT}/collected/{_stage}-x"')
    )


def test_control_a_key_that_is_only_a_param_is_forgotten_with_snakemakes_memory(review):
    without_the_key_in_the_name(review)
    review.works(RECEIPT)
    review.label(TA, ANNA, rows=range(6))
    shutil.rmtree(review.root / ".snakemake")
    assert review.run(RECEIPT).idle
    assert count(review, "ta01.anna") == 0  # six labels lie there unread


def test_control_a_key_of_the_present_makes_the_next_run_dirty(review):
    without_the_key_in_the_name(review)
    present = '        stage: repr([len(EVENTS), folder.hashes(Path(RAW, "sheets", stage))])\n'
    review.mutilate("workflow/rules/common.smk", (KEY, present))
    review.mutilate("workflow/rules/decisions.smk", (" --key {params.key:q}", ""))
    review.works(RECEIPT)
    assert review.run(RECEIPT).idle
    review.label(TA, ANNA, rows=range(6))
    review.works(RECEIPT)
    review.works(RECEIPT)
    assert review.run(RECEIPT).idle


def test_control_sheets_as_inputs_miss_old_dates_and_fail_on_future_ones(review):
    without_the_key_in_the_name(review)
    review.mutilate("workflow/rules/common.smk", (KEY, '        stage: "0" * 16\n'))
    review.mutilate(
        "workflow/rules/decisions.smk",
        (
            "        input:\n            entries=",
            '        input:\n            [f"{RAW}/sheets/{_stage}/{name}" for name in folder.hashes(Path(RAW, "sheets", _stage))],\n'
            "            entries=",
        ),
        (" --key {params.key:q}", ""),
    )
    review.works(RECEIPT)
    sheet = review.place(TA) / ANNA
    review.label(TA, ANNA, rows=range(3))
    os.utime(sheet, (1, 1))
    assert review.run(RECEIPT).idle
    assert count(review, "ta01.anna") == 0
    os.utime(sheet, (4e9, 4e9))
    run = review.run(RECEIPT)
    assert run.code == 1, run
    assert "clock skew" in run.said
