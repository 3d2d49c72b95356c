"""What the flow diagram is made of, looked at row by row before anything is counted.

Counting forgives: a state that is missing would make a report await assessment, a state that stands twice would be
counted once. Here every row that is missing or stands twice is named.
"""

import json
from collections import Counter
from collections.abc import Iterable

from scoping.tables import Row


def check(
    entry_records: list[Row], records: list[Row], title_abstract: list[Row], full_text: list[Row], studies: list[Row],
    receipts: list[Row],
) -> list[str]:  # fmt: skip
    """One sentence for each table that does not fit the others; nothing where all is well."""
    out: list[str] = []

    def same(what: str, here: Iterable[str], there: Iterable[str]) -> None:
        """Each id of `there` stands once in `here`, and no other does."""
        counted, wanted = Counter(here), set(there)
        twice = sorted(id_ for id_, times in counted.items() if times > 1)
        for ids, words in (
            (sorted(wanted - set(counted)), "missing"),
            (sorted(set(counted) - wanted), "not expected there"),
            (twice, "there twice"),
        ):
            if ids:
                out.append(f"{what}: {', '.join(ids[:5])}{' and more' if len(ids) > 5 else ''} {words}")

    record_ids = [row["record_id"] for row in records]
    entries = [row["entry_id"] for row in entry_records]
    same("entries", entries, entries)
    of_records = [entry_id for row in records for entry_id in json.loads(row["entry_ids"])]
    same("entries of records", of_records, (row["entry_id"] for row in entry_records if row["role"] != "rejected"))
    same("records", record_ids, (row["record_id"] for row in entry_records if row["record_id"]))
    same("states at title and abstract", (row["record_id"] for row in title_abstract), record_ids)
    passed = [row["record_id"] for row in title_abstract if row["state"] == "include"]
    same("states at full text", (row["record_id"] for row in full_text), passed)
    included = [row["record_id"] for row in full_text if row["state"] == "include"]
    same("studies", (row["record_id"] for row in studies), included)
    return [*out, *_against_receipts(entry_records, receipts)]


def _against_receipts(entry_records: list[Row], receipts: list[Row]) -> list[str]:
    """The entries of each source and file are as many, and of the kinds, that reading them found."""
    counted = Counter((row["source"], row["file"], row["status"]) for row in entry_records)
    found: Counter[tuple[str, str, str]] = Counter()
    for row in receipts:
        found.update(
            {(row["source"], row["file"], status): int(row[status]) for status in ("ok", "warned", "rejected")}
        )
    return [
        f"entries of {source} in {file}, {status}: {counted[source, file, status]} here, "
        f"{found[source, file, status]} by the receipt"
        for source, file, status in sorted(counted.keys() | found.keys())
        if counted[source, file, status] != found[source, file, status]
    ]
