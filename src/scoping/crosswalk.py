"""Crosswalks of a codebook: how its codes answer to a list that others made, without coding anything twice."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from scoping.strict_model import (
    AS_WHOLE,
    CodeId,
    Mark,
    Name,
    Problem,
    Strict,
    Text,
    did_you_mean,
    items_of,
    repeats,
    show,
    words_of,
)


class Target(Strict):
    """One item of the other list."""

    id: Mark = Field(description="A short id, unique in its crosswalk.")
    label: Text = Field(description="Its name there.")


class CrossRow(Strict):
    """One code that speaks to one item."""

    code: CodeId = Field(description="Id of a code.")
    target: Mark = Field(description="Id of one of the targets.")
    kind: Literal["explicit", "inferred"] = Field(
        description="Whether the other list says so itself, or the reviewers read it so."
    )


class Crosswalk(Strict):
    """How the codes answer to another list: a framework, an agenda, the themes of another study."""

    id: Name = Field(description="A short id, unique among the crosswalks.")
    label: Text = Field(description="What the other list is, with its year or edition.")
    version: Annotated[int, Field(ge=1), AS_WHOLE] = Field(description="Raise it by one when a row changes.")
    targets: tuple[Target, ...] = Field(min_length=1, description="The items of the other list, in its order.")
    rows: tuple[CrossRow, ...] = Field(min_length=1, description="Which code speaks to which item.")


def problems(data: Any, codes: Sequence[str]) -> Iterator[Problem]:
    """Codes and targets that nobody defined, and what stands twice; `codes` are those of the codebook."""
    yield from repeats(words_of(data, "crosswalks", "id"), "crosswalks")
    for at, walk in items_of(data, "crosswalks"):
        name = f"crosswalks[{at + 1}]."
        found = list(words_of(walk, "targets", "id"))
        for where, what in repeats(found, f"{name}targets"):
            yield ("crosswalks", at, "targets", *where[1:]), what
        yield from _row_problems(walk, at, codes, [word for _, word in found])


def _row_problems(walk: Any, at: int, codes: Sequence[str], targets: Sequence[str]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    said = [dict(words_of(walk, "rows", key)) for key in ("code", "target")]
    for key, known, of in (("code", codes, "codes"), ("target", targets, "targets")):
        for index, word in words_of(walk, "rows", key):
            if known and word not in known:
                yield (
                    ("crosswalks", at, "rows", index, key),
                    f"{show(word)} is not one of {of}; {did_you_mean(word, known)}",
                )
    for index in sorted(said[0].keys() & said[1].keys()):
        pair = (said[0][index], said[1][index])
        first = seen.setdefault(pair, index)
        if first != index:
            yield (
                ("crosswalks", at, "rows", index),
                f"crosswalks[{at + 1}].rows[{index + 1}] says the same as rows[{first + 1}] "
                f"({pair[0]}, {pair[1]}); keep one",
            )
