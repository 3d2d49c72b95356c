"""What of an entry is compared with another: titles, names, journals, pages and years in forms that agree.

Databases write one report in many ways: capitals, entities, translated titles in brackets, notes behind the title,
initials before or behind names, abbreviated journals, short page ranges. Pure functions over text.
"""

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import orjson

from scoping import normalise
from scoping.identity import folded

ABSTRACT = 300  # letters of an abstract that are compared
ALTERNATIVE = 15  # letters from which a bracket in a title is a title of its own
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_BREAK = re.compile(r"[\W_]+")
_THOUSANDS = re.compile(r"(\d(?<![\d.,]\d)\d{0,2})((?:[ ,\u00a0\u2009]\d{3})+)(?![\d.])")
_PLAIN = {place: "" if chr(place) == "'" else " " for place in range(128) if not chr(place).isalnum()}
_LETTERS = {
    "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ı": "i", "’": "'", "‘": "'",
    **dict.fromkeys("–—−“”…®©\u00a0\u2009", " "),
}  # fmt: skip
_GREEK = re.compile(r"[α-ωά-ώ]+")
_GREEK_NAMES = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega",
}  # fmt: skip
_NOTE = re.compile(
    r"\s*\[?\[(?:errat|corrected|published erratum|republish|retract|comment|see comment|summary for|update|reprint"
    r"|original report|letter|article in|in process|author|abstract|electronic|review\]|\d+ refs?)[^\]]*\]{0,2}\.?"
    r"|\s*\((?:structured abstract|provisional abstract|review)\)",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    r"\s*[\[(](?:article )?(?:in )?(?:arabic|chinese|croatian|czech|danish|dutch|english|finnish|french|german|hebrew"
    r"|hungarian|italian|japanese|korean|norwegian|persian|polish|portuguese|romanian|russian|serbian|slovak|spanish"
    r"|swedish|turkish|ukrainian)(?:[,; ]+(?:and )?\w+)?[\])]\.?\s*$",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\s*\(vol\.? ?\w+,? ?(?:pg?\.?|pp|art|article) ?\w[^)]*\)", re.IGNORECASE)
