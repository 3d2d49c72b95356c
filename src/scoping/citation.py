"""How a record is named in a few words."""

import json

from scoping.identity import folded
from scoping.tables import Row

KINDS = {
    "article": "preprint",
    "article-journal": "journal article",
    "article-magazine": "magazine article",
    "article-newspaper": "newspaper article",
    "chapter": "book chapter",
    "paper-conference": "conference paper",
    "post-weblog": "blog post",
    "webpage": "web page",
    "": "type not given",
}


def names(row: Row, most: int = 3) -> str:
    """Family names of the authors: `Pritchard`, `Pritchard and Nowak`, `Pritchard et al.`."""
    authors: list[str] = [author["family"] or author["literal"] for author in json.loads(row["authors"] or "[]")]
    if not authors:
        return "[no author]"
    if len(authors) == 1:
        return authors[0]
    return f"{authors[0]} and {authors[1]}" if len(authors) == 2 and most >= 2 else f"{authors[0]} et al."


def short(row: Row) -> str:
    """`Pritchard et al. 2021`."""
    return f"{names(row)} {row['year'] or 'n.d.'}"


def shorts(rows: list[Row]) -> dict[str, str]:
    """Record id -> short citation; equal ones are told apart by a, b, c in order of title."""
    same: dict[str, list[Row]] = {}
    for row in rows:
        same.setdefault(short(row), []).append(row)
    out = {}
    for text, group in same.items():
        for number, row in enumerate(sorted(group, key=lambda r: (r["title"].casefold(), r["record_id"]))):
            out[row["record_id"]] = f"{text}{_letters(number)}" if len(group) > 1 else text
    return out


def _letters(number: int) -> str:
    out = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(ord("a") + rest) + out
    return out


def flags(row: Row) -> list[str]:
    """What people should know of a record, in words: that it was retracted, corrected, commented on."""
    return list(json.loads(row["flags"] or "[]"))


def titled(row: Row) -> str:
    """The title, and below it what people should know of the record."""
    return "\n".join([row["title"], *(f"⚠ {flag}" for flag in flags(row))]) if row["title"] else ""


def authors(row: Row) -> str:
    """All authors as `Family, Given; Family, Given`."""
    people = json.loads(row["authors"] or "[]")
    return "; ".join(
        ", ".join(part for part in (person["family"], person["given"]) if part) or person["literal"]
        for person in people
    )


def link(row: Row) -> str:
    """The DOI as an address, else the address of the record, else nothing."""
    if row["doi"]:
        return f"https://doi.org/{row['doi']}"
    return row["url"] if row["url"].startswith(("http://", "https://")) else ""


def container(row: Row) -> str:
    """Journal or publisher, with volume, issue and pages where they are known."""
    issue = f"({row['issue']})" if row["issue"] else ""
    volume = f" {row['volume']}{issue}" if row["volume"] else ""
    pages = f": {row['pages']}" if row["pages"] else ""
    return f"{row['journal'] or row['publisher']}{volume}{pages}".strip()


def kind(row: Row) -> str:
    """The type of a record in words."""
    return KINDS.get(row["type"], row["type"].replace("_", " ").replace("-", " "))


def sort_key(row: Row) -> tuple[str, str, str, str]:
    """By author whatever the accents, then year, title and id."""
    return folded(names(row)), row["year"], folded(row["title"]), row["record_id"]


def described(record: Row) -> str:
    """A record in one cell, for a comparison side by side."""
    parts = (
        record["title"] or "[no title]",
        authors(record) or "[no author]",
        f"{record['year'] or 'no year'} · {container(record) or 'no journal'} · {kind(record)}",
        f"doi: {record['doi']}" if record["doi"] else "no DOI",
        record["abstract"][:600] + ("…" if len(record["abstract"]) > 600 else ""),
    )
    return "\n".join(part for part in parts if part)
