"""Which batches are due: frozen sets of items for named people, never reshuffled afterwards."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from scoping import teams
from scoping.folder import Said, SheetInfo
from scoping.items import split
from scoping.tables import Row

CODES = {
    "duplicates": "du",
    "title": "ti",
    "title_abstract": "ta",
    "doubtful_texts": "dt",
    "full_text": "ft",
    "studies": "st",
    "coding": "co",
    "interviews": "iv",
}


@dataclass(frozen=True)
class Batch:
    """A batch to issue: `sheets` gives each person's items in the order of the rows; all share the first one's.

    `covers`: for an item to adjudicate, the ids that were decided; `audit`: items that were drawn at random. All items of
    a control sample were, at once, from `pool`.
    """

    batch: str
    purpose: str  # pilot, main, control, adjudication
    role: str  # screen, adjudicate
    sheets: Mapping[str, tuple[str, ...]]
    covers: Mapping[str, list[str]] = field(default_factory=dict)
    audit: tuple[str, ...] = ()
    pool: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Who gets a sheet."""
        return tuple(self.sheets)

    @property
    def items(self) -> tuple[str, ...]:
        """All items."""
        return next(iter(self.sheets.values()))


@dataclass(frozen=True)
class Plan:
    """What the protocol says of a stage, as far as batches go. Sizes count groups (records, or reports to code)."""

    stage: str
    people: tuple[str, ...]
    shares: Mapping[str, float]
    adjudicator: str
    pilot: int
    pilot_rounds: int
    batch: int
    growth: float
    largest: int
    rows: int  # the most on one sheet
    open_batches: int
    audit: float
    seed: int
    control: int = 0  # records of random control samples, in all
    pilot_codes: tuple[str, ...] = ()  # the codes on the sheets of a pilot of coding; none: all
    in_order: bool = False  # whether rows stand as the candidates do, not by lot

    @property
    def all_shares(self) -> dict[str, float]:
        """Everybody's share, also of those of whom the protocol names none."""
        return {person: self.shares.get(person, 1.0) for person in self.people}

    def size(self, labelled: int) -> int:
        """Groups in the next batch, when so many records are labelled."""
        return max(1, min(max(self.batch, int(self.growth * labelled + 1e-9)), self.largest))


@dataclass(frozen=True)
class Candidate:
    """An item that needs more people than hold it; items of one group go onto the same sheet."""

    item: str
    group: str
    votes: int
    holders: frozenset[str]


@dataclass(frozen=True)
class Standing:
    """Where a stage stands: its sheets, what was answered on them, how many records are labelled."""

    sheets: Mapping[str, SheetInfo]
    answered: set[Said]
    labelled: int = 0
    gate_open: bool = True
    wait_for_more: bool = False  # issue only full batches, since more candidates will come


