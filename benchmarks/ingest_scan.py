"""What an export says, by a second way that shares no code with the readers of the package: patterns, csv, json, XML.

`scan` gives for each entry of a file the values of a few fields, as they stand there. It is no reader: it trusts the
family that the manifest names, decodes no LaTeX, splits no names that only commas part and knows no dialect. What it
finds must be found by the readers, too; what they find beyond it is no difference.
"""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

FIELDS = ("title", "author", "year", "journal", "doi", "abstract", "keywords")
Values = dict[str, list[str]]

_NOTHING = {"", "na", "n/a", "nan", "none", "null", "no title", "undefined", "not available"}
_NOTHING_SAID = re.compile(r"\[?no (title|abstract|author name|authors?)\b.{0,20}(available|listed)\W*")
_BOOK = re.compile(r"(?i)[ -]*(?:(?:mv|e|edited )?book|collection)[ -]*")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")


def scan(path: Path, family: str) -> list[Values]:
    """The values of each entry of a file, in the order of the file."""
    return [{name: _told(name, entry) for name in FIELDS} for entry in _FAMILIES[family](path)]


def _told(name: str, entry: Values) -> list[str]:
    """The values that say something, each once; of years and DOIs only what has their form; a book has no journal."""
    if name == "journal" and _BOOK.fullmatch(" ".join(entry.get("type", []))):
        return []
    said = [part for value in entry.get(name, []) for part in (_apart(value) if name == "author" else [value])]
    plain = [" ".join(re.sub("</?[a-z]+ ?/?>", "", value).split()).strip(" ;,") for value in said]
    kept = [
        value for value in plain if value.casefold() not in _NOTHING and not _NOTHING_SAID.fullmatch(value.casefold())
    ]
    if name in {"year", "doi"}:
        kept = [match[0] for value in kept if (match := (_YEAR if name == "year" else _DOI).search(value))]
    return list(dict.fromkeys(kept))


def _apart(name: str) -> list[str]:
    """One name, or several with a comma in each."""
    parts = [part.strip(" ,") for part in re.split(r"\s+and\s+|;", name) if part.strip(" ,")]
    return parts if all(part.count(",") == 1 for part in parts) else [name]


def text_of(path: Path) -> str:
    """The text of a file with LF only; UTF-16 by its mark or its zeros, else UTF-8, else Windows-1252."""
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[1:400:2].count(0) > 100:
        text = data.decode("utf-16")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return re.sub(r"\r\n?", "\n", text)


# --- lines with tags -------------------------------------------------------------------------------------------------

_RIS = {
    "title": "TI T1", "author": "AU|A1", "year": "PY DA Y1", "journal": "JF JO T2 JA J2", "doi": "DO",
    "abstract": "AB N2", "keywords": "KW", "type": "TY",
}  # fmt: skip
_NBIB = {
    "title": "TI", "author": "FAU|AU", "year": "DP", "journal": "JT TA", "doi": "LID AID", "abstract": "AB",
    "keywords": "OT",
}  # fmt: skip
_WOS = {
    "title": "TI", "author": "AF|AU", "year": "PY", "journal": "SO", "doi": "DI", "abstract": "AB", "keywords": "DE",
}  # fmt: skip
_ENW = {"title": "T", "author": "A", "year": "D", "journal": "J B", "doi": "R", "abstract": "X", "keywords": "K"}
_COCHRANE = {
    "title": "TI", "author": "AU", "year": "YR", "journal": "SO", "doi": "DOI", "abstract": "AB", "keywords": "KY",
}  # fmt: skip
_OVID_TEXT = {
    "title": "Title", "author": "Author", "year": "Year_of_Publication", "journal": "Journal_Name", "doi": "DOI_Number",
    "abstract": "Abstract", "keywords": "Author_Keywords",
}  # fmt: skip
_OVID = {
    "title": "TI",
    "author": "AU",
    "year": "YR DP",
    "journal": "JN",
    "doi": "DO",
    "abstract": "AB",
    "keywords": "KW",
}