_PLACE_OF_JOURNAL = re.compile(r"\s*\([A-Z][^()]{3,100}\(\d{4}\)[^()]*(?:\([^()]*\)[^()]*)*\)\s*\.?\s*$")
_RETRACTED = re.compile(r"^\W*retracted(?: article)?\s*[:.]\s*|\s*\(?retracted article[^)]*\)?\s*$", re.IGNORECASE)
_REPRINTED = re.compile(r"\s*\(?reprinted (?:from|with)\b.*$", re.IGNORECASE)
_BRACKET = re.compile(r"[\[(]([^\])]{15,})[\])]")
_WORDS_OF_NUMBERS = {
    **{
        word: number
        for number, word in enumerate(
            ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"], 1
        )
    },
    **{
        word: number
        for number, word in enumerate(
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1
        )
    },
    **{
        word: n
        for n, word in enumerate(
            ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
        )
    },
}
_ORDINAL = re.compile(r"(\d{1,9})(?:st|nd|rd|th)?")
_MARKS = {
    "a correction": re.compile(
        r"^\W*(?:(?:author|publisher)s? )?(?:correction|corrections)\b(?! of\b)|\b(?:errat(?:um|a)|corrigend(?:um|a))\b",
        re.IGNORECASE,
    ),
    "a retraction": re.compile(r"^\W*(?:partial )?retraction\b|\bretraction (?:note|notice)\b", re.IGNORECASE),
    "an expression of concern": re.compile(r"^\W*(?:editorial )?expressions? of concern\b", re.IGNORECASE),
    "a reply": re.compile(
        r"^\W*(?:re:|repl(?:y|ies)\b|response to\b)|\brepl(?:y|ies)\W*$|\b(?:reply|response) (?:by|from|of) the authors?\b"
        r"|\bauthors?['’]? ?s?['’]? (?:reply|response)\b|\brejoinder\b",
        re.IGNORECASE,
    ),
    "a comment": re.compile(
        r"^\W*(?:comments?|commentary)(?: on\b|\W*:)|\b(?:comment|commentary) on ['\"“]|^\W*letters?(?: to the editor)?\W*:"
        r"|\bletter to the editor\W*$|^\W*discussion (?:of|on)\b",
        re.IGNORECASE,
    ),
    "a protocol": re.compile(r"\bprotocol\b|\brationale and (?:study )?design\b", re.IGNORECASE),
}
_MARKED = {  # what stands in every title that a pattern above fits: most titles need not be searched
    "correct": "a correction", "errat": "a correction", "corrigend": "a correction", "retract": "a retraction",
    "concern": "an expression of concern", "re:": "a reply", "repl": "a reply", "respon": "a reply",
    "rejoinder": "a reply", "comment": "a comment", "letter": "a comment", "discussion": "a comment",
    "protocol": "a protocol", "rationale": "a protocol",
}  # fmt: skip
_REGISTRIES = ("nct", "isrctn", "actrn", "chictr", "umin", "drks", "crd")
_REGISTERED = re.compile(
    r"\b(nct ?\d{8}|isrctn ?\d{6,8}|(?:actrn|chictr\w*|umin|drks|crd)-? ?\d{6,14})\b", re.IGNORECASE
)
_REGISTRY = re.compile(
    r"clinicaltrials ?\.? ?gov|clinical trials? (?:registry|register)\b|\bictrp\b|\bisrctn\b|\beuctr\b|\bprospero\b",
    re.IGNORECASE,
)
_PREPRINT = re.compile(
    r"\b(?:medrxiv|biorxiv|arxiv|psyarxiv|socarxiv|chemrxiv|ssrn|research square|preprints?(?:\.org)?)\b", re.IGNORECASE
)
_PREPRINT_DOI = ("10.1101/", "10.21203/rs", "10.2139/ssrn", "10.48550/", "10.31234/", "10.31235/", "10.20944/preprints")
_GLUED = re.compile(r"(?<=\b[A-Z]\.)(?=[A-Z][a-z])|(?<=[a-z] [A-Z])(?=[A-Z][a-z]+ [A-Z]\.)")
_NO_NAMES = "and et al jr sr van von der den de del la le du da dos di el the no author listed anonymous"
_JUNK_NAMES = frozenset(_NO_NAMES.split())
_PAGE = re.compile(r"(\d+)")
_MONTH = re.compile(r"^\W*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\W*$", re.IGNORECASE)
_NO_PAGE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\b|\bsuppl\w*-|\bno pagination\b", re.IGNORECASE
)
_ARTICLE_NUMBER = 100  # no volume has so many issues: the number of an article that stands in the wrong field
_LEAD = re.compile(r"[\[(].*?[\])]")
_EMPTY = (
    "the of and in on for to with by from at as is are be or a an und der die das et la le les de des du en "
    "el los las y via using into than its their s"
)
EMPTY_WORDS = frozenset(_EMPTY.split())
"""Words of a title that say nothing by themselves."""


class Item(NamedTuple):
    """What of an entry decides whether it is the same as another; an empty text, set or 0 where it says nothing."""

    content_id: str
    doi: str
    pmid: str
    title: str  # words, small letters, one blank between them
    other_title: str  # the original or translated title that stood in brackets
    key: str  # the title as ids have it: letters and digits only
    families: frozenset[str]  # words of family names
    people: frozenset[str]  # the same and full given names: names are turned round in some exports
    first: frozenset[str]  # words of the first author
    author: str  # the first author's family name, letters only
    year: int
    journal: str
    volume: str
    issue: str
    first_page: str
    last_page: str
    kind: str
    numbers: frozenset[str]
    marks: frozenset[str]
    registrations: frozenset[str]
    abstract: str


