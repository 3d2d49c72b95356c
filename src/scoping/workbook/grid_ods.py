"""The cells of an .ods file: our own reading of `content.xml`, and calamine's as the second opinion.

calamine alone would not do: it knows no merged cells, drops tabs and folds blanks. Where the two find other cells filled,
or other letters or numbers in them, the file is refused.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, NoReturn
from xml.parsers import expat

from scoping.workbook.grids import Draft, Limits, RefusedError, Typed, column_name, differ, number_text, packed

_PREFIXES = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_ROW_GROUPS = ("table:table-row-group", "table:table-header-rows", "table:table-rows")
_CELLS = ("table:table-cell", "table:covered-table-cell")
_PASSED_OVER = ("office:annotation", "text:note", "text:ruby-text")
_NUMBERS = ("float", "percentage", "currency")
_DEPTH = 200
_CHUNK = 1 << 16


def read(data: bytes, limits: Limits) -> list[dict[str, Any]]:
    """All tabs, as the child hands them over."""
    reading = _Reading(limits)
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as stream:
        reading.take(iter(lambda: stream.read(_CHUNK), b""))
    tabs = packed(reading.drafts, limits)
    if not any(draft.beyond for draft in reading.drafts):  # calamine would lay out every cell up to the farthest
        _compare(data, reading.drafts)
    return tabs


# --- our own reading -------------------------------------------------------------------------------------------------


@dataclass
class _OpenCell:
    """A cell while its paragraphs are read."""

    attributes: dict[str, str]
    paragraphs: list[str] = field(default_factory=list)


@dataclass
class _Reading:
    """What stands where while `content.xml` passes by: a row is put down when it ends."""

    limits: Limits
    drafts: list[Draft] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    passed_over: int = 0  # the depth from which on nothing is read; 0: all is read
    row: int = 0
    repeated: int = 1
    column: int = 1
    filled: list[tuple[int, int, Typed]] = field(default_factory=list)  # column, how often, what
    cell: _OpenCell | None = None
    letters: list[str] | None = None
    characters: int = 0

    def take(self, chunks: Any) -> None:
        """Read the whole part."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.stop
        parser.CharacterDataHandler = self.text
        parser.buffer_text = True
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = _short(name)
        self.path.append(tag)
        if len(self.path) > _DEPTH:
            raise RefusedError(f"its parts lie more than {_DEPTH} deep")
        if self.passed_over:
            return
        named = {_short(key): value for key, value in attributes.items()}
        if self.cell is not None:
            known = self._within_cell(tag, named)
        elif self.drafts and "table:table" in self.path[:-1]:
            known = self._within_table(tag, named)
        else:
            known = self._above_tables(tag, named)
        if not known:
            self.passed_over = len(self.path)

    def _above_tables(self, tag: str, named: dict[str, str]) -> bool:
        if tag == "table:table" and self.path[-2:-1] == ["office:spreadsheet"]:
            self.drafts.append(Draft(named.get("table:name", ""), self.limits))
            self.row = 1
            return True
        return tag in ("office:document-content", "office:body", "office:spreadsheet")

    def _within_table(self, tag: str, named: dict[str, str]) -> bool:
        inside_row = self.path[-2] == "table:table-row"
        if tag == "table:table-row" and not inside_row:
            self.repeated = _count(named, "table:number-rows-repeated")
            self.column, self.filled = 1, []
            return True
        if tag in _CELLS and inside_row:
            self.cell = _OpenCell(named)
            return True
        return tag in _ROW_GROUPS and not inside_row

    def _within_cell(self, tag: str, named: dict[str, str]) -> bool:
        if self.letters is None:
            if tag == "text:p":
                self.letters = []
            return tag == "text:p"
        if tag == "text:s":
            self.text(" " * min(_count(named, "text:c"), 40_000))
        elif tag in ("text:tab", "text:line-break"):
            self.text("\t" if tag == "text:tab" else "\n")
        return tag.startswith("text:") and tag not in _PASSED_OVER

    def text(self, text: str) -> None:
        """Letters. The standard would fold blanks; LibreOffice writes and reads them as they stand."""
        if self.letters is None or self.passed_over:
            return
        self.letters.append(text)
        self.characters += len(text)
        if self.characters > self.limits.characters:
            raise RefusedError(f"it holds more than {self.limits.characters:,} characters")

    def stop(self, _name: str) -> None:
        """An element ends."""
        tag = self.path.pop()
        if self.passed_over:
            self.passed_over = 0 if len(self.path) < self.passed_over else self.passed_over
            return
        if tag == "text:p" and self.cell is not None and self.letters is not None:
            self.cell.paragraphs.append("".join(self.letters))
            self.letters = None
        elif tag in _CELLS and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None
        elif tag == "table:table-row":
            self._end_row()

    def _end_cell(self, cell: _OpenCell) -> None:
        times = _count(cell.attributes, "table:number-columns-repeated")
        place = f"{column_name(self.column)}{self.row}"
        if (typed := _typed(cell, place))[0]:
            self.filled.append((self.column, times, typed))
        down = _count(cell.attributes, "table:number-rows-spanned")
        right = _count(cell.attributes, "table:number-columns-spanned")
        if (down, right) != (1, 1):
            self.drafts[-1].merged.append((self.row, self.column, self.row + down - 1, self.column + right - 1))
        self.column += times

    def _end_row(self) -> None:
        draft = self.drafts[-1]
        for row in range(self.row, self.row + self.repeated) if self.filled else ():
            far = draft.far(row)
            for column, times, typed in self.filled:
                for at in range(column, min(column + times, max(column, self.limits.columns + 1) + 1)):
                    draft.put(row, at, typed)
            if far:
                break
        self.row += self.repeated


