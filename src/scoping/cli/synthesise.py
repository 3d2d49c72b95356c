"""States and cells -> tables and figures."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER
from scoping.cli.options import FILE, PATH, codebook_option, codes, review, settings_option, source

if TYPE_CHECKING:
    from scoping.codebook import Codebook
    from scoping.config import Review
    from scoping.drawing.frame import Chart
    from scoping.synthesis import Material
    from scoping.tables import Row

log = logging.getLogger(__name__)


@click.command("synthesise")
@click.argument("receipts", type=FILE, nargs=-1)
@source("records", "Table of records.")
@source("entry-records", "Table of entries and their records.")
@click.option("--title", type=FILE, help="States at title, where titles alone are screened first.")
@source("title-abstract", "States at title and abstract.")
@source("full-text", "States at full text.")
@source("cells", "Table of cells.")
@source("texts", "Table of full texts.")
@source("studies", "Table of studies.")
@settings_option
@codebook_option
@click.option("--tables", "table_folder", type=PATH, required=True, help="Folder for the tables.")
@click.option("--figures", "figure_folder", type=PATH, required=True, help="Folder for the figures.")
def command(
    receipts: tuple[Path, ...], records: Path, entry_records: Path, title: Path | None, title_abstract: Path, full_text: Path, cells: Path, texts: Path, studies: Path,
    settings: str | None, codebook: str | None, table_folder: Path, figure_folder: Path,
) -> None:  # fmt: skip
    """Write the tables (CSV, xlsx, docx, html, tex) and figures (SVG, PDF, PNG, TIFF, with data, alternative text, caption)."""
    from scoping import record_ids, schemas, schemas_studies, tables, title_stage
    from scoping.studies import Studies, placed
    from scoping.synthesis import Material

    protocol, book = review("synthesise", settings), codes(codebook)
    linked = tables.read(studies, schemas_studies.STUDIES)
    material = Material(
        records=placed(tables.read(records, schemas.RECORDS), linked),
        entry_records=tables.read(entry_records, schemas.ENTRY_RECORDS),
        receipts=[row for path in receipts for row in tables.read(path, schemas.RECEIPTS)],
        title_abstract=title_stage.latest(
            record_ids.by_id(tables.read(title, schemas.STATES) if title else []),
            record_ids.by_id(tables.read(title_abstract, schemas.STATES)),
        ),
        full_text=record_ids.by_id(tables.read(full_text, schemas.STATES)),
        cells=tables.read(cells, schemas.CELLS),
        texts=tables.read(texts, schemas.TEXTS),
        studies=Studies(linked),
    )
    _write_tables(material, protocol, book, table_folder)
    drawn = _draw(material, protocol, book, figure_folder)
    log.info("synthesise: %d included reports -> 16 tables, %d figures", len(material.included), drawn)


def _write_tables(material: "Material", protocol: "Review", codes: "Codebook", folder: Path) -> None:
    from scoping import code_tables, study_tables, synthesis
    from scoping.cli import author_tables
    from scoping.coded_studies import CodedStudies

    included = material.included
    coded = CodedStudies(synthesis.study_names(material), tuple(synthesis.included_cells(material)), codes)
    places = {id_: place.name for id_, place in protocol.sources.items()}
    for sheet in (
        study_tables.eligibility(protocol, material.full_text),
        study_tables.characteristics(included, coded),
        study_tables.supplement(included, coded, places),
        code_tables.frequencies(coded),
        code_tables.feature_levels(coded),
        code_tables.mechanisms_by_changes(coded),
        code_tables.mechanism_change_basis(coded),
        code_tables.practices(coded),
        code_tables.gaps(coded),
        synthesis.sources(material, protocol),
        synthesis.included_studies(material, codes),
        synthesis.coded_features(material, codes),
        synthesis.derived_variables(material, codes),
        synthesis.crosswalks(material, codes),
        synthesis.retrieval_log(material),
        synthesis.excluded_reports(material, protocol),
    ):
        author_tables.write(sheet, folder, protocol.notice)


def _draw(material: "Material", protocol: "Review", book: "Codebook", folder: Path) -> int:
    from scoping import code_counts, synthesis
    from scoping.cli import figures
    from scoping.drawing import charts

    preset = protocol.report.preset
    counts, year_data = synthesis.years(material)
    values, code_data = synthesis.matrix(material, book)
    family = {entry.id: entry.label for entry in book.families}
    columns = [charts.Column(code.id, code.label, family[code.family]) for code in code_counts.presence(book)]
    undated = sum(not row["year"] for row in material.included)
    kinds = synthesis.types(material)
    drawn = (
        (
            charts.publications_per_year(counts, kinds=kinds, notice=protocol.notice, undated=undated, preset=preset),
            year_data,
        ),
        (
            charts.feature_matrix(
                list(synthesis.study_names(material).values()),
                columns,
                values,
                notice=protocol.notice,
                unit="study",
                preset=preset,
            ),
            code_data,
        ),
    )
    every = [*drawn, *_more(material, protocol, book)]
    for chart, data in every:
        figures.write(chart, folder, list(data[0]) if data else ["ids"], data, protocol.notice, preset)
    return len(every)


def _more(material: "Material", protocol: "Review", book: "Codebook") -> "list[tuple[Chart, list[Row]]]":
    """Figures of sources, codes and screening."""
    from scoping import (
        code_figures,
        country_figures,
        ledger,
        link_figures,
        record_ids,
        screening_figure,
        source_figures,
        title_stage,
    )

    preset = protocol.report.preset
    included = {row["record_id"] for row in material.included}
    cells = [cell for cell in material.cells if cell["record_id"] in included]
    events = title_stage.screening(ledger.read_events(LEDGER))
    return [
        *source_figures.figures(
            material.records,
            {id_: entry.name for id_, entry in protocol.sources.items()},
            included,
            protocol.notice,
            preset,
        ),
        *(
            drawn
            for stage in (code_figures, country_figures, link_figures)
            for drawn in stage.figures(cells, book, protocol.notice, preset)
        ),
        screening_figure.figure(
            events,
            record_ids.ever_known(material.records, events),
            material.title_abstract,
            material.full_text,
            protocol.notice,
            preset,
        ),
    ]
