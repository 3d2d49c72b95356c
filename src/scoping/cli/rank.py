"""States so far -> the order of the undecided records."""

import logging
from pathlib import Path

import click

from scoping.cli.options import review, settings_option, source, target

log = logging.getLogger(__name__)


@click.command("rank")
@source("records", "Table of records.")
@source("states", "Table of states at title and abstract.")
@settings_option
@target("order", "Table to write: the order.")
@target("model", "Model card to write (JSON).")
def command(records: Path, states: Path, settings: str | None, order: Path, model: Path) -> None:
    """Order the records that nobody has decided yet. Ordering excludes nothing."""
    from scoping import files, rank, schemas, tables

    protocol = review("rank", settings)
    found, card = rank.rank(tables.read(records, schemas.RECORDS), tables.read(states, schemas.STATES), protocol)
    tables.write(order, schemas.ORDER, found)
    files.replace(model, card.encode())
    log.info("rank: %d records ordered", len(found))
