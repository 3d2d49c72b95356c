"""Trains the model of `src/scoping/pair_model.json` from labelled sets, and says what it does on sets it has not seen.

    .venv/bin/python benchmarks/train_dedupe.py --data FOLDER [--write]

For each training set a model is made from the others and the whole stage runs with it (leave one set out); the set
dblp_acm and others beyond `TRAINING` are in no training. `--write` then makes the model of the package from all of them.
The trees may only go up with what agrees. Copies of each pair without DOI, pages, place, journal, abstract or year teach
what is to be thought of sparse entries. True pairs against which a veto speaks are left out: people decide those.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import dedupe_sets as sets  # beside this file
import numpy as np
import sklearn
from dedupe import HEAD, TOTAL, shown
from sklearn.ensemble import HistGradientBoostingClassifier

from scoping import blocking, comparable, dedupe, pair_features, pair_model, vetoes
from scoping.pair_features import FEATURES

TRAINING = TOTAL
SEED = 20240501
PLACE = {"volume": "", "issue": "", "first_page": "", "last_page": ""}
COPIES = (
    {},
    {"doi": ""},
    {"first_page": "", "last_page": ""},
    {**PLACE, "doi": ""},
    {"journal": "", "issue": ""},
    {"abstract": "", "doi": ""},
    {"year": 0, "doi": ""},
)
TREES, LEAVES, DEPTH = 80, 8, 5


def examples(labelled: sets.Labelled) -> tuple[np.ndarray, np.ndarray]:
    """(features, 1 where the pair is one report) of the candidates of a set and of their copies."""
    items = sorted(map(comparable.item, labelled.entries), key=lambda x: x.content_id)
    left, right = blocking.candidates(items)
    out = []
    for blank in COPIES:
        thinner = [one._replace(**blank) for one in items]
        kept_left, kept_right, rows = pair_features.table(thinner, left, right)
        truth = np.array(
            [
                labelled.report[items[a].content_id] == labelled.report[items[b].content_id]
                for a, b in zip(kept_left, kept_right, strict=True)
            ]
        )
        told = np.ones(len(rows), dtype=bool)
        for at in np.flatnonzero(truth):
            named = dict(zip(FEATURES, rows[at].tolist(), strict=True))
            told[at] = not vetoes.against(vetoes.Pair(items[kept_left[at]], items[kept_right[at]], named)) or bool(
                blank
            )
        out.append((rows[told], truth[told]))
    return np.concatenate([rows for rows, _ in out]), np.concatenate([truth for _, truth in out]).astype(int)


def fit(parts: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, object]:
    """The model of examples, as the package reads it; every set weighs the same."""
    rows, truth = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    weight = np.concatenate([np.full(len(part[1]), 20_000 / len(part[1])) for part in parts])
    trained = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        max_depth=DEPTH,
        learning_rate=0.12,
        l2_regularization=1.0,
        min_samples_leaf=40,
        monotonic_cst=[1] * len(FEATURES),
        early_stopping=False,
        random_state=SEED,
    ).fit(rows, truth, sample_weight=weight)
    told = {"features": list(FEATURES), "base": float(trained._baseline_prediction.ravel()[0]), "depth": DEPTH}
    told["trees"] = [tree(one[0].nodes) for one in trained._predictors]
    chance = pair_model.probability(pair_model.of(told), rows[:5000])
    if not np.allclose(chance, trained.predict_proba(rows[:5000])[:, 1], atol=1e-4):
        raise ValueError("the model as written gives other chances than the model as trained")
    return told


def tree(nodes: np.ndarray) -> dict[str, list[float]]:
    """One tree: of a leaf both children are itself."""
    out: dict[str, list[float]] = {"feature": [], "threshold": [], "left": [], "right": [], "value": []}
    for place, node in enumerate(nodes):
        leaf = bool(node["is_leaf"])
        out["feature"].append(0 if leaf else int(node["feature_idx"]))
        out["threshold"].append(0.0 if leaf else float(np.float32(node["num_threshold"])))
        out["left"].append(place if leaf else int(node["left"]))
        out["right"].append(place if leaf else int(node["right"]))
        out["value"].append(round(float(node["value"]), 6) if leaf else 0.0)
    return out


def evaluated(labelled: sets.Labelled, model: pair_model.Model) -> sets.Score:
    records, _, pairs = dedupe.dedupe(labelled.entries, [], {sets.SOURCE: "databases"}, model)
    groups = [json.loads(record["content_ids"]) for record in records]
    return sets.score(labelled, groups, [(row["a"], row["b"]) for row in pairs if row["open"]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="write the model of the package")
    asked = parser.parse_args()
    labelled = {path.stem: sets.load(path) for path in sorted(asked.data.glob("*.csv"))}
    parts = {name: examples(labelled[name]) for name in TRAINING}
    print(f"each set by a model that has not seen it\n{HEAD}")
    everything = fit(list(parts.values()))
    total = sets.Score()
    for name, one in labelled.items():
        unseen = fit([part for other, part in parts.items() if other != name]) if name in parts else everything
        found = evaluated(one, pair_model.of(unseen))
        print(shown(name, found), flush=True)
        total += found if name in TRAINING else sets.Score()
    print(shown("TOTAL", total))
    if asked.write:
        hashes = {n: hashlib.sha256((asked.data / f"{n}.csv").read_bytes()).hexdigest() for n in TRAINING}
        made = {
            "what": "chance that two entries are one report: gradient boosted trees that only go up with what agrees",
            "made_by": "benchmarks/train_dedupe.py --write",
            "with": f"scikit-learn {sklearn.__version__}, {TREES} trees of at most {LEAVES} leaves, seed {SEED}",
            "from": {
                name: {"sha256": hashes[name], "pairs": len(truth), "of one report": int(truth.sum())}
                for name, (_, truth) in parts.items()
            },
            "left out": {
                "fp": total.fp,
                "fn": total.fn,
                "sensitivity": round(total.sensitivity, 4),
                "asked": total.asked,
            },
            **everything,
        }
        text = (
            json.dumps(made, separators=(",", ":"))
            .replace('{"feature"', '\n{"feature"')
            .replace(',"trees"', ',\n"trees"')
        )
        pair_model.FILE.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
