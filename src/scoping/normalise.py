"""Bibliographic values in one form: DOIs, years, pages, names, keys for matching. Pure functions over text."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from scoping.identity import folded

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"|]{1,400}")
_PLAIN_DOI = re.compile(
    r"10\.[0-9]{4,9}/[A-Za-z0-9][A-Za-z0-9._-]{0,200}(?<![._-])"
)  # nothing to undo, nothing to trim
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_AFTER_DOI = re.compile(r"(?:</|&(?:amp;|lt;/)?(?:partnerid|md5|origin|utm_)|[?#]).*$", re.IGNORECASE)
_IN_URL = re.compile(r"doi=\s*10\.|://(?!(?:dx\.)?doi\.org)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_RANGE = re.compile(r"([A-Za-z]*)(\d+)\s*(?:-{1,3}|[\u2010-\u2015\u2212])\s*([A-Za-z]*)(\d+)")
_DASH = re.compile(r"\s*(?:--+|[\u2010-\u2015\u2212])\s*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[- ]?){1,4}")
_LIST_END = re.compile(r"[A-Z]{2,4}\.")
_SPACED = re.compile(r"\s+")
_AND = re.compile(r"\s+and\s+|\s+&\s+(?=\S+,)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|2nd|3rd)\.?", re.IGNORECASE)
_BRACED = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_HIDDEN = re.compile("\ue100(\\d+)\ue101")
_ET_AL = re.compile(r"[,;]?\s*(?:\band )?(?:\bet al\.?|\band others|\.\.\.|…)\s*$", re.IGNORECASE)
_REST = re.compile(r"\s*(?:et al\.?|others)\s*", re.IGNORECASE)
_CORPORATE = re.compile(
    r"\b(?:group|collaborat\w*|consortium|organi[sz]ation|committee|universit\w*|institut\w*|association|society|"
    r"ministry|department|agency|council|charity|trust|partnership|alliance|forum|authority|board|service|commission|network|foundation|centre|center|bank|investigators|study|"
    r"team|federation|college|office|bureau|programme|program|union|nations|inc|ltd|gmbh)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    (
        "al",
        "ap",
        "auf",
        "bin",
        "da",
        "dal",
        "das",
        "de",
        "dei",
        "del",
        "della",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "het",
        "in",
        "la",
        "le",
        "les",
        "lo",
        "los",
        "op",
        "'t",
        "ten",
        "ter",
        "van",
        "vande",
        "vanden",
        "vander",
        "von",
        "zu",
        "zum",
        "zur",
        "y",
    )
)


class Author(NamedTuple):
    """A person by family and given name, or a body (or what cannot be split) as `literal`."""

    family: str = ""
    given: str = ""
    literal: str = ""


def doi(text: str) -> str:
    """The first DOI in a text, lower case and without resolver, or nothing.

    Percent and HTML escapes are undone; brackets that close nothing and final punctuation are not part of it.
    """
    if _PLAIN_DOI.fullmatch(text):
        return text.lower()
    if "10." not in text and "%" not in text and "&" not in text and text.isascii():
        return ""
    plain = _INVISIBLE.sub("", html.unescape(text))
    if "%2f" in (lower := plain.lower()) or "doi.org/" in lower:
        plain = unquote(plain)
    match = _DOI.search(plain)
    if match is None:
        return ""
    found = _AFTER_DOI.sub("", match[0])
    if _IN_URL.search(plain[: match.start() + 3]):
        found = found.partition("&")[0]
    return _trimmed(found).lower()


def _trimmed(found: str) -> str:
    """Without final punctuation and without brackets at the end that were not opened."""
    pairs = {")": "(", "]": "[", "}": "{", ">": "<"}
    while found and (
        found[-1] in ".,;:'’”/" or (found[-1] in pairs and found.count(found[-1]) > found.count(pairs[found[-1]]))
    ):
        found = found[:-1]
    return found if "/" in found and not found.endswith("/") else ""


def year(text: str) -> str:
    """The first year between 1500 and 2099 that stands alone in a text, or nothing."""
    match = _YEAR.search(text)
    return match[0] if match else ""


def title_key(text: str) -> str:
    """A title for matching: no case, accents, markup, blanks or punctuation."""
    return folded(text)


def family_key(text: str) -> str:
    """A family name for matching: no case, accents, blanks or punctuation; initials after it left out."""
    return folded(author(text).family or text)


def pages(text: str) -> str:
    """A page range in full with a plain hyphen: `123-9` becomes `123-129`; what is no range is only tidied."""
    tidy = _SPACED.sub(" ", text).strip(" .,;").removesuffix("-null")
    match = _RANGE.fullmatch(tidy)
    if match is None:
        return _DASH.sub("-", tidy)
    before, first, before_last, last = match.groups()
    if len(last) < len(first) and before_last in ("", before):
        last = first[: len(first) - len(last)] + last
        before_last = before
    return f"{before}{first}" if (before, first) == (before_last, last) else f"{before}{first}-{before_last}{last}"


@lru_cache(maxsize=1 << 11)  # the people of a field write again and again, and several databases have the same paper
def author(text: str) -> Author:
    """One name: `Family, Given`, `Family GH`, `Given Family` or `{A Body}`."""
    name = " ".join(unicodedata.normalize("NFC", text).split()).strip(" ,;")
    if name.startswith("{") and name.endswith("}"):
        inner = name.strip("{}").strip()
        return author(inner) if "," in inner else Author(literal=inner)
    if "{" in name or "}" in name:
        name = name.replace("{", "").replace("}", "").strip(" ,;")
    if "," in name:
        return _with_comma(name)
    words = name.split(" ")
    if len(words) == 1:
        return Author(family=name)
    if _CORPORATE.search(name):
        return Author(literal=name)
    return _without_comma(words)


def _with_comma(name: str) -> Author:
    family, *rest = [part.strip() for part in name.split(",")]
    if len(rest) > 1 and _SUFFIX.fullmatch(rest[0]):
        rest = [*rest[1:], rest[0]]
    if not family:
        return Author(literal=name)
    return Author(family=family, given=", ".join([part for part in rest if part and part != "null"]))


def _without_comma(words: list[str]) -> Author:
    """Initials at the end mean that the family name comes first; else the last word and its particles are it."""
    names = list(words)
    suffix = ""
    if len(names) > 2 and _SUFFIX.fullmatch(names[-1]) and names[-1] not in {"JR", "SR"}:
        suffix = names.pop()
    first = len(names)
    while first > 1 and _is_initials(names[first - 1]):
        first -= 1
    if first < len(names) and not (first == 1 and _is_initials(names[0])):
        given = " ".join([*names[first:], suffix]).strip()
        return Author(" ".join(names[:first]), given[:-1] if _LIST_END.fullmatch(given) else given)
    start = next((place for place, word in enumerate(names) if place and word.lower() in _PARTICLES), len(names) - 1)
    start = min(start, len(names) - 1)
    return Author(" ".join(names[start:]), " ".join([*names[:start], suffix]).strip())


def _is_initials(word: str) -> bool:
    letters = word.replace(".", "").replace("-", "")
    return letters.isupper() and (len(letters) <= 3 or "." in word) and bool(_INITIALS.fullmatch(word))


def _family_first(part: str) -> bool:
    """`Family GH`: at least two words, the last one initials, the first one not."""
    words = part.strip(" .").split()
    return len(words) > 1 and _is_initials(words[-1]) and not _is_initials(words[0])


def split_names(text: str) -> list[str]:
    """The names in a list of authors, whatever separates them: semicolons, lines, `and`, or commas where they can."""
    whole = _ET_AL.sub("", text.strip())
    joints = _AND.split(whole)
    if len(joints) - 1 > whole.count(";") > 0:
        return [part.strip(", ") for joint in joints for part in joint.split(";") if part.strip(", ")]
    for pattern in (";", r"[\r\n]+", r"\|"):
        parts = [part.strip() for part in re.split(pattern, whole) if part.strip()]
        if len(parts) > 1:
            return parts
    parts = [part.strip() for part in _AND.split(whole.strip(";"))]
    if len(parts) > 1 and not _oxford(parts):
        return [part.strip(", ") for part in parts if part.strip(", ")]
    return _by_commas(whole.strip("; "))


def _oxford(parts: list[str]) -> bool:
    """`A B, C D and E F`: commas between whole names before one `and`."""
    if len(parts) != 2 or "," not in parts[0] or "," in parts[1]:
        return False
    if parts[0][:1].islower():  # `de la Paix, Jean and Li Lanhai`: a particle begins a family, not a whole name
        return False
    names = [*parts[0].split(","), parts[1]]
    return all(len(name.split()) > 1 and not _is_initials(name.replace(" ", "")) for name in names)


def _by_commas(whole: str) -> list[str]:
    parts = [part.strip() for part in re.split(r",|\s+and\s+", whole) if part.strip()]
    if len(parts) < 2:
        return parts
    if all(_family_first(part) for part in parts):
        return parts
    pairs = len(parts) % 2 == 0 and len(parts) > 2
    if pairs and all(_is_initials(part.replace(" ", "")) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[0::2], parts[1::2], strict=True)]
    whole_names = all(len(part.split()) > 1 for part in parts)
    if whole_names and (len(parts) > 2 or " and " in whole or _given_first(parts)):
        return parts
    return [whole]


def _given_first(parts: list[str]) -> bool:
    """`Ada N. Marsh, …`, `G Dean, L Crocker`: initials before the last word, as no family name has them.

    A letter without a dot in the first part alone is no sign: `O Brien, Mary Jane`.
    """
    words = [part.split() for part in parts]
    if any(_is_initials(each[-1]) for each in words):
        return False
    dotted = any("." in word and _is_initials(word) for word in words[0])
    return dotted or all(_is_initials(each[0]) for each in words)


def are_two_people(text: str) -> bool:
    """Whether `Anna Berg, Ben Cole` may be two people: each of two parts two or three words, neither a particle nor initials.

    It may be one, too (`Olaya Escobar, Erika Sofía`): only where a table parts people by commas is it not.
    """
    parts = [part.split() for part in text.split(",")]
    plain = all(1 < len(part) < 4 and not _is_initials(part[-1]) for part in parts)
    people = parts[0][:1] and parts[0][0].casefold() not in _PARTICLES and not _CORPORATE.search(text)
    return len(parts) == 2 and plain and bool(people)


def each_name(values: Iterable[str]) -> Iterator[str]:
    """The names in values that should hold one each: several only where all of them are `Family, Given`.

    Some programs put `Marsh, A and Osei, K` into one field; `Ministry of Health, Education and Welfare` is one body.
    """
    for value in values:
        for pattern in (";", r"\s+and\s+") if "," in value and (";" in value or " and " in value) else ():
            parts = [part for part in re.split(pattern, value) if part.strip(" ,")]
            if len(parts) > 1 and all("," in part.strip(" ,") for part in parts):
                yield from parts
                break
        else:
            yield value


def split_authors(text: str) -> tuple[Author, ...]:
    """The authors in a text that holds all of them."""
    bodies: list[str] = []

    def hide(match: re.Match[str]) -> str:
        bodies.append(match[0])
        return f"\ue100{len(bodies) - 1}\ue101"

    hidden = _BRACED.sub(hide, text)
    names = (_HIDDEN.sub(lambda match: bodies[int(match[1])], name) for name in split_names(hidden))
    return tuple(author(name) for name in names if name.strip(" ,;.{}") and not _REST.fullmatch(name))
