"""What a sheet to write consists of, and how its text is cleaned, measured and placed.

Nothing here knows a file format; `write` turns a `Sheet` into a workbook.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from scoping.workbook import keys

CHECKPOINT_EVERY = 10
CHECKPOINT_TEXT = "checkpoint – leave this row as it is; it shows us if a column was sorted or shifted"
MAX_CELL = 30_000
CUT_MARK = " […the rest is cut: longer than a cell can hold]"
LONG_MARK = "[Too long for one row: select this cell and read the rest in the formula bar.]\n"
MAX_ROW_POINTS = 409.0
MAX_WIDTH = 180
MAX_TAB_NAME = 31

Style = Literal["plain", "title", "small", "highlight", "link", "label", "suggestion"]


@dataclass(frozen=True)
class Input:
    """A yellow column that people fill. `strict`: a spreadsheet program refuses what is not one of `choices`."""

    field: str
    header: str
    width: int
    choices: tuple[str, ...] = ()
    strict: bool = False


@dataclass(frozen=True)
class Shown:
    """A column that people read."""

    header: str
    width: int
    style: Style = "plain"


@dataclass(frozen=True)
class Row:
    """An item (a record, a record's code, a pair) and the texts of the shown columns.

    `choices` are those of the first input in this row, `alarm` what must be filled here, where they are not the sheet's.
    `marks`: of each cell the spans that are set off from the rest; none where it is empty.
    """

    item: str
    cells: tuple[str, ...]
    choices: tuple[str, ...] = ()
    alarm: tuple[tuple[str, str], ...] | None = None
    marks: tuple[tuple[tuple[int, int], ...], ...] = ()


@dataclass(frozen=True)
class Tab:
    """One table: `heading` stands above it, a line each."""

    name: str
    rows: tuple[Row, ...]
    heading: tuple[str, ...] = ()


@dataclass(frozen=True)
class GuideLine:
    """A line of the guide; its first heading is the name of the guide's tab."""

    text: str
    style: Literal["heading", "text", "item"] = "text"


@dataclass(frozen=True)
class Sheet:
    """A whole workbook for one person (`id` is `batch.person`). The first input is the decision or value.

    `alarm`: pairs of a decision and the field that must then be filled (red until it is); `colours`: decision → fill;
    `keywords`: words, phrases, or stems that end in `*`.
    """

    id: str
    title: str
    help: str
    notice: str
    inputs: tuple[Input, ...]
    shown: tuple[Shown, ...]
    tabs: tuple[Tab, ...]
    guide: tuple[GuideLine, ...] = ()
    keywords: tuple[str, ...] = ()
    alarm: tuple[tuple[str, str], ...] = ()
    colours: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A sheet that cannot be laid out is a bug of its maker."""
        fields = [column.field for column in self.inputs]
        items = [row.item for tab in self.tabs for row in tab.rows]
        wrong = [row.item for tab in self.tabs for row in tab.rows if len(row.cells) != len(self.shown)]
        alarms = [*self.alarm, *(each for tab in self.tabs for row in tab.rows for each in row.alarm or ())]
        unknown = [name for _, name in alarms if name not in fields]
        if not (self.inputs and self.shown and self.tabs):
            raise ValueError(f"{self.id}: a sheet needs an input, a shown column and a tab")
        if len(set(fields)) != len(fields) or len(set(items)) != len(items):
            raise ValueError(f"{self.id}: a field or an item stands twice")
        if wrong or unknown:
            raise ValueError(f"{self.id}: rows with other columns {wrong}, alarms of no field {unknown}")


# --- rows in their order -------------------------------------------------------------------------------------------


def expected_checkpoints(records: int) -> int:
    """How many checkpoint rows a tab with so many records has: first, after every ten, last."""
    return -(-records // CHECKPOINT_EVERY) + 1


def numbered(tab: Tab, first: int) -> Iterator[Row | int]:
    """The rows of a tab in order; a number stands for a checkpoint row. Checkpoints are numbered from `first`."""
    number = first
    for start in range(0, len(tab.rows), CHECKPOINT_EVERY):
        yield number
        yield from tab.rows[start : start + CHECKPOINT_EVERY]
        number += 1
    yield number


# --- text ------------------------------------------------------------------------------------------------------------

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def utf16_length(text: str) -> int:
    """The length as spreadsheet programs count it."""
    return len(text) + sum(c > "\uffff" for c in text)


def cut(text: str, units: int) -> str:
    """The longest beginning of a text within so many UTF-16 units."""
    text = text[:units]
    while utf16_length(text) > units:
        text = text[: len(text) - max(1, (utf16_length(text) - units) // 2)]
    return text


def legal(text: str) -> str:
    """A text with LF line ends and without characters that XML forbids."""
    return _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(text: str) -> str:
    """A text that any spreadsheet program takes: legal, and cut visibly if it is too long for a cell."""
    text = legal(text)
    if utf16_length(text) <= MAX_CELL:
        return text
    return cut(text, MAX_CELL - len(CUT_MARK)) + CUT_MARK


def tab_names(wanted: list[str]) -> list[str]:
    """Names that a workbook can have: legal, not too long, unique whatever the case."""
    names: list[str] = []
    taken = {"history"}
    for wish in wanted:
        base = re.sub(r"[\[\]:*?/\\]|[^\S ]", " ", clean(wish))
        base = cut(" ".join(base.split()).strip("' "), MAX_TAB_NAME).strip("' ") or "Tab"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{cut(base, MAX_TAB_NAME - len(f' ({number})'))} ({number})"
        taken.add(name.casefold())
        names.append(name)
    return names


def keyword_pattern(keywords: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds the keywords: whole words, whatever the case; `stem*` takes the rest of its word along."""
    parts = [_one_keyword(word) for word in sorted({k.strip() for k in keywords}, key=lambda k: (-len(k), k))]
    parts = [part for part in parts if part]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _one_keyword(keyword: str) -> str:
    stem = keyword.rstrip("*").strip()
    if not stem:
        return ""
    body = r"\s+".join(re.escape(word) for word in stem.split())
    before = r"(?<!\w)" if stem[0].isalnum() and not _wide(stem[0]) else ""
    after = r"(?!\w)" if stem[-1].isalnum() and not _wide(stem[-1]) else ""
    return before + body + (r"\w*" if keyword.endswith("*") else after)


# --- measured text ---------------------------------------------------------------------------------------------------

# Widths of Arial in thousandths of its size (Liberation Sans has the same).
_WIDTHS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckszvxy",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_PIECES = re.compile(r"\s+|[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffdc\U00020000-\U0003ffff]|[^\s-]+-*|-+")
_BOLD = 1.08
_SAFETY = 0.96  # programs break lines a little earlier than the sum of widths says
_MARGIN = 6  # pixels a cell keeps free


def _wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


@lru_cache(maxsize=4096)
def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    if _wide(letter):
        return 1000
    base = unicodedata.normalize("NFD", letter)[0]
    return _WIDTH_OF.get(base, 620)


def text_pixels(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text, in pixels at 96 to the inch."""
    thousandths = sum(_WIDTH_OF.get(c) or _letter_width(c) for c in text)
    return thousandths / 1000 * size * 96 / 72 * (_BOLD if bold else 1)


def column_pixels(width: float) -> float:
    """The width of a column in pixels, from its width in digits."""
    return width * 7 + 5


def column_width(pixels: float) -> int:
    """The width of a column in digits that holds a line of so many pixels."""
    return int(-(-(pixels / _SAFETY + _MARGIN - 5) // 7))


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The lines that a text fills in a column."""
    room = (column_pixels(width) - _MARGIN) * _SAFETY
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for piece in _PIECES.findall(paragraph):
            pixels = text_pixels(piece, size, bold=bold)
            if line and used + pixels > room and not piece.isspace():
                lines.append(line.rstrip())
                line, used = "", 0.0
            while pixels > room and not piece.isspace():  # a word wider than the column is broken
                head = _fitting(piece, room, size, bold=bold)
                lines.append(piece[:head])
                piece = piece[head:]
                pixels = text_pixels(piece, size, bold=bold)
            line, used = line + piece, used + pixels
        lines.append(line.rstrip())
    return lines


def _fitting(piece: str, room: float, size: float, *, bold: bool) -> int:
    used = 0.0
    for count, letter in enumerate(piece):
        used += text_pixels(letter, size, bold=bold)
        if used > room:
            return max(1, count)
    return len(piece)


def points(text: str, width: float, size: float, *, bold: bool = False) -> float:
    """The height of a text in a column, in points."""
    return len(wrapped(text, width, size, bold=bold)) * size * 1.29 + 5


def key_width(sheet: Sheet, size: float) -> int:
    """The width of the column of keys."""
    texts = [keys.make(sheet.id, row.item) for tab in sheet.tabs for row in tab.rows] + [
        keys.make(sheet.id, keys.checkpoint_item(1))
    ]
    return column_width(max(text_pixels(text, size) for text in texts))
