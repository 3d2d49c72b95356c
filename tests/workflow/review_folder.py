"""A small review folder for the tests of the workflow, real Snakemake in it, and the people who label its sheets.

No plugin and no conftest: a test module loads this file by its path. The review is made up: 31 entries in two exports,
one exact duplicate, one pair that a person is asked about, two full texts. Its file names are as bad as people's are.
"""

import csv
import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path

import openpyxl

from scoping import folder, ledger
from scoping.workbook import keys

REPO = Path(__file__).resolve().parents[2]
SNAKEMAKE = Path(sys.executable).parent / "snakemake"
IDLE = "Nothing to be done"
PEOPLE = ("config", "data/raw")
MACHINES = ("data/processed", "reports")
RIS = "Suche „Süd“ & Nachbarn's 50% $HOME;v2.ris"
TABLE = 'hand found "new" (2) #1.csv'
TEXTS = {
    "CSJV45JWVG3 Über 'Räte' & \"so\" $PATH.txt": "A council asked a librarian. The librarian asked the council back.",
    "CTF5734QFC5 phone; a friend?.txt": "Councillors were asked whom they phone. A friend, they said.",
}
REPORTS = (
    "flow", "synthesise", "map", "references", "agree", "quotes", "suggested", "describe", "manuscript", "supplement", "progress", "manifest",
    "front", "enforce",
)  # fmt: skip

# title, family name, year, abstract; every third or so would be included by a person who reads for local councils
STUDIES = (
    ("A librarian for the town council", "Prosser", 2019, "A council asked a librarian for evidence, weekly."),
    ("Evidence clinics in rural districts", "Okafor", 2020, "Officers bring a question and leave with a plan."),
    ("Why cabinets do not read", "Madoc", 2018, "An essay about ministers and their time."),
    ("Hand hygiene on eleven wards", "Ilves", 2017, "A bundle was introduced and soap use rose."),
    ("A shared analyst in three harbour towns", "Sørensen", 2021, "One analyst, three councils, one bicycle."),
    ("Knowledge cafés for bus drivers", "Müller", 2016, "Drivers and planners drew the same map twice."),
    ("What is knowledge, and who says so", "Quist", 2015, "Theory."),
    ("Brokering between a university and a health board", "Tate", 2022, "A broker sat in both buildings."),
    ("Trial of a leaflet about salt", "Uribe", 2014, "No difference was found."),
    ("School places, parents and figures in one county", "Vaughan", 2023, "Parents read the forecast aloud."),
    ("A network of coastal municipalities and its questions", "Wrona", 2021, "Eleven towns met each quarter."),
    ("Indicators nobody opened", "Xanthou", 2020, "Web logs of a data portal over two years."),
    ("The residency of a researcher in a fire service", "Yilmaz", 2022, "She stayed a year, and was asked for more."),
    ("Guidelines for wound care in four hospitals", "Zeller", 2013, "Adherence was measured before and after."),
    ("From anecdote to agenda in a village", "Abara", 2019, "Stories of floods entered the minutes."),
    ("A commentary on commentaries", "Bruun", 2011, "Much is said of what was said."),
    ("Learning alliances for early help", "Castell", 2024, "Four authorities compared notes, and themselves."),
    ("Two towns, one observatory of housing", "Dietz", 2018, "The towns shared figures and disagreed on them."),
    ("National strategy for open data", "Egede", 2017, "Ministries published a plan."),
    ("Tea before evidence: brokers in local offices", "Fayed", 2023, "For half a year the brokers drank tea."),
    ("Minutes, mandates and memory in a parish", "Grau", 2012, "A parish kept its reasons in a box."),
    ("Does training in appraisal last", "Hallett", 2016, "Skills faded within a year."),
    ("The map on the wall of the district office", "Ivers", 2020, "A map was corrected by those who live there."),
    ("A pump, a ward and a spreadsheet", "Jansen", 2021, "Engineers and nurses kept one list."),
    ("Councillors who phone a friend", "Kapoor", 2022, "Whom councillors ask when they must vote tonight."),
    ("Budget rounds and borrowed reviews", "Lund", 2019, "Reviews were cited where they agreed."),
    ("A citizens' panel reads the air figures", "Moreau", 2024, "The panel asked for another monitor."),
    ("Sensors in the laboratory", "Nagy", 2018, "Calibration of low-cost sensors."),
)


def _doi(number: int) -> str:
    return f"10.5555/small.{number:02}"


def _ris(numbers: Iterable[int]) -> str:
    return "".join(
        f"TY  - JOUR\nTI  - {title}\nAU  - {family}, A.\nPY  - {year}\nT2  - Journal of Small Places\n"
        f"AB  - {abstract}\nDO  - {_doi(number)}\nER  - \n\n"
        for number in numbers
        for title, family, year, abstract in [STUDIES[number]]
    )


