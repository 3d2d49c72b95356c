"""What the methods text is made of: the protocol, the codebook and the tables of all stages, and what several parts count."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from scoping import items, record_ids
from scoping.codebook import Codebook
from scoping.comparisons import Comparison
from scoping.config import Review
from scoping.folder import WITHDRAW
from scoping.ledger import Event
from scoping.methods.prose import Number, Said, counted
from scoping.migration_steps import Migration
from scoping.prisma import ALL_UNITS, OF_WHICH, Boxes
from scoping.tables import Row
from scoping.uptake import Cell

IDS = "reports/prisma_ids.csv"
PROTOCOL, CODEBOOK = "config/review.yaml", "config/codebook.yaml"
OUT = "data/processed"
SETTLED = ("include", "exclude", "not_retrieved")


@dataclass(frozen=True)
class Screened:
    """Who judged the items of a stage. Item -> the people who did; items that somebody adjudicated."""

    people: Mapping[str, frozenset[str]]
    adjudicated: frozenset[str]
    adjudicators: frozenset[str]

    @property
    def everybody(self) -> frozenset[str]:
        """All who judged, without those who only adjudicated."""
        return frozenset[str]().union(*self.people.values())

    def by(self, *numbers: int) -> list[str]:
        """The items that so many people judged; with two numbers, at least the first and at most the second."""
        return sorted(item for item, people in self.people.items() if numbers[0] <= len(people) <= numbers[-1])


@dataclass(frozen=True)
class Material:
    """All tables; those with a stage are by stage, states by record id too. Defaults are of a review that has just begun.

    Answers about codes (`decisions` of the two stages that are coded, and `coded`) stand under the codes of now.
    """

    review: Review
    codebook: Codebook
    versions: Mapping[str, str]
    found: Boxes
    steps: Sequence[Migration] = ()
    entries: Sequence[Row] = ()
    records: Sequence[Row] = ()
    pairs: Sequence[Row] = ()
    checks: Sequence[Row] = ()
    states: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)
    studies: Sequence[Row] = ()
    study_pairs: Sequence[Row] = ()
    texts: Sequence[Row] = ()
    cells: Sequence[Row] = ()
    decisions: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    pilots: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    events: Sequence[Event] = ()
    agreement: Sequence[Comparison] = ()
    coded: Sequence[Row] = ()  # answers of coding before reconciliation
    offered: Sequence[Cell] = ()
    switches: Sequence[Row] = ()
    transcripts: Sequence[Row] = ()
    transcript_codes: Codebook | None = None

    @cached_property
    def known(self) -> Mapping[str, str]:
        """Any id that stands for a record -> record id."""
        return record_ids.ever_known(list(self.records), list(self.events))

    @cached_property
    def included(self) -> frozenset[str]:
        """The reports that were included."""
        return self.found.of("included_reports") | self.found.of("other_included_reports")

    @cached_property
    def _here(self) -> Mapping[str, frozenset[str]]:
        """Stage -> the items that it has now; what was answered of others, such as of a report that is out, counts no more."""
        found = {stage: frozenset(rows) for stage, rows in self.states.items()}
        cells = {"coding": self.cells, "interviews": self.transcripts}
        return {**found, **{stage: frozenset(map(place, rows)) for stage, rows in cells.items()}}

    @cached_property
    def _screened(self) -> Mapping[str, Screened]:
        return {stage: self._judged(stage) for stage in self._here}

    def screened(self, stage: str) -> Screened:
        """Who judged what at a stage: items are records, or `record:code` where codes are asked."""
        return self._screened.get(stage, Screened({}, frozenset(), frozenset()))

    def _judged(self, stage: str) -> Screened:
        people: dict[str, set[str]] = defaultdict(set)
        adjudicated, adjudicators = set(), set()
        for row in self.decisions.get(stage, ()):
            of = items.split(row["item"])
            item = str(replace(of, record=self.known.get(of.record, of.record)))
            if item not in self._here[stage] or row["decision"] in ("", WITHDRAW):
                continue
            if row["role"] == "adjudicate":
                adjudicated.add(item)
                adjudicators.add(row["person"])
            else:
                people[item].add(row["person"])
        done = {item: frozenset(names) for item, names in people.items()}
        return Screened(done, frozenset(adjudicated), frozenset(adjudicators))

    @cached_property
    def offers(self) -> Mapping[str, frozenset[str]]:
        """What was shown of suggestions -> the cells that were coded so; a cell of two ways stands in both."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.coded:
            if row["item"] in self._here["coding"]:
                found[row["offer"]].add(row["item"])
                found[f"source {row['source']}"].add(row["item"])
        return {offer: frozenset(ids) for offer, ids in found.items()}


def place(row: Row) -> str:
    """The item of a cell."""
    return items.join(row["record_id"], row["code"], row["model"])


def flow(material: Material, *boxes: str, detail: str | None = None) -> Number:
    """A number of the flow diagram: the ids of some boxes, or of one line of a box."""
    found = material.found
    ids = [
        id_
        for box in boxes
        for line, members in found.ids.get(box, {}).items()
        if detail in (None, line)
        for id_ in members
    ]
    of = f"box = {' or '.join(boxes)}" + (f", detail = {detail}" if detail is not None else "")
    key = ".".join(["flow", "+".join(boxes), *([detail] if detail is not None else [])])
    return counted(key, ids, _unit(boxes[0]), f"{IDS}: {of}")


def _unit(box: str) -> str:
    return ALL_UNITS[box.removesuffix(OF_WHICH)]


def protocol(text: str, *path: str) -> Said:
    """What the protocol says, word for word, on one line."""
    return Said(" ".join(text.split()), f"{PROTOCOL}: {'.'.join(path)}")


def in_words(date: Any) -> str:
    """`2 March 2026`, whatever the language of the computer."""
    names = (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    )  # fmt: skip
    return f"{date.day} {names[date.month - 1]} {date.year}"


def codebook_said(text: str, *path: str) -> Said:
    """What the codebook says, word for word, on one line."""
    return Said(" ".join(text.split()), f"{CODEBOOK}: {'.'.join(path)}")


def people(key: str, ids: Iterable[str], where: str) -> Number:
    """How many people."""
    return counted(key, ids, "person", where)


def ids_in(row: Row, column: str) -> list[str]:
    """A list of ids in a cell."""
    found: list[str] = json.loads(row[column] or "[]")
    return found
