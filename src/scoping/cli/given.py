"""Texts given on the command line: files as they were downloaded, or the JSON of `scoping extract`."""

import json
from pathlib import Path


def pages(path: Path) -> tuple[str, ...]:
    """The pages of a text; one that cannot be read is an error that says why."""
    from scoping import fulltext
    from scoping.errors import ScopingError

    if path.suffix.lower() != ".json":
        text = fulltext.extract(path)
    else:
        try:
            text = fulltext.from_json(json.dumps(json.loads(path.read_text(encoding="utf-8"))["text"]))
        except (ValueError, KeyError, TypeError):
            raise ScopingError(
                "is not what `scoping extract` writes", path=path, do="give the PDF or text itself"
            ) from None
    if text.status != "ok":
        raise ScopingError(text.reason, path=path)
    return text.pages
