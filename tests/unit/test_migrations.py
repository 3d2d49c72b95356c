"""Twelve steps between versions of a codebook, on a coded set: no answer lost, and exactly what changed asked again.

The expectation is worked out the other way round: from each code of today back to what it was made of.
"""

import json
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from scoping import coding, folder, issue, migrations
from scoping.issue import Situation
from scoping.items import split
from scoping.migration_steps import Migration
from scoping.schemas import CELLS, RETIRED, WORKLIST
from scoping.studies import Studies
from scoping.tables import _checked

STEPS = [
    [("rename", "A1", "AA")],
    [("redefine", "B1", "")],
    [("merge", "C1 D1", "CD")],
    [("split", "E1", "E1 EX")],
    [("new_value", "F1", "")],
    [("add", "N1", "")],
    [("drop", "G1", "")],
    [("rename", "AA", "AB")],
    [("merge", "AB H1", "ABH")],
    [("split", "CD", "C1 D1")],
    [("redefine", "N1", ""), ("merge", "K1 L1", "K1")],
    [("rename", "I1", "J1"), ("rename", "J1", "I1"), ("drop", "F1", "")],
]
FIRST = ("A1", "B1", "C1", "D1", "E1", "F1", "G1", "H1", "I1", "J1", "K1", "L1", "M1")
LAST = ("ABH", "B1", "C1", "D1", "E1", "EX", "N1", "I1", "J1", "K1", "M1")


def chain() -> list[Migration]:
    return [
        Migration.model_validate(
            {
                "version": version,
                "changes": [
                    {"kind": kind, "codes": codes.split(), "to": to.split(), "why": "w", "value": "new" * (kind == "new_value")}
                    for kind, codes, to in changes
                ],
            }
        )
        for version, changes in enumerate(STEPS, 2)
    ]  # fmt: skip


def codes_of(version: int) -> list[str]:
    """The codes of a version."""
    codes = list(FIRST)
    for changes in STEPS[: version - 1]:
        gone = {
            code for kind, olds, _ in changes for code in olds.split() if kind in ("rename", "merge", "split", "drop")
        }
        new = [code for kind, olds, to in changes for code in (olds if kind == "add" else to).split()]
        codes = [*(code for code in codes if code not in gone), *new]
    return codes


def coded_set(make: Any, seed: int) -> list[dict[str, str]]:
    """Answers under several versions: half the reports finished by two, some with an adjudicator, some half done."""
    lot = random.Random(seed)
    rows = []
    for number in range(12):
        version = lot.choice((1, 1, 1, 1, 3, 6, 9, 13))
        stubborn = {person: lot.choice(("yes", "no", "", "")) for person in ("anna", "ben")}
        for code in codes_of(version):
            said = lot.choices(("yes", "no", "unclear"), (5, 4, 1), k=1)[0]
            for person in ("anna", "ben", "carl"):
                if lot.random() < (0.97 if person != "carl" else 0.15):
                    value = said if lot.random() < 0.85 else lot.choice(("yes", "no", "withdraw"))
                    value = stubborn.get(person) or value
                    sheet = f"co{number:02d}v{version}.{person}"
                    rows.append(
                        make.decision(
                            f"R{number}:{code}", value, person, stage="coding", sheet=sheet, version=str(version)
                        )
                    )
    return rows


# --- the same, backwards ---------------------------------------------------------------------------------------------


def key(row: dict[str, str]) -> tuple[str, str]:
    return row["sheet"], row["item"]


