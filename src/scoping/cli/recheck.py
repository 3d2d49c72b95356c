"""Entries, pairs and what people said -> what was decided without asking, what of it is checked, and how exact it was."""

import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, PATH, review, settings_option, source, target

log = logging.getLogger(__name__)


@click.command("recheck")
@click.argument("entries", type=FILE, nargs=-1, required=True)
@source("entry-records", "Table of entries and their records.")
@source("pairs", "Table of pairs.")
@source("decisions", "Table of decisions about duplicates.")
@settings_option
@target("checks", "Table to write: pairs that were decided without asking, those drawn, what people said.")
@target("shown", "Table to write (parquet): the entries of the pairs drawn, as the sheet shows them.")
@click.option("--tables", "table_folder", type=PATH, required=True, help="Folder for the table for authors.")
def command(
    entries: tuple[Path, ...], entry_records: Path, pairs: Path, decisions: Path, settings: str | None, checks: Path,
    shown: Path, table_folder: Path,
) -> None:  # fmt: skip
    """Draw merges and near pairs for people to check, and say how exact de-duplication was from what they answered.

    Entries are read only where the protocol wants a check.
    """
    from scoping import duplicate_check, duplicate_report, near_pairs, schemas, tables
    from scoping.cli import author_tables
    from scoping.comparable import item

    protocol = review("recheck", settings)
    sizes = protocol.stages.duplicates.check
    found, said = tables.read(pairs, schemas.DUPLICATE_PAIRS), tables.read(decisions, schemas.DECISIONS)
    record_of = {
        row["content_id"]: row["record_id"]
        for row in tables.read(entry_records, schemas.ENTRY_RECORDS)
        if row["record_id"]
    }
    whole: list[tables.Row] = []
    if sizes.merged or sizes.apart:
        rows = (row for path in entries for row in tables.read(path, schemas.ENTRIES))
        whole = [row for row in rows if row["status"] != "rejected"]
    matched = {(row["a"], row["b"]) for row in found if row["chance"]}
    near = near_pairs.near(map(item, whole), matched) if sizes.apart else {}
    drawn = duplicate_check.draw(duplicate_check.frame(found, record_of, near, said), sizes, protocol.seed, said)
    tables.write(checks, schemas.DUPLICATE_CHECKS, drawn)
    ids = {row[end] for row in drawn if row["drawn"] for end in ("a", "b")}
    tables.write(shown, schemas.RECORDS, duplicate_check.alone(whole, ids))
    author_tables.write(duplicate_report.table(drawn, looked=sizes.apart > 0), table_folder, protocol.notice)
    log.info(
        "recheck: %d merges, %d near pairs kept apart -> %d drawn, %d of them answered",
        sum(row["kind"] == "merged" for row in drawn), sum(row["kind"] == "apart" for row in drawn),
        sum(row["drawn"] == "yes" for row in drawn), sum(bool(row["drawn"] and row["answer"]) for row in drawn),
    )  # fmt: skip
