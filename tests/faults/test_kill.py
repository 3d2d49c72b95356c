"""`kill -9` of a whole run of Snakemake at random moments of a whole review, with hostile acts between: nothing is lost.

The same review is played without kills before; how long its runs take is what the moments are drawn from, and what it
comes to is what the killed one must come to. After every step the invariants of invariants.py must hold.
"""

import importlib.util
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest


def _module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_here = Path(__file__).resolve().parent
invariants = _module(_here / "invariants.py")
review_folder = _module(_here.with_name("workflow") / "review_folder.py")
Review = review_folder.Review

TA, START = "title_abstract", 1.0
KILLS, SEED = 2, 20260122  # kills of each run; the review takes seven
REFUSAL = "another run of this review is going on; wait until it has finished"

pytestmark = pytest.mark.slow


def new(root):
    """The small review with the flow diagram, but without what takes longest to draw."""
    review = Review.create(root, open_batches=4)
    review.leave_out_reports(keep=("flow", "agree"))
    return review


def play(root):
    """The review without kills, and how long each run took."""
    review, durations = new(root), []
    for _ in range(20):
        began = time.monotonic()
        review.works()
        durations.append(time.monotonic() - began)
        if not review.label_everything():
            return review, durations
    raise AssertionError("the review does not end")


class Killed:
    """A review whose runs are killed, and what was seen to be wrong after each step."""

    def __init__(self, review):
        self.review, self.bad, self.tally = review, [], Counter()
        self.said = review.root.with_name(f"{review.root.name}.log")

    def watch(self, what, act, *arguments):
        """Do something, then see that everything of people and of the ledger is still there and whole."""
        before = invariants.tree(self.review.root)
        result = act(*arguments)
        for path in result if isinstance(result, set) else ():  # what a person has changed meanwhile
            before[path] = invariants.tree(self.review.root)[path]
        found = invariants.kept(self.review.root, before) + invariants.whole(self.review.root, before)
        found += invariants.unreadable_tables(self.review.root)
        self.bad += [f"{what}: {problem}" for problem in found]
        self.tally[what] += 1
        return result

    def start(self, *args):
        command = [review_folder.SNAKEMAKE, "--cores", "2", *args]
        with self.said.open("w") as said:
            return subprocess.Popen(
                command, cwd=self.review.root, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
            )

    def killed(self, after, *args):
        """Kill a run with all its jobs after so many seconds; False if it was faster."""
        process = self.start(*args)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        if process.wait() > 0:
            self.bad.append(f"failed by itself: {self.said.read_text()}")
        return process.returncode == -signal.SIGKILL

    def works(self):
        """The plain command finishes what was killed, and leaves no debris."""
        run = self.review.run()
        if run.code:
            self.bad.append(f"does not go on: {run}")
        self.bad += invariants.debris(self.review.root)

    # --- hostile acts ------------------------------------------------------------------------------------------------

    def delete_all_output(self):
        self.review.run("--delete-all-output")

    def lose_memory(self):
        shutil.rmtree(self.review.root / ".snakemake", ignore_errors=True)

    def lose_results(self):
        for name in review_folder.MACHINES:
            shutil.rmtree(self.review.root / name, ignore_errors=True)

    def two_at_once(self):
        with ThreadPoolExecutor(2) as pool:
            runs = sorted(pool.map(lambda _: self.review.run(cores=1), range(2)), key=lambda run: run.code)
        if [run.code for run in runs] != [0, 1] or runs[1].complaint != [REFUSAL]:
            self.bad.append(f"two at once: {runs}")

    def a_sheet(self):
        """A sheet that nobody has touched yet, if there is one."""
        events = review_folder.ledger.read_events(self.review.raw / "ledger")
        fresh = review_folder.folder.pristine(events)
        paths = [p for p in sorted((self.review.raw / "sheets").rglob("*.xlsx")) if review_folder.digest(p) in fresh]
        return paths[0] if paths else None

    def edit_while_running(self):
        """A person answers one row of a sheet during a run, which is killed later."""
        sheet, process = self.a_sheet(), self.start("-F")
        time.sleep(3)
        if sheet:
            self.review.label(sheet.parent.name, sheet.name, rows=[0])
            wrote = review_folder.digest(sheet)
        time.sleep(2)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not sheet:
            return set()
        if review_folder.digest(sheet) != wrote:
            self.bad.append(f"what was typed during a run is gone: {sheet.name}")
        return {sheet.relative_to(self.review.root).as_posix()}

    def delete_a_sheet(self):
        """An untouched sheet is deleted, and must come back as it was."""
        if sheet := self.a_sheet():
            data = sheet.read_bytes()
            sheet.unlink()
            self.review.run()
            if not sheet.exists() or sheet.read_bytes() != data:
                self.bad.append(f"was not laid out again: {sheet.name}")
            return {sheet.relative_to(self.review.root).as_posix()}
        return set()

    def rename_a_sheet(self):
        """A sheet has another name during a run that is killed."""
        if sheet := self.a_sheet():
            sheet.rename(sheet.with_name("a sheet; renamed.xlsx"))
            self.killed(6)
            sheet.with_name("a sheet; renamed.xlsx").rename(sheet)
        return set()


