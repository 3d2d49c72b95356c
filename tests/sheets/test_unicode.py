"""Twenty thousand random texts: what `write` lays out and what people type comes back letter for letter.

Texts are made of letters of all planes, controls, marks that combine, both directions, line ends and what looks like a
formula or like the codes that workbooks use for control characters. What LibreOffice itself changes when it saves is
named by `without_tabs`, and nothing else may differ.
"""

import io
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from scoping.identity import content_id
from scoping.workbook import child, keys, layout
from scoping.workbook.grids import TabGrid, unpacked
from scoping.workbook.layout import Input, Row, Sheet, Shown, Tab
from scoping.workbook.read import Rules, understand
from scoping.workbook.write import write

pytestmark = pytest.mark.slow

ROWS = 5000
STYLES = ("title", "highlight", "plain", "small")
_SPANS = [
    *[(0x20, 0x7E)] * 6,
    *[(0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0x1100, 0x11FF)],
    *[(0x2000, 0x206F), (0x2070, 0x2BFF), (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xD800, 0xDFFF)],
    *[(0xE000, 0xE010), (0xFB00, 0xFDFF), (0xFE00, 0xFFFF), (0x10000, 0x1FFFF), (0x20000, 0x2FFFF), (0x1F300, 0x1FAFF)],
    *[(0xE0000, 0xE01EF), (0xF0000, 0x10FFFF), (0, 0x1F), (0x7F, 0x9F)],
]
_BEGINNINGS = ["=", "+", "-", "@", "\t", "'", "  ", "\ufeff", "=cmd|' /C calc'!A0", "<r>", "<b>&amp;", '"']
_PIECES = [
    "_x000D_",
    "_x0041_",
    "_xD83D_",
    "\r\n",
    "\r",
    "\n",
    "\n\n",
    "evidence",
    "  ",
    "\u2028",
    "\x85",
    "\x0b",
    "]]>",
]


def text(rng: random.Random) -> str:
    """A random text, never empty."""
    length = rng.choice([1, 3, 10, 40, 40, 200]) if rng.random() < 0.998 else rng.choice([5000, 31_000, 40_000])
    letters = [chr(rng.randint(*rng.choice(_SPANS))) for _ in range(rng.randint(1, length))]
    for _ in range(rng.randint(0, 2)):
        letters.insert(rng.randrange(len(letters) + 1), rng.choice(_PIECES))
    # two codes that touch cannot be told from one that is quoted; none does in what people write
    return re.sub(r"(?<=_x[0-9A-F]{4}_)x", "-", rng.choice([*_BEGINNINGS, *[""] * 30]) + "".join(letters))


@cache
def texts() -> tuple[tuple[str, ...], ...]:
    """A row: four texts."""
    rng = random.Random(20_000)
    return tuple(tuple(text(rng) for _ in range(4)) for _ in range(ROWS))


@cache
def ids() -> tuple[str, ...]:
    return tuple(content_id(f"unicode {n}") for n in range(ROWS))


@cache
def shown(number: int = ROWS) -> bytes:
    """A sheet as `write` lays it out, with the first texts in columns that are shown, four in a row."""
    columns = tuple(Shown(f"Shown {n}", 40, style) for n, style in enumerate(STYLES))
    return _written(columns, [Row(item, row) for item, row in zip(ids()[:number], texts(), strict=False)])


