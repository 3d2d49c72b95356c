"""Whether stopping rules keep what they promise, on finished reviews: recall when they stop, and reading they save.

    python benchmarks/stopping.py --data FOLDER [--seeds N] [--batch B] [--peers [FOLDER]] [--json FILE] [REVIEW...]

FOLDER holds tables of records with labels, as `scoping simulate` reads them; REVIEW names some of them. Each is read again
in the order of the model, batches growing by a tenth unless `--batch` says otherwise (1: rules are looked at after each
record), from one relevant and one irrelevant record that the seed draws. The rule called 95/95 has to have reached a recall of 95% in at least 95% of its stops: else the command ends with 1. `--peers`
asks buscarpy, in an environment of its own, at the same places. The two first records are in no figure.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import peer_environment  # beside this file
import stopping_rules as rules

from scoping import labelled, simulation, stopping

BUSCARPY = "buscarpy==0.0.2"
ASK = """
import json, sys
import numpy as np
from buscarpy import calculate_h0
found = []
for each in json.load(sys.stdin):
    labels = np.array(each["labels"])
    ps = [calculate_h0(labels[:end], len(labels), recall_target=each["target"]) for end in each["ends"]]
    found.append([1.0 if p is None else float(p) for p in ps])
json.dump(found, sys.stdout)
"""


def replayed(path: Path, seeds: int, batch: str) -> list[dict[str, object]]:
    """Labels in the order of reading and ends of batches, for each seed."""
    review = labelled.read(path.read_bytes(), str(path))
    found = []
    for seed in range(1, seeds + 1):
        replay = simulation.replay(review, seed=seed, batch=batch)
        found.append({"review": path.stem, "seed": seed, "labels": replay.labels(review), "ends": list(replay.ends)})
    return found


def judged(labels: Sequence[int], stop: int | None) -> dict[str, float | None]:
    """Recall when it stopped, and the share of reading that was saved; a rule that never stops saves nothing."""
    end = len(labels) if stop is None else stop
    return {"stop": stop, "recall": sum(labels[:end]) / sum(labels), "saved": 1 - end / len(labels)}


def line(name: str, found: Sequence[dict[str, float | None]]) -> str:
    """A row of the table: of the stops the share at 95% and 90%, the worst; of all replays reading saved and never."""
    stops = [float(each["recall"] or 0) for each in found if each["stop"] is not None]
    saved = sum(float(each["saved"] or 0) for each in found) / len(found)
    never = 1 - len(stops) / len(found)
    if not stops:
        return f"{name:24}{0:>7}{'–':>9}{'–':>9}{'–':>9}{'–':>9}{saved:>8.0%}{never:>8.0%}"
    reached = [sum(recall >= least for recall in stops) / len(stops) for least in (0.95, 0.9)]
    mean = sum(stops) / len(stops)
    return f"{name:24}{len(stops):>7}{reached[0]:>9.0%}{reached[1]:>9.0%}{mean:>9.3f}{min(stops):>9.3f}{saved:>8.0%}{never:>8.0%}"


def kept(found: Sequence[dict[str, float | None]]) -> bool:
    """Whether 95% of the stops reached a recall of 95%."""
    stops = [float(each["recall"] or 0) for each in found if each["stop"] is not None]
    return sum(recall >= 0.95 for recall in stops) >= 0.95 * len(stops)


def asked_at_fifty(said: Sequence[rules.Said]) -> list[str]:
    """What could be claimed when 50 in a row were read, and why it could not."""
    number = len(said)
    reached = [each for each in said if each.recall >= rules.TARGET]
    lines = [
        f"\n50 in a row came in {number} replays. With a control sample drawn then ({rules.SAMPLE:.0%} of the rest, at least "
        f"{rules.LEAST_SAMPLE}) a recall of 95% had been reached in {len(reached)}; its interval held the truth in "
        f"{sum(each.held for each in said) / number:.1%}."
    ]
    for name, met in (("rule", [each.rule for each in said]), ("sample", [each.sample for each in said])):
        right = sum(yes and each.recall >= rules.TARGET for yes, each in zip(met, said, strict=True))
        refused = [each for yes, each in zip(met, said, strict=True) if not yes]
        short = [each for each in refused if each.recall < rules.TARGET]
        few = [each for each in refused if each.recall >= rules.TARGET and each.found < stopping.FEW]
        lines.append(
            f"{name:8} claimed in {sum(met)} (true in {right}), 'cannot claim' in {len(refused)}: recall was below 95% in "
            f"{len(short)}, fewer than {stopping.FEW} finds in {len(few)}, too little read in {len(refused) - len(short) - len(few)}"
        )
    return lines


def asked(replays: Sequence[dict[str, object]], folder: Path) -> list[list[float]] | None:
    """What buscarpy says at each end of each replay; None where it cannot be installed."""
    python = peer_environment.environment(folder / "buscarpy", BUSCARPY)
    if python is None:
        print(f"{BUSCARPY} cannot be installed here")
        return None
    given = json.dumps([{"labels": r["labels"], "ends": r["ends"][:-1], "target": rules.TARGET} for r in replays])  # type: ignore[index]
    done = subprocess.run([str(python), "-c", ASK], input=given, capture_output=True, text=True, check=True, cwd=folder)
    found: list[list[float]] = json.loads(done.stdout)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay, judge, print; 1 where the rule called 95/95 did not keep its promise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reviews", nargs="*")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--batch", default=simulation.GROWTH)
    parser.add_argument("--peers", type=Path, nargs="?", const=Path("peers"))
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    files = [path for path in sorted(given.data.glob("*.csv")) if not given.reviews or path.stem in given.reviews]
    replays = []
    for path in files:
        replays += replayed(path, given.seeds, given.batch)
    found = {
        name: [judged(r["labels"], rule(r["labels"], r["ends"], r["seed"])) for r in replays]
        for name, rule in rules.RULES.items()
    }
    apart = 0.0
    if given.peers and (said := asked(replays, given.peers)):
        ours = [
            [
                stopping.probability_of_missing(r["labels"][:end], len(r["labels"]), rules.TARGET)
                for end in r["ends"][:-1]
            ]
            for r in replays
        ]
        apart = max(
            abs(a - b) for mine, theirs in zip(ours, said, strict=True) for a, b in zip(mine, theirs, strict=True)
        )
        stops = [
            next((end for end, p in zip(r["ends"], ps, strict=False) if p < rules.P), None)
            for r, ps in zip(replays, said, strict=True)
        ]
        found["buscarpy, 95/95"] = [judged(r["labels"], stop) for r, stop in zip(replays, stops, strict=True)]
        print(f"\nbuscarpy: the largest difference of p at the same place is {apart:.1e}")
    by_review: dict[str, list[dict[str, float | None]]] = {}
    for r, each in zip(replays, found["buscar, 95/95"], strict=True):
        by_review.setdefault(f"{r['review']}, {len(r['labels']):,} ({sum(r['labels']):,} relevant)", []).append(each)
    print(f"\n{'95/95 on':50}{'stops':>7}{'recall':>9}{'worst':>9}{'saved':>8}")
    for name, each in by_review.items():
        recalls = [float(one["recall"] or 0) for one in each if one["stop"] is not None]
        saved = sum(float(one["saved"] or 0) for one in each) / len(each)
        mean = f"{sum(recalls) / len(recalls):>9.3f}{min(recalls):>9.3f}" if recalls else f"{'–':>9}{'–':>9}"
        print(f"{name:50}{len(recalls):>7}{mean}{saved:>8.0%}")
    print(f"\n{'rule':24}{'stops':>7}{'>= 95%':>9}{'>= 90%':>9}{'mean':>9}{'worst':>9}{'saved':>8}{'never':>8}")
    for name, each in found.items():
        print(line(name, each))
    few = [each for r, each in zip(replays, found["buscar, 95/95"], strict=True) if sum(r["labels"]) < stopping.FEW]
    if few:
        print(line(f"95/95, < {stopping.FEW} relevant", few))
    left = [1 - rules.reached(r["labels"]) / len(r["labels"]) for r in replays]
    print(
        f"\nIn the mean {sum(left) / len(left):.0%} were unread when 95% had been found, which nobody could know then."
    )
    asked_once = [rules.claimed(r["labels"], r["seed"]) for r in replays]
    said = [each for each in asked_once if each is not None]
    if said:
        print("\n".join(asked_at_fifty(said)))
    if given.json:
        given.json.write_text(
            json.dumps({"replays": replays, "rules": found, "claims": [each and asdict(each) for each in asked_once]}),
            encoding="utf-8",
        )
    good = kept(found["buscar, 95/95"]) and apart < 1e-6
    print("\nThe rule kept its promise." if good else "\nThe rule did NOT keep its promise.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