class Backwards:
    """What counts for a code of a version, from what it was made of."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.rows = [row for row in rows if row["decision"] != "withdraw"]

    def made_of(self, code: str, version: int) -> tuple[str, list[str]]:
        """(how, codes of the version before)."""
        for kind, olds, to in STEPS[version - 2]:
            if code in (to or olds).split() and kind != "drop":
                return kind, [] if kind == "add" else olds.split()
        return "same", [code]

    def given(self, record: str, code: str, version: int) -> list[dict[str, str]]:
        return [r for r in self.rows if r["item"] == f"{record}:{code}" and int(r["version"]) == version]

    def lineage(self, record: str, code: str, version: int) -> list[dict[str, str]]:
        """Every answer that was ever given for what is now this code."""
        before = self.made_of(code, version)[1] if version > 1 else []
        return self.given(record, code, version) + [r for old in before for r in self.lineage(record, old, version - 1)]

    def counting(self, record: str, code: str, version: int) -> list[dict[str, str]]:
        own = self.given(record, code, version)
        if version == 1:
            return own
        kind, olds = self.made_of(code, version)
        parts = {old: self.counting(record, old, version - 1) for old in olds}
        if kind in ("same", "rename"):
            return own + parts[olds[0]]
        return own + (self.merged(parts) if kind == "merge" else [])

    @staticmethod
    def merged(parts: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
        people = {row["person"] for rows in parts.values() for row in rows}
        kept: dict[str, list[dict[str, str]]] = {}
        for person in people:
            mine = {old: [row for row in rows if row["person"] == person] for old, rows in parts.items()}
            all_ = [row for rows in mine.values() for row in rows]
            if all(mine.values()) and len({row["decision"] for row in all_}) == 1:
                kept[person] = all_
        coders = {row["decision"] for person, rows in kept.items() for row in rows if person != "carl"}
        judge = {row["decision"] for rows in parts.values() for row in rows if row["person"] == "carl"}
        if judge and "carl" not in kept and len(coders) == 1 and judge != coders:
            return []
        return [row for rows in kept.values() for row in rows]


def state_of(rows: list[dict[str, str]]) -> str:
    final = {row["decision"] for row in rows if row["person"] == "carl"}
    said = {row["decision"] for row in rows if row["person"] != "carl"}
    if not final and len({row["person"] for row in rows}) < 2:
        return "pending"
    return "coded" if len(final or said) == 1 else "conflict"


def settle(make: Any, rows: list[dict[str, str]], steps: list[Migration]) -> Any:
    """(followed answers, cells, worklist, retired)."""
    records = sorted({row["item"].partition(":")[0] for row in rows})
    known = {record: record for record in records}
    followed = migrations.follow(rows, known, LAST, steps)
    cells = coding.settle(
        make.studies(*records), [make.code(id_) for id_ in LAST], rows, known, dict.fromkeys(records, 2), steps
    )
    return followed, cells, migrations.worklist(cells, followed), migrations.retired(followed, cells, records)


SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_twelve_steps_replayed(make: Any, seed: int) -> None:
    rows = coded_set(make, seed)
    followed, cells, again, gone = settle(make, rows, chain())
    assert _checked(CELLS, cells)
    assert _checked(WORKLIST, again) is not None
    assert _checked(RETIRED, gone)
    truth = Backwards(rows)
    expected = {}
    for cell in cells:
        record, code = cell["record_id"], cell["code"]
        counting = truth.counting(record, code, 13)
        old = [row for row in truth.lineage(record, code, 13) if key(row) not in {key(r) for r in counting}]
        assert cell["state"] == state_of(counting), (record, code)
        assert json.loads(cell["answers"]) == sorted([row["person"], row["decision"]] for row in counting)
        late = any(int(row["version"]) < 7 for row in truth.rows if row["item"].startswith(f"{record}:"))
        if cell["state"] != "coded" and (old or (code == "N1" and late)):
            expected[record, code] = sorted((int(r["version"]), r["item"].partition(":")[2], r["person"]) for r in old)
    found = {(row["record_id"], row["code"]): row for row in again}
    assert found.keys() == expected.keys()
    for at, row in found.items():
        said = json.loads(row["old_answers"])
        assert sorted((version, code, person) for version, code, person, _ in said) == expected[at]
        assert bool(row["why"])

    # every answer is in one place: it counts, it is history of what is asked in its place, or it is retired
    standing = {key(row) for row in rows if row["decision"] != "withdraw"}
    counted = {key(each.row) for each in followed if each.code}
    listed = {key(row) for row in gone}
    shown = Counter(
        (entry[0], f"{cell['record_id']}:{entry[1]}", entry[2])
        for cell in cells
        for entry in json.loads(cell["history"])
        if entry[4] == "old"
    )
    stale = {key(each.row): each for each in followed if not each.code and each.asked}
    assert counted | listed | stale.keys() == standing
    assert len(counted) + len(listed) + len(stale) == len(standing)
    assert {(e.version, e.row["item"], e.row["person"]) for e in stale.values()} == set(shown)


def test_the_coded_sets_hold_every_case(make: Any) -> None:
    """A replay that never meets a case proves nothing about it."""
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        followed, cells, again, gone = settle(make, coded_set(make, seed), chain())
        seen.update(each.why.partition(" (")[0] for each in followed if each.why)
        seen["carried through a merge"] += sum(each.code == "ABH" and each.was == "A1" for each in followed)
        seen["carried by new names"] += sum(each.code == "J1" and each.was == "I1" for each in followed)
        seen["new"] += sum("N1 is new" in row["why"] for row in again)
        seen["retired"] += len(gone)
        seen.update(f"cells {cell['state']}" for cell in cells)
        seen["conflicts on the list"] += sum(row["state"] == "conflict" for row in again)
    whys = [
        "B1 was defined anew in version 3", "C1 and D1 became CD in version 4", "E1 was split into E1, EX in version 5",
        "F1 may be `new` now in version 6", "G1 was dropped in version 8", "AB and H1 became ABH in version 10",
        "CD was split into C1, D1 in version 11", "N1 was defined anew in version 12", "K1 and L1 became K1 in version 12",
    ]  # fmt: skip
    rest = ["carried through a merge", "carried by new names", "new", "retired", "conflicts on the list"]
    for case in [*whys, *rest, "cells pending", "cells coded", "cells conflict"]:
        assert seen[case] >= 5, (case, seen)


@pytest.mark.parametrize("left_out", range(2, 14))
def test_a_step_that_is_left_out_shows(make: Any, left_out: int) -> None:
    """The control: none of the twelve could be forgotten without the replay noticing."""
    rows = coded_set(make, 1)
    some = [step for step in chain() if step.version != left_out]
    assert settle(make, rows, some)[1:] != settle(make, rows, chain())[1:]


# --- what is issued --------------------------------------------------------------------------------------------------


def laid_out(make: Any, rows: list[dict[str, str]], open_: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The events of issue behind coders' answers; `open_` are items that nobody has answered."""
    sheets: dict[tuple[str, int], dict[str, list[str]]] = {}
    for row in rows:
        batch, person = row["sheet"].split(".")
        items = sheets.setdefault((batch, int(row["version"])), {}).setdefault(person, [])
        items.append(row["item"])
    return [
        {
            **make.issued(
                batch,
                sorted(by_person),
                sorted({*(i for items in by_person.values() for i in items), *open_}),
                stage="coding",
            ),
            "version": version,
        }
        for (batch, version), by_person in sheets.items()
    ]


