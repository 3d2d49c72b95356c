"""The model of the package: read with numpy, only up with what agrees, and of the features that are computed."""

import json

import numpy as np
import pytest

from scoping import fingerprint, pair_features, pair_model

ROWS = np.random.default_rng(7).uniform(-1, 1, (200, len(pair_features.FEATURES))).astype(np.float32)


def test_the_chance_is_the_sum_of_trees_walked_by_hand():
    told = json.loads(pair_model.FILE.read_text(encoding="utf-8"))
    model = pair_model.load()
    for row, chance in zip(ROWS[:20], pair_model.probability(model, ROWS[:20]), strict=True):
        score = told["base"]
        for tree in told["trees"]:
            at = 0
            while tree["left"][at] != at:
                low = row[tree["feature"][at]] <= np.float32(tree["threshold"][at])
                at = tree["left"][at] if low else tree["right"][at]
            score += tree["value"][at]
        assert chance == pytest.approx(1 / (1 + np.exp(-score)))


def test_what_agrees_never_makes_it_less_likely():
    model = pair_model.load()
    before = pair_model.probability(model, ROWS)
    for place, name in enumerate(pair_features.FEATURES):
        more = ROWS.copy()
        more[:, place] += 0.5
        assert (pair_model.probability(model, more) >= before - 1e-9).all(), name


def test_the_file_says_what_it_was_made_of():
    told = json.loads(pair_model.FILE.read_text(encoding="utf-8"))
    assert told["made_by"].startswith("benchmarks/train_dedupe.py")
    assert all(len(one["sha256"]) == 64 and one["of one report"] <= one["pairs"] for one in told["from"].values())


def test_a_model_for_other_features_is_refused():
    told = json.loads(pair_model.FILE.read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match="other features"):
        pair_model.of({**told, "features": told["features"][1:]})


def test_another_model_makes_another_stage():
    """Snakemake runs the stage again where the model changed: its file is in the hash of the command."""
    named = fingerprint._parts((fingerprint.PACKAGE / "pair_model.py").read_bytes())
    assert pair_model.FILE in named