def item(row: dict[str, str]) -> Item:
    """The comparable form of an entry (a row of the table of entries)."""
    title = title_words(row["title"])
    authors = orjson.loads(row["authors"] or "[]")
    families, people, first = names(authors)
    volume, issue, first_page, last_page = place(row["volume"].strip(), row["issue"].strip(), row["pages"])
    bare = row["title"].strip().strip("[]").rstrip(".")
    return Item(
        content_id=row["content_id"],
        doi=row["doi"],
        pmid=row["pmid"],
        title=title,
        other_title=other_title(row["title"]),
        key=folded(bare) if not title else title.replace(" ", ""),
        families=families,
        people=people,
        first=first,
        author=folded(authors[0]["family"] or authors[0]["literal"]) if authors else "",
        year=int(row["year"] or 0),
        journal=journal_words(row["journal"]),
        volume=volume,
        issue=issue,
        first_page=first_page,
        last_page=last_page,
        kind=row["type"],
        numbers=numbers(title),
        marks=marks(row["title"], row["journal"], row["doi"]),
        registrations=registrations(f"{row['title']} {row['pages']}"),
        abstract=words(row["abstract"][: 2 * ABSTRACT])[:ABSTRACT],
    )


def words(text: str) -> str:
    """Small letters and digits without accents and markup, one blank between words; Greek letters by name."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    text = text.casefold()
    if not text.isascii():
        for letter in _LETTERS.keys() & set(text):
            text = text.replace(letter, _LETTERS[letter])
    if not text.isascii():
        text = unicodedata.normalize("NFKD", _GREEK.sub(_named, unicodedata.normalize("NFC", text)))
        for accent in filter(unicodedata.combining, set(text)):
            text = text.replace(accent, "")
    if text.isascii():
        return " ".join(text.translate(_PLAIN).split())
    return _BREAK.sub(" ", text.replace("'", "")).strip()


def _named(match: re.Match[str]) -> str:
    """One Greek letter by its name; Greek words as they stand."""
    return f" {_GREEK_NAMES[match[0]]} " if match[0] in _GREEK_NAMES else match[0]


@lru_cache(maxsize=200_000)
def title_words(text: str) -> str:
    """A title in words, without what databases add: notes in brackets, its language, the place of what is corrected."""
    plain = text
    if "[" in plain or "(" in plain:
        plain = _LANGUAGE.sub("", _NOTE.sub(" ", plain))
        plain = _PLACE_OF_JOURNAL.sub("", _PLACE.sub("", plain))
    if "etracted" in plain or "ETRACTED" in plain:
        plain = _RETRACTED.sub("", plain)
    if "eprinted" in plain or "EPRINTED" in plain:
        plain = _REPRINTED.sub("", plain)
    return words(_THOUSANDS.sub(lambda found: found[1] + re.sub(r"\D", "", found[2]), plain))


def other_title(text: str) -> str:
    """The title in brackets behind another one, in words: an original title with its translation."""
    if "[" not in text:
        return ""
    inner = next((words(found) for found in _BRACKET.findall(_NOTE.sub(" ", text))), "")
    return inner if len(inner) >= ALTERNATIVE and inner != title_words(text) else ""


def numbers(title: str) -> frozenset[str]:
    """The numbers among the words of a title, in digits: `part ii`, `2nd`, `second` and `2` are the same."""
    found = set()
    for word in title.split():
        if word in _WORDS_OF_NUMBERS:
            found.add(str(_WORDS_OF_NUMBERS[word]))
        elif word[0].isdigit() and (match := _ORDINAL.fullmatch(word)):
            found.add(str(int(match[1])))
    return frozenset(found)


def marks(title: str, journal: str = "", doi: str = "") -> frozenset[str]:
    """What a report is, other than an ordinary one: a correction, a reply, a comment, a protocol, a preprint …"""
    plain = _NOTE.sub(" ", title) if "[" in title else title
    small = plain.strip().casefold()
    found = {_MARKED[word] for word in filter(small.__contains__, _MARKED)}
    found = {name for name in found if _MARKS[name].search(plain)}
    if "(" in plain and (_PLACE.search(plain) or _PLACE_OF_JOURNAL.search(plain)):
        found.add("a correction")
    if _registry(journal) or (small.startswith(_REGISTRIES) and _REGISTERED.match(small)):
        found.add("a trial registration")
    if doi.startswith(_PREPRINT_DOI) or _preprints(journal):
        found.add("a preprint")
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _registry(journal: str) -> bool:
    return bool(_REGISTRY.search(journal))


@lru_cache(maxsize=50_000)
def _preprints(journal: str) -> bool:
    return bool(_PREPRINT.search(journal))


def registrations(text: str) -> frozenset[str]:
    """Numbers of trial registries in a text."""
    small = text.casefold()
    if not any(map(small.__contains__, _REGISTRIES)):
        return frozenset()
    return frozenset(_BREAK.sub("", found.lower()) for found in _REGISTERED.findall(text))


def names(authors: Sequence[Mapping[str, str]]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """(words of family names, those and full given names, words of the first author) of authors."""
    families: set[str] = set()
    people: set[str] = set()
    first: frozenset[str] = frozenset()
    for place, one in enumerate(authors):
        family, given = _name(one["family"], one["given"], one["literal"])
        families.update(family)
        people.update(family, given)
        if not place:
            first = family | given
    return frozenset(families), frozenset(people), first


@lru_cache(maxsize=200_000)
def _name(family: str, given: str, literal: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words of the family name and of the given name; what cannot be told apart counts as family."""
    whole = f"{literal}\n{given}\n{family}"
    if "." in whole and _GLUED.search(whole):  # `Adeli K.Lewis G. F.`: the separator was lost
        people = [normalise.author(part) for part in _GLUED.split(f"{family} {given} {literal}".strip())]
        return frozenset().union(*(_told(person.family or person.literal) for person in people)), frozenset()
    return _told(family) | _told(literal), _told(given)


