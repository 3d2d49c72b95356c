"""A tab that came back as a table: which row is whose, and which column is which field.

Rows are known by their keys and columns by their headers, so rows and columns may stand anywhere, on any tab.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scoping.workbook import keys
from scoping.workbook.grids import Cell, TabGrid, column_name
from scoping.workbook.keys import Key

SHOWN = 60


@dataclass(frozen=True)
class Label:
    """One row's answer: every field's text (the first is the canonical decision), the cell of it, whose row it is."""

    fields: dict[str, str]
    cell: str
    item: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Doubt:
    """What a person must look at, and where."""

    item: str
    cell: str
    problem: str


@dataclass(frozen=True)
class Rules:
    """What a file is read by.

    `inputs`: field → its headers, the official one first; the first field is the decision. `words`: spellings of
    decisions → decision; empty if the first field is free text. `checks`: a complaint about an answer, or "". `alone`:
    fields that may be filled where there is no decision (yet). `optional`: fields that not every sheet has.
    """

    inputs: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    checks: Callable[[Label], str] | None = None
    alone: frozenset[str] = frozenset({"note"})
    optional: frozenset[str] = frozenset()

    @property
    def decision(self) -> str:
        """The first field."""
        return next(iter(self.inputs))


@dataclass
class Reading:
    """What one file says. `failure`: it could not be read at all (`doubts` says so too). `shown`: for each row of a
    record its item, the cell of the key, and what stands in the row beside key and answers. `missing`: fields without
    a column.
    """

    sheet: str = ""
    labels: dict[str, Label] = field(default_factory=dict)
    held: list[Doubt] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    rows: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    shown: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    failure: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the table: with a key, or below a header without one."""

    number: int
    cells: dict[int, Cell]
    key: Key | None


@dataclass(frozen=True)
class Table:
    """A tab that holds keys: its lines, its header row (0: none) and the columns of the fields."""

    tab: TabGrid
    lines: list[Line]
    header: int
    columns: dict[str, int]

    def at(self, row: int, column: int) -> str:
        """The name of a cell."""
        return f"{self.tab.name}!{column_name(column)}{row}"

    @property
    def records(self) -> list[Line]:
        """The lines of records."""
        return [line for line in self.lines if line.key and line.key.checkpoint is None]

    @property
    def checkpoints(self) -> list[Line]:
        """The lines of checkpoints."""
        return [line for line in self.lines if line.key and line.key.checkpoint is not None]


# --- header and lines ------------------------------------------------------------------------------------------------


def find_table(tab: TabGrid, rules: Rules, reading: Reading) -> Table | None:
    """The table of a tab: rows with keys, or rows below a header of ours whose keys are gone."""
    found = {number: _key(tab, number, cells, reading) for number, cells in tab.rows.items()}
    keyed = [number for number, key in found.items() if key]
    headers = _header_rows({n: cells for n, cells in tab.rows.items() if not found[n]}, rules, few=bool(keyed))
    if not keyed and not headers:
        return None
    if tab.beyond:
        reading.notes.append(f"{tab.name}!{tab.beyond}: something stands far outside the table; it was not read")
    if tab.note:
        reading.notes.append(f"{tab.name}: {tab.note}")
    maps = [_columns(tab, number, cells, rules, reading) for number, cells in headers.items()]
    if not maps:
        reading.doubts.append(_no_header(tab, keyed[0], rules))
    elif any(other != maps[0] for other in maps):
        rows = ", ".join(str(number) for number in headers)
        reading.doubts.append(Doubt("", f"{tab.name}!A{max(headers)}", f"several headers that differ: rows {rows}"))
    start = min([*keyed[:1], *headers])
    lines = [Line(n, cells, found[n]) for n, cells in tab.rows.items() if n >= start and n not in headers]
    return Table(tab, lines, min(headers, default=0), maps[0] if maps else {})


def _header_rows(rows: Mapping[int, Mapping[int, Cell]], rules: Rules, *, few: bool) -> dict[int, Mapping[int, Cell]]:
    """The rows that name the decision; where no key says that a tab is ours, another field too."""
    names = {keys.folded(header): name for name, headers in rules.inputs.items() for header in headers}
    found = {}
    for number, cells in rows.items():
        fields = {names.get(keys.folded(cell.text)) for cell in cells.values()} - {None}
        if rules.decision in fields and (few or len(fields) > 1):
            found[number] = cells
    return found


def _no_header(tab: TabGrid, first: int, rules: Rules) -> Doubt:
    above = max((number for number in tab.rows if number < first), default=0)
    seen = ", ".join(f"`{short(cell.text)}`" for cell in tab.rows.get(above, {}).values()) or "nothing"
    problem = f"no header `{rules.inputs[rules.decision][0]}` above the rows (there stands {seen}); give it back"
    return Doubt("", f"{tab.name}!A{max(above, 1)}", problem)


def _key(tab: TabGrid, number: int, cells: Mapping[int, Cell], reading: Reading) -> Key | None:
    """The key of a row; two that differ are a doubt about the file."""
    found = {key: column for column, cell in cells.items() if cell.kind == "text" and (key := keys.find(cell.text))}
    if len(found) > 1:
        column = column_name(max(found.values()))
        items = ", ".join(key.item for key in found)
        reading.doubts.append(Doubt("", f"{tab.name}!{column}{number}", f"several keys in one row: {items}"))
    return next(iter(found), None)


def _columns(tab: TabGrid, number: int, cells: Mapping[int, Cell], rules: Rules, reading: Reading) -> dict[str, int]:
    """The column of each field: under the official header, else under the only synonym."""
    texts = {column: keys.folded(cell.text) for column, cell in cells.items()}
    columns: dict[str, int] = {}
    for name, synonyms in rules.inputs.items():
        wanted = [keys.folded(synonym) for synonym in synonyms]
        official = [column for column, text in texts.items() if text == wanted[0]]
        places = official or [column for column, text in texts.items() if text in wanted]
        if len(places) == 1:
            columns[name] = places[0]
        elif places:
            where = ", ".join(column_name(column) for column in places)
            problem = f"several columns for `{synonyms[0]}`: {where}; rename or delete all but one"
            reading.doubts.append(Doubt("", f"{tab.name}!{column_name(places[0])}{number}", problem))
        elif name not in rules.optional:
            reading.notes.append(f"{tab.name}!A{number}: no column `{synonyms[0]}`")
    return columns


def short(text: str) -> str:
    """A text as a message shows it."""
    words = keys.plain(text)
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
