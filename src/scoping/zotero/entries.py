"""The entries that a snapshot holds, by the keys of their items: the bridge from Zotero to records."""

from dataclasses import dataclass

from scoping import identity, readers
from scoping.readers import fields as field_rules


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as ingest reads it: its content id, and what names it. `rejected` where nothing identifies it."""

    content_id: str
    title: str
    year: str
    author: str
    rejected: bool


def of_snapshot(data: bytes) -> dict[str, Entry]:
    """Key of an item -> its entry; notes and files are none."""
    parsed = readers.parse(data)
    found = {}
    for raw in parsed.entries:
        said = field_rules.fields(parsed.format, parsed.dialect, raw.tags)
        author = (said.authors[0].family or said.authors[0].literal) if said.authors else ""
        what = {"accession": said.accession, "doi": said.doi, "title": said.title, "year": said.year}
        id_ = identity.content_id(identity.identity({**what, "first_author": author}, raw=raw.raw))
        rejected = not (said.title or said.doi or said.accession)
        found[dict(raw.tags)["item.key"]] = Entry(id_, said.title, said.year, author, rejected)
    return found
