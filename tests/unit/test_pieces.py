"""A file that is read in pieces gives what the same file gives at once, whatever the size of the pieces."""

import codecs
import gc
import os
import pickle
import re
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoping import files, ingest, readers, schemas, tables
from scoping.errors import ScopingError
from scoping.readers import encodings, model, tagged, xml_records
from scoping.readers.encodings import Encoding
from scoping.readers.source import Piece, Source

pieces = sys.modules["scoping.readers.pieces"]  # the package has a function of this name
FIXTURES = Path(__file__).parents[1] / "fixtures" / "exports"
NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.suffix != ".json" or "expected" not in path.name)
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
RECORD = "TY  - JOUR\nTI  - Title {0}\nAU  - Berg, Änne\nAB  - {1}\nER  - \n\n"


def outcome(read: Callable[[], readers.Parsed]) -> readers.Parsed | str:
    try:
        return read()
    except ScopingError as error:
        return str(error)


def cuts(data: bytes, size: int = 1) -> list[Piece]:
    return list(readers.cut(data, readers.begin(data), size=size))


@pytest.mark.parametrize("name", NAMES)
def test_every_fixture_is_the_same_in_pieces(name: str) -> None:
    data = (FIXTURES / name).read_bytes()
    whole = outcome(lambda: readers.parse(data))
    for size in (1, 300, 2000):
        assert outcome(lambda size=size: readers.parse(data, size=size)) == whole


@given(st.sampled_from(NAMES), st.floats(0, 1), st.floats(0, 1), st.integers(1, 3000))
def test_so_is_every_part_of_a_fixture(name: str, start: float, end: float, size: int) -> None:
    data = (FIXTURES / name).read_bytes()
    if data.startswith((b"PK", b"\xd0\xcf")):
        return
    data = data[int(start * len(data) / 2) : int(len(data) * (0.5 + end / 2))]
    assert outcome(lambda: readers.parse(data, size=size)) == outcome(lambda: readers.parse(data))


@pytest.mark.parametrize(
    ("format_", "text", "number"),
    [
        ("ris", "".join(RECORD.format(at, "x") for at in range(9)), 9),
        ("ris", "".join(RECORD.format(at, "x") for at in range(9)).replace("\n", "\r"), 9),
        ("ris", "".join(RECORD.format(at, "x") for at in range(9)).replace("\n", "\r\n"), 9),
        ("nbib", "".join(f"PMID- {at}\r\nTI  - A title\r\n\r\n" for at in range(9)), 9),
        ("wos_tagged", "FN X\nVR 1.0\n" + "".join(f"PT J\nTI A {at}\nER\n\n" for at in range(9)) + "EF", 9),
        ("bibtex", "".join(f"@article{{k{at},\n title = {{A}},\n}}\n\n" for at in range(9)), 9),
        ("table", "Title,DOI,Abstract\n" + "".join(f'"A, {at}",10.1/{at},"two\nlines"\n' for at in range(9)), 9),
        ("enw", "".join(f"%0 Journal Article\n%T A {at}\n\n" for at in range(9)), 9),
        ("csl_json", '[\n{"title": "A", "DOI": "b"},\n' + '{"title": "A", "author": [{}, {}]},\n' * 8 + "]", 9),
        ("endnote_xml", "<xml><records>" + "<record><titles><title>A</title></titles></record>" * 9 + "</records></xml>", 9),
    ],
)  # fmt: skip
def test_a_file_is_cut_before_each_entry(format_: str, text: str, number: int) -> None:
    data = text.encode()
    found = cuts(data)
    assert readers.begin(data).format == format_
    assert len(readers.parse(data).entries) == len(found) == number
    assert [piece.start for piece in found[1:]] == [piece.end for piece in found[:-1]]
    assert (found[0].start, found[-1].end, [p.last for p in found].index(True)) == (0, len(data), number - 1)
    starts = [entry.byte_start for entry in readers.parse(data).entries]
    assert [piece.start for piece in found[1:]] == starts[1:]


