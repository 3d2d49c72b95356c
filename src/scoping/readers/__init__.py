"""Readers of what databases and reference managers export.

`parse` turns the bytes of one file into entries and issues; every non-blank byte belongs to exactly one of them.
`fields` (in `scoping.readers.fields`) turns the tags of an entry into normalised fields.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scoping.errors import ScopingError
from scoping.files import Bytes
from scoping.readers import encodings
from scoping.readers.columns import plain
from scoping.readers.detect import binary_kind, detect, may_be_packed
from scoping.readers.dialects import dialect
from scoping.readers.encodings import Encoding
from scoping.readers.model import FORMATS, JSON, XML, Aside, Draft, Found, Issue, Parsed, RawEntry
from scoping.readers.pieces import HEAD, SIZE, pieces
from scoping.readers.source import BLANK, Piece, Source
from scoping.readers.tagged import begins_plainly

__all__ = ["Issue", "Parsed", "RawEntry", "parse"]

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
_NOT_ASCII = re.compile("[^\x00-\x7f]")
GUESSED = "encoding-guessed"  # said once for a file
LARGEST = 500_000_000  # bytes: some 200,000 entries with abstracts; in one piece, several times as much memory


class Unlike(Exception):
    """A piece of a file is written otherwise than its beginning: `begin` has to look at all of it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What holds for a whole file, told before its entries are read; the fields are those of `Parsed`.

    `trusted`: told by the beginning alone, so that each piece is looked at for what differs.
    """

    format: str
    dialect: str
    encoding: Encoding
    columns: tuple[str, ...]
    why: str
    dialect_why: str
    trusted: bool = False


def parse(data: Bytes, *, encoding: str = "", columns: Mapping[str, str] | None = None, size: int = SIZE) -> Parsed:
    """Read the bytes of one exported file, in pieces of about `size` characters.

    `encoding` overrules what the bytes say; `columns` (field -> name of a column) what the header of a table says.
    Raises ScopingError, without a path, if the format is unknown or not read, or if there is no entry in it.
    """
    names = tuple((columns or {}).values())
    if packed := unpacked(data, encoding=encoding, columns=columns):
        return packed
    opened = begin(data, encoding=encoding, columns=names)
    read: list[Parsed] = []
    number = 1
    for piece in cut(data, opened, size=size):
        read.append(read_piece(data[piece.start : piece.end], opened, piece, number=number))
        number += len(read[-1].entries)
    if number == 1:
        raise no_entry(opened.format, data)
    return _joined(read)


def unpacked(data: Bytes, *, encoding: str = "", columns: Mapping[str, str] | None = None) -> Parsed | None:
    """What an archive or a workbook holds; nothing where the file is neither. Raises ScopingError as `parse` does."""
    if len(data) > LARGEST:
        raise ScopingError(
            f"this file has {len(data):,} bytes, and no export is read beyond {LARGEST:,}", do="split it"
        )
    if kind := binary_kind(data):
        raise ScopingError(f"this is {kind}, which is not read here", do=_EXPORT)
    if not may_be_packed(data):
        return None
    from scoping.readers import containers

    if containers.is_workbook(data):
        return _workbook(data, tuple((columns or {}).values()))
    return _archive(data, encoding, columns) if containers.is_archive(data) else None


def begin(data: Bytes, *, encoding: str = "", columns: tuple[str, ...] = (), trusting: bool = False) -> Opened:
    """Tell encoding, format and dialect. Raises ScopingError if the file is empty or its format not known.

    Trusting, a large file that begins as UTF-8 is not looked through: `read_piece` raises Unlike where it goes on otherwise.
    """
    name = encoding or _said_by_xml(data)
    told = encodings.at_first(data[:HEAD]) if trusting and not name and len(data) > HEAD else None
    trusted = told is not None
    told = told or (encodings.declared(data, name) if name else encodings.detected(data))
    size = min(HEAD, len(data))
    source = Source(data[:size], told, Piece(0, size))
    if not source.text.strip(BLANK + "\ufeff") and size == len(data):
        raise ScopingError("the file is empty", do="export it again or remove it")
    format_, why = detect(source, columns)
    if format_ not in FORMATS:
        raise ScopingError(_unknown(format_, source.text), do=_EXPORT)
    header = _header(source, format_, columns)
    dialect_, dialect_why = dialect(format_, source.text, header)
    return Opened(format_, dialect_, told, columns, why, dialect_why, trusted)


def cut(data: Bytes, opened: Opened, *, size: int = SIZE) -> Iterator[Piece]:
    """The pieces of a file, which can be read by themselves in any order."""
    return pieces(data, opened.format, opened.encoding, opened.columns, size, plain=opened.trusted)


def read_piece(data: bytes, opened: Opened, piece: Piece, *, number: int = 1) -> Parsed:
    """The entries and issues of a slice of a file; `number` is that of its first entry.

    Raises Unlike where a file was trusted to go on as it begins, and does not.
    """
    source = Source(data, opened.encoding, piece)
    if opened.trusted and (source.damaged() or (opened.format == "ris" and not begins_plainly(source.text))):
        raise Unlike
    return _parsed(source, opened, number)


def _joined(read: Sequence[Parsed]) -> Parsed:
    """The pieces of a file as a whole."""
    issues = [issue for each in read for issue in each.issues]
    guessed = next((issue for issue in issues if issue.code == GUESSED), None)
    return replace(
        read[0],
        entries=tuple(entry for each in read for entry in each.entries),
        issues=tuple(issue for issue in issues if issue.code != GUESSED or issue is guessed),
        markers=sum(each.markers for each in read),
        declared=max((each.declared for each in read if each.declared is not None), default=None),
    )


def no_entry(format_: str, data: Bytes) -> ScopingError:
    """The error of a file in which no entry was found."""
    text = next(encodings.blocks(data, encodings.detected(data)), "")
    return ScopingError(f"looks like {format_} but holds no entry; it begins with {_beginning(text)}", do=_EXPORT)


def _header(source: Source, format_: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the columns of a table. Raises ScopingError where one that is declared is missing."""
    if format_ != "table":
        return ()
    from scoping.readers.table import header_names

    header = header_names(source, columns)
    there = {plain(name) for name in header}
    if missing := [name for name in columns if plain(name) not in there]:
        raise ScopingError(
            f"the table has no column {missing[0]!r}; its columns are {', '.join(header)}",
            do="correct `columns:` of its source in config/review.yaml",
        )
    return header


