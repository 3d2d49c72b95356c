"""Whether a quote stands in a report: the check that a coded value rests on words which were really written.

Three verdicts. **verbatim**: equal after folding what typing and typesetting change (case, blanks, line ends, Unicode
forms, ligatures, quotation marks, hyphens and dashes). **near**: at least 90 of 100 characters in line with a passage
(rapidfuzz `partial_ratio_alignment`), as slips of typing, OCR or spelling leave it; a person sees both texts.
**missing**: everything else, with the closest passage. Likeness alone is no evidence: "was not significant" is 90 % like
"was significant". So a passage like the quote in its letters is still *altered*, and therefore missing, if the two
differ in a number (digits, sign, range, per cent, number words), in a negation (not, no, never, without, n't …), in a
negating prefix or suffix (significant, non-significant; harm, harmless) or in a pair of opposites (increased,
decreased). Numbers which stand only in the stored text as notes of reference ("outcomes12", "[3, 4]") do not count.

What is not caught: another word that is no opposite (stays near, for a person to see), and a true run of words quoted
without the "not" beside it (is verbatim, with a remark in `why`).
"""

import bisect
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice, product
from typing import Literal

from scoping.wording import DASHES, MARKS, difference, fold, folded, negates

Verdict = Literal["verbatim", "near", "missing"]

NEAR = 90.0
"""The least score (0 to 100) of a near quote."""
SHORT = 4
"""Words; a quote of fewer is found exactly or not at all."""
EDGE = 250
"""Characters at the foot of a page, and at the head of the next, that may stand between the halves of a quote."""
LONG = 4000
"""Characters; a quote of more is found exactly or not at all (a near one would take minutes)."""

