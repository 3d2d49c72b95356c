"""States at full text -> reference lists of the included reports."""

import logging
from pathlib import Path

import click

from scoping.cli.options import PATH, review, settings_option, source

log = logging.getLogger(__name__)
TITLE = "Included reports"
NONE = "No report is included yet."


@click.command("references")
@source("records", "Table of records.")
@source("full-text", "States at full text.")
@settings_option
@click.option("--folder", type=PATH, required=True, help="Folder for the lists and files.")
def command(records: Path, full_text: Path, settings: str | None, folder: Path) -> None:
    """Write reference lists, APA-like and numbered (docx, html, txt), and the included reports as RIS and BibTeX."""
    from scoping import author_docx, author_html, citation, files, reference_files, references, schemas, tables

    notice = review("references", settings).notice
    included = {row["record_id"] for row in tables.read(full_text, schemas.STATES) if row["state"] == "include"}
    rows = [row for row in tables.read(records, schemas.RECORDS) if row["record_id"] in included]
    rows.sort(key=citation.sort_key)
    letter = references.letters(rows)
    apa = [references.apa(row, letter[row["record_id"]]) for row in rows]
    for name, items in (("apa", apa), ("numbered", [references.numbered(row) for row in rows])):
        has_numbers = name == "numbered" and bool(items)
        shown = items or [[(NONE, False)]]
        files.replace(folder / f"{name}.docx", author_docx.listed(TITLE, shown, notice, numbered=has_numbers))
        files.replace(folder / f"{name}.html", author_html.listed(TITLE, shown, notice, numbered=has_numbers))
        files.replace(folder / f"{name}.txt", references.text(shown, notice, numbered=has_numbers).encode())
    files.replace(folder / "included.ris", reference_files.ris(rows))
    files.replace(folder / "included.bib", reference_files.bibtex(rows))
    log.info("references: %d included reports -> 2 lists, RIS, BibTeX", len(rows))
