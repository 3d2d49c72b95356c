"""Transcripts of interviews: their cells from decisions, and the table of what they say."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

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

log = logging.getLogger(__name__)


@click.command("interviews")
@click.argument("texts", type=FILE, nargs=-1)
@source("decisions", "Table of decisions about transcripts.")
@settings_option
@codebook_option
@migrations_option
@click.option("--folder", type=PATH, required=True, help="Folder of the tables that other commands read.")
@click.option("--tables", "report", type=PATH, required=True, help="Folder of the tables for authors.")
def command(
    texts: tuple[Path, ...], decisions: Path, settings: str | None, codebook: str | None, migrations: str | None,
    folder: Path, report: Path,
) -> None:  # fmt: skip
    """Settle the codes of the transcripts, look each quote up, and say what the interviews say; PRISMA sees none of it."""
    from collections import Counter

    from scoping import coding, interview_table, interviews, items, quotes, schemas, schemas_studies, tables
    from scoping import migrations as changes
    from scoping import texts as fulltexts
    from scoping.cli import author_tables
    from scoping.folder import WITHDRAW
    from scoping.studies import Studies
    from scoping.votes import needed

    protocol, book = review("interviews", settings), codes(codebook, "interviews")
    section = protocol.stages.interviews
    if section is None:
        raise click.UsageError("config/review.yaml names no stages.interviews")
    extracted = [json.loads(path.read_text(encoding="utf-8")) for path in texts]
    rows = interviews.records(protocol.interviews)
    linked = interviews.studies(protocol.interviews)
    matched = interviews.texts(protocol.interviews, extracted)
    # what a transcript is called is no text of it: where it cannot be read, no quote is found
    untitled = [{**row, "title": ""} for row in rows]
    places = fulltexts.places(extracted, matched, untitled)
    answers = tables.read(decisions, schemas.DECISIONS)
    known = {row["record_id"]: row["record_id"] for row in rows}
    chain = steps(migrations, book, (changes.version_of(row) for row in answers))
    followed = changes.follow(answers, known, [code.id for code in book.codes], chain)
    votes = needed("interviews", section, rows, protocol.seed)
    found = coding.settle(Studies(linked), book.codes, answers, known, votes, chain)

    def look_up(quote: str, text: Sequence[str]) -> quotes.Found:
        place = quotes.find(quote, text)
        return replace(place, passage=quotes.shown(place, text))

    cells = coding.check_quotes(found, lambda cell: places[cell["record_id"]], look_up)
    lost = [row for row in answers if items.split(row["item"]).record not in known and row["decision"] != WITHDRAW]
    for name, table, content in (
        ("records.parquet", schemas.RECORDS, rows),
        ("studies.csv", schemas_studies.STUDIES, linked),
        ("texts.csv", schemas.TEXTS, matched),
        ("cells.csv", schemas.CELLS, cells),
        ("worklist.csv", schemas.WORKLIST, changes.worklist(found, followed)),
        ("retired.csv", schemas.RETIRED, changes.retired(followed, found, set(known))),
        ("orphans.csv", schemas.PROBLEMS, [interviews.orphan_problem(row) for row in lost]),
    ):
        tables.write(folder / name, table, content)
    names = {interviews.record_id(interview.id): interview.id for interview in protocol.interviews}
    author_tables.write(interview_table.table(book, cells, names), report, protocol.notice)
    state = Counter(row["state"] for row in cells)
    log.info("interviews: %d transcripts, %d cells %s; %d answers of others", len(rows), len(cells), dict(sorted(state.items())), len(lost))  # fmt: skip