def _parsed(source: Source, opened: Opened, first: int = 1) -> Parsed:
    found = _found(source, opened)
    issues = [*_damage(source), *_outside(source, found)]
    may_declare = opened.format in JSON or ("#" in source.text and "Record #" in source.text)  # one sign is found fast
    declared = [int(total) for total in _DECLARED.findall(source.text)] if may_declare else []
    return Parsed(
        format=opened.format,
        dialect=opened.dialect,
        encoding=opened.encoding.label,
        entries=tuple(_entry(source, number, draft) for number, draft in enumerate(found.drafts, first)),
        issues=tuple(sorted(issues, key=lambda issue: (issue.byte, issue.line, issue.byte_end, issue.code))),
        markers=found.markers,
        declared=max(declared, default=None),
        why=opened.why,
        dialect_why=opened.dialect_why,
    )


def _found(source: Source, opened: Opened) -> Found:
    """What the reader of the format finds; the others are not loaded, which would take longer than a small file does."""
    name = opened.format
    if name in ("ris", "nbib", "wos_tagged"):
        from scoping.readers import tagged

        return {"ris": tagged.read_ris, "nbib": tagged.read_nbib, "wos_tagged": tagged.read_wos}[name](source)
    if name == "bibtex":
        from scoping.readers.bibtex import read_bibtex

        return read_bibtex(source)
    if name == "table":
        from scoping.readers.table import read_table

        return read_table(source, opened.columns)
    if name in JSON:
        from scoping.readers.json_items import read_json

        return read_json(source)
    if name in XML:
        from scoping.readers.xml_records import read_xml

        return read_xml(name, source)
    from scoping.readers.layouts import read_layout

    return read_layout(name, source)


def _said_by_xml(data: Bytes) -> str:
    """The encoding that XML declares, where it may be right."""
    if data[:5] != b"<?xml":
        return ""
    from scoping.readers.xml_records import declared_encoding

    return declared_encoding(data)


def _workbook(data: Bytes, columns: tuple[str, ...]) -> Parsed:
    """The tab of a workbook that holds references; the others are issues."""
    from scoping.readers import containers

    source, tab, others, filled = containers.rows(data, columns)
    told, dialect_why = dialect("table", "", _header(source, "table", columns))
    why = f"a workbook; its tab {tab!r} has a row that names columns"
    parsed = _parsed(source, Opened("table", told, source.encoding, columns, why, dialect_why))
    if not parsed.entries:
        raise no_entry("table", source.text.encode())
    above = sum(issue.code == "header" for issue in parsed.issues)
    return replace(parsed, encoding="workbook", issues=(*parsed.issues, *others), markers=filled - above, member=tab)


def _archive(data: Bytes, encoding: str, columns: Mapping[str, str] | None) -> Parsed:
    """The one export within an archive; the other files, which are none, are issues."""
    from scoping.readers import containers

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
    problems = tuple(dict.fromkeys(draft.problems)) if draft.problems else ()
    return RawEntry(number, *source.span(draft.start, draft.end), tuple(draft.tags), draft.type, problems)


def _outside(source: Source, found: Found) -> Iterable[Issue]:
    """An issue for each piece of text that no entry owns."""
    owned: list[tuple[int, int, Aside | None]] = [(draft.start, draft.end, None) for draft in found.drafts]
    owned += [(aside.start, aside.end, aside) for aside in found.asides]
    owned.sort(key=lambda span: span[0])
    size, final = len(source.text), source.piece.last
    first = owned[0][0] if owned and source.piece.first else size if source.piece.first else -1
    last = max((end for _, end, _ in owned), default=0) if final else size + 1
    position = 0
    for start, end, aside in [*owned, (size, size, None)]:
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
    encoding = source.encoding
    if encoding.codec == "cp1252" and encoding.guessed and (sign := _NOT_ASCII.search(source.text)):
        yield _remark(source, sign.start(), GUESSED, "not UTF-8; read as Windows-1252, check the accents")
    seen = set()
    for position in source.damaged():
        line = source.line_at(position)
        if line not in seen:
            seen.add(line)
            yield _remark(source, position, "undecodable", f"bytes that are not {encoding.label}")
    if source.tail:
        line, end = source.line_at(len(source.text)), source.end
        yield Issue(line, end - 1, end, "undecodable", "half a character at the end of the file", "")


def _remark(source: Source, position: int, code: str, message: str) -> Issue:
    line, byte = source.line_at(position), source.byte_at(position)
    return Issue(line, byte, byte, code, message, source.rows[source.row_at(position)])
