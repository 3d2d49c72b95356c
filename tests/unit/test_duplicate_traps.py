"""Entries as databases write them: what must never be merged, and what must be merged or asked about."""

import json
from pathlib import Path

import pytest

from scoping import normalise
from scoping.comparable import item
from scoping.matching import matches

TABLE = json.loads((Path(__file__).parents[1] / "cases" / "duplicate_traps.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in TABLE["cases"]}


@pytest.fixture(scope="session")
def told(make):
    """What is said of the two entries of a case: same, ask or none, and why."""

    def both(case):
        items = []
        for side in ("a", "b"):
            said = {**TABLE["base"], **case[side]}
            authors = json.dumps([person._asdict() for person in normalise.split_authors(said.pop("authors"))])
            said["doi"], said["pages"] = normalise.doi(said["doi"]), normalise.pages(said["pages"])
            items.append(item(make.entry(**said, authors=authors, content_id=side.upper(), type="")))
        found = matches(items)
        assert matches(items[::-1]) == found
        return (found[0].band, found[0].why) if found else ("none", "")

    return both


def test_the_table_is_whole():
    assert len(CASES) == len(TABLE["cases"]) >= 60
    assert {band for case in CASES.values() for band in case["expected"]} == {"same", "ask", "none"}


@pytest.mark.parametrize("name", CASES)
def test_traps(told, name):
    band, why = told(CASES[name])
    assert band in CASES[name]["expected"], why


def test_the_traps_of_the_shared_data(make, shared_data):
    """What must not be merged is not, and all else is merged or asked about."""
    wrong = []
    for case in json.loads(shared_data("dedup/traps.json").read_text(encoding="utf-8")):
        items = []
        for side in ("a", "b"):
            said = case[side]
            authors = json.dumps([person._asdict() for person in normalise.split_authors(said["authors"])])
            doi, pages = normalise.doi(said["doi"]), normalise.pages(said["pages"])
            row = make.entry(**{**said, "authors": authors, "doi": doi, "pages": pages, "content_id": side.upper()})
            items.append(item({**row, "type": ""}))
        bands = {match.band for match in matches(items)}
        if bands == {"same"} if not case["duplicate"] else not bands:
            wrong.append((case["id"], bands))
    assert wrong == []


def test_without_vetoes_reports_would_be_merged(told, monkeypatch):
    """Control: the table holds enough that only the vetoes keep apart."""
    from scoping import vetoes

    for group in ("RELATION", "PLACE", "TEXT"):
        monkeypatch.setattr(vetoes, group, ())
    monkeypatch.setattr(vetoes, "different", lambda _: False)
    merged = [name for name, case in CASES.items() if "same" not in case["expected"] and told(case)[0] == "same"]
    assert len(merged) > 10
