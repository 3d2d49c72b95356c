"""Interviews: their ids, what the protocol may say of them, which codes they are asked, what their table counts."""

from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from scoping import codebook, forms, identity, interview_table, interviews
from scoping.codebook import Codebook
from scoping.config import Review
from scoping.errors import ScopingError
from scoping.interview_settings import Interview, problems

MAYOR = Interview(id="mayor", file="mayor.txt", title="A talk", role="Mayor", date="2026-03-02")
CLERK = Interview(id="clerk", file="b/clerk.txt", title="A talk")
FAMILIES = [{"id": "a", "label": "A", "text": "A."}, {"id": "b", "label": "B", "text": "B."}]


def code(id_, family="a", **more):
    return {"id": id_, "family": family, "label": id_.title(), "definition": "What it is.", **more}


def book(*codes, **more):
    return Codebook.model_validate({"version": 1, "families": FAMILIES, "codes": codes, **more})


def cell(record, code_, value, state="coded", **more):
    blank = {"quote": "", "verdict": "", "page": ""}
    return {**blank, "record_id": interviews.record_id(record), "code": code_, "value": value, "state": state, **more}


# --- ids -------------------------------------------------------------------------------------------------------------


def test_an_id_is_of_the_interview_alone_and_in_a_space_of_its_own():
    other = Interview(id="mayor", file="elsewhere.pdf", title="Another title", role="Clerk")
    assert interviews.records([MAYOR])[0]["record_id"] == interviews.records([other])[0]["record_id"]
    assert identity.is_id(interviews.record_id("mayor"))
    blank = dict.fromkeys(("accession", "doi", "title", "year", "first_author"), "")
    entries = [{**blank, name: "mayor"} for name in blank] + [{**blank, name: "interview\nmayor"} for name in blank]
    ids = {
        identity.content_id(identity.identity(entry, raw=raw)) for entry in entries for raw in ("", "interview\nmayor")
    }
    assert interviews.record_id("mayor") not in ids
    assert identity.content_id("interview\nmayor") == interviews.record_id("mayor")  # it is made by the same function


def test_an_interview_is_a_study_of_one_report_and_one_model():
    (row,) = interviews.studies([MAYOR])
    assert row["record_id"] == row["main"] == row["study_id"] == interviews.record_id("mayor")
    assert row["models"] == "1"


# --- the protocol ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["../secret.txt", "/etc/passwd", "C:/x.txt", "a\\b.txt", "a/../../b.txt"])
def test_a_transcript_lies_within_its_folder(file):
    assert Interview(id="x", file="folder/x.txt", title="X")
    with pytest.raises(ValidationError, match="within data/raw/interviews"):
        Interview(id="x", file=file, title="X")


def test_two_interviews_share_no_id_and_no_file_and_somebody_codes_them():
    one, two = {"id": "a", "file": "a.txt"}, {"id": "b", "file": "b.txt"}
    stages = {"interviews": {"mode": "single"}}
    assert problems({"stages": stages, "interviews": [one, two]}) == []
    assert problems({"stages": {}}) == []
    said = [what for _, what in problems({"stages": stages, "interviews": [one, one]})]
    assert len(said) == 2
    assert all("give each its own" in what for what in said)
    ((place, what),) = problems({"stages": {"interviews": None}, "interviews": [one]})
    assert place == ("interviews",)
    assert "stages.interviews" in what


def test_files_and_interviews_belong_together():
    present = ["b/clerk.txt", "mayor.txt"]
    assert interviews.claims([MAYOR, CLERK], present, named=True, issued=True) == present
    with pytest.raises(ScopingError, match=r"names the file 'mayor.txt'.*did you mean 'mayors.txt'"):
        interviews.claims([MAYOR], ["mayors.txt"], named=True, issued=False)
    with pytest.raises(ScopingError, match=r"interviews/b/clerk.txt.*belongs to no interview"):
        interviews.claims([MAYOR], present, named=True, issued=False)


def test_the_stage_cannot_go_while_answers_hang_on_it():
    assert interviews.claims([], ["left over.txt"], named=False, issued=False) == []
    with pytest.raises(ScopingError, match=r"names no stages\.interviews any more"):
        interviews.claims([], [], named=False, issued=True)


def test_the_protocol_has_no_interviews_unless_it_says_so():
    assert Review.model_fields["interviews"].default == ()


# --- codes -----------------------------------------------------------------------------------------------------------


def test_each_stream_is_asked_its_own_codes():
    whole = book(code("BOTH"), code("TEXT", streams=["literature"]), code("TALK", family="b", streams=["interviews"]))
    literature, talks = (codebook.of_stream(whole, stream) for stream in ("literature", "interviews"))
    assert [each.id for each in literature.codes] == ["BOTH", "TEXT"]
    assert [each.id for each in literature.families] == ["a"]
    assert [each.id for each in talks.codes] == ["BOTH", "TALK"]
    assert [each.id for each in talks.families] == ["a", "b"]


def test_a_family_that_never_had_a_code_stays():
    whole = book(code("BOTH"))
    assert codebook.of_stream(whole, "literature") == whole


def test_what_is_derived_rests_on_codes_of_literature():
    derived = [{"id": "many", "label": "Many", "kind": "count", "codes": ["TALK"]}]
    assert book(code("BOTH"), code("TALK"), derived=derived)
    with pytest.raises(ValidationError, match="TALK"):
        book(code("BOTH"), code("TALK", streams=["interviews"]), derived=derived)
    with pytest.raises(ValidationError, match="no code is asked of literature"):
        book(code("TALK", streams=["interviews"]))


# --- the table -------------------------------------------------------------------------------------------------------

NAMES = {interviews.record_id(id_): id_ for id_ in ("mayor", "clerk", "porter")}


def test_every_transcript_stands_in_one_count_of_each_code():
    cells = [
        cell("mayor", "ONE", "yes", quote="It is.", verdict="missing"),
        cell("clerk", "ONE", "yes", quote="So it is.", verdict="verbatim", page="2"),
        cell("porter", "ONE", "", state="conflict"),
        cell("mayor", "TWO", "touches"),
        cell("clerk", "TWO", "none"),
        cell("porter", "TWO", "unclear"),
        cell("a stranger", "ONE", "yes"),
    ]
    sheet = interview_table.table(book(code("ONE"), code("TWO", values=["none", "touches", "unclear"])), cells, NAMES)
    one, two = sheet.rows
    counts = ("Yes", "No", "Unclear", "Not yet coded")
    assert [one[name] for name in counts] == ["2", "0", "0", "1"]
    assert [two[name] for name in counts] == ["1", "1", "1", "0"]
    assert one["Quote"] == "“So it is.” (clerk, p. 2)"  # the one that stands in its transcript
    assert two["Said yes"] == "mayor (touches)"
    for row in sheet.rows:
        for name in counts:
            behind = [id_ for label, column, _, id_ in sheet.ids if (label, column) == (row["Code"], name)]
            assert len(set(behind)) == int(row[name])


def test_a_quote_that_was_not_found_says_so():
    cells = [cell("mayor", "ONE", "yes", quote="It is.", verdict="missing", page="")]
    (row,) = interview_table.table(book(code("ONE")), cells, NAMES).rows
    assert row["Quote"] == "“It is.” (mayor, not found in the transcript)"


def test_sheets_of_interviews_ask_what_sheets_of_coding_ask():
    review = SimpleNamespace(criteria=SimpleNamespace(exclude=()))
    coding, talks = (forms.form(stage, review) for stage in ("coding", "interviews"))
    assert (coding.inputs, coding.words, coding.alarms) == (talks.inputs, talks.words, talks.alarms)