def _table() -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Title", "Authors", "Year", "DOI", "Abstract", "URL"])
    for number in range(17, len(STUDIES)):
        title, family, year, abstract = STUDIES[number]
        writer.writerow([title, f"{family}, A.", year, "", abstract, f"https://small.example/{number}"])
    title, family, year, abstract = STUDIES[0]  # the same again, by its DOI
    writer.writerow([title.upper(), f"{family}, A.", year, _doi(0), abstract, ""])
    title, family, year, abstract = STUDIES[1]  # perhaps the same: no DOI, and another year
    writer.writerow([title, f"{family}, A.", year - 1, "", "", "https://small.example/clinics"])
    return out.getvalue()


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _protocol(pilot: int, open_batches: int) -> str:
    return f"""\
title: A small review
question:
  text: How do local bodies come to know things?
  population: People who work for local bodies
  concept: Arrangements that bring knowledge in
  context: Local government
sources:
  southern:
    name: Southern Index
    kind: database
    searched: 2026-01-12
    files: [{_quoted(RIS)}]
  hand:
    name: Web searches
    kind: website
    searched: 2026-01-19
    files: [{_quoted(TABLE)}]
criteria:
  include:
    - {{id: local, text: Concerns a local body}}
  exclude:
    - {{id: not-local, label: Not local, text: National or general}}
    - {{id: no-model, label: No arrangement, text: Opinion or theory}}
stages:
  duplicates: {{people: [anna]}}
  title_abstract:
    {{mode: dual, people: [anna, ben], adjudicator: carys, pilot: {pilot}, batch: 8, open_batches: {open_batches}}}
  full_text: {{mode: dual, people: [anna, ben], adjudicator: carys, batch: 8}}
  coding: {{mode: dual, people: [anna, ben], adjudicator: carys, batch: 8}}
people:
  anna: {{name: Anna Prosser}}
  ben: {{name: Ben Okafor}}
  carys: {{name: Carys Madoc}}
seed: 7
"""


CODEBOOK = """\
version: 1
families:
  - {id: ties, label: Ties, text: How people come to know each other.}
codes:
  - {id: MEET, family: ties, label: Meeting, definition: People meet., levels: [individual, organisation]}
  - {id: ASK, family: ties, label: Asking, definition: People ask.}
"""


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def opinion(person: str, stage: str, item: str) -> dict[str, str]:
    """What a person writes into a row: always the same; Ben differs from Anna now and then, Carys settles it."""
    number = int(hashlib.sha256(item.encode()).hexdigest(), 16)
    contrary = person == "ben" and number % 5 == 0
    if stage == "duplicates":
        return {"Decision": "same"}
    if stage == "coding":
        quote = {"Quote (copied from the text)": "A council asked a librarian", "Where": "p. 1"}
        return {"Value": "yes", **quote} if (number % 2 == 0) != contrary else {"Value": "no"}
    if stage == "full_text" and number % 7 == 0:
        return {
            "Decision": "not retrieved",
            "Routes tried (if not retrieved)": "mail",
            "Date last sought": "2026-02-20",
        }
    keep = (number % 3 == 0) if stage == "title_abstract" else (number % 4 != 0)
    return {"Decision": "include"} if keep != contrary else {"Decision": "exclude", "Reason (if excluded)": "Not local"}


class Run:
    """What a run of Snakemake said and did."""

    def __init__(self, code: int, said: str) -> None:
        self.code, self.said = code, said
        self.jobs = sorted(set(re.findall(r"Finished jobid: \d+ \(Rule: (\w+)\)", said)) - {"all"})
        self.idle = IDLE in said

    @property
    def complaint(self) -> list[str]:
        """The lines of a run that was refused, without the line that Snakemake always prints."""
        return [line for line in self.said.splitlines() if line and not line.startswith("Using workflow specific")]

    def __repr__(self) -> str:
        return f"exit {self.code}, finished {self.jobs}\n{self.said}"


