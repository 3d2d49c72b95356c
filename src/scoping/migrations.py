"""Answers that were given under older versions of the codebook: which still count, and what is asked again.

Nothing is ever taken out of the ledger. An answer counts for the cell that its code has become, or it is the history of
the cells that are asked in its place, or, where its code was dropped, it is listed as retired: one of the three, always.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scoping.folder import WITHDRAW, Said, SheetInfo
from scoping.items import FIRST, Item, split
from scoping.migration_steps import Change, Migration
from scoping.tables import Row, compact

NO_MODEL = "the study has no such model now, or its main report is asked in place of this one"
NO_CODE = "the codebook has no such code, and no step in config/migrations says what became of it"


@dataclass
class Followed:
    """An answer, and what became of it: `code` is the one it counts for, or "" where it counts no more.

    `asked` are then the codes that are asked in its place (none: its code was dropped), and `why` says why.
    """

    row: Row
    record_id: str
    was: str
    code: str
    model: int = FIRST
    asked: tuple[str, ...] = ()
    why: str = ""

    @property
    def version(self) -> int:
        """The version of the codebook that its sheet was issued under."""
        return version_of(self.row)

    @property
    def item(self) -> Item:
        """What it counts for now."""
        return Item(self.record_id, self.code, self.model)

    @property
    def said(self) -> tuple[str, str, str]:
        """What must be the same for two answers to be one."""
        return self.row["decision"], self.row["status"], self.row["basis"]


def version_of(row: Row) -> int:
    """The version of the codebook that a decision was made under."""
    return int(row["version"] or 1)


def follow(
    answers: Iterable[Row], known: Mapping[str, str], codes: Collection[str], steps: Sequence[Migration] = ()
) -> list[Followed]:
    """Every answer that stands, of a record that is known (`known`: content id -> record id), led through all steps."""
    found = []
    for row in answers:
        of = split(row["item"])
        if of.record in known and row["decision"] != WITHDRAW:
            found.append(Followed(row, known[of.record], of.code, of.code, of.model))
    for step in sorted(steps, key=lambda step: step.version):
        _take([answer for answer in found if answer.version < step.version], step)
    for answer in found:
        if answer.code and answer.code not in codes:
            answer.code, answer.asked, answer.why = "", (), NO_CODE
    return found


def _take(answers: list[Followed], step: Migration) -> None:
    """Lead answers through one step; all changes of a step happen at once."""
    merging: dict[tuple[str, int, tuple[str, ...]], list[Followed]] = defaultdict(list)
    for answer in answers:
        change = step.of(answer.code) if answer.code else None
        if not answer.code:
            answer.asked = tuple(dict.fromkeys(to for code in answer.asked for to in step.moved(code)))
        elif change is None:
            continue
        elif change.kind == "rename":
            answer.code = change.to[0]
        elif change.kind == "merge":
            merging[answer.record_id, answer.model, change.codes].append(answer)
        else:
            _stop(answer, change, step)
    for (_, _, codes), parts in merging.items():
        change = step.of(codes[0])
        if change is not None:
            _merge(parts, change, step)


def _stop(answer: Followed, change: Change, step: Migration) -> None:
    said = {
        "split": f"{answer.code} was split into {', '.join(change.to)}",
        "redefine": f"{answer.code} was defined anew",
        "new_value": f"{answer.code} may be `{change.value}` now",
        "drop": f"{answer.code} was dropped",
        "merge": f"{' and '.join(change.codes)} became {', '.join(change.to)}",
    }
    answer.asked, answer.code = change.targets, ""
    answer.why = f"{said[change.kind]} in version {step.version} ({change.why})"


def _merge(parts: list[Followed], change: Change, step: Migration) -> None:
    """Carry over who said the same of every part; nobody, if that would set aside what an adjudicator said."""
    by_person: dict[tuple[str, str], list[Followed]] = defaultdict(list)
    for answer in parts:
        by_person[answer.row["role"], answer.row["person"]].append(answer)
    whole = {
        who: mine
        for who, mine in by_person.items()
        if {answer.code for answer in mine} == set(change.codes) and len({answer.said for answer in mine}) == 1
    }
    agreed = {mine[0].said for (role, _), mine in whole.items() if role == "screen"}
    overruled = any(
        {answer.said for answer in mine} != agreed
        for who, mine in by_person.items()
        if who[0] == "adjudicate" and who not in whole
    )
    if overruled and len(agreed) == 1:
        whole = {}
    for who, mine in by_person.items():
        for answer in mine:
            if who in whole:
                answer.code = change.to[0]
            else:
                _stop(answer, change, step)


def current(answers: Iterable[Followed]) -> list[Row]:
    """The answers that count, under the names that codes have now."""
    return [{**answer.row, "item": _under(answer.row["item"], answer.code)} for answer in answers if answer.code]


def _under(item: str, code: str) -> str:
    """The item of another code, of the same report and model."""
    return str(replace(split(item), code=code))


def added(steps: Sequence[Migration]) -> dict[str, tuple[int, str]]:
    """Code of now -> the version that it is new in, and why."""
    found: dict[str, tuple[int, str]] = {}
    for step in sorted(steps, key=lambda step: step.version):
        found = {to: since for code, since in found.items() for to in step.moved(code)}
        for change in step.changes:
            if change.kind == "add":
                found |= dict.fromkeys(change.codes, (step.version, change.why))
    return found


def history(answers: Iterable[Followed]) -> dict[Item, list[Followed]]:
    """Item -> the answers of older versions that it has under another name or has no more."""
    found: dict[Item, list[Followed]] = defaultdict(list)
    for answer in answers:
        for code in (answer.code,) if answer.code and answer.code != answer.was else answer.asked:
            found[replace(answer.item, code=code)].append(answer)
    return found


def with_history(cells: Iterable[Row], answers: Sequence[Followed], steps: Sequence[Migration] = ()) -> list[Row]:
    """The cells with what was answered under older versions, and why people are asked again."""
    before, new = history(answers), added(steps)
    oldest: dict[tuple[str, int], int] = {}
    for answer in answers:
        at = (answer.record_id, answer.model)
        oldest[at] = min(answer.version, oldest.get(at, answer.version))
    out = []
    for cell in cells:
        mine = sorted(before.get(_item(cell), ()), key=_place)
        why = dict.fromkeys(answer.why for answer in mine if not answer.code)
        since, reason = new.get(cell["code"], (0, ""))
        if oldest.get((cell["record_id"], int(cell["model"])), since) < since and not mine:
            why[f"{cell['code']} is new in version {since} ({reason})"] = None
        shown = [[a.version, a.was, a.row["person"], a.row["decision"], "counts" if a.code else "old"] for a in mine]
        is_open = cell["state"] in ("pending", "conflict")
        out.append({**cell, "history": compact(shown), "why": "; ".join(why) if is_open else ""})
    return out


def _place(answer: Followed) -> tuple[int, str, str, str]:
    return answer.version, answer.was, answer.row["person"], answer.row["sheet"]


def worklist(cells: Iterable[Row], answers: Sequence[Followed]) -> list[Row]:
    """The cells that people are asked for again (or, for a new code, after the report was coded)."""
    before = history(answers)
    out = []
    for cell in cells:
        if cell["why"]:
            mine = sorted(
                (a for a in before.get(_item(cell), ()) if not a.code), key=_place
            )  # what still counts is not asked again
            said = [[a.version, a.was, a.row["person"], a.row["decision"]] for a in mine]
            out.append(
                {
                    **{name: cell[name] for name in ("record_id", "study_id", "model", "code", "state", "why")},
                    "old_codes": "; ".join(dict.fromkeys(a.was for a in mine)),
                    "old_values": "; ".join(dict.fromkeys(a.row["decision"] for a in mine)),
                    "old_versions": "; ".join(dict.fromkeys(str(a.version) for a in mine)),
                    "old_answers": compact(said),
                }
            )
    return out


def retired(answers: Iterable[Followed], cells: Iterable[Row], included: Collection[str]) -> list[Row]:
    """The answers of included reports that count for no cell and are no cell's history.

    Their code was dropped and nothing is asked in its place; or their model is no more; or the report was linked to a
    study whose main report is asked.
    """
    there = {_item(cell) for cell in cells}
    taken = ("sheet", "item", "person", "role", "level", "status", "basis", "quote", "locator", "note")
    return [
        {
            **{name: answer.row[name] for name in taken},
            "record_id": answer.record_id,
            "model": str(answer.model),
            "code": answer.was,
            "version": str(answer.version),
            "value": answer.row["decision"],
            "why": answer.why if not (answer.code or answer.asked) else "; ".join(filter(None, (answer.why, NO_MODEL))),
        }
        for answer in answers
        if answer.record_id in included
        if not there & {replace(answer.item, code=code) for code in ((answer.code,) if answer.code else answer.asked)}
    ]


def _item(cell: Row) -> Item:
    return Item(cell["record_id"], cell["code"], int(cell["model"]))


# --- sheets ----------------------------------------------------------------------------------------------------------


def standing(
    sheets: Mapping[str, SheetInfo], answered: Collection[Said], answers: Iterable[Followed],
    steps: Sequence[Migration], version: int,
) -> tuple[dict[str, SheetInfo], set[Said]]:  # fmt: skip
    """Sheets and answered items as they count now: rows under the names codes have now, without what counts no more.

    Nobody holds a cell, or is waited for, by a row whose code has changed since the sheet was issued.
    """
    followed = {(answer.row["sheet"], answer.row["item"]): answer for answer in answers}
    now: dict[str, SheetInfo] = {}
    done: set[Said] = set()
    for sheet, info in sheets.items():
        now[sheet] = info
        if info.version == version:
            done |= {(sheet, item) for item in info.items if (sheet, item) in answered}
            continue
        items: dict[str, None] = {}
        for item in info.items:
            answer = followed.get((sheet, item))
            code = answer.code if answer else _renamed(split(item).code, info.version, steps)
            if code:
                items[_under(item, code)] = None
            if code and (sheet, item) in answered:
                done.add((sheet, _under(item, code)))
        now[sheet] = replace(info, items=tuple(items), covers={item: [item] for item in items})
    return now, done


def _renamed(code: str, version: int, steps: Sequence[Migration]) -> str:
    """The name of a code now, if nothing but its name has changed since a version."""
    for step in sorted(steps, key=lambda step: step.version):
        change = step.of(code) if step.version > version else None
        if change is not None and change.kind != "rename":
            return ""
        code = change.to[0] if change else code
    return code
