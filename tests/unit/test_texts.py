"""Full texts and their reports."""

import json
from typing import Any, cast

import pytest

from scoping import texts
from scoping.fulltext import Status, Text, to_json
from scoping.fulltext_match import Reports, record_named
from scoping.schemas import TEXTS
from scoping.tables import _checked


def extracted(file: str, *pages: str, status: str = "ok") -> dict[str, Any]:
    text = Text(cast("Status", status), "", pages, pages, tuple(((0, 0),) for _ in pages))
    return {"file": file, "sha256": "0", "text": json.loads(to_json(text))}


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("{id}.pdf", True),
        ("{id} Marsh 2020.pdf", True),
        ("sub/{id}_final.txt", True),
        ("{low}.pdf", True),
        ("Marsh {id}.pdf", False),
        ("{id}X.pdf", False),
        ("Marsh 2020.pdf", False),
    ],
)
def test_a_file_belongs_to_the_record_its_name_begins_with(make: Any, form: str, found: bool) -> None:
    id_ = make.id("a")
    name = form.format(id=id_, low=id_.lower())
    assert record_named(name, {id_: "R"}) == ("R" if found else "")
    wrong = id_[:-1] + ("B" if id_[-1] != "B" else "C")
    assert record_named(form.format(id=wrong, low=wrong), {wrong: "R"}) == ""


def test_any_id_of_a_record_will_do(make: Any) -> None:
    old, new = make.id("old"), make.id("new")
    rows = texts.match([extracted(f"{old}.txt", "one", "two")], Reports([make.record(new, old)]))
    assert [(row["record_id"], row["pages"], row["characters"]) for row in rows] == [(new, "2", "6")]


def test_quotes_are_looked_up_in_the_full_text_else_in_title_and_abstract(make: Any) -> None:
    a, b, c = (make.id(x) for x in "abc")
    files = [
        extracted(f"{a} 2.txt", "second"),
        extracted(f"{a} 1.txt", "first"),
        extracted(f"{b}.pdf", status="failed"),
    ]
    records = [make.record(id_, title="T", abstract="A") for id_ in (a, b, c)]
    rows = texts.match(files, Reports(records))
    assert texts.pages(files, rows, records) == {a: ["first", "second"], b: ["T\n\nA"], c: ["T\n\nA"]}


def test_a_text_that_failed_is_listed_with_its_reason(make: Any) -> None:
    failed = {"file": "x.pdf", "sha256": "f", "text": json.loads(to_json(Text("failed", "damaged")))}
    (row,) = texts.match([failed], Reports([]))
    assert _checked(TEXTS, [row]) == [row]
    assert row == {
        "file": "x.pdf", "sha256": "f", "record_id": "", "how": "", "candidates": "[]",
        "doubt": "no report has its title or DOI", "status": "failed", "reason": "damaged", "pages": "0", "characters": "0",
    }  # fmt: skip


def test_a_text_of_another_record_is_not_looked_at(make: Any) -> None:
    a, b = make.id("a"), make.id("b")
    files = [extracted(f"{a}.txt", "a's text"), extracted("nobody's.txt", "lost")]
    rows = texts.match(files, Reports([make.record(a)]))
    assert texts.pages(files, rows, [make.record(b, title="T", abstract="")]) == {b: ["T"]}
