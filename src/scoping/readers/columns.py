"""The names that databases give to the columns of their tables."""

import re

_PLAIN = re.compile(r"[^a-z0-9]+")

SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": (
        "title",
        "article title",
        "document title",
        "item title",
        "title primary",
        "primary title",
        "ti",
        "t1",
        "display name",
        "publication name",
        "original title",
    ),
    "abstract": ("abstract", "abstract note", "ab", "abstracts", "notes abstract", "original abstract", "description"),
    "authors": (
        "author full names",
        "authors",
        "author",
        "author s",
        "author names",
        "authors primary",
        "first authors",
        "af",
        "au",
        "authorships author display name",
        "contributors",
    ),
    "year": (
        "publication year",
        "year",
        "pub year",
        "published year",
        "py",
        "year of publication",
        "publication date",
        "date published",
        "date of publication",
        "date",
        "online date",
        "pubyear",
        "publicationdateyear",
        "publicationdate",
        "coverdate",
    ),
    "journal": (
        "source title",
        "journal",
        "journal title",
        "publication title",
        "periodical full",
        "journal book",
        "secondary title",
        "title secondary",
        "so",
        "primary location source display name",
        "container title",
        "journal name",
        "full journal",
        "periodical abbrev",
        "abbreviated source title",
        "journal abbreviation",
        "venue",
    ),
    "volume": ("volume", "journal volume", "vl"),
    "issue": ("issue", "issue number", "journal issue", "number", "is"),
    "pages": ("pages", "page range", "pg", "pagination"),
    "first": ("start page", "page start", "first page", "bp", "pagestart"),
    "last": ("end page", "page end", "last page", "other pages", "ep", "pageend"),
    "article_number": ("art no", "article number", "ar"),
    "doi": ("doi", "item doi", "di", "doi link", "doi url"),
    "pmid": ("pmid", "pubmed id", "medline pmid", "pm", "ids pmid", "pubmedid"),
    "url": (
        "url",
        "link",
        "plink",
        "pdf link",
        "full text link",
        "article url",
        "source urls",
        "links",
        "external url",
        "embase link",
        "articleurl",
        "fulltexturl",
        "source linkout",
        "dimensions url",
    ),
    "language": ("language", "language of original document", "la", "article language", "output language"),
    "keywords": ("author keywords", "keywords", "manual tags", "de", "subjects", "key words", "subject"),
    "publisher": ("publisher", "book publisher", "pu"),
    "type": (
        "document type",
        "item type",
        "publication type",
        "type",
        "reference type",
        "content type",
        "doctype",
        "dt",
        "type of reference",
        "document identifier",
        "ref type",
    ),
    "notes": ("note", "notes", "extra", "n1", "comments"),
    "accession": ("accession number", "accession"),
    "database": ("database", "database name", "sub file database"),
    "source": ("source",),
    "eid": ("eid",),
    "wos": ("ut unique wos id", "ut", "unique wos id", "wos id"),
    "central": ("central id",),
    "embase": ("embase accession id", "pui", "embase id"),
    "lens": ("lens id",),
    "openalex": ("openalex id",),
    "dimensions": ("publication id",),
    "rayyan": ("key", "rayyan id"),
    "eric": ("id",),
}
_PLACE = {name: (field, rank) for field, names in SYNONYMS.items() for rank, name in enumerate(names)}
_TELLING = frozenset(
    {"title", "abstract", "authors", "year", "journal", "doi", "pmid", "eid", "wos", "central", "keywords", "url"}
)
_WEAK = frozenset(
    {
        "id",
        "description",
        "venue",
        "contributors",
        "subject",
        "date",
        "key",
        "de",
        "is",
        "so",
        "la",
        "pm",
        "py",
        "number",
        "notes",
    }
)


def plain(name: str) -> str:
    """A column name without case, blanks and punctuation."""
    return _PLAIN.sub(" ", name.lower()).strip()


def field_of(name: str) -> tuple[str, int] | None:
    """The field that a column holds and the rank of this name among the names of the field (0 is best)."""
    return _PLACE.get(plain(name))


def header_score(cells: list[str]) -> int:
    """How many different fields a row names; 0 unless one of them is a title, a DOI or an accession number."""
    found = {place[0] for cell in cells if (place := _PLACE.get(plain(cell))) and plain(cell) not in _WEAK}
    wide = {place[0] for cell in cells if (place := _PLACE.get(plain(cell)))}
    if not found & {"title", "doi", "pmid", "eid", "wos", "central"}:
        return 0
    return len(wide & _TELLING)
