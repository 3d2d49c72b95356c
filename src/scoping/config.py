"""The protocol of a review, `config/review.yaml`: its models, its checks and the settings of each command.

A command gets only the sections that it depends on, as canonical JSON: what is tracked is exactly what is passed.
"""

import functools
import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from scoping import zotero_settings
from scoping.declared_settings import Declarations
from scoping.export_settings import Columns, ExportedDecisions
from scoping.export_settings import problems as export_problems
from scoping.interview_settings import Interview
from scoping.interview_settings import problems as interview_problems
from scoping.ranking_settings import Ranking
from scoping.report_settings import Previous, Report
from scoping.report_settings import problems as report_problems
from scoping.screening_settings import Automation, Screening
from scoping.screening_settings import problems as screening_problems
from scoping.stage_settings import Stages
from scoping.strict_model import (
    AS_WHOLE,
    IN_ORDER_OF_IDS,
    MAY_BE_NULL,
    NO_REPEATS,
    Day,
    Mark,
    Name,
    Problem,
    Strict,
    Text,
    YesNo,
    canonical,
    did_you_mean,
    raise_cross_problems,
    read_model,
    show,
    wrong,
)

SECTIONS: dict[str, tuple[str, ...]] = {
    "ingest": ("sources",),
    "collect": ("criteria", "stages", "people"),
    "dedupe": ("sources",), "recheck": ("notice", "stages", "seed"),
    "resolve": ("criteria", "stages", "screening", "seed"),
    "studies": ("stages", "people"),
    "rank": ("question", "criteria", "ranking", "seed"),
    "issue": ("title", "notice", "question", "criteria", "keywords", "examples", "people", "stages", "screening", "seed"),
    "extract": (),
    "coding": ("stages", "seed"),
    "interviews": ("notice", "interviews", "stages", "seed"),
    "suggest": ("stages", "seed"),
    "flow": ("title", "notice", "sources", "criteria", "screening", "report", "previous"),
    "synthesise": ("title", "notice", "question", "sources", "criteria", "report"),
    "map": ("title", "notice", "report"),
    "references": ("notice",),
    "agree": ("notice", "criteria", "seed", "report", "people"),
    "suggested": ("notice", "stages", "seed"),
    "quotes": ("notice", "report", "people"),
    "enforce": ("stages",),
    "health": ("notice", "report", "screening", "seed"),
    "manuscript": ("title", "notice"),
    "supplement": ("title", "notice"),
    "progress": ("title", "notice", "people"),
    "describe": (
        "title", "notice", "question", "sources", "criteria", "stages", "ranking", "screening", "report", "previous", "interviews",
        "declarations", "people", "seed",
    ),
    "front": ("title", "notice"),
    "manifest": ("title", "notice", "report", "people"),
    "status": ("stages", "people"),
    "zotero": ("zotero",),
}  # fmt: skip
"""What each command depends on: a change elsewhere in the protocol does not run it again."""


class SourceKind(StrEnum):
    """Where entries come from, in PRISMA's words."""

    DATABASE = "database"
    REGISTER = "register"
    WEBSITE = "website"
    ORGANISATION = "organisation"
    CITATION_SEARCHING = "citation_searching"
    CONTACT = "contact"

    @property
    def arm(self) -> Literal["databases", "other"]:
        """The column of the PRISMA diagram that counts it."""
        return "databases" if self in (SourceKind.DATABASE, SourceKind.REGISTER) else "other"


def _inside_exports(name: str) -> str:
    """File names stay within data/raw/exports on every system."""
    if "\\" in name:
        raise wrong("write folders with /, not with \\")
    if "\n" in name or "\t" in name:
        raise wrong("write the name on one line, without tabs")
    windows = PureWindowsPath(name)
    if PurePosixPath(name).is_absolute() or windows.drive or windows.root or ".." in name.split("/"):
        raise wrong("name a file within data/raw/exports, without a leading / and without ..")
    if name.endswith("/") or name in (".", "~") or name.startswith("~/"):
        raise wrong("name a file within data/raw/exports, or a pattern such as scopus/*.ris")
    return name


def _known_encoding(name: str) -> str:
    """A text encoding that can be read, or nothing."""
    try:
        "a".encode(name or "utf-8")
    except (LookupError, ValueError):
        raise wrong("write an encoding such as utf-8, utf-16 or cp1252, or leave it out") from None
    return name


FileName = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_inside_exports)]
Encoding = Annotated[str, AfterValidator(_known_encoding)]


class Question(Strict):
    """The review question in the form population, concept, context."""

    text: Text = Field(description="The review question as one sentence.")
    population: Text = Field(description="Who the studies are about.")
    concept: Text = Field(description="What the review is about.")
    context: Text = Field(description="Where, and in which settings.")


