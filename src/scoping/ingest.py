"""From one exported file to entries, issues and receipts: everything read, everything counted, nothing guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoping import files, identity, readers
from scoping.errors import ScopingError
from scoping.readers import fields as field_rules
from scoping.tables import Row, compact

PAGE_SIZES = (50, 100, 200, 500, 1000, 2000)  # exports are cut off at these


@dataclass(frozen=True)
class Claim:
    """A source that config/review.yaml gives this file to; `columns` are its own names of columns, by field."""

    source: str
    reported: int | None
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


def ingest(data: bytes, file: str, claims: Mapping[str, Claim]) -> tuple[list[Row], list[Row], list[Row]]:
    """(entries, issues, receipts) of one file.

    `claims` are the sources that the file belongs to: one, or several where a table names the source of each row in a
    column `Source`.
    """
    encoding = next((claim.encoding for claim in claims.values() if claim.encoding), "")
    columns = next((claim.columns for claim in claims.values() if claim.columns), {})
    try:
        parsed = readers.parse(data, encoding=encoding, columns=columns)
    except ScopingError as error:
        raise ScopingError(error.what, path=f"data/raw/exports/{file}", at=error.at, do=error.do) from None
    digest = files.sha256(data)
    found = [field_rules.fields(parsed.format, parsed.dialect, raw.tags, columns) for raw in parsed.entries]
    entries = [
        _entry(parsed, raw, fields, file, digest, claims) for raw, fields in zip(parsed.entries, found, strict=True)
    ]
    issues = [
        {
            "file": file,
            "line": str(issue.line),
            "byte": str(issue.byte),
            "code": issue.code,
            "message": issue.message,
            "text": issue.text,
        }
        for issue in parsed.issues
    ]
    receipts = [_receipt(parsed, claim, file, digest, entries) for claim in claims.values()]
    return entries, issues, receipts


def _source(hint: str, file: str, line: int, claims: Mapping[str, Claim]) -> str:
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
        path=f"data/raw/exports/{file}",
        at=line,
        do="write one of these ids in its column `Source`",
    )


def _entry(
    parsed: readers.Parsed,
    raw: readers.RawEntry,
    found: field_rules.Fields,
    file: str,
    digest: str,
    claims: Mapping[str, Claim],
) -> Row:
    authors = [{"family": a.family, "given": a.given, "literal": a.literal} for a in found.authors]
    first = (authors[0]["family"] or authors[0]["literal"]) if authors else ""
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
        "source": _source(found.source_hint, file, raw.line_start, claims),
        "file": file,
        "sha256": digest,
        "format": parsed.format,
        "dialect": parsed.dialect,
        "encoding": parsed.encoding,
        "number": str(raw.number),
        "line_start": str(raw.line_start),
        "line_end": str(raw.line_end),
        "byte_start": str(raw.byte_start),
        "byte_end": str(raw.byte_end),
        "status": "rejected" if rejected else "warned" if problems else "ok",
        "problems": compact(problems),
        "type": found.type,
        "title": found.title,
        "abstract": found.abstract,
        "authors": compact(authors),
        "year": found.year,
        "journal": found.journal,
        "volume": found.volume,
        "issue": found.issue,
        "pages": found.pages,
        "doi": found.doi,
        "url": found.url,
        "language": found.language,
        "keywords": compact(list(found.keywords)),
        "publisher": found.publisher,
        "doi_raw": found.doi_raw,
        "accession": found.accession,
        "pmid": found.pmid,
        "notes": found.notes,
        "tags": compact([list(tag) for tag in raw.tags]),
        "raw": raw.raw,
    }


def _receipt(parsed: readers.Parsed, claim: Claim, file: str, digest: str, entries: list[Row]) -> Row:
    mine = [entry for entry in entries if entry["source"] == claim.source]
    count = {status: sum(entry["status"] == status for entry in mine) for status in ("ok", "warned", "rejected")}
    return {
        "source": claim.source,
        "file": file,
        "sha256": digest,
        "format": parsed.format,
        "dialect": parsed.dialect,
        "encoding": parsed.encoding,
        "declared": "" if parsed.declared is None else str(parsed.declared),
        "reported": "" if claim.reported is None else str(claim.reported),
        "found": str(len(mine)),
        **{status: str(number) for status, number in count.items()},
        "rejected_lines": compact([int(entry["line_start"]) for entry in mine if entry["status"] == "rejected"]),
        "file_entries": str(len(entries)),
        "file_markers": str(parsed.markers),
        "warnings": compact(_warnings(parsed, len(entries))),
    }


def _warnings(parsed: readers.Parsed, found: int) -> list[str]:
    """What does not add up in a file, in sentences that name their unit."""
    out = []
    if found != parsed.markers:
        out.append(f"{found} entries were read, but {parsed.markers} markers of entries were counted")
    if parsed.declared is not None and found < parsed.declared:
        out.append(f"the file speaks of {parsed.declared} entries and holds {found}: was the export cut off?")
    if found in PAGE_SIZES:
        out.append(f"exactly {found} entries: exports are often cut off at this number")
    return out
