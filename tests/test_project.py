"""What holds for the project as a whole: what starts quickly, what must never stand in it, what the README promises."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from scoping.cli import COMMANDS, group

REPOSITORY = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SOURCE = sorted((REPOSITORY / "src").rglob("*.py"))
PAGES = [*sorted(REPOSITORY.glob("*.md")), *sorted((REPOSITORY / "docs").glob("*.md"))]
NOT_OURS = {"blobs", "fonts", "node_modules", "processed", "reports", "ledger"}
HEAVY = (
    "httpx2", "matplotlib", "numpy", "openpyxl", "pandas", "pyarrow", "pypdfium2", "pyzotero", "scipy", "sklearn", "xlsxwriter",
)  # fmt: skip
A_PIP_PROJECT_CANNOT = "Specify a conda environment or container for each rule."


def ours() -> Iterator[Path]:
    """The files of the repository, without what is derived, hidden (other than `.ci`) or installed."""
    for folder, folders, names in os.walk(REPOSITORY):
        folders[:] = sorted(
            name
            for name in folders
            if name not in NOT_OURS
            and name != "__pycache__"
            and (not name.startswith(".") or name in (".ci", ".github"))
        )
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith(".tmp-"))


def text_of(path: Path) -> str:
    """The text of a file; of others, such as PDFs, what can be read of their bytes."""
    return path.read_bytes().decode("utf-8", "replace")


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    """These tests run commands in the repository: none of them may leave a file there."""
    before = set(ours())
    yield
    assert set(ours()) == before


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration review, so that nothing is left behind in the repository."""
    root = tmp_path_factory.mktemp("project") / "review"
    root.mkdir()
    shutil.copy(REPOSITORY / "Snakefile", root)
    for name in ("config", "data/raw", "profiles", "workflow"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns(".*.lock", "~$*"))
    return root


