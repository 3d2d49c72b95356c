"""What became of suggestions: what coders said of each cell before anything was reconciled, and what it was offered.

A cell counts once as many people as must decide on it have answered. It is `yes` or `no` where all of them say so
(`unclear` and other words for nothing found are no yes), else `divided`, which is counted and confirms nothing. Cells
that two people coded under different offers, as can happen to records that were merged, are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoping.codebook import sense
from scoping.items import Item
from scoping.migrations import Followed
from scoping.tables import Row

LEAST = 10
"""Settled cells with a suggestion from which on a code's suggestions are judged."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that was coded by enough people. `offer` see `offers`; `suggested`: whether there was a suggestion."""

    id: str
    code: str
    offer: str
    suggested: bool
    said: str  # yes, no, divided
    by_person: tuple[tuple[str, str], ...]  # who said yes, who no


def cells(answers: Iterable[Followed], votes: Mapping[str, int]) -> list[Cell]:
    """The cells that count, of answers before reconciliation (rows of `independent`) that count now.

    `votes` gives the people that each record needs. Cells of which nothing was searched, and answers on sheets
    without suggestions, are left out.
    """
    by_cell: dict[Item, list[Row]] = defaultdict(list)
    for answer in answers:
        if answer.code:
            by_cell[answer.item].append(answer.row)
    found = []
    for of, rows in sorted(by_cell.items()):
        cell = _cell(str(of), of.code, rows, votes.get(of.record, 1))
        found += [cell] if cell else []
    return found


def _cell(id_: str, code: str, rows: Sequence[Row], votes: int) -> Cell | None:
    said: dict[str, set[bool]] = defaultdict(set)
    for row in rows:
        said[row["person"]].add(sense(row["decision"]) == "yes")
    offered = {(row["offer"], row["suggested"] not in ("", "0")) for row in rows if row["suggested"]}
    if len(said) < votes or len(offered) != 1 or not all(row["suggested"] for row in rows):
        return None
    offer, suggested = offered.pop()
    words = set.union(*said.values())
    agreed = "divided" if len(words) > 1 else "yes" if True in words else "no"
    single = ((person, "yes" if True in given else "no") for person, given in sorted(said.items()) if len(given) == 1)
    return Cell(id_, code, offer, suggested, agreed, tuple(single))


@dataclass(frozen=True, slots=True)
class Uptake:
    """Cells by what became of them; a `missed` one is coded yes without a suggestion: added by hand."""

    confirmed: tuple[str, ...]
    rejected: tuple[str, ...]
    divided: tuple[str, ...]
    missed: tuple[str, ...]
    nothing: tuple[str, ...]

    @property
    def precision(self) -> tuple[int, int]:
        """(confirmed, confirmed and rejected)."""
        return len(self.confirmed), len(self.confirmed) + len(self.rejected)

    @property
    def recall(self) -> tuple[int, int]:
        """(confirmed, confirmed and added by hand)."""
        return len(self.confirmed), len(self.confirmed) + len(self.missed)

    @property
    def suggested(self) -> tuple[str, ...]:
        """All cells with a suggestion."""
        return tuple(sorted((*self.confirmed, *self.rejected, *self.divided)))


def uptake(found: Iterable[Cell]) -> Uptake:
    """What became of some cells."""
    parts: dict[tuple[bool, str], list[str]] = defaultdict(list)
    for cell in found:
        parts[cell.suggested, cell.said].append(cell.id)
    return Uptake(
        confirmed=tuple(parts[True, "yes"]),
        rejected=tuple(parts[True, "no"]),
        divided=tuple(parts[True, "divided"]),
        missed=tuple(parts[False, "yes"]),
        nothing=(*parts[False, "no"], *parts[False, "divided"]),
    )


def switches(found: Sequence[Cell], codes: Iterable[str], floor: float) -> list[Row]:
    """For each code whether new sheets show its suggestions, judged by all of them, those that nobody saw too.

    A code that is off goes on being judged by cells that do not show them, and comes back with its precision.
    """
    rows = []
    for code in codes:
        confirmed, settled = uptake(cell for cell in found if cell.code == code).precision
        off = settled >= LEAST and confirmed / settled < floor
        why = f"{confirmed} of {settled} suggestions were confirmed, fewer than {floor:.0%}" if off else ""
        rows.append(
            {
                "code": code,
                "settled": str(settled),
                "confirmed": str(confirmed),
                "precision": f"{confirmed / settled:.3f}" if settled else "",
                "state": "off" if off else "on",
                "why": why,
            }
        )
    return rows
