"""The cells of an .xlsx workbook: openpyxl reads them, and every tab's XML is read a second time for what openpyxl does
not tell (merged ranges, formulas without a value). Where the two readings differ, the file is refused.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree

from scoping.workbook.grids import Limits, RefusedError, Typed, differ, listed

_ESCAPE = re.compile(r"_x(00[01][0-9A-Fa-f])_")  # how programs write control characters
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read(data: bytes, limits: Limits) -> list[dict[str, Any]]:
    """All tabs, as the child hands them over."""
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
        return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value), "text"
    return str(value), "number"


def _second_reading(stream: Any, cells: dict[int, dict[int, Typed]], end: tuple[int, int]) -> dict[str, Any]:
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
                differ(place)
            seen.add(at)
            filled, formula = _filled(element)
            if at[0] > end[0] or at[1] > end[1]:
                beyond = beyond or (place if filled else "")
            elif formula and not filled:
                cells.setdefault(at[0], {})[at[1]] = ("a formula without a value", "formula")
            elif filled and at[1] not in cells.get(at[0], {}):
                differ(place)
        if tag in ("row", "mergeCell"):
            element.clear()
    return {"merged": merged, "beyond": beyond}


def _filled(element: ElementTree.Element) -> tuple[bool, bool]:
    """Whether a cell has a value, and whether it has a formula."""
    parts = {child.tag.rpartition("}")[2]: child for child in element}
    value, inline = parts.get("v"), parts.get("is")
    texts: Iterable[str] = inline.itertext() if inline is not None else ()
    return bool(value is not None and value.text) or any(texts), "f" in parts


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
