"""Where each record stands at a screening stage, from what people answered.

| answers that stand, one a person | single | dual |
| --- | --- | --- |
| none | pending | pending |
| one | that answer | pending |
| two or more, all equal | that answer | that answer |
| two or more, not all equal | conflict | conflict |
| an adjudication that covers all ids answered | its answer | its answer |

`unsure` is an answer like `include` where the stage says so, else it makes a conflict; an adjudicator's `unsure` settles
nothing. An answer given for ANY entry of a record counts for the record, so entries that were decided differently and
merged later are a conflict, also where they had been adjudicated apart.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoping import imports
from scoping.record_ids import known_ids
from scoping.tables import Row, compact

STANDING = ("include", "exclude", "unsure", "not_retrieved")


@dataclass(frozen=True)
class Rules:
    """How a stage turns answers into states: people each record needs (by its id), whether `unsure` counts as `include`,
    reasons by priority.
    """

    votes: Mapping[str, int]
    unsure_includes: bool
    reasons: Sequence[str]


@dataclass(frozen=True)
class _Verdict:
    state: str
    rows: tuple[Row, ...] = ()
    why: str = ""


def screening(
    records: list[Row], decisions: list[Row], universe: Iterable[str], rules: Rules
) -> tuple[list[Row], list[Row]]:
    """(one state for each record of the universe, decisions that belong to no record)."""
    known, orphans = known_ids(records, decisions)
    decisions = imports.counting(decisions, known)
    by_record: dict[str, list[Row]] = defaultdict(list)
    for row in decisions:
        if row["item"] in known and row["decision"] in STANDING:
            by_record[known[row["item"]]].append(row)
    return [_state(record_id, by_record[record_id], rules) for record_id in sorted(universe)], orphans


def _covers(row: Row) -> frozenset[str]:
    return frozenset({row["item"], *json.loads(row["covers"] or "[]")})


def _state(record_id: str, rows: list[Row], rules: Rules) -> Row:
    screens = [row for row in rows if row["role"] == "screen"]
    decided = frozenset(row["item"] for row in screens)
    finals = [row for row in rows if row["role"] == "adjudicate"]
    verdict = _verdict(screens, finals, decided, rules, rules.votes[record_id])
    excluded = verdict.state == "exclude"
    given = {row["reason"] for row in verdict.rows if row["reason"]} if excluded else set()
    reasons = [reason for reason in rules.reasons if reason in given] + sorted(given - set(rules.reasons))
    last = max(verdict.rows, key=lambda row: (row["date"], row["route"]), default=None)
    gone = verdict.state == "not_retrieved" and last is not None
    return {
        "record_id": record_id,
        "state": verdict.state,
        "reason": reasons[0] if reasons else "",
        "reasons": compact(reasons),
        "route": last["route"] if gone and last else "",
        "date": last["date"] if gone and last else "",
        "decided_by": compact(sorted({row["person"] for row in verdict.rows})),
        "answers": str(len(rows)),
        "decided_ids": compact(sorted(decided)),
        "why": verdict.why,
    }


def _meaning(row: Row, rules: Rules) -> str:
    return "include" if row["decision"] == "unsure" and rules.unsure_includes else row["decision"]


def _verdict(screens: list[Row], finals: list[Row], decided: frozenset[str], rules: Rules, votes: int) -> _Verdict:
    whole = [row for row in finals if _covers(row) >= decided and row["decision"] != "unsure"]
    if whole:
        answers = {row["decision"] for row in whole}
        if len(answers) == 1:
            return _Verdict(min(answers), tuple(whole))
        return _Verdict("conflict", tuple(whole), "adjudicated differently before its entries were merged")
    settled = [row for row in finals if row["decision"] != "unsure"]
    covered = frozenset[str]().union(*(_covers(row) for row in settled))
    counted = [row for row in screens if row["item"] not in covered] + settled
    people = {row["person"] for row in counted}
    answers = {_meaning(row, rules) for row in counted}
    if not settled and len(people) < votes:
        return _Verdict("pending", tuple(counted))
    if len(answers) > 1:
        merged = len(decided) > 1
        return _Verdict(
            "conflict",
            tuple(counted),
            "entries that were decided differently were merged" if merged else "answers differ",
        )
    if answers == {"unsure"}:
        return _Verdict("conflict", tuple(counted), "everyone is unsure")
    return _Verdict(min(answers), tuple(counted))
