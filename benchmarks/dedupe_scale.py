"""What the search for duplicates costs: a set of any size, made from the shapes of real entries.

    .venv/bin/python benchmarks/dedupe_scale.py --data FOLDER [--entries 100000] [--seed 1]

Titles, authors and journals of the labelled sets (one entry a report) are recombined into new works: 45 of 100 long words
of a title, all people and numbers are drawn anew. A third of the entries are repeats, as six databases would write them: capitals,
cut journals, initials before or behind, short page ranges, no DOI, no place, no abstract, a year too early, a typing
error, a lost subtitle, brackets. Printed are the figures of `dedupe.py`.
"""

import argparse
import gc
import random
import resource
import time
from pathlib import Path

import dedupe_sets as sets  # beside this file
from dedupe import HEAD, shown

from scoping import cli, dedupe, linked_records, matching
from scoping.tables import Row

Work = dict[str, str]


def works(data: Path, count: int, rng: random.Random) -> list[Work]:
    """So many different reports."""
    shapes = [row for path in sorted(data.glob("*.csv")) for row in _reports(path)]
    words = [word for row in shapes for word in row["title"].split() if len(word) > 3]
    names = [name for row in shapes for name in row["authors"].replace(" and ", ";").split(";") if "," in name]
    journals = [row["journal"] for row in shapes if row["journal"]]
    out = []
    for number in range(count):
        shape = shapes[number % len(shapes)]
        title = " ".join(rng.choice(words) if len(w) > 3 and rng.random() < 0.45 else w for w in shape["title"].split())
        first = rng.randint(1, 2500)
        told = " ".join(rng.choice(words) for _ in range(60)) if rng.random() < 0.6 else ""
        out.append(
            {
                "cluster_id": f"w{number}",
                "title": f"{title} {rng.choice(words)}",
                "authors": ";".join(rng.choice(names) for _ in range(rng.randint(1, 6))),
                "year": str(rng.randint(1985, 2024)),
                "journal": rng.choice(journals),
                "volume": str(rng.randint(1, 140)),
                "issue": str(rng.randint(1, 12)),
                "pages": f"{first}-{first + rng.randint(3, 25)}",
                "doi": f"10.{rng.randint(1000, 9999)}/j{rng.randint(10, 99)}.{number}",
                "abstract": told,
                "pmid": "",
                "source_db": "",
            }
        )
    return out


def _reports(path: Path) -> list[Row]:
    labelled = sets.load(path)
    seen: dict[str, Row] = {}
    for row in labelled.entries:
        if len(row["title"]) > 20:
            people = ";".join(f"{p['family']}, {p['given']}" for p in sets.json.loads(row["authors"]) if p["family"])
            seen.setdefault(labelled.report.get(row["content_id"], row["content_id"]), {**row, "authors": people})
    return list(seen.values())


def written(work: Work, rng: random.Random) -> Work:
    """A work as some database would write it."""
    out = dict(work)
    way = rng.randrange(6)
    if way == 0:
        out["title"] = work["title"].upper()
        out["journal"] = work["journal"].upper()
    elif way == 1:
        out["journal"] = " ".join(word[:4] + "." if len(word) > 5 else word for word in work["journal"].split())
        first, last = work["pages"].split("-")
        out["pages"] = f"{first}-{last[-2:]}" if len(first) == len(last) > 2 else work["pages"]
    elif way == 2:
        out["doi"] = f"https://doi.org/{work['doi']}"
        out["authors"] = ";".join(
            f"{n.split(',')[0]}, {n.split(',')[1].strip()[:1]}." for n in work["authors"].split(";")
        )
    elif way == 3:
        out.update(doi="", abstract="", pages=f"pp. {work['pages']}")
    elif way == 4:
        out.update(doi="", abstract="", volume="", issue="", pages="")
    chance = rng.random()
    if chance < 0.05 and len(work["title"].split(":")[0]) > 35:
        out["title"] = work["title"].split(":")[0]
    elif chance < 0.10:
        place = rng.randrange(len(out["title"]))
        out["title"] = out["title"][:place] + out["title"][place + 1 :]
    elif chance < 0.13:
        out["title"] = f"[{out['title']}]."
    if rng.random() < 0.06:
        out["year"] = str(int(work["year"]) - 1)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    gc.set_threshold(*cli.COLLECTED)  # as the command has it
    rng = random.Random(asked.seed)
    made = works(asked.data, asked.entries * 2 // 3, rng)
    rows = made + [written(rng.choice(made), rng) for _ in range(asked.entries - len(made))]
    rng.shuffle(rows)
    entries = [sets.entry({**row, "record_id": str(place)}, place, "scale") for place, row in enumerate(rows, 1)]
    report = {one["content_id"]: row["cluster_id"] for one, row in zip(entries, rows, strict=True)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    compared = matching.compared(entries)
    records, _, pairs = dedupe.dedupe(entries, [], {sets.SOURCE: "databases"}, compared=compared)
    joined = time.process_time() - start
    linked_records.linked(records, pairs, compared)
    dedupe.fields(records, entries)
    cpu = time.process_time() - start
    labelled = sets.Labelled("made", entries, report, {})
    groups = [sets.json.loads(record["content_ids"]) for record in records]
    print(HEAD, shown("made", sets.score(labelled, groups, [(r["a"], r["b"]) for r in pairs if r["open"]])), sep="\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"CPU {cpu:.1f} s ({joined:.1f} s without links and differing fields), peak {peak:.0f} MB ({before:.0f} MB before: the entries themselves)"
    )


if __name__ == "__main__":
    main()
