"""Fields of EndNote's tags, the Cochrane Library's text and Ovid's two formats."""

import re

from scoping import normalise
from scoping.normalise import Author
from scoping.readers.record import Bag, Fields, Tags, accession, clean, csl_type, keywords, people, url

_FAMILY_FIRST = re.compile(r"((?:[a-z'’]{1,4}\s+)*\S+)\s+(\S.*)")
_AFFILIATION = re.compile(r"(?:\s+|\s*\()\d[\d,\s]*\)?\s*$|\s*\[[^\]]*\]\s*$")
_KIND_BEHIND = re.compile(r"\.?\s*\[[A-Z][A-Za-z ,/-]{2,40}\]\.?\s*$")
# `BMJ. Conference: A. Spain. 12 (Supplement 3) (pp 1-9), 2018`, `Ecohydrology.   8(6):1048-1064, September 2015.`
_JOURNAL = re.compile(r"(.+?)\.(?:\s+(?=[A-Z(\d])|\s*$)", re.DOTALL)
_VOLUME = re.compile(
    r"\.\s+(?P<volume>[A-Z]?\d+\w{0,3})\s*(?:\((?!pp|no )(?P<issue>[^()]*)\))?"
    r"(?:\s*\(pp?\s*(?P<within>[^()]*)\)|:\s*(?P<pages>[\w.]+(?:-\w+)?))?(?=[\s,.(]|$)"
)
# EndNote's own names of types; what is not here is told by its words
_ENW_TYPES = {"Generic": "document", "Electronic Source": "webpage", "Unpublished Work": "manuscript"}
_OVID = {
    "title": ("TI", "Title", "Book Title", "TT", "Original Title"),
    "abstract": ("AB", "Abstract"),
    "authors": ("AU", "FA", "FAU", "Author", "Authors", "Author/Editor"),
    "bodies": ("CA", "Corporate Author", "Group/Corporate Author"),
    "source": ("SO", "Source"),
    "journal": ("JN", "JA", "JX", "Journal Name", "Journal"),
    "year": ("YR", "YP", "DP", "PY", "Year of Publication", "Publication Year", "Date of Publication", "SO", "Source", "Status"),
    "volume": ("VO", "VI", "Volume"),
    "issue": ("IP", "Issue", "Issue Part"),
    "pages": ("PG", "Page", "Pages"),
    "doi": ("DO", "DI", "DOI Number", "Digital Object Identifier", "DOI"),
    "number": ("UI", "AN", "Accession Number", "Unique Identifier", "Medline Identifier"),
    "database": ("DB", "Database"),
    "language": ("LG", "LA", "Language"),
    "keywords": ("KW", "ID", "Author Keywords", "Key Concepts", "Keywords", "Keyword Heading"),
    "publisher": ("PB", "PU", "Publisher"),
    "type": ("PT", "DT", "Document Type", "Publication Type"),
    "url": ("XL", "UR", "Link to the Ovid Full Text or citation", "Link to the External Link Resolver", "URL"),
}  # fmt: skip


def enw_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of an entry in EndNote's tags."""
    bag = Bag.of(tags)
    named = bag.first("0")
    kind = _ENW_TYPES.get(named) or csl_type(named)
    within = kind in {"chapter", "paper-conference"}
    doi, doi_raw = bag.doi([*bag.all("R", "3"), *(link for link in bag.all("U") if "doi.org" in link)])
    return Fields(
        type=kind,
        title=bag.first("T"),
        abstract=bag.joined("X"),
        authors=people(normalise.each_name(bag.all("A")), bag),
        year=bag.year("D", "8"),
        journal=bag.first("B", "J", "S") if within else bag.first("J", "B" if kind != "book" else "J"),
        volume=bag.first("V"),
        issue=bag.first("N"),
        pages=normalise.pages(bag.first("P")),
        doi=doi,
        doi_raw=doi_raw,
        accession=accession(bag.first("M"), bag.first("~")),
        url=url(bag.all("U")),
        language=bag.first("G"),
        keywords=keywords(bag.all("K"), "\n;" if any(s in v for v in bag.all("K") for s in "\n;") else ",\n"),
        publisher=bag.first("I"),
        notes=bag.joined("Z", by=" | "),
        problems=tuple(bag.problems),
    )


