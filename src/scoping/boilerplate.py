"""What of a report's text says nothing of the study itself, each stretch with the reason why it is left out.

Title and authors above an abstract or introduction, keywords, reference lists, an abstract that has its report beside it, lists of names (journals, staff, contents), lines on funding
and contact, and the furniture of web pages. Told by headings and by the shape of lines, so that what is not told stays:
a suggestion too many costs a look, a passage left out is lost.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

REFERENCES, ABSTRACT, NAMES, NOTICE = "reference list", "abstract", "list of names", "notice"
TITLE_PAGE, KEYWORDS = "title and authors", "keywords"
_NUMBERING = r"^\W*(?:\d{1,2}(?:\.\d+)*\.?\s+)?"
_REFERENCES = re.compile(
    _NUMBERING
    + r"(?:list of )?(?:references?(?: list)?|bibliography|works cited|literature cited|sources|literatur(?:verzeichnis)?"
    r"|références|bibliographie|referencias|bibliografía|cyfeiriadau|llyfryddiaeth|papers|publications)\W*$",
    re.IGNORECASE,
)
_ABOUT = (
    r"(?:acknowledge?ments?|funding(?: statement| sources?)?|(?:conflicts?|declarations?) of interests?"
    r"|competing interests?|disclosures?|author(?:s['’])? contributions?|data availability(?: statement)?|contacts?"
    r"|correspondence|diolchiadau|cyllid|cyswllt)"
)
_NOTICES = re.compile(rf"{_NUMBERING}{_ABOUT}(?:(?:,|,? and|,? &) {_ABOUT})*\W*$", re.IGNORECASE)
_KEYWORDS = re.compile(
    r"^\W*(?:key ?-?words?|index terms|schlüsselwörter|schlagwörter|mots[- ]clés|palabras clave|allweddeiriau)\b(?![’'-])",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(
    _NUMBERING + r"(?:abstract|zusammenfassung|résumé|resumen|crynodeb)\b(?![’'-])(?P<rest>.*)", re.IGNORECASE
)
_AFTER_ABSTRACT = re.compile(
    _NUMBERING + r"(?:introduction|background|key ?words|einleitung|introducción|cyflwyniad)\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:19|20)\d\d[a-z]?\b")
_AUTHORS = re.compile(r"[^\W\d_][\w’'-]+,? (?:[A-Z]\.[ -]?)+(?:,|and|&|\()|[^\W\d_][\w’'-]+ [A-Z]{1,3}[,.]")
_AUTHOR_LIST = re.compile(r"(?:[^\W\d_][\w’'-]+,? (?:[A-Z]\.[ -]?)+,? (?:and |& )?){2,}.{0,40}\(?(?:19|20)\d\d")
_LOCATED = re.compile(
    r"\b\d+\s?\(\d+(?:[-–]\d+)?\)|:\s?\w?\d+\s?[-–]\s?\w?\d+|\bpp?\.\s?\d|doi|https?://|\b(?:retrieved|accessed|available) (?:from|at|on|:)"
    r"|\b\d+, \d+: \d+", re.IGNORECASE,
)  # fmt: skip
_SENTENCE_NOTICE = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|^\W*@\w+\W*$|^\W*(?:tel|phone|fax)\b|^\W*(?:\+\d|\(?0\d)[\d()\s-]{7,}$|^\W*(?:https?://|www\.)\S+\W*$"
    r"|^\W*funded by\b|\b(?:this|the|our) (?:work|study|research|project|review|report|article) (?:was|is|has been)"
    r" (?:\w+ )?(?:funded|supported|sponsored|commissioned) by\b|\bgrant (?:number|no|ref)|\baward number"
    r"|\bsupported by (?:a |the )?(?:grant|funding)|^\W*for (?:further|more) information\b|^\W*correspond(?:ence|ing author)\b"
    r"|©|\bcopyright\b|\ball rights reserved\b|\bcreative commons\b|\bISSN\b|\bISBN\b|^\W*received:? \d|^\W*posted on \d"
    r"|\bno (?:conflicts?|competing) (?:of )?interests?\b|\bauthors? (?:declares?|reports?) (?:that )?(?:no|they have no)\b",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"^(?!.{90})(?:.*[\w.+-]+@[\w-]+\.\w|\W*(?:\+\d|\(?0\d)[\d()\s-]{7,}\W*$|.*\bwww\.\S+\W*$)")
_FURNITURE = re.compile(
    r"^\W*(?:skip to (?:main )?content|(?:show|hide) menu|need help|select your citation style\b.*|sign (?:in|up)|log in|share this"
    r"|follow us|subscribe|download (?:pdf|citation)|accept (?:all )?cookies|back to top|read more|print this page|menu|search|home)\W*$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[•▪‣◦●○■□]|[–—*-]\s|\(?\w{1,3}[.)]\s)")
_LOOKED_AT = 1500
"""Characters of a line or sentence that are looked at: a word of a million letters must not take for ever."""
_RUN = 5
"""Lines in a row that make a list of names."""
_SENTENCE = 60
"""Characters; a line above the abstract that is longer and ends with a stop may be prose."""
_ENTRY = 300
"""Characters; a longer line that has nothing of a reference is prose."""
_AHEAD = 200
"""Lines of an abstract at most."""
_ABOVE = 40
"""Lines of title, authors and addresses at most."""
_LIST_OF_KEYWORDS = 4
"""Lines of keywords at most."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a page (counted from 1) that is left out, `pages[page - 1][start:end]`."""

    page: int
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class _Line:
    page: int
    start: int
    end: int
    text: str


