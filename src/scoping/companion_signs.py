"""What a report says of the study it is of: authors, numbers of grants and registrations, project, sample, places."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from scoping import matching, normalise
from scoping.identity import folded
from scoping.tables import Row

_REGISTRATION = re.compile(
    r"\b(?:NCT\s?\d{8}|ISRCTN\s?\d{8}|ACTRN\s?\d{14}|CRD\s?\d{11}|DRKS\s?\d{8}|PACTR\s?\d{12,16}|ChiCTR[-\w]{6,}|"
    r"CTRI/\d{4}/\d+/\d+|UMIN\d{9})\b|\bosf\.io/(?:preprints/)?[a-z0-9]{5}\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\b(?:fund(?:ed|ing|er)?|grants?|awards?|supported by|support from|financed)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\w/.-])(?=[\w/.-]{0,40}\d)[A-Z0-9][A-Za-z0-9]{0,40}(?:[/.-][A-Za-z0-9]{1,20}){0,8}(?![\w/])"
)
_NO_GRANT = re.compile(r"(?:19|20)\d\d(?:[-/–](?:19|20)?\d\d)?|10\.\d{4,}.*|\d{4}-\d{3}[\dX]|(?:\d{4}-){3}\d{3}[\dX]")
_FUNDER = re.compile(  # a blank before each word, so that one long word can be read in one way only
    r"(?:funded|supported|financed) by (?:a grant from )?(?:the )?"
    r"([A-Z][\w’'-]{1,40}(?: (?:of|for|and|the|in|[A-Z][\w’'-]{1,40})){1,12})"
)
_PROJECT = re.compile(
    r"\b((?:[A-Z][\w’'-]{1,40} ){0,3}[A-Z][\w’'-]{0,40}[\w’'])\s{1,3}(?:project|trial|cohort|programme|program|initiative|study)\b"
)
_ACRONYM = re.compile(r"\b[A-Z][a-z]?[A-Z0-9][A-Za-z0-9]*(?:-[A-Z0-9][A-Za-z0-9]*)?\b|\b[A-Z][a-z]+[A-Z][A-Za-z]*\b")
_COMMON_ACRONYMS = (
    "AIDS API CBPR CDC CEO CI COPD COREQ COVID COVID-19 DNA EBP EU GDP GP GPS HIV ICU ID IRB IT ISO LMIC LMICS MRC NGO NGOS "
    "NHS NICE NIH NIHR OECD OR PICO PHD PPI PRISMA QI RCT RCTS SARS-COV-2 SD SPSS STROBE UK UN UNICEF US USA WHO"
)
_COMMON = frozenset(_COMMON_ACRONYMS.split())
_PLAIN_WORDS = "the this our a an present current pilot case mixed qualitative randomised controlled research"
_PLAIN = frozenset(_PLAIN_WORDS.split())
_KINDS = (
    "interview", "participant", "respondent", "informant", "workshop", "focus group", "site", "hospital", "council",
    "municipalit", "organi[sz]ation", "practice", "school", "department", "ministr", "official", "nurse",
    "clinician", "manager", "resident", "household", "patient", "student", "teacher", "meeting", "document", "case",
    "team", "clinic", "district", "count(?:y|ies)", "survey", "response", "observation", "researcher", "broker", "network",
)  # fmt: skip
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS = {word: number for number, word in enumerate(_NUMBERS.split())} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
}
_COUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,5}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")"
_SAMPLE = re.compile(rf"\b{_COUNT}\s+(?:[a-z-]+\s+){{0,3}}?({'|'.join(_KINDS)})[a-z]*\b", re.IGNORECASE)
_N = re.compile(r"\bn\s?=\s?(\d{1,3}(?:,\d{3})+|\d+)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?:reported|described|published|presented|detailed) (?:in (?:full |more )?detail )?(?:elsewhere|separately|previously)|"
    r"protocol (?:is|was|has been) (?:published|registered)|parent (?:study|project|trial)|companion (?:paper|article)|"
    r"part of (?:the|a|our) (?:larger|wider|same|broader)|secondary analysis|same (?:data|interviews|participants|study)|"
    r"(?:first|second|third|another) (?:paper|article) (?:from|of|on) (?:the|this|our)|main (?:results|findings|paper)|"
    r"further (?:results|findings)|earlier (?:paper|article|report) (?:from|of|on) (?:the|this)",
    re.IGNORECASE,
)
_REFERENCES = re.compile(r"^\W*(?:references|bibliography|literature cited|works cited|literature)\W*$", re.I | re.M)
_NO_TOPICS = (
    "about across after among approach article based before between case cases effects evaluating evaluation evidence "
    "experience experiences findings from into lessons methods mixed paper perspectives pilot programme project protocol "
    "qualitative quantitative report results review role study that their through toward towards trial using what when "
    "where which with within"
)
_TITLE_WORDS = frozenset(_NO_TOPICS.split())


@dataclass(frozen=True)
class Name:
    """An author as names are compared: the family name folded, and the first letter of the given names if known."""

    family: str
    initial: str

    def may_be(self, other: "Name") -> bool:
        """Whether nothing tells two names apart."""
        return self.family == other.family and (not self.initial or not other.initial or self.initial == other.initial)


@dataclass(frozen=True)
class Report:
    """A report and its text (title and abstract are always part of what is looked at; `pages` may be empty)."""

    id: str
    title: str
    abstract: str
    year: int
    doi: str
    authors: tuple[Name, ...]
    pages: str = ""

    @cached_property
    def text(self) -> str:
        """All of it, in lower case."""
        return f"{self.title}\n{self.abstract}\n{self.pages}".lower()

    @cached_property
    def letters(self) -> str:
        """The text as titles are looked for in it."""
        return folded(self.pages)

    @cached_property
    def body(self) -> str:
        """The text before its list of references."""
        ends = [found.start() for found in _REFERENCES.finditer(self.pages) if 2 * found.start() > len(self.pages)]
        return self.pages[: ends[-1]] if ends else self.pages

    @cached_property
    def words(self) -> frozenset[str]:
        """Words of the title that say what it is about, cut so that singular and plural are one."""
        found = re.findall(r"[^\W\d_]{4,}", self.title.casefold())
        return frozenset(word.rstrip("s")[:8] for word in found if word not in _TITLE_WORDS)

    @cached_property
    def places(self) -> frozenset[str]:
        """Names in a title that is not written in capitals throughout: what tells like titles apart."""
        words = re.findall(r"[^\W\d_][\w’'-]*", self.title)
        capital = [word for word in words[1:] if word[0].isupper() and not word.isupper()]
        return frozenset() if 2 * len(capital) > len(words) else frozenset(capital)

    @cached_property
    def protocol(self) -> bool:
        """Whether it is a protocol by its title."""
        return "a protocol" in matching.marks(self.title)

    @cached_property
    def registrations(self) -> frozenset[str]:
        """Its registration: a number in title or abstract, or in a sentence of the text about registering."""
        told = [self.title, self.abstract, *(s for s in _sentences(self.body) if re.search(r"\bregist", s, re.I))]
        found = (re.sub(r"\s", "", match[0]).lower() for text in told for match in _REGISTRATION.finditer(text))
        return frozenset(found)

    @cached_property
    def _funding(self) -> list[str]:
        return [text for text in _sentences(f"{self.abstract}\n{self.body}") if _MONEY.search(text)]

    @cached_property
    def grants(self) -> frozenset[str]:
        """Numbers of grants: four digits or more in what is said about money, and neither a year nor a date."""
        found = (match[0].strip(".-/") for text in self._funding for match in _NUMBER.finditer(text))
        return frozenset(
            number.upper()
            for number in found
            if sum(c.isdigit() for c in number) >= 4
            and not _NO_GRANT.fullmatch(number)
            and not _REGISTRATION.fullmatch(number)
        )

    @cached_property
    def funders(self) -> frozenset[str]:
        """Who paid."""
        found = (match[1] for text in self._funding for match in _FUNDER.finditer(text))
        return frozenset(re.sub(r"(?: (?:of|for|and|the|in))*\s*$", "", name) for name in found)

    @cached_property
    def projects(self) -> dict[str, str]:
        """Names of projects as they are compared -> as written: in title and abstract, acronyms and named ones."""
        told = f"{self.title}\n{self.abstract}"
        shouting = self.title.isupper()
        names = [] if shouting else [match[0] for match in _ACRONYM.finditer(told)]
        names += [match[1] for match in _PROJECT.finditer(told) if match[1].split()[0].casefold() not in _PLAIN]
        return {
            folded(name): name
            for name in names
            if len(folded(name)) > 3 and name.upper() not in _COMMON and not any(c.isdigit() for c in name)
        }

    @cached_property
    def samples(self) -> frozenset[tuple[str, int]]:
        """(what was counted, how many) in title and abstract."""
        return _samples(f"{self.title}\n{self.abstract}")

    @cached_property
    def all_samples(self) -> frozenset[tuple[str, int]]:
        """The same in the whole text."""
        return self.samples | _samples(self.body)

    @cached_property
    def elsewhere(self) -> bool:
        """Whether it says that more of the same work is reported in another place."""
        return bool(_ELSEWHERE.search(f"{self.abstract}\n{self.body}"))


def report(row: Row, pages: Iterable[str] = ()) -> Report:
    """The report of a row of the table of records, with the pages of its full texts."""
    return Report(
        id=row["record_id"],
        title=row["title"],
        abstract=row["abstract"],
        year=int(row["year"] or 0),
        doi=row["doi"],
        authors=tuple(_names(json.loads(row["authors"] or "[]"))),
        pages="\n".join(pages),
    )


def _names(authors: Sequence[dict[str, str]]) -> list[Name]:
    found = []
    for author in authors:
        family, given = author["family"], author["given"]
        if not family and author["literal"]:
            read = normalise.author(author["literal"])
            family, given = read.family or read.literal, read.given
        if family:
            found.append(Name(normalise.family_key(family), folded(given)[:1]))
    return found


def _sentences(text: str) -> list[str]:
    """Sentences, roughly: what ends in a full stop before a capital, or in a blank line."""
    return re.split(r"(?<=[.;])\s+(?=[A-Z])|\n\s*\n", text)


def _samples(text: str) -> frozenset[tuple[str, int]]:
    found = {("n", int(match[1].replace(",", ""))) for match in _N.finditer(text)}
    for match in _SAMPLE.finditer(text):
        count = match[1].replace(",", "").lower()
        number = int(count) if count.isdigit() else _WORDS[count]
        if number > 1 and not 1900 <= number <= 2100:
            found.add((_kind(match[2]), number))
    return frozenset(found)


def _kind(word: str) -> str:
    """One word for a kind of thing, whatever its form."""
    plain = word.lower().rstrip("s")
    same = {"municipalit": "municipalities", "ministr": "ministries"}
    return same.get(plain, "organisations" if plain.startswith("organi") else f"{plain}s")