def test_what_stands_before_a_piece_is_known_in_it() -> None:
    records = "".join(RECORD.format(at, "x\nKW - two") for at in range(5))
    assert [len(entry.tags) for entry in readers.parse(records.encode(), size=1).entries] == [4] * 5
    loose = f"TY - JOUR\nTI - One\nER - \n\n{records}"
    assert [len(entry.tags) for entry in readers.parse(loose.encode(), size=1).entries] == [2] + [5] * 5
    strings = "@string{j = {A Journal}}\n@article{a,\n journal = j,\n}\n@article{b,\n journal = j,\n}\n"
    assert [dict(entry.tags)["journal"] for entry in readers.parse(strings.encode(), size=1).entries] == [
        "A Journal"
    ] * 2
    comment = (
        "@article{a,\n title = {A},\n}\n@comment{\n@article{b,\n title = {B},\n}\n}\n@article{c,\n title = {C},\n}\n"
    )
    assert [dict(entry.tags)["@key"] for entry in readers.parse(comment.encode(), size=1).entries] == ["a", "c"]


def slowly(source: Source) -> tagged.Found:
    """A RIS text read line by line, as if no entry of it were regular."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagged, "_RIS_WHOLE", re.compile(r"(?!)"))
        return tagged.read_ris(source)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".ris")])
def test_regular_entries_are_read_as_line_by_line(name: str) -> None:
    source = Source((FIXTURES / name).read_bytes())
    assert tagged.read_ris(source) == slowly(source)


RIS_LINES = [
    "TY  - JOUR", "TY  - ", "TY  -", "TY - JOUR", "  TY  - JOUR", "\ufeffTY  - JOUR", "ER  - ", "ER  -", "ER  -  \t", "ER  - x", "",
    "TI  - One", "TI  -  One \t", "TI  -", "TI  - ", "AU  - \u00a0Ünal, A\u2028", "AB  - TY  - ER  - ", "SAFETY  - no tag", "N1  -x",
    "more text", "  AB  - indented", "12. ",
]  # fmt: skip


@given(st.lists(st.sampled_from(RIS_LINES), max_size=30), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
@example(["TY  - JOUR", "TI  - One ", "ER  - "], "\r\n", True)
@example(["TI  - One", "SAFETY  - no tag", "AU  - A", "ER  - ", "TY  - JOUR", "TI  - One", "ER  - "], "\n", False)
def test_so_are_those_among_lines_of_any_kind(lines: list[str], end: str, ended: bool) -> None:
    source = Source((end.join(lines) + end * ended).encode())
    assert tagged.read_ris(source) == slowly(source)


def test_regular_entries_are_not_read_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control of the two above: else they would compare a way with itself."""
    monkeypatch.setattr(tagged._Ris, "line", None)
    text = "".join(RECORD.format(at, "x") for at in range(3))
    assert len(tagged.read_ris(Source(text.encode())).drafts) == 3
    with pytest.raises(TypeError):
        slowly(Source(text.encode()))


@pytest.mark.parametrize(
    ("codec", "mark", "number"), [("utf-8", "\ufeff", 4), ("cp1252", "ï»¿", 3), ("utf-16-le", "\ufeff", 4)]
)
def test_a_mark_between_files_that_were_joined_is_known_by_its_bytes(codec: str, mark: str, number: int) -> None:
    record = "TY  - JOUR\nTI  - é\nER  - \n\n"
    data = f"{record}{record}{mark}{record}{record}".encode(codec)
    assert (len(cuts(data)), len(readers.parse(data).entries)) == (number, 4)
    assert readers.parse(data, size=1) == readers.parse(data)


def test_a_text_goes_when_nobody_needs_it() -> None:
    """While entries are read nobody looks for cycles (`ingest._read`): one around a text would keep all of them."""
    gc.disable()
    try:
        source = Source("TY  - JOUR\nTI  - Łódź\nER  - \n".encode())
        source.span(0, 10)
        there = weakref.ref(source)
        del source
        assert there() is None
    finally:
        gc.enable()


def test_a_stray_quote_costs_pieces_and_no_row() -> None:
    rows = [f'A {at},10.1/{at},"an abstract"' for at in range(40)]
    rows[7] = 'A 7,10.1/7,"not closed'
    data = ("Title,DOI,Abstract\n" + "\n".join(rows)).encode()
    assert len(cuts(data)) < len(readers.parse(data).entries) == 40
    assert readers.parse(data, size=1) == readers.parse(data)


