"""Files that appear whole or not at all."""

import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip file can hold
_SLICE = 1 << 22
TEMPORARY = ".tmp-"  # what a killed write leaves behind begins with this; the next run sweeps it away


class Slices:
    """The bytes of a file, of which only the slices that are asked for are in memory; in place of `bytes`."""

    def __init__(self, path: Path) -> None:
        """Of a file that nobody changes meanwhile."""
        self.path = path
        self._size = path.stat().st_size

    def __len__(self) -> int:
        """How many bytes there are."""
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        """The bytes of a slice."""
        start, stop, _ = part.indices(self._size)
        with self.path.open("rb") as handle:
            handle.seek(start)
            return handle.read(max(0, stop - start))

    def blocks(self, start: int, size: int) -> Iterator[bytes]:
        """The bytes from a place on, so many at a time; the file is opened once."""
        with self.path.open("rb") as handle:
            handle.seek(start)
            for at in range(start, self._size, size):
                yield handle.read(min(size, self._size - at))


Bytes = bytes | Slices


def blocks(data: Bytes, size: int, start: int = 0) -> Iterator[bytes]:
    """Some bytes from a place on, so many at a time."""
    if isinstance(data, Slices):
        return data.blocks(start, size)
    return (data[at : at + size] for at in range(start, len(data), size))


def sha256(data: Bytes) -> str:
    """The SHA-256 of some bytes as 64 hexadecimal digits."""
    total = hashlib.sha256()
    for block in blocks(data, _SLICE):
        total.update(block)
    return total.hexdigest()


@contextmanager
def _temporary(path: Path, mode: int) -> Iterator[tuple[int, Path]]:
    """Descriptor and name of a file beside `path`, on the disk when this ends; it is gone if anything fails."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    temporary = Path(name)
    try:
        try:
            yield descriptor, temporary
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        temporary.unlink()
        raise


def _write_temporary(path: Path, data: bytes, mode: int) -> Path:
    with _temporary(path, mode) as (descriptor, temporary):
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
    return temporary


class _Raw(io.RawIOBase):
    """What is written goes to a descriptor, which stays open."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        return os.write(self._descriptor, data)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create_once(path: Path, data: bytes, mode: int = 0o444) -> bool:
    """Create a file atomically and durably; False, and nothing changed, where the name is taken."""
    if path.exists():
        return False
    temporary = _write_temporary(path, data, mode)
    try:
        os.link(temporary, path)
        _sync_folder(path.parent)
    except FileExistsError:
        return False
    else:
        return True
    finally:
        temporary.unlink()


def replace(path: Path, data: bytes) -> None:
    """Write a derived file atomically, in place of what was there. Never for a file that people write.

    Durable when it returns: after a power cut no receipt may be there whose tables are not.
    """
    _put(_write_temporary(path, data, 0o644), path)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose bytes take the place of a derived file, as `replace` does; nothing happens where writing fails."""
    with _temporary(path, 0o644) as (descriptor, temporary), io.BufferedWriter(_Raw(descriptor)) as stream:
        yield stream
    _put(temporary, path)


def _put(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """A zip file in the order given, which says nothing of the time or the computer: same contents, same bytes."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            part = zipfile.ZipInfo(name, _EARLIEST)
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(part, data)
    return out.getvalue()


def sweep(folder: Path) -> None:
    """Remove what killed writes left behind below a folder."""
    for debris in folder.rglob(f"{TEMPORARY}*") if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            debris.unlink()
