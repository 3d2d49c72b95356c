"""Why a record is where it is, and why two are one or are not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import LEDGER

if TYPE_CHECKING:
    from scoping.explain import Found, Known
    from scoping.ledger import Event
OUT = Path("data/processed")


@click.command("explain")
@click.argument("ids", nargs=-1, required=True, metavar="ID [ID]")
def command(ids: tuple[str, ...]) -> None:
    """Tell the whole way of a record through the review; of two, why they were merged or were not.

    ID is a record id, the id of any of its entries, an accession number, a PubMed id or a DOI. Reads only what the last
    run left, and changes nothing.
    """
    from scoping import explain, ledger, record_ids, tables
    from scoping.errors import ScopingError

    if len(ids) > 2:
        raise ScopingError(f"{len(ids)} ids were given", do="give one, or two to compare")
    events = ledger.read_events(LEDGER)
    # without records there is nothing to tell of: this table alone must be there
    found = {"records.parquet": tables.read(OUT / "records.parquet", explain.TABLES["records.parquet"])}
    found |= {
        name: tables.read(OUT / name, table)
        for name, table in explain.TABLES.items()
        if name not in found and (OUT / name).exists()
    }
    known = explain.Known(found, record_ids.ever_known(found["records.parquet"], events))
    named = [explain.find(known, text) for text in ids]
    lines = _one(known, named[0], events) if len(named) == 1 else _two(known, *named)
    click.echo("\n".join(lines))


def _one(known: "Known", found: "Found", events: "list[Event]") -> "Iterator[str]":
    from scoping import explain, folder, history

    ids = {id_ for id_, record in known.ids.items() if record == found.record_id}
    return explain.account(
        known, found.record_id, lambda stage: list(history.of_record(folder.of_stage(events, stage), ids))
    )


def _two(known: "Known", a: "Found", b: "Found") -> "Iterator[str]":
    from scoping import explain, explain_pair, matching, tables
    from scoping.schemas import ENTRIES
    from scoping.schemas_records import KINDS

    one, other = known.record(a.record_id), known.record(b.record_id)
    pairs = known.of("duplicate_pairs.csv")
    mine, others = a.content_ids, b.content_ids
    yield explain_pair.heading(one, other)
    yield ""
    if a.record_id == b.record_id:
        yield "They are one record."
        if set(a.content_ids) & set(b.content_ids):
            yield "Both ids name it; give the ids of two of its entries to see why these are one."
            return
        way = explain_pair.joined(pairs, mine, others)
        yield from (f"  {row['a']} and {row['b']}: {explain.pair_told(row)}" for row in way)
    else:
        yield explain_pair.apart(pairs, one, other)
        mine, others = (tuple(json.loads(row["content_ids"])) for row in (one, other))
        rows = explain_pair.between(pairs, mine, others)
        yield from (f"  {row['a']} and {row['b']}: {explain.pair_told(row)}" for row in rows)
        for row in known.of("record_links.csv"):
            if {row["a"], row["b"]} == {a.record_id, b.record_id}:
                yield f"{row['a']} is {KINDS[row['kind']]} {row['b']} ({row['why']})."
        for row in known.of("study_pairs.csv"):
            if {row["a"], row["b"]} == {a.record_id, b.record_id}:
                yield f"As reports of one study: {explain.study_told(row)}."
    entries = [row for path in sorted(OUT.glob("entries/*.parquet")) for row in tables.read(path, ENTRIES)]
    if entries:
        yield "What the matcher says of their entries:"
        compared = matching.compared(row for row in entries if row["status"] != "rejected")
        yield from (f"  {line}" for line in explain_pair.weighed(compared, mine, others))
