"""Texts, tables and figures -> one document of what authors paste."""

import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, review, settings_option, target

log = logging.getLogger(__name__)


@click.command("manuscript")
@click.argument("reports", type=FILE, nargs=-1)
@settings_option
@target("document", "Document to write, in the folder of the reports.")
def command(reports: tuple[Path, ...], settings: str | None, document: Path) -> None:
    """Write one Word document of methods, tables, figures with alternative texts, and references, numbered throughout."""
    from scoping import files, manuscript, paper
    from scoping.cli import parts

    protocol = review("manuscript", settings)
    plan = paper.chosen(paper.MANUSCRIPT, parts.names(reports, document.parent))
    taken = parts.read(plan, document.parent, protocol.notice)
    files.replace(document, manuscript.docx(protocol.title, taken, protocol.notice))
    log.info("manuscript: %d files -> 1 document", sum(map(len, plan.values())))
