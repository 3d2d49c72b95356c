"""Reports -> the supplement of the paper, one zip file."""

import logging
from pathlib import Path, PurePosixPath

import click

from scoping.cli.options import FILE, review, settings_option, target

log = logging.getLogger(__name__)


@click.command("supplement")
@click.argument("reports", type=FILE, nargs=-1)
@click.option("--codebook-file", type=FILE, required=True, help="The codebook, as people wrote it.")
@settings_option
@target("archive", "Zip file to write, in the folder of the reports.")
def command(reports: tuple[Path, ...], codebook_file: Path, settings: str | None, archive: Path) -> None:
    """Write the supplement: further tables and figures as a document, checklists, the data behind every number, the codebook."""
    from scoping import files, manuscript, paper, tables
    from scoping.cli import parts

    protocol = review("supplement", settings)
    folder, names = archive.parent, parts.names(reports, archive.parent)
    document = manuscript.docx(
        f"Supplement: {protocol.title}",
        parts.read(paper.chosen(paper.SUPPLEMENT, names), folder, protocol.notice),
        protocol.notice,
        prefix="S",
    )
    data = {
        PurePosixPath(within, Path(name).name).as_posix(): (folder / name).read_bytes()
        for within, mine in paper.chosen(paper.DATA, names).items()
        for name in mine
    }
    contents = {"supplement.docx": document, "codebook.yaml": codebook_file.read_bytes(), **data}
    listed = tables.csv_text(list(paper.CONTENTS), paper.listed(contents))
    files.replace(archive, files.zipped({"contents.csv": listed.encode(), **contents}))
    log.info("supplement: %d files -> 1 archive", len(contents) + 1)
