"""What is charted, `config/codebook.yaml`: families of codes and how each code is judged."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from scoping import codebook_figures, crosswalk, derivation
from scoping.codebook_figures import Figures
from scoping.columns import BASES
from scoping.crosswalk import Crosswalk
from scoping.derivation import Derived
from scoping.strict_model import (
    AS_WHOLE,
    NO_REPEATS,
    VALUE,
    CodeId,
    Mark,
    Problem,
    Strict,
    Text,
    YesNo,
    canonical,
    did_you_mean,
    items_of,
    raise_cross_problems,
    read_model,
    repeats,
    show,
    words_of,
)

Level: TypeAlias = Literal["individual", "organisation", "system"]
Stream: TypeAlias = Literal["literature", "interviews"]
STREAMS: dict[str, Stream] = {"coding": "literature", "interviews": "interviews"}  # of each stage that is coded
Unit: TypeAlias = Literal["model", "study", "report"]
Value: TypeAlias = Annotated[str, StringConstraints(pattern=VALUE)]
USUAL = ("yes", "no", "unclear")
ABSENT = ("no", "none")  # values that say that something is not reported, and so rest on no quote
# what sheets understand as one of the usual values or as taking an answer back
TAKEN = {"y": "yes", "n": "no", "u": "unclear", "maybe": "unclear", "withdraw": "", "withdrawn": ""}
_NUMBER = re.compile(r"[\d.,/ -]+|true|false", re.IGNORECASE)


def sense(value: str) -> str:
    """Whether a value says yes, no or unclear; every value of a code's own says yes, but for those of `ABSENT`."""
    return "no" if value in ABSENT else value if value in ("unclear", "") else "yes"


class Family(Strict):
    """A group of codes that belong together."""

    id: Mark = Field(description="A short id, unique among the families.")
    label: Text = Field(description="The name of the family on sheets and in tables.")
    text: Text = Field(description="What the family is about.")


class Code(Strict):
    """One thing that is charted for each study."""

    id: CodeId = Field(description="Two to eight capital letters and digits, unique among the codes.")
    family: Mark = Field(description="Id of the family it belongs to.")
    label: Text = Field(description="The name of the code on sheets and in tables.")
    definition: Text = Field(description="What the code means.")
    unit: Unit = Field(
        default="study", description="What is judged: each model (or programme) of a study, the study, or each report."
    )
    values: Annotated[tuple[Value, ...], Field(min_length=2), NO_REPEATS] = Field(
        default=USUAL,
        description="The answers that are possible: yes, no, unclear, or a closed list of the code's own such as "
        "[none, touches, main subject]. unclear always needs a note.",
    )
    quote: YesNo = Field(
        default=True, description="Whether every answer but no, none and unclear must be backed by a quote."
    )
    status: YesNo = Field(
        default=False,
        description="Whether the sheet asks if it is proposed, operating, evaluated or ended, or not stated.",
    )
    basis: YesNo = Field(
        default=False,
        description="Whether the sheet asks what it rests on: self-report, observed, documentary, comparative, "
        "asserted, or not stated.",
    )
    levels: Annotated[tuple[Level, ...], NO_REPEATS] = Field(
        default=(), description="The levels at which it may be placed; none means that the level is not asked."
    )
    streams: Annotated[tuple[Stream, ...], Field(min_length=1), NO_REPEATS] = Field(
        default=("literature", "interviews"),
        description="What it is asked of: the included literature, the transcripts of interviews, or both.",
    )
    include: str = Field(default="", description="What counts, best as an example.")
    exclude: str = Field(default="", description="What looks alike and does not count, best as an example.")
    indicators: Annotated[tuple[Text, ...], NO_REPEATS] = Field(
        default=(), description="Words, or stems with `*`, that point to a passage worth reading."
    )


