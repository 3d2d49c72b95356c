"""A review to break things in: the small review folder, and the commands of its workflow, each run in a forked process.

The commands are those that a dry run of Snakemake prints, so that what is tried is what the workflow really calls. The
clock of the ledger stands still. What takes long and depends on nothing but what it is given is done once and
remembered: what a reader process says of some bytes (that it is started counts as a call), and the bytes of a sheet.
"""

import hashlib
import importlib
import importlib.util
import os
import pickle
import pkgutil
import shlex
import shutil
import subprocess
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import injector

import scoping
from scoping import cli, folder, ledger
from scoping.errors import ScopingError
from scoping.workbook import write as workbook

TA = "title_abstract"
REFUSED, FAILED, STOPPED = 1, 2, 3  # how a command ended: one sentence, a traceback, Ctrl-C
Command = list[str]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


review_folder = _module(Path(__file__).resolve().parents[1] / "workflow" / "review_folder.py")


class _Clock:
    """A clock that stands still."""

    @staticmethod
    def now(_: object) -> datetime:
        return datetime(2026, 2, 3, 4, 5, 6)  # noqa: DTZ001


def prepare(memory: Path) -> None:
    """Load what the commands load, stop the clock, remember in a folder what reader processes say and sheets written."""
    memory.mkdir(parents=True, exist_ok=True)
    written = workbook.write
    workbook.write = lambda sheet: _remember(memory, repr(sheet).encode(), lambda: written(sheet))  # type: ignore[assignment]
    real = subprocess.run

    def run(command: Command, **more: Any) -> Any:
        if not (isinstance(command, list) and isinstance(more.get("input"), bytes)):
            return real(command, **more)
        for at_work in _armed:
            at_work.hit("spawn")

        def read() -> tuple[int, bytes, bytes]:
            done = real(command, **more)
            return done.returncode, done.stdout, done.stderr

        said = _remember(memory, repr(command).encode() + more["input"], read)
        return subprocess.CompletedProcess(command, *said)

    subprocess.run = run  # type: ignore[assignment]
    for module in pkgutil.walk_packages(scoping.__path__, "scoping."):
        if not module.name.startswith("scoping.drawing"):
            importlib.import_module(module.name)
    for name in ("pyarrow.parquet", "pyarrow.dataset", "pandas"):  # what reading Parquet loads
        importlib.import_module(name)
    ledger.datetime = _Clock  # type: ignore[attr-defined]


def _remember(memory: Path, about: bytes, work: Callable[[], Any]) -> Any:
    known = memory / hashlib.sha256(about).hexdigest()
    if not known.exists():
        whole = memory / f"{os.getpid()}"
        whole.write_bytes(pickle.dumps(work()))
        whole.rename(known)
    return pickle.loads(known.read_bytes())


_armed: list[injector.Injector] = []


