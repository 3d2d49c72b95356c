"""What our readers find in a corpus of real exports, against verified counts, a second scan, and other readers.

    .venv/bin/python benchmarks/ingest.py --corpus FOLDER [--derived FOLDER] [--peers [FOLDER]] [--json FILE] [--all]
    .venv/bin/python benchmarks/ingest.py --speed [ENTRIES] [--peers [FOLDER]] [--json FILE]

The folder has a MANIFEST.csv with the columns `file`, `dialect` and `n_verified`. Printed are, for each format and
dialect, the files that are exact, the entries that were found, the entries that a second way of counting finds, and how
many values of each field the readers give; then the values that `ingest_scan` finds and the readers do not. A file that
holds no entry counts as exact if it is refused. `--derived` names a folder of variants of these files (other encodings and
line ends, cut off), each called `<stem>__<variant>`. `--peers` has other readers read the same files (`ingest_peers`) and
looks for each value that they give among our tags. Ends with 1 unless all files are exact and no value is missing.
`--speed` measures instead (`ingest_speed`).
"""

import argparse
import csv
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import ingest_fields  # these four lie beside this file
import ingest_peers
import ingest_scan
import ingest_speed

from scoping.errors import ScopingError
from scoping.readers import Parsed, parse
from scoping.readers.fields import Fields, fields


@dataclass
class Result:
    """What was found in one file; `exact` if both counts are the verified one.

    `values` are those of our fields, by field, `scanned` those that the scan finds; `losses` what we have not of them.
    """

    file: str
    family: str
    dialect: str
    wanted: int
    found: int = 0
    markers: int = 0
    format: str = ""
    told: str = ""
    problems: int = 0
    error: str = ""
    values: dict[str, int] = field(default_factory=dict)
    scanned: dict[str, int] = field(default_factory=dict)
    losses: list[ingest_fields.Loss] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        refused = bool(self.error) and self.wanted == 0
        return refused or (not self.error and self.found == self.markers == self.wanted)


def read(path: Path, row: dict[str, str]) -> Result:
    result = Result(row["file"], row["file"].split("/")[0], row["dialect"], int(row["n_verified"]))
    try:
        parsed, found = parsed_file(path)
    except ScopingError as error:
        result.error = str(error)
        return result
    result.found, result.markers = len(parsed.entries), parsed.markers
    result.format, result.told = parsed.format, parsed.dialect
    result.problems = sum(bool(entry.problems) for entry in parsed.entries)
    seen = ingest_scan.scan(path, result.family) if result.family != "derived" else []
    if result.family != "derived":
        theirs, ours, result.losses = ingest_fields.against_scan(result.file, parsed, found, seen)
        result.values, result.scanned = dict(ours), dict(theirs)
    return result


def parsed_file(path: Path) -> tuple[Parsed, list[Fields]]:
    parsed = parse(path.read_bytes())
    return parsed, [fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries]


def manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def derived(folder: Path, rows: list[dict[str, str]]) -> list[Result]:
    """Variants of one file, each called `<stem>__<variant>`; those of a file that the manifest lacks must agree.

    What was cut off may lack entries, but no marker of one.
    """
    stems = {Path(row["file"]).stem: row for row in rows}
    found: dict[str, list[Result]] = {}
    for path in sorted(folder.iterdir()):
        stem, parted, variant = path.stem.rpartition("__")
        if not parted:
            continue
        known = stems.get(stem, {"file": "derived/x", "n_verified": "-1"})
        row = {**known, "file": f"{known['file'].split('/')[0]}/{path.name}", "dialect": variant}
        found.setdefault(stem, []).append(read(path, row))
    for variants in found.values():
        usual = Counter(r.found for r in variants).most_common(1)[0][0]
        for result in variants:
            result.wanted = usual if result.wanted < 0 else result.wanted
            if result.dialect == "truncated" and not result.error:
                result.wanted = result.markers
    return [result for variants in found.values() for result in variants]