class Codebook(Strict):
    """What is charted."""

    version: Annotated[int, Field(ge=1), AS_WHOLE] = Field(
        description="Raise it by one when a code or definition changes, and say in config/migrations what changed."
    )
    families: tuple[Family, ...] = Field(
        min_length=1, description="Groups of codes, in the order of tables and sheets."
    )
    codes: tuple[Code, ...] = Field(min_length=1, description="The codes, in the order of tables and sheets.")
    crosswalks: tuple[Crosswalk, ...] = Field(
        default=(), description="How the codes answer to lists that others made; nothing is coded twice for it."
    )
    derived: tuple[Derived, ...] = Field(
        default=(), description="Variables of each study that are computed from its cells, each from those above it."
    )
    figures: Figures = Field(default=Figures(), description="Figures besides those that follow from the codes.")

    @model_validator(mode="after")
    def _keys_fit_each_other(self) -> "Codebook":
        raise_cross_problems(cross_checks(self.model_dump(mode="json")))
        return self


def load(path: Path) -> Codebook:
    """The codebook; or one error with a line for each problem in it."""
    return read_model(path, Codebook, cross_checks)


def settings(codebook: Codebook) -> str:
    """The whole codebook as canonical JSON."""
    return canonical(codebook.model_dump(mode="json"))


def from_settings(text: str) -> Codebook:
    """The codebook that the settings hold."""
    return Codebook.model_validate(json.loads(text))


def of_stream(codebook: Codebook, stream: Stream) -> Codebook:
    """The codebook as one stream is asked it: its codes, and the families that these leave something in."""
    kept = tuple(code for code in codebook.codes if stream in code.streams)
    gone = {code.family for code in codebook.codes} - {code.family for code in kept}
    families = tuple(family for family in codebook.families if family.id not in gone)
    return codebook.model_copy(update={"codes": kept, "families": families})


def asked(code: Code) -> dict[str, Any]:
    """What a sheet asks of a code, as an event keeps it: a later codebook never reinterprets an old sheet."""
    fields = {"values": list(code.values), "quote": code.quote, "status": code.status, "basis": code.basis}
    return {**fields, "required": code.status or code.basis}


def cross_checks(data: Any) -> list[Problem]:
    """Ids that stand twice, families and codes that nobody defined, values that no sheet could hold."""
    families = list(words_of(data, "families", "id"))
    codes = list(words_of(data, "codes", "id"))
    problems = [*repeats(families, "families"), *repeats(codes, "codes")]
    known = [family for _, family in families]
    for index, family in words_of(data, "codes", "family"):
        if known and family not in known:
            what = f"{show(family)} is not one of families; {did_you_mean(family, known)}"
            problems.append((("codes", index, "family"), what))
    problems += _value_problems(data)
    of_literature = _of_literature(data)
    if codes and not of_literature:
        problems.append((("codes",), "no code is asked of literature; take `streams` from one that is"))
    problems += crosswalk.problems(data, of_literature)
    problems += derivation.problems(data, of_literature, BASES)
    problems += codebook_figures.problems(data, of_literature)
    return problems


def _of_literature(data: Any) -> list[str]:
    """The codes that crosswalks and derived variables may rest on: they are of studies, never of transcripts."""
    apart = {at for at, code in items_of(data, "codes") if "literature" not in (code.get("streams") or ["literature"])}
    return [code for at, code in words_of(data, "codes", "id") if at not in apart]


def _value_problems(data: Any) -> Iterator[Problem]:
    """Values that a sheet takes for another, or that a spreadsheet program changes."""
    spelled = {word: word for word in (*USUAL, *ABSENT)}
    for index, code in items_of(data, "codes"):
        values = code.get("values")
        for place, word in enumerate(values if isinstance(values, list) else []):
            text = word.strip() if isinstance(word, str) else ""
            what = _value_problem(text, spelled.setdefault(text.casefold(), text))
            if what:
                yield (
                    ("codes", index, "values", place),
                    f"codes[{index + 1}].values[{place + 1}] is {show(text)}; {what}",
                )


def _value_problem(text: str, spelled: str) -> str:
    if text.casefold() in TAKEN:
        means = TAKEN[text.casefold()]
        return f"sheets take it for {show(means)}" if means else "that takes an answer back"
    if _NUMBER.fullmatch(text):
        return "spreadsheets change numbers; use a word"
    return f"it is spelled {show(spelled)} elsewhere; spell it alike" if text != spelled else ""
