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
@click.option("--before", type=FILE, help="States at title and abstract: only reports that were sought are matched.")
@click.option("--entries", type=FILE, multiple=True, help="Table of entries, for links to files; may be given often.")
@click.option("--decisions", type=FILE, help="Table of decisions about doubtful full texts, where people are asked.")
@target("matched", "Table to write: every full-text file and its report.")
@target("orphans", "Table of problems to write: answers about reports that are gone.")
def command(
    texts: tuple[Path, ...], records: Path, before: Path | None, entries: tuple[Path, ...], decisions: Path | None,
    matched: Path, orphans: Path,
) -> None:  # fmt: skip
    """Match full texts to reports by the record id in the file name, a person, a DOI, a link in an export or the title.

    What is not certain is matched to no report, and the reports it may be are named.
    """
    from scoping import file_answers, fulltext_match, record_ids, schemas, tables
    from scoping.texts import match

    extracted = [json.loads(path.read_text(encoding="utf-8")) for path in texts]
    sought = record_ids.included(tables.read(before, schemas.STATES)) if before else None
    tags = [(row["tags"], row["content_id"]) for path in entries for row in tables.read(path, schemas.ENTRIES)]
    attached = fulltext_match.links(tags)
    reports = fulltext_match.Reports(tables.read(records, schemas.RECORDS), sought, attached)
    answers = tables.read(decisions, schemas.DECISIONS) if decisions else []
    said, gone = file_answers.answers(answers, reports.known)
    rows = match(extracted, reports, said)
    tables.write(matched, schemas.TEXTS, rows)
    tables.write(orphans, schemas.PROBLEMS, gone)
    doubts = sum(row["candidates"] != "[]" for row in rows)
    found = sum(bool(row["record_id"]) for row in rows)
    log.info("match: %d files -> %d with a report, %d in doubt", len(rows), found, doubts)
