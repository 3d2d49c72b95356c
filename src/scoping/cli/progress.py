"""Issued sheets, states and the ledger -> the progress page."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER
from scoping.cli.options import FILE, review, settings_option, source, target

if TYPE_CHECKING:
    from scoping.columns import Table

log = logging.getLogger(__name__)


@click.command("progress")
@source("records", "Table of records.")
@source("pairs", "Table of possible duplicates.")
@source("title-abstract", "States at title and abstract.")
@source("full-text", "States at full text.")
@source("cells", "Table of cells.")
@click.option("--title", type=FILE, help="States at title, where titles alone are screened first.")
@click.option("--texts", type=FILE, help="Table of full texts, where people are asked about files.")
@click.option("--study-pairs", type=FILE, help="Pairs of reports, where people are asked about studies.")
@click.option("--studies", "linked", type=FILE, help="Table of studies, where people are asked about them.")
@click.option("--transcripts", type=FILE, help="Table of cells of transcripts, where interviews are coded.")
@click.option("--health", type=FILE, help="Table of the measures of screening health.")
@click.option("--issued", type=FILE, multiple=True, help="Table of issued sheets of a stage; may be given often.")
@click.option("--independent", type=FILE, multiple=True, help="Answers before reconciliation; may be given often.")
@settings_option
@target("html", "Page to write.")
@target("xlsx", "Workbook to write.")
def command(
    records: Path, pairs: Path, title_abstract: Path, full_text: Path, cells: Path, title: Path | None, texts: Path | None,
    study_pairs: Path | None, linked: Path | None, transcripts: Path | None, health: Path | None, issued: tuple[Path, ...], independent: tuple[Path, ...], settings: str | None, html: Path, xlsx: Path,
) -> None:  # fmt: skip
    """Write the page on which everybody sees how far the work is, and the same as a workbook; no answer stands there."""
    from scoping import (
        author_table,
        file_answers,
        files,
        ledger,
        progress_health,
        progress_page,
        record_ids,
        schemas,
        schemas_studies,
        screening_schemas,
        studies,
        tables,
        work_items,
    )

    protocol = review("progress", settings)
    events = ledger.read_events(LEDGER)

    def rows(path: Path | None, table: "Table") -> "list[tables.Row]":
        return tables.read(path, table) if path else []

    said = [row for path in independent for row in tables.read(path, schemas.INDEPENDENT)]
    known = record_ids.ever_known(tables.read(records, schemas.RECORDS), events)
    material = progress_page.Material(
        events=events,
        issued=[row for path in issued for row in tables.read(path, schemas.ISSUED)],
        independent=said,
        known=known,
        states={
            "duplicates": work_items.of_pairs(tables.read(pairs, schemas.DUPLICATE_PAIRS)),
            "doubtful_texts": work_items.of_files(file_answers.questions(rows(texts, schemas.TEXTS)), said, known),
            "studies": work_items.of_pairs(rows(study_pairs, schemas_studies.STUDY_PAIRS))
            | work_items.of_models(rows(linked, schemas_studies.STUDIES)),
            "title": {row["record_id"]: row["state"] for row in rows(title, schemas.STATES)},
            "title_abstract": {row["record_id"]: row["state"] for row in tables.read(title_abstract, schemas.STATES)},
            "full_text": {row["record_id"]: row["state"] for row in tables.read(full_text, schemas.STATES)},
            "coding": {studies.place(row): row["state"] for row in tables.read(cells, schemas.CELLS)},
            "interviews": {studies.place(row): row["state"] for row in rows(transcripts, schemas.CELLS)},
        },
    )
    found = progress_page.stages(material)
    names = {id_: person.name for id_, person in protocol.people.items()}
    page = progress_page.html(
        found, title=protocol.title, notice=protocol.notice, names=names,
        more=progress_health.section(rows(health, screening_schemas.SCREENING_HEALTH)), style=progress_health.STYLE,
    )  # fmt: skip
    lines = progress_page.rows(found, names)
    caption = f"Progress: {protocol.title}"
    files.replace(html, page.encode())
    files.replace(xlsx, author_table.xlsx(caption, progress_page.TABLE, progress_page.WIDTHS, lines, protocol.notice))
    log.info("progress: %d sheets of %d stages -> 1 page", len(material.issued), len(found))
