"""A fault at every I/O call of `scoping collect` and `scoping issue`: nothing is lost, and the next run finishes the work.

What is broken, how, and what must hold then stand in injector.py, driver.py and invariants.py. That the invariants would
be seen broken is shown on mutants of the package (mutants.py), each of which writes the ledger or the sheets wrongly.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
MEMORY = Path("/dev/shm")  # thousands of copies of a folder; on a disk they would take three times as long
KINDS = {"crash", "power", "full", "short", "eio", "interrupt"}
SCENARIOS = ("issue-first", "collect", "collect-waiting", "issue-second")

# mutant, scenario, kinds of faults, every how many calls (from the end where negative) -> what must be reported
CONTROLS = {
    ("event_before_blob", "issue-first", "crash", "3"): "event without its blob: issued",
    ("event_before_blob", "collect", "crash", "3"): "event without its blob: read",
    ("plain_write", "issue-first", "full", "2"): "torn blob",
    ("overwrite", "issue-second", "crash", "60"): "changed: data/raw/sheets/title_abstract/ta05_anna.xlsx",
    ("no_comparison", "collect-waiting", "crash", "60"): "came out otherwise: event: read ta02.ben",
    ("receipt_of_the_moment", "collect-waiting", "eio", "1"): "came out otherwise: event: read ta02.ben",
    ("no_second_look", "issue-second", "eio", "1"): "came out otherwise: data/raw/sheets/title_abstract/ta03_anna.xlsx",
    ("no_fsync", "issue-first", "power", "3"): "torn blob",
    ("no_folder_sync", "issue-first", "power", "3"): "event without its blob",
    ("no_sync_of_tables", "collect", "power", "-1"): "receipt, but it came out otherwise",
    ("torn_tables", "collect", "full", "-1"): "half-written: data/processed/title_abstract/decisions.csv",
    ("no_sweep", "collect", "crash", "10"): "debris",
}


def drive(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, HERE / "driver.py", *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def reports():
    """What the driver found in every scenario and for every mutant, two at a time."""
    folder = tempfile.mkdtemp(prefix="scoping-faults-", dir=MEMORY if MEMORY.is_dir() else None)
    try:
        drive(folder)
        tasks = [(scenario,) for scenario in SCENARIOS]
        tasks += [(scenario, mutant, kinds, stride) for mutant, scenario, kinds, stride in CONTROLS]
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda task: json.loads(drive(folder, *task)), tasks))
        yield dict(zip(tasks, found, strict=True))
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_fault_at_any_call_loses_nothing_and_the_next_run_finishes(reports, scenario):
    report = reports[(scenario,)]
    tried = report["tried"]
    print(f"{scenario}: {sum(report['calls'].values())} calls, faults {sum(tried.values())}: {tried}, "
          f"{report['states']} different states of the folder afterwards")  # fmt: skip
    assert set(tried) == KINDS
    assert tried["power"] == sum(report["calls"].values()) > 150
    assert report["calls"].keys() >= {
        "open",
        "create",
        "read",
        "write",
        "fsync",
        "link",
        "replace",
        "unlink",
        "scandir",
    }
    assert report["violations"] == {}


@pytest.mark.parametrize("control", CONTROLS, ids="-".join)
def test_control_a_wrong_way_to_write_is_found_out(reports, control):
    mutant, scenario, kinds, stride = control
    said = [what for found in reports[scenario, mutant, kinds, stride]["violations"].values() for what in found]
    assert any(CONTROLS[control] in what for what in said), said
