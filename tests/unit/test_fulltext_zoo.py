"""A folder of files that are broken, hostile or not what they seem: each is recorded with a reason, none stops a run."""

import importlib.util
import json
import os
import types
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from scoping.cli.extract import command

HERE = Path(__file__).parent


def _load(name: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(f"zoo_{name}", HERE / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


papers, plain = _load("papers"), _load("test_fulltext")

WORDS = "Trust grew where staff sat in the same room and fell where they did not, as an officer told the team. " * 4


def whole() -> bytes:
    return bytes(plain.pdf([[WORDS[:90]] * 9]))


def pages_without_end() -> bytes:
    """A page tree whose only branch is itself."""
    return whole().replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]")


def a_million_pages() -> bytes:
    return whole().replace(b"/Count 1 ", b"/Count 1000000 ")


def xref_in_a_circle() -> bytes:
    data = whole()
    start = data.index(b"\nxref") + 1
    return data.replace(b"trailer << ", b"trailer << /Prev %d " % start)


def object_in_itself() -> bytes:
    return whole().replace(b"/Length ", b"/Length 4 0 R /Old ", 1)


def streams_in_streams(_: object = None) -> bytes:
    packed = b" " * 200 * 1024**2
    for _level in range(2):
        packed = zlib.compress(packed, 9)
    return bytes(plain.pdf([], streams=[(b"/Filter [/FlateDecode /FlateDecode]", packed)]))


def broken_docx() -> bytes:
    data = papers.docx(papers.paragraph(WORDS))
    return bytes(data[:200] + b"\xff" * 20 + data[220:])


ENTITY = "<!DOCTYPE w [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
ZOO: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "whole.pdf": (whole, "ok", ""),
    "truncated.pdf": (lambda: whole()[:700], "failed", "cut short"),
    "html.pdf": (lambda: b"<!DOCTYPE html><html><body>Log in</body></html>", "failed", "an HTML page"),
    "encrypted.pdf": (plain.encrypted, "failed", "encrypted"),
    "no text.pdf": (lambda: plain.pdf([[], []]), "empty", "no text layer: read by eye"),
    "empty.pdf": (lambda: b"", "failed", "an empty file"),
    "junk.pdf": (lambda: bytes(range(256)) * 400, "failed", "not a PDF"),
    "junk.docx": (lambda: bytes(range(256)) * 400, "failed", "not what its name says"),
    "junk.txt": (lambda: bytes(range(256)) * 400, "failed", "not plain text"),
    "page tree in a circle.pdf": (pages_without_end, "failed", ""),
    "a million pages.pdf": (a_million_pages, "failed", ""),
    "xref in a circle.pdf": (xref_in_a_circle, "", ""),
    "stream as long as itself.pdf": (object_in_itself, "", ""),
    "bomb.pdf": (streams_in_streams, "", ""),
    "endless forms.pdf": (plain.endless, "", ""),
    "bomb.docx": (lambda: papers.docx(papers.paragraph(" " * 120 * 1024**2)), "failed", "it unpacks to more than"),
    "broken.docx": (broken_docx, "failed", "a damaged"),
    "entities.docx": (lambda: papers.docx("", prolog=ENTITY), "failed", "it declares a document type or entities"),
    "deep.docx": (lambda: papers.docx("<w:sdt>" * 9000 + "</w:sdt>" * 9000), "failed", "its parts stand more than"),
    "deep.html": (lambda: b"<html><body>" + b"<div>" * 300_000 + WORDS.encode(), "ok", ""),
    "open comment.html": (lambda: b"<html><body><p>" + WORDS.encode() + b"<!-- " * 20_000, "", ""),
    "many files.docx": (lambda: papers.docx("", more={f"x{n}": "" for n in range(10_001)}), "failed", "an archive with"),
    "spaces.txt": (lambda: b" " * 100 * 1024**2, "failed", "larger than 50 MB"),
    "some spaces.txt": (lambda: b" " * 40 * 1024**2, "failed", "more than 10,000,000 characters"),
    "fewer spaces.txt": (lambda: b" " * 9_900_000, "empty", "nothing but blanks"),
    "pdf.txt": (whole, "ok", ""),
    "docx.pdf": (lambda: papers.docx(papers.paragraph(WORDS)), "ok", ""),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "unsupported", "an old Word file"),
    "picture.png": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 900, "unsupported", ".png is not read"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A review whose full texts are the zoo."""
    root = tmp_path_factory.mktemp("zoo")
    texts = root / "data/raw/fulltext"
    texts.mkdir(parents=True)
    for name, (make, _, _) in ZOO.items():
        (texts / name).write_bytes(make())
    (root / "secret.txt").write_text(WORDS)
    (texts / "outside.txt").symlink_to(root / "secret.txt")
    (texts / "inside.txt").symlink_to(texts / "whole.pdf")
    yield root
    for name in ZOO:
        (texts / name).unlink()


def extracted(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What `scoping extract` records of one file, under limits that bombs reach soon."""
    from scoping import fulltext

    monkeypatch.chdir(root)
    monkeypatch.setattr(fulltext.extract, "__kwdefaults__", {"seconds": 5, "memory": 1024**3})
    out = root / "out.json"
    arguments = [f"data/raw/fulltext/{name}", "--text", str(out)]
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    what = json.loads(out.read_text(encoding="utf-8"))
    assert what["file"] == name
    return {"status": what["text"]["status"], "reason": what["text"]["reason"], "sha256": what["sha256"]}


@pytest.mark.slow
@pytest.mark.parametrize("name", ZOO)
def test_each_of_the_zoo_is_recorded(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, status, reason = ZOO[name]
    found = extracted(folder, name, monkeypatch)
    assert len(found["sha256"]) == 64
    assert found["status"] == status or not status
    assert found["reason"].startswith(reason)
    assert bool(found["reason"]) == (found["status"] != "ok")
    assert not any(sign in found["reason"] for sign in ("Traceback", "Error", str(folder)))


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = extracted(folder, "outside.txt", monkeypatch)
    assert (found["status"], found["reason"][:39]) == ("failed", "a link to a file outside this folder: p")
    assert extracted(folder, "inside.txt", monkeypatch)["status"] == "ok"


def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "data/raw/fulltext/locked.pdf").write_bytes(whole())
    if os.geteuid():
        (folder / "data/raw/fulltext/locked.pdf").chmod(0)
    else:  # the superuser may read everything
        opened = Path.open

        def refusing(path: Path, *arguments: str, **more: str) -> object:
            if path.name == "locked.pdf":
                raise PermissionError(13, "Permission denied")
            return opened(path, *arguments, **more)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", refusing)
    found = extracted(folder, "locked.pdf", monkeypatch)
    assert found == {"status": "failed", "reason": "the file cannot be read: Permission denied", "sha256": ""}
