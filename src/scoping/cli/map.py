"""States and cells -> the evidence map."""

import logging
from pathlib import Path

import click

from scoping.cli.options import codebook_option, codes, review, settings_option, source, target

log = logging.getLogger(__name__)


@click.command("map")
@source("records", "Table of records.")
@source("title-abstract", "States at title and abstract.")
@source("full-text", "States at full text.")
@source("cells", "Table of cells.")
@source("studies", "Table of studies.")
@settings_option
@codebook_option
@target("html", "Page to write.")
def command(
    records: Path, title_abstract: Path, full_text: Path, cells: Path, studies: Path, settings: str | None,
    codebook: str | None, html: Path,
) -> None:  # fmt: skip
    """Write the evidence map: a page on which readers cross codes, filter studies and open the quotes behind each number."""
    from scoping import evidence_map, evidence_map_page, files, record_ids, schemas, schemas_studies, synthesis, tables
    from scoping.studies import Studies, placed

    protocol, book = review("map", settings), codes(codebook)
    linked = tables.read(studies, schemas_studies.STUDIES)
    first, second = (tables.read(path, schemas.STATES) for path in (title_abstract, full_text))
    material = synthesis.Material(
        records=placed(tables.read(records, schemas.RECORDS), linked),
        entry_records=[],
        receipts=[],
        title_abstract=record_ids.by_id(first),
        full_text=record_ids.by_id(second),
        cells=tables.read(cells, schemas.CELLS),
        texts=[],
        studies=Studies(linked),
    )
    included = synthesis.included_cells(material)
    mapped = evidence_map.Material(
        material.included, synthesis.study_names(material), included, material.studies, book
    )  # fmt: skip
    abstracts = protocol.report.map.abstracts
    page = evidence_map_page.html(
        evidence_map.index(mapped),
        evidence_map.details(mapped, abstracts=abstracts),
        title=f"Evidence map: {protocol.title}",
        notice=protocol.notice,
        draft=evidence_map.pending(first, second, included),
        abstracts=abstracts,
    )
    files.replace(html, page.encode())
    log.info("map: %d included studies, %d cells -> 1 page", len(mapped.names), len(included))
