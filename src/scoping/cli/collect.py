"""The sheets of a stage -> decisions, the same before reconciliation, and problems; what is new enters the ledger."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER
from scoping.cli.options import FILE, review, settings_option, stage_option, target
from scoping.schemas import STAGES

if TYPE_CHECKING:
    from scoping.imports import Told
    from scoping.ledger import Event

SHEETS = Path("data/raw/sheets")
log = logging.getLogger(__name__)


@click.command("collect")
@stage_option(*STAGES)
@settings_option
@click.option("--key", help="The key of the folder when Snakemake looked at it.")
@click.option("--entries", type=FILE, multiple=True, help="Table of entries of an export whose labels are decisions.")
@click.option("--imports", "told", help="What the protocol says of such labels, as JSON; without it none are read.")
@click.option("--receipt", type=click.Path(path_type=Path), help="Receipt to write; older ones beside it are removed.")
@target("decisions", "Table of decisions to write.")
@target("independent", "Table of answers before any reconciliation to write.")
@target("problems", "Table of problems to write.")
def command(
    stage: str, settings: str | None, key: str | None, entries: tuple[Path, ...], told: str | None, receipt: Path | None,
    decisions: Path, independent: Path, problems: Path,
) -> None:  # fmt: skip
    """Read every sheet of a stage, keep what is new in the ledger, write decisions, independent answers and problems.

    Labels of exports that the protocol takes for decisions enter the ledger the same way.
    """
    from scoping import collect, files, folder, forms, imports, ledger, schemas, tables

    protocol = review("collect", settings)
    said: imports.Told | None = None if told is None else json.loads(told)
    place = SHEETS / stage
    with ledger.locked(LEDGER) as book:
        events = folder.of_stage(book.events, stage)
        form = forms.form(stage, protocol, forms.asking(folder.asked(events)), folder.decisions(events))
        present, unread = _open(place)
        if key:
            _unchanged(folder.of_stage(book.events, stage), place, present, unread, key, said or {})
        order = [criterion.id for criterion in protocol.criteria.exclude]

        def labels() -> imports.Reading:
            rows = [row for path in entries for row in tables.read(path, schemas.ENTRIES)]
            return imports.read(rows, said or {}, form, order)

        doubts, imported = collect.take_exports(book, stage, said, labels)
        result = collect.collect(book, stage, present, unread, lambda data: collect.version(data, form))
        tables.write(decisions, schemas.DECISIONS, result.decisions)
        events = folder.of_stage(book.events, stage)
        tables.write(independent, schemas.INDEPENDENT, collect.independent_rows(events))
        tables.write(problems, schemas.PROBLEMS, [*result.problems, *doubts])
        if receipt:
            for old in receipt.parent.glob(f"{stage}-*"):  # one that stayed could be mistaken for this one later
                old.unlink()
            files.replace(receipt, ledger.receipt(key or "-", events).encode())
    log.info(
        "collect %s: %d files, %d taken into the ledger now, %d waiting, %d answers of exports taken now -> %d answers, %d problems",
        stage, result.read, result.accepted, len(result.waiting), imported, len(result.decisions),
        len(result.problems) + len(doubts),
    )  # fmt: skip


def _unchanged(
    events: "list[Event]", place: Path, present: Mapping[str, bytes], unread: Mapping[str, str], key: str, said: "Told"
) -> None:
    """Stop, before anything is accepted, if other files lie there than when Snakemake looked.

    The receipt would say that what Snakemake saw was read. Should that come back (a program that saves a sheet takes it
    away for a moment), nobody would look again.
    """
    from scoping import files, folder, imports
    from scoping.errors import ScopingError

    seen = {name: files.sha256(data) for name, data in present.items()} | dict.fromkeys(unread, folder.UNREADABLE)
    if imports.key(folder.key(events, seen), events, said) == key:
        return
    known = folder.pristine(events) | set(folder.accepted(events))
    new = [name for name, digest in seen.items() if digest not in known]
    what, path = ("", place / new[0]) if len(new) == 1 else ("a sheet ", place)
    raise ScopingError(f"{what}was being saved or copied during the run", path=path, do="run again")


def _open(place: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """(bytes of every file of a folder, name -> why for those that cannot be opened now)."""
    from scoping import folder

    present: dict[str, bytes] = {}
    unread: dict[str, str] = {}
    for name in folder.hashes(place):
        try:
            present[name] = (place / name).read_bytes()
        except OSError as error:
            unread[name] = f"cannot be opened ({error.strerror}); close it in the other program and run again"
    return present, unread
