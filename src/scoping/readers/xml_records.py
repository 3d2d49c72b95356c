"""Reader of XML with references: EndNote, PubMed, Zotero RDF and DSpace's Dublin Core.

The entries are cut out of the text by their tags, so that their place is known, and each is parsed by itself: a broken
one costs no other, memory grows with one entry only, and no document type ever reaches the parser. A tag is the way to
an element (`contributors/authors/author[2]`) or attribute (`.../@name`), its value the text.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoping.errors import ScopingError
from scoping.files import Bytes
from scoping.readers import encodings, markers
from scoping.readers.model import Aside, Draft, Found
from scoping.readers.source import BLANK, Known, Source

if TYPE_CHECKING:
    from lxml import etree

BROKEN = "not well-formed XML"
UNCLOSED = "the element is not closed"

_ANY = r"[A-Za-z_][\w.:-]*"
_REST = r"(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*"
_SKIPPED = r"<!--(?s:.*?)(?:-->|\Z)|<!\[CDATA\[(?s:.*?)(?:\]\]>|\Z)|<\?(?s:.*?)(?:\?>|\Z)"


@dataclass(frozen=True, slots=True)
class _Kind:
    """The element that holds the entries, those that are entries (a pattern), the element that each of them has, if it
    is one, and whether they may hold their like.
    """

    root: re.Pattern[str]
    records: str
    holds: str = ""
    nested: bool = False


_KINDS = {
    "pubmed_xml": _Kind(
        re.compile(r"<(?:Pubmed(?:Book)?Article(?:Set)?|MedlineCitation(?:Set)?)[\s>]"),
        "PubmedArticle|PubmedBookArticle|MedlineCitation",
        "MedlineCitation|BookDocument",
    ),
    "zotero_rdf": _Kind(
        re.compile(r"<rdf:RDF(?=[^<>]*(?:zotero\.org/namespaces|purl\.org/net/biblio))"), _ANY, nested=True
    ),
    "dspace_xml": _Kind(re.compile(r"<dublin_core[\s>]"), "dublin_core"),
    "endnote_xml": _Kind(
        re.compile(r"<record(?=[\s>])(?s:.){0,2000}?<(?:database|source-app|rec-number|ref-type|titles)[\s>]"), "record"
    ),
}  # fmt: skip
_ROOT = re.compile(rf"<({_ANY})")
_NAMESPACE = re.compile(r"xmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
_ENTITY = re.compile(r"<!ENTITY\s", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,80}encoding=[\"']([A-Za-z0-9_-]{2,20})[\"']")
_PROLOGUE = 100_000
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\\d|3[01]));", re.I
)
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)(\w{1,40};)?")
_INLINE = frozenset({"style", "i", "b", "u", "em", "strong", "sub", "sup", "sc", "italic", "bold", "inf", "span", "p"})
_PARTS = frozenset({"Journal", "Attachment", "Memo", "Collection", "Series", "Periodical", "Image"})
_LARGEST = 20_000_000  # characters of one entry; the largest real one has 400,000


def declared_encoding(data: Bytes) -> str:
    """The one-byte encoding that XML declares, where its bytes are no UTF-8; else nothing."""
    match = _DECLARED.match(data[:200])
    if match is None:
        return ""
    name = match[1].decode("ascii")
    one_byte = re.match(r"(?i)windows-125\d|iso-8859-\d+|macintosh|koi8-", name)
    return name if one_byte and encodings.detected(data).guessed else ""


def kind(text: str) -> tuple[str, str]:
    """The format of an XML text and the tag that told it, or the name of its outermost element."""
    sample = re.sub(_SKIPPED, "", text[:_PROLOGUE])
    for name, what in _KINDS.items():
        if match := what.root.search(sample):
            return name, match[0][:60]
    root = _ROOT.search(re.sub(r"<!DOCTYPE[^>]*>", "", sample))
    word = root[1] if root else ""
    return ("a web page" if word.casefold() == "html" else f"XML with the element <{word}>"), ""


def read_xml(format_: str, source: Source) -> Found:
    """Every element that is an entry."""
    what, text = _KINDS[format_], source.text
    begin, around = (0, source.piece.known.around) if source.piece.known else _prologue(what, text)
    drafts: list[Draft] = []
    parts: dict[str, Draft] = {}
    asides: list[Aside] = []
    holds = re.compile(rf"<(?:{what.holds or what.records})(?=[\s/>])")
    for start, end, closed in _cut(text, begin, what):
        if not holds.search(text, start, end):
            continue
        draft = _draft(text, start, end, around, closed=closed)
        if what.nested and (part := _part(draft)):
            asides.append(Aside(start, end, "part", f"a part of items that stands by itself ({part})"))
            parts[_about(draft)] = draft
        else:
            drafts.append(draft)
    for draft in drafts if parts else ():
        draft.tags += [
            tag
            for name, value in draft.tags
            if name.endswith("/@resource")
            for tag in _referred(name, parts.get(value))
        ]
    counted = markers.zotero_rdf(text) if what.nested else markers.xml_records(text, what.holds or what.records)
    return Found(drafts, counted, tuple(asides))


def known_prologue(format_: str, text: str) -> Known:
    """What the pieces of a file have to know of its beginning. Raises ScopingError where it declares entities."""
    return Known(around=_prologue(_KINDS[format_], text)[1])


def outermost(format_: str, text: str) -> str:
    """A pattern of the tag that begins the entries of a file, or nothing where entries may hold entries."""
    what = _KINDS[format_]
    match = re.compile(rf"<({what.records})(?=[\s/>])").search(text, _prologue(what, text)[0])
    return "" if what.nested or match is None else rf"<{match[1]}(?=[\s/>])"


def _prologue(what: _Kind, text: str) -> tuple[int, str]:
    begin = _begin(what, text)
    if _ENTITY.search(text, 0, begin):
        raise ScopingError("its document type declares entities, which references never need", do="export it again")
    return begin, " ".join(dict.fromkeys(_NAMESPACE.findall(text, 0, begin)))


def _begin(what: _Kind, text: str) -> int:
    """Where entries may begin: in RDF after the tag of the outermost element, which holds them directly."""
    match = re.compile(rf"<rdf:RDF{_REST}>" if what.nested else rf"<(?:{what.records})(?=[\s/>])").search(text)
    if match is None:
        return len(text)
    return match.end() if what.nested else match.start()


def _cut(text: str, position: int, what: _Kind) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each entry, and whether its end is marked; one without an end goes up to the next."""
    first = re.compile(rf"{_SKIPPED}|<({what.records})(?=[\s/>]){_REST}>")
    tags: dict[str, re.Pattern[str]] = {}
    while match := first.search(text, position):
        position = match.end()
        name = match[1]
        if name is None:
            continue
        if match[0].endswith("/>"):
            yield match.start(), position, True
            continue
        pattern = tags.setdefault(name, re.compile(rf"{_SKIPPED}|<(/?){re.escape(name)}(?=[\s/>]){_REST}>"))
        position, closed = _end(text, match.end(), pattern, nested=what.nested)
        yield match.start(), position, closed


