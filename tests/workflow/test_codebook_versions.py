"""A codebook that changes after coding: a review that is coded to the end gets a version 2."""

import importlib.util
import json
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

STEP = """version: 2
changes:
  - {kind: rename, codes: [REL7], to: [REL8], why: a number was free}
  - {kind: new_value, codes: [CTX5], value: touches, why: some only mention it}
  - {kind: drop, codes: [KNI7], why: nobody could use it}
"""
QUOTE = "Quote (copied from the text)"


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    """A review that was run once, then the codebook of version 2 without a word of what changed."""
    review = review_folder.former(tmp_path_factory.mktemp("versions") / "scoping")
    review.leave_out_reports()
    review.works()
    path = review.root / "config/codebook.yaml"
    text = path.read_text(encoding="utf-8").replace("version: 1\n\nfam", "version: 2\n\nfam").replace("REL7", "REL8")
    start, end = text.index("  - id: KNI7"), text.index("  - id: CTX1")
    text = text[:start] + text[end:]
    text = text.replace("      - {code: KNI7, target: codifying, kind: inferred}\n", "")
    head, _, tail = text.partition("  - id: CTX5")
    tail = tail.replace('values: ["yes", "no", unclear]', 'values: ["yes", "no", unclear, touches]\n    status: yes', 1)
    path.write_text(f"{head}  - id: CTX5{tail}", encoding="utf-8")
    return review


def sheets_and_ledger(review):
    return review.tree("data/raw/sheets"), review.tree("data/raw/ledger")


def test_versions_from_the_first_message_to_the_end(review):
    before, ledger = sheets_and_ledger(review)
    cells = {(row["record_id"], row["code"]): row for row in review.rows("coding/cells.csv")}
    run = review.run()
    assert run.code != 0
    assert "config/migrations/002.yaml: is missing: sheets were issued under version 1" in run.said
    assert sheets_and_ledger(review) == (before, ledger)

    (review.root / "config/migrations").mkdir()
    (review.root / "config/migrations/002.yaml").write_text(STEP, encoding="utf-8")
    review.settles()
    again = review.rows("coding/worklist.csv")
    reports = {record for record, _ in cells}
    assert {(row["record_id"], row["code"]) for row in again} == {(record, "CTX5") for record in reports}
    assert {row["why"] for row in again} == {"CTX5 may be `touches` now in version 2 (some only mention it)"}
    now = {(row["record_id"], row["code"]): row for row in review.rows("coding/cells.csv")}
    for (record, code), cell in cells.items():
        if code not in ("CTX5", "KNI7"):
            same = now[record, {"REL7": "REL8"}.get(code, code)]
            assert {name: same[name] for name in ("state", "value", "quote", "level")} == {
                name: cell[name] for name in ("state", "value", "quote", "level")
            }
    gone = review.rows("coding/retired.csv")
    assert {(row["record_id"], row["code"]) for row in gone} == {(record, "KNI7") for record in reports}
    new = sorted({*review.sheets("coding")} - {"co01_anna.xlsx", "co01_ben.xlsx", "co02-adjudication_carys.xlsx"})
    assert new == ["co03_anna.xlsx", "co03_ben.xlsx"]
    assert sorted(review.items("coding", new[0])) == sorted(f"{record}:CTX5" for record in reports)
    after, grown = sheets_and_ledger(review)
    assert {name: after[name] for name in before} == before
    assert {name: grown[name] for name in ledger} == ledger
    event = json.loads(max((review.root / "data/raw/ledger/events").glob("*.json")).read_text(encoding="utf-8"))
    assert (event["kind"], event["version"], list(event["asked"])) == ("issued", 2, ["CTX5"])

    said = {"Value": "touches", "Status": "Operating", QUOTE: "any words"}
    for name in new:
        review.label("coding", name, say=said)
    review.label("coding", new[1], [0], {"Value": "touches", "Status": "planned", QUOTE: "any words"})
    review.settles()
    assert ["planned" in problem for _, problem in review.problems("coding")] == [True]
    review.label("coding", new[1], [0], said)
    review.settles()
    assert review.rows("coding/worklist.csv") == []
    done = [row for row in review.rows("coding/cells.csv") if row["code"] == "CTX5"]
    assert {(row["state"], row["value"], row["status"], row["version"]) for row in done} == {
        ("coded", "touches", "operating", "2")
    }
    assert all(entry[4] == "old" for row in done for entry in json.loads(row["history"]))
    assert "the review is finished" in review.run("-F").said
    assert sheets_and_ledger(review)[0].keys() == after.keys()