def _short(name: str) -> str:
    space, _, local = name.rpartition("}")
    return f"{_PREFIXES.get(space, '?')}:{local}"


def _no_doctype(*_: object) -> NoReturn:
    raise RefusedError("its XML declares a document type, which no spreadsheet program writes")


def _count(named: dict[str, str], name: str) -> int:
    text = named.get(name, "1")
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise RefusedError(f"`{text[:30]}` is no count of cells")
    return int(text)


def _typed(cell: _OpenCell, place: str) -> Typed:
    """What a cell holds: its value where it has one, else what is shown."""
    named, shown = cell.attributes, "\n".join(cell.paragraphs)
    kind = named.get("office:value-type", "string")
    if named.get("calcext:value-type") == "error":
        return shown or "an error", "error"
    if kind == "string":
        text = _string(named.get("office:string-value"), shown, place)
        formula = "table:formula" in named and not text
        return ("a formula without a value", "formula") if formula else (text, "text")
    return _value(named, kind) or (shown or f"a {kind} without a value", "error")


def _string(value: str | None, shown: str, place: str) -> str:
    """Programs write the text as a value too where its blanks matter; both must say the same."""
    if value is None:
        return shown
    if _solid(value) != _solid(shown):
        differ(place)
    return value


def _value(named: dict[str, str], kind: str) -> Typed | None:
    """A value that is no text, or nothing if there is none that makes sense."""
    if kind in _NUMBERS:
        number = _number(named.get("office:value", ""))
        return None if number is None else (number, "number")
    if kind == "boolean" and named.get("office:boolean-value") in ("true", "false"):
        return named["office:boolean-value"].upper(), "boolean"
    text = named.get(f"office:{kind}-value", "")
    return (text, "date") if kind in ("date", "time") and text else None


def _number(text: str) -> str | None:
    return number_text(float(text)) if re.fullmatch(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]{1,3})?", text) else None


# --- the second opinion ----------------------------------------------------------------------------------------------


def _solid(text: str) -> str:
    """A text without blanks, which programs and readers treat in many ways."""
    return "".join(text.split())


def _compare(data: bytes, drafts: list[Draft]) -> None:
    import python_calamine

    book = python_calamine.load_workbook(io.BytesIO(data))
    names = [draft.name for draft in drafts]
    if book.sheet_names != names:
        raise RefusedError(f"two readings of its tabs differ: {names} and {book.sheet_names}")
    for at, draft in enumerate(drafts):
        theirs = book.get_sheet_by_index(at).to_python(skip_empty_area=False)
        there = {
            (row, column): value
            for row, values in enumerate(theirs, 1)
            for column, value in enumerate(values, 1)
            if value != ""
        }
        _agree(draft, there)


def _agree(draft: Draft, there: dict[tuple[int, int], Any]) -> None:
    ours = {(row, column): typed for row, cells in draft.rows.items() for column, typed in cells.items()}
    for at in sorted({*ours, *there}):
        text, kind = ours.get(at, ("", "text"))
        if not _SAME[kind](text, there.get(at, "")):
            differ(f"{draft.name}!{column_name(at[1])}{at[0]}")


def _same_number(text: str, value: object) -> bool:
    return isinstance(value, (int, float)) and float(text) == value


_SAME: dict[str, Callable[[str, object], bool]] = {
    "text": lambda text, value: isinstance(value, str) and _solid(text) == _solid(value),
    "number": _same_number,
    "boolean": lambda text, value: value is (text == "TRUE"),
    "date": lambda _text, value: isinstance(value, (date, time, timedelta, str)) and value != "",
    "error": lambda _text, _value: True,
    "formula": lambda _text, _value: True,
}
