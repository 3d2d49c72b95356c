"""Fields of a row of a table, by the names of its columns."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from scoping import normalise
from scoping.normalise import Author
from scoping.readers.columns import field_of, plain
from scoping.readers.fields_tagged import wos_fields
from scoping.readers.record import Bag, Fields, Tags, accession, csl_type, eid, keywords, page_range, url

_LISTED = re.compile(r"""\[['"](.*)['"]\]""", re.DOTALL)
_WORK = re.compile(r"W\d+$", re.IGNORECASE)
_SOURCE_IS_JOURNAL = frozenset({"cochrane", "embase", "eric", "publish-or-perish"})
_LETTERS = {"J": "journal", "B": "book", "S": "chapter", "C": "conference", "P": "patent"}  # Web of Science
_NO_PARTER = frozenset({"", "abstrackr", "openalex", "eppi"})  # whose tables part people as they were given them
_GLUED = frozenset({"springer"})


def table_fields(dialect: str, tags: Tags, columns: Mapping[str, str] = MappingProxyType({})) -> Fields:
    """Fields of a row; of several columns that hold the same field a declared one wins, else the best known name."""
    if dialect == "wos" and not columns and any(name in {"TI", "UT", "SO"} for name, _ in tags):
        return wos_fields(dialect, tags)
    bag = _ranked(tags, columns)
    doi, doi_raw = bag.doi([*bag.all("doi"), *(link for link in bag.all("url") if "doi.org" in link)])
    pmid = _digits(bag.first("pmid"))
    kind = bag.first("type")
    kind = _LETTERS.get(kind, kind)
    journal = bag.first("journal") or (bag.first("source") if dialect in _SOURCE_IS_JOURNAL - {"embase"} else "")
    return Fields(
        type=csl_type(kind) if kind else "article-journal" if journal else "document",
        title=bag.first("title"),
        abstract=bag.first("abstract"),
        authors=_authors(dialect, bag),
        year=bag.year("year"),
        journal=journal,
        volume=bag.first("volume"),
        issue=bag.first("issue"),
        pages=_pages(bag),
        doi=doi,
        doi_raw=doi_raw,
        accession=_accession(dialect, bag, pmid),
        pmid=pmid,
        url=url(bag.all("url")),
        language=bag.first("language"),
        keywords=_keywords(bag),
        publisher=bag.first("publisher"),
        source_hint=bag.first("source") if dialect not in _SOURCE_IS_JOURNAL else "",
        notes=bag.joined("notes", by=" | "),
        problems=tuple(bag.problems),
    )


def _ranked(tags: Tags, columns: Mapping[str, str]) -> Bag:
    """Cells by field: those under a declared column name alone, else those under the best known name first."""
    declared = {plain(name): field for field, name in columns.items()}
    places = ((_place(name, declared, columns), name, value) for name, value in tags)
    known = [(place[1], place[0], value) for place, _, value in places if place]
    known.sort(key=lambda item: item[0])
    return Bag.of([(field, value) for _, field, value in known])


def _place(name: str, declared: Mapping[str, str], columns: Mapping[str, str]) -> tuple[str, int] | None:
    if found := declared.get(plain(name)):
        return found, -1
    place = field_of(name)
    return None if place is None or place[0] in columns else place


def _digits(text: str) -> str:
    """The number of a PubMed id, which may come as an address or as `123.0`."""
    number = text.rstrip("/").rpartition("/")[2].removesuffix(".0")
    return number if number.isdecimal() else ""


def _authors(dialect: str, bag: Bag) -> tuple[Author, ...]:
    text = bag.first("authors")
    raw = next(iter(bag.all("authors")), "") if text else ""
    if text and dialect in _GLUED:
        bag.problems.append("authors are not separated in this export")
        return (Author(literal=text),)
    if dialect == "scopus":
        raw = _without_ids(raw)
    # `A Marsh, K Osei`: the comma stands between people, here always and in a table that nobody knows where it can
    if dialect == "publish-or-perish" or (dialect in _NO_PARTER and normalise.are_two_people(raw)):
        raw = "; ".join(part.strip() for part in raw.split(","))
    if dialect == "rayyan" and ";" not in raw:  # there `and` stands between people, and nothing else
        raw = "; ".join(raw.split(" and "))
    return normalise.split_authors(_unlisted(raw))


def _unlisted(raw: str) -> str:
    """`['One', 'Two']`, as Python writes a list, with semicolons."""
    listed = _LISTED.fullmatch(raw)
    return "; ".join(re.split(r"""['"],\s*['"]""", listed[1])) if listed else raw


def _without_ids(names: str) -> str:
    """Scopus puts an author's number in brackets behind the full name."""
    parts = (part.partition(" (")[0] if part.rstrip().endswith(")") else part for part in names.split(";"))
    return ";".join(parts)


def _pages(bag: Bag) -> str:
    first, last = bag.first("first"), bag.first("last")
    return page_range(first, last) or normalise.pages(bag.first("pages")) or bag.first("article_number")


def _keywords(bag: Bag) -> tuple[str, ...]:
    values = [_unlisted(value) for value in bag.all("keywords")[:1]]
    return keywords(values, ";\n|" if any(sign in value for value in values for sign in ";|") else ",\n")


def _accession(dialect: str, bag: Bag, pmid: str) -> str:
    """From the column that is the database's own number."""
    if scopus := eid(bag.all("eid", "url")):
        return scopus
    for name, prefix in (("wos", "wos"), ("central", "cochrane"), ("lens", "lens"), ("openalex", "openalex")):
        if value := bag.first(name):
            return accession(value, prefix) or f"{prefix}:{value.lower()}"
    if dialect == "embase" and (value := bag.first("embase")):
        return f"embase:{value.lower()}"
    if dialect == "openalex" and (work := _WORK.search(bag.first("eric"))):  # its column is named `id`, as ERIC's is
        return f"openalex:{work[0].lower()}"
    if dialect == "dimensions" and (value := bag.first("dimensions")).startswith("pub."):
        return f"dimensions:{value.lower()}"
    if dialect == "pubmed" and pmid:
        return f"pmid:{pmid}"
    if dialect == "eric" and (found := accession(bag.first("eric"), "eric")):
        return found
    return accession(bag.first("accession"), bag.first("database"))
