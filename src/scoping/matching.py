"""Whether two entries are the same report: identifiers and a strict title, author and year rule; a person is asked
about the rest.

PRISMA 2020 counts records of the same report as duplicates; preprint and article, article and erratum, Part I and
Part II are different reports. Rules can only be certain or ask: a rule that is not certain never merges.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from rapidfuzz import fuzz

from scoping.identity import folded

GENERIC = 20  # a folded title shorter than this (letters) proves nothing by itself
CROWDED = 400  # of a larger block only neighbours by title are compared
NEAR = 90.0  # similarity (0 to 100) from which a person is asked
VAGUE = frozenset({"document", "webpage", "manuscript"})  # types that say little
_NUMBER = re.compile(r"\b(?:part|vol(?:ume)?|no|number|phase|study|wave|section)?\s*([0-9]+|[ivx]+)\b", re.IGNORECASE)
_MARKS = {
    "a correction": re.compile(r"^\W*(erratum|corrigendum|corrections?|correction to|retraction)\b", re.IGNORECASE),
    "a reply or comment": re.compile(
        r"^\W*(re:|reply|response to|comment(ary)? on|author'?s'? (reply|response))", re.I
    ),
    "a protocol": re.compile(r"\b(study|review|trial)? ?protocol\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Item:
    """What of an entry decides whether it is the same as another."""

    content_id: str
    doi: str
    pmid: str
    title: str
    key: str
    author: str
    year: int
    journal: str
    volume: str
    issue: str
    first_page: str
    kind: str
    numbers: frozenset[str]
    marks: frozenset[str]


@dataclass(frozen=True)
class Match:
    """Two content ids (a < b), `same` or `ask`, and why in words.

    `against`: something speaks against it, so that a third entry like both of them must not join them either.
    """

    a: str
    b: str
    band: str
    why: str
    against: bool = False


def item(row: dict[str, str]) -> Item:
    """The comparable form of an entry (a row of the table of entries)."""
    authors = json.loads(row["authors"] or "[]")
    first = (authors[0]["family"] or authors[0]["literal"]) if authors else ""
    title = row["title"].strip().strip("[]").rstrip(".")
    return Item(
        content_id=row["content_id"],
        doi=row["doi"],
        pmid=row["pmid"],
        title=title,
        key=folded(title),
        author=folded(first),
        year=int(row["year"] or 0),
        journal=folded(row["journal"]),
        volume=row["volume"].strip(),
        issue=row["issue"].strip(),
        first_page=row["pages"].partition("-")[0].strip().lower(),
        kind=row["type"],
        numbers=frozenset(number.lower() for number in _NUMBER.findall(title)),
        marks=marks(title),
    )


def marks(title: str) -> frozenset[str]:
    """What a title says a report is, other than an ordinary one: a protocol, a correction, a reply or comment."""
    return frozenset(name for name, pattern in _MARKS.items() if pattern.search(title))


def _differ(a: str, b: str) -> bool:
    return bool(a and b and a != b)


def _contradiction(a: Item, b: Item) -> str:
    """Why two items cannot be the same report although much agrees, in words; empty where nothing speaks against."""
    if a.marks != b.marks:
        return f"one is {min(a.marks ^ b.marks)}"
    if a.numbers != b.numbers:
        return "the numbers in the titles differ"
    if _differ(a.doi, b.doi):
        return "the DOIs differ"
    if _differ(a.pmid, b.pmid):
        return "the PubMed ids differ"
    if _differ(a.volume, b.volume) and _differ(a.first_page, b.first_page):
        return "volume and pages differ"
    return ""


def _by_identifier(a: Item, b: Item) -> Match | None:
    """Same DOI or PubMed id."""
    shared = [name for name, x, y in (("DOI", a.doi, b.doi), ("PubMed id", a.pmid, b.pmid)) if x and x == y]
    if not shared:
        return None
    name = shared[0]
    against = _contradiction(a, b)
    if not against and _differ(a.first_page, b.first_page):
        against = "the pages differ"
    if against:
        return _match(a, b, "ask", f"same {name}, but {against}", against=True)
    alike = a.key == b.key or fuzz.ratio(a.key, b.key) >= NEAR or a.key.startswith(b.key) or b.key.startswith(a.key)
    if alike:
        return _match(a, b, "same", f"same {name} and title")
    if a.author and a.author == b.author and a.year == b.year:
        return _match(a, b, "same", f"same {name}, first author and year; the titles may be translations")
    return _match(a, b, "ask", f"same {name}, but other titles and authors", against=True)


def _elsewhere(a: Item, b: Item) -> str:
    """What speaks against two items that have no identifier in common: recurring columns, theses, abstracts."""
    if _differ(a.kind, b.kind) and not {a.kind, b.kind} & VAGUE:
        return f"one is of type {min(a.kind, b.kind)}, one of type {max(a.kind, b.kind)}"
    if _differ(a.issue, b.issue):
        return "the issues differ"
    if _differ(a.volume, b.volume) and not (a.first_page and a.first_page == b.first_page):
        return "the volumes differ"
    return ""


def _by_text(a: Item, b: Item) -> Match | None:
    """Same title, first author and year; or nearly so, which is asked."""
    same_title = a.key == b.key and len(a.key) >= GENERIC
    near_title = same_title or _near(a, b)
    if not near_title or _differ(a.author, b.author) or (a.year and b.year and abs(a.year - b.year) > 1):
        return None
    if a.marks != b.marks or a.numbers != b.numbers:
        return None
    against = _contradiction(a, b) or _elsewhere(a, b)
    if not against and same_title and a.author and a.author == b.author and a.year and a.year == b.year:
        return _match(a, b, "same", "same title, first author and year")
    doubts = [
        against,
        "" if a.key == b.key else "the titles are alike but not equal",
        "" if a.author and b.author else "an author is missing",
        "" if a.year and b.year else "a year is missing",
        "the years differ by one" if a.year and b.year and a.year != b.year else "",
    ]
    why = "; ".join(doubt for doubt in doubts if doubt) or "the title is short"
    return _match(a, b, "ask", why, against=bool(against))


def _near(a: Item, b: Item) -> bool:
    shorter, longer = sorted((a.key, b.key), key=len)
    if len(shorter) < GENERIC:
        return a.key == b.key and bool(a.key)
    return longer.startswith(shorter) or fuzz.ratio(a.key, b.key) >= NEAR


def _match(a: Item, b: Item, band: str, why: str, *, against: bool = False) -> Match:
    first, second = sorted((a.content_id, b.content_id))
    return Match(first, second, band, why, against)


def compare(a: Item, b: Item) -> Match | None:
    """`same`, `ask` or nothing, and why."""
    return _by_identifier(a, b) or _by_text(a, b)


def _blocks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Groups within which pairs are compared: equal DOI, PubMed id, title; equal author in neighbouring years."""
    groups: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for x in items:
        keys = [
            ("doi", x.doi),
            ("pmid", x.pmid),
            ("title", x.key),
            ("start", x.key[:24] if len(x.key) >= GENERIC else ""),
        ]
        for key in keys:
            if key[-1]:
                groups[key].append(x)
        if x.author and x.year:
            groups["author", x.author, str(x.year)].append(x)
            groups["author", x.author, str(x.year + 1)].append(x)
    yield from (group for _, group in sorted(groups.items()) if len(group) > 1)


def matches(items: Iterable[Item]) -> list[Match]:
    """All matches between items of different content ids, sorted; the order of the items does not matter.

    Where one pair of content ids matches in several ways (repeats of an item differ in what they export), `same` wins.
    """
    found: dict[tuple[str, str], Match] = {}
    for group in _blocks(items):
        ordered = sorted(group, key=lambda x: (x.key, x.content_id, x.doi, x.pmid))
        pairs = combinations(ordered, 2) if len(ordered) <= CROWDED else pairwise(ordered)
        for a, b in pairs:
            if a.content_id == b.content_id:
                continue
            match = compare(a, b)
            if match is None:
                continue
            at = (match.a, match.b)
            if at not in found or (match.band, match.why) > (found[at].band, found[at].why):
                found[at] = match
    return [found[at] for at in sorted(found)]