class Source(Strict):
    """One search of one source."""

    name: Text = Field(description="The source's name as it is printed, for example Scopus.")
    kind: SourceKind = Field(description="What it is; databases and registers form one arm of the PRISMA diagram.")
    platform: str = Field(default="", description="The interface through which it was searched, for example Ovid.")
    searched: Annotated[Day | None, MAY_BE_NULL] = Field(
        default=None, description="The day on which the search was last run."
    )
    files: Annotated[tuple[FileName, ...], Field(min_length=1), NO_REPEATS] = Field(
        description="Export files within `data/raw/exports`: names, or patterns such as `scopus/*.ris`."
    )
    strategy: str = Field(default="", description="The search as it was run, in full.")
    reported_hits: Annotated[Annotated[int, Field(ge=0), AS_WHOLE] | None, MAY_BE_NULL] = Field(
        default=None, description="The number of hits that the source reported; compared with what was read."
    )
    encoding: Encoding = Field(default="", description="The encoding of the files, if finding it by itself fails.")
    columns: Columns = Field(
        default={},
        description="Names of columns of a table by what they hold, if they are not known: `title: Titel`.",
    )
    decisions: tuple[ExportedDecisions, ...] = Field(
        default=(), description="Labels in the files that are decisions of named people, see [exports.md](exports.md)."
    )


class Inclusion(Strict):
    """One criterion that an included record meets."""

    id: Mark = Field(description="A short id, unique among all criteria.")
    text: Text = Field(description="The criterion as screeners read it.")


class Exclusion(Strict):
    """One reason for which a record is excluded."""

    id: Mark = Field(description="A short id, unique among all criteria; this is what decisions store.")
    label: Text = Field(description="The reason as it stands on sheets and in the PRISMA diagram.")
    text: Text = Field(description="The criterion as screeners read it.")


class Criteria(Strict):
    """The eligibility criteria."""

    include: tuple[Inclusion, ...] = Field(min_length=1, description="What an included record meets.")
    exclude: tuple[Exclusion, ...] = Field(
        min_length=1,
        description="Reasons for exclusion in order of priority: a report's primary reason is the first that applies.",
    )


class Example(Strict):
    """A worked example for the screeners."""

    decision: Literal["include", "exclude"] = Field(description="The right answer.")
    title: Text = Field(description="The title of the example.")
    why: Text = Field(description="The reasoning in one or two sentences.")


class Person(Strict):
    """Somebody who labels sheets. The id may be a pseudonym."""

    name: str = Field(default="", description="A name to print; may stay empty.")
    active: YesNo = Field(
        default=True, description="`no` for somebody who gets no new sheets; earlier decisions stand."
    )


class Review(Strict):
    """The protocol of one review."""

    title: Text = Field(description="The title of the review.")
    notice: str = Field(
        default="", description="A sentence for every output, for example that the review is synthetic."
    )
    question: Question = Field(description="The review question.")
    sources: Annotated[dict[Name, Source], Field(min_length=1), IN_ORDER_OF_IDS] = Field(
        description="What was searched, each under an id of its own."
    )
    criteria: Criteria = Field(description="The eligibility criteria.")
    keywords: Annotated[tuple[Text, ...], NO_REPEATS] = Field(
        default=(), description="Words, or stems with `*`, that are highlighted on sheets."
    )
    examples: tuple[Example, ...] = Field(default=(), description="Worked examples for the screeners.")
    people: Annotated[dict[Name, Person], Field(min_length=1), IN_ORDER_OF_IDS] = Field(
        description="The team, each under an id of their own."
    )
    stages: Stages = Field(description="Who does what, and in what portions.")
    ranking: Ranking = Field(default=Ranking(), description="The order of undecided records.")
    screening: Screening = Field(default=Screening(), description="When screening ends: target, control, a stop.")
    automation: Automation = Field(default=Automation(), description="What a machine may exclude: nothing.")
    report: Report = Field(
        default=Report(),
        description="How the flow diagram is worded, what it says besides, and what the evidence map holds.",
    )
    previous: Annotated[Previous | None, MAY_BE_NULL] = Field(
        default=None,
        description="Only for an updated review: the version before. What it included stands in "
        "`data/raw/previous/reports.csv`.",
    )
    interviews: tuple[Interview, ...] = Field(
        default=(), description="Transcripts that are coded as a stream of their own; no count of PRISMA sees them."
    )
    declarations: Declarations = Field(
        default=Declarations(), description="What only the authors can say, for the methods section and the checklists."
    )
    zotero: Annotated[dict[Name, zotero_settings.ZoteroLibrary], IN_ORDER_OF_IDS] = Field(
        default={},
        description="Zotero libraries for `scoping zotero`, each under an id of its own; runs of the workflow ask none.",
    )
    seed: Annotated[int, Field(ge=0, le=2**32 - 1), AS_WHOLE] = Field(
        description="The number that every random order starts from."
    )

    @model_validator(mode="after")
    def _keys_fit_each_other(self) -> "Review":
        raise_cross_problems(cross_checks(self.model_dump(mode="json")))
        return self

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A command that reads a section that it does not declare would not run again when it changes."""
            if name in type(self).model_fields:
                raise AttributeError(f"{name!r} is not in these settings; declare it in scoping.config.SECTIONS")
            return super().__getattr__(name)


def load(path: Path) -> Review:
    """The protocol; or one error with a line for each problem in it."""
    return read_model(path, Review, cross_checks)


def settings(review: Review, command: str) -> str:
    """The sections that a command depends on, as canonical JSON."""
    sections = SECTIONS[command]
    for name in sections:
        getattr(review, name)
    return canonical(review.model_dump(mode="json", include=set(sections)))


def from_settings(text: str) -> Review:
    """A review that holds the sections in a command's settings; any other section raises AttributeError."""
    data = json.loads(text)
    if not isinstance(data, dict) or (unknown := sorted(data.keys() - Review.model_fields.keys())):
        raise ValueError(f"these are not the settings of a command: {unknown if isinstance(data, dict) else text}")
    values = {name: _section(name).validate_python(value) for name, value in data.items()}
    partial = Review.model_construct(_fields_set=set(values), **values)
    for name in Review.model_fields.keys() - values.keys():
        partial.__dict__.pop(name, None)
    return partial