@cache
def typed(number: int = 20_000) -> bytes:
    """A sheet with the first texts in yellow cells, in the file as a program puts them."""
    rows = [Row(item, ("t",)) for item in note_ids()[:number]]
    book = openpyxl.load_workbook(io.BytesIO(_written((Shown("Title", 20),), rows)))
    lines = [line for tab in book.worksheets for line in tab.iter_rows()]
    cells = {key.item: line for line in lines if (key := keys.find(str(line[-1].value)))}
    for item, words in list(zip(note_ids(), notes(), strict=True))[:number]:
        cells[item][0].value = "include"
        cells[item][1].value = re.sub(r"(_x[0-9A-Fa-f]{4}_)", r"_x005F\1", words)
        cells[item][1].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _written(columns: tuple[Shown, ...], rows: list[Row]) -> bytes:
    inputs = (Input("decision", "Decision", 14, ("include",)), Input("note", "Note", 30))
    tabs = tuple(Tab(f"Tab {at // ROWS}", tuple(rows[at : at + ROWS])) for at in range(0, len(rows), ROWS))
    return write(Sheet("ta01.anna", "Unicode", "", "", inputs, columns, tabs, keywords=("evidence",)))


@cache
def notes() -> tuple[str, ...]:
    """Every text as a person may have typed it: what XML forbids cannot be in a workbook."""
    return tuple(layout.clean(words) for row in texts() for words in row)


@cache
def note_ids() -> tuple[str, ...]:
    return tuple(content_id(f"note {n}") for n in range(len(notes())))


def expected() -> dict[str, tuple[str, ...]]:
    """Item → what must come back: cleaned as documented."""
    return {item: tuple(layout.clean(words) for words in row) for item, row in zip(ids(), texts(), strict=True)}


def by_item(tabs: list[TabGrid]) -> dict[str, tuple[str, ...]]:
    """Item → the texts of its row."""
    found = {}
    for row in tabs[0].rows.values():
        key = next((key for cell in row.values() if (key := keys.find(cell.text))), None)
        if key and key.checkpoint is None:
            assert {cell.kind for cell in row.values()} == {"text"}
            found[key.item] = tuple(_unmarked(row[at].text) if at in row else "" for at in range(3, 7))
    return found


def _unmarked(words: str) -> str:
    return words.removeprefix(layout.LONG_MARK)


def differing(there: dict[str, tuple[str, ...]], wanted: dict[str, tuple[str, ...]]) -> list[tuple[str, str, str]]:
    """Every cell that came back otherwise."""
    assert there.keys() == wanted.keys()
    return [
        (item, ascii(right)[:120], ascii(left)[:120])
        for item, row in wanted.items()
        for right, left in zip(row, there[item], strict=True)
        if right != left and not _cut_with_mark(right, left)
    ]


def _cut_with_mark(right: str, left: str) -> bool:
    """A text so long that the mark of long texts cut some letters more off its end."""
    return (
        left.endswith(layout.CUT_MARK) and right.startswith(left.removesuffix(layout.CUT_MARK)) and len(right) > 10_000
    )


def ours(data: bytes) -> dict[str, tuple[str, ...]]:
    return by_item([unpacked(tab) for tab in child._read(data, child.LIMITS)])


RULES = Rules({"decision": ("decision",), "note": ("note",)}, {"include": "include"})


def as_read(words: str) -> str:
    """A field as the reader takes it: without blanks and marks around it."""
    return layout.legal(words).strip().strip("\u200b\u200e\u200f\ufeff").strip() if keys.plain(words) else ""


def note_differences(
    data: bytes, changed: Callable[[str], str] = lambda words: words, number: int = 20_000
) -> list[tuple[str, str, str]]:
    """Every note that is read otherwise than it was typed, but for what the format changes."""
    tabs = child.grid(data)
    assert isinstance(tabs, list), tabs
    reading = understand(tabs, RULES)
    assert (reading.doubts, reading.held) == ([], [])
    assert reading.labels.keys() == set(note_ids()[:number])
    return [
        (item, as_read(changed(words)), reading.labels[item].fields["note"])
        for item, words in list(zip(note_ids(), notes(), strict=True))[:number]
        if reading.labels[item].fields["note"] != as_read(changed(words))
    ]


def test_our_reader_gives_every_note_back() -> None:
    assert len(notes()) == 20_000
    assert note_differences(typed()) == []


