"""What the included studies say of codes and of codes together, each count as the set of study ids behind it.

A study says yes to a code if one of its cells does (of a report, of a model). While a cell that could change that is
open, what the study says of the code is not known yet: blank is never counted as no.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoping.codebook import ABSENT, Code, Codebook, sense
from scoping.columns import BASES, NOT_STATED
from scoping.crosswalk import Crosswalk
from scoping.derivation import Derived
from scoping.derived import NOT_YET, joining
from scoping.tables import Row

NO_STUDY = "No study has been included yet"
NOT_PLACED = "level not given"
NONE_FOUND, UNCLEAR, NOT_CODABLE = "none found", "unclear", "not codable"
STRONGEST_FIRST = ("comparative", "documentary", "observed", "self-report", "asserted")
Ids = tuple[str, ...]


def counted(ids: Ids) -> Row:
    """A number of studies and what is behind it, as the data of figures have it."""
    return {"unit": "study", "n": str(len(ids)), "ids": "; ".join(ids)}


@dataclass(frozen=True)
class Answers:
    """The cells of the included studies by study and code."""

    cells: Mapping[tuple[str, str], Sequence[Row]]
    studies: Ids

    @classmethod
    def of(cls, cells: Iterable[Row]) -> "Answers":
        """From the cells of included reports."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for cell in cells:
            found[cell["study_id"], cell["code"]].append(cell)
        return cls(dict(found), tuple(sorted({study for study, _ in found})))

    def yes(self, study: str, code: str) -> list[Row]:
        """The cells that say yes."""
        return [cell for cell in self.cells.get((study, code), ()) if sense(cell["value"]) == "yes"]

    def word(self, study: str, code: str) -> str:
        """yes, no, unclear or not known yet."""
        if self.yes(study, code):
            return "yes"
        mine = self.cells.get((study, code), ())
        if not mine or any(cell["state"] != "coded" for cell in mine):
            return NOT_YET
        return "unclear" if any(cell["value"] == "unclear" for cell in mine) else "no"

    def saying(self, word: str, *codes: str) -> Ids:
        """Studies that say this of each of the codes."""
        return tuple(study for study in self.studies if all(self.word(study, code) == word for code in codes))


def presence(codebook: Codebook) -> list[Code]:
    """Codes that a study may lack; a list such as tiers of government is yes for all, and crosses with nothing."""
    return [code for code in codebook.codes if set(code.values) & set(ABSENT)]


def lists(codebook: Codebook) -> list[Code]:
    """The other codes, each a closed list of what a study is: its country, its tier of government."""
    some = {code.id for code in presence(codebook)}
    return [code for code in codebook.codes if code.id not in some]


def values(answers: Answers, code: Code) -> dict[str, Ids]:
    """Value -> studies of which a cell has it; `NOT_YET` -> those that still lack an answer. A study may have several."""
    found: dict[str, set[str]] = {value: set() for value in (*code.values, NOT_YET)}
    for study in answers.studies:
        mine = answers.cells.get((study, code.id), ())
        for cell in mine:
            found.setdefault(cell["value"] or NOT_YET, set()).add(study)
        if not mine:
            found[NOT_YET].add(study)
    return {value: tuple(sorted(ids)) for value, ids in found.items()}


def pairs(answers: Answers, codes: Sequence[Code]) -> dict[tuple[str, str], Ids]:
    """(code, the same or a later one) -> studies that say yes to both."""
    yes = {code.id: frozenset(answers.saying("yes", code.id)) for code in codes}
    return {
        (a.id, b.id): tuple(sorted(yes[a.id] & yes[b.id])) for at, a in enumerate(codes) for b in codes[at:]
    }  # fmt: skip


@dataclass(frozen=True)
class Forms:
    """The studies that say yes to exactly these codes, by what a variable of the kind `combined` says of them."""

    codes: Ids
    studies: Mapping[str, Ids]

    @property
    def total(self) -> int:
        """Of all values."""
        return sum(map(len, self.studies.values()))


