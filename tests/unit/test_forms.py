"""What a row must have."""

from typing import Any

import pytest

from scoping import forms
from scoping.folder import WITHDRAW
from scoping.workbook import keys


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


STAGES = ["duplicates", "title", "title_abstract", "full_text", "coding"]


@pytest.mark.parametrize("stage", STAGES)
def test_no_header_belongs_to_two_columns_and_every_word_is_folded(make: Any, stage: str) -> None:
    form = forms.form(stage, make.review())
    headers = [header for names in form.headers.values() for header in set(names)]
    assert len(set(headers)) == len(headers)
    assert all(word == keys.folded(word) for word in [*headers, *form.words])
    assert set(form.headers) == {entry.field for entry in form.inputs}
    assert set(form.words.values()) == set(forms._ANSWERS[stage])


@pytest.mark.parametrize("stage", STAGES)
def test_no_word_has_two_meanings(stage: str) -> None:
    words = [word for answer in forms._ANSWERS[stage] for word in forms._WORDS[answer]]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("stage", STAGES)
def test_withdraw_is_an_answer_like_any_other(make: Any, stage: str) -> None:
    form = forms.form(stage, make.review())
    assert form.words["withdrawn"] == WITHDRAW
    assert WITHDRAW in form.inputs[0].choices
    settled = form.settle({"decision": WITHDRAW})
    assert isinstance(settled, dict)
    assert settled["decision"] == WITHDRAW


@pytest.mark.parametrize(
    ("stage", "typed", "answer"),
    [
        ("title_abstract", "maybe", "unsure"),
        ("title_abstract", "out", "exclude"),
        ("full_text", "not available", "not_retrieved"),
        ("full_text", "unclear", "unsure"),
        ("coding", "maybe", "unclear"),
        ("coding", "y", "yes"),
        ("duplicates", "duplicate", "same"),
        ("duplicates", "same study", "related"),
    ],
)
def test_words(make: Any, stage: str, typed: str, answer: str) -> None:
    assert forms.form(stage, make.review()).words[typed] == answer


@pytest.mark.parametrize(
    ("stage", "typed"), [("title_abstract", "not retrieved"), ("coding", "include"), ("duplicates", "no")]
)
def test_words_of_another_stage_are_not_understood(make: Any, stage: str, typed: str) -> None:
    assert typed not in forms.form(stage, make.review()).words


@pytest.mark.parametrize(
    ("typed", "levels"),
    [
        ("", ""),
        ("system", "system"),
        ("SYSTEM", "system"),
        ("system;individual", "individual; system"),
        ("individual and organization", "individual; organisation"),
        ("individual, system, organisation", "individual; organisation; system"),
        ("system / system", "system"),
        ("planet", None),
        ("system, planet", None),
        ("systems", None),
    ],
)
def test_levels(typed: str, levels: str | None) -> None:
    assert forms._levels(typed) == levels


def test_levels_that_are_offered_are_understood(make: Any) -> None:
    offered = next(entry.choices for entry in forms.form("coding", make.review()).inputs if entry.field == "level")
    assert len(set(offered)) == 7
    assert [forms._levels(choice) for choice in offered] == list(offered)


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("2026-02-20", "2026-02-20"),
        (" 2026-02-20 ", "2026-02-20"),
        ("2026-02-20 00:00:00", "2026-02-20"),
        ("2026-02-20T00:00", "2026-02-20"),
        ("2026-02-20 10:30:00", None),
        ("2026-2-20", None),
        ("2026-02-30", None),
        ("20.02.2026", None),
        ("46073", None),
        ("", None),
    ],
)
def test_dates(typed: str, date: str | None) -> None:
    assert forms._date(typed) == date


def test_what_was_typed_is_not_changed(make: Any) -> None:
    """A label is evidence; what is settled is a copy."""
    for stage in STAGES[1:]:
        label = {"decision": "exclude", "reason": "Wrong topic", "level": "SYSTEM", "note": "n"}
        before = dict(label)
        forms.form(stage, make.review()).settle(label)
        assert label == before


