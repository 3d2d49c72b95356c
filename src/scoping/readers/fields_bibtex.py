"""Fields of BibTeX and BibLaTeX entries."""

import re

from scoping import normalise
from scoping.normalise import Author
from scoping.readers.bibtex import KEY, TYPE
from scoping.readers.latex import bare, decode
from scoping.readers.record import Bag, Fields, Tags, csl_type, eid, keywords, pmid_in, url, web_of_science

_TYPES = {
    "article": "article-journal", "book": "book", "mvbook": "book", "booklet": "pamphlet", "collection": "book",
    "conference": "paper-conference", "dataset": "dataset", "electronic": "webpage", "inbook": "chapter",
    "incollection": "chapter", "inproceedings": "paper-conference", "inreference": "entry-encyclopedia",
    "manual": "report", "mastersthesis": "thesis", "misc": "document", "online": "webpage", "patent": "patent",
    "periodical": "periodical", "phdthesis": "thesis", "proceedings": "book", "reference": "book", "report": "report",
    "software": "software", "standard": "standard", "techreport": "report", "thesis": "thesis",
    "unpublished": "manuscript", "www": "webpage", "preprint": "article",
}  # fmt: skip
_PLAIN = frozenset({"doi", "url", "eid", "pmid", "unique-id", "eprint", "number", "volume", "pages", KEY, TYPE})


def bibtex_fields(dialect: str, tags: Tags) -> Fields:
    """Fields of a BibTeX entry; LaTeX is decoded, authors are split at `and` outside braces."""
    raw = Bag.of(tags)
    bag = Bag.of([(name, bare(value) if name in _PLAIN else decode(value)) for name, value in tags])
    doi, doi_raw = bag.doi([*bag.all("doi"), *(link for link in bag.all("url", "ee") if "doi.org" in link)])
    pmid = bag.first("pmid", "pubmed_id", "pubmedid") or pmid_in(bag.all("url"))
    kind = _kind(bag)
    title, subtitle = bag.first("title", "booktitle" if kind == "book" else ""), bag.first("subtitle")
    journal = bag.first("journal", "journaltitle", "booktitle", "shortjournal", "series" if kind == "book" else "")
    return Fields(
        type=kind,
        title=f"{title}: {subtitle}" if title and subtitle else title,
        abstract=bag.joined("abstract", "abstractnote"),
        authors=_authors(raw, bag),
        year=bag.year("year", "date"),
        journal="" if journal == title and kind == "book" else journal,
        volume=bag.first("volume"),
        issue=bag.first("number", "issue"),
        pages=normalise.pages(bag.first("pages")) or bag.first("art_number", "article-number", "eid"),
        doi=doi,
        doi_raw=doi_raw,
        accession=_accession(dialect, bag, pmid),
        pmid=pmid,
        url=url(bag.all("url", "link", "ee")),
        language=bag.first("language", "langid"),
        keywords=_keywords(bag),
        publisher=bag.first("publisher", "institution", "school", "organization", "howpublished"),
        notes=bag.joined("note", "annote", by=" | "),
        problems=tuple(bag.problems),
    )


def _kind(bag: Bag) -> str:
    name = bag.first(TYPE).lower()
    kind = _TYPES.get(name, "") or csl_type(name)
    archived = bag.first("eprinttype", "archiveprefix").lower() == "arxiv"
    if archived and kind == "document":
        return "article"
    if bag.first("entrysubtype") in {"newspaper", "magazine"} and name == "article":
        return f"article-{bag.first('entrysubtype')}"
    return kind


def _authors(raw: Bag, bag: Bag) -> tuple[Author, ...]:
    """Split first, decode after, so that braces still hold bodies together."""
    found: list[Author] = []
    for value in raw.all("author"):
        whole = " ".join(value.split())
        while whole.startswith("{") and whole.endswith("}") and (" and " in whole or "," in whole) and _one(whole):
            whole = whole[1:-1].strip()
        found += [
            _decoded(author)
            for author in _split(whole)
            if author.given or bag.said(author.family or author.literal, "author")  # Na is a family name, too
        ]
    return tuple(dict.fromkeys(found))


def _one(text: str) -> bool:
    """Whether the brace that opens a text is closed only at its end."""
    depth = 0
    for place, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return place == len(text) - 1
    return False


def _split(text: str) -> tuple[Author, ...]:
    """At `and` where there is one; a single value in the BibTeX way is one name unless its form shows several."""
    protected = re.sub(r"\{\\[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", lambda match: decode(match[0]), text)
    return normalise.split_authors(protected)


def _decoded(author: Author) -> Author:
    return Author(decode(author.family), decode(author.given), decode(author.literal))


def _keywords(bag: Bag) -> tuple[str, ...]:
    values = [" ".join(value.split()) for value in bag.all("author_keywords", "keywords", "keyword")]
    return keywords(values, ";" if any(";" in value for value in values) else ",")


def _accession(dialect: str, bag: Bag, pmid: str) -> str:
    """From Unique-ID or the key (Web of Science), a Scopus address or a PubMed number."""
    for value in bag.all("unique-id", KEY):
        if found := web_of_science(value):
            return found
    if scopus := eid(bag.all("url") if dialect != "mendeley" else ()):
        return scopus
    return f"pmid:{pmid}" if dialect == "pubmed" and pmid else ""
