"""Real ASReview 3 with its model ELAS u4, replaying a finished review in an environment of its own.

The environment is made in a folder with `pip`, once, as for the other benchmarks (`ingest_peers`). The replay is that of
`asreview simulate --ai elas_u4 --n-prior-included 1 --n-prior-excluded 1 --prior-seed S --seed S`, without its project
file, and with a schedule of batches, which its command line does not have.
"""

from pathlib import Path

import peer_environment  # beside this file

ASREVIEW = "asreview==3.0.8"

# what runs in the environment of ASReview: file, seed and batches -> the labels in the order of reading, without priors
CODE = """
import json, sys, warnings
warnings.simplefilter("ignore")
import numpy as np
from asreview import load_dataset
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config
from asreview.models.stoppers import LastRelevant
from asreview.simulation.simulate import Simulate
from sklearn.utils import check_random_state

path, seed, share, least, most = sys.argv[1], int(sys.argv[2]), *map(float, sys.argv[3:6])
np.random.seed(seed)
with load_dataset(path, dataset_id="data") as data:
    labels = np.asarray(data.input["included"])
    cycle = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])
    cycle.n_query = lambda results: int(max(1, min(max(least, int(share * len(results) + 1e-9)), most)))
    replay = Simulate(data.input.get_df(), data.input["included"], [cycle], stopper=LastRelevant(), print_progress=False)
    for label in (1, 0):
        replay.label(check_random_state(seed).choice(np.where(labels == label)[0], 1, replace=False))
    replay.review()
    read = [int(label) for label in replay._results["label"]][2:]
json.dump({"labels": read + [0] * (len(labels) - 2 - len(read))}, sys.stdout)
"""


def python(folder: Path) -> Path | None:
    """The Python of ASReview's environment, made at the first call; nothing, and a line, where it cannot be made."""
    found = peer_environment.environment(folder / "asreview-ranking", ASREVIEW)
    if found is None:
        print(f"{ASREVIEW} cannot be installed here")
    return found
