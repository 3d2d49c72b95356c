"""What the protocol says of the stages at which people work: who, how many, in what portions, judged by whom."""

from typing import Annotated, Literal

from pydantic import Field

from scoping.duplicate_settings import DuplicatesStage, SheetRows, Team
from scoping.strict_model import (
    AS_NUMBER,
    AS_WHOLE,
    IN_ORDER_OF_IDS,
    MAY_BE_NULL,
    NO_REPEATS,
    CodeId,
    Name,
    Strict,
    Text,
    YesNo,
)

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), AS_NUMBER]
Size = Annotated[int, Field(ge=0, le=10_000), AS_WHOLE]


class DoubtfulTextsStage(Strict):
    """Files in data/raw/fulltext of which it is not certain what report they are. One answer is enough."""

    people: Team = Field(description="Ids of those who answer.")
    sheet_rows: SheetRows = Field(default=500, description="The most rows in one sheet.")


class StudiesStage(Strict):
    """Which included reports are of one study, and how many models a study describes. One answer is enough."""

    people: Team = Field(description="Ids of those who answer.")
    sheet_rows: SheetRows = Field(default=500, description="The most rows in one sheet.")


class GatePassed(Strict):
    """Somebody answers for going on although the pilot fell short."""

    by: Name = Field(description="Id of the person who decides so.")
    reason: Text = Field(description="Why the review may go on; kept in the ledger.")


class ScreeningStage(Strict):
    """What the stages with decisions have in common."""

    mode: Literal["single", "dual", "dual-with-sample"] = Field(
        description="How many people decide on each item, unknown to each other: one, two, or one and for a random "
        "share of the items (`sample`) a second one."
    )
    sample: Share = Field(
        default=0.2, description="The share that two people decide on if the mode is dual-with-sample."
    )
    people: Team = Field(description="Ids of those who label; two or more unless the mode is single.")
    shares: Annotated[dict[Name, Annotated[float, Field(gt=0, le=100), AS_NUMBER]], IN_ORDER_OF_IDS] = Field(
        default={}, description="How much work each person takes, relative to the others; 1 for whoever is not named."
    )
    adjudicator: Annotated[Name | None, MAY_BE_NULL] = Field(
        default=None, description="Id of the person who settles conflicts; not one of those who label, unless alone."
    )
    adjudication: Literal["blind", "named"] = Field(
        default="blind",
        description="Whether the adjudicator sees the answers without or with the names of who gave them.",
    )
    pilot: Size = Field(
        default=0, description="Size of the first batch, which everybody labels to calibrate; 0 for none."
    )
    pilot_rounds: Annotated[int, Field(ge=1, le=20), AS_WHOLE] = Field(
        default=1, description="How many pilots there may be; raise it to try again after a pilot that fell short."
    )
    gate: Share = Field(
        default=0.75, description="The raw agreement that a pilot must reach before other batches are issued."
    )
    gate_passed: Annotated[GatePassed | None, MAY_BE_NULL] = Field(
        default=None, description="Who lets the review go on although the pilot fell short, and why."
    )
    batch: Annotated[int, Field(ge=1, le=10_000), AS_WHOLE] = Field(
        default=50, description="The fewest items in a batch."
    )
    open_batches: Annotated[int, Field(ge=1, le=1000), AS_WHOLE] = Field(
        default=2, description="How many unfinished sheets a person may hold at a time, pilot and adjudication apart."
    )
    sheet_rows: SheetRows = Field(default=500, description="The most rows in one sheet.")


class TitleAbstractStage(ScreeningStage):
    """Screening of records on title and abstract."""

    pilot: Size = Field(
        default=25, description="Size of the first batch, which everybody labels to calibrate; 0 for none."
    )
    growth: Share = Field(
        default=0.2, description="A batch holds at least this share of the records that are labelled so far."
    )
    largest: Annotated[int, Field(ge=1, le=10_000), AS_WHOLE] = Field(
        default=500, description="The most records in a batch that grows."
    )
    audit: Share = Field(
        default=0.05,
        description="The share of each batch that is drawn at random instead of from the top of the order.",
    )
    unsure: Literal["conflict", "include"] = Field(
        default="conflict", description="What the answer 'unsure' becomes: a conflict to be settled, or an inclusion."
    )


class TitleStage(TitleAbstractStage):
    """Screening of records by their titles alone."""

    unsure: Literal["conflict", "include"] = Field(
        default="include",
        description="What the answer 'unsure' becomes: a conflict to be settled, or an inclusion, so that the abstract "
        "decides.",
    )


class FullTextStage(ScreeningStage):
    """Assessment of reports in full text."""


class CodedStage(ScreeningStage):
    """What the stages have in common at which reports or transcripts are coded with the codebook."""

    pilot_codes: Annotated[tuple[CodeId, ...], NO_REPEATS] = Field(
        default=(),
        description="Ids of the codes on which people are likeliest to differ: with them alone the pilot begins, and "
        "the other codes of its reports follow once the gate is passed. Without any the pilot has all codes.",
    )


class CodingStage(CodedStage):
    """Charting of the included reports with the codebook. Sizes count reports."""

    batch: Annotated[int, Field(ge=1, le=10_000), AS_WHOLE] = Field(default=10, description="Reports in a batch.")
    suggestions: YesNo = Field(
        default=True, description="Whether new sheets show suggestions: passages worth reading, which set no value."
    )
    blind: Share = Field(
        default=0.2,
        description="The share of cells, drawn by lot, that all coders code without a suggestion: the headline "
        "agreement comes from them, and they show how much suggestions sway people.",
    )
    floor: Share = Field(
        default=0.3,
        description="A code's suggestions are switched off on new sheets where, of 10 or more suggested cells that were "
        "coded, a smaller share than this was confirmed.",
    )
    missing_quote: Literal["warn", "error"] = Field(
        default="warn",
        description="What a quote that does not stand in the stored text does: warn names it in the tables and in "
        "scoping status, error ends each run with an error as well, after all else is written.",
    )


class InterviewsStage(CodedStage):
    """Coding of the transcripts of `interviews` with the codebook. Sizes count transcripts; nothing is suggested."""

    batch: Annotated[int, Field(ge=1, le=10_000), AS_WHOLE] = Field(default=10, description="Transcripts in a batch.")


class Stages(Strict):
    """Who does what, and in what portions."""

    duplicates: DuplicatesStage = Field(description="Questions about possible duplicates.")
    title: Annotated[TitleStage | None, MAY_BE_NULL] = Field(
        default=None,
        description="Screening by title alone, before that on title and abstract: `include` lets a record go on to it. "
        "Only from the beginning; without it there is one screening.",
    )
    title_abstract: TitleAbstractStage = Field(description="Screening on title and abstract.")
    doubtful_texts: Annotated[DoubtfulTextsStage | None, MAY_BE_NULL] = Field(
        default=None,
        description="Questions about files that cannot be matched to a report; without it nobody is asked, and such a "
        "file is renamed by hand.",
    )
    full_text: FullTextStage = Field(description="Assessment in full text.")
    studies: Annotated[StudiesStage | None, MAY_BE_NULL] = Field(
        default=None,
        description="Questions about reports of one study, and about several models in a study; without it each report "
        "is a study of its own, unless `related` was answered about possible duplicates.",
    )
    coding: CodingStage = Field(description="Charting of what was included.")
    interviews: Annotated[InterviewsStage | None, MAY_BE_NULL] = Field(
        default=None, description="Coding of transcripts, apart from the literature; without it there are none."
    )
