"""What the config files are made of: typed values written as text, and every problem told at once with its line.

A value that is left empty counts as left out: it takes its default, or is missing.
"""

import difflib
import enum
import json
import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from scoping import yaml_source
from scoping.errors import ScopingError
from scoping.yaml_source import KeyPath, Lines, Plain

NAME = r"^[a-z0-9][a-z0-9_-]{0,40}$"
MARK = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$"
CODE = r"^[A-Z][A-Z0-9]{1,7}$"
VALUE = r"""^[^\s;,:|"'=+@-][^;,:|"'\n]{0,39}$"""
_PATTERN_WORDS = {
    NAME: "use up to 41 small letters, digits, - and _, beginning with a letter or digit",
    MARK: "use up to 41 letters, digits, - and _, beginning with a letter or digit",
    CODE: "use 2 to 8 capital letters and digits, beginning with a letter",
    VALUE: "use up to 40 letters without ; , : | and quotes, beginning with a letter",
}
_MOST_PROBLEMS = 50
CROSS = "cross_check"

Problem: TypeAlias = tuple[KeyPath, str]
"""Where it is and what is wrong; the line is found from the path."""
M = TypeVar("M", bound="Strict")


class Strict(BaseModel):
    """A mapping in which every key is known and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_left_out(cls, data: Any) -> Any:
        """`key:` with nothing behind it is the same as no such line."""
        if data is None:
            return {}
        if not isinstance(data, Mapping):
            return data
        return {key: value for key, value in data.items() if value is not None}


def wrong(words: str) -> PydanticCustomError:
    """A wrong value, told in our own words."""
    return PydanticCustomError("scoping", "{words}", {"words": words})


def _whole(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,18}", value.strip()):
        return int(value)
    raise wrong("write a whole number")


def _number(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", value.strip()):
        return float(value)
    raise wrong("write a number such as 0.5")


def _yes_no(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    known = {"yes": True, "true": True, "no": False, "false": False}
    if isinstance(value, str) and value.strip().casefold() in known:
        return known[value.strip().casefold()]
    raise wrong("write yes or no")


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise wrong("there is no such day") from None
    raise wrong("write a date as 2024-05-31")


def _null_words(value: Any) -> Any:
    """`null` and `~` where a value may be left out."""
    return None if isinstance(value, str) and value.strip().casefold() in {"", "~", "null"} else value


def _no_repeats(values: tuple[str, ...]) -> tuple[str, ...]:
    seen: set[str] = set()
    for value in values:
        if value.casefold() in seen:
            raise wrong(f"{show(value)} stands in it twice")
        seen.add(value.casefold())
    return values


def _sorted(values: dict[str, Any]) -> dict[str, Any]:
    """By id: the one order that a file and its settings share."""
    return dict(sorted(values.items()))


_BOOLEAN = {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}
Text: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
Name: TypeAlias = Annotated[str, StringConstraints(pattern=NAME)]
Mark: TypeAlias = Annotated[str, StringConstraints(pattern=MARK)]
CodeId: TypeAlias = Annotated[str, StringConstraints(pattern=CODE)]
YesNo: TypeAlias = Annotated[bool, BeforeValidator(_yes_no), WithJsonSchema(_BOOLEAN)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
AS_WHOLE = BeforeValidator(_whole)
AS_NUMBER = BeforeValidator(_number)
MAY_BE_NULL = BeforeValidator(_null_words)
NO_REPEATS = AfterValidator(_no_repeats)
IN_ORDER_OF_IDS = AfterValidator(_sorted)


def canonical(data: object) -> str:
    """JSON with one spelling for each content."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def no_cross_checks(_data: Any) -> list[Problem]:
    """For a file whose keys do not refer to each other."""
    return []


def read_model(path: Path, model: type[M], cross_checks: Callable[[Any], list[Problem]] = no_cross_checks) -> M:
    """A file as a checked model, or one error with a line for each problem in the file."""
    data, lines = yaml_source.read(path)
    if not isinstance(data, dict):
        what = "the file is empty" if data is None else "the file is not a list of 'key: value' lines"
        raise ScopingError(what, path=path, do="see docs/config.md for its keys")
    problems = cross_checks(data)
    try:
        checked = model.model_validate(data)
    except ValidationError as error:
        problems += [_in_words(detail, model, data) for detail in error.errors(include_url=False) if _is_own(detail)]
    if problems:
        raise ScopingError(_message(problems, lines, path))
    return checked


def raise_cross_problems(problems: Iterable[Problem]) -> None:
    """The same checks for a model that was not read from a file."""
    if words := "; ".join(f"{dotted(path)}: {what}" for path, what in problems):
        raise PydanticCustomError(CROSS, "{words}", {"words": words})


