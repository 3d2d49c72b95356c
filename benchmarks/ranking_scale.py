"""What ordering a large review costs: features, training and scores of records that are mixed from finished reviews.

Each record has the title of one record of a review, and half of the sentences of its abstract beside half of another's, so
that there are about as many different words as in a real review of that size. It is relevant if the first one is.
"""

import random
import re
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scoping import labelled, ranking_models
from scoping.record_features import Document, Space

LABELLED, BATCH = 5_000, 500  # records labelled before, and in the batch after which the model is trained anew
SECONDS, SCORING, MEMORY = 60.0, 2.0, 2048.0  # CPU seconds of features and a training; of scores; MB


@dataclass(frozen=True)
class Timed:
    """What one step took, in seconds of the processor."""

    what: str
    seconds: float


def mixed(folder: Path, records: int) -> Iterator[tuple[Document, int]]:
    """So many made-up records with their labels, the same at every call."""
    reviews = [labelled.read(path.read_bytes(), path.name) for path in sorted(folder.glob("*.csv"))]
    chance = random.Random(1)
    for _ in range(records):
        review = chance.choice(reviews)
        one, other = (chance.randrange(len(review.labels)) for _ in range(2))
        title, abstract, keywords, journal = review.documents[one]
        halves = [re.split(r"(?<=\.) ", text) for text in (abstract, review.documents[other][1])]
        text = " ".join(sentence for half in halves for sentence in chance.sample(half, (len(half) + 1) // 2))
        yield Document(title, text, keywords, journal), review.labels[one]


def main(folder: Path, records: int) -> int:
    """Print what each step took; 1 where it is more than it may be."""
    documents, labels = (list(values) for values in zip(*mixed(folder, records), strict=True))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{records:,} records, {sum(labels):,} relevant, {before:.0f} MB with their texts")
    steps: list[Timed] = []

    def timed(what: str, start: float) -> None:
        steps.append(Timed(what, time.process_time() - start))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{what:60}{steps[-1].seconds:>8.2f} s{peak:>8.0f} MB at most")

    start = time.process_time()
    space = Space.of(documents)
    assert space is not None
    timed(f"features ({space.features:,} words and pairs)", start)
    read = np.random.default_rng(1).permutation(records)[: LABELLED + BATCH].tolist()
    undecided = np.delete(np.arange(records), read)
    start = time.process_time()
    ranker = ranking_models.Ranker(space, ranking_models.MODELS[ranking_models.MODEL])
    ranker.train(read[:LABELLED], [labels[at] for at in read[:LABELLED]])
    timed(f"training on {LABELLED:,} labels", start)
    start = time.process_time()
    ranker.scored(undecided)
    timed("scores of all", start)
    start = time.process_time()
    ranker.train(read, [labels[at] for at in read])
    timed(f"training anew with a batch of {BATCH:,} more", start)
    start = time.process_time()
    scores = ranker.scored(undecided)
    timed("scores of all", start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rank = np.argsort(np.argsort(-scores))
    place = rank[np.array(labels)[undecided] == 1].mean() / len(undecided)
    print(f"mean place of a relevant record: {place:.2f} of all (0.5 by chance)")
    first, scoring = steps[0].seconds + steps[1].seconds, max(steps[2].seconds, steps[4].seconds)
    met = first <= SECONDS and scoring <= SCORING and peak <= MEMORY
    print(
        f"{'met' if met else 'MISSED'}: features and a training {first:.1f} s (at most {SECONDS:.0f}), "
        f"scores {scoring:.2f} s (at most {SCORING:.0f}), {peak:.0f} MB (at most {MEMORY:.0f})"
    )
    return int(not met)
