"""The text of a web page: its words in blocks, without what stands around a text.

Left out are scripts, menus, page heads and feet, asides and what is marked as hidden; a head or foot within an article
is part of it. A block of some length that stands there word for word a second time is given once.
"""

import codecs
import re
from html.parser import HTMLParser

REPEATED = 40
"""Characters from which a block that stands there again is left out."""
_OUT = frozenset({
    "script", "style", "template", "noscript", "nav", "aside", "svg", "canvas", "iframe", "object", "audio", "video",
    "button", "select", "textarea", "dialog", "head", "del", "rt", "rp",
})  # fmt: skip
_ONLY_AROUND = frozenset({"header", "footer"})
_ARTICLE = frozenset({"article", "main"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog"})
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr", "math", "mi", "mn", "mo", "ms", "mtext", "mrow", "msub", "msup", "msubsup", "mfrac", "mover",
    "munder", "semantics", "img", "input",
})  # fmt: skip
_DOI_NAMES = frozenset({"citation_doi", "dc.identifier", "dc.identifier.doi", "prism.doi", "bepress_citation_doi"})
_CHARSET = re.compile(
    rb"(?:<meta[^>]{0,200}charset|<\?xml[^>]{0,200}encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LATIN = ("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii")
_LOOKS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|script|div)\b",
    re.IGNORECASE | re.DOTALL,
)


def looks_like(head: bytes) -> bool:
    """Whether a file that begins so is a web page."""
    for mark, encoding in _MARKS[1:]:
        if head.startswith(mark):
            head = head[: len(head) // 2 * 2].decode(encoding, "ignore").encode("utf-8")
    return bool(_LOOKS.match(head))


def decoded(data: bytes) -> str:
    """The characters of a page: by its mark, by what it declares, as UTF-8, or as Windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    said = _CHARSET.search(data[:4096])
    name = said[1].decode("ascii", "ignore").lower() if said else "utf-8"
    for encoding in ("cp1252" if name in _LATIN else name, "utf-8"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def read(data: bytes) -> tuple[str, str]:
    """(text with a blank line between blocks, the DOI that the page gives as its own, as it stands)."""
    reading = _Reading()
    reading.feed(decoded(data))
    reading.close()
    reading.block()
    return "\n\n".join(reading.blocks), reading.doi


class _Reading(HTMLParser):
    """The blocks of a page. `open` are the elements around, each with whether what stands in it is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.doi = ""
        self.open: list[tuple[str, bool]] = []
        self.counts: dict[str, int] = {}
        self.out = 0
        self.pieces: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        said = {name: value or "" for name, value in attrs}
        if tag == "meta" and said.get("name", "").lower() in _DOI_NAMES and "10." in said.get("content", ""):
            self.doi = self.doi or said["content"]
        if tag == "body":  # a head that was never closed ends here
            self._close("head")
        if tag == "br":
            self.pieces.append(" ")
        elif tag not in _INLINE:
            self.block()
        if tag not in _VOID:
            out = self._left_out(tag, said)
            self.open.append((tag, out))
            self.counts[tag] = self.counts.get(tag, 0) + 1
            self.out += out

    def _left_out(self, tag: str, said: dict[str, str]) -> bool:
        if tag == "body" or tag == "html":
            return False
        around = tag in _ONLY_AROUND and not any(self.counts.get(name) for name in _ARTICLE)
        hidden = "hidden" in said or said.get("aria-hidden") == "true"
        shown = re.sub(r"\s", "", said.get("style", "").lower())
        return tag in _OUT or around or hidden or said.get("role", "") in _ROLES or "display:none" in shown

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An empty element of XHTML."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and with it those in it that were never closed."""
        if tag not in _INLINE and tag not in _VOID:
            self.block()
        self._close(tag)

    def _close(self, tag: str) -> None:
        if not self.counts.get(tag):
            return
        while self.open:
            name, out = self.open.pop()
            self.counts[name] -= 1
            self.out -= out
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Letters."""
        if not self.out:
            self.pieces.append(data)

    def block(self) -> None:
        """A block ends; one of some length that was there before is left out."""
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        if text and not (len(text) >= REPEATED and text in self.seen):
            self.blocks.append(text)
            self.seen.add(text)
