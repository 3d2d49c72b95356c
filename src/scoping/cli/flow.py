"""States -> the boxes of the flow diagram as sets of ids, checked, and the diagram."""

import logging
from pathlib import Path

import click

from scoping.cli.options import review, settings_option, source, target

log = logging.getLogger(__name__)


@click.command("flow")
@source("records", "Table of records.")
@source("entry-records", "Table of entries and their records.")
@source("title-abstract", "States at title and abstract.")
@source("full-text", "States at full text.")
@source("studies", "Table of studies.")
@settings_option
@target("ids", "Table to write: every id behind every number.")
@target("svg", "Diagram to write.")
@target("pdf", "Diagram to write.")
@target("png", "Diagram to write, 300 dpi.")
def command(
    records: Path, entry_records: Path, title_abstract: Path, full_text: Path, studies: Path, settings: str | None,
    ids: Path, svg: Path, pdf: Path, png: Path,
) -> None:  # fmt: skip
    """Count and draw the flow diagram. One that does not add up is an error and is not drawn."""
    from scoping import diagram, files, prisma, record_ids, schemas, schemas_studies, tables
    from scoping.drawing import flow_layout, flow_render
    from scoping.studies import placed

    protocol = review("flow", settings)
    entries = tables.read(entry_records, schemas.ENTRY_RECORDS)
    first = record_ids.by_id(tables.read(title_abstract, schemas.STATES))
    second = record_ids.by_id(tables.read(full_text, schemas.STATES))
    rows = placed(tables.read(records, schemas.RECORDS), tables.read(studies, schemas_studies.STUDIES))
    found = prisma.boxes(entries, rows, first, second)
    wrong = prisma.check(found, entries, rows, prisma.terminal_states(entries, first, second))
    if wrong:
        raise ValueError("the flow diagram does not add up:\n" + "\n".join(wrong))
    drawn = diagram.flow(found, protocol)
    width = 180 if "other_identified" in drawn.boxes else 130
    laid_out = flow_layout.layout(drawn, width_mm=width)
    tables.write(ids, schemas.PRISMA_IDS, prisma.rows(found))
    files.replace(svg, flow_render.to_svg(laid_out))
    files.replace(pdf, flow_render.to_pdf(laid_out))
    files.replace(png, flow_render.to_png(laid_out))
    log.info("flow: %s", diagram.alt_text(found))
