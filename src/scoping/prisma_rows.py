"""What the flow diagram is made of, looked at row by row before anything is counted.

Counting forgives: a state that is missing would make a report await assessment, a state that stands twice would be
counted once. Here every row that is missing or stands twice is named.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from scoping.tables import Row

STATUSES = ("ok", "warned", "rejected")


def check(
    entry_records: list[Row], records: list[Row], title_abstract: list[Row], full_text: list[Row], studies: list[Row],
    receipts: list[Row], title: list[Row] | None = None,
) -> list[str]:  # fmt: skip
    """One sentence for each table that does not fit the others; nothing where all is well.

    `title` are the states of titles, where these are screened first: what passes there has a state at title and abstract.
    """
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
    here = record_ids
    if title is not None:
        same("states at title", (row["record_id"] for row in title), record_ids)
        here = [row["record_id"] for row in title if row["state"] == "include"]
    same("states at title and abstract", (row["record_id"] for row in title_abstract), here)
    passed = [row["record_id"] for row in title_abstract if row["state"] == "include"]
    same("states at full text", (row["record_id"] for row in full_text), passed)
    included = [row["record_id"] for row in full_text if row["state"] == "include"]
    same("studies", (row["record_id"] for row in studies), included)
    return [*out, *_against_receipts(entry_records, receipts)]


def _against_receipts(entry_records: list[Row], receipts: list[Row]) -> list[str]:
    """The entries of each source and file are as many, and of the kinds, that reading them found.

    Entries that nothing identifies have an id that no other table knows: they are named by file and line.
    """
    given = Counter((row["source"], row["file"]) for row in receipts)
    twice = [f"receipt of {source} in {file}: there twice" for (source, file), times in given.items() if times > 1]
    if twice:
        return twice
    counted = Counter((row["source"], row["file"], row["status"]) for row in entry_records)
    found = {(row["source"], row["file"], status): int(row[status]) for row in receipts for status in STATUSES}
    lines = Counter((row["file"], int(row["line_start"])) for row in entry_records if row["status"] == "rejected")
    read = Counter((row["file"], line) for row in receipts for line in json.loads(row["rejected_lines"]))
    return [
        *(f"{file}:{line}: the unreadable entry there is missing" for file, line in sorted(read - lines)),
        *(f"{file}:{line}: an unreadable entry that was not read there" for file, line in sorted(lines - read)),
        *_numbers(counted, found),
    ]


def _numbers(counted: Mapping[tuple[str, str, str], int], found: Mapping[tuple[str, str, str], int]) -> list[str]:
    """Where there are more or fewer entries of a source in a file than were read."""
    return [
        f"entries of {source} in {file}, {status}: {counted.get(at, 0)} here, {found.get(at, 0)} by the receipt"
        for at in sorted(counted.keys() | found.keys())
        if counted.get(at, 0) != found.get(at, 0)
        for source, file, status in (at,)
    ]
