"""What the protocol says of the end of screening: the recall that is aimed at, a random control sample, a declared stop."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from scoping.strict_model import AS_NUMBER, AS_WHOLE, MAY_BE_NULL, Day, Name, Problem, Strict, Text, did_you_mean, show

Rule = Literal["buscar", "random_sample", "declared"]


class Automation(Strict):
    """What a machine may exclude. Nothing can be declared here; what people leave unscreened stands in `screening.stop`."""


class Stop(Strict):
    """People end screening before all records are read. Without it no record is left unscreened."""

    stage: Literal["title", "title_abstract"] = Field(default="title_abstract", description="The stage that ends.")
    rule: Rule = Field(
        description="What it rests on: `buscar`, the rule of Callaghan and Müller-Hansen; `random_sample`, the exact "
        "interval of the control sample; `declared`, no rule. What the rule says on that day is kept and printed, also "
        "where it is not met."
    )
    declared_by: Name = Field(description="Id of the person who answers for it.")
    date: Day = Field(
        description="The day of the declaration. It covers the records that nobody had been given by then; to have it "
        "cover records of a later search as well, declare it anew with another day."
    )
    reason: Text = Field(description="Why screening may end; kept in the ledger.")


class Screening(Strict):
    """The end of screening. `target_recall` and `p` are fixed before the first decision; later changes are printed."""

    target_recall: Annotated[float, Field(ge=0.5, le=1, allow_inf_nan=False), AS_NUMBER] = Field(
        default=0.95, description="The share of all relevant records that is to be found before screening may stop."
    )
    p: Annotated[float, Field(gt=0, le=0.5, allow_inf_nan=False), AS_NUMBER] = Field(
        default=0.05, description="How probable a stop at less than that may be; intervals are at 1 - p."
    )
    control_sample: Annotated[int, Field(ge=0, le=10_000), AS_WHOLE] = Field(
        default=0,
        description="Records that are drawn at random, all at once, from those that nobody has been given at title and "
        "abstract, and issued as one batch: they say what remains. A larger number draws the difference anew.",
    )
    stop: Annotated[Stop | None, MAY_BE_NULL] = Field(
        default=None, description="The declaration that ends screening; taking it out brings all records back."
    )


def problems(review: Mapping[str, Any]) -> list[Problem]:
    """A stop of a stage that is not there, by nobody of the team, or on a sample that cannot be; a sample of no sheet."""
    screening, stages = _mapping(review.get("screening")), _mapping(review.get("stages"))
    stop, people = _mapping(screening.get("stop")), [str(person) for person in _mapping(review.get("people"))]
    by, found = stop.get("declared_by"), list[Problem]()
    if isinstance(by, str) and people and by.strip() not in people:
        what = f"screening.stop.declared_by is {show(by)}, who is not one of people; {did_you_mean(by, people)}"
        found.append((("screening", "stop", "declared_by"), what))
    if stop.get("stage") == "title":
        if not _mapping(stages.get("title")):
            found.append((("screening", "stop", "stage"), "titles are not screened alone here; write title_abstract"))
        if stop.get("rule") == "random_sample":
            what = "the control sample is drawn at title_abstract; name another rule for a stop at title"
            found.append((("screening", "stop", "rule"), what))
    number, rows = screening.get("control_sample"), _mapping(stages.get("title_abstract")).get("sheet_rows", 500)
    try:
        too_long = int(str(number or 0)) > int(str(rows))
    except ValueError:
        too_long = False  # said elsewhere
    if too_long:
        what = f"{number} records do not fit on one sheet; raise stages.title_abstract.sheet_rows, now {rows}"
        found.append((("screening", "control_sample"), what))
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
