"""Imports go down only, and the check that says so would see one that does not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


def check(root: Path) -> tuple[int, str]:
    """Exit code and output of import-linter on a copy of the package."""
    call = "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", call], cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "fonts")
    shutil.copytree(REPOSITORY / "src", tmp_path / "src", ignore=ignored)
    return tmp_path


def add(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


def test_imports_go_down(copy: Path) -> None:
    code, said = check(copy)
    assert (code, "0 broken" in said) == (0, True), said


@pytest.mark.parametrize(
    ("module", "line", "message"),
    [
        ("rank.py", "import scoping.coding", "scoping.rank is not allowed to import scoping.coding"),
        ("errors.py", "import scoping.files", "scoping.errors is not allowed to import scoping.files"),
        ("tables.py", "import scoping.ledger", "scoping.tables is not allowed to import scoping.ledger"),
        ("files.py", "def late():\n    import scoping.cli.status", "is not allowed to import scoping.cli"),
        ("cli/rank.py", "import snakemake", "scoping is not allowed to import snakemake"),
        ("prisma.py", "import click", "scoping is not allowed to import click"),
        ("prisma.py", "import pyarrow", "scoping is not allowed to import pyarrow"),
        ("cli/flow.py", "import matplotlib.pyplot", "scoping is not allowed to import matplotlib"),
        ("ingest.py", "def late():\n    import httpx2", "scoping is not allowed to import httpx2"),
        ("files.py", "import http.client", "scoping is not allowed to import http"),
    ],
)
def test_an_import_that_goes_up_or_aside_is_seen(copy: Path, module: str, line: str, message: str) -> None:
    add(copy / "src/scoping" / module, line)
    code, said = check(copy)
    assert code == 1, said
    assert message in " ".join(said.split())


def test_a_module_without_a_layer_is_seen(copy: Path) -> None:
    (copy / "src/scoping/newcomer.py").write_text('"""New."""\n')
    code, said = check(copy)
    assert code != 0
    assert "newcomer" in said
