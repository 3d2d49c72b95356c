"""The cells of a file that came back, read in a child process that may use so much memory and time and no more.

A file of 1.4 kB can ask for a million rows and one of 2.6 MB for a gigabyte, and no exception catches a process that
was aborted. So `grid` starts `python -m scoping.workbook.child`, which knows the format by the content, looks at the
zip directory first where there is one, and reads every cell in two ways where the format allows it (`grid_xlsx`,
`grid_ods`, `grid_xls`, `grid_csv`). Where the two differ, it gives up.
"""

import io
import json
import os
import re
import resource
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from scoping.workbook.grids import LIMITS, Cell, Limits, ReadFailure, RefusedError, TabGrid, unpacked

__all__ = ["LIMITS", "Cell", "Limits", "ReadFailure", "RefusedError", "TabGrid", "grid", "look"]

Format = Literal["xlsx", "ods", "xls", "csv"]

UNREADABLE = "cannot be read (still being copied, or damaged?)"
_MESSAGE = 300
_RATIO_MATTERS = 10_000_000  # unpacked bytes below which any ratio is harmless
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OTHER_FORMAT = "open it in a spreadsheet program and save it as .xlsx"
_LOCKED = "it is locked with a password; save it as .xlsx without a password"


# --- in the parent ---------------------------------------------------------------------------------------------------


def grid(data: bytes, *, limits: Limits = LIMITS) -> list[TabGrid] | ReadFailure:
    """All tabs of a file, or why it cannot be read."""
    command = [sys.executable, "-P", "-s", "-W", "ignore", "-m", __name__, json.dumps(asdict(limits))]
    where = (str(Path(place).absolute()) for place in sys.path if place)
    environment = {"PYTHONPATH": os.pathsep.join(where), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, env=environment, cwd="/", timeout=limits.wall_seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return ReadFailure(f"{UNREADABLE}: reading took more than {limits.wall_seconds} seconds")
    if done.returncode:
        return ReadFailure(f"{UNREADABLE}: {_why(done.returncode, done.stderr)}")
    return [_tab(tab) for tab in json.loads(done.stdout)]


def _why(code: int, stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    if code < 0 or not lines:
        return f"the reader was stopped (signal {-code}): the file needs too much memory or time"
    error = re.sub(r"^[\w.]*\bRefusedError: |^(?:\w+\.)+(?=\w+:)", "", lines[-1])
    return "it needs too much memory" if error.startswith("MemoryError") else error[:_MESSAGE]


_tab = unpacked


# --- in the child ----------------------------------------------------------------------------------------------------


def main() -> None:
    """Read a file from standard input under the limits of the first argument; write its cells as JSON."""
    limits = Limits(**json.loads(sys.argv[1]))
    _confine(limits)
    json.dump(_read(sys.stdin.buffer.read(), limits), sys.stdout)


def _confine(limits: Limits) -> None:
    """Limits of the kernel, and no network, no other program."""
    for name, limit in ((resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CPU, limits.cpu_seconds)):
        with suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
            resource.setrlimit(name, (limit, limit))
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would load it only to recognise its numbers
    sys.addaudithook(_forbid)


def _forbid(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")):
        raise RefusedError(f"it asked for {event}")


def _read(data: bytes, limits: Limits) -> list[dict[str, Any]]:
    """All tabs, whatever the format."""
    from scoping.workbook import grid_csv, grid_ods, grid_xls, grid_xlsx

    readers = {"xlsx": grid_xlsx.read, "ods": grid_ods.read, "xls": grid_xls.read, "csv": grid_csv.read}
    return readers[look(data, limits)](data, limits)


def look(data: bytes, limits: Limits) -> Format:
    """The format of a file by its content; refuses what is none of ours, or would not fit."""
    if len(data) > limits.unpacked:
        raise RefusedError(f"it has {len(data):,} bytes; nothing that people fill is so large")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise RefusedError(_LOCKED)
        return "xls"
    if zipfile.is_zipfile(io.BytesIO(data)):
        return _look_into_zip(data, limits)
    if data.startswith(b"PK\x03\x04"):
        raise RefusedError("it is a spreadsheet whose end is missing; copy it once more")
    if not data.strip():
        raise RefusedError("it is empty; copy it once more")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise RefusedError(f"it is a web page or an XML file, no spreadsheet of ours; {_OTHER_FORMAT}")
    return "csv"


def _look_into_zip(data: bytes, limits: Limits) -> Format:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        names = [e.filename for e in entries]
        unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
        if len(names) > limits.entries or len(names) != len(set(names)):
            raise RefusedError(f"it holds {len(names)} parts, more than {limits.entries} or some of them twice")
        if unpacked > limits.unpacked or (unpacked > _RATIO_MATTERS and unpacked > packed * limits.ratio):
            raise RefusedError(
                f"it unpacks from {packed:,} to {unpacked:,} bytes; nothing that people fill is so large"
            )
        if "[Content_Types].xml" in names and "xl/workbook.bin" not in names:
            return "xlsx"
        if "content.xml" in names and "mimetype" in names and archive.read("mimetype").strip().startswith(_ODS):
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            if b"encryption-data" in manifest:
                raise RefusedError(_LOCKED)
            return "ods"
    raise RefusedError(f"it is no .xlsx, .ods, .xls or .csv file; {_OTHER_FORMAT}")


if __name__ == "__main__":
    main()
