"""A small review whose records were partly screened in Rayyan: nothing by itself, everything by the protocol."""

import csv
import importlib.util
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from scoping import ledger

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

CONFIG = "config/review.yaml"
RAYYAN = "data/raw/exports/rayyan.csv"
STRANGER = "`Carlo` labels an entry (line 4), but `people` does not say who that is"
SOURCE = """\
  rayyan:
    name: Older Index
    kind: database
    files: [rayyan.csv]
"""
MAPPING = """\
    decisions:
      - stage: title_abstract
        labels: rayyan
        people: {Anna P: anna, Ben: ben}
        answers: {Included: include, Excluded: exclude}
        reasons: {too wide: not-local}
"""
# an entry that another export has too, one that only this one has, and so on: title, DOI, what Rayyan's notes say
BOTH = 'RAYYAN-INCLUSION: {"Anna P"=>"Excluded", "Ben"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: too wide'
ROWS = [
    (2, BOTH),
    (3, 'RAYYAN-INCLUSION: {"Anna P"=>"Included"}'),
    (5, 'RAYYAN-INCLUSION: {"Carlo"=>"Included"}'),
    (None, 'RAYYAN-INCLUSION: {"Anna P"=>"Included", "Ben"=>"Included"}'),
]


def rayyan(rows):
    """Rayyan's CSV; a number is that of one of the small review's studies."""
    lines = [["key", "title", "year", "authors", "notes", "doi", "pubmed_id", "pmc_id"]]
    for at, (number, notes) in enumerate(rows):
        title, family, year, _ = (
            review_folder.STUDIES[number] if number is not None else ("Elsewhere only, a study", "Orr", 2010, "")
        )
        doi = review_folder._doi(number) if number is not None else "10.5555/elsewhere"
        lines.append([f"rayyan-{at}", title, str(year), f"{family}, A.", notes, doi, "", ""])
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n" for line in lines)


def imported(review):
    """(person, title of the record) -> decision that came with an export."""
    rows = review.rows("title_abstract/decisions.csv")
    return {(row["person"], row["title"]): row["decision"] for row in rows if row["sheet"].startswith("ta-import.")}


def problems(review, waits=""):
    rows = review.rows("title_abstract/problems.csv")
    return [
        row["problem"] for row in rows if row["file"].startswith("data/raw/exports") and waits in ("", row["waits"])
    ]


def states(review):
    return {row["record_id"]: row for row in review.rows("title_abstract/states.csv")}


def record_of(review, file, line):
    return next(
        row["record_id"]
        for row in review.rows("entry_records.csv")
        if (row["file"], row["line_start"]) == (file, str(line))
    )


def kinds(review):
    return Counter(event["kind"] for event in ledger.read_events(review.raw / "ledger"))


@pytest.fixture(scope="module")
def unmapped(tmp_path_factory):
    """The export lies there, and the protocol says nothing of its labels; sheets of eight records are out."""
    review = review_folder.Review.create(tmp_path_factory.mktemp("labels") / "review", open_batches=9)
    review.leave_out_reports(keep=("flow", "progress", "agree", "manifest", "describe"))
    review.mutilate(CONFIG, ("sources:\n", f"sources:\n{SOURCE}"))
    (review.root / RAYYAN).write_text(rayyan(ROWS), encoding="utf-8")
    review.settles()
    return review


@pytest.fixture(scope="module")
def mapped(unmapped, tmp_path_factory):
    """The same once the protocol says whose the labels are, before anybody saw a sheet."""
    root = tmp_path_factory.mktemp("mapped")
    review = unmapped.copy(root / "review")
    for name in ("sheets", "ledger"):
        shutil.rmtree(review.raw / name)
    review.mutilate(CONFIG, (SOURCE, SOURCE + MAPPING))
    review.settles()
    return review


def test_without_a_word_in_the_protocol_labels_stay_in_the_entries(unmapped):
    assert imported(unmapped) == {}
    assert "imported" not in kinds(unmapped)
    assert {row["state"] for row in unmapped.rows("title_abstract/states.csv")} == {"pending"}


def test_with_it_they_are_decisions_of_these_people(mapped):
    wide, anna = review_folder.STUDIES[2][0], review_folder.STUDIES[3][0]
    assert imported(mapped) == {
        ("anna", wide): "exclude",
        ("ben", wide): "exclude",
        ("anna", anna): "include",
        ("anna", "Elsewhere only, a study"): "include",
        ("ben", "Elsewhere only, a study"): "include",
    }
    assert kinds(mapped)["imported"] == 1
    found = states(mapped)
    decided = found[record_of(mapped, "rayyan.csv", 2)]
    assert (decided["state"], decided["reason"], decided["decided_by"]) == ("exclude", "not-local", '["anna","ben"]')
    assert found[record_of(mapped, "rayyan.csv", 5)]["state"] == "include"
    assert found[record_of(mapped, "rayyan.csv", 3)]["state"] == "pending"


