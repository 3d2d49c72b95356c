"""A review whose only source is a Zotero library: pulled, screened by two sheets, and its decisions pushed back."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
assert _spec is not None
assert _spec.loader is not None
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
KEY = "Kf7Qw2Zt9Xc4Vb6Nm1Lp8Js3"
PROTOCOL = """
title: Evidence in councils
question: {text: "What?", population: Councils, concept: Evidence, context: Any}
sources: {library: {name: Our library, kind: database, files: [zotero_team.json]}}
criteria:
  include: [{id: local, text: Local}]
  exclude: [{id: not-local, label: Not local, text: Elsewhere}]
people: {anna: {}}
stages:
  duplicates: {people: [anna]}
  title_abstract: {mode: single, people: [anna], pilot: 0, batch: 20}
  full_text: {mode: single, people: [anna], pilot: 0, batch: 20}
  coding: {mode: single, people: [anna], pilot: 0, batch: 20}
seed: 7
zotero:
  team: {kind: group, library: 4711, collection: CQRS2345, endpoint: "ENDPOINT"}
"""
WORDS = (
    "A librarian for the town council", "Evidence clinics in rural districts", "Why cabinets do not read",
    "A shared analyst in three harbour towns", "Hand hygiene on eleven wards", "Two towns, one observatory of housing",
)  # fmt: skip


def scoping(root: Path, *arguments: str) -> str:
    """What a command says, in a process of its own."""
    call = "import sys; from scoping.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", call, "zotero", *arguments],
        cwd=root,
        env={
            **os.environ,
            "ZOTERO_API_KEY": KEY,
            "HTTP_PROXY": "http://127.0.0.1:9",
            "ALL_PROXY": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert KEY not in done.stdout + done.stderr
    return done.stdout


def label(people: Any, root: Path, stage: str, answers: dict[str, dict[str, str]]) -> list[str]:
    """Answer rows of a stage's sheet by their titles; the titles that were asked for."""
    (path,) = (root / people.SHEETS / stage).glob("*.xlsx")
    book = people.Book(path)
    for line in book.lines:
        book.type(line, answers.get(line.shown["Title"], {}))
    book.save()
    return sorted(line.shown["Title"] for line in book.lines)


def test_from_the_library_to_tags(tmp_path: Path, zotero_server: Any, people: Any) -> None:
    server = zotero_server(key=KEY)
    for number, title in enumerate(WORDS):
        key = f"ITEM{number:04d}"
        author = {"creatorType": "author", "firstName": "A.", "lastName": f"Author{number}"}
        server.add(
            key, title=title, date=f"20{number + 10}", DOI=f"10.5555/z{number}", creators=[author],
            abstractNote=f"An abstract of {title}.", collections=["CQRS2345"], tags=[{"tag": "theirs"}],
        )  # fmt: skip
        server.attach(f"FILE{number:04d}", key, PDF + title.encode(), filename="../../escaped.pdf")
    root = tmp_path / "review"
    people.set_up(root, PROTOCOL.replace("ENDPOINT", server.endpoint))
    review_folder.Review(root).leave_out_reports(keep=["references"])

    assert "6 items; 6 new" in scoping(root, "pull")
    asked = len(server.asked)
    people.run(root)
    exclude = {"Decision": "exclude", "Reason (if excluded)": "Not local"}
    shown = label(
        people, root, "title_abstract",
        {title: exclude if title in WORDS[2:5:2] else {"Decision": "include"} for title in WORDS},
    )  # fmt: skip
    assert shown == sorted(WORDS)
    people.run(root)
    assert len(server.asked) == asked  # no run of the workflow asks Zotero

    assert "4 files taken over" in scoping(root, "pull", "--files", "sought")
    people.run(root)
    texts = people.table(root / "data/processed/texts.csv")
    assert [row["how"] for row in texts] == ["id"] * 4
    label(people, root, "full_text", {WORDS[0]: {"Decision": "include"}, WORDS[1]: exclude})
    people.run(root)

    before = {key: json.dumps(item) for key, item in server.items.items()}
    assert "6 items to be changed" in scoping(root, "push")
    assert {key: json.dumps(item) for key, item in server.items.items()} == before
    assert "6 items changed" in scoping(root, "push", "--write")
    late, early = "scoping:excluded:full-text", "scoping:excluded:title-and-abstract"
    reason = "scoping:reason:not-local"
    assert [server.tags(f"ITEM{n:04d}") for n in range(6)] == [
        ["theirs", "scoping:included"],
        ["theirs", "scoping:excluded", late, reason],
        ["theirs", "scoping:excluded", early, reason],
        ["theirs", "scoping:for-full-text"],
        ["theirs", "scoping:excluded", early, reason],
        ["theirs", "scoping:for-full-text"],
    ]

    # what is deleted in Zotero is not lost to the review, and our tags do not come back as keywords
    records = (root / "data/processed/entry_records.csv").read_bytes()
    states = (root / "data/processed/full_text/states.csv").read_bytes()
    server.delete("ITEM0000")
    assert "5 items; 0 new, 0 changed, 1 left the library" in scoping(root, "pull")
    people.run(root)
    ids = [
        {k: v for k, v in row.items() if k != "line_start"}
        for row in people.table(root / "data/processed/entry_records.csv")
    ]
    assert len(ids) == len(records.decode().splitlines()) - 1 == 6
    assert (root / "data/processed/full_text/states.csv").read_bytes() == states
    assert "0 items to be changed, 5 as before" in scoping(root, "push")
    assert "scoping:" not in (root / "reports/references/included.ris").read_text(encoding="utf-8")
    assert people.run(root).idle
    written = [path for path in root.rglob("*") if path.is_file() and ".snakemake" not in path.parts]
    assert not [path for path in written if KEY.encode() in path.read_bytes()]
    assert not list(tmp_path.rglob("*escaped*"))
