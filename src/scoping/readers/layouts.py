"""Readers of formats in which a line of one shape begins an entry: EndNote tagged, Cochrane text, Ovid tagged and text.

What tells them apart is data (`Layout`); the reading is one loop. The line that begins an entry is its first tag.
"""

import re
from dataclasses import dataclass

from scoping.readers import markers
from scoping.readers.model import Draft, Found
from scoping.readers.source import BLANK, Source
from scoping.readers.tagged import OpenEntry

RECORD = "record"  # the tag of a line such as `Record #3 of 18`


@dataclass(frozen=True, slots=True)
class Layout:
    """The line that begins an entry, the line that begins a value (tag, value), and how lines of a value are joined."""

    start: re.Pattern[str]
    tag: re.Pattern[str]
    joiner: str


_COCHRANE = "ID|AU|TI|SO|YR|VL|NO|PG|PM|XR|PT|KY|DOI|AB|US|PB|CC|ED|LA|SN|UI|CN|DE|PY|AD|MH|CP|RI|AN"
LAYOUTS = {
    "enw": Layout(re.compile(r"\ufeff?%0 "), re.compile(r"\ufeff?%([0-9A-Z@!~#$()<>=+^*&\]\[?:,'|-])(?: (.*)|)$", re.DOTALL), "\n"),
    "cochrane_text": Layout(
        re.compile(r"\ufeff?Record #\d+ of \d+"), re.compile(rf"({_COCHRANE}): ?(.*)$", re.DOTALL), " "
    ),
    "ovid_tagged": Layout(re.compile(r"<\d+\. ?>"), re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*)|)$", re.DOTALL), " "),
    "ovid_text": Layout(re.compile(r"<\d+\.? ?>[ \t]*$"), re.compile(r"([A-Z][A-Za-z0-9 /()&:,-]+?)[ \t]*()$"), "\n"),
}  # fmt: skip
_ENW_FIRST = re.compile(r"\ufeff?%[AT] ")


def read_enw(source: Source) -> Found:
    """EndNote's tags: an entry begins with its type `%0`, in a file without types with the tag after a blank line."""
    layout = LAYOUTS["enw"]
    if not any(map(layout.start.match, source.rows)):
        return Found(_blocks(source, layout), markers.enw(source.text))
    return Found(_read(source, layout), markers.enw(source.text))


def read_cochrane(source: Source) -> Found:
    """The Cochrane Library's plain text."""
    return Found(_read(source, LAYOUTS["cochrane_text"]), markers.cochrane_text(source.text))


def read_ovid_tagged(source: Source) -> Found:
    """Ovid's tags, as reference managers take them (.ovd, "Reprint/Medlars" with numbers)."""
    return Found(_read(source, LAYOUTS["ovid_tagged"]), markers.ovid(source.text))


def read_ovid_text(source: Source) -> Found:
    """Ovid's text for people: names of fields at the margin, their values indented."""
    return Found(_read(source, LAYOUTS["ovid_text"]), markers.ovid(source.text))


def read_layout(name: str, source: Source) -> Found:
    """The reader of one of these formats."""
    return {
        "enw": read_enw,
        "cochrane_text": read_cochrane,
        "ovid_tagged": read_ovid_tagged,
        "ovid_text": read_ovid_text,
    }[name](source)


def _read(source: Source, layout: Layout) -> list[Draft]:
    entries: list[OpenEntry] = []
    for start, line in zip(source.starts, source.rows, strict=True):
        end = start + len(line)
        if layout.start.match(line):
            entries.append(OpenEntry(start))
        if entries and line.strip(BLANK):
            _take(entries[-1], line, end, layout)
    return [_draft(entry, layout) for entry in entries]


def _blocks(source: Source, layout: Layout) -> list[Draft]:
    """Entries between blank lines, in a file that does not name types."""
    entries: list[OpenEntry] = []
    fresh = True
    for start, line in zip(source.starts, source.rows, strict=True):
        end = start + len(line)
        blank = not line.strip(BLANK)
        if fresh and not blank and layout.tag.match(line):
            entries.append(OpenEntry(start))
        if entries and not blank:
            _take(entries[-1], line, end, layout)
        fresh = blank or (fresh and not entries)
    return [_draft(entry, layout) for entry in entries]


def _take(entry: OpenEntry, line: str, end: int, layout: Layout) -> None:
    match = layout.tag.match(line)
    if match:
        entry.add(match[1], match[2] or "", end)
    elif not entry.tags:
        entry.add(RECORD, line.strip("\ufeff"), end)
    else:
        entry.go_on(line, end, RECORD)


def _draft(entry: OpenEntry, layout: Layout) -> Draft:
    draft = entry.draft(RECORD, layout.joiner)
    draft.type = next((value for tag, value in draft.tags if tag in {"0", "PT", "Document Type"}), "")
    return draft
