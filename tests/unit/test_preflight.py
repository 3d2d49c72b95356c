"""What is said before a run."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scoping import preflight
from scoping.errors import ScopingError


@pytest.fixture
def review(tmp_path: Path) -> Path:
    for name in ("data/raw/exports/a b.ris", "data/raw/fulltext/x.pdf", "config/review.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def test_a_plain_folder_passes(review: Path) -> None:
    preflight.check(review, overrides={})


@pytest.mark.parametrize("name", ["data/raw/exports/a b.ris", "data/raw/fulltext/x.pdf", "config/review.yaml"])
def test_a_date_in_the_future_is_named(review: Path, name: str) -> None:
    os.utime(review / name, (time.time() + 9e6,) * 2)
    with pytest.raises(ScopingError, match="lies in the future") as caught:
        preflight.check(review, overrides={})
    assert str(caught.value).startswith(f"{name}: ")
    os.utime(review / name, (time.time() + 30,) * 2)  # clocks differ a little
    preflight.check(review, overrides={})


def test_settings_of_the_command_line_are_refused(review: Path) -> None:
    with pytest.raises(
        ScopingError, match=r"--config seed is not used here; write the setting into config/review.yaml"
    ):
        preflight.check(review, overrides={"seed": 3})


def test_peoples_files_are_named_with_their_hash(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = preflight.peoples_files(review)
    assert '"data/raw/exports/a b.ris":"2d711642' in before
    (review / "data/raw/exports/a b.ris").write_text("y")
    preflight.content.cache_clear()
    assert preflight.peoples_files(review) != before


def test_lost_memory_is_said_once_there_is_something_to_lose(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    preflight.warn_if_memory_lost(review)
    assert not capsys.readouterr().err
    (review / "data/processed").mkdir()
    (review / "data/processed/records.parquet").touch()
    preflight.warn_if_memory_lost(review)
    assert "-F" in capsys.readouterr().err
    (review / ".snakemake/metadata").mkdir(parents=True)
    (review / ".snakemake/metadata/a").touch()
    preflight.warn_if_memory_lost(review)
    assert not capsys.readouterr().err


def test_own_programs_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    preflight.own_programs_first()
    assert os.environ["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


def test_a_name_with_braces_is_refused(review: Path) -> None:
    (review / "data/raw/exports/a{b}.ris").touch()
    with pytest.raises(ScopingError, match=r"a\{b\}\.ris: the name of this file has braces.*; rename it"):
        preflight.check(review, overrides={})


def test_lock_files_and_sheets_are_not_looked_at(review: Path) -> None:
    for name in ("data/raw/exports/~$a.ris", "data/raw/sheets/full_text/{x}.xlsx", "data/raw/exports/.hidden{}"):
        (review / name).parent.mkdir(parents=True, exist_ok=True)
        (review / name).touch()
        os.utime(review / name, (time.time() + 9e6,) * 2)
    preflight.check(review, overrides={})
    assert "xlsx" not in preflight.peoples_files(review)


def test_the_advice_about_a_date_can_be_run_as_it_stands(review: Path) -> None:
    path = review / "data/raw/exports/a b.ris"
    os.utime(path, (time.time() + 9e6,) * 2)
    with pytest.raises(ScopingError) as caught:
        preflight.check(review, overrides={})
    command = str(caught.value).rpartition("run `")[2].rstrip("`")
    subprocess.run(command, shell=True, cwd=review, check=True)
    preflight.check(review, overrides={})


def test_all_settings_of_the_command_line_are_named(review: Path) -> None:
    with pytest.raises(ScopingError, match="--config seed title is not used here"):
        preflight.check(review, overrides={"seed": 3, "title": "x"})


def test_peoples_files_are_one_text_and_read_once(review: Path) -> None:
    text = preflight.peoples_files(review)
    assert list(json.loads(text)["inputs"]) == sorted(json.loads(text)["inputs"])
    assert len(json.loads(text)["inputs"]) == 3
    (review / "config/review.yaml").write_text("another")
    assert preflight.peoples_files(review) == text, "as this run began"


def test_a_file_that_cannot_be_read_is_named(review: Path) -> None:
    with pytest.raises(ScopingError, match=r"exports: cannot be read \(.+\); close it elsewhere and run again"):
        preflight.content(review / "data/raw/exports")