def items_of(data: Any, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The mappings in the list under a key, with their positions, whatever else is wrong with them."""
    items = data.get(name) if isinstance(data, Mapping) else None
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, Mapping):
            yield index, item


def words_of(data: Any, name: str, key: str) -> Iterator[tuple[int, str]]:
    """The texts under one key of the items of a list."""
    for index, item in items_of(data, name):
        word = item.get(key)
        if isinstance(word, str) and word.strip():
            yield index, word.strip()


def repeats(found: Iterable[tuple[int, str]], name: str, key: str = "id") -> Iterator[Problem]:
    """Ids that an earlier item has already; capitals make no difference."""
    first: dict[str, int] = {}
    for index, word in found:
        if first.setdefault(word.casefold(), index) != index:
            earlier = f"{name}[{first[word.casefold()] + 1}]"
            yield (name, index, key), f"{name}[{index + 1}].{key} is {show(word)}, as in {earlier}; give each its own"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest of the known words, or all of them."""
    names = list(known)
    nearest = difflib.get_close_matches(word[:60].casefold(), names, n=1)
    return f"did you mean '{nearest[0]}'?" if nearest else f"known here: {', '.join(names)}"


def dotted(path: KeyPath) -> str:
    """`criteria.exclude[2].label`; list items count from 1, as people do."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def show(value: object) -> str:
    """A value in quotes, on one line, not too long."""
    text = " ".join(str(value).split())
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"


def unwrapped(annotation: Any) -> Any:
    """An annotation without `Annotated` and without `| None`."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        else:
            return annotation


def choices(annotation: Any) -> tuple[str, ...]:
    """The words that are allowed for a value, if they are a closed list."""
    annotation = unwrapped(annotation)
    if get_origin(annotation) is Literal:
        return tuple(str(word) for word in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return tuple(str(member.value) for member in annotation)
    return ()


def inside(annotation: Any) -> Any:
    """What a list or a mapping of ids holds; anything else is itself."""
    annotation = unwrapped(annotation)
    origin, parts = get_origin(annotation), get_args(annotation)
    return unwrapped(parts[1]) if origin is dict else unwrapped(parts[0]) if origin in (tuple, list) else annotation


def _annotation_at(model: Any, path: KeyPath) -> Any:
    """The annotation of the value at a key path."""
    here: Any = model
    for part in path:
        here = unwrapped(here)
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(str(part))
            here = field.annotation if field else None
        else:
            here = inside(here)
    return unwrapped(here)


def _is_own(detail: ErrorDetails) -> bool:
    """Not the echo of another problem: cross-checks are told already, and a list with a bad item is not too short."""
    if detail["type"] == "too_short":
        return len(detail["input"]) < int(detail["ctx"]["min_length"])
    return detail["type"] != CROSS


def _typed(data: Plain, path: KeyPath) -> Any:
    """The value as it was typed, before anything was made of it."""
    here: Any = data
    for part in path:
        here = here[part]
    return here


def _in_words(detail: ErrorDetails, model: type[Strict], data: Plain) -> Problem:
    """One of pydantic's errors as its place and a sentence."""
    path: KeyPath = detail["loc"]
    kind = detail["type"]
    if path and path[-1] == "[key]":
        return path[:-1], f"{show(path[-2])} cannot be an id; {_rule(detail, model, path)}"
    if kind == "missing":
        where = f" in {dotted(path[:-1])}" if len(path) > 1 else ""
        allowed = choices(_annotation_at(model, path))
        also = f" (one of {', '.join(allowed)})" if allowed else ""
        return path, f"'{path[-1]}' is missing or empty{where}; add it{also}"
    if kind == "extra_forbidden":
        siblings = _annotation_at(model, path[:-1]).model_fields
        if not siblings:
            return path, f"'{path[-1]}' is not known; {dotted(path[:-1])} takes no keys yet"
        return path, f"'{path[-1]}' is not known; {did_you_mean(str(path[-1]), siblings)}"
    value = _typed(data, path)
    if value is None or (isinstance(value, str) and not value.strip()):
        return path, f"{dotted(path)} is empty; give it a value"
    if isinstance(value, Mapping | list | tuple):
        shape = "mapping" if isinstance(value, Mapping) else "list"
        count = (
            f"has {len(value) or 'no'} item{'' if len(value) == 1 else 's'}" if kind == "too_short" else f"is a {shape}"
        )
        said = "is not right" if kind == "scoping" else count
        return path, f"{dotted(path)} {said}; {_rule(detail, model, path)}"
    return path, f"{dotted(path)} is {show(value)}; {_rule(detail, model, path)}"


def _rule(detail: ErrorDetails, model: type[Strict], path: KeyPath) -> str:
    """What is allowed instead of a wrong value."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "scoping":
        return str(context["words"])
    if kind in ("enum", "literal_error"):
        allowed = choices(_annotation_at(model, path))
        nearest = difflib.get_close_matches(str(detail["input"]).casefold(), allowed, n=1)
        return f"did you mean '{nearest[0]}'?" if nearest else f"write one of {', '.join(allowed)}"
    rules = {
        "string_type": "write a text here",
        "model_type": "write 'key: value' lines under it",
        "dict_type": "write 'id:' lines under it, each with its own keys",
        "tuple_type": "write a list: '- ' lines under it, or [one, two]",
        "string_pattern_mismatch": _PATTERN_WORDS.get(str(context.get("pattern")), detail["msg"]),
        "string_too_short": "give it a value",
        "greater_than_equal": f"at least {context.get('ge', 0):g} is needed",
        "less_than_equal": f"at most {context.get('le', 0)} is possible",
        "greater_than": f"more than {context.get('gt', 0):g} is needed",
        "too_short": f"at least {context.get('min_length')} is needed",
    }
    return rules.get(kind, detail["msg"])


def _message(problems: list[Problem], lines: Lines, path: Path) -> str:
    """One line for each problem, in the order of the file."""
    found = sorted({(lines.nearest(where), what) for where, what in problems})
    told = [str(ScopingError(what, path=path, at=line)) for line, what in found[:_MOST_PROBLEMS]]
    if len(found) > _MOST_PROBLEMS:
        told.append(f"{path}: and {len(found) - _MOST_PROBLEMS} more; mend these first")
    return "\n".join(told)
