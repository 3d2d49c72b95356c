"""A review that screens by title before it does by title and abstract, with real sheets, from beginning to end."""

import csv
import importlib.util
import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from scoping import ledger

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

STAGE = "  title: {mode: dual, people: [anna, ben], adjudicator: carys, pilot: 0, batch: 8, open_batches: 9}\n"
BEFORE = "  title_abstract:\n"


def words(book):
    return {str(cell.value) for tab in book.worksheets for row in tab.iter_rows() for cell in row if cell.value}


def boxes(review):
    """Box -> ids of the diagram."""
    found = {}
    for row in csv.DictReader(review.text("reports/prisma_ids.csv").splitlines()):
        found.setdefault(row["box"], set()).add(row["id"])
    return found


def saved_by_libreoffice(path, folder):
    """The sheet as LibreOffice writes it, in its place."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, timeout=180, capture_output=True)
    path.write_bytes((folder / path.name).read_bytes())


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The review at its end; on the way nothing is screened by abstract that did not pass by title."""
    root = tmp_path_factory.mktemp("titles")
    review = review_folder.Review.create(root / "review", reports=False, open_batches=9)
    review.mutilate("config/review.yaml", (BEFORE, STAGE + BEFORE))
    review.works()
    assert review.sheets("title_abstract") == []
    first = review.place("title") / "ti01_anna.xlsx"
    seen = words(openpyxl.load_workbook(first))
    assert sum(title in seen for title, *_ in review_folder.STUDIES) == 8
    assert "Abstract" not in seen
    assert not [text for text in seen for *_, abstract in review_folder.STUDIES if abstract in text]
    assert not [text for text in seen if "small.example" in text or "10.5555" in text]
    assert {"include", "exclude", "unsure"} <= set(" ".join(seen).replace(",", " ").split())
    review.label("title", "ti01_anna.xlsx")
    if shutil.which("soffice"):
        saved_by_libreoffice(first, root)
    review.works()
    assert len(review.answers("title", "ti01.anna")) == len(review.items("title", "ti01_anna.xlsx"))
    review.works("reports/prisma_ids.csv")
    assert "DRAFT" in review.text("reports/prisma.svg")
    while review.label_everything():
        review.works()
    shutil.copy(review_folder.REPO / "Snakefile", review.root)  # with all its reports
    review.settles()
    return review


def test_each_record_is_screened_by_title_and_what_passes_by_abstract(finished):
    title = {row["record_id"]: row["state"] for row in finished.rows("title/states.csv")}
    abstract = {row["record_id"]: row["state"] for row in finished.rows("title_abstract/states.csv")}
    assert set(Counter(title.values())) == {"include", "exclude"}
    assert set(abstract) == {id_ for id_, state in title.items() if state == "include"}
    events = ledger.read_events(finished.raw / "ledger")
    asked = {
        item
        for event in events
        if event["kind"] == "issued" and event["stage"] == "title_abstract"
        for item in event["items"]
    }
    assert asked == set(abstract)
    assert any("adjudication_carys" in name for name in finished.sheets("title"))
    # every answer that people gave at the stage is there
    answers = {(row["sheet"], row["item"]) for row in finished.rows("title/decisions.csv")}
    given = {
        (e["sheet"], item) for e in events if e["kind"] == "read" and e["stage"] == "title" for item in e["labels"]
    }
    assert answers == given


