"""Rows that are missing or stand twice are named before anything is counted. Random reviews: test_flow_properties."""

import pytest

from scoping import prisma_rows


@pytest.fixture
def tables(make):
    entries = [
        make.entry_record("A-scopus-1", "A", file="s.ris"),
        make.entry_record("A-scopus-2", "A", "duplicate", file="s.ris"),
        make.entry_record("B-scopus-1", "B", file="s.ris"),
        make.entry_record("C-scopus-1", "", "rejected", file="s.ris", status="rejected", line_start="9"),
    ]
    records = [make.record("A", entry_ids='["A-scopus-1","A-scopus-2"]'), make.record("B", entry_ids='["B-scopus-1"]')]
    receipt = {"source": "scopus", "file": "s.ris", "ok": "3", "warned": "0", "rejected": "1", "rejected_lines": "[9]"}
    first = [make.state("A", "include"), make.state("B", "exclude")]
    return [entries, records, first, [make.state("A", "include")], [make.study("A")], [receipt]]


def test_tables_that_fit(tables):
    assert prisma_rows.check(*tables) == []


LOST = [
    (0, 1, "entries of records: A-scopus-2 not expected there"),
    (0, 3, "s.ris:9: the unreadable entry there is missing"),
    (0, 3, "entries of scopus in s.ris, rejected: 0 here, 1 by the receipt"),
    (1, 1, "records: B missing"),
    (2, 1, "states at title and abstract: B missing"),
    (3, 0, "states at full text: A missing"),
    (4, 0, "studies: A missing"),
    (5, 0, "s.ris:9: an unreadable entry that was not read there"),
    (5, 0, "entries of scopus in s.ris, ok: 3 here, 0 by the receipt"),
]


@pytest.mark.parametrize(("table", "at", "said"), LOST)
def test_a_row_that_is_missing_is_named(tables, table, at, said):
    del tables[table][at]
    assert said in prisma_rows.check(*tables)


TWICE = [
    (0, 1, "entries: A-scopus-2 there twice"),
    (1, 1, "records: B there twice"),
    (2, 1, "states at title and abstract: B there twice"),
    (3, 0, "states at full text: A there twice"),
    (4, 0, "studies: A there twice"),
    (0, 3, "s.ris:9: an unreadable entry that was not read there"),
    (5, 0, "receipt of scopus in s.ris: there twice"),
]


@pytest.mark.parametrize(("table", "at", "said"), TWICE)
def test_a_row_that_stands_twice_is_named(tables, table, at, said):
    tables[table].append(tables[table][at])
    assert said in prisma_rows.check(*tables)


def test_a_state_in_full_text_of_a_record_that_did_not_pass_is_named(tables, make):
    tables[3].append(make.state("B", "include"))
    assert "states at full text: B not expected there" in prisma_rows.check(*tables)


def test_titles_that_are_screened_first_have_states_too(tables, make):
    """Every record has one, and what passes there has one at title and abstract."""
    title = [make.state("A", "include"), make.state("B", "exclude")]
    tables[2] = [make.state("A", "include")]
    assert prisma_rows.check(*tables, title) == []
    assert "states at title: B missing" in prisma_rows.check(*tables, title[:1])
    assert "states at title: A there twice" in prisma_rows.check(*tables, [*title, title[0]])
    tables[2] = []
    assert "states at title and abstract: A missing" in prisma_rows.check(*tables, title)
    tables[2] = [make.state("A", "include"), make.state("B", "exclude")]
    assert "states at title and abstract: B not expected there" in prisma_rows.check(*tables, title)
