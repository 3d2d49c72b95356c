"""Exports that were made to do harm: each ends in one sentence, in bounded time and memory, as a person would call it."""

import io
import os
import resource
import socket
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scoping import exports, preflight, readers
from scoping.config import Source
from scoping.errors import ScopingError

SCOPING = Path(sys.executable).with_name("scoping")
MEMORY = 1_500_000_000  # bytes of address space
SECONDS = 60
GIGABYTE = 1_000_000_000


def limited(*command: str | Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """A command that may take so much memory and time, and no more."""
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )


def zipped(*members: tuple[str, bytes], times: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in members:
            with packed.open(name, "w", force_zip64=True) as member:
                for _ in range(times):
                    member.write(body)
    return out.getvalue()


def lying(packed: bytes, size: int) -> bytes:
    """An archive whose directory says that its only member is small."""
    at = packed.rfind(b"PK\x01\x02")
    return packed[: at + 24] + struct.pack("<I", size) + packed[at + 28 :]


def record(title: str) -> str:
    return f"<xml><records><record><rec-number>1</rec-number><titles><title>{title}</title></titles></record></records></xml>"


def laughs() -> str:
    more = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE xml [<!ENTITY a0 "ha">{more}]>{record("&a11;")}'


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "entities": (lambda: laughs().encode(), "declares entities"),
    "external entity": (
        lambda: f'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>{record("&x;")}'.encode(),
        "declares entities",
    ),
    "parameter entity": (
        lambda: f'<!DOCTYPE xml [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>{record("T")}'.encode(),
        "declares entities",
    ),
    "zip of a gigabyte": (lambda: zipped(("a.ris", bytes(1_000_000)), times=310), "unpacks from"),
    "zip that lies": (lambda: lying(zipped(("a.ris", bytes(1_000_000)), times=400), 100), "damaged"),
    "workbook of a gigabyte": (
        lambda: zipped(("[Content_Types].xml", b"<Types/>"), ("xl/worksheets/sheet1.xml", b"<row/>" * 100_000), times=520),
        "unpacks from",
    ),
    "zeros": (lambda: bytes(50_000_000), "a file of zeros"),
    "zeros behind an entry": (lambda: b"TY  - JOUR\n" + bytes(50_000_000), "not known"),
    "arrays in arrays": (lambda: b"[" * 100_000 + b"]" * 100_000, "JSON of another kind"),
    "objects in objects": (lambda: b'{"items":' * 100_000, "JSON of another kind"),
    "a header of a million columns": (
        lambda: b"Title,DOI," + b",".join(b"c%d" % n for n in range(1_000_000)) + b"\nT,10.5555/a\n",
        "not known",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_was_made_to_do_harm_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    make, said = REFUSED[name]
    (tmp_path / "x.ris").write_bytes(make())
    done = limited(SCOPING, "ingest", "x.ris", "--explain", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("x.ris: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert "; " in done.stderr, "nothing says what to do"


READ: dict[str, tuple[Callable[[], bytes], str]] = {
    "elements in elements": (
        lambda: record("<a>" * 200_000 + "</a>" * 200_000).encode(), "Excessive depth",
    ),
    "arrays in an item": (
        lambda: b'[{"title": "T", "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "cannot be decoded",
    ),
    "a row of a million cells": (
        lambda: b"Title,DOI,Year\nT,10.5555/a," + b"x," * 1_000_000 + b"\n", "cells below a header of 3",
    ),
    "a document type elsewhere": (
        lambda: f'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd">{record("T")}'.encode(), "1 read, 1 counted",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_a_hostile_entry_is_read_with_a_remark(name: str, tmp_path: Path) -> None:
    make, said = READ[name]
    (tmp_path / "x.ris").write_bytes(make())
    done = limited(SCOPING, "ingest", "x.ris", "--explain", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert said in done.stdout


BLANKS = {
    "line feeds": b"\n" * 2_000_000,
    "carriage returns": b"\r" * 2_000_000,
    "blanks": b" " * 2_000_000,
    "commas": b"," * 2_000_000,
    "quotes": b'"' * 2_000_000,
    "braces": b"{" * 2_000_000,
    "keywords": b"keywords={;" * 180_000,
    "ampersands": b"&" * 2_000_000,
    "and": b" and" * 500_000,
    "cells": b'"a"b,' * 400_000,
    "rows": b'"a"b\n' * 200_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BLANKS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b"TY  - JOUR\nTI  - T\nAU  - ", b"\nER  - \n"),
        (b"@article{a, title = {T}, author = {", b"}}\n"),
        (b"Title,Authors,DOI\nA title,", b",10.5555/a\n"),
        (b'[{"title": "T", "abstract": "', b'"}]'),
        (b"<xml><records><record><abstract>", b"</abstract></record></records></xml>"),
    ],
    ids=["alone", "ris", "bibtex", "table", "json", "xml"],
)
def test_a_sign_repeated_two_million_times_ends(name: str, before: bytes, after: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.ris").write_bytes(before + BLANKS[name] + after)
    done = limited(SCOPING, "ingest", "x.ris", "--explain", cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert "Traceback" not in done.stderr


def test_a_line_of_two_gigabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "x.ris").open("wb") as sparse:
        sparse.write(b"TY  - JOUR\nAB  - ")
        sparse.truncate(2 * GIGABYTE)
    for more in (["--explain"], ["--claims", "{}", "--entries", "e", "--issues", "i", "--receipts", "r"]):
        done = limited(SCOPING, "ingest", "x.ris", *more, cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.startswith(
            f"x.ris: this file has 2,000,000,000 bytes, and no export is read beyond {readers.LARGEST:,}"
        )


def test_the_limit_of_memory_is_one(tmp_path: Path) -> None:
    """What the tests above lean on: with as much memory as a file of two gigabytes asks for, a command fails here."""
    done = limited(sys.executable, "-c", f"bytes({2 * GIGABYTE})", cwd=tmp_path)
    assert "MemoryError" in done.stderr


# --- what is no file -------------------------------------------------------------------------------------------------


def pipe(path: Path) -> None:
    os.mkfifo(path)


def in_a_circle(path: Path) -> None:
    path.symlink_to(path.name)


def to_nowhere(path: Path) -> None:
    path.symlink_to("gone.ris")


def to_a_folder(path: Path) -> None:
    path.with_name("_elsewhere").mkdir()
    path.symlink_to("_elsewhere")


def empty_folder(path: Path) -> None:
    path.mkdir()


def plug(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket may have a hundred letters
    try:
        with socket.socket(socket.AF_UNIX) as plugged:
            plugged.bind(path.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (pipe, "is a pipe"),
        (in_a_circle, "is a link that leads nowhere"),
        (to_nowhere, "is a link to something that is not there"),
        (to_a_folder, "is a link to a folder"),
        (plug, "is a socket or a device"),
        (empty_folder, "is an empty folder with the name of a file"),
    ],
)
def test_what_is_no_file_stops_the_run_before_it_begins(
    make: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "data/raw/exports"
    folder.mkdir(parents=True)
    (folder / "real.ris").write_text("TY  - JOUR", encoding="utf-8")
    preflight.check(tmp_path, overrides={})
    make(folder / "x.ris")
    with pytest.raises(ScopingError) as caught:
        preflight.check(tmp_path, overrides={})
    assert str(caught.value).startswith(f"data/raw/exports/x.ris: {said}")
    assert caught.value.do


def test_links_to_files_and_folders_with_files_are_as_they_were(tmp_path: Path) -> None:
    folder = tmp_path / "data/raw/exports"
    (folder / "sub.2024").mkdir(parents=True)
    (folder / "sub.2024" / "a.ris").write_text("TY  - JOUR", encoding="utf-8")
    (tmp_path / "elsewhere.ris").write_text("TY  - JOUR", encoding="utf-8")
    (folder / "b.ris").symlink_to(tmp_path / "elsewhere.ris")
    preflight.check(tmp_path, overrides={})
    assert exports.names(folder) == ["b.ris", "sub.2024/a.ris"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.ris")
    done = limited(SCOPING, "ingest", "x.ris", "--explain", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "x.ris: is a pipe; put the file itself in its place\n")


def test_a_folder_named_as_a_file_is_told(tmp_path: Path) -> None:
    source = Source.model_validate({"name": "S", "kind": "database", "files": ["x.ris"]})
    with pytest.raises(ScopingError, match=r"it is a folder: write 'x.ris/\*' for all that is in it"):
        exports.claims({"s": source}, ["x.ris/a.ris"])
