"""The figures of a review: every number of their data against a count by hand, with the ids behind it."""

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scoping import code_figures, screening_figure, source_figures, source_overlap
from scoping.cli import figures
from scoping.codebook import Codebook
from scoping.figure_settings import GENERIC
from scoping.screening_order import Screened, order
from scoping.tables import Row

NAMES = {"scopus": "Scopus", "web": "Websites", "pubmed": "PubMed"}


@pytest.fixture
def records(make: Any) -> list[Row]:
    """Five records: A of Scopus and PubMed, B and E of the web, C and D of Scopus alone."""
    found = {"A": '["pubmed","scopus"]', "B": '["web"]', "C": '["scopus"]', "D": '["scopus"]', "E": '["web"]'}
    return [make.record(id_, sources=sources) for id_, sources in found.items()]


def opens(rows: list[Row]) -> bool:
    """Whether every number of the data has as many ids behind it."""
    return all(int(row["n"]) == len([id_ for id_ in row["ids"].split("; ") if id_]) for row in rows)


def test_overlap_by_hand(records: list[Row]) -> None:
    found = source_overlap.combinations(records, list(NAMES))
    assert list(found.items()) == [(("scopus",), ("C", "D")), (("web",), ("B", "E")), (("scopus", "pubmed"), ("A",))]
    gave = source_overlap.contributions(found, list(NAMES), {"A", "E"})
    assert {source: (each.records, each.alone, each.included) for source, each in gave.items()} == {
        "scopus": (("A", "C", "D"), ("C", "D"), ("A",)),
        "web": (("B", "E"), ("B", "E"), ("E",)),
        "pubmed": (("A",), (), ("A",)),
    }


def test_the_figures_of_sources_say_what_was_counted(records: list[Row]) -> None:
    (overlap, shared), (gave, each) = source_figures.figures(records, NAMES, ["A", "E"], "")
    assert opens(shared)
    assert opens(each)
    assert [(row["sources"], row["n"]) for row in shared if "exactly" in row["counted"]] == [
        ("scopus", "2"),
        ("web", "2"),
        ("scopus; pubmed", "1"),
    ]
    assert [(row["sources"], row["ids"]) for row in shared[3:]] == [
        ("scopus", "A; C; D"),
        ("web", "B; E"),
        ("pubmed", "A"),
    ]
    assert (
        "In each: Scopus 3; Websites 2; PubMed 1. In exactly: Scopus 2; Websites 2; Scopus and PubMed 1." in overlap.alt
    )
    assert overlap.caption.endswith("Records after removal of duplicates; n\u00a0=\u00a05.")
    assert "Scopus: records found 3, records in no other source 2, reports included 1" in gave.alt
    assert gave.caption.endswith("Reports included; n\u00a0=\u00a02.")
    assert [(row["source"], row["what"], row["unit"], row["n"]) for row in each][:3] == [
        ("scopus", "Records found", "record", "3"),
        ("scopus", "Records in no other source", "record", "2"),
        ("scopus", "Reports included", "report", "1"),
    ]


def test_sources_without_a_record() -> None:
    for chart, rows in source_figures.figures([], NAMES, [], ""):
        assert chart.alt.endswith("No record has been found yet.")
        assert opens(rows)


def codebook(**more: Any) -> Codebook:
    kinds: dict[str, dict[str, Any]] = {
        "MEC": {"status": "yes"},
        "IMP": {"basis": "yes"},
        "KNA": {"levels": ["individual", "system"]},
        "KNB": {},
        "MIX": {},
    }
    codes = [
        {"id": id_, "family": "f", "label": f"Label {id_}", "definition": "d", **kind} for id_, kind in kinds.items()
    ]
    families = [{"id": "f", "label": "F", "text": "t"}]
    return Codebook.model_validate({"version": 1, "families": families, "codes": codes, **more})


WHOLE: dict[str, Any] = {
    "derived": [{"id": "mosaic", "label": "Forms", "kind": "combined", "codes": ["KNA", "KNB"], "joined_by": "MIX"}],
    "crosswalks": [
        {
            "id": "list",
            "label": "A list",
            "version": 1,
            "targets": [{"id": "one", "label": "One"}],
            "rows": [{"code": "KNA", "target": "one", "kind": "explicit"}, {"code": "KNB", "target": "one", "kind": "inferred"}],
        }
    ],
}  # fmt: skip


@pytest.fixture
def cells(make: Any) -> list[Row]:
    """Three studies: S1 says yes to all; S2 lacks MIX and the change; S3 is open for the change."""
    said = {"S1": "yyyyy", "S2": "ynnyn", "S3": "yp-yy"}
    full = {"y": ("coded", "yes"), "n": ("coded", "no"), "p": ("pending", "")}
    found = [
        make.cell(study, code.id, full[letter][0], value=full[letter][1])
        for study, letters in said.items()
        for code, letter in zip(codebook().codes, letters, strict=True)
        if letter in full
    ]
    found[1]["basis"], found[2]["level"] = "observed", "system"
    return found


