"""One replay of a finished review in the order of our model: a process of its own, so that its time and memory are its own.

    python ranking_replay.py FILE SEED BATCH MODEL

prints as JSON the labels in the order of reading, without priors, and the mean place of relevant records without abstract.
"""

import json
import sys
from pathlib import Path

from scoping import labelled, simulation


def main(path: str, seed: str, batch: str, model: str) -> None:
    review = labelled.read(Path(path).read_bytes(), path)
    found = simulation.replay(review, seed=int(seed), batch=batch, model=model)
    bare = [
        place
        for place, at in enumerate(found.order, 1)
        if review.labels[at] and not review.documents[at].abstract.strip()
    ]
    mean = sum(bare) / len(bare) / len(found.order) if bare else None
    json.dump({"labels": found.labels(review), "without_abstract": mean}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