@functools.cache
def _section(name: str) -> TypeAdapter[Any]:
    """The checks of one section alone."""
    field = Review.model_fields[name]
    annotation: Any = Annotated[field.annotation, field]
    return TypeAdapter(annotation)


def cross_checks(data: Any) -> list[Problem]:
    """What one key says about another, looked up in plain data so that other mistakes do not hide it."""
    review = _mapping(data)
    problems = _stage_problems(review) + _criteria_problems(_mapping(review.get("criteria")))
    return [
        *problems,
        *export_problems(review),
        *interview_problems(review),
        *report_problems(review),
        *screening_problems(review),
        *zotero_settings.problems(review),
    ]


def _stage_problems(review: Mapping[str, Any]) -> list[Problem]:
    """People who are not known, too few for a pair, or judges in their own case."""
    known = [str(person) for person in _mapping(review.get("people"))]
    problems: list[Problem] = []
    for name, value in _mapping(review.get("stages")).items():
        stage = _mapping(value)
        team = [(index, person.strip()) for index, person in _texts(stage.get("people"))]
        ids = {person for _, person in team}
        judge = stage.get("adjudicator")
        judge = judge.strip() if isinstance(judge, str) and judge.strip() not in ("", "~", "null") else None
        named: list[Problem] = [(("stages", name, "people", index), person) for index, person in team]
        named += [(("stages", name, "adjudicator"), judge)] if judge else []
        if known:
            problems += [
                (place, f"{show(person)} is not one of people; {did_you_mean(person, known)}")
                for place, person in named
                if person not in known
            ]
        problems += _pair_problems(name, stage, ids, judge) + _named_problems(name, stage, ids, known)
    return problems


def _pair_problems(name: str, stage: Mapping[str, Any], ids: set[str], judge: str | None) -> list[Problem]:
    """Two people are needed to differ, and a third to judge."""
    mode = stage.get("mode")
    problems: list[Problem] = []
    if mode in ("dual", "dual-with-sample") and ids:
        if len(ids) < 2:
            what = f"stages.{name}.people names one person; mode {mode} needs two or more"
            problems.append((("stages", name, "people"), what))
        if judge in ids:
            what = f"stages.{name}.adjudicator is {show(judge)}, who labels there too; name somebody else"
            problems.append((("stages", name, "adjudicator"), what))
    return problems


def _named_problems(name: str, stage: Mapping[str, Any], ids: set[str], known: list[str]) -> list[Problem]:
    """Shares of people who do not label there, a gate passed by nobody."""
    problems: list[Problem] = [
        (("stages", name, "shares", person), f"stages.{name}.shares names {show(person)}, who is not in people there")
        for person in map(str, _mapping(stage.get("shares")))
        if ids and person not in ids
    ]
    by = _mapping(stage.get("gate_passed")).get("by")
    if isinstance(by, str) and known and by.strip() not in known:
        what = f"stages.{name}.gate_passed.by is {show(by)}, who is not one of people; {did_you_mean(by, known)}"
        problems.append((("stages", name, "gate_passed", "by"), what))
    return problems


def _criteria_problems(criteria: Mapping[str, Any]) -> list[Problem]:
    """Ids that two criteria share, and labels that two reasons share; capitals make no difference."""
    problems: list[Problem] = []
    for key, lists in (("id", ("include", "exclude")), ("label", ("exclude",))):
        seen: dict[str, str] = {}
        for kind in lists:
            items = criteria.get(kind)
            for index, item in enumerate(items if isinstance(items, list) else []):
                word = _mapping(item).get(key)
                if not isinstance(word, str) or not word.strip():
                    continue
                here = f"criteria.{kind}[{index + 1}]"
                first = seen.setdefault(word.strip().casefold(), here)
                if first != here:
                    what = f"{here}.{key} is {show(word)}, as in {first}; give each its own"
                    problems.append((("criteria", kind, index, key), what))
    return problems


def _mapping(value: Any) -> Mapping[str, Any]:
    """A mapping, or an empty one in place of anything else."""
    return value if isinstance(value, Mapping) else {}


def _texts(value: Any) -> list[tuple[int, str]]:
    """The texts in a list with their positions, or nothing in place of anything else."""
    return [(i, text) for i, text in enumerate(value if isinstance(value, list) else []) if isinstance(text, str)]