def test_what_must_be_filled_turns_red_and_is_held_if_it_is_not(make: Any) -> None:
    """The sheet and the reader agree: each alarm is a rule, and its absence a problem."""
    whole = {"reason": "topic", "route": "library", "date": "2026-02-20", "quote": "q", "note": "n", "level": ""}
    for stage in STAGES:
        form = forms.form(stage, make.review())
        for choice, field in form.alarms:
            label = {"decision": form.words[choice], **whole}
            assert isinstance(form.settle(label), dict)
            assert isinstance(form.settle({**label, field: ""}), str)


def test_colours_are_those_of_the_choices(make: Any) -> None:
    for stage in STAGES:
        form = forms.form(stage, make.review())
        assert set(form.colours) == set(form.inputs[0].choices) - {WITHDRAW}


# --- codes with values, status and evidence basis of their own -------------------------------------------------------

ASKED = {
    "WEIGHT": forms.Asked(values=("none", "touches", "main subject", "unclear")),
    "MECH": forms.Asked(status=True),
    "CHANGE": forms.Asked(basis=True, quote=False),
    "PLAIN": forms.Asked(),
}
NEW = forms.Asked(values=("yes", "no"))
NOW = {"MECH": forms.Asked(status=True, basis=True, required=True), "PLAIN": forms.Asked()}


@pytest.fixture
def settled(make: Any) -> Any:
    """What becomes of a row of code `code` on the sheet that asks all of these (or on an old one)."""

    def settle(code: str, sheet: str = "co02.anna", **label: str) -> Any:
        form = forms.form("coding", make.review(), {"co02.anna": ASKED, "co03.anna": {"PLAIN": NEW}})
        return form.settle(label, sheet, f"R:{code}")

    return settle


