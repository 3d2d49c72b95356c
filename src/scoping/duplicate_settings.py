"""What the protocol says of possible duplicates: who is asked, and how much of what was decided without asking is checked."""

from typing import Annotated

from pydantic import Field

from scoping.strict_model import AS_WHOLE, NO_REPEATS, Name, Strict

Team = Annotated[tuple[Name, ...], Field(min_length=1), NO_REPEATS]
SheetRows = Annotated[int, Field(ge=1, le=10_000), AS_WHOLE]
Pairs = Annotated[int, Field(ge=0, le=10_000), AS_WHOLE]


class DuplicateCheck(Strict):
    """Pairs drawn by lot from what was decided without asking, to say how exact de-duplication was."""

    merged: Pairs = Field(default=0, description="Merges that are drawn; 0 for none.")
    apart: Pairs = Field(default=0, description="Near pairs that were kept apart and are drawn; 0 for none.")


class DuplicatesStage(Strict):
    """Pairs of entries that only a person can tell apart. One answer is enough."""

    people: Team = Field(description="Ids of those who answer.")
    sheet_rows: SheetRows = Field(default=500, description="The most rows in one sheet.")
    check: DuplicateCheck = Field(
        default=DuplicateCheck(),
        description="How many pairs people check of those that were decided without asking them, for an estimate of the error.",
    )
