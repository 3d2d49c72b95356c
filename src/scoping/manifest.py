"""The manifest: what went in, what came out, and with which versions, each file by its SHA-256."""

import json
import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from scoping import files, folder, ledger
from scoping.ledger import Event
from scoping.pseudonyms import EVERYBODY_NAMED, Pseudonyms

PACKAGES = (
    "click", "matplotlib", "numpy", "openpyxl", "pyarrow", "pydantic", "pypdfium2", "PyYAML", "rapidfuzz",
    "scikit-learn", "snakemake", "XlsxWriter",
)  # fmt: skip


def hashes(paths: Iterable[Path]) -> dict[str, str]:
    """Path as given -> SHA-256."""
    return {path.as_posix(): files.sha256(path.read_bytes()) for path in sorted(paths)}


def of_ledger(events: list[Event], hidden: Pseudonyms = EVERYBODY_NAMED) -> dict[str, Any]:
    """What people's work comes from: events, and for each sheet the version it was issued as and the last one read.

    `content` is a hash over what the events say, whatever their order and time.
    """
    timeless = sorted(
        ledger.canonical({key: value for key, value in event.items() if key not in ("seq", "previous", "recorded_at")})
        for event in events
    )
    read = {event["sheet"]: event["sha256"] for event in events if event["kind"] == "read"}
    return {
        "events": len(events),
        "content": files.sha256(b"\n".join(timeless)),
        "sheets": {
            hidden.sheet(sheet): {"issued": info.sha256, "read": read.get(sheet, "")}
            for sheet, info in folder.issued(events).items()
        },
    }


def manifest(
    *,
    title: str,
    notice: str,
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    events: list[Event],
    version: str,
    hidden: Pseudonyms = EVERYBODY_NAMED,
) -> str:
    """The manifest as JSON. It names no time, computer, person's account or path outside the review."""
    what = {
        "title": title,
        "notice": notice,
        "versions": {
            "scoping": version,
            "python": platform.python_version(),
            **{name.lower(): metadata.version(name) for name in PACKAGES},
        },
        "inputs": dict(inputs),
        "ledger": of_ledger(events, hidden),
        "outputs": dict(outputs),
    }
    return json.dumps(what, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
