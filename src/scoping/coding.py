"""The charting of included studies: one value a code and study, each `yes` resting on a quote in the stored text."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from scoping import migrations
from scoping.columns import BASES, STATUSES
from scoping.items import join
from scoping.migration_steps import Migration
from scoping.tables import Row, compact


class Found(Protocol):
    """Where a quote stands, see `scoping.quotes`."""

    @property
    def verdict(self) -> str:
        """verbatim, near or missing."""

    @property
    def page(self) -> int:
        """Page, from 1; 0 where it was not found."""

    @property
    def passage(self) -> str:
        """The stored text there."""


def settle(
    record_ids: Iterable[str],
    codes: Sequence[str],
    decisions: Iterable[Row],
    known: Mapping[str, str],
    study_of: Mapping[str, str],
    votes: Mapping[str, int],
    steps: Sequence[Migration] = (),
) -> list[Row]:
    """One row for each code of each record, without its quote checked.

    `known` gives the record of a content id, `votes` the coders that each record needs. Values decide agreement; where coders agree on `yes` with other quotes, the
    quote of the first by name is taken and the others stay in the ledger.
    """
    followed = migrations.follow(decisions, known, codes, steps)
    answers: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for each in followed:
        if each.code:
            answers[each.record_id, each.code].append(each.row)
    cells = [
        _cell(record_id, study_of[record_id], code, answers[record_id, code], votes[record_id])
        for record_id in sorted(record_ids)
        for code in codes
    ]
    return migrations.with_history(cells, followed, steps)


def _cell(record_id: str, study_id: str, code: str, rows: list[Row], votes: int) -> Row:
    finals = [row for row in rows if row["role"] == "adjudicate"]
    screens = [row for row in rows if row["role"] == "screen"]
    counted = sorted(finals or screens, key=lambda row: (row["person"], row["sheet"]))
    values = {row["decision"] for row in counted}
    whole = bool(finals) or len({row["person"] for row in screens}) >= votes
    state = "pending" if not whole else "coded" if len(values) == 1 else "conflict"
    best = next((row for row in counted if row["quote"]), counted[0]) if state == "coded" else None
    return {
        "record_id": record_id,
        "study_id": study_id,
        "code": code,
        "state": state,
        "value": best["decision"] if best else "",
        "level": _levels(counted) if best else "",
        "status": _named(counted, "status", STATUSES) if best else "",
        "basis": _named(counted, "basis", BASES) if best else "",
        "quote": best["quote"] if best else "",
        "locator": best["locator"] if best else "",
        "verdict": "",
        "page": "",
        "passage": "",
        "note": "; ".join(sorted({row["note"] for row in counted if row["note"]})) if best else "",
        "decided_by": compact(sorted({row["person"] for row in counted})) if best else "[]",
        "answers": compact(sorted([row["person"], row["decision"]] for row in rows)),
        "version": str(min(migrations.version_of(row) for row in counted)) if best else "",
        "history": "[]",
        "why": "",
    }


def _levels(rows: list[Row]) -> str:
    """The levels that every coder of the value named; all that were named where none is shared."""
    by_person: dict[str, set[str]] = defaultdict(set)
    for row in rows:  # somebody who answered for codes that were merged has several
        by_person[row["person"]] |= {level for level in row["level"].split("; ") if level}
    named = by_person.values()
    shared = set.intersection(*named) or set.union(*named)
    return "; ".join(level for level in ("individual", "organisation", "system") if level in shared)


def _named(rows: list[Row], field: str, words: Sequence[str]) -> str:
    """What coders of the value named, in the order of the words."""
    found = {row[field] for row in rows}
    return "; ".join(word for word in words if word in found)


def check_quotes(
    cells: Iterable[Row], pages: Mapping[str, Sequence[str]], find: Callable[[str, Sequence[str]], Found]
) -> list[Row]:
    """The cells with each quote looked up in the stored text (record id -> pages of its full text, else its abstract)."""
    out = []
    for row in cells:
        row = dict(row)
        if row["quote"] and row["state"] == "coded":
            text = pages.get(row["record_id"], ())
            if not any(page.strip() for page in text):
                row["verdict"] = "no text"
            else:
                found = find(row["quote"], text)
                row |= {
                    "verdict": found.verdict,
                    "page": str(found.page) if found.page else "",
                    "passage": found.passage,
                }
        out.append(row)
    return out


def conflicts(cells: Iterable[Row]) -> dict[str, list[str]]:
    """`record:code` in conflict -> the ids an adjudication of it covers."""
    torn = [join(row["record_id"], row["code"]) for row in cells if row["state"] == "conflict"]
    return {item: [item] for item in torn}


def said(row: Row) -> str:
    """The answers of a cell without names, as an adjudicator sees them."""
    return "\n".join(sorted(value for _, value in json.loads(row["answers"])))
