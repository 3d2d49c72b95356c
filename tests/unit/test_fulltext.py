"""Full text: what is on the page, without heads and hyphens; and no file that can stop a review."""

import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from scoping.fulltext import Text, extract, from_json, judged, to_json
from scoping.fulltext_clean import clean
from scoping.quotes import find

BODY = [
    [
        "Partnerships between councils and universities take time, and the inter-",
        "vention had to be renegotiated when the officers who had championed it left. Two of",
        "the embedded researchers moved to another office in 2010-",
        "2015, and the third became a well-",
        "known voice in the region.",
        "Short- and long-term effects were studied in 12 sites, and short-",
        "and long-term costs in 9 of them, over the whole of the period of the research work.",
    ],
    [
        "A second page begins with a new paragraph about trust. Trust grew where staff sat in",
        "the same room and fell where they did not, as a well-known officer told the research",
        "team in the first of the interviews, which ran to the end of the whole",
    ],
    [
        "programme without a break. Nobody was asked to sign a contract, and no contract was",
        "missed by the people who took part, so that the third page can end with this line.",
    ],
]
PAPER = [[f"Smith et al. Evidence & Policy {n}", *lines, f"{40 + n}"] for n, lines in enumerate(BODY, 1)]


def pdf(pages: Sequence[Sequence[str]], trailer: bytes = b"", streams: Sequence[tuple[bytes, bytes]] = ()) -> bytes:
    """A small PDF written by hand: lines of Helvetica at 14 points; or pages of given stream dictionaries and data."""
    contents = [(b"", _lines(lines)) for lines in pages] + list(streams)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"]
    objects[2] += b" /Encoding /WinAnsiEncoding >>"
    kids = []
    for extra, data in contents:
        objects.append(b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(offsets))
    end = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(out))
    return out + table + end


def _lines(lines: Sequence[str]) -> bytes:
    escaped = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})
    shown = [f"({line.translate(escaped)}) Tj T*\n" for line in lines]
    return ("BT /F1 10 Tf 50 780 Td 14 TL\n" + "".join(shown) + "ET").encode("cp1252")


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_paper_with_heads_and_hyphens(tmp_path: Path) -> None:
    text = extract(put(tmp_path, "smith 2020 – final.PDF", pdf(PAPER)))
    assert (text.status, text.reason, len(text.pages)) == ("ok", "", 3)
    joined = "\n".join(text.pages)
    assert "Smith et al" not in joined
    assert not any(page.endswith(("41", "42", "43")) for page in text.pages)
    assert "the intervention had" in joined
    assert "in 2010-2015, and the third became a well-known voice in the region.\nShort- and" in joined
    assert "and short- and long-term costs" in joined
    assert "\ufffe" not in joined
    found = find("to the end of the whole programme without a break", text.pages)
    assert (found.verdict, [span[0] for span in found.spans]) == ("verbatim", [2, 3])


