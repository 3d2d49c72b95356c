"""What a reader hands back: entries with their place and raw text, and everything that is no entry as issues."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from scoping.readers.source import Source

JSON = ("csl_json", "zotero_json", "openalex_json", "lens_json", "crossref_json")
XML = ("pubmed_xml", "zotero_rdf", "dspace_xml", "endnote_xml")
FORMATS = (
    "ris", "nbib", "wos_tagged", "bibtex", "table", "enw", "cochrane_text", "ovid_tagged", "ovid_text", *JSON, *XML,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issue:
    """Something in the file that is no entry, or that a person may want to look at.

    `text` is the complete text it is about. Where `byte_end` is greater than `byte` the issue owns those bytes of the
    file (they belong to no entry); otherwise it is a remark about a place.
    """

    line: int
    byte: int
    byte_end: int
    code: str
    message: str
    text: str


class RawEntry(NamedTuple):
    """One item of the file: where it stands, what stands there, and its tags in order with every repeat.

    `line_start` and `line_end` count from 1, both included; `byte_start` and `byte_end` are a slice of the original
    bytes; `problems` say why the entry was read with a warning.
    """

    number: int
    line_start: int
    line_end: int
    byte_start: int
    byte_end: int
    raw: str
    tags: tuple[tuple[str, str], ...]
    type: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole file as read.

    `format` is one of `FORMATS`; `markers` counts the entries by another code path than the one that read
    them; `declared` is the total that the file itself announces, if it does. `why` and `dialect_why` quote what format
    and dialect were told by; `member` is the part of an archive, or the tab of a workbook, that was read.
    """

    format: str
    dialect: str
    encoding: str
    entries: tuple[RawEntry, ...]
    issues: tuple[Issue, ...]
    markers: int
    declared: int | None
    why: str = ""
    dialect_why: str = ""
    member: str = ""


@dataclass(slots=True)
class Draft:
    """An entry while it is read: a span of characters of the text."""

    start: int
    end: int
    type: str
    tags: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Aside:
    """A span of characters that the reader itself knows to be no entry, such as the header row of a table."""

    start: int
    end: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader of one format found: drafts in the order of the file, the marker count, what is no entry."""

    drafts: list[Draft]
    markers: int
    asides: tuple[Aside, ...] = ()
    header: tuple[str, ...] = ()


Reader = Callable[[Source], Found]