def test_the_figures_of_codes_say_what_was_counted(cells: list[Row]) -> None:
    drawn = {chart.name: (chart, rows) for chart, rows in code_figures.figures(cells, codebook(**WHOLE), "")}
    assert list(drawn) == [
        "code_cooccurrence", "combinations_mosaic", "evidence_gap_map", "features_by_level", "crosswalk_coverage",
    ]  # fmt: skip
    for chart, rows in drawn.values():
        assert opens(rows)
        assert {row["unit"] for row in rows} == {"study"}
        assert chart.caption.endswith("Studies; n\u00a0=\u00a03.")

    pairs = {(row["code"], row["with"]): row["ids"] for row in drawn["code_cooccurrence"][1]}
    assert pairs["", ""] == "S1; S2; S3"
    assert (pairs["MEC", "MEC"], pairs["MEC", "KNB"], pairs["MEC", "MIX"]) == ("S1; S2; S3", "S1; S2; S3", "S1; S3")
    assert len(pairs) == 1 + 5 * 6 / 2
    assert "Label MEC with Label KNB 3" in drawn["code_cooccurrence"][0].alt

    forms = {(row["codes"], row["mosaic"]): row["ids"] for row in drawn["combinations_mosaic"][1]}
    assert forms == {
        ("KNA; KNB", "combined"): "S1",
        ("KNB", "single"): "S2",
        ("KNB", "not known yet"): "S3",
        ("KNA", ""): "S1",
        ("KNB", ""): "S1; S2; S3",
    }
    (gap,) = drawn["evidence_gap_map"][1]
    assert (gap["mechanism"], gap["change"], gap["basis"], gap["ids"], gap["empty"]) == (
        "MEC",
        "IMP",
        "observed",
        "S1",
        "",
    )
    at = {(row["code"], row["level"]): row["ids"] for row in drawn["features_by_level"][1]}
    assert at == {("KNA", "individual"): "", ("KNA", "system"): "S1", ("KNA", "level not given"): ""}
    assert [(row["by"], row["ids"]) for row in drawn["crosswalk_coverage"][1]] == [
        ("explicit", "S1"), ("inferred alone", "S2; S3"),
    ]  # fmt: skip


def test_a_closed_list_gets_bars(make: Any) -> None:
    tier = {"id": "TIER", "family": "f", "label": "Tier", "definition": "d", "values": ["local", "national"]}
    bare = Codebook.model_validate(
        {"version": 1, "families": [{"id": "f", "label": "F", "text": "t"}], "codes": [tier]}
    )
    said = [make.cell("S1", "TIER", "coded", value="local"), make.cell("S2", "TIER", "pending")]
    (chart, rows), *_ = [each for each in code_figures.figures(said, bare, "") if each[0].name == "values_TIER"]
    assert [(row["value"], row["n"], row["ids"]) for row in rows] == [
        ("local", "1", "S1"), ("national", "0", ""), ("not known yet", "1", "S2"),
    ]  # fmt: skip
    assert chart.alt == "Tier. local: studies 1; national: studies 0; not known yet: studies 1."


def test_an_empty_cell_of_the_map_names_the_studies_that_leave_it_open(cells: list[Row]) -> None:
    rows = code_figures.figures(cells[5:], codebook(), "")[1][1]
    assert [(row["empty"], row["basis"], row["n"], row["ids"]) for row in rows] == [("not codable", "", "1", "S3")]


def test_a_codebook_that_asks_for_nothing_of_this_gets_figures_that_say_so(cells: list[Row]) -> None:
    plain = {"id": "MIX", "family": "f", "label": "Mix", "definition": "d"}
    bare = Codebook.model_validate(
        {"version": 1, "families": [{"id": "f", "label": "F", "text": "t"}], "codes": [plain]}
    )
    said = {chart.name: chart.alt for chart, _ in code_figures.figures(cells, bare, "")}
    assert said["evidence_gap_map"].endswith("No code of the codebook asks its status, so there is nothing to cross.")
    assert said["features_by_level"].endswith("No code of the codebook asks for a level.")
    assert said["crosswalk_coverage"].endswith("The codebook has no crosswalk to another list.")
    nobody = {chart.name: chart.alt for chart, _ in code_figures.figures([], codebook(**WHOLE), "")}
    assert len(nobody) == 5
    assert all(alt.endswith("No study has been included yet.") for alt in nobody.values())


