"""The normalised fields of an entry, and what all mappings share: tags by name, cleaning, types, accession numbers."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from scoping import normalise
from scoping.normalise import Author

Tags = Sequence[tuple[str, str]]

_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|p|br|sc|span|div|bold|italic|jats:[a-z]+|inf|h\d|title|sec|scp)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOTHING = frozenset(
    {
        "na", "n/a", "nan", "null", "none", "no title", "[no title]", "[no title available]", "no title available",
        "no abstract", "[no abstract available]", "no abstract available", "no abstract available.", "not available",
        "[no author name available]", "[no authors listed]", "undefined",
    }
)  # fmt: skip
_LONGEST_NOTHING = max(map(len, _NOTHING))
_SHORT = 64  # characters of a value that may well come again
_ADDRESS = re.compile(r"https?://[^\s;]+")
_SLUG = re.compile(r"[^a-z0-9]+")
_EDITION = re.compile(r"<[^<>]*>|\([^()]*\)|\b(?:ovid|apa)\b|epub ahead of print.*|pubmed-not-medline.*", re.IGNORECASE)
_EID = re.compile(r"2-s2\.0-\d+")
_ERIC = re.compile(r"(?:EJ|ED)\d{6,7}")
_CENTRAL = re.compile(r"CN-\d{6,9}", re.IGNORECASE)
_WOS = re.compile(r"\s*(WOS|ISI|MEDLINE|BIOABS|BIOSIS|BCI|CABI|FSTA|KJD|SCIELO|RSCI|CCC|ZOOREC|PPRN|DRCI):\s*(\S+)")
_PUBMED_URL = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(\d{3,9})")

# First match wins; the words are looked for in the type as the source gives it.
_TYPE_WORDS: tuple[tuple[str, str], ...] = (
    ("preprint", "article"), ("posted content", "article"),
    ("chapter", "chapter"), ("book section", "chapter"), ("bookitem", "chapter"), ("inbook", "chapter"),
    ("incollection", "chapter"), ("reference entry", "entry-encyclopedia"), ("encyclop", "entry-encyclopedia"),
    ("conference review", "paper-conference"), ("conference", "paper-conference"), ("proceeding", "paper-conference"),
    ("meeting", "paper-conference"), ("congress", "paper-conference"),
    ("thesis", "thesis"), ("dissertation", "thesis"),
    ("newspaper", "article-newspaper"), ("magazine", "article-magazine"),
    ("book review", "review-book"), ("journal", "article-journal"), ("article", "article-journal"),
    ("report", "report"), ("working paper", "report"), ("standard", "standard"), ("patent", "patent"),
    ("dataset", "dataset"), ("data paper", "article-journal"), ("software", "software"),
    ("web", "webpage"), ("blog", "post-weblog"), ("electronic", "webpage"),
    ("monograph", "book"), ("book", "book"),
    ("review", "article-journal"), ("editorial", "article-journal"), ("letter", "article-journal"),
    ("erratum", "article-journal"), ("short survey", "article-journal"), ("early access", "article-journal"),
    ("trial", "article-journal"), ("note", "article-journal"), ("paper", "article-journal"),
)  # fmt: skip


_NOBODY = Author()


class Fields(NamedTuple):
    """What an entry says, in one form for all sources; empty where it says nothing.

    `type` is a CSL type name; `year` has 4 digits; `doi` is normalised, `doi_raw` as found; `accession` is
    `<database>:<number>`; `source_hint` is a table's own column named Source; `problems` say what was left empty
    although something stood there.
    """

    type: str = "document"
    title: str = ""
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    year: str = ""
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    doi_raw: str = ""
    accession: str = ""
    pmid: str = ""
    url: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()
    publisher: str = ""
    source_hint: str = ""
    notes: str = ""
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Bag:
    """The tags of an entry by name, and the problems met on the way."""

    values: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, tags: Tags) -> "Bag":
        """Group tags by name; empty values are left out."""
        held: dict[str, list[str]] = {}
        for name, value in tags:
            if value:
                if name in held:
                    held[name].append(value)
                else:
                    held[name] = [value]
        return cls(held)

    def all(self, *names: str) -> list[str]:
        """Every value of these tags."""
        held, found = self.values, list[str]()
        for name in names:
            if name in held:
                found += held[name]
        return found

    def first(self, *names: str) -> str:
        """The first value of the first of these tags that has one that says something."""
        held = self.values
        for name in names:
            if name in held:
                for value in held[name]:
                    if text := self.said(value, name):
                        return text
        return ""

    def said(self, value: str, name: str) -> str:
        """The clean value; a literal NA or No Title is nothing, and a problem."""
        if len(value) > _SHORT:
            text = clean(value)
            nothing = len(text) <= _LONGEST_NOTHING and text.casefold() in _NOTHING
        else:
            text, nothing = _short(value)
        if nothing:
            self.problems.append(f"{name} says {text!r}; read as empty")
            return ""
        return text

    def joined(self, *names: str, by: str = " ") -> str:
        """All different values of the first of these tags that has any."""
        for name in names:
            said = [text for value in self.values.get(name, ()) if (text := self.said(value, name))]
            if said:
                return by.join(dict.fromkeys(said))
        return ""

    def year(self, *names: str) -> str:
        """The year in the first of these tags that holds one."""
        for value in self.all(*names):
            if found := normalise.year(value):
                return found
        if raw := self.first(*names):
            self.problems.append(f"no year in {raw!r}")
        return ""

    def doi(self, candidates: Iterable[str]) -> tuple[str, str]:
        """The first DOI among values, normalised and as it stood."""
        for value in candidates:
            if found := normalise.doi(value):
                return found, value.strip()
        return "", ""


def clean(text: str) -> str:
    """Text without markup, entities, control characters and repeated blanks."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = html.unescape(_MARKUP.sub("", text))
    if text.isprintable():  # no blank in it but spaces
        return " ".join(text.split()) if "  " in text else text.strip()
    return " ".join(_CONTROL.sub(" ", text).split())