def test_an_unknown_name_is_told_with_its_line(mapped):
    assert [problem.partition(";")[0] for problem in problems(mapped, "row")] == [STRANGER]
    assert f"{RAYYAN}:line 4: {STRANGER}" in mapped.status()
    assert "Carlo" not in mapped.text("data/processed/title_abstract/decisions.csv")


def test_nobody_gets_a_sheet_with_what_they_decided(mapped):
    given = {
        person: {
            item for name in mapped.sheets("title_abstract") if person in name for item in mapped.items("title_abstract", name)
        }
        for person in ("anna", "ben")
    }  # fmt: skip
    both, alone = record_of(mapped, "rayyan.csv", 2), record_of(mapped, "rayyan.csv", 3)
    assert both not in given["anna"] | given["ben"]
    assert alone not in given["anna"]
    assert alone in given["ben"]
    assert given["anna"]


def test_the_counts_of_the_diagram_have_them(mapped):
    with (mapped.root / "reports/prisma_ids.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    boxes = {}
    for row in rows:
        boxes.setdefault(row["box"], set()).add(row["id"])
    wide, kept = record_of(mapped, "rayyan.csv", 2), record_of(mapped, "rayyan.csv", 5)
    excluded = {box for box, ids in boxes.items() if wide in ids}
    sought = {box for box, ids in boxes.items() if kept in ids}
    assert any("excluded" in box for box in excluded)
    assert any("sought" in box for box in sought)
    assert not any("excluded" in box for box in sought)


def test_the_methods_say_where_judgements_were_made(mapped):
    said = " ".join(re.sub(r"<!--.*?-->", "", mapped.text("reports/text/methods.md")).split())
    assert "Judgements of 3 records by two reviewers had been made in another program (Rayyan)" in said
    assert "on sheets that did not show each other's answers" not in said


def test_the_ledger_tells_where_a_decision_comes_from(mapped):
    scoping = review_folder.SNAKEMAKE.with_name("scoping")
    entry = record_of(mapped, "rayyan.csv", 2)
    said = subprocess.run(
        [scoping, "ledger", "log", entry], cwd=mapped.root, capture_output=True, text=True, check=True
    )
    assert "anna decided `exclude`" in said.stdout
    assert "in data/raw/exports/rayyan.csv at line 2 (`Anna P: Excluded; too wide`)" in said.stdout
    whole = subprocess.run([scoping, "ledger", "verify"], cwd=mapped.root, capture_output=True, text=True, check=True)
    assert "is whole" in whole.stdout


@pytest.fixture(scope="module")
def replaced(mapped, tmp_path_factory):
    """Another export of the same project: an answer changed, an entry gone; and Carlo has a name now."""
    review = mapped.copy(tmp_path_factory.mktemp("replaced") / "review")
    rows = [(2, BOTH.replace('"Ben"=>"Excluded"', '"Ben"=>"Included"')), *ROWS[2:]]
    (review.root / RAYYAN).unlink()
    (review.root / "data/raw/exports/rayyan new.csv").write_text(rayyan(rows), encoding="utf-8")
    review.mutilate(
        CONFIG, ("files: [rayyan.csv]", "files: [rayyan new.csv]"), ("Ben: ben}", "Ben: ben}\n        ignore: [Carlo]")
    )
    review.settles()
    return review


def test_another_export_changes_what_it_says_and_loses_nothing(replaced):
    wide, anna = review_folder.STUDIES[2][0], review_folder.STUDIES[3][0]
    found = imported(replaced)
    assert found["ben", wide] == "include"
    assert found["anna", anna] == "include"  # no export says so any more
    assert problems(replaced, "row") == []
    changed, gone = sorted(problems(replaced, "nothing"))
    assert "an answer changed since exports were last read: rayyan new.csv:line 2" in gone + changed
    assert "an answer of anna that came with exports is in none any more" in gone + changed
    assert states(replaced)[record_of(replaced, "rayyan new.csv", 2)]["state"] == "conflict"
    assert any("adjudication" in name for name in replaced.sheets("title_abstract"))


def test_a_protocol_without_it_loses_nothing_either(replaced, tmp_path):
    review = replaced.copy(tmp_path / "review")
    before = imported(review)
    mapping = MAPPING.replace("Ben: ben}", "Ben: ben}\n        ignore: [Carlo]")
    review.mutilate(CONFIG, (mapping, ""))
    review.settles()
    assert imported(review) == before
    (told,) = problems(review)
    assert told.startswith("5 answers came with exports, of whose labels the protocol does not speak any more")


def test_decisions_that_come_after_the_sheets_are_waited_for_no_more(unmapped, tmp_path):
    review = unmapped.copy(tmp_path / "review")
    before = {row["sheet"]: row["answered"] for row in review.rows("title_abstract/issued.csv")}
    assert set(before.values()) == {"0"}
    review.mutilate(CONFIG, (SOURCE, SOURCE + MAPPING))
    review.settles()
    assert len(imported(review)) == 5
    after = {row["sheet"]: int(row["answered"]) for row in review.rows("title_abstract/issued.csv")}
    done = Counter(sheet.partition(".")[2] for sheet, number in after.items() for _ in range(number))
    assert done == {"anna": 3, "ben": 2}