def scoping(*arguments: str, cwd: Path, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    call = "import sys; from scoping.cli import main; main()"
    return subprocess.run(
        [sys.executable, *options, "-c", call, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


# what starts quickly


@pytest.mark.parametrize("arguments", [("--help",), ("status",)])
def test_help_and_status_load_nothing_heavy(review: Path, arguments: tuple[str, ...]) -> None:
    done = scoping(*arguments, cwd=review, options=("-X", "importtime"))
    assert done.returncode == 0, done.stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "click" in loaded  # the list of what was loaded is a list of what was loaded
    assert sorted(loaded & set(HEAVY)) == []


def cpu_seconds(arguments: list[str], cwd: Path) -> float:
    """The CPU time of a process, its children included."""
    with subprocess.Popen(arguments, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime


def test_status_answers_at_once(review: Path) -> None:
    best = min(cpu_seconds([str(BIN / "scoping"), "status"], review) for _ in range(5))
    assert best < 0.3, f"{best:.2f} s of CPU"
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    assert cpu_seconds([sys.executable, "-c", spin], review) >= 0.3  # the measurement sees work


# what must never stand in it


def forbidden(source: str) -> list[str]:
    """Ways of reading or running what a stranger wrote, as `line: what`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = [f"{node.value.id}.{node.attr}"]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            names = [f"{node.func.id}()"]
        elif isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant) and node.value.value is True:
            names = [f"{node.arg}=True"]
        for name in names:
            parts = name.split(".")
            banned = {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"} & set(parts)
            if banned or name in ("yaml.load", "os.system", "shell=True", "allow_pickle=True", "eval()", "exec()"):
                found.append(f"{node.lineno if hasattr(node, 'lineno') else 0}: {name}")
    return found


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from joblib import load",
        "np.load(path, allow_pickle=True)",
        "yaml.load(text, Loader=SafeLoader)",
        "subprocess.run(line, shell=True)",
        "os.system(line)",
        "from sklearn.externals import joblib",
        "eval(text)",
    ],
)
def test_unsafe_ways_are_seen(line: str) -> None:
    assert forbidden(line)


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_no_module_reads_or_runs_what_a_stranger_wrote(path: Path) -> None:
    assert forbidden(text_of(path)) == []


def machine_paths(text: str) -> list[str]:
    """Absolute paths of a computer on which somebody worked."""
    homes = {f"{REPOSITORY}/", f"{Path.home()}/"}
    pattern = "|".join(
        [r"(?<![\w.~)}\]])/(?:home|Users)/\w+", *(rf"(?<![\w./~)}}\]]){re.escape(home)}" for home in sorted(homes))]
    )
    return re.findall(pattern, text)


def test_paths_of_a_computer_are_seen() -> None:
    assert machine_paths(f"see {Path.home()}/notes.txt")
    assert machine_paths(f"'{REPOSITORY}/src'")
    assert machine_paths("open /ho" + "me/anna/review")
    assert not machine_paths("PATH=/usr/bin:/bin make demo; src/home/x; ~/review")


def test_no_file_names_a_path_of_a_computer() -> None:
    assert {str(path): found for path in ours() if (found := machine_paths(text_of(path)))} == {}


def test_set_up_names_no_address() -> None:
    files = [REPOSITORY / name for name in ("Makefile", "constraints.txt", "pyproject.toml")]
    files += [path for path in (REPOSITORY / ".ci").rglob("*") if path.is_file()]
    assert len(files) > 3
    pattern = re.compile(r"\w+://|index-url|trusted-host|find-links|git\+", re.IGNORECASE)
    assert {path.name: found for path in files if (found := pattern.findall(text_of(path)))} == {}


def test_constraints_are_exact_versions_once_each() -> None:
    lines = [line for line in text_of(REPOSITORY / "constraints.txt").splitlines() if not line.startswith("#")]
    assert len(lines) > 50
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+", line)] == []
    names = [re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in lines]
    assert len(names) == len(set(names))
    assert "pip" in names


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_modules_stay_short(path: Path) -> None:
    lines = text_of(path).count("\n")
    assert lines < 400, f"{lines} lines; part it by what it does"


# what the README promises


def documents() -> str:
    """The README and the documentation."""
    return "\n".join(text_of(path) for path in PAGES if path.name != "CHANGELOG.md")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_is_documented(name: str) -> None:
    done = scoping(name, "--help", cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Usage: scoping {name}")
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert len(command.help or "") > 20  # a sentence on what it does
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []
    assert f"scoping {name}" in documents()


def test_the_two_commands_of_the_readme_are_targets_of_make() -> None:
    first = re.search(r"```sh\n(.*?)```", text_of(REPOSITORY / "README.md"), re.DOTALL)
    assert first
    commands = [line.partition("#")[0].split() for line in first[1].splitlines()]
    assert commands == [["make", "demo"], ["make", "test"]]
    for _, target in commands:
        done = subprocess.run(["make", "-n", target], cwd=REPOSITORY, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text_of(path))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


# rules


def snakemake(review: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Snakemake in a review with nothing activated."""
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(review.parent / "cache")}
    return subprocess.run(
        [str(BIN / "snakemake"), *arguments], cwd=review, env=environment, capture_output=True, text=True, check=False
    )


def lints(said: str) -> set[str]:
    """The titles of what `snakemake --lint` finds."""
    return set(re.findall(r"^    \* (.+):$", said, re.MULTILINE))


def test_rules_are_formatted() -> None:
    done = subprocess.run(
        [str(BIN / "snakefmt"), "--check", "Snakefile", "workflow"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_snakemake_finds_nothing_but_what_a_pip_project_cannot_meet(review: Path) -> None:
    done = snakemake(review, "--lint")
    assert "Traceback" not in done.stderr
    assert lints(done.stderr) == {A_PIP_PROJECT_CANNOT}, done.stderr


def test_lints_are_seen(review: Path, tmp_path: Path) -> None:
    shutil.copytree(review, tmp_path / "review")
    rules = tmp_path / "review" / "workflow" / "rules" / "reports.smk"
    rules.write_text(
        text_of(rules) + '\n\nrule unlogged:\n    output:\n        "reports/x",\n    shell:\n        "touch {output}"\n'
    )
    done = snakemake(tmp_path / "review", "--lint")
    assert "No log directive defined" in lints(done.stderr), done.stderr
