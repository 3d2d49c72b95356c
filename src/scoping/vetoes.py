"""What speaks against two entries being one report, in words. A veto can only make a person be asked.

Each is a named function of two items and their features; it gives its reason, or nothing. What is in `agreed` may
outweigh it: a report is known by its DOI, or by its volume and first page, better than by any single word.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from scoping import pair_features
from scoping.comparable import EMPTY_WORDS, Item

VAGUE = frozenset({"document", "webpage", "manuscript"})  # types that say little
ALIKE_WORD = 75.0  # similarity (0 to 100) from which one word is taken for the other, mistyped or inflected
_CONTRASTING = (
    "vivo vitro men women man woman male female males females boys girls adult adults child children "
    "pediatric paediatric adolescent adolescents infant infants mother mothers father fathers elderly hypo "
    "hyper increase increased increases decrease decreased decreases high low before after acute chronic "
    "positive negative left right upper lower short long early late inpatient outpatient urban rural "
    "ipsilateral contralateral systolic diastolic resistant sensitive north south east west primary secondary "
    "qualitative quantitative"
)
_CONTRASTS = frozenset(_CONTRASTING.split())
_EDITION = re.compile(r"\b(?:edition|ed|volume|vol|part|phase|chapter)\b")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items, their features by name, and what they agree in."""

    a: Item
    b: Item
    features: Mapping[str, float]

    @property
    def identifier(self) -> str:
        """The identifier that both have."""
        if self.a.doi and self.a.doi == self.b.doi:
            return "DOI"
        return "PubMed id" if self.a.pmid and self.a.pmid == self.b.pmid else ""

    @property
    def place(self) -> bool:
        """Same volume and first page; where volumes are not known, same year, journal, first and last page."""
        f = self.features
        if f["volume"] > 0:
            return f["first page"] > 0
        pages = f["first page"] > 0 and f["last page"] > 0 and self.a.first_page != self.a.last_page
        return f["volume"] == 0 and pages and f["year"] == 1 and f["journal"] >= 0.6

    @property
    def span(self) -> bool:
        """Same volume, first and last page, of more than one page."""
        return self.place and self.features["last page"] > 0 and self.a.first_page != self.a.last_page

    @property
    def issue(self) -> bool:
        """Same volume and issue of a journal, and no other page."""
        f = self.features
        return f["volume"] > 0 and f["issue"] > 0 and f["first page"] >= 0 and f["journal"] >= 0.6

    @property
    def generic(self) -> bool:
        """The title may stand on several reports."""
        return self.features["generic"] == 0


def _differ(a: str, b: str) -> bool:
    return bool(a and b and a != b)


def kinds(pair: Pair) -> str:
    """Corrections, replies, comments, protocols, preprints and registrations are reports of their own."""
    told = pair.a.marks ^ pair.b.marks
    if told == {"a preprint"} and pair.span:
        return ""  # it has the article's place, and only its DOI is that of the preprint
    return f"one is {min(told)}" if told else ""


def numbers(pair: Pair) -> str:
    """Part I and Part II, editions, annual reports."""
    a, b = pair.a.numbers, pair.b.numbers
    if a == b or (pair.span and pair.features["title"] >= 0.85 and len(a ^ b) == 1):
        return ""
    one_sided = a < b or b < a
    if one_sided and not _EDITION.search(f"{pair.a.title} {pair.b.title}") and (pair.place or pair.identifier):
        return ""
    return "the numbers in the titles differ"


def registrations(pair: Pair) -> str:
    """Two trials."""
    return "the trial registrations differ" if pair.features["registration"] < 0 else ""


def identifiers(pair: Pair) -> str:
    """Two DOIs or two PubMed ids; some articles have two DOIs, but not two places."""
    if _differ(pair.a.pmid, pair.b.pmid):
        return "the PubMed ids differ"
    return "the DOIs differ" if _differ(pair.a.doi, pair.b.doi) else ""


def places(pair: Pair) -> str:
    """Other volumes, issues, journals or pages."""
    f = pair.features
    if pair.identifier:
        return "the pages differ" if f["first page"] < 0 and not _whole(pair) else ""
    if f["first page"] < 0 and f["volume"] < 0:
        return "volume and pages differ"
    if f["first page"] < 0 and f["journal"] < 0.5:
        return "journal and pages differ"
    if f["first page"] < 0 and (f["issue"] < 0 or pair.generic):
        return "the pages differ"
    if f["volume"] < 0 and f["first page"] == 0:
        return "the volumes differ"
    if f["issue"] < 0 and (not pair.place or pair.generic or f["title"] < 0.85):
        return "the issues differ"
    return ""


def _whole(pair: Pair) -> bool:
    """Title and three authors or more are the same to the last."""
    several = len(pair.a.families) > 2 and pair.features["authors equal"] == 1
    return several and pair.features["title"] >= 0.95 and pair.features["volume"] >= 0 and pair.features["year"] == 1


def types(pair: Pair) -> str:
    """An article and a thesis, say, where neither an identifier nor a place is shared."""
    a, b = pair.a.kind, pair.b.kind
    if pair.identifier or pair.place or not _differ(a, b) or {a, b} & VAGUE:
        return ""
    return f"one is of type {min(a, b)}, one of type {max(a, b)}"


