"""Which exported file belongs to which source, and names that are safe in file names and wildcards."""

import fnmatch
import json
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from scoping import files
from scoping.errors import ScopingError

if TYPE_CHECKING:
    from scoping.config import Source

CONFIG = "config/review.yaml"
IGNORED = ("~$", ".", "_")


def names(folder: Path) -> list[str]:
    """The files of a folder people fill, by relative name, sorted; lock files and hidden ones left out."""
    return sorted(path.relative_to(folder).as_posix() for path in _looked_at(folder) if path.is_file())


def _looked_at(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*") if folder.is_dir() else ():
        parts = path.relative_to(folder).parts
        if not any(part.startswith(IGNORED) for part in parts) and parts != ("README.md",):
            yield path


def check_kinds(root: Path, name: str) -> None:
    """Stop at what looks like a file of people's and would never be read, for `names` passes over it."""
    for path in sorted(_looked_at(root / name)):
        shown = path.relative_to(root)
        if kind := odd_kind(path):
            raise ScopingError(f"is {kind}", path=shown, do="put the file itself in its place, or remove it")
        if path.is_dir() and path.suffix and not any(path.iterdir()):
            raise ScopingError("is an empty folder with the name of a file", path=shown, do="remove it")


def odd_kind(path: Path) -> str:
    """What a path is that is neither file nor folder, in words: reading a pipe would wait for ever."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "a link to something that is not there"
    except OSError as error:
        return f"a link that leads nowhere ({error.strerror})"
    if stat.S_ISDIR(mode):
        return "a link to a folder, into which nobody looks" if path.is_symlink() else ""
    return "" if stat.S_ISREG(mode) else "a pipe" if stat.S_ISFIFO(mode) else "a socket or a device"


def slug(name: str) -> str:
    """A file name as a wildcard: plain letters of its stem and eight digits of its hash, so that no two are equal."""
    plain = unicodedata.normalize("NFKD", Path(name).stem).encode("ascii", "ignore").decode().lower()
    body = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "file"
    return f"{body}-{files.sha256(name.encode())[:8]}"


def claims(sources: "Mapping[str, Source]", present: Iterable[str]) -> "dict[str, dict[str, Source]]":
    """File -> the sources it belongs to. A file without a source, and a source without its file, is an error."""
    found: dict[str, dict[str, Source]] = {name: {} for name in present}
    for id_, source in sources.items():
        for pattern in source.files:
            matching = [name for name in found if name == pattern or fnmatch.fnmatchcase(name, pattern)]
            if not matching:
                raise ScopingError(
                    f"source {id_!r} names the file {pattern!r}, which is not in data/raw/exports",
                    path=CONFIG,
                    do=_meant(pattern, found),
                )
            for name in matching:
                found[name][id_] = source
    for name, claimed in found.items():
        if not claimed:
            raise ScopingError(
                "belongs to no source",
                path=f"data/raw/exports/{name}",
                do=f"name it under `files:` of its source in {CONFIG}, or take it out of the folder",
            )
    return found


def _meant(pattern: str, present: Iterable[str]) -> str:
    """What to do about the name of a file that is not there."""
    names = list(present)
    if any(name.startswith(f"{pattern}/") for name in names):
        return f"it is a folder: write '{pattern}/*' for all that is in it"
    near = get_close_matches(pattern, names, 1)
    return f"did you mean {near[0]!r}?" if near else "put the export there"


def claim_settings(claimed: "Mapping[str, Source]") -> str:
    """What reading a file depends on, as canonical JSON: the sources it belongs to, their hits, encoding and columns."""
    what = {
        id_: {
            "reported": source.reported_hits,
            "encoding": source.encoding,
            **({"columns": dict(source.columns)} if source.columns else {}),
        }
        for id_, source in claimed.items()
    }
    return json.dumps({"claims": what}, sort_keys=True, separators=(",", ":"))
