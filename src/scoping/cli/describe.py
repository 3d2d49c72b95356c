"""Protocol, codebook and tables of all stages -> the methods section, the automation statement, the checklists."""

import logging
import platform
from collections import defaultdict
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER
from scoping.cli.options import (
    FILE,
    PATH,
    codebook_option,
    codes,
    migrations_option,
    review,
    settings_option,
    source,
    steps,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scoping.codebook import Codebook
    from scoping.comparisons import Comparison
    from scoping.config import Review
    from scoping.methods.material import Material
    from scoping.methods.prose import Document
    from scoping.migration_steps import Migration
    from scoping.tables import Row
    from scoping.uptake import Cell

log = logging.getLogger(__name__)
_PACKAGES = ("scikit-learn", "pypdfium2", "snakemake")


@click.command("describe")
@source("flow", "Table of the ids behind the flow diagram.")
@source("records", "Table of records.")
@source("entry-records", "Table of entries and their records.")
@source("checks", "Table of pairs that were checked.")
@source("pairs", "Table of pairs of entries.")
@source("title-abstract", "States at title and abstract.")
@source("full-text", "States at full text.")
@source("studies", "Table of studies.")
@source("study-pairs", "Table of pairs of reports.")
@source("texts", "Table of full texts.")
@source("cells", "Table of cells.")
@source("switches", "Table of the codes whose suggestions are shown.")
@click.option("--decisions", type=FILE, multiple=True, help="Decisions of a stage; once for each.")
@click.option("--independent", type=FILE, multiple=True, help="Answers before reconciliation; once for each stage.")
@click.option("--pilots", type=FILE, multiple=True, help="Pilots of a stage; once for each, in a folder of its name.")
@click.option("--title", type=FILE, help="States at title, where titles are screened first.")
@click.option("--transcripts", type=FILE, help="Cells of the interviews, where there are any.")
@settings_option
@codebook_option
@migrations_option
@click.option(
    "--folder", type=PATH, required=True, help="Folder for the texts, the checklists and the table of numbers."
)
def command(
    decisions: tuple[Path, ...], independent: tuple[Path, ...], pilots: tuple[Path, ...], title: Path | None,
    transcripts: Path | None,
    settings: str | None, codebook: str | None, migrations: str | None, folder: Path, **paths: Path,
) -> None:  # fmt: skip
    """Write methods section and automation statement (docx, html, md), PRISMA-ScR and PRISMA-S checklists, all numbers."""
    from scoping import __version__, coding_schemas, ledger, prisma, record_ids, schemas, schemas_studies, tables
    from scoping import migrations as changes
    from scoping.methods.material import Material
    from scoping.pseudonyms import Pseudonyms
    from scoping.studies import placed

    protocol, book = review("describe", settings), codes(codebook)
    read = [row for path in decisions for row in tables.read(path, schemas.DECISIONS)]
    hidden = Pseudonyms.of(protocol.people, {row["person"] for row in read}, anonymous=protocol.report.anonymous)
    if protocol.report.anonymous:
        protocol = protocol.model_copy(update={"declarations": protocol.declarations.withheld()})
    said = _by_stage(hidden.rows(read))
    given = _by_stage(hidden.rows([row for path in independent for row in tables.read(path, schemas.INDEPENDENT)]))
    coded, spoken = said.get("coding", []), said.get("interviews", [])
    chain = steps(migrations, book, (changes.version_of(row) for row in (*coded, *spoken)))
    studies = tables.read(paths["studies"], schemas_studies.STUDIES)
    records = placed(tables.read(paths["records"], schemas.RECORDS), studies)
    cells = tables.read(paths["cells"], schemas.CELLS)
    talks = tables.read(transcripts, schemas.CELLS) if transcripts else []
    said["coding"] = _as_now(coded, record_ids.known_ids(records, coded)[0], cells, chain)
    said["interviews"] = _as_now(spoken, {row["record_id"]: row["record_id"] for row in talks}, talks, chain)
    first = given.get("coding", [])
    material = Material(
        review=protocol,
        codebook=book,
        versions={
            "scoping": __version__,
            "Python": platform.python_version(),
            **{name: metadata.version(name) for name in _PACKAGES},
        },
        found=prisma.from_rows(tables.read(paths["flow"], schemas.PRISMA_IDS)),
        steps=chain,
        entries=tables.read(paths["entry_records"], schemas.ENTRY_RECORDS),
        records=records,
        pairs=tables.read(paths["pairs"], schemas.DUPLICATE_PAIRS),
        checks=tables.read(paths["checks"], schemas.DUPLICATE_CHECKS),
        states={
            stage: record_ids.by_id(tables.read(path, schemas.STATES))
            for stage, path in (("title", title), *((stage, paths[stage]) for stage in ("title_abstract", "full_text")))
            if path
        },
        studies=studies,
        study_pairs=tables.read(paths["study_pairs"], schemas_studies.STUDY_PAIRS),
        texts=tables.read(paths["texts"], schemas.TEXTS),
        cells=cells,
        decisions=said,
        pilots={path.parent.name: hidden.pilots(tables.read(path, schemas.PILOTS)) for path in pilots},
        events=ledger.read_events(LEDGER),
        agreement=_agreement(records, given, protocol),
        coded=_as_now(first, record_ids.known_ids(records, first)[0], cells, chain),
        offered=_offered(records, first, protocol, book, chain),
        switches=tables.read(paths["switches"], coding_schemas.SWITCHES),
        transcripts=talks,
        transcript_codes=codes(codebook, "interviews") if transcripts else None,
    )
    _write(material, folder)


def _by_stage(rows: "Iterable[Row]") -> "dict[str, list[Row]]":
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["stage"]].append(row)
    return found


