"""Labelled records written out as three exports, with duplicates and broken entries planted among them.

What is an entry of what is known from here, by file and first line, so that a test can hold the review's numbers
against the truth. Nothing of scoping is used here.
"""

import hashlib
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

Row = Mapping[str, str]

SCOPUS, WOS, LIBRARY = "scopus.ris", "wos.txt", "library.bib"
SOURCES = {SCOPUS: "scopus", WOS: "wos", LIBRARY: "library"}
SHARES = ((45, SCOPUS), (75, WOS), (100, LIBRARY))  # per cent, running
CERTAIN = {"capitals": 200, "no doi": 90, "repeat": 10}
ASKED = {"year": 8, "subtitle": 8, "typo": 6}  # no rule is certain of these: the model is, or people are asked
UNREADABLE = 7


def drawn(*words: str) -> int:
    """A number that only these words decide: what is drawn by lot here is the same on every day and computer."""
    return int.from_bytes(hashlib.sha256(":".join(words).encode()).digest()[:8], "big")


def letters(title: str) -> str:
    """A title as people compare it: letters and digits alone, without case."""
    return "".join(sign for sign in title.casefold() if sign.isalnum())


# --- the records, and how copies of them differ ---------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """What a database knows of a record. `origin` is the id of the record in the table of labels."""

    origin: str
    kind: str  # original, one of CERTAIN or ASKED, unreadable
    title: str
    authors: tuple[str, ...]
    year: str
    journal: str
    doi: str
    abstract: str
    keywords: tuple[str, ...]
    ended: bool = True


@dataclass(frozen=True)
class Entry:
    """An entry as it was written: where it begins, and what it is an entry of (nothing for a broken one)."""

    file: str
    line: int
    origin: str
    kind: str


@dataclass
class Planted:
    """The truth: every entry, and every title under which a record may be met (by its letters) -> the record."""

    entries: list[Entry] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    def kinds(self, names: Mapping[str, int]) -> list[Entry]:
        """The entries of some kinds."""
        return [entry for entry in self.entries if entry.kind in names]


def without_repeats(rows: Sequence[Row]) -> list[Row]:
    """Brute force: every row is held against all rows before it, and left out if its DOI or its title was there."""
    kept: list[Row] = []
    dois: set[str] = set()
    titles: set[str] = set()
    for row in rows:
        doi, title = row["doi"].strip().lower(), letters(row["title"])
        if (doi and doi in dois) or title in titles:
            continue
        kept.append(row)
        dois.add(doi)
        titles.add(title)
    return kept


def _reference(row: Row) -> Reference:
    return Reference(
        origin=row["record_id"],
        kind="original",
        title=row["title"].strip(),
        authors=tuple(name.strip() for name in row["authors"].split(" and ") if name.strip()),
        year=row["year"].strip(),
        journal=row["journal"].strip(),
        doi=row["doi"].strip(),
        abstract=row["abstract"].strip(),
        keywords=tuple(word.strip() for word in row["keywords"].split(";") if word.strip()),
    )


def _abbreviated(journal: str) -> str:
    words = [word for word in journal.split() if word.casefold() not in ("of", "the", "and", "in", "&", "on", "for")]
    return " ".join(word.capitalize() if len(word) < 6 else f"{word[:4].capitalize()}." for word in words)


def _swapped(title: str) -> str:
    """A slip of the keyboard in the longest word."""
    word = max(title.split(), key=len)
    return title.replace(word, word[:2] + word[3] + word[2] + word[4:], 1)


def _clear_of_numbers(text: str) -> bool:
    return not re.search(r"\d|\b[ivx]+\b", text, re.IGNORECASE)


def _has_family(ref: Reference) -> bool:
    return bool(ref.authors) and "," in ref.authors[0] and bool(ref.year) and len(letters(ref.title)) > 30


