"""Sheets that come back as .ods, .xls or .csv: the same answers as from .xlsx, or a clear word about why not.

The fixtures were saved by LibreOffice 7.4 from sheets that `write` made: `filled` holds thirty records with answers,
`kinds` numbers, dates, errors, formulas, merged cells, a comment and a link among them. `TRUTH` says what was written.
"""

import codecs
import csv
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from scoping.identity import content_id
from scoping.workbook import child, grid_ods, grid_xls, keys
from scoping.workbook.child import LIMITS, ReadFailure, RefusedError, TabGrid, grid
from scoping.workbook.grids import Limits, unpacked
from scoping.workbook.layout import CHECKPOINT_EVERY
from scoping.workbook.read import Reading, Rules, read, understand

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sheets"
SHEET = "ta01-pilot.anna"
IDS = [content_id(f"record {n}") for n in range(30)]
WORDS = {"include": "include", "exclude": "exclude", "unsure": "unsure"}
TRUTH = {n: ("include", "exclude", "unsure", "")[(n * 7 + n // 3) % 4] for n in range(30)}
RULES = Rules({"decision": ("decision",), "reason": ("reason (if excluded)",), "note": ("note",)}, WORDS)


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def cells(data: bytes, limits: Limits = LIMITS) -> list[TabGrid]:
    """The cells of a file, read in this process."""
    return [unpacked(tab) for tab in child._read(data, limits)]


def assert_truth(reading: Reading) -> None:
    assert (reading.sheet, reading.doubts, reading.held) == (SHEET, [], [])
    assert {item: label.fields["decision"] for item, label in reading.labels.items()} == {
        IDS[n]: word for n, word in TRUTH.items() if word
    }
    assert {label.fields["reason"] for label in reading.labels.values() if label.fields["decision"] == "exclude"} == {
        "wrong topic"
    }
    assert reading.rows == set(IDS)


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        cells(data)
    return str(caught.value)


# --- what LibreOffice saved ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["filled.ods", "filled.xls"])
def test_other_formats_give_the_same_answers(name: str) -> None:
    reading = read(fixture(name), RULES)
    assert_truth(reading)
    assert reading.notes == []
    assert reading.labels[IDS[0]].cell == "Screening!A6"


@pytest.mark.parametrize("name", ["kinds.ods", "kinds.xls"])
def test_what_is_no_text_holds_its_row_and_merged_cells_the_file(name: str) -> None:
    reading = understand(cells(fixture(name)), RULES)
    kinds = ["number", "number", "date", "error", "number", "number", "date"]
    assert [held.cell for held in reading.held] == [f"Screening!A{row}" for row in range(6, 13)]
    assert [kind for held, kind in zip(reading.held, kinds, strict=True) if f" {kind}, not a text" in held.problem] == (
        kinds
    )
    assert [(doubt.cell, doubt.problem[:32]) for doubt in reading.doubts] == [
        ("Screening!B18", "merged cells over rows 18 to 19:")
    ]
    assert reading.labels[IDS[8]].fields["note"] == 'two  blanks\nline  x\n\nq; "x", ü 😀 中'
    assert reading.labels[IDS[9]].fields["note"] == "c"
    assert "Screening!C17 (43528), Screening!C21 (35.5)" in reading.notes[0]
    tab = cells(fixture(name))[0]
    assert tab.rows[20][3].text == "https://x.y/z"
    assert tab.merged == ((18, 2, 19, 2),)


@pytest.mark.parametrize("name", ["kinds.ods", "filled.xls"])
def test_the_child_reads_what_this_process_reads(name: str) -> None:
    assert grid(fixture(name)) == cells(fixture(name))


# --- ods -------------------------------------------------------------------------------------------------------------

_SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for space, prefix in {**grid_ods._PREFIXES, "http://www.w3.org/1999/xlink": "xlink"}.items()
)


def ods(*tables: str, before: str = "", mime: str = child._ODS.decode(), **parts: str) -> bytes:
    """An .ods file of tables given as XML."""
    body = "".join(f'<table:table table:name="T{n}">{table}</table:table>' for n, table in enumerate(tables, 1))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {_SPACES}><office:body>'
        f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", mime)
        for name, text in {"content.xml": content, "META-INF/manifest.xml": manifest, **parts}.items():
            archive.writestr(name, text)
    return out.getvalue()


def row(*inner: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(inner)}</table:table-row>'


def text(words: str, **attributes: object) -> str:
    return cell(f"<text:p>{escape(words)}</text:p>", office__value_type="string", **attributes)


def cell(inner: str = "", **attributes: object) -> str:
    named = "".join(
        f' {name.replace("__", ":").replace("_", "-")}="{escape(str(value))}"' for name, value in attributes.items()
    )
    return f"<table:table-cell{named}>{inner}</table:table-cell>"


def empty(times: int = 1) -> str:
    return cell(table__number_columns_repeated=times)


def shown(data: bytes) -> dict[str, tuple[str, str]]:
    """Place → text and kind, of the first tab."""
    return {
        f"{grid_ods.column_name(column)}{number}": (found.text, found.kind)
        for number, found_row in cells(data)[0].rows.items()
        for column, found in found_row.items()
    }


def test_repeated_rows_and_cells_stand_where_they_are_shown() -> None:
    data = ods(
        row(empty(3), text("a", table__number_columns_repeated=2), text("b"))
        + row(empty(1024), times=3)
        + f"<table:table-row-group><table:table-header-rows>{row(text('c'), times=2)}</table:table-header-rows>"
        + f"</table:table-row-group>{row(empty(16384), times=1_048_000)}"
    )
    assert {place: words for place, (words, _) in shown(data).items()} == {
        "D1": "a",
        "E1": "a",
        "F1": "b",
        "A5": "c",
        "A6": "c",
    }


def test_blanks_links_and_comments_of_a_cell() -> None:
    inner = (
        "<office:annotation><text:p>not mine</text:p></office:annotation>"
        '<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d</text:p>'
        '<text:p><text:span>e <text:a xlink:href="x">f</text:a></text:span></text:p><text:p/>'
    )
    assert shown(ods(row(cell(inner, office__value_type="string")))) == {"A1": ("a   b\tc\nd\ne f\n", "text")}


def test_values_of_all_kinds() -> None:
    data = ods(
        row(
            cell("<text:p>5 %</text:p>", office__value_type="percentage", office__value="0.05"),
            cell("<text:p>WAHR</text:p>", office__value_type="boolean", office__boolean_value="true"),
            cell("<text:p>x</text:p>", office__value_type="date", office__date_value="2024-03-04"),
            cell("", office__value_type="string", table__formula="of:=A1"),
            cell("<text:p>ab</text:p>", office__value_type="string", office__string_value="ab", table__formula="of:=X"),
            cell("<text:p>#REF!</text:p>", office__value_type="string", calcext__value_type="error"),
            cell("<text:p>include</text:p>", office__value_type="float", office__value="1e3"),
        )
    )
    assert list(shown(data).values()) == [
        ("0.05", "number"),
        ("TRUE", "boolean"),
        ("2024-03-04", "date"),
        ("a formula without a value", "formula"),
        ("ab", "text"),
        ("#REF!", "error"),
        ("1000", "number"),
    ]


def test_merged_cells_of_an_ods_are_seen() -> None:
    inner = "<text:p>x</text:p>"
    data = ods(
        row(empty(), cell(inner, table__number_rows_spanned=3, office__value_type="string"))
        + row(cell(inner, table__number_columns_spanned=2, office__value_type="string"), "<table:covered-table-cell/>")
    )
    assert cells(data)[0].merged == ((1, 2, 3, 2), (2, 1, 2, 2))


def test_a_text_that_is_shown_otherwise_than_its_value_is_refused() -> None:
    wrong = cell("<text:p>include</text:p>", office__value_type="string", office__string_value="exclude")
    assert "two readings of cell A1 differ" in refusal(ods(row(wrong)))
    fine = cell("<text:p>a b</text:p>", office__value_type="string", office__string_value="a  b")
    assert shown(ods(row(fine))) == {"A1": ("a  b", "text")}


@pytest.mark.parametrize(
    ("changed", "place"),
    [({2: {1: "x"}}, "T1!A2"), ({1: {2: "x"}}, "T1!B1"), ({1: {1: "exclude"}}, "T1!A1"), ({}, "T1!A1")],
)
def test_a_second_opinion_that_differs_refuses_the_file(
    changed: dict[int, dict[int, str]], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What our own reading would have got wrong shows against calamine's."""
    data = ods(row(text("include")))
    own = grid_ods._Reading.take

    def wrong(self: grid_ods._Reading, chunks: object) -> None:
        own(self, chunks)
        for number, cells_of_row in changed.items():
            self.drafts[0].rows.setdefault(number, {}).update({c: (t, "text") for c, t in cells_of_row.items()})
        if not changed:
            self.drafts[0].rows.clear()

    assert shown(data) == {"A1": ("include", "text")}
    monkeypatch.setattr(grid_ods._Reading, "take", wrong)
    assert f"two readings of cell {place} differ" in refusal(data)


def test_far_cells_of_an_ods_cost_nothing_and_are_noted() -> None:
    table = row(text("x")) + row(empty(16384), times=1_000_000) + row(empty(16000), text("far"), times=48_000)
    (tab,) = cells(ods(table))
    assert (tab.rows.keys(), tab.beyond) == ({1}, "WQK1000002")
    wide = cells(ods(row(text("x", table__number_columns_repeated=16384), times=3)))[0]
    assert [len(found) for found in wide.rows.values()] == [LIMITS.columns] * 3
    assert wide.beyond == "CW1"
    assert list(cells(ods(row(text("x"), times=1_048_576)))[0].rows) == list(range(1, LIMITS.rows + 1))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (ods(row(), before='<!DOCTYPE a [<!ENTITY b "c">]>'), "declares a document type"),
        (ods(row(), **{"META-INF/manifest.xml": "<x><manifest:encryption-data/></x>"}), "locked with a password"),
        (ods(row(cell(table__number_columns_repeated="-1"))), "`-1` is no count of cells"),
        (ods("<table:table-row>" * 300 + "</table:table-row>" * 300), "more than 200 deep"),
        (ods(mime="application/vnd.oasis.opendocument.text"), "it is no .xlsx, .ods, .xls or .csv file"),
        (ods(row(text("x" * 60)), row(text("y" * 60))), "more than 100 characters"),
    ],
    ids=["doctype", "password", "count", "deep", "text document", "characters"],
)
def test_refused_ods_files_say_why(data: bytes, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        cells(data, Limits(characters=100))


# --- xls -------------------------------------------------------------------------------------------------------------


def patched(data: bytes, record: int, change: Callable[[bytearray, int], None], *, number: int = 0) -> bytes:
    """An .xls file in which the record of a kind that comes so many places after the first is changed."""
    stream = grid_xls._stream(data)
    start = data.index(stream[:512])
    assert data[start : start + len(stream)] == stream
    at = 0
    while at < len(stream) - 4:
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == record:
            if not number:
                out = bytearray(data)
                change(out, start + at)
                return bytes(out)
            number -= 1
        at += 4 + length
    raise AssertionError(f"no record {record:#x}")


def test_a_locked_xls_says_so() -> None:
    def lock(data: bytearray, at: int) -> None:
        struct.pack_into("<H", data, at, grid_xls._FILEPASS)

    assert "locked with a password" in refusal(patched(fixture("filled.xls"), 0x0042, lock))


def test_a_locked_xlsx_says_so() -> None:
    data = child._OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    failure = grid(data)
    assert isinstance(failure, ReadFailure)
    assert failure.message.endswith("it is locked with a password; save it as .xlsx without a password")


@pytest.mark.parametrize("old", [0x00FD, 0x0203], ids=["text", "number"])
def test_cells_that_calamine_and_the_records_tell_differently_are_refused(
    old: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = fixture("kinds.xls")
    find = grid_xls._kind
    monkeypatch.setattr(grid_xls, "_kind", lambda kind, body: "boolean" if kind == old else find(kind, body))
    assert "two readings of cell Screening!" in refusal(data)


def test_a_cell_that_calamine_does_not_see_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    note = grid_xls._note

    def more(records: grid_xls._Records, at: int, column: int, kind: str) -> None:
        note(records, at, column, kind)
        records.kinds[41, 1] = "number"

    monkeypatch.setattr(grid_xls, "_note", more)
    assert "two readings of cell Screening!A41 differ" in refusal(fixture("filled.xls"))


def test_a_cell_that_stands_twice_in_an_xls_is_refused() -> None:
    def twice(data: bytearray, at: int) -> None:
        data[at + 4 : at + 8] = struct.pack("<HH", 1, 0)

    assert "two readings of cell A2 differ" in refusal(patched(fixture("filled.xls"), 0x00FD, twice, number=4))


@pytest.mark.parametrize("length", [4, 100, 600, 5000, 15000])
def test_a_cut_xls_is_a_failure(length: int) -> None:
    message = refusal(fixture("filled.xls")[:length])
    assert "it is no .xls workbook, or parts of it are missing" in message


def test_chains_that_turn_in_circles_end() -> None:
    with pytest.raises(IndexError):
        grid_xls._chain(memoryview(bytes(1024)), [1, 0], 0, 512)


# --- csv -------------------------------------------------------------------------------------------------------------


def table(note: str = "") -> list[list[str]]:
    """The sheet as rows, filled as `TRUTH` says."""
    rows = [["Done 0 of 30", "", "", "", ""], ["Decision", "Reason (if excluded)", "Note", "Title", "Key"]]

    def checkpoint(number: int) -> list[str]:
        key = keys.make(SHEET, keys.checkpoint_item(number))
        return [keys.token(SHEET, number)] * 3 + ["checkpoint", key]

    for n, word in TRUTH.items():
        if n % CHECKPOINT_EVERY == 0:
            rows.append(checkpoint(n // CHECKPOINT_EVERY + 1))
        reason = "wrong topic" if word == "exclude" else ""
        rows.append([word, reason, note if not n else "", f'Title; "{n}", näher', keys.make(SHEET, IDS[n])])
    return [*rows, checkpoint(4)]


def written(rows: list[list[str]], delimiter: str, encoding: str, ends: str = "\r\n") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=ends).writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_as_programs_of_many_countries_write_it(encoding: str, delimiter: str, ends: str) -> None:
    note = "Zeile, eins;\nZeile\tzwei “zitiert” – ½"
    reading = understand(cells(written(table(note), delimiter, encoding, ends)), RULES)
    assert_truth(reading)
    assert reading.labels[IDS[0]].fields["note"] == note
    assert reading.labels[IDS[0]].cell == "csv!A4"
    said = [
        "csv: read as Windows-1252, for want of a better guess; letters that it lacks were lost when the file was saved"
    ]
    assert reading.notes == (said if encoding == "cp1252" else [])


def test_a_csv_is_read_in_the_child_too() -> None:
    data = written(table(), ";", "cp1252")
    assert grid(data) == cells(data)
    assert_truth(read(b"sep=;\r\n" + data, RULES))


def test_lines_within_cells_are_those_of_csv_and_no_others() -> None:
    note = "a\u2028b\u0085c\x0bd\x0ce\x1cf"
    tabs = cells(written(table(note), ",", "utf-8"))
    assert tabs[0].rows[4][3].text == note
    assert_truth(understand(tabs, RULES))


@pytest.mark.parametrize(("encoding", "read_as"), [("utf-8", "cp1252"), ("mac-roman", "mac-roman"), ("cp850", "cp850")])
def test_a_wrong_encoding_spoils_the_checkpoints_and_is_noticed(encoding: str, read_as: str) -> None:
    data = written(table(), ";", encoding)
    data = data.decode(read_as).encode("utf-8") if encoding == "utf-8" else data
    reading = understand(cells(data), RULES)
    assert any("of this checkpoint row is gone" in doubt.problem for doubt in reading.doubts)


def test_keys_that_a_program_changed_are_noticed() -> None:
    rows = table()
    for at, change in ((3, "1,23E+11"), (4, rows[4][4].replace(".", ",")), (5, rows[5][4][:-3])):
        rows[at][0], rows[at][4] = "include", change
    reading = understand(cells(written(rows, ",", "utf-8")), RULES)
    assert [doubt.cell for doubt in reading.doubts] == ["csv!A4", "csv!A5", "csv!A6"]


def test_a_quotation_mark_too_many_is_refused() -> None:
    data = written(table(), ",", "utf-8")
    lines = data.split(b"\r\n")
    lines[5] = b'"' + lines[5]
    assert "its rows cannot be told apart" in refusal(b"\r\n".join(lines))
    lines[8] = lines[8].replace(b",,", b'",,', 1)
    message = refusal(b"\r\n".join(lines))
    assert "its rows cannot be told apart" in message


def test_rows_that_a_quotation_mark_swallowed_are_not_taken_for_deleted_ones() -> None:
    rows = table()
    inner = io.StringIO(newline="")
    csv.writer(inner).writerows(rows[4:7])
    swallowed = [*rows[:4], ["", "", "", inner.getvalue(), rows[7][4]], *rows[8:]]
    assert "row 5 holds the keys of other rows: a quotation mark is one too many" in refusal(
        written(swallowed, ",", "utf-8")
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b" \r\n", "it is empty"),
        (b"%PDF-1.4\0\0", "it is no .xlsx, .ods, .xls or .csv file"),
        (b"<html><table>", "it is a web page or an XML file"),
        (codecs.BOM_UTF8 + b"<?xml version='1.0'?><office:document/>", "it is a web page or an XML file"),
        (b"include;\x81;x", "it is neither UTF-8 nor Windows-1252 at byte 8"),
        (codecs.BOM_UTF16_LE + b"a", "its encoding is broken at byte 2"),
        (codecs.BOM_UTF8 + b"a\xff", "its encoding is broken at byte"),
        (b"PK\x03\x04" + bytes(50), "a spreadsheet whose end is missing"),
        (b"a" * 2_000_000, "nothing that people fill is so large"),
    ],
)
def test_what_is_no_spreadsheet_says_what_it_is(data: bytes, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        cells(data, Limits(unpacked=1_000_000))


def test_a_csv_that_is_no_sheet_of_ours() -> None:
    reading = understand(cells(b"Decision,Key\ninclude,x\n"), RULES)
    assert [doubt.problem for doubt in reading.doubts] == ["no row with a key: not a sheet of ours"]


def test_a_csv_has_the_limits_of_all_formats() -> None:
    far = "x\n" + "\n" * (LIMITS.empty_rows + 1) + "far\n"
    (tab,) = cells(far.encode())
    assert (list(tab.rows), tab.beyond) == ([1], f"A{LIMITS.empty_rows + 3}")
    with pytest.raises(RefusedError, match="more than 10 characters"):
        cells(b"a,b,c,d,e,f,g,h", Limits(characters=10))
