"""States, issued sheets and the ledger -> how screening goes: measures, two figures, labels to look at again."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER
from scoping.cli.options import PATH, review, settings_option, source, target

if TYPE_CHECKING:
    from scoping.config import Review
    from scoping.screening_health import Health
    from scoping.tables import Row

log = logging.getLogger(__name__)


@click.command("health")
@source("records", "Table of records.")
@source("title-abstract", "States at title and abstract.")
@source("issued", "Table of issued sheets of title and abstract.")
@settings_option
@target("measures", "Table of measures to write, for the page of progress.")
@click.option("--tables", "table_folder", type=PATH, required=True, help="Folder for the tables.")
@click.option("--figures", "figure_folder", type=PATH, required=True, help="Folder for the figures.")
def command(
    records: Path, title_abstract: Path, issued: Path, settings: str | None, measures: Path, table_folder: Path,
    figure_folder: Path,
) -> None:  # fmt: skip
    """Say how screening goes: recall with estimate and band, work left, finds per batch, labels that surprise a model."""
    from scoping import schemas, screening_health, screening_schemas, tables
    from scoping.cli import author_tables, figures

    protocol = review("health", settings)
    rows = tables.read(records, schemas.RECORDS)
    health = _health(
        rows, tables.read(title_abstract, schemas.STATES), tables.read(issued, schemas.ISSUED), protocol
    )  # fmt: skip
    tables.write(measures, screening_schemas.SCREENING_HEALTH, screening_health.rows(health))
    by_id = {row["record_id"]: row for row in rows}
    for sheet in (screening_health.sheet(health), screening_health.check(health, by_id)):
        author_tables.write(sheet, table_folder, protocol.notice)
    preset = protocol.report.preset
    for draw in (screening_health.recall, screening_health.finds):
        chart, data = draw(health, protocol.notice, preset)
        figures.write(chart, figure_folder, list(data[0]) if data else ["ids"], data, protocol.notice, preset)
    log.info("health: %d records read, %d not", len(health.found.read), len(health.found.unread))


def _health(records: "list[Row]", states: "list[Row]", issued: "list[Row]", protocol: "Review") -> "Health":
    import json

    from scoping import fixed_target, folder, ledger, record_ids, screening_health, screening_model
    from scoping.screening_evidence import evidence

    everything = ledger.read_events(LEDGER)
    events = folder.of_stage(everything, "title_abstract")
    known, by_id = record_ids.ever_known(records, events), record_ids.by_id(states)
    found = evidence(events, known, by_id, screening_health.in_work(events, issued, known))
    texts = {
        row["record_id"]: " ".join([row["title"], row["abstract"], *json.loads(row["keywords"] or "[]")])
        for row in records
        if row["record_id"] in by_id
    }
    return screening_health.Health(
        found,
        screening_model.opinion(texts, dict(zip(found.read, found.labels, strict=True)), protocol.seed),
        protocol.screening,
        screening_health.batches(events, known),
        fixed_target.deviation(everything, protocol.screening),
    )
