"""Variables of each study, or each of its models, that follow from its cells, each with the cells it rests on and those it was computed from.

A variable that a cell still to be coded could change is `not known yet`; blank is never counted as no.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoping.codebook import Codebook, sense
from scoping.crosswalk import Crosswalk
from scoping.derivation import Derived
from scoping.items import FIRST
from scoping.studies import Studies, place
from scoping.tables import Row

NOT_YET = "not known yet"
_NOTHING = ("no", "none", "0")
_LEVELS = ("individual", "organisation", "system")


@dataclass(frozen=True)
class Value:
    """A value, the cells that make it (`counting`) and all that it was computed from, as `record:code`."""

    value: str
    counting: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class _Study:
    """The cells of a study by code, from all its reports; and of codes that have a single level, that level."""

    cells: dict[str, list[Row]]
    only: Mapping[str, str]

    def of(self, codes: Iterable[str]) -> list[Row]:
        """The cells of some codes."""
        return [cell for code in codes for cell in self.cells.get(code, ())]

    def yes(self, codes: Iterable[str], *, quoted: bool = False) -> list[Row]:
        """The cells that say yes."""
        return [cell for cell in self.of(codes) if sense(cell["value"]) == "yes" and (cell["quote"] or not quoted)]

    def answer(self, code: str, *, quoted: bool = False) -> str:
        """What the study says: yes where one report does, else open, unclear or no."""
        if self.yes([code], quoted=quoted):
            return "yes"
        mine = self.of([code])
        if not mine or any(cell["state"] != "coded" for cell in mine):
            return NOT_YET
        return "unclear" if any(cell["value"] == "unclear" for cell in mine) else "no"

    def level(self, cell: Row) -> str:
        """Where a cell that says yes stands: as coded; a code with a single level can stand nowhere else."""
        return cell["level"] or self.only.get(cell["code"], "")

    def settled(self, codes: Iterable[str]) -> bool:
        """Whether every report says all it will say."""
        return all(self.of([code]) and all(c["state"] == "coded" for c in self.of([code])) for code in codes)


def units(codebook: Codebook) -> dict[str, str]:
    """Variable -> `model` where it rests on a code that is asked of each model, else `study`."""
    unit = {code.id: code.unit for code in codebook.codes}
    found: dict[str, str] = {}
    for rule in codebook.derived:
        codes = [*rule.codes, *([rule.joined_by] if rule.joined_by else [])]
        parts = [unit[code] for code in codes] + [found[each.variable] for each in rule.conditions]
        found[rule.id] = "model" if "model" in parts else "study"
    return found


def compute(cells: Iterable[Row], codebook: Codebook, studies: Studies) -> dict[tuple[str, str, str], Value]:
    """(study, model, variable) -> its value; one value a model where the variable is of models, else one with model ``."""
    asked_of_models = {code.id for code in codebook.codes if code.unit == "model"}
    unit = units(codebook)
    only = {code.id: code.levels[0] for code in codebook.codes if len(code.levels) == 1}
    by_study: dict[str, list[Row]] = defaultdict(list)
    for cell in sorted(cells, key=lambda cell: (cell["record_id"], int(cell["model"]), cell["code"])):
        by_study[cell["study_id"]].append(cell)
    found: dict[tuple[str, str, str], Value] = {}
    for study_id, mine in sorted(by_study.items()):
        shared = [cell for cell in mine if cell["code"] not in asked_of_models]
        of_model: dict[str, list[Row]] = defaultdict(list)
        for cell in mine:
            if cell["code"] in asked_of_models:
                of_model[studies.model(cell["record_id"], int(cell["model"]))].append(cell)
        for model, own in (of_model or {str(FIRST): []}).items():
            study = _Study(_by_code([*shared, *own]), only)
            known: dict[str, Value] = {}
            for rule in codebook.derived:
                known[rule.id] = _value(rule, study, known)
                found[study_id, model if unit[rule.id] == "model" else "", rule.id] = known[rule.id]
    return found


def _by_code(cells: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for cell in cells:
        found[cell["code"]].append(cell)
    return found


def _value(rule: Derived, study: _Study, known: dict[str, Value]) -> Value:
    if rule.kind == "all":
        return _all(rule, known)
    kinds = {"count": _count, "any": _any, "combined": _combined, "levels": _levels, "set": _set, "best": _best}
    value, counting = kinds[rule.kind](rule, study)
    codes = [*rule.codes, *([rule.joined_by] if rule.joined_by else [])]
    return Value(value, tuple(map(place, counting)), tuple(map(place, study.of(codes))))


def _count(rule: Derived, study: _Study) -> tuple[str, list[Row]]:
    said = [study.answer(code) for code in rule.codes]
    return NOT_YET if NOT_YET in said else str(said.count("yes")), study.yes(rule.codes)


def _any(rule: Derived, study: _Study) -> tuple[str, list[Row]]:
    said = {study.answer(code, quoted=rule.quoted) for code in rule.codes}
    value = next((word for word in ("yes", NOT_YET, "unclear") if word in said), "no")
    return value, study.yes(rule.codes, quoted=rule.quoted)


def _combined(rule: Derived, study: _Study) -> tuple[str, list[Row]]:
    said = [study.answer(code) for code in rule.codes]
    value = joining(said, study.answer(rule.joined_by or ""), rule.at_least)
    forms = study.yes(rule.codes)
    return value, [*forms, *study.yes([rule.joined_by or ""])] if value == "combined" else forms


def joining(said: Sequence[str], joined: str, at_least: int) -> str:
    """combined, listed, single, none or not known yet, by what is said of each form and of their being joined."""
    count = said.count("yes")
    if NOT_YET in said or (joined == NOT_YET and count >= at_least):
        return NOT_YET
    if count < at_least:
        return "single" if count else "none"
    return "combined" if joined == "yes" else "listed"


def _levels(rule: Derived, study: _Study) -> tuple[str, list[Row]]:
    placed = [cell for cell in study.yes(rule.codes) if study.level(cell)]
    named = {level for cell in placed for level in study.level(cell).split("; ")}
    value = "; ".join(level for level in _LEVELS if level in named) or "none"
    return value if study.settled(rule.codes) else NOT_YET, placed


def _set(rule: Derived, study: _Study) -> tuple[str, list[Row]]:
    said = {code: study.answer(code) for code in rule.codes}
    value = "; ".join(code for code, word in said.items() if word == "yes") or "none"
    return NOT_YET if NOT_YET in said.values() else value, study.yes(rule.codes)


def _best(rule: Derived, study: _Study) -> tuple[str, list[Row]]:
    by_basis = {
        basis: [cell for cell in study.yes(rule.codes) if basis in cell["basis"].split("; ")] for basis in rule.order
    }
    best = next((basis for basis, cells in by_basis.items() if cells), "none")
    return best if study.settled(rule.codes) else NOT_YET, by_basis.get(best, [])


def _all(rule: Derived, known: dict[str, Value]) -> Value:
    parts = [(known[each.variable], each.values) for each in rule.conditions]
    said = {_holds(part.value, values) for part, values in parts}
    value = next((word for word in ("no", NOT_YET, "unclear") if word in said), "yes")
    counting = [cell for part, _ in parts for cell in part.counting]
    cells = [cell for part, _ in parts for cell in part.cells]
    return Value(value, tuple(dict.fromkeys(counting)), tuple(dict.fromkeys(cells)))


def _holds(value: str, values: Sequence[str]) -> str:
    if value == NOT_YET:
        return NOT_YET
    if value in values if values else value not in (*_NOTHING, "unclear"):
        return "yes"
    return "unclear" if value == "unclear" else "no"


def coverage(cells: Iterable[Row], walk: Crosswalk, *, explicit: bool) -> dict[str, list[Row]]:
    """Target -> the cells that say yes of a code that speaks to it; `explicit`: by rows of that kind alone."""
    found = [cell for cell in cells if sense(cell["value"]) == "yes"]
    codes: dict[str, set[str]] = defaultdict(set)
    for row in walk.rows:
        if row.kind == "explicit" or not explicit:
            codes[row.target].add(row.code)
    return {target.id: [cell for cell in found if cell["code"] in codes[target.id]] for target in walk.targets}
