"""The one quick test that runs the workflow: a small review, and a second run that does nothing."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)


def test_a_small_review_runs_and_the_second_run_does_nothing(tmp_path):
    review = review_folder.Review.create(tmp_path / "review")
    run = review.settles()
    assert "waiting for anna and ben" in run.said
    assert review.sheets("title_abstract") == ["ta01_anna.xlsx", "ta01_ben.xlsx"]
    assert "DRAFT" in review.text("reports/prisma.svg")