def _tagged(
    begin: str, tag: str, names: dict[str, str], *, first: str = "", by: str = ""
) -> Callable[[Path], list[Values]]:
    """Blocks that begin where a pattern matches; of names parted by `|` that with more values counts.

    `first` is the tag that the line that begins a block may have; `by` is what parts people within one value.
    """

    def read(path: Path) -> list[Values]:
        blocks = re.split(begin, f"\n\n{text_of(path)}", flags=re.MULTILINE)[1:]
        return [_named(_lines(block, tag, first), names, by=by) for block in blocks if block.strip()]

    return read


def _lines(block: str, tag: str, first: str) -> Iterator[tuple[str, str]]:
    """Tag and value of a block; lines without a tag go on with the value above them."""
    name, value = first, ""
    for line in block.split("\n"):
        if match := re.match(tag, line):
            yield name, value
            name, value = match[1].replace(" ", "_"), match[2] or ""
        elif line.strip():
            value += f"\n{line.strip()}"
    yield name, value


def _named(pairs: Iterable[tuple[str, str]], names: dict[str, str], *, by: str) -> Values:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    found: Values = {}
    for field, tags in names.items():
        groups = [[value for name in group.split() for value in values.get(name, [])] for group in tags.split("|")]
        found[field] = max(groups, key=lambda group: sum(map(bool, group)))
    if by:
        found["author"] = [name for value in found["author"] for name in value.split(by)]
    return found


# --- BibTeX ----------------------------------------------------------------------------------------------------------

_ENTRY = re.compile(r"(?:^|(?<=[\n},]))[ \t]*@[ \t]*(\w+)[ \t]*[{(]")
_NESTED = r"\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}"
_FIELD = re.compile(rf"[,\s](\w[\w-]*)\s*=\s*({_NESTED}|\"[^\"]*\"|[\w-]+)")
_STRING = re.compile(r"@string\s*\{\s*([\w-]+)\s*=\s*[{\"]([^{}\"]*)", re.IGNORECASE)
_BIBTEX = {
    "title": "title", "author": "author", "year": "year date", "journal": "journal journaltitle booktitle",
    "doi": "doi", "abstract": "abstract", "keywords": "keywords author_keywords",
}  # fmt: skip


def _bibtex(path: Path) -> list[Values]:
    text = text_of(path)
    starts = [match for match in _ENTRY.finditer(text) if match[1].lower() not in {"comment", "string", "preamble"}]
    ends = [match.start() for match in _ENTRY.finditer(text)] + [len(text)]
    macros = {name.casefold(): value for name, value in _STRING.findall(text)}
    found = []
    for match in starts:
        block = text[match.end() : min(end for end in ends if end > match.start())]
        pairs = [
            (name.lower(), value[1:-1] if value[0] in '{"' else macros.get(value.casefold(), value))
            for name, value in _FIELD.findall(block)
        ]
        values = _named(pairs, _BIBTEX, by="")
        values["type"] = [match[1]]
        values["author"] = [
            name for text in values["author"][:1] for name in re.split(r"\s+and\s+", _hidden(text)) if name != "others"
        ]
        found.append(values)
    return found


def _hidden(people: str) -> str:
    """Names whose braces hold a body together, with numbers for what stands within."""
    whole = people.strip()
    if re.fullmatch(_NESTED, whole):
        return _hidden(whole[1:-1]) if " and " in whole and "}" not in whole[:-1] else whole.replace(" and ", " & ")
    return re.sub(_NESTED, lambda match: str(match.start()) if " " in match[0] else match[0][1:-1], whole)


# --- tables ----------------------------------------------------------------------------------------------------------

_COLUMNS = {
    "title": r"(article |document |item |primary )?titles?( primary)?|ti|t1|display_name",
    "author": r"(author full names|author\(s\)|authors?|author names|authors, primary|au|authorships\.author\.display_name)",
    "year": r"(publication |published |pub)? ?year|py|publication_year|publication date|date published|date",
    "journal": r"source ?title|journal|journal title|publication title|periodical full|journal/book|so|journal name",
    "doi": r"(item )?doi|di|doi link",
    "abstract": r"abstract( note)?|ab|abstracts",
    "keywords": r"author keywords|keywords|manual tags|de",
}  # fmt: skip


