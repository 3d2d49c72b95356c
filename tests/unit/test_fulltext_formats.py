"""Word files and web pages: what a reader sees is read, what nobody sees is not, and none of them can do harm."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from scoping.fulltext import extract
from scoping.fulltext_html import looks_like
from scoping.quotes import find

_spec = importlib.util.spec_from_file_location("papers", Path(__file__).with_name("papers.py"))
assert _spec
assert _spec.loader
papers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(papers)
docx, paragraph, part = papers.docx, papers.paragraph, papers.part

LONG = "Trust grew where staff sat in the same room and fell where they did not, as an officer told the team. " * 3


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def word(folder: Path, body: str, **more: object) -> tuple[str, ...]:
    text = extract(put(folder, "x.docx", docx(paragraph(LONG) + body, **more)))
    assert text.status == "ok", text.reason
    assert text.pages[0].startswith(LONG.strip())
    return (text.pages[0][len(LONG.strip()) :].strip("\n"), *text.pages[1:])


# Word files


def test_paragraphs_and_tables(tmp_path: Path) -> None:
    cell = "<w:tc>{}</w:tc>"
    row = f"<w:tr>{cell.format(paragraph('Barrier'))}{cell.format(paragraph('No time &amp; money'))}</w:tr>"
    body = f"{paragraph('A heading')}<w:tbl>{row}</w:tbl>{paragraph('')}{paragraph('ends in evidence-')}{paragraph('based')}"
    assert word(tmp_path, body) == ("A heading\nBarrier\nNo time & money\nends in evidence-\nbased",)


def test_a_paragraph_in_pieces(tmp_path: Path) -> None:
    body = (
        "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>bro</w:t></w:r><w:r><w:softHyphen/>"
        "<w:t>kers</w:t><w:tab/><w:t>co</w:t><w:noBreakHyphen/><w:t>located</w:t><w:br/><w:t>oﬃce</w:t></w:r></w:p>"
    )
    assert word(tmp_path, body) == ("brokers co-located office",)


def test_what_nobody_sees_is_not_read(tmp_path: Path) -> None:
    run = "<w:r>{}<w:t>{}</w:t></w:r>"
    pieces = [
        run.format("", "seen "),
        f"<w:del>{run.format('', 'deleted')}<w:r><w:delText>gone</w:delText></w:r></w:del>",
        f"<w:moveFrom>{run.format('', 'moved')}</w:moveFrom>",
        f"<w:ins>{run.format('', 'added ')}</w:ins>",
        "<w:r><w:instrText>PAGEREF 1</w:instrText></w:r>",
        run.format("<w:rPr><w:vanish/></w:rPr>", "hidden"),
        run.format("<w:rPr><w:vanish w:val='0'/></w:rPr>", "shown"),
    ]
    assert word(tmp_path, f"<w:p>{''.join(pieces)}</w:p>") == ("seen added shown",)


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('In a box')}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    body = f"<w:p><w:r><w:t>Before </w:t></w:r><w:r>{both}</w:r><w:r><w:t>after</w:t></w:r></w:p>"
    assert word(tmp_path, body) == ("In a box\nBefore after",)


def test_pages_and_their_notes(tmp_path: Path) -> None:
    def note(number: int, text: str) -> str:
        return f"<w:footnote w:id='{number}'>{paragraph(text)}{paragraph('more')}</w:footnote>"

    notes = part(note(0, "never referred to") + note(7, "A note <w:t/>".replace("<w:t/>", "here")), "footnotes")
    body = (
        "<w:p><w:r><w:t>outcomes</w:t><w:footnoteReference w:id='7'/><w:t>. Half of a</w:t></w:r>"
        "<w:r><w:br w:type='page'/></w:r><w:r><w:lastRenderedPageBreak/><w:t> sentence.</w:t></w:r></w:p>"
        f"<w:p><w:pPr><w:pageBreakBefore w:val='0'/></w:pPr></w:p>{paragraph('same page')}"
        f"<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>A third page</w:t></w:r></w:p>"
    )
    pages = word(tmp_path, body, more={"word/footnotes.xml": notes})
    assert pages == ("outcomes. Half of a\nA note here\nmore", "sentence.\nsame page", "A third page")
    assert find("outcomes. Half of a", pages).verdict == "verbatim"


def test_repeated_lines_of_a_word_file_are_no_running_heads(tmp_path: Path) -> None:
    broken = "<w:p><w:r><w:br w:type='page'/></w:r></w:p>"
    pages = word(tmp_path, broken.join([paragraph("Knowledge brokers") + paragraph(LONG)] * 4))
    assert sum("Knowledge brokers" in page for page in pages) == 4


@pytest.mark.slow
def test_a_file_written_by_a_word_processor(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if not program:
        pytest.skip("LibreOffice (soffice) is not here")
    source = put(tmp_path, "x.html", f"<h1>Knowledge brokers</h1><p>{LONG}</p><p>We “tried” it.</p>".encode())
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "docx:Office Open XML Text",
        "--outdir",
        tmp_path,
        source,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    text = extract(tmp_path / "x.docx")
    assert text.status == "ok"
    assert text.pages[0].startswith(f"Knowledge brokers\n{LONG.strip()}\nWe “tried” it.")


ENTITIES = "<!DOCTYPE w [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx(paragraph("&i;"), prolog=f"{ENTITIES}]>"), "it declares a document type or entities"),
        (docx(paragraph("x"), prolog="<!DOCTYPE w SYSTEM 'file:///etc/passwd'>"), "it declares a document type"),
        (docx("<w:sdt>" * 2000 + "</w:sdt>" * 2000), "its parts stand more than"),
        (docx(paragraph(" " * (110 * 1024**2))), "it unpacks to more than 100 MB"),
        (docx("<w:p>"), "a damaged Word file"),
        (docx(""), ""),
        (
            docx("x", main="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
            "an Office file",
        ),
        (docx("<w:p><w:r>")[:200], "a damaged or cut-short archive"),
        (docx("&undeclared;"), "a damaged Word file"),
    ],
)
def test_hostile_word_files(tmp_path: Path, data: bytes, reason: str) -> None:
    text = extract(put(tmp_path, "x.docx", data), memory=1024**3)
    if reason:
        assert (text.status, text.pages) == ("failed", ())
        assert text.reason.startswith(reason)
    else:
        assert text.status == "empty"


# web pages

PAGE = f"""<!DOCTYPE html><html><head><title>Brokers | Journal</title><meta name="citation_doi" content="10.5555/abc">
<script>var trust = "not a text";</script><style>p {{ }}</style></head><body>
<nav><a>Home</a><p>Menu</header><div>more menu</div></nav><header>Site head</header>
<main><article><header><h1>Knowledge <em>bro</em>kers</h1></header><p>{LONG}<p>Trust&nbsp;rose<sup>2</sup> by 5&nbsp;% &ndash; in
 2020<br>and fell.<aside>Most read</aside><blockquote>{LONG}</blockquote>
