"""The demonstration review, as somebody has it who clones the repository."""

import csv
import importlib.util
import re
import sys
import urllib.parse
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scoping.figure_settings import GENERIC


def _load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


review_folder = _load(Path(__file__).with_name("review_folder.py"))
figure_checks = _load(Path(__file__).parents[1] / "figure_checks.py")

BARE = {"PATH": "/usr/bin:/bin"}
TA = "title_abstract"
SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = {
    "identified": {"Databases": 302, "Scopus": 97, "Web of Science Core Collection": 82, "PubMed": 56,
                   "Social Policy Index": 41, "Education and Learning Index": 26, "Registers": 0},
    "removed": {"Duplicate records": 78, "Records removed for other reasons (unreadable)": 1,
                "Records marked as ineligible by automation tools": 0},
    "other_identified": {"Websites": 9, "Organisations": 6, "Citation searching": 6},
    "screened": {"Records screened": 223},
    "excluded": {"Records excluded": 178},
    "sought": {"Reports sought for retrieval": 45},
    "not_retrieved": {"Reports not retrieved": 3},
    "assessed": {"Reports assessed for eligibility": 42},
    "reports_excluded": {"Reports excluded": 25, "Not knowledge mobilisation": 5, "Clinical implementation only": 3,
                         "Not local": 4, "No arrangement described": 7, "Protocol or notice": 4, "Superseded report": 2},
    "other_excluded": {"Reports excluded": 4, "Not local": 1, "Protocol or notice": 1, "Superseded report": 2},
    "other_sought": {"Reports sought for retrieval": 12},
    "other_not_retrieved": {"Reports not retrieved": 1},
    "other_assessed": {"Reports assessed for eligibility": 11},
    "included": {"Studies included in review": 23, "Reports of included studies": 24},
}  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A clone in which `snakemake --cores 4` was run once."""
    review = review_folder.clone(tmp_path_factory.mktemp("demo") / "scoping")
    review.cloned = review_folder.tracked(review.root)
    review.first = review.run(cores=4)
    return review


def test_every_figure_keeps_what_all_figures_have_to(demo):
    folder = demo.root / "reports/figures"
    names = sorted(path.name.removesuffix("_data.csv") for path in folder.glob("*_data.csv"))
    assert len(names) >= 15
    figures = [figure_checks.Figure.read(folder, name) for name in names]
    assert [fault for figure in figures for fault in figure_checks.faults(figure, GENERIC)] == []


def diagram(review):
    """Box -> line -> number, as they stand in the picture."""
    boxes = {}
    for group in ElementTree.parse(review.root / "reports/prisma.svg").iter(f"{SVG}g"):
        name = group.get("id", "")
        if name.startswith("box-"):
            text = " ".join("".join(line.itertext()) for line in group.iter(f"{SVG}text"))
            text = text.replace("\u00a0", " ").replace(": (n", " (n")
            lines = re.findall(r"(?:[^:()]*: )?([^:]*?) \(n = ([\d,]+)\)", text)
            boxes[name.removeprefix("box-")] = {line.strip(): int(n.replace(",", "")) for line, n in lines}
    return boxes


def test_the_demo_is_a_finished_review_and_the_clone_stays_clean(demo):
    assert demo.first.code == 0, demo.first
    assert "the review is finished; the reports are in reports/." in demo.first.said
    assert "PLEASE LOOK" not in demo.first.said
    assert "Everybody's progress: reports/progress.html" in demo.first.said
    assert "241 decided (100%)" in demo.text("reports/progress.html")
    assert "reports/progress" not in demo.text("reports/manifest.json"), "its pace comes from the ledger's clock"
    assert "data/processed/coding/independent.csv" in demo.text("reports/manifest.json")
    assert review_folder.tracked(demo.root) == demo.cloned, "`git status` would not be clean"


def test_the_numbers_stand_in_the_diagram(demo):
    picture = demo.text("reports/prisma.svg")
    assert "DRAFT" not in picture
    assert "Synthetic demonstration" in picture
    found = diagram(demo)
    assert {box: found.get(box) for box in NUMBERS} == NUMBERS
    entries = demo.rows("entry_records.csv")
    arms = [row["arm"] for row in entries]
    assert (len(entries), arms.count("databases"), arms.count("other")) == (323, 302, 21)
    surplus = [row["arm"] for row in entries if row["role"] == "duplicate"]
    assert (surplus.count("databases"), surplus.count("other")) == (78, 3)
    assert [row["status"] for row in entries if row["role"] == "rejected"] == ["rejected"]


def test_a_second_run_has_nothing_to_do_also_without_the_environment_on_the_path(demo):
    demo.rests(cores=4)
    demo.rests(cores=4, env=BARE)


def test_the_map_shows_the_numbers_of_the_figure_and_the_studies_behind_them(demo, browser):
    """Each cell, and each of its parts, by the address that a reader could send."""
    with (demo.root / "reports/figures/evidence_gap_map_data.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) > 20
    listed = "[...document.querySelectorAll('#list tbody tr')].map((row) => row.dataset.study)"
    for row in rows:
        part = {"unclear": "?unclear", "not codable": "?open"}.get(row["empty"], row["basis"])
        chosen = urllib.parse.urlencode({"row": row["mechanism"], "column": row["change"], "part": part})
        browser.open(f"{(demo.root / 'reports/map.html').as_uri()}#{chosen}")
        assert sorted(browser.run(listed)) == sorted(row["ids"].split("; ")) if row["ids"] else not browser.run(listed)
    assert browser.run("document.querySelectorAll('#matrix td button').length") == 15
    assert "Draft" not in demo.text("reports/map.html")
    assert not browser.said()


def a_record_that_both_excluded(review):
    """(row on Ben's sheet of the main batch, id) of a record from the databases that both had excluded."""
    arm = {row["record_id"]: row["arm"] for row in review.rows("entry_records.csv") if row["role"] == "record"}
    anna, ben = review.answers(TA, "ta03.anna"), review.answers(TA, "ta03.ben")
    return next(
        (number, item)
        for number, item in enumerate(review.items(TA, "ta03_ben.xlsx"))
        if anna[item] == ben[item] == "exclude" and arm.get(item) == "databases"
    )


def test_one_changed_label_runs_what_depends_on_it_and_issues_what_is_due(demo, tmp_path):
    review = demo.copy(tmp_path / "review")
    ids, sheets = review.text("reports/prisma_ids.csv"), review.tree("data/raw/sheets")
    row, item = a_record_that_both_excluded(review)
    review.label(TA, "ta03_ben.xlsx", [row], {"Decision": "include", "Reason (if excluded)": None})
    run = review.settles()
    assert run.jobs == [
        "agree",
        "code",
        "collect_title_abstract",
        "describe",
        "enforce",
        "flow",
        "front",
        "health",
        "issue_coding",
        "issue_doubtful_texts",
        "issue_full_text",
        "issue_studies",
        "issue_title_abstract",
        "manifest",
        "manuscript",
        "map",
        "match",
        "progress",
        "quotes",
        "rank",
        "references",
        "resolve_full_text",
        "resolve_title_abstract",
        "studies",
        "suggest",
        "suggested",
        "supplement",
        "synthesise",
    ]
    assert "DRAFT" in review.text("reports/prisma.svg")
    assert "Draft: 1 record to be screened." in review.text("reports/map.html")
    assert diagram(review)["excluded"] == {"Records excluded": 177}
    assert {line for line in review.text("reports/prisma_ids.csv").splitlines() if "awaiting" in line} == {
        f"awaiting_screening,,record,{item}"
    }
    new = sorted({*review.tree("data/raw/sheets")} - {*sheets})
    assert new == ["data/raw/sheets/title_abstract/ta11-adjudication_carys.xlsx"]
    assert review.items(TA, Path(new[0]).name) == [item]
    assert f"carys        {new[0]}: 0 of 1 answered" in run.said

    review.label(TA, Path(new[0]).name, [0], {"Decision": "exclude"})
    review.settles()
    assert "DRAFT" not in review.text("reports/prisma.svg")
    assert review.text("reports/prisma_ids.csv") == ids
    assert {box: diagram(review).get(box) for box in NUMBERS} == NUMBERS


def test_its_methods_text_says_what_its_diagram_and_tables_say(demo):
    def rows(name):
        with (demo.root / "reports" / name).open(encoding="utf-8-sig", newline="") as handle:
            return list(csv.DictReader(handle))

    number = {row["key"]: row["number"] for row in rows("text/numbers.csv")}
    for box, lines in NUMBERS.items():
        for line, count in lines.items():
            if line.startswith(("Records screened", "Records excluded", "Reports")) and box != "included":
                assert number[f"flow.{box}"] == str(count), line
    assert number["flow.identified+other_identified"] == "323"
    assert number["flow.included_reports+other_included_reports"] == "24"

    def with_interval(key):
        return f"{number[key]} ({number[f'{key}.lower']} to {number[f'{key}.upper']})"

    groups = {
        ("Title and abstract", "All", "unsure as include"): "agreement.title_abstract",
        ("Full text", "All", "unsure as include, not retrieved left out"): "agreement.full_text",
        ("Coding", "Coded blind to suggestions", "unclear as no"): "agreement.coding.blind",
        ("Coding", "All cells, also those with a suggestion shown", "unclear as no"): "agreement.coding",
    }
    agreed = [row for row in rows("tables/agreement.csv") if row["Compared by"] == "all"]
    for row in agreed:
        key = groups.pop((row["Stage"], row["Group"], row["Answers"]), None)
        if key:
            assert row["Items answered by two or more"] == number[f"{key}.items"]
            for column, name in (("Raw agreement", "raw_agreement"), ("Kappa", "kappa"), ("AC1", "ac1")):
                assert row[column] == with_interval(f"{key}.{name}")
    assert not groups
    for row in [row for row in rows("tables/suggestions.csv") if row["Code"] == "All codes"]:
        key = f"suggestions.{row['Suggestion'].partition(':')[0]}"
        for column in ("Suggested", "Confirmed", "Rejected", "Divided", "Added by hand"):
            assert row[column] == number.get(f"{key}.{column.lower().replace(' ', '_')}", row[column])
        if key == "suggestions.blind":
            assert (row["Precision"], row["Recall"]) == (
                with_interval(f"{key}.precision"),
                with_interval(f"{key}.recall"),
            )
    assert "DRAFT" not in demo.text("reports/text/methods.md")


def test_its_full_texts_find_their_reports_without_the_ids_too(demo):
    """And none is taken for another report once its own is not in the review."""
    import json

    from scoping import fulltext, fulltext_match, record_ids, schemas, tables

    processed = demo.root / "data/processed"
    records = tables.read(processed / "records.parquet", schemas.RECORDS)
    sought = record_ids.included(tables.read(processed / "title_abstract/states.csv", schemas.STATES))
    rows = {row["file"]: row for row in tables.read(processed / "texts.csv", schemas.TEXTS)}
    assert Counter(row["how"] for row in rows.values()) == {"id": 15, "doi": 7, "title": 1, "person": 1}
    right, unsure, wrong = 0, [], 0
    for path in sorted((processed / "texts").glob("*.json")):
        what = json.loads(path.read_text(encoding="utf-8"))
        text, true = fulltext.from_fields(what["text"]), rows[what["file"]]["record_id"]
        found = fulltext_match.find("x.pdf", text, fulltext_match.Reports(records, sought))
        right += found.record_id == true
        unsure += [rows[what["file"]]["status"]] * (not found.record_id)
        others = fulltext_match.Reports([row for row in records if row["record_id"] != true], sought)
        wrong += bool(fulltext_match.find("x.pdf", text, others).record_id)
    assert (right, sorted(unsure), wrong) == (22, ["empty", "ok"], 0), "a scan, and one whose title is its own"


def test_it_links_what_belongs_together_and_explains_every_record(demo):
    links = {row["kind"] for row in demo.rows("record_links.csv")}
    assert links == {"part", "conference_abstract", "preprint", "protocol", "correction"}
    flags = demo.rows("record_flags.csv")
    assert {(row["flag"], row["why"]) for row in flags} == {("correction", "its title names the other")}
    assert "Retracted, corrected or commented on" in demo.status()
    corrected = next(row for row in flags if row["title"].startswith("Brokers in the town hall"))
    told = demo.told("explain", corrected["record_id"])
    for what in (
        f"A correction was published: Griffiths-Môn et al. 2024 ({corrected['by']})",
        "wos_2026-01-12.txt:62  counts as a duplicate",
        "the rules join them (same DOI and title)",
        "include, by anna and ben",
        "34 coded of 34 cells",
    ):
        assert what in told
    told = demo.told("explain", corrected["record_id"], corrected["by"])
    assert f"{corrected['by']} is a correction of {corrected['record_id']}" in told
