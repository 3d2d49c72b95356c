"""The methods text in a whole review: one changed decision changes it, and its numbers are those of the diagram."""

import csv
import importlib.util
from collections import Counter
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow
FORMS = ("docx", "html", "md")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    return review_folder.begun(tmp_path_factory.getbasetemp())


def report(review, name):
    with (review.root / "reports/text" / name).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def numbers(review):
    return {row["key"]: row for row in report(review, "numbers.csv")}


def in_the_diagram(review):
    """Box -> ids, from the diagram's own table."""
    with (review.root / "reports/prisma_ids.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return Counter(row["box"] for row in rows), {(row["box"], row["id"]) for row in rows}


def agrees(review):
    """Every number of the flow is that of the diagram, with the same ids."""
    count, members = in_the_diagram(review)
    ids = report(review, "numbers_ids.csv")
    compared = 0
    for key, row in numbers(review).items():
        kind, _, rest = key.partition(".")
        names, _, detail = rest.partition(".")
        mine = {each["id"] for each in ids if each["key"] == key}
        assert row["ids"] == str(len(mine))
        if kind == "flow" and not detail:
            boxes = names.split("+")
            assert int(row["number"]) == sum(count[box] for box in boxes), key
            assert mine == {id_ for box, id_ in members if box in boxes}, key
            compared += 1
    return compared


def test_a_review_that_goes_on_is_a_draft_and_one_decision_changes_its_text(begun, tmp_path):
    review = begun.copy(tmp_path / "review")
    before = {form: (review.root / f"reports/text/methods.{form}").read_bytes() for form in FORMS}
    assert b"DRAFT: " in before["md"]
    assert b"All numbers are as of now and will change." in before["md"]
    assert agrees(review) > 8
    screened = int(numbers(review)["title_abstract.settled"]["number"])
    states = {row["record_id"]: row["state"] for row in review.rows("title_abstract/states.csv")}
    name = next(name for name in review.sheets("title_abstract") if "adjudication" not in name and "anna" in name)
    items = review.items("title_abstract", name)
    row, item = next((at, item) for at, item in enumerate(items) if states.get(item) == "exclude")
    review.label("title_abstract", name, [row], {"Decision": "include", "Reason (if excluded)": None})
    review.works()
    after = {form: (review.root / f"reports/text/methods.{form}").read_bytes() for form in FORMS}
    assert all(before[form] != after[form] for form in FORMS)
    assert int(numbers(review)["title_abstract.settled"]["number"]) == screened - 1, f"{item} is a conflict now"
    assert agrees(review) > 8
    review.rests()


def test_what_the_protocol_declares_changes_the_text_and_nothing_else(begun, tmp_path):
    review = begun.copy(tmp_path / "review")
    review.mutilate("config/review.yaml", ("seed: 7", "declarations:\n  funding: Nobody paid for it.\nseed: 7"))
    run = review.works()
    assert set(run.jobs) == {"describe", "manuscript", "supplement", "manifest", "front", "enforce"}
    assert "**Funding.** Nobody paid for it." in review.text("reports/text/methods.md")
    assert "[AUTHORS: page]" in review.text("reports/text/prisma_scr.csv")
