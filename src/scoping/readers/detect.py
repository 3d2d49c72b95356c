"""Which format a text is in, by what stands in it; the name of the file plays no part."""

import re
from collections.abc import Iterable

from scoping.files import Bytes
from scoping.readers.markers import unix
from scoping.readers.source import Source
from scoping.readers.table import find_header

_SAMPLE = 100_000
_LEAST = 8
_SIGNS: tuple[tuple[str, int, re.Pattern[str]], ...] = tuple(
    (name, weight, re.compile(pattern, re.MULTILINE))
    for name, weight, pattern in (
        ("ris", 10, r"^\ufeff?[ \t]*TY(?: {1,3}|\t)-"),
        ("ris", 1, r"^\ufeff?[ \t]*(?:TI|T1|AU|A1|PY|Y1|ER)  -"),
        ("ris", 7, r"^\ufeff?[ \t]*ER(?: {1,3}|\t)- *$"),
        ("nbib", 10, r"^(?:PMID|PMC |PMCR|OWN |STAT) ?-"),
        ("nbib", 2, r"^(?:FAU|LID|AID|JID|SB  |MH  ) ?-"),
        ("wos_tagged", 20, r"^FN .*\nVR 1\.0"),
        ("wos_tagged", 10, r"^PT (?:[A-Z]|Journal|Book|Series|Patent)\b *$"),
        ("bibtex", 10, r"(?:^|(?<=[\n}]))[ \t]*@\s*[A-Za-z]+\s*[{(]"),
        ("enw", 10, r"^\ufeff?%0 "),
        ("enw", 4, r"^\ufeff?%[AT] "),
        # an entry of theirs may have a hundred lines that look like those of another format
        ("cochrane_text", 5000, r"^\ufeff?Record #\d+ of \d+\n(?:ID|AU|TI): "),
        ("ovid_tagged", 5000, r"^<\d+\. ?>\n[A-Z][A-Z0-9]  ?- "),
        ("ovid_text", 5000, r"^<\d+\.? ?>[ \t]*\n[A-Z][A-Za-z /()&-]+\n[ \t]"),
    )
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
)


def binary_kind(data: Bytes) -> str:
    """What a binary file that we do not read is, or nothing."""
    head = data[:_SAMPLE]
    if head and not head.strip(b"\x00"):
        return "a file of zeros"
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "")


def may_be_packed(data: Bytes) -> bool:
    """Whether it begins as a zip archive or an older workbook does."""
    return data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def detect(source: Source, columns: Iterable[str] = ()) -> tuple[str, str]:
    """The format (or a name for what is known and not read, or nothing), and what told it."""
    text = unix(source.text[:_SAMPLE])
    start = text.lstrip("\ufeff \t\n")
    if start.startswith("<") and not re.match(r"<\d", start):
        from scoping.readers import xml_records

        return xml_records.kind(start)
    if start.startswith(("{", "[")):
        from scoping.readers import json_items

        if (found := json_items.kind(start))[0]:
            return found
    tagged, count, before = _best_sign(text)
    if (header := find_header(source, before, columns)) is not None:
        begin, end = source.lines[header[0]]
        return "table", f"line {header[0] + 1} names columns: {source.text[begin:end][:120].strip()}"
    return tagged, f"{count} points for lines that only this format has" if tagged else ""


def _best_sign(text: str) -> tuple[str, int, int]:
    """The tagged format with the most signs, their weight, and how many lines stand before its first one."""
    scores: dict[str, int] = {}
    first: dict[str, int] = {}
    for name, weight, pattern in _SIGNS:
        found = [match.start() for match in pattern.finditer(text)]
        scores[name] = scores.get(name, 0) + weight * len(found)
        if found:
            first[name] = min(first.get(name, len(text)), found[0])
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < _LEAST:
        return "", 0, text.count("\n") + 1
    return best, scores[best], text.count("\n", 0, first[best])