ACTS = (
    Killed.delete_all_output, Killed.two_at_once, Killed.lose_memory, Killed.edit_while_running, Killed.lose_results,
    Killed.delete_a_sheet, Killed.rename_a_sheet,
)  # fmt: skip


def play_with_kills(root, durations):
    """The same review: in each round kills and hostile acts, then one whole run, then people label."""
    killed, rng = Killed(new(root)), random.Random(SEED)
    acts = [act for _ in range(2) for act in rng.sample(ACTS, len(ACTS))]
    for seconds in durations:
        for turn in range(KILLS):
            moment = rng.uniform(START, seconds)
            forced = ["-F"] if turn else []
            while not killed.watch("kill", killed.killed, moment, *forced):
                killed.tally.update({"kill": -1, "was faster": 1})  # there is nothing left to do but by force
                moment, forced = moment / 2, ["-F"]
            if turn and acts:
                act = acts.pop()
                killed.watch(act.__name__, act, killed)
        killed.watch("whole run", killed.works)
        if not killed.review.label_everything():
            return killed
    raise AssertionError("the review does not end")


def final(review):
    """Everything derived but receipts: decisions, states, cells, the diagram and the ids behind its numbers."""
    return {name: value for name, value in review.results().items() if "/collected/" not in name}


def test_a_review_that_is_killed_again_and_again_comes_to_the_same(tmp_path):
    reference, durations = play(tmp_path / "never killed")
    killed = play_with_kills(tmp_path / "killed", durations)
    print(dict(killed.tally), f"violations: {len(killed.bad)}")
    assert killed.bad == []
    assert killed.tally["kill"] >= 13, killed.tally
    assert {act.__name__ for act in ACTS} <= killed.tally.keys()
    found, want = final(killed.review), final(reference)
    assert {"reports/prisma_ids.csv", f"data/processed/{TA}/states.csv"} <= want.keys()
    assert found == want
    killed.review.rests()
    sheets = "data/raw/sheets"
    assert invariants.bytes_of(killed.review.root, sheets).keys() == invariants.bytes_of(reference.root, sheets).keys()


def test_control_a_sheet_that_a_rule_writes_is_reported_lost(tmp_path):
    review = review_folder.first_run(tmp_path).copy(tmp_path / "review")
    review.leave_out_reports()
    sheet = f"data/raw/sheets/{TA}/ta01_anna.xlsx"
    output = f'        pilots=f"{{OUT}}/{TA}/pilots.csv",\n'
    review.mutilate(f"workflow/rules/{TA}.smk", (output, f'{output}        sheet="{sheet}",\n'))
    killed = Killed(review)
    review.label(TA, "ta01_anna.xlsx", rows=range(5))
    killed.watch("forced run", killed.killed, 60, "-F", sheet)
    assert f"forced run: changed: {sheet}" in killed.bad or f"forced run: lost: {sheet}" in killed.bad, killed.bad
