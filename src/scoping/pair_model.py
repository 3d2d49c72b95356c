"""How likely two entries are one report: trees that `benchmarks/train_dedupe.py` made, read with numpy alone.

The model is `pair_model.json`: its features, how and from what it was made, and for each tree the feature, threshold,
children and value of its nodes. It decides nothing by itself: `matching` does, with named vetoes.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoping.pair_features import FEATURES, Matrix

FILE = Path(__file__).with_name("pair_model.json")


@dataclass(frozen=True)
class Model:
    """Boosted trees as arrays of one row a tree; a leaf is its own child. `base` is the log odds before any tree."""

    base: float
    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]


def of(told: dict[str, object]) -> Model:
    """The model of what the file says; a model for other features is an error of ours."""
    if tuple(told["features"]) != FEATURES:  # type: ignore[arg-type]
        raise ValueError(f"{FILE.name} was made for other features; run benchmarks/train_dedupe.py")
    trees: list[dict[str, list[float]]] = told["trees"]  # type: ignore[assignment]
    size = max(len(tree["value"]) for tree in trees)

    def padded(name: str) -> NDArray[np.float64]:
        out = np.zeros((len(trees), size))
        for row, tree in zip(out, trees, strict=True):
            row[: len(tree[name])] = tree[name]
        return out

    return Model(
        base=float(told["base"]),  # type: ignore[arg-type]
        feature=padded("feature").astype(np.int64),
        threshold=padded("threshold").astype(np.float32),
        left=padded("left").astype(np.int64),
        right=padded("right").astype(np.int64),
        value=padded("value"),
    )


@cache
def load() -> Model:
    """The model of the package."""
    return of(json.loads(FILE.read_text(encoding="utf-8")))


def probability(model: Model, rows: Matrix) -> NDArray[np.float64]:
    """For each row of features, how likely it is that both entries are one report (0 to 1)."""
    score = np.full(len(rows), model.base)
    columns = np.ascontiguousarray(rows.T)
    for tree in range(len(model.feature)):
        score += _said(model, tree, 0, columns)
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-score))
    return chance


def _said(model: Model, tree: int, node: int, columns: Matrix) -> NDArray[np.float64]:
    """What a tree adds for each row, from one of its nodes on."""
    left, right = int(model.left[tree, node]), int(model.right[tree, node])
    if left == node:
        return model.value[tree, node]  # type: ignore[no-any-return]
    goes_left = columns[model.feature[tree, node]] <= model.threshold[tree, node]
    return np.where(goes_left, _said(model, tree, left, columns), _said(model, tree, right, columns))
