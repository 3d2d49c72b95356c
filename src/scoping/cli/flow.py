"""States -> the boxes of the flow diagram as sets of ids, checked, and the diagram in every format."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER
from scoping.cli.options import FILE, PATH, review, settings_option, source

if TYPE_CHECKING:
    from scoping.config import Review
    from scoping.drawing.flow import Flow
    from scoping.prisma_page import Material

log = logging.getLogger(__name__)


@click.command("flow")
@click.argument("receipts", type=FILE, nargs=-1)
@source("records", "Table of records.")
@source("entry-records", "Table of entries and their records.")
@click.option("--title", type=FILE, help="States at title, where titles alone are screened first.")
@source("title-abstract", "States at title and abstract.")
@source("full-text", "States at full text.")
@source("studies", "Table of studies.")
@click.option("--previous", type=FILE, help="Reports that the previous version of an updated review included.")
@settings_option
@click.option("--folder", type=PATH, required=True, help="Folder for the diagram and the table of ids.")
def command(
    receipts: tuple[Path, ...], records: Path, entry_records: Path, title: Path | None, title_abstract: Path,
    full_text: Path, studies: Path, previous: Path | None, settings: str | None, folder: Path,
) -> None:  # fmt: skip
    """Count and draw the flow diagram. One that does not add up is an error and is not drawn."""
    from scoping import late_duplicates, named_lines, prisma, prisma_rows, record_ids, schemas, schemas_studies, tables
    from scoping import previous as versions
    from scoping.prisma_page import Material
    from scoping.studies import placed

    protocol = review("flow", settings)
    entries = tables.read(entry_records, schemas.ENTRY_RECORDS)
    of_study = tables.read(studies, schemas_studies.STUDIES)
    rows = placed(tables.read(records, schemas.RECORDS), of_study)
    first_rows, second_rows = (tables.read(path, schemas.STATES) for path in (title_abstract, full_text))
    by_title = tables.read(title, schemas.STATES) if title else None
    read = [row for path in receipts for row in tables.read(path, schemas.RECEIPTS)]
    _stop_if(prisma_rows.check(entries, rows, first_rows, second_rows, of_study, read, by_title))
    first, second = record_ids.by_id(first_rows), record_ids.by_id(second_rows)
    titles = None if by_title is None else record_ids.by_id(by_title)
    found = prisma.boxes(entries, rows, first, second, titles)
    ends = prisma.terminal_states(entries, first, second, titles)
    wrong = prisma.check(found, entries, rows, ends)
    before = versions.read(previous or versions.FILE, protocol.previous) if protocol.previous else []
    if before:
        found = found.and_(versions.boxes(before, rows, found))
        wrong += versions.check(found, before, rows)
    found = found.and_(late_duplicates.box(late_duplicates.found(entries, (by_title or (), first_rows, second_rows))))
    _stop_if([*wrong, *late_duplicates.check(found)])
    found = found.and_(named_lines.boxes(protocol.report.lines, found, rows, first, second, titles))
    labels = {criterion.id: criterion.label for criterion in protocol.criteria.exclude}
    material = Material(
        found=found,
        entry_records=entries,
        records=rows,
        ends=ends,
        excluded_for={id_: labels.get(row["reason"], row["reason"]) for id_, row in second.items()},
        sources={id_: search.name for id_, search in protocol.sources.items()},
        previous=before,
    )
    _write(material, protocol, folder)


def _stop_if(wrong: list[str]) -> None:
    from scoping.errors import ScopingError

    if wrong:
        raise ScopingError(
            "the flow diagram does not add up, and is not drawn:\n" + "\n".join(wrong),
            do="\nno answer is lost: they are in data/raw. Remove data/processed and run `snakemake --cores 4`; if it says "
            "so again, that is a mistake in this program",
        )


def _write(material: "Material", protocol: "Review", folder: Path) -> None:
    """Each format is drawn from one layout."""
    from scoping import (
        declared_stop,
        diagram,
        files,
        late_duplicates,
        ledger,
        prisma,
        prisma_csv,
        prisma_page,
        schemas,
        tables,
    )
    from scoping.cli import figures
    from scoping.drawing import flow_docx, flow_layout, flow_pptx, flow_render

    stop = protocol.screening.stop
    declared = declared_stop.standing(ledger.read_events(LEDGER), stop.stage) if stop else None
    flow: Flow = diagram.flow(material.found, protocol, declared_stop.rule_in_words(declared) if declared else "")
    preset = protocol.report.preset
    placed = flow_layout.layout(flow, preset=preset)
    print_png, print_tiff = flow_render.to_print(placed)
    table = tables.csv_text(list(prisma_csv.COLUMNS), prisma_csv.rows(material.found, protocol))
    drawn = {
        "prisma.svg": flow_render.to_svg(placed),
        "prisma.pdf": flow_render.to_pdf(placed),
        "prisma.png": flow_render.to_png(placed),
        f"prisma_{preset.print_dpi}dpi.png": print_png,
        f"prisma_{preset.print_dpi}dpi.tiff": print_tiff,
        "prisma.pptx": flow_pptx.to_pptx(placed),
        "prisma.docx": flow_docx.to_docx(placed),
        "prisma.alt.txt": f"{flow.alt}\n{flow.notice}\n".encode(),
        "prisma.caption.txt": f"{flow.caption}\n{flow.notice}\n".encode(),
        "prisma.html": prisma_page.html(flow, placed, material).encode(),
        "prisma_2020.csv": table.encode(),
    }
    tables.write(folder / "prisma_ids.csv", schemas.PRISMA_IDS, prisma.rows(material.found))
    for old in folder.glob("prisma_*dpi.*"):  # in the dots per inch of an earlier preset
        if old.name not in drawn:
            old.unlink()
    for name, content in drawn.items():
        figures.fits(folder / name, content, preset)
        files.replace(folder / name, content)
    late = material.found.count(late_duplicates.BOX)
    log.info("flow: %s%s", flow.alt, f" {late_duplicates.in_words(late)}" if late else "")
