"""Tables for authors: every count against a count by hand, and the ids behind it."""

from collections import Counter
from typing import Any

import pytest

from scoping import synthesis
from scoping.codebook import Codebook
from scoping.studies import Studies


@pytest.fixture
def codebook() -> Codebook:
    families = [{"id": "rel", "label": "Relationships", "text": "t"}, {"id": "ctx", "label": "Context", "text": "t"}]
    codes = [
        {"id": id_, "family": family, "label": f"Label {id_}", "definition": "d"}
        for id_, family in (("REL1", "rel"), ("REL2", "rel"), ("CTX1", "ctx"))
    ]
    return Codebook.model_validate({"version": 1, "families": families, "codes": codes})


@pytest.fixture
def material(make: Any) -> synthesis.Material:
    """A and B included, C excluded for two reasons, D not retrieved, E never sought."""
    both, web = '["scopus","web"]', '["web"]'
    records = [
        make.record("A", year="2020", sources=both, type="article-journal", doi="10.5555/a"),
        make.record("B", year="", sources=web, arm="other", type="report", authors=make.authors("Ångström")),
        make.record("C", year="2020", sources='["scopus"]'),
        make.record("D", year="2021", sources='["scopus"]'),
        make.record("E", year="2021", sources='["scopus"]'),
    ]
    entries = [
        make.entry_record("A-scopus-1", "A"),
        make.entry_record("A-web-1", "A", "duplicate", source="web", arm="other"),
        make.entry_record("B-web-1", "B", source="web", arm="other"),
        *(make.entry_record(f"{id_}-scopus-1", id_) for id_ in "CDE"),
    ]
    full = {
        "A": make.state("A", "include"),
        "B": make.state("B", "include"),
        "C": make.state("C", "exclude", reason="topic", reasons='["topic","design"]'),
        "D": make.state("D", "not_retrieved", route="letter", date="2026-02-20"),
    }
    first = {id_: make.state(id_, "include") for id_ in "ABCD"} | {"E": make.state("E", "exclude")}
    cells = [
        make.cell("A", "REL1", "coded", value="yes", quote="q", locator="p. 2", page="3", verdict="verbatim"),
        make.cell("A", "REL2", "coded", value="no"),
        make.cell("A", "CTX1", "conflict"),
        make.cell("B", "REL1", "coded", value="yes"),
        make.cell("B", "REL2", "coded", value="unclear"),
        make.cell("B", "CTX1", "pending"),
    ]
    texts = [{"file": "A x.pdf", "record_id": "A"}]
    return synthesis.Material(records, entries, [], first, full, cells, texts)


def test_sources_and_the_ids_behind_each_count(material: synthesis.Material, make: Any) -> None:
    sheet = synthesis.sources(material, make.review())
    counts = {row["Source"]: [row[name] for name in sheet.columns[5:]] for row in sheet.rows}
    assert counts == {"Scopus": ["4", "4", "3", "1"], "Websites": ["2", "2", "1", "2"]}
    behind = Counter((source, column) for source, column, _, _ in sheet.ids)
    assert {(row["Source"], name): int(row[name]) for row in sheet.rows for name in sheet.columns[5:]} == behind


def test_included_studies_name_what_was_found(material: synthesis.Material, codebook: Codebook) -> None:
    rows = synthesis.included_studies(material, codebook).rows
    assert [(row["Report"], row["Type"], row["Relationships"], row["Context"]) for row in rows] == [
        ("Ångström n.d.", "report", "REL1", ""),
        ("Marsh 2020", "journal article", "REL1", ""),
    ]


def test_coded_features_say_where_a_quote_stands_and_what_is_open(
    material: synthesis.Material, codebook: Codebook
) -> None:
    rows = synthesis.coded_features(material, codebook).rows
    assert len(rows) == 6
    marsh = {row["Code"]: row for row in rows if row["Report"] == "Marsh 2020"}
    assert marsh["REL1"]["Where"] == "p. 2 (found on p. 3)"
    assert marsh["CTX1"]["Value"] == "conflict"


