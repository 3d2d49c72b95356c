"""How many entries of a corpus of real exports our readers find, against counts that were verified by hand.

    .venv/bin/python benchmarks/ingest.py --corpus FOLDER [--derived FOLDER] [--peers [FOLDER]] [--json FILE] [--all]

The folder has a MANIFEST.csv with the columns `file`, `dialect` and `n_verified`. Printed are, for each format and
dialect, the files that are exact, the entries that were found, the entries that a second way of counting finds, and how
many have a title, authors, a year and an abstract; then every file that is not exact. A file that holds no entry counts
as exact if it is refused. `--derived` names a folder of variants of these files (other encodings and line ends, cut
off), each called `<stem>__<variant>`. `--peers` has other readers read the same files (see `ingest_peers.py`). Ends with 1
unless all files are exact.
"""

import argparse
import csv
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import ingest_peers  # beside this file

from scoping.errors import ScopingError
from scoping.readers import Parsed, parse
from scoping.readers.fields import fields

SHOWN = ("title", "authors", "year", "journal", "abstract", "doi")


@dataclass
class Result:
    """What was found in one file; `exact` if both counts are the verified one."""

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
    filled: dict[str, int] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        refused = bool(self.error) and self.wanted == 0
        return refused or (not self.error and self.found == self.markers == self.wanted)


def read(path: Path, row: dict[str, str]) -> Result:
    result = Result(row["file"], row["file"].split("/")[0], row["dialect"], int(row["n_verified"]))
    try:
        parsed = parse(path.read_bytes())
    except ScopingError as error:
        result.error = str(error)
        return result
    result.found, result.markers = len(parsed.entries), parsed.markers
    result.format, result.told = parsed.format, parsed.dialect
    result.problems = sum(bool(entry.problems) for entry in parsed.entries)
    result.filled = filled(parsed)
    return result


def filled(parsed: Parsed) -> dict[str, int]:
    """How many entries have each field."""
    said: Counter[str] = Counter()
    for entry in parsed.entries:
        what = fields(parsed.format, parsed.dialect, entry.tags)
        said.update(name for name in SHOWN if getattr(what, name))
    return {name: said[name] for name in SHOWN}


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
    print(f"{'format':14}{'dialect':28}{'files':>8}{'exact':>7}{'entries':>16}{'counted':>9}  with " + ", ".join(SHOWN))
    for (family, dialect), some in sorted(groups.items()):
        exact, found = sum(r.exact for r in some), sum(r.found for r in some)
        wanted, marked = sum(r.wanted for r in some), sum(r.markers for r in some)
        each = " ".join(f"{sum(r.filled.get(name, 0) for r in some):>5}" for name in SHOWN)
        print(f"{family:14}{dialect[:27]:28}{len(some):>8}{exact:>7}{f'{found} of {wanted}':>16}{marked:>9}  {each}")
    for result in results:
        if everything or not result.exact:
            why = result.error or f"{result.found} read, {result.markers} counted, {result.wanted} verified"
            print(f"{'exact' if result.exact else 'WRONG'}  {result.file}: {why}")


def main() -> int:
    options = argparse.ArgumentParser(description="Entries found in a corpus of exports against verified counts.")
    options.add_argument("--corpus", type=Path, required=True)
    options.add_argument("--derived", type=Path)
    options.add_argument("--json", type=Path)
    options.add_argument("--peers", type=Path, nargs="?", const=Path(".peers"), help="folder for their environments")
    options.add_argument("--all", action="store_true", help="name the exact files, too")
    given = options.parse_args()
    rows, start = manifest(given.corpus), time.perf_counter()
    results = [read(given.corpus / row["file"], row) for row in rows]
    seconds = time.perf_counter() - start
    if given.derived:
        results += derived(given.derived, rows)
    show(results, everything=given.all)
    exact, found = sum(result.exact for result in results), sum(result.found for result in results)
    print(f"{exact} of {len(results)} files exact, {found:,} entries; the corpus took {seconds:.1f} s")
    if given.peers:
        own = results[: len(rows)]
        peers = ingest_peers.counts(given.peers, {r.file: r.family for r in own}, given.corpus)
        ingest_peers.show(peers, {r.file: r.wanted for r in own}, {r.file: r.found for r in own})
    if given.json:
        given.json.write_text(
            json.dumps([{**asdict(r), "exact": r.exact} for r in results], indent=1), encoding="utf-8"
        )
    return 0 if exact == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
