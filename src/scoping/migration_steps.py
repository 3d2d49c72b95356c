"""What changed between two versions of the codebook: `config/migrations/002.yaml` leads from version 1 to 2."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from scoping.codebook import Codebook
from scoping.errors import ScopingError
from scoping.strict_model import (
    AS_WHOLE,
    NO_REPEATS,
    CodeId,
    Problem,
    Strict,
    Text,
    canonical,
    did_you_mean,
    items_of,
    read_model,
    show,
)

# kind -> (fewest and most codes, fewest and most codes that they become)
_SHAPES: Mapping[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "rename": ((1, 1), (1, 1)),
    "merge": ((2, 99), (1, 1)),
    "split": ((1, 1), (2, 99)),
    "redefine": ((1, 1), (0, 0)),
    "new_value": ((1, 1), (0, 0)),
    "add": ((1, 1), (0, 0)),
    "drop": ((1, 1), (0, 0)),
}
_KEPT = {"redefine", "new_value", "add"}  # the code is there afterwards, under the same name
Codes = Annotated[tuple[CodeId, ...], NO_REPEATS]


class Change(Strict):
    """What became of a code."""

    kind: Literal["rename", "merge", "split", "redefine", "new_value", "add", "drop"] = Field(
        description="rename and merge carry answers over (merge: those of a person that are the same for all codes); "
        "split, redefine and new_value ask again; add asks; drop keeps the answers in retired.csv."
    )
    codes: Annotated[Codes, Field(min_length=1)] = Field(
        description="The code it is about, under the name it had before; merge: all that become one."
    )
    to: Codes = Field(default=(), description="rename, merge: the code it becomes; split: the codes it becomes.")
    value: str = Field(default="", description="new_value: the value that may be answered now.")
    why: Text = Field(description="Why; stands on the list of what is to be coded again.")

    @property
    def targets(self) -> tuple[str, ...]:
        """The codes that there are afterwards in place of `codes`."""
        return self.to if self.to else () if self.kind == "drop" else self.codes


class Migration(Strict):
    """One step from a version of the codebook to the next."""

    version: Annotated[int, Field(ge=2), AS_WHOLE] = Field(
        description="The version that the codebook has after it, as in the name of the file (002.yaml)."
    )
    changes: tuple[Change, ...] = Field(
        description="Every code that changed, each once; `[]` where all answers keep their meaning."
    )

    def of(self, code: str) -> Change | None:
        """What becomes of a code."""
        return next((change for change in self.changes if code in change.codes and change.kind != "add"), None)

    def moved(self, code: str) -> tuple[str, ...]:
        """The codes that stand in place of one afterwards."""
        change = self.of(code)
        return change.targets if change else (code,)


def name_of(folder: Path, version: int) -> Path:
    """The file that leads to a version."""
    return folder / f"{version:03d}.yaml"


def load(folder: Path, codebook: Codebook) -> tuple[Migration, ...]:
    """All steps, in order; or one error for the newest file in which something is wrong."""
    found = sorted(
        path for path in folder.glob("*") if path.is_file() and path.name != "README.md" and path.name[0] != "."
    )
    wanted = [name_of(folder, version) for version in range(2, codebook.version + 1)]
    for path in found:
        if path not in wanted:
            what = f"is not a step to a version of this codebook, which is at version {codebook.version}"
            do = "name it after the version it leads to, such as 002.yaml, and raise `version` in config/codebook.yaml"
            raise ScopingError(what, path=path, do=do)
    known = {code.id for code in codebook.codes}
    values = {code.id: set(code.values) for code in codebook.codes}
    steps: list[Migration] = []
    for path in sorted(found, reverse=True):  # what a step leads to has to be known to the next
        step = read_model(path, Migration, _checks(path, known, values))
        known = before(step, known)
        values = {code: words for code, words in values.items() if step.of(code) is None}
        steps.insert(0, step)
    return tuple(steps)


def before(step: Migration, after: Collection[str]) -> set[str]:
    """The codes that there were before a step, as far as they are known."""
    made = {code for change in step.changes for code in (change.codes if change.kind == "add" else change.targets)}
    return (set(after) - made) | {code for change in step.changes if change.kind != "add" for code in change.codes}


def check(steps: Iterable[Migration], version: int, given: Iterable[int], folder: Path) -> None:
    """Stop where answers were given under a version that no chain of steps leads on from."""
    versions = sorted(set(given))
    if versions and versions[-1] > version:
        raise ScopingError(
            f"is at version {version}, but sheets were issued under version {versions[-1]}",
            path="config/codebook.yaml",
            do="put back the newer codebook; to go back to old definitions, make them a new version",
        )
    there = {step.version for step in steps}
    for step in range(versions[0] + 1, version + 1) if versions else ():
        if step not in there:
            raise ScopingError(
                f"is missing: sheets were issued under version {versions[0]}, and the codebook is at version {version}",
                path=name_of(folder, step),
                do=f"write into it `version: {step}`, and under `changes:` what became of each code that was renamed, "
                "merged, split, redefined, given a new value, added or dropped (`changes: []` if none; see "
                "docs/codebook.md)",
            )


def settings(steps: Iterable[Migration]) -> str:
    """The steps as canonical JSON."""
    return canonical([step.model_dump(mode="json") for step in steps])


def from_settings(text: str) -> tuple[Migration, ...]:
    """The steps that the settings hold."""
    return TypeAdapter(tuple[Migration, ...]).validate_python(json.loads(text))


def _checks(path: Path, known: Collection[str], values: Mapping[str, Collection[str]]) -> Any:
    """The checks of a file, given the codes there are after it."""

    def cross_checks(data: Any) -> list[Problem]:
        version = data.get("version")
        problems: list[Problem] = []
        if isinstance(version, str) and version.strip().isdigit() and int(version) != int(path.stem):
            problems.append(
                (("version",), f"version is {version.strip()}, but the file is {path.name}; make them agree")
            )
        changes = list(items_of(data, "changes"))
        return [*problems, *_change_problems(changes, sorted(known), values), *_conflicting(changes, known)]

    return cross_checks


def _words(change: Mapping[str, Any], key: str) -> list[str]:
    items = change.get(key)
    return [item.strip() for item in items if isinstance(item, str)] if isinstance(items, list) else []


def _change_problems(
    changes: Iterable[tuple[int, Mapping[str, Any]]], known: Sequence[str], values: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Numbers of codes that make no sense, and codes that nobody knows afterwards."""
    for index, change in changes:
        here, kind = ("changes", index), str(change.get("kind"))
        if kind not in _SHAPES:
            continue
        for key, (fewest, most) in zip(("codes", "to"), _SHAPES[kind], strict=True):
            count = len(_words(change, key))
            if not fewest <= count <= most:
                needs = f"{fewest}" if fewest == most else f"{fewest} or more"
                yield (*here, key), f"changes[{index + 1}].{key} has {count} codes; {kind} takes {needs}"
        after = _words(change, "to") or ([] if kind == "drop" else _words(change, "codes"))
        for code in after:
            if code not in known:
                what = f"{show(code)} is in neither the codebook nor a later step; {did_you_mean(code, known)}"
                yield (*here, "to" if change.get("to") else "codes"), what
        yield from _value_problems(here, kind, change, values)


