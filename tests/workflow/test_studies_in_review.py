"""Doubtful full texts, reports of one study and a model that is found late, in a whole review with real sheets."""

import importlib.util
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from scoping import ledger
from scoping.items import split

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

LIBRARIAN, ANALYST, RESIDENT = "A librarian for the", "A shared analyst", "The residency of a researcher"
CODES = """\
  - {id: MECH, family: ties, label: Mechanism, definition: How it works., unit: model, quote: no}
  - {id: DOC, family: ties, label: Document, definition: What it is., unit: report, quote: no}
"""
MYSTERY = "Among others: A shared analyst in three harbour towns, and more of that kind.\n"


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    """One person does everything; two reports have one registration, and nobody knows what the mystery is."""
    review = review_folder.Review.create(tmp_path_factory.mktemp("studies") / "review", open_batches=9)
    review.leave_out_reports(keep=("flow",))
    review.mutilate(
        "config/review.yaml",
        ("mode: dual, people: [anna, ben], adjudicator: carys", "mode: single, people: [anna]"),
        ("batch: 8", "batch: 40"),
        ("  duplicates: {people: [anna]}\n", "  duplicates: {people: [anna]}\n  doubtful_texts: {people: [anna]}\n"),
        ("  coding: {mode", "  studies: {people: [anna]}\n  coding: {mode"),
    )
    review.mutilate(
        f"data/raw/exports/{review_folder.RIS}",
        (
            "A council asked a librarian for evidence, weekly.",
            "A council asked a librarian for evidence, weekly. Registered as ISRCTN41258830.",
        ),
        ("One analyst, three councils, one bicycle.", "One analyst, one bicycle. Registered as ISRCTN41258830."),
    )
    (review.root / "config/codebook.yaml").write_text(review_folder.CODEBOOK + CODES, encoding="utf-8")
    (review.raw / "fulltext/mystery.txt").write_text(MYSTERY, encoding="utf-8")
    return review


def titles(review):
    """Content id -> title, of all that was ever issued."""
    events = ledger.read_events(review.raw / "ledger")
    return {id_: as_[1] for event in events if event["kind"] == "issued" for id_, as_ in event["known_as"].items()}


def fill(review, stage, name, answer):
    """Write into every row of a sheet what `answer` says of its item."""
    path = review.place(stage) / name
    book = openpyxl.load_workbook(path)
    for tab, row, columns, item in list(review_folder.rows_of(book)):
        for header, text in answer(item).items():
            tab.cell(row, columns[header]).value = text
    book.save(path)


def cells(review):
    """Item -> value."""
    rows = review.rows("coding/cells.csv")
    return {(row["record_id"], row["model"], row["code"]): row["value"] for row in rows}


def test_a_review_with_studies_from_beginning_to_end(review):
    review.works()
    included = {LIBRARIAN, ANALYST, RESIDENT}

    def screened(item):
        keep = any(titles(review)[item].startswith(title) for title in included)
        return {"Decision": "include"} if keep else {"Decision": "exclude", "Reason (if excluded)": "Not local"}

    fill(review, "duplicates", "du01_anna.xlsx", lambda _: {"Decision": "same"})
    for name in review.sheets("title_abstract"):
        fill(review, "title_abstract", name, screened)
    before = set(review.sheets("title_abstract"))
    review.works()
    for name in set(review.sheets("title_abstract")) - before:
        fill(review, "title_abstract", name, screened)
    review.works()

    # the file that is not certain is asked about; `yes` gives it to the report
    (row,) = [row for row in review.rows("texts.csv") if row["file"] == "mystery.txt"]
    assert (row["record_id"], row["how"]) == ("", "")
    (item,) = review.items("doubtful_texts", "dt01_anna.xlsx")
    fill(review, "doubtful_texts", "dt01_anna.xlsx", lambda _: {"Decision": "yes"})
    fill(review, "full_text", "ft01_anna.xlsx", screened)
    review.works()
    (row,) = [row for row in review.rows("texts.csv") if row["file"] == "mystery.txt"]
    assert (row["record_id"], row["how"]) == (split(item).ids[0], "person")

    # two reports may be of one study; nothing is coded until somebody has said so
    id_of = {title: next(i for i, t in titles(review).items() if t.startswith(title)) for title in included}
    pair = "~".join(sorted((id_of[LIBRARIAN], id_of[ANALYST])))
    assert set(review.items("studies", "st01_anna.xlsx")) == {pair, *id_of.values()}
    assert review.sheets("coding") == []
    assert "1 pair open" in review.status()
    two = {"Decision": "several", "Names of the models (if several)": "Hub; Pool"}

    def of_studies(item):
        return {"Decision": "same study"} if item == pair else two if item == main else {"Decision": "one"}

    main = ""  # nobody says several yet
    fill(review, "studies", "st01_anna.xlsx", of_studies)
    review.works()
    studies = {row["record_id"]: row for row in review.rows("studies.csv")}
    main = studies[id_of[ANALYST]]["main"]
    assert len({row["study_id"] for row in studies.values()}) == 2
    boxes = Counter(line.split(",")[0] for line in review.text("reports/prisma_ids.csv").splitlines())
    assert (boxes["included_reports"] + boxes["other_included_reports"], boxes["included_studies"]) == (3, 2)
    other = (set(pair.split("~")) - {main}).pop()
    (name,) = review.sheets("coding")
    asked = set(review.items("coding", name))
    assert {item for item in asked if split(item).record == main} == {
        f"{main}:{c}" for c in ("MEET", "ASK", "MECH", "DOC")
    }
    assert {item for item in asked if split(item).record == other} == {f"{other}:DOC"}

    # a further model that is found after the coding adds rows of its own and touches none that is there
    def coded(item):
        return {"Value": "no"}

    fill(review, "coding", name, coded)
    review.works()
    first = cells(review)
    assert set(first.values()) == {"no"}
    fill(review, "studies", "st01_anna.xlsx", of_studies)
    review.works()
    assert {at: value for at, value in cells(review).items() if at in first} == first
    assert set(cells(review)) - set(first) == {(main, "2", "MECH")}
    (late,) = set(review.sheets("coding")) - {name}
    assert review.items("coding", late) == [f"{main}+2:MECH"]
    book = openpyxl.load_workbook(review.place("coding") / late)
    assert any("model 2: Pool" in str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)
    fill(review, "coding", late, lambda _: {"Value": "yes"})
    review.settles()
    assert cells(review)[main, "2", "MECH"] == "yes"
    assert "the review is finished" in review.status()

    # a name that would change the meaning of a number is held, and the old answer stands
    moved = {"Decision": "several", "Names of the models (if several)": "Pool; Hub"}
    fill(review, "studies", "st01_anna.xlsx", lambda item: moved if item == main else {})
    review.works()
    assert any("model 1 was `Hub`" in problem for _, problem in review.problems("studies"))
    assert cells(review)[main, "2", "MECH"] == "yes"


def test_stages_that_a_review_does_not_use_leave_no_trace(tmp_path):
    review = review_folder.Review.create(tmp_path / "review", reports=False)
    run = review.works("--dry-run")
    assert not [
        word for word in ("collect_studies", "issue_studies", "collect_doubtful", "issue_doubtful") if word in run.said
    ]
    review.works()
    assert not any(name in review.status() for name in ("Studies", "Doubtful"))
    assert not {"studies", "doubtful_texts"} & {path.name for path in (review.raw / "sheets").iterdir()}
