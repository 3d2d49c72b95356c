"""Readers of what databases and reference managers export.

`parse` turns the bytes of one file into entries and issues; every non-blank byte belongs to exactly one of them.
`fields` (in `scoping.readers.fields`) turns the tags of an entry into normalised fields.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from scoping.errors import ScopingError
from scoping.readers import containers, layouts, xml_records
from scoping.readers.bibtex import read_bibtex
from scoping.readers.columns import plain
from scoping.readers.detect import FORMATS, binary_kind, detect
from scoping.readers.dialects import dialect
from scoping.readers.json_items import FORMATS as JSON
from scoping.readers.json_items import read_json
from scoping.readers.model import Aside, Draft, Found, Issue, Parsed, RawEntry, Reader
from scoping.readers.source import BLANK, Source
from scoping.readers.table import read_table
from scoping.readers.tagged import read_nbib, read_ris, read_wos

__all__ = ["Issue", "Parsed", "RawEntry", "parse"]

_READERS: dict[str, Reader] = {
    "ris": read_ris,
    "nbib": read_nbib,
    "wos_tagged": read_wos,
    "bibtex": read_bibtex,
    "table": read_table,
    "enw": layouts.read_enw,
    "cochrane_text": layouts.read_cochrane,
    "ovid_tagged": layouts.read_ovid_tagged,
    "ovid_text": layouts.read_ovid_text,
    **dict.fromkeys(JSON, read_json),
    **{name: partial(xml_records.read_xml, name) for name in xml_records.FORMATS},
}
_DECLARED = re.compile(  # Cochrane and Ovid; then what OpenAlex, Crossref and Lens say of all pages of an answer
    r'(?:^Record #\d+ of |"meta"\s*:\s*\{[^{}]{0,200}"count"\s*:\s*|"total-results"\s*:\s*|\A\s*\{\s*"total"\s*:\s*)(\d{1,9})',
    re.MULTILINE,
)
_KINDS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("numbering", "a number before an entry", re.compile(r"<?\d{1,7}[.)]?\s?>?")),
    ("numbering", "a number before an entry", re.compile(r"Record #\d+ of \d+[^\r\n]*(?:[\r\n]+[A-Z]\w+: [^\r\n]*)*")),
    ("definition", "an abbreviation, preamble or comment", re.compile(r"(?is)@\s*(?:string|preamble|comment)\b.*")),
    ("footer", "the mark of the end of the file", re.compile(r"EF|\x1a")),
)
_PLACES = {
    "header": "text before the first entry",
    "footer": "text after the last entry",
    "between-entries": "text outside an entry",
}
_EXPORT = "export it again as RIS, nbib, BibTeX, Web of Science plain text, CSV, XML of EndNote or PubMed, or CSL-JSON"
_SHOWN = 60
LARGEST = 500_000_000  # bytes: some 200,000 entries with abstracts; reading takes several times as much memory


def parse(data: bytes, *, encoding: str = "", columns: Mapping[str, str] | None = None) -> Parsed:
    """Read the bytes of one exported file.

    `encoding` overrules what the bytes say; `columns` (field -> name of a column) what the header of a table says.
    Raises ScopingError, without a path, if the format is unknown or not read, or if there is no entry in it.
    """
    if len(data) > LARGEST:
        raise ScopingError(
            f"this file has {len(data):,} bytes, and no export is read beyond {LARGEST:,}", do="split it"
        )
    names = tuple((columns or {}).values())
    if kind := binary_kind(data):
        raise ScopingError(f"this is {kind}, which is not read here", do=_EXPORT)
    if containers.is_workbook(data):
        return _workbook(data, names)
    if containers.is_archive(data):
        return _archive(data, encoding, columns)
    source = Source(data, encoding or xml_records.declared_encoding(data))
    if not source.text.strip(BLANK + "\ufeff"):
        raise ScopingError("the file is empty", do="export it again or remove it")
    format_, why = detect(source, names)
    if format_ not in _READERS:
        raise ScopingError(_unknown(format_, source.text), do=_EXPORT)
    return _parsed(source, format_, why, names)


def _parsed(source: Source, format_: str, why: str, columns: tuple[str, ...]) -> Parsed:
    found = read_table(source, columns) if format_ == "table" else _READERS[format_](source)
    there = {plain(name) for name in found.header}
    if found.header and (missing := [name for name in columns if plain(name) not in there]):
        raise ScopingError(
            f"the table has no column {missing[0]!r}; its columns are {', '.join(found.header)}",
            do="correct `columns:` of its source in config/review.yaml",
        )
    if not found.drafts:
        raise ScopingError(
            f"looks like {format_} but holds no entry; it begins with {_beginning(source.text)}", do=_EXPORT
        )
    issues = [*_damage(source), *_outside(source, found)]
    declared = [int(total) for total in _DECLARED.findall(source.text)]
    told, dialect_why = dialect(format_, source.text, found.header)
    return Parsed(
        format=format_,
        dialect=told,
        encoding=source.encoding,
        entries=tuple(_entry(source, number, draft) for number, draft in enumerate(found.drafts, 1)),
        issues=tuple(sorted(issues, key=lambda issue: (issue.byte, issue.line, issue.byte_end, issue.code))),
        markers=found.markers,
        declared=max(declared, default=None),
        why=why,
        dialect_why=dialect_why,
    )


def _workbook(data: bytes, columns: tuple[str, ...]) -> Parsed:
    """The tab of a workbook that holds references; the others are issues."""
    source, tab, others, filled = containers.rows(data, columns)
    parsed = _parsed(source, "table", f"a workbook; its tab {tab!r} has a row that names columns", columns)
    above = sum(issue.code == "header" for issue in parsed.issues)
    return replace(parsed, encoding="workbook", issues=(*parsed.issues, *others), markers=filled - above, member=tab)


def _archive(data: bytes, encoding: str, columns: Mapping[str, str] | None) -> Parsed:
    """The one export within an archive; the other files, which are none, are issues."""
    read: dict[str, Parsed] = {}
    others: list[Issue] = []
    for name, body in containers.members(data):
        if containers.is_archive(body):
            others.append(containers.unread(name, body, "it is an archive, too"))
            continue
        try:
            read[name] = parse(body, encoding=encoding, columns=columns)
        except ScopingError as error:
            others.append(containers.unread(name, body, error.what))
    if len(read) != 1:
        said = (
            f"{len(read)} exports ({', '.join(read)})"
            if read
            else f"no export ({', '.join(i.message for i in others)})"
        )
        raise ScopingError(f"this archive holds {said}", do="unpack it and put the exports into the folder one by one")
    ((name, parsed),) = read.items()
    issues = (*(containers.named(issue, name) for issue in parsed.issues), *others)
    return replace(parsed, issues=issues, member=name)


def _beginning(text: str) -> str:
    return repr(text.lstrip(BLANK + "\ufeff")[:_SHOWN])


def _unknown(format_: str, text: str) -> str:
    start = f"it begins with {_beginning(text)}"
    if format_:
        return f"this looks like {format_}, which is not read (we read {', '.join(FORMATS)}); {start}"
    return f"the format is not known (tried {', '.join(FORMATS)}); {start}"


def _entry(source: Source, number: int, draft: Draft) -> RawEntry:
    return RawEntry(
        number=number,
        line_start=source.line_at(draft.start),
        line_end=source.line_at(max(draft.start, draft.end - 1)),
        byte_start=source.byte_at(draft.start),
        byte_end=source.byte_at(draft.end),
        raw=source.text[draft.start : draft.end],
        tags=tuple(draft.tags),
        type=draft.type,
        problems=tuple(dict.fromkeys(draft.problems)),
    )


def _outside(source: Source, found: Found) -> Iterable[Issue]:
    """An issue for each piece of text that no entry owns."""
    owned: list[tuple[int, int, Aside | None]] = [(draft.start, draft.end, None) for draft in found.drafts]
    owned += [(aside.start, aside.end, aside) for aside in found.asides]
    owned.sort(key=lambda span: span[0])
    position, first, last = 0, owned[0][0], max(end for _, end, _ in owned)
    for start, end, aside in [*owned, (len(source.text), len(source.text), None)]:
        piece = source.text[position:start]
        body = piece.strip(BLANK)
        if body:
            begin = position + len(piece) - len(piece.lstrip(BLANK))
            place = "header" if start <= first else "footer" if begin >= last else "between-entries"
            yield _issue(source, begin, body, *_meaning(body, place))
        if aside is not None:
            yield _issue(source, start, source.text[start:end], aside.code, aside.message)
        position = max(position, end)


def _meaning(body: str, place: str) -> tuple[str, str]:
    """Code and message of a piece of text outside the entries."""
    for code, message, pattern in _KINDS:
        if pattern.fullmatch(body):
            return code, message
    return place, _PLACES[place]


def _issue(source: Source, begin: int, body: str, code: str, message: str) -> Issue:
    end = source.byte_at(begin + len(body))
    return Issue(source.line_at(begin), source.byte_at(begin), end, code, message, body)


def _damage(source: Source) -> Iterable[Issue]:
    """Remarks on bytes that do not fit the encoding."""
    if source.encoding == "cp1252" and source.guessed:
        position = next((place for place, sign in enumerate(source.text) if ord(sign) > 0x7F), 0)
        yield _remark(source, position, "encoding-guessed", "not UTF-8; read as Windows-1252, check the accents")
    seen = set()
    for position in source.damaged():
        line = source.line_at(position)
        if line not in seen:
            seen.add(line)
            yield _remark(source, position, "undecodable", f"bytes that are not {source.encoding}")
    if source.tail:
        size = len(source.data)
        yield Issue(len(source.lines), size - 1, size, "undecodable", "half a character at the end of the file", "")


def _remark(source: Source, position: int, code: str, message: str) -> Issue:
    line, byte = source.line_at(position), source.byte_at(position)
    start, end = source.lines[line - 1]
    return Issue(line, byte, byte, code, message, source.text[start:end])
