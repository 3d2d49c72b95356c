"""The reader of one full text, alone in its process: `python -m scoping.fulltext_child FILE SECONDS BYTES`.

Prints the result as JSON (`fulltext.to_json`) and exits 0. Its limits are its own: a file that aborts pdfium, fills the
memory or never ends takes this process with it and nothing else (a 2 kB file can do each of the three).
"""

import contextlib
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from scoping import fulltext_docx, fulltext_html
from scoping.fulltext import THIN, Status, Text, judged, of, to_json
from scoping.fulltext_clean import clean

if TYPE_CHECKING:
    import pypdfium2

FILE_BYTES = 500 * 1024**2
"""The largest PDF or Word file that is read, in bytes."""
TEXT_BYTES = 50 * 1024**2
"""The largest web page or plain text that is read, in bytes."""
CHARACTERS = 10_000_000
"""The longest text that is kept, in characters: some 4,000 pages."""
TAIL = 1024**2
"""How far from its end a file's end mark is looked for, in bytes."""
_PRINT = "open it in a PDF viewer, print it to a new PDF and use that"
_WORD = "open it in a word processor, save it as .docx or PDF and put that beside it"
_BROWSER = "open it in a browser, print it to PDF and put the PDF beside it"
_ANY = "save it as PDF, .docx, .html or plain text (.txt) and put that beside it"
_PAGES = (".html", ".htm", ".xhtml", ".xht", "")
_KINDS = (
    (b"\xd0\xcf\x11\xe0", "an old Word file (.doc), or one with a password", _WORD),
    (b"{\\rtf", "a file in Rich Text Format (.rtf)", _WORD),
)
_PACKED = (
    ("mimetype", b"opendocument.text", "an OpenDocument text (.odt)", _WORD),
    ("mimetype", b"epub", "an e-book (.epub)", _ANY),
    ("mimetype", b"opendocument", "an OpenDocument file, but no text", _ANY),
)
_MAIL = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,30}?content-type:\s*multipart/related", re.IGNORECASE)


class Unreadable(Exception):
    """Why a file's text cannot be had, in words for people."""


class _Unsupported(Exception):
    """What a file is that is not read, and what to do."""


def limited(seconds: int, memory: int) -> None:
    """Limits this process to CPU `seconds` and `memory` bytes, without core files."""
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory)):
        with contextlib.suppress(OSError, ValueError):  # macOS refuses RLIMIT_AS; a stricter limit may be set already
            resource.setrlimit(limit, (value, value + 5 if limit == resource.RLIMIT_CPU else value))


def look(path: Path) -> None:
    """Raises Unreadable for a PDF that is not there in full; pdfium would read the pages that are left."""
    size = path.stat().st_size
    if size > FILE_BYTES:
        raise Unreadable(f"larger than {FILE_BYTES // 1024**2} MB: not one report")
    with path.open("rb") as stream:
        head = stream.read(4096)
        stream.seek(max(0, size - TAIL))
        tail = stream.read()
    linearised = re.search(rb"/Linearized\b[^>]*?/L\s+(\d+)", head)
    _, mark, after = tail.rpartition(b"%%EOF")
    if not mark or re.search(rb"\d\s+obj\b", after) or (linearised and size < int(linearised[1])):
        raise Unreadable(f"cut short: its end is missing; download it again, or {_PRINT}")


def read(path: Path) -> tuple[list[str], str]:
    """(the raw text of each page as pdfium gives it, all or (Unreadable) nothing; what says the DOI in its metadata)."""
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
        said = document.get_metadata_dict(skip_empty=True)
        doi = next((value for value in said.values() if re.search(r"\b10\.\d{4,9}/", value)), "")
        return list(_pages(document, count)), doi[:500]


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
    """The text of a file, or why there is none."""
    try:
        return _by_kind(path)
    except _Unsupported as error:
        return Text("unsupported", str(error))
    except (Unreadable, fulltext_docx.Refused) as error:
        return Text("failed", str(error))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, RecursionError):
            raise
        return Text("failed", f"a damaged or cut-short archive: download it again, or {_WORD}")
    except expat.ExpatError:
        return Text("failed", f"a damaged Word file: {_WORD}")


