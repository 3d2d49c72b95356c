"""The append-only ledger: exact bytes of what was issued and read (blobs), and what happened (events).

Order is always blob, then event, then what follows from the event. Every file appears whole or not at all, and no file
ever changes. Readers need no lock (files appear by link); writers hold `locked`.
"""

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from scoping import files
from scoping.errors import ScopingError

Event = dict[str, Any]
_OF_THE_CHAIN = frozenset({"seq", "previous", "recorded_at", "digest"})
RESTORE = "put back data/raw/ledger from a backup; if two computers have written it, keep the one that went on"


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no blanks: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _sealed(event: Event) -> bytes:
    """An event as it is stored: with the SHA-256 of all else in it, since nothing follows the last one in the chain."""
    return canonical({**event, "digest": files.sha256(canonical(event))})


def read_events(root: Path) -> list[Event]:
    """All events in order. A gap or a changed file breaks the hash chain and is an error that names the file."""
    events: list[Event] = []
    previous = ""
    for number, path in enumerate(sorted((root / "events").glob("[0-9]*.json")), 1):
        raw = path.read_bytes()
        try:
            event = json.loads(raw)
            del event["digest"]
            intact = path.name == f"{number:06d}.json" and event["previous"] == previous and raw == _sealed(event)
        except (ValueError, KeyError, TypeError):
            intact = False
        if not intact:
            raise ScopingError(f"the ledger is broken here (event {number})", path=path, do=RESTORE)
        previous = files.sha256(raw)
        events.append(event)
    return events


class Ledger:
    """An opened ledger: `events` as they stand, `keep` a blob, `append` an event. Held under `locked`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.events = read_events(root)

    def keep(self, data: bytes) -> str:
        """Store some bytes under their SHA-256, which is returned."""
        digest = files.sha256(data)
        files.create_once(self.root / "blobs" / digest, data)
        return digest

    def blob(self, digest: str) -> bytes:
        """The bytes with this SHA-256; an error where they are gone or damaged."""
        path = self.root / "blobs" / digest
        if not path.exists():
            raise ScopingError("these bytes of a sheet are gone", path=path, do="put the file back from a backup")
        data = path.read_bytes()
        if files.sha256(data) != digest:
            raise ScopingError("these bytes of a sheet are damaged", path=path, do="put the file back from a backup")
        return data

    def append(self, kind: str, **fields: Any) -> Event:
        """Add an event to the chain. `recorded_at` (UTC) is the project's only clock; of derived files only
        the progress page reads it. ValueError where a field has the name of what the chain itself writes.
        """
        if taken := _OF_THE_CHAIN & fields.keys():
            raise ValueError(f"an event has {', '.join(sorted(taken))} of its own: name the field otherwise")
        last = self.root / "events" / f"{len(self.events):06d}.json"
        previous = files.sha256(last.read_bytes()) if self.events else ""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        number = len(self.events) + 1
        event: Event = {"kind": kind, "seq": number, "previous": previous, "recorded_at": now, **fields}
        path = self.root / "events" / f"{number:06d}.json"
        if not files.create_once(path, _sealed(event)):
            raise ScopingError("was written by someone else meanwhile", path=path, do="run again")
        self.events.append(event)
        return event


def receipt(key: str, events: Sequence[Event]) -> str:
    """What a receipt says: the key of what was read, how many times the ledger then had taken answers, and the last ones."""
    return f"{key} {_last(_taken(events))}\n"


def check_receipt(path: Path, events: Sequence[Event]) -> None:
    """Remove a receipt if the ledger has lost the answers that it names: what lies there is read again.

    The key cannot tell: before a sheet or a label was taken and after that was lost, the ledger says the same.
    """
    with suppress(FileNotFoundError):
        told = path.read_text(encoding="utf-8").split()  # one word in what an earlier version wrote
        known = len(told) > 1 and told[1].isdecimal()
        if not known or _last(_taken(events)[: int(told[1])]).split() != told[1:]:
            path.unlink()


def _taken(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event["kind"] in ("read", "imported")]


def _last(events: Sequence[Event]) -> str:
    """Number and content of the last event, without when and after which it was written: that differs from run to run."""
    told = {name: value for event in events[-1:] for name, value in event.items() if name not in _OF_THE_CHAIN}
    return f"{len(events)} {files.sha256(canonical(told))}"


@contextmanager
def locked(root: Path) -> Iterator[Ledger]:
    """One writer at a time, also when a person starts a command by hand during a run."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".write.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        files.sweep(root)
        yield Ledger(root)


def only_run(root: Path, *derived: Path) -> IO[str]:
    """For the Snakefile: be the only run, wait for jobs that a killed run left behind, sweep up after them.

    Keep the returned handle. The kernel drops every lock when its process ends, however it ends.
    """
    root.mkdir(parents=True, exist_ok=True)
    handle = (root / ".run.lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise ScopingError("another run of this review is going on", do="wait until it has finished") from None
    with (root / ".jobs.lock").open("a") as jobs:
        fcntl.flock(jobs, fcntl.LOCK_EX)
        for folder in derived:
            files.sweep(folder)
    return handle


def job_lock(root: Path) -> IO[str]:
    """For every command: held while it works, so that the next run can wait for a job whose run was killed."""
    root.mkdir(parents=True, exist_ok=True)
    handle = (root / ".jobs.lock").open("a")
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle
