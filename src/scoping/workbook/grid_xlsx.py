"""The cells of an .xlsx workbook: openpyxl reads them, and every tab's XML is read a second time for what openpyxl does
not tell (merged ranges, formulas without a value). Where the two readings differ, the file is refused.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree

from scoping.workbook.grids import SAVE, Limits, RefusedError, Typed, column_name, differ, listed

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)  # openpyxl takes -1 for the last text
_PARTS = {"v", "f", "is", "extLst"}
_TYPES = {"b", "d", "e", "inlineStr", "n", "s", "str"}
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read(data: bytes, limits: Limits) -> list[dict[str, Any]]:
    """All tabs, as the child hands them over."""
    import openpyxl  # the parent imports this module too, and needs no openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    budget = limits.characters
    tabs = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = _texts(archive)
        for tab in book.worksheets:
            if [text.replace("x005F_", "") for text in texts] != tab._shared_strings:  # as openpyxl reads them
                raise RefusedError(f"two readings of its texts differ; {SAVE}")
            tab._shared_strings = texts
            cells, end = _walk(tab, limits)
            with archive.open(tab._worksheet_path) as stream:
                merged = _second_reading(stream, cells, (end, limits.columns))
            budget -= sum(len(text) for row in cells.values() for text, _ in row.values())
            if budget < 0:
                raise RefusedError(f"it holds more than {limits.characters:,} characters")
            rows = [[number, listed(row)] for number, row in sorted(cells.items())]
            tabs.append({"name": tab.title, "rows": rows, "note": "", **merged})
    return tabs


def _walk(tab: Any, limits: Limits) -> tuple[dict[int, dict[int, Typed]], int]:
    """The cells as openpyxl reads them, empty texts too, and the last row that was walked."""
    tab.reset_dimensions()  # some programs write wrong ones, and openpyxl would stop there
    rows: dict[int, dict[int, Typed]] = {}
    empty = number = 0
    for number, cells in enumerate(tab.iter_rows(max_row=limits.rows, max_col=limits.columns), 1):
        there = {at: _typed(cell.value, cell.data_type) for at, cell in enumerate(cells, 1) if cell.value is not None}
        empty = 0 if any(text for text, _ in there.values()) else empty + 1
        if there:
            rows[number] = there
        if empty >= limits.empty_rows:
            break
    return rows, number


def _typed(value: object, kind: str) -> Typed:
    if kind == "e":
        return str(value), "error"
    if isinstance(value, bool):
        return str(value).upper(), "boolean"
    if isinstance(value, (date, time, datetime)):
        return value.isoformat(), "date"
    if isinstance(value, str):
        return _decoded(value), "text"
    return str(value), "number"


def _second_reading(stream: Any, cells: dict[int, dict[int, Typed]], end: tuple[int, int]) -> dict[str, Any]:
    """What openpyxl does not tell; formulas without a value are added to `cells`. Every filled cell must be there."""
    merged: list[tuple[int, int, int, int]] = []
    beyond = ""
    row = 0
    for _, element in ElementTree.iterparse(stream):
        tag = element.tag.rpartition("}")[2]
        if tag == "mergeCell":
            merged.append(_range(element.get("ref", "")))
        elif tag == "row":
            row = _row_number(element, row)
            for column, cell in _columns(element, row):
                filled, formula = _filled(cell, f"{column_name(column)}{row}")
                if row > end[0] or column > end[1]:
                    beyond = beyond or (f"{column_name(column)}{row}" if filled else "")
                elif formula and not filled:
                    cells.setdefault(row, {})[column] = ("a formula without a value", "formula")
                elif filled and column not in cells.get(row, {}):
                    differ(f"{column_name(column)}{row}")
        if tag in ("row", "mergeCell"):
            element.clear()
    return {"merged": merged, "beyond": beyond}


def _row_number(row: ElementTree.Element, before: int) -> int:
    """The number of a row: what it says, else the next. Rows that do not follow each other were moved by no program."""
    text = row.get("r", str(before + 1))
    if not _NUMBER.fullmatch(text) or int(text) <= before:
        raise RefusedError(f"row `{text[:30]}` comes after row {before}; {SAVE}")
    return int(text)


def _columns(row: ElementTree.Element, number: int) -> Iterator[tuple[int, ElementTree.Element]]:
    """The cells of a row with their columns: what they say, else the next."""
    column = 0
    for cell in row:
        tag = cell.tag.rpartition("}")[2]
        if tag == "extLst":
            continue
        place = cell.get("r", f"{column_name(column + 1)}{number}")
        at = _place(place)
        if tag != "c" or at[0] != number or at[1] <= column:
            raise RefusedError(f"`{tag} {place[:30]}` stands where no program puts it, in row {number}; {SAVE}")
        column = at[1]
        yield column, cell


def _filled(cell: ElementTree.Element, place: str) -> tuple[bool, bool]:
    """Whether a cell has a value, and whether it has a formula."""
    parts = {child.tag.rpartition("}")[2]: child for child in cell}
    if len(parts) != len(cell) or not parts.keys() <= _PARTS or cell.get("t", "n") not in _TYPES:
        raise RefusedError(f"cell {place} is written as no program writes it; {SAVE}")
    value, inline = parts.get("v"), parts.get("is")
    text = (value.text if value is not None else "") or ""
    if cell.get("t") == "s" and text and not _NUMBER.fullmatch(text):
        raise RefusedError(f"cell {place} shows text number `{text[:30]}`, which there cannot be; {SAVE}")
    texts: Iterable[str] = inline.itertext() if inline is not None else ()
    return bool(text) or any(texts), "f" in parts


def _texts(archive: zipfile.ZipFile) -> list[str]:
    """The shared texts as they are written. Cells name them by number: one too many or too few would move the others."""
    texts: list[str] = []
    said = ""
    for name in _parts(archive, "sharedStrings+xml"):
        with archive.open(name) as stream:
            for event, element in ElementTree.iterparse(stream, ["start", "end"]):
                tag = element.tag.rpartition("}")[2]
                if tag == "sst" and event == "start":
                    said = element.get("uniqueCount", "")
                elif tag == "si" and event == "end":
                    texts.append(
                        "".join(t.text or "" for path in ("{*}t", "{*}r/{*}t") for t in element.iterfind(path))
                    )
                    element.clear()
    if said and said != str(len(texts)):
        raise RefusedError(f"it says that it holds {said[:30]} texts, and {len(texts)} are there; {SAVE}")
    return texts


def _parts(archive: zipfile.ZipFile, kind: str) -> list[str]:
    """The names of the parts of a kind."""
    listed = ElementTree.fromstring(archive.read("[Content_Types].xml"))
    found = [part.get("PartName", "/")[1:] for part in listed if part.get("ContentType", "").endswith(kind)]
    if len(found) > 1:
        raise RefusedError(f"it names {len(found)} lists of texts; {SAVE}")
    return found


def _decoded(text: str) -> str:
    """A text with the characters that programs write as `_x000D_`, and literal texts of that look as `_x005F_x000D_`."""
    if not _ESCAPE.search(text):
        return text
    characters = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return characters.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


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
