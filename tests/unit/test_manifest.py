"""The manifest."""

import json
from pathlib import Path
from typing import Any

from scoping import manifest


def test_what_the_ledger_says_does_not_depend_on_order_and_time(make: Any) -> None:
    one, two = make.issued("ta01", ["anna"], ["A"]), make.read("ta01.anna", {"A": "include"}, "f" * 64)
    first = [{**one, "seq": 1, "recorded_at": "x"}, {**two, "seq": 2, "recorded_at": "y"}]
    other = [{**two, "seq": 1, "recorded_at": "z"}, {**one, "seq": 2, "recorded_at": "w"}]
    assert manifest.of_ledger(first)["content"] == manifest.of_ledger(other)["content"]
    changed = [first[0], {**first[1], "labels": {"A": {"decision": "exclude"}}}]
    assert manifest.of_ledger(changed)["content"] != manifest.of_ledger(first)["content"]
    assert manifest.of_ledger(first)["sheets"]["ta01.anna"]["read"] == "f" * 64


def test_it_names_all_files_and_versions_and_no_machine(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("x")
    text = manifest.manifest(
        title="T", notice="N", inputs={"i": "1"}, outputs=manifest.hashes([Path("a.csv")]), events=[], version="9"
    )
    found = json.loads(text)
    assert found["outputs"] == {"a.csv": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}
    assert {"scoping", "python", "snakemake", "matplotlib"} <= set(found["versions"])
    assert str(tmp_path) not in text


def test_hashes_stand_in_order_of_their_paths(tmp_path: Path) -> None:
    for name in "bac":
        (tmp_path / name).write_text(name)
    found = manifest.hashes([tmp_path / name for name in "bac"])
    assert list(found) == [str(tmp_path / name) for name in "abc"]


def test_a_sheet_is_named_as_it_was_issued_and_last_read(make: Any) -> None:
    issued = make.issued("ta01", ["anna", "ben"], ["A"])
    events = [issued, make.read("ta01.anna", {}, "1" * 64), make.read("ta01.anna", {"A": "include"}, "2" * 64)]
    found = manifest.of_ledger(events)
    assert found["events"] == 3
    assert found["sheets"] == {
        "ta01.anna": {"issued": issued["sheets"][0]["sha256"], "read": "2" * 64},
        "ta01.ben": {"issued": issued["sheets"][1]["sha256"], "read": ""},
    }


def test_the_same_review_gives_the_same_bytes(make: Any) -> None:
    """Whatever the order in which files were found, and when people's work was recorded."""

    def text(**more: Any) -> str:
        event = {**make.issued("ta01", ["anna"], ["A"]), "seq": 1, "previous": "", **more}
        names = sorted("ab", reverse="recorded_at" in more)
        files = dict.fromkeys(names, "0")
        return manifest.manifest(title="É", notice="", inputs=files, outputs=files, events=[event], version="1")

    assert text() == text(recorded_at="2026-01-01T00:00:00Z")
    assert text().endswith("}\n")
    assert '"title": "É"' in text()
