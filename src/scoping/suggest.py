"""Suggestions: for each code the passages of a report worth reading, each a verbatim quote with its place and why.

A suggestion never sets a value. It comes from indicators (`indicators`), looked for sentence by sentence in what is left
of the report without its boilerplate. Where nothing is found, how much was read is said.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scoping import boilerplate, cited, indicators, sentences
from scoping.indicators import Hit, Indicator, Word

Confidence = Literal["high", "medium", "low"]

MOST = 3
"""Suggestions for one code and report."""
REPEATED = "repeated"
SAME = 92.0
"""How like (0 to 100) two passages are, of which only one is suggested."""
_FEW_WORDS = 6
"""A line of fewer words and without a stop is a heading, wherever it stands."""
_HEADING = 14
"""Words; a line of fewer that stands by itself, without a stop and without the mark of an item, is taken for one."""
_COMMON, _OFTEN = 0.08, 4
"""A word found in more than this share of the sentences, and this many, says little in this report."""
_LONG = 70
"""Words; longer sentences come after others, since they hold more words by chance."""
_MARK = re.compile(r"(?:[•▪‣◦●○■□*]|[–—-]\s)\s*")
_STOP = re.compile(r"[.!?…。！？:][\"'”’»)\]*\d]*$")
_BREAK = "\n\n"
"""Stands before the first word of each sentence, so that no phrase runs from one into the next."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that may be suggested: `pages[page - 1][start:end] == text`, and its words' places in `Report.words`.

    `heading`: it is only one. `cut`: a page ends in it, so that it is a part of a sentence.
    """

    page: int
    start: int
    end: int
    text: str
    heading: bool
    cut: bool
    first: int
    after: int

    @property
    def whole(self) -> bool:
        """Whether it is a sentence from its beginning to its end."""
        return not self.heading and not self.cut


@dataclass(frozen=True, slots=True)
class Report:
    """A report ready to be searched: its pages, the sentences that count, and how many were left out and why."""

    pages: int
    passages: tuple[Passage, ...]
    words: tuple[Word, ...]
    places: Mapping[str, set[int]]
    left_out: tuple[tuple[str, int], ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A passage for one code: `pages[page - 1][start:end] == quote`."""

    page: int
    start: int
    end: int
    quote: str
    why: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one code: at most `MOST` suggestions, of how many passages, and what was searched."""

    suggestions: tuple[Suggestion, ...]
    passages: int
    searched: str


def read(pages: Sequence[str]) -> Report:
    """A report's pages as sentences to search; those that are left out are counted by reason."""
    stretches = boilerplate.left_out(pages)
    passages: list[Passage] = []
    words: list[Word] = []
    left_out: Counter[str] = Counter()
    seen: set[str] = set()
    for page, text, start, end, marked in _sentences(pages):
        why = _why_not(stretches, page, start, end, text)
        mine = [] if why else indicators.words(text)
        key = " ".join(word.folded for word in mine)
        if not why and key in seen and len(mine) >= _FEW_WORDS:
            why = REPEATED
        if why or not mine:
            left_out[why or boilerplate.NOTICE] += 1
            continue
        seen.add(key)
        mine[0] = replace(mine[0], gap=f"{_BREAK}.")
        cut = _is_cut(pages, page, start, end)
        heading = not cut and not _STOP.search(text) and len(mine) < (_FEW_WORDS if marked else _HEADING)
        passages.append(Passage(page, start, end, text, heading, cut, len(words), len(words) + len(mine)))
        words += mine
    return Report(
        pages=len(pages),
        passages=tuple(passages),
        words=tuple(words),
        places=indicators.beginnings(words),
        left_out=tuple(sorted(left_out.items())),
        references=tuple(pages[s.page - 1][s.start : s.end] for s in stretches if s.why == boilerplate.REFERENCES),
    )


def _is_cut(pages: Sequence[str], page: int, start: int, end: int) -> bool:
    """Whether a sentence goes on after its page, or began before it: the page ends in a line of prose without a stop."""

    def runs_over(at: int) -> bool:
        before, after = pages[at - 1].rstrip(), pages[at].lstrip()
        return bool(after[:1].islower() or (before and not _STOP.search(before[-10:]) and before[-1] in ",;–—"))

    last, first = not pages[page - 1][end:].strip(), not pages[page - 1][:start].strip()
    return (last and page < len(pages) and runs_over(page)) or (first and page > 1 and runs_over(page - 1))


def _sentences(pages: Sequence[str]) -> Iterator[tuple[int, str, int, int, bool]]:
    """Page, text and place of each sentence, without the mark of an item before it, and whether there was one."""
    for number, page in enumerate(pages, 1):
        for found in sentences.split(page):
            mark = _MARK.match(page, found.start, found.end)
            start = mark.end() if mark and mark.end() < found.end else found.start
            yield number, page[start : found.end], start, found.end, start > found.start