# Kind -> (which records can be copied so, how the copy differs). A copy in another database has its journal abbreviated.
# A subtitle with a number in it is not dropped: Part I and Part II are different reports, so nobody is asked about those.
COPIES: dict[str, tuple[Callable[[Reference], bool], Callable[[Reference], dict[str, object]]]] = {
    "capitals": (
        lambda ref: bool(ref.doi),
        lambda ref: {"doi": ref.doi.upper(), "title": ref.title.upper() if drawn(ref.origin) % 2 else ref.title},
    ),
    "no doi": (_has_family, lambda ref: {"doi": "", "title": f"{ref.title.capitalize().rstrip('.')}."}),
    "repeat": (lambda ref: bool(ref.authors), lambda _: {}),
    "year": (_has_family, lambda ref: {"doi": "", "year": str(int(ref.year) + 1)}),
    "subtitle": (
        lambda ref: (
            _has_family(ref) and len(letters(ref.title.partition(": ")[0])) > 30 and ": " in ref.title
            and _clear_of_numbers(ref.title.partition(": ")[2])
        ),
        lambda ref: {"doi": "", "title": ref.title.partition(": ")[0]},
    ),
    "typo": (
        lambda ref: _has_family(ref) and len(letters(ref.title)) > 60 and max(map(len, ref.title.split())) > 8,
        lambda ref: {"doi": "", "title": _swapped(ref.title)},
    ),
}  # fmt: skip


def _copies(originals: Sequence[Reference]) -> list[Reference]:
    """One copy of some records, each of one kind."""
    wanted = {**ASKED, **CERTAIN}
    out = []
    for ref in sorted(originals, key=lambda ref: drawn("copy", ref.origin)):
        kind = next((kind for kind, number in wanted.items() if number and COPIES[kind][0](ref)), None)
        if kind is None:
            continue
        wanted[kind] -= 1
        changes: dict[str, object] = {**COPIES[kind][1](ref), "kind": kind}
        if kind != "repeat":
            changes["journal"] = _abbreviated(ref.journal)
        out.append(replace(ref, **changes))  # type: ignore[arg-type]
    assert not any(wanted.values()), wanted
    return out


def _home(origin: str) -> str:
    """The file that has a record."""
    place = drawn("home", origin) % 100
    return next(name for share, name in SHARES if place < share)


def _place(ref: Reference) -> str:
    """The file that has an entry: a copy lies in another file than the record, a repeat in the same."""
    home = _home(ref.origin)
    if ref.kind in ("original", "repeat"):
        return home
    others = [name for name in SOURCES if name != home]
    return others[drawn("away", ref.origin) % 2]


