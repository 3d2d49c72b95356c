"""`scoping explain`: the whole way of a record, and why two are one or are not, from the files that are there."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scoping import linked_records, matching, schemas, schemas_records, tables
from scoping.cli import explain as command
from scoping.dedupe import dedupe, fields
from scoping.errors import ScopingError
from scoping.ledger import locked
from scoping.schemas_studies import STUDIES, STUDY_PAIRS
from scoping.tables import Row, compact

ARM = {"scopus": "databases", "wos": "databases", "web": "other"}
BRIDGE = "Evidence officers in a county council of Wales"
OUT = Path("data/processed")


def told(*ids: str) -> str:
    done: Result = CliRunner().invoke(command.command, ids, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def write(entries: list[Row], answers: list[Row]) -> dict[str, str]:
    """Tables of records as a run leaves them; the record of each content id."""
    compared = matching.compared(row for row in entries if row["status"] != "rejected")
    records, entry_records, pairs = dedupe(entries, answers, ARM, compared=compared)
    found = linked_records.linked(records, pairs, compared)
    tables.write(OUT / "entries/one.parquet", schemas.ENTRIES, entries)
    tables.write(OUT / "records.parquet", schemas.RECORDS, found.records)
    tables.write(OUT / "entry_records.csv", schemas.ENTRY_RECORDS, entry_records)
    tables.write(OUT / "duplicate_pairs.csv", schemas.DUPLICATE_PAIRS, pairs)
    tables.write(OUT / "record_fields.csv", schemas_records.RECORD_FIELDS, fields(records, entries))
    tables.write(OUT / "record_links.csv", schemas_records.RECORD_LINKS, found.links)
    return {row["content_id"]: row["record_id"] for row in entry_records}


@pytest.fixture
def review(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Row]:
    """Entries by name: a copy that a rule joins, one that a person did, one kept apart, a correction, a stranger."""
    monkeypatch.chdir(tmp_path)
    place = {"author": "Marsh", "journal": "Journal of Evidence", "volume": "3", "pages": "1-9"}
    said = {
        "article": make.entry(BRIDGE.upper(), **place, doi="10.1234/a", line_start="7"),
        "copy": make.entry(BRIDGE, **place, doi="10.1234/a", pmid="55", accession="pmid:55", source="wos", abstract="An abstract."),
        "later": make.entry(BRIDGE, **{**place, "volume": "4", "pages": "20-29"}, year="2022", doi="10.1234/c", source="web"),
        "other": make.entry(BRIDGE, **{**place, "volume": "8", "pages": "50-59"}, year="2024", doi="10.1234/d", accession="eid:9"),
        "notice": make.entry(f"Erratum to: {BRIDGE}", **{**place, "pages": "99"}, year="2021", doi="10.1234/e"),
        "stranger": make.entry("Tomatoes under glass", author="Quill", year="1999", doi="10.1239/z"),
        "nothing": make.entry("", author="", status="rejected", raw="PY  - 2020", line_start="99"),
    }  # fmt: skip
    rows = [{**row, "number": str(number)} for number, row in enumerate(said.values(), 1)]
    write(rows, [pair(make, said, "article", "later", "same"), pair(make, said, "article", "other", "different")])
    return said


def pair(make: Any, said: dict[str, Row], one: str, other: str, answer: str) -> Row:
    ids = sorted((said[one]["content_id"], said[other]["content_id"]))
    return make.decision("~".join(ids), answer, stage="duplicates")


def test_entries_with_their_place_why_they_are_one_and_what_each_says(review: dict[str, Row]) -> None:
    said = told("10.1234/a")
    ids = {name: row["content_id"] for name, row in review.items()}
    assert f"{ids['article']}-scopus-1  data/raw/exports/scopus.ris:7  counts as a duplicate" in said
    assert f"{ids['copy']}-wos-1  data/raw/exports/scopus.ris:1  stands for the record" in said
    assert "the rules join them (same DOI and title)" in said
    assert "anna answered `same`" in said
    assert f"title: {BRIDGE}  from {ids['copy']}-wos-1 (the first that is neither" in said
    assert f"{ids['article']}-scopus-1: {BRIDGE.upper()}" in said
    assert "its entries name 10.1234/a, 10.1234/c, PubMed 55" in said
    assert f"⚠ A correction was published: Marsh 2021 ({ids['notice']})" in said
    assert f"it has a correction: {ids['notice']} (Marsh 2021, Erratum to:" in said
    assert "anna answered `different`" in said.partition("Other records")[2]
    assert "it is a correction of" in told(ids["notice"])


def test_any_id_names_the_record(review: dict[str, Row]) -> None:
    ids = {name: row["content_id"] for name, row in review.items()}
    whole = told(ids["copy"])
    names = [
        ids["article"],
        ids["later"],
        f"{ids['later']}-web-1",
        "10.1234/c",
        "https://doi.org/10.1234/A",
        "55",
        "pmid:55",
    ]
    for name in [*names, ids["copy"].lower()]:
        assert told(name) == whole, name
    assert told("eid:9") == told(ids["other"]) != whole


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "10.1234/nothing",
            "no record or entry of this review is known as '10.1234/nothing'; ids and their entries stand in",
        ),
        ("BBBBBBBBBBC", "known as 'BBBBBBBBBBC' (its check character is wrong: mistyped?)"),
        ("nothing", "data/raw/exports/scopus.ris:99: nothing identifies this entry; it counts as unreadable"),
    ],
)
def test_what_is_not_known_is_said_and_what_to_do(review: dict[str, Row], text: str, error: str) -> None:
    with pytest.raises(ScopingError) as caught:
        told(review["nothing"]["content_id"] if text == "nothing" else text)
    assert error in str(caught.value)


def test_a_number_on_several_records_asks_which(make: Any, review: dict[str, Row]) -> None:
    twice = [
        make.entry("One thing", doi="10.1234/a", pmid="1"),
        make.entry("Another thing", doi="10.1234/a", author="Quill", pmid="2"),
    ]
    ids = set(write([{**row, "number": str(n)} for n, row in enumerate(twice)], []).values())
    assert len(ids) == 2
    with pytest.raises(
        ScopingError, match=f"10.1234/a stands on 2 records: {', '.join(sorted(ids))}; name one of them"
    ):
        told("10.1234/a")


def test_without_a_run_and_with_three_ids_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScopingError, match=r"records.parquet: is not there yet; run `snakemake --cores 4`"):
        told("A")
    with pytest.raises(ScopingError, match="3 ids were given; give one, or two to compare"):
        told("A", "B", "C")


# --- two ids ---------------------------------------------------------------------------------------------------------


def test_two_entries_that_a_rule_joined(review: dict[str, Row]) -> None:
    said = told(review["article"]["content_id"], f"{review['copy']['content_id']}-wos-1")
    assert "They are one record." in said
    assert "the rules join them (same DOI and title)" in said
    assert "the same; chance of being one report by the model" in said
    assert "rule: same DOI and title; nothing speaks against it" in said


def test_two_entries_that_hang_together_by_a_third(review: dict[str, Row]) -> None:
    said = told(f"{review['copy']['content_id']}-wos-1", f"{review['later']['content_id']}-web-1")
    way = said.partition("They are one record.")[2].partition("What the matcher")[0].strip().splitlines()
    assert len(way) == 2
    assert "the rules join them" in way[0]
    assert "anna answered `same`" in way[1]


def test_one_item_twice(review: dict[str, Row]) -> None:
    assert "Both ids name it; give the ids of two of its entries" in told("10.1234/a", "10.1234/c")


def test_two_records_that_a_person_told_apart(review: dict[str, Row]) -> None:
    said = told("10.1234/a", "10.1234/d")
    assert "They are two records, because anna answered `different`; that binds." in said
    assert "against it:" in said
    assert "the years differ by 4" in said


def test_two_records_that_were_never_compared(review: dict[str, Row]) -> None:
    said = told("10.1234/a", "10.1239/z")
    assert "They are two records: nothing says that they are the same report." in said
    assert "never compared: they share none of the keys" in said
    assert "never compared" not in told("10.1234/a", "10.1234/d"), "control"


def test_a_report_and_its_correction(review: dict[str, Row]) -> None:
    ids = {name: row["content_id"] for name, row in review.items()}
    assert f"{ids['notice']} is a correction of {ids['copy']} (its title names the other)." in told(
        "10.1234/a", "10.1234/e"
    )


def test_two_records_about_which_a_person_is_still_asked(make: Any, review: dict[str, Row]) -> None:
    rows = [make.entry(BRIDGE, doi="10.1234/a"), make.entry(BRIDGE, doi="10.1234/b")]
    write([{**row, "number": str(n)} for n, row in enumerate(rows)], [])
    said = told("10.1234/a", "10.1234/b")
    assert "They are two records as long as nobody has answered: a person is asked." in said
    assert "a person is still asked" in said.partition("the rules ask")[2]


# --- the stages ------------------------------------------------------------------------------------------------------


def test_each_stage_with_the_answers_of_people_and_what_came_of_them(make: Any, review: dict[str, Row]) -> None:
    id_ = review["copy"]["content_id"]
    old = review["article"]["content_id"]  # sheets went out before the record had its id of now
    with locked(Path("data/raw/ledger")) as book:
        for event in (
            make.issued("ta01", ["anna", "ben"], [old], ordered_by={}),
            make.read("ta01.anna", {old: "include"}, "a" * 64),
            make.read("ta01.ben", {old: "exclude"}, "b" * 64),
            make.issued("co01", ["anna"], [f"{id_}:POP", f"{id_}:SET"], stage="coding", ordered_by={}),
        ):
            book.append(event["kind"], **{key: value for key, value in event.items() if key != "kind"})
    tables.write(
        OUT / "title_abstract/states.csv", schemas.STATES,
        [make.state(id_, "conflict", why="include, exclude", decided_by=compact(["anna", "ben"]))],
    )  # fmt: skip
    tables.write(
        OUT / "title_abstract/order.csv", schemas.ORDER,
        [{"position": "1", "record_id": "X", "score": "1"}, {"position": "2", "record_id": id_, "score": "0"}],
    )  # fmt: skip
    tables.write(OUT / "full_text/states.csv", schemas.STATES, [make.state(id_, "exclude", reason="topic")])
    text = dict.fromkeys(schemas.TEXTS.names, "") | {
        "file": "a.pdf",
        "record_id": id_,
        "how": "doi",
        "status": "ok",
        "pages": "4",
    }
    tables.write(OUT / "texts.csv", schemas.TEXTS, [text])
    tables.write(OUT / "studies.csv", STUDIES, [make.study(id_), make.study("X", id_)])
    near = {"a": id_, "b": "X", "score": "5", "why": "the same grant", "suggestion": "", "answer": "same_study"}
    tables.write(OUT / "study_pairs.csv", STUDY_PAIRS, [{**near, "people": '["ben"]', "open": ""}])
    cells = [
        make.cell(id_, "POP", "coded", value="yes", answers=compact([["anna", "yes"], ["ben", "yes"]])),
        make.cell(id_, "SET", "pending"),
        make.cell("X", "POP", "coded", value="no"),
    ]
    tables.write(OUT / "coding/cells.csv", schemas.CELLS, cells)
    said = told("10.1234/c")
    stage = said.partition("\nTitle and abstract\n")[2].partition("\n\n")[0]
    assert stage.splitlines()[0] == "  conflict: include, exclude, by anna and ben"
    assert "place 2 of 2 in the order" in stage
    assert f"{old} issued to anna, ben as ta01" in stage
    assert f"anna decided `include` for {old}, in x.xlsx at Screening!B2" in stage
    assert f"ben decided `exclude` for {old}" in stage
    assert "  exclude: topic" in said.partition("\nFull text\n")[2]
    assert "data/raw/fulltext/a.pdf: known by its DOI; 4 pages" in said
    assert f"study {id_}, with X; it is the main report" in said
    assert "with X: the same grant (score 5); ben answered `same study`" in said
    coding = said.partition("\nCoding\n")[2]
    assert "1 coded, 1 pending of 2 cells" in coding
    assert "POP: yes (anna yes, ben yes)" in coding
    assert "2 items issued to anna as co01" in coding
    assert told(old) == said


def test_what_a_person_has_to_look_at_is_told(make: Any, review: dict[str, Row]) -> None:
    problem = dict.fromkeys(schemas.PROBLEMS.names, "") | {
        "stage": "full_text",
        "waits": "row",
        "problem": "what is `Inclde`",
    }
    mine, other = ({**problem, "item": review[name]["content_id"]} for name in ("later", "stranger"))
    tables.write(OUT / "full_text/problems.csv", schemas.PROBLEMS, [mine])
    assert "Full text: what is `Inclde`" in told("10.1234/a")
    tables.write(OUT / "full_text/problems.csv", schemas.PROBLEMS, [other])
    assert "Inclde" not in told("10.1234/a")


def test_it_reads_and_changes_nothing(review: dict[str, Row]) -> None:
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    told("10.1234/a")
    told("10.1234/a", "10.1234/d")
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_tables_that_are_not_there_yet_are_left_out(review: dict[str, Row]) -> None:
    for name in ("entry_records.csv", "duplicate_pairs.csv", "record_fields.csv", "record_links.csv"):
        (OUT / name).unlink()
    said = told("10.1234/a")
    assert said.startswith(review["copy"]["content_id"])
    assert json.loads(tables.read(OUT / "records.parquet", schemas.RECORDS)[0]["dois"])