class Review:
    """A folder with a review in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.raw = root / "data/raw"
        self.out = root / "data/processed"
        self.exports = self.raw / "exports"
        self.events = self.raw / "ledger/events"
        self.snakefile = root / "Snakefile"

    # --- the folder ---------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, root: Path, *, reports: bool = True, pilot: int = 0, open_batches: int = 1) -> "Review":
        """The workflow of this repository with the small review's own config and data; nothing has been run."""
        root.mkdir(parents=True)
        shutil.copy(REPO / "Snakefile", root)
        for name in ("workflow", "profiles"):
            shutil.copytree(REPO / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        review = cls(root)
        for path, text in {
            "config/review.yaml": _protocol(pilot, open_batches),
            "config/codebook.yaml": CODEBOOK,
            f"data/raw/exports/{RIS}": _ris(range(17)),
            f"data/raw/exports/{TABLE}": _table(),
            **{f"data/raw/fulltext/{name}": text for name, text in TEXTS.items()},
        }.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        if not reports:
            review.leave_out_reports()
        return review

    def leave_out_reports(self, keep: Sequence[str] = ()) -> None:
        """Take the reports from `rule all`, but for some; it saves more than half of the time."""
        out = [name for name in REPORTS if name not in keep]
        self.mutilate("Snakefile", *((f"        rules.{name}.output,\n", "") for name in out))

    def copy(self, root: Path) -> "Review":
        """The same folder elsewhere, with all dates and Snakemake's memory."""
        shutil.copytree(self.root, root)
        return Review(root)

    def mutilate(self, file: str, *changes: tuple[str, str]) -> None:
        """Replace texts of a file, each of which must stand there."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            if old not in text:
                raise AssertionError(f"{old!r} does not stand in {file} any more: adapt the control of this test")
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def tree(self, *folders: str, dates: bool = False) -> dict[str, object]:
        """Path -> SHA-256 (and date) of every file below some folders, lock files left out."""
        return {
            path.relative_to(self.root).as_posix(): (digest(path), path.stat().st_mtime_ns if dates else 0)
            for name in folders
            for path in sorted((self.root / name).rglob("*"))
            if path.is_file() and not path.name.endswith(".lock")
        }

    def results(self) -> dict[str, object]:
        """Everything derived but the logs."""
        return {name: value for name, value in self.tree(*MACHINES).items() if "/logs/" not in name}

    def text(self, name: str) -> str:
        """A text file of the review."""
        return (self.root / name).read_text(encoding="utf-8")

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV table below data/processed."""
        with (self.out / name).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    # --- Snakemake ----------------------------------------------------------------------------------------------

    def run(self, *args: str, cores: int = 2, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Run:
        """`snakemake --cores N ARGS` in the folder; `env` adds to the environment."""
        done = subprocess.run(
            [SNAKEMAKE, "--cores", str(cores), *args],
            cwd=cwd or self.root,
            env={**os.environ, **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=600,
            check=False,
        )
        return Run(done.returncode, done.stdout)

    def works(self, *args: str, **more: object) -> Run:
        """A run that does something and succeeds."""
        run = self.run(*args, **more)  # type: ignore[arg-type]
        assert run.code == 0, run
        assert not run.idle, run
        return run

    def rests(self, **more: object) -> Run:
        """A run that has nothing to do and changes no byte and no date."""
        before = self.tree(*PEOPLE, *MACHINES, dates=True)
        run = self.run(**more)  # type: ignore[arg-type]
        assert run.code == 0, run
        assert run.idle, run
        assert self.tree(*PEOPLE, *MACHINES, dates=True) == before
        return run

    def settles(self) -> Run:
        """One run does all there is to do, and the next does nothing."""
        run = self.works()
        self.rests()
        return run

    def finishes(self) -> Run:
        """All sheets are labelled as they come; reports are made once, at the end."""
        whole = self.text("Snakefile")
        self.leave_out_reports()
        self.works()
        while self.label_everything():
            self.works()
        self.snakefile.write_text(whole, encoding="utf-8")
        return self.works()

    def killed(self, after: int, *args: str, alone: bool = False) -> Run:
        """A run that is killed with -9 as soon as so many jobs have finished: the whole group, or Snakemake `alone`."""
        process = subprocess.Popen(
            [SNAKEMAKE, "--cores", "2", *args],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said, count = [], 0
        assert process.stdout
        for line in process.stdout:
            said.append(line)
            count += "Finished jobid" in line
            if count == after:
                (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
                break
        process.stdout.close()
        return Run(process.wait(), "".join(said))

    def status(self) -> str:
        """What `scoping status` prints."""
        return subprocess.run(
            [SNAKEMAKE.with_name("scoping"), "status"], cwd=self.root, capture_output=True, text=True, check=True
        ).stdout

    # --- people -------------------------------------------------------------------------------------------------

    def place(self, stage: str) -> Path:
        """The folder with the sheets of a stage."""
        return self.raw / "sheets" / stage

    def sheets(self, stage: str) -> list[str]:
        """The names of the files in it."""
        return sorted(path.name for path in self.place(stage).glob("*")) if self.place(stage).exists() else []

    def items(self, stage: str, name: str) -> list[str]:
        """The items of a sheet, from top to bottom."""
        book = openpyxl.load_workbook(self.place(stage) / name)
        return [item for _, _, _, item in rows_of(book)]

    def label(
        self,
        stage: str,
        name: str,
        rows: Iterable[int] | None = None,
        say: Mapping[str, str | None] | None = None,
        to: str = "",
    ) -> None:
        """Fill rows of a sheet (by default all) as its owner would, or with `say`, in place or into a copy `to`."""
        path = self.place(stage) / name
        book = openpyxl.load_workbook(path)
        wanted = None if rows is None else set(rows)
        for number, (tab, row, columns, item) in enumerate(list(rows_of(book))):
            if wanted is None or number in wanted:
                person = _owner(book)
                for header, text in (opinion(person, stage, item) if say is None else say).items():
                    tab.cell(row, columns[header]).value = text
        out = io.BytesIO()
        book.save(out)
        (path.with_name(to) if to else path).write_bytes(out.getvalue())  # into the same file, as programs do

    def label_everything(self) -> list[str]:
        """Fill every sheet that is not finished, as its owner would; their names."""
        events = ledger.read_events(self.raw / "ledger")
        done = folder.answered(events)
        waiting = [
            info
            for sheet, info in folder.issued(events).items()
            if any((sheet, item) not in done for item in info.items)
        ]
        for info in waiting:
            self.label(info.stage, info.file)
        return [info.file for info in waiting]

    def answers(self, stage: str, sheet: str) -> dict[str, str]:
        """Item -> the decision that stands, of a sheet such as `ta01.anna`."""
        return {row["item"]: row["decision"] for row in self.rows(f"{stage}/decisions.csv") if row["sheet"] == sheet}

    def problems(self, stage: str) -> list[tuple[str, str]]:
        """(file, problem) of everything that waits for a person; remarks on what was read are none of it."""
        rows = self.rows(f"{stage}/problems.csv")
        return [(row["file"], row["problem"]) for row in rows if row["waits"] != "nothing"]


def rows_of(book: openpyxl.Workbook) -> Iterable[tuple[object, int, dict[str, int], str]]:
    """(tab, row number, header -> column, item) of each row that people label."""
    for tab in book.worksheets:
        columns: dict[str, int] = {}
        for cells in tab.iter_rows():
            texts = {str(cell.value): cell.column for cell in cells if cell.value is not None}
            if "Decision" in texts or "Value" in texts:
                columns = columns or texts
            found = [key for text in texts if (key := keys.find(text)) and key.checkpoint is None]
            if found and columns:
                yield tab, cells[0].row, columns, found[0].item


def _owner(book: openpyxl.Workbook) -> str:
    found = (keys.find(str(c.value)) for tab in book.worksheets for row in tab.iter_rows() for c in row if c.value)
    return next(key.person for key in found if key)


def kept(base: Path, name: str, make: Callable[[Path], None]) -> Review:
    """A review that tests begin with, made once in a session (`base` is its temporary folder), never changed."""
    root = base / f"review-{name}"
    if not root.exists():
        unfinished = base / f"making-{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        make(unfinished)
        unfinished.rename(root)
    return Review(root)


def first_run(base: Path) -> Review:
    """The small review after its first run: sheets lie there, nobody has labelled anything."""
    return kept(base, "first-run", lambda root: Review.create(root).works())


def begun(base: Path) -> Review:
    """The small review when all first sheets were labelled and read, and the next ones were issued."""

    def make(root: Path) -> None:
        review = first_run(base).copy(root)
        review.label_everything()
        review.works()

    return kept(base, "begun", make)


def clone(root: Path) -> Review:
    """The repository as somebody gets it who clones it: all files but those that .gitignore names."""
    patterns = [line for line in (REPO / ".gitignore").read_text().splitlines() if line and not line.startswith("#")]

    def ignored(at: str, names: list[str]) -> set[str]:
        return {name for name in names if name == ".git" or _is_ignored(Path(at, name), patterns)}

    shutil.copytree(REPO, root, ignore=ignored)
    return Review(root)


def former(root: Path) -> Review:
    """A review of eight reports that was carried to its end with an earlier version: its sheets, ledger and settings."""
    review = clone(root)
    for name in ("config", "data/raw"):
        shutil.rmtree(root / name)
        shutil.copytree(REPO / "tests/fixtures/former_review" / name, root / name)
    return review


def tracked(root: Path) -> dict[str, str]:
    """Path -> SHA-256 of every file that .gitignore does not name: what `git status` looks at."""
    patterns = [line for line in (REPO / ".gitignore").read_text().splitlines() if line and not line.startswith("#")]
    found = {}
    for at, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not _is_ignored(Path(at, name), patterns, root)]
        for name in names:
            path = Path(at, name)
            if not _is_ignored(path, patterns, root):
                found[path.relative_to(root).as_posix()] = digest(path)
    return found


def _is_ignored(path: Path, patterns: list[str], root: Path = REPO) -> bool:
    place = f"/{path.relative_to(root).as_posix()}"
    for pattern in patterns:
        if pattern.endswith("/") and not path.is_dir():
            continue
        plain = pattern.rstrip("/")
        if fnmatch(place, plain) if "/" in plain else fnmatch(path.name, plain):
            return True
    return False
