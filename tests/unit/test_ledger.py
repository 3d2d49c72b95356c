"""The ledger: a chain in which every change shows, blobs that stay, and locks that a killed process cannot keep."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoping import files, ledger
from scoping.errors import ScopingError
from scoping.ledger import Ledger, read_events


@pytest.fixture
def root(tmp_path):
    """A ledger of four events."""
    book = Ledger(tmp_path)
    for number in range(4):
        book.append("read", sheet=f"ta0{number}.anna", labels={"X": {"decision": "include"}})
    return tmp_path


def event_file(root: Path, number: int) -> Path:
    return root / "events" / f"{number:06d}.json"


def write(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def broken(root: Path) -> str:
    with pytest.raises(ScopingError, match="the ledger is broken here") as caught:
        read_events(root)
    assert "put back data/raw/ledger from a backup" in str(caught.value)
    return Path(str(caught.value.path)).name


def test_no_ledger_yet(tmp_path):
    assert read_events(tmp_path / "nowhere") == []
    assert not (tmp_path / "nowhere").exists()


def test_events_come_back_in_order_as_they_were_said(root):
    events = read_events(root)
    assert [event["sheet"] for event in events] == ["ta00.anna", "ta01.anna", "ta02.anna", "ta03.anna"]
    assert [event["seq"] for event in events] == [1, 2, 3, 4]
    assert events[0]["previous"] == ""
    assert [event["previous"] for event in events[1:]] == [
        files.sha256(event_file(root, number).read_bytes()) for number in (1, 2, 3)
    ]
    assert all(time.strptime(event["recorded_at"], "%Y-%m-%dT%H:%M:%SZ") for event in events)


def test_what_append_returns_and_remembers_is_what_is_read(root):
    book = Ledger(root)
    event = book.append("issued", stage="coding", items=["é", "\n"], covers={"b": [], "a": []})
    assert event == book.events[-1]
    assert book.events == read_events(root)
    assert len(book.events) == 5


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.dictionaries(
            st.sampled_from(["stage", "labels", "x"]),
            st.recursive(st.text() | st.integers() | st.booleans() | st.none(), lambda s: st.lists(s, max_size=2)),
            max_size=3,
        ),
        max_size=4,
    )
)
def test_append_and_read_agree_for_whatever_is_said(tmp_path_factory, said):
    root = tmp_path_factory.mktemp("ledger")
    book = Ledger(root)
    for fields in said:
        book.append("read", **fields)
    assert read_events(root) == book.events == Ledger(root).events


def test_an_event_is_one_line_of_sorted_json_that_nobody_may_write_to(root):
    raw = event_file(root, 1).read_bytes()
    assert raw == ledger.canonical(json.loads(raw))
    assert b"\n" not in raw
    assert event_file(root, 1).stat().st_mode & 0o222 == 0


CHANGES = {
    "a label": lambda raw: raw.replace(b"include", b"exclude"),
    "one byte": lambda raw: raw.replace(b"anna", b"anns"),
    "the time": lambda raw: raw.replace(b'"recorded_at":"20', b'"recorded_at":"19'),
    "a blank more": lambda raw: raw.replace(b":", b": ", 1),
    "a line end": lambda raw: raw + b"\n",
    "cut off": lambda raw: raw[: len(raw) // 2],
    "empty": lambda raw: b"",
    "other JSON": lambda raw: b"[]",
    "a number": lambda raw: b"1",
    "no UTF-8": lambda raw: b"\xff\xfe",
}


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_event_is_an_error_that_names_a_file(root, number, what):
    path = event_file(root, number)
    raw = path.read_bytes()
    changed = CHANGES[what](raw)
    assert changed != raw
    write(path, changed)
    assert broken(root) == path.name


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, 4), place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_bit_that_flips_is_found(root, number, place, bit):
    path = event_file(root, number)
    raw = bytearray(path.read_bytes())
    whole = bytes(raw)
    raw[place % len(raw)] ^= 1 << bit
    write(path, bytes(raw))
    assert broken(root) == path.name
    write(path, whole)
    assert len(read_events(root)) == 4


class Anything:
    """Equal to whatever it is compared with."""

    __hash__ = None

    def __eq__(self, other):
        return True


def test_without_the_seal_a_change_of_the_last_event_would_pass(root, monkeypatch):
    """Control: the chain alone says nothing about its end."""
    path = event_file(root, 4)
    write(path, path.read_bytes().replace(b"include", b"exclude"))
    assert broken(root) == path.name
    monkeypatch.setattr(ledger, "_sealed", lambda _: Anything())
    assert read_events(root)[-1]["labels"] == {"X": {"decision": "exclude"}}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_event_is_an_error_that_names_the_next(root, number):
    event_file(root, number).unlink()
    assert broken(root) == f"{number + 1:06d}.json"


RENAMES = [
    (2, "000007.json", "000003.json"),
    (4, "000007.json", "000007.json"),
    (4, "4.json", "4.json"),
    (4, "000004 (1).json", "000004 (1).json"),
    (1, "000000.json", "000000.json"),
]


@pytest.mark.parametrize(("number", "name", "named"), RENAMES)
def test_a_renamed_event_is_an_error(root, number, name, named):
    event_file(root, number).rename(root / "events" / name)
    assert broken(root) == named


def test_a_copy_that_a_cloud_drive_made_is_an_error(root):
    (root / "events" / "000002 (anna's conflicted copy).json").write_bytes(event_file(root, 2).read_bytes())
    assert "conflicted copy" in broken(root)


def test_two_events_that_changed_places(root):
    one, two = (event_file(root, n).read_bytes() for n in (2, 3))
    write(event_file(root, 2), two)
    write(event_file(root, 3), one)
    assert broken(root) == "000002.json"


def test_a_fork_of_two_computers_is_an_error(root, tmp_path_factory):
    """The same beginning, then each its own third event: they do not fit together."""
    other = tmp_path_factory.mktemp("other")
    book = Ledger(other)
    for _ in range(4):
        book.append("read", sheet="ta09.ben", labels={})
    write(event_file(root, 3), event_file(other, 3).read_bytes())
    assert broken(root) == "000003.json"


@pytest.mark.parametrize("name", ["digest", "seq", "previous", "recorded_at"])
def test_no_field_of_an_event_takes_the_place_of_what_the_chain_says(root, name):
    book = Ledger(root)
    before = len(book.events)
    with pytest.raises(ValueError, match=name):
        book.append("read", **{name: "mine"})
    assert len(read_events(root)) == before


def test_append_never_takes_the_place_of_another(root):
    first, second = Ledger(root), Ledger(root)
    first.append("read", sheet="mine")
    with pytest.raises(ScopingError, match="written by someone else meanwhile; run again"):
        second.append("read", sheet="theirs")
    assert read_events(root)[-1]["sheet"] == "mine"
    assert len(second.events) == 4


def test_keep_is_idempotent_and_never_writes_twice(tmp_path):
    book = Ledger(tmp_path)
    digest = book.keep(b"a sheet")
    before = (tmp_path / "blobs" / digest).stat()
    assert book.keep(b"a sheet") == digest == files.sha256(b"a sheet")
    after = (tmp_path / "blobs" / digest).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert book.blob(digest) == b"a sheet"
    assert [path.name for path in (tmp_path / "blobs").iterdir()] == [digest]


def test_a_blob_that_is_gone_or_damaged_is_an_error(tmp_path):
    book = Ledger(tmp_path)
    digest = book.keep(b"a sheet")
    write(tmp_path / "blobs" / digest, b"a sheat")
    with pytest.raises(ScopingError, match=f"{digest}: these bytes of a sheet are damaged; put the file back"):
        book.blob(digest)
    (tmp_path / "blobs" / digest).unlink()
    with pytest.raises(ScopingError, match=f"{digest}: these bytes of a sheet are gone; put the file back"):
        book.blob(digest)


CRASH = """
import os, sys
from pathlib import Path
from scoping import ledger
root = Path(sys.argv[1])
with ledger.locked(root) as book:
    os.link = lambda *a, **k: os._exit(9)
    {act}
