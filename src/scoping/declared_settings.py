"""What only the authors can say of their review, for the methods section and the checklists. All of it is optional."""

from typing import Annotated

from pydantic import Field

from scoping.strict_model import MAY_BE_NULL, Day, Strict, Text

WITHHELD = "Withheld for anonymous review."


class Registration(Strict):
    """Where the review was registered."""

    name: Text = Field(description="The register, for example OSF Registries.")
    id: Text = Field(description="The number or address of the registration.")
    date: Annotated[Day | None, MAY_BE_NULL] = Field(default=None, description="The day of the registration.")


class Declarations(Strict):
    """What only the authors can say. What is left out is marked in the text as theirs to write, never made up.

    Whole sentences, as they are to stand in the paper: they are printed word for word.
    """

    registration: Annotated[Registration | None, MAY_BE_NULL] = Field(
        default=None, description="Where the review was registered."
    )
    protocol: str = Field(default="", description="Where the protocol can be read: a citation or an address.")
    amendments: str = Field(default="", description="What was changed after the protocol was registered, and why.")
    rationale: str = Field(default="", description="Why the review was done, and why as a scoping review.")
    eligibility: str = Field(default="", description="Why these criteria for eligibility.")
    coverage: str = Field(default="", description="The dates of coverage of the sources.")
    limits: str = Field(
        default="",
        description="Limits of the searches (dates, languages, types) with reasons, or that there were none.",
    )
    filters: str = Field(default="", description="Search filters that were used, with citations, or that none was.")
    reused: str = Field(
        default="",
        description="Strategies of other reviews that were reused or adapted, with citations, or that none was.",
    )
    updates: str = Field(default="", description="How searches were brought up to date: reruns, alerts.")
    peer_review: str = Field(default="", description="Whether and how the search strategies were peer reviewed.")
    appraisal: str = Field(
        default="", description="Whether and how sources of evidence were critically appraised, or why not."
    )
    synthesis: str = Field(default="", description="How the charted data were grouped and summarised, and why so.")
    other_tools: str = Field(
        default="", description="Tools beside this software that made or suggested judgements, or that none did."
    )
    funding: str = Field(default="", description="Who funded the review, and their part in it.")
    competing_interests: str = Field(default="", description="Competing interests of the authors.")

    def withheld(self) -> "Declarations":
        """The same without what tells whose review it is: where it is registered and published, and who paid."""
        telling = {name: WITHHELD for name in ("protocol", "funding", "competing_interests") if getattr(self, name)}
        entry = Registration(name="a register", id=WITHHELD.lower().rstrip(".")) if self.registration else None
        return self.model_copy(update={**telling, "registration": entry})
