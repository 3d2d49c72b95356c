"""Reader of JSON with references: CSL, Zotero's items, OpenAlex, Crossref and Lens; arrays, wrapped arrays, JSON lines.

Each item is decoded by itself, so that its place is known and a broken one costs no other. A tag is a key of the item,
its value the text, or JSON where it is no text.
"""

import json
import re
from typing import Any

from scoping.readers import markers
from scoping.readers.model import Aside, Draft, Found
from scoping.readers.source import Source

BROKEN = "the item cannot be decoded"
PARTS = frozenset({"attachment", "note", "annotation"})

_SAMPLE = 200_000
_KINDS = (
    ("zotero_json", re.compile(r'"itemType"\s*:\s*"')),
    ("openalex_json", re.compile(r'"https://openalex\.org/W\d+"|"abstract_inverted_index"')),
    ("lens_json", re.compile(r'"lens_id"\s*:')),
    ("crossref_json", re.compile(r'"(?:container-)?title"\s*:\s*\[|"message-type"\s*:')),
    ("csl_json", re.compile(r'"(?:title|title-short|container-title|DOI|issued)"\s*:')),
)
_OF_ITEMS = frozenset({"title", "itemType", "DOI", "doi", "lens_id", "authorships"})  # keys that no wrapper has
_LISTS = frozenset({"items", "results", "data", "hits", "works", "records", "publications"})
_WITHIN = frozenset({"message", "response", "hits"})
_TELLING = frozenset({"title", "itemType", "lens_id"})
_DEEPEST = 3
_LIST = re.compile(r"\[\s*(?:\{|\]|$)")
_BLANK = re.compile(r"[\s\ufeff,]*")
_KEY = re.compile(r'\s*,?\s*("(?:[^"\\]|\\.){0,200}")\s*:\s*')
_COMMA = re.compile(r"\s*,")
_NEXT = re.compile(r"\}\s*,?\s*(?=\{)")
_RESYNCS = 200
_HALF = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder(strict=False)


def kind(text: str) -> tuple[str, str]:
    """The format of a JSON text and the key that told it; nothing where the text has no keys."""
    sample = text[:_SAMPLE]
    if not re.match(r'[\[{]\s*(?:[\[{"]|[\]}]|$)', sample):
        return "", ""
    for name, pattern in _KINDS:
        if match := pattern.search(sample):
            return name, match[0][-60:]
    return "JSON of another kind", ""


def read_json(source: Source) -> Found:
    """Every object of the list of items."""
    text = source.text
    position = begin = first_item(text) if source.piece.first else 0
    drafts: list[Draft] = []
    asides: list[Aside] = []
    while (position := after_blank(text, position)) < len(text) and text[position] == "{":
        draft = _item(text, position)
        if comma := _COMMA.match(text, draft.end):
            draft.end = comma.end()
        if draft.type in PARTS:
            asides.append(Aside(draft.start, draft.end, "part", f"a file or note of an item ({draft.type})"))
        else:
            drafts.append(draft)
        position = draft.end
    return Found(drafts, markers.json_items(text[begin:]), tuple(asides))


def first_item(text: str) -> int:
    """Where the list of items begins, or the first item where there is no list."""
    start = after_blank(text, 0)
    listed = _list_at(text, start, 0)
    return start if listed is None else listed


def after_blank(text: str, position: int) -> int:
    """The position after blanks and commas."""
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _list_at(text: str, position: int, depth: int) -> int | None:
    """Where the first item stands: in the outermost array, or in what a wrapper holds; nothing where there is none."""
    if text[position : position + 1] == "[":
        return position + 1
    here = position + 1
    while match := _KEY.match(text, here):
        name, here = match[1].strip('"'), match.end()
        if name in _OF_ITEMS:
            return position
        if (listed := _LIST.match(text, here)) and (name in _LISTS or _holds_items(text, listed.end() - 1)):
            return here + 1
        if name in _WITHIN and depth < _DEEPEST and (found := _list_at(text, here, depth + 1)) is not None:
            return found
        try:
            _, here = _DECODER.raw_decode(text, here)
        except (ValueError, RecursionError):
            break
    return None


def _holds_items(text: str, position: int) -> bool:
    """Whether the first object of a list is an item, and not an author, a date or the like."""
    if text[position : position + 1] != "{":
        return False
    try:
        first, _ = _DECODER.raw_decode(text, position)
    except (ValueError, RecursionError):
        return False
    return bool(_TELLING & set(first))


def _item(text: str, start: int) -> Draft:
    try:
        item, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        end = _resync(text, start)
        return Draft(start, end, "", [], [f"{BROKEN}: {str(error).partition(':')[0]}"])
    tags = list(_tags(item))
    return Draft(start, end, _type(item), tags, [])


def _resync(text: str, start: int) -> int:
    """The end of a broken item: before the next object that decodes and says more than a part of an item, else the end."""
    for tried, match in enumerate(_NEXT.finditer(text, start)):
        if tried == _RESYNCS:
            break
        try:
            item, _ = _DECODER.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if {*_OF_ITEMS, "data"} & set(item):
            return match.start() + 1
    return len(text.rstrip(" \t\r\n"))


def _tags(item: dict[str, Any]) -> list[tuple[str, str]]:
    """Key and value of everything in an item; what the Zotero API puts into `data` stands beside what is around it."""
    inner = item.get("data")
    if not isinstance(inner, dict) or "itemType" not in inner:
        return [(_said(name), _said(value)) for name, value in item.items()]
    around = [(f"item.{_said(name)}", _said(value)) for name, value in item.items() if name != "data"]
    return [*around, *((_said(name), _said(value)) for name, value in inner.items())]


def _said(value: object) -> str:
    """A value as text; half a character (one of a pair of escapes), which no table holds, as U+FFFD."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def _type(item: dict[str, Any]) -> str:
    inner = item.get("data")
    told = (
        (inner if isinstance(inner, dict) else item).get("itemType") or item.get("type") or item.get("publication_type")
    )
    return told if isinstance(told, str) else ""
