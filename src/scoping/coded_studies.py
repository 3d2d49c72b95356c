"""What each included study says to each code, from the cells of its models and reports.

A study says yes where one of its cells does. Else it is `not yet coded` while a cell is open that could still say so, then
`unclear` if one is, then `no`: looked for and not reported. Blank is never counted as no.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from scoping.codebook import Code, Codebook, sense
from scoping.tables import Row

YES, OPEN, UNCLEAR, NO = "yes", "not yet coded", "unclear", "no"
_FIRST = (YES, OPEN, UNCLEAR, NO)


@dataclass(frozen=True)
class CodedStudies:
    """The included studies in order, with how they are cited; their cells; the codebook."""

    names: Mapping[str, str]
    cells: tuple[Row, ...]
    codebook: Codebook

    @cached_property
    def by_code(self) -> Mapping[tuple[str, str], list[Row]]:
        """(study id, code id) -> the cells."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for cell in self.cells:
            found[cell["study_id"], cell["code"]].append(cell)
        return found

    def yes(self, study_id: str, code: str) -> list[Row]:
        """The cells of a study that say yes to a code, whatever the word."""
        return [cell for cell in self.by_code.get((study_id, code), ()) if sense(cell["value"]) == YES]

    def says(self, study_id: str, code: str) -> str:
        """What a study says to a code."""
        return self._said.get((study_id, code), OPEN)

    @cached_property
    def _said(self) -> Mapping[tuple[str, str], str]:
        return {
            place: first(sense(cell["value"]) if cell["state"] == "coded" else OPEN for cell in cells)
            for place, cells in self.by_code.items()
        }

    def saying(self, *words: str, codes: Collection[str]) -> list[str]:
        """The studies that say one of some words to some codes taken together: yes to one of them is yes."""
        return [id_ for id_ in self.names if first(self.says(id_, code) for code in codes) in words]

    def settled(self, code: str) -> list[str]:
        """The studies for which a code is settled: those that percentages are of."""
        return self.saying(YES, UNCLEAR, NO, codes=[code])


def first(words: Iterable[str]) -> str:
    """What several answers are together; what nobody was asked is not yet coded."""
    said = set(words) or {OPEN}
    return next(word for word in _FIRST if word in said)


def levels(cell: Row, code: Code) -> list[str]:
    """Where a cell is placed; a code with a single level can stand nowhere else."""
    if cell["level"]:
        return cell["level"].split("; ")
    return list(code.levels) if len(code.levels) == 1 else []


def where(cell: Row) -> str:
    """The locator as typed; the page where the quote was found, if that says more or something else."""
    found = f"p. {cell['page']}" if cell["page"] else ""
    if not cell["locator"]:
        return found
    typed = re.search(r"\bp(?:p|age|ages)?\.? ?(\d+)", cell["locator"])
    return f"{cell['locator']} (found on {found})" if found and typed and typed[1] != cell["page"] else cell["locator"]
