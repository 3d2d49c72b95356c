"""Entries under one id whose places tell them apart are told of; nothing else is."""

import pytest

from scoping import shared_ids, vetoes

EDITORIAL = {
    "title": "Remarks from the editor",
    "content_id": "A",
    "identity": "item\n\nremarksfromtheeditor\n2020\nmarsh",
}


@pytest.fixture
def problems(make):
    def of(*said):
        rows = [make.entry(**{**EDITORIAL, "line_start": str(n), **one}) for n, one in enumerate(said, 1)]
        return shared_ids.problems(rows)

    return of


def test_two_issues_of_a_column_are_told_of(problems):
    (found,) = problems({"volume": "24", "issue": "1"}, {"volume": "24", "issue": "2"})
    assert found["item"] == "A"
    assert found["waits"] == "nothing"
    assert found["problem"].startswith("2 entries (")
    assert "the issues differ" in found["problem"]
    assert "accession number or DOI" in found["problem"]


def test_one_guideline_in_two_journals_is_told_of(problems):
    said = {
        "title": "Guidelines for the early care of retired dock workers",
        "journal": "Harbour Medicine",
        "volume": "3",
    }
    other = {**said, "journal": "Tea and Sleep", "volume": "70", "pages": "300-310"}
    (found,) = problems({**said, "pages": "5-9"}, other)
    assert "volume and pages differ" in found["problem"]


@pytest.mark.parametrize(
    "same",
    [
        [{"volume": "24", "issue": "1"}, {"volume": "24", "issue": "1"}],
        [{"volume": "24", "pages": "5-9"}, {"volume": "24"}],
        [{"volume": "24", "pages": "101-10"}, {"volume": "24", "pages": "101-110"}],
        [{}],
        [],
    ],
    ids=["equal", "pages not known", "pages shortened", "one", "none"],
)
def test_repeats_of_one_report_are_not(problems, same):
    assert problems(*same) == []


def test_entries_with_accession_numbers_or_without_a_record_are_not(problems):
    numbered = {"identity": "accession\npmid:1"}
    assert problems({"volume": "24", "issue": "1", **numbered}, {"volume": "24", "issue": "2", **numbered}) == []
    assert problems({"volume": "24", "issue": "1"}, {"volume": "24", "issue": "2", "status": "rejected"}) == []


def test_control_without_the_vetoes_of_places_nothing_would_be_told(problems, monkeypatch):
    monkeypatch.setattr(shared_ids, "_PLACES", (vetoes.registrations,))
    assert problems({"volume": "24", "issue": "1"}, {"volume": "24", "issue": "2"}) == []
