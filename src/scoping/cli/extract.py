"""One full-text file -> its text."""

import json
import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, target

FULLTEXT = Path("data/raw/fulltext")
log = logging.getLogger(__name__)


@click.command("extract")
@click.argument("file", type=FILE)
@target("text", "Text to write (JSON), page by page.")
def command(file: Path, text: Path) -> None:
    """Read the text of a full-text file; what cannot be read is recorded, never dropped."""
    from scoping import files, fulltext

    name = file.relative_to(FULLTEXT).as_posix() if file.is_relative_to(FULLTEXT) else file.name
    if file.is_relative_to(FULLTEXT) and not file.resolve().is_relative_to(FULLTEXT.resolve()):
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
