"""Files that hold the export within: zip archives (Rayyan's) and workbooks (.xlsx, .ods, .xls)."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate

from scoping.errors import ScopingError
from scoping.files import Bytes
from scoping.readers.columns import header_score, plain
from scoping.readers.encodings import Encoding
from scoping.readers.model import Issue
from scoping.readers.source import Source
from scoping.workbook.child import Limits, ReadFailure, TabGrid, grid

LIMITS = Limits(rows=200_000, columns=1000, wall_seconds=300, cpu_seconds=240)
_UNPACKED, _RATIO, _MEMBERS = 300_000_000, 200, 1000
_RATIO_MATTERS = 10_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_OFFICE = {"[Content_Types].xml", "mimetype"}
_DAMAGE = (
    zipfile.BadZipFile,
    OSError,
    ValueError,
    NotImplementedError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)
_OTHER = re.compile(r"(?:^|/)(?:\.[^./][^/]*|thumbs\.db)$|^__MACOSX/", re.IGNORECASE)
_QUOTED = re.compile(r'[",\n]|^\s|\s$')
_HEADER_ROWS = 40


class RowSource(Source):
    """The rows of a tab as a source: a line is a row, so that line numbers are those of the workbook.

    A workbook is packed, and no byte of it is a byte of an entry: every byte offset is 0.
    """

    def __init__(self, tab: TabGrid) -> None:
        """Write the rows as comma-separated text; lines within a cell stay within the row's line."""
        last, width = max(tab.rows, default=0), max((max(row) for row in tab.rows.values() if row), default=1)
        rows: list[str] = []
        for number in range(1, last + 1):
            cells = tab.rows.get(number, {})
            text = (
                _written(cells[column].text if column in cells else "" for column in range(1, width + 1))
                if cells
                else ""
            )
            rows.append(text)
        super().__init__("\n".join(rows).encode("utf-8", "surrogatepass"), Encoding("utf-8", ""))
        self.lf_only = False  # lines are counted by rows
        self.rows = rows or [""]
        self.starts = list(accumulate((len(row) + 1 for row in self.rows[:-1]), initial=0))

    def byte_at(self, position: int) -> int:  # noqa: ARG002 - all are 0
        """No byte of the text is one of the file."""
        return 0


def _written(cells: Iterable[str]) -> str:
    """A row as text with commas; what holds a quote, a comma or an end of a line stands in quotes."""
    plain_cells = (cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells)
    return ",".join('"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell for cell in plain_cells)


def is_archive(data: Bytes) -> bool:
    """Whether it is a zip that is no workbook; raises ScopingError where it is damaged or would not fit."""
    if data[:4] != _ZIP:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data[:])) as archive:
            members = archive.infolist()
    except _DAMAGE as error:
        raise ScopingError(f"this zip archive or workbook is damaged: {error}", do="copy it once more") from None
    names = {member.filename for member in members}
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if len(members) > _MEMBERS and not names & _OFFICE:
        raise ScopingError(f"this archive holds {len(members):,} files", do="take out the export that is meant")
    if unpacked > _UNPACKED or (unpacked > _RATIO_MATTERS and unpacked > packed * _RATIO):
        raise ScopingError(f"this archive unpacks from {packed:,} to {unpacked:,} bytes", do="unpack it and look")
    return not names & _OFFICE


def members(data: Bytes) -> list[tuple[str, bytes]]:
    """Name and bytes of every file of an archive; hidden files and folders are left out. Nothing is written."""
    found, total = [], 0
    try:
        with zipfile.ZipFile(io.BytesIO(data[:])) as archive:
            for member in sorted(archive.infolist(), key=lambda member: member.filename):
                if member.is_dir() or _OTHER.search(member.filename):
                    continue
                with archive.open(member) as stream:
                    body = stream.read(_UNPACKED - total + 1)
                total += len(body)
                if total > _UNPACKED:
                    raise ScopingError(
                        f"this archive unpacks to more than {_UNPACKED:,} bytes", do="unpack it and look"
                    )
                found.append((member.filename, body))
    except RuntimeError:  # what zipfile says where a password is needed
        raise ScopingError("this archive is locked with a password", do="unpack it") from None
    except _DAMAGE as error:
        raise ScopingError(f"this archive is damaged: {error}", do="copy it once more") from None
    return found


def is_workbook(data: Bytes) -> bool:
    """Whether it is a workbook by its first bytes (and is no other zip)."""
    return data[: len(_OLE)] == _OLE or (data[:4] == _ZIP and not is_archive(data))


def rows(data: Bytes, columns: Iterable[str] = ()) -> tuple[RowSource, str, list[Issue], int]:
    """The tab that looks most like a table of references, its name, what else the workbook holds, and its last row."""
    tabs = grid(data[:], limits=LIMITS)
    if isinstance(tabs, ReadFailure):
        raise ScopingError(
            f"this workbook {tabs.message}", do="open it, look whether all is right, and save it as .xlsx"
        )
    wanted = {plain(name) for name in columns}
    scored = [
        (max((_score(row, wanted) for row in _first_rows(tab)), default=0), -at, tab) for at, tab in enumerate(tabs)
    ]
    score, _, best = max(scored, key=lambda each: each[:2], default=(0, 0, None))
    if best is None or not score:
        names = ", ".join(tab.name for tab in tabs)
        raise ScopingError(
            f"no tab of this workbook ({names}) has a row that names columns of references",
            do="name its columns under `columns:` of its source",
        )
    if best.beyond:
        raise ScopingError(
            f"the tab {best.name!r} goes on to {best.beyond}, beyond {LIMITS.rows:,} rows", do="split it"
        )
    others = [_other(tab) for tab in tabs if tab is not best and tab.rows]
    return (
        RowSource(best),
        best.name,
        others,
        sum(any(cell.text.strip() for cell in row.values()) for row in best.rows.values()),
    )


def _first_rows(tab: TabGrid) -> list[list[str]]:
    return [[cell.text for cell in tab.rows[number].values()] for number in sorted(tab.rows)[:_HEADER_ROWS]]


def _score(cells: list[str], wanted: set[str]) -> int:
    named = bool(wanted) and wanted <= {plain(cell) for cell in cells}
    return header_score(cells) + 1000 * named


def _other(tab: TabGrid) -> Issue:
    text = "\n".join(_written(cell.text for cell in tab.rows[number].values()) for number in sorted(tab.rows))
    return Issue(1, 0, 0, "other-tab", f"the tab {tab.name!r} is not read", text)


def unread(name: str, body: bytes, why: str) -> Issue:
    """A file of an archive that is no export."""
    shown = body[:2000].decode("utf-8", "replace")
    return Issue(1, 0, 0, "other-file", f"the file {name!r} of the archive is not read: {why}", shown)


def named(issue: Issue, member: str) -> Issue:
    """An issue of a file within an archive."""
    return replace(issue, message=f"{member}: {issue.message}")
