"""Answers of coding, and texts -> every quote with its verdict."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER
from scoping.cli.options import (
    FILE,
    PATH,
    codebook_option,
    codes,
    migrations_option,
    review,
    settings_option,
    source,
    steps,
    target,
)

if TYPE_CHECKING:
    from scoping.items import Item
    from scoping.quotes import Found

log = logging.getLogger(__name__)


@click.command("quotes")
@click.argument("texts", type=FILE, nargs=-1)
@source("records", "Table of records.")
@source("decisions", "Table of decisions of coding.")
@source("cells", "Table of cells.")
@source("matched", "Table of full texts.")
@source("studies", "Table of studies.")
@settings_option
@codebook_option
@migrations_option
@target("quotes", "Table to write: every quote, and the sheet and cell it was read from.")
@click.option("--tables", "table_folder", type=PATH, required=True, help="Folder for the tables for people.")
def command(
    texts: tuple[Path, ...], records: Path, decisions: Path, cells: Path, matched: Path, studies: Path,
    settings: str | None, codebook: str | None, migrations: str | None, quotes: Path, table_folder: Path,
) -> None:  # fmt: skip
    """Write every quote with its verdict, its page and the closest passage; what is missing is red."""
    from collections import Counter

    from scoping import (
        author_table,
        coding_schemas,
        files,
        ledger,
        quote_report,
        record_ids,
        schemas,
        schemas_studies,
        tables,
    )  # fmt: skip
    from scoping import migrations as changes
    from scoping import quotes as checking
    from scoping import texts as fulltexts
    from scoping.pseudonyms import Pseudonyms
    from scoping.studies import Studies

    protocol, book = review("quotes", settings), codes(codebook)
    answers, coded = tables.read(decisions, schemas.DECISIONS), tables.read(cells, schemas.CELLS)
    rows = tables.read(records, schemas.RECORDS)
    here = {cell["record_id"] for cell in coded}
    wanted = [row for row in rows if row["record_id"] in here]
    extracted = [json.loads(path.read_text(encoding="utf-8")) for path in texts]
    places = fulltexts.places(extracted, tables.read(matched, schemas.TEXTS), wanted)
    shared = fulltexts.of_studies(places, Studies(tables.read(studies, schemas_studies.STUDIES)))
    of_report = {code.id for code in book.codes if code.unit == "report"}

    def pages(of: "Item") -> list[fulltexts.Page]:
        return (places if of.code in of_report else shared)[of.record]

    known, _ = record_ids.known_ids(rows, answers)
    labels = {code.id: code.label for code in book.codes}
    chain = steps(migrations, book, (changes.version_of(row) for row in answers))
    followed = changes.follow(answers, known, labels, chain)

    def look_up(quote: str, text: Sequence[str]) -> "Found":
        found = checking.find(quote, text)
        return replace(found, passage=checking.shown(found, text))

    found = quote_report.rows(followed, coded, pages, ledger.read_events(LEDGER), look_up)
    tables.write(quotes, coding_schemas.QUOTES, found)
    hidden = Pseudonyms.of(protocol.people, {row["person"] for row in found}, anonymous=protocol.report.anonymous)
    if hidden.names:  # a file may be called by a name
        found = [{**row, "file": row["sheet"]} for row in hidden.rows(found)]
    lines, notice = quote_report.table(found, wanted, labels), protocol.notice
    tables.write_report(table_folder / "quotes.csv", quote_report.COLUMNS, lines, notice=notice)
    workbook = author_table.xlsx(
        quote_report.CAPTION, quote_report.COLUMNS, quote_report.WIDTHS, lines, notice, quote_report.COLOURS
    )
    files.replace(table_folder / "quotes.xlsx", workbook)
    log.info("quotes: %d quotes %s", len(found), dict(sorted(Counter(row["verdict"] for row in found).items())))