def _rows(rows: list[list[str]]) -> list[Values]:
    """The rows below the first that names a title and another field."""
    for at, row in enumerate(rows[:40]):
        plain = [cell.strip("\ufeff \t\n").casefold() for cell in row]
        told = {
            field: [n for n, name in enumerate(plain) if re.fullmatch(pattern, name)]
            for field, pattern in _COLUMNS.items()
        }
        if sum(map(bool, told.values())) >= 2 and told["title"]:
            below = [cells for cells in rows[at + 1 :] if any(cell.strip() for cell in cells)]
            found = [{field: [cells[n] for n in ns if n < len(cells)] for field, ns in told.items()} for cells in below]
            return [{**entry, "author": _people(entry["author"][:1])} for entry in found]
    return []


def _people(cells: list[str]) -> list[str]:
    """Names between semicolons, or `and`; between commas only where each of them is a family name and initials."""
    for text in cells:
        for pattern in (r";", r"\s+and\s+", r"\|"):
            if len(parts := [part for part in re.split(pattern, text) if part.strip(" ,.")]) > 1:
                return parts
        parts = [part.strip(" .") for part in text.split(",")]
        return parts if all(re.fullmatch(r"\S+( \S+)* (?:[A-Z]\.?-?){1,4}", part) for part in parts) else [text]
    return []


def _csv(path: Path) -> list[Values]:
    csv.field_size_limit(10_000_000)
    text = text_of(path)
    read = {mark: list(csv.reader(io.StringIO(text), delimiter=mark)) for mark in ",;\t"}
    return max(
        (_rows(rows) for rows in read.values()),
        key=lambda found: sum(len(v) for entry in found for v in entry.values()),
    )


def _workbook(path: Path) -> list[Values]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    tabs = (book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names)
    return max((_rows([[_cell(cell) for cell in row] for row in tab]) for tab in tabs), key=len)


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json(path: Path) -> list[Values]:
    text = text_of(path)
    try:
        found = json.loads(text)
    except ValueError:
        found = [json.loads(line) for line in text.split("\n") if line.strip()]
    while isinstance(found, dict) and not {"title", "itemType", "data"} & set(found):
        found = next((value for name, value in found.items() if name in {"items", "results", "message"}), [])
    items = [found] if isinstance(found, dict) else found
    whole = [item.get("data", item) for item in items]
    return [_item(item) for item in whole if item.get("itemType") not in {"attachment", "note", "annotation"}]


def _item(item: dict[str, Any]) -> Values:
    people = (
        item.get("author")
        or item.get("authorships")
        or [c for c in item.get("creators", []) if c["creatorType"] == "author"]
    )
    place = (item.get("primary_location") or {}).get("source") or {}
    words = item.get("keyword") or [
        one.get("tag", "") if isinstance(one, dict) else one for one in item.get("tags", [])
    ]
    return {
        "title": _texts(item.get("title")),
        "author": [json.dumps(one) for one in people],
        "year": _texts(item.get("issued"), item.get("date"), item.get("publication_year")),
        "journal": _texts(item.get("container-title"), item.get("publicationTitle"), place.get("display_name")),
        "doi": _texts(item.get("DOI"), item.get("doi")),
        "abstract": _texts(
            item.get("abstract"), item.get("abstractNote"), _unfolded(item.get("abstract_inverted_index"))
        ),
        "keywords": _texts(words),
    }


def _unfolded(index: dict[str, list[int]] | None) -> str:
    return " ".join(
        word for _, word in sorted((place, word) for word, places in (index or {}).items() for place in places)
    )


def _texts(*values: object) -> list[str]:
    return [text for value in values if value for text in ([value] if isinstance(value, str) else [json.dumps(value)])]


# --- XML -------------------------------------------------------------------------------------------------------------

