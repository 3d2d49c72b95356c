"""People at work on a review: they open the sheets that lie for them, type below the headers, and save.

Nothing of scoping is used here: a sheet is what openpyxl shows of it, the ledger is JSON in files, `snakemake` is the
program beside this Python. Keys are read only to say afterwards which cell was whose; people find their rows by title.
"""

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

REPOSITORY = Path(__file__).resolve().parents[2]
SNAKEMAKE = Path(sys.executable).parent / "snakemake"
SHEETS = "data/raw/sheets"
EVENTS = "data/raw/ledger/events"
NOTHING = "Nothing to be done"

_KEY = re.compile(r"([a-z]{2}\d{2,}(?:-[a-z]+)?\.[a-z0-9_-]+)\.([A-Z0-9#:~]+)\.([A-Z0-9]{2})")
_CHECKPOINT = "#"


# --- a review and its runs -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """What a run of the workflow said, how it ended, and how long it took in seconds."""

    code: int
    said: str
    seconds: float

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return NOTHING in self.said


def set_up(root: Path, review: str) -> None:
    """The folder of a review: the workflow as it is, a codebook of yes, no and unclear, the protocol as given, no data."""
    (root / "config").mkdir(parents=True)
    for name in ("workflow", "profiles"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copy(REPOSITORY / "Snakefile", root)
    shutil.copy(REPOSITORY / "tests/fixtures/former_review/config/codebook.yaml", root / "config")
    (root / "config/review.yaml").write_text(review, encoding="utf-8")
    (root / "data/raw/exports").mkdir(parents=True)


def run(root: Path, *options: str, cores: int = 2, code: int | None = 0) -> Run:
    """Run the workflow as a person does; fails if it does not end with `code` (None: however it ends)."""
    began = time.monotonic()
    done = subprocess.run(
        [SNAKEMAKE, "--cores", str(cores), *options],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if code is not None:
        assert done.returncode == code, done.stdout
    return Run(done.returncode, done.stdout, time.monotonic() - began)


def bytes_of(root: Path, *folders: str) -> dict[str, str]:
    """Path -> SHA-256 of every file in some folders of a review."""
    files = (path for folder in folders for path in sorted((root / folder).rglob("*")) if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


# --- sheets ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A row that waits for an answer: whose sheet and which item (by its key), what stands in it by header."""

    tab: str
    row: int
    sheet: str
    item: str
    shown: Mapping[str, str]
    heading: str  # the lines above the table, for tabs that hold one study each


class Book:
    """A sheet opened in a spreadsheet program."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl names what it does not keep, such as some formatting
            self.book = openpyxl.load_workbook(path)
        self.columns: dict[str, dict[str, int]] = {}
        self.header: dict[str, int] = {}
        self.lines: list[Line] = []
        for tab in self.book.worksheets:
            self._read(tab)

    def _read(self, tab: Any) -> None:
        above: list[str] = []
        for cells in tab.iter_rows():
            texts = ["" if cell.value is None else str(cell.value) for cell in cells]
            if tab.title not in self.columns:
                if texts[0] in ("Decision", "Value"):
                    self.columns[tab.title] = {text: place for place, text in enumerate(texts, 1) if text}
                    self.header[tab.title] = cells[0].row
                elif cells[0].row > 1:  # the first line is the counter
                    above.append(texts[0])
                continue
            key = next((found for text in texts if (found := _KEY.fullmatch(text))), None)
            if key and not key[2].startswith(_CHECKPOINT):
                shown = {name: texts[place - 1] for name, place in self.columns[tab.title].items()}
                self.lines.append(Line(tab.title, cells[0].row, key[1], key[2], shown, " ".join(above)))

    def type(self, line: Line, answer: Mapping[str, str]) -> None:
        """Type into the cells of a row, by header."""
        for header, text in answer.items():
            self.book[line.tab].cell(line.row, self.columns[line.tab][header]).value = text or None

    def sort(self, header: str) -> None:
        """Sort the whole table by a column, grey rows and all, as a person does who has taken the protection off."""
        for name, columns in self.columns.items():
            tab = self.book[name]
            first = self.header[name] + 1
            rows = [[cell.value for cell in cells] for cells in tab.iter_rows(min_row=first)]
            rows.sort(key=lambda values: str(values[columns[header] - 1] or ""))
            for number, values in enumerate(rows, first):
                for place, value in enumerate(values, 1):
                    cell = tab.cell(number, place)
                    cell.hyperlink = None
                    cell.value = value

    def save(self, name: str = "") -> Path:
        """Save in place, or under another name in the same folder with the original taken away."""
        if name:
            self.path.unlink()
            self.path = self.path.with_name(name)
        self.book.save(self.path)
        return self.path


def sheets(root: Path) -> list[Path]:
    """Every workbook that lies in the folders people work in."""
    return sorted((root / SHEETS).rglob("*.xlsx"))


# --- the ledger, read by other code than scoping's ------------------------------------------------------------------


def events(root: Path) -> list[dict[str, Any]]:
    """The events of the ledger in order; the chain of hashes must hold."""
    found = []
    before = ""
    for number, path in enumerate(sorted((root / EVENTS).glob("*.json")), 1):
        data = path.read_bytes()
        event = json.loads(data)
        assert (path.stem, event["seq"], event["previous"]) == (f"{number:06d}", number, before)
        before = hashlib.sha256(data).hexdigest()
        found.append(event)
    return found


def issued(found: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Sheet (`batch.person`) -> its event of issue."""
    return {
        f"{event['batch']}.{sheet['person']}": {**event, "person": sheet["person"], "file": sheet["file"]}
        for event in found
        if event["kind"] == "issued"
        for sheet in event["sheets"]
    }


def standing(found: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], dict[str, str]]:
    """(sheet, item) -> the answer that was read last, without the name of its cell."""
    now: dict[tuple[str, str], dict[str, str]] = {}
    for event in found:
        if event["kind"] == "read":
            for item, label in event["labels"].items():
                now[event["sheet"], item] = {name: text for name, text in label.items() if name != "cell"}
    return now


def unfinished(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Sheets on which an answer is still missing."""
    answers = standing(found)
    for sheet, event in issued(found).items():
        if any((sheet, item) not in answers for item in event["items"]):
            yield sheet