def forms(answers: Answers, rule: Derived) -> list[Forms]:
    """Combinations of the codes of a variable of the kind `combined`, the most frequent first."""
    found: dict[Ids, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for study in answers.studies:
        said = {code: answers.word(study, code) for code in rule.codes}
        mine = tuple(code for code, word in said.items() if word == "yes")
        value = joining(list(said.values()), answers.word(study, rule.joined_by or ""), rule.at_least)
        found[mine][value].append(study)
    place = {code: at for at, code in enumerate(rule.codes)}
    every = [Forms(mine, {word: tuple(ids) for word, ids in sorted(by.items())}) for mine, by in found.items()]
    return sorted(every, key=lambda each: (-each.total, [place[code] for code in each.codes]))


def levels(answers: Answers, codes: Sequence[Code]) -> dict[tuple[str, str], Ids]:
    """(code, level that may be named, or `NOT_PLACED`) -> studies that say yes there; a study may stand at several.

    A code with a single level stands there without being placed.
    """
    found: dict[tuple[str, str], Ids] = {}
    for code in codes:
        at: dict[str, set[str]] = {level: set() for level in (*code.levels, NOT_PLACED)}
        for study in answers.studies:
            for cell in answers.yes(study, code.id):
                for level in placed(cell, code):
                    at.setdefault(level, set()).add(study)
        found |= {(code.id, level): tuple(sorted(ids)) for level, ids in at.items()}
    return found


def placed(cell: Row, code: Code) -> list[str]:
    """The levels of a cell, or `NOT_PLACED`."""
    return (cell["level"] or (code.levels[0] if len(code.levels) == 1 else NOT_PLACED)).split("; ")


@dataclass(frozen=True)
class Gap:
    """A cell of the evidence gap map: studies that report both by their best basis, or why there is none.

    `behind` are the studies that make an empty cell unclear or not codable.
    """

    studies: Mapping[str, Ids]
    word: str = ""
    behind: Ids = ()

    @property
    def ids(self) -> Ids:
        """All studies that report both."""
        return tuple(sorted(id_ for ids in self.studies.values() for id_ in ids))


def strength(codebook: Codebook) -> tuple[str, ...]:
    """Evidence bases from the strongest on: as the first variable of the kind `best` has them, the usual ones after."""
    named = next((rule.order for rule in codebook.derived if rule.kind == "best"), ())
    return tuple(dict.fromkeys((*named, *STRONGEST_FIRST, *BASES, NOT_STATED)))


def gap(answers: Answers, mechanism: str, change: str, order: Sequence[str]) -> Gap:
    """What the studies say of a mechanism and a change; that a study reports both is no effect of one on the other."""
    both = answers.saying("yes", mechanism, change)
    if both:
        by: dict[str, list[str]] = defaultdict(list)
        for study in both:
            by[best(answers.yes(study, change), order)].append(study)
        return Gap({basis: tuple(by[basis]) for basis in dict.fromkeys((*order, *sorted(by))) if basis in by})
    left = {study: {answers.word(study, mechanism), answers.word(study, change)} for study in answers.studies}
    might = {study: words for study, words in left.items() if "no" not in words}
    opened = tuple(study for study, words in might.items() if NOT_YET in words)
    if opened or not answers.studies:
        return Gap({}, NOT_CODABLE, opened)
    return Gap({}, UNCLEAR, tuple(might)) if might else Gap({}, NONE_FOUND)


def best(cells: Iterable[Row], order: Sequence[str]) -> str:
    """The strongest evidence basis that any of the cells names."""
    named = {basis for cell in cells for basis in cell["basis"].split("; ") if basis}
    return next((basis for basis in (*order, *sorted(named)) if basis in named), NOT_STATED)


def covered(answers: Answers, walk: Crosswalk) -> dict[str, tuple[Ids, Ids]]:
    """Target -> (studies that speak to it by an explicit row, those that do by inferred rows alone)."""
    found = {}
    for target in walk.targets:
        by = {
            kind: {
                study
                for row in walk.rows
                if row.target == target.id and row.kind == kind
                for study in answers.saying("yes", row.code)
            }
            for kind in ("explicit", "inferred")
        }
        found[target.id] = (tuple(sorted(by["explicit"])), tuple(sorted(by["inferred"] - by["explicit"])))
    return found
