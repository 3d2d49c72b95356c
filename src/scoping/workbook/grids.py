"""The cells of a file that came back, whatever its format: what every reader of a format gives, and how far it goes."""

from dataclasses import dataclass, field
from typing import Any, NoReturn


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
SAVE = "open it in a spreadsheet program, look whether all is right, and save it as .xlsx"


@dataclass(frozen=True)
class Cell:
    """A cell's text and what it was: text, number, boolean, date, error or formula (one without a value)."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class TabGrid:
    """The filled cells of a tab by row and column (both from 1), its merged ranges (first row, first column, last row,
    last column), the first cell beyond what was read, if something stands there, and a remark about how it was read.
    """

    name: str
    rows: dict[int, dict[int, Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    beyond: str = ""
    note: str = ""


@dataclass(frozen=True)
class ReadFailure:
    """Why a file could not be read."""

    message: str


class RefusedError(Exception):
    """A file that is not read, and why."""


Typed = tuple[str, str]  # text and kind


@dataclass
class Draft:
    """A tab while it is read. Rows are put in their order; what stands beyond the limits is only named."""

    name: str
    limits: Limits
    rows: dict[int, dict[int, Typed]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    beyond: str = ""
    note: str = ""
    end: int = 0  # the last filled row that was taken

    def far(self, row: int) -> bool:
        """Whether a row stands so far down that it is not read."""
        return row > self.limits.rows or row - self.end > self.limits.empty_rows

    def put(self, row: int, column: int, typed: Typed) -> None:
        """Take a filled cell, or note that it stands beyond the limits."""
        if not typed[0]:
            return
        if self.far(row) or column > self.limits.columns:
            self.beyond = self.beyond or f"{column_name(column)}{row}"
            return
        self.rows.setdefault(row, {})[column] = typed
        self.end = max(self.end, row)


def packed(drafts: list[Draft], limits: Limits) -> list[dict[str, Any]]:
    """The tabs as the child hands them over."""
    cells = (text for draft in drafts for row in draft.rows.values() for text, _ in row.values())
    if sum(len(text) for text in cells) > limits.characters:
        raise RefusedError(f"it holds more than {limits.characters:,} characters")
    return [
        {
            "name": draft.name,
            "rows": [[number, listed(row)] for number, row in sorted(draft.rows.items())],
            "merged": draft.merged,
            "beyond": draft.beyond,
            "note": draft.note,
        }
        for draft in drafts
    ]


def listed(row: dict[int, Typed]) -> list[tuple[int, str, str]]:
    """The filled cells of a row in their order."""
    return [(column, text, kind) for column, (text, kind) in sorted(row.items()) if text]


def unpacked(tab: dict[str, Any]) -> TabGrid:
    """A tab as the child handed it over."""
    rows = {
        number: {column: Cell(text, kind) for column, text, kind in cells} for number, cells in tab["rows"] if cells
    }
    return TabGrid(tab["name"], rows, tuple((a, b, c, d) for a, b, c, d in tab["merged"]), tab["beyond"], tab["note"])


def number_text(value: float) -> str:
    """A number as text: whole numbers without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def column_name(column: int) -> str:
    """The letters of a column, from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def differ(place: str) -> NoReturn:
    """Two ways of reading a cell gave different answers: neither is taken."""
    raise RefusedError(f"two readings of cell {place} differ; {SAVE}")
