"""Coding: cells from decisions, and two commands to be used alone: is a quote in a text, and which passages to read."""

import importlib
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from scoping.cli import LEDGER
from scoping.cli.options import (
    FILE,
    codebook_option,
    codes,
    migrations_option,
    review,
    settings_option,
    source,
    steps,
    target,
)

log = logging.getLogger(__name__)


ALONE = ("check", "suggest")
"""Commands that need no review and take no lock. What they import is no part of what `settle` is made of."""


class _Coding(click.Group):
    """`settle`, and the commands of `ALONE`, each in a module of its own that no statement imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands."""
        return [*super().list_commands(ctx), *ALONE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in ALONE:
            return super().get_command(ctx, cmd_name)
        command: click.Command = importlib.import_module(f"scoping.cli.code_{cmd_name}").command
        return command


@click.group("code", cls=_Coding)
@click.pass_context
def command(context: click.Context) -> None:
    """Settle the codes of a review; check quotes and suggest passages, in any folder."""
    if context.invoked_subcommand not in ALONE and not {"-h", "--help"} & set(sys.argv):
        from scoping import ledger

        context.with_resource(ledger.job_lock(LEDGER))


@command.command("settle", short_help="Settle the codes of included studies (a rule does).")
@click.argument("texts", type=FILE, nargs=-1)
@source("records", "Table of records.")
@source("states", "States at full text.")
@source("decisions", "Table of decisions of coding.")
@source("matched", "Table of full texts.")
@source("studies", "Table of studies.")
@settings_option
@codebook_option
@migrations_option
@target("cells", "Table of cells to write.")
@target("worklist", "Table to write: cells that are asked again since the codebook changed.")
@target("retired", "Table to write: answers whose code is in the codebook no more.")
@target("orphans", "Table of problems to write: decisions whose record is gone.")
def settle(
    texts: tuple[Path, ...], records: Path, states: Path, decisions: Path, matched: Path, studies: Path,
    settings: str | None, codebook: str | None, migrations: str | None, cells: Path, worklist: Path, retired: Path, orphans: Path,
) -> None:  # fmt: skip
    """Settle the codes of included studies and look each quote up in the stored text."""
    from collections import Counter

    from scoping import coding, quotes, record_ids, schemas, schemas_studies, tables
    from scoping import migrations as changes
    from scoping import texts as fulltexts
    from scoping.studies import Studies
    from scoping.votes import needed

    protocol = review("coding", settings)
    rows = tables.read(records, schemas.RECORDS)
    included = record_ids.included(tables.read(states, schemas.STATES))
    extracted = [json.loads(path.read_text(encoding="utf-8")) for path in texts]
    wanted = [row for row in rows if row["record_id"] in set(included)]
    places = fulltexts.places(extracted, tables.read(matched, schemas.TEXTS), wanted)
    linked = Studies(tables.read(studies, schemas_studies.STUDIES))
    answers = tables.read(decisions, schemas.DECISIONS)
    known, lost = record_ids.known_ids(rows, answers)
    book = codes(codebook)
    ids = [code.id for code in book.codes]
    chain = steps(migrations, book, (changes.version_of(row) for row in answers))
    followed = changes.follow(answers, known, ids, chain)
    votes = needed("coding", protocol.stages.coding, rows, protocol.seed)
    found = coding.settle(linked, book.codes, answers, known, votes, chain)
    again, gone = changes.worklist(found, followed), changes.retired(followed, found, set(included))
    of_report = {code.id for code in book.codes if code.unit == "report"}
    shared = fulltexts.of_studies(places, linked)

    def pages(cell: tables.Row) -> list[fulltexts.Page]:
        return (places if cell["code"] in of_report else shared)[cell["record_id"]]

    def look_up(quote: str, text: Sequence[str]) -> quotes.Found:
        place = quotes.find(quote, text)
        return replace(place, passage=quotes.shown(place, text))

    checked = coding.check_quotes(found, pages, look_up)
    tables.write(cells, schemas.CELLS, checked)
    tables.write(worklist, schemas.WORKLIST, again)
    tables.write(retired, schemas.RETIRED, gone)
    tables.write(orphans, schemas.PROBLEMS, [record_ids.orphan_problem("coding", row) for row in lost])
    state = Counter(row["state"] for row in checked)
    verdict = Counter(row["verdict"] for row in checked if row["verdict"])
    log.info(
        "code: %d cells %s, %d of them asked again; %d answers retired; quotes %s",
        len(checked), dict(sorted(state.items())), len(again), len(gone), dict(sorted(verdict.items())),
    )  # fmt: skip