def titles(pair: Pair) -> str:
    """A title that may stand on several reports, or one content word that tells two apart."""
    a, b = pair.a, pair.b
    if pair.generic and not (pair.identifier or pair.place or _signed(pair)):
        return "the title is short"
    if not (pair.identifier or pair.place or pair.issue) and _more(a, b) and pair.features["abstract"] < 0.9:
        return "one title says more"
    word = other_words(a.title, b.title)
    if not word or pair.features["title"] == 1:
        return ""
    certain = (pair.identifier and pair.features["first page"] >= 0) or (
        pair.span and pair.features["authors shared"] >= 0.5
    )
    return "" if certain else f"the titles differ in {word}"


def _signed(pair: Pair) -> bool:
    """No column, and the same two or more authors stand on both in one year, or the same in one issue."""
    f = pair.features
    if f["issue"] < 0 or f["first page"] < 0 or pair_features.column(min(pair.a.title, pair.b.title, key=len)):
        return False
    several = len(pair.a.families) > 1 and f["authors equal"] == 1 and f["year"] == 1 and f["title"] >= 0.95
    return several or (pair.issue and f["authors shared"] == 1 and f["title part"] >= 0.95)


def _more(a: Item, b: Item) -> bool:
    """One title has two words or more that tell beside all of the other."""
    if b.title in (a.other_title, "") or a.title in (b.other_title, ""):
        return False
    left, right = set(a.title.split()) - EMPTY_WORDS, set(b.title.split()) - EMPTY_WORDS
    return (left < right or right < left) and len(left ^ right) > 1


def other_words(a: str, b: str) -> str:
    """A word that only the one title has beside a word that only the other has; empty where one may be the other."""
    if a == b:
        return ""
    left, right = set(a.split()) - EMPTY_WORDS, set(b.split()) - EMPTY_WORDS
    ours, theirs = left - right, right - left
    if not ours or not theirs:
        return ""
    contrast = sorted(ours & _CONTRASTS), sorted(theirs & _CONTRASTS)
    if all(contrast):
        return f"“{contrast[0][0]}” and “{contrast[1][0]}”"
    ours_too, theirs_too = _unlike(ours, theirs, b), _unlike(theirs, ours, a)
    return f"“{ours_too[0]}” and “{theirs_too[0]}”" if ours_too and theirs_too else ""


def _unlike(mine: set[str], others: set[str], title: str) -> list[str]:
    joined = title.replace(" ", "")
    return sorted(
        word
        for word in mine
        if word not in joined
        and not any(
            fuzz.ratio(word, one) >= ALIKE_WORD or one.startswith(word) or word.startswith(one) for one in others
        )
    )


def people(pair: Pair) -> str:
    """No author in common, or none known."""
    a, b = pair.a, pair.b
    if not a.families or not b.families:
        known = pair.issue and pair.features["title"] >= 0.95 and not pair.generic
        return "" if pair.identifier or pair.place or known else "an author is missing"
    if pair.features["authors shared"] > 0:
        return ""
    agreed = (pair.identifier and pair.features["title"] >= 0.9) or (pair.span and pair.features["title"] >= 0.95)
    return "" if agreed else "the authors differ"


def years(pair: Pair) -> str:
    """Other years, but for what is printed a year after it was published."""
    a, b = pair.a.year, pair.b.year
    if pair.identifier or (pair.place and abs(a - b) <= 1):
        return ""
    if not a or not b:
        return "" if pair.place else "a year is missing"
    if (
        pair.issue
        and not pair_features.column(pair.a.title)
        and pair.features["title"] >= 0.95
        and pair.features["authors shared"] == 1
    ):
        return ""  # an issue is of one year: one of them is mistyped
    if abs(a - b) == 1:
        agreed = pair.features["volume"] > 0 or pair.features["abstract"] >= 0.9
        return "" if agreed and not pair.generic else "the years differ by one"
    return f"the years differ by {abs(a - b)}" if a != b else ""


RELATION: tuple[Callable[[Pair], str], ...] = (kinds, registrations, identifiers, types)
PLACE: tuple[Callable[[Pair], str], ...] = (places, years)
TEXT: tuple[Callable[[Pair], str], ...] = (numbers, titles, people)


LACKING = frozenset(
    {
        "",
        "the title is short",
        "one title says more",
        "an author is missing",
        "a year is missing",
        "the years differ by one",
    }
)  # too little speaks for it; nothing speaks against it


def against(pair: Pair) -> list[str]:
    """All that speaks against a pair, in words."""
    return [reason for veto in (*RELATION, *PLACE, *TEXT) if (reason := veto(pair))]


def different(pair: Pair) -> bool:
    """Whether so much speaks against a pair that nobody need be asked.

    A correction, reply, comment, protocol or registration is no preprint of what it is about. Otherwise two of three
    must speak against: what kind of report it is, where it stands, and what is written on it.
    """
    f = pair.features
    if pair.identifier:
        several = len(pair.a.families) > 1 < len(pair.b.families)
        return several and f["authors shared"] == 0 and f["title"] < 0.7  # the identifier of what holds both
    told = pair.a.marks ^ pair.b.marks
    if told - {"a preprint"} or (f["numbers"] < 0 and not pair.place):
        return True
    if places(pair) == "volume and pages differ" and f["journal"] < 0.5:
        return True
    known = LACKING if not pair.generic else {""}
    published = bool(told or types(pair))
    speak = [any(veto(pair) not in known for veto in vetoes) for vetoes in (RELATION, () if published else PLACE, TEXT)]
    return sum(speak) > 1
