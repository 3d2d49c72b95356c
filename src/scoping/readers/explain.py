"""What is read from a file and why, in lines for a person."""

from collections import Counter
from collections.abc import Iterator, Mapping

from scoping.readers.fields import fields
from scoping.readers.model import Parsed

_SHOWN = 3
_ENCODINGS = {
    "utf-8-sig": "UTF-8 with a byte order mark",
    "cp1252": "Windows-1252 (a guess: the bytes are no UTF-8)",
    "workbook": "a workbook",
}


def lines(parsed: Parsed, columns: Mapping[str, str] | None = None) -> Iterator[str]:
    """Format, dialect, encoding, counts, what is no entry, and the first entries."""
    found = [fields(parsed.format, parsed.dialect, entry.tags, columns) for entry in parsed.entries]
    empty = sum(not (each.title or each.doi or each.accession) for each in found)
    yield f"format    {parsed.format}: {_short(parsed.why)}"
    yield f"dialect   {parsed.dialect or 'not told'}{': ' if parsed.dialect_why else ''}{_short(parsed.dialect_why)}"
    yield f"encoding  {_ENCODINGS.get(parsed.encoding, parsed.encoding)}"
    if parsed.member:
        yield f"part      {parsed.member}"
    declared = "" if parsed.declared is None else f", {parsed.declared} announced by the file"
    yield f"entries   {len(found)} read, {parsed.markers} counted by another way{declared}"
    warned = sum(bool(entry.problems or each.problems) for entry, each in zip(parsed.entries, found, strict=True))
    yield f"          {warned} with a remark, {empty} without title, DOI and accession number"
    said = {
        name: sum(bool(getattr(each, name)) for each in found)
        for name in ("title", "authors", "year", "abstract", "doi")
    }
    yield "          with " + ", ".join(f"{name} {number}" for name, number in said.items())
    for code, number in sorted(Counter(issue.code for issue in parsed.issues).items()):
        first = next(issue for issue in parsed.issues if issue.code == code)
        yield f"outside   {number} × {first.message}, first in line {first.line}: {_short(first.text)}"
    for entry, each in zip(parsed.entries[:_SHOWN], found[:_SHOWN], strict=True):
        names = "; ".join(
            ", ".join(part for part in (a.family or a.literal, a.given) if part) for a in each.authors[:4]
        )
        yield ""
        yield f"entry {entry.number}, line {entry.line_start}: {_short(each.title) or '(no title)'}"
        yield f"  {_short(names) or '(no authors)'} · {each.year or '(no year)'} · {_short(each.journal) or each.type}"
        yield f"  {each.accession or '-'} · {each.doi or '-'} · abstract of {len(each.abstract)} characters"
        for problem in (*entry.problems, *each.problems)[:5]:
            yield f"  ! {_short(problem)}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 110 else f"{flat[:109]}…"
