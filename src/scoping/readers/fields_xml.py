"""Fields of references in XML: EndNote, PubMed, Zotero's RDF and DSpace's Dublin Core."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scoping import normalise
from scoping.normalise import Author
from scoping.readers.fields_json import ZOTERO_TYPES
from scoping.readers.fields_tagged import medline_type
from scoping.readers.record import (
    Bag,
    Fields,
    Tags,
    accession,
    clean,
    csl_type,
    keywords,
    page_range,
    people,
    pmid_in,
    url,
)  # fmt: skip

# EndNote's numbers of types, for what was written without their names
_REF_TYPES = {
    "5": "chapter", "6": "book", "10": "paper-conference", "12": "webpage", "17": "article-journal", "19": "article-magazine",
    "23": "article-newspaper", "25": "patent", "27": "report", "28": "book", "32": "thesis", "34": "manuscript",
    "43": "article-journal", "46": "report", "47": "paper-conference", "59": "dataset",
}  # fmt: skip
_NUMBER = re.compile(r"\[\d+\]")
_PERSON = re.compile(r"(.*AuthorList(?:\[\d+\])?/Author(?:\[\d+\])?)/(\w+)$")
_RDF_PERSON = re.compile(r"authors/Seq/(li(?:\[\d+\])?)/\w+/(surname|givenName|givenname|name)$")


@dataclass(frozen=True, slots=True)
class _Value:
    """A text, the way to it without numbers, and the attributes of its element."""

    way: str
    text: str
    attributes: dict[str, str]


def _values(tags: Tags) -> list[_Value]:
    attributes: dict[str, dict[str, str]] = {}
    for name, value in tags:
        way, at, attribute = name.rpartition("@")
        if at:
            attributes.setdefault(way.rstrip("/"), {})[attribute] = value
    return [_Value(_NUMBER.sub("", name), value, attributes.get(name, {})) for name, value in tags if "@" not in name]


def _bag(tags: Tags) -> Bag:
    return Bag.of([(_NUMBER.sub("", name), value) for name, value in tags])


def endnote_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of a record of EndNote's XML, which names the journal twice or three times."""
    bag = _bag(tags)
    kind = (
        csl_type(bag.first("ref-type/@name"))
        if bag.first("ref-type/@name")
        else _REF_TYPES.get(bag.first("ref-type"), "document")
    )
    doi, doi_raw = bag.doi(
        [*bag.all("electronic-resource-num"), *bag.all("custom3"), *(u for u in _links(bag) if "doi" in u)]
    )
    found = accession(bag.first("accession-num"), bag.first("remote-database-name"))
    return Fields(
        type=kind,
        title=bag.first("titles/title"),
        abstract=bag.joined("abstract"),
        authors=people(normalise.each_name(bag.all("contributors/authors/author")), bag),
        year=bag.year("dates/year", "dates/pub-dates/date"),
        journal=_endnote_journal(kind, bag),
        volume=bag.first("volume"),
        issue=bag.first("number", "issue"),
        pages=normalise.pages(bag.first("pages")),
        doi=doi,
        doi_raw=doi_raw,
        accession=found,
        pmid=found.removeprefix("pmid:") if found.startswith("pmid:") else pmid_in(_links(bag)),
        url=url(_links(bag)),
        language=bag.first("language"),
        keywords=keywords(bag.all("keywords/keyword"), "\r\n"),
        publisher=bag.first("publisher"),
        notes=bag.joined("notes", by=" | "),
        problems=tuple(bag.problems),
    )


def _endnote_journal(kind: str, bag: Bag) -> str:
    if kind == "book":
        return ""
    names = ["periodical/full-title", "titles/secondary-title", "titles/alt-title", "periodical/abbr-1"]
    return bag.first(*(names[1:2] if kind in {"chapter", "paper-conference"} else ()), *names)


def _links(bag: Bag) -> list[str]:
    return [
        value for name, values in bag.values.items() if name.startswith("urls/") and "@" not in name for value in values
    ]


def pubmed_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of an article or book of PubMed's XML; equal to those that its nbib gives."""
    bag, values = _bag(tags), _values(tags)
    top = "BookDocument" if bag.first("BookDocument/PMID") else "MedlineCitation"
    body = top if top == "BookDocument" else "MedlineCitation/Article"
    own = [value for value in values if "ReferenceList" not in value.way]
    dois = [value.text for value in own if "doi" in (value.attributes.get("EIdType"), value.attributes.get("IdType"))]
    doi, doi_raw = bag.doi(dois)
    pmid = bag.first(f"{top}/PMID")
    told = bag.all(f"{body}/PublicationTypeList/PublicationType", "BookDocument/PublicationType")
    issue = "MedlineCitation/Article/Journal/JournalIssue"
    return Fields(
        type=medline_type(told, in_journal=bool(bag.first(f"{body}/Journal/Title"))) if top != "BookDocument" else _book_type(bag),
        title=bag.joined(f"{body}/ArticleTitle") or bag.first("BookDocument/Book/BookTitle", f"{body}/VernacularTitle"),
        abstract=_abstract(own, f"{body}/Abstract/AbstractText") or _abstract(own, "MedlineCitation/OtherAbstract/AbstractText"),
        authors=_authors(tags, body) or _authors(tags, "BookDocument/Book"),
        year=bag.year(f"{issue}/PubDate/Year", f"{issue}/PubDate/MedlineDate", "BookDocument/Book/PubDate/Year", f"{body}/ArticleDate/Year"),
        journal=bag.first(f"{body}/Journal/Title", f"{body}/Journal/ISOAbbreviation", "MedlineCitation/MedlineJournalInfo/MedlineTA", "BookDocument/Book/BookTitle" if bag.first(f"{body}/ArticleTitle") else f"{body}/Journal/Title"),
        volume=bag.first(f"{issue}/Volume", "BookDocument/Book/Volume"),
        issue=bag.first(f"{issue}/Issue"),
        pages=normalise.pages(bag.first(f"{body}/Pagination/MedlinePgn", "BookDocument/Pagination/MedlinePgn")) or page_range(bag.first(f"{body}/Pagination/StartPage"), bag.first(f"{body}/Pagination/EndPage")),
        doi=doi,
        doi_raw=doi_raw,
        accession=f"pmid:{pmid}" if pmid.isdecimal() else "",
        pmid=pmid,
        language=bag.first(f"{body}/Language"),
        keywords=keywords(bag.all("MedlineCitation/KeywordList/Keyword", "BookDocument/KeywordList/Keyword"), "\n") or keywords(bag.all("MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName"), "\n"),
        publisher=bag.first("BookDocument/Book/Publisher/PublisherName"),
        problems=tuple(bag.problems),
    )  # fmt: skip


