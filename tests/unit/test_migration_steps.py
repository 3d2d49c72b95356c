"""The files that say what changed between two versions of the codebook: every mistake with its line."""

from pathlib import Path

import pytest

from scoping import migration_steps
from scoping.codebook import Codebook
from scoping.errors import ScopingError

GOOD = """version: 2
changes:
  - {kind: rename, codes: [OLD], to: [NEW], why: clearer}
  - {kind: merge, codes: [ONE, TWO], to: [BOTH], why: nobody told them apart}
  - {kind: split, codes: [WIDE], to: [WIDE, SIDE], why: two things}
  - {kind: redefine, codes: [SAME], why: too narrow}
  - {kind: new_value, codes: [WEIGHT], value: touches, why: asked for}
  - {kind: add, codes: [ADDED], why: seen in the pilot}
  - {kind: drop, codes: [GONE], why: never found}
"""
CODES = ("NEW", "BOTH", "WIDE", "SIDE", "SAME", "ADDED")


def book(version: int = 2, *more: str) -> Codebook:
    codes = [{"id": code, "family": "f", "label": code, "definition": "d"} for code in (*CODES, *more)]
    codes.append({"id": "WEIGHT", "family": "f", "label": "w", "definition": "d", "values": ["none", "touches"]})
    families = [{"id": "f", "label": "F", "text": "t"}]
    return Codebook.model_validate({"version": version, "families": families, "codes": codes})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("m").mkdir()
    Path("m/002.yaml").write_text(GOOD, encoding="utf-8")
    return Path("m")


def told(folder: Path, codebook: Codebook) -> list[str]:
    with pytest.raises(ScopingError) as caught:
        migration_steps.load(folder, codebook)
    return str(caught.value).splitlines()


def test_steps_load_and_survive_as_settings(folder: Path) -> None:
    (step,) = migration_steps.load(folder, book())
    assert [change.kind for change in step.changes] == [
        "rename", "merge", "split", "redefine", "new_value", "add", "drop",
    ]  # fmt: skip
    assert migration_steps.from_settings(migration_steps.settings([step])) == (step,)
    assert {code: step.moved(code) for code in ("OLD", "TWO", "WIDE", "SAME", "GONE", "ELSE")} == {
        "OLD": ("NEW",), "TWO": ("BOTH",), "WIDE": ("WIDE", "SIDE"), "SAME": ("SAME",), "GONE": (), "ELSE": ("ELSE",),
    }  # fmt: skip


def test_no_steps_are_needed_where_there_is_no_folder(folder: Path) -> None:
    assert migration_steps.load(folder / "none", book()) == ()


