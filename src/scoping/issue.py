"""What is due at a stage: the batches, and what stands on their sheets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoping import batches, record_ids
from scoping.batches import Batch, Plan
from scoping.config import Review
from scoping.folder import Said, SheetInfo
from scoping.tables import Row


@dataclass(frozen=True)
class Situation:
    """Where a stage stands: its records, who has what, what was answered."""

    records: list[Row]
    sheets: Mapping[str, SheetInfo]
    answered: set[Said]

    @property
    def known(self) -> dict[str, str]:
        """Every id that stands for a record, also ids that only old sheets know -> record id."""
        known = record_ids.aliases(self.records)
        issued = {id_: as_ for info in self.sheets.values() for id_, as_ in info.known_as.items() if id_ not in known}
        return known | record_ids.find_again(self.records, issued)


def _active(people: Iterable[str], review: Review) -> tuple[str, ...]:
    """Those who get new sheets."""
    return tuple(person for person in people if person in review.people and review.people[person].active)


def plan(stage: str, review: Review) -> Plan:
    """What the protocol says of a stage."""
    if stage == "duplicates":
        people = _active(review.stages.duplicates.people, review)
        return Plan(stage, people, 1, "", 0, 200, 1_000, review.seed)
    section = getattr(review.stages, stage)
    return Plan(
        stage=stage,
        people=_active(section.people, review),
        votes=2 if section.mode == "dual" else 1,
        adjudicator="".join(_active([section.adjudicator or ""], review)),
        pilot=getattr(section, "pilot", 0),
        batch=section.batch,
        open_batches=section.open_batches,
        seed=review.seed,
    )


def duplicates(now: Situation, pairs: list[Row], review: Review) -> list[Batch]:
    """Pairs that nobody was asked about yet, under any of their ids."""
    known = now.known

    def ends(a: str, b: str) -> frozenset[str]:
        return frozenset((known.get(a, a), known.get(b, b)))

    asked = {ends(*item.split("~")) for info in now.sheets.values() for item in info.items}
    fresh = [
        f"{row['a']}~{row['b']}" for row in pairs if row["open"] == "yes" and ends(row["a"], row["b"]) not in asked
    ]
    return batches.due(plan("duplicates", review), fresh, {}, now.sheets, now.answered)


def title_abstract(
    now: Situation, pairs: list[Row], states: list[Row], order: list[Row], review: Review
) -> list[Batch]:
    """The next of the order, and conflicts of batches that are finished.

    Records that may be duplicates wait until a person has said so: nobody screens the same report twice.
    """
    known = now.known
    doubtful = {known[row[end]] for row in pairs if row["open"] == "yes" for end in ("a", "b")}
    given = batches.given_out(now.sheets, known) | doubtful
    fresh = [row["record_id"] for row in order if row["record_id"] not in given]
    conflicts = batches.open_conflicts(states, now.sheets, now.answered)
    return batches.due(plan("title_abstract", review), fresh, conflicts, now.sheets, now.answered)


def full_text(now: Situation, before: list[Row], states: list[Row], review: Review) -> list[Batch]:
    """Reports that passed title and abstract; less than a batch of them only when no more will come."""
    given = batches.given_out(now.sheets, now.known)
    terms = plan("full_text", review)
    fresh = batches.seeded(terms.seed, "full_text", (id_ for id_ in record_ids.included(before) if id_ not in given))
    conflicts = batches.open_conflicts(states, now.sheets, now.answered)
    more = any(row["state"] in ("pending", "conflict") for row in before)
    return batches.due(terms, fresh, conflicts, now.sheets, now.answered, wait_for_more=more)


def coding(
    now: Situation, before: list[Row], cells: list[Row], codes: list[str], review: Review, *, settled: bool
) -> list[Batch]:
    """Included reports, all their codes in one batch; cells that coders of a finished batch see differently.

    `settled`: no report is still to be assessed, so less than a full batch may be issued.
    """
    known = now.known
    given = {known.get(item.partition(":")[0], "") for info in now.sheets.values() for item in info.items}
    terms = plan("coding", review)
    fresh = batches.seeded(terms.seed, "coding", (id_ for id_ in record_ids.included(before) if id_ not in given))
    busy = {
        f"{known.get(id_, id_)}:{code}"
        for infos in batches.issued_batches(now.sheets).values()
        if infos[0].role == "adjudicate" or not batches.finished(infos, now.answered)
        for id_, _, code in (item.partition(":") for item in infos[0].items)
    }
    torn = {f"{row['record_id']}:{row['code']}" for row in cells if row["state"] == "conflict"} - busy
    found = batches.due(
        terms, fresh, {item: [item] for item in torn}, now.sheets, now.answered, wait_for_more=not settled
    )
    return [_with_codes(batch, codes) if batch.role == "screen" else _by_study(batch) for batch in found]


def _with_codes(batch: Batch, codes: list[str]) -> Batch:
    items = tuple(f"{record_id}:{code}" for record_id in batch.items for code in codes)
    return Batch(batch.batch, batch.purpose, batch.role, batch.people, items)


def _by_study(batch: Batch) -> Batch:
    """The cells to reconcile with those of a study together."""
    return Batch(batch.batch, batch.purpose, batch.role, batch.people, tuple(sorted(batch.items)), batch.covers)


def said_of_records(decisions: list[Row], known: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    """Record id -> the answers so far without names, for an adjudicator; `labels` names the reasons."""
    out: dict[str, list[str]] = {}
    for row in decisions:
        if row["role"] == "screen" and row["decision"] != "withdraw" and row["item"] in known:
            reason = labels.get(row["reason"], row["reason"])
            detail = ": ".join(part for part in (row["decision"].replace("_", " "), reason) if part)
            out.setdefault(known[row["item"]], []).append(detail + (f" ({row['note']})" if row["note"] else ""))
    return {record_id: "\n".join(sorted(answers)) for record_id, answers in out.items()}


def said_of_cells(decisions: list[Row], known: Mapping[str, str]) -> dict[str, str]:
    """`record:code` -> the values so far without names, each with its quote."""
    out: dict[str, list[str]] = {}
    for row in decisions:
        id_, _, code = row["item"].partition(":")
        if row["role"] == "screen" and row["decision"] != "withdraw" and id_ in known:
            evidence = f" – “{row['quote']}”" if row["quote"] else f" – {row['note']}" if row["note"] else ""
            out.setdefault(f"{known[id_]}:{code}", []).append(row["decision"] + evidence)
    return {item: "\n".join(sorted(answers)) for item, answers in out.items()}


def issued_rows(sheets: Mapping[str, SheetInfo], answered: set[Said]) -> list[Row]:
    """The receipt of a stage: every sheet, and how far it is."""
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
        }
        for sheet, info in sheets.items()
    ]