def show(results: list[Result], *, everything: bool) -> None:
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.family, result.dialect), []).append(result)
    print(f"{'':57}and values of fields, + or - what they are more or fewer than those of the scan")
    print(
        f"{'format':14}{'dialect':20}{'files':>6}{'exact':>6}{'entries':>14}  "
        + "".join(f"{n:>12}" for n in ingest_fields.ASKED)
    )
    for (family, dialect), some in sorted(groups.items()):
        exact, found, wanted = (
            sum(numbers) for numbers in zip(*((r.exact, r.found, r.wanted) for r in some), strict=True)
        )
        each = "".join(f"{_beside(some, name):>12}" for name in ingest_fields.ASKED) if family != "derived" else ""
        print(f"{family:14}{dialect[:19]:20}{len(some):>6}{exact:>6}{f'{found} of {wanted}':>14}  {each}")
    for result in results:
        if everything or not result.exact:
            why = result.error or f"{result.found} read, {result.markers} counted, {result.wanted} verified"
            print(f"{'exact' if result.exact else 'WRONG'}  {result.file}: {why}")
        for loss in result.losses:
            print(f"LOST   {loss}")


def _beside(some: list[Result], name: str) -> str:
    """How many values there are, and by how many the scan finds fewer (+) or more (-)."""
    ours, theirs = sum(r.values.get(name, 0) for r in some), sum(r.scanned.get(name, 0) for r in some)
    return f"{ours}{ours - theirs:+d}" if ours != theirs else str(ours)


def beside_peers(folder: Path, corpus: Path, results: list[Result]) -> dict[str, list[ingest_fields.Loss]]:
    """Peer -> the values that it gives and we have not; prints how many entries each finds."""
    said = ingest_peers.read(folder, {r.file: r.family for r in results}, corpus)
    ingest_peers.show(said, {r.file: r.wanted for r in results}, {r.file: r.found for r in results})
    losses: dict[str, list[ingest_fields.Loss]] = {}
    for name, files in said.items():
        both = {r.file: files[r.file] for r in results if not r.error and isinstance(files.get(r.file), list)}
        losses[name] = [
            loss
            for file, entries in both.items()
            for loss in ingest_fields.against_peer(file, *parsed_file(corpus / file), entries, ingest_peers.PEERS[name])
        ]
        values = sum(len(given) for entries in both.values() for entry in entries for given in entry.values())
        print(f"{name}: {values:,} values, {len(losses[name]):,} of them not among our tags")
        for loss in losses[name]:
            print(f"LOST   {loss}")
    return losses


def corpus(given: argparse.Namespace) -> int:
    rows, start = manifest(given.corpus), time.perf_counter()
    own = [read(given.corpus / row["file"], row) for row in rows]
    seconds = time.perf_counter() - start
    results = own + (derived(given.derived, rows) if given.derived else [])
    show(results, everything=given.all)
    exact, found = sum(result.exact for result in results), sum(result.found for result in results)
    lost = sum(len(result.losses) for result in results)
    print(f"{exact} of {len(results)} files exact, {found:,} entries; the corpus took {seconds:.1f} s")
    print(f"{sum(sum(r.scanned.values()) for r in own):,} values by the scan, {lost} of them not among our fields")
    peers = beside_peers(given.peers, given.corpus, own) if given.peers else {}
    if given.json:
        told = {
            "files": [{**asdict(r), "exact": r.exact} for r in results],
            "peers": {name: [asdict(loss) for loss in losses] for name, losses in peers.items()},
        }
        given.json.write_text(json.dumps(told, indent=1), encoding="utf-8")
    return 0 if exact == len(results) and not lost and not any(peers.values()) else 1


def main() -> int:
    options = argparse.ArgumentParser(description="What is found in a corpus of exports, and how fast.")
    options.add_argument("--corpus", type=Path)
    options.add_argument("--derived", type=Path)
    options.add_argument("--json", type=Path)
    options.add_argument("--peers", type=Path, nargs="?", const=Path(".peers"), help="folder for their environments")
    options.add_argument("--all", action="store_true", help="name the exact files, too")
    options.add_argument("--speed", type=int, nargs="?", const=100_000, metavar="ENTRIES", help="measure the speed")
    given = options.parse_args()
    if given.speed:
        return ingest_speed.main(given.speed, given.peers, given.json)
    if not given.corpus:
        options.error("name a --corpus, or ask for --speed")
    return corpus(given)


if __name__ == "__main__":
    sys.exit(main())