def seeded(seed: int, salt: str, items: Iterable[str]) -> list[str]:
    """The items in an order that only seed and salt decide."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}:{salt}:{item}".encode()).hexdigest())


def issued_batches(sheets: Mapping[str, SheetInfo]) -> dict[str, list[SheetInfo]]:
    """Batch -> its sheets, in order of issue."""
    out: dict[str, list[SheetInfo]] = {}
    for info in sheets.values():
        out.setdefault(info.batch, []).append(info)
    return out


def unfinished(sheets: Iterable[SheetInfo], answered: set[Said], people: Iterable[str]) -> list[SheetInfo]:
    """The sheets on which one of these people has something left to answer; nobody waits for others."""
    here = set(people)
    return [
        info
        for info in sheets
        if info.person in here and any((info.sheet, item) not in answered for item in info.items)
    ]


def holders(
    sheets: Mapping[str, SheetInfo], answered: set[Said], people: Iterable[str], unit: Callable[[str], str]
) -> dict[str, set[str]]:
    """Unit of an item -> those who answered it or are still to answer it.

    Somebody who left holds what was answered and nothing else, so only what was never decided is given to others.
    """
    here = set(people)
    out: dict[str, set[str]] = defaultdict(set)
    for info in sheets.values():
        if info.role == "screen":
            for item in info.items:
                if info.person in here or (info.sheet, item) in answered:
                    out[unit(item)].add(info.person)
    return out


def open_conflicts(states: Iterable[Row], standing: Standing, people: Iterable[str]) -> dict[str, list[str]]:
    """Records in conflict, none of whose batches is still being worked on -> the ids that were decided."""
    here = tuple(people)
    working = {
        item
        for infos in issued_batches(standing.sheets).values()
        if infos[0].role == "screen" and unfinished(infos, standing.answered, here)
        for info in infos
        for item in info.items
    }
    out = {}
    for row in states:
        ids = json.loads(row["decided_ids"])
        if row["state"] == "conflict" and not working & set(ids):
            out[row["record_id"]] = ids
    return out


# --- what is due -----------------------------------------------------------------------------------------------------


def due(
    plan: Plan, candidates: Sequence[Candidate], conflicts: Mapping[str, list[str]], standing: Standing
) -> list[Batch]:
    """The batches to issue now.

    `candidates` stand best first; `conflicts` are items that need an adjudication, with the ids that it has to cover.
    """
    batches = issued_batches(standing.sheets)
    screens = [infos for infos in batches.values() if infos[0].role == "screen"]
    found = list(_adjudications(plan, conflicts, standing, batches))
    number = len(batches) + len(found)
    pilots = [infos for infos in screens if infos[0].purpose == "pilot"]
    trying = any(unfinished(infos, standing.answered, plan.people) for infos in pilots)
    passed = bool(pilots) and standing.gate_open and not trying
    # where exports brought an answer on everything, nothing is left that people could try
    triable = bool(pilots) or any(not each.holders for each in candidates)
    if not plan.pilot or passed or not triable or len(screens) > len(pilots):
        return found + _main(plan, candidates, standing, screens, number)
    if trying or len(pilots) >= plan.pilot_rounds:
        return found
    return found + _pilot(plan, candidates, number + 1)


def _name(plan: Plan, number: int, purpose: str) -> str:
    """People are not told what was drawn at random: a control sample is called as any batch."""
    return f"{CODES[plan.stage]}{number:02d}{'' if purpose in ('main', 'control') else f'-{purpose}'}"


def _rows(plan: Plan, number: int, items: Sequence[Candidate]) -> list[str]:
    """Items in the order of the rows: groups as drawn by lot, since an order by rank would leak the score."""
    if plan.in_order:
        return [each.item for each in items]
    place = {
        group: at for at, group in enumerate(seeded(plan.seed, f"{plan.stage}:{number}", {i.group for i in items}))
    }
    return [each.item for each in sorted(items, key=lambda each: place[each.group])]


def _adjudications(
    plan: Plan, conflicts: Mapping[str, list[str]], standing: Standing, batches: Mapping[str, list[SheetInfo]]
) -> Iterator[Batch]:
    """Conflicts that nobody was asked about; what an adjudicator who left has not answered is asked again."""
    if not plan.adjudicator:
        return
    asked = [
        set(info.covers.get(item, ())) | {item}
        for infos in batches.values()
        for info in infos
        if info.role == "adjudicate"
        for item in info.items
        if info.person == plan.adjudicator or (info.sheet, item) in standing.answered
    ]
    fresh = sorted(item for item, ids in conflicts.items() if not any(set(ids) <= covered for covered in asked))
    number = len(batches)
    for part in _sheets([Candidate(item, split(item).record, 1, frozenset()) for item in fresh], plan.rows):
        number += 1
        items = tuple(_rows(plan, number, part))
        name = _name(plan, number, "adjudication")
        covers = {item: conflicts[item] for item in items}
        yield Batch(name, "adjudication", "adjudicate", {plan.adjudicator: items}, covers)


def _sheets(candidates: Sequence[Candidate], rows: int) -> Iterator[list[Candidate]]:
    """The candidates in parts of at most so many rows; items of a group stand together."""
    part: list[Candidate] = []
    for group in _parts(candidates, 1):
        if part and len(part) + len(group) > rows:
            yield part
            part = []
        part += group
    if part:
        yield part


def _parts(candidates: Sequence[Candidate], size: int) -> Iterator[list[Candidate]]:
    """The candidates in parts of so many groups; items of a group stand together."""
    groups = [list(same) for _, same in groupby(candidates, key=lambda each: each.group)]
    for start in range(0, len(groups), size):
        yield [each for group in groups[start : start + size] for each in group]


def _pilot(plan: Plan, candidates: Sequence[Candidate], number: int) -> list[Batch]:
    """Records drawn by lot, for everybody; of coding those codes that the protocol wants tried first."""
    free = [each for each in candidates if not each.holders]
    if plan.pilot_codes:
        free = [each for each in free if split(each.item).code in plan.pilot_codes]
    if not free or len(plan.people) < max(each.votes for each in free):
        return []
    drawn = set(seeded(plan.seed, f"{plan.stage}:{number}:pilot", {each.group for each in free})[: plan.pilot])
    items = tuple(_rows(plan, number, [each for each in free if each.group in drawn]))
    return [Batch(_name(plan, number, "pilot"), "pilot", "screen", dict.fromkeys(plan.people, items))]


class _Desk:
    """Where sheets are handed out: who has room for one, who took how much, who met whom."""

    def __init__(self, plan: Plan, standing: Standing, screens: Sequence[Sequence[SheetInfo]], number: int) -> None:
        done = [infos for infos in screens if infos[0].purpose != "pilot"]
        self.plan, self.number, self.out = plan, number, list[Batch]()
        self.load = teams.loads(done, plan.people)
        self.met = teams.meetings([info.person for info in infos] for infos in done)
        self.room = dict.fromkeys(plan.people, plan.open_batches)
        for info in unfinished((info for infos in screens for info in infos), standing.answered, plan.people):
            self.room[info.person] -= 1

    @property
    def next(self) -> int:
        """The number of the next batch."""
        return self.number + len(self.out) + 1

    def team(self, size: int) -> tuple[str, ...]:
        """Who gets the next batch: whoever has room, unless shares are agreed on and somebody is ahead of theirs."""
        free = [person for person in self.plan.people if self.room[person] > 0]
        behind = teams.behind(self.load) if self.plan.shares else []
        if len(behind) >= size:
            free, behind = [person for person in behind if person in free], []
        return teams.choose(size, free, self.load, self.met, f"{self.plan.seed}:{self.plan.stage}:{self.next}", behind)

    def hand_out(
        self, sheets: Mapping[str, tuple[str, ...]], audit: tuple[str, ...] = (), pool: tuple[str, ...] = ()
    ) -> None:
        """Issue a batch; a control sample where a pool is given."""
        purpose = "control" if pool else "main"
        batch = Batch(_name(self.plan, self.next, purpose), purpose, "screen", sheets, audit=audit, pool=pool)
        for person, items in sheets.items():
            self.room[person] -= 1
            self.load[person] += len(items) / len(batch.items) / self.plan.all_shares[person]
        self.met.update(teams.meetings([batch.people]))
        self.out.append(batch)


def _main(
    plan: Plan,
    candidates: Sequence[Candidate],
    standing: Standing,
    screens: Sequence[Sequence[SheetInfo]],
    number: int,
) -> list[Batch]:
    """First what somebody left undecided, then a control sample, then the next of the order, as long as people have room."""
    desk = _Desk(plan, standing, screens, number)
    size = plan.size(standing.labelled)
    _left_over(desk, [each for each in candidates if each.holders], size)
    fresh = [each for each in candidates if not each.holders]
    wanted = plan.control - sum(len(infos[0].items) for infos in screens if infos[0].purpose == "control")
    while fresh:
        control = wanted > 0
        part, audit = _lot(plan, fresh, wanted, desk.next) if control else _next(plan, fresh, size, desk.next)
        if standing.wait_for_more and not control and len({each.group for each in part}) < size:
            break
        team = desk.team(max(each.votes for each in part))
        if not team:
            break
        votes = {each.item: each.votes for each in part}
        rows = _rows(plan, desk.next, part)
        pool = tuple(sorted(each.item for each in fresh)) if control else ()
        desk.hand_out(
            {person: tuple(item for item in rows if votes[item] > place) for place, person in enumerate(team)},
            audit,
            pool,
        )
        fresh, wanted = [each for each in fresh if each.item not in votes], 0
    return desk.out


def _lot(plan: Plan, fresh: Sequence[Candidate], size: int, number: int) -> tuple[list[Candidate], tuple[str, ...]]:
    """(a random control sample of all that nobody was given, nothing that was drawn besides)."""
    drawn = set(seeded(plan.seed, f"{plan.stage}:{number}:control", {each.group for each in fresh})[:size])
    return [each for each in fresh if each.group in drawn], ()


def _left_over(desk: _Desk, halves: list[Candidate], size: int) -> None:
    """Items that lack one person, to whoever has least work and does not hold them."""
    for person in sorted(desk.plan.people, key=lambda person: (desk.load[person], person)):
        mine = [each for each in halves if person not in each.holders]
        for part in list(_parts(mine, size))[: max(0, desk.room[person])]:
            desk.hand_out({person: tuple(_rows(desk.plan, desk.next, part))})
            halves = [each for each in halves if each not in part]


def _next(plan: Plan, fresh: Sequence[Candidate], size: int, number: int) -> tuple[list[Candidate], tuple[str, ...]]:
    """(the candidates of a batch, the items among them that were drawn at random from all that are left)."""
    groups = list(dict.fromkeys(each.group for each in fresh))
    drawn = set(seeded(plan.seed, f"{plan.stage}:{number}:audit", groups)[: int(plan.audit * size + 1e-9)])
    chosen = {*drawn, *[group for group in groups if group not in drawn][: size - len(drawn)]}
    part = [each for each in fresh if each.group in chosen]
    return part, tuple(sorted(each.item for each in part if each.group in drawn))
