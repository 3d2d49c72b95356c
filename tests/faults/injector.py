"""Let the k-th I/O call of a command fail, and count the calls.

Every call counts that concerns a file of the review: open, create, read, write, fsync, fchmod, close, link, replace,
unlink, mkdir, stat, scandir, flock, the start of a reader, and the reading of Parquet (which happens outside Python). The kinds of faults:

crash      the process ends there; of a write, half of the bytes have come to the file
power      the same, and what was not synced is gone: the bytes of files, and all changes of names but the last
full       from that call on the disk is full: half of the bytes are written, whatever needs space afterwards fails
short      a write takes only half of the bytes, which is no error
eio        the call fails once
interrupt  a signal handler raises there, as with Ctrl-C (calls that a signal merely interrupts Python repeats by itself)
"""

import builtins
import errno
import fcntl
import io
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from scoping import files

NAMES = ("open", "write", "fsync", "fchmod", "close", "link", "replace", "unlink", "mkdir", "stat", "scandir")
REAL = SimpleNamespace(**{name: getattr(os, name) for name in NAMES}, io_open=io.open, flock=fcntl.flock)
NEED_SPACE = {"create", "write", "fsync", "link", "replace", "mkdir"}
ALL = {*NAMES, "create", "read", "read_table", "flock", "spawn", "end"}
POINTS = {"short": {"write"}, "full": NEED_SPACE, "power": ALL}  # at the end nothing can fail, but the power can
CRASHED = 9


def points(calls: list[str], kind: str) -> list[int]:
    """The numbers of the calls at which a kind of fault can happen."""
    may = POINTS.get(kind, set(calls) - {"end"})
    return [k for k, name in enumerate(calls, 1) if name in may]


