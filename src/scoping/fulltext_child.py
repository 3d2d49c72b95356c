"""The reader of one PDF, alone in its process: `python -m scoping.fulltext_child FILE SECONDS BYTES`.

Prints the result as JSON (`fulltext.to_json`) and exits 0. Its limits are its own: a file that aborts pdfium, fills the
memory or never ends takes this process with it and nothing else (a 2 kB file can do each of the three).
"""

import contextlib
import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scoping.fulltext import Text, clean, judged, to_json

if TYPE_CHECKING:
    import pypdfium2

FILE_BYTES = 500 * 1024**2
"""The largest PDF that is read, in bytes."""
CHARACTERS = 10_000_000
"""The longest text that is kept, in characters: some 4,000 pages."""
TAIL = 1024**2
"""How far from its end a file's end mark is looked for, in bytes."""
_PRINT = "open it in a PDF viewer, print it to a new PDF and use that"


class Unreadable(Exception):
    """Why a file's text cannot be had, in words for people."""


def limited(seconds: int, memory: int) -> None:
    """Limits this process to CPU `seconds` and `memory` bytes, without core files."""
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory)):
        with contextlib.suppress(OSError, ValueError):  # macOS refuses RLIMIT_AS; a stricter limit may be set already
            resource.setrlimit(limit, (value, value + 5 if limit == resource.RLIMIT_CPU else value))


def look(path: Path) -> None:
    """Raises Unreadable for a file that is no PDF or not all of one; pdfium would read the pages that are left."""
    size = path.stat().st_size
    if size > FILE_BYTES:
        raise Unreadable(f"larger than {FILE_BYTES // 1024**2} MB: not one report")
    with path.open("rb") as stream:
        head = stream.read(4096)
        stream.seek(max(0, size - TAIL))
        tail = stream.read()
    if b"%PDF-" not in head[:1024]:
        if re.match(rb"(?:\xef\xbb\xbf)?\s*<", head):
            raise Unreadable("an HTML page, not a PDF (a login or cookie page?): download the PDF itself")
        raise Unreadable("not a PDF by its first bytes: download it again")
    linearised = re.search(rb"/Linearized\b[^>]*?/L\s+(\d+)", head)
    _, mark, after = tail.rpartition(b"%%EOF")
    if not mark or re.search(rb"\d\s+obj\b", after) or (linearised and size < int(linearised[1])):
        raise Unreadable(f"cut short: its end is missing; download it again, or {_PRINT}")


def read(path: Path) -> list[str]:
    """The raw text of each page as pdfium gives it, all or (Unreadable) nothing."""
    import pypdfium2

    look(path)
    try:
        document = pypdfium2.PdfDocument(path)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("encrypted: it asks for a password; save a copy without one") from error
        raise Unreadable(f"damaged: no PDF reader can open it; download it again, or {_PRINT}") from error
    if not count:
        raise Unreadable("a PDF without pages: download it again")
    with contextlib.closing(document):
        return list(_pages(document, count))


def _pages(document: "pypdfium2.PdfDocument", count: int) -> Iterator[str]:
    import pypdfium2

    room = CHARACTERS
    for number in range(count):
        try:
            with contextlib.closing(document[number]) as page, contextlib.closing(page.get_textpage()) as text:
                room -= int(text.count_chars()) + 1
                if room < 0:
                    raise Unreadable(f"more than {CHARACTERS:,} characters: not one report")
                yield str(text.get_text_range())
        except pypdfium2.PdfiumError as error:
            raise Unreadable(f"damaged: page {number + 1} of {count} cannot be read; {_PRINT}") from error


def result(path: Path) -> Text:
    """The text of a PDF, or why there is none."""
    try:
        return judged(clean(read(path)))
    except Unreadable as error:
        return Text("failed", str(error))


def main(arguments: list[str]) -> int:
    """Reads one file within limits: its path, CPU seconds, bytes of memory."""
    file, seconds, memory = arguments
    limited(int(seconds), int(memory))
    sys.stdout.buffer.write(to_json(result(Path(file))).encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
