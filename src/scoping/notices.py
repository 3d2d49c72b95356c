"""What a database says of an item beside its fields: that it was retracted, and which other items are about it.

PubMed names corrections, retractions, comments and other versions by their PubMed ids (fields of MEDLINE such as `RIN`,
or `CommentsCorrections` in XML); others only say in title, type or notes that an article was retracted. Pure functions
over a row of the table of entries.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scoping import normalise
from scoping.comparable import marks
from scoping.schemas_records import (
    COMMENT,
    CONCERN,
    CORRECTION,
    MEETING,
    PREPRINT,
    PROTOCOL,
    REGISTRATION,
    REPLY,
    RETRACTION,
    VERSION,
)
from scoping.tables import Row

_RETRACTED_TYPES = frozenset({"retracted publication", "retracted article", "retracted", "withdrawn publication"})
_LONGEST_TYPE = 200  # characters of a field that may hold types of publication
_TITLE = re.compile(
    r"^\W*(?:retracted|withdrawn)(?: article| paper| chapter)?\s*[:.\]]|[\[(]\s*(?:retracted|withdrawn)\b|[\[(]retraction in\b",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"\bretraction in\b|\b(?:has|have) been (?:retracted|withdrawn)\b|[\[(]\s*retracted (?:article|paper|publication)",
    re.IGNORECASE,
)
_MEDLINE = {  # field -> (kind of notice, whether this item is the notice)
    "RIN": (RETRACTION, False), "ROF": (RETRACTION, True), "PRIN": (RETRACTION, False), "PROF": (RETRACTION, True),
    "RRI": (RETRACTION, False), "RRF": (RETRACTION, True), "ECI": (CONCERN, False), "ECF": (CONCERN, True),
    "EIN": (CORRECTION, False), "EFR": (CORRECTION, True), "CRI": (CORRECTION, False), "CRF": (CORRECTION, True),
    "CIN": (COMMENT, False), "CON": (COMMENT, True), "UIN": (VERSION, True), "UOF": (VERSION, False),
}  # fmt: skip
_XML = {
    "RetractionIn": "RIN", "RetractionOf": "ROF", "PartialRetractionIn": "PRIN", "PartialRetractionOf": "PROF",
    "RetractedandRepublishedIn": "RRI", "RetractedandRepublishedFrom": "RRF", "ExpressionOfConcernIn": "ECI",
    "ExpressionOfConcernFor": "ECF", "ErratumIn": "EIN", "ErratumFor": "EFR", "CorrectedandRepublishedIn": "CRI",
    "CorrectedandRepublishedFrom": "CRF", "CommentIn": "CIN", "CommentOn": "CON", "UpdateIn": "UIN", "UpdateOf": "UOF",
}  # fmt: skip
_TYPES = {
    "published erratum": CORRECTION, "erratum": CORRECTION, "correction": CORRECTION, "corrigendum": CORRECTION,
    "retraction": RETRACTION, "retraction of publication": RETRACTION, "retraction notice": RETRACTION,
    "expression of concern": CONCERN, "comment": COMMENT, "meeting abstract": MEETING, "conference abstract": MEETING,
    "preprint": PREPRINT,
}  # fmt: skip
_MARKED = {
    "a correction": CORRECTION, "a retraction": RETRACTION, "an expression of concern": CONCERN, "a reply": REPLY,
    "a comment": COMMENT, "a protocol": PROTOCOL, "a trial registration": REGISTRATION, "a preprint": PREPRINT,
}  # fmt: skip
_TYPE = re.compile(  # fields of types of publication within a row's tags, which are JSON without blanks
    r'\["(?:[^"]*/)?(?:PT|DT|M3|(?:Publication|Document) ?Type|Doctype|document_type)(?:\[\d+\])?","([^"\\]{1,200})"',
    re.IGNORECASE,
)
_PARTS = re.compile(r"[;|\n]")
_PMID = re.compile(r"\bPMID:? ?(\d{1,9})\b")
_DOI = re.compile(r"\b10\.\d{4,9}/\S+")


@dataclass(frozen=True)
class Named:
    """Another item that a database names: what this or that one is, and by which ids it may be known."""

    kind: str
    notice: bool  # whether this item is the notice (or the earlier version), and the other what it is about
    pmid: str
    doi: str
    said: str  # the field that says so


def kinds(row: Row, marked: frozenset[str] | None = None) -> frozenset[str]:
    """What an item is beside an ordinary report: by the words of its title, or by the type of publication that is given.

    `marked`: the marks of its title, where they are known already.
    """
    own = marks(row["title"], row["journal"], row["doi"]) if marked is None else marked
    found = {_MARKED[mark] for mark in own}
    for match in _TYPE.finditer(row["tags"]):
        found |= {_TYPES[part] for part in map(_word, _PARTS.split(match[1])) if part in _TYPES}
    return frozenset(found)


def retracted(row: Row) -> str:
    """What shows that an item was retracted or withdrawn, in words; empty where nothing does or it is the notice."""
    why = _shown(row)
    return "" if why and RETRACTION in kinds(row) else why


def _shown(row: Row) -> str:
    if _TITLE.search(row["title"]):
        return "its title says so"
    if _NOTES.search(row["notes"]):
        return "its notes say so"
    tags = row["tags"]
    if "etracted" in tags or "ETRACTED" in tags or "ithdrawn" in tags:
        for name, value in json.loads(tags):
            if len(value) <= _LONGEST_TYPE and _says_retracted(name, value):
                return f"the database says so (field {name})"
    if "RIN" not in tags and "RRI" not in tags and "Retract" not in tags:
        return ""
    found = next((one for one in named(row) if one.kind == RETRACTION and not one.notice), None)
    return f"the database says so (field {found.said})" if found else ""


def _says_retracted(name: str, value: str) -> bool:
    if name.rsplit("/", 1)[-1].casefold() == "is_retracted":
        return value.strip().casefold() == "true"
    return any(_word(part) in _RETRACTED_TYPES for part in _PARTS.split(value))


def _word(text: str) -> str:
    return text.strip().casefold()


def named(row: Row) -> list[Named]:
    """The other items that the database names as a notice of this one, or as what this notice is about."""
    tags = row["tags"]
    if "CommentsCorrections" in tags:
        return list(_in_xml(json.loads(tags)))
    if row["format"] != "nbib" and "pubmed" not in row["dialect"]:
        return []
    return [found for name, value in json.loads(tags or "[]") if (found := _of_field(name, value))]


def _of_field(field: str, value: str) -> Named | None:
    if field not in _MEDLINE:
        return None
    kind, notice = _MEDLINE[field]
    pmid, doi = _PMID.search(value), _DOI.search(value)
    return Named(kind, notice, pmid[1] if pmid else "", normalise.doi(doi[0]) if doi else "", field)


def _in_xml(tags: list[list[str]]) -> Iterator[Named]:
    """Way by way: the attribute `RefType` comes before the PubMed id of the same element."""
    type_of: dict[str, str] = {}
    for way, value in tags:
        at, _, leaf = way.rpartition("/")
        if "CommentsCorrections" not in at:
            continue
        if leaf == "@RefType":
            type_of[at] = value
        elif leaf == "PMID" and (field := _XML.get(type_of.get(at, ""))):
            kind, notice = _MEDLINE[field]
            yield Named(kind, notice, value.strip(), "", type_of[at])