class Injector:
    """Armed in a forked child, which it may end."""

    def __init__(self, root: Path, at: int = 0, kind: str = "") -> None:
        self.root, self.at, self.kind = str(root), at, kind
        self.calls: list[str] = []
        self.ours: dict[int, str] = {}  # descriptor -> path
        self.unsynced: dict[int, int] = {}  # inode -> a descriptor of a file whose bytes were not synced
        self.names: list[tuple[str, Callable[[], None]]] = []  # (folder, how to undo) of names that were not synced

    # --- what happens ------------------------------------------------------------------------------------------------

    def hit(self, name: str, before: Callable[[], object] = lambda: None) -> bool:
        """Count a call and let it fail if it is its turn; True if a write shall be short. `before` happens halfway."""
        self.calls.append(name)
        number = len(self.calls)
        if self.kind == "full" and number > self.at and name in NEED_SPACE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), f"injected at {name} #{number}")
        if number != self.at:
            return False
        if self.kind == "short" or (self.kind == "full" and name == "write"):
            return True
        before()
        if self.kind == "power":
            self.lose()
        if self.kind in ("power", "crash"):
            os._exit(CRASHED)
        if self.kind == "interrupt":
            raise KeyboardInterrupt
        code = errno.ENOSPC if self.kind == "full" else errno.EIO
        raise OSError(code, os.strerror(code), f"injected at {name} #{number}")

    def lose(self) -> None:
        """What a power cut takes away at worst."""
        for descriptor in self.unsynced.values():
            os.ftruncate(descriptor, 0)
        for _, undo in reversed(self.names[:-1]):
            undo()

    def concerns(self, path: object) -> bool:
        """Whether a path lies in the review."""
        if not isinstance(path, (str, os.PathLike)):
            return path in self.ours
        return os.path.abspath(os.fspath(path)).startswith(f"{self.root}/")  # noqa: PTH100 - Path would call stat

    # --- what is patched ---------------------------------------------------------------------------------------------

    def arm(self) -> None:
        """Take the place of the calls, in this process."""
        for name in ("fchmod", "mkdir", "stat", "scandir"):
            self._watch(os, name)
        self._watch(fcntl, "flock", always=True)
        os.open, os.write, os.fsync, os.close = self.open, self.write, self.fsync, self.close  # type: ignore[assignment]
        os.link, os.replace, os.rename, os.unlink = self.link, self.replace, self.replace, self.unlink  # type: ignore[assignment]
        io.open = builtins.open = self.io_open  # type: ignore[assignment]
        import pyarrow.parquet

        self._watch(pyarrow.parquet, "read_table", always=True)

    def _watch(self, module: Any, name: str, *, always: bool = False) -> None:
        real = getattr(module, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            if always or (args and self.concerns(args[0])):
                self.hit(name)
            return real(*args, **kwargs)

        setattr(module, name, call)

    def open(self, path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if not self.concerns(path):
            return REAL.open(path, flags, *args, **kwargs)
        self.hit("create" if flags & os.O_CREAT else "open")
        descriptor = REAL.open(path, flags, *args, **kwargs)
        self.ours[descriptor] = os.path.abspath(os.fspath(path))  # noqa: PTH100
        return descriptor

    def write(self, descriptor: int, data: Any) -> int:
        if descriptor not in self.ours:
            return REAL.write(descriptor, data)
        inode = os.fstat(descriptor).st_ino
        if inode not in self.unsynced:
            self.unsynced[inode] = os.dup(descriptor)
        half = bytes(data)[: len(data) // 2]
        short = self.hit("write", lambda: REAL.write(descriptor, half))
        return REAL.write(descriptor, half if short and half else data)

    def fsync(self, descriptor: int) -> None:
        self.hit("fsync")  # the disk itself is not asked: what a power cut takes is known here
        copy = self.unsynced.pop(os.fstat(descriptor).st_ino, None)
        if copy is not None:
            REAL.close(copy)
        folder = self.ours.get(descriptor, "")
        self.names = [(where, undo) for where, undo in self.names if where != folder]

    def close(self, descriptor: int) -> None:
        if self.ours.pop(descriptor, None):
            self.hit("close", lambda: REAL.close(descriptor))
        REAL.close(descriptor)

    def _remember(self, path: Any, undo: Callable[[], None]) -> None:
        if not Path(path).name.startswith(files.TEMPORARY):
            self.names.append((str(Path(path).absolute().parent), undo))

    def link(self, source: Any, target: Any) -> None:
        self.hit("link")
        REAL.link(source, target)
        self._remember(target, lambda: REAL.unlink(target))

    def replace(self, source: Any, target: Any) -> None:
        self.hit("replace")
        old = _bytes(target)
        REAL.replace(source, target)
        self._remember(target, lambda: REAL.unlink(target) if old is None else _put(target, old))

    def unlink(self, path: Any) -> None:
        if self.concerns(path):
            self.hit("unlink")
            old = _bytes(path)
            self._remember(path, lambda: _put(path, old or b""))
        REAL.unlink(path)

    def io_open(self, file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
        if not self.concerns(file) or isinstance(file, int):
            return REAL.io_open(file, mode, buffering, *args, **kwargs)
        self.hit("open" if "r" in mode or os.path.lexists(file) else "create")
        raw = _File(self, file, mode.replace("b", "").replace("t", ""))
        if buffering == 0:
            return raw
        buffer = io.BufferedReader(raw) if "r" in mode else io.BufferedWriter(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, *args, **kwargs)


class _File(io.FileIO):
    """A file whose readings count."""

    def __init__(self, injector: Injector, file: Any, mode: str) -> None:
        super().__init__(file, mode)
        self.injector = injector

    def readall(self) -> bytes:
        self.injector.hit("read")
        return super().readall()

    def readinto(self, buffer: Any) -> int | None:  # type: ignore[override]
        self.injector.hit("read")
        return super().readinto(buffer)

    def write(self, _: Any) -> int:  # type: ignore[override]
        raise AssertionError(f"{self.name} is written to in place")


def _bytes(path: Any) -> bytes | None:
    try:
        with REAL.io_open(path, "rb") as handle:
            data: bytes = handle.read()
            return data
    except FileNotFoundError:
        return None


def _put(path: Any, data: bytes) -> None:
    with REAL.io_open(path, "wb") as handle:
        handle.write(data)