@given(
    st.binary(max_size=60) | st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")), st.integers(1, 7)
)
@example("ä".encode()[:1], 1)
@example("x…".encode()[:-1], 2)
@example("ä".encode("utf-16"), 3)
def test_the_encoding_is_found_block_by_block(data: bytes, block: int) -> None:
    """Against the rule as it is written down, over all bytes at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "_BLOCK", block)
        found = encodings.detected(data)
        texts = list(encodings.blocks(data, found, block + block % 2 if found.wide else block))
    assert found.label == expected_label(data)
    body = data[found.skip : len(data) - (len(data) - found.skip) % 2 * found.wide]
    assert "".join(texts) == body.decode(found.codec, found.errors)


def expected_label(data: bytes) -> str:
    for bom, label in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(bom):
            return label
    if data.count(0) > len(data) // 4:
        return "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"
    try:
        data.decode()
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "surrogateescape")
        wrong = sum("\udc80" <= sign <= "\udcff" for sign in text)
        right = sum(sign > "\x7f" for sign in text) - wrong
        return "utf-8" if error.reason == "unexpected end of data" or right > 10 * wrong else "cp1252"
    return "utf-8"


@given(st.lists(st.sampled_from(["a", "é", "日", "\n", "\r\n", "\r", "𝄞"]), max_size=30), st.data())
def test_positions_are_found_in_any_order(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    codec = data.draw(st.sampled_from(["utf-8", "utf-16-le"]))
    source = Source(
        text.encode(codec), Encoding(codec, codec), Piece(100, 100 + len(text.encode(codec)), 7, first=False)
    )
    for position in data.draw(st.lists(st.integers(0, len(text)), max_size=8)):
        assert source.byte_at(position) == 100 + len(text[:position].encode(codec))
        assert source.line_at(position) == 7 + source.row_at(position)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("block", [50, 333])
def test_it_does_not_matter_where_a_block_ends(name: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is looked through in blocks of its bytes, and a piece may begin in any of them."""
    data = (FIXTURES / name).read_bytes()
    whole, wanted = (
        outcome(lambda: readers.parse(data)),
        len(list(cuts(data))) if data[:2] not in (b"PK", b"\xd0\xcf") else 0,
    )
    monkeypatch.setattr(pieces, "_BLOCK", block)
    monkeypatch.setattr(pieces, "_AHEAD", 200)
    assert outcome(lambda: readers.parse(data, size=1)) == whole
    if wanted and readers.begin(data).format in pieces._STARTS:
        assert len(cuts(data)) == wanted


