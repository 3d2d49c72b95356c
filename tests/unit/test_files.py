"""Files appear whole or not at all, and nothing is ever overwritten by `create_once`."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scoping import exports, files, folder


def everything(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_sha256():
    assert files.sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("data", [b"", b"one", b"x" * 3_000_000])
@pytest.mark.parametrize("mode", [0o444, 0o644])
def test_create_once_writes_the_bytes_with_their_mode(tmp_path, data, mode):
    path = tmp_path / "new" / "folder" / "file"
    assert files.create_once(path, data, mode) is True
    assert everything(tmp_path) == {"new/folder/file": data}
    assert path.stat().st_mode & 0o777 == mode


def test_create_once_never_overwrites(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"a person's work")
    before = path.stat()
    assert files.create_once(path, b"ours") is False
    assert everything(tmp_path) == {"file": b"a person's work"}
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_create_once_does_not_overwrite_what_appears_at_the_last_moment(tmp_path, monkeypatch):
    """The look before is only a short cut: the link itself refuses."""
    path, link = tmp_path / "file", os.link

    def late(source, target, **more):
        Path(target).write_bytes(b"a person's work")
        return link(source, target, **more)

    monkeypatch.setattr(os, "link", late)
    assert files.create_once(path, b"ours") is False
    assert everything(tmp_path) == {"file": b"a person's work"}


def test_a_rename_in_place_of_the_link_would_overwrite(tmp_path, monkeypatch):
    """Control of the test above."""
    path = tmp_path / "file"

    def late(source, target, **_):
        Path(target).write_bytes(b"a person's work")
        Path(source).rename(target)
        Path(source).write_bytes(b"")

    monkeypatch.setattr(os, "link", late)
    files.create_once(path, b"ours")
    assert path.read_bytes() == b"ours"


def test_create_once_does_not_follow_a_link_to_nowhere(tmp_path):
    (tmp_path / "file").symlink_to(tmp_path / "elsewhere")
    assert files.create_once(tmp_path / "file", b"ours") is False
    assert not (tmp_path / "elsewhere").exists()


CRASH = """
import os, sys
from pathlib import Path
from scoping import files
setattr(os, sys.argv[1], lambda *a, **k: os._exit(9))
getattr(files, sys.argv[2])(Path(sys.argv[3]), b"whole")
"""


@pytest.mark.parametrize(
    ("call", "function"), [("link", "create_once"), ("fsync", "create_once"), ("fsync", "replace")]
)
def test_a_crash_before_the_end_leaves_nothing_that_anybody_sees(tmp_path, call, function):
    target = tmp_path / "data" / "sheet.xlsx"
    done = subprocess.run([sys.executable, "-c", CRASH, call, function, str(target)], check=False)
    assert done.returncode == 9
    assert not target.exists()
    assert len(everything(tmp_path)) == 1, "the debris is there"
    assert folder.hashes(tmp_path) == {}
    assert exports.names(tmp_path) == []
    files.sweep(tmp_path)
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("call", ["write", "fsync", "link", "fchmod"])
def test_a_full_disk_leaves_no_file_and_no_debris(tmp_path, monkeypatch, call):
    def full(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space"):
        files.create_once(tmp_path / "file", b"ours")
    assert everything(tmp_path) == {}


def test_a_write_that_takes_only_a_part_is_continued(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:3])))
    files.create_once(tmp_path / "file", b"ten bytes.")
    assert (tmp_path / "file").read_bytes() == b"ten bytes."


def test_the_bytes_are_on_disk_before_the_name_is(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "link"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, _n=name, _r=real, **k: (calls.append(_n), _r(*a, **k))[1])
    files.create_once(tmp_path / "file", b"ours")
    assert calls == ["fsync", "link", "fsync"], "the bytes, the name, the folder"


def test_replace_takes_the_place_of_what_was_there(tmp_path):
    path = tmp_path / "new" / "file"
    files.replace(path, b"one")
    files.replace(path, b"two")
    assert everything(tmp_path) == {"new/file": b"two"}
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_failed_replace_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "file"
    files.replace(path, b"one")

    def fails(*_):
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="input/output"):
        files.replace(path, b"two")
    assert everything(tmp_path) == {"file": b"one"}


def test_sweep_removes_debris_at_any_depth_and_nothing_else(tmp_path):
    for name in ("a/.tmp-1", ".tmp-2", "a/b/c/.tmp-x", "a/tmp-1", "a/.tmp", "file.tmp-", ".hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    files.sweep(tmp_path)
    assert set(everything(tmp_path)) == {"a/tmp-1", "a/.tmp", "file.tmp-", ".hidden"}


def test_sweep_of_a_folder_that_is_not_there():
    files.sweep(Path("/nowhere/at/all"))
