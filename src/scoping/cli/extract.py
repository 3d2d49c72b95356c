"""One full-text file -> its text."""

import json
import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, target

FOLDERS = (Path("data/raw/fulltext"), Path("data/raw/interviews"))
log = logging.getLogger(__name__)


@click.command("extract")
@click.argument("file", type=FILE)
@target("text", "Text to write (JSON), page by page.")
def command(file: Path, text: Path) -> None:
    """Read the text of a full text or transcript; what cannot be read is recorded, never dropped."""
    from scoping import files, fulltext

    home = next((folder for folder in FOLDERS if file.is_relative_to(folder)), None)
    name = file.relative_to(home).as_posix() if home else file.name
    if home and not file.resolve().is_relative_to(home.resolve()):
        found = fulltext.Text("failed", "a link to a file outside this folder: put a copy of the file itself here")
    else:
        found = fulltext.extract(file)
    what = {"file": name, "sha256": _sha256(file), "text": json.loads(fulltext.to_json(found))}
    files.replace(text, (json.dumps(what, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode())
    log.info(
        "extract: %s -> %s, %d pages%s", name, found.status, len(found.pages), found.reason and f" ({found.reason})"
    )


def _sha256(file: Path) -> str:
    """The SHA-256 of a file; nothing where it cannot be read."""
    import hashlib

    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
