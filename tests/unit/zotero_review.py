"""A review that names one Zotero library, for tests of `scoping zotero`; loaded through the fixture `zotero_review`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scoping import schemas, tables
from scoping.cli import ingest
from scoping.cli import zotero as command
from scoping.errors import ScopingError

SNAPSHOT = Path("data/raw/exports/zotero_team.json")
FULLTEXT = Path("data/raw/fulltext")
PROTOCOL = """
title: Evidence in councils
question: {text: "What?", population: Councils, concept: Evidence, context: Any}
sources: {library: {name: Our library, kind: database, files: [zotero_team.json]}}
criteria:
  include: [{id: local, text: Local}]
  exclude: [{id: not-local, label: Not local, text: Elsewhere}]
people: {anna: {}, ben: {}, carys: {}}
stages:
  duplicates: {people: [anna]}
  title_abstract: {mode: single, people: [anna]}
  full_text: {mode: single, people: [anna]}
  coding: {mode: single, people: [anna]}
seed: 7
zotero:
  team: {kind: KIND, library: 4711, endpoint: "ENDPOINT", MORE}
"""


def write(server: Any, more: str = "local: no") -> None:
    """The protocol, in the present folder."""
    text = PROTOCOL.replace("KIND", server.kind).replace("ENDPOINT", server.endpoint).replace("MORE", more)
    Path("config").mkdir(exist_ok=True)
    Path("config/review.yaml").write_text(text, encoding="utf-8")


def said(*arguments: str) -> str:
    """What a command says that succeeds."""
    done = CliRunner().invoke(command.command, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: str) -> str:
    """What a command is refused with."""
    with pytest.raises(ScopingError) as caught:
        CliRunner().invoke(command.command, arguments, catch_exceptions=False)
    return str(caught.value)


def items() -> dict[str, dict[str, Any]]:
    """The items of the snapshot by key."""
    return {item["key"]: item for item in json.loads(SNAPSHOT.read_text(encoding="utf-8"))["items"]}


def ingested() -> tuple[list[dict[str, str]], ...]:
    """Entries, issues and receipts of the snapshot, as the command of the workflow writes them."""
    claims = json.dumps({"claims": {"z": {"reported": None, "encoding": ""}}})
    names = {"entries": schemas.ENTRIES, "issues": schemas.ISSUES, "receipts": schemas.RECEIPTS}
    paths = {name: Path(f"{name}.{'parquet' if name == 'entries' else 'csv'}") for name in names}
    options = [word for name, path in paths.items() for word in (f"--{name}", str(path))]
    CliRunner().invoke(ingest.command, [str(SNAPSHOT), "--claims", claims, *options], catch_exceptions=False)
    return tuple(tables.read(path, names[name]) for name, path in paths.items())


def entries() -> dict[str, dict[str, str]]:
    """The entries of the snapshot by the key of their item."""
    return {dict(json.loads(entry["tags"]))["item.key"]: entry for entry in ingested()[0]}


def many(server: Any, number: int = 230) -> list[str]:
    """Keys of so many articles that are in the library now."""
    keys = [f"MANY{n:04d}" for n in range(number)]
    for key in keys:
        server.add(key, DOI=f"10.5555/{key}", date="2021")
    return keys
