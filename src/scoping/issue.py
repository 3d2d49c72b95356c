"""What is due at a stage: the batches, and what stands on their sheets."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from scoping import batches, imports, pair_sheet, record_ids
from scoping.batches import Batch, Candidate, Plan, Standing
from scoping.config import Review
from scoping.errors import ScopingError
from scoping.folder import Said, SheetInfo
from scoping.items import join, split
from scoping.schemas import ASKED_ONCE
from scoping.stage_settings import CodedStage, TitleAbstractStage
from scoping.studies import Studies, by_item
from scoping.tables import Row
from scoping.votes import needed


@dataclass(frozen=True)
class Situation:
    """Where a stage stands: its records, who has what, what was answered."""

    records: list[Row]
    sheets: Mapping[str, SheetInfo]
    answered: set[Said]
    gate_open: bool = True
    imported: Mapping[str, SheetInfo] = field(default_factory=dict)  # what people answered that came with exports

    @property
    def known(self) -> dict[str, str]:
        """Every id that stands for a record, also ids that only old sheets know -> record id."""
        known = record_ids.aliases(self.records)
        sheets = (*self.sheets.values(), *self.imported.values())
        issued = {id_: as_ for info in sheets for id_, as_ in info.known_as.items() if id_ not in known}
        return known | record_ids.find_again(self.records, issued)


def elsewhere(now: Situation, on_sheets: Collection[Said]) -> set[Said]:
    """Blank rows of sheets for which nobody waits, since their person's answer on the record came with exports.

    `on_sheets` are the rows that were ever answered or withdrawn. Pilots are for trying: they need everybody's answers.
    """
    known = now.known if now.imported else {}
    given = {(info.person, known.get(item, item)) for info in now.imported.values() for item in info.items}
    return {
        (sheet, item)
        for sheet, info in now.sheets.items()
        if given and info.role == "screen" and info.purpose != "pilot"
        for item in info.items
        if (info.person, known.get(item, item)) in given and (sheet, item) not in on_sheets
    }


def _active(people: Iterable[str], review: Review) -> tuple[str, ...]:
    """Those who get new sheets."""
    return tuple(person for person in people if person in review.people and review.people[person].active)


def plan(stage: str, review: Review, rows: int = 1) -> Plan:
    """What the protocol says of a stage; `rows` are those of a group (the codes of a report)."""
    section = getattr(review.stages, stage)
    if stage in ASKED_ONCE:
        people, most = _active(section.people if section else (), review), section.sheet_rows if section else 1
        by_doubt = stage == "duplicates"
        return Plan(stage, people, {}, "", 0, 0, most, 0.0, most, most, 1_000, 0.0, review.seed, in_order=by_doubt)
    growing = isinstance(section, TitleAbstractStage)
    people = _active(section.people, review)
    return Plan(
        stage=stage,
        people=people,
        shares=section.shares,
        adjudicator="".join(_active([section.adjudicator or ""], review)),
        pilot=min(section.pilot, max(1, section.sheet_rows // rows)),
        pilot_rounds=section.pilot_rounds,
        batch=section.batch,
        growth=section.growth if growing else 0.0,
        largest=max(
            1, min(max(section.largest, section.batch) if growing else section.batch, section.sheet_rows // rows)
        ),
        rows=section.sheet_rows,
        open_batches=section.open_batches,
        audit=section.audit if growing else 0.0,
        seed=review.seed,
        control=review.screening.control_sample if stage == "title_abstract" else 0,
        pilot_codes=section.pilot_codes if isinstance(section, CodedStage) else (),
    )


def _standing(now: Situation, *, labelled: int = 0, wait_for_more: bool = False) -> Standing:
    return Standing(now.sheets, now.answered, labelled, now.gate_open, wait_for_more)


def _lacking(
    now: Situation, terms: Plan, items: Iterable[tuple[str, str]], votes: Mapping[str, int], unit: Callable[[str], str]
) -> list[Candidate]:
    """The items (each with its group) that fewer people hold than must decide on them; `votes` by group."""
    held = batches.holders({**now.sheets, **now.imported}, now.answered, terms.people, unit)
    found = [Candidate(item, group, votes.get(group, 1), frozenset(held.get(item, ()))) for item, group in items]
    return [each for each in found if len(each.holders) < each.votes]


def duplicates(now: Situation, pairs: list[Row], review: Review) -> list[Batch]:
    """Pairs that nobody was asked about yet, under any of their ids; least certain first."""
    return asked_once("duplicates", now, [f"{row['a']}~{row['b']}" for row in pair_sheet.in_doubt(pairs)], review)


def checks(now: Situation, drawn: Iterable[Row], review: Review, before: int = 0) -> list[Batch]:
    """Pairs to be checked that nobody was asked about on a check; `before` are the batches that go out with them."""
    terms = replace(plan("duplicates", review), in_order=False)
    held = batches.holders(now.sheets, now.answered, terms.people, lambda item: item)
    fresh = [f"{row['a']}~{row['b']}" for row in drawn if row["drawn"] and not row["answer"]]
    candidates = [Candidate(item, item, 1, frozenset()) for item in fresh if not held.get(item)]
    number = len(batches.issued_batches(now.sheets)) + before
    return [
        replace(batch, batch=f"{batches.CODES['duplicates']}{number + place:02d}-check", purpose="check")
        for place, batch in enumerate(batches.due(terms, candidates, {}, _standing(now)), 1)
    ]


def asked_once(stage: str, now: Situation, fresh: Iterable[str], review: Review) -> list[Batch]:
    """Those of some questions that nobody was asked yet, under any of their ids; one person is enough."""
    known, terms = now.known, plan(stage, review)

    def ends(item: str) -> str:
        return "~".join(sorted(known.get(id_, id_) for id_ in split(item).ids))

    held = batches.holders(now.sheets, now.answered, terms.people, ends)
    candidates = [Candidate(item, item, 1, frozenset()) for item in fresh if not held.get(ends(item))]
    return batches.due(terms, candidates, {}, _standing(now))


def title_abstract(
    now: Situation,
    pairs: list[Row],
    states: list[Row],
    order: list[Row],
    review: Review,
    *,
    stage: str = "title_abstract",
    more: bool = False,
) -> list[Batch]:
    """The next of the order, and conflicts of batches that are finished.

    Records that may be duplicates wait until a person has said so: nobody screens the same report twice. `stage`: this
    one, or that of titles before it. `more`: records are still to come from titles, so only full batches are issued.
    """
    known, terms = now.known, plan(stage, review)
    doubtful = {known[row[end]] for row in pairs if row["open"] == "yes" for end in ("a", "b")}
    votes = needed(stage, getattr(review.stages, stage), now.records, review.seed)
    ids = [row["record_id"] for row in order if row["record_id"] not in doubtful]
    candidates = _lacking(now, terms, ((id_, id_) for id_ in ids), votes, lambda item: known.get(item, item))
    labelled = sum(row["answers"] != "0" for row in states)
    standing = _standing(now, labelled=labelled, wait_for_more=more)
    return batches.due(terms, candidates, batches.open_conflicts(states, standing, terms.people), standing)


def full_text(
    now: Situation, before: list[Row], states: list[Row], review: Review, *, more: bool = False
) -> list[Batch]:
    """Reports that passed title and abstract; less than a batch of them only when no more will come.

    `more`: records are still to be screened by title.
    """
    known, terms = now.known, plan("full_text", review)
    votes = needed("full_text", review.stages.full_text, now.records, review.seed)
    settled = {row["record_id"] for row in states if row["state"] != "pending"}
    ids = batches.seeded(terms.seed, "full_text", (id_ for id_ in record_ids.included(before) if id_ not in settled))
    candidates = _lacking(now, terms, ((id_, id_) for id_ in ids), votes, lambda item: known.get(item, item))
    standing = _standing(now, wait_for_more=more or undecided(before))
    return batches.due(terms, candidates, batches.open_conflicts(states, standing, terms.people), standing)


def here(order: list[Row], states: list[Row]) -> list[Row]:
    """The part of an order that is pending at a stage: screening by title and by abstract share one order."""
    pending = {row["record_id"] for row in states if row["state"] == "pending"}
    return [row for row in order if row["record_id"] in pending]


def undecided(states: Iterable[Row]) -> bool:
    """Whether people are still to decide on any of these records."""
    return any(row["state"] in ("pending", "conflict") for row in states)


def coding(
    now: Situation,
    cells: list[Row],
    codes: list[str],
    studies: Studies,
    review: Review,
    *,
    settled: bool,
    doubtful: Collection[str] = (),
    stage: str = "coding",
) -> list[Batch]:
    """Studies, all their open codes on one sheet; cells that coders of a finished batch see differently.

    `settled`: no report is still to be assessed, so less than a full batch may be issued. Reports that are `doubtful`,
    since they may be of a study with others, wait until a person has said so: nobody codes the same study twice.
    `stage`: one of those that are coded; transcripts stand for studies of one report.
    """
    known, asked = now.known, by_item(cells)
    section = getattr(review.stages, stage)
    if strange := [code for code in section.pilot_codes if code not in codes]:
        raise ScopingError(
            f"stages.{stage}.pilot_codes names {', '.join(strange)}, which the codebook does not have or does not ask here",
            path="config/review.yaml",
            do="mend the id or take it out",
        )
    groups = Counter(studies.of(item.record).id for item, row in asked.items() if row["state"] == "pending")
    terms = plan(stage, review, max(groups.values(), default=1))

    def cell(item: str) -> str:
        of = split(item)
        of = replace(of, record=known.get(of.record, of.record))
        return str(of if of in asked else studies.asked_on(of))

    votes = needed(stage, section, now.records, review.seed)
    mains = {studies.of(item.record).main for item in asked}
    order = {id_: at for at, id_ in enumerate(batches.seeded(terms.seed, stage, mains))}
    unheld = [item for item, row in asked.items() if row["state"] == "pending" and item.record not in doubtful]
    main = {item: studies.of(item.record).main for item in unheld}
    unheld.sort(key=lambda i: (order[main[i]], i.record != main[i], i.record, i.model, codes.index(i.code)))
    wanted = ((str(item), main[item]) for item in unheld)
    candidates = _lacking(now, terms, wanted, votes, cell)
    said: dict[str, set[str]] = {}  # cell -> the items under which it was answered: of late duplicates there are two
    for info in now.sheets.values():
        for item in info.items if info.role == "screen" else ():
            if (info.sheet, item) in now.answered:
                said.setdefault(cell(item), set()).add(item)
    busy = {
        cell(item)
        for infos in batches.issued_batches(now.sheets).values()
        for info in infos
        for item in info.items
        if (info.person == terms.adjudicator or (info.sheet, item) in now.answered)
        if info.role == "adjudicate"
        if (info.sheet, item) not in now.answered or said.get(cell(item), set()) <= {item, *info.covers.get(item, ())}
    } | {
        cell(item)
        for infos in batches.issued_batches(now.sheets).values()
        if infos[0].role == "screen" and batches.unfinished(infos, now.answered, terms.people)
        for item in infos[0].items
    }
    torn = {str(item) for item, row in asked.items() if row["state"] == "conflict"} - busy
    covers = {item: sorted({item, *said.get(item, ())}) for item in torn}
    return batches.due(terms, candidates, covers, _standing(now, wait_for_more=not settled))


def still_asked(
    standing: tuple[dict[str, SheetInfo], set[Said]], known: Mapping[str, str], cells: list[Row], studies: Studies
) -> tuple[dict[str, SheetInfo], set[Said]]:
    """Sheets of coding without rows that nobody waits for: of a report whose study has the answer from its main report."""
    sheets, answered = standing
    states = {item: row["state"] for item, row in by_item(cells).items()}

    def needless(info: SheetInfo, item: str) -> bool:
        of = split(item)
        of = replace(of, record=known.get(of.record, of.record))
        if (info.sheet, item) in answered or of in states or of.record not in studies.rows:
            return False
        return states.get(studies.asked_on(of), "coded") != "pending"

    kept = {
        sheet: [item for item in info.items if info.role != "screen" or not needless(info, item)]
        for sheet, info in sheets.items()
    }
    return {
        sheet: info if len(kept[sheet]) == len(info.items) else replace(info, items=tuple(kept[sheet]))
        for sheet, info in sheets.items()
    }, answered


def said_of_records(
    decisions: list[Row], known: Mapping[str, str], labels: Mapping[str, str], *, named: bool = False
) -> dict[str, str]:
    """Record id -> the answers so far, for an adjudicator: without names unless `named`; `labels` names the reasons."""
    out: dict[str, list[str]] = {}
    for row in imports.counting(decisions, known):
        if row["role"] == "screen" and row["decision"] != "withdraw" and row["item"] in known:
            reason = labels.get(row["reason"], row["reason"])
            detail = ": ".join(part for part in (row["decision"].replace("_", " "), reason) if part)
            said = _whose(row, detail + (f" ({row['note']})" if row["note"] else ""), named=named)
            out.setdefault(known[row["item"]], []).append(said)
    return {record_id: "\n".join(sorted(answers)) for record_id, answers in out.items()}


def said_of_cells(decisions: list[Row], known: Mapping[str, str], *, named: bool = False) -> dict[str, str]:
    """`record:code` -> the values so far, each with its quote: without names unless `named`."""
    out: dict[str, list[str]] = {}
    for row in decisions:
        of = split(row["item"])
        if row["role"] == "screen" and row["decision"] != "withdraw" and of.record in known:
            evidence = f" – “{row['quote']}”" if row["quote"] else f" – {row['note']}" if row["note"] else ""
            value = ", ".join(part for part in (row["decision"], row["status"], row["basis"]) if part)
            out.setdefault(join(known[of.record], of.code, of.model), []).append(
                _whose(row, value + evidence, named=named)
            )
    return {item: "\n".join(sorted(answers)) for item, answers in out.items()}


def _whose(row: Row, said: str, *, named: bool) -> str:
    return f"{row['person']}: {said}" if named else said


def issued_rows(sheets: Mapping[str, SheetInfo], answered: set[Said], terms: Plan) -> list[Row]:
    """The receipt of a stage: every sheet, and how far it is."""
    here = {"screen": set(terms.people), "adjudicate": {terms.adjudicator}}
    return [
        {
            "sheet": sheet,
            "stage": info.stage,
            "batch": info.batch,
            "purpose": info.purpose,
            "person": info.person,
            "file": info.file,
            "items": str(len(info.items)),
            "answered": str(sum((sheet, item) in answered for item in info.items)),
            "left": "" if info.person in here[info.role] else "yes",
        }
        for sheet, info in sheets.items()
    ]
