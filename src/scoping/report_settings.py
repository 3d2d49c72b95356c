"""What the protocol says of the flow diagram: its wording, lines of its own, and the version before."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from scoping.figure_settings import GENERIC, Preset
from scoping.strict_model import NO_REPEATS, Strict, Text, YesNo, wrong

Box = Literal[
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


class Report(Strict):
    """The flow diagram, and how it and the figures are printed."""

    wording: Literal["studies", "sources of evidence"] = Field(
        default="studies",
        description="What is included: `studies` in the words of PRISMA 2020, or `sources of evidence` in those of its "
        "extension for scoping reviews.",
    )
    lines: Annotated[tuple[ExtraLine, ...], AfterValidator(_own_labels)] = Field(
        default=(), description="Lines that boxes of the diagram have besides those of PRISMA."
    )
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