"""


@pytest.mark.parametrize("act", ["book.append('read', sheet='x')", "book.keep(b'a sheet')"])
def test_a_crash_before_a_file_has_its_name_leaves_the_ledger_as_it_was(root, act):
    done = subprocess.run([sys.executable, "-c", CRASH.format(act=act), str(root)], check=False)
    assert done.returncode == 9
    assert len(read_events(root)) == 4
    assert list(root.rglob(f"{files.TEMPORARY}*")), "the debris is there"
    with ledger.locked(root) as book:
        assert not list(root.rglob(f"{files.TEMPORARY}*")), "the next writer sweeps it"
        book.append("read", sheet="x")
    assert len(read_events(root)) == 5


def test_canonical_is_one_text_for_equal_values():
    assert (
        ledger.canonical({"b": 1, "a": ["é"]}) == ledger.canonical({"a": ["é"], "b": 1}) == '{"a":["é"],"b":1}'.encode()
    )


# --- locks -----------------------------------------------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from scoping import ledger
from scoping.errors import ScopingError
try:
    held = {what}
except ScopingError as error:
    sys.exit(str(error))
print("held", flush=True)
time.sleep(60)
"""


class Holder:
    """Another process that holds a lock until it is ended."""

    def __init__(self, what: str, root: Path) -> None:
        code = HOLD.format(what=what.format(root=f"Path({str(root)!r})"))
        self.process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout
        assert self.process.stdout.readline() == b"held\n"

    def end(self, how: int = signal.SIGKILL) -> None:
        self.process.send_signal(how)
        self.process.communicate()