def run(
    root: Path, command: Command, fault: tuple[int, str] = (0, ""), calls: Path | None = None, *, mutate: Callable[[], None] = lambda: None
) -> tuple[int, str]:  # fmt: skip
    """Run `scoping` in a forked process, with a fault at the k-th call; how it ended and what it said."""
    said = root.with_name(f"{root.name}.said")
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status), said.read_text(encoding="utf-8", errors="replace")
    code = FAILED
    try:
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.chdir(root)
        mutate()
        at_work = injector.Injector(root, *fault)
        _armed.append(at_work)
        at_work.arm()
        code = _end_of(command)
        at_work.hit("end")
        if calls:
            os.write(os.open(calls, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "\n".join(at_work.calls).encode())
    finally:
        os._exit(code)


def _end_of(command: Command) -> int:
    import click

    try:
        cli.group.main(args=command[1:], prog_name="scoping", standalone_mode=False)
    except ScopingError as error:
        os.write(2, str(error).encode())
        return REFUSED
    except click.exceptions.Abort:
        return STOPPED
    except BaseException:  # noqa: BLE001
        os.write(2, traceback.format_exc().encode())
        return FAILED
    return 0


# --- the review ------------------------------------------------------------------------------------------------------


class Stand:
    """A review without its reports, and the commands of its workflow in order."""

    def __init__(self, root: Path) -> None:
        self.review = review_folder.Review.create(root, reports=False, open_batches=3)
        said = self.review.run("--dry-run", "--forceall", "--printshellcmds", cores=1)
        assert said.code == 0, said
        lines = [line.partition("Shell command: ")[2] for line in said.said.splitlines()]
        found = [shlex.split(line.rpartition(" > ")[0]) for line in lines if line.startswith("scoping ")]
        self.commands = {self._name(command): command for command in found}

    @staticmethod
    def _name(command: Command) -> str:
        stage = command[command.index("--stage") + 1] if "--stage" in command else ""
        return f"{command[1]} {stage or command[2] if command[1] in ('ingest', 'extract') else stage}".strip()

    def at(self, root: Path, name: str) -> Command:
        """A command as Snakemake would call it now: `collect` with the key of the folder."""
        command = list(self.commands[name])
        if "--key" in command:
            here = key(root, command[command.index("--stage") + 1])
            was = command[command.index("--key") + 1]
            command = [part.replace(was, here) for part in command]
        return command

    def play(self, *names: str) -> None:
        """Run some commands, or all, as they come in the workflow."""
        for name in names or self.commands:
            code, said = run(self.review.root, self.at(self.review.root, name))
            assert code == 0, (name, said)

    def after(self, name: str) -> list[str]:
        """The commands that come after one."""
        names = list(self.commands)
        return names[names.index(name) + 1 :]


def key(root: Path, stage: str) -> str:
    """The key of a stage's folder, as the Snakefile computes it."""
    events = ledger.read_events(root / "data/raw/ledger")
    return folder.key(folder.of_stage(events, stage), folder.hashes(root / "data/raw/sheets" / stage))


def begin(root: Path) -> None:
    """What a run of Snakemake does first: wait for jobs of a killed one, and sweep up after them."""
    ledger.only_run(root / "data/raw/ledger", root / "data/processed", root / "reports").close()


# --- the situations in which commands are tried ----------------------------------------------------------------------


def make(folder_: Path) -> Stand:
    """Below a folder, one review for each scenario, ready for its command."""
    stand = Stand(folder_ / "work")
    last = f"issue {TA}"
    stand.play(*(name for name in stand.commands if name != last))
    _keep(stand, "issue-first")
    stand.play(last)
    review, place = stand.review, stand.review.place(TA)
    assert review.sheets(TA) == [f"ta0{n}_{person}.xlsx" for n in (1, 2, 3) for person in ("anna", "ben")]
    review.label(TA, "ta02_anna.xlsx", rows=range(5))
    stand.play(f"collect {TA}", last)
    review.label(TA, "ta01_anna.xlsx")
    _keep(stand, "collect-waiting", _doubtful)
    review.label(TA, "ta01_ben.xlsx")
    review.label(TA, "ta02_anna.xlsx", rows=[0], say={"Decision": None, "Reason (if excluded)": None})
    review.label(TA, "ta03_ben.xlsx", to="Ben's (new) “sheet”.xlsx")
    (place / "ta03_ben.xlsx").unlink()
    shutil.copy(place / "Ben's (new) “sheet”.xlsx", place / "the same.xlsx")
    (place / "ta03_anna.xlsx").unlink()
    _keep(stand, "collect")
    stand.play(f"collect {TA}", f"resolve {TA}", "rank")
    shutil.copy(place / "ta01_anna.xlsx", place / "ta05_anna.xlsx")  # somebody took the name of the next sheet
    _keep(stand, "issue-second")
    return stand


def _doubtful(review: Any) -> None:
    """Two copies that disagree, and a file that is no workbook."""
    place = review.place(TA)
    review.label(TA, "ta02_ben.xlsx", rows=range(4), to="a copy.xlsx")
    review.label(TA, "a copy.xlsx", rows=[1], say={"Decision": "include"})
    review.label(TA, "ta02_ben.xlsx")
    review.label(TA, "ta02_ben.xlsx", rows=[1], say={"Decision": "exclude"})
    (place / "half.xlsx").write_bytes((place / "ta03_ben.xlsx").read_bytes()[:4000])


def _keep(stand: Stand, name: str, change: Callable[[Any], None] = lambda review: None) -> None:
    begin(stand.review.root)
    change(stand.review.copy(stand.review.root.with_name(name)))


SCENARIOS = {
    "issue-first": f"issue {TA}",
    "collect": f"collect {TA}",
    "collect-waiting": f"collect {TA}",
    "issue-second": f"issue {TA}",
}
