"""How many entries other readers find in the same files, each reader in an environment of its own.

Run by `benchmarks/ingest.py --peers [FOLDER]`; the environments are made in the folder with `pip`, once. A peer that
cannot be installed is named and left out. A peer gets a file as its own manual opens one.
"""

import json
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

_START = """
import json, sys, warnings, logging
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
def run(count):
    found = {}
    for path in json.load(sys.stdin):
        try:
            found[path] = count(path)
        except BaseException as error:
            found[path] = f"{type(error).__name__}: {error}"[:200]
    json.dump(found, sys.stdout)
"""


@dataclass(frozen=True)
class Peer:
    """What to install, the families it says it reads, and the code that counts the entries of a file."""

    install: str
    families: tuple[str, ...]
    code: str


PEERS = {
    "rispy": Peer(
        "rispy==0.10.0",
        ("ris",),
        "import rispy\nrun(lambda path: len(rispy.load(open(path, encoding='utf-8-sig'))))",
    ),
    "bibtexparser 2": Peer(
        "bibtexparser==2.1.0",
        ("bibtex", "biblatex"),
        "import bibtexparser\nrun(lambda path: len(bibtexparser.parse_file(path).entries))",
    ),
    "nbib": Peer("nbib==0.3.2", ("nbib",), "import nbib\nrun(lambda path: len(nbib.read_file(path)))"),
    "asreview": Peer(
        "asreview==3.0.8",
        ("ris", "csv", "tsv", "xlsx"),
        "from asreview.data.loader import load_records\nrun(lambda path: len(load_records(path)))",
    ),
}


def counts(folder: Path, files: dict[str, str], corpus: Path) -> dict[str, dict[str, int | str]]:
    """Peer -> file -> entries found, or the error; `files` maps a file to its family."""
    found: dict[str, dict[str, int | str]] = {}
    for name, peer in PEERS.items():
        mine = [file for file, family in files.items() if family in peer.families]
        python = _environment(folder / name.replace(" ", "-"), peer.install)
        if python is None:
            print(f"{name}: {peer.install} cannot be installed here")
            continue
        asked = json.dumps([str(corpus / file) for file in mine])
        done = subprocess.run(
            [str(python), "-c", _START + peer.code], input=asked, capture_output=True, text=True, check=False
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            print(f"{name}: {last}")
            continue
        said = json.loads(done.stdout[done.stdout.index("{") :])
        found[name] = {file: said[str(corpus / file)] for file in mine}
    return found


def _environment(folder: Path, requirement: str) -> Path | None:
    """The Python of an environment with the peer in it, made at the first call."""
    python, done = folder.absolute() / "bin" / "python", folder / "installed"
    if done.is_file() and done.read_text(encoding="utf-8") == requirement:
        return python
    venv.create(folder, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", requirement]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    done.write_text(requirement, encoding="utf-8")
    return python


def show(found: dict[str, dict[str, int | str]], wanted: dict[str, int], ours: dict[str, int]) -> None:
    """For each peer: files exact, files refused, entries found, beside ours on the same files."""
    print(
        f"{'peer':16}{'files':>6}{'exact':>7}{'failed':>8}{'entries':>18}{'ours exact':>12}{'our entries':>13}",
        file=sys.stdout,
    )
    for name, said in found.items():
        exact = sum(number == wanted[file] for file, number in said.items())
        failed = sum(isinstance(number, str) for number in said.values())
        total = sum(number for number in said.values() if isinstance(number, int))
        mine = sum(ours[file] == wanted[file] for file in said)
        all_of_them = f"{total} of {sum(wanted[file] for file in said)}"
        ours_total = sum(ours[file] for file in said)
        print(f"{name:16}{len(said):>6}{exact:>7}{failed:>8}{all_of_them:>18}{mine:>12}{ours_total:>13}")
