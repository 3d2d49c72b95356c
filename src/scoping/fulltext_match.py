"""Which report a file with a full text is: by the id in its name, a DOI, a link of the reference manager, or its title.

A file is given to a report only if one sign points at that report and nothing speaks against it. In doubt it is given to
none, and the reports it may be are named for a person, who settles it by renaming the file. What is a doubt: two
reports; a title that is only alike, or runs on, or stands beside "protocol" or "erratum"; a DOI on the page without the
title; another DOI than the report's; other years; a report that was not sought.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from scoping import citation, normalise, record_ids
from scoping.fulltext import THIN, Text
from scoping.identity import ID_PATTERN, folded, is_id
from scoping.matching import GENERIC
from scoping.tables import Row
from scoping.wording import difference, fold

HEAD = 3000
"""Characters at the beginning of a text in which its title is looked for."""
LIKE = 95.0
"""The least likeness (0 to 100) of a title that is spelt in another way."""
ALIKE = 85.0
"""The least likeness of a title that is worth a person's look."""
NOT_SOUGHT = "its report was not included at title and abstract"
"""A doubt about the report and not about the file."""

_NAMED = re.compile(rf"({ID_PATTERN})(?![A-Z0-9])")
_SLASHES = re.compile(r"%2f|[/_:\\\s-]", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"|]{1,200}")
_LABEL = re.compile(r"(?:title|article|original (?:article|paper|research)|research (?:article|paper)|paper)?\W*", re.I)
_RUNS_ON = re.compile(r"(?:[:–—-]|\b(?:a|an|and|for|from|in|of|on|the|to|with))\s*$", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:protocol|errat(?:um|a)|corrigend(?:um|a)|correction|retraction|comment(?:ary)?(?: on)?|reply|repl(?:y|ies) to|"
    r"response to|rejoinder|supplement(?:ary)?|appendix|part\s+\w+|abstract of|review of)\b",
    re.IGNORECASE,
)
_PATHS = re.compile(r"(?<!\\)[;:\n]")


@dataclass(frozen=True, slots=True)
class Match:
    """The report of a file and how that shows (id, doi, link, title), or the reports it may be and why none is certain."""

    record_id: str = ""
    how: str = ""
    candidates: tuple[str, ...] = ()
    why: str = ""


def record_named(name: str, known: Mapping[str, str]) -> str:
    """The record whose id (or the id of any of its entries) the file name begins with; empty where there is none."""
    found = _NAMED.match(PurePosixPath(name).name.upper())
    return known.get(found[1], "") if found and is_id(found[1]) else ""


