"""What other programs take."""

from pathlib import Path

import click

from scoping.cli import LEDGER


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
