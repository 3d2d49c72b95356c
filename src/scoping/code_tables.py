"""Tables of what the included studies say: code frequencies, cross-tabs, practices and mechanisms, gaps.

Each counts studies, whatever the number of their models and reports, and keeps the study ids behind every number. What
is a mechanism and what a change, the codebook says: codes with `status` are mechanisms, codes with `basis` are changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from scoping.author_sheet import Sheet
from scoping.codebook import Code, Level, sense
from scoping.coded_studies import NO, OPEN, UNCLEAR, YES, CodedStudies, levels
from scoping.columns import BASES, NOT_STATED, STATUSES
from scoping.tables import Row

LEVELS: tuple[str, ...] = get_args(Level)
DOES_NOT_APPLY = "–"
_EXAMPLE = 300  # characters


def _counted(coded: CodedStudies) -> str:
    """What the numbers of a table are numbers of."""
    return (
        f"n = {len(coded.names)} included {'study' if len(coded.names) == 1 else 'studies'}. Unit: studies; a study says yes where one of its models or reports does, "
        "and blank is never counted as no."
    )


class _Counts:
    """Rows of a table and the ids behind each of their numbers."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.ids: list[tuple[str, str, str, str]] = []

    def row(self, label: str, text: Row, counted: Mapping[str, Sequence[str]], **after: str) -> None:
        """A row: texts, then the counts, then what follows from them."""
        self.rows.append({**text, **{name: str(len(ids)) for name, ids in counted.items()}, **after})
        self.ids += [(label, name, "study", id_) for name, ids in counted.items() for id_ in ids]


def frequencies(coded: CodedStudies) -> Sheet:
    """How many studies say yes to each code, or have each value of a list of its own, of those in which it is settled."""
    family = {entry.id: entry.label for entry in coded.codebook.families}
    found = _Counts()
    for code in coded.codebook.codes:
        settled = coded.settled(code.id)
        for value in (value for value in code.values if sense(value) == YES):
            saying = [id_ for id_ in settled if any(cell["value"] == value for cell in coded.yes(id_, code.id))]
            text = {"Family": family[code.family], "Code": code.id, "Label": code.label, "Value": value}
            counted = {
                "Studies": saying,
                "Of studies settled": settled,
                "Studies unclear": coded.saying(UNCLEAR, codes=[code.id]),
                "Studies not yet coded": coded.saying(OPEN, codes=[code.id]),
            }
            found.row(f"{code.id}: {value}", text, counted, **{"Per cent of settled": _per_cent(saying, settled)})
    columns = [
        "Family", "Code", "Label", "Value", "Studies", "Of studies settled", "Per cent of settled", "Studies unclear",
        "Studies not yet coded",
    ]  # fmt: skip
    note = f"{_counted(coded)} Settled: coded yes, no or unclear. A study may have several values of a list."
    return Sheet(
        "code_frequencies", "How many included studies say yes to each code", columns,
        [22, 7, 30, 8, 8, 9, 9, 8, 9], found.rows, found.ids, note,
    )  # fmt: skip


def feature_levels(coded: CodedStudies) -> Sheet:
    """At which levels the studies place each feature that may be placed."""
    family = {entry.id: entry.label for entry in coded.codebook.families}
    found = _Counts()
    for code in coded.codebook.codes:
        if not code.levels:
            continue
        placed: dict[str, list[str]] = defaultdict(list)
        saying = coded.saying(YES, codes=[code.id])
        for id_ in saying:
            at = {level for cell in coded.yes(id_, code.id) for level in levels(cell, code)}
            for level in at or {NOT_STATED}:
                placed[level].append(id_)
        asked = {level: placed[level] for level in LEVELS if level in code.levels or placed[level]}
        counted = {**{level.capitalize(): ids for level, ids in asked.items()}, "No level stated": placed[NOT_STATED]}
        text = {"Family": family[code.family], "Code": code.id, "Feature": code.label}
        text |= {level.capitalize(): DOES_NOT_APPLY for level in LEVELS if level not in asked}
        found.row(code.id, text, {**counted, "Studies": saying})
    heads = [level.capitalize() for level in LEVELS]
    return Sheet(
        "feature_levels", "Levels at which the included studies place each feature",
        ["Family", "Code", "Feature", *heads, "No level stated", "Studies"], [22, 7, 28, *[11] * len(heads), 9, 9],
        found.rows, found.ids,
        f"{_counted(coded)} A study may place a feature at several levels, so that levels do not add up to studies. "
        f"{DOES_NOT_APPLY}: the level is not offered for this code.",
    )  # fmt: skip


