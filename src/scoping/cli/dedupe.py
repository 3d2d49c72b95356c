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
@target("fields", "Table to write: fields in which the entries of a record differ.")
@target("links", "Table to write: records that belong together, such as a preprint and its article.")
@target("flags", "Table to write: records that were retracted, corrected or commented on.")
@target(
    "orphans",
    "Table of problems to write: answers about items that are gone or that contradict each other, entries that share an id.",
)
def command(
    entries: tuple[Path, ...],
    decisions: Path,
    settings: str | None,
    records: Path,
    entry_records: Path,
    pairs: Path,
    fields: Path,
    links: Path,
    flags: Path,
    orphans: Path,
) -> None:
    """Join the entries of the same report into records."""
    from scoping import (
        dedupe,
        duplicate_answers,
        linked_records,
        matching,
        record_ids,
        schemas,
        schemas_records,
        shared_ids,
        tables,
    )

    arm = {id_: source.kind.arm for id_, source in review("dedupe", settings).sources.items()}
    rows = [row for path in entries for row in tables.read(path, schemas.ENTRIES)]
    answers = tables.read(decisions, schemas.DECISIONS)
    compared = matching.compared(row for row in rows if row["status"] != "rejected")
    joined, of_entries, matched = dedupe.dedupe(rows, answers, arm, compared=compared)
    found = linked_records.linked(joined, matched, compared)
    lost = [record_ids.orphan_problem("duplicates", row) for row in dedupe.orphans(rows, answers)]
    lost += duplicate_answers.problems(duplicate_answers.standing(answers))
    tables.write(records, schemas.RECORDS, found.records)
    tables.write(entry_records, schemas.ENTRY_RECORDS, of_entries)
    tables.write(pairs, schemas.DUPLICATE_PAIRS, matched)
    tables.write(fields, schemas_records.RECORD_FIELDS, dedupe.fields(joined, rows))
    tables.write(links, schemas_records.RECORD_LINKS, found.links)
    tables.write(flags, schemas_records.RECORD_FLAGS, found.flags)
    tables.write(orphans, schemas.PROBLEMS, [*lost, *shared_ids.problems(rows)])
    open_pairs = sum(row["open"] == "yes" for row in matched)
    torn = sum(row["answer"] == duplicate_answers.CONFLICT for row in matched)
    log.info(
        "dedupe: %d entries -> %d records, %d pairs to ask about, %d of them answered in ways that contradict each other",
        len(rows), len(joined), open_pairs, torn,
    )  # fmt: skip
