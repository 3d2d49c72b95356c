"""Reports that are different and belong together: a correction and its article, a preprint, a conference abstract …

What is related is no duplicate, and nothing is excluded for it. Pairs come from the blocks in which duplicates are looked
for, from registration numbers, and from what databases say of other items by their ids.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from scoping import comparable, notices
from scoping.comparable import Item
from scoping.matching import Compared
from scoping.schemas_records import (
    COMMENT,
    CONCERN,
    CORRECTION,
    KINDS,
    MEETING,
    PART,
    PREPRINT,
    PROTOCOL,
    REGISTRATION,
    REPLY,
    RETRACTION,
    VERSION,
)
from scoping.tables import Row

ALIKE = 88.0  # similarity of titles (0 to 100) from which two reports may be of one work
NAMED = 4  # words that a title must have to be known within another
SHARED = 0.5  # part of the shorter list of authors that must be on the longer
_LATER = 5  # years that an article may come after its preprint, abstract, protocol or registration
_MENDS = frozenset({RETRACTION, CONCERN, CORRECTION})
_TALKS = frozenset({REPLY, COMMENT})
_ABOUT = (
    r"(?:(?:authors?|publishers?|editorial|partial) )?(?:corrections?|corrigend(?:um|a)|errat(?:um|a)"
    r"|retraction(?: not(?:e|ice))?|expressions? of concern|repl(?:y|ies)|response|re|comments?|commentary|rejoinder"
    r"|letters?(?: to the editor)?|discussion)"
)
_BEFORE = re.compile(rf"^(?:{_ABOUT}(?: (?:to|on|of|for|by|from|the|editor|authors?|article|paper|titled))* )+")
_BEHIND = re.compile(rf" (?:an? |the |authors? )*{_ABOUT}(?: (?:by|of|from) the authors?)?$")
_PLAN = re.compile(r"\b(?:study )?protocol(?: (?:for|of)(?: an?| the)?)?\b|\brationale and (?:study )?design(?: of)?\b")
_PART = re.compile(r"\bparts? (?:[ivx]{1,4}|\d{1,2}|one|two|three|four|five)\b")
_MEETING = re.compile(r"\b(?:conference|congress|symposium|annual meeting|meeting abstracts)\b", re.IGNORECASE)
_SUPPLEMENT = re.compile(r"suppl", re.IGNORECASE)
_UPDATE = re.compile(r"\.pub\d+$")


@dataclass(frozen=True, slots=True)
class Report:
    """An entry as it is compared, its row, and what it is beside an ordinary report."""

    item: Item
    row: Row
    kinds: frozenset[str]


@dataclass(frozen=True, order=True, slots=True)
class Link:
    """Content id `a` is a correction, preprint … (`kind`) of content id `b`; `why` in words."""

    a: str
    b: str
    kind: str
    why: str


def report(item: Item, row: Row) -> Report:
    """What decides whether an entry belongs to another."""
    kinds = set(notices.kinds(row, item.marks))
    if row["type"] == "article":
        kinds.add(PREPRINT)
    if row["type"] in ("paper-conference", "speech") or _MEETING.search(row["journal"]) or _on_one_page(item, row):
        kinds.add(MEETING)
    if _PART.search(item.title):
        kinds.add(PART)
    if _UPDATE.search(item.doi):
        kinds.add(VERSION)
    return Report(item, row, frozenset(kinds))


def _on_one_page(item: Item, row: Row) -> bool:
    """An abstract in a supplement: of an article more than one page is given."""
    one = bool(item.first_page) and item.last_page in ("", item.first_page)
    return one and bool(_SUPPLEMENT.search(f"{row['volume']} {row['issue']}"))


def links(compared: Compared) -> list[Link]:
    """All links between entries, sorted; one of each kind for two content ids."""
    reports = [report(item, row) for item, row in zip(compared.items, compared.rows, strict=True)]
    found: dict[tuple[str, ...], Link] = {}
    for link in (*_told(reports), *_registered(reports), *_compared(reports, compared)):
        found.setdefault((*sorted((link.a, link.b)), link.kind), link)
    return sorted(found.values())


def _told(reports: Sequence[Report]) -> Iterator[Link]:
    """What databases say of other items, which are known by PubMed id or DOI."""
    by_pmid: dict[str, str] = {r.item.pmid: r.item.content_id for r in reports if r.item.pmid}
    by_doi: dict[str, str] = {r.item.doi: r.item.content_id for r in reports if r.item.doi}
    for one in reports:
        for named in notices.named(one.row):
            other = by_pmid.get(named.pmid) or (by_doi.get(named.doi) if not named.pmid else "")
            if other and other != one.item.content_id:
                a, b = (one.item.content_id, other) if named.notice else (other, one.item.content_id)
                yield Link(a, b, named.kind, f"the database says so (field {named.said})")


def _registered(reports: Sequence[Report]) -> Iterator[Link]:
    """Registrations whose number stands in the title or abstract of a report."""
    by_number: dict[str, list[Report]] = defaultdict(list)
    for one in reports:
        if REGISTRATION in one.kinds:
            for number in one.item.registrations | comparable.registrations(one.row["accession"]):
                by_number[number].append(one)
    if not by_number:
        return
    for other in reports:
        if REGISTRATION not in other.kinds:
            for number in comparable.registrations(f"{other.row['title']} {other.row['abstract']}"):
                for one in by_number.get(number, ()):
                    yield Link(one.item.content_id, other.item.content_id, REGISTRATION, f"it names {number}")


def _compared(reports: Sequence[Report], compared: Compared) -> Iterator[Link]:
    special = np.array([bool(one.kinds) for one in reports], dtype=bool)
    worth = special[compared.left] | special[compared.right]
    for x, y in zip(compared.left[worth].tolist(), compared.right[worth].tolist(), strict=True):
        if link := relation(reports[x], reports[y]):
            yield link


def relation(x: Report, y: Report) -> Link | None:
    """How two reports belong together by what they say; the first of the kinds that holds."""
    for kind in KINDS:
        for a, b in ((x, y), (y, x)):
            if kind in a.kinds and (why := _holds(kind, a, b)):
                return Link(a.item.content_id, b.item.content_id, kind, why)
    return None


def _holds(kind: str, a: Report, b: Report) -> str:
    """Why `a` is a notice, preprint … of `b`, in words; empty where it is not."""
    if kind == PART:
        return _parts(a, b)
    if kind == VERSION:
        return _versions(a, b)
    if kind in b.kinds or _apart(a.item.year, b.item.year, kind):
        return ""
    authors = _authors(a.item, b.item)
    if kind in _MENDS | _TALKS:
        named = _literally if b.kinds & (_MENDS | _TALKS) else _about
        if not named(a.item.title, b.item.title) or (kind in _MENDS and authors == 0):
            return ""
        return "its title names the other" if a.item.title != b.item.title else "same title"
    if kind in (PREPRINT, MEETING) and b.kinds & _MENDS:
        return ""
    if authors is None or authors < SHARED:
        return ""
    titles = _PLAN.sub("", a.item.title).strip() if kind == PROTOCOL else a.item.title, b.item.title
    likeness = fuzz.token_set_ratio(*titles) if kind == PROTOCOL else fuzz.ratio(*titles)
    near = likeness >= ALIKE or (kind != PROTOCOL and _begins(*titles))
    return "titles and authors alike" if near and len(set(titles[0].split())) >= NAMED else ""


def _apart(year: int, other: int, kind: str) -> bool:
    """Whether the years forbid it: a notice comes after what it is about, a preprint or protocol before."""
    if not year or not other:
        return False
    later = year - other if kind in _MENDS | _TALKS else other - year
    return later < -1 or (kind not in _MENDS | _TALKS and later > _LATER)


def _authors(a: Item, b: Item) -> float | None:
    """The part of the shorter list of authors that is on the longer; none where a list is empty."""
    if not a.families or not b.families:
        return None
    return len(a.families & b.families) / min(len(a.families), len(b.families))


def _literally(title: str, other: str) -> bool:
    """Whether a notice is about a notice: `Reply to: Comment on …`, `Erratum to: Comment on …`."""
    return title != other and f" {title} ".endswith(f" {other} ")


def _about(title: str, other: str) -> bool:
    """Whether a notice's title names a report: it is its title, or holds it, but for the words that make it a notice."""
    bare = _BEHIND.sub("", _BEFORE.sub("", title)).strip()
    words = min(len(bare.split()), len(other.split()))
    if words < NAMED:
        return bare == other and words > 1
    return f" {other} " in f" {bare} " or _begins(bare, other) or fuzz.ratio(bare, other) >= ALIKE


def _begins(a: str, b: str) -> bool:
    """Whether one title is the beginning of the other, as where a subtitle is dropped."""
    shorter, longer = sorted((a, b), key=len)
    return len(shorter.split()) >= NAMED and f"{longer} ".startswith(f"{shorter} ")


def _parts(a: Report, b: Report) -> str:
    numbers, others = a.item.numbers, b.item.numbers
    if PART not in b.kinds or a.item.content_id > b.item.content_id or numbers == others:
        return ""
    heads = [_PART.split(one.item.title)[0].strip() for one in (a, b)]
    alike = bool(heads[0]) and len(heads[0].split()) > 1 and fuzz.ratio(*heads) >= ALIKE
    authors = _authors(a.item, b.item)
    return "titles alike but for the part, authors in common" if alike and authors and authors >= SHARED else ""


def _versions(a: Report, b: Report) -> str:
    """Updates of one review have one DOI but for the number behind it."""
    first, second = a.item, b.item
    stem = _UPDATE.sub("", first.doi)
    if first.doi == second.doi or stem != _UPDATE.sub("", second.doi) or first.content_id > second.content_id:
        return ""
    return "the DOIs are those of two versions"
