"""Which batches are due: frozen sets of items for named people, never reshuffled afterwards."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from scoping.folder import Said, SheetInfo
from scoping.tables import Row

CODES = {"duplicates": "du", "title_abstract": "ta", "full_text": "ft", "coding": "co"}


@dataclass(frozen=True)
class Batch:
    """A batch to issue: the same items to all its people."""

    batch: str
    purpose: str  # pilot, main, adjudication
    role: str  # screen, adjudicate
    people: tuple[str, ...]
    items: tuple[str, ...]
    covers: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What the protocol says of a stage, as far as batches go."""

    stage: str
    people: tuple[str, ...]
    votes: int
    adjudicator: str
    pilot: int
    batch: int
    open_batches: int
    seed: int


def seeded(seed: int, salt: str, items: Iterable[str]) -> list[str]:
    """The items in an order that only seed and salt decide."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}:{salt}:{item}".encode()).hexdigest())


def issued_batches(sheets: Mapping[str, SheetInfo]) -> dict[str, list[SheetInfo]]:
    """Batch -> its sheets, in order of issue."""
    out: dict[str, list[SheetInfo]] = {}
    for info in sheets.values():
        out.setdefault(info.batch, []).append(info)
    return out


def finished(sheets: Sequence[SheetInfo], answered: set[Said]) -> bool:
    """Whether everyone has answered everything on the sheets of a batch."""
    return all((info.sheet, item) in answered for info in sheets for item in info.items)


def _team(plan: Plan, number: int) -> tuple[str, ...]:
    """Who gets the batch of this number: all where as many votes are needed, else each team in turn."""
    teams = list(combinations(plan.people, plan.votes))
    return teams[number % len(teams)]


def _name(plan: Plan, number: int, purpose: str) -> str:
    return f"{CODES[plan.stage]}{number:02d}{'' if purpose == 'main' else f'-{purpose}'}"


def due(
    plan: Plan,
    candidates: Sequence[str],
    conflicts: Mapping[str, list[str]],
    sheets: Mapping[str, SheetInfo],
    answered: set[Said],
    *,
    wait_for_more: bool = False,
) -> list[Batch]:
    """The batches to issue now.

    `candidates` are items that nobody was given yet, best first; `conflicts` are items that need an adjudication, with
    the ids that it has to cover; `wait_for_more`: issue only full batches, since more candidates will come.
    """
    out: list[Batch] = []
    batches = issued_batches(sheets)
    number = len(batches)
    asked = [set(ids) | {item} for infos in batches.values() for item, ids in infos[0].covers.items()]
    fresh = sorted(item for item, ids in conflicts.items() if not any(set(ids) <= covered for covered in asked))
    if fresh and plan.adjudicator:
        number += 1
        items = seeded(plan.seed, f"{plan.stage}:{number}", fresh)
        name = _name(plan, number, "adjudication")
        covers = {item: conflicts[item] for item in items}
        out.append(Batch(name, "adjudication", "adjudicate", (plan.adjudicator,), tuple(items), covers))
    screens = [infos for infos in batches.values() if infos[0].role == "screen"]
    waiting = [infos for infos in screens if not finished(infos, answered)]
    left = list(candidates)
    count = len(screens)
    if plan.pilot and not screens and left:
        size, purpose, people = plan.pilot, "pilot", plan.people
        left = seeded(plan.seed, f"{plan.stage}:pilot", left)
        places = 1
    else:
        size, purpose, people = plan.batch, "main", ()
        piloting = any(infos[0].purpose == "pilot" for infos in waiting)
        places = 0 if piloting else plan.open_batches - len(waiting)
    if len(plan.people) < plan.votes:
        places = 0
    for _ in range(places):
        chosen, left = left[:size], left[size:]
        if not chosen or (wait_for_more and len(chosen) < size):
            break
        number += 1
        items = seeded(plan.seed, f"{plan.stage}:{number}", chosen)
        out.append(Batch(_name(plan, number, purpose), purpose, "screen", people or _team(plan, count), tuple(items)))
        count += 1
    return out


def given_out(sheets: Mapping[str, SheetInfo], known: Mapping[str, str]) -> set[str]:
    """The records that are on a sheet under any of their ids."""
    return {known.get(item, item) for info in sheets.values() if info.role == "screen" for item in info.items}


def open_conflicts(states: Iterable[Row], sheets: Mapping[str, SheetInfo], answered: set[Said]) -> dict[str, list[str]]:
    """Records in conflict, none of whose sheets is still being worked on -> the ids that were decided."""
    working = {
        item
        for infos in issued_batches(sheets).values()
        if infos[0].role == "screen" and not finished(infos, answered)
        for item in infos[0].items
    }
    out = {}
    for row in states:
        ids = json.loads(row["decided_ids"])
        if row["state"] == "conflict" and not working & set(ids):
            out[row["record_id"]] = ids
    return out
