"""Files attached to items of Zotero: named by us, whole, and never in the place of another."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scoping import fulltext_match, schemas, tables
from scoping.identity import is_id
from scoping.zotero import attachments

FULLTEXT = Path("data/raw/fulltext")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PAGE = b"<!DOCTYPE html><html><head><title>A page</title></head><body><p>Words.</p></body></html>"
EVIL = [
    "../../../escaped.pdf",
    "/etc/passwd",
    "C:\\Windows\\x.pdf",
    "x" * 5000 + ".pdf",
    "a\nb\x00.pdf",
    "~/.ssh/id.pdf",
    "",
    ".hidden.pdf",
    "_ignored.pdf",
    "{export}.pdf",
]


def archive(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, data in members.items():
            parts.writestr(name.replace("__", "/"), data)
    return packed.getvalue()


def word() -> bytes:
    return archive(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": b"<w:document/>"})


def there() -> dict[str, bytes]:
    return {path.relative_to(FULLTEXT).as_posix(): path.read_bytes() for path in FULLTEXT.rglob("*") if path.is_file()}


def library(zotero_server: Any, review: Any, **settings: Any) -> Any:
    """A server with one article."""
    server = zotero_server(**settings)
    author = {"creatorType": "author", "firstName": "Seán", "lastName": "Ó Briain/../x"}
    server.add("ARTC2345", title="Brokers", date="2021", DOI="10.5555/a", creators=[author])
    review.write(server, "local: yes" if server.local else "local: no")
    return server


def test_files_are_named_so_that_they_are_matched(zotero_server: Any, zotero_review: Any) -> None:
    server = library(zotero_server, zotero_review)
    server.attach("FILE2345", "ARTC2345", PDF)
    assert "1 file taken over, 0 there already" in zotero_review.said("pull", "--files", "all")
    (name,) = there()
    entry = zotero_review.entries()["ARTC2345"]
    assert name == f"{entry['content_id']}-o-briain-x-2021-FILE2345.pdf"
    assert is_id(entry["content_id"])
    record = "8BC62RCNQN3"  # the entry of another export represents the record
    assert fulltext_match.record_named(name, {entry["content_id"]: record}) == record
    assert there()[name] == PDF


@pytest.mark.parametrize("filename", EVIL)
def test_no_name_that_is_served_becomes_a_path(zotero_server: Any, zotero_review: Any, filename: str) -> None:
    server = library(zotero_server, zotero_review)
    server.attach("FILE2345", "ARTC2345", PDF, filename=filename, title=filename)
    before = {path for path in Path("..").rglob("*") if "data" not in path.parts}
    zotero_review.said("pull", "--files", "all")
    assert [name.endswith("-2021-FILE2345.pdf") for name in there()] == [True]
    assert {path for path in Path("..").rglob("*") if "data" not in path.parts} == before


@pytest.mark.parametrize("key", ["../../xx", "FILE234", "file2345", "FILE2345/", "FILE\u0662345"])
def test_a_key_that_is_none_is_refused(zotero_server: Any, zotero_review: Any, key: str) -> None:
    server = library(zotero_server, zotero_review)
    server.attach("FILE2345", "ARTC2345", PDF)
    server.items["FILE2345"]["key"] = key
    assert "so that it cannot be Zotero's" in zotero_review.refused("pull", "--files", "all")
    assert there() == {}


def test_a_second_pull_takes_nothing_and_asks_for_no_file(zotero_server: Any, zotero_review: Any) -> None:
    server = library(zotero_server, zotero_review)
    server.attach("FILE2345", "ARTC2345", PDF)
    zotero_review.said("pull", "--files", "all")
    (path,) = FULLTEXT.iterdir()
    path.rename(FULLTEXT / "as somebody renamed it.pdf")
    server.asked.clear()
    assert "0 files taken over, 1 there already" in zotero_review.said("pull", "--files", "all")
    assert not [asked for asked in server.asked if asked.path.endswith("/file")]
    assert len(there()) == 1


def test_a_file_that_is_there_is_never_written_over(zotero_server: Any, zotero_review: Any) -> None:
    server = library(zotero_server, zotero_review)
    server.attach("FILE2345", "ARTC2345", PDF)
    zotero_review.said("pull", "--files", "all")
    (name,) = there()
    newer = PDF + b"% annotated"
    server.files["FILE2345"] = newer
    server.change("FILE2345", md5=hashlib.md5(newer, usedforsecurity=False).hexdigest())
    told = zotero_review.said("pull", "--files", "all")
    assert f"FILE2345  Zotero has another version than {name}, which stays" in told
    assert there() == {name: PDF}
    (FULLTEXT / name).rename("aside.pdf")
    zotero_review.said("pull", "--files", "all")
    assert there() == {name: newer}


def test_even_a_file_of_our_name_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"of a person")
    assert not attachments.placed(tmp_path, "x.pdf", PDF)
    assert (tmp_path / "x.pdf").read_bytes() == b"of a person"
    assert attachments.placed(tmp_path, "y.pdf", PDF)


def test_what_arrives_damaged_is_fetched_again_and_not_kept(zotero_server: Any, zotero_review: Any) -> None:
    server = library(zotero_server, zotero_review)
    server.attach("FILE2345", "ARTC2345", PDF)
    wrong = zotero_server.Fault("/stored/", status=200, body=PDF[:-5], headers={"Content-Type": "application/pdf"})
    server.faults = [wrong]
    assert "1 file taken over" in zotero_review.said("pull", "--files", "all")
    (path,) = FULLTEXT.iterdir()
    assert path.read_bytes() == PDF
    path.unlink()
    wrong.times = 2
    told = zotero_review.said("pull", "--files", "all")
    assert "0 files taken over" in told
    assert "FILE2345  what arrived is not the file that Zotero knows (another MD5)" in told
    assert there() == {}


def test_a_file_that_is_cut_short_is_asked_for_again(zotero_server: Any, zotero_review: Any) -> None:
    server = library(zotero_server, zotero_review)
    server.attach("FILE2345", "ARTC2345", PDF, md5=None)  # no MD5 would show it
    server.faults = [zotero_server.Fault("/stored/", cut=True)]
    zotero_review.said("pull", "--files", "all")
    assert list(there().values()) == [PDF]


def test_kinds_that_are_read_are_taken_and_the_others_are_listed(zotero_server: Any, zotero_review: Any) -> None:
    server = library(zotero_server, zotero_review)
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    server.attach("PDFF2345", "ARTC2345", PDF)
    server.attach("DOCX2345", "ARTC2345", word(), contentType=docx)
    server.attach("HTML2345", "ARTC2345", PAGE, contentType="text/html", linkMode="imported_url")
    server.attach("TEXT2345", "ARTC2345", b"Plain words.", contentType="text/plain")
    server.attach("NAME2345", "ARTC2345", PDF + b"%", contentType="application/octet-stream")
    server.attach("EPUB2345", "ARTC2345", b"PK\x03\x04epub", contentType="application/epub+zip")
    server.attach("FAKE2345", "ARTC2345", b"\x00\x01\x02 no PDF", contentType="application/pdf")
    server.attach("LOGN2345", "ARTC2345", PAGE + b"<!-- log in -->", contentType="application/pdf")
    server.attach("LINK2345", "ARTC2345", b"", linkMode="linked_url", contentType="text/html")
    server.attach("DISK2345", "ARTC2345", PDF + b"1", linkMode="linked_file", path="/elsewhere/x.pdf")
    server.attach("GONE2345", "ARTC2345", PDF + b"2")
    del server.files["GONE2345"]
    server.attach("HUGE2345", "ARTC2345", PDF + b"3")
    server.items["HUGE2345"]["links"] = {"enclosure": {"length": 10**12}}
    server.add("NOTE2345", itemType="note", parentItem="ARTC2345", note="x")
    told = zotero_review.said("pull", "--files", "all")
    endings = {name[-12:] for name in there()}
    assert endings == {"PDFF2345.pdf", "OCX2345.docx", "TML2345.html", "TEXT2345.txt", "NAME2345.pdf", "OGN2345.html"}
    lines = dict(line.split("  ")[1:3] for line in told.splitlines() if line.startswith("  "))
    assert lines == {
        "EPUB2345": "not a PDF, Word file, web page or plain text (application/epub+zip)",
        "FAKE2345": "by its content no PDF, Word file, web page or plain text",
        "LINK2345": "a link to a page, not a file",
        "DISK2345": "a link to a file on somebody's computer",
        "GONE2345": "Zotero's server has no such file: it may be kept elsewhere (WebDAV), or not be synchronised yet",
        "HUGE2345": "larger than 300 MB",
    }
    assert not [asked for asked in server.asked if asks_for(asked, "EPUB2345", "HUGE2345", "LINK2345")]


def asks_for(asked: Any, *keys: str) -> bool:
    return asked.path.endswith("/file") and any(key in asked.path for key in keys)


def test_a_web_page_comes_out_of_its_archive(zotero_server: Any, zotero_review: Any) -> None:
    server = library(zotero_server, zotero_review)
    packed = archive(**{"..__..__evil.png": b"\x89PNG", "cGFnZQ==%ZB64": PAGE})
    server.attach("WEBP2345", "ARTC2345", PAGE, contentType="text/html", linkMode="imported_url")
    server.files["WEBP2345"] = packed
    server.packed.add("WEBP2345")
    zotero_review.said("pull", "--files", "all")
    assert list(there().values()) == [PAGE]
    assert not list(Path().rglob("*evil*"))


def test_archives_are_measured_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = archive(page=PAGE + b" " * 5_000_000)
    assert attachments.whole(bomb, "") == PAGE + b" " * 5_000_000
    monkeypatch.setattr(attachments, "MOST", 1_000_000)
    assert attachments.whole(bomb, "") == bomb
    many = archive(page=PAGE, one=b" " * 400_000, two=b" " * 400_000, three=b" " * 400_000)
    assert attachments.whole(many, "") == many
    assert attachments.whole(archive(page=PAGE, one=b" " * 400_000), "") == PAGE
    assert attachments.whole(b"PK\x03\x04 cut short", "") == b"PK\x03\x04 cut short"
    assert attachments.whole(b"PK\x03\x04 cut short", "0" * 32) is None


def test_only_files_of_reports_that_are_sought(zotero_server: Any, zotero_review: Any, make: Any) -> None:
    server = zotero_server()
    for key in zotero_review.many(server, 4):
        server.attach(f"F{key[1:]}", key, PDF + key.encode())
    zotero_review.write(server)
    assert "there is no such table yet; run snakemake once" in zotero_review.refused("pull", "--files", "sought")
    ids = {key: entry["content_id"] for key, entry in zotero_review.entries().items()}
    tabled(make, {ids["MANY0000"]: "include", ids["MANY0001"]: "exclude", ids["MANY0002"]: "pending"})
    zotero_review.said("pull", "--files", "sought")
    assert list(there().values()) == [PDF + b"MANY0000"]
    zotero_review.said("pull", "--files", "all")
    assert len(there()) == 4


def tabled(make: Any, states: dict[str, str]) -> None:
    """The tables of a run: each entry a record, and its state at title and abstract."""
    out = Path("data/processed")
    rows = [
        make.entry_record(f"{id_}-z-1", id_, file="zotero_team.json", line_start=str(n))
        for n, id_ in enumerate(states, 1)
    ]
    tables.write(out / "entry_records.csv", schemas.ENTRY_RECORDS, rows)
    tables.write(out / "title_abstract/states.csv", schemas.STATES, [make.state(*pair) for pair in states.items()])
    passed = [id_ for id_, state in states.items() if state == "include"]
    tables.write(out / "full_text/states.csv", schemas.STATES, [make.state(id_, "pending") for id_ in passed])


def test_files_of_collections_come_with_their_items(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    server.fill()
    server.files["FPDF2345"] = PDF
    zotero_review.write(server, "collection: CQRS2345, tag: brokers")
    told = zotero_review.said("pull", "--files", "all")
    assert "1 file taken over" in told
    assert "LNKD2345  a link to a page" in told
    assert [name[-12:] for name in there()] == ["FPDF2345.pdf"]


# the Zotero of this computer


def test_the_local_zotero_says_where_a_file_lies(zotero_server: Any, zotero_review: Any, tmp_path: Path) -> None:
    server = library(zotero_server, zotero_review, local=True)
    storage = tmp_path.parent / f"{tmp_path.name} storage ü"
    storage.mkdir()
    (storage / "a b.pdf").write_bytes(PDF)
    server.attach("FILE2345", "ARTC2345", PDF, linkMode="linked_file")
    server.attach("AWAY2345", "ARTC2345", PDF + b"2")
    server.attach("FTPP2345", "ARTC2345", PDF + b"3")
    server.paths = {"FILE2345": (storage / "a b.pdf").as_uri(), "AWAY2345": (storage / "gone.pdf").as_uri()}
    del server.files["FTPP2345"]
    told = zotero_review.said("pull", "--files", "all")
    assert list(there().values()) == [PDF]
    assert "AWAY2345  the file is not on this computer" in told
    assert "FTPP2345  Zotero on this computer has no such thing" in told
    assert (storage / "a b.pdf").read_bytes() == PDF


def test_the_web_cannot_point_at_files_of_this_computer(zotero_server: Any, zotero_review: Any, tmp_path: Path) -> None:
    server = library(zotero_server, zotero_review)
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(PDF)
    server.attach("FILE2345", "ARTC2345", PDF)
    head = {"Location": secret.as_uri()}
    server.faults = [zotero_server.Fault("FILE2345/file", status=302, headers=head, times=9)]
    assert "leads to an address that is none of the web" in zotero_review.refused("pull", "--files", "all")
    assert there() == {}


def test_a_key_does_not_follow_to_where_a_file_is_stored(
    zotero_server: Any, zotero_review: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "Kf7Qw2Zt9Xc4Vb6Nm1Lp8Js3")
    server = library(zotero_server, zotero_review, key="Kf7Qw2Zt9Xc4Vb6Nm1Lp8Js3")
    server.attach("FILE2345", "ARTC2345", PDF)
    store = zotero_server()
    store.files["FILE2345"] = PDF
    head = {"Location": f"{store.endpoint}/stored/FILE2345.pdf"}
    server.faults = [zotero_server.Fault("FILE2345/file", status=302, headers=head)]
    zotero_review.said("pull", "--files", "all")
    assert list(there().values()) == [PDF]
    (asked,) = store.asked
    assert not [value for value in asked.headers.values() if "Kf7Q" in value]
    assert all(asked.headers["Authorization"].endswith("Js3") for asked in server.asked)
