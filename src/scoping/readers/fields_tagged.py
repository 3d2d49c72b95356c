"""Fields of the line-tagged formats: RIS, nbib and Web of Science."""

import re
from collections.abc import Iterable

from scoping import normalise
from scoping.normalise import Author
from scoping.readers.record import (
    Bag,
    Fields,
    Tags,
    accession,
    clean,
    csl_type,
    eid,
    keywords,
    page_range,
    people,
    pmid_in,
    url,
    web_of_science,
)

_RIS_TYPES = {
    "ABST": "article-journal", "ADVS": "motion_picture", "AGGR": "dataset", "BILL": "bill", "BLOG": "post-weblog",
    "BOOK": "book", "CASE": "legal_case", "CHAP": "chapter", "COMP": "software", "CONF": "paper-conference",
    "CPAPER": "paper-conference", "DATA": "dataset", "DICT": "entry-dictionary", "EBOOK": "book", "ECHAP": "chapter",
    "EDBOOK": "book", "EJOUR": "article-journal", "ELEC": "webpage", "ENCYC": "entry-encyclopedia",
    "GOVDOC": "report", "GRNT": "document", "HEAR": "hearing", "ICOMM": "personal_communication",
    "INPR": "article-journal", "JFULL": "periodical", "JOUR": "article-journal", "LEGAL": "legislation",
    "MANSCPT": "manuscript", "MGZN": "article-magazine", "MPCT": "motion_picture", "NEWS": "article-newspaper",
    "PAMP": "pamphlet", "PAT": "patent", "PCOMM": "personal_communication", "PREPRINT": "article", "RPRT": "report",
    "SER": "book", "SLIDE": "speech", "STAND": "standard", "STAT": "legislation", "THES": "thesis",
    "UNPB": "manuscript", "UNPD": "manuscript", "VIDEO": "motion_picture", "WEB": "webpage",
}  # fmt: skip
_TAGGED_PMID = re.compile(r"(\d{3,9})\s*\[pmid\]|PUBMED\s+(\d{3,9})|PMID:?\s*(\d{3,9})", re.IGNORECASE)
_DOI_NOTE = re.compile(r"\s*doi\b", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\.(?:\s|$)")


def ris_fields(dialect: str, tags: Tags) -> Fields:
    """Fields of a RIS entry."""
    bag = Bag.of(tags)
    kind = _RIS_TYPES.get(bag.first("TY").upper(), "") or csl_type(bag.first("TY"))
    words = bag.all("KW")
    doi, doi_raw = bag.doi(_ris_dois(bag))
    links = bag.all("UR", "L2", "LK", "L1")
    pmid = _ris_pmid(dialect, bag)
    return Fields(
        type=kind,
        title=bag.first("TI", "T1", "CT") or (bag.first("BT", "T2") if kind == "book" else "") or bag.first("TT", "ST"),
        abstract=bag.joined("AB", "N2"),
        authors=people(normalise.each_name(bag.all("AU") or bag.all("A1")), bag),
        year=bag.year("PY", "DA", "Y1"),
        journal=_ris_journal(kind, bag),
        volume=bag.first("VL", "VO"),
        issue=bag.first("IS", "CP") if dialect != "wos" else bag.first("IS"),
        pages=page_range(bag.first("SP", "PG"), bag.first("EP")) or bag.first("C7", "AR"),
        doi=doi,
        doi_raw=doi_raw,
        accession=_ris_accession(dialect, bag, pmid),
        pmid=pmid,
        url=url(links),
        language=bag.first("LA"),
        keywords=keywords(words, "\n" if len(words) > 1 else "\n;"),
        publisher=bag.first("PB", "PU"),
        notes=bag.joined("N1", by=" | "),
        problems=tuple(bag.problems),
    )


def _ris_journal(kind: str, bag: Bag) -> str:
    """JF, else JO unless abbreviated, else T2, else an abbreviation; a book's own T2 is its series or title."""
    if kind in {"chapter", "paper-conference"}:
        return bag.first("T2", "BT", "JF", "JO", "C3", "J2", "JA", "J1")
    jo = bag.first("JO")
    long = jo if jo and not _ABBREVIATED.search(jo) and (" " in jo or not bag.first("T2")) else ""
    return bag.first("JF") or long or bag.first("T2") or jo or bag.first("J2", "JA", "J1", "J9", "JI", "BT")


def _ris_dois(bag: Bag) -> list[str]:
    notes = [value for value in bag.all("N1", "ID") if _DOI_NOTE.match(value)]
    links = [value for value in bag.all("UR", "L2", "LK") if "doi" in value.lower()]
    return [*bag.all("DO", "L3", "M3"), *links, *notes]


def _ris_pmid(dialect: str, bag: Bag) -> str:
    found = accession(bag.first("AN"), bag.first("DB"))
    if found.startswith("pmid:"):
        return found.removeprefix("pmid:")
    own = {"scopus": ("C2",), "embase": ("C5",)}.get(dialect, ())
    for value in bag.all(*own):
        if value.isdecimal():
            return value
    for value in bag.all("U1", "C3", "C2", "C6"):
        if match := _TAGGED_PMID.search(value):
            return match[1] or match[2] or match[3]
    return pmid_in(bag.all("UR", "L2"))


def _ris_accession(dialect: str, bag: Bag, pmid: str) -> str:
    """The number of the database that gave the entry; AN alone is none, for it does not say whose it is."""
    if scopus := eid(bag.all("UR", "L2")):
        return scopus
    if dialect == "embase" and (number := bag.first("U2")):
        return f"embase:{number.lower()}"
    if dialect == "lens" and (number := bag.first("ID")):
        return f"lens:{number.lower()}"
    if dialect == "pubmed" and pmid:
        return f"pmid:{pmid}"
    if dialect == "dimensions" and (number := bag.first("AN")).startswith("pub."):
        return f"dimensions:{number.lower()}"
    return accession(bag.first("AN"), bag.first("DB", "DP"))


def nbib_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of a PubMed (MEDLINE) entry."""
    bag = Bag.of(tags)
    pmid = bag.first("PMID").partition(" ")[0]
    identifiers = [value for value in bag.all("LID", "AID") if "[doi]" in value.lower() or _DOI_NOTE.match(value)]
    doi, doi_raw = bag.doi([*identifiers, *bag.all("SO")])
    people_of = people(bag.all("FAU") or bag.all("AU"), bag)
    bodies = tuple(Author(literal=text) for value in bag.all("CN") if (text := clean(value)))
    owner = bag.first("OWN")
    own_id = next((value for value in bag.all("OID") if re.match(r"E[JD]\d", value)), "")
    return Fields(
        type=medline_type(bag.all("PT"), in_journal=bool(bag.first("JT", "TA"))),
        title=bag.joined("TI") or bag.first("BTI", "CTI", "TT"),
        abstract=bag.joined("AB", "OAB"),
        authors=people_of + bodies,
        year=bag.year("DP", "DEP", "DA"),
        journal=bag.first("JT", "TA", "BTI", "CTI"),
        volume=bag.first("VI"),
        issue=bag.first("IP"),
        pages=normalise.pages(bag.first("PG")),
        doi=doi,
        doi_raw=doi_raw,
        accession=f"pmid:{pmid}" if pmid.isdecimal() else accession(own_id, owner if own_id else ""),
        pmid=pmid,
        url=url(bag.all("URL", "UR", "LID", "4099")),
        language=bag.first("LA"),
        keywords=keywords(bag.all("OT"), "\n") or keywords(bag.all("MH"), "\n"),
        publisher=bag.first("PB"),
        notes=bag.joined("GN", by=" | "),
        problems=tuple(bag.problems),
    )


def medline_type(told: Iterable[str], *, in_journal: bool) -> str:
    """The most telling of several publication types."""
    kinds = [csl_type(value) for value in told]
    for kind in ("article", "thesis", "chapter", "book", "report", "dataset", "paper-conference", "webpage"):
        if kind in kinds and (kind in {"article", "thesis", "dataset"} or "article-journal" not in kinds):
            return kind
    return "article-journal" if kinds or in_journal else "document"


def wos_fields(_dialect: str, tags: Tags) -> Fields:
    """Fields of a Web of Science entry (tagged text, or a table with the same two-letter columns)."""
    bag = Bag.of(tags)
    doi, doi_raw = bag.doi(bag.all("DI", "D2"))
    number = web_of_science(bag.first("UT"))
    pmid = bag.first("PM") or (number.removeprefix("pmid:") if number.startswith("pmid:") else "")
    printed = {"J": "article-journal", "B": "book", "S": "chapter", "C": "paper-conference", "P": "patent"}
    kind = csl_type(bag.first("DT"))
    if kind == "document" or bag.first("PT") == "P":
        kind = printed.get(bag.first("PT"), "document")
    bodies = tuple(Author(literal=text) for value in bag.all("CA", "GP") if (text := clean(value)))
    return Fields(
        type=kind,
        title=bag.first("TI"),
        abstract=bag.first("AB"),
        authors=_wos_people(bag) + bodies,
        year=bag.year("PY", "EA", "PD"),
        journal=bag.first("SO", "SE", "J9", "JI"),
        volume=bag.first("VL"),
        issue=bag.first("IS"),
        pages=page_range(bag.first("BP"), bag.first("EP")) or normalise.pages(bag.first("PS")) or bag.first("AR"),
        doi=doi,
        doi_raw=doi_raw,
        accession=number,
        pmid=pmid,
        url=url(bag.all("UR")),
        language=bag.first("LA"),
        keywords=keywords(" ".join(value.split("\n")) for value in bag.all("DE")),
        publisher=bag.first("PU"),
        notes=bag.joined("N1", by=" | "),
        problems=tuple(bag.problems),
    )


def _wos_people(bag: Bag) -> tuple[Author, ...]:
    values = bag.all("AF") or bag.all("AU") or bag.all("BF") or bag.all("BA")
    return people((name for value in values for name in value.split(";")), bag)
