"""Reference lists: each report as pieces of text, some of them italic, in an APA-like and in a numbered form.

Both follow what a record knows and name nothing that it does not: no place, no editors, no edition.
"""

import json
import re
from collections.abc import Iterable, Mapping

from scoping import citation
from scoping.tables import Row

Run = tuple[str, bool]
"""A piece of text, and whether it is italic."""

_WITHIN = {"chapter", "paper-conference", "entry-encyclopedia", "entry-dictionary"}
_PERIODICAL = {"article-journal", "article-magazine", "article-newspaper", "article", "review-book"}
_NAMED = {
    "thesis": "Thesis", "article": "Preprint", "dataset": "Data set", "webpage": "Web page", "report": "Report",
    "post-weblog": "Blog post", "paper-conference": "Conference paper", "software": "Computer software",
}  # fmt: skip
_APA_AUTHORS, _NUMBERED_AUTHORS = 20, 6


def apa(row: Row, letter: str = "") -> list[Run]:
    """`Pritchard, A., & Nowak, B. (2021a). Title. *Journal*, *12*(3), 4–9. https://doi.org/…`."""
    title, within = row["title"].strip() or "[No title]", _container(row)
    year = f"({row['year'] or 'n.d.'}{letter})"
    authors = _apa_authors(row)
    alone = not within
    named = f" [{_NAMED[row['type']]}]" if row["type"] in _NAMED and alone else ""
    runs: list[Run] = []
    if authors:
        runs += [(f"{_stopped(authors)} {year}. ", False), (title, alone), (_stop(title + named, named), False)]
    else:
        runs += [(title, alone), (f"{named} {year}.", False)]
    runs += _apa_within(row, within)
    if row["publisher"] not in ("", within, row["journal"], authors) and row["type"] not in _PERIODICAL:
        runs.append((f" {_stopped(row['publisher'])}", False))
    address = citation.link(row)
    return _joined([*runs, (f" {address}" if address else "", False)])


def numbered(row: Row) -> list[Run]:
    """`Pritchard A, Nowak B. Title. Journal. 2021;12(3):4–9. https://doi.org/…`; the number stands before it."""
    title, within = row["title"].strip() or "[No title]", _container(row)
    people = [_person(each, dotted=False) for each in json.loads(row["authors"] or "[]")]
    shown = people[:_NUMBERED_AUTHORS] + (["et al"] if len(people) > _NUMBERED_AUTHORS else [])
    before = f"{_stopped(', '.join(shown))} " if shown else ""
    kind = f" [{_NAMED[row['type']]}]" if row["type"] in _NAMED and not within else ""
    runs: list[Run] = [(f"{before}{_stopped(title + kind)}", False)]
    source = within or row["publisher"]
    if source:
        runs.append((f" {'In: ' if row['type'] in _WITHIN and within else ''}{_stopped(source)}", False))
    issue = f"({row['issue']})" if row["issue"] else ""
    volume = f";{row['volume']}{issue}" if row["volume"] or issue else ""
    pages = f":{_range(row['pages'])}" if row["pages"] else ""
    issued = (row["year"] or "n.d.") + volume + pages
    runs.append((f" {_stopped(issued)}", False))
    address = citation.link(row)
    return _joined([*runs, (f" {address}" if address else "", False)])


def plain(runs: list[Run]) -> str:
    """A reference as text alone."""
    return " ".join("".join(text for text, _ in runs).split())


def text(items: Iterable[list[Run]], notice: str, *, numbered: bool) -> str:
    """A list as plain text, a line each."""
    lines = [f"{f'{number}. ' if numbered else ''}{plain(runs)}" for number, runs in enumerate(items, 1)]
    return "\n".join([*lines, *(["", notice] if notice else [])]) + "\n"


def letters(rows: list[Row]) -> Mapping[str, str]:
    """Record id -> the letter that tells its short citation from an equal one, as the tables have it."""
    named = citation.shorts(rows)
    return {row["record_id"]: named[row["record_id"]].removeprefix(citation.short(row)) for row in rows}


def _container(row: Row) -> str:
    """What a report is printed in; a book or report stands alone, whatever series it is in."""
    return row["journal"] if row["type"] in _WITHIN | _PERIODICAL and row["journal"] != row["title"] else ""


def _apa_within(row: Row, within: str) -> list[Run]:
    if not within:
        return []
    pages = _range(row["pages"])
    if row["type"] in _WITHIN:
        return [(" In ", False), (within, True), (f" (pp. {pages})." if pages else ".", False)]
    runs: list[Run] = [(" ", False), (within, True)]
    if row["volume"]:
        runs += [(", ", False), (row["volume"], True)]
    issue = f"({row['issue']})" if row["issue"] else ""
    if issue and not row["volume"]:
        issue = f", {issue}"
    return [*runs, (f"{issue}{f', {pages}' if pages else ''}.", False)]


def _apa_authors(row: Row) -> str:
    people = [_person(each, dotted=True) for each in json.loads(row["authors"] or "[]")]
    if len(people) > _APA_AUTHORS:
        return f"{', '.join(people[: _APA_AUTHORS - 1])}, … {people[-1]}"
    return people[0] if len(people) == 1 else f"{', '.join(people[:-1])}, & {people[-1]}" if people else ""


def _person(each: Mapping[str, str], *, dotted: bool) -> str:
    if not each["family"]:
        return each["literal"] or each["given"]
    given, _, suffix = (part.strip() for part in each["given"].partition(","))
    parts = [each["family"], initials(given, dotted=dotted), suffix]
    return (", " if dotted else " ").join(part for part in parts if part)


def initials(given: str, *, dotted: bool) -> str:
    """`Jean-Paul M` -> `J.-P. M.` or `JPM`; names in letters without capitals stay whole."""
    words = [part for word in re.split(r"[\s.]+", given.replace(".-", "-")) if word.strip("-") for part in _apart(word)]
    if any(not _has_case(word) for word in words):
        return " ".join(words)
    short = [[part[0].upper() for part in word.split("-") if part] for word in words]
    if dotted:
        return " ".join("-".join(f"{letter}." for letter in parts) for parts in short)
    return "".join(letter for parts in short for letter in parts)


def _apart(word: str) -> list[str]:
    """`JP` is two initials, `Jo` is one name."""
    return list(word) if word.isupper() and word.isalpha() and len(word) <= 3 else [word]


def _has_case(word: str) -> bool:
    return any(letter.lower() != letter.upper() for letter in word)


def _range(pages: str) -> str:
    return re.sub(r"(?<=\w)-(?=\w)", "–", pages)


def _stop(text: str, shown: str) -> str:
    """What ends a sentence: its own mark, else a full stop."""
    return shown if text.endswith((".", "?", "!", "…")) else f"{shown}."


def _stopped(text: str) -> str:
    return _stop(text, text)


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of one look as one piece, without empty ones."""
    out: list[Run] = []
    for text, italic in runs:
        if text and out and out[-1][1] == italic:
            out[-1] = (out[-1][0] + text, italic)
        elif text:
            out.append((text, italic))
    return out
