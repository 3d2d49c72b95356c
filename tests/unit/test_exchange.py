"""Records for other programs: our own readers read back what was written."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scoping import exchange, readers, schemas, tables
from scoping.cli import export
from scoping.readers.fields import Fields, fields
from scoping.tables import Row, compact

# what each form has a place for
KEPT = {
    "csl-json": ("type", "title", "abstract", "year", "journal", "volume", "issue", "pages", "doi", "url", "language", "publisher"),
    "asreview": ("title", "abstract", "year", "journal", "doi", "url"),
    "rayyan": ("title", "abstract", "year", "journal", "volume", "issue", "pages", "doi", "url", "language", "publisher"),
    "covidence": ("title", "abstract", "year", "journal", "volume", "issue", "pages", "doi"),
    "zotero": ("type", "title", "abstract", "year", "journal", "volume", "issue", "pages", "doi", "url", "language", "publisher"),
}  # fmt: skip
DIALECTS = {"csl-json": "", "asreview": "asreview", "rayyan": "rayyan", "covidence": "covidence", "zotero": "zotero"}


def read_back(data: bytes) -> list[Fields]:
    parsed = readers.parse(data)
    assert parsed.markers == len(parsed.entries)
    assert not [entry.problems for entry in parsed.entries if entry.problems]
    return [fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries]


def person(family: str, given: str = "", literal: str = "") -> dict[str, str]:
    return {"family": family, "given": given, "literal": literal}


@pytest.fixture
def rows(make: Any) -> list[Row]:
    full = {
        "abstract": 'A "quoted" word, a comma; a semicolon.\nA second line: 50% of $10 & <5.',
        "year": "2021", "journal": "Letters & Notes", "volume": "12", "issue": "3-4", "pages": "101-119", "language": "cy",
        "doi": "10.5555/a_b(1)", "url": "https://hearth.example/a_b?c=d", "publisher": "Hearth",
        "keywords": '["local government","evidence use"]', "accessions": '["scopus:2-s2.0-1","pmid:90000031"]',
    }  # fmt: skip
    people = compact(
        [person("Ó Briain", "Seán"), person("Łoś", "A. B."), person("", "", "Ministry of Health and Care")]
    )
    return [
        make.record("A", title="=Knowing {in} place", type="article-journal", authors=people, **full),
        make.record("B", title="A report", type="report", authors="[]", year="2020"),
    ]


def state(record: str, state: str, reason: str = "") -> Row:
    return {**dict.fromkeys(schemas.STATES.names, ""), "record_id": record, "state": state, "reason": reason}


@pytest.mark.parametrize("form", exchange.FORMS)
def test_our_readers_read_back_what_a_form_has_a_place_for(rows: list[Row], form: str) -> None:
    data = exchange.FORMS[form](rows, {})
    found = read_back(data)
    assert readers.parse(data).dialect == DIALECTS[form]
    for row, back in zip(rows, found, strict=True):
        for name in KEPT[form]:
            assert getattr(back, name) == " ".join(row[name].split()), name
        people = row["authors"].replace(" and ", " & ") if form == "rayyan" else row["authors"]
        assert [person(each.family, each.given, each.literal) for each in back.authors] == json.loads(people)
        if form != "covidence":
            assert list(back.keywords) == json.loads(row["keywords"] or "[]")


def test_decisions_stand_beside_the_records(rows: list[Row]) -> None:
    first, second = rows[0]["record_id"], rows[1]["record_id"]
    decided = {first: state(first, "include"), second: state(second, "exclude", "no_model")}
    (included, excluded) = csv.DictReader(io.StringIO(exchange.asreview(rows, decided).decode()))
    assert (included["included"], excluded["included"], excluded["notes"]) == ("1", "0", "excluded: no_model")
    assert {row["included"] for row in csv.DictReader(io.StringIO(exchange.asreview(rows, {}).decode()))} == {""}
    assert [item.get("note") for item in json.loads(exchange.csl_json(rows, decided))] == [
        "included",
        "excluded: no_model",
    ]


def test_no_records_are_an_empty_file_of_the_form() -> None:
    assert json.loads(exchange.csl_json([], {})) == []
    for form in ("asreview", "rayyan", "covidence", "zotero"):
        assert exchange.FORMS[form]([], {}).strip() == b""


@pytest.mark.parametrize("form", export.FORMS)
def test_the_command_writes_records_of_a_state(
    rows: list[Row], form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tables.write(Path("data/processed/records.parquet"), schemas.RECORDS, rows)
    call = ["records", "--as", form, "--state", "include", "-o", "out"]
    refused = CliRunner().invoke(export.command, call)
    assert "run snakemake once" in str(refused.exception)
    states = [state(rows[0]["record_id"], "include"), state(rows[1]["record_id"], "exclude", "no_model")]
    tables.write(Path("data/processed/full_text/states.csv"), schemas.STATES, states)
    result = CliRunner().invoke(export.command, call)
    assert result.output == "1 records written to out\n"
    (back,) = read_back(Path("out").read_bytes())
    assert back.title.endswith("place")
