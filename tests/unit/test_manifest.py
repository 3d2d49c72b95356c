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