def test_reports_that_were_sought(material: synthesis.Material, make: Any) -> None:
    log = {row["Record id"]: row for row in synthesis.retrieval_log(material).rows}
    assert {id_: row["Outcome"] for id_, row in log.items()} == {
        "A": "retrieved", "B": "retrieved", "C": "retrieved", "D": "not retrieved",
    }  # fmt: skip
    assert (log["D"]["Routes tried"], log["D"]["Last sought"], log["A"]["Full text"]) == (
        "letter",
        "2026-02-20",
        "A x.pdf",
    )
    excluded = synthesis.excluded_reports(material, make.review()).rows
    assert [(row["Record id"], row["Reason or routes tried"]) for row in excluded] == [
        ("C", "Wrong topic; No data"), ("D", "letter (last sought 2026-02-20)"),
    ]  # fmt: skip


def test_the_figures_data_hold_every_included_report(material: synthesis.Material, codebook: Codebook) -> None:
    counts, data = synthesis.years(material)
    assert counts == {2020: {"journal article": 1}}
    assert [(row["year"], row["reports"], row["ids"]) for row in data] == [("", "1", "B"), ("2020", "1", "A")]
    cells, rows = synthesis.matrix(material, codebook)
    assert cells["Marsh 2020", "CTX1"] == "not coded"
    assert len(cells) == 6
    for code in ("REL1", "REL2", "CTX1"):
        mine = [row for row in rows if row["code"] == code]
        assert sum(int(row["studies"]) for row in mine) == 2
        assert all(len([id_ for id_ in row["ids"].split("; ") if id_]) == int(row["studies"]) for row in mine)


def test_values_status_and_basis_of_a_codes_own(material: synthesis.Material) -> None:
    codes = [
        {"id": "REL1", "family": "rel", "label": "One", "definition": "d", "status": "yes"},
        {"id": "REL2", "family": "rel", "label": "Two", "definition": "d", "values": ["none", "touches", "unclear"]},
    ]
    families = [{"id": "rel", "label": "Relationships", "text": "t"}]
    book = Codebook.model_validate({"version": 1, "families": families, "codes": codes})
    cells = {(cell["record_id"], cell["code"]): cell for cell in material.cells}
    cells["A", "REL1"]["status"] = "ended"
    cells["A", "REL2"]["value"] = "touches"
    rows = synthesis.coded_features(material, book).rows
    assert {(row["Record id"], row["Code"]): row["Status"] for row in rows}["A", "REL1"] == "ended"
    assert "Evidence basis" not in rows[0]
    listed = {row["Record id"]: row["Relationships"] for row in synthesis.included_studies(material, book).rows}
    assert listed == {"A": "REL1, REL2", "B": "REL1"}
    values, data = synthesis.matrix(material, book)
    assert values["Marsh 2020", "REL2"] == "yes"
    own = {row["value"]: row["ids"] for row in data if row["code"] == "REL2"}
    assert own == {"unclear": "B", "none": "", "touches": "A", "not coded": ""}


def test_a_study_stands_where_its_main_report_would(make: Any) -> None:
    """Also where another of its reports would stand further up."""
    authors = {"R1": "Aird", "R2": "Marsh", "R3": "Nowak"}
    records = [make.record(id_, authors=make.authors(name), year="2020") for id_, name in authors.items()]
    records[0]["study_id"] = records[2]["study_id"] = "R1"
    linked = [make.study("R1", study_id="R1", main="R3"), make.study("R2"), make.study("R3", study_id="R1", main="R3")]
    states = {id_: make.state(id_, "include") for id_ in authors}
    material = synthesis.Material(records, [], [], states, states, [], [], Studies(linked))
    assert list(synthesis.study_names(material).items()) == [("R2", "Marsh 2020"), ("R1", "Nowak 2020")]
