"""From one exported file to entries, issues and receipts: everything read, everything counted, nothing guessed."""

import gc
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

from scoping import files, identity, readers, schemas, tables
from scoping.errors import ScopingError
from scoping.files import Bytes
from scoping.normalise import Author
from scoping.readers import fields as field_rules
from scoping.readers.source import Piece
from scoping.tables import Row, compact

_UNDER_WAY = 4  # pieces for each process, so that none waits while the next are cut
PAGE_SIZES = (50, 100, 200, 500, 1000, 2000)  # exports are cut off at these

T = TypeVar("T")


@dataclass(frozen=True)
class Claim:
    """A source that config/review.yaml gives this file to; `columns` are its own names of columns, by field."""

    source: str
    reported: int | None
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """An exported file by its name below data/raw/exports, its bytes, and the sources that it belongs to.

    The sources are one, or several where a table names the source of each row in a column `Source`.
    """

    name: str
    data: Bytes
    sha256: str
    claims: Mapping[str, Claim]

    @classmethod
    def of(cls, data: Bytes, name: str, claims: Mapping[str, Claim]) -> "File":
        """Of its bytes, name and sources."""
        return cls(name, data, files.sha256(data), claims)

    def check_unchanged(self) -> None:
        """Stop if the bytes are others than when they were hashed: the pieces that were read may be of two files."""
        now = files.Slices(self.data.path) if isinstance(self.data, files.Slices) else self.data
        if files.sha256(now) != self.sha256:
            raise ScopingError("was being saved or copied during the run", do="run again")

    @property
    def encoding(self) -> str:
        """The encoding that a source declares."""
        return next((claim.encoding for claim in self.claims.values() if claim.encoding), "")

    @property
    def columns(self) -> Mapping[str, str]:
        """The names of columns, by field, that a source declares."""
        return next((claim.columns for claim in self.claims.values() if claim.columns), {})


@dataclass(frozen=True)
class Part:
    """What one piece of a file gave: entries as packed rows (`tables.packed`), issues, and what receipts count."""

    packed: bytes
    issues: list[Row]
    counts: Counter[tuple[str, str]]  # entries by source and status
    rejected: list[tuple[str, int]]  # source and line of each entry that is rejected
    parsed: readers.Parsed  # without its entries and issues


def table(path: Path, file: File, *, threads: int = 1) -> tuple[int, "Tally"]:
    """Write the table of a file's entries; their number, and what the parts add up to. Raises ScopingError as `parts` does.

    A large file is first taken to go on as it begins, which spares looking through it; where it does not, it is read again.
    """
    try:
        return _table(path, file, threads, trusting=True)
    except readers.Unlike:
        return _table(path, file, threads, trusting=False)


def _table(path: Path, file: File, threads: int, *, trusting: bool) -> tuple[int, "Tally"]:
    tally = Tally()
    read = parts(file, threads=threads, trusting=trusting)
    return tables.write_packed(path, schemas.ENTRIES, map(tally.counted, read)), tally


def parts(file: File, *, threads: int = 1, trusting: bool = False) -> Iterator[Part]:
    """A file piece by piece, in order; more than one is read at a time if there are threads for it.

    Raises ScopingError if the format is unknown, if there is no entry, or if a row names no source of the file; and
    Unlike where a file was trusted to go on as it begins, and does not.
    """
    try:
        if whole := readers.unpacked(file.data, encoding=file.encoding, columns=file.columns):
            yield _part(whole, file)
            return
        opened = readers.begin(
            file.data, encoding=file.encoding, columns=tuple(file.columns.values()), trusting=trusting
        )
        found = 0
        for part in side_by_side(partial(_read, file, opened), readers.cut(file.data, opened), threads):
            found += part.counts.total()
            yield part
        if not found:
            raise readers.no_entry(opened.format, file.data)
        file.check_unchanged()
    except ScopingError as error:
        raise ScopingError(error.what, path=f"data/raw/exports/{file.name}", at=error.at, do=error.do) from None


def side_by_side(read: Callable[[Piece], T], pieces: Iterator[Piece], processes: int) -> Iterator[T]:
    """Pieces read by several processes, in order; few of them are under way, so that memory stays what it is."""
    first = next(pieces)
    if first.last or processes == 1:
        yield from map(read, chain((first,), pieces))
        return
    from concurrent.futures import ProcessPoolExecutor

    gc.freeze()  # looking through what is there already would take a copy of it in every process
    try:
        with ProcessPoolExecutor(processes) as pool:
            under_way = deque([pool.submit(read, first)])
            for piece in pieces:
                under_way.append(pool.submit(read, piece))
                if len(under_way) > _UNDER_WAY * processes:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
    finally:
        gc.unfreeze()


def _read(file: File, opened: readers.Opened, piece: Piece) -> Part:
    gc.disable()  # entries hold no cycles, and looking for some takes a fifth of the time
    try:
        return _part(readers.read_piece(file.data[piece.start : piece.end], opened, piece), file)
    finally:
        gc.enable()


def _part(parsed: readers.Parsed, file: File) -> Part:
    entries = rows(parsed, file)
    issues = [
        {
            "file": file.name,
            "line": str(issue.line),
            "byte": str(issue.byte),
            "code": issue.code,
            "message": issue.message,
            "text": issue.text,
        }
        for issue in parsed.issues
    ]
    counts = Counter((row["source"], row["status"]) for row in entries)
    rejected = [(row["source"], int(row["line_start"])) for row in entries if row["status"] == "rejected"]
    packed = tables.packed(schemas.ENTRIES, entries)
    return Part(packed, issues, counts, rejected, replace(parsed, entries=(), issues=()))


