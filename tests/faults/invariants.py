"""What must hold in the folder of a review at every moment, however the last command ended.

Written against the files, without scoping's own readers of the ledger.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TEMPORARY = ".tmp-"
SHEETS, EVENTS, BLOBS = "data/raw/sheets/", "data/raw/ledger/events/", "data/raw/ledger/blobs/"
RECEIPTS = "data/processed/collected/"
PEOPLES = ("config", "data/raw")
LAST_LINES = {".ris": b"ER  - \r\n", ".bib": b"}\n"}
Tree = dict[str, tuple[str, int, int]]  # path -> SHA-256, mode and date


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def files_below(root: Path, *folders: str) -> Iterator[tuple[str, Path]]:
    """(name, path) of every file, lock files and logs left out."""
    for name in folders:
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and not path.name.endswith(".lock") and "/logs/" not in path.as_posix():
                yield path.relative_to(root).as_posix(), path


def tree(root: Path, *folders: str) -> Tree:
    """Every file with its hash, its mode and its date."""
    found = {}
    for name, path in files_below(root, *(folders or PEOPLES)):
        at = path.stat()
        found[name] = (sha(path.read_bytes()), at.st_mode & 0o777, at.st_mtime_ns)
    return found


def bytes_of(root: Path, *folders: str) -> dict[str, str]:
    """Every file with its hash, temporary ones left out."""
    return {n: sha(p.read_bytes()) for n, p in files_below(root, *folders) if not p.name.startswith(TEMPORARY)}


def ledger(root: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The events, and what is wrong with their chain of hashes."""
    events, wrong, before = [], [], ""
    paths = [p for p in sorted((root / EVENTS).glob("*")) if not p.name.startswith(TEMPORARY)]
    for number, path in enumerate(paths, 1):
        raw = path.read_bytes()
        try:
            event = json.loads(raw)
            seal = event.pop("digest")
        except (ValueError, KeyError):
            wrong.append(f"torn event: {path.name}")
            continue
        plain = json.dumps(event, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        if (path.name, event["previous"], seal) != (f"{number:06d}.json", before, sha(plain)):
            wrong.append(f"broken chain: {path.name}")
        before = sha(raw)
        events.append(event)
    return events, wrong


def versions(events: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """(kind of event, SHA-256) of every version of a sheet that the ledger speaks of."""
    for event in events:
        for sheet in event["sheets"] if event["kind"] == "issued" else ():
            yield "issued", sheet["sha256"]
        if event["kind"] in ("read", "restored"):
            yield event["kind"], event["sha256"]


def answers(events: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, str]]:
    """(sheet, item) -> the answer that was read last."""
    now = {}
    for event in events:
        if event["kind"] == "read":
            now |= {(event["sheet"], item): label for item, label in event["labels"].items()}
    return now


def kept(root: Path, before: Tree) -> list[str]:
    """Nothing that lay in config/ or data/raw/ has gone or changed; nothing is new but blobs, events and sheets."""
    now = tree(root)
    bad = [f"{'changed' if name in now else 'lost'}: {name}" for name, at in before.items() if now.get(name) != at]
    new = (name for name in sorted(now.keys() - before.keys()) if TEMPORARY not in name)
    return bad + [f"foreign file: {name}" for name in new if not name.startswith((SHEETS, EVENTS, BLOBS))]


def whole(root: Path, before: Tree) -> list[str]:
    """The chain holds, blobs are what their names say, events have their blobs, new sheets are whole and known."""
    events, bad = ledger(root)
    blobs, inodes = set(), set()
    for path in (root / BLOBS).glob("*"):
        if not path.name.startswith(TEMPORARY):
            inodes.add(path.stat().st_ino)
            if sha(path.read_bytes()) == path.name:
                blobs.add(path.name)
            else:
                bad.append(f"torn blob: {path.name}")
    said = set(versions(events))
    bad += [f"event without its blob: {kind} {digest}" for kind, digest in sorted(said) if digest not in blobs]
    known = {digest for _, digest in said}
    for name, path in files_below(root, SHEETS):
        if path.name.startswith(TEMPORARY):
            continue
        if name not in before and sha(path.read_bytes()) not in known:
            bad.append(f"sheet that is torn or not issued: {name}")
        if path.stat().st_ino in inodes:
            bad.append(f"sheet that is the blob itself: {name}")
    return bad


def state(root: Path) -> str:
    """A hash of all there is, but for the random part of temporary names."""
    said = [(n.partition(TEMPORARY)[0], p.stat().st_mode, sha(p.read_bytes())) for n, p in files_below(root, ".")]
    return sha(repr(sorted(said)).encode())


def debris(root: Path) -> list[str]:
    """Temporary files that are left."""
    return [f"debris: {path.relative_to(root)}" for path in (root / "data").rglob(f"{TEMPORARY}*")]


def torn_tables(root: Path, known: Mapping[str, set[str]]) -> list[str]:
    """Derived files that have none of the contents they may have."""
    now = bytes_of(root, "data/processed")
    return [f"half-written: {name}" for name, digest in now.items() if digest not in known.get(name, set())]


def unreadable_tables(root: Path) -> list[str]:
    """Derived tables that cannot be parsed, for when nobody knows what they should say."""
    bad = []
    for name, path in files_below(root, "data/processed", "reports"):
        if not path.name.startswith(TEMPORARY) and not _parses(path):
            bad.append(f"half-written: {name}")
    return bad


def _parses(path: Path) -> bool:
    data = path.read_bytes()
    if path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        return data.endswith(b"\n") and len({len(row) for row in rows}) == 1
    if path.suffix == ".json":
        try:
            json.loads(data)
        except ValueError:
            return False
    if path.suffix == ".parquet":
        return len(data) > 12 and data[:4] == data[-4:] == b"PAR1"
    if path.suffix in LAST_LINES:  # reference lists: empty as long as no report is included
        return not data or data.endswith(LAST_LINES[path.suffix])
    return bool(data)


def outcome(root: Path) -> dict[str, object]:
    """What a command has come to: sheets, blobs, tables, every event of issue, and what was read of each sheet in turn.

    Not compared are receipts, the order in which versions of different sheets were read, and the notes `restored` and `missed`:
    what a broken run did not finish, the next one does in its own order, and tells that it laid a sheet out.
    """
    events, _ = ledger(root)
    left_out = ("seq", "previous", "recorded_at", "file")  # of two names of the same bytes either may be told
    said: dict[str, list[object]] = {}
    for event in events:
        if event["kind"] in ("issued", "read"):
            fields = {name: value for name, value in event.items() if name not in left_out}
            said.setdefault(f"event: {event['kind']} {event.get('sheet', '')}", []).append(fields)
    lying = bytes_of(root, SHEETS, BLOBS, "data/processed").items()
    return {**{name: digest for name, digest in lying if not name.startswith(RECEIPTS)}, **said}


def differences(found: Mapping[str, object], want: Mapping[str, object]) -> list[str]:
    """What came out otherwise than without a fault."""
    names = sorted(name for name in found.keys() | want.keys() if found.get(name) != want.get(name))
    return [f"came out otherwise: {name}" for name in names]
