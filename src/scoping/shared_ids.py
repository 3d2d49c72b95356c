"""Entries that share an id although their places tell them apart.

Without an accession number, entries of one DOI, title, year and first author are one item by their id. Two columns of one
editor, or one guideline printed in two journals, then count as one record: people are told, since nobody can part them
on a sheet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from scoping import pair_features, vetoes
from scoping.comparable import Item, item
from scoping.tables import Row
from scoping.vetoes import Pair

_PLACES = (vetoes.places, vetoes.identifiers, vetoes.registrations)


def problems(entries: Iterable[Row]) -> list[Row]:
    """A row of the table of problems for each id under which entries of different places stand; nothing waits for it."""
    by_id: dict[str, dict[Item, Row]] = defaultdict(dict)
    for row in entries:
        if row["status"] != "rejected" and not row["identity"].startswith("accession"):
            by_id[row["content_id"]].setdefault(item(row), row)
    shared = {id_: rows for id_, rows in sorted(by_id.items()) if len(rows) > 1}
    items = [one for rows in shared.values() for one in rows]
    place = {one: number for number, one in enumerate(items)}
    pairs = [(place[a], place[b]) for rows in shared.values() for a, b in combinations(rows, 2)]
    if not pairs:
        return []
    left, right, features = pair_features.table(items, *np.array(pairs, dtype=np.int64).T)
    why: dict[str, set[str]] = defaultdict(set)
    for a, b, row in zip(left, right, features, strict=True):
        pair = Pair(items[a], items[b], dict(zip(pair_features.FEATURES, row.tolist(), strict=True)))
        why[items[a].content_id] |= {reason for veto in _PLACES if (reason := veto(pair))}
    return [_problem(id_, why[id_], list(rows.values())) for id_, rows in shared.items() if why[id_]]


def _problem(content_id: str, why: set[str], rows: list[Mapping[str, str]]) -> Row:
    at = ", ".join(sorted({f"{row['file']}:{row['line_start']}" for row in rows}))
    return {
        "stage": "duplicates",
        "file": f"data/raw/exports/{rows[0]['file']}",
        "sheet": "",
        "cell": rows[0]["line_start"],
        "item": content_id,
        "waits": "nothing",
        "problem": f"{len(rows)} entries ({at}) have title, year and first author in common, so they count as one record, "
        f"{rows[0]['title'][:80]!r}, but {' and '.join(sorted(why))}; if they are several reports, export them with the "
        "database's accession number or DOI",
    }
