"""Pairs of entries that were compared and looked near, but were neither merged nor asked about: where duplicates are missed."""

from collections.abc import Collection, Iterable

import numpy as np

from scoping import blocking, pair_features, pair_model
from scoping.comparable import Item
from scoping.groups import Pair
from scoping.pair_model import Model

NEAR = 0.005  # chance from which a pair is near; on labelled sets almost no pair below it was one report


def near(items: Iterable[Item], but: Collection[Pair], model: Model | None = None) -> dict[Pair, float]:
    """Pair of content ids (a < b) -> how likely the model holds it for one report (0 to 1, `NEAR` or more), without some."""
    ordered = sorted(items, key=lambda one: (one.content_id, one.title, one.doi))
    left, right, rows = pair_features.table(ordered, *blocking.candidates(ordered))
    chances = pair_model.probability(model or pair_model.load(), rows)
    found: dict[Pair, float] = {}
    for at in np.flatnonzero(chances >= NEAR):
        a, b = sorted((ordered[left[at]].content_id, ordered[right[at]].content_id))
        if (a, b) not in but:
            found[a, b] = max(found.get((a, b), 0.0), float(chances[at]))
    return found
