"""Suggestions and quotes in a review as people meet them: on sheets, in the ledger, in tables, and as an error."""

import csv
import importlib.util
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from scoping import offers

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

QUOTE = "Quote (copied from the text)"


def table(review, name):
    with (review.root / "reports/tables" / name).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def events(review):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(review.events.glob("*.json"))]


def shown(review, name):
    """Item -> what stands in the column of suggestions; and all texts of the sheet."""
    book = openpyxl.load_workbook(review.place("coding") / name)
    return {item: tab.cell(row, columns["Suggestion"]).value for tab, row, columns, item in review_folder.rows_of(book)}


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    """The small review with indicators for one of its codes, screened to the end: the coding sheets are laid out."""
    review = review_folder.Review.create(tmp_path_factory.mktemp("suggestions") / "review", reports=False)
    review.mutilate(
        "config/codebook.yaml",
        ("definition: People ask.}", "definition: People ask., indicators: [asked]}"),
    )
    review.mutilate(
        "config/review.yaml", ("coding: {mode: dual,", "coding: {blind: 0.5, missing_quote: error, mode: dual,")
    )
    while not review.sheets("coding"):
        review.works()
        if not review.sheets("coding"):
            assert review.label_everything()
    shutil.copy(review_folder.REPO / "Snakefile", review.root)  # with all its reports
    return review


def test_from_the_sheet_to_the_table_and_the_error(review):
    (issued,) = [event for event in events(review) if event["kind"] == "issued" and event["stage"] == "coding"]
    name, other = [sheet["file"] for sheet in issued["sheets"]]
    texts = shown(review, name)
    assert texts == shown(review, other), "both coders see the same"
    assert set(texts) == set(issued["items"]) == set(issued["suggested"])
    for item, text in texts.items():
        how, count, *_ = [*issued["suggested"][item], None, None]
        assert (how == "blind") == offers.blind(item, 0.5, 7) == (text == offers.WITHOUT)
        if how == "shown":
            assert ("“" in text) == bool(count)
            assert not count or "asked" in text
    assert {kept[0] for kept in issued["suggested"].values()} >= {"blind", ""}

    rows = [at for at, item in enumerate(review.items("coding", name)) if item.startswith("CSJV45JWVG3:")]
    assert len(rows) == 2, "the codes of the report that says it"
    for file in (name, other):
        review.label("coding", file, say={"Value": "no"})
    review.label("coding", other, rows, {"Value": None})
    review.label("coding", name, rows, {"Value": "yes", QUOTE: "asked a librarian"})
    review.works("quotes")
    assert table(review, "quotes.csv") == [], "nothing shows while the other coder has not answered"
    review.label("coding", other, rows, {"Value": "yes", QUOTE: "nobody ever wrote this"})
    before = review.tree("data/raw/sheets")
    run = review.run()
    assert run.code != 0
    assert f"data/raw/sheets/coding/{other}:" in run.said
    assert "“nobody ever wrote this”" in run.said
    assert {"manifest", "progress", "issue_coding"} <= {*run.jobs}, "all else was written before"
    assert review.tree("data/raw/sheets") == before
    found = table(review, "quotes.csv")
    assert {row["Verdict"] for row in found if row["Sheet"] == other} == {"missing"}
    again = review.run()
    assert (again.code != 0, again.jobs) == (True, []), "until it is mended, each run says so"

    counts = {row["Suggestion"]: row for row in table(review, "suggestions.csv") if row["Code"] == "All codes"}
    ids = [row for row in table(review, "suggestions_ids.csv") if row["Code"] == "All codes"]
    for how, row in counts.items():
        for column in ("Suggested", "Confirmed", "Added by hand"):
            cells = {each["Id"] for each in ids if (each["Suggestion"], each["Column"]) == (how, column)}
            assert int(row[column]) == len(cells)
    agreement = [
        row for row in table(review, "agreement.csv") if row["Stage"] == "Coding" and row["Compared by"] == "all"
    ]
    blind = sum(kept[0] == "blind" for kept in issued["suggested"].values())
    assert [row["Group"] for row in agreement][::2] == [
        "Coded blind to suggestions", "All cells, also those with a suggestion shown",
    ]  # fmt: skip
    assert agreement[0]["Items answered by two or more"] == str(blind)

    review.label("coding", other, rows, {"Value": "yes", QUOTE: "asked a librarian"})
    assert "the review is finished" in review.settles().said


def test_a_review_that_was_coded_before_there_were_suggestions_runs(tmp_path):
    """The ledger of a former review: nothing is asked anew, and the tables say that none were shown."""
    review = review_folder.former(tmp_path / "scoping")
    assert not any("suggested" in event for event in events(review))
    before = review.tree("data/raw/sheets", "data/raw/ledger/events")
    assert "the review is finished" in review.works().said
    assert review.tree("data/raw/sheets", "data/raw/ledger/events") == before
    whole = [row for row in table(review, "agreement.csv") if row["Stage"] == "Coding" and row["Compared by"] == "all"]
    assert {row["Group"] for row in whole} == {"All cells (no suggestions were shown)"}
    assert {row["Cells"] for row in table(review, "suggestions.csv")} == {"0"}
    assert review.rows("coding/suggestions.csv"), "passages are suggested all the same"
