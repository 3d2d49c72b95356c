"""Which sources found which records: sets of record ids, so that every count opens to what is behind it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from scoping.tables import Row


@dataclass(frozen=True)
class Contribution:
    """What one source gave: records, those of them that no other source has, reports that were included."""

    records: tuple[str, ...]
    alone: tuple[str, ...]
    included: tuple[str, ...]


def combinations(records: Iterable[Row], sources: Sequence[str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Sources in their order -> the records that are in these and in no other, the largest set first."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    place = {source: at for at, source in enumerate(sources)}
    for row in records:
        found[tuple(sorted(json.loads(row["sources"]), key=place.__getitem__))].append(row["record_id"])
    order = sorted(found, key=lambda mine: (-len(found[mine]), [place[source] for source in mine]))
    return {mine: tuple(sorted(found[mine])) for mine in order}


def contributions(
    found: dict[tuple[str, ...], tuple[str, ...]], sources: Sequence[str], included: Collection[str]
) -> dict[str, Contribution]:
    """Source -> what it gave; `found` from `combinations`, `included` the record ids of included reports."""
    out = {}
    for source in sources:
        records = sorted(id_ for mine, ids in found.items() if source in mine for id_ in ids)
        kept = tuple(id_ for id_ in records if id_ in included)
        out[source] = Contribution(tuple(records), found.get((source,), ()), kept)
    return out