def test_our_reader_gives_every_text_back() -> None:
    assert len(texts()) * 4 == 20_000
    tabs = child.grid(shown())
    assert isinstance(tabs, list)
    assert differing(by_item(tabs), expected()) == []


def test_other_readers_give_every_text_back() -> None:
    rows = python_calamine.load_workbook(io.BytesIO(shown())).get_sheet_by_index(0).to_python()
    assert differing(_plain_rows(rows), expected()) == []
    book = openpyxl.load_workbook(io.BytesIO(shown()), read_only=True)
    assert (
        differing(_plain_rows([list(row) for row in book.worksheets[0].iter_rows(values_only=True)]), expected()) == []
    )


def _plain_rows(rows: list[list[object]]) -> dict[str, tuple[str, ...]]:
    keyed = {key.item: row for row in rows if (key := keys.find(str(row[-1]))) and key.checkpoint is None}
    return {item: tuple(_unmarked(str(words)) for words in row[2:6]) for item, row in keyed.items()}


def test_control_one_letter_is_noticed() -> None:
    there = ours(shown(20))
    wanted = {item: row for item, row in expected().items() if item in there}
    assert differing(there, wanted) == []
    item, row = next(iter(there.items()))
    assert len(differing({**there, item: (row[0] + "x", *row[1:])}, wanted)) == 1


# --- through LibreOffice ---------------------------------------------------------------------------------------------

LIBREOFFICE = 2000  # texts: laying out rows costs it most of the time, see the heights of rows

needs_soffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


def saved(data: bytes, form: str, folder: Path) -> bytes:
    """A file as LibreOffice saves it in another format."""
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "sheet.xlsx").write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", form]
    target = folder / f"sheet.{form.partition(':')[0]}"
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "in" / "sheet.xlsx")],
        capture_output=True,
        timeout=500,
        check=True,
    )
    return target.read_bytes()


def without_tabs(words: str) -> str:
    """What LibreOffice 7.4 loses when it saves as ods: the tabs of a text of several lines."""
    return words.replace("\t", "") if "\n" in words else words


@needs_soffice
@pytest.mark.parametrize(
    ("form", "changed"),
    [
        ("xlsx:Calc MS Excel 2007 XML", str),
        ("ods", without_tabs),
        ("csv:Text - txt - csv (StarCalc):44,34,76,1", str),
    ],
    ids=["xlsx", "ods", "csv"],
)
def test_libreoffice_gives_every_note_back(form: str, changed: Callable[[str], str], tmp_path: Path) -> None:
    data = saved(typed(LIBREOFFICE), form, tmp_path)
    assert note_differences(data, changed, LIBREOFFICE) == []
    if changed is without_tabs:  # it does lose them, else the difference would have to go from here
        assert 0 < len(note_differences(data, number=LIBREOFFICE)) < LIBREOFFICE / 20


@needs_soffice
def test_an_xls_loses_what_calamine_loses_and_nothing_else(tmp_path: Path) -> None:
    """A character beyond U+FFFF that lies across two records of an .xls comes back as two U+FFFD, and a note says so."""
    data = saved(typed(LIBREOFFICE), "xls:MS Excel 97", tmp_path)
    lost = note_differences(data, number=LIBREOFFICE)
    assert len(lost) < LIBREOFFICE / 100
    for _, words, there in lost:
        assert _ASTRAL.sub("\ufffd\ufffd", words) == _ASTRAL.sub("\ufffd\ufffd", there)
    tabs = child.grid(data)
    assert isinstance(tabs, list)
    assert not lost or tabs[0].note


_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@needs_soffice
def test_libreoffice_gives_every_shown_text_back(tmp_path: Path) -> None:
    rows = LIBREOFFICE // 4
    there = ours(saved(shown(rows), "xlsx:Calc MS Excel 2007 XML", tmp_path))
    assert differing(there, dict(list(expected().items())[:rows])) == []
