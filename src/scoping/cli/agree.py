"""Independent answers -> how far people agree."""

import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, PATH, codebook_option, codes, review, settings_option, source

log = logging.getLogger(__name__)


@click.command("agree")
@click.argument("independent", type=FILE, nargs=-1)
@source("records", "Table of records.")
@settings_option
@codebook_option
@click.option("--tables", "table_folder", type=PATH, required=True, help="Folder for the tables.")
@click.option("--figures", "figure_folder", type=PATH, required=True, help="Folder for the figure.")
def command(
    independent: tuple[Path, ...],
    records: Path,
    settings: str | None,
    codebook: str | None,
    table_folder: Path,
    figure_folder: Path,
) -> None:
    """Write how far people agreed before reconciliation: a table, the ids behind its numbers, and a forest plot."""
    from scoping import agreement_report as report
    from scoping import comparisons, schemas, tables
    from scoping.author_sheet import Sheet
    from scoping.cli import author_tables, figures
    from scoping.drawing import forest
    from scoping.pseudonyms import Pseudonyms

    protocol, book = review("agree", settings), codes(codebook)
    given = [row for path in independent for row in tables.read(path, schemas.INDEPENDENT)]
    seen = {row["person"] for row in given}
    given = Pseudonyms.of(protocol.people, seen, anonymous=protocol.report.anonymous).rows(given)
    known, gone = comparisons.known(tables.read(records, schemas.RECORDS), given)
    family = {each.id: each.label for each in book.families}
    labels = comparisons.Labels(
        reasons={criterion.id: criterion.label for criterion in protocol.criteria.exclude},
        codes={code.id: code.label for code in book.codes},
        code_values={code.id: tuple(code.values) for code in book.codes},
        families={code.id: family[code.family] for code in book.codes},
    )
    lines = comparisons.comparisons(comparisons.answers(given, known), labels, protocol.seed)
    rows, notice = report.table(lines), protocol.notice
    author_tables.write(Sheet("agreement", report.CAPTION, report.COLUMNS, report.WIDTHS, rows), table_folder, notice)
    tables.write_report(table_folder / "agreement_ids.csv", report.ID_COLUMNS, report.ids(lines), notice=notice)
    chart = forest.forest(
        report.sections(lines),
        report.SHOWN,
        name="agreement",
        title="Agreement between people before reconciliation",
        axis="Agreement",
        note="n: items that two or more people answered. Bars: 95% intervals. No mark: not defined",
        empty="No item has been answered by two people yet",
        notice=notice,
        preset=protocol.report.preset,
    )
    figures.write(
        chart, figure_folder, report.DATA_COLUMNS, report.data(lines), notice, protocol.report.preset,
        numbers=("value", "low", "high"),
    )  # fmt: skip
    log.info("agree: %d answers, %d of records that are gone -> %d comparisons", len(given), gone, len(lines))
