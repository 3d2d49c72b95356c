"""What other programs take."""

from pathlib import Path

import click

from scoping.cli import LEDGER
from scoping.cli.options import FILE, PATH

PROCESSED = Path("data/processed")
FORMS = ("ris", "bibtex", "csl-json", "asreview", "rayyan", "covidence", "zotero")


@click.group("export")
def command() -> None:
    """Write tables for other programs."""


@command.command("decisions")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="CSV to write.")
def decisions(output: Path) -> None:
    """Write every answer that was ever read, changes and withdrawals included, as a flat CSV."""
    from scoping import history, ledger, tables

    rows = history.flat(ledger.read_events(LEDGER))
    tables.write_report(output, list(history.FLAT), rows)
    click.echo(f"{len(rows):,} answers written to {output}")


@command.command("records")
@click.option(
    "--as", "form", type=click.Choice(FORMS), required=True, help="Format, or the program that is to read it."
)
@click.option(
    "--state", type=click.Choice(("include", "exclude", "all")), default="all", show_default=True, help="Which records."
)
@click.option(
    "--stage",
    type=click.Choice(("title_abstract", "full_text")),
    default="full_text",
    show_default=True,
    help="The stage whose decisions count.",
)
@click.option(
    "--records", type=FILE, default=PROCESSED / "records.parquet", show_default=True, help="Table of records."
)
@click.option("-o", "--output", type=PATH, required=True, help="File to write.")
def records(form: str, state: str, stage: str, records: Path, output: Path) -> None:
    """Write records, all or those included or excluded, for reference managers and screening programs."""
    from scoping import citation, exchange, files, reference_files, schemas, tables
    from scoping.errors import ScopingError

    path = PROCESSED / stage / "states.csv"
    if not path.is_file():
        raise ScopingError("there is no such table yet", path=str(path), do="run snakemake once")
    decided = {row["record_id"]: row for row in tables.read(path, schemas.STATES)}
    rows = [
        row
        for row in tables.read(records, schemas.RECORDS)
        if state == "all" or decided.get(row["record_id"], {}).get("state") == state
    ]
    rows.sort(key=citation.sort_key)
    plain = {"ris": reference_files.ris, "bibtex": reference_files.bibtex}
    files.replace(output, plain[form](rows) if form in plain else exchange.FORMS[form](rows, decided))
    click.echo(f"{len(rows):,} records written to {output}")