def _why_not(stretches: Sequence[boilerplate.Stretch], page: int, start: int, end: int, text: str) -> str:
    for stretch in stretches:
        if stretch.page == page and stretch.start < end and start < stretch.end:
            return stretch.why
    return boilerplate.NOTICE if boilerplate.notice(text) else ""


def suggest(phrases: Sequence[str], report: Report, most: int = MOST) -> Found:
    """The passages of a report that the indicators of one code point to, the best first."""
    ready = indicators.compiled(phrases)
    by_passage = _by_passage(ready, report)
    often = Counter(phrase for hits in by_passage.values() for phrase in {hit.indicator.phrase for hit in hits})
    common = {p for p, n in often.items() if n > max(_OFTEN, _COMMON * len(report.passages)) and " " not in p.strip()}
    ranked = sorted(by_passage, key=lambda at: _rank(report.passages[at], by_passage[at], common, at))
    chosen: list[int] = []
    for at in ranked:
        if len(chosen) < most and not any(alike(report.passages[at].text, report.passages[k].text) for k in chosen):
            chosen.append(at)
    made = tuple(_suggestion(report.passages[at], by_passage[at], common, report.references) for at in chosen)
    return Found(made, len(by_passage), _searched(report, len(by_passage)))


def _by_passage(ready: Sequence[Indicator], report: Report) -> dict[int, list[Hit]]:
    """The hits that count, by the index of their passage: no two overlap, and none is only a part of a name."""
    found: dict[int, list[Hit]] = {}
    if not report.passages:
        return found
    owner = [at for at, passage in enumerate(report.passages) for _ in range(passage.first, passage.after)]
    after = 0
    for hit in indicators.hits(ready, report.words, report.places):
        passage = report.passages[owner[hit.first]]
        if hit.after > passage.after or (hit.first < after) or _in_name(hit, report.words, passage):
            continue
        after = hit.after
        found.setdefault(owner[hit.first], []).append(hit)
    return found


def _in_name(hit: Hit, words: Sequence[Word], passage: Passage) -> bool:
    """Whether a one-word hit is part of a name ("the Hill Trust"), unless the indicator is written with a capital."""
    word = words[hit.first]
    if (
        passage.heading
        or len(hit.indicator.parts) > 1
        or not word.shown[0].isupper()
        or hit.indicator.phrase[0].isupper()
    ):
        return False
    before = words[hit.first - 1] if hit.first > passage.first else None
    behind = words[hit.after] if hit.after < passage.after else None
    if before is not None and word.gap == " " and before.shown[0].isupper() and hit.first - 1 > passage.first:
        return True
    return before is not None and behind is not None and behind.gap == " " and behind.shown[0].isupper()


def _score(hits: Sequence[Hit], common: set[str]) -> float:
    """Two for each different phrase, one for each different word, half for a word that is everywhere in the report."""
    weights = {
        hit.indicator.phrase: 2.0 if len(hit.indicator.parts) > 1 else 0.5 if hit.indicator.phrase in common else 1.0
        for hit in hits
    }
    return sum(weights.values())


def _rank(passage: Passage, hits: Sequence[Hit], common: set[str], at: int) -> tuple[bool, bool, bool, float, int]:
    return passage.heading, passage.cut, passage.after - passage.first > _LONG, -_score(hits, common), at


def _suggestion(passage: Passage, hits: Sequence[Hit], common: set[str], references: Sequence[str]) -> Suggestion:
    score = 0.0 if passage.heading else _score(hits, common)
    confidence: Confidence = "high" if score >= 3 else "medium" if score >= 2 else "low"
    shown = ", ".join(dict.fromkeys(hit.indicator.phrase for hit in hits))
    shape = "only a heading" if passage.heading else "a part of a sentence, the page ends in it" if passage.cut else ""
    remarks = (shape, cited.remark(passage.text, references))
    why = "; ".join([f"words: {shown}", *filter(None, remarks)])
    return Suggestion(passage.page, passage.start, passage.end, passage.text, why, confidence)


def alike(one: str, other: str) -> bool:
    """Whether two passages say the same: one is nearly contained in the other, as a pull-quote is in its report."""
    from rapidfuzz import fuzz

    if min(len(one), len(other)) < 40:
        return one.casefold() == other.casefold()
    return fuzz.partial_ratio(one.casefold(), other.casefold()) >= SAME


def _searched(report: Report, hits: int) -> str:
    """What was searched, in words: "no hit in 14 pages, 312 sentences"."""
    read_through = f"{report.pages} page{'s' * (report.pages != 1)}, {len(report.passages)} sentences"
    left = ", ".join(f"{why} {count}" for why, count in report.left_out)
    found = "no hit" if not hits else f"{hits} sentence{'s' * (hits != 1)} with a hit"
    return f"{found} in {read_through}{f' (left out: {left})' if left else ''}"
