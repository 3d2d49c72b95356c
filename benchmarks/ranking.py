"""How early our order finds the relevant records of finished reviews, beside ASReview's ELAS u4, and what it costs.

    python benchmarks/ranking.py --data FOLDER --seeds 5 [--peers [FOLDER]] [--sets a,b] [--json FILE]
    python benchmarks/ranking.py --scale [RECORDS] --data FOLDER

FOLDER holds a CSV file for each finished review. Each is replayed with the same first records (priors) by both, with the
model trained anew for each record (u4's own cadence) and for batches of the sizes that a review has by default. With
`--peers` u4 is ASReview itself, in an environment of its own, each replay a process; without, it is our copy of its
model, and time and memory are not compared. Gains are paired by set and seed; bounds are those of a 95% interval by
bootstrap over sets. The command fails where the mean loss is worse by more than 0.005, or where whole replays take more
than a quarter of ASReview's processor time, or more memory.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import ranking_peers
import ranking_scale

from scoping import recall_metrics, simulation

CADENCES = {"each record": "1", "default batches": simulation.DEFAULT}
"""How often the model is trained anew -> the batches of a replay."""
DOWN = ("loss", "last_find", "atd")  # less is better
LOSS, CPU = 0.005, 0.25  # at most so much worse; at most this share of ASReview's time
STRETCH = ("wss_95", "wss_100")
DRAWS = 10_000


@dataclass(frozen=True)
class Run:
    """One replay by one program: measures, CPU seconds, peak resident memory (MB), the mean place of relevant records
    without abstract as a share of all (none: there are none, or nobody looked).
    """

    measures: dict[str, float]
    cpu: float
    memory: float
    without_abstract: float | None = None


Runs = dict[tuple[str, int], Run]  # by set and seed


def replayed(command: Sequence[str]) -> Run:
    """Run a process that prints the labels in the order of reading; ASReview leaves a cache where it runs."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, env=os.environ | one_thread, cwd=folder)
        _, status, used = os.wait4(process.pid, 0)  # what this one process used
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if process.returncode:
        sys.exit(f"{' '.join(command[:2])} … failed")
    found = json.loads(said[said.index(b"{") :])
    measures = dataclasses.asdict(recall_metrics.measures(found["labels"]))
    return Run(measures, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, found.get("without_abstract"))


def gains(ours: Runs, theirs: Runs, measure: str) -> dict[str, float]:
    """Set -> how much better ours is, the mean over seeds; below 0 where it is worse."""
    sign = -1 if measure in DOWN else 1
    by_set: dict[str, list[float]] = {}
    for key, run in ours.items():
        by_set.setdefault(key[0], []).append(sign * (run.measures[measure] - theirs[key].measures[measure]))
    return {name: sum(values) / len(values) for name, values in by_set.items()}


def mean(runs: Runs, measure: str) -> float:
    """The mean over sets of the mean over seeds."""
    by_set: dict[str, list[float]] = {}
    for key, run in runs.items():
        by_set.setdefault(key[0], []).append(run.measures[measure])
    return sum(sum(values) / len(values) for values in by_set.values()) / len(by_set)


def bounds(values: Sequence[float]) -> tuple[float, float]:
    """The 95% interval of a mean, by drawing as many values with replacement; the same at every call."""
    draws = np.random.default_rng(1).choice(np.array(values), (DRAWS, len(values))).mean(axis=1)
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(low), float(high)


def table(cadence: str, ours: Runs, theirs: Runs) -> list[str]:
    """Each measure with both means, the gain, its interval and the sets in which ours is better."""
    lines = [f"\n{cadence:18}{'ours':>8}{'u4':>9}{'gain':>9}{'95% interval of the gain':>28}{'sets better':>14}"]
    for measure in (field.name for field in dataclasses.fields(recall_metrics.Measures)):
        gain = list(gains(ours, theirs, measure).values())
        low, high = bounds(gain)
        better = f"{sum(each > 0 for each in gain)} of {len(gain)}"
        lines.append(
            f"{measure:18}{mean(ours, measure):>8.4f}{mean(theirs, measure):>9.4f}{sum(gain) / len(gain):>+9.4f}"
            f"{f'{low:+.4f} to {high:+.4f}':>28}{better:>14}"
        )
    return lines


@dataclass(frozen=True)
class Line:
    """A line that is met or missed; a stretch that is missed is printed and does not fail."""

    what: str
    met: bool
    stretch: bool = False

    def __str__(self) -> str:
        return f"{'met   ' if self.met else 'MISSED'} {'(stretch) ' if self.stretch else ''}{self.what}"


def judged(cadence: str, ours: Runs, theirs: Runs) -> list[Line]:
    """What must hold of the order."""
    gain = list(gains(ours, theirs, "loss").values())
    worse = -sum(gain) / len(gain)
    lines = [Line(f"{cadence}: mean loss worse by {worse:+.4f}, at most {LOSS:+}", worse <= LOSS)]
    for measure in STRETCH:
        low, _ = bounds(list(gains(ours, theirs, measure).values()))
        lines.append(
            Line(f"{cadence}: lower bound of the gain in {measure} {low:+.4f}, above 0", low > 0, stretch=True)
        )
    return lines