def _by_kind(path: Path) -> Text:
    with path.open("rb") as stream:
        head = stream.read(4096)
    name = path.suffix.lower()
    if head.startswith(b"%PDF-") or (b"%PDF-" in head[:1024] and name == ".pdf"):
        raw, doi = read(path)
        return judged(raw, clean(raw), doi)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(path)
    for mark, what, do in _KINDS:
        if head.startswith(mark):
            raise _Unsupported(f"{what}: {do}")
    if _MAIL.match(head):
        raise _Unsupported(f"a web archive (.mhtml) or mail: {_BROWSER}")
    if fulltext_html.looks_like(head) or (name in _PAGES[:-1] and re.match(rb"(?:\xef\xbb\xbf)?\s*<", head)):
        return _web_page(path, name)
    if name == ".txt":
        return _plain(path)
    if name == ".pdf":
        raise Unreadable("not a PDF by its first bytes: download it again")
    if name == ".docx" or name in _PAGES[:-1]:
        raise Unreadable(f"not what its name says ({name}) by its first bytes: download it again")
    raise _Unsupported(f"{name or 'a file without an ending'} is not read: {_ANY}")


def _packed(path: Path) -> Text:
    """A Word file; other kinds of archive are named."""
    if path.stat().st_size > FILE_BYTES:
        raise Unreadable(f"larger than {FILE_BYTES // 1024**2} MB: not one report")
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        for part, sign, what, do in _PACKED:
            if part in names:
                with archive.open(part) as stream:
                    if sign in stream.read(200):
                        raise _Unsupported(f"{what}: {do}")
    raw = fulltext_docx.pages(path)
    return _written(raw, "")


def _web_page(path: Path, name: str) -> Text:
    """A web page; one that is named as something else may be a login page in place of the report."""
    if name not in _PAGES:
        raise Unreadable(
            f"an HTML page, not what its name says ({name}; a login or cookie page?): download the report itself, or, "
            "if this is the report, rename it to .html"
        )
    data = _bytes(path)
    if b"<!ENTITY" in data[:100_000].upper():
        raise Unreadable(f"it declares entities, which web pages do not: {_BROWSER}")
    text, doi = fulltext_html.read(data)
    return _written([text], doi)


def _written(raw: list[str], doi: str) -> Text:
    """Pages of a Word file or web page, which have neither running heads nor hyphens at line ends."""
    _fits(raw)
    cleaned = clean(raw, typeset=False)
    if sum(len(page.text) for page in cleaned) < THIN:
        return of("empty", "hardly any text (pictures of pages, or a login page?): read by eye", raw, cleaned, doi)
    return of("ok", "", raw, cleaned, doi)


def _plain(path: Path) -> Text:
    decoded = _decoded(_bytes(path))
    if decoded is None:
        raise Unreadable("not plain text in UTF-8 or Windows-1252: save it as UTF-8 text")
    raw = decoded.removesuffix("\f").split("\f")
    _fits(raw)
    cleaned = clean(raw)
    status: Status = "ok" if any(page.text for page in cleaned) else "empty"
    return of(status, "" if status == "ok" else "nothing but blanks", raw, cleaned)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(TEXT_BYTES + 1)
    if len(data) > TEXT_BYTES:
        raise Unreadable(f"larger than {TEXT_BYTES // 1024**2} MB: not the text of one report")
    return data


def _fits(raw: list[str]) -> None:
    if sum(map(len, raw)) > CHARACTERS:
        raise Unreadable(f"more than {CHARACTERS:,} characters: not one report")


def _decoded(data: bytes) -> str | None:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows-1252; nothing if NUL bytes say that it is no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    if b"\x00" in data:
        return None
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def main(arguments: list[str]) -> int:
    """Reads one file within limits: its path, CPU seconds, bytes of memory."""
    file, seconds, memory = arguments
    limited(int(seconds), int(memory))
    sys.stdout.buffer.write(to_json(result(Path(file))).encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
