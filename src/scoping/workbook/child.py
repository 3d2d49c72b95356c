"""The cells of a workbook that came back, read in a child process that may use so much memory and time and no more.

A file of 1.4 kB can ask for a million rows and one of 2.6 MB for a gigabyte, and no exception catches a process that
was aborted. So `grid` starts `python -m scoping.workbook.child`, which looks at the zip directory first, reads with
openpyxl, reads every tab's XML a second time for what openpyxl does not tell (merged ranges, formulas without a
value), and gives up when the two readings differ.
"""

import io
import json
import os
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

UNREADABLE = "cannot be read (still being copied, or damaged?)"
_MESSAGE = 300
_RATIO_MATTERS = 10_000_000  # unpacked bytes below which any ratio is harmless
_ESCAPE = re.compile(r"_x(00[01][0-9A-Fa-f])_")  # how programs write control characters
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_OLE = b"\xd0\xcf\x11\xe0"
_Typed = tuple[str, str]


@dataclass(frozen=True)
class Limits:
    """What reading a file may cost, and how far it goes."""

    memory: int = 2 * 1024**3
    cpu_seconds: int = 60
    wall_seconds: int = 120
    unpacked: int = 300_000_000
    ratio: int = 200
    entries: int = 2000
    rows: int = 20_000
    columns: int = 100
    empty_rows: int = 200
    characters: int = 100_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Cell:
    """A cell's text and what it was: text, number, boolean, date, error or formula (one without a value)."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class TabGrid:
    """The filled cells of a tab by row and column (both from 1), its merged ranges (first row, first column, last row,
    last column), and the first cell beyond what was read, if something stands there.
    """

    name: str
    rows: dict[int, dict[int, Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    beyond: str = ""


@dataclass(frozen=True)
class ReadFailure:
    """Why a file could not be read."""

    message: str


class RefusedError(Exception):
    """A file that is not read, and why."""


# --- in the parent ---------------------------------------------------------------------------------------------------


def grid(data: bytes, *, limits: Limits = LIMITS) -> list[TabGrid] | ReadFailure:
    """All tabs of a workbook, or why it cannot be read."""
    command = [sys.executable, "-P", "-s", "-W", "ignore", "-m", __name__, json.dumps(asdict(limits))]
    where = (str(Path(place).absolute()) for place in sys.path if place)
    environment = {"PYTHONPATH": os.pathsep.join(where), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, env=environment, cwd="/", timeout=limits.wall_seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return ReadFailure(f"{UNREADABLE}: reading took more than {limits.wall_seconds} seconds")
    if done.returncode:
        return ReadFailure(f"{UNREADABLE}: {_why(done.returncode, done.stderr)}")
    return [_tab(tab) for tab in json.loads(done.stdout)]


def _why(code: int, stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    if code < 0 or not lines:
        return f"the reader was stopped (signal {-code}): the file needs too much memory or time"
    error = re.sub(r"^[\w.]*\bRefusedError: |^(?:\w+\.)+(?=\w+:)", "", lines[-1])
    return "it needs too much memory" if error.startswith("MemoryError") else error[:_MESSAGE]


def _tab(tab: dict[str, Any]) -> TabGrid:
    rows = {
        number: {column: Cell(text, kind) for column, text, kind in cells} for number, cells in tab["rows"] if cells
    }
    return TabGrid(tab["name"], rows, tuple((a, b, c, d) for a, b, c, d in tab["merged"]), tab["beyond"])


# --- in the child ----------------------------------------------------------------------------------------------------


def main() -> None:
    """Read a workbook from standard input under the limits of the first argument; write its cells as JSON."""
    limits = Limits(**json.loads(sys.argv[1]))
    _confine(limits)
    data = sys.stdin.buffer.read()
    look(data, limits)
    json.dump(_read(data, limits), sys.stdout)


def _confine(limits: Limits) -> None:
    """Limits of the kernel, and no network, no other program."""
    for name, limit in ((resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CPU, limits.cpu_seconds)):
        with suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
            resource.setrlimit(name, (limit, limit))
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would load it only to recognise its numbers
    sys.addaudithook(_forbid)


def _forbid(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")):
        raise RefusedError(f"it asked for {event}")


def look(data: bytes, limits: Limits) -> None:
    """Refuse, from the zip directory alone, what is no workbook or would not fit."""
    if data.startswith(_OLE):
        raise RefusedError("it is locked with a password or an old .xls file; save it as .xlsx without a password")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise RefusedError("it is no .xlsx file, or its end is missing")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    names = [e.filename for e in entries]
    if len(names) > limits.entries or len(names) != len(set(names)):
        raise RefusedError(f"it holds {len(names)} parts, more than {limits.entries} or some of them twice")
    if unpacked > limits.unpacked or (unpacked > _RATIO_MATTERS and unpacked > packed * limits.ratio):
        raise RefusedError(f"it unpacks from {packed:,} to {unpacked:,} bytes; nothing that people fill is so large")
    if "[Content_Types].xml" not in names:
        raise RefusedError("it is no .xlsx file (an .ods? save it as .xlsx)")


def _read(data: bytes, limits: Limits) -> list[dict[str, Any]]:
    import openpyxl  # the parent imports this module too, and needs no openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    budget = limits.characters
    tabs = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for tab in book.worksheets:
            cells, end = _walk(tab, limits)
            with archive.open(tab._worksheet_path) as stream:
                merged = _second_reading(stream, cells, (end, limits.columns))
            budget -= sum(len(text) for row in cells.values() for text, _ in row.values())
            if budget < 0:
                raise RefusedError(f"it holds more than {limits.characters:,} characters")
            rows = [[number, _listed(row)] for number, row in sorted(cells.items())]
            tabs.append({"name": tab.title, "rows": rows, **merged})
    return tabs


def _listed(row: dict[int, _Typed]) -> list[tuple[int, str, str]]:
    return [(column, text, kind) for column, (text, kind) in sorted(row.items()) if text]


def _walk(tab: Any, limits: Limits) -> tuple[dict[int, dict[int, _Typed]], int]:
    """The cells as openpyxl reads them, empty texts too, and the last row that was walked."""
    tab.reset_dimensions()  # some programs write wrong ones, and openpyxl would stop there
    rows: dict[int, dict[int, _Typed]] = {}
    empty = number = 0
    for number, cells in enumerate(tab.iter_rows(max_row=limits.rows, max_col=limits.columns), 1):
        there = {at: _typed(cell.value, cell.data_type) for at, cell in enumerate(cells, 1) if cell.value is not None}
        empty = 0 if any(text for text, _ in there.values()) else empty + 1
        if there:
            rows[number] = there
        if empty >= limits.empty_rows:
            break
    return rows, number


def _typed(value: object, kind: str) -> _Typed:
    if kind == "e":
        return str(value), "error"
    if isinstance(value, bool):
        return str(value).upper(), "boolean"
    if isinstance(value, (date, time, datetime)):
        return value.isoformat(), "date"
    if isinstance(value, str):
        return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value), "text"
    return str(value), "number"


def _second_reading(stream: Any, cells: dict[int, dict[int, _Typed]], end: tuple[int, int]) -> dict[str, Any]:
    """What openpyxl does not tell; formulas without a value are added to `cells`. Every filled cell must be there."""
    merged: list[tuple[int, int, int, int]] = []
    seen: set[tuple[int, int]] = set()
    beyond = ""
    for _, element in ElementTree.iterparse(stream):
        tag = element.tag.rpartition("}")[2]
        if tag == "mergeCell":
            merged.append(_range(element.get("ref", "")))
        elif tag == "c" and (place := element.get("r")):
            at = _place(place)
            if at in seen:
                _differ(place)
            seen.add(at)
            filled, formula = _filled(element)
            if at[0] > end[0] or at[1] > end[1]:
                beyond = beyond or (place if filled else "")
            elif formula and not filled:
                cells.setdefault(at[0], {})[at[1]] = ("a formula without a value", "formula")
            elif filled and at[1] not in cells.get(at[0], {}):
                _differ(place)
        if tag in ("row", "mergeCell"):
            element.clear()
    return {"merged": merged, "beyond": beyond}


def _filled(element: ElementTree.Element) -> tuple[bool, bool]:
    """Whether a cell has a value, and whether it has a formula."""
    parts = {child.tag.rpartition("}")[2]: child for child in element}
    value, inline = parts.get("v"), parts.get("is")
    texts: Iterable[str] = inline.itertext() if inline is not None else ()
    return bool(value is not None and value.text) or any(texts), "f" in parts


def _differ(place: str) -> NoReturn:
    raise RefusedError(f"two readings of cell {place} differ")


def _place(text: str) -> tuple[int, int]:
    match = _PLACE.fullmatch(text.replace("$", ""))
    if not match:
        raise RefusedError(f"`{text[:30]}` is no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _range(text: str) -> tuple[int, int, int, int]:
    first, _, last = text.partition(":")
    top, left = _place(first)
    bottom, right = _place(last or first)
    return top, left, bottom, right


if __name__ == "__main__":
    main()
