"""The hash of a command's code follows its imports, and nothing else."""

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from scoping import cli, fingerprint
from scoping.cli import COMMANDS

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the package that the fingerprint is taken of."""
    shutil.copytree(fingerprint.PACKAGE, tmp_path / "scoping", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "PACKAGE", tmp_path / "scoping")
    return tmp_path / "scoping"


@pytest.fixture(autouse=True)
def _fresh():
    """What is cached is cached for one run of Snakemake, not for two tests."""
    _clear()
    yield
    _clear()


def taken(command: str) -> str:
    _clear()
    return fingerprint.fingerprint(command)


def _clear() -> None:
    fingerprint.modules.cache_clear()
    fingerprint.fingerprint.cache_clear()


def test_it_looks_like_a_parameter():
    assert re.fullmatch(r"code:[0-9a-f]{16}", fingerprint.fingerprint("dedupe"))


def test_a_copy_has_the_same_fingerprint(package, monkeypatch):
    here = taken("dedupe")
    monkeypatch.setattr(fingerprint, "PACKAGE", Path(cli.__file__).parents[1])
    assert taken("dedupe") == here


@pytest.mark.parametrize("command", COMMANDS)
def test_a_change_in_any_module_of_a_command_changes_it_and_no_other_does(package, command, monkeypatch):
    monkeypatch.setattr(fingerprint, "_imports", cache(fingerprint._imports))  # a remark changes no import
    before, mine = taken(command), set(fingerprint.modules(command))
    assert f"scoping.cli.{command}" in mine
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        module = ".".join(["scoping", *parts]).removesuffix(".__init__")
        source = path.read_bytes()
        path.write_bytes(source + b"\n# changed\n")
        assert (taken(command) != before) == (module in mine), module
        path.write_bytes(source)
    assert taken(command) == before


EXPECTED = [
    ("dedupe", {"scoping.dedupe", "scoping.matching", "scoping.identity", "scoping.tables", "scoping.schemas"}, True),
    ("dedupe", {"scoping.prisma", "scoping.workbook.write", "scoping.readers.bibtex", "scoping.ranking"}, False),
    ("ingest", {"scoping.readers", "scoping.readers.bibtex", "scoping.readers.fields_tagged"}, True),
    ("ingest", {"scoping.workbook.child", "scoping.workbook.grid_xlsx"}, True),
    ("ingest", {"scoping.dedupe", "scoping.folder", "scoping.workbook.write"}, False),
    ("collect", {"scoping.workbook", "scoping.workbook.read", "scoping.forms", "scoping.folder"}, True),
    ("issue", {"scoping.workbook.write", "scoping.workbook.layout", "scoping.batches", "scoping.sheets"}, True),
    ("flow", {"scoping.drawing", "scoping.prisma", "scoping.diagram"}, True),
    ("code", {"scoping.coding", "scoping.quotes"}, True),
    # what helps people to code must not make settled cells outdated
    ("code", {"scoping.suggest", "scoping.indicators", "scoping.cli.code_suggest", "scoping.cli.code_check"}, False),
    ("code_suggest", {"scoping.suggest", "scoping.indicators", "scoping.fulltext"}, True),
    # what runs in a child process is imported by no statement
    ("extract", {"scoping.fulltext", "scoping.fulltext_child"}, True),
    ("collect", {"scoping.workbook.child"}, True),
]


@pytest.mark.parametrize(("command", "modules", "inside"), EXPECTED)
def test_modules(command, modules, inside):
    assert modules & set(fingerprint.modules(command)) == (modules if inside else set())


IMPORTS = [
    ("import scoping.dedupe", "scoping.dedupe"),
    ("import scoping.dedupe as d", "scoping.dedupe"),
    ("from scoping import dedupe", "scoping.dedupe"),
    ("from scoping.dedupe import LONGEST", "scoping.dedupe"),
    ("from scoping.readers import bibtex", "scoping.readers.bibtex"),
    ("from .. import dedupe", "scoping.dedupe"),
    ("from ..dedupe import LONGEST", "scoping.dedupe"),
    ("def f():\n    from scoping import dedupe", "scoping.dedupe"),
    ("if TYPE_CHECKING:\n    from scoping import dedupe", "scoping.dedupe"),
    ("run([python, '-m', 'scoping.fulltext_child'])", "scoping.fulltext_child"),
]


@pytest.mark.parametrize(("source", "module"), IMPORTS)
def test_every_way_to_import_is_followed(package, source, module):
    (package / "cli" / "probe.py").write_text(source + "\n")
    _clear()
    assert module in fingerprint.modules("probe")


@pytest.mark.parametrize(
    "source", ["import json", "from pathlib import Path", "import scopingother", "x = 'scoping.no'"]
)
def test_other_imports_are_not_ours(package, source):
    (package / "cli" / "probe.py").write_text(source + "\n")
    _clear()
    assert fingerprint.modules("probe") == ("scoping.cli.probe",)


def test_modules_that_import_each_other(package):
    (package / "one.py").write_text("from scoping import two\n")
    (package / "two.py").write_text("from scoping import one\n")
    (package / "cli" / "probe.py").write_text("from scoping import one\n")
    _clear()
    assert fingerprint.modules("probe") == ("scoping.cli.probe", "scoping.one", "scoping.two")


def test_a_module_that_moves_changes_it(package):
    (package / "one.py").write_text("X = 1\n")
    (package / "cli" / "probe.py").write_text("from scoping import one, two\n")
    before = taken("probe")
    (package / "one.py").rename(package / "two.py")
    assert taken("probe") != before


def test_scripts_and_styles_that_a_module_names_count(package):
    """What they say stands in what the command writes; nothing imports them."""
    before, other = taken("map"), taken("flow")
    for path in sorted((package / "pages").iterdir()):
        source = path.read_bytes()
        path.write_bytes(source + b"\n")
        assert (taken("map") != before, taken("flow") != other) == (True, False), path.name
        path.write_bytes(source)
    assert taken("map") == before


def test_a_command_that_is_none_is_a_bug(package):
    """A typing error in a rule would else give a fingerprint that never changes."""
    _clear()
    with pytest.raises(ValueError, match="dedup"):
        fingerprint.fingerprint("dedup")


def test_every_rule_names_a_command():
    named = {
        name
        for path in (REPOSITORY / "workflow").rglob("*.smk")
        for name in re.findall(r'fingerprint\("(\w+)"\)', path.read_text())
    }
    assert named
    assert named <= set(COMMANDS)
