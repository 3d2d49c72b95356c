"""Decisions -> one state a record."""

import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, review, settings_option, source, stage_option, target
from scoping.schemas import SCREENING

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
    """Give each record its state at a stage."""
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
    tables.write(states, schemas.STATES, found)
    problems = imports.overruled(answers, record_ids.known_ids(rows, answers)[0])
    tables.write(orphans, schemas.PROBLEMS, [*problems, *(record_ids.orphan_problem(stage, row) for row in lost)])
    count = Counter(row["state"] for row in found)
    log.info("resolve %s: %d records -> %s", stage, len(found), dict(sorted(count.items())))
