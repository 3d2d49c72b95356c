"""What a row must have."""

from typing import Any

import pytest

from scoping import forms


@pytest.mark.parametrize(
    ("stage", "label", "expected"),
    [
        ("title_abstract", {"decision": "exclude"}, {"decision": "exclude", "reason": ""}),
        ("title_abstract", {"decision": "exclude", "reason": "WRONG topic"}, {"decision": "exclude", "reason": "topic"}),
        ("title_abstract", {"decision": "exclude", "reason": "topic"}, {"decision": "exclude", "reason": "topic"}),
        ("title_abstract", {"decision": "exclude", "reason": "too long"}, "the reason `too long` is none of the criteria"),
        ("full_text", {"decision": "exclude"}, "excluded without a reason"),
        ("full_text", {"decision": "include"}, {"decision": "include", "reason": ""}),
        ("full_text", {"decision": "not_retrieved"}, "no route is named"),
        ("full_text", {"decision": "not_retrieved", "route": "mail"}, "`` is no date"),
        ("full_text", {"decision": "not_retrieved", "route": "mail", "date": "20/02/2026"}, "`20/02/2026` is no date"),
        ("full_text", {"decision": "not_retrieved", "route": "mail", "date": "2026-02-30"}, "is no date"),
        (
            "full_text",
            {"decision": "not_retrieved", "route": "mail", "date": "2026-02-20T00:00:00"},
            {"decision": "not_retrieved", "reason": "", "route": "mail", "date": "2026-02-20"},
        ),
        ("coding", {"decision": "yes"}, "needs a quote"),
        ("coding", {"decision": "unclear"}, "needs a note"),
        ("coding", {"decision": "no", "level": "planet"}, "the level `planet` is not of"),
        ("coding", {"decision": "no"}, {"decision": "no", "level": ""}),
        (
            "coding",
            {"decision": "yes", "quote": "q", "level": "System, Individual"},
            {"decision": "yes", "quote": "q", "level": "individual; system"},
        ),
        ("duplicates", {"decision": "same"}, {"decision": "same"}),
    ],
)  # fmt: skip
def test_settle(make: Any, stage: str, label: dict[str, str], expected: dict[str, str] | str) -> None:
    found = forms.form(stage, make.review()).settle(label)
    if isinstance(expected, str):
        assert isinstance(found, str)
        assert expected in found
    else:
        assert found == expected


@pytest.mark.parametrize("stage", ["duplicates", "title_abstract", "full_text", "coding"])
def test_every_answer_that_is_offered_is_understood(make: Any, stage: str) -> None:
    form = forms.form(stage, make.review())
    assert form.inputs[0].field == "decision"
    for choice in form.inputs[0].choices:
        assert forms.shown(form.words[choice]) == choice
    for entry in form.inputs:
        assert form.headers[entry.field][0] == entry.header.casefold()
    assert {field for _, field in form.alarms} <= {entry.field for entry in form.inputs}
