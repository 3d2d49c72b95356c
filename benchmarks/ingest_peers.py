"""What other readers find in the same files, each reader in an environment of its own.

Run by `benchmarks/ingest.py --peers [FOLDER]`; the environments are made in the folder with `pip`, once. A peer that
cannot be installed is named and left out. A peer gets a file as its own manual opens one.
"""

import json
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

# what runs in the environment of a peer: of each entry all values that are no numbers or truth values, as texts
_START = """
import datetime, json, sys, warnings, logging
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
def texts(value):
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, (list, tuple, set)):
        return [text for each in value for text in texts(each)]
    if isinstance(value, datetime.datetime):
        return [value.strftime("%Y%m%d")]
    return [value] if isinstance(value, str) and value.strip() else []
def run(load, entry):
    found = {}
    for path in json.load(sys.stdin):
        try:
            found[path] = [{name: texts(value) for name, value in entry(each).items()} for each in load(path)]
        except BaseException as error:
            found[path] = f"{type(error).__name__}: {error}"[:200]
    json.dump(found, sys.stdout)
"""
Said = dict[str, list[str]]


@dataclass(frozen=True)
class Peer:
    """What to install, the families it says it reads, the code that loads a file, and what makes an entry a dictionary.

    `title` is what it calls a title; `added` is what it leaves at, or puts to, a value that is no part of it: quotation
    marks, the name of a macro, the next line where that is a tag without a value.
    """

    install: str
    families: tuple[str, ...]
    load: str
    entry: str = "dict"
    title: str = "title"
    added: str = r"(?!)"


PEERS = {
    "rispy": Peer(
        "rispy==0.10.0",
        ("ris",),
        "import rispy\nload = lambda path: rispy.load(open(path, encoding='utf-8-sig'))",
    ),
    "bibtexparser 2": Peer(
        "bibtexparser==2.1.0",
        ("bibtex", "biblatex"),
        "import bibtexparser\nload = lambda path: bibtexparser.parse_file(path).entries",
        "lambda e: {**{f.key: f.value for f in e.fields}, '@': e.key}",
        added=r'^"|"$|^\w+ # \{|\}$',
    ),
    "nbib": Peer("nbib==0.3.2", ("nbib",), "import nbib\nload = nbib.read_file"),
    "asreview": Peer(
        "asreview==3.0.8",
        ("ris", "csv", "tsv", "xlsx"),
        "from asreview.data.loader import load_records as load",
        "lambda r: {n: getattr(r, n) for n in ('title', 'abstract', 'authors', 'keywords', 'doi', 'url')}",
        added=r" [A-Z][A-Z0-9]  -$",
    ),
}


def read(folder: Path, files: dict[str, str], corpus: Path) -> dict[str, dict[str, list[Said] | str]]:
    """Peer -> file -> its entries (name -> values), or the error; `files` maps a file to its family."""
    found: dict[str, dict[str, list[Said] | str]] = {}
    for name, peer in PEERS.items():
        mine = [file for file, family in files.items() if family in peer.families]
        python = environment(folder, name)
        if python is None:
            continue
        asked = json.dumps([str((corpus / file).absolute()) for file in mine])
        code = f"{_START}{peer.load}\nrun(load, {peer.entry})"
        done = subprocess.run(
            [str(python), "-c", code], input=asked, capture_output=True, text=True, check=False, cwd=folder
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            print(f"{name}: {last}")
            continue
        said = json.loads(done.stdout[done.stdout.index("{") :])
        found[name] = {file: said[str((corpus / file).absolute())] for file in mine}
    return found


def environment(folder: Path, name: str) -> Path | None:
    """The Python of the environment of a peer, made at the first call; nothing, and a line, where it cannot be made."""
    python = made(folder / name.replace(" ", "-"), PEERS[name].install)
    if python is None:
        print(f"{name}: {PEERS[name].install} cannot be installed here")
    return python


def made(folder: Path, requirement: str) -> Path | None:
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


def show(found: dict[str, dict[str, list[Said] | str]], wanted: dict[str, int], ours: dict[str, int]) -> None:
    """For each peer: files exact, files refused, entries found, beside ours on the same files."""
    print(
        f"{'peer':16}{'files':>6}{'exact':>7}{'failed':>8}{'entries':>18}{'ours exact':>12}{'our entries':>13}",
        file=sys.stdout,
    )
    for name, said in found.items():
        numbers = {file: len(entries) if isinstance(entries, list) else -1 for file, entries in said.items()}
        exact = sum(number == wanted[file] for file, number in numbers.items())
        failed = sum(isinstance(entries, str) for entries in said.values())
        total = sum(number for number in numbers.values() if number > 0)
        mine = sum(ours[file] == wanted[file] for file in said)
        all_of_them = f"{total} of {sum(wanted[file] for file in said)}"
        ours_total = sum(ours[file] for file in said)
        print(f"{name:16}{len(said):>6}{exact:>7}{failed:>8}{all_of_them:>18}{mine:>12}{ours_total:>13}")