_ENDNOTE = {
    "title": "titles/title", "author": "contributors/authors/author", "year": "dates/year",
    "journal": "periodical/full-title titles/secondary-title", "doi": "electronic-resource-num", "abstract": "abstract",
    "keywords": "keywords/keyword", "type": "ref-type/@name",
}  # fmt: skip
_PUBMED = {
    "title": "//Article/ArticleTitle //BookDocument/ArticleTitle //BookTitle",
    "author": "//Article/AuthorList/Author //BookDocument/AuthorList/Author",
    "year": "//Article/Journal/JournalIssue/PubDate/Year //Article/Journal/JournalIssue/PubDate/MedlineDate",
    "journal": "//Article/Journal/Title", "doi": "//Article/ELocationID[@EIdType='doi']",
    "abstract": "//Article/Abstract/AbstractText", "keywords": "//KeywordList/Keyword",
}  # fmt: skip
_RDF = {
    "title": "title", "author": "authors//Person", "year": "date", "journal": "isPartOf/*/title", "abstract": "abstract",
    "keywords": "subject",
}  # fmt: skip
_DSPACE = {
    "title": "dcvalue[@element='title']", "author": "dcvalue[@element='contributor'][@qualifier='author']",
    "year": "dcvalue[@element='date'][@qualifier='issued']", "keywords": "dcvalue[@element='subject']",
    "abstract": "dcvalue[@element='description'][@qualifier='abstract']",
}  # fmt: skip


def _xml(names: dict[str, str], entries: str) -> Callable[[Path], list[Values]]:
    """The elements of these names (`/` before one: only at the top), with the texts at the end of ways."""

    def read(path: Path) -> list[Values]:
        try:
            root = ET.fromstring(path.read_bytes())
        except ET.ParseError:
            return []
        among = list(root) if entries.startswith("/") else root.iter()
        kind = re.compile(rf"(?:\{{.*\}})?(?:{entries.removeprefix('/')})")
        found = [element for element in among if kind.fullmatch(element.tag)]
        return [{field: list(_at(element, ways)) for field, ways in names.items()} for element in found]

    return read


def _at(element: ET.Element, ways: str) -> Iterator[str]:
    for way in ways.split():
        steps, _, attribute = way.partition("/@")
        for each in element.iterfind(
            re.sub(r"(^|/)(?=\w)", r"\1{*}", f".{steps}" if steps.startswith("//") else steps)
        ):
            yield each.get(attribute, "") if attribute else " ".join("".join(each.itertext()).split())


_FAMILIES: dict[str, Callable[[Path], list[Values]]] = {
    "ris": _tagged(r"^[ \t]*TY(?= {1,3}-|\t-)", r"[ \t]*([A-Z][A-Z0-9])(?: {1,3}|\t)- ?(.*)", _RIS, first="TY"),
    "nbib": _tagged(r"\n\n+(?=(?:PMID|PMC|PMCR|OWN|[A-Z]{2,4}) *-)|^(?=PMID ?-)", r"([A-Z]{2,4}) *- ?(.*)", _NBIB),
    "wos_tagged": _tagged(r"^PT (?=[A-Z]\b)", r"([A-Z][A-Z0-9])(?: (.*))?$", _WOS, by="\n"),
    "enw": _tagged(r"^%0 |(?<=\n\n)(?=%[AT] )", r"%(\S) (.*)", _ENW),
    "cochrane_text": _tagged(r"^Record #\d+ of \d+", r"([A-Z]{2,3}): (.*)", _COCHRANE),
    "ovid_text": _tagged(r"^<\d+\.? ?>[ \t]*$", r"([A-Z][A-Za-z /()&:,-]+?)()[ \t]*$", _OVID_TEXT, by=";"),
    "ovid_tagged": _tagged(r"^<\d+\. ?>", r"([A-Z][A-Z0-9]) {1,2}- ?(.*)", _OVID),
    "bibtex": _bibtex,
    "biblatex": _bibtex,
    "csv": _csv,
    "tsv": _csv,
    "wos_tsv": _csv,
    "xlsx": _workbook,
    "wos_xls": _workbook,
    "csl_json": _json,
    "crossref_json": _json,
    "zotero_json": _json,
    "openalex_json": _json,
    "endnote_xml": _xml(_ENDNOTE, "record"),
    "pubmed_xml": _xml(_PUBMED, "PubmedArticle|PubmedBookArticle"),
    "zotero_rdf": _xml(_RDF, r"/(?!Attachment|Journal|Memo|Series|Collection|Periodical)\w+"),
    "dspace_xml": _xml(_DSPACE, "dublin_core"),
}  # fmt: skip
