"""Records and the ids that stand for them: any entry's, and those that only old sheets know."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from scoping import folder, items
from scoping.folder import WITHDRAW
from scoping.identity import folded
from scoping.ledger import Event
from scoping.matching import GENERIC
from scoping.tables import Row


def aliases(records: Iterable[Row]) -> dict[str, str]:
    """Content id of any entry -> record id."""
    return {id_: row["record_id"] for row in records for id_ in json.loads(row["content_ids"])}


def dois(record: Row) -> set[str]:
    """Every DOI of a record: the one it goes by, and those of its other entries."""
    return {record["doi"], *json.loads(record["dois"] or "[]")} - {""}


def find_again(records: Iterable[Row], unknown: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Ids that no entry has any more -> the one record with the DOI, else the title, that was issued under the id.

    `unknown` gives DOI and title of each id. What points at no record, or at several, is left out; a title proves
    nothing where it is short, or where both have a DOI.
    """
    if not unknown:
        return {}
    by_doi: dict[str, set[str]] = defaultdict(set)
    by_title: dict[str, set[str]] = defaultdict(set)
    for row in records:
        for known in dois(row) or {""}:  # whichever of them was issued
            by_doi[known].add(row["record_id"])
        if len(folded(row["title"])) >= GENERIC:
            by_title[folded(row["title"])].add(row["record_id"])
    found = {}
    for id_, (doi, title) in unknown.items():
        near = by_doi[doi] if doi else set()
        if not near:
            near = by_title[folded(title)] & by_doi[""] if doi else by_title[folded(title)]
        if len(near) == 1:
            found[id_] = min(near)
    return found


def known_ids(records: list[Row], decisions: Iterable[Row]) -> tuple[dict[str, str], list[Row]]:
    """(every id that stands for a record -> record id, decisions whose record is gone and that stand)."""
    known = aliases(records)
    lost = [row for row in decisions if items.split(row["item"]).record not in known]
    found = find_again(records, {items.split(row["item"]).record: (row["doi"], row["title"]) for row in lost})
    gone = [row for row in lost if items.split(row["item"]).record not in found and row["decision"] != WITHDRAW]
    return known | found, gone


def ever_known(records: list[Row], events: list[Event]) -> dict[str, str]:
    """Any id that stands for a record, also one that only sheets know -> record id."""
    known = aliases(records)
    sheets = folder.issued(events) | folder.imported(events)
    issued = {id_: as_ for info in sheets.values() for id_, as_ in info.known_as.items()}
    return known | find_again(records, {id_: as_ for id_, as_ in issued.items() if id_ not in known})


def included(states: Iterable[Row]) -> list[str]:
    """The records that a stage lets through."""
    return [row["record_id"] for row in states if row["state"] == "include"]


def orphan_problem(stage: str, row: Row) -> Row:
    """What a person is told of a decision whose record is gone."""
    remedy = (
        "put the export back, or withdraw the decision in the sheet"
        if not folder.is_import(row["sheet"])
        else "put the export back; to take the decision back then, have the protocol read its label as `withdraw`"
    )
    what = (
        f"{row['person']} decided `{row['decision']}` for {row['item']} ({row['title'][:80]!r}), which no export holds "
        f"any more; {remedy}"
    )
    return {
        "stage": stage,
        "file": "",
        "sheet": row["sheet"],
        "cell": "",
        "item": row["item"],
        "waits": "row",
        "problem": what,
    }


def by_id(rows: Iterable[Row]) -> Mapping[str, Row]:
    """Record id -> row."""
    return {row["record_id"]: row for row in rows}