def _value_problems(
    here: tuple[str | int, ...], kind: str, change: Mapping[str, Any], values: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    value = change.get("value")
    if kind == "new_value" and not value:
        yield (*here, "value"), "new_value needs `value:`, the answer that is possible now"
    elif kind != "new_value" and value:
        yield (*here, "value"), f"{kind} takes no value; take it out"
    for code in _words(change, "codes"):
        if kind == "new_value" and value and code in values and value not in values[code]:
            yield (*here, "value"), f"{show(value)} is not one of the values of {code}; add it in the codebook"


def _conflicting(changes: Sequence[tuple[int, Mapping[str, Any]]], known: Collection[str]) -> Iterator[Problem]:
    """Codes of which two things are said, and codes that are gone here but stand in the codebook all the same."""
    source: dict[str, int] = {}
    made: dict[str, int] = {}
    for index, change in changes:
        kind = change.get("kind")
        codes, to = _words(change, "codes"), _words(change, "to")
        for code in codes if kind != "add" else ():
            if source.setdefault(code, index) != index:
                what = f"{show(code)} is changed in changes[{source[code] + 1}] already; say one thing of each code"
                yield ("changes", index, "codes"), what
        for code in codes if kind in _KEPT else to:
            if made.setdefault(code, index) != index:
                what = f"{show(code)} is made in changes[{made[code] + 1}] already; say one thing of each code"
                yield ("changes", index, "codes" if kind in _KEPT else "to"), what
    yield from _there_all_the_same(changes, made, known)


def _there_all_the_same(
    changes: Sequence[tuple[int, Mapping[str, Any]]], made: Mapping[str, int], known: Collection[str]
) -> Iterator[Problem]:
    for index, change in changes:
        if change.get("kind") in _SHAPES.keys() - _KEPT:
            for code in _words(change, "codes"):
                if code in known and code not in made:
                    what = f"{show(code)} is gone after this step, but the codebook or a later step has it"
                    yield ("changes", index, "codes"), f"{what}; take it out there, or say here what it becomes"
