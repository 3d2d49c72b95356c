"""What is due at a stage -> sheets, created once; the receipt says who has what."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER
from scoping.cli.options import (
    FILE,
    codebook_option,
    codes,
    migrations_option,
    review,
    settings_option,
    source,
    stage_option,
    steps,
    target,
)
from scoping.schemas import ASKED_ONCE, CODED, STAGES

if TYPE_CHECKING:
    from scoping.batches import Batch
    from scoping.codebook import Codebook
    from scoping.config import Review
    from scoping.folder import Said, SheetInfo
    from scoping.issue import Situation
    from scoping.ledger import Event, Ledger
    from scoping.migration_steps import Migration
    from scoping.migrations import Followed
    from scoping.offers import Offer
    from scoping.sheets import Content
    from scoping.studies import Studies
    from scoping.tables import Row

SHEETS = Path("data/raw/sheets")
AIMED = ("title", "title_abstract")  # stages whose batches keep the target recall
ORDERED_BY = ("kind", "n_labelled", "n_included", "name", "trained_on")  # which model a batch was issued by
log = logging.getLogger(__name__)


@click.command("issue")
@stage_option(*STAGES)
@source("records", "Table of records.")
@source("decisions", "Table of decisions of the stage (what an adjudicator sees).")
@click.option(
    "--pairs", type=FILE, help="duplicates, title, title_abstract: table of pairs; studies, coding: that of reports."
)
@click.option("--checks", type=FILE, help="duplicates: table of pairs to be checked.")
@click.option("--shown", type=FILE, help="duplicates: the entries of these pairs, as a sheet shows them.")
@click.option("--order", type=FILE, help="title, title_abstract: the order.")
@click.option("--model", type=FILE, help="title, title_abstract: the model card behind the order.")
@click.option("--before", type=FILE, help="full_text, coding: states of the stage before.")
@click.option("--states", type=FILE, help="title, title_abstract, full_text: states of the stage.")
@click.option("--title", type=FILE, help="title_abstract, full_text, coding: states at title, if the review has them.")
@click.option("--pending", type=FILE, help="coding: states at title and abstract.")
@click.option("--cells", type=FILE, help="coding, interviews: table of cells.")
@click.option("--texts", type=FILE, help="doubtful_texts, full_text, coding, interviews: table of texts.")
@click.option("--suggestions", type=FILE, help="coding: table of suggestions.")
@click.option("--switches", type=FILE, help="coding: the codes whose suggestions are shown.")
@click.option("--studies", type=FILE, help="studies, coding, interviews: table of studies.")
@settings_option
@codebook_option
@migrations_option
@target("issued", "Table to write: every sheet of the stage.")
@target("pilots", "Table to write: the pilots of the stage, how far people agree, whether the stage may go on.")
def command(
    stage: str, settings: str | None, codebook: str | None, migrations: str | None, issued: Path, pilots: Path,
    **paths: Path | None,
) -> None:  # fmt: skip
    """Freeze the batches that are due, lay out their sheets, put back sheets that got lost.

    An existing sheet is never written to.
    """
    from scoping import folder, issue, ledger, schemas, tables

    protocol = review("issue", settings)
    read = _Tables(paths)
    answers = read("decisions", schemas.DECISIONS)
    with ledger.locked(LEDGER) as book:
        restored = _restore(book, stage)
        sheets = folder.issued(folder.of_stage(book.events, stage))
        records = read("records", schemas.RECORDS)
        past = _Past()
        if stage in CODED:
            past = _past(migrations, codes(codebook, stage), sheets, answers, records, read)
        trials = _pilots(book, stage, protocol, past)
        _keep_target(book, stage, protocol)
        now = issue.Situation(
            records,
            *past.standing(folder.of_stage(book.events, stage)),
            gate_open=any(row["state"] in ("reached", "passed") for row in trials[-1:]),
            imported=folder.imported(folder.of_stage(book.events, stage)),
        )
        elsewhere = issue.elsewhere(now, folder.decisions(folder.of_stage(book.events, stage)).keys())
        now = replace(now, answered=now.answered | elsewhere)
        due = _due(stage, now, read, protocol, past)
        if due:
            content = _content(stage, now, read, protocol, past)
            model = json.loads(paths["model"].read_text(encoding="utf-8")) if paths["model"] else {}
            for batch in due:
                offered = _offers(batch, read, protocol) if stage == "coding" else {}
                of_check = batch.purpose == "check"
                shown = replace(content, offers=offered, records=_alone(read) if of_check else content.records)
                _freeze(book, stage, batch, protocol, shown, past.codebook, model)
        sheets, answered = past.standing(folder.of_stage(book.events, stage))
        rows = issue.issued_rows(sheets, answered | elsewhere, issue.plan(stage, protocol))
        trials = _pilots(book, stage, protocol, past)
    tables.write(issued, schemas.ISSUED, rows)
    tables.write(pilots, schemas.PILOTS, trials)
    log.info("issue %s: %d batches new, %d sheets put back -> %d sheets", stage, len(due), restored, len(rows))


@dataclass(frozen=True)
class _Past:
    """What was answered under which codebook; nothing at stages that have none."""

    codebook: "Codebook | None" = None
    steps: "tuple[Migration, ...]" = ()
    answers: "list[Followed]" = field(default_factory=list)
    known: "Mapping[str, str]" = field(default_factory=dict)
    cells: "list[Row]" = field(default_factory=list)
    studies: "Studies | None" = None

    @property
    def book(self) -> "Codebook":
        """The codebook, at a stage that has one."""
        if self.codebook is None:
            raise ValueError("this stage has no codebook")
        return self.codebook

    @property
    def linked(self) -> "Studies":
        """The studies, at a stage that codes them."""
        if self.studies is None:
            raise ValueError("this stage has no studies")
        return self.studies

    def standing(self, events: "list[Event]") -> "tuple[dict[str, SheetInfo], set[Said]]":
        """The sheets of a stage, and what is answered on them, as they count now."""
        from scoping import folder, issue, migrations

        sheets, answered = folder.issued(events), folder.answered(events)
        if self.codebook is None:
            return sheets, answered
        now = migrations.standing(sheets, answered, self.answers, self.steps, self.codebook.version)
        return issue.still_asked(now, self.known, self.cells, self.linked)


def _past(
    text: str | None,
    codebook: "Codebook",
    sheets: "Mapping[str, SheetInfo]",
    answers: "list[Row]",
    records: "list[Row]",
    read: "_Tables",
) -> _Past:
    from scoping import migrations, record_ids, schemas, schemas_studies
    from scoping.studies import Studies

    chain = steps(text, codebook, (info.version for info in sheets.values()))
    known, _ = record_ids.known_ids(records, answers)
    ids = [code.id for code in codebook.codes]
    cells, linked = read("cells", schemas.CELLS), Studies(read("studies", schemas_studies.STUDIES))
    return _Past(codebook, chain, migrations.follow(answers, known, ids, chain), known, cells, linked)


class _Tables:
    """The tables that the command was given, by option."""

    def __init__(self, paths: Mapping[str, Path | None]) -> None:
        self.paths = paths

    def __call__(self, name: str, table: object) -> "list[Row]":
        from scoping import tables
        from scoping.columns import Table

        path = self.paths[name]
        if path is None or not isinstance(table, Table):
            raise click.UsageError(f"this stage needs --{name}")
        return tables.read(path, table)


def _restore(book: "Ledger", stage: str) -> int:
    """Lay out again what got lost, also what a killed run did not lay out; the number of sheets."""
    from scoping import files, folder
    from scoping.errors import ScopingError

    files.sweep(SHEETS / stage)
    events = folder.of_stage(book.events, stage)
    present = folder.hashes(SHEETS / stage)
    if closed := folder.hidden(events, present):
        # Snakemake has counted on it that the sheet is laid out now, and would not look again
        raise ScopingError(
            "cannot be opened, and a sheet is missing that it may be",
            path=SHEETS / stage / closed[0],
            do="close it in the other program, or take it away, and run again",
        )
    count = 0
    for sheet, digest in folder.lost(events, present).items():
        path = SHEETS / stage / folder.issued(events)[sheet].file
        try:
            data = book.blob(digest)
        except ScopingError as error:
            raise ScopingError(
                f"this unfinished sheet is missing, and so are its bytes in the ledger ({error.path})",
                path=path,
                do="put the sheet back from a backup or from the person who has it",
            ) from None
        if files.create_once(path, data, 0o644):
            book.append("restored", stage=stage, sheet=sheet, sha256=digest)
            count += 1
    return count


def _pilots(book: "Ledger", stage: str, protocol: "Review", past: _Past) -> "list[Row]":
    """The pilots of the stage; when the last one is enough, or somebody lets it pass, the ledger says so once."""
    from scoping import folder, gate, issue

    if stage in ASKED_ONCE:
        return []
    section = getattr(protocol.stages, stage)
    events = folder.of_stage(book.events, stage)
    found = gate.rounds(events, issue.plan(stage, protocol).people, past.standing(events))
    if fields := gate.passing(events, found, section):
        book.append("gate", stage=stage, **fields)
    return gate.rows(found, gate.passed(folder.of_stage(book.events, stage)), section)


def _keep_target(book: "Ledger", stage: str, protocol: "Review") -> None:
    """Another target recall than the ledger kept last is told to it, so that a later change cannot pass for the first."""
    from scoping import fixed_target

    if stage in AIMED and (fields := fixed_target.changed(book.events, protocol.screening)):
        book.append("target", stage=stage, **fields)


def _due(stage: str, now: "Situation", read: _Tables, protocol: "Review", past: _Past) -> "list[Batch]":
    from scoping import file_answers, issue, schemas, schemas_studies, studies

    if stage == "duplicates":
        found = issue.duplicates(now, read("pairs", schemas.DUPLICATE_PAIRS), protocol)
        return [*found, *issue.checks(now, read("checks", schemas.DUPLICATE_CHECKS), protocol, len(found))]
    if stage == "doubtful_texts":
        return issue.asked_once(stage, now, file_answers.questions(read("texts", schemas.TEXTS)), protocol)
    if stage == "studies":
        fresh = studies.questions(read("pairs", schemas_studies.STUDY_PAIRS), read("studies", schemas_studies.STUDIES))
        return issue.asked_once(stage, now, fresh, protocol)
    titles = read("title", schemas.STATES) if read.paths["title"] else []
    more = issue.undecided(titles)  # records that may still come
    if stage in ("title", "title_abstract"):
        states, order = read("states", schemas.STATES), read("order", schemas.ORDER)
        pairs = read("pairs", schemas.DUPLICATE_PAIRS)
        return issue.title_abstract(now, pairs, states, issue.here(order, states), protocol, stage=stage, more=more)
    if stage == "interviews":  # all transcripts are there from the beginning
        ids, linked = [code.id for code in past.book.codes], past.linked
        return issue.coding(now, past.cells, ids, linked, protocol, settled=True, stage=stage)
    before = read("before", schemas.STATES)
    if stage == "full_text":
        return issue.full_text(now, before, read("states", schemas.STATES), protocol, more=more)
    more = more or issue.undecided([*before, *read("pending", schemas.STATES)])
    doubtful = studies.doubtful(read("pairs", schemas_studies.STUDY_PAIRS))
    settled = not more and not doubtful
    ids, linked = [code.id for code in past.book.codes], past.linked
    return issue.coding(now, past.cells, ids, linked, protocol, settled=settled, doubtful=doubtful)


def _content(stage: str, now: "Situation", read: _Tables, protocol: "Review", past: _Past) -> "Content":
    from scoping import file_answers, issue, migrations, questions, schemas, schemas_studies, studies
    from scoping.items import split
    from scoping.sheets import Content

    decisions = read("decisions", schemas.DECISIONS)
    known = now.known
    by_id = {row["record_id"]: row for row in now.records}
    shown = {id_: by_id[record] for id_, record in known.items()}
    pairs, texts, said = {}, {}, {}
    if stage == "duplicates":
        pairs = {f"{row['a']}~{row['b']}": row for row in read("pairs", schemas.DUPLICATE_PAIRS)}
    elif stage == "doubtful_texts":
        files = file_answers.questions(read("texts", schemas.TEXTS))
        pairs = {item: {"why": row["doubt"]} for item, row in files.items()}
        shown |= {split(item).ids[1]: questions.file_record(row["file"]) for item, row in files.items()}
    elif stage == "studies":
        pairs = studies.questions(read("pairs", schemas_studies.STUDY_PAIRS), read("studies", schemas_studies.STUDIES))
    elif stage in CODED:
        said = issue.said_of_cells(migrations.current(past.answers), known, named=_named(stage, protocol))
    else:
        labels = {criterion.id: criterion.label for criterion in protocol.criteria.exclude}
        said = issue.said_of_records(decisions, known, labels, named=_named(stage, protocol))
    if stage == "full_text" or stage in CODED:
        texts = {row["record_id"]: row["file"] for row in read("texts", schemas.TEXTS) if row["record_id"]}
    return Content(shown, texts, pairs, said, studies=past.studies)


def _alone(read: _Tables) -> "dict[str, Row]":
    """The entries of pairs to be checked, each by itself: what was merged would show the same twice."""
    from scoping import schemas

    return {row["record_id"]: row for row in read("shown", schemas.RECORDS)}


def _offers(batch: "Batch", read: _Tables, protocol: "Review") -> "dict[str, Offer]":
    """What the sheets of a batch show of suggestions. An adjudicator gets none: coders' answers and quotes are judged."""
    from scoping import coding_schemas, offers

    if batch.role != "screen":
        return {}
    found, switches = read("suggestions", coding_schemas.SUGGESTIONS), read("switches", coding_schemas.SWITCHES)
    return offers.offers(batch.items, found, switches, protocol.stages.coding, protocol.seed)


