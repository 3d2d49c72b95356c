"""What the protocol may say of the order of undecided records, and of what was known before anything was screened."""

from typing import Annotated

from pydantic import AfterValidator, Field

from scoping.strict_model import AS_NUMBER, NO_REPEATS, Strict, Text, YesNo, wrong


def _plain_name(name: str) -> str:
    """A file in one folder."""
    if "/" in name or "\\" in name or "\n" in name or "\t" in name or name.startswith((".", "_", "~")):
        raise wrong("name a file in data/raw/prior, without its folder")
    return name


PriorFile = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_plain_name)]


class Prior(Strict):
    """What the model of the order learns from beside the decisions of this review; none of it decides on a record."""

    included: Annotated[tuple[Text, ...], NO_REPEATS] = Field(
        default=(),
        description="Record ids or DOIs of records that are known to be relevant; they are screened like all others.",
    )
    included_files: Annotated[tuple[PriorFile, ...], NO_REPEATS] = Field(
        default=(),
        description="Files in `data/raw/prior` whose records are all known to be relevant, in any export format.",
    )
    reviews: Annotated[tuple[PriorFile, ...], NO_REPEATS] = Field(
        default=(),
        description="Finished reviews in `data/raw/prior`: tables with a column `included` of 1 and 0, see "
        "[ordering.md](ordering.md).",
    )


class Ranking(Strict):
    """The order of undecided records; it excludes nothing. C and ratio are those of ASReview's ELAS u4, if left out."""

    enabled: YesNo = Field(default=True, description="Whether records that look relevant are issued first.")
    c: Annotated[float, Field(gt=0, allow_inf_nan=False), AS_NUMBER] = Field(
        default=0.11, description="The C of the linear support vector machines: larger fits the labels more closely."
    )
    ratio: Annotated[float, Field(gt=0, allow_inf_nan=False), AS_NUMBER] = Field(
        default=9.8, description="The weight of all inclusions relative to all exclusions."
    )
    prior: Prior = Field(default=Prior(), description="What is known before anything was screened.")
