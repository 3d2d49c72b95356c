"""The cells of an old .xls workbook (Excel 97 to 2003, and 95): calamine reads the values, and our own look at the
records says which cells are filled and of what kind.

calamine takes an error for a blank cell. The records are plain: their kinds, which cells they fill and which are merged
need no library. Where the two differ, the file is refused.
"""

import io
import struct
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from scoping.workbook.grids import Draft, Limits, RefusedError, Typed, column_name, differ, number_text, packed

_AGAIN = "open it in a spreadsheet program and save it as .xlsx"
_LOCKED = "it is locked with a password; save it as .xlsx without a password"
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _MERGED = 0x0809, 0x000A, 0x002F, 0x0085, 0x00E5
_FORMULA, _BOOLERR, _MULRK = 0x0006, 0x0205, 0x00BD
_TEXTS, _NUMBERS = (0x00FD, 0x0204, 0x00D6), (0x0203, 0x027E)
_LOST = "\ufffd\ufffd"
_VERSIONS = (0x0500, 0x0600)
_END = 0xFFFFFFFA  # sector numbers from here on mean something else
_RESULTS = {0: "text", 1: "boolean", 2: "error", 3: "text"}  # of a formula, where it is no number


@dataclass
class _Records:
    """What the records of a tab say: the kind of every filled cell, the formulas, and the merged ranges."""

    kinds: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def read(data: bytes, limits: Limits) -> list[dict[str, Any]]:
    """All tabs, as the child hands them over."""
    try:
        tabs = _tabs(_stream(data))
    except (struct.error, IndexError) as error:
        raise RefusedError(f"it is no .xls workbook, or parts of it are missing; {_AGAIN}") from error
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
    except python_calamine.PasswordError as error:
        raise RefusedError(_LOCKED) from error
    if len(book.sheet_names) != len(tabs):
        raise RefusedError(f"two readings of its tabs differ: {len(tabs)} and {len(book.sheet_names)}")
    drafts = []
    for at, (name, records) in enumerate(zip(book.sheet_names, tabs, strict=True)):
        draft = Draft(name, limits, merged=records.merged)
        _fill(draft, records, book.get_sheet_by_index(at).to_python(skip_empty_area=False))
        drafts.append(draft)
    return packed(drafts, limits)


def _fill(draft: Draft, records: _Records, rows: list[list[Any]]) -> None:
    """Put down what both know; a cell that only one knows is refused."""
    values = {
        (row, column): value
        for row, cells in enumerate(rows, 1)
        for column, value in enumerate(cells, 1)
        if value != ""
    }
    for at in sorted({*values, *records.kinds}):
        kind = records.kinds.get(at, "")
        typed = _typed(values.get(at), kind, formula=at in records.formulas)
        if typed is None:
            differ(f"{draft.name}!{column_name(at[1])}{at[0]}")
        draft.put(*at, typed)
        if _LOST in typed[0]:  # calamine splits a character that lies across two records
            draft.note = f"letters may be lost in {column_name(at[1])}{at[0]} (two U+FFFD); save it as .xlsx to be sure"


def _typed(value: Any, kind: str, *, formula: bool) -> Typed | None:
    """A cell, or nothing if value and record contradict each other."""
    if kind == "error":
        return "an error", "error"
    if formula and kind == "text" and not isinstance(value, str):
        return "a formula without a value", "formula"
    if kind == "text":
        return (value or "", "text") if value is None or isinstance(value, str) else None
    if kind == "boolean":
        return (str(bool(value)).upper(), "boolean") if value in (True, False) else None
    if kind == "number" and isinstance(value, (datetime, date, time, timedelta)):
        return value.isoformat() if isinstance(value, (datetime, date, time)) else str(value), "date"
    known = kind == "number" and isinstance(value, (int, float)) and not isinstance(value, bool)
    return (number_text(float(value)), "number") if known else None


# --- records ---------------------------------------------------------------------------------------------------------


