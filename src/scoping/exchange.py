"""Records for other programs: CSL-JSON, and CSV in the shapes that ASReview, Rayyan, Covidence and Zotero know.

RIS and BibTeX are in `reference_files`. Nothing is cut or guarded here: what a program reads back is what stood in the
record, and a title that begins with `=` stays one (open such a file in a spreadsheet program as text only).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scoping.tables import Row, csv_text

Decided = Mapping[str, Row]
"""Record id -> its state, where it has one."""


def csl_json(rows: Iterable[Row], decided: Decided) -> bytes:
    """All records as an array of CSL items, whose id is the record id."""
    items = [_csl(row, _remark(row, decided)) for row in rows]
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _csl(row: Row, remark: str) -> dict[str, Any]:
    people = [{name: text for name, text in one.items() if text} for one in _people(row)]
    item: dict[str, Any] = {
        "id": row["record_id"],
        "type": row["type"] or "document",
        "title": row["title"],
        "author": people,
        "issued": {"date-parts": [[int(row["year"])]]} if row["year"].isdecimal() else None,
        "container-title": row["journal"],
        "volume": row["volume"],
        "issue": row["issue"],
        "page": row["pages"],
        "DOI": row["doi"],
        "URL": row["url"],
        "language": row["language"],
        "keyword": "; ".join(_keywords(row)),
        "publisher": row["publisher"],
        "abstract": row["abstract"],
        "note": remark,
    }
    return {name: value for name, value in item.items() if value}


def _people(row: Row) -> list[dict[str, str]]:
    people: list[dict[str, str]] = json.loads(row["authors"] or "[]")
    return people


def _keywords(row: Row) -> list[str]:
    words: list[str] = json.loads(row["keywords"] or "[]")
    return words


def _names(row: Row) -> list[str]:
    return [", ".join(part for part in (one["family"] or one["literal"], one["given"]) if part) for one in _people(row)]


def _remark(row: Row, decided: Decided) -> str:
    """`excluded: no_model`, or nothing where no decision stands."""
    state = decided.get(row["record_id"], {})
    word = {"include": "included", "exclude": "excluded"}.get(state.get("state", ""), "")
    reason = state.get("reason", "")
    return f"{word}: {reason}" if word and reason else word


def asreview(rows: Iterable[Row], decided: Decided) -> bytes:
    """For ASReview: `included` is 1 or 0, and empty where nothing is decided."""
    labels = {"include": "1", "exclude": "0"}
    return _table(
        {
            "record_id": row["record_id"],
            "title": row["title"],
            "abstract": row["abstract"],
            "authors": "; ".join(_names(row)),
            "keywords": "; ".join(_keywords(row)),
            "year": row["year"],
            "journal": row["journal"],
            "doi": row["doi"],
            "url": row["url"],
            "included": labels.get(decided.get(row["record_id"], {}).get("state", ""), ""),
            "notes": _remark(row, decided),
        }
        for row in rows
    )


def rayyan(rows: Iterable[Row], decided: Decided) -> bytes:
    """For Rayyan, in the columns of its own example, where `and` stands between authors; a body's own is written `&`."""
    return _table(
        {
            "key": row["record_id"],
            "title": row["title"],
            "year": row["year"],
            "month": "",
            "day": "",
            "journal": row["journal"],
            "issn": "",
            "volume": row["volume"],
            "issue": row["issue"],
            "pages": row["pages"],
            "authors": " and ".join(name.replace(" and ", " & ") for name in _names(row)),
            "url": row["url"],
            "language": row["language"],
            "publisher": row["publisher"],
            "location": "",
            "abstract": row["abstract"],
            "notes": _remark(row, decided),
            "doi": row["doi"],
            "keywords": "; ".join(_keywords(row)),
            "pubmed_id": _pmid(row),
            "pmc_id": "",
        }
        for row in rows
    )


def _pmid(row: Row) -> str:
    numbers: list[str] = json.loads(row["accessions"] or "[]")
    return next((number.removeprefix("pmid:") for number in numbers if number.startswith("pmid:")), "")


def covidence(rows: Iterable[Row], decided: Decided) -> bytes:
    """For Covidence, in the columns of its own export; the record id is its `Ref`."""
    return _table(
        {
            "Title": row["title"],
            "Authors": "; ".join(_names(row)),
            "Abstract": row["abstract"],
            "Published Year": row["year"],
            "Published Month": "",
            "Journal": row["journal"],
            "Volume": row["volume"],
            "Issue": row["issue"],
            "Pages": row["pages"],
            "Accession Number": next(iter(json.loads(row["accessions"] or "[]")), ""),
            "DOI": row["doi"],
            "Ref": row["record_id"],
            "Notes": _remark(row, decided),
            "Tags": "",
        }
        for row in rows
    )


_ZOTERO = {
    "article": "preprint", "article-journal": "journalArticle", "article-magazine": "magazineArticle",
    "article-newspaper": "newspaperArticle", "bill": "bill", "book": "book", "chapter": "bookSection",
    "dataset": "dataset", "document": "document", "entry-dictionary": "dictionaryEntry",
    "entry-encyclopedia": "encyclopediaArticle", "hearing": "hearing", "legal_case": "case", "legislation": "statute",
    "manuscript": "manuscript", "motion_picture": "film", "paper-conference": "conferencePaper", "patent": "patent",
    "post-weblog": "blogPost", "report": "report", "software": "computerProgram", "speech": "presentation",
    "standard": "standard", "thesis": "thesis", "webpage": "webpage",
}  # fmt: skip


def zotero(rows: Iterable[Row], decided: Decided) -> bytes:
    """In the columns of Zotero's own CSV. Zotero itself takes CSL-JSON, RIS or BibTeX."""
    return _table(
        {
            "Key": row["record_id"],
            "Item Type": _ZOTERO.get(row["type"], "document"),
            "Publication Year": row["year"],
            "Author": "; ".join(_names(row)),
            "Title": row["title"],
            "Publication Title": row["journal"],
            "DOI": row["doi"],
            "Url": row["url"],
            "Abstract Note": row["abstract"],
            "Date": row["year"],
            "Pages": row["pages"],
            "Issue": row["issue"],
            "Volume": row["volume"],
            "Publisher": row["publisher"],
            "Language": row["language"],
            "Extra": _remark(row, decided),
            "Manual Tags": "; ".join(_keywords(row)),
        }
        for row in rows
    )


def _table(rows: Iterable[Row]) -> bytes:
    lines = list(rows)
    return csv_text(list(lines[0]) if lines else [], lines).encode("utf-8", "replace")


FORMS: dict[str, Callable[[Iterable[Row], Decided], bytes]] = {
    "csl-json": csl_json,
    "asreview": asreview,
    "rayyan": rayyan,
    "covidence": covidence,
    "zotero": zotero,
}
