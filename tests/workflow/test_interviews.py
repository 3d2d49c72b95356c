"""Interviews in a whole review: coded to the end, and seen by nothing of the literature."""

import csv
import importlib.util
from pathlib import Path

import openpyxl
import pytest

from scoping import interviews

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

MAYOR, CLERK = (interviews.record_id(id_) for id_ in ("mayor", "clerk"))
STAGE = "  interviews: {mode: dual, people: [anna, ben], adjudicator: carys}\n"
NAMED = """\
interviews:
  - {id: mayor, file: the mayor.txt, title: A long talk about evidence, role: Mayor of a town, date: 2026-03-02}
  - {id: clerk, file: clerk.txt, title: A long talk about evidence}
"""
WORDS = {
    "the mayor.txt": "We meet every Tuesday, and nobody brings a paper.\n",
    "clerk.txt": "I ask the archive first. Then I ask my neighbour.\n",
}
QUOTES = {MAYOR: "We meet every Tuesday", CLERK: "I ask the archive first"}
OWN = ("reports/tables/interviews", "reports/manifest.json", "reports/progress.")
TELLS = ("reports/text/", "reports/manuscript.docx", "reports/supplement.zip", "reports/review.html")
"""What says that there are interviews, and holds the numbers of the literature all the same."""


def add(review):
    """Two interviews, in the protocol and in their folder."""
    review.mutilate(
        "config/review.yaml", ("people:\n  anna:", f"{STAGE}people:\n  anna:"), ("seed: 7\n", f"seed: 7\n{NAMED}")
    )
    (review.raw / "interviews").mkdir()
    for name, text in WORDS.items():
        (review.raw / "interviews" / name).write_text(text, encoding="utf-8")


def fill(review, name, answer):
    """Write into every row of a sheet of interviews what `answer` says of (record, code)."""
    path = review.place("interviews") / name
    book = openpyxl.load_workbook(path)
    for tab, row, columns, item in list(review_folder.rows_of(book)):
        for header, text in answer(*item.split(":")).items():
            tab.cell(row, columns[header]).value = text
    book.save(path)


def yes(record, code):
    return {"Value": "yes", "Quote (copied from the text)": QUOTES[record]}


def otherwise(record, code):
    return {"Value": "no"} if (record, code) == (CLERK, "MEET") else yes(record, code)


