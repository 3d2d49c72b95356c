"""Whatever the readers can say of an entry is written in each form, and read back the same; every cut of a file is covered."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rispy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoping import exchange, normalise, readers, reference_files
from scoping.errors import ScopingError
from scoping.readers import parse
from scoping.readers.fields import Fields, fields
from scoping.tables import Row, compact

EXPORTS = Path(__file__).resolve().parents[1] / "fixtures" / "exports"

# what each form has a place for; the other tests of these forms say the same of one record in full
ALL = ("title", "abstract", "year", "journal", "volume", "issue", "pages", "doi", "url", "language", "publisher")
KEPT = {
    "ris": ("type", *ALL),
    "bibtex": ALL,
    "csl-json": ("type", *ALL),
    "asreview": ("title", "abstract", "year", "journal", "doi", "url"),
    "rayyan": ALL,
    "covidence": ALL[:8],
    "zotero": ALL,
}
WRITERS: dict[str, Callable[[list[Row]], bytes]] = {
    "ris": reference_files.ris,
    "bibtex": reference_files.bibtex,
    **{name: lambda rows, write=write: write(rows, {}) for name, write in exchange.FORMS.items()},
}
WITHOUT_KEYWORDS = {"covidence"}

LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"))
SIGNS = st.sampled_from(
    [*"\"'{}\\&%$#_~^,;:|-–@=<>/[]()", " and ", " & ", "--", "``", "ER  - ", "TY  - ", "\u2028", "=1", "TI  - "]
)
TEXT = st.lists(st.one_of(st.text(LETTERS, max_size=8), SIGNS, st.sampled_from(["a", "Word", "Zoë "])), max_size=8).map(
    "".join
)
WORDS = st.lists(st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1, max_size=6), max_size=3).map(
    " ".join
)


def person(one: normalise.Author) -> dict[str, str]:
    return {"family": one.family, "given": one.given, "literal": one.literal}


NAMES = st.sampled_from(["Marsh", "Łoś", "O'Neill", "Núñez", "Jean-Luc", "Zoë", "李", "Ōe", "Vasari", "Smith"])
PARTICLES = st.sampled_from(["", "", "van der ", "de ", "Al-"])
GIVEN = st.lists(st.one_of(NAMES, st.sampled_from(["A.", "B", "J.-P."])), max_size=3).map(" ".join)
FAMILIES = st.tuples(PARTICLES, st.lists(NAMES, min_size=1, max_size=2).map(" ".join), GIVEN).map(
    lambda parts: f"{parts[0]}{parts[1]}, {parts[2]}"
)
BODIES = st.just("Ministry of Health")


@st.composite
def read_entries(draw: st.DrawFn, names: st.SearchStrategy[str]) -> Fields:
    """What the readers make of an entry with these values: nothing else can stand in a record."""
    tags = [
        ("TY", draw(st.sampled_from(["JOUR", "RPRT", "THES"]))),
        ("TI", draw(TEXT)), ("AB", draw(TEXT)), ("T2", draw(TEXT)), ("PB", draw(TEXT)),
        *(("AU", name) for name in draw(st.lists(names, max_size=3))),
        ("PY", draw(st.integers(1500, 2099).map(str))), ("VL", draw(WORDS)), ("IS", draw(WORDS)), ("SP", draw(WORDS)),
        ("LA", draw(WORDS)),
        ("DO", draw(st.sampled_from(["", "10.5555/a_b(1)", "10.1002/(SICI)1097<1::AID>3.0.CO;2-S"]))),
        ("UR", draw(st.sampled_from(["", "https://a.example/x_y?a=b&c=%20#d", "http://a.example/~y"]))),
        *(("KW", draw(WORDS)) for _ in range(draw(st.integers(0, 2)))),
    ]  # fmt: skip
    return fields("ris", "", tags)


def composed(text: str) -> str:
    """Letters and accents in one form: reading LaTeX puts them together."""
    return unicodedata.normalize("NFC", text)


def row_of(found: Fields, make: Any, id_: str = "A") -> Row:
    said = {name: getattr(found, name) for name in ("type", *ALL)}
    people, words = compact([person(one) for one in found.authors]), compact(list(found.keywords))
    return make.record(id_, **{**said, "authors": people, "keywords": words})


def again(data: bytes) -> list[Fields]:
    parsed = parse(data)
    assert parsed.markers == len(parsed.entries)
    return [fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries]


# in a cell all names stand together: one that holds what parts them cannot be told from two
ALONE, IN_A_CELL = st.one_of(FAMILIES, WORDS, BODIES), st.one_of(FAMILIES, BODIES)


@pytest.mark.parametrize("form", WRITERS)
def test_what_was_read_is_written_and_read_back(form: str, make: Any) -> None:
    names = ALONE if form in {"ris", "csl-json"} else IN_A_CELL

    @settings(max_examples=100, deadline=None)
    @given(read_entries(names), read_entries(names))
    def holds(first: Fields, second: Fields) -> None:
        assume(first.title and second.title)
        rows = [row_of(first, make), row_of(second, make, "B")]
        back = again(WRITERS[form](rows))
        assert len(back) == 2
        for wanted, found in zip((first, second), back, strict=True):
            assert {name: composed(getattr(found, name)) for name in KEPT[form]} == {
                name: composed(getattr(wanted, name)) for name in KEPT[form]
            }
            assert [composed(str(person(one))) for one in found.authors] == [
                composed(str(person(one))) for one in wanted.authors
            ]
            if form not in WITHOUT_KEYWORDS:
                assert found.keywords == wanted.keywords

    holds()


def test_another_reader_reads_the_same_from_ris(make: Any) -> None:
    @settings(max_examples=100, deadline=None)
    @given(st.lists(read_entries(ALONE), min_size=1, max_size=3))
    def holds(entries: list[Fields]) -> None:
        rows = [row_of(each, make, str(number)) for number, each in enumerate(entries)]
        found = rispy.loads(reference_files.ris(rows).decode())
        assert [entry["id"] for entry in found] == [row["record_id"] for row in rows]
        for row, entry in zip(rows, found, strict=True):
            for ours, theirs in {
                "title": "title",
                "abstract": "abstract",
                "year": "year",
                "doi": "doi",
                "journal": "secondary_title",
            }.items():
                assert entry.get(theirs, "") == " ".join(row[ours].split())
            names = [
                ", ".join(filter(None, (one["family"] or one["literal"], one["given"])))
                for one in json.loads(row["authors"])
            ]
            assert entry.get("authors", []) == names
            assert entry.get("keywords", []) == json.loads(row["keywords"])

    holds()


# --- cut anywhere ----------------------------------------------------------------------------------------------------

SMALL = 1000  # bytes
SIZES = {path.name: path.stat().st_size for path in EXPORTS.iterdir()}


def assert_every_byte_is_owned(data: bytes) -> None:
    """Every byte that is not blank belongs to one entry or issue, or the file is refused as a whole."""
    try:
        parsed = parse(data)
    except ScopingError:
        return
    spans = [(entry.byte_start, entry.byte_end) for entry in parsed.entries]
    spans += [(issue.byte, issue.byte_end) for issue in parsed.issues if issue.byte_end > issue.byte]
    position = 0
    for start, end in [*sorted(spans), (len(data), len(data))]:
        assert position <= start, "two spans overlap"
        assert not data[position:start].strip(b" \t\r\n"), f"nobody owns {data[position:start]!r}"
        position = end
    for entry in parsed.entries:
        fields(parsed.format, parsed.dialect, entry.tags)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if size > SMALL else []) for name, size in sorted(SIZES.items())],
)
def test_a_file_cut_at_every_byte_is_covered(name: str) -> None:
    whole = (EXPORTS / name).read_bytes()
    for place in range(1, len(whole)):
        assert_every_byte_is_owned(whole[:place])
        assert_every_byte_is_owned(whole[place:])


def test_bytes_that_nobody_owns_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check itself: where no issue is made of the text around the entries, it fails."""
    data = (EXPORTS / "ovid.ris").read_bytes()
    assert_every_byte_is_owned(data)
    monkeypatch.setattr(readers, "_outside", lambda *_: ())
    with pytest.raises(AssertionError, match="nobody owns"):
        assert_every_byte_is_owned(data)
