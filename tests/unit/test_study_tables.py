"""Eligibility and characteristics: what stands in a row, and the reports behind each number."""

from typing import Any

import pytest

from scoping import study_tables
from scoping.codebook import Codebook
from scoping.coded_studies import CodedStudies
from scoping.tables import Row


@pytest.fixture
def codebook() -> Codebook:
    families = [{"id": "rel", "label": "Relationships", "text": "t"}, {"id": "ctx", "label": "Context", "text": "t"}]
    codes = [
        {"id": "REL1", "family": "rel", "label": "Trust", "definition": "d", "levels": ["individual", "system"]},
        {"id": "REL2", "family": "rel", "label": "Talk", "definition": "d", "status": "yes"},
        {"id": "REL3", "family": "rel", "label": "Pact", "definition": "d"},
        {"id": "CTX1", "family": "ctx", "label": "Tier", "definition": "d", "values": ["local", "national", "none"]},
    ]
    return Codebook.model_validate({"version": 1, "families": families, "codes": codes})


@pytest.fixture
def included(make: Any) -> list[Row]:
    """Two studies; the first has two reports, the later of which comes first in the list."""
    plain = {"sources": '["scopus","web"]', "language": "English", "journal": "Letters", "type": "article-journal"}
    ash = {"authors": make.authors("Ash"), "study_id": "A"}
    return [
        make.record("A2", year="2019", **ash, **{**plain, "type": "report", "sources": '["web"]'}),
        make.record("A", year="2020", **ash, **plain),
        make.record("B", year="2021", study_id="B", authors=make.authors("Birch"), **plain),
    ]


@pytest.fixture
def coded(make: Any, codebook: Codebook) -> CodedStudies:
    cells = [
        make.cell("A", "REL1", "coded", value="yes", level="system; individual"),
        make.cell("A", "REL2", "coded", value="yes", status="ended"),
        make.cell("A", "REL3", "coded", value="unclear"),
        make.cell("A", "CTX1", "coded", value="local"),
        make.cell("B", "REL1", "coded", value="no"),
        make.cell("B", "REL2", "pending"),
        make.cell("B", "REL3", "coded", value="no"),
        make.cell("B", "CTX1", "coded", value="none"),
    ]
    return CodedStudies({"A": "Ash 2020", "B": "Birch 2021"}, tuple(cells), codebook)


def test_characteristics_in_short(included: list[Row], coded: CodedStudies) -> None:
    sheet = study_tables.characteristics(included, coded)
    assert [tuple(row[name] for name in sheet.columns) for row in sheet.rows] == [
        ("Ash 2020", "2, 1", "journal article", "Letters", "REL1, REL2; unclear: REL3", "CTX1 (local)"),
        ("Birch 2021", "3", "journal article", "Letters", "not yet coded: REL2", "none"),
    ]
    assert "n = 2 studies in 3 reports" in sheet.note
    assert "CTX1 Tier." in sheet.note


def test_many_families_are_lines_of_one_column(
    included: list[Row], coded: CodedStudies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_tables, "MOST_COLUMNS", 1)
    rows = study_tables.characteristics(included, coded).rows
    assert [row["Codes"] for row in rows] == [
        "Relationships: REL1, REL2; unclear: REL3\nContext: CTX1 (local)",
        "Relationships: not yet coded: REL2",
    ]


def test_characteristics_in_full(included: list[Row], coded: CodedStudies) -> None:
    sheet = study_tables.supplement(included, coded, {"web": "Websites"})
    columns = ("Part", "Reported", "Unclear", "Not yet coded", "Not reported")
    ash, birch = (
        [tuple(row[name] for name in columns) for row in sheet.rows if row["Study id"] == id_] for id_ in ("A", "B")
    )
    assert ash[1:] == [
        ("Relationships", "Trust (individual; system)\nTalk (ended)", "Pact", "", ""),
        ("Context", "Tier (local)", "", "", ""),
    ]
    assert birch[1:] == [("Relationships", "", "", "Talk", "Trust; Pact"), ("Context", "", "", "", "Tier")]
    main, other = ash[0][1].split("\n")
    assert main == "Ash. (2020). The title of A. Letters. [journal article; English; found in scopus, Websites]"
    assert other.endswith("[report; English; found in Websites]")
    assert "n = 2 studies in 3 reports" in sheet.note


def test_a_study_of_which_a_report_was_retracted_says_so(included: list[Row], coded: CodedStudies) -> None:
    marked = [
        {**row, "retracted": "yes", "flags": '["RETRACTED (its title says so)"]'} if row["record_id"] == "A" else row
        for row in included
    ]
    rows = study_tables.characteristics(marked, coded).rows
    assert [row["Type"] for row in rows] == ["journal article; RETRACTED", "journal article"]
    told = study_tables.supplement(marked, coded, {}).rows[0]["Reported"]
    assert told.count("RETRACTED (its title says so)") == 1


def test_eligibility_counts_reports_by_their_primary_reason(make: Any) -> None:
    states = {
        "A": make.state("A", "include"),
        "B": make.state("B", "exclude", reason="design", reasons='["topic","design"]'),
        "C": make.state("C", "exclude", reason="design"),
        "D": make.state("D", "exclude", reason="gone"),
        "E": make.state("E", "not_retrieved"),
    }
    sheet = study_tables.eligibility(make.review(), states)
    counts = {row["Criterion"]: row["Reports excluded at full text"] for row in sheet.rows}
    assert counts == {
        "Population": "", "Concept": "", "Context": "", "I1": "", "Wrong topic": "0", "No data": "2",
        "reason that the protocol has no more": "1",
    }  # fmt: skip
    assert [(label, unit, id_) for label, _, unit, id_ in sheet.ids or ()] == [
        ("No data", "report", "B"), ("No data", "report", "C"), ("reason that the protocol has no more", "report", "D"),
    ]  # fmt: skip
    assert "3 excluded at full text" in sheet.note
    without = study_tables.eligibility(make.review(), {})
    assert [row["Criterion"] for row in without.rows] == list(counts)[:-1]
