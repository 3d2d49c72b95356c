"""What other programs make of the same sets, each in an environment of its own. Run by `dedupe.py --peers FOLDER`.

Each gets the file as it is and gives groups of rows that it holds to be one report. bib-dedupe and ASReview run as their
manuals say; splink and record linkage are tool boxes without a ready set-up for references: theirs is learnt without
labels from title, authors, year, journal, pages and DOI, and joins what it gives a probability of .99 or more.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import dedupe_sets as sets  # beside this file
import peer_environment

# what runs in the environment of a peer: rows in, groups of row numbers, CPU seconds and peak memory (MB) out
_START = """
import csv, json, resource, sys, time, warnings
warnings.simplefilter("ignore")
csv.field_size_limit(sys.maxsize)
import numpy, pandas as pd
NAMES = ["title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "abstract"]
def rows(path):
    with open(path, encoding="utf-8", newline="") as handle:
        read = list(csv.DictReader(handle))
    return [{n: "" if r[n].strip().lower() in ("nan", "none", "unknown") else r[n] for n in NAMES} for r in read]
def cost():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both), max(one.ru_maxrss for one in both) / 1024
def joined(pairs, number):
    root = list(range(number))
    def find(x):
        while root[x] != x:
            root[x] = root[root[x]]; x = root[x]
        return x
    for a, b in pairs:
        root[find(a)] = find(b)
    groups = {}
    for x in range(number):
        groups.setdefault(find(x), []).append(x)
    return list(groups.values())
def plain(text):
    return " ".join("".join(c.lower() if c.isalnum() else " " for c in text).split())
def run(groups):
    said = rows(sys.argv[1])
    before, _ = cost()
    found = groups(said)
    after, peak = cost()
    print("\\n@@" + json.dumps({"groups": found, "cpu": after - before, "peak": peak}))
"""


@dataclass(frozen=True)
class Peer:
    """What to install, and the code of `groups(rows)`."""

    install: str
    code: str


PEERS = {
    "bib-dedupe": Peer(
        "bib-dedupe==0.11.0",
        """
from bib_dedupe.bib_dedupe import block, cluster, match, prep
def groups(said):
    table = pd.DataFrame([{**r, "ID": str(n), "author": r["authors"].replace(";", " and "), "number": r["issue"],
                           "ENTRYTYPE": "article"} for n, r in enumerate(said)]).drop(columns=["authors", "issue"])
    table = prep(table, verbosity_level=0, cpu=1)
    matched = match(block(table, verbosity_level=0, cpu=1), verbosity_level=0, cpu=1)
    pairs = [(int(a), int(b)) for found in cluster(matched, verbosity_level=0) for a, b in zip(found, found[1:])]
    return joined(pairs, len(said))
""",
    ),
    "asreview": Peer(
        "asreview==1.6.6",
        """
from asreview.data.base import ASReviewData
def groups(said):
    data = ASReviewData(pd.DataFrame(said).rename(columns={"authors": "authors"}))
    table = pd.DataFrame(said)
    whole = data.duplicated(pid="doi").tolist()
    first, pairs = {}, []
    for n, r in enumerate(said):  # it says which rows are repeats, and of what: an earlier equal DOI or text
        keys = [("doi", r["doi"].lower()), ("text", " ".join(plain(r["title"] + " " + r["abstract"]).split()))]
        earlier = [first[k] for k in keys if k[1] and k in first]
        if whole[n] and earlier:
            pairs.append((n, earlier[0]))
        for k in keys:
            if k[1]:
                first.setdefault(k, n)
    return joined(pairs, len(said))
""",
    ),
    "splink": Peer(
        "splink==5.0.0 pandas",
        """
import splink, splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
def groups(said):
    table = pd.DataFrame([{"unique_id": n, "title": plain(r["title"]) or None, "head": plain(r["title"])[:20] or None,
        "authors": plain(r["authors"]) or None, "first": (plain(r["authors"]).split() or [None])[0],
        "year": r["year"] or None, "journal": plain(r["journal"]) or None, "page": r["pages"].split("-")[0] or None,
        "doi": r["doi"].lower() or None} for n, r in enumerate(said)])
    rules = [block_on("head"), block_on("doi"), block_on("year", "page"), block_on("first", "year")]
    settings = SettingsCreator(link_type="dedupe_only", blocking_rules_to_generate_predictions=rules,
        comparisons=[cl.JaroWinklerAtThresholds("title", [0.97, 0.9]), cl.JaroWinklerAtThresholds("authors", [0.9, 0.8]),
            cl.ExactMatch("year"), cl.JaroWinklerAtThresholds("journal", [0.9]), cl.ExactMatch("page"), cl.ExactMatch("doi")])
    api = DuckDBAPI()
    try:
        linker = Linker(table, settings, api)
    except Exception:
        linker = Linker(api.register(table), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("title", "year")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("head"), block_on("first", "year")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.99).as_pandas_dataframe()
    return joined(zip(found["unique_id_l"].tolist(), found["unique_id_r"].tolist()), len(said))
""",
    ),
    "recordlinkage": Peer(
        "recordlinkage==0.16 setuptools<81",
        """
import recordlinkage as rl
def groups(said):
    table = pd.DataFrame([{"title": plain(r["title"]), "head": plain(r["title"])[:20], "authors": plain(r["authors"]),
        "year": r["year"], "journal": plain(r["journal"]), "page": r["pages"].split("-")[0], "doi": r["doi"].lower()}
        for n, r in enumerate(said)])
    index = rl.Index(); index.block("head"); index.block(["year", "page"])
    pairs = index.index(table)
    compare = rl.Compare()
    for name in ("title", "authors", "journal"):
        compare.string(name, name, method="jarowinkler", threshold=0.9)
    for name in ("year", "page", "doi"):
        compare.exact(name, name)
    seen = compare.compute(pairs, table)
    model = rl.ECMClassifier()
    model.fit_predict(seen)
    sure = model.prob(seen) >= 0.99
    return joined([pair for pair, yes in sure.items() if yes], len(said))
""",
    ),
}


def run(name: str, folder: Path, labelled: sets.Labelled, path: Path) -> tuple[sets.Score, float, float] | str:
    """(score, CPU seconds, peak memory in MB) of a peer on a set, or why there is none."""
    python = peer_environment.environment(folder / name, PEERS[name].install)
    if python is None:
        return "cannot be installed here"
    code = f"{_START}{PEERS[name].code}\nrun(groups)"
    done = subprocess.run(
        [str(python), "-c", code, str(path.absolute())], capture_output=True, text=True, check=False, cwd=folder
    )
    if "\n@@" not in done.stdout:
        return (done.stderr.strip().splitlines() or ["no message"])[-1][:150]
    said = json.loads(done.stdout.rpartition("\n@@")[2])
    ids = [row["content_id"] for row in labelled.entries]
    groups = [[ids[at] for at in group] for group in said["groups"]]
    return sets.score(labelled, groups, []), said["cpu"], said["peak"]