@lru_cache(maxsize=1 << 11)
def _short(value: str) -> tuple[str, bool]:
    """A short value clean, and whether it says nothing: journals, years, names and keywords come again and again."""
    text = clean(value)
    return text, text.casefold() in _NOTHING


def csl_type(raw: str) -> str:
    """The CSL type for a type in words; `document` if none of them tells."""
    words = raw.casefold()
    return next((kind for word, kind in _TYPE_WORDS if word in words), "document")


def keywords(values: Iterable[str], separators: str = ";\n|") -> tuple[str, ...]:
    """Keywords, each once, in order."""
    found: dict[str, None] = {}
    for value in values:
        for part in _parts(value, separators):
            text, nothing = _short(part) if len(part) <= _SHORT else (clean(part), False)
            if text and not (nothing or text.casefold() in _NOTHING):
                found[text] = None
    return tuple(found)


def _parts(value: str, separators: str) -> list[str]:
    found = [sign for sign in separators if sign in value]
    if not found:
        return [value]
    return value.split(found[0]) if len(found) == 1 else re.split(f"[{separators}]", value)


def url(values: Iterable[str]) -> str:
    """The first web address in some values."""
    for value in values:
        if match := _ADDRESS.search(value):
            return match[0]
    return ""


def people(values: Iterable[str], bag: Bag) -> tuple[Author, ...]:
    """One author per value or line; repeats of the same name are kept once."""
    found: dict[Author, None] = {}
    for value in values:
        for name in value.replace("\r", "\n").split("\n") if "\n" in value or "\r" in value else (value,):
            if text := bag.said(name.strip(), "author"):
                found[normalise.author(text)] = None
    found.pop(_NOBODY, None)  # of a lone comma nothing is left
    return tuple(found)


def page_range(first: str, last: str) -> str:
    """A page range from its two ends; the first may already be a range."""
    first, last = (end if end.casefold() not in _NOTHING else "" for end in (first, last))
    if not first or not last or first == last or "-" in first:
        return normalise.pages(first or last)
    return normalise.pages(last if last.startswith(f"{first}-") else f"{first}-{last}")


def eid(values: Iterable[str]) -> str:
    """`scopus:2-s2.0-…` from a Scopus address or EID."""
    return next((f"scopus:{match[0]}" for value in values if (match := _EID.search(value))), "")


def pmid_in(values: Iterable[str]) -> str:
    """A PubMed number in a web address of PubMed."""
    return next((match[1] for value in values if (match := _PUBMED_URL.search(value))), "")


def web_of_science(value: str) -> str:
    """`wos:…`, `pmid:…` or the like from the number that Web of Science gives (`WOS:000…`, `MEDLINE:…`)."""
    match = _WOS.match(value)
    if match is None:
        return ""
    prefix = {"ISI": "wos", "MEDLINE": "pmid"}.get(match[1], match[1].lower())
    return f"{prefix}:{match[2].lower()}"


def accession(number: str, database: str) -> str:
    """The accession number of a database: where its form tells the database, or together with the database's name."""
    number = clean(number)
    if not number:
        return ""
    if found := web_of_science(number):
        return found
    if match := _CENTRAL.fullmatch(number):
        return f"cochrane:{match[0].lower()}"
    slug = _SLUG.sub("-", _EDITION.sub("", database).casefold()).strip("-")
    if not slug or number.casefold() in _NOTHING:
        return ""
    if slug == "eric" or (_ERIC.fullmatch(number) and "eric" in slug):
        return f"eric:{number.lower()}"
    if number.isdecimal() and slug in {"medline", "medline-r", "pubmed"}:
        return f"pmid:{number}"
    return f"{slug}:{number.lower()}"
