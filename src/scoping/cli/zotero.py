"""Zotero: items and files into data/raw, decisions back as tags. The only command that uses a network, by hand alone."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli.options import REVIEW, review

if TYPE_CHECKING:
    from scoping.tables import Row
    from scoping.zotero.entries import Entry
    from scoping.zotero.library import Item, Library
    from scoping.zotero.marking import Outcome
    from scoping.zotero.snapshot import Changes
    from scoping.zotero_settings import ZoteroLibrary

EXPORTS = Path("data/raw/exports")
FULLTEXT = Path("data/raw/fulltext")
PROCESSED = Path("data/processed")
KEY = "ZOTERO_API_KEY"
SHOWN = 20
PARTS = frozenset({"attachment", "note", "annotation"})


@click.group("zotero")
def command() -> None:
    """Take items and files from Zotero libraries, and write decisions back as tags.

    The libraries stand under `zotero` in config/review.yaml; the key is read from ZOTERO_API_KEY (docs/zotero.md).
    """


@command.command("pull")
@click.argument("names", nargs=-1, metavar="[LIBRARY]...")
@click.option(
    "--files",
    type=click.Choice(("sought", "all")),
    help="Take attached files over into data/raw/fulltext: of reports that passed title and abstract, or of all items.",
)
def pull(names: tuple[str, ...], files: str | None) -> None:
    """Read the libraries (all, or those named) into data/raw/exports/zotero_LIBRARY.json.

    Only what changed is read. An item that left the library stays in the file, marked: people may have decided about it.
    """
    for name, settings in _libraries(names):
        with _open(name, settings) as library:
            _pull(library, files=files)


@command.command("push")
@click.argument("names", nargs=-1, metavar="[LIBRARY]...")
@click.option(
    "--write", is_flag=True, help="Write the tags; without it, what would change is said and nothing is written."
)
def push(names: tuple[str, ...], write: bool) -> None:
    """Say what decisions would change the tags of items, and with --write write them.

    Only tags that begin with `scoping:` are added and removed.
    """
    for name, settings in _libraries(names):
        with _open(name, settings) as library:
            _push(library, write=write)


def _libraries(names: Iterable[str]) -> "list[tuple[str, ZoteroLibrary]]":
    """The libraries of the protocol that are meant."""
    from scoping.errors import ScopingError
    from scoping.strict_model import did_you_mean, show

    known = review("zotero", None).zotero
    if not known:
        raise ScopingError("names no Zotero library", path=REVIEW, do="describe it under `zotero`, see docs/zotero.md")
    for name in names:
        if name not in known:
            raise ScopingError(
                f"there is no {show(name)} under `zotero`", path=REVIEW, do=did_you_mean(name, list(known))
            )
    return [(name, settings) for name, settings in known.items() if not names or name in names]


@contextmanager
def _open(name: str, settings: "ZoteroLibrary") -> "Iterator[Library]":
    """A library, with the key of the environment where it is one of the web."""
    from scoping.errors import ScopingError
    from scoping.zotero.library import Library

    key = os.environ.get(KEY, "").strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]*", key):
        raise ScopingError(f"{KEY} holds signs that no key has", do="copy the key anew, without quotes or blanks")
    library = Library(name, settings, key)
    try:
        yield library
    finally:
        library.connection.close()


def _pull(library: "Library", *, files: str | None) -> None:
    """Bring a snapshot up to date, and take over files."""
    from scoping import files as written
    from scoping.errors import ScopingError
    from scoping.zotero import entries, pulling, snapshot

    path = EXPORTS / snapshot.name(library.name)
    before = snapshot.read(path, library.settings)
    after, changes = pulling.pull(library, before)
    now = {key for key, item in after.items.items() if not snapshot.left(item)}
    if after is before:
        click.echo(f"{path}: {_count(now)}, nothing changed")
    else:
        old, data = path.read_bytes() if path.exists() else b"", snapshot.to_bytes(after, library.settings)
        if not any(item["data"]["itemType"] not in PARTS for item in after.items.values()):
            raise ScopingError("would hold files and notes, but no reference", path=path, do="check collection and tag")
        known = entries.of_snapshot(data)
        if changes.changed or changes.back:
            written.create_once(path.with_name(snapshot.former(library.name, old)), old, 0o644)
        written.replace(path, data)
        click.echo(
            f"{path}: {_count(now)}; {len(changes.new):,} new, {len(changes.changed):,} changed, "
            f"{len(changes.left):,} left the library, {len(changes.back):,} came back"
        )
        _tell(changes, after.items, entries.of_snapshot(old) if old else {}, known)
    if files:
        found = {key: entry for key, entry in entries.of_snapshot(path.read_bytes()).items() if key in now}
        sought = _sought() if files == "sought" else {entry.content_id for entry in found.values()}
        wanted = {key: entry for key, entry in found.items() if entry.content_id in sought}
        taken = pulling.take(library, wanted, FULLTEXT)
        click.echo(f"{FULLTEXT}: {_count(taken.files, 'file')} taken over, {len(taken.there):,} there already")
        _list(sorted(taken.not_taken), "Not taken over", lambda key: taken.not_taken[key], "attachment")


def _tell(
    changes: "Changes", items: "Mapping[str, Item]", before: "Mapping[str, Entry]", now: "Mapping[str, Entry]"
) -> None:
    """What a person may want to look at: other ids, and items that left."""
    from scoping.zotero import snapshot

    both = [key for key in changes.changed if key in before and key in now]
    _list(
        [key for key in both if before[key].content_id != now[key].content_id],
        "Now with another DOI, title, year or first author, and so with another id (decisions follow by DOI or title; "
        "`scoping status` names any that cannot)",
        lambda key: f"{_title(items[key])} (was {before[key].title[:60]!r})",
    )
    _list(
        changes.left,
        "Left the library, and stay in the snapshot since people may have decided about them",
        lambda key: f"{_title(items[key])}: {snapshot.left(items[key])}",
    )


def _sought() -> set[str]:
    """Content ids of all entries of reports that passed title and abstract."""
    from scoping import record_ids

    passed = set(record_ids.included(_states()["title_abstract"].values()))
    return {id_ for id_, record in _records().items() if record in passed}


def _records() -> dict[str, str]:
    """Content id -> record id."""
    from scoping import schemas, tables
    from scoping.errors import ScopingError

    path = PROCESSED / "entry_records.csv"
    if not path.is_file():
        raise ScopingError("there is no such table yet", path=path, do="run snakemake once")
    return {row["content_id"]: row["record_id"] for row in tables.read(path, schemas.ENTRY_RECORDS) if row["record_id"]}


def _states() -> "dict[str, dict[str, Row]]":
    """Stage -> record id -> state, of the stages that the review has."""
    from scoping import schemas, tables
    from scoping.errors import ScopingError

    found = {}
    for stage in schemas.SCREENING:
        path = PROCESSED / stage / "states.csv"
        if path.is_file():
            found[stage] = {row["record_id"]: row for row in tables.read(path, schemas.STATES)}
        elif stage != "title":
            raise ScopingError("there is no such table yet", path=path, do="run snakemake once")
    return found


def _push(library: "Library", *, write: bool) -> None:
    """Tags of the items of a snapshot, as their records were decided."""
    from scoping.errors import ScopingError
    from scoping.zotero import entries, marking, snapshot, tags

    path = EXPORTS / snapshot.name(library.name)
    held = snapshot.read(path, library.settings)
    if not held.items:
        raise ScopingError("is not there yet", path=path, do=f"run `scoping zotero pull {library.name}` first")
    records, states = _records(), _states()
    wanted, unknown = {}, []
    for key, entry in entries.of_snapshot(path.read_bytes()).items():
        if snapshot.left(held.items[key]) or entry.rejected:
            continue
        if entry.content_id in records:
            wanted[key] = tags.of_record(records[entry.content_id], states)
        else:
            unknown.append(key)
    outcome = marking.Outcome()
    if write and library.settings.local:
        click.echo("Zotero asks now whether `scoping` may write: choose `Always Allow`, which is asked for once a push")
    try:
        marking.mark(library, wanted, outcome, write=write)
    finally:
        _say(library.name, outcome, write=write)
    _list(unknown, "Not in the tables yet, run snakemake", lambda key: _title(held.items[key]))
    if outcome.failed:
        raise library.connection.error(f"{_count(outcome.failed)} not written", "see above, and push again")


def _say(name: str, outcome: "Outcome", *, write: bool) -> None:
    for change in outcome.changes:
        signs = [f"+ {word}" for word in change.added] + [f"- {word}" for word in change.removed]
        click.echo(f"{change.key}  {_short(change.title)}  {'  '.join(signs)}")
    done = "changed" if write else "to be changed"
    click.echo(f"{name}: {_count(outcome.changes)} {done}, {len(outcome.unchanged):,} as before")
    _list(outcome.gone, "Not in the library any more, pull again", str)
    _list(sorted(outcome.failed), "Not written", lambda key: outcome.failed[key])
    if not write and outcome.changes:
        click.echo("Nothing was written. With --write it is.")


def _list(keys: Iterable[str], what: str, words: Callable[[str], str], noun: str = "item") -> None:
    """What, how many, and a line for each of the first; nothing where there are none."""
    found = list(keys)
    if found:
        click.echo(f"{what}: {_count(found, noun)}")
    for key in found[:SHOWN]:
        click.echo(f"  {key}  {_short(words(key), 150)}")
    if len(found) > SHOWN:
        click.echo(f"  and {len(found) - SHOWN:,} more")


def _count(found: Collection[object], noun: str = "item") -> str:
    return f"{len(found):,} {noun}{'' if len(found) == 1 else 's'}"


def _title(item: "Item") -> str:
    return _short(str(item["data"].get("title") or "[no title]"))


def _short(text: str, most: int = 70) -> str:
    """A text on one line, without signs that a terminal obeys."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