def links(tags: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(path of an attached file, id) for (tags of an entry as JSON, its content id): RIS L1 to L4, BibTeX and CSV."""
    for listed, id_ in tags:
        for name, value in json.loads(listed):
            if re.fullmatch(r"L[1-4]|file|file attachments|link attachments", name.strip(), re.IGNORECASE):
                for piece in _PATHS.split(value):
                    path = unicodedata.normalize("NFC", unquote(piece).replace("\\", "/").strip(" {}"))
                    if re.search(r"\.\w{2,5}$", path):
                        yield path.casefold(), id_


class Reports:
    """The records of a review, as files are matched to them.

    `sought` are those that passed title and abstract (None: all count); `attached` gives, for the path of a file as the
    exports name it, the records that name it.
    """

    def __init__(
        self,
        records: Iterable[Row],
        sought: Collection[str] | None = None,
        attached: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.rows = {row["record_id"]: row for row in records}
        self.known = record_ids.aliases(self.rows.values())
        self.sought = set(self.rows) if sought is None else set(sought) & set(self.rows)
        self.dois: dict[str, set[str]] = defaultdict(set)
        self.doi_names: dict[str, set[str]] = defaultdict(set)
        self.titles: dict[str, str] = {}
        for id_, row in self.rows.items():
            for doi in record_ids.dois(row):
                self.dois[doi].add(id_)
                self.doi_names[_SLASHES.sub("_", doi.lower())].add(id_)
            if len(folded(row["title"])) >= GENERIC:
                self.titles[id_] = folded(row["title"])
        self.attached: dict[str, set[str]] = defaultdict(set)
        for path, id_ in attached:
            if id_ in self.known:
                self.attached[path].add(self.known[id_])

    def named(self, ids: Iterable[str]) -> str:
        """Records as a person recognises them."""
        rows = [self.rows[id_] for id_ in sorted(ids)]
        return "; ".join(f"{row['record_id']} ({citation.short(row)}: {row['title'][:70]})" for row in rows)


def find(name: str, text: Text, reports: Reports, *, alone: bool = True) -> Match:
    """The report of one file; `alone` says whether no other full text has its name (in another folder)."""
    if record := record_named(name, reports.known):
        return Match(record, "id")
    by_name = _doi_in_name(name, reports)
    own = reports.dois.get(normalise.doi(text.doi), set()) if text.doi else set()
    if by_name and own and not by_name & own:
        return _doubt(by_name | own, reports, "its name gives the DOI of one report, its metadata that of another")
    if by_name or own:
        return _decided(by_name & own or by_name or own, "doi", reports)
    page = _Head(text)
    on_page = {id_ for doi in page.dois for id_ in reports.dois.get(doi, ())}
    if with_title := {id_ for id_ in on_page if page.likeness(reports.rows[id_]["title"]) >= ALIKE}:
        return _decided(with_title, "doi", reports)
    if linked := _linked(name, reports, alone=alone):
        return _decided(linked, "link", reports)
    by_title = _by_title(page, text, reports)
    if by_title.record_id or by_title.candidates or not on_page:
        return by_title
    return _doubt(on_page, reports, "the DOI of a report stands on its first pages, but not the title of that report")


def _decided(ids: set[str], how: str, reports: Reports) -> Match:
    """One report that was sought, or a doubt."""
    sought = ids & reports.sought
    if len(sought) == 1:
        return Match(min(sought), how)
    if sought:
        return _doubt(sought, reports, f"several reports have its {how}")
    return _doubt(ids, reports, NOT_SOUGHT)


def _doubt(ids: Collection[str], reports: Reports, why: str) -> Match:
    return Match(candidates=tuple(sorted(ids)), why=f"{why}: {reports.named(ids)}")


def _doi_in_name(name: str, reports: Reports) -> set[str]:
    """The records with the longest DOI that a file name holds, its slashes as other signs."""
    stem = re.sub(r"\.(?:pdf|docx|x?html?|txt)$", "", PurePosixPath(name).name.lower())
    for begin in re.finditer(r"(?<![\w.])10\.\d{4,9}", stem.replace("_10.", " 10.")):
        tail = _SLASHES.sub("_", stem[begin.start() :])
        for end in range(len(tail), 7, -1):
            rest = tail[end:]
            if tail[:end] in reports.doi_names and not re.match(r"\w(?<!_)|[.][a-z0-9]", rest):
                return reports.doi_names[tail[:end]]
    return set()


def _linked(name: str, reports: Reports, *, alone: bool) -> set[str]:
    """The records that name this file as theirs: by its name, or by folder and name where two files have the name."""
    wanted = unicodedata.normalize("NFC", name).casefold()
    if alone:
        wanted = PurePosixPath(wanted).name
    elif "/" not in wanted:
        return set()
    return {id_ for path, ids in reports.attached.items() if f"/{path}".endswith(f"/{wanted}") for id_ in ids}


class _Head:
    """The beginning of a text, as titles and DOIs are looked for in it."""

    def __init__(self, text: Text) -> None:
        pages = [re.sub(r"\r\n?", "\n", page) for page in text.raw]
        if len(pages) > 1 and len(pages[0].strip()) < THIN:  # a cover without words
            pages = pages[1:]
        self.text = pages[0][:HEAD] if pages else ""
        first = "\n".join(pages[:2]) if len(pages) > 1 else self.text
        self.dois = {doi for found in _DOI.finditer(first) if (doi := normalise.doi(found[0]))}
        letters = [(c, at) for at, raw in enumerate(self.text) for c in _letters(raw)]
        self.letters = "".join(c for c, _ in letters)
        self.origin = [at for _, at in letters]
        self.simple, self.starts, self.ends = fold(self.text)
        self.words = set(re.findall(r"\w+", self.simple))
        self.years = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", self.text)}

    def likeness(self, title: str) -> float:
        """How like a title the most similar passage is, 0 to 100."""
        from rapidfuzz import fuzz

        return 100.0 if folded(title) in self.letters else fuzz.partial_ratio(fold(title)[0], self.simple)

    def exact(self, title: str) -> list[tuple[int, int]]:
        """Where a folded title stands, as whole words."""
        places, at = [], self.letters.find(title)
        while at >= 0:
            start, end = self.origin[at], self.origin[at + len(title) - 1] + 1
            if not (self.text[start - 1 : start].isalnum() or self.text[end : end + 1].isalpha()):
                places.append((start, end))
            at = self.letters.find(title, at + 1)
        return places

    def like(self, title: str) -> tuple[float, int, int]:
        """Likeness of the passage most like a title, and where it stands; nothing if too few of its words are there."""
        from rapidfuzz import fuzz

        simple = fold(title)[0]
        words = {word for word in re.findall(r"\w+", simple) if len(word) > 3}
        if 2 * len(words & self.words) < len(words) or not self.simple:
            return 0.0, 0, 0
        best = fuzz.partial_ratio_alignment(simple, self.simple)
        if best is None or best.dest_end <= best.dest_start:
            return 0.0, 0, 0
        start, end = self.starts[best.dest_start], self.ends[best.dest_end - 1]
        while start and self.text[start - 1].isalnum():
            start -= 1
        while end < len(self.text) and self.text[end].isalnum():
            end += 1
        return best.score, start, end

    def stands_apart(self, start: int, end: int, title: str) -> bool:
        """Whether a passage is a title of its own: whole lines, which neither the line before nor that after go on with."""
        before, after = self.text[:start].split("\n"), self.text[end:].split("\n")
        previous = next((line for line in reversed(before[:-1]) if line.strip()), "")
        following = next((line for line in after[1:] if line.strip()), "").strip()
        if not _LABEL.fullmatch(before[-1]) or any(c.isalpha() for c in after[0]) or re.search(r"[:–—]\s*$", after[0]):
            return False
        if _RUNS_ON.search(previous) or (following[:1].islower() and not following.startswith("by ")):
            return False
        around = " | ".join((previous, before[-1], following))
        return all(folded(found[0]) in folded(title) for found in _OTHER.finditer(around))


def _letters(raw: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", raw).casefold() if c.isalnum())


def _by_title(page: _Head, text: Text, reports: Reports) -> Match:
    exact = {id_: found for id_, title in reports.titles.items() if (found := page.exact(title))}
    longest = {
        id_ for id_ in exact
        if not any(reports.titles[id_] in reports.titles[o] and reports.titles[id_] != reports.titles[o] for o in exact)
    }  # fmt: skip
    if longest:
        return _with_title(longest & reports.sought or longest, exact, page, text, reports)
    likely: dict[str, float] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for id_ in sorted(reports.sought & set(reports.titles)):
        score, start, end = page.like(reports.rows[id_]["title"])
        if score >= ALIKE:
            likely[id_], places[id_] = score, [(start, end)]
    if not likely:
        return Match(why="no report has its title or DOI")
    altered = [i for i in likely if difference(reports.rows[i]["title"], page.text[slice(*places[i][0])])]
    if len(likely) > 1 or min(likely.values()) < LIKE or altered:
        return _doubt(likely, reports, "its title is only like that of a report")
    return _with_title(set(likely), places, page, text, reports)


def _with_title(
    ids: set[str], places: Mapping[str, list[tuple[int, int]]], page: _Head, text: Text, reports: Reports
) -> Match:
    """The one report whose title stands in the text, if nothing speaks against it."""
    if len(ids) > 1:
        return _doubt(ids, reports, "several reports have its title")
    (id_,) = ids
    row = reports.rows[id_]
    if not any(page.stands_apart(start, end, row["title"]) for start, end in places[id_]):
        return _doubt(
            ids, reports, "the title of a report stands there, but as part of another line or beside other words"
        )
    dois = {normalise.doi(text.doi)} if normalise.doi(text.doi) else page.dois
    own = record_ids.dois(row)
    if own and dois and own.isdisjoint(dois):
        return _doubt(ids, reports, f"it has the title of a report, but another DOI ({', '.join(sorted(dois)[:3])})")
    if why := _against(page, row):
        return _doubt(ids, reports, f"it has the title of a report, but {why}")
    return _decided(ids, "title", reports)


def _against(page: _Head, row: Row) -> str:
    """What in the text speaks against a record with its title: other years, or neither its authors nor its year."""
    year = int(row["year"]) if row["year"] else 0
    if year and page.years and not any(abs(year - other) <= 1 for other in page.years):
        return f"names the years {', '.join(str(other) for other in sorted(page.years)[:5])} only"
    if year in page.years or any(name in page.words for name in _families(row)):
        return ""
    return "neither an author nor the year of that report"


def _families(row: Row) -> list[str]:
    """The last words of the family names (or of the bodies) of a record's first authors, as they are compared."""
    names = [author["family"] or author["literal"] for author in json.loads(row["authors"] or "[]")[:5]]
    words = [re.findall(r"\w+", fold(name)[0]) for name in names]
    return [found[-1] for found in words if found]