_GAP = re.compile(r"[\[(]\s*(?:…|(?:\.\s?){3,})\s*[\])]|…|(?:\.\s?){3,}")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a quote stands, or what comes closest.

    `page` counts from 1 (0: nothing found); `passage` is `pages[page - 1][start:end]`, always. `spans` are all pieces as
    (page, start, end): more than one where the quote runs over a page break or leaves words out ("[...]"); `shown`
    joins them. `score` is 0 to 100. `why` says for "missing" what differs; for the others it is empty, or a remark that a
    negation stands right beside the quoted words.
    """

    verdict: Verdict
    page: int = 0
    start: int = 0
    end: int = 0
    passage: str = ""
    score: float = 0.0
    spans: tuple[tuple[int, int, int], ...] = ()
    why: str = ""


def find(quote: str, pages: Sequence[str]) -> Found:
    """The best verdict on a quote over all pages: verbatim before near, near before missing, early before late.

    Quotation marks and dots at the quote's ends and its last full stop or comma are ignored. "[...]", "(...)" or "…"
    inside divides it: all parts must follow each other on one page and the next.
    """
    text = _stream(tuple(pages))
    quote = _stripped(quote)
    if not folded(quote):
        return Found("missing", why="the quote has no words")
    exact = next(_exactly(quote, text, 0, len(text.folded)), None)
    if exact is not None:
        return _found("verbatim", [exact], text, 100.0)
    parts = [part for part in map(_stripped, _GAP.split(quote)) if folded(part)]
    if len(parts) < 2:
        return _over_a_break(quote, text) or _best(quote, text, 0, len(text.folded))
    return _in_order(parts, text)


def shown(found: Found, pages: Sequence[str]) -> str:
    """All pieces of what was found, as a person should see them: " […] " between parts, a blank at a page break."""
    text = ""
    before = (0, 0, 0)
    for page, start, end in found.spans:
        broken = page == before[0] + 1 and start == 0 and before[0] and before[2] == len(pages[before[0] - 1])
        text += (" " if broken else " […] ") if text else ""
        text += pages[page - 1][start:end]
        before = (page, start, end)
    return text


@dataclass(frozen=True, slots=True)
class _Stream:
    """All pages as one text and folded; the folded character k comes from `text[starts[k]:ends[k]]`."""

    text: str
    folded: str
    starts: list[int]
    ends: list[int]
    page_starts: list[int]
    pages: tuple[str, ...]

    def page_of(self, offset: int) -> int:
        """The index of the page that a character of `text` stands on."""
        return bisect.bisect_right(self.page_starts, offset) - 1

    def after_page(self, index: int) -> int:
        """Where in `folded` the pages after the one with this index begin."""
        last = self.page_starts[index + 1] if index + 1 < len(self.pages) else len(self.text)
        return bisect.bisect_left(self.starts, last)

    def after(self, offset: int) -> int:
        """Where in `folded` the text after an offset of `text` begins."""
        return bisect.bisect_left(self.starts, offset)


@lru_cache(maxsize=4)
def _stream(pages: tuple[str, ...]) -> _Stream:
    text = "\n".join(pages)
    page_starts = [0]
    for page in pages[:-1]:
        page_starts.append(page_starts[-1] + len(page) + 1)
    return _Stream(text, *fold(text), page_starts, pages)


def _stripped(quote: str) -> str:
    """A typed quote without the dots, quotation marks and last punctuation that belong to the typing."""
    ends = f"{MARKS}…"
    before = None
    while before != quote:
        before = quote
        quote = re.sub(
            r"^(?:\[?\s*\.\s?\.\s?\.+\s*\]?|\[\s*…\s*\])|(?:\[\s*\.\s?\.\s?\.+\s*\]|\[\s*…\s*\])$", "", quote.strip()
        )
        quote = quote.strip().strip(ends).rstrip(f".,;:{DASHES}").strip()
        quote = re.sub(f"^[{DASHES}]+\\s+", "", quote)
    return quote


def _exactly(quote: str, text: _Stream, low: int, high: int) -> Iterator[tuple[int, int]]:
    """All places of `text.text` between two places of `folded` that are equal to a quote in whole words and numbers."""
    wanted = folded(quote)
    at = text.folded.find(wanted, low, high)
    while at >= 0:
        start, end = text.starts[at], text.ends[at + len(wanted) - 1]
        if _whole(text.text, start, end):
            yield start, end
        at = text.folded.find(wanted, at + 1, high)


def _over_a_break(quote: str, text: _Stream) -> Found | None:
    """A quote that runs over a page break between whose halves a foot, a page number or a running head has stayed.

    Those that repeat are stripped before; what a first page alone has is not told from text. So what is left out at the
    two edges is shown to a person, and nothing that holds a negation is left out.
    """
    words = quote.split()
    if len(words) < SHORT:
        return None
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    for index in range(1, len(text.pages)):
        middle, zero, reach = text.after_page(index - 1), text.page_starts[index], EDGE + len(folded(quote))
        low = max(middle - reach, text.after_page(index - 2) if index > 1 else 0)
        high = min(middle + reach, text.after_page(index))
        for one, other in halves:
            first = max((p for p in _exactly(one, text, low, middle) if zero - p[1] <= EDGE), default=None)
            second = next((p for p in _exactly(other, text, middle, high) if p[0] - zero <= EDGE), None)
            if first and second:
                left_out = " ".join(text.text[first[1] : second[0]].split())
                if not any(negates(word) for word in re.findall(r"[\w'’]+", left_out)):
                    why = f"a page break divides it; at the edges of the pages stands besides: {left_out}"
                    return _found("near", [first, second], text, 99.9, why)
    return None


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word and no number (with its sign, decimals, range or per cent) is cut at either end."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[start].isalnum() and before[-1:].isalnum():
        return False
    if text[start].isdigit() and before[-1:] in (*DASHES, ".", ","):
        signed = before[-1] in DASHES and not before[:-1].isalpha()
        if signed or before[:-1].isdigit():
            return False
    last = text[end - 1]
    if last.isalnum() and after[:1].isalnum():
        return last.isalpha() and unicodedata.decomposition(after[0]).startswith("<super>")
    number = last.isdigit() and (re.match(r"[.,\-‐‑–—−]\d", after) or after.lstrip()[:1] == "%")
    return not number


def _found(verdict: Verdict, places: Sequence[tuple[int, int]], text: _Stream, score: float, why: str = "") -> Found:
    """The result for places of the joined text, divided at page breaks."""
    why = why or _cut(text.text, places)
    spans = []
    for start, end in places:
        for index in range(text.page_of(start), text.page_of(max(start, end - 1)) + 1):
            zero, length = text.page_starts[index], len(text.pages[index])
            low, high = max(start - zero, 0), min(end - zero, length)
            if low < high:
                spans.append((index + 1, low, high))
    if not spans:
        return Found("missing", score=score, why=why)
    page, start = spans[0][:2]
    end = max(high for number, _, high in spans if number == page)
    passage = text.pages[page - 1][start:end]
    return Found(verdict, page, start, end, passage, round(score, 1), tuple(spans), why)


def _cut(text: str, places: Sequence[tuple[int, int]]) -> str:
    """A remark if a negation in the same sentence stands just before or after what was quoted."""
    for start, end in places:
        before = re.search(r"([\w'’]+)\s+$", text[max(0, start - 20) : start])
        after = re.match(r"\s+([\w'’]+)", text[end : end + 20])
        for word, where in ((before, "before"), (after, "after")):
            if word and negates(word[1]):
                return f"look at the passage: the text has '{word[1]}' right {where} it"
    return ""


def _best(quote: str, text: _Stream, low: int, high: int, tries: int = 4) -> Found:
    """The closest passage between two places of `folded`; if it is altered, another that is not, should there be one."""
    wanted = folded(quote)
    if len(wanted) > LONG:
        return Found("missing", why=f"more than {LONG:,} characters are found exactly or not at all")
    short = len(re.findall(r"\w+(?:['’-]\w+)*", quote)) < SHORT
    first: Found | None = None
    gaps = [(low, high)]
    while gaps and tries:
        tries -= 1
        ranked = [(_aligned(wanted, text, *gap), gap) for gap in gaps]
        (score, start, end), gap = max(ranked, key=lambda item: (item[0][0], -item[0][1]))
        if not end:
            break
        place, score = _refined(wanted, text, start, end, score)
        why = difference(quote, text.text[slice(*place)])
        if short:
            why = f"fewer than {SHORT} words are found exactly or not at all"
        elif score < NEAR:
            why = "no passage is like it"
        if not why:
            return _found("near", [place], text, score)
        first = first or _found("missing", [place], text, score, why)
        if short or score < NEAR:
            break
        gaps.remove(gap)
        gaps += [(gap[0], start), (end, gap[1])]
    return first or Found("missing", why="no passage is like it")


def _aligned(wanted: str, text: _Stream, low: int, high: int) -> tuple[float, int, int]:
    """Score and place in `text.folded` of the stretch most like a folded quote."""
    from rapidfuzz import fuzz

    if high - low < 1:
        return 0.0, 0, 0
    best = fuzz.partial_ratio_alignment(wanted, text.folded[low:high])
    if best is None or not best.score:
        return 0.0, 0, 0
    return best.score, low + best.dest_start, low + best.dest_end


def _refined(wanted: str, text: _Stream, start: int, end: int, score: float) -> tuple[tuple[int, int], float]:
    """The whole words around an aligned stretch which are most like the quote, and their score.

    The stretch is as long as the quote, so it ends too early where the quote has left a word out, and cuts words.
    """
    from rapidfuzz import fuzz

    first, last = text.starts[start], text.ends[end - 1]
    margin = 40 + min((last - first) // 5, 200)
    zero = max(0, first - margin - 60)
    words = list(re.finditer(r"\S+", text.text[zero : last + margin + 60]))
    spans = [(zero + word.start(), zero + word.end()) for word in words]
    left = [k for k, (low, high) in enumerate(spans) if abs(low - first) <= 40 or low <= first < high]
    right = [k for k, (low, high) in enumerate(spans) if abs(high - last) <= margin or low < last <= high]
    if not left or not right:
        return (first, last), score
    best = (0.0, 0, left[0], left[0])
    for one, other in product(left, right):
        if one <= other:
            part = text.folded[text.after(spans[one][0]) : text.after(spans[other][1])].strip()
            best = max(best, (fuzz.ratio(wanted, part), one - other, one, other))
    one, other = best[2:]
    said, stands = wanted.split(), [folded(word[0]) for word in words[one : other + 1]]
    matched = SequenceMatcher(None, said, stands, autojunk=False).get_matching_blocks()
    if matched[0].b == 0:  # words of the quote before or after all that match: show what stands in their place
        one = max(0, one - matched[0].a)
    if len(matched) > 1 and matched[-2].b + matched[-2].size == len(stands):
        other = min(len(spans) - 1, other + len(said) - matched[-2].a - matched[-2].size)
    return _bare(text.text, (spans[one][0], spans[other][1])), min(99.9, max(score, best[0]))


def _bare(text: str, place: tuple[int, int]) -> tuple[int, int]:
    """A place without the brackets, marks and stops around its words."""
    start, end = place
    while start < end and not text[start].isalnum() and text[start] not in (*DASHES, "."):
        start += 1
    while end > start and not text[end - 1].isalnum() and text[end - 1] != "%":
        end -= 1
    return (start, end) if start < end else place


def _in_order(parts: Sequence[str], text: _Stream) -> Found:
    """The verdict on a quote in parts: each exactly or nearly, in order, on the page of the first or the next one."""
    starts = list(islice(_exactly(parts[0], text, 0, len(text.folded)), 50))
    score = 100.0
    if not starts:
        opening = _best(parts[0], text, 0, len(text.folded))
        if opening.verdict == "missing":
            return replace(opening, why=f"part 1 of {len(parts)}: {opening.why}")
        starts, score = [_place(opening, text)], opening.score
    attempts = [_follow(parts, start, text, score) for start in starts]
    order: dict[Verdict, int] = {"verbatim": 2, "near": 1, "missing": 0}
    return max(attempts, key=lambda found: (order[found.verdict], len(found.spans), found.score))


def _follow(parts: Sequence[str], start: tuple[int, int], text: _Stream, score: float) -> Found:
    """The verdict on the parts of a quote whose first part is at `start`."""
    places = [start]
    high = text.after_page(text.page_of(start[0]) + 1)
    for number, part in enumerate(parts[1:], 2):
        low = text.after(places[-1][1])
        place = next(_exactly(part, text, low, high), None)
        if place is None:
            near = _best(part, text, low, high)
            if near.verdict == "missing":
                why = f"part {number} of {len(parts)}, on the same page or the next: {near.why}"
                return _found("missing", places, text, min(score, near.score), why)
            place, score = _place(near, text), min(score, near.score)
        places.append(place)
    return _found("verbatim" if score == 100.0 else "near", places, text, score)


def _place(found: Found, text: _Stream) -> tuple[int, int]:
    """What was found, as a place of the joined text."""
    first, last = found.spans[0], found.spans[-1]
    return text.page_starts[first[0] - 1] + first[1], text.page_starts[last[0] - 1] + last[2]