def test_the_diagram_has_both_screenings(finished):
    title = {row["record_id"]: row["state"] for row in finished.rows("title/states.csv")}
    abstract = {row["record_id"]: row["state"] for row in finished.rows("title_abstract/states.csv")}
    arms = {"": set(), "other_": set()}
    role = {row["record_id"]: set() for row in finished.rows("entry_records.csv") if row["record_id"]}
    for row in finished.rows("entry_records.csv"):
        role.setdefault(row["record_id"], set()).add(row["arm"])
    for id_ in title:
        arms["" if "databases" in role[id_] else "other_"].add(id_)
    found = boxes(finished)
    assert found["title_screened"] == arms[""]
    assert found["title_excluded"] == {id_ for id_ in arms[""] if title[id_] == "exclude"}
    assert found["other_title_excluded"] == {id_ for id_ in arms["other_"] if title[id_] == "exclude"}
    assert found["screened"] == arms[""] & set(abstract)
    assert found["excluded"] == {id_ for id_ in arms[""] if abstract.get(id_) == "exclude"}
    svg = finished.text("reports/prisma.svg")
    said = {
        group.get("id"): " ".join(text.strip() for text in group.itertext() if text.strip())
        for group in ET.fromstring(svg)
    }
    for box, label, ids in (
        ("title_screened", "Records screened by title", found["title_screened"]),
        ("title_excluded", "Records excluded by title", found["title_excluded"]),
        ("screened", "Records screened by abstract", found["screened"]),
        ("excluded", "Records excluded by abstract", found["excluded"]),
    ):
        assert said[f"box-{box}"] == f"{label} (n\u00a0=\u00a0{len(ids)})"
    assert "DRAFT" not in svg
    n = len(found["title_screened"])
    assert f"{n} records were screened by title and {len(found['title_excluded'])} excluded" in finished.text(
        "reports/prisma.alt.txt"
    )
    table = {row["data"]: row["n"] for row in csv.DictReader(finished.text("reports/prisma_2020.csv").splitlines())}
    assert int(table["records_screened"]) == n
    assert int(table["records_excluded"]) == len(found["title_excluded"]) + len(found["excluded"])
    page = finished.text("reports/prisma.html")
    assert "excluded by title" in page
    assert 'id="list-title_excluded"' in page


def test_status_progress_agreement_and_manifest_know_the_stage(finished):
    assert "Title                " in finished.status()
    assert "the review is finished" in finished.status()
    assert "Title: " in finished.text("reports/progress.html")
    with (finished.root / "reports/tables/agreement.csv").open(encoding="utf-8-sig") as handle:
        stages = [row["Stage"] for row in csv.DictReader(handle)]
    assert list(dict.fromkeys(stages))[:2] == ["Title", "Title and abstract"]
    outputs = json.loads(finished.text("reports/manifest.json"))["outputs"]
    assert {"data/processed/title/states.csv", "data/processed/title/decisions.csv"} <= set(outputs)
    curve = finished.text("reports/figures/screening_curve_data.csv").splitlines()
    assert len(curve) - 1 == len(finished.rows("title/states.csv"))


def test_the_stage_cannot_be_taken_out_while_its_answers_count(finished, tmp_path):
    review = finished.copy(tmp_path / "review")
    review.mutilate("config/review.yaml", (STAGE, ""))
    run = review.run()
    assert run.code != 0
    assert "names no stages.title any more, but sheets of it were issued; put it back" in run.said
    review.mutilate("config/review.yaml", (BEFORE, STAGE + BEFORE))
    review.rests()


def test_the_stage_cannot_come_when_screening_has_begun(tmp_path_factory, tmp_path):
    review = review_folder.first_run(tmp_path_factory.getbasetemp()).copy(tmp_path / "review")
    review.mutilate("config/review.yaml", (BEFORE, STAGE + BEFORE))
    before = review.tree("data")
    run = review.run()
    assert run.code != 0
    assert "names stages.title, but screening on title and abstract has begun" in run.said
    assert review.tree("data") == before
    assert len(run.complaint) < 4


def test_a_review_without_the_stage_leaves_no_trace_of_it(tmp_path_factory):
    review = review_folder.first_run(tmp_path_factory.getbasetemp())
    assert not (review.out / "title").exists()
    assert "title" not in [path.name for path in (review.raw / "sheets").iterdir()]
    assert "by title" not in review.text("reports/prisma.svg") + review.text("reports/prisma.alt.txt")
    assert "title_screened" not in review.text("reports/prisma_ids.csv")
