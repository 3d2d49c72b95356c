"""Reports, small tables and the ledger -> the front page of the review."""

import csv
import html
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli.options import FILE, review, settings_option, target

if TYPE_CHECKING:
    from scoping.tables import Row

log = logging.getLogger(__name__)


@click.command("front")
@click.argument("reports", type=FILE, nargs=-1)
@settings_option
@target("page", "Page to write, in the folder of the reports.")
def command(reports: tuple[Path, ...], settings: str | None, page: Path) -> None:
    """Write the front page: where the review stands, what to look at, figures, and links to all files of the reports."""
    from scoping import files, front_page, paper, progress
    from scoping.cli import parts

    protocol, folder = review("front", settings), page.parent
    names = parts.names(reports, folder)
    standing = progress.standing(Path.cwd())

    def picture(stem: str) -> front_page.Picture:
        said = (parts.said(folder / stem, what, protocol.notice) for what in ("caption", "alt"))
        return front_page.Picture(stem, *said)

    material = front_page.Material(
        title=protocol.title,
        notice=protocol.notice,
        stages=standing.stages,
        sections=[(each.heading, each.lines, each.where, each.urgent) for each in standing.sections],
        next=standing.next,
        finished=standing.finished,
        figures=[picture(name.removesuffix(".png")) for name in paper.figures(names)],
        flow=picture("prisma"),
        captions={name.removesuffix(".html"): _caption(folder / name) for name in names if _is_table(name)},
        agreement=_panel(folder / "tables/agreement.csv"),
        files=frozenset(names),
    )
    files.replace(page, front_page.html(material).encode())
    log.info("front: %d files -> 1 page", len(names))


def _is_table(name: str) -> bool:
    return name.startswith("tables/") and name.endswith(".html")


def _caption(path: Path) -> str:
    found = re.search(r"<caption>(.*?)</caption>", path.read_text(encoding="utf-8"), re.DOTALL)
    return html.unescape(found[1]) if found else ""


def _panel(path: Path) -> "list[Row]":
    """The rows of the panel of agreement that take all items together."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [row for row in csv.DictReader(handle) if row["Compared by"] == "all"]
