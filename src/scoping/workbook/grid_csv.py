"""The cells of a .csv or .tsv file, as spreadsheet programs write them in many countries. Every cell is a text.

Which encoding and which delimiter it has, nothing says; the check rows show whether the guess was right: a wrong
encoding spoils their middle dots, and with a wrong delimiter no key is found.
"""

import codecs
import csv
import io
from typing import Any

from scoping.workbook import keys
from scoping.workbook.grids import Draft, Limits, RefusedError, packed

NAME = "csv"
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_WINDOWS = "read as Windows-1252, for want of a better guess; letters that it lacks were lost when the file was saved"
_DELIMITERS = (",", ";", "\t")
_AGAIN = "save it from the spreadsheet program as .xlsx"


def read(data: bytes, limits: Limits) -> list[dict[str, Any]]:
    """The only tab, as the child hands it over."""
    text, note = _decoded(data)
    if "\0" in text:
        raise RefusedError(f"it is no .xlsx, .ods, .xls or .csv file; {_AGAIN}")
    if len(text) > limits.characters:
        raise RefusedError(f"it holds more than {limits.characters:,} characters")
    draft = Draft(NAME, limits, note=note)
    for number, cells in enumerate(_table(text), 1):
        for column, cell in enumerate(cells, 1):
            draft.put(number, column, (cell, "text"))
    return packed([draft], limits)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, and what is to be said about its encoding."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding), ""
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise RefusedError(f"its encoding is broken at byte {error.start:,}; {_AGAIN}") from error
    try:
        return data.decode("cp1252"), _WINDOWS
    except UnicodeDecodeError as error:
        raise RefusedError(f"it is neither UTF-8 nor Windows-1252 at byte {error.start:,}; {_AGAIN}") from error


def _table(text: str) -> list[list[str]]:
    """The rows, split where that gives the most keys (else the most cells)."""
    best, most, complaint = None, (-1, -1), ""
    for delimiter in _DELIMITERS:
        try:
            # a text of several lines by csv's own rules: str.splitlines() would break cells at U+2028 and others
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
            _no_swallowed_rows(rows, delimiter)
        except (csv.Error, RefusedError) as error:
            complaint = complaint or str(error)
            continue
        found = sum(keys.find(cell) is not None for row in rows for cell in row), sum(map(len, rows))
        if found > most:
            best, most = rows, found
    if best is None or (complaint and not most[0]):
        raise RefusedError(f"its rows cannot be told apart ({complaint}); {_AGAIN}")
    return best


def _no_swallowed_rows(rows: list[list[str]], delimiter: str) -> None:
    """A quotation mark too many makes one cell of several rows; it shows by the keys inside."""
    for number, row in enumerate(rows, 1):
        for cell in row:
            if "\n" in cell and any(keys.find(line.rpartition(delimiter)[2].strip('"\r')) for line in cell.split("\n")):
                raise RefusedError(f"row {number} holds the keys of other rows: a quotation mark is one too many")
