"""What each stage asks on its sheets: the columns people fill, the words that are understood, what a row must have."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from scoping.codebook import Codebook
from scoping.config import Review
from scoping.folder import WITHDRAW
from scoping.workbook.layout import Input

LEVELS = ("individual", "organisation", "system")
_COLOURS = {
    "include": "#D9EAF7",
    "exclude": "#F6DDCF",
    "unsure": "#E7E6E6",
    "not retrieved": "#E7E6E6",
    "same": "#D9EAF7",
    "different": "#F6DDCF",
    "related": "#E7E6E6",
    "yes": "#D9EAF7",
    "no": "#F6DDCF",
    "unclear": "#E7E6E6",
}
_HEADERS = {
    "decision": ("decision", "value", "include or exclude", "vote"),
    "reason": ("reason", "reason (if excluded)", "exclusion reason", "reason for exclusion"),
    "route": ("route", "routes tried", "how sought"),
    "date": ("date", "date last sought", "last sought"),
    "level": ("level", "levels"),
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
    "yes": ("yes", "y"),
    "no": ("no", "n"),
    "unclear": ("unclear", "u", "maybe"),
    WITHDRAW: (WITHDRAW, "withdrawn"),
}
_ANSWERS = {
    "duplicates": ("same", "different", "related", WITHDRAW),
    "title_abstract": ("include", "exclude", "unsure", WITHDRAW),
    "full_text": ("include", "exclude", "unsure", "not_retrieved", WITHDRAW),
    "coding": ("yes", "no", "unclear", WITHDRAW),
}
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")

Fields = dict[str, str]


@dataclass(frozen=True)
class Form:
    """The questions of a stage. `settle` gives the fields as they enter the ledger, or says what is the matter."""

    stage: str
    inputs: tuple[Input, ...]
    headers: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    alarms: tuple[tuple[str, str], ...]
    colours: Mapping[str, str]
    settle: Callable[[Fields], Fields | str]


def shown(answer: str) -> str:
    """An answer as people see it."""
    return answer.replace("_", " ")


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


def _settle_screening(stage: str, reasons: Mapping[str, str]) -> Callable[[Fields], Fields | str]:
    def settle(label: Fields) -> Fields | str:
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


def _settle_coding(label: Fields) -> Fields | str:
    levels = _levels(label.get("level", ""))
    if levels is None:
        return f"the level `{label['level']}` is not of {', '.join(LEVELS)}"
    if label["decision"] == "yes" and not label.get("quote"):
        return "`yes` needs a quote from the text"
    if label["decision"] == "unclear" and not label.get("note"):
        return "`unclear` needs a note that says why"
    return {**label, "level": levels}


def _screening_inputs(stage: str, review: Review) -> tuple[Input, ...]:
    reasons = tuple(criterion.label for criterion in review.criteria.exclude)
    inputs = [
        Input("decision", "Decision", 13, _choices(stage), strict=True),
        Input("reason", "Reason (if excluded)", 24, reasons),
    ]
    if stage == "full_text":
        inputs += [Input("route", "Routes tried (if not retrieved)", 22), Input("date", "Date last sought", 12)]
    return (*inputs, Input("note", "Note", 24))


def _inputs(stage: str, review: Review) -> tuple[Input, ...]:
    if stage in ("title_abstract", "full_text"):
        return _screening_inputs(stage, review)
    if stage == "duplicates":
        return (Input("decision", "Decision", 13, _choices(stage), strict=True), Input("note", "Note", 24))
    joined = tuple("; ".join(LEVELS[i] for i in range(3) if mask >> i & 1) for mask in (1, 2, 4, 3, 5, 6, 7))
    return (
        Input("decision", "Value", 10, _choices(stage), strict=True),
        Input("level", "Level", 15, joined),
        Input("quote", "Quote (copied from the text)", 48),
        Input("locator", "Where", 12),
        Input("note", "Note", 22),
    )


def form(stage: str, review: Review) -> Form:
    """The form of a stage; `review` needs its criteria."""
    inputs = _inputs(stage, review)
    settles: dict[str, Callable[[Fields], Fields | str]] = {
        "duplicates": lambda label: label,
        "title_abstract": _settle_screening(stage, _reason_ids(review)),
        "full_text": _settle_screening(stage, _reason_ids(review)),
        "coding": _settle_coding,
    }
    alarms = {
        "full_text": (("exclude", "reason"), ("not retrieved", "route"), ("not retrieved", "date")),
        "coding": (("yes", "quote"), ("unclear", "note")),
    }
    return Form(
        stage=stage,
        inputs=inputs,
        headers={entry.field: (entry.header.casefold(), *_HEADERS[entry.field]) for entry in inputs},
        words={word: answer for answer in _ANSWERS[stage] for word in _WORDS[answer]},
        alarms=alarms.get(stage, ()),
        colours={word: colour for word, colour in _COLOURS.items() if word in _choices(stage)},
        settle=settles[stage],
    )


def code_levels(codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """Code -> the levels it may have."""
    return {code.id: tuple(code.levels) for code in codebook.codes}
