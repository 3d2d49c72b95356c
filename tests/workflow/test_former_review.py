"""A review that was finished with an earlier version goes on meaning the same."""

import importlib.util
import json
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    """The former review, run once with the code of now, and what people and the ledger had before."""
    review = review_folder.former(tmp_path_factory.mktemp("former") / "scoping")
    review.had = review.tree("config", "data/raw")
    review.first = review.works()
    return review


def said(review, stage):
    """Item -> person -> the last value that the person's sheets were read with, from the events alone."""
    found = {}
    for path in sorted((review.root / "data/raw/ledger/events").glob("*.json")):
        event = json.loads(path.read_text(encoding="utf-8"))
        if event["kind"] == "read" and event["stage"] == stage:
            person = event["sheet"].rpartition(".")[2]
            for item, label in event["labels"].items():
                found.setdefault(item, {})[person] = label["decision"]
    return found


def test_it_is_still_finished_and_nothing_of_it_changed(review):
    assert "the review is finished" in review.first.said
    has = {name: data for name, data in review.tree("config", "data/raw").items() if "/blobs/" not in name}
    assert has == review.had
    review.rests()


def test_every_answer_still_counts(review):
    answers = said(review, "coding")
    cells = {f"{row['record_id']}:{row['code']}": row for row in review.rows("coding/cells.csv")}
    assert len(answers) == len(cells) == 8 * 17
    for item, people in answers.items():
        assert cells[item]["value"] == people.get("carys", people["anna"]), item
    screened = said(review, "title_abstract")
    states = {row["record_id"]: row["state"] for row in review.rows("title_abstract/states.csv")}
    known = {row["content_id"]: row["record_id"] for row in review.rows("entry_records.csv")}
    assert len(screened) == 46
    for item, people in screened.items():
        assert states[known[item]] == people.get("carys", people["anna"]), item
