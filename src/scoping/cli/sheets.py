"""Looking at a sheet before it is sent back."""

from pathlib import Path

import click

from scoping.cli import LEDGER
from scoping.cli.options import FILE, review


@click.group("sheets")
def command() -> None:
    """Look at a sheet before it is sent back."""


@command.command("check")
@click.argument("sheet", type=FILE)
def check(sheet: Path) -> None:
    """Say how a sheet will be read; nothing is kept."""
    from scoping import collect, folder, forms, ledger
    from scoping.errors import ScopingError

    events = ledger.read_events(LEDGER)
    protocol = review("collect", None)
    data = sheet.read_bytes()
    named = collect.version(data, forms.form("title_abstract", protocol)).sheet
    known = folder.issued(events)
    if named not in known:
        raise ScopingError("no row of a sheet of this review is in it", path=sheet, do="is it the right file?")
    info = known[named]
    before = folder.decisions(folder.of_stage(events, info.stage))
    found = collect.version(data, forms.form(info.stage, protocol, forms.asking({named: info.asked}), before))
    folder.judge(
        folder.of_stage(events, info.stage), {sheet.name: ""}, {sheet.name: found}
    )  # adds doubts to what it finds
    for cell, _, what in [*found.doubts, *found.held]:
        click.echo(f"{sheet}{f':{cell}' if cell else ''}: {what}")
    for note in found.notes:
        click.echo(f"{sheet}: {note}")
    verdict = (
        "cannot be taken as it is"
        if found.doubts
        else "will be taken"
        if not found.held
        else "will be taken but for these rows"
    )
    click.echo(
        f"{info.person}, {info.batch} ({info.stage}): {len(found.labels)} of {len(info.items)} answers; the file {verdict}."
    )
    if found.doubts:
        raise SystemExit(1)
