"""Ways to write the ledger and the sheets that are wrong: for each the invariants must be seen broken."""

import os
from pathlib import Path
from typing import Any

from scoping import files, folder
from scoping.cli import collect
from scoping.ledger import Ledger


def event_before_blob() -> None:
    """The event is appended first, then the bytes it speaks of are kept."""
    append, keep = Ledger.append, Ledger.keep
    waiting: list[bytes] = []

    def later(self: Ledger, data: bytes) -> str:
        waiting.append(data)
        return files.sha256(data)

    def first(self: Ledger, kind: str, **fields: Any) -> Any:
        event = append(self, kind, **fields)
        while waiting:
            keep(self, waiting.pop())
        return event

    Ledger.keep, Ledger.append = later, first  # type: ignore[method-assign]


def plain_write() -> None:
    """Files are written where they lie, and only if they are new."""

    def create_once(path: Path, data: bytes, mode: int = 0o444) -> bool:
        if path.exists():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, mode)
        os.write(descriptor, data)
        os.fsync(descriptor)
        os.close(descriptor)
        return True

    files.create_once = create_once


def overwrite() -> None:
    """Files are written whole, but in place of what has the name."""

    def create_once(path: Path, data: bytes, mode: int = 0o444) -> bool:
        files.replace(path, data)
        path.chmod(mode)
        return True

    files.create_once = create_once


def no_comparison() -> None:
    """Copies of a sheet need not agree."""
    folder._compare = lambda *_: None


def no_fsync() -> None:
    """Files get their names before their bytes are on the disk."""

    class Os:
        """`os` as it is at the moment of a call, but for this."""

        fsync = staticmethod(lambda _: None)

        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

    files.os = Os()  # type: ignore[attr-defined]


def no_folder_sync() -> None:
    """Names may still be lost when the next file is written."""
    files._sync_folder = lambda _: None


def no_second_look() -> None:
    """What cannot be opened is not asked about when sheets are laid out again."""
    folder.hidden = lambda *_: []


def receipt_of_the_moment() -> None:
    """Sheets are taken in though others lie there than when Snakemake looked."""
    collect._unchanged = lambda *_: None


def no_sync_of_tables() -> None:
    """A receipt may outlive a power cut that its tables do not."""

    def replace(path: Path, data: bytes) -> None:
        files._write_temporary(path, data, 0o644).replace(path)

    files.replace = replace


def torn_tables() -> None:
    """Derived files are written where they lie."""

    def replace(path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.write(descriptor, data)
        os.close(descriptor)

    files.replace = replace


def no_sweep() -> None:
    """What killed writes left behind stays."""
    files.sweep = lambda _: None


NONE = ""
ALL = {
    function.__name__: function
    for function in (
        event_before_blob, plain_write, overwrite, no_comparison, no_fsync, no_folder_sync,
        no_second_look, receipt_of_the_moment, no_sync_of_tables, torn_tables, no_sweep,
    )
}  # fmt: skip
