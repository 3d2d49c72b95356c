"""The text of a report, page by page: from a PDF, Word file, web page or plain text to pages that quotes are checked on.

`extract` never raises for what a file contains. Whatever goes wrong is part of the result, so that a report whose
text cannot be had is listed for a person to read by eye and never disappears. Files are read in a child process with
limits on memory and time (`fulltext_child`), since a hostile or damaged one aborts the process that reads it. What kind
a file is, its content says; its name only tells plain text, which looks like nothing in particular.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from scoping.fulltext_clean import REPEATS
from scoping.traced import Breaks, Traced, breaks, raw_span

LOG = logging.getLogger(__name__)

Status = Literal["ok", "empty", "failed", "unsupported"]

SECONDS = 60
"""CPU seconds for one file; the clock on the wall may show twice as many."""
MEMORY = 2 * 1024**3
"""Address space for the reader of one file, in bytes."""
THIN = 200
"""Characters a page; a PDF below this average has no usable text layer (a scan with a stamp or a head on it)."""

NO_TEXT_LAYER = "no text layer: read by eye"
_FIELDS = {"breaks", "doi", "pages", "raw", "reason", "status"}


@dataclass(frozen=True, slots=True)
class Text:
    """What is known of a report's full text.

    `pages` are cleaned, one string a page in the file's order, paragraphs divided by one newline. `reason` says what is
    wrong and what to do; for status "ok" it is empty or a remark (pages without text). A "failed" or "unsupported" file
    has no pages; an "empty" one has the little that was found. `raw` are the pages as they were read, and `breaks` the
    map back to them (`raw_passage`). `doi` is the one that the file gives as its own, where it does, outside its text.
    """

    status: Status
    reason: str = ""
    pages: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    breaks: tuple[Breaks, ...] = ()
    doi: str = ""


def to_json(text: Text) -> str:
    """A text as JSON: the same bytes for the same text. The breaks of a page are one string, "0:0 35:37"."""
    what = {
        "status": text.status,
        "reason": text.reason,
        "pages": text.pages,
        "raw": text.raw,
        "breaks": [" ".join(f"{clean}:{raw}" for clean, raw in page) for page in text.breaks],
        "doi": text.doi,
    }
    return json.dumps(what, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_json(source: str) -> Text:
    """The text that `to_json` wrote; ValueError for anything else."""
    known = json.loads(source)
    return from_fields(known if isinstance(known, dict) else {})


def from_fields(known: Mapping[str, Any]) -> Text:
    """The text whose fields `to_json` wrote; ValueError for anything else."""
    if set(known) != _FIELDS or known["status"] not in ("ok", "empty", "failed", "unsupported"):
        raise ValueError("not a text as written by to_json")
    lists, words = ("pages", "raw", "breaks"), ("reason", "doi")
    if not all(isinstance(known[name], list) and all(isinstance(x, str) for x in known[name]) for name in lists):
        raise ValueError("not a text as written by to_json")
    if not all(isinstance(known[name], str) for name in words) or len({len(known[name]) for name in lists}) > 1:
        raise ValueError("not a text as written by to_json")
    return Text(
        cast("Status", known["status"]),
        known["reason"],
        tuple(known["pages"]),
        tuple(known["raw"]),
        tuple(_breaks(page) for page in known["breaks"]),
        known["doi"],
    )


def _breaks(page: str) -> Breaks:
    pairs = (pair.partition(":") for pair in page.split())
    return tuple((int(clean), int(raw)) for clean, _, raw in pairs)


def of(status: Status, reason: str, raw: Sequence[str], cleaned: Sequence[Traced], doi: str = "") -> Text:
    """A text from its raw and its cleaned pages."""
    pages = tuple(page.text for page in cleaned)
    return Text(status, reason, pages, _storable(raw), tuple(breaks(page) for page in cleaned), doi)


def _storable(raw: Sequence[str]) -> tuple[str, ...]:
    """Raw pages with half characters, which no file can hold, as "?"."""
    return tuple("".join("?" if "\ud800" <= c <= "\udfff" else c for c in page) for page in raw)


def raw_passage(text: Text, page: int, start: int, end: int) -> tuple[int, int, str]:
    """(start, end, letters) of `text.pages[page - 1][start:end]`, not empty, as they stand on the raw page."""
    low, high = raw_span(text.breaks[page - 1], text.raw[page - 1], start, end)
    return low, high, text.raw[page - 1][low:high]


def extract(path: Path, *, seconds: int = SECONDS, memory: int = MEMORY) -> Text:
    """The text of one file by its content; a failure is a result, not an exception.

    `seconds` of CPU (and twice as many on the clock) and `memory` in bytes are the limits for its reader.
    """
    try:
        if not path.is_file():
            return Text("failed", "no such file")
        if path.stat().st_size == 0:
            return Text("failed", "an empty file (0 bytes): download it again")
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        return Text("failed", f"the file cannot be read: {os.strerror(error.errno) if error.errno else 'input error'}")
    return _read(path, seconds, memory)


def judged(raw: Sequence[str], cleaned: Sequence[Traced], doi: str = "") -> Text:
    """Pages of a PDF as a result: "empty" if they have no usable text layer.

    A scan behind a typed cover page (libraries put one on loans) counts as empty, too.
    """
    lengths = [len(page.text) for page in cleaned]
    with_text = [length >= THIN for length in lengths]
    only_cover = len(lengths) >= REPEATS and sum(with_text) == 1 and with_text[0]
    if not lengths or sum(lengths) < THIN * len(lengths) or only_cover:
        return of("empty", NO_TEXT_LAYER, raw, cleaned, doi)
    thin = with_text.count(False)
    remark = ""
    if 2 * thin >= len(lengths):
        remark = f"{thin} of {len(lengths)} pages have hardly any text: look at them by eye"
    return of("ok", remark, raw, cleaned, doi)


def _read(path: Path, seconds: int, memory: int) -> Text:
    command = [sys.executable, "-P", "-m", "scoping.fulltext_child", str(path.absolute()), str(seconds), str(memory)]
    slow = Text("failed", f"not read within {seconds} seconds: print it to a new PDF, or read it by eye")
    try:
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=2 * seconds)
    except subprocess.TimeoutExpired:
        return slow
    if run.returncode == 0:
        return from_json(run.stdout.decode("utf-8"))
    if run.returncode == -signal.SIGXCPU:
        return slow
    LOG.debug("%s: the reader ended with %d: %s", path, run.returncode, run.stderr.decode("utf-8", "replace"))
    size = f"{memory / 1024**3:g} GB"
    return Text("failed", f"the reader crashed: a damaged file, or one that needs more than {size} of memory")
