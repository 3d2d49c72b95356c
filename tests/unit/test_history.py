"""What the ledger knows, and the commands that tell it."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scoping import history, ledger
from scoping.cli import group


@pytest.fixture
def events(make: Any) -> list[dict[str, Any]]:
    issued = make.issued("ta01", ["anna", "ben"], ["A", "B"], ordered_by={"kind": "svm", "n_labelled": 46})
    first = make.read("ta01.anna", {"A": "include", "B": "exclude"}, "1" * 64)
    again = make.read("ta01.anna", {"A": "include", "B": "exclude"}, "2" * 64)
    changed = make.read("ta01.anna", {"A": "withdraw"}, "3" * 64, file="copy.xlsx")
    plain = [issued, first, again, changed]
    return [{**event, "seq": at, "recorded_at": f"2026-01-0{at}T00:00:00Z"} for at, event in enumerate(plain, 1)]


def test_the_history_of_a_record_has_each_change_once(events: list[dict[str, Any]]) -> None:
    assert list(history.of_record(events, {"A"})) == [
        "2026-01-01T00:00:00Z  000001  title_abstract: A issued to anna, ben as ta01 (ordered by: svm, 46 records labelled)",
        "2026-01-02T00:00:00Z  000002  title_abstract: anna decided `include` for A, in x.xlsx at Screening!B2",
        "2026-01-04T00:00:00Z  000004  title_abstract: anna decided `withdraw` for A, was `include`, in copy.xlsx at Screening!B2",
    ]  # fmt: skip
    assert list(history.of_record(events, {"C"})) == []


def test_the_history_says_how_a_record_was_chosen_and_who_got_it(make: Any) -> None:
    model = {"kind": "svm", "n_labelled": 46}
    event = make.issued("ta01", ["anna", "ben"], ["A", "B", "C"], ordered_by=model, audit=["B"])
    event["sheets"][1]["items"] = ["C"]
    event |= {"seq": 1, "recorded_at": "2026-01-01T00:00:00Z"}
    said = {id_: next(history.of_record([event], {id_})).partition("title_abstract: ")[2] for id_ in "ABC"}
    assert said == {
        "A": "A issued to anna as ta01 (ordered by: svm, 46 records labelled)",
        "B": "B issued to anna as ta01 (drawn at random, whatever the order)",
        "C": "C issued to anna, ben as ta01 (ordered by: svm, 46 records labelled)",
    }


def test_the_flat_table_has_every_answer_and_change(events: list[dict[str, Any]]) -> None:
    rows = history.flat(events)
    assert [(row["seq"], row["item"], row["decision"]) for row in rows] == [
        ("2", "A", "include"), ("2", "B", "exclude"), ("4", "A", "withdraw"),
    ]  # fmt: skip


@pytest.fixture
def review(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    with ledger.locked(Path("data/raw/ledger")) as book:
        digest = book.keep(b"a sheet")
        issued = make.issued("ta01", ["anna"], [make.id("A")])
        issued["sheets"][0]["sha256"] = digest
        book.append("issued", **{key: value for key, value in issued.items() if key != "kind"} | {"ordered_by": {}})
    return tmp_path


def test_verify_says_what_is_here_and_finds_damage(review: Path) -> None:
    said = CliRunner().invoke(group, ["ledger", "verify"])
    assert said.output == (
        "The chain of 1 events is whole.\nOf 1 versions of sheets the bytes of 1 are here, and none is damaged.\n"
    )
    blob = next((review / "data/raw/ledger/blobs").glob("[0-9a-f]*"))
    blob.chmod(0o644)
    blob.write_bytes(b"b sheet")
    said = CliRunner().invoke(group, ["ledger", "verify"])
    assert said.exit_code == 1
    assert "1 of the stored sheet versions are damaged" in str(said.exception)
    blob.unlink()
    said = CliRunner().invoke(group, ["ledger", "verify"])
    assert "the bytes of 0 are here" in said.output  # a clone has events, no blobs
    event = next((review / "data/raw/ledger/events").glob("*.json"))
    event.chmod(0o644)
    event.write_bytes(event.read_bytes().replace(b"anna", b"anne"))
    said = CliRunner().invoke(group, ["ledger", "verify"])
    assert "the ledger is broken here (event 1)" in str(said.exception)


def test_log_and_export(review: Path, make: Any) -> None:
    said = CliRunner().invoke(group, ["ledger", "log", make.id("A").lower()])
    assert f"title_abstract: {make.id('A')} issued to anna as ta01" in said.output
    said = CliRunner().invoke(group, ["ledger", "log", "nobody"])
    assert "the ledger knows nothing of nobody" in str(said.exception)
    said = CliRunner().invoke(group, ["export", "decisions", "-o", "out.csv"])
    assert said.output == "0 answers written to out.csv\n"
    assert (review / "out.csv").read_text(encoding="utf-8-sig").startswith("seq,recorded_at,stage,")
