"""Decisions -> one state a record."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER
from scoping.cli.options import FILE, review, settings_option, source, stage_option, target
from scoping.schemas import SCREENING

if TYPE_CHECKING:
    from scoping.screening_settings import Screening
    from scoping.tables import Row

log = logging.getLogger(__name__)


@click.command("resolve")
@stage_option(*SCREENING)
@source("records", "Table of records.")
@source("decisions", "Table of decisions of the stage.")
@click.option("--before", type=FILE, help="States of the stage before; only what it includes has a state here.")
@settings_option
@target("states", "Table of states to write.")
@target(
    "orphans", "Table of problems to write: decisions whose record is gone, or whose person says otherwise on a sheet."
)
def command(
    stage: str, records: Path, decisions: Path, before: Path | None, settings: str | None, states: Path, orphans: Path
) -> None:
    """Give each record its state at a stage; a stop that the protocol declares leaves records unscreened."""
    from collections import Counter

    from scoping import imports, record_ids, resolve, schemas, tables
    from scoping.votes import needed

    protocol = review("resolve", settings)
    plan = getattr(protocol.stages, stage)
    rows = tables.read(records, schemas.RECORDS)
    rules = resolve.Rules(
        votes=needed(stage, plan, rows, protocol.seed),
        unsure_includes=getattr(plan, "unsure", "conflict") == "include",
        reasons=[criterion.id for criterion in protocol.criteria.exclude],
    )
    universe = (
        record_ids.included(tables.read(before, schemas.STATES)) if before else [row["record_id"] for row in rows]
    )
    answers = tables.read(decisions, schemas.DECISIONS)
    found, lost = resolve.screening(rows, answers, universe, rules)
    if stage != "full_text":
        found = _stopped(found, rows, stage, protocol.screening)
    tables.write(states, schemas.STATES, found)
    problems = imports.overruled(answers, record_ids.known_ids(rows, answers)[0])
    tables.write(orphans, schemas.PROBLEMS, [*problems, *(record_ids.orphan_problem(stage, row) for row in lost)])
    count = Counter(row["state"] for row in found)
    log.info("resolve %s: %d records -> %s", stage, len(found), dict(sorted(count.items())))


def _stopped(states: "list[Row]", records: "list[Row]", stage: str, screening: "Screening") -> "list[Row]":
    """The states under the stop that the protocol declares; the ledger is told of it once, and once when it is taken back."""
    from scoping import declared_stop, folder, ledger, record_ids
    from scoping.screening_evidence import evidence

    events = folder.of_stage(ledger.read_events(LEDGER), stage)
    stop = screening.stop
    if declared_stop.standing(events, stage) is None and (stop is None or stop.stage != stage):
        return states
    known, by_id = record_ids.ever_known(records, events), record_ids.by_id(states)
    found = evidence(events, known, by_id)
    if fields := declared_stop.due(events, known, by_id, found, stage, screening):
        with ledger.locked(LEDGER) as book:
            book.append("stop", stage=stage, **fields)
            events = folder.of_stage(book.events, stage)
        log.info("resolve %s: stop declared: %s", stage, fields["declared"])
    return declared_stop.applied(states, events, known, stage)