def left_out(pages: Sequence[str]) -> list[Stretch]:
    """What is left out of a report's pages, in order; a line is named once, with the first reason that holds."""
    lines = list(_lines(pages))
    reasons: dict[int, str] = {}
    for why, found in (
        (REFERENCES, _references(lines)),
        (NOTICE, _notices(lines)),
        (KEYWORDS, _keywords(lines)),
        (TITLE_PAGE, _title_page(lines)),
        (NAMES, _names(lines)),
        (ABSTRACT, _abstract(lines)),
    ):
        for at in found:
            reasons.setdefault(at, why)
    return [Stretch(lines[at].page, lines[at].start, lines[at].end, reasons[at]) for at in sorted(reasons)]


def notice(sentence: str) -> bool:
    """Whether a sentence is about funding, contact or rights."""
    return bool(_SENTENCE_NOTICE.search(sentence[:_LOOKED_AT]))


def _lines(pages: Sequence[str]) -> Iterator[_Line]:
    for number, page in enumerate(pages, 1):
        for found in re.finditer(r"[^\n]*[^\s][^\n]*", page):
            yield _Line(number, found.start(), found.end(), found[0].strip())


def _is_reference(text: str) -> bool:
    """Whether a line looks like an entry of a reference list, or a part of one."""
    text = text[:_LOOKED_AT]
    dated = _YEAR.search(text) and _AUTHORS.search(text)
    return bool(dated or _LOCATED.search(text) or _AUTHOR_LIST.search(text[:400]))


def _is_entry(text: str) -> bool:
    """Whether a line outside any list is an entry: it begins with several authors and a year, and is no paragraph."""
    found = _AUTHOR_LIST.search(text[:400])
    return found is not None and found.start() <= 40 and len(text) < 600


def _is_heading(text: str) -> bool:
    return len(text) <= 90 and not re.search(r"[.;,]$", text) and not _ITEM.match(text) and text[:1].isupper()


def _references(lines: Sequence[_Line]) -> Iterator[int]:
    """Lines below a heading of references, and single ones with a list of authors and a year."""
    inside = False
    for at, line in enumerate(lines):
        if _REFERENCES.match(line.text):
            inside = any(_is_reference(other.text) for other in lines[at + 1 : at + 4])
        elif inside and _over(lines, at):
            inside = False
        if inside or _is_entry(line.text):
            yield at


def _over(lines: Sequence[_Line], at: int) -> bool:
    """Whether a reference list has ended before a line: a heading with prose below it, or prose and more prose."""
    if _is_reference(lines[at].text):
        return False
    if len(lines[at].text) > _ENTRY:
        return True
    following = [line.text for line in lines[at : at + 4]]
    if _is_heading(following[0]):
        below = next((text for text in following[1:] if not _is_heading(text)), "")
        return bool(below) and not _is_reference(below)
    return len(following) >= 3 and not any(len(text) <= 80 or _is_reference(text) for text in following[:3])