@lru_cache(maxsize=200_000)
def _told(name: str) -> frozenset[str]:
    """The words of a name but initials and particles; a name of one word is that word."""
    if name.isascii() and (name.isalpha() or not name):
        return frozenset((name.casefold(),)) if len(name) > 1 else frozenset()
    capitals = "" if name.isupper() and len(name) > 3 else name
    short = {word.casefold() for word in capitals.replace(".", " ").split() if word.isupper() and len(word) <= 3}
    found = words(name).split()
    told = {word for word in found if len(word) > 1 and word not in _JUNK_NAMES and word not in short}
    return frozenset(told or ({found[0]} if len(found) == 1 and len(found[0]) > 1 else ()))


@lru_cache(maxsize=50_000)
def number(text: str) -> str:
    """The first number of a volume or issue, without leading zeros; the words of what holds none but a month."""
    if _MONTH.match(text):
        return ""
    match = _PAGE.search(text)
    return match[1].lstrip("0")[:9] if match else words(text)


@lru_cache(maxsize=50_000)
def page_numbers(text: str) -> tuple[str, str]:
    """First and last page as numbers: `S101-10` is 101 to 110; nothing where a spreadsheet made a date of them."""
    if _NO_PAGE.search(text):
        return "", ""
    found = [one.lstrip("0")[:9] for one in _PAGE.findall(text)]
    if not found or not found[0]:
        return "", ""
    first, last = found[0], found[1] if len(found) > 1 else ""
    if last and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return first, last


def place(volume: str, issue: str, pages: str) -> tuple[str, str, str, str]:
    """Volume, issue, first and last page as numbers; an article's number that stands as issue is its page."""
    first, last = page_numbers(pages)
    found = number(issue)
    if found.isdigit() and int(found) >= _ARTICLE_NUMBER:
        return number(volume), "", first or found, last
    return ("" if volume.endswith(")") and "(" not in volume else number(volume)), found, first, last


@lru_cache(maxsize=50_000)
def journal_words(text: str) -> str:
    """The name of a journal in words, without what stands in brackets or behind a colon."""
    plain = _LEAD.sub(" ", text) if "(" in text or "[" in text else text
    return words(plain.split(" : ")[0].split(" = ")[0]) or words(text)
