"""How well duplicates are found in sets that people have labelled, what people are asked, and what it costs.

    .venv/bin/python benchmarks/dedupe.py --data FOLDER [--peers FOLDER] [--json FILE] [--sets NAME ...] [--wrong]

Every CSV file of the folder is a set (see `dedupe_sets.py`). Each runs through the stage in a process of its own.
Printed are, for each set: pair precision, recall and F1 over whole records; records wrongly removed (fp) and missed (fn);
pairs that people are asked about, how many of them are true, and the share of records that they concern; CPU seconds and
peak memory; with `--peers` the same of bib-dedupe, ASReview, splink and recordlinkage (`dedupe_peers.py`). `--wrong` lists every false merge and every true pair that is neither merged nor asked about.
Ends with 1 if more than one record of the sets in TOTAL is wrongly removed.
"""

import argparse
import gc
import json
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import dedupe_peers as peers  # beside this file
import dedupe_sets as sets

TOTAL = ("cytology", "stroke", "diabetes", "digital_work", "mis_baseline")
ALLOWED = 1  # false positive records in total


def run(path: Path) -> dict[str, object]:
    """What the stage makes of one set."""
    from scoping import cli, dedupe

    gc.set_threshold(*cli.COLLECTED)  # as the command has it
    labelled = sets.load(path)
    start = time.process_time()
    records, _, pairs = dedupe.dedupe(labelled.entries, [], {sets.SOURCE: "databases"})
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    groups = [json.loads(record["content_ids"]) for record in records]
    asked = [(row["a"], row["b"]) for row in pairs if row["open"]]
    found = sets.score(labelled, groups, asked)
    return {
        "set": path.stem,
        "score": found,
        "cpu": cpu,
        "peak": peak,
        "wrong": wrong(labelled, groups, asked, {(row["a"], row["b"]): row["why"] for row in pairs}),
    }


def wrong(
    labelled: sets.Labelled, groups: list[list[str]], asked: list[tuple[str, str]], why: dict[tuple[str, str], str]
) -> list[str]:
    """Each false merge and each missed pair, in a line that a person can judge."""
    if not labelled.report:
        return []
    by_id = {row["content_id"]: row for row in labelled.entries}
    place = {id_: number for number, group in enumerate(groups) for id_ in group}
    open_ = {frozenset((place[a], place[b])) for a, b in asked}
    out = []
    for group in groups:
        if len({labelled.report[id_] for id_ in group}) > 1:
            out += [f"MERGED {_line(by_id[id_])}" for id_ in group]
            out += [f"       {why[a, b]}" for a in group for b in group if (a, b) in why]
    for a, b in sets.gold(labelled):
        if place[a] != place[b]:
            kind = "ASKED " if frozenset((place[a], place[b])) in open_ else "MISSED"
            reason = why.get((a, b), "nothing found")
            out.append(f"{kind} {reason}\n    {_line(by_id[a])}\n    {_line(by_id[b])}")
    out += [
        f"NEEDLESS {why[a, b]}\n    {_line(by_id[a])}\n    {_line(by_id[b])}"
        for a, b in asked
        if labelled.report[a] != labelled.report[b]
    ]
    return out


def _line(row: dict[str, str]) -> str:
    first = ", ".join(person["family"] or person["literal"] for person in json.loads(row["authors"])[:3])
    names = ("year", "journal", "volume", "issue", "pages", "doi")
    return " | ".join([row["title"][:130], first[:60], *(row[name][:40] for name in names)])


HEAD = f"{'set':14}{'entries':>8}{'pair P':>9}{'R':>8}{'F1':>8}{'fp':>6}{'fn':>6}{'sens.':>8}{'asked':>7}{'true':>6}{'% asked':>9}"


def shown(name: str, found: sets.Score) -> str:
    pairs = f"{found.precision:9.4f}{found.recall:8.4f}{found.f1:8.4f}"
    if found.pairs_tp + found.pairs_fp + found.pairs_fn == 0:
        pairs = f"{'-':>9}{'-':>8}{'-':>8}"
    share = 100 * found.records_asked / max(1, found.entries)
    records = f"{found.fp:6d}{found.fn:6d}{found.sensitivity:8.4f}"
    return f"{name:14}{found.entries:8d}{pairs}{records}{found.asked:7d}{found.asked_true:6d}{share:9.2f}"


def beside(folder: Path, paths: list[Path]) -> list[dict[str, object]]:
    """Print what each peer makes of each set; the rows that were printed."""
    folder.mkdir(parents=True, exist_ok=True)
    out: list[dict[str, object]] = []
    for name in peers.PEERS:
        print(f"\n{name}")
        total = sets.Score()
        cpu_total, failed = 0.0, False
        for path in paths:
            found = peers.run(name, folder, sets.load(path), path)
            if isinstance(found, str):
                print(f"{path.stem:14}{found}", flush=True)
                failed |= path.stem in TOTAL
                continue
            score, cpu, peak = found
            cpu_total += cpu
            print(f"{shown(path.stem, score)}{cpu:8.2f}{peak:7.0f}", flush=True)
            out.append({"peer": name, "set": path.stem, "score": asdict(score), "cpu": cpu, "peak": peak})
            total += score if path.stem in TOTAL else sets.Score()
        print(f"{shown('TOTAL', total)}{cpu_total:8.2f}", "(not all of them)" if failed else "")
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", help="names of the sets to run; all by default")
    parser.add_argument("--peers", nargs="?", type=Path, const=Path("peers"), help="folder of the peers' environments")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    paths = [path for path in sorted(asked.data.glob("*.csv")) if not asked.sets or path.stem in asked.sets]
    if not paths:
        parser.error(f"{asked.data}: there is no such CSV file")
    print(f"{HEAD}{'CPU s':>8}{'MB':>7}")
    results = []
    total = sets.Score()
    for path in paths:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            result = pool.submit(run, path).result()
        results.append(result)
        print(f"{shown(path.stem, result['score'])}{result['cpu']:8.2f}{result['peak']:7.0f}", flush=True)
        if path.stem in TOTAL:
            total += result["score"]
    print(shown("TOTAL", total), f" ({', '.join(TOTAL)})")
    others = beside(asked.peers, paths) if asked.peers else []
    if asked.wrong:
        for result in results:
            print(f"\n== {result['set']}", *result["wrong"], sep="\n")
    if asked.json:
        rows = [{**result, "score": asdict(result["score"])} for result in results]
        told = {"sets": rows, "total": asdict(total), "peers": others}
        asked.json.write_text(json.dumps(told, indent=1), encoding="utf-8")
    return int(total.fp > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