def costs(ours: Runs, theirs: Runs) -> list[Line]:
    """What must hold of whole replays: their CPU time in all, their peak memory in the mean and at most."""
    share = sum(run.cpu for run in ours.values()) / sum(run.cpu for run in theirs.values())
    lines = [Line(f"CPU time of whole replays {share:.3f} of ASReview's, at most {CPU}", share <= CPU)]
    for word, of in (("mean", lambda values: sum(values) / len(values)), ("largest", max)):
        mine, other = (of([run.memory for run in runs.values()]) for runs in (ours, theirs))
        lines.append(Line(f"{word} peak memory {mine:.0f} MB, ASReview's {other:.0f} MB", mine <= other))
    return lines


def without_abstract(ours: Runs, theirs: Runs) -> str:
    """Where relevant records without abstract came, where both programs say it."""
    both = [(run.without_abstract, theirs[key].without_abstract) for key, run in ours.items()]
    pairs = [(one, other) for one, other in both if one is not None and other is not None]
    if not pairs:
        return ""
    mine, other = (sum(values) / len(values) for values in zip(*pairs, strict=True))
    return (
        f"relevant records without abstract: mean place {mine:.4f} of all, with u4 {other:.4f} ({len(pairs)} replays)"
    )


def main() -> int:
    options = argparse.ArgumentParser(description="How early relevant records are found, beside ASReview's ELAS u4.")
    options.add_argument("--data", type=Path, required=True, help="folder with a CSV file for each finished review")
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--sets", default="", help="names of sets, with commas between; all, if left out")
    options.add_argument("--model", default="", help="a model of ours other than the default")
    options.add_argument("--processes", type=int, default=2, help="replays at the same time")
    options.add_argument("--json", type=Path)
    options.add_argument(
        "--peers", type=Path, nargs="?", const=Path(".peers"), help="folder for ASReview's environment"
    )
    options.add_argument(
        "--scale", type=int, nargs="?", const=100_000, metavar="RECORDS", help="measure a large review"
    )
    given = options.parse_args()
    if given.scale:
        return ranking_scale.main(given.data, given.scale)
    wanted = [name for name in given.sets.split(",") if name]
    files = sorted(path for path in given.data.glob("*.csv") if not wanted or path.stem in wanted)
    if not files:
        sys.exit(f"{given.data}: holds no such CSV file")
    asreview = ranking_peers.python(given.peers) if given.peers else None
    print(f"{len(files)} sets, {given.seeds} seeds; u4 is {ranking_peers.ASREVIEW if asreview else 'our copy of it'}")
    lines: list[Line] = []
    everything: list[dict[str, Any]] = []
    losses: dict[str, float] = {}
    for cadence, batch in CADENCES.items():
        runs = _both(files, given, batch, asreview)
        ours, theirs, copy = (runs.get(who, {}) for who in ("ours", "u4", "our copy of u4"))
        print("\n".join(table(cadence, ours, theirs)))
        print(without_abstract(ours, copy or theirs))
        lines += judged(cadence, ours, theirs)
        if asreview and batch == "1":
            lines += costs(ours, theirs)
        losses[cadence] = mean(ours, "loss")
        everything += [
            {"cadence": cadence, "program": who, "set": key[0], "seed": key[1], **dataclasses.asdict(run)}
            for who, found in runs.items()
            for key, run in found.items()
        ]
    first, last = list(losses.values())
    print(f"\ndefault batches cost {last - first:+.4f} in loss against training for each record\n")
    print("\n".join(map(str, lines)))
    if given.json:
        given.json.write_text(json.dumps(everything, indent=1), encoding="utf-8")
    return int(any(not line.met and not line.stretch for line in lines))


def _both(files: Sequence[Path], given: argparse.Namespace, batch: str, asreview: Path | None) -> dict[str, Runs]:
    """All replays of one cadence: ours, and those of u4; with ASReview also those of our copy of it in default batches,
    since ASReview does not say which records it read.
    """
    script = str(Path(__file__).absolute().parent / "ranking_replay.py")
    share, least, most = simulation.schedule(batch)
    jobs: dict[tuple[str, tuple[str, int]], list[str]] = {}
    for path in files:
        for seed in range(1, given.seeds + 1):
            key = (path.stem, seed)
            mine = [sys.executable, script, str(path.absolute()), str(seed), batch]
            jobs["ours", key] = [*mine, given.model or simulation.MODEL]
            if asreview is None:
                jobs["u4", key] = [*mine, "u4"]
                continue
            numbers = map(str, (seed, share, least, most))
            jobs["u4", key] = [str(asreview), "-c", ranking_peers.CODE, str(path.absolute()), *numbers]
            if batch != "1":
                jobs["our copy of u4", key] = [*mine, "u4"]
    out: dict[str, Runs] = {}
    with ThreadPoolExecutor(given.processes) as pool:
        for (who, key), run in zip(jobs, pool.map(replayed, jobs.values()), strict=True):
            out.setdefault(who, {})[key] = run
    return out


if __name__ == "__main__":
    sys.exit(main())
