"""What can be wrong with a folder before a run, said in one sentence each."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from scoping import exports, files
from scoping.errors import ScopingError

SECONDS_AHEAD = 60.0  # Snakemake stops with "clock skew" for inputs from the future
WATCHED = (
    "data/raw/exports",
    "data/raw/fulltext",
    "data/raw/interviews",
    "data/raw/previous",
    "data/raw/prior",
    "config",
)


def own_programs_first() -> None:
    """Put the interpreter's own programs first on PATH: `.venv/bin/snakemake` needs no activated environment."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


@cache
def content(path: Path) -> str:
    """The SHA-256 of a file, read once a run."""
    try:
        return files.sha256(path.read_bytes())
    except OSError as error:
        raise ScopingError(
            f"cannot be read ({error.strerror})", path=path, do="close it elsewhere and run again"
        ) from None


def _watched(root: Path) -> Iterator[Path]:
    for name in WATCHED:
        yield from (root / name / found for found in exports.names(root / name))


def peoples_files(root: Path) -> str:
    """Path -> SHA-256 of exports, full texts, what came before and config, as canonical JSON. Sheets are in the ledger."""
    found = {path.relative_to(root).as_posix(): content(path) for path in _watched(root)}
    return json.dumps({"inputs": found}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def check(root: Path, *, overrides: Mapping[str, Any]) -> None:
    """Stop where a run would fail later with a message that nobody understands.

    `overrides` is what `snakemake --config` gave: the protocol is the only place of settings.
    """
    if overrides:
        raise ScopingError(
            f"--config {' '.join(overrides)} is not used here", do="write the setting into config/review.yaml"
        )
    for name in WATCHED:
        exports.check_kinds(root, name)
    now = time.time()
    for path in _watched(root):
        if {"{", "}"} & set(path.relative_to(root).as_posix()):
            raise ScopingError(
                "the name of this file has braces, which Snakemake takes for wildcards",
                path=path.relative_to(root),
                do="rename it without { and }",
            )
        if path.stat().st_mtime > now + SECONDS_AHEAD:
            raise ScopingError(
                "the date of this file lies in the future, which stops the run (`clock skew`)",
                path=path.relative_to(root),
                do=f"check the clock of the computer, or run `touch '{path.relative_to(root)}'`",
            )


def warn_if_memory_lost(root: Path) -> None:
    """Without Snakemake's memory, changed code and settings do not show: say so once."""
    if (root / "data/processed/records.parquet").exists() and not any((root / ".snakemake/metadata").glob("*")):
        print(  # noqa: T201
            "Snakemake's memory (.snakemake) is gone: changes of code and settings since then do not show. "
            "Run once with -F: `snakemake --cores 4 -F`",
            file=sys.stderr,
        )
