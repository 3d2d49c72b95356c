"""A review becomes an update of an earlier one: its diagram, and what depends on the table of earlier reports."""

import importlib.util
import json
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

TABLE = "data/raw/previous/reports.csv"
FORMATS = ("svg", "pdf", "png", "pptx", "docx", "html", "alt.txt")


def boxes(review):
    return [line.split(",")[0] for line in review.text("reports/prisma_ids.csv").splitlines()]


@pytest.mark.slow
def test_a_review_becomes_an_update(tmp_path):
    review = review_folder.Review.create(tmp_path / "review")
    review.settles()
    assert "previous_reports" not in boxes(review)
    written = json.loads(review.text("reports/manifest.json"))["outputs"]
    assert {f"reports/prisma.{ending}" for ending in FORMATS} <= set(written)
    assert {f"reports/prisma_{name}" for name in ("600dpi.png", "600dpi.tiff", "2020.csv", "ids.csv")} <= set(written)

    protocol = review.text("config/review.yaml") + "\nprevious:\n  citation: The first version, 2020.\n"
    (review.root / "config/review.yaml").write_text(protocol, encoding="utf-8")
    refused = review.run()
    assert refused.code != 0
    assert f"{TABLE}: is not there, and config/review.yaml names a previous version" in refused.said

    (review.root / TABLE).parent.mkdir()
    (review.root / TABLE).write_text("study,report\nS1,Marsh 2015\nS1,Marsh 2016\n", encoding="utf-8")
    run = review.settles()
    assert sorted(run.jobs) == ["describe", "enforce", "flow", "front", "manifest", "manuscript", "supplement"]
    assert boxes(review).count("previous_reports") == boxes(review).count("total_reports") == 2
    assert boxes(review).count("previous_studies") == 1
    assert "The first version, 2020." in review.text("reports/prisma.svg")
    assert TABLE in review.text("reports/manifest.json")

    (review.root / TABLE).write_text("study,report\nS1,Marsh 2015\n", encoding="utf-8")
    run = review.settles()
    assert sorted(run.jobs) == ["describe", "enforce", "flow", "front", "manifest", "manuscript", "supplement"]
    assert boxes(review).count("total_reports") == 1