<table><tr><td>Barrier</td><td>Time</td></tr></table><p hidden>secret</p><p style="display: none">secret</p>
<div role="navigation">Next article</div><ul><li>one<li>two</ul><p>Yes</p><p>Yes</p><footer>Our funders</footer></article></main>
<footer>Cookies</footer><noscript>Turn on</noscript></body></html>"""


def test_a_web_page(tmp_path: Path) -> None:
    text = extract(put(tmp_path, "x.html", PAGE.encode()))
    assert (text.status, text.doi, len(text.pages)) == ("ok", "10.5555/abc", 1)
    assert text.pages[0].split("\n") == [
        "Knowledge brokers", LONG.strip(), "Trust rose2 by 5 % – in 2020 and fell.", "Barrier", "Time", "one", "two",
        "Yes", "Yes", "Our funders",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["x.htm", "x.xhtml", "x"])
@pytest.mark.parametrize(
    "encoding",
    [("utf-8", ""), ("utf-16", ""), ("cp1252", ""), ("cp1252", "iso-8859-1"), ("koi8-r", "koi8-r"), ("utf-8", "hex")],
)
def test_encodings_of_web_pages(tmp_path: Path, name: str, encoding: tuple[str, str]) -> None:
    said = f'<meta charset="{encoding[1]}">' if encoding[1] else ""
    words = "Доверие" if encoding[0] == "koi8-r" else "Zürich – “trust”"
    page = f"<!-- saved --><!doctype HTML><html><head>{said}<body><script/><p>{words}<p>{LONG}"
    if encoding[0] == "koi8-r":
        page = page.replace("–", "-")
    assert extract(put(tmp_path, name, page.encode(encoding[0]))).pages == (f"{words}\n{LONG.strip()}",)


def test_what_looks_like_a_web_page() -> None:
    for head in (
        b"<html>",
        b" <!DOCTYPE HTML PUBLIC",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><html xmlns=",
        b"<div>",
    ):
        assert looks_like(head)
    for head in (b"x < y", b"<article><front>", b"The <html> tag", b"%PDF-", b"<?xml version='1.0'?><records>"):
        assert not looks_like(head)


def test_a_page_that_declares_entities_is_refused(tmp_path: Path) -> None:
    page = f"<!DOCTYPE html [<!ENTITY a 'lol'>]><html><body><p>{LONG}&a;</p></body></html>"
    text = extract(put(tmp_path, "x.xhtml", page.encode()))
    assert (text.status, text.reason[:20]) == ("failed", "it declares entities")


def test_a_page_of_a_hundred_thousand_elements_in_each_other(tmp_path: Path) -> None:
    page = b"<html><body>" + b"<div><p>" * 100_000 + LONG.encode()
    assert extract(put(tmp_path, "x.html", page)).pages == (LONG.strip(),)


# what a file is, its content says


@pytest.mark.parametrize("name", ["x.pdf", "x.txt", "x.html", "x.zip", "x"])
def test_a_word_file_under_another_name(tmp_path: Path, name: str) -> None:
    assert extract(put(tmp_path, name, docx(paragraph(LONG)))).pages == (LONG.strip(),)


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        ("application/vnd.oasis.opendocument.text", "an OpenDocument text"),
        ("application/epub+zip", "an e-book"),
        ("application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument file, but no text"),
    ],
)
def test_other_archives_say_what_to_do(tmp_path: Path, sign: str, reason: str) -> None:
    text = extract(put(tmp_path, "x.docx", docx("", more={"mimetype": sign})))
    assert (text.status, text.reason[: len(reason)]) == ("unsupported", reason)