def cochrane_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of an entry of the Cochrane Library. The number of a review is none of an entry: its versions share it."""
    bag = Bag.of(tags)
    doi, doi_raw = bag.doi(bag.all("DOI", "US"))
    told = bag.first("PT")
    pmid = re.search(r"\d{5,9}", bag.first("PM"))
    return Fields(
        type=csl_type(told) if told else "article-journal",
        title=bag.first("TI"),
        abstract=bag.joined("AB"),
        authors=people((_turned(name) for value in bag.all("AU") for name in value.split(";")), bag),
        year=bag.year("YR", "PY"),
        journal=bag.first("SO"),
        volume=bag.first("VL"),
        issue=bag.first("NO"),
        pages=normalise.pages(bag.first("PG")),
        doi=doi,
        doi_raw=doi_raw,
        accession=accession(bag.first("ID"), ""),
        pmid=pmid[0] if pmid else "",
        url=url(bag.all("US")),
        language=bag.first("LA"),
        keywords=keywords(bag.all("KY")),
        publisher=bag.first("PB"),
        notes=bag.joined("CC", by=" | "),
        problems=tuple(bag.problems),
    )


def _turned(name: str) -> str:
    """`Crowther Caroline A` as `Crowther, Caroline A`: the library puts the family name first, without a comma."""
    if "," in name or normalise.author(name).literal:
        return name
    match = _FAMILY_FIRST.fullmatch(name.strip())
    return f"{match[1]}, {match[2]}" if match else name


def ovid_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of an entry of Ovid, under tags or under the names of fields."""
    bag = Bag.of(tags)
    doi, doi_raw = bag.doi(bag.all(*_OVID["doi"]))
    source = bag.first(*_OVID["source"])
    printed = _JOURNAL.match(source)
    volume = _VOLUME.search(source)
    part = volume.groupdict(default="") if volume else dict.fromkeys(("volume", "issue", "within", "pages"), "")
    journal = bag.first(*_OVID["journal"]) or (printed[1] if printed else "")
    told = bag.first(*_OVID["type"])
    bodies = tuple(Author(literal=text) for value in bag.all(*_OVID["bodies"]) if (text := clean(value)))
    number, database = bag.first(*_OVID["number"]).rstrip("."), bag.first(*_OVID["database"])
    found = accession(number, database)
    return Fields(
        type=csl_type(told) if told else "article-journal" if journal else "document",
        title=_KIND_BEHIND.sub("", bag.first(*_OVID["title"])),
        abstract=bag.joined(*_OVID["abstract"]),
        authors=people(_names(bag), bag) + bodies,
        year=bag.year(*_OVID["year"]),
        journal=journal,
        volume=bag.first(*_OVID["volume"]) or part["volume"],
        issue=bag.first(*_OVID["issue"]) or part["issue"],
        pages=normalise.pages(bag.first(*_OVID["pages"]) or part["within"] or part["pages"]),
        doi=doi,
        doi_raw=doi_raw,
        accession=found,
        pmid=found.removeprefix("pmid:") if found.startswith("pmid:") else "",
        url=url(bag.all(*_OVID["url"])),
        language=bag.first(*_OVID["language"]).rstrip("."),
        keywords=keywords(value.rstrip(".") for value in bag.all(*_OVID["keywords"])),
        publisher=bag.first(*_OVID["publisher"]),
        problems=tuple(bag.problems),
    )


def _names(bag: Bag) -> list[str]:
    """One name each, without the numbers of affiliations behind them."""
    values = next((found for name in _OVID["authors"] if (found := bag.all(name))), [])
    return [_AFFILIATION.sub("", name.strip()).rstrip(" *") for value in values for name in re.split(r";|\n", value)]
