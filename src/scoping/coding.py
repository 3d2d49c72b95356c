"""The charting of included studies: one value a code of a report, study or model, each `yes` resting on a quote in the stored text."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from scoping import migrations
from scoping.codebook import Code
from scoping.columns import BASES, STATUSES
from scoping.items import Item, split
from scoping.migration_steps import Migration
from scoping.studies import Studies, place
from scoping.tables import Row, compact


class Page(Protocol):
    """A page of a text, see `scoping.texts`."""

    @property
    def file(self) -> str:
        """File within data/raw/fulltext; empty for title and abstract."""

    @property
    def number(self) -> int:
        """Page of the file, from 1."""

    @property
    def text(self) -> str:
        """What stands there."""


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
    studies: Studies,
    codes: Sequence[Code],
    decisions: Iterable[Row],
    known: Mapping[str, str],
    votes: Mapping[str, int],
    steps: Sequence[Migration] = (),
) -> list[Row]:
    """One row for each code that is asked of a report, study or model, without its quote checked.

    `known` gives the record of a content id, `votes` the coders that each record needs. Values decide agreement; where
    coders agree on `yes` with other quotes, the quote of the first by name is taken and the others stay in the ledger.
    What was answered on a report before it was linked to the main report of its study keeps its cell.
    """
    unit = {code.id: code.unit for code in codes}
    followed = migrations.follow(decisions, known, list(unit), steps)
    answers: dict[Item, list[Row]] = defaultdict(list)
    for each in followed:
        if each.code and each.record_id in studies.rows and studies.has(each.item, unit[each.code]):
            answers[each.item].append(each.row)
    order = {code: at for at, code in enumerate(unit)}
    wanted = sorted({*studies.wanted(codes), *answers}, key=lambda item: (item.record, item.model, order[item.code]))
    cells = [
        _cell(item, studies.of(item.record).id, answers[item], votes[studies.of(item.record).main]) for item in wanted
    ]
    return migrations.with_history(cells, followed, steps)


def _cell(item: Item, study_id: str, rows: list[Row], votes: int) -> Row:
    finals = [row for row in rows if row["role"] == "adjudicate"]
    screens = [row for row in rows if row["role"] == "screen"]
    counted = sorted(_final(finals, screens), key=lambda row: (row["person"], row["sheet"]))
    values = {row["decision"] for row in counted}
    whole = bool(finals) or len({row["person"] for row in screens}) >= votes
    state = "pending" if not whole else "coded" if len(values) == 1 else "conflict"
    best = next((row for row in counted if row["quote"]), counted[0]) if state == "coded" else None
    return {
        "record_id": item.record,
        "study_id": study_id,
        "model": str(item.model),
        "code": item.code,
        "state": state,
        "value": best["decision"] if best else "",
        "level": _levels(counted) if best else "",
        "status": _named(counted, "status", STATUSES) if best else "",
        "basis": _named(counted, "basis", BASES) if best else "",
        "quote": best["quote"] if best else "",
        "locator": best["locator"] if best else "",
        "verdict": "",
        "file": "",
        "page": "",
        "passage": "",
        "note": "; ".join(sorted({row["note"] for row in counted if row["note"]})) if best else "",
        "decided_by": compact(sorted({row["person"] for row in counted})) if best else "[]",
        "answers": compact(sorted([row["person"], row["decision"]] for row in rows)),
        "version": str(min(migrations.version_of(row) for row in counted)) if best else "",
        "history": "[]",
        "why": "",
    }


def _final(rows: list[Row], screens: list[Row]) -> list[Row]:
    """The answers that make the value: an adjudicator's where there is one, else the coders'.

    Where two reports that were coded have turned out to be one, an adjudication of the one does not settle what was
    answered of the other; one of both goes before those of either.
    """
    if not rows:
        return screens
    coded = {split(row["item"]).record for row in screens}
    covers = [{split(item).record for item in (row["item"], *json.loads(row["covers"] or "[]"))} for row in rows]
    if whole := [row for row, ids in zip(rows, covers, strict=True) if ids >= coded]:
        return whole
    outside = coded.difference(*covers)
    # all of them where the report got another id before it was adjudicated
    return [*rows, *(row for row in screens if outside != coded and split(row["item"]).record in outside)]


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
    cells: Iterable[Row], pages: Callable[[Row], Sequence[Page]], find: Callable[[str, Sequence[str]], Found]
) -> list[Row]:
    """The cells with each quote looked up in the stored text: `pages` are those that the quote of a cell may be from.

    A report without a readable file gives its title and abstract: what stands there is found, but nothing is missing.
    """
    out = []
    for row in cells:
        row = dict(row)
        if row["quote"] and row["state"] == "coded":
            places = pages(row)
            found = (
                find(row["quote"], [page.text for page in places])
                if any(page.text.strip() for page in places)
                else None
            )
            if found is None or (found.verdict == "missing" and not all(page.file for page in places)):
                row["verdict"] = "no text"
            else:
                at = places[found.page - 1] if found.page else None
                row |= {
                    "verdict": found.verdict,
                    "file": at.file if at else "",
                    "page": str(at.number) if at else "",
                    "passage": found.passage,
                }
        out.append(row)
    return out


def conflicts(cells: Iterable[Row]) -> dict[str, list[str]]:
    """`record:code` in conflict -> the ids an adjudication of it covers."""
    torn = [place(row) for row in cells if row["state"] == "conflict"]
    return {item: [item] for item in torn}


def said(row: Row) -> str:
    """The answers of a cell without names, as an adjudicator sees them."""
    return "\n".join(sorted(value for _, value in json.loads(row["answers"])))
