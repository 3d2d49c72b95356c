"""What the protocol may say of an exported file: which column of a table holds what, and whose decisions came with it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from scoping.strict_model import (
    IN_ORDER_OF_IDS,
    MAY_BE_NULL,
    NO_REPEATS,
    Mark,
    Name,
    Problem,
    Strict,
    Text,
    did_you_mean,
    show,
)

TableField = Literal[
    "title", "abstract", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "url", "language",
    "keywords", "publisher", "type", "notes", "accession", "database", "source",
]  # fmt: skip
"""What a column of a table may hold; the names of `readers.columns`."""

Columns = Annotated[dict[TableField, Text], IN_ORDER_OF_IDS]
"""Field -> the name of its column in a table that is not known."""

NAMES_PEOPLE = "rayyan"
"""The one program whose labels say whose they are."""


def _as_on_sheets(word: Any) -> Any:
    """`unclear` and `maybe` are understood for `unsure`, as they are on sheets."""
    return "unsure" if isinstance(word, str) and word.strip().casefold() in ("unclear", "maybe") else word


Answer = Annotated[Literal["include", "exclude", "unsure", "withdraw"], BeforeValidator(_as_on_sheets)]
"""What a label may mean. `not retrieved` is none: it needs routes and a date, which no label has."""


class ExportedDecisions(Strict):
    """Labels of one export that are decisions of named people at one stage."""

    stage: Literal["title", "title_abstract", "full_text"] = Field(description="The stage that the decisions are of.")
    labels: Text = Field(
        description="Where labels stand: `rayyan`, `asreview`, `covidence` or `eppi`, else the name of a column or tag."
    )
    files: Annotated[tuple[Text, ...], NO_REPEATS] = Field(
        default=(), description="Those of the source's files that it is about, or patterns; all, if left out."
    )
    people: Annotated[dict[Text, Name], IN_ORDER_OF_IDS] = Field(
        default={}, description="Of Rayyan: a name in the labels, and whose id it is: `Anna Z: anna`."
    )
    person: Name | None = Field(default=None, description="Of all others: whose decisions these are.")
    answers: Annotated[dict[Text, Answer], IN_ORDER_OF_IDS] = Field(
        default={}, description="A label, and what it means: `Included: include`; `withdraw` takes decisions back."
    )
    unlabelled: Annotated[Answer | None, MAY_BE_NULL] = Field(
        default=None,
        description="What it means that an entry has no label, of files that hold only what was included (or excluded).",
    )
    reasons: Annotated[dict[Text, Mark], IN_ORDER_OF_IDS] = Field(
        default={}, description="A reason in the labels, and the id of its criterion."
    )
    ignore: Annotated[tuple[Text, ...], NO_REPEATS] = Field(
        default=(), description="Names, labels and reasons that are left in the entries, and that nobody is told of."
    )


_STAGES = ("title", "title_abstract", "full_text")


def problems(review: Mapping[str, Any]) -> list[Problem]:
    """People, stages and criteria that the protocol lacks, and labels that could be nobody's."""
    found: list[Problem] = []
    known = {
        "people": [str(id_) for id_ in _mapping(review.get("people"))],
        "reasons": [str(_mapping(one).get("id")) for one in _list(_mapping(review.get("criteria")).get("exclude"))],
        "stages": [name for name, stage in _mapping(review.get("stages")).items() if _given(stage)],
    }
    for place, what in _each(review):
        found += [((*place, *where), said) for where, said in _problems(what, review, known)]
    return found


def _each(review: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    for id_, source in _mapping(review.get("sources")).items():
        for index, what in enumerate(_list(_mapping(source).get("decisions"))):
            yield ("sources", str(id_), "decisions", index), _mapping(what)


def _problems(
    what: Mapping[str, Any], review: Mapping[str, Any], known: Mapping[str, list[str]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    stage, people, person = what.get("stage"), _mapping(what.get("people")), what.get("person")
    named = str(what.get("labels") or "").strip().casefold() == NAMES_PEOPLE
    if stage in _STAGES and stage not in known["stages"]:
        yield ("stage",), f"stages.{stage} is not in this protocol; name the stage there, or another one here"
    if named and (not people or _given(person)):
        yield ("people",), "labels of Rayyan name people; say under 'people' who is who, and leave 'person' out"
    if not named and (people or not _given(person)):
        yield ("person",), "these labels name nobody; say under 'person' whose they are, and leave 'people' out"
    if not _mapping(what.get("answers")) and not _given(what.get("unlabelled")):
        yield ("answers",), "'answers' is missing or empty; say what each label means"
    judge = _mapping(_mapping(review.get("stages")).get(str(stage))).get("adjudicator")
    for where, id_ in [*((("people", str(name)), id_) for name, id_ in people.items()), (("person",), person)]:
        if isinstance(id_, str) and _given(id_):
            yield from ((where, said) for said in _person_problems(id_.strip(), str(stage), judge, known["people"]))
    for label, id_ in _mapping(what.get("reasons")).items():
        if isinstance(id_, str) and known["reasons"] and id_.strip() not in known["reasons"]:
            told = f"{show(id_)} is not in criteria.exclude; {did_you_mean(id_, known['reasons'])}"
            yield ("reasons", str(label)), told


def _person_problems(person: str, stage: str, judge: Any, known: list[str]) -> Iterator[str]:
    """Somebody whom nobody knows, or who judges what others decided there."""
    if known and person not in known:
        yield f"{show(person)} is not one of people; {did_you_mean(person, known)}"
    elif isinstance(judge, str) and judge.strip() == person:
        yield f"{show(person)} is stages.{stage}.adjudicator, who judges what others decided there; name somebody else"


def _given(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and value.strip() in ("", "~", "null"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
