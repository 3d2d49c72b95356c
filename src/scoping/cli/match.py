"""Texts -> which report each belongs to."""

import json
import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, source, target

log = logging.getLogger(__name__)


@click.command("match")
@click.argument("texts", type=FILE, nargs=-1)
@source("records", "Table of records.")
@target("matched", "Table to write: every full-text file and its report.")
def command(texts: tuple[Path, ...], records: Path, matched: Path) -> None:
    """Match full texts to reports by the record id that a file name begins with."""
    from scoping import record_ids, schemas, tables
    from scoping.texts import match

    extracted = [json.loads(path.read_text(encoding="utf-8")) for path in texts]
    rows = match(extracted, record_ids.aliases(tables.read(records, schemas.RECORDS)))
    tables.write(matched, schemas.TEXTS, rows)
    log.info("match: %d files -> %d with a report", len(rows), sum(bool(row["record_id"]) for row in rows))