def test_what_is_kept_for_the_receipts_does_not_grow_with_the_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: of what is rejected each line is kept."""
    monkeypatch.setattr(readers.cut, "__kwdefaults__", {"size": 5000})

    def kept(text: str) -> int:
        path = tmp_path / "x.ris"
        path.write_text(text, encoding="utf-8")
        tally = ingest.Tally()
        for part in ingest.parts(ingest.File.of(files.Slices(path), "x.ris", {"one": ingest.Claim("one", None)})):
            tally.counted(part)
        return len(pickle.dumps(tally))

    good = "".join(RECORD.format(at, "é") for at in range(400))
    assert kept(good * 3) < kept(good) + 50
    assert kept(good + "TY  - JOUR\nN1  - x\nER  - \n\n" * 400) > kept(good) + 400


@pytest.mark.parametrize(
    ("name", "needs"), [("x.ris", set()), ("x.xml", {"lxml"}), ("x.bib", {"bibtex"}), ("x.json", {"json_items"})]
)
def test_only_what_a_format_needs_is_loaded(name: str, needs: set[str], tmp_path: Path) -> None:
    """Each of these takes as long as hundreds of entries; the other formats are the control."""
    written = {
        "x.ris": RECORD.format(1, "x"),
        "x.xml": "<xml><records><record><titles><title>A</title></titles></record></records></xml>",
        "x.bib": "@article{a,\n title = {A}\n}\n",
        "x.json": '[{"type": "article-journal", "title": "A", "DOI": "10.5555/a"}]',
    }
    (tmp_path / name).write_text(written[name], encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from scoping import files, ingest\n"
        "file = ingest.File.of(files.Slices(Path(sys.argv[1])), 'x', {'one': ingest.Claim('one', None)})\n"
        "opened = ingest.readers.begin(file.data)\n"
        "for piece in ingest.readers.cut(file.data, opened):\n"
        "    ingest.rows(ingest.readers.read_piece(file.data[piece.start : piece.end], opened, piece), file)\n"
        "names = {name.removeprefix('scoping.readers.') for name in sys.modules}\n"
        "print(*sorted(names & {'lxml', 'bibtex', 'json_items', 'containers', 'zipfile', 'multiprocessing', 'pyarrow'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    assert (set(done.stdout.split()), done.stderr) == (needs, "")


def exported(number: int, tmp_path: Path) -> ingest.File:
    path = tmp_path / "many.ris"
    path.write_text("".join(RECORD.format(at, f"é {at} " * 40) for at in range(number)), encoding="utf-8")
    return ingest.File.of(files.Slices(path), "many.ris", {"one": ingest.Claim("one", None)})


def test_processes_side_by_side_give_the_same_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers.cut, "__kwdefaults__", {"size": 5000})
    file = exported(300, tmp_path)
    written = []
    for threads in (1, 2):
        tally, path = ingest.Tally(), tmp_path / f"{threads}.parquet"
        parts = list(ingest.parts(file, threads=threads))
        assert len(parts) > 10
        assert tables.write_packed(path, schemas.ENTRIES, map(tally.counted, parts)) == 300
        written.append((tables.read(path, schemas.ENTRIES), tally.receipts(file), tally.issues))
    assert written[0] == written[1]
    rows = written[0][0]
    assert [int(row["number"]) for row in rows] == list(range(1, 301))
    assert all(file.data[int(row["byte_start"]) : int(row["byte_end"])].decode() == row["raw"] for row in rows)
    assert rows == ingest.rows(readers.parse(file.data[:]), file)


@pytest.mark.parametrize("change", ["replaced", "longer"])
def test_a_file_that_changes_while_it_is_read_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Else a table would hold entries of two files under the hash of one; control: unchanged, it is read to the end."""
    monkeypatch.setattr(readers.cut, "__kwdefaults__", {"size": 5000})
    file = exported(100, tmp_path)
    assert len(list(ingest.parts(file))) > 3
    parts, path = ingest.parts(file), tmp_path / "many.ris"
    next(parts)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Title 99", "Other 99") if change == "replaced" else text + text, encoding="utf-8")
    with pytest.raises(ScopingError, match=r"many\.ris: was being saved or copied during the run; run again"):
        list(parts)


def test_a_guess_is_said_once_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers.cut, "__kwdefaults__", {"size": 1})
    path = tmp_path / "old.ris"
    path.write_text("".join(RECORD.format(at, "é") for at in range(5)), encoding="cp1252")
    tally = ingest.Tally()
    for part in ingest.parts(ingest.File.of(files.Slices(path), "old.ris", {"one": ingest.Claim("one", None)})):
        tally.counted(part)
    assert [row["code"] for row in tally.issues] == ["encoding-guessed"]
    assert [i.code for i in readers.parse(path.read_bytes(), size=1).issues] == ["encoding-guessed"]


def of(data: bytes, folder: Path) -> ingest.File:
    path = folder / "x.ris"
    path.write_bytes(data)
    return ingest.File.of(files.Slices(path), "x.ris", {"one": ingest.Claim("one", None)})


def everything(file: ingest.File, folder: Path, *, trusting: bool) -> tuple[list[tables.Row], ...]:
    """Entries, receipts and issues of a file."""
    _, tally = ingest._table(folder / "x.parquet", file, 1, trusting=trusting)
    return tables.read(folder / "x.parquet", schemas.ENTRIES), tally.receipts(file), tally.issues


PLAIN = "".join(RECORD.format(at, "plain " * 9) for at in range(60)).replace("Änne", "Anne")
LATE = {  # what follows a plain beginning
    "another encoding": RECORD.format(60, "é" * 9).encode("cp1252"),
    "some wrong bytes": RECORD.format(60, "é" * 90).encode() + RECORD.format(61, "é").encode("cp1252"),
    "half a character": RECORD.format(60, "é").encode()[:-10],
    "other tag lines": RECORD.format(60, "x\nTI -  no tag of a strict file").replace("  - ", " - ").encode(),
    "indented lines": RECORD.format(60, "x").replace("\n", "\n  ").encode() + b"\n  TY  - JOUR\n  TI  - In\n  ER  - \n",
}