def _broken() -> dict[str, list[Reference]]:
    """Entries that nothing identifies: no title (or one that says so), no DOI, no number of a database."""
    said = "An entry that came without a title, as exports do when a publisher left the field empty."
    title = {0: "", 1: "[No title available]", 2: "No Title"}
    out: dict[str, list[Reference]] = {name: [] for name in SOURCES}
    for number in range(UNREADABLE):
        file = list(SOURCES)[number % 3]
        out[file].append(
            Reference("", "unreadable", title[number // 3], ("Nemo, A. B.",), "2011", "", "", f"{said} {number}", ())
        )
    return out


# --- three formats --------------------------------------------------------------------------------------------------


def _initials(name: str, stop: str) -> str:
    family, comma, given = name.partition(", ")
    if not comma:
        return name
    short = re.fullmatch(r"[A-Z]{1,3}", given)
    first = list(given) if short else [part[0] for part in re.split(r"[\s.-]+", given) if part]
    return f"{family}, {''.join(f'{letter.upper()}{stop}' for letter in first)}"


def _ris(ref: Reference) -> str:
    """As Scopus writes it: initials, an address with its own number, a note, one keyword a line."""
    lines = ["TY  - JOUR", *(f"AU  - {_initials(name, '.')}" for name in ref.authors)]
    lines += [f"{tag}  - {text}" for tag, text in (("TI", ref.title), ("PY", ref.year), ("T2", ref.journal)) if text]
    lines += [f"DO  - {ref.doi}"] if ref.doi else []
    if ref.origin:
        lines.append(f"UR  - https://www.scopus.com/inward/record.uri?eid={_number('2-s2.0-85', ref)}&partnerID=40")
    lines += [f"AB  - {ref.abstract}"] if ref.abstract else []
    lines += [f"KW  - {word}" for word in ref.keywords]
    lines += ["N1  - Export Date: 12 January 2026; Cited By: 4", "DB  - Scopus", *(["ER  - ", ""] if ref.ended else [])]
    return "\n".join(lines) + "\n"


def _wos(ref: Reference) -> str:
    """As Web of Science writes it: continued lines, short and full names, its own number."""

    def block(tag: str, lines: Sequence[str]) -> list[str]:
        return [f"{tag if not place else '  '} {line}" for place, line in enumerate(lines)]

    lines = ["PT J", *block("AU", [_initials(name, "") for name in ref.authors]), *block("AF", ref.authors)]
    lines += block("TI", textwrap.wrap(ref.title, 76, break_on_hyphens=False, break_long_words=False))
    lines += block("SO", [ref.journal] if ref.journal else [])
    lines += block("DE", [word for word in ["; ".join(ref.keywords)] if word])
    lines += ["DT Article", *block("AB", [ref.abstract] if ref.abstract else [])]
    lines += [f"{tag} {text}" for tag, text in (("PY", ref.year), ("DI", ref.doi)) if text]
    lines += [f"UT {_number('WOS:000', ref)}"] if ref.origin else []
    return "\n".join([*lines, "ER", "", ""])


def _bibtex(ref: Reference) -> str:
    """As a reference manager writes it: LaTeX escapes, full names, no number of a database."""
    fields = {
        "author": " and ".join(ref.authors),
        "title": ref.title,
        "journal": ref.journal,
        "year": ref.year,
        "doi": ref.doi,
        "abstract": ref.abstract,
        "keywords": "; ".join(ref.keywords),
    }
    escaped = {name: re.sub(r"([&%$#_])", r"\\\1", text) for name, text in fields.items() if text}
    body = ",\n".join(f"  {name} = {{{text}}}" for name, text in escaped.items())
    return f"@article{{ref{ref.origin}{ref.kind.replace(' ', '')},\n{body}\n}}\n\n"


def _number(prefix: str, ref: Reference) -> str:
    return f"{prefix}{drawn('number', prefix, ref.origin) % 10**9:09d}"


_WRITERS: dict[
    str, tuple[str, Callable[[Reference], str], str, str]
] = {  # what stands before, an entry, after; line end
    SCOPUS: ("\ufeff", _ris, "", "\r\n"),
    WOS: ("FN Clarivate Analytics Web of Science\nVR 1.0\n", _wos, "EF\n", "\n"),
    LIBRARY: ("% a library of references, written out by hand\n\n", _bibtex, "", "\n"),
}


def write(rows: Sequence[Row], folder: Path) -> Planted:
    """Write the exports into a folder; what was planted is returned."""
    originals = [_reference(row) for row in rows]
    cut = [ref.origin for ref in originals if _home(ref.origin) == SCOPUS][10:1000:400]  # entries without an end
    originals = [replace(ref, ended=ref.origin not in cut) for ref in originals]
    contents = _broken()
    truth = Planted()
    for ref in [*originals, *_copies(originals)]:
        contents[_place(ref)].append(replace(ref, ended=ref.ended or ref.kind != "original"))
        known = truth.titles.setdefault(letters(ref.title), ref.origin)
        assert known == ref.origin, f"{ref.title} is the title of {known} and {ref.origin}"
    for name, (before, entry, after, line_end) in _WRITERS.items():
        text = before
        line = 1 + text.count("\n")
        for ref in sorted(contents[name], key=lambda ref: drawn(name, ref.origin, ref.kind, ref.abstract)):
            truth.entries.append(Entry(name, line, ref.origin, ref.kind))
            written = entry(ref)
            text += written
            line += written.count("\n")
        (folder / name).write_text((text + after).replace("\n", line_end), encoding="utf-8", newline="")
    return truth