BAD = [
    ("version: 2", "version: 3", ["1: version is 3, but the file is 002.yaml; make them agree"]),
    ("kind: rename", "kind: renam", ["3: changes[1].kind is 'renam'; did you mean 'rename'?"]),
    ("to: [NEW]", "to: [NEV]", ["3: 'NEV' is in neither the codebook nor a later step; known here"]),
    ("to: [NEW]", "to: [NEW, SIDE]", ["3: changes[1].to has 2 codes; rename takes 1", "5: 'SIDE' is made in changes[1] already"]),
    ("[ONE, TWO]", "[ONE]", ["4: changes[2].codes has 1 codes; merge takes 2 or more"]),
    ("[ONE, TWO]", "[ONE, OLD]", ["4: 'OLD' is changed in changes[1] already; say one thing of each code"]),
    ("[ONE, TWO]", "[ONE, SIDE]", None),
    ("to: [WIDE, SIDE]", "to: [WIDE]", ["5: changes[3].to has 1 codes; split takes 2 or more"]),
    ("codes: [SAME]", "codes: [SAM]", ["6: 'SAM' is in neither the codebook nor a later step; known here"]),
    ("codes: [SAME]", "codes: [NEW]", ["6: 'NEW' is made in changes[1] already"]),
    ("value: touches, ", "", ["7: new_value needs `value:`"]),
    ("value: touches", "value: all", ["7: 'all' is not one of the values of WEIGHT; add it in the codebook"]),
    ("[SAME], why", "[SAME], value: x, why", ["6: redefine takes no value; take it out"]),
    ("[GONE]", "[ADDED]", None),
    ("[GONE]", "[SIDE]", None),
    ("codes: [ONE, TWO], to: [BOTH]", "codes: [ONE, SIDE], to: [BOTH]", None),
    (", why: never found", "", ["9: 'why' is missing or empty in changes[7]; add it"]),
    ("changes:", "change:", ["1: 'changes' is missing or empty; add it", "2: 'change' is not known; did you mean 'changes'?"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "messages"), BAD)
def test_a_mistake_is_told_with_its_line(folder: Path, old: str, new: str, messages: list[str] | None) -> None:
    assert old in GOOD
    (folder / "002.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    if messages is None:  # a code that is made anew in the same step, under a name that something else had
        assert migration_steps.load(folder, book())
        return
    found = told(folder, book())
    assert len(found) == len(messages)
    for line, message in zip(found, messages, strict=True):
        assert line.startswith(f"m/002.yaml:{message}")


def test_a_code_that_is_gone_must_be_gone_from_the_codebook(folder: Path) -> None:
    for code, line in (("OLD", 3), ("TWO", 4), ("GONE", 9)):
        (found,) = told(folder, book(2, code))
        assert found.startswith(f"m/002.yaml:{line}: '{code}' is gone after this step, but the codebook")


def test_steps_are_checked_against_each_other(folder: Path) -> None:
    """What a step leads to is in the codebook, or in a later step."""
    (folder / "003.yaml").write_text(
        "version: 3\nchanges:\n  - {kind: rename, codes: [MID], to: [NEW], why: w}\n", encoding="utf-8"
    )
    assert told(folder, book(3))[0].startswith("m/002.yaml:3: 'NEW' is in neither the codebook nor a later step")
    (folder / "002.yaml").write_text(GOOD.replace("to: [NEW]", "to: [MID]"), encoding="utf-8")
    assert [step.version for step in migration_steps.load(folder, book(3))] == [2, 3]


def test_a_file_that_leads_nowhere_is_refused(folder: Path) -> None:
    for name in (".002.yaml.swp", "README.md"):
        (folder / name).write_text("not a step", encoding="utf-8")
    assert len(migration_steps.load(folder, book())) == 1
    assert "m/002.yaml: is not a step to a version of this codebook, which is at version 1" in told(folder, book(1))[0]
    (folder / "two.yaml").write_text(GOOD, encoding="utf-8")
    assert told(folder, book())[0].startswith("m/two.yaml: is not a step")


CHAINS = [
    (1, (), [], None),
    (1, (), [1, 1], None),
    (3, (2, 3), [1, 3], None),
    (3, (3,), [2, 3], None),
    (3, (), [3], None),
    (3, (), [], None),
    (3, (3,), [1], "m/002.yaml: is missing: sheets were issued under version 1, and the codebook is at version 3"),
    (3, (2,), [2], "m/003.yaml: is missing: sheets were issued under version 2"),
    (2, (2,), [1, 3], "config/codebook.yaml: is at version 2, but sheets were issued under version 3"),
]


@pytest.mark.parametrize(("version", "there", "given", "error"), CHAINS)
def test_no_answers_are_left_behind(version: int, there: tuple[int, ...], given: list[int], error: str | None) -> None:
    steps = [migration_steps.Migration(version=step, changes=()) for step in there]
    if error is None:
        migration_steps.check(steps, version, given, Path("m"))
        return
    with pytest.raises(ScopingError) as caught:
        migration_steps.check(steps, version, given, Path("m"))
    assert str(caught.value).startswith(error)
    assert "changes: []" in str(caught.value) or "put back" in str(caught.value)