def of_model(number: int, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Answers as they are about another model of each study."""
    return [{**row, "item": str(replace(split(row["item"]), model=number))} for row in rows]


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_what_becomes_of_answers_about_a_model_is_a_matter_of_that_model_alone(make: Any, seed: int) -> None:
    """Three models of each study with answers of their own: each comes out as if it had been the only one."""
    said = {1: coded_set(make, seed), 2: coded_set(make, seed + 100), 12: coded_set(make, seed + 200)}
    rows = [row for number, mine in said.items() for row in of_model(number, mine)]
    records = sorted({split(row["item"]).record for row in rows})
    linked = Studies([make.study(record, record, *(f"Model {n}" for n in range(12))) for record in records])
    known = {record: record for record in records}
    followed = migrations.follow(rows, known, LAST, chain())
    codes = [make.code(id_, unit="model") for id_ in LAST]
    cells = coding.settle(linked, codes, rows, known, dict.fromkeys(records, 2), chain())
    found = cells, migrations.worklist(cells, followed), migrations.retired(followed, cells, records)
    for number, mine in said.items():
        alone = settle(make, mine, chain())[1:]
        for table, expected in zip(found, alone, strict=True):
            there = [{**row, "model": "1"} for row in table if row["model"] == str(number)]
            there = [
                {**row, "item": str(replace(split(row["item"]), model=1))} if "item" in row else row for row in there
            ]
            answered = {row["record_id"] for row in expected}
            assert [row for row in there if row["record_id"] in answered] == expected
    assert all(row["state"] == "pending" for row in cells if row["model"] in ("3", "11"))

    answered = {key(row) for row in rows if row["decision"] != "withdraw"}
    sheets, done = migrations.standing(folder.issued(laid_out(make, rows)), answered, followed, chain(), 13)
    asked = {(sheet, item) for sheet, info in sheets.items() for item in info.items}
    assert done <= asked
    counting = {(each.row["sheet"], str(each.item)) for each in followed if each.code}
    assert {at for at in done if int(at[0].partition("v")[2].partition(".")[0]) < 13} <= counting


def review_of(make: Any) -> Any:
    stages = make.review().model_dump(mode="json")["stages"]
    stages["coding"] |= {"batch": 50, "open_batches": 50, "sheet_rows": 1000}
    return make.review(stages=stages)


def due(make: Any, rows: list[dict[str, str]], events: list[dict[str, Any]]) -> Any:
    steps = chain()
    followed, cells, again, _ = settle(make, rows, steps)
    answered = {key(row) for row in rows if row["decision"] != "withdraw"}
    sheets, done = migrations.standing(folder.issued(events), answered, followed, steps, 13)
    records = sorted({row["item"].partition(":")[0] for row in rows})
    now = Situation([make.record(record) for record in records], sheets, done)
    linked = make.studies(*records)
    return issue.coding(now, cells, list(LAST), linked, review_of(make), settled=True), cells, again


@pytest.mark.parametrize("seed", range(8))
def test_exactly_the_worklist_is_issued_again_and_then_it_is_empty(make: Any, seed: int) -> None:
    """Finished reports of version 1: what is issued are the cells of the list, to as many people as each lacks."""
    lot = random.Random(seed)
    rows = [
        make.decision(f"R{n}:{code}", lot.choice(("yes", "no")), person, stage="coding", sheet=f"co01.{person}", version="1")
        for n in range(4)
        for code in FIRST
        for person in ("anna", "ben")
    ]  # fmt: skip
    batches, cells, again = due(make, rows, laid_out(make, rows))
    given: Counter[str] = Counter(
        item for batch in batches if batch.role == "screen" for items in batch.sheets.values() for item in items
    )
    lacking = {
        f"{cell['record_id']}:{cell['code']}": 2 - len(json.loads(cell["answers"]) and {a for a, _ in json.loads(cell["answers"])})
        for cell in cells
        if cell["state"] == "pending"
    }  # fmt: skip
    assert dict(given) == lacking
    assert set(given) == {f"{row['record_id']}:{row['code']}" for row in again if row["state"] == "pending"}
    torn = {item for batch in batches if batch.role == "adjudicate" for item in batch.items}
    assert torn == {f"{cell['record_id']}:{cell['code']}" for cell in cells if cell["state"] == "conflict"}

    for batch in batches:
        for person, items in batch.sheets.items():
            sheet = f"{batch.batch}.{person}"
            rows += [make.decision(i, "yes", person, stage="coding", sheet=sheet, version="13") for i in items]
    batches, cells, again = due(make, rows, laid_out(make, rows))
    assert {cell["state"] for cell in cells} <= {"coded", "conflict"}
    assert [row for row in again if row["state"] == "pending"] == []
    assert all(batch.role == "adjudicate" for batch in batches)


def test_nobody_is_waited_for_because_of_a_code_that_changed(make: Any) -> None:
    """Open rows of a sheet of version 1: those that only have another name are still held, all others are issued anew."""
    rows = [
        make.decision("R0:M1", "yes", who, stage="coding", sheet=f"co01.{who}", version="1") for who in ("anna", "ben")
    ]
    events = laid_out(make, rows, ("R0:I1", "R0:B1", "R0:C1", "R0:G1"))
    steps = chain()
    followed = settle(make, rows, steps)[0]
    sheets, done = migrations.standing(folder.issued(events), {key(row) for row in rows}, followed, steps, 13)
    assert sheets["co01.anna"].items == ("R0:J1", "R0:M1")
    assert done == {("co01.anna", "R0:M1"), ("co01.ben", "R0:M1")}
    batches, _, again = due(make, rows, events)
    assert {item for batch in batches for item in batch.items} == {
        f"R0:{code}" for code in LAST if code not in ("J1", "M1")
    }
    assert [row["code"] for row in again] == ["N1"], "nobody had answered the others"


def test_what_an_adjudicator_settled_under_an_old_meaning_is_settled_again(make: Any) -> None:
    def rows(version: str, *people: tuple[str, str]) -> list[dict[str, str]]:
        sheet = f"co{version}"
        return [
            make.decision("R0:B1", said, who, stage="coding", sheet=f"{sheet}.{who}", version=version)
            for who, said in people
        ]

    old = rows("1", ("anna", "yes"), ("ben", "no"), ("carl", "yes"))
    new = rows("13", ("anna", "yes"), ("ben", "no"))
    cell = next(cell for cell in settle(make, [*old, *new], chain())[1] if cell["code"] == "B1")
    assert cell["state"] == "conflict"
    events = laid_out(make, [row for row in old if row["person"] != "carl"]) + laid_out(make, new)
    judged = make.issued(
        "co02-adjudication", ["carl"], ["R0:B1"], stage="coding", role="adjudicate", purpose="adjudication"
    )
    events.append({**judged, "version": 1})
    old[-1]["sheet"] = "co02-adjudication.carl"
    batches, _, _ = due(make, [*old, *new], events)
    assert [batch.items for batch in batches if batch.role == "adjudicate"] == [("R0:B1",)]


def test_sheets_of_this_version_stay_as_they_are(make: Any) -> None:
    """Also a row of a code that was taken out of the codebook: it was answered, and nobody waits for it."""
    rows = [
        row
        for seed in range(3)
        for row in coded_set(make, seed)
        if row["version"] == "13" and row["decision"] != "withdraw"
    ]
    assert len(rows) > 10
    rows[0]["item"] = "R0:LOST"
    events = laid_out(make, rows, ("R0:OPEN",))
    answered = {key(row) for row in rows}
    followed = migrations.follow(rows, {f"R{n}": f"R{n}" for n in range(12)}, codes_of(13), chain())
    assert migrations.standing(folder.issued(events), answered, followed, chain(), 13) == (
        folder.issued(events),
        answered,
    )


def test_a_code_that_nobody_explained_is_listed(make: Any) -> None:
    row = make.decision("R0:LOST", "yes", "anna", stage="coding", sheet="co01.anna", version="1", quote="q")
    followed = migrations.follow([row], {"R0": "R0"}, ["M1"])
    (gone,) = migrations.retired(followed, [], {"R0"})
    assert (gone["code"], gone["value"], gone["quote"], gone["why"]) == ("LOST", "yes", "q", migrations.NO_CODE)
    assert migrations.retired(followed, [], set()) == [], "reports that are included no more have no cells either"


MERGES = [
    ("all the same", {"anna": "yes yes", "ben": "yes yes"}, "coded"),
    ("one differs", {"anna": "yes yes", "ben": "yes no"}, "pending"),
    ("one is missing", {"anna": "yes yes", "ben": "yes -"}, "pending"),
    ("they differ", {"anna": "yes yes", "ben": "no no"}, "conflict"),
    ("settled before, alike", {"anna": "yes yes", "ben": "no no", "carl": "yes yes"}, "coded"),
    ("settled before, not alike", {"anna": "yes yes", "ben": "no no", "carl": "yes no"}, "conflict"),
    ("against the adjudicator", {"anna": "yes yes", "ben": "yes yes", "carl": "no -"}, "pending"),
    ("with the adjudicator", {"anna": "yes yes", "ben": "yes yes", "carl": "yes -"}, "coded"),
]


@pytest.mark.parametrize(("what", "said", "state"), MERGES, ids=[case[0] for case in MERGES])
def test_merging(make: Any, what: str, said: dict[str, str], state: str) -> None:
    rows = [
        make.decision(f"R0:{code}", value, person, stage="coding", sheet=f"co01.{person}", version="1", level="system")
        for person, values in said.items()
        for code, value in zip(("K1", "L1"), values.split(), strict=True)
        if value != "-"
    ]
    cell = next(cell for cell in settle(make, rows, chain())[1] if cell["code"] == "K1")
    assert cell["state"] == state


def test_a_merge_carries_only_what_is_the_same_in_status_and_basis_and_joins_levels(make: Any) -> None:
    def cell(second: dict[str, str]) -> dict[str, str]:
        rows = [
            make.decision(f"R0:{code}", "yes", who, stage="coding", sheet=f"co01.{who}", version="1", **more)
            for who in ("anna", "ben")
            for code, more in (("K1", {"level": "system", "status": "ended"}), ("L1", second))
        ]
        return next(cell for cell in settle(make, rows, chain())[1] if cell["code"] == "K1")

    both = cell({"level": "individual", "status": "ended"})
    assert (both["state"], both["level"], both["version"]) == ("coded", "individual; system", "1")
    assert cell({"status": "proposed"})["state"] == "pending"
