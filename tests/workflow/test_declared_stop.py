"""A control sample, a stop that people declare, an answer given after it, and the stop taken back: with real sheets."""

import csv
import importlib.util
from pathlib import Path

import pytest

from scoping import ledger

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

SAMPLE = ("seed: 7\n", "screening: {control_sample: 6}\nseed: 7\n")
STOP = (
    "control_sample: 6}",
    "control_sample: 6, stop: {rule: buscar, declared_by: anna, date: 2026-03-01, reason: Enough was read.}}",
)


def states(review):
    return {row["record_id"]: row["state"] for row in review.rows("title_abstract/states.csv")}


def events(review, kind):
    return [event for event in ledger.read_events(review.raw / "ledger") if event["kind"] == kind]


def boxes(review):
    found = {}
    for row in csv.DictReader(review.text("reports/prisma_ids.csv").splitlines()):
        found.setdefault(row["box"], set()).add(row["id"])
    return found


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The review with a control sample among its first batches, and its states at each step."""
    root = tmp_path_factory.mktemp("stop")
    review = review_folder.Review.create(root / "review", open_batches=1)
    review.leave_out_reports(keep=("flow", "describe"))
    review.mutilate("config/review.yaml", SAMPLE)
    review.works()
    review.label("duplicates", "du01_anna.xlsx")
    for name in review.sheets("title_abstract"):
        review.label("title_abstract", name)
    review.works()
    steps = {"begun": states(review)}
    for name in [name for name in review.sheets("title_abstract") if name.startswith("ta02")]:
        review.label("title_abstract", name)
    review.mutilate("config/review.yaml", STOP)
    review.settles()
    steps["stopped"] = states(review)
    return review, steps


def test_the_control_sample_is_kept_with_its_pool(played):
    review, _ = played
    (control,) = (event for event in events(review, "issued") if event.get("pool"))
    assert (control["purpose"], len(control["items"])) == ("control", 6)
    assert set(control["items"]) < set(control["pool"])
    assert all(
        event["target"] == [0.95, 0.05] for event in events(review, "issued") if event["stage"] == "title_abstract"
    )
    rows = [row for row in review.rows("title_abstract/issued.csv") if row["purpose"] == "control"]
    assert {row["person"] for row in rows} == {"anna", "ben"}


def test_a_stop_leaves_what_nobody_was_given_unscreened_and_no_batch_follows(played):
    review, steps = played
    assert "unscreened" not in steps["begun"].values()
    (stop,) = events(review, "stop")
    left = {id_ for id_, state in steps["stopped"].items() if state == "unscreened"}
    assert left == set(stop["left"])
    assert left
    given = {
        item for event in events(review, "issued") if event["stage"] == "title_abstract" for item in event["items"]
    }
    assert not left & given
    assert stop["met"] is False
    held = {item for name in review.sheets("title_abstract") for item in review.items("title_abstract", name)}
    assert not left & held, "no sheet has any of them"


def test_the_diagram_has_a_line_of_them_and_the_rule_in_its_caption(played):
    review, steps = played
    left = {id_ for id_, state in steps["stopped"].items() if state == "unscreened"}
    found = boxes(review)
    assert found["unscreened"] | found.get("other_unscreened", set()) == left
    assert "automation" not in found
    caption = review.text("reports/prisma.caption.txt")
    assert f"{len(left)} records that a declared stop left unscreened (rule of Callaghan and Müller-Hansen" in caption
    assert "declared although the rule was not met (p = " in caption
    assert "left unscreened by the declared stop" in review.status()


def test_withdrawing_it_brings_them_back_with_every_decision(played, tmp_path):
    before, steps = played
    review = before.copy(tmp_path / "copy")
    answers = review.rows("title_abstract/decisions.csv")
    review.mutilate("config/review.yaml", (STOP[1], STOP[0]))
    review.works()
    assert "unscreened" not in states(review).values()
    assert [event["declared"] for event in events(review, "stop")] == [True, False]
    assert review.rows("title_abstract/decisions.csv") == answers
    for id_, state in steps["stopped"].items():
        assert states(review)[id_] == ("pending" if state == "unscreened" else state)
    for name in [name for name in review.sheets("title_abstract") if name.startswith("ta03")]:
        review.label("title_abstract", name)
    review.settles()
    given = {item for event in events(review, "issued") if event["purpose"] == "main" for item in event["items"]}
    assert given & {id_ for id_, state in steps["stopped"].items() if state == "unscreened"}, "batches go on"


def test_a_target_edited_after_the_first_decision_is_kept_as_another_one(played, tmp_path):
    review = played[0].copy(tmp_path / "copy")
    review.mutilate("config/review.yaml", ("control_sample: 6", "target_recall: 0.9, control_sample: 6"))
    review.works()
    (kept,) = events(review, "target")
    assert kept["target"] == [0.9, 0.05]
    first, *_, last = [event["left"] for event in events(review, "stop")]
    assert first == last
    review.rests()