def test_records_stand_in_the_order_of_the_batches_whoever_saved_first(make: Any) -> None:
    issued = [
        make.issued("ta01-pilot", ["anna", "ben"], ["D", "A", "B"]),
        make.issued("ta02", ["anna"], ["C", "gone", "E", "F"]),
        make.issued("ta03", ["ben"], ["F", "A"]),
    ]
    read = [
        make.read("ta01-pilot.ben", {"B": "include", "D": "exclude"}, "b1"),
        make.read("ta02.anna", {"gone": "include", "E": "withdraw", "C": "exclude"}, "a2"),
        make.read("ta01-pilot.anna", {"A": "include", "B": "exclude", "D": "exclude"}, "a1"),
        make.read("ta03.ben", {"F": "exclude", "A": "exclude"}, "b3"),
    ]
    known = {id_: id_ for id_ in "ABCDEF"}
    found = [
        Screened("D", "ta01-pilot"),
        Screened("A", "ta01-pilot"),
        Screened("B", "ta01-pilot"),
        Screened("C", "ta02"),
        Screened("F", "ta03"),  # nobody answered it in the batch that had it first
    ]
    for mixed in itertools.permutations(read):
        assert order([*issued, *mixed], known) == found
    merged = {**known, "D": "B"}
    assert order([*issued, *read], merged) == [Screened("B", "ta01-pilot"), found[1], *found[3:]], (
        "two items, one record"
    )


def test_the_curve_counts_finds_among_settled_records(make: Any) -> None:
    items = ["A", "B", "C", "D", "E"]
    events = [make.issued("ta01", ["anna"], items), make.read("ta01.anna", dict.fromkeys(items, "include"), "x")]
    states = {"A": "exclude", "B": "include", "C": "pending", "D": "include", "E": "include"}
    first = {id_: make.state(id_, state) for id_, state in states.items()}
    full = {"B": make.state("B", "exclude"), "D": make.state("D", "include"), "E": make.state("E", "pending")}
    chart, rows = screening_figure.figure(events, {id_: id_ for id_ in items}, first, full, "")
    kept = [(row["id"], row["records kept so far"], row["reports included so far"]) for row in rows]
    assert kept == [("A", "0", "0"), ("B", "1", "0"), ("D", "2", "1"), ("E", "3", "1")]
    for at, row in enumerate(rows, 1):  # each number opens to the rows up to it
        so_far = Counter(row["title and abstract"] for row in rows[:at])
        assert int(row["records kept so far"]) == so_far["include"]
    assert chart.caption.endswith("Answered but not settled, and so not shown: 1. Records screened; n\u00a0=\u00a04.")
    assert "4 in all. kept at title and abstract: 3, 50% of them after 3" in chart.alt


def test_what_a_declared_stop_left_unscreened_stands_beside_the_curve(make: Any) -> None:
    events = [make.issued("ta01", ["anna"], ["A", "B"]), make.read("ta01.anna", dict.fromkeys("AB", "include"), "x")]
    first = {"A": make.state("A", "include"), "B": make.state("B", "exclude")}
    known = {id_: id_ for id_ in "ABCD"}
    plain, rows = screening_figure.figure(events, known, first, {}, "")
    assert [row["id"] for row in rows] == ["A", "B"]
    assert "unscreened" not in plain.alt + plain.caption
    stopped = {**first, **{id_: make.state(id_, "unscreened") for id_ in "CD"}}
    chart, rows = screening_figure.figure(events, known, stopped, {}, "")
    assert [(row["id"], row["position"], row["title and abstract"]) for row in rows[2:]] == [
        ("C", "", "unscreened"), ("D", "", "unscreened"),
    ]  # fmt: skip
    assert chart.alt.endswith("left unscreened by the declared stop: 2.")
    assert "2 that the declared stopping rule left unscreened" in chart.caption
    assert "Records screened; n\u00a0=\u00a02." in chart.caption
    assert "left unscreened by the declared stop (n" in chart.svg.decode().replace("\u00a0", " ")


def test_what_exports_brought_stands_beside_the_curve_with_its_ids(make: Any) -> None:
    events = [make.issued("ta01", ["anna"], ["A"]), make.read("ta01.anna", {"A": "include"}, "x")]
    first = {"A": make.state("A", "include"), "B": make.state("B", "exclude"), "C": make.state("C", "pending")}
    known = {id_: id_ for id_ in "ABC"}
    chart, rows = screening_figure.figure(events, known, first, {}, "")
    assert [(row["id"], row["position"], row["batch"]) for row in rows] == [
        ("A", "1", "ta01"),
        ("B", "", "from exports"),
    ]
    assert (
        "Decided in another program, in no order that is known: 1. Records screened; n\u00a0=\u00a01." in chart.caption
    )
    plain, rows = screening_figure.figure(events, known, {"A": first["A"]}, {}, "")  # a control
    assert (len(rows), "another program" in plain.caption) == (1, False)


def test_a_figure_is_written_in_all_forms_with_its_words(tmp_path: Path, records: list[Row]) -> None:
    chart, data = source_figures.figures(records, NAMES, [], "Synthetic.")[0]
    figures.write(chart, tmp_path, list(data[0]), data, "Synthetic.", GENERIC)
    endings = ("svg", "pdf", "png", "tiff", "alt.txt", "caption.txt")
    assert {path.name for path in tmp_path.iterdir()} == {
        *(f"source_overlap.{ending}" for ending in endings), "source_overlap_data.csv",
    }  # fmt: skip
    assert (tmp_path / "source_overlap.caption.txt").read_text() == f"{chart.caption}\nSynthetic.\n"
    assert (tmp_path / "source_overlap.tiff").read_bytes()[:2] == b"II"