def _named(stage: str, protocol: "Review") -> bool:
    """Whether the adjudicator may know who said what."""
    return bool(getattr(protocol.stages, stage).adjudication == "named")


def _freeze(
    book: "Ledger", stage: str, batch: "Batch", protocol: "Review", content: "Content",
    codebook: "Codebook | None", model: Mapping[str, object],
) -> None:  # fmt: skip
    """Blob, then event, then sheet: whatever is interrupted, the next run finishes it."""
    from scoping import codebook as codebooks
    from scoping import files, fixed_target, forms, issue, items, sheets
    from scoping.workbook.write import write

    on_it = {items.split(item).code for item in batch.items}
    asked = {code.id: codebooks.asked(code) for code in codebook.codes if code.id in on_it} if codebook else {}
    form = forms.form(stage, protocol, forms.asking({batch.batch: asked}))
    pages = {p: write(sheets.sheet(batch, p, protocol, form, content, codebook)) for p in batch.people}
    entries = [
        {
            "person": person,
            "file": f"{batch.batch}_{person}.xlsx",
            "sha256": book.keep(data),
            **({} if batch.sheets[person] == batch.items else {"items": list(batch.sheets[person])}),
        }
        for person, data in pages.items()
    ]
    ids = sorted({id_ for item in batch.items for id_ in items.split(item).ids})
    # a transcript is what its id says, and nothing else: two interviews may have one title
    known_as = {
        id_: ["", ""] if stage == "interviews" else [content.records[id_]["doi"], content.records[id_]["title"]]
        for id_ in ids
    }
    book.append(
        "issued",
        stage=stage,
        batch=batch.batch,
        purpose=batch.purpose,
        role=batch.role,
        items=list(batch.items),
        covers={item: list(ids) for item, ids in batch.covers.items()},
        audit=list(batch.audit),
        **({"target": list(fixed_target.now(protocol.screening))} if stage in AIMED else {}),
        **({"pool": list(batch.pool)} if batch.pool else {}),
        shares=issue.plan(stage, protocol).all_shares,
        known_as=known_as,
        sheets=entries,
        **({"version": codebook.version, "asked": asked} if codebook else {}),
        **({"suggested": {item: offer.kept for item, offer in kept.items()}} if (kept := content.offers) else {}),
        ordered_by={key: model[key] for key in ORDERED_BY if model.get(key, "") != ""},
    )
    for entry in entries:  # a copy, never a link to the blob: people write into this file
        files.create_once(SHEETS / stage / str(entry["file"]), pages[str(entry["person"])], 0o644)
