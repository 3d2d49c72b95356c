"""A table for authors, defined once; `author_table`, `author_docx`, `author_html` and `author_tex` write it."""

import math
import re
from dataclasses import dataclass

from scoping.tables import Row
from scoping.workbook.layout import text_pixels

FOR_AUTHORS = re.compile(r"(\[AUTHORS: [^\]]*\])")
"""What authors have to write, within a cell: it is marked where the form can."""
LANDSCAPE = 110  # characters: a wider table does not fit a page that stands upright
PAGE = (482.0, 728.0)  # points between the margins of A4, upright and on its side
POINTS, PADDING = 8.0, 9.0  # of the text, and what a cell keeps free
LETTER = 4.2  # points: a letter of running text
LONGEST_WORD = 72.0  # points: an address or a longer word may break


@dataclass(frozen=True)
class Sheet:
    """Caption, columns and rows of one table; widths in characters as a workbook has them, a cell may hold several lines.

    `ids` has (row label, column, unit, id) for everything that is counted, None where nothing is; `note` says below the
    table what it takes to read it by itself.
    """

    name: str
    caption: str
    columns: list[str]
    widths: list[int]
    rows: list[Row]
    ids: list[tuple[str, str, str, str]] | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """A table whose parts do not fit each other is a bug of its maker."""
        if len(self.widths) != len(self.columns) or len(set(self.columns)) != len(self.columns):
            raise ValueError(f"{self.name}: {len(self.columns)} columns, {len(self.widths)} widths, or a column twice")
        if any(row.keys() != set(self.columns) for row in self.rows):
            raise ValueError(f"{self.name}: a row has other columns than the table")

    @property
    def lies(self) -> bool:
        """Whether it needs a page on its side."""
        return sum(self.widths) > LANDSCAPE

    @property
    def shares(self) -> list[float]:
        """The width of each column on its page as a share of the whole: by how much its cells hold, so that rows stay low.

        No column is wider than its longest line, and no word is broken if it can be helped.
        """
        room = PAGE[self.lies] - PADDING * len(self.columns)
        needed = [min(self._longest(name), LONGEST_WORD) for name in self.columns]
        if sum(needed) >= room:
            return [need / sum(needed) for need in needed]
        spare = [max(self._holds(name) - need, 0.0) for name, need in zip(self.columns, needed, strict=True)]
        free = (room - sum(needed)) / (sum(spare) or 1.0)
        widths = [need + free * more + PADDING for need, more in zip(needed, spare, strict=True)]
        return [width / sum(widths) for width in widths]

    def _holds(self, column: str) -> float:
        """What a column would like to have, in points: the root mean square of its cells, or its longest line if that is less."""
        cells = [row[column] for row in self.rows] or [""]
        mean = math.sqrt(sum(len(cell) ** 2 for cell in cells) / len(cells))
        line = max(len(line) for cell in [*cells, column] for line in cell.split("\n"))
        return LETTER * min(mean, line)

    def _longest(self, column: str) -> float:
        """The width of the longest word in a column, in points."""
        words = {word for row in self.rows for word in row[column].split()}
        letters = max(map(len, words), default=0)
        words = {word for word in words if len(word) > letters - 3}  # an `m` is as wide as three `i`
        heads = column.split()
        return 0.75 * max(
            *(text_pixels(word, POINTS) for word in {*words, ""}),
            *(text_pixels(word, POINTS, bold=True) for word in heads),
        )

    @property
    def numbers(self) -> set[str]:
        """Columns in which every cell that says something is a number: they are set to the right."""
        said = {name: [row[name] for row in self.rows if row[name]] for name in self.columns}
        return {name for name, cells in said.items() if cells and all(map(is_number, cells))}


def is_number(text: str) -> bool:
    """Whether a cell is a count or a share, or says that there is none."""
    return text == "–" or text.rstrip("%").replace(".", "", 1).isdecimal()