def mechanisms_by_changes(coded: CodedStudies) -> Sheet:
    """How many studies report both a mechanism and a change."""
    mechanisms, changes = _mechanisms(coded), _changes(coded)
    found = _Counts()
    for mechanism in mechanisms:
        with_it = coded.saying(YES, codes=[mechanism.id])
        counted: dict[str, Sequence[str]] = {
            _named(change): _both(coded, mechanism, change) for change in changes if change.id != mechanism.id
        }
        text = {"Mechanism": _named(mechanism)} | {_named(change): DOES_NOT_APPLY for change in changes}
        found.row(mechanism.id, text, {**counted, _WITH_IT: with_it})
    if mechanisms and changes:
        totals: dict[str, Sequence[str]] = {_named(change): coded.saying(YES, codes=[change.id]) for change in changes}
        found.row(_WITH_CHANGE, {"Mechanism": _WITH_CHANGE, _WITH_IT: ""}, totals)
    columns = ["Mechanism", *map(_named, changes), _WITH_IT]
    return Sheet(
        "mechanisms_by_changes", "Included studies that report both a mechanism and a change", columns,
        [36, *[14] * len(changes), 12], found.rows, found.ids, f"{_counted(coded)} {_NO_EFFECT}{_missing(mechanisms, changes)}",
    )  # fmt: skip


_WITH_IT, _WITH_CHANGE = "Studies that report the mechanism", "Studies that report the change"
_NO_EFFECT = "Both stand in the same study; that the one brought the other about is not said."


def mechanism_change_basis(coded: CodedStudies) -> Sheet:
    """What the claim of a change rests on in the studies that report both, and what is not known of the others."""
    found = _Counts()
    for mechanism in _mechanisms(coded):
        for change in _changes(coded):
            if change.id == mechanism.id:
                continue
            pair = (mechanism.id, change.id)
            both = _both(coded, mechanism, change)
            bases = {id_: _said(coded.yes(id_, change.id), "basis") for id_ in both}
            known = [id_ for id_ in coded.names if all(coded.says(id_, code) != OPEN for code in pair)]
            counted: dict[str, Sequence[str]] = {
                "Studies that report both": both,
                **{basis.capitalize(): [id_ for id_ in both if basis in bases[id_]] for basis in BASES},
                "Of studies settled for both": known,
                "Studies with one unclear": [id_ for id_ in known if _undecided(coded, id_, pair)],
                "Studies not yet coded": [id_ for id_ in coded.names if id_ not in known],
            }
            text = {"Mechanism": _named(mechanism), "Change": _named(change)}
            found.row(f"{mechanism.id} and {change.id}", text, counted)
    heads = [basis.capitalize() for basis in BASES]
    columns = [
        "Mechanism", "Change", "Studies that report both", *heads, "Of studies settled for both",
        "Studies with one unclear", "Studies not yet coded",
    ]  # fmt: skip
    return Sheet(
        "mechanism_change_basis", "What claims of a change rest on in the included studies, by mechanism", columns,
        [32, 32, 10, *[12] * len(heads), 10, 10, 10], found.rows, found.ids,
        f"{_counted(coded)} {_NO_EFFECT} A study may rest a change on several bases. One unclear: neither is no, and not both are yes."
        f"{_missing(_mechanisms(coded), _changes(coded))}",
    )  # fmt: skip


def _mechanisms(coded: CodedStudies) -> list[Code]:
    return [code for code in coded.codebook.codes if code.status]


def _changes(coded: CodedStudies) -> list[Code]:
    return [code for code in coded.codebook.codes if code.basis]


def _named(code: Code) -> str:
    return f"{code.id} {code.label}"


def _missing(mechanisms: Sequence[Code], changes: Sequence[Code]) -> str:
    """Why a table of both has no rows."""
    lacking = [name for name, codes in (("status", mechanisms), ("basis", changes)) if not codes]
    return f" No code of the codebook asks for {' or for '.join(lacking)}." if lacking else ""


def _both(coded: CodedStudies, mechanism: Code, change: Code) -> list[str]:
    return [id_ for id_ in coded.saying(YES, codes=[mechanism.id]) if coded.says(id_, change.id) == YES]


def _undecided(coded: CodedStudies, study_id: str, codes: Iterable[str]) -> bool:
    said = [coded.says(study_id, code) for code in codes]
    return NO not in said and UNCLEAR in said


def _said(cells: Iterable[Row], field: str) -> set[str]:
    """The words of a field that may name several."""
    return {word for cell in cells for word in (cell[field] or NOT_STATED).split("; ")}