def test_a_file_made_by_matplotlib(tmp_path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    with mpl.rc_context({"pdf.fonttype": 42}), PdfPages(tmp_path / "made.pdf") as pages:
        for lines in PAPER:
            figure = Figure(figsize=(8, 11))
            for at, line in enumerate(lines):
                figure.text(0.05, 0.95 - at * 0.03, line.replace("fi", "ﬁ"), fontsize=9)
            pages.savefig(figure)
    text = extract(tmp_path / "made.pdf")
    assert text.status == "ok"
    assert find("Two of the embedded researchers moved to another office", text.pages).verdict == "verbatim"
    assert find("as a well-known officer told the research team", text.pages).page == 2
    assert "the officers who" in text.pages[0]
    assert "Smith et al" not in "".join(text.pages)


def test_scans_are_for_the_eye(tmp_path: Path) -> None:
    stamp = extract(put(tmp_path, "a.pdf", pdf([["Downloaded by the library"], ["Downloaded by the library"]])))
    assert (stamp.status, stamp.reason) == ("empty", "no text layer: read by eye")
    cover = extract(
        put(tmp_path, "b.pdf", pdf([["A long cover page about copying and fair use. " * 3] * 40, ["x"], ["y"]]))
    )
    assert cover.status == "empty"
    half = judged(pages := ["word " * 100, "", "word " * 200, ""], clean(pages))
    assert (half.status, half.reason[:12]) == ("ok", "2 of 4 pages")


def encrypted() -> bytes:
    return pdf(
        PAPER,
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /ID [(a) (a)]" % (b"o" * 32, b"u" * 32),
    )


def bomb(megabytes: int) -> bytes:
    packed = zlib.compress(zlib.compress(b" " * (megabytes * 1024**2), 1), 9)
    return pdf([], streams=[(b"/Filter [/FlateDecode /FlateDecode]", packed)])


def endless() -> bytes:
    """Ten levels of forms, each drawing the next ten times: 10^10 texts out of 3 kB."""
    forms = []
    for level in range(10):
        last = b"BT /F1 10 Tf (deep) Tj ET" if level == 9 else b"/X Do " * 10
        link = b"" if level == 9 else b"/XObject << /X %d 0 R >>" % (20 + level + 1)
        head = b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /Font << /F1 3 0 R >> %s >>" % link
        forms.append(
            b"%d 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (20 + level, head, len(last), last)
        )
    plain = pdf([], streams=[(b"", b"/X Do")]).replace(b"/F1 3 0 R >> >>", b"/F1 3 0 R >> /XObject << /X 20 0 R >> >>")
    return plain.replace(b"xref\n0", b"".join(forms) + b"xref\n0", 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "an empty file"),
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "an HTML page, not what its name says (.pdf;"),
        (b"PK\x03\x04 something else", "a damaged or cut-short archive"),
        (b"junk", "not a PDF"),
        (pdf(PAPER)[:1500], "cut short"),
        (pdf(PAPER)[:-40], "cut short"),
        (pdf(PAPER) + b"9 0 obj\n<< /An /update >>", "cut short"),
        (b"%PDF-1.4\n<< /Linearized 1 /L 999999 >>\n" + pdf(PAPER), "cut short"),
        (b"%PDF-1.4\nrubbish\n%%EOF\n", "damaged"),
        (pdf(PAPER).replace(b"/Type /Page ", b"/Type /Pig  ").replace(b"/Kids", b"/Kods"), ""),
        (encrypted(), "encrypted"),
        (pdf([]), ""),
    ],
)
def test_hostile_and_broken_files_are_results(tmp_path: Path, data: bytes, reason: str) -> None:
    text = extract(put(tmp_path, "x.pdf", data))
    assert text.status == "failed"
    assert text.reason.startswith(reason)
    assert text.pages == ()
    assert "Traceback" not in text.reason
    assert str(tmp_path) not in text.reason


def test_bytes_after_the_end_mark_do_no_harm(tmp_path: Path) -> None:
    assert extract(put(tmp_path, "x.pdf", pdf(PAPER) + b"\0" * 5000 + b"<!-- served by -->")).status == "ok"


def test_a_bomb_takes_only_its_reader_along(tmp_path: Path) -> None:
    path = put(tmp_path, "bomb.pdf", bomb(600))
    assert path.stat().st_size < 20_000
    text = extract(path, seconds=20, memory=400 * 1024**2)
    assert text.status in ("failed", "empty")
    assert text.reason


def test_a_file_without_end_is_stopped(tmp_path: Path) -> None:
    text = extract(put(tmp_path, "x.pdf", endless()), seconds=1, memory=600 * 1024**2)
    assert text.status in ("failed", "empty")
    assert text.reason


def test_the_clock_stops_a_reader_that_sleeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 30\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr("scoping.fulltext.sys.executable", str(sleeper))
    text = extract(put(tmp_path, "x.pdf", pdf(PAPER)), seconds=1)
    assert (text.status, text.reason[:24]) == ("failed", "not read within 1 second")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("Zürich – “trust”".encode(), "Zürich – “trust”"),
        (b"\xef\xbb\xbf" + "Zürich".encode(), "Zürich"),
        ("Zürich – “trust”".encode("cp1252"), "Zürich – “trust”"),
        ("Zürich".encode("utf-16"), "Zürich"),
        (b"one\r\n\r\ntwo\rthree", "one\ntwo three"),
        ("o\u00adne  two\u00a0three ﬁve\u200b".encode(), "one two three five"),
    ],
)
def test_plain_text(tmp_path: Path, data: bytes, expected: str) -> None:
    text = extract(put(tmp_path, "x.txt", data))
    assert (text.status, text.pages) == ("ok", (expected,))


def test_plain_text_with_page_breaks(tmp_path: Path) -> None:
    assert extract(put(tmp_path, "x.txt", b"page one\fpage two\f")).pages == ("page one", "page two")


