"""What is charted, `config/codebook.yaml`: families of codes and how each code is judged."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from scoping.strict_model import (
    AS_WHOLE,
    CODE,
    NO_REPEATS,
    Mark,
    Problem,
    Strict,
    Text,
    canonical,
    did_you_mean,
    raise_cross_problems,
    read_model,
    show,
)

Level: TypeAlias = Literal["individual", "organisation", "system"]
CodeId: TypeAlias = Annotated[str, StringConstraints(pattern=CODE)]
Value: TypeAlias = Literal["yes", "no", "unclear"]


class Family(Strict):
    """A group of codes that belong together."""

    id: Mark = Field(description="A short id, unique among the families.")
    label: Text = Field(description="The name of the family on sheets and in tables.")
    text: Text = Field(description="What the family is about.")


class Code(Strict):
    """One thing that is charted for each study."""

    id: CodeId = Field(description="Two to eight capital letters and digits, unique among the codes.")
    family: Mark = Field(description="Id of the family it belongs to.")
    label: Text = Field(description="The name of the code on sheets and in tables.")
    definition: Text = Field(description="What the code means.")
    values: Annotated[tuple[Value, ...], Field(min_length=2), NO_REPEATS] = Field(
        default=("yes", "no", "unclear"), description="The answers that are possible: yes, no, unclear."
    )
    levels: Annotated[tuple[Level, ...], NO_REPEATS] = Field(
        default=(), description="The levels at which it may be placed; none means that the level is not asked."
    )
    include: str = Field(default="", description="What counts, best as an example.")
    exclude: str = Field(default="", description="What looks alike and does not count, best as an example.")
    indicators: Annotated[tuple[Text, ...], NO_REPEATS] = Field(
        default=(), description="Words, or stems with `*`, that point to a passage worth reading."
    )


class Codebook(Strict):
    """What is charted."""

    version: Annotated[int, Field(ge=1), AS_WHOLE] = Field(description="Raise it by one when a definition changes.")
    families: tuple[Family, ...] = Field(
        min_length=1, description="Groups of codes, in the order of tables and sheets."
    )
    codes: tuple[Code, ...] = Field(min_length=1, description="The codes, in the order of tables and sheets.")

    @model_validator(mode="after")
    def _keys_fit_each_other(self) -> "Codebook":
        raise_cross_problems(cross_checks(self.model_dump(mode="json")))
        return self


def load(path: Path) -> Codebook:
    """The codebook; or one error with a line for each problem in it."""
    return read_model(path, Codebook, cross_checks)


def settings(codebook: Codebook) -> str:
    """The whole codebook as canonical JSON."""
    return canonical(codebook.model_dump(mode="json"))


def from_settings(text: str) -> Codebook:
    """The codebook that the settings hold."""
    return Codebook.model_validate(json.loads(text))


def cross_checks(data: Any) -> list[Problem]:
    """Ids that stand twice, and families that nobody defined."""
    families = list(_ids(data, "families", "id"))
    codes = list(_ids(data, "codes", "id"))
    problems = [
        problem for found, name in ((families, "families"), (codes, "codes")) for problem in _twice(found, name)
    ]
    known = [family for _, family in families]
    for index, family in _ids(data, "codes", "family"):
        if known and family not in known:
            what = f"{show(family)} is not one of families; {did_you_mean(family, known)}"
            problems.append((("codes", index, "family"), what))
    return problems


def _twice(found: list[tuple[int, str]], name: str) -> Iterator[Problem]:
    """Ids that an earlier item has already; capitals make no difference."""
    first: dict[str, int] = {}
    for index, word in found:
        if first.setdefault(word.casefold(), index) != index:
            what = (
                f"{name}[{index + 1}].id is {show(word)}, as in {name}[{first[word.casefold()] + 1}]; give each its own"
            )
            yield (name, index, "id"), what


def _ids(data: Any, name: str, key: str) -> Iterator[tuple[int, str]]:
    """The texts under one key of the items of a list, whatever else is wrong with them."""
    items = data.get(name) if isinstance(data, Mapping) else None
    for index, item in enumerate(items if isinstance(items, list) else []):
        word = item.get(key) if isinstance(item, Mapping) else None
        if isinstance(word, str) and word.strip():
            yield index, word.strip()
