"""What a review knew before it screened anything teaches the order, and is no decision: through the workflow."""

import csv
import importlib.util
import json
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

OUT = "data/processed/title_abstract"
DECIDED = ("decisions.csv", "states.csv")


@pytest.mark.slow
def test_prior_knowledge_teaches_the_order_and_decides_nothing(tmp_path):
    review = review_folder.Review.create(tmp_path / "review")
    review.settles()
    before = {name: review.text(f"{OUT}/{name}") for name in (*DECIDED, "model.json")}
    flow = review.text("reports/prisma_ids.csv")
    model = (review.root / OUT / "model.npz").read_bytes()
    assert model[:2] == b"PK"

    protocol = review.text("config/review.yaml") + "\nranking:\n  prior:\n    reviews: [finished.csv]\n"
    (review.root / "config/review.yaml").write_text(protocol, encoding="utf-8")
    refused = review.run()
    assert refused.code != 0
    assert "data/raw/prior/finished.csv: is not there, and config/review.yaml names it" in refused.said

    folder = review.root / "data/raw/prior"
    folder.mkdir()
    with (folder / "finished.csv").open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["title", "abstract", "included"])
        rows.writerows([f"Brokers {at}", "Embedded researchers in councils", 1] for at in range(6))
        rows.writerows([f"Rivers {at}", "Water and corrosion of alloys", 0] for at in range(9))
    run = review.settles()
    assert "rank" in run.jobs
    assert {name: review.text(f"{OUT}/{name}") for name in DECIDED} == {name: before[name] for name in DECIDED}
    assert review.text("reports/prisma_ids.csv") == flow
    card = json.loads(review.text(f"{OUT}/model.json"))
    assert [(each["file"], each["records"], each["relevant"]) for each in card["prior"]["files"]] == [
        ("finished.csv", 15, 6)
    ]
    assert (card["kind"], card["n_prior_included"], card["n_prior_excluded"]) == ("svm", 6, 9)
    assert (card["n_labelled"], json.loads(before["model.json"])["kind"]) == (0, "cold start")
    assert (review.root / OUT / "model.npz").read_bytes() != model
    assert "data/raw/prior/finished.csv" in review.text("reports/manifest.json")

    with (folder / "finished.csv").open("a", encoding="utf-8") as out:
        out.write("One more,On brokers,1\n")
    assert "rank" in review.settles().jobs