@pytest.mark.parametrize("name", LATE)
def test_a_file_that_goes_on_otherwise_than_it_begins_is_read_as_if_all_was_looked_at(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: without the look at each piece it would be read otherwise."""
    monkeypatch.setattr(readers, "HEAD", 2000)
    monkeypatch.setattr(readers.cut, "__kwdefaults__", {"size": 1000})
    file = of(PLAIN.encode() + LATE[name], tmp_path)
    wanted = everything(file, tmp_path, trusting=False)
    with pytest.raises(readers.Unlike):
        everything(file, tmp_path, trusting=True)
    found, tally = ingest.table(tmp_path / "y.parquet", file, threads=2)
    written = tables.read(tmp_path / "y.parquet", schemas.ENTRIES)
    assert (written, tally.receipts(file), tally.issues) == wanted
    assert found == len(written) > 60
    monkeypatch.setattr(readers, "begins_plainly", lambda _text: True)
    monkeypatch.setattr(Source, "damaged", lambda _self: [])
    assert everything(file, tmp_path, trusting=True) != wanted


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_that_goes_on_as_it_begins_is_not_looked_through_before(
    mark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "HEAD", 2001)
    monkeypatch.setattr(readers.cut, "__kwdefaults__", {"size": 1000})
    file = of((mark + "".join(RECORD.format(at, "éß" * 99) for at in range(60))).encode(), tmp_path)
    wanted = everything(file, tmp_path, trusting=False)
    monkeypatch.setattr(pieces, "_odd_starts", lambda *_: pytest.fail("all of it was looked through"))
    _, tally = ingest.table(tmp_path / "y.parquet", file)
    assert (tables.read(tmp_path / "y.parquet", schemas.ENTRIES), tally.receipts(file), tally.issues) == wanted
    for size in range(1990, 2010):  # wherever the beginning ends, also within a character
        monkeypatch.setattr(readers, "HEAD", size)
        assert readers.begin(file.data, trusting=True).trusted


def test_an_error_comes_whole_out_of_another_process() -> None:
    error = ScopingError("what", path="a.csv", at=3, do="do")
    again = pickle.loads(pickle.dumps(error))
    assert (again.what, again.path, again.at, again.do, str(again)) == ("what", "a.csv", 3, "do", "a.csv:3: what; do")


def test_a_file_that_cannot_be_written_whole_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "entries.parquet"
    path.write_bytes(b"as it was")

    def failing() -> None:
        with files.replacing(path) as stream:
            stream.write(b"half")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        failing()
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"as it was", [path])


@given(st.binary(max_size=50), st.integers(0, 60), st.integers(0, 60))
def test_slices_are_those_of_the_bytes(data: bytes, start: int, stop: int) -> None:
    path = Path(tempfile.gettempdir()) / f"scoping-slices-{os.getpid()}"
    path.write_bytes(data)
    try:
        found = files.Slices(path)
        assert (len(found), found[start:stop], found[:], found[-3:]) == (len(data), data[start:stop], data, data[-3:])
        assert files.sha256(found) == files.sha256(data)
    finally:
        path.unlink()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Peak memory of the command for a file of 8 MB and one of 64 MB; all of the larger one would show."""
    peaks = []
    for number in (18_000, 144_000):
        exported(number, tmp_path)
        claims = '{"claims": {"one": {"reported": null, "encoding": ""}}}'
        outputs = [
            f"--{name}={tmp_path / name}.{ending}"
            for name, ending in (("entries", "parquet"), ("issues", "csv"), ("receipts", "csv"))
        ]
        command = [
            str(Path(sys.executable).with_name("scoping")),
            "ingest",
            str(tmp_path / "many.ris"),
            "--claims",
            claims,
            *outputs,
        ]
        # a process of its own between, for a child begins with what its parent has in memory
        run = subprocess.run([sys.executable, "-c", MEASURED, *command], capture_output=True, text=True, check=True)
        peaks.append(int(run.stdout.split()[-1]))
    assert peaks[1] < peaks[0] + 40_000, peaks


def test_the_formats_of_xml_are_those_that_have_rules() -> None:
    assert set(model.XML) == set(xml_records._KINDS)
