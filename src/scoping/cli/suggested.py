"""Answers before reconciliation -> what became of suggestions."""

import logging
from pathlib import Path

import click

from scoping.cli.options import (
    PATH,
    codebook_option,
    codes,
    migrations_option,
    review,
    settings_option,
    source,
    steps,
)

log = logging.getLogger(__name__)


@click.command("suggested")
@source("records", "Table of records.")
@source("independent", "Answers of coding before any reconciliation.")
@source("switches", "Table of the codes whose suggestions are shown.")
@settings_option
@codebook_option
@migrations_option
@click.option("--tables", "table_folder", type=PATH, required=True, help="Folder for the tables.")
def command(
    records: Path, independent: Path, switches: Path,
    settings: str | None, codebook: str | None, migrations: str | None, table_folder: Path,
) -> None:  # fmt: skip
    """Write what became of suggestions: confirmed, rejected, added by hand; how much they sway people; the cells."""
    from scoping import author_table, coding_schemas, files, record_ids, schemas, tables, uptake
    from scoping import migrations as changes
    from scoping import suggestion_report as report
    from scoping.votes import needed

    protocol, book = review("suggested", settings), codes(codebook)
    rows, given = tables.read(records, schemas.RECORDS), tables.read(independent, schemas.INDEPENDENT)
    known, _ = record_ids.known_ids(rows, given)
    labels = {code.id: code.label for code in book.codes}
    followed = changes.follow(given, known, labels, steps(migrations, book, (changes.version_of(row) for row in given)))
    found = uptake.cells(followed, needed("coding", protocol.stages.coding, rows, protocol.seed))
    lines = report.table(found, labels, tables.read(switches, coding_schemas.SWITCHES), protocol.seed)
    notice = protocol.notice
    tables.write_report(table_folder / "suggestions.csv", report.COLUMNS, lines, notice=notice)
    workbook = author_table.xlsx(report.CAPTION, report.COLUMNS, report.WIDTHS, lines, notice)
    files.replace(table_folder / "suggestions.xlsx", workbook)
    members = report.ids(found, labels)
    tables.write_report(table_folder / "suggestions_ids.csv", report.ID_COLUMNS, members, notice=notice)
    log.info("suggested: %d answers -> %d cells with suggestions or without by lot", len(given), len(found))
