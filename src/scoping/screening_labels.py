"""What screening programs say of an entry in their exports: who called it what, and why.

| program | where the label stands |
| --- | --- |
| Rayyan | `RAYYAN-INCLUSION: {"Anna"=>"Included"}` and `RAYYAN-EXCLUSION-REASONS: …` in the notes of all its formats |
| ASReview | `ASReview_relevant` in notes (RIS), the column `asreview_label` or `included` (1 and 0) in tables |
| Covidence | the column `Tags`; `Exclusion reason: …` in the column `Notes` |
| EPPI-Reviewer | the column `Included`, else keywords |
| any other | a column or tag that the protocol names |

Nothing is interpreted here: labels and reasons are the words of the file.
"""

import html
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

Tags = Sequence[tuple[str, str]]

_INCLUSION = re.compile(r"RAYYAN-INCLUSION\s*:?\s*(?P<said>\{[^{|\n]*\})?")
_PAIR = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*(?:=>|:)\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)')
_REASONS = re.compile(r"RAYYAN-EXCLUSION-REASONS\s*:\s*([^|\n]*)")
_ASREVIEW = re.compile(r"\bASReview_(relevant|irrelevant)(?![a-z])")
_ASREVIEW_WORDS = {"1": "relevant", "1.0": "relevant", "0": "irrelevant", "0.0": "irrelevant"}
_UNSEEN = frozenset({"", "-1", "-1.0", "nan"})  # what ASReview's tables say of a record that nobody has seen
_COVIDENCE = re.compile(r"Exclusion reasons?\s*:\s*([^;\n]+)", re.IGNORECASE)
_KEYWORDS = frozenset({"kw", "keywords", "keyword", "de"})
_TEXTS = frozenset({"title", "abstract", "ti", "t1", "ab", "n2"})  # prose, in which a label is not looked for
EXCLUDED = "Excluded"
"""The label of an entry for which Covidence notes a reason."""


@dataclass(frozen=True)
class Label:
    """One label: the name it carries (empty where labels name nobody), its word, and the reasons beside it."""

    name: str
    word: str
    reasons: tuple[str, ...] = ()


def labels(tags: Tags, where: str, known: Collection[str] = ()) -> tuple[list[Label], list[str]]:
    """(the labels of an entry, what is wrong with others).

    `where`: a program, or the name of a column or tag. `known`: the words that the protocol names; they tell labels from
    other keywords, and where a reason that holds a comma ends.
    """
    program = where.casefold()
    if program == "rayyan":
        return _rayyan(tags, known)
    if program == "asreview":
        return [Label("", word) for word in _once(_asreview(tags))], []
    if program == "covidence":
        return _covidence(tags), []
    if program == "eppi":
        column = _values(tags, "included")
        return [Label("", word) for word in _once(column or _keywords(tags, known))], []
    values = _values(tags, where)
    if _plain(where) in _KEYWORDS:
        values = _keywords([(where, value) for value in values], known)
    return [Label("", word) for word in _once(values)], []


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())


def _once(words: Iterator[str] | Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))


def _values(tags: Tags, *names: str) -> list[str]:
    wanted = {_plain(name) for name in names}
    return [value.strip() for name, value in tags if _plain(name) in wanted and value.strip()]


def _notes(tags: Tags) -> Iterator[str]:
    """All texts of an entry but its prose; other programs wrap notes into HTML."""
    for name, value in tags:
        if _plain(name) not in _TEXTS:
            yield html.unescape(value) if "&" in value else value


def _rayyan(tags: Tags, known: Collection[str]) -> tuple[list[Label], list[str]]:
    said: list[tuple[str, str]] = []
    reasons: list[str] = []
    wrong: list[str] = []
    for text in _notes(tags):
        for match in _INCLUSION.finditer(text):
            pairs = _pairs(match["said"])
            if pairs is None:
                wrong.append(f"`{text[match.start() :][:80]}` cannot be read as a label of Rayyan")
            said += pairs or []
        for match in _REASONS.finditer(text):
            reasons += _listed(match[1].strip().removesuffix("}").strip(), known)
    given = tuple(_once(reasons))
    return [Label(name, word, given) for name, word in dict.fromkeys(said)], list(dict.fromkeys(wrong))


def _pairs(said: str | None) -> list[tuple[str, str]] | None:
    """`{"Anna"=>"Included", "Ben"=>"Maybe"}`; None where anything else stands there."""
    if said is None:
        return None
    inner, found, at = said[1:-1].rstrip(), [], 0
    if inner.endswith("}"):  # the end of the field in BibTeX stood on the same line
        inner = inner[:-1].rstrip()
    while at < len(inner):
        match = _PAIR.match(inner, at)
        if match is None:
            return None
        found.append((_unescaped(match[1]), _unescaped(match[2])))
        at = match.end()
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()


def _listed(text: str, known: Collection[str]) -> Iterator[str]:
    """Words between commas; one that is known may itself hold commas."""
    longest = sorted(known, key=len, reverse=True)
    while text:
        lower = text.casefold()
        head = next(
            (word for word in longest if lower == word.casefold() or lower.startswith(f"{word.casefold()},")), ""
        )
        taken = text[: len(head)] if head else text.partition(",")[0]
        yield taken.strip()
        text = text[len(taken) :].lstrip(", ")


def _asreview(tags: Tags) -> Iterator[str]:
    column = _values(tags, "asreview_label") or _values(tags, "included")
    yield from (_ASREVIEW_WORDS.get(value, value) for value in column if value.casefold() not in _UNSEEN)
    for text in _notes(tags):
        yield from (match[1] for match in _ASREVIEW.finditer(text))


def _covidence(tags: Tags) -> list[Label]:
    marks = [part.strip() for value in _values(tags, "tags") for part in value.split(";")]
    reasons = [match[1].strip() for text in _values(tags, "notes", "N1") for match in _COVIDENCE.finditer(text)]
    found = [Label("", word) for word in _once(marks)]
    return [*found, Label("", EXCLUDED, tuple(_once(reasons)))] if reasons else found


def _keywords(tags: Tags, known: Collection[str]) -> list[str]:
    """Keywords that the protocol names; the others are keywords."""
    wanted = {word.casefold() for word in known}
    words = [part.strip() for name, value in tags if _plain(name) in _KEYWORDS for part in re.split(r"[;\n]", value)]
    return [word for word in words if word.casefold() in wanted]
