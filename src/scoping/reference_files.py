r"""Reports as RIS and BibTeX, for reference managers and for LaTeX: what our own readers read back unchanged.

Values stand on one line, since a line break begins a new field in RIS. In BibTeX the signs of LaTeX are escaped, but for
addresses and DOIs, which its packages take as they stand.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from scoping import citation
from scoping.tables import Row

_RIS = {
    "article": "PREPRINT", "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS",
    "bill": "BILL", "book": "BOOK", "chapter": "CHAP", "dataset": "DATA", "document": "GEN",
    "entry-dictionary": "DICT", "entry-encyclopedia": "ENCYC", "hearing": "HEAR", "legal_case": "CASE",
    "legislation": "STAT", "manuscript": "UNPB", "motion_picture": "VIDEO", "pamphlet": "PAMP",
    "paper-conference": "CPAPER", "patent": "PAT", "periodical": "JFULL", "personal_communication": "PCOMM",
    "post-weblog": "BLOG", "report": "RPRT", "software": "COMP", "speech": "SLIDE", "standard": "STAND",
    "thesis": "THES", "webpage": "WEB",
}  # fmt: skip
_BIBTEX = {
    "article": "preprint", "article-journal": "article", "book": "book", "chapter": "incollection",
    "dataset": "dataset", "entry-encyclopedia": "inreference", "manuscript": "unpublished", "pamphlet": "booklet",
    "paper-conference": "inproceedings", "patent": "patent", "periodical": "periodical", "report": "techreport",
    "software": "software", "standard": "standard", "thesis": "phdthesis", "webpage": "online",
}  # fmt: skip
_SIGNS = {
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "%": "\\%", "#": "\\#", "_": "\\_",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
}  # fmt: skip
_SPECIAL = re.compile("|".join(map(re.escape, _SIGNS)))
_LIGATURES = re.compile("(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_WITHIN = ("chapter", "paper-conference", "entry-encyclopedia", "entry-dictionary")


def ris(rows: Iterable[Row]) -> bytes:
    """All reports as RIS, in UTF-8 with the line ends that the format asks for. The field ID holds the record id."""
    entries = ("".join(f"{tag}  - {value}\r\n" for tag, value in _ris_fields(row)) for row in rows)
    return "\r\n".join(entries).encode()


def _ris_fields(row: Row) -> Iterator[tuple[str, str]]:
    first, dash, last = row["pages"].partition("-")
    yield "TY", _RIS.get(row["type"], "GEN")
    fields: list[tuple[str, str]] = [
        *(("AU", _name(each)) for each in _people(row)),
        ("PY", row["year"]),
        ("TI", row["title"]),
        ("T2", row["journal"]),
        ("VL", row["volume"]),
        ("IS", row["issue"]),
        ("SP", first if dash else row["pages"]),
        ("EP", last),
        ("PB", row["publisher"]),
        ("LA", row["language"]),
        *(("KW", word) for word in json.loads(row["keywords"] or "[]")),
        ("AB", row["abstract"]),
        ("DO", row["doi"]),
        ("UR", row["url"]),
        ("ID", row["record_id"]),
    ]
    yield from ((tag, said) for tag, value in fields if (said := _line(value)))
    yield "ER", ""


def bibtex(rows: Iterable[Row]) -> bytes:
    """All reports as BibLaTeX, each under its short citation as key, in UTF-8. The field recordid holds the record id."""
    rows = list(rows)
    named = keys(rows)
    return "\n".join(_bibtex_entry(row, named[row["record_id"]]) for row in rows).encode()


def keys(rows: Iterable[Row]) -> Mapping[str, str]:
    """Record id -> a key of plain letters and digits, such as `Marsh2020a`; no two are equal whatever the case."""
    found: dict[str, str] = {}
    for id_, text in citation.shorts(list(rows)).items():
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        base = "".join(part[:1].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", plain)) or "Report"
        taken = {key.casefold() for key in found.values()}
        found[id_] = base if base.casefold() not in taken else f"{base}_{id_}"
    return found


def _bibtex_entry(row: Row, key: str) -> str:
    kind = _BIBTEX.get(row["type"], "misc")
    within = "booktitle" if row["type"] in _WITHIN else "journal"
    publisher = {"report": "institution", "thesis": "school"}.get(row["type"], "publisher")
    prose = {
        "title": row["title"],
        within: row["journal"],
        "volume": row["volume"],
        "number": row["issue"],
        publisher: row["publisher"],
        "language": row["language"],
        "keywords": "; ".join(json.loads(row["keywords"] or "[]")),
        "abstract": row["abstract"],
    }
    fields = {
        "author": " and ".join(_bibtex_name(each) for each in _people(row)),
        **{name: _escaped(text) for name, text in prose.items()},
        "year": _escaped(row["year"]),
        "pages": _line(row["pages"]).replace("-", "--"),
        "doi": _address(row["doi"]),
        "url": _address(row["url"]),
        "recordid": row["record_id"],
    }
    fields["title"] = f"{{{fields['title']}}}" if fields["title"] else ""  # its capitals stay as they are
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


def _people(row: Row) -> list[Mapping[str, str]]:
    people: list[Mapping[str, str]] = json.loads(row["authors"] or "[]")
    return people


def _name(each: Mapping[str, str]) -> str:
    """`Family, Given`; a body as it stands."""
    return ", ".join(part for part in (each["family"], each["given"]) if part) or each["literal"]


def _bibtex_name(each: Mapping[str, str]) -> str:
    """Braces keep in one piece what BibTeX would take apart: a body, a family name that holds a comma or `and`."""
    if not each["family"]:
        return f"{{{_escaped(each['literal'])}}}"
    family = _escaped(each["family"])
    given = _escaped(each["given"])
    parts = "," in family or " and " in family or (" " in family and not given)
    whole = f"{{{family}}}" if parts else family
    return f"{whole}, {given}" if given else whole


def _line(text: str) -> str:
    """A text on one line, without characters that no format can hold."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _escaped(text: str) -> str:
    return _LIGATURES.sub("{}", _SPECIAL.sub(lambda sign: _SIGNS[sign[0]], _line(text)))


def _address(text: str) -> str:
    """An address whose braces and backslashes, which would end the field, stand as per cent codes."""
    return re.sub(r"[{}\\\s]", lambda sign: quote(sign[0]), _CONTROL.sub("", text))
