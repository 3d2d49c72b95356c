"""A skip for want of data fails where the data are, and only there and only such a skip."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CASES = """
import pytest

def test_reads(shared_data):
    assert shared_data("{name}").read_text() == "here"
"""
OWN_SKIP = """
import pytest

def test_skips_in_its_own_words():
    pytest.skip("no ../shared/data here")
"""
WHOLE_MODULE = """
import pytest

pytest.skip("shared data are not here", allow_module_level=True)
"""
OTHER_SKIP = """
import pytest

def test_skips_for_another_reason():
    pytest.skip("LibreOffice is not installed")
"""


def run(folder: Path, test: str, *, data: bool, required: bool = False, parallel: bool = False) -> tuple[int, str]:
    """Exit code and output of pytest on one test module, in a repository with or without data beside it."""
    tests = folder / "repository" / "tests"
    tests.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("conftest.py"), tests)
    (tests / "test_it.py").write_text(test)
    (folder / "repository" / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    if data:
        (folder / "shared" / "data").mkdir(parents=True)
        (folder / "shared" / "data" / "there.csv").write_text("here")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SCOPING"))}
    environment |= {"SCOPING_REQUIRE_DATA": "1"} if required else {}
    more = ["-n", "1"] if parallel else ["-p", "no:xdist"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-ra", "-p", "no:cacheprovider", *more, "tests"],
        cwd=folder / "repository",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_data_that_are_here_are_read(tmp_path: Path) -> None:
    code, said = run(tmp_path, CASES.format(name="there.csv"), data=True)
    assert (code, "1 passed" in said) == (0, True), said


@pytest.mark.parametrize(("data", "required"), [(True, False), (False, True)])
def test_a_file_that_is_not_there_fails_where_data_are_required(tmp_path: Path, data: bool, required: bool) -> None:
    code, said = run(tmp_path, CASES.format(name="elsewhere.csv"), data=data, required=required)
    assert (code, "1 failed" in said) == (1, True), said


def test_without_data_a_test_skips_and_says_why(tmp_path: Path) -> None:
    code, said = run(tmp_path, CASES.format(name="there.csv"), data=False)
    assert (code, "1 skipped" in said, "../shared/data/there.csv" in said) == (0, True, True), said


@pytest.mark.parametrize("parallel", [False, True])
def test_a_skip_for_want_of_data_fails_where_the_data_are(tmp_path: Path, parallel: bool) -> None:
    code, said = run(tmp_path, OWN_SKIP, data=True, parallel=parallel)
    assert (code, "skips for want of data" in said) == (1, True), said


@pytest.mark.parametrize("parallel", [False, True])
def test_a_module_that_skips_for_want_of_data_fails_where_the_data_are(tmp_path: Path, parallel: bool) -> None:
    code, said = run(tmp_path, WHOLE_MODULE, data=True, parallel=parallel)
    assert code != 0, said
    assert "skips for want of data" in said


@pytest.mark.parametrize("test", [OWN_SKIP, WHOLE_MODULE])
def test_the_same_skips_are_skips_without_the_data(tmp_path: Path, test: str) -> None:
    code, said = run(tmp_path, test, data=False)
    assert (code in (0, 5), "skipped" in said) == (True, True), said  # 5: nothing but a skipped module


def test_a_skip_for_another_reason_is_a_skip(tmp_path: Path) -> None:
    code, said = run(tmp_path, OTHER_SKIP, data=True)
    assert (code, "1 skipped" in said) == (0, True), said
