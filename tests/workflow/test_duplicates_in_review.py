"""A living review: duplicates found late, a new search against old records, and a check that undoes a merge."""

import csv
import importlib.util
import json
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

DU, TA = "duplicates", "title_abstract"
CLINICS = "Evidence clinics in rural districts"
EARLY = (2, 3)  # studies that a new search finds again, with another year
NEW = "TY  - JOUR\nTI  - Ferries, minutes and an island council\nAU  - Quill, B.\nPY  - 2026\nDO  - 10.5555/new.1\nER  - \n\n"


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    """One screener, so that few runs are needed; an adjudicator."""
    review = review_folder.Review.create(tmp_path_factory.mktemp("duplicates") / "review", open_batches=9)
    review.leave_out_reports(keep=("flow", "describe"))
    review.mutilate(
        "config/review.yaml",
        ("mode: dual, people: [anna, ben], adjudicator: carys", "mode: single, people: [anna], adjudicator: carys"),
        ("batch: 8", "batch: 40"),
    )
    return review


def roles(review):
    return Counter(row["role"] for row in review.rows("entry_records.csv"))


def boxes(review):
    return Counter(row.split(",")[0] for row in review.text("reports/prisma_ids.csv").splitlines()[1:])


def methods(review):
    """The methods section without the keys of its numbers."""
    return re.sub(r"<!--.*?-->", "", review.text("reports/text/methods.md"))


def whole(review):
    """The identities of the diagram, over both arms: entries = duplicates + records, which end in one box each."""
    n = boxes(review)
    ends = (
        "excluded",
        "awaiting_screening",
        "sought",
        "other_excluded_at_title",
        "other_awaiting_screening",
        "other_sought",
    )
    assert n["identified"] + n["other_identified"] == n["duplicates"] + n["other_known"] + sum(n[end] for end in ends)
    assert n["duplicates"] + n["other_known"] == roles(review)["duplicate"]
    return n


def states(review):
    return {row["record_id"]: row for row in review.rows(f"{TA}/states.csv")}


def texts(review, stage, name):
    """Item -> the texts of its row."""
    book = openpyxl.load_workbook(review.place(stage) / name)
    return {
        item: [str(cell.value or "") for cell in tab[row]] for tab, row, _, item in list(review_folder.rows_of(book))
    }


def label(review, stage, name, answers):
    """Write the answer to each item."""
    path = review.place(stage) / name
    book = openpyxl.load_workbook(path)
    for tab, row, columns, item in list(review_folder.rows_of(book)):
        for header, text in answers[item].items():
            tab.cell(row, columns[header]).value = text
    book.save(path)


OUT = {"Decision": "exclude", "Reason (if excluded)": "Not local"}


def test_two_records_that_were_screened_turn_out_to_be_one(review):
    """What was decided of both is kept, asked about where it differs, and the diagram counts one more duplicate."""
    review.works()
    (pair,) = review.items(DU, "du01_anna.xlsx")
    label(review, DU, "du01_anna.xlsx", {pair: {"Decision": "different"}})
    review.works()
    one, other = pair.split("~")
    for name in review.sheets(TA):
        said = {item: {"Decision": "include"} if item == one else OUT for item in review.items(TA, name)}
        label(review, TA, name, said)
    review.works()
    before, screened = whole(review), states(review)
    assert (screened[one]["state"], screened[other]["state"]) == ("include", "exclude")
    assert "duplicates_late" not in before
    duplicates = roles(review)["duplicate"]

    label(review, DU, "du01_anna.xlsx", {pair: {"Decision": "same"}})
    run = review.settles()
    assert roles(review)["duplicate"] == duplicates + 1
    (left,) = {one, other} & set(states(review))
    assert states(review)[left]["state"] == "conflict"
    assert json.loads(states(review)[left]["decided_ids"]) == sorted([one, other])
    said = {row["item"]: row["decision"] for row in review.rows(f"{TA}/decisions.csv")}
    assert (said[one], said[other]) == ("include", "exclude"), "no decision is lost"
    after = whole(review)
    assert after["duplicates"] + after["other_known"] == before["duplicates"] + before["other_known"] + 1
    assert after["duplicates_late"] == 1
    assert "1 was found only after it had been screened as a record of its own" in review.text(
        "reports/prisma.svg"
    ).replace("\n", " ")
    assert f"1 duplicate found late, both screened as records before; one record each now: {left}" in run.said
    (sheet,) = [name for name in review.sheets(TA) if "adjudication" in name]
    assert review.items(TA, sheet) == [left]

    label(review, TA, sheet, {left: {"Decision": "include"}})
    review.settles()
    assert states(review)[left]["state"] == "include"
    assert whole(review)["duplicates_late"] == 1
    assert "of the duplicates was found only after both had been screened" in methods(review)