@pytest.mark.parametrize(
    ("name", "data", "status", "reason"),
    [
        ("x.txt", b"", "failed", "an empty file"),
        ("x.txt", b" \n ", "empty", "nothing"),
        ("x.txt", b"a\x00b", "failed", "not plain text"),
        ("x.txt", b"\x81\x8d", "failed", "not plain text"),
        ("x.txt", b"%PDF-1.4 ...", "failed", "cut short"),
        ("x.txt", b"<html><p>x", "failed", "an HTML page, not what its name says (.txt;"),
        ("x.docx", b"<html><p>x", "failed", "an HTML page, not what its name says (.docx;"),
        ("x.docx", b"junk", "failed", "not what its name says (.docx)"),
        ("x.html", b"junk", "failed", "not what its name says (.html)"),
        ("x.HTML", b"<p>", "empty", "hardly any text"),
        ("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unsupported", "an old Word file"),
        ("x.pdf", b"{\\rtf1 words}", "unsupported", "a file in Rich Text Format"),
        ("x.mht", b"From: <x>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n", "unsupported", "a web archive"),
        ("x.xml", b"<?xml version='1.0'?><article>x</article>", "unsupported", ".xml is not read: save it as PDF"),
        ("x", b"?", "unsupported", "a file without an ending"),
        ("x.epub", b"?", "unsupported", ".epub is not read: save it as PDF"),
    ],
)
def test_other_files_say_what_to_do(tmp_path: Path, name: str, data: bytes, status: str, reason: str) -> None:
    text = extract(put(tmp_path, name, data))
    assert text.status == status
    assert text.reason.startswith(reason)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert extract(tmp_path / "gone.pdf") == Text("failed", "no such file")
    (tmp_path / "folder.pdf").mkdir()
    assert extract(tmp_path / "folder.pdf") == Text("failed", "no such file")


def test_figures_at_the_edge_of_a_page_stay() -> None:
    pages = [["A head", "Table 1", "0.52", "some words of the page", "1.3"] for _ in range(4)]
    text = [page.text for page in clean(["\n".join(page) for page in pages])]
    assert all("0.52" in page and "1.3" in page and "Table 1" in page and "A head" not in page for page in text)


def test_a_running_foot_after_a_divided_word_is_stripped() -> None:
    """Pdfium leaves out the line end after a hyphen that ends a page."""
    foot = "Evidence in Practice 12 (2020) – "
    pages = clean([f"some {word} words\nand {word} af\ufffe{foot}{n}" for n, word in enumerate("abcd", 7)])
    assert [page.text.rpartition(" ")[2] for page in pages] == ["af-"] * 4


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("knowl-\nedge", "knowledge"),
        ("knowl\ufffeedge", "knowledge"),
        ("Anglo-\nSaxon", "Anglo-Saxon"),
        ("IMPLEMEN-\nTATION", "IMPLEMENTATION"),
        ("COVID-\n19", "COVID-19"),
        ("co-located and co-\nlocated", "co-located and co-located"),
        ("evidence was based on evidence-\nbased work", "evidence was based on evidence-based work"),
        ("short-\nand long-term", "short- and long-term"),
        ("ends in a hy-", "ends in a hy-"),
        ("a drop (SMD -\n0.28 [−\n0.3])", "a drop (SMD -0.28 [−0.3])"),
    ],
)
def test_hyphens(raw: str, expected: str) -> None:
    assert [page.text for page in clean([raw])] == [expected]


LONG = "The councils named what they would like to see before the next round of sessions begins"


@pytest.mark.parametrize("mark", "•▪*·–—-")
def test_items_of_a_list_are_not_joined(mark: str) -> None:
    """The line before an item is as long as its neighbours, so that nothing but the mark says where it ends."""
    raw = (
        f"{LONG},\n{mark} a shared room, and somebody who keeps the keys to it for all of the departments,\n{mark} tea."
    )
    assert clean([raw])[0].text == raw


@pytest.mark.parametrize("line", ["-5 per cent", "-based work", "—as they say"])
def test_a_dash_without_a_blank_is_no_item(line: str) -> None:
    raw = f"{LONG} and\n{line} is what they had in mind when they were asked about it in the autumn of that year."
    assert "\n" not in clean([raw])[0].text


def test_json_is_a_round_trip_of_equal_bytes() -> None:
    text = Text("ok", "", ("Zürich “x”\nsecond", ""), ("Zürich  “x”\nsecond", ""), (((0, 0), (7, 8)), ()), "10.5555/x")
    assert from_json(to_json(text)) == text
    assert to_json(from_json(to_json(text))) == to_json(text)
    for bad in (
        "[]",
        "{}",
        '{"status": "good", "reason": "", "pages": [], "raw": [], "breaks": [], "doi": ""}',
        '{"status": "ok", "reason": "", "pages": [1], "raw": [""], "breaks": [""], "doi": ""}',
        '{"status": "ok", "reason": "", "pages": ["x"], "raw": [""], "breaks": [], "doi": ""}',
    ):
        with pytest.raises(ValueError):
            from_json(bad)


def test_the_same_result_twice(tmp_path: Path) -> None:
    path = put(tmp_path, "x.pdf", pdf(PAPER))
    assert to_json(extract(path)) == to_json(extract(path))
