"""What the protocol says of the flow diagram: its wording, lines of its own, and the version before."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from scoping.figure_settings import GENERIC, Preset
from scoping.strict_model import AS_WHOLE, MAY_BE_NULL, NO_REPEATS, Problem, Strict, Text, YesNo, words_of, wrong

Box = Literal[
    "title_screened",
    "title_excluded",
    "screened",
    "excluded",
    "sought",
    "not_retrieved",
    "assessed",
    "reports_excluded",
    "included_reports",
    "other_sought",
    "other_not_retrieved",
    "other_assessed",
    "other_excluded",
    "other_included_reports",
]
Field_ = Literal["type", "language", "year", "journal", "publisher", "reason", "route"]


class ExtraLine(Strict):
    """A line that says how many of a box are of some kind."""

    box: Box = Field(description="The box, as it is named in `reports/prisma_ids.csv`.")
    label: Text = Field(description="What the line says before its number.")
    column: Field_ = Field(
        description="What is looked at: a column of the record, or the reason or route of its decision."
    )
    values: Annotated[tuple[Text, ...], Field(min_length=1), NO_REPEATS] = Field(
        description="The values that count, exactly as they stand in the tables."
    )


def _own_labels(lines: tuple[ExtraLine, ...]) -> tuple[ExtraLine, ...]:
    """The label tells the lines of a box apart."""
    seen: set[tuple[str, str]] = set()
    for line in lines:
        if (line.box, line.label) in seen:
            raise wrong(f"two lines of {line.box} are called {line.label!r}; give one another label")
        seen.add((line.box, line.label))
    return lines


class Map(Strict):
    """The evidence map."""

    abstracts: YesNo = Field(
        default=False,
        description="Whether the page holds the abstracts of included reports. Many are under copyright: say yes only "
        "where they may be passed on to whoever gets the page.",
    )


class Report(Strict):
    """The flow diagram, the evidence map, and how figures are printed."""

    wording: Literal["studies", "sources of evidence"] = Field(
        default="studies",
        description="What is included: `studies` in the words of PRISMA 2020, or `sources of evidence` in those of its "
        "extension for scoping reviews.",
    )
    reasons: Annotated[int, Field(ge=2, le=100), AS_WHOLE] = Field(
        default=8,
        description="The most lines of reasons in a box of reports excluded: where there are more, the smallest stand "
        "together as `Other reasons`. The tables keep each.",
    )
    lines: Annotated[tuple[ExtraLine, ...], AfterValidator(_own_labels)] = Field(
        default=(), description="Lines that boxes of the diagram have besides those of PRISMA."
    )
    map: Map = Field(default=Map(), description="What the evidence map holds.")
    anonymous: YesNo = Field(
        default=False,
        description="Whether what goes to journals names nobody of the team: reviewer A, reviewer B and so on, the same in "
        "all outputs. The progress page, which stays with the team, names people all the same.",
    )
    preset: Preset = Field(
        default=GENERIC,
        description="How figures and the flow diagram are printed: what a journal wants otherwise than the generic preset.",
    )


class Previous(Strict):
    """The version of the review before this one."""

    citation: Text = Field(description="How it is cited; printed below the diagram.")
    studies: Annotated[Annotated[int, Field(ge=1), AS_WHOLE] | None, MAY_BE_NULL] = Field(
        default=None, description="How many studies it says it included; compared with `data/raw/previous/reports.csv`."
    )
    reports: Annotated[Annotated[int, Field(ge=1), AS_WHOLE] | None, MAY_BE_NULL] = Field(
        default=None, description="How many reports of studies it says it included; compared with the same file."
    )


def problems(review: Mapping[str, Any]) -> list[Problem]:
    """Lines of boxes that only screening by title gives."""
    stages = review.get("stages")
    if isinstance(stages, Mapping) and stages.get("title") not in (None, "", "~", "null"):
        return []
    return [
        (("report", "lines", at, "box"), f"there is no box {word} without stages.title; take the line out")
        for at, word in words_of(review.get("report"), "lines", "box")
        if word.startswith("title_")
    ]
