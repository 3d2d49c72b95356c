"""Where the review stands."""

from pathlib import Path

import click


@click.command("status")
def command() -> None:
    """Say where the review stands, who has which sheet, and the next thing to do."""
    from scoping import progress

    click.echo(progress.text(Path.cwd()))
