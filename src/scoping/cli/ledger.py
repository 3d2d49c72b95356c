"""What people decided, when, on which sheet; and whether the ledger is whole."""

from pathlib import Path

import click

from scoping.cli import LEDGER


@click.group("ledger")
def command() -> None:
    """Tell what the ledger knows of a record, and whether it is whole."""


@command.command("log")
@click.argument("record")
def log(record: str) -> None:
    """Tell the whole history of a record, named by its id or that of any of its entries."""
    from scoping import history, ledger, schemas, tables
    from scoping.errors import ScopingError

    ids = {record.upper()}
    links = Path("data/processed/entry_records.csv")
    if links.exists():
        rows = tables.read(links, schemas.ENTRY_RECORDS)
        records = {row["record_id"] for row in rows if row["record_id"] and ids & {row["content_id"], row["record_id"]}}
        ids |= {row["content_id"] for row in rows if row["record_id"] in records}
    lines = list(history.of_record(ledger.read_events(LEDGER), ids))
    if not lines:
        raise ScopingError(f"the ledger knows nothing of {record}", do="ids stand in data/processed/entry_records.csv")
    click.echo("\n".join(lines))


@command.command("verify")
def verify() -> None:
    """Check the chain of events and the bytes of every sheet version that is here."""
    from scoping import history, ledger
    from scoping.errors import ScopingError

    events = ledger.read_events(LEDGER)
    named, missing, damaged = history.check_blobs(events, LEDGER / "blobs")
    if damaged:
        raise ScopingError(
            f"{len(damaged)} of the stored sheet versions are damaged",
            path=LEDGER / "blobs" / damaged[0],
            do=ledger.RESTORE,
        )
    click.echo(f"The chain of {len(events):,} events is whole.")
    click.echo(f"Of {named:,} versions of sheets the bytes of {named - len(missing):,} are here, and none is damaged.")
