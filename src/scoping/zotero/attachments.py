"""Files attached to items of Zotero: which are full texts, what they are called here, and whether they arrived whole.

Nothing that a server says becomes part of a path, save a key of eight letters and digits. A name begins with the content
id of the item's entry, by which the file is matched to its record.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scoping import exports, files, fulltext_html
from scoping.zotero.entries import Entry
from scoping.zotero.library import Item

MOST = 300 * 1024**2
"""Largest file that is taken over, in bytes, packed or not."""

_TYPES = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
}
_VAGUE = frozenset({"", "application/octet-stream", "application/zip", "application/x-pdf"})
_OWN_NAME = re.compile(r"-([A-Z0-9]{8})\.(?:pdf|docx|html|txt)$")


@dataclass(frozen=True, slots=True)
class Present:
    """The full texts that are in the folder: paths by MD5, and by the key in a name of ours."""

    by_md5: Mapping[str, str]
    by_key: Mapping[str, str]


def present(folder: Path) -> Present:
    """What lies in data/raw/fulltext, whoever put it there."""
    by_md5, by_key = {}, {}
    for name in exports.names(folder):
        by_md5[_md5((folder / name).read_bytes())] = name
        if own := _OWN_NAME.search(name):
            by_key[own[1]] = name
    return Present(by_md5, by_key)


def unfit(attachment: Item, *, local: bool) -> str:
    """Why an attachment is no file that could be read as a full text; empty where it may be one."""
    data = attachment["data"]
    mode, kind = str(data.get("linkMode", "")), str(data.get("contentType") or "").partition(";")[0].strip().lower()
    if mode == "linked_url":
        return "a link to a page, not a file"
    if mode == "linked_file" and not local:
        return "a link to a file on somebody's computer"
    if kind not in _VAGUE and kind not in _TYPES:
        return f"not a PDF, Word file, web page or plain text ({kind[:60]})"
    links = attachment.get("links")
    enclosure = links.get("enclosure") if isinstance(links, dict) else None
    size = enclosure.get("length") if isinstance(enclosure, dict) else None
    if isinstance(size, int) and size > MOST:
        return f"larger than {MOST // 1024**2} MB"
    return ""


def md5(attachment: Item) -> str:
    """The MD5 of the file as Zotero knows it; empty where it knows none."""
    told = attachment["data"].get("md5")
    return told.lower() if isinstance(told, str) and re.fullmatch(r"[0-9a-fA-F]{32}", told) else ""


def whole(data: bytes, wanted: str) -> bytes | None:
    """The file itself, out of the archive in which Zotero keeps web pages; None where its MD5 is not the wanted one."""
    if wanted and _md5(data) == wanted:
        return data
    inner = list(_members(data))
    if wanted:
        return next((one for one in inner if _md5(one) == wanted), None)
    pages = [one for one in inner if fulltext_html.looks_like(one[:4096])]
    return pages[0] if len(pages) == 1 else data


def _members(data: bytes) -> Iterator[bytes]:
    """The files in an archive, of which none is unpacked to the disk; a Word file is none."""
    if not data.startswith(b"PK\x03\x04"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MOST or "word/document.xml" in archive.namelist():
                return
            for part in parts:
                with archive.open(part) as stream:
                    if len(one := stream.read(MOST + 1)) <= MOST:
                        yield one
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        return


def ending(data: bytes, attachment: Item) -> str:
    """`.pdf`, `.docx`, `.html` or `.txt`, by what the file is; empty where it is nothing that is read."""
    head = data[:4096]
    if b"%PDF-" in head[:1024]:
        return ".pdf"
    if head.startswith(b"PK\x03\x04"):
        return ".docx" if b"word/" in data and b"[Content_Types].xml" in data else ""
    if fulltext_html.looks_like(head):
        return ".html"
    kind = _TYPES.get(str(attachment["data"].get("contentType") or "").partition(";")[0].strip().lower(), "")
    return kind if kind in (".txt", ".html") and data.strip() and b"\0" not in head else ""


def name(entry: Entry, key: str, ending: str) -> str:
    """`8BC62RCNQN3-okafor-2022-ABCD2345.pdf`, of letters that every system takes."""
    plain = unicodedata.normalize("NFKD", entry.author or entry.title).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-")
    year = entry.year if re.fullmatch(r"\d{4}", entry.year, re.ASCII) else ""
    return "-".join(part for part in (entry.content_id, word, year, key) if part) + ending


def placed(folder: Path, file: str, data: bytes) -> bool:
    """Put a file there, once; False where the name is taken: what is there stays."""
    return files.create_once(folder / file, data, 0o644)


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
