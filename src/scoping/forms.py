"""What each stage asks on its sheets: the columns people fill, the words that are understood, what a row must have."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from scoping import items, study_form
from scoping.codebook import USUAL, sense
from scoping.columns import BASES, NOT_STATED, STATUSES
from scoping.config import Review
from scoping.folder import WITHDRAW, Said
from scoping.schemas import ASKED_ONCE, CODED, SCREENING
from scoping.workbook.layout import Input

LEVELS = ("individual", "organisation", "system")
_COLOURS = {
    "include": "#D9EAF7",
    "exclude": "#F6DDCF",
    "unsure": "#E7E6E6",
    "not retrieved": "#E7E6E6",
    "same": "#D9EAF7",
    "different": "#F6DDCF",
    "same study, other report": "#E7E6E6",
    "same study": "#D9EAF7",
    "different studies": "#F6DDCF",
    "several": "#D9EAF7",
    "yes": "#D9EAF7",
    "no": "#F6DDCF",
    "unclear": "#E7E6E6",
}
_HEADERS = {
    "decision": ("decision", "value", "include or exclude", "vote"),
    "reason": ("reason", "reason (if excluded)", "exclusion reason", "reason for exclusion"),
    "route": ("route", "routes tried", "how sought"),
    "date": ("date", "date last sought", "last sought"),
    "names": ("names", "names of the models", "models"),
    "level": ("level", "levels"),
    "status": ("status",),
    "basis": ("evidence basis", "basis"),
    "quote": ("quote", "quotation", "evidence"),
    "locator": ("locator", "page", "where"),
    "note": ("note", "notes", "comment", "comments"),
}
_WORDS = {
    "include": ("include", "included", "in", "i"),
    "exclude": ("exclude", "excluded", "out", "e"),
    "unsure": ("unsure", "maybe", "unclear", "undecided", "u"),
    "not_retrieved": ("not retrieved", "not_retrieved", "not available", "unavailable"),
    "same": ("same", "duplicate"),
    "different": ("different", "not the same", "not a duplicate"),
    "related": ("related", "same study", "same study, other report"),
    "same_study": ("same study", "same_study", "one study", "same"),
    "different_studies": ("different studies", "different_studies", "two studies", "different"),
    "one": ("one", "one model", "1"),
    "several": ("several", "several models"),
    "yes": ("yes", "y"),
    "no": ("no", "n"),
    "unclear": ("unclear", "u", "maybe"),
    WITHDRAW: (WITHDRAW, "withdrawn"),
}
_ANSWERS = {
    "duplicates": ("same", "different", "related", WITHDRAW),
    "title": ("include", "exclude", "unsure", WITHDRAW),
    "title_abstract": ("include", "exclude", "unsure", WITHDRAW),
    "doubtful_texts": ("yes", "no", WITHDRAW),
    "full_text": ("include", "exclude", "unsure", "not_retrieved", WITHDRAW),
    "studies": (*study_form.PAIR, *study_form.MODELS, WITHDRAW),
    **dict.fromkeys(CODED, ("yes", "no", "unclear", WITHDRAW)),
}
_MORE = {"status": ("status", STATUSES), "basis": ("evidence basis", BASES)}
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")

Fields = dict[str, str]


class Settle(Protocol):
    """The fields of a row as they enter the ledger, or what is the matter with them."""

    def __call__(self, label: Fields, /, *whose: str) -> Fields | str:
        """`whose`: sheet and item of the row."""


@dataclass(frozen=True)
class Asked:
    """What sheets ask of a code: `values` but `unclear` and those of `ABSENT` need a quote if `quote`.

    `required`: status and evidence basis, where the code has them, must stand beside a yes. They may stay empty on
    sheets that were issued before there was a word for what cannot be told.
    """

    values: tuple[str, ...] = USUAL
    quote: bool = True
    status: bool = False
    basis: bool = False
    required: bool = False

    def needs_quote(self, value: str) -> bool:
        """Whether an answer must be backed by a quote."""
        return self.quote and sense(value) == "yes"

    def needs(self, value: str, field: str) -> bool:
        """Whether status or basis (`field`) must stand beside an answer."""
        return self.required and bool(getattr(self, field)) and value != WITHDRAW and sense(value) == "yes"


Asking = Mapping[str, Mapping[str, Asked]]
"""Sheet -> code -> what it asks; what is not in it is asked as it was before codes had more than the usual values."""


@dataclass(frozen=True)
class Form:
    """The questions of a stage. `settle` gives the fields as they enter the ledger, or says what is the matter."""

    stage: str
    inputs: tuple[Input, ...]
    headers: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    alarms: tuple[tuple[str, str], ...]
    colours: Mapping[str, str]
    settle: "Settle"
    optional: frozenset[str] = frozenset()  # fields that not every sheet of the stage has
    codes: Mapping[str, Asked] = field(default_factory=dict)  # what the sheets that it is for ask of each code

    def of_code(self, code: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...] | None]:
        """Choices and alarms of a row, where a sheet mixes codes that differ in them; else ((), None)."""
        asked = self.codes.get(code)
        if asked is None or len(set(self.codes.values())) < 2:
            return (), None
        return (*_code_values([asked]), WITHDRAW), _coding_alarms([asked])


def shown(answer: str) -> str:
    """An answer as people see it."""
    return "same study, other report" if answer == "related" else answer.replace("_", " ")


def _choices(stage: str) -> tuple[str, ...]:
    return tuple(shown(answer) for answer in _ANSWERS[stage])


def _levels(text: str) -> str | None:
    """Levels in their order, separated by `; `; None where a word is none of them."""
    typed = {
        word
        for word in re.split(r"[;,/+&\s]+|\band\b", text.casefold().replace("organization", "organisation"))
        if word
    }
    return "; ".join(level for level in LEVELS if level in typed) if typed <= set(LEVELS) else None


def _date(text: str) -> str | None:
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def _reason_ids(review: Review) -> dict[str, str]:
    """Label or id of a criterion as typed -> its id."""
    return {text.casefold(): c.id for c in review.criteria.exclude for text in (c.label, c.id)}


def _settle_nothing(label: Fields, /, *_whose: str) -> Fields | str:
    return label


def _settle_studies(before: Mapping[Said, Fields]) -> Settle:
    def settle(label: Fields, /, *whose: str) -> Fields | str:
        sheet, item = whose or ("", "")
        return study_form.settle(label, sheet, item, before)

    return settle


def _settle_screening(stage: str, reasons: Mapping[str, str]) -> Settle:
    def settle(label: Fields, /, *_whose: str) -> Fields | str:
        label = dict(label)
        typed = label.get("reason", "")
        if typed and typed.casefold() not in reasons:
            return f"the reason `{typed}` is none of the criteria; choose one of the list, or write it as a note"
        label["reason"] = reasons.get(typed.casefold(), "")
        if stage == "full_text" and label["decision"] == "exclude" and not label["reason"]:
            return "excluded without a reason; choose one of the list"
        return _settle_retrieval(label) if label["decision"] == "not_retrieved" else label

    return settle


def _settle_retrieval(label: Fields) -> Fields | str:
    when = _date(label.get("date", ""))
    if not label.get("route"):
        return "not retrieved, but no route is named; write how it was sought"
    if when is None:
        return f"not retrieved, but `{label.get('date', '')}` is no date; write it as 2026-02-20"
    return {**label, "date": when}


def _settle_coding(asking: Asking) -> Settle:
    def settle(label: Fields, /, *whose: str) -> Fields | str:
        sheet, item = whose or ("", "")
        code = items.split(item).code
        asked = asking.get(sheet, {}).get(code, Asked())
        levels = _levels(label.get("level", ""))
        if levels is None:
            return f"the level `{label['level']}` is not of {', '.join(LEVELS)}"
        value = label["decision"]
        if value not in (*asked.values, WITHDRAW):
            return f"`{value}` is no answer to {code or 'this code'}; write one of {', '.join(asked.values)}"
        if value != WITHDRAW and asked.needs_quote(value) and not label.get("quote"):
            return f"`{value}` needs a quote from the text"
        if value == "unclear" and not label.get("note"):
            return "`unclear` needs a note that says why"
        more = _settle_more(label, asked, code)
        return more if isinstance(more, str) else {**_without_more(label), "level": levels, **more}

    return settle


def _without_more(label: Fields) -> Fields:
    return {name: text for name, text in label.items() if name not in _MORE}


def _settle_more(label: Fields, asked: Asked, code: str) -> Fields | str:
    """Status and evidence basis as far as they are filled; a sheet that has no such column says what it always said."""
    out = {}
    for name, (what, words) in _MORE.items():
        typed = label.get(name, "")
        words = words if asked.required else tuple(word for word in words if word != NOT_STATED)
        if not typed and asked.needs(label["decision"], name):
            return (
                f"`{label['decision']}` needs {'an' if what[0] in 'aeiou' else 'a'} {what}: one of {', '.join(words)}"
            )
        if not typed:
            continue
        if not getattr(asked, name):
            return f"{code or 'this code'} has no {what}, but `{typed}` stands there; take it out"
        if sense(label["decision"]) != "yes":
            return f"`{label['decision']}` can have no {what}, but `{typed}` stands there; take one of them out"
        found = _one_of(typed, words)
        if not found:
            return f"the {what} `{typed}` is not of {', '.join(words)}"
        out[name] = found
    return out


def _one_of(typed: str, words: Sequence[str]) -> str:
    """The word that was meant; blanks and hyphens make no difference."""

    def plain(text: str) -> str:
        return re.sub(r"[\s-]+", "", text.casefold())

    return next((word for word in words if plain(word) == plain(typed)), "")


def _screening_inputs(stage: str, review: Review) -> tuple[Input, ...]:
    reasons = tuple(criterion.label for criterion in review.criteria.exclude)
    inputs = [
        Input("decision", "Decision", 13, _choices(stage), strict=True),
        Input("reason", "Reason (if excluded)", 24, reasons),
    ]
    if stage == "full_text":
        inputs += [Input("route", "Routes tried (if not retrieved)", 22), Input("date", "Date last sought", 12)]
    return (*inputs, Input("note", "Note", 24))


def _inputs(stage: str, review: Review, asked: Sequence[Asked]) -> tuple[Input, ...]:
    if stage in SCREENING:
        return _screening_inputs(stage, review)
    if stage in ASKED_ONCE:
        names = (Input("names", "Names of the models (if several)", 40),) if stage == "studies" else ()
        return (Input("decision", "Decision", 16, _choices(stage), strict=True), *names, Input("note", "Note", 24))
    joined = tuple("; ".join(LEVELS[i] for i in range(3) if mask >> i & 1) for mask in (1, 2, 4, 3, 5, 6, 7))
    more = [
        Input("status", "Status", 12, STATUSES),
        Input("basis", "Evidence basis", 14, BASES),
    ]
    return (
        Input("decision", "Value", 10, (*_code_values(asked), WITHDRAW), strict=True),
        Input("level", "Level", 15, joined),
        *(entry for entry in more if any(getattr(each, entry.field) for each in asked)),
        Input("quote", "Quote (copied from the text)", 48),
        Input("locator", "Where", 12),
        Input("note", "Note", 22),
    )


def _code_values(asked: Sequence[Asked]) -> tuple[str, ...]:
    """Every value that one of the codes may have, the usual ones first."""
    found = {value: None for each in asked for value in each.values} if asked else dict.fromkeys(USUAL)
    return tuple(sorted(found, key=lambda value: USUAL.index(value) if value in USUAL else len(USUAL)))


def _coding_alarms(asked: Sequence[Asked]) -> tuple[tuple[str, str], ...]:
    """Values that turn a field red on every row; what only some codes need, their own rows say (`Form.of_code`)."""
    asked = asked or (Asked(),)
    values = _code_values(asked)
    wanted = [(value, "quote") for value in values if all(a.needs_quote(value) for a in asked if value in a.values)]
    wanted += [("unclear", "note")] if "unclear" in values else []
    wanted += [
        (value, name)
        for name in _MORE
        for value in values
        if all(a.needs(value, name) for a in asked if value in a.values)
    ]
    return tuple(wanted)


def asking(issued: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Asking:
    """Sheet -> code -> what the sheet asks of it, from what the events of issue keep."""
    return {
        sheet: {code: Asked(**{**asked, "values": tuple(asked["values"])}) for code, asked in codes.items()}
        for sheet, codes in issued.items()
    }


def form(stage: str, review: Review, asking: Asking | None = None, before: Mapping[Said, Fields] | None = None) -> Form:
    """The form of a stage; `review` needs its criteria, coding what the sheets that it is for ask of their codes.

    `before` are the answers of the stage that stand, as far as later ones have to fit them.
    """
    asked = tuple(dict.fromkeys(each for codes in (asking or {}).values() for each in codes.values()))
    inputs = _inputs(stage, review, asked)
    settles: dict[str, Settle] = {
        "duplicates": _settle_nothing,
        "doubtful_texts": _settle_nothing,
        "studies": _settle_studies(before or {}),
        **dict.fromkeys(SCREENING, _settle_screening(stage, _reason_ids(review))),
        **dict.fromkeys(CODED, _settle_coding(asking or {})),
    }
    alarms = {
        "studies": (("several", "names"),),
        "full_text": (("exclude", "reason"), ("not retrieved", "route"), ("not retrieved", "date")),
        **dict.fromkeys(CODED, _coding_alarms(asked)),
    }
    words = {word: answer for answer in _ANSWERS[stage] for word in _WORDS[answer]}
    if stage in CODED:
        words |= {value.casefold(): value for value in _code_values(asked) if value not in USUAL}
    return Form(
        stage=stage,
        inputs=inputs,
        headers={entry.field: (entry.header.casefold(), *_HEADERS[entry.field]) for entry in inputs},
        words=words,
        alarms=alarms.get(stage, ()),
        colours={word: colour for word, colour in _COLOURS.items() if word in inputs[0].choices},
        settle=settles[stage],
        optional=frozenset(_MORE),
        codes={code: each for codes in (asking or {}).values() for code, each in codes.items()},
    )