def rows(parsed: readers.Parsed, file: File) -> list[Row]:
    """The entries of a file, or of a piece of it, as rows; numbered from 1."""
    return [
        _entry(parsed, raw, field_rules.fields(parsed.format, parsed.dialect, raw.tags, file.columns), file)
        for raw in parsed.entries
    ]


@dataclass
class Tally:
    """What the parts of a file add up to: nothing that grows with the entries that were read without a complaint."""

    issues: list[Row] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    rejected: list[tuple[str, int]] = field(default_factory=list)
    markers: int = 0
    declared: int | None = None
    parsed: readers.Parsed | None = None
    guessed: bool = False

    def counted(self, part: Part) -> bytes:
        """Add a part; its entries are handed on."""
        self.issues += [row for row in part.issues if not (self.guessed and row["code"] == readers.GUESSED)]
        self.guessed = self.guessed or any(row["code"] == readers.GUESSED for row in part.issues)
        self.counts += part.counts
        self.rejected += part.rejected
        self.markers += part.parsed.markers
        self.declared = max((n for n in (self.declared, part.parsed.declared) if n is not None), default=None)
        self.parsed = self.parsed or part.parsed
        return part.packed

    def receipts(self, file: File) -> list[Row]:
        """A receipt for each source of the file. Only after a part was added."""
        if self.parsed is None:
            raise ValueError("no part of the file was read")
        return [_receipt(self.parsed, claim, file, self) for claim in file.claims.values()]


def _source(hint: str, line: int, claims: Mapping[str, Claim]) -> str:
    """The source of an entry: the only one, or the one its row names."""
    if len(claims) == 1:
        return next(iter(claims))
    named = hint.strip().casefold().replace(" ", "_")
    if named in claims:
        return named
    raise ScopingError(
        f"the row names the source {hint!r}, which is none of {', '.join(claims)}"
        if hint
        else "the row names no source",
        at=line,
        do="write one of these ids in its column `Source`",
    )


def _entry(parsed: readers.Parsed, raw: readers.RawEntry, found: field_rules.Fields, file: File) -> Row:
    first = (found.authors[0].family or found.authors[0].literal) if found.authors else ""
    what = {
        "accession": found.accession,
        "doi": found.doi,
        "title": found.title,
        "year": found.year,
        "first_author": first,
    }
    text = identity.identity(what, raw=raw.raw)
    problems = [*raw.problems, *found.problems]
    rejected = not (found.title or found.doi or found.accession)
    if rejected:
        problems.append("nothing identifies it: no title, DOI or accession number")
    return {
        "content_id": identity.content_id(text),
        "identity": text,
        "source": _source(found.source_hint, raw.line_start, file.claims),
        "file": file.name,
        "sha256": file.sha256,
        "format": parsed.format,
        "dialect": parsed.dialect,
        "encoding": parsed.encoding,
        "number": str(raw.number),
        "line_start": str(raw.line_start),
        "line_end": str(raw.line_end),
        "byte_start": str(raw.byte_start),
        "byte_end": str(raw.byte_end),
        "status": "rejected" if rejected else "warned" if problems else "ok",
        "problems": compact(problems) if problems else "[]",
        "type": found.type,
        "title": found.title,
        "abstract": found.abstract,
        "authors": f"[{','.join(map(_person, found.authors))}]",
        "year": found.year,
        "journal": found.journal,
        "volume": found.volume,
        "issue": found.issue,
        "pages": found.pages,
        "doi": found.doi,
        "url": found.url,
        "language": found.language,
        "keywords": compact(found.keywords),
        "publisher": found.publisher,
        "doi_raw": found.doi_raw,
        "accession": found.accession,
        "pmid": found.pmid,
        "notes": found.notes,
        "tags": compact(raw.tags),
        "raw": raw.raw,
    }


@lru_cache(maxsize=1 << 11)
def _person(author: Author) -> str:
    return compact(author._asdict())


def _receipt(parsed: readers.Parsed, claim: Claim, file: File, tally: Tally) -> Row:
    mine = {status: number for (source, status), number in tally.counts.items() if source == claim.source}
    entries = tally.counts.total()
    return {
        "source": claim.source,
        "file": file.name,
        "sha256": file.sha256,
        "format": parsed.format,
        "dialect": parsed.dialect,
        "encoding": parsed.encoding,
        "declared": "" if tally.declared is None else str(tally.declared),
        "reported": "" if claim.reported is None else str(claim.reported),
        "found": str(sum(mine.values())),
        **{status: str(mine.get(status, 0)) for status in ("ok", "warned", "rejected")},
        "rejected_lines": compact([line for source, line in tally.rejected if source == claim.source]),
        "file_entries": str(entries),
        "file_markers": str(tally.markers),
        "warnings": compact(_warnings(entries, tally)),
    }


def _warnings(found: int, tally: Tally) -> list[str]:
    """What does not add up in a file, in sentences that name their unit."""
    out = []
    if found != tally.markers:
        out.append(f"{found} entries were read, but {tally.markers} markers of entries were counted")
    if tally.declared is not None and found < tally.declared:
        out.append(f"the file speaks of {tally.declared} entries and holds {found}: was the export cut off?")
    if found in PAGE_SIZES:
        out.append(f"exactly {found} entries: exports are often cut off at this number")
    return out