@pytest.fixture
def hold(tmp_path):
    holders = []

    def start(what: str) -> Holder:
        holders.append(Holder(what, tmp_path))
        return holders[-1]

    yield start
    for holder in holders:
        if holder.process.poll() is None:
            holder.end()


def test_a_second_run_is_refused_and_kill_9_frees_the_first(tmp_path, hold):
    other = hold("ledger.only_run({root})")
    with pytest.raises(ScopingError, match="another run of this review is going on; wait until it has finished"):
        ledger.only_run(tmp_path)
    other.end(signal.SIGKILL)
    ledger.only_run(tmp_path).close()


def test_a_second_run_is_refused_in_the_other_process_too(tmp_path):
    with ledger.only_run(tmp_path):
        code = HOLD.format(what=f"ledger.only_run(Path({str(tmp_path)!r}))")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "another run of this review is going on" in done.stderr
        assert "Traceback" not in done.stderr


def test_runs_of_two_reviews_do_not_meet(tmp_path, hold):
    hold("ledger.only_run({root})")
    ledger.only_run(tmp_path / "another review").close()


def waits(act, other: Holder, seconds: float = 0.3) -> bool:
    """Whether an act ends only after the other process has; `seconds` is how long it may take on its own."""
    done = threading.Event()
    thread = threading.Thread(target=lambda: (act(), done.set()))
    thread.start()
    early = done.wait(seconds)
    other.end()
    thread.join(10)
    assert done.is_set()
    return not early


def test_a_run_waits_for_the_jobs_of_a_killed_one_and_then_sweeps(tmp_path, hold):
    other = hold("ledger.job_lock({root})")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f"{files.TEMPORARY}x").touch()
    (tmp_path / "out" / "table.csv").touch()
    assert waits(lambda: ledger.only_run(tmp_path, tmp_path / "out").close(), other)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["table.csv"]


def test_jobs_work_side_by_side(tmp_path, hold):
    other = hold("ledger.job_lock({root})")
    assert not waits(lambda: ledger.job_lock(tmp_path).close(), other, 20)


def test_jobs_work_while_their_run_goes_on(tmp_path, hold):
    other = hold("ledger.only_run({root})")
    assert not waits(lambda: ledger.job_lock(tmp_path).close(), other, 20)


def test_one_writer_at_a_time(tmp_path, hold):
    other = hold("(manager := ledger.locked({root})).__enter__()")

    def write_one() -> None:
        with ledger.locked(tmp_path) as book:
            book.append("read", sheet="x")

    assert waits(write_one, other)
    assert len(read_events(tmp_path)) == 1


def test_readers_need_no_lock(root, hold):
    hold("(manager := ledger.locked({root})).__enter__()")
    assert len(read_events(root)) == 4


WRITER = """
import sys
from pathlib import Path
from scoping import ledger
for number in range(10):
    with ledger.locked(Path(sys.argv[1])) as book:
        book.append("read", sheet=f"{sys.argv[2]}{number}")
"""


def test_writers_at_the_same_time_lose_nothing(tmp_path):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    events = read_events(tmp_path)
    assert sorted(event["sheet"] for event in events) == sorted(f"{name}{n}" for name in "abc" for n in range(10))


def test_without_the_lock_writers_get_in_each_others_way(tmp_path, monkeypatch):
    """Control: two that hold the ledger at once."""
    monkeypatch.setattr(ledger.fcntl, "flock", lambda *_: None)
    with ledger.locked(tmp_path) as one, ledger.locked(tmp_path) as two:
        one.append("read", sheet="a")
        with pytest.raises(ScopingError, match="meanwhile"):
            two.append("read", sheet="b")


def test_a_child_does_not_inherit_the_lock_of_the_run(tmp_path):
    """A job that outlives a killed run must not keep the next run out."""
    code = (
        "import subprocess, sys; from pathlib import Path; from scoping import ledger\n"
        f"held = ledger.only_run(Path({str(tmp_path)!r}))\n"
        "child = subprocess.Popen(['sleep', '30'])\n"
        "print(child.pid, flush=True)\n"
    )
    done = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert done.stdout
    child = int(done.stdout.readline())
    try:
        done.wait(10)
        ledger.only_run(tmp_path).close()
        os.kill(child, 0)  # it is still there
    finally:
        os.kill(child, signal.SIGKILL)
        done.stdout.close()
