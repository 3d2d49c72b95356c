"""What people said of pairs of entries, and where it contradicts itself: then a person is told, and nothing is merged by it.

Two answers to one pair contradict each other unless they are equal. An answer `same` contradicts others where these, taken
together, keep apart what it would join. Such answers bind nothing until one of them is changed or taken back; what they are
about stays apart, since a report merged away is lost, and a duplicate too many costs a minute.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scoping.groups import Groups, Pair
from scoping.items import split
from scoping.tables import Row

SAME = "same"
APART = ("different", "related")
CONFLICT = "conflict"
NAMED = 3  # pairs that are named as those that keep apart


@dataclass(frozen=True)
class Said:
    """What was answered about a pair: `answer` is a word of the sheet, or `conflict`; `person` who said so."""

    answer: str
    person: str
    against: tuple[Pair, ...] = ()  # other pairs that a `same` cannot stand beside


@dataclass(frozen=True)
class Answers:
    """The answers by pair (a < b), and the rows that they were made of."""

    of: Mapping[Pair, Said] = field(default_factory=dict)
    rows: Mapping[Pair, tuple[Row, ...]] = field(default_factory=dict)

    def pairs(self, *answers: str) -> list[Pair]:
        """The pairs with one of these answers, sorted."""
        return sorted(pair for pair, said in self.of.items() if said.answer in answers)

    @property
    def kept_apart(self) -> list[Pair]:
        """What must not be merged: told apart, or answered in ways that contradict each other."""
        return self.pairs(*APART, CONFLICT)


def standing(decisions: Iterable[Row]) -> Answers:
    """The answers that stand. Every `same` that cannot stand beside the others is a conflict with them."""
    rows: dict[Pair, list[Row]] = defaultdict(list)
    for row in decisions:
        if row["decision"] in (SAME, *APART):
            a, b = sorted(split(row["item"]).ids)
            rows[a, b].append(row)
    of = {pair: _one(given) for pair, given in rows.items()}
    _close(of)
    return Answers(of, {pair: tuple(given) for pair, given in rows.items()})


def _one(rows: Iterable[Row]) -> Said:
    said = sorted({(row["decision"], row["person"]) for row in rows})
    if len({answer for answer, _ in said}) == 1:
        return Said(*said[0])
    return Said(CONFLICT, "; ".join(f"{person}: {answer}" for answer, person in said))


def _close(of: dict[Pair, Said]) -> None:
    """Mark each `same` that would join what other answers keep apart. What is joined first is decided by the ids."""
    apart = sorted(pair for pair, said in of.items() if said.answer != SAME)
    groups = Groups({id_ for pair in of for id_ in pair}, apart)
    for pair in sorted(pair for pair, said in of.items() if said.answer == SAME):
        if not groups.join(*pair):
            left, right = (groups.members[groups.find(id_)] for id_ in pair)
            against = tuple((a, b) for a, b in apart if (a in left and b in right) or (a in right and b in left))
            of[pair] = Said(CONFLICT, f"{of[pair].person}: same", against)


def problems(answers: Answers) -> Iterator[Row]:
    """What people are told of contradictions: who said what on which sheet, a row for each pair."""
    for pair in answers.pairs(CONFLICT):
        rows = sorted(answers.rows[pair], key=lambda row: row["sheet"])
        said = ", ".join(f"`{row['decision']}` by {row['person']} (sheet {row['sheet']})" for row in rows)
        title = f" ({rows[0]['title'][:80]!r})" if rows[0]["title"] else ""
        against = ", ".join("~".join(other) for other in answers.of[pair].against[:NAMED])
        why = f", but other answers keep apart what this would join: {against}" if against else ""
        yield {
            "stage": "duplicates",
            "file": "",
            "sheet": rows[0]["sheet"],
            "cell": "",
            "item": "~".join(pair),
            "waits": "row",
            "problem": f"{'~'.join(pair)}{title} was answered {said}{why}. Both stay apart, and wait, until one of the answers "
            "is changed on its sheet, or taken back with `withdraw`",
        }