def _book_type(bag: Bag) -> str:
    return "chapter" if bag.first("BookDocument/ArticleTitle") and bag.first("BookDocument/Book/BookTitle") else "book"


def _abstract(values: Iterable[_Value], way: str) -> str:
    """Its parts, each with its label before it, as PubMed shows them."""
    parts = [
        f"{label}: {text}" if (label := value.attributes.get("Label", "")) else text
        for value in values
        if value.way == way and (text := clean(value.text))
    ]
    return " ".join(dict.fromkeys(parts))


def _authors(tags: Tags, body: str) -> tuple[Author, ...]:
    """People in the order of the list; lists of editors are left out unless they are all there is."""
    people_of: dict[str, dict[str, str]] = {}
    for name, value in tags:
        match = _PERSON.fullmatch(name)
        if match and _NUMBER.sub("", match[1]) == f"{body}/AuthorList/Author":
            people_of.setdefault(match[1], {})[match[2]] = clean(value)
    found = []
    for one in people_of.values():
        if body_name := one.get("CollectiveName"):
            found.append(Author(literal=body_name))
        elif family := one.get("LastName"):
            found.append(Author(family, one.get("ForeName") or one.get("Initials", "")))
    return tuple(dict.fromkeys(found))


def rdf_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of an item of Zotero's RDF."""
    bag = _bag(tags)
    told = bag.first("itemType")
    numbers = [value for name, values in bag.values.items() if name.endswith("identifier") for value in values]
    links = [*bag.all("identifier/URI/value"), *bag.all("@about")]
    doi, doi_raw = bag.doi(
        [*(value for value in numbers if "doi" in value.lower()), *(u for u in links if "doi.org" in u)]
    )
    return Fields(
        type=ZOTERO_TYPES.get(told) or csl_type(told or bag.first("type")),
        title=bag.first("title"),
        abstract=bag.joined("abstract"),
        authors=_rdf_authors(tags),
        year=bag.year("date"),
        journal=next((text for name in bag.values if re.fullmatch(r"isPartOf/\w+/title", name) and (text := bag.first(name))), "") or bag.first("presentedAt/Conference/title"),
        volume=bag.first("volume") or next((bag.first(name) for name in bag.values if re.fullmatch(r"isPartOf/\w+/volume", name)), ""),
        issue=bag.first("number") or next((bag.first(name) for name in bag.values if re.fullmatch(r"isPartOf/\w+/number", name)), ""),
        pages=normalise.pages(bag.first("pages")),
        doi=doi,
        doi_raw=doi_raw,
        url=url(links),
        language=bag.first("language"),
        keywords=keywords([*bag.all("subject"), *bag.all("subject/AutomaticTag/value")], "\n"),
        publisher=bag.first("publisher/Organization/name"),
        notes=bag.joined("description", by=" | "),
        problems=tuple(bag.problems),
    )  # fmt: skip


def _rdf_authors(tags: Tags) -> tuple[Author, ...]:
    people_of: dict[str, dict[str, str]] = {}
    for name, value in tags:
        if match := _RDF_PERSON.match(name):
            people_of.setdefault(match[1], {})[match[2].lower()] = clean(value)
    return tuple(
        dict.fromkeys(
            Author(family, one["givenname"])
            if (family := one.get("surname", "")) and one.get("givenname")
            else Author(literal=family or one.get("name", ""))
            for one in people_of.values()
        )
    )


def dspace_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of a record in DSpace's Dublin Core, such as OpenGrey's."""
    bag = Bag.of(
        [(f"{v.attributes.get('element', '')}.{v.attributes.get('qualifier', 'none')}", v.text) for v in _values(tags)]
    )
    doi, doi_raw = bag.doi(
        [value for name, values in bag.values.items() if name.startswith("identifier.") for value in values]
    )
    bodies = tuple(Author(literal=text) for value in bag.all("contributor.corporate") if (text := clean(value)))
    kind = csl_type(bag.first("type.none", "type.dcmi"))
    return Fields(
        type=kind,
        title=bag.first("title.none", "title.alternative"),
        abstract=bag.joined("description.abstract", "description.abstractalt"),
        authors=people(bag.all("contributor.author", "creator.none"), bag) or bodies,
        year=bag.year("date.issued", "date.copyright", "date.none"),
        journal=bag.first("relation.ispartof", "relation.ispartofseries"),
        doi=doi,
        doi_raw=doi_raw,
        url=url(bag.all("identifier.uri", "relation.uri")),
        language=bag.first("language.none", "language.iso"),
        keywords=keywords(bag.all("subject.none"), "\n"),
        publisher=bag.first("publisher.none"),
        notes=bag.joined("description.none", by=" | "),
        problems=tuple(bag.problems),
    )