ROWS = [
    ("WEIGHT", {"decision": "none"}, {"decision": "none", "level": ""}),
    ("WEIGHT", {"decision": "touches"}, "`touches` needs a quote"),
    ("WEIGHT", {"decision": "touches", "quote": "q"}, {"decision": "touches", "quote": "q", "level": ""}),
    ("WEIGHT", {"decision": "yes", "quote": "q"}, "`yes` is no answer to WEIGHT; write one of none, touches, main subject"),
    ("PLAIN", {"decision": "touches", "quote": "q"}, "`touches` is no answer to PLAIN; write one of yes, no, unclear"),
    ("WEIGHT", {"decision": "unclear"}, "`unclear` needs a note"),
    ("CHANGE", {"decision": "unclear"}, "`unclear` needs a note"),
    ("CHANGE", {"decision": "yes"}, {"decision": "yes", "level": ""}),
    ("MECH", {"decision": "yes", "quote": "q", "status": "Operating "}, {"decision": "yes", "quote": "q", "level": "", "status": "operating"}),
    ("MECH", {"decision": "yes", "quote": "q", "status": "planned"}, "the status `planned` is not of proposed, operating"),
    ("MECH", {"decision": "yes", "quote": "q"}, {"decision": "yes", "quote": "q", "level": ""}),
    ("MECH", {"decision": "no", "status": "ended"}, "`no` can have no status"),
    ("PLAIN", {"decision": "yes", "quote": "q", "status": "ended"}, "PLAIN has no status, but `ended` stands there"),
    ("MECH", {"decision": "yes", "quote": "q", "basis": "observed"}, "MECH has no evidence basis"),
    ("CHANGE", {"decision": "yes", "basis": "Self report"}, {"decision": "yes", "level": "", "basis": "self-report"}),
    ("PLAIN", {"decision": WITHDRAW}, {"decision": WITHDRAW, "level": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "label", "expected"), ROWS)
def test_a_row_is_held_against_what_its_sheet_asks_of_the_code(
    settled: Any, code: str, label: dict[str, str], expected: Any
) -> None:
    found = settled(code, **label)
    if isinstance(expected, str):
        assert isinstance(found, str)
        assert expected in found
    else:
        assert found == expected


NEEDED = [
    ({"decision": "yes", "quote": "q", "basis": "observed"}, "`yes` needs a status: one of proposed, operating"),
    ({"decision": "yes", "quote": "q", "status": "ended"}, "`yes` needs a evidence basis"),
    ({"decision": "yes", "quote": "q", "status": "Not-stated", "basis": "not  stated"}, "not stated"),
    ({"decision": "no"}, ""),
    ({"decision": "unclear", "note": "n"}, ""),
    ({"decision": WITHDRAW}, ""),
]


@pytest.mark.parametrize(("label", "expected"), NEEDED)
def test_status_and_basis_are_needed_beside_yes_on_sheets_that_say_so(
    make: Any, label: dict[str, str], expected: str
) -> None:
    found = forms.form("coding", make.review(), {"co09.anna": NOW}).settle(label, "co09.anna", "R:MECH")
    if expected.startswith("`"):
        assert isinstance(found, str)
        assert expected.replace("a evidence", "an evidence") in found
    else:
        assert isinstance(found, dict)
        assert (found.get("status", ""), found.get("basis", "")) == (expected, expected)


def test_a_sheet_that_was_issued_before_is_not_asked_for_more(make: Any) -> None:
    """Old events do not say `required`: empty stays right, and the new word is none of theirs."""
    old = forms.asking(
        {"co01.anna": {"MECH": {"values": ["yes", "no"], "quote": True, "status": True, "basis": False}}}
    )
    form = forms.form("coding", make.review(), old)
    assert isinstance(form.settle({"decision": "yes", "quote": "q"}, "co01.anna", "R:MECH"), dict)
    typed = form.settle({"decision": "yes", "quote": "q", "status": "not stated"}, "co01.anna", "R:MECH")
    assert isinstance(typed, str)


def test_rows_say_what_they_offer_only_where_codes_of_a_sheet_differ(make: Any) -> None:
    def form(*codes: str) -> forms.Form:
        return forms.form("coding", make.review(), {"s": {code: {**ASKED, **NOW}[code] for code in codes}})

    assert form("PLAIN").of_code("PLAIN") == ((), None)
    choices, alarm = form("WEIGHT", "MECH").of_code("MECH")
    assert choices == ("yes", "no", "unclear", WITHDRAW)
    assert alarm == (("yes", "quote"), ("unclear", "note"), ("yes", "status"), ("yes", "basis"))
    assert ("touches", "quote") in (form("WEIGHT", "MECH").of_code("WEIGHT")[1] or ())


def test_a_sheet_is_read_by_what_was_asked_when_it_was_issued(settled: Any) -> None:
    """Not by what another sheet asks of the same code; old sheets have the usual values, and no columns more."""
    assert isinstance(settled("PLAIN", "co03.anna", decision="unclear", note="n"), str)
    assert isinstance(settled("PLAIN", "co02.anna", decision="unclear", note="n"), dict)
    old = settled("MECH", "co01.anna", decision="yes", quote="q", status="", basis="")
    assert old == {"decision": "yes", "quote": "q", "level": ""}, "word for word as before there were such columns"
    assert isinstance(settled("MECH", "co01.anna", decision="yes", quote="q", status="ended"), str)


def test_columns_are_there_only_where_a_code_has_them(make: Any) -> None:
    def fields(*codes: str) -> list[str]:
        form = forms.form("coding", make.review(), {"s": {code: ASKED[code] for code in codes}})
        assert form.optional == {"status", "basis"}, "no remark on sheets without them"
        return [entry.field for entry in form.inputs]

    plain = ["decision", "level", "quote", "locator", "note"]
    assert fields("PLAIN", "WEIGHT") == plain
    assert fields("PLAIN", "MECH") == ["decision", "level", "status", *plain[2:]]
    assert fields("CHANGE") == ["decision", "level", "basis", *plain[2:]]
    assert [entry.field for entry in forms.form("coding", make.review()).inputs] == plain


def test_what_is_offered_is_what_the_codes_may_have_and_is_understood(make: Any) -> None:
    form = forms.form("coding", make.review(), {"s": ASKED})
    assert form.inputs[0].choices == ("yes", "no", "unclear", "none", "touches", "main subject", WITHDRAW)
    assert all(form.words[choice] == choice for choice in form.inputs[0].choices)
    assert ("touches", "quote") in form.alarms
    assert ("yes", "quote") not in form.alarms, "CHANGE needs none"
    assert ("none", "quote") not in form.alarms
    headers = [header for names in form.headers.values() for header in set(names)]
    assert len(set(headers)) == len(headers)