def practices(coded: CodedStudies) -> Sheet:
    """Each feature, mechanism and change with its definition, the studies that report it, and an example quote."""
    family = {entry.id: entry.label for entry in coded.codebook.families}
    found = _Counts()
    for code in coded.codebook.codes:
        saying = coded.saying(YES, codes=[code.id])
        example, where = _example(coded, code, saying)
        text = {
            "Kind": "mechanism" if code.status else "change" if code.basis else "feature",
            "Family": family[code.family],
            "Code": code.id,
            "Label": code.label,
            "Definition": " ".join(code.definition.split()),
            "Reported by": "; ".join(coded.names[id_] for id_ in saying),
            "Status or evidence basis (studies)": _shares(coded, code, saying),
            "Example quote": example,
            "Where": where,
        }
        found.row(code.id, text, {"Studies": saying})
    columns = [
        "Kind", "Family", "Code", "Label", "Definition", "Studies", "Reported by", "Status or evidence basis (studies)",
        "Example quote", "Where",
    ]  # fmt: skip
    return Sheet(
        "practices", "Features, mechanisms and changes, with the included studies that report each", columns,
        [11, 20, 8, 24, 40, 8, 36, 20, 48, 24], found.rows, found.ids,
        f"{_counted(coded)} Mechanisms are the codes with a status, changes those with an evidence basis. Example: the first "
        "quote that stands in the text word for word.",
    )  # fmt: skip


def _shares(coded: CodedStudies, code: Code, saying: Iterable[str]) -> str:
    """`operating 2; ended 1`: studies by status, or by what a claim rests on."""
    out = []
    for field, words, asked in (("status", STATUSES, code.status), ("basis", BASES, code.basis)):
        said = [_said(coded.yes(id_, code.id), field) for id_ in saying] if asked else []
        out += [f"{word} {count}" for word in words if (count := sum(word in each for each in said))]
    return "; ".join(out)


def _example(coded: CodedStudies, code: Code, saying: Iterable[str]) -> tuple[str, str]:
    """(a quote, where it stands): the first found word for word, else the first nearly so; never a missing one."""
    cells = [cell for id_ in saying for cell in coded.yes(id_, code.id) if cell["quote"]]
    for verdict in ("verbatim", "near"):
        for cell in cells:
            if cell["verdict"] == verdict:
                quote = " ".join(cell["quote"].split())
                place = cell["locator"] or (f"p. {cell['page']}" if cell["page"] else "")
                cited = coded.names[cell["study_id"]]
                return _shortened(quote), f"{cited}, {place}" if place else cited
    return "", ""


def _shortened(text: str) -> str:
    if len(text) <= _EXAMPLE:
        return text
    return f"{text[:_EXAMPLE].rpartition(' ')[0] or text[:_EXAMPLE]} […]"


def gaps(coded: CodedStudies) -> Sheet:
    """The items of the agendas that others made, and the codes that no study says yes to, with what is known of each."""
    found = _Counts()
    label = {code.id: _named(code) for code in coded.codebook.codes}
    for walk in coded.codebook.crosswalks:
        for target in walk.targets:
            codes = list(dict.fromkeys(row.code for row in walk.rows if row.target == target.id))
            _gap(found, coded, walk.label, f"{target.id} {target.label}", codes)
    for code in coded.codebook.codes:
        if not coded.saying(YES, codes=[code.id]):
            _gap(found, coded, "Codebook: no study says yes", label[code.id], [code.id])
    columns = [
        "List", "Item", "Codes", "What was found", "Studies", "Of studies settled", "Studies unclear", "Studies not yet coded",
    ]  # fmt: skip
    return Sheet(
        "gaps", "Gaps: items of research agendas and codes, with the included studies that speak to them", columns,
        [22, 32, 12, 11, 8, 8, 8, 9], found.rows, found.ids,
        f"{_counted(coded)} None found: looked for in every included study and reported by none. A study speaks to an item if it "
        "says yes to one of its codes. What no code stands for is not covered by the codebook.",
    )  # fmt: skip


def _gap(found: _Counts, coded: CodedStudies, list_: str, item: str, codes: Sequence[str]) -> None:
    counted: dict[str, Sequence[str]] = {
        "Studies": coded.saying(YES, codes=codes) if codes else [],
        "Of studies settled": coded.saying(YES, UNCLEAR, NO, codes=codes) if codes else [],
        "Studies unclear": coded.saying(UNCLEAR, codes=codes) if codes else [],
        "Studies not yet coded": coded.saying(OPEN, codes=codes) if codes else [],
    }
    words = (
        ("not covered", not codes),
        ("reported", bool(counted["Studies"])),
        ("not known yet", bool(counted["Studies not yet coded"]) or not coded.names),
        ("unclear", bool(counted["Studies unclear"])),
        ("none found", True),
    )
    what = next(word for word, holds in words if holds)
    text = {"List": list_, "Item": item, "Codes": ", ".join(codes), "What was found": what}
    found.row(f"{list_}: {item}", text, counted)


def _per_cent(part: Sequence[str], whole: Sequence[str]) -> str:
    """A share in whole per cent, halves upwards; none of nothing."""
    return f"{(200 * len(part) + len(whole)) // (2 * len(whole))}%" if whole else DOES_NOT_APPLY