def test_a_new_search_is_matched_against_old_records(review):
    """Old decisions hold, of pairs and of records: only what is new goes out, and nobody is asked again."""
    before, count = states(review), roles(review)
    path = review.exports / review_folder.RIS
    again = review_folder._ris(EARLY)
    for number in EARLY:
        year = review_folder.STUDIES[number][2]
        again = again.replace(f"PY  - {year}\n", f"PY  - {year + 1}\n")
    path.write_text(path.read_text(encoding="utf-8") + again + NEW, encoding="utf-8")
    pairs, sheets = review.sheets(DU), review.sheets(TA)
    review.settles()
    assert roles(review) == count + Counter(duplicate=len(EARLY), record=1)
    assert review.sheets(DU) == pairs
    (sheet,) = sorted({*review.sheets(TA)} - {*sheets})
    (fresh,) = review.items(TA, sheet)
    now = states(review)
    assert now[fresh]["state"] == "pending"
    record_of = {row["content_id"]: row["record_id"] for row in review.rows("entry_records.csv")}
    assert {record_of[id_]: row["state"] for id_, row in before.items()} == {
        id_: row["state"] for id_, row in now.items() if id_ != fresh
    }
    assert whole(review)["duplicates_late"] == 1, "what a new search brings was never screened by itself"
    label(review, TA, sheet, {fresh: OUT})
    review.settles()


def test_a_check_undoes_a_merge_and_says_how_exact_merges_were(review):
    assert "their error rate was not measured in this review" in methods(review)
    review.mutilate("config/review.yaml", ("{people: [anna]}", "{people: [anna], check: {merged: 9, apart: 9}}"))
    before, sheets = roles(review), review.sheets(TA)
    review.settles()
    (sheet,) = [name for name in review.sheets(DU) if "check" in name]
    drawn = [row for row in review.rows(f"{DU}/checks.csv") if row["drawn"]]
    merged = sorted(f"{row['a']}~{row['b']}" for row in drawn if row["kind"] == "merged")
    assert len(merged) == len(EARLY)
    assert sorted(review.items(DU, sheet)) == sorted(f"{row['a']}~{row['b']}" for row in drawn)
    for item, cells in texts(review, DU, sheet).items():
        assert not any("Rather" in cell or "chance" in cell for cell in cells), "nobody is led"
        if item in merged:
            assert any(cell.startswith("Year: ") for cell in cells), "both entries are shown, not their record twice"
    assert "their error rate was not measured in this review" in methods(review), "nothing is claimed before"

    wrong = merged[0]
    said = {
        item: {"Decision": "different" if item == wrong or item not in merged else "same"}
        for item in review.items(DU, sheet)
    }
    label(review, DU, sheet, said)
    review.settles()
    assert roles(review) == before + Counter(record=1) - Counter(duplicate=1)
    record_of = {row["content_id"]: row["record_id"] for row in review.rows("entry_records.csv")}
    assert len({record_of[id_] for id_ in wrong.split("~")}) == 2
    (new,) = sorted({*review.sheets(TA)} - {*sheets})
    (split,) = review.items(TA, new)
    assert split in wrong.split("~"), "what was hidden in the other record is screened now"
    whole(review)
    with (review.root / "reports/tables/duplicates_check.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = {row["Pairs"]: row for row in csv.DictReader(handle)}
    every = rows["All merges"]
    assert (every["In the review"], every["Answered"], every["Wrong"], every["Estimate"]) == ("2", "2", "1", "0.500")
    said = methods(review)
    assert "their error rate was not measured in this review" not in said
    assert "precision 0.500" in said