def table(review, name):
    with (review.root / "reports/tables" / name).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def reports(review):
    """Every report but those that are to know of the interviews."""
    return {name: value for name, value in review.tree("reports").items() if not name.startswith(OWN + TELLS)}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The small review, coded to its end, without interviews."""
    review = review_folder.Review.create(tmp_path_factory.mktemp("interviews") / "review", open_batches=9)
    review.finishes()
    assert "the review is finished" in review.status()
    assert not (review.out / "interviews").exists()
    return review


def test_interviews_are_coded_to_the_end_and_no_report_of_the_literature_changes(finished, tmp_path):
    review = finished.copy(tmp_path / "review")
    before, numbers = reports(review), review.text("reports/text/numbers.csv").splitlines()
    assert len(before) > 100
    add(review)
    review.works()
    sheets = review.sheets("interviews")
    assert sheets == ["iv01_anna.xlsx", "iv01_ben.xlsx"]
    book = openpyxl.load_workbook(review.place("interviews") / sheets[0])
    assert {"mayor", "clerk"} < set(book.sheetnames)
    heads = [str(cell.value) for row in book["mayor"].iter_rows() for cell in row if cell.value]
    assert "A long talk about evidence – Mayor of a town, 2026" in heads
    assert "Transcript: data/raw/interviews/the mayor.txt" in heads
    assert {row["Not yet coded"] for row in table(review, "interviews.csv")} == {"2"}

    fill(review, "iv01_anna.xlsx", yes)
    fill(review, "iv01_ben.xlsx", otherwise)
    review.settles()
    assert review.sheets("interviews")[-1] == "iv02-adjudication_carys.xlsx"
    assert review.items("interviews", "iv02-adjudication_carys.xlsx") == [f"{CLERK}:MEET"]
    assert "2 transcripts: 3 of 4 cells settled, 1 in conflict" in review.status()
    fill(review, "iv02-adjudication_carys.xlsx", lambda *_: {"Value": "no"})
    review.settles()

    cells = {(row["record_id"], row["code"]): row for row in review.rows("interviews/cells.csv")}
    assert {at: (row["value"], row["verdict"]) for at, row in cells.items()} == {
        (MAYOR, "MEET"): ("yes", "verbatim"),
        (MAYOR, "ASK"): ("yes", "verbatim"),
        (CLERK, "MEET"): ("no", ""),
        (CLERK, "ASK"): ("yes", "verbatim"),
    }
    assert "the review is finished" in review.status()
    meet, ask = table(review, "interviews.csv")
    assert [meet[name] for name in ("Yes", "No", "Unclear", "Not yet coded")] == ["1", "1", "0", "0"]
    assert meet["Quote"] == "“We meet every Tuesday” (mayor, p. 1)"
    assert ask["Said yes"] == "mayor, clerk"
    behind = {(row["row"], row["column"], row["unit"], row["id"]) for row in table(review, "interviews_ids.csv")}
    assert behind == {
        ("MEET", "Yes", "transcript", MAYOR),
        ("MEET", "No", "transcript", CLERK),
        ("ASK", "Yes", "transcript", MAYOR),
        ("ASK", "Yes", "transcript", CLERK),
    }
    assert reports(review) == before  # to the byte
    after = review.text("reports/text/numbers.csv").splitlines()
    assert set(numbers) < set(after)
    assert all("interviews" in line for line in set(after) - set(numbers))
    assert {MAYOR, CLERK} & {row["record_id"] for row in review.rows("coding/cells.csv")} == set()

    # the control: were the transcripts taken for literature anywhere, the comparison would show it
    review.mutilate(
        "workflow/rules/reports.smk",
        ('coding=f"{OUT}/coding/independent.csv"', 'coding=f"{OUT}/interviews/independent.csv"'),
    )
    review.works("reports/tables/agreement.csv")
    changed = {name for name, value in reports(review).items() if before[name] != value}
    assert "reports/tables/agreement.csv" in changed


def test_a_mended_or_renamed_transcript_keeps_its_answers_and_one_that_is_gone_is_told(tmp_path):
    review = review_folder.Review.create(tmp_path / "review")
    review.leave_out_reports()
    add(review)
    review.works()
    for name in ("iv01_anna.xlsx", "iv01_ben.xlsx"):
        fill(review, name, yes)
    review.works()
    assert {row["value"] for row in review.rows("interviews/cells.csv")} == {"yes"}

    (review.raw / "interviews/clerk.txt").unlink()
    (review.raw / "interviews/town clerk.txt").write_text("I ask the archive second.\n", encoding="utf-8")
    review.mutilate("config/review.yaml", ("clerk.txt", "town clerk.txt"))
    review.settles()
    mended = {row["verdict"] for row in review.rows("interviews/cells.csv") if row["record_id"] == CLERK}
    assert mended <= {"missing", "near"}
    assert mended
    assert {row["value"] for row in review.rows("interviews/cells.csv")} == {"yes"}

    # another interview with the same title gets none of the answers, which are listed
    review.mutilate("config/review.yaml", ("id: clerk", "id: porter"))
    review.works()
    porter = interviews.record_id("porter")
    assert {row["state"] for row in review.rows("interviews/cells.csv") if row["record_id"] == porter} == {"pending"}
    asked = {item for name in ("iv02_anna.xlsx", "iv02_ben.xlsx") for item in review.items("interviews", name)}
    assert asked == {f"{porter}:MEET", f"{porter}:ASK"}
    assert {row["item"] for row in review.rows("interviews/orphans.csv")} == {f"{CLERK}:MEET", f"{CLERK}:ASK"}
    assert "names no such interview any more" in review.status()
    review.mutilate("config/review.yaml", ("id: porter", "id: clerk"))
    review.works()
    assert {row["value"] for row in review.rows("interviews/cells.csv")} == {"yes"}

    review.mutilate("config/review.yaml", (STAGE, ""), (NAMED.replace("clerk.txt", "town clerk.txt"), ""))
    run = review.run()
    assert run.code != 0
    assert "names no stages.interviews any more" in run.said


def test_a_review_without_interviews_shows_no_trace_of_them(finished):
    assert "Interviews" not in finished.status()
    assert not [name for name in finished.tree("data", "reports") if "interview" in name]
