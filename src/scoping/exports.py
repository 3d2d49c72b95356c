"""Which exported file belongs to which source, and names that are safe in file names and wildcards."""

import fnmatch
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from scoping import files
from scoping.config import Source
from scoping.errors import ScopingError

CONFIG = "config/review.yaml"
IGNORED = ("~$", ".", "_")


def names(folder: Path) -> list[str]:
    """The files of a folder people fill, by relative name, sorted; lock files and hidden ones left out."""
    found = []
    for path in folder.rglob("*") if folder.is_dir() else ():
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(IGNORED) for part in parts) and parts != ("README.md",):
            found.append("/".join(parts))
    return sorted(found)


def slug(name: str) -> str:
    """A file name as a wildcard: plain letters of its stem and eight digits of its hash, so that no two are equal."""
    plain = unicodedata.normalize("NFKD", Path(name).stem).encode("ascii", "ignore").decode().lower()
    body = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "file"
    return f"{body}-{files.sha256(name.encode())[:8]}"


def claims(sources: Mapping[str, Source], present: Iterable[str]) -> dict[str, dict[str, Source]]:
    """File -> the sources it belongs to. A file without a source, and a source without its file, is an error."""
    found: dict[str, dict[str, Source]] = {name: {} for name in present}
    for id_, source in sources.items():
        for pattern in source.files:
            matching = [name for name in found if name == pattern or fnmatch.fnmatchcase(name, pattern)]
            if not matching:
                near = get_close_matches(pattern, found, 1)
                raise ScopingError(
                    f"source {id_!r} names the file {pattern!r}, which is not in data/raw/exports",
                    path=CONFIG,
                    do=f"did you mean {near[0]!r}?" if near else "put the export there",
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


def claim_settings(claimed: Mapping[str, Source]) -> str:
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
