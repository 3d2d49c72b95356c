"""Which format a text is in, by what stands in it; the name of the file plays no part."""

import re

from scoping.readers.markers import unix
from scoping.readers.source import Source
from scoping.readers.table import find_header

FORMATS = ("ris", "nbib", "wos_tagged", "bibtex", "table")
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
        ("wos_tagged", 10, r"^PT [A-Z]\b *$"),
        ("bibtex", 10, r"(?:^|(?<=[\n}]))[ \t]*@\s*[A-Za-z]+\s*[{(]"),
        ("EndNote tagged (.enw)", 10, r"^%0 "),
        ("Cochrane plain text", 20, r"^Record #\d+ of \d+\nID: "),
        ("Ovid tagged", 20, r"^<\d+\. >\n(?:VN|DB|UI)  - "),
        ("Ovid text", 20, r"^<\d+>\s*\n[A-Z][A-Za-z ]+\n  "),
    )
)
_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.xls)"),
    (b"PK\x03\x04", "an Office workbook or zip archive"),
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
)


def binary_kind(data: bytes) -> str:
    """What a binary file is, or nothing."""
    return next((name for magic, name in _MAGIC if data.startswith(magic)), "")


def detect(source: Source) -> str:
    """The format, the name of a known format that is not read yet, or nothing."""
    text = unix(source.text[:_SAMPLE])
    start = text.lstrip("\ufeff \t\n")
    if start.startswith("<") and not re.match(r"<\d", start):
        return "XML or HTML"
    tagged, before = _best_sign(text)
    if find_header(source, before) is not None:
        return "table"
    return tagged or ("JSON" if start.startswith(("{", "[")) else "")


def _best_sign(text: str) -> tuple[str, int]:
    """The tagged format with the most signs, and how many lines stand before its first one."""
    scores: dict[str, int] = {}
    first: dict[str, int] = {}
    for name, weight, pattern in _SIGNS:
        found = [match.start() for match in pattern.finditer(text)]
        scores[name] = scores.get(name, 0) + weight * len(found)
        if found:
            first[name] = min(first.get(name, len(text)), found[0])
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < _LEAST:
        return "", text.count("\n") + 1
    return best, text.count("\n", 0, first[best])
