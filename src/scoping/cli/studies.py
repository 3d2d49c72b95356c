"""Included reports and what people said of them -> studies, and pairs of reports that may be of one."""

import json
import logging
from collections import Counter
from pathlib import Path

import click

from scoping.cli.options import FILE, codebook_option, codes, review, settings_option, source, target

log = logging.getLogger(__name__)


@click.command("studies")
@click.argument("texts", type=FILE, nargs=-1)
@source("records", "Table of records.")
@source("states", "States at full text.")
@source("matched", "Table of full texts.")
@source("links", "Table of links between records: what is a preprint, protocol, correction … of another.")
@source("coding", "Table of decisions of coding: the report that was coded speaks for its study.")
@click.option("--decisions", type=FILE, help="Table of decisions about studies, where people are asked.")
@settings_option
@codebook_option
@target("studies", "Table to write: the study of every included report.")
@target("pairs", "Table to write: pairs of reports that may be of one study.")
@target("orphans", "Table of problems to write: answers that contradict each other or whose report is gone.")
def command(
    texts: tuple[Path, ...], records: Path, states: Path, matched: Path, links: Path, coding: Path, decisions: Path | None,
    settings: str | None, codebook: str | None, studies: Path, pairs: Path, orphans: Path,
) -> None:  # fmt: skip
    """Find reports that may be of one study, and give each included report its study."""
    from scoping import (
        companion_signs,
        companions,
        link_studies,
        record_ids,
        schemas,
        schemas_records,
        schemas_studies,
        study_answers,
        tables,
    )
    from scoping import texts as fulltexts

    protocol = review("studies", settings)
    rows = tables.read(records, schemas.RECORDS)
    included = set(record_ids.included(tables.read(states, schemas.STATES)))
    answers = tables.read(decisions, schemas.DECISIONS) if decisions else []
    coded = tables.read(coding, schemas.DECISIONS)
    known, _ = record_ids.known_ids(rows, [*coded, *answers])
    said = study_answers.read(answers, known)
    section = protocol.stages.studies
    ask = section is not None and any(protocol.people[person].active for person in section.people)
    several = any(code.unit == "model" for code in codes(codebook).codes)
    found_studies, groups, problems = link_studies.studies(
        rows, included, said, Counter(known[id_] for id_ in _answered(coded) if id_ in known), ask=ask and several
    )
    found = []
    if ask:
        wanted = [row for row in rows if row["record_id"] in included]
        extracted = [json.loads(path.read_text(encoding="utf-8")) for path in texts]
        pages = fulltexts.pages(extracted, tables.read(matched, schemas.TEXTS), wanted)
        reports = [companion_signs.report(row, pages[row["record_id"]]) for row in wanted]
        found = companions.find(reports, tables.read(links, schemas_records.RECORD_LINKS))
    found_pairs = link_studies.pairs(found, said, groups, included, ask=ask)
    tables.write(studies, schemas_studies.STUDIES, found_studies)
    tables.write(pairs, schemas_studies.STUDY_PAIRS, found_pairs)
    tables.write(orphans, schemas.PROBLEMS, problems)
    number = len({row["study_id"] for row in found_studies})
    open_pairs = sum(row["open"] == "yes" for row in found_pairs)
    log.info("studies: %d reports -> %d studies, %d pairs to ask about", len(found_studies), number, open_pairs)


def _answered(rows: "list[dict[str, str]]") -> "list[str]":
    """The content id of each answer of a coder that stands."""
    from scoping.folder import WITHDRAW
    from scoping.items import split

    return [split(row["item"]).record for row in rows if row["decision"] != WITHDRAW]