def _as_now(
    answers: "list[Row]", known: "Mapping[str, str]", cells: "Iterable[Row]", chain: "tuple[Migration, ...]"
) -> "list[Row]":
    """Answers under the records and codes of now; those that count for no cell are left out."""
    from scoping import migrations

    followed = migrations.follow(answers, known, {row["code"] for row in cells}, chain)
    return [{**each.row, "item": str(each.item)} for each in followed if each.code]


def _agreement(records: "list[Row]", given: "dict[str, list[Row]]", protocol: "Review") -> "list[Comparison]":
    from scoping import comparisons

    rows = [row for stage in comparisons.UNITS for row in given.get(stage, ())]
    known, _ = comparisons.known(records, rows)
    return comparisons.wholes(comparisons.answers(rows, known), protocol.seed)


def _offered(
    records: "list[Row]", given: "list[Row]", protocol: "Review", book: "Codebook", chain: "tuple[Migration, ...]"
) -> "list[Cell]":
    """What became of suggestions, as `scoping suggested` counts it."""
    from scoping import migrations, record_ids, uptake
    from scoping.votes import needed

    known, _ = record_ids.known_ids(records, given)
    followed = migrations.follow(given, known, [code.id for code in book.codes], chain)
    return uptake.cells(followed, needed("coding", protocol.stages.coding, records, protocol.seed))


def _write(material: "Material", folder: Path) -> None:
    """Both texts and both checklists, and every number that stands in any of them."""
    from scoping import files, tables
    from scoping.cli import author_tables
    from scoping.methods import checklists, html, markdown, prisma_s, prisma_scr, prose, text, word

    notice = material.review.notice
    documents: dict[str, Document] = {
        "methods": text.methods(material),
        "automation": text.automation_statement(material),
        "strategies": text.strategies(material),
    }
    places = [place for document in documents.values() for place in document.runs()]
    for name, list_ in (("prisma_scr", prisma_scr), ("prisma_s", prisma_s)):
        found = checklists.answers(material, list_.ITEMS)
        author_tables.write(
            checklists.sheet(name, list_.CAPTION, found, list_.NOTE, documents["methods"].draft), folder, notice
        )
        places += checklists.places(list_.NAME, found)
    numbers, ids = prose.numbers(places)  # before any text is written: a key that means two things stops here
    for name, document in documents.items():
        files.replace(folder / f"{name}.md", markdown.markdown(document).encode())
        files.replace(folder / f"{name}.html", html.html(document).encode())
        files.replace(folder / f"{name}.docx", word.word(document))
    tables.write_report(folder / "numbers.csv", prose.NUMBER_COLUMNS, numbers, notice=notice)
    tables.write_report(folder / "numbers_ids.csv", prose.ID_COLUMNS, ids, notice=notice)
    gaps = sum(isinstance(run, prose.Gap) for _, run in documents["methods"].runs())
    log.info(
        "describe: %d numbers with %d ids; %d passages of the methods are for the authors", len(numbers), len(ids), gaps
    )
