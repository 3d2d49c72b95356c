"""Entries -> records, which entry is in which record, pairs."""

import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, review, settings_option, source, target

log = logging.getLogger(__name__)


@click.command("dedupe")
@click.argument("entries", type=FILE, nargs=-1, required=True)
@source("decisions", "Table of decisions about duplicates.")
@settings_option
@target("records", "Table of records to write (parquet).")
@target("entry-records", "Table to write: the record of each entry.")
@target("pairs", "Table to write: pairs of the same report, and pairs to ask about.")
@target("orphans", "Table of problems to write: answers about items that are gone, or that contradict each other.")
def command(
    entries: tuple[Path, ...],
    decisions: Path,
    settings: str | None,
    records: Path,
    entry_records: Path,
    pairs: Path,
    orphans: Path,
) -> None:
    """Join the entries of the same report into records."""
    from scoping import dedupe, duplicate_answers, record_ids, schemas, tables

    arm = {id_: source.kind.arm for id_, source in review("dedupe", settings).sources.items()}
    rows = [row for path in entries for row in tables.read(path, schemas.ENTRIES)]
    answers = tables.read(decisions, schemas.DECISIONS)
    found, links, matched = dedupe.dedupe(rows, answers, arm)
    lost = [record_ids.orphan_problem("duplicates", row) for row in dedupe.orphans(rows, answers)]
    lost += duplicate_answers.problems(duplicate_answers.standing(answers))
    tables.write(records, schemas.RECORDS, found)
    tables.write(entry_records, schemas.ENTRY_RECORDS, links)
    tables.write(pairs, schemas.DUPLICATE_PAIRS, matched)
    tables.write(orphans, schemas.PROBLEMS, lost)
    open_pairs = sum(row["open"] == "yes" for row in matched)
    torn = sum(row["answer"] == duplicate_answers.CONFLICT for row in matched)
    log.info(
        "dedupe: %d entries -> %d records, %d pairs to ask about, %d of them answered in ways that contradict each other",
        len(rows), len(found), open_pairs, torn,
    )  # fmt: skip
