"""Fields of references in JSON: CSL, Zotero, OpenAlex, Crossref and Lens."""

import json
import re
from collections.abc import Iterable
from typing import Any

from scoping import normalise
from scoping.normalise import Author
from scoping.readers.record import Bag, Fields, Tags, clean, csl_type, keywords, page_range, url

ZOTERO_TYPES = {
    "journalArticle": "article-journal", "bookSection": "chapter", "conferencePaper": "paper-conference",
    "magazineArticle": "article-magazine", "newspaperArticle": "article-newspaper", "blogPost": "post-weblog",
    "encyclopediaArticle": "entry-encyclopedia", "dictionaryEntry": "entry-dictionary", "preprint": "article",
    "computerProgram": "software", "presentation": "speech", "videoRecording": "motion_picture", "film": "motion_picture",
    "statute": "legislation", "case": "legal_case", "letter": "personal_communication", "email": "personal_communication",
    "forumPost": "post-weblog", "hearing": "hearing", "bill": "bill", "manuscript": "manuscript",
}  # fmt: skip
_KNOWN = frozenset(ZOTERO_TYPES.values()) | {
    "book", "chapter", "thesis", "report", "webpage", "patent", "dataset", "document", "article", "standard", "post",
    "pamphlet", "periodical", "review-book", "review", "broadcast", "map", "interview", "song", "figure", "graphic",
}  # fmt: skip
_EXTRA = re.compile(r"^(DOI|PMID|PMCID)\s*:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_WORK = re.compile(r"W\d+$")


class _Item:
    """The values of an item by key, decoded where they are JSON."""

    def __init__(self, tags: Tags) -> None:
        self.bag = Bag.of(tags)

    def value(self, name: str) -> Any:
        """What stands under a key: a text, or what its JSON holds."""
        text = next(iter(self.bag.all(name)), "")
        if text[:1] in ("[", "{"):
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                return text
        return text

    def text(self, *names: str) -> str:
        """The first text under some keys; of a list its first."""
        for name in names:
            value = self.value(name)
            value = value[0] if isinstance(value, list) and value else value
            if isinstance(value, str) and value and (said := self.bag.said(value, name)):
                return said
        return ""

    def items(self, name: str) -> list[dict[str, Any]]:
        """The objects in the list under a key."""
        value = self.value(name)
        return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

    def at(self, *way: str) -> str:
        """The text at the end of a way of keys."""
        value: Any = self.value(way[0])
        for name in way[1:]:
            value = value.get(name) if isinstance(value, dict) else None
        return clean(value) if isinstance(value, str) else ""


def csl_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of a CSL item, also as Crossref gives it (titles in lists, types of its own)."""
    item = _Item(tags)
    bag = item.bag
    note = item.text("note")
    extra = {name.upper(): value for name, value in _EXTRA.findall(str(item.value("note")))}
    doi, doi_raw = bag.doi([item.text("DOI"), extra.get("DOI", ""), *(u for u in bag.all("URL") if "doi.org" in u)])
    told = item.text("type")
    title, subtitle = item.text("title"), item.text("subtitle")
    return Fields(
        type=told if told in _KNOWN else csl_type(told.replace("-", " ")),
        title=f"{title}: {subtitle}" if subtitle and subtitle.casefold() not in title.casefold() else title,
        abstract=item.text("abstract"),
        authors=_people(item.items("author")),
        year=_csl_year(item),
        journal=item.text("container-title", "container-title-short", "journalAbbreviation"),
        volume=item.text("volume"),
        issue=item.text("issue"),
        pages=normalise.pages(item.text("page")) or item.text("number", "article-number"),
        doi=doi,
        doi_raw=doi_raw,
        pmid=(item.text("PMID") or extra.get("PMID", "")).removesuffix("."),
        url=url(bag.all("URL", "url")),
        language=item.text("language"),
        keywords=_words(item.text("keyword"), item.value("keyword") or item.value("categories")),
        publisher=item.text("publisher"),
        notes=note,
        problems=tuple(bag.problems),
    )


def _csl_year(item: _Item) -> str:
    for name in ("issued", "published-print", "published", "published-online"):
        date = item.value(name)
        if not isinstance(date, dict):
            date = {"raw": str(date)}
        parts = date.get("date-parts")
        told = parts[0][0] if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0] else ""
        for value in (told, date.get("raw"), date.get("literal")):
            if found := normalise.year(str(value or "")):
                return found
    return ""


def _people(people: Iterable[dict[str, Any]]) -> tuple[Author, ...]:
    found = []
    for one in people:
        said = {name: clean(value) for name, value in one.items() if isinstance(value, str)}
        family = said.get("family") or said.get("lastName") or said.get("last_name") or ""
        given = said.get("given") or said.get("firstName") or said.get("first_name") or ""
        particle = said.get("non-dropping-particle") or said.get("dropping-particle") or ""
        literal = said.get("literal") or said.get("name") or said.get("collective_name") or ""
        if family and (particle or given or " " not in family):
            found.append(Author(f"{particle} {family}".strip(), given))
        elif family or literal:
            found.append(normalise.author(f"{{{family or literal}}}"))
    return tuple(dict.fromkeys(found))


def _words(text: str, listed: Any) -> tuple[str, ...]:
    if isinstance(listed, list):
        return keywords((value for value in listed if isinstance(value, str)), "\n")
    return keywords([text], ";\n" if ";" in text else ",\n")


def zotero_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of an item as Zotero's web interface and Better BibTeX give it."""
    item = _Item(tags)
    bag = item.bag
    creators = item.items("creators")
    extra = {name.upper(): value for name, value in _EXTRA.findall(str(item.value("extra")))}
    doi, doi_raw = bag.doi([*bag.all("DOI"), extra.get("DOI", ""), *(u for u in bag.all("url") if "doi.org" in u)])
    told = item.text("itemType")
    main = [
        one
        for one in creators
        if one.get("creatorType")
        not in {"editor", "contributor", "translator", "seriesEditor", "bookAuthor", "reviewedAuthor"}
    ]
    words = [one.get("tag") for one in item.items("tags")]
    return Fields(
        type=ZOTERO_TYPES.get(told) or (told if told in _KNOWN else csl_type(told)),
        title=item.text("title", "caseName", "nameOfAct", "subject"),
        abstract=item.text("abstractNote"),
        authors=_people(main),
        year=bag.year("date", "dateDecided", "dateEnacted", "issueDate"),
        journal=item.text(
            "publicationTitle", "bookTitle", "proceedingsTitle", "encyclopediaTitle", "dictionaryTitle", "websiteTitle",
            "blogTitle", "forumTitle", "journalAbbreviation", "repository" if told == "preprint" else "publicationTitle",
        ),
        volume=item.text("volume"),
        issue=item.text("issue"),
        pages=normalise.pages(item.text("pages")),
        doi=doi,
        doi_raw=doi_raw,
        pmid=extra.get("PMID", ""),
        url=url(bag.all("url")),
        language=item.text("language"),
        keywords=keywords((word for word in words if isinstance(word, str)), "\n"),
        publisher=item.text("publisher", "institution", "university", "repository"),
        notes=item.text("extra"),
        problems=tuple(bag.problems),
    )  # fmt: skip


def openalex_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of a work of OpenAlex; the abstract is put together from its index of words."""
    item = _Item(tags)
    bag = item.bag
    ids = item.value("ids") if isinstance(item.value("ids"), dict) else {}
    biblio = item.value("biblio") if isinstance(item.value("biblio"), dict) else {}
    doi, doi_raw = bag.doi([*bag.all("doi"), str(ids.get("doi") or "")])
    names = [one["author"] for one in item.items("authorships") if isinstance(one.get("author"), dict)]
    work = _WORK.search(item.text("id"))
    told = item.text("type_crossref", "type")
    pmid = re.search(r"\d{3,9}$", str(ids.get("pmid") or "").rstrip("/"))
    return Fields(
        type="article" if item.text("type") == "preprint" else csl_type(told.replace("-", " ")),
        title=item.text("title", "display_name"),
        abstract=item.text("abstract") or _abstract(item.value("abstract_inverted_index")),
        authors=tuple(
            dict.fromkeys(normalise.author(n) for one in names if (n := clean(str(one.get("display_name") or ""))))
        ),
        year=bag.year("publication_year", "publication_date"),
        journal=item.at("primary_location", "source", "display_name") or item.at("host_venue", "display_name"),
        volume=_plain(biblio, "volume"),
        issue=_plain(biblio, "issue"),
        pages=page_range(_plain(biblio, "first_page"), _plain(biblio, "last_page")),
        doi=doi,
        doi_raw=doi_raw,
        accession=f"openalex:{work[0].lower()}" if work else "",
        pmid=pmid[0] if pmid else "",
        url=url([item.at("primary_location", "landing_page_url"), *bag.all("doi", "id")]),
        language=item.text("language"),
        keywords=keywords(
            (str(one.get("display_name") or one.get("keyword") or "") for one in item.items("keywords")), "\n"
        ),
        publisher=item.at("primary_location", "source", "host_organization_name"),
        problems=tuple(bag.problems),
    )


def _plain(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return clean(str(value)) if isinstance(value, (str, int)) else ""


def _abstract(index: Any) -> str:
    """The text of an index of words: word -> places."""
    if not isinstance(index, dict):
        return ""
    places = [
        (place, word)
        for word, where in index.items()
        if isinstance(where, list)
        for place in where
        if isinstance(place, int)
    ]
    return clean(" ".join(word for _, word in sorted(places)))


def lens_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of a scholarly work of Lens."""
    item = _Item(tags)
    bag = item.bag
    outside = {str(one.get("type")): str(one.get("value")) for one in item.items("external_ids")}
    doi, doi_raw = bag.doi([outside.get("doi", "")])
    told = item.text("publication_type")
    return Fields(
        type=csl_type(told),
        title=item.text("title"),
        abstract=item.text("abstract"),
        authors=_people(item.items("authors")),
        year=bag.year("year_published", "date_published"),
        journal=item.at("source", "title"),
        volume=item.text("volume"),
        issue=item.text("issue"),
        pages=page_range(item.text("start_page"), item.text("end_page")),
        doi=doi,
        doi_raw=doi_raw,
        accession=f"lens:{item.text('lens_id').lower()}" if item.text("lens_id") else "",
        pmid=outside.get("pmid", ""),
        url=url(str(one.get("url") or "") for one in item.items("source_urls")),
        language=item.text("languages", "language"),
        keywords=_words("", item.value("keywords")),
        publisher=item.at("source", "publisher"),
        problems=tuple(bag.problems),
    )
