"""Rules for variables that follow from what was coded, so that nobody codes them by hand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from scoping.strict_model import (
    AS_WHOLE,
    MAY_BE_NULL,
    NO_REPEATS,
    CodeId,
    Name,
    Problem,
    Strict,
    Text,
    YesNo,
    did_you_mean,
    items_of,
    repeats,
    show,
    words_of,
)

# kind -> the keys that it needs; those of other kinds it takes not
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "count": ("codes",),
    "any": ("codes",),
    "combined": ("codes", "joined_by"),
    "levels": ("codes",),
    "set": ("codes",),
    "best": ("codes", "order"),
    "all": ("conditions",),
}
_MAY: Mapping[str, tuple[str, ...]] = {"any": ("quoted",), "combined": ("at_least",)}


class Condition(Strict):
    """What another variable must be."""

    variable: Name = Field(description="Id of a variable that stands before this one.")
    values: Annotated[tuple[Text, ...], NO_REPEATS] = Field(
        default=(), description="Values that fulfil it; none: every value but no, none and 0."
    )


class Derived(Strict):
    """A variable of each study, computed from its cells."""

    id: Name = Field(description="A short id, unique among the variables.")
    label: Text = Field(description="Its name in tables.")
    kind: Literal["count", "any", "combined", "levels", "set", "best", "all"] = Field(
        description="count: how many codes say yes. any: whether one does. combined: combined, listed, single or none. "
        "levels: the levels of those that say yes. set: which say yes. best: the strongest evidence basis among them. "
        "all: whether all conditions hold."
    )
    codes: Annotated[tuple[CodeId, ...], NO_REPEATS] = Field(default=(), description="The codes it is computed from.")
    joined_by: Annotated[CodeId | None, MAY_BE_NULL] = Field(
        default=None, description="combined: the code that says that they were joined, not only listed."
    )
    at_least: Annotated[int, Field(ge=1), AS_WHOLE] = Field(
        default=2, description="combined: how many codes must say yes to be combined or listed."
    )
    quoted: YesNo = Field(default=False, description="any: whether only a yes with a quote counts.")
    order: Annotated[tuple[Text, ...], NO_REPEATS] = Field(
        default=(), description="best: the evidence bases, the strongest first."
    )
    conditions: tuple[Condition, ...] = Field(default=(), description="all: what must hold.")


def problems(data: Any, codes: Sequence[str], bases: Sequence[str]) -> Iterator[Problem]:
    """Codes and variables that nobody defined, keys that a kind needs or does not take."""
    variables = dict(words_of(data, "derived", "id"))
    yield from repeats(variables.items(), "derived")
    for at, rule in items_of(data, "derived"):
        yield from _key_problems(at, rule)
        known = {"codes": codes, "joined_by": codes, "order": bases}
        for key, words in known.items():
            for place, word in _words(rule, key):
                if words and word not in words:
                    yield ("derived", at, *place), f"{show(word)} is not one of {_OF[key]}; {did_you_mean(word, words)}"
        earlier = [name for place, name in variables.items() if place < at]
        for index, name in words_of(rule, "conditions", "variable"):
            if name not in earlier:
                what = f"{show(name)} is no variable that stands before this one"
                do = f"; {did_you_mean(name, earlier)}" if earlier else "; put it above"
                yield ("derived", at, "conditions", index, "variable"), what + do


_OF = {"codes": "codes", "joined_by": "codes", "order": "the evidence bases"}


def _words(rule: Mapping[str, Any], key: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The texts under a key, with their places in the rule."""
    value = rule.get(key)
    if isinstance(value, str) and value.strip():
        yield (key,), value.strip()
    for index, word in enumerate(value if isinstance(value, list) else []):
        if isinstance(word, str):
            yield (key, index), word.strip()


def _key_problems(at: int, rule: Mapping[str, Any]) -> Iterator[Problem]:
    kind = str(rule.get("kind"))
    if kind not in _NEEDS:
        return
    for key in _NEEDS[kind]:
        if not rule.get(key):
            yield ("derived", at, "kind"), f"derived[{at + 1}] is of kind {kind}, which needs `{key}:`; add it"
    every = {key for keys in (*_NEEDS.values(), *_MAY.values()) for key in keys}
    for key in sorted(every - {*_NEEDS[kind], *_MAY.get(kind, ())}):
        given = rule.get(key)
        if given and given not in (Derived.model_fields[key].default, []):
            yield ("derived", at, key), f"derived[{at + 1}] is of kind {kind}, which takes no `{key}`; take it out"
