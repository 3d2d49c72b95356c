"""Names for the team in outputs that nobody may be told from: `reviewer A`, the same person the same in all of them.

Only what the workflow itself writes of people is replaced. Notes, quotes and references stay as they are: a name in one
of these may be an author's, and a quote is verbatim.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoping.tables import Row


@dataclass(frozen=True)
class Pseudonyms:
    """Id of a person -> the name to print; empty where people are printed as they are."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, people: Iterable[str], seen: Iterable[str], *, anonymous: bool) -> "Pseudonyms":
        """Of the protocol's people, in an order that tells nothing of their ids; `seen` ones it no longer has come last.

        No two people share a name, so that nothing which counts people counts differently.
        """
        if not anonymous:
            return cls({})
        known = sorted(set(people), key=_shuffled)
        late = sorted(set(seen) - set(known) - {""}, key=_shuffled)
        return cls({person: f"reviewer {_letters(at)}" for at, person in enumerate([*known, *late])})

    def person(self, id_: str) -> str:
        """What is printed for a person; an id that is not known fails."""
        return self.names[id_] if self.names and id_ else id_

    def sheet(self, id_: str) -> str:
        """`co01.anna` as `co01.reviewer A`."""
        batch, dot, person = id_.rpartition(".")
        return f"{batch}{dot}{self.person(person)}"

    def rows(self, rows: Sequence[Row]) -> list[Row]:
        """Rows with the columns `person` and `sheet`, under other names."""
        if not self.names:
            return list(rows)
        return [{**row, "person": self.person(row["person"]), "sheet": self.sheet(row["sheet"])} for row in rows]

    def pilots(self, rows: Sequence[Row]) -> list[Row]:
        """Rows with the column `people`, a list of ids as JSON, under other names."""
        if not self.names:
            return list(rows)
        return [{**row, "people": json.dumps([self.person(id_) for id_ in json.loads(row["people"])])} for row in rows]


EVERYBODY_NAMED = Pseudonyms({})


def _shuffled(id_: str) -> bytes:
    return hashlib.sha256(id_.encode()).digest()


def _letters(at: int) -> str:
    """A to Z, then AA, AB and so on."""
    return (_letters(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)
