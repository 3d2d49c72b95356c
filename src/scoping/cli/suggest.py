"""Texts, and what people coded so far -> passages suggested for each code of each included report."""

import json
import logging
from pathlib import Path

import click

from scoping.cli.options import (
    FILE,
    codebook_option,
    codes,
    migrations_option,
    review,
    settings_option,
    source,
    steps,
    target,
)

log = logging.getLogger(__name__)


@click.command("suggest")
@click.argument("texts", type=FILE, nargs=-1)
@source("records", "Table of records.")
@source("matched", "Table of full texts.")
@source("studies", "Table of studies.")
@source("cells", "Table of cells.")
@source("independent", "Answers of coding before any reconciliation.")
@settings_option
@codebook_option
@migrations_option
@target("suggestions", "Table of suggestions to write.")
@target("switches", "Table to write: the codes whose suggestions new sheets show.")
def command(
    texts: tuple[Path, ...], records: Path, matched: Path, studies: Path, cells: Path, independent: Path,
    settings: str | None, codebook: str | None, migrations: str | None, suggestions: Path, switches: Path,
) -> None:  # fmt: skip
    """Suggest passages for the codes of included reports, by indicators and by models of what was coded so far.

    A suggestion never sets a value. Searched are the full texts of a study; for codes that are asked of each report its own.
    """
    from collections import Counter

    from scoping import coding_schemas, record_ids, schemas, schemas_studies, tables, uptake
    from scoping import migrations as changes
    from scoping import suggestions as making
    from scoping import texts as fulltexts
    from scoping.studies import Studies
    from scoping.votes import needed

    protocol, book = review("suggest", settings), codes(codebook)
    section = protocol.stages.coding
    rows, coded = tables.read(records, schemas.RECORDS), tables.read(cells, schemas.CELLS)
    files = tables.read(matched, schemas.TEXTS)
    here = {row["record_id"] for row in files if row["record_id"] and row["status"] == "ok"}
    extracted = [json.loads(path.read_text(encoding="utf-8")) for path in texts]
    own = fulltexts.places(extracted, files, [row for row in rows if row["record_id"] in here])
    shared = fulltexts.of_studies(own, Studies(tables.read(studies, schemas_studies.STUDIES)))
    of_report = {code.id for code in book.codes if code.unit == "report"}
    made = []
    for places, alone in ((own, True), (shared, False)) if section.suggestions else ():
        mine = [cell for cell in coded if (cell["code"] in of_report) == alone]
        asked = [code for code in book.codes if (code.id in of_report) == alone]
        pages = {id_: [page.text for page in found] for id_, found in places.items() if found}
        made += making.located(making.rows(mine, asked, pages, protocol.seed), places)

    given = tables.read(independent, schemas.INDEPENDENT)
    known, _ = record_ids.known_ids(rows, given)
    ids = [code.id for code in book.codes]
    followed = changes.follow(given, known, ids, steps(migrations, book, (changes.version_of(row) for row in given)))
    counted = uptake.cells(followed, needed("coding", section, rows, protocol.seed))
    judged = uptake.switches(counted, ids, section.floor)
    tables.write(suggestions, coding_schemas.SUGGESTIONS, made)
    tables.write(switches, coding_schemas.SWITCHES, judged)
    source = Counter(row["source"] or "nothing found" for row in made)
    log.info(
        "suggest: %d reports with a text -> %d rows %s; %d of %d codes switched off",
        len(own), len(made), dict(sorted(source.items())), sum(row["state"] == "off" for row in judged), len(ids),
    )  # fmt: skip