def _end(text: str, position: int, pattern: re.Pattern[str], *, nested: bool) -> tuple[int, bool]:
    depth = 1
    for match in pattern.finditer(text, position):
        if match[1] == "/":
            depth -= 1
            if depth == 0:
                return match.end(), True
        elif match[1] == "" and not match[0].endswith("/>"):
            if not nested:
                return _last(text, match.start()), False
            depth += 1
    return _last(text, len(text)), False


def _last(text: str, position: int) -> int:
    while position and text[position - 1] in BLANK:
        position -= 1
    return position


def _draft(text: str, start: int, end: int, around: str, *, closed: bool) -> Draft:
    problems = [] if closed else [UNCLOSED]
    if end - start > _LARGEST:
        return Draft(start, end, "", [], [f"an entry of {end - start:,} characters is not parsed"])
    from lxml import etree

    piece = text[start:end]
    try:
        element = _parsed(piece, around, recover=False)
    except etree.XMLSyntaxError as error:
        if closed:
            problems.append(f"{BROKEN}: {str(error.msg).partition(', line')[0]}")
        element = _recovered(piece, around)
    # in the older MedlineCitationSet the inner element of an article stands alone
    begin = "MedlineCitation" if element is not None and _local(element) == "MedlineCitation" else ""
    tags = [] if element is None else list(_leaves(element, begin))
    return Draft(start, end, _local(element) if element is not None else "", tags, problems)


def _parsed(piece: str, around: str, *, recover: bool) -> "etree._Element":
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, recover=recover, encoding="utf-8",
    )  # fmt: skip
    root = etree.fromstring(f"<r {around}>{piece}</r>".encode("utf-8", "replace"), parser)
    return root[0]


def _recovered(piece: str, around: str) -> "etree._Element | None":
    """What can be read of a broken element: signs that XML forbids are blanks, names of HTML's entities their signs."""
    from lxml import etree

    plain = _CONTROL.sub(" ", piece)
    if "<![CDATA[" not in plain:
        plain = _AMPERSAND.sub(lambda match: _sign(match[0]), plain)
    try:
        return _parsed(plain, around, recover=True)
    except (etree.XMLSyntaxError, IndexError, TypeError):
        return None


def _sign(entity: str) -> str:
    shown = html.unescape(entity)
    return shown if shown != entity and "<" not in shown else entity.replace("&", "&amp;")


def _leaves(element: "etree._Element", path: str) -> Iterator[tuple[str, str]]:
    """Way and text of every attribute and every element that holds text, in the order of the file."""
    for name, value in element.attrib.items():
        yield f"{path}/@{str(name).rpartition('}')[2]}".lstrip("/"), str(value)
    children = [child for child in element if isinstance(child.tag, str)]
    if _is_text(element, children):
        if value := "".join(element.itertext()).strip(BLANK):
            yield path, value
        return
    total = Counter(_local(child) for child in children)
    seen: Counter[str] = Counter()
    for child in children:
        name = _local(child)
        seen[name] += 1
        step = f"{name}[{seen[name]}]" if total[name] > 1 else name
        yield from _leaves(child, f"{path}/{step}".lstrip("/"))


def _is_text(element: "etree._Element", children: "list[etree._Element]") -> bool:
    if not children or all(_local(child) in _INLINE for child in children):
        return True
    return bool((element.text or "").strip() or any((child.tail or "").strip() for child in children))


def _local(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _part(draft: Draft) -> str:
    """What an element of Zotero's RDF is, if it is no item: a journal, file, note or collection."""
    told = next((value for name, value in draft.tags if name == "itemType"), "")
    if told in {"attachment", "note", "annotation"}:
        return told
    return draft.type if not told and draft.type in _PARTS else ""


def _about(draft: Draft) -> str:
    return next((value for name, value in draft.tags if name == "@about"), "")


def _referred(name: str, part: Draft | None) -> Iterator[tuple[str, str]]:
    """The tags of a part, below the element that refers to it."""
    for way, value in part.tags if part else ():
        yield f"{name.removesuffix('/@resource')}/{part.type if part else ''}/{way}", value
