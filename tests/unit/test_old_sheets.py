"""Sheets of a review that was coded to the end, issued before codes had more than the usual values: read word for word as they were."""

import json
from pathlib import Path
from typing import Any

import pytest

from scoping import collect, folder, forms, ledger

ROOT = Path(__file__).resolve().parents[1] / "fixtures/former_review"
EVENTS = [event for event in ledger.read_events(ROOT / "data/raw/ledger") if event["stage"] == "coding"]
NEW = {
    "co09.anna": {"MEC1": {"values": ["yes", "no", "unclear", "touches"], "quote": True, "status": True, "basis": True}}
}


def test_the_review_is_of_the_first_version() -> None:
    assert {info.version for info in folder.issued(EVENTS).values()} == {1}
    assert set(map(json.dumps, folder.asked(EVENTS).values())) == {"{}"}


@pytest.mark.parametrize("asked", [{}, NEW], ids=["alone", "beside sheets that ask more"])
@pytest.mark.parametrize("event", [e for e in EVENTS if e["kind"] == "read"], ids=lambda event: event["sheet"])
def test_old_sheets_stay_readable(make: Any, event: dict[str, Any], asked: dict[str, Any]) -> None:
    data = (ROOT / "data/raw/sheets/coding" / event["file"]).read_bytes()
    form = forms.form("coding", make.review(), forms.asking(folder.asked(EVENTS) | asked))
    found = collect.version(data, form)
    assert found.labels == event["labels"]
    assert (found.held, found.doubts) == ([], [])
    assert found.notes == event["notes"], "no remark on columns that such a sheet never had"