def _tabs(stream: bytes) -> list[_Records]:
    starts = []
    version = struct.unpack_from("<HHH", stream)
    if version[0] != _BOF or version[2] not in _VERSIONS:
        raise RefusedError(f"it is of an Excel older than 1995; {_AGAIN}")
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise RefusedError(_LOCKED)
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
    return [_tab(stream, start) for start in starts]


def _records(stream: bytes, at: int) -> list[tuple[int, bytes]]:
    """The records of one part of the stream, without those of charts that lie in it."""
    found, depth = [], 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if len(body) < length:
            raise IndexError(at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            found.append((kind, body))
        elif depth < 1:
            return found
        at += 4 + length


def _tab(stream: bytes, start: int) -> _Records:
    records = _Records()
    for kind, body in _records(stream, start):
        if kind == _MERGED:
            count = struct.unpack_from("<H", body)[0]
            for top, bottom, left, right in struct.iter_unpack("<HHHH", body[2 : 2 + 8 * count]):
                records.merged.append((top + 1, left + 1, bottom + 1, right + 1))
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0]
            for column in range(first, last + 1):
                _note(records, row, column, "number")
        elif kind in (*_TEXTS, *_NUMBERS, _BOOLERR, _FORMULA):
            row, column = struct.unpack_from("<HH", body)
            _note(records, row, column, _kind(kind, body))
            if kind == _FORMULA:
                records.formulas.add((row + 1, column + 1))
    return records


def _note(records: _Records, row: int, column: int, kind: str) -> None:
    at = (row + 1, column + 1)
    if at in records.kinds:
        differ(f"{column_name(at[1])}{at[0]}")
    records.kinds[at] = kind


def _kind(record: int, body: bytes) -> str:
    if record in _TEXTS:
        return "text"
    if record == _BOOLERR:
        return "error" if body[7] else "boolean"
    if record == _FORMULA and body[12:14] == b"\xff\xff":
        return _RESULTS.get(body[6], "error")
    return "number"


# --- the stream within the file --------------------------------------------------------------------------------------


def _stream(data: bytes) -> bytes:
    """The stream of records, found through the tables of the container."""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    count, first, _, cutoff, small_first, _, more, _ = struct.unpack_from("<I I I I I I I I", data, 44)
    if shift not in (9, 12) or small_shift != 6:
        raise IndexError(shift)
    size = 1 << shift
    table = [at for at in struct.unpack_from("<109I", data, 76) if at < _END]
    while more < _END and len(table) < count:
        part = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        table += [at for at in part[:-1] if at < _END]
        more = part[-1]
    fat = [at for part in table[:count] for at in struct.unpack_from(f"<{size // 4}I", data, (part + 1) * size)]
    big = memoryview(data)[size:]
    names = _directory(_chain(big, fat, first, size))
    for name in ("Workbook", "Book"):
        if name in names:
            start, length = names[name]
            if length >= cutoff:
                return _chain(big, fat, start, size)[:length]
            small_fat = [n for (n,) in struct.iter_unpack("<I", _chain(big, fat, small_first, size))]
            return _chain(memoryview(_chain(big, fat, names["Root Entry"][0], size)), small_fat, start, 64)[:length]
    raise RefusedError(f"it is no .xls workbook; {_AGAIN}")


def _chain(data: memoryview, fat: list[int], at: int, size: int) -> bytes:
    """The sectors of a stream in their order."""
    parts: list[memoryview] = []
    while at < _END:
        part = data[at * size : (at + 1) * size]
        if not part or len(parts) > len(fat):
            raise IndexError(at)
        parts.append(part)
        at = fat[at]
    return b"".join(parts)


def _directory(data: bytes) -> dict[str, tuple[int, int]]:
    """Name → first sector and length."""
    names: dict[str, tuple[int, int]] = {}
    for start in range(0, len(data) - 127, 128):
        length = struct.unpack_from("<H", data, start + 64)[0]
        name = data[start : start + max(length - 2, 0)].decode("utf-16-le", "replace")
        first, size = struct.unpack_from("<II", data, start + 116)
        names.setdefault(name, (first, size))
    return names