def _notices(lines: Sequence[_Line]) -> Iterator[int]:
    """Furniture of web pages, the line below a heading such as "Funding", and short lines beside contact details."""
    for at, line in enumerate(lines):
        if _FURNITURE.match(line.text):
            yield at
        elif _CONTACT.match(line.text):
            near = range(max(0, at - 2), min(len(lines), at + 3))
            yield from (k for k in near if k == at or _is_heading(lines[k].text) or _CONTACT.match(lines[k].text))
        elif _NOTICES.match(line.text):
            yield at
            if at + 1 < len(lines) and not _is_heading(lines[at + 1].text):
                yield at + 1


def _keywords(lines: Sequence[_Line]) -> Iterator[int]:
    """A line of keywords, and those that it goes on in: the line before ends with a comma, or in the middle of a list."""
    for at, line in enumerate(lines):
        head = _KEYWORDS.match(line.text)
        if head and (not line.text.endswith(".") or line.text[head.end() :].lstrip().startswith((":", "—", "–"))):
            yield at
            sign = ";" if ";" in line.text else ","
            for k in range(at + 1, min(len(lines), at + _LIST_OF_KEYWORDS)):
                alone = k == at + 1 and len(line.text.split()) <= 2  # the word is a heading of its own
                if not alone and not lines[k - 1].text.endswith(sign) and sign not in lines[k].text[:60]:
                    break
                if (
                    lines[k].text.endswith(".")
                    or _ABSTRACT.match(lines[k].text)
                    or _AFTER_ABSTRACT.match(lines[k].text)
                ):
                    break
                yield k


def _title_page(lines: Sequence[_Line]) -> Iterator[int]:
    """What stands above the first of abstract, keywords and introduction on the first page, but for whole sentences."""
    first = [line for line in lines[:_ABOVE] if line.page == 1]
    heads = (_ABSTRACT, _KEYWORDS, _AFTER_ABSTRACT)
    end = next((at for at, line in enumerate(first) if any(head.match(line.text) for head in heads)), 0)
    yield from (at for at in range(end) if not (len(first[at].text) > _SENTENCE and first[at].text.endswith(".")))


def _names(lines: Sequence[_Line]) -> Iterator[int]:
    """Runs of short lines without a stop whose long words have capitals: journals, staff, a table of contents."""
    run: list[int] = []
    for at, line in enumerate(lines):
        if _like_a_name(line.text):
            run.append(at)
            continue
        yield from run if len(run) >= _RUN else ()
        run = []
    yield from run if len(run) >= _RUN else ()


def _like_a_name(text: str) -> bool:
    if len(text) > 90 or re.search(r"[.?!:;,]$", text) or _ITEM.match(text):
        return False
    long = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return bool(2 * sum(word[0].isupper() for word in long) >= len(long))


def _abstract(lines: Sequence[_Line]) -> list[int]:
    """The lines of an abstract that stands before its report; none where it is all there is."""
    for at, line in enumerate(lines[: max(20, len(lines) // 3)]):
        found = _ABSTRACT.match(line.text)
        if not found:
            continue
        rest = found["rest"].strip(" :.")
        if rest and rest[0].islower():
            continue
        end = _abstracts_end(lines, at, alone=not rest)
        inside = list(range(at, end))
        size = sum(len(lines[k].text) for k in inside)
        others = sum(len(other.text) for other in lines) - size
        return inside if others >= 3 * size else []
    return []


def _abstracts_end(lines: Sequence[_Line], at: int, *, alone: bool) -> int:
    """The first line after an abstract: that of the introduction or keywords; else one paragraph is taken for it."""
    first = at + 2 if alone else at + 1
    for end in range(first, min(len(lines), at + _AHEAD)):
        head = _AFTER_ABSTRACT.match(lines[end].text)
        structured = alone and re.match(r"\W*background\b", lines[end].text, re.IGNORECASE) and end <= at + 2
        if head and not structured and sum(len(line.text) for line in lines[at:end]) < 6000:
            return end
    return min(first, len(lines))
