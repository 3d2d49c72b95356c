"""States so far -> the order of the undecided records."""

import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, PATH, review, settings_option, source, target

log = logging.getLogger(__name__)


@click.command("rank")
@source("records", "Table of records.")
@source("states", "Table of states at title and abstract.")
@click.option("--title", type=FILE, help="Table of states at title, where titles alone are screened first.")
@settings_option
@target("order", "Table to write: the order.")
@target("model", "Model card to write (JSON).")
@target("weights", "Model to write (npz).")
@click.option("--prior", type=PATH, default="data/raw/prior", show_default=True, help="Folder of prior knowledge.")
def command(
    records: Path, states: Path, title: Path | None, settings: str | None, order: Path, model: Path,
    weights: Path, prior: Path,
) -> None:  # fmt: skip
    """Order the records that nobody has decided yet. Ordering excludes nothing."""
    from scoping import files, rank, record_ids, schemas, tables, title_stage
    from scoping import prior as knowledge

    protocol = review("rank", settings)
    titles = record_ids.by_id(tables.read(title, schemas.STATES)) if title else {}
    latest = title_stage.latest(titles, record_ids.by_id(tables.read(states, schemas.STATES)))
    known = knowledge.read(protocol.ranking.prior, prior)
    found, card, model_bytes = rank.rank(tables.read(records, schemas.RECORDS), list(latest.values()), protocol, known)
    tables.write(order, schemas.ORDER, found)
    files.replace(model, card.encode())
    files.replace(weights, model_bytes)
    log.info("rank: %d records ordered", len(found))
