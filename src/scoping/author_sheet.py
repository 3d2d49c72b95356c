"""A table for authors, defined once; `author_table`, `author_docx`, `author_html` and `author_tex` write it."""

from dataclasses import dataclass

from scoping.tables import Row

LANDSCAPE = 110  # characters: a wider table does not fit a page that stands upright


@dataclass(frozen=True)
class Sheet:
    """Caption, columns and rows of one table; widths in characters, a cell may hold several lines.

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
        """The width of each column as a share of the whole."""
        whole = sum(self.widths)
        return [width / whole for width in self.widths]

    @property
    def numbers(self) -> set[str]:
        """Columns in which every cell that says something is a number: they are set to the right."""
        said = {name: [row[name] for row in self.rows if row[name]] for name in self.columns}
        return {name for name, cells in said.items() if cells and all(map(is_number, cells))}


def is_number(text: str) -> bool:
    """Whether a cell is a count or a share, or says that there is none."""
    return text == "–" or text.rstrip("%").replace(".", "", 1).isdecimal()
