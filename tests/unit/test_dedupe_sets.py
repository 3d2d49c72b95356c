"""Labelled sets of the shared data: neither the order of entries nor what else is in the review changes what is merged."""

import json
import random
import sys
from pathlib import Path

import pytest

from scoping.dedupe import dedupe

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import dedupe_sets as sets

ARM = {sets.SOURCE: "databases"}


@pytest.fixture(scope="module")
def labelled(shared_data):
    return {name: sets.load(shared_data(f"dedup/{name}.csv")) for name in ("stroke", "cytology")}


def merged(entries):
    """(groups of content ids, open questions) of some entries."""
    records, _, pairs = dedupe(entries, [], ARM)
    groups = {tuple(json.loads(row["content_ids"])) for row in records}
    return groups, {(row["a"], row["b"]) for row in pairs if row["open"]}


def test_the_order_of_entries_changes_nothing(labelled):
    entries = labelled["stroke"].entries
    shuffled = random.Random(1).sample(entries, len(entries))
    assert merged(shuffled) == merged(entries)


def test_another_review_in_the_same_folder_changes_nothing(labelled):
    entries = labelled["stroke"].entries
    groups, asked = merged([*entries, *labelled["cytology"].entries])
    own = {row["content_id"] for row in entries}
    alone_groups, alone_asked = merged(entries)
    assert {group for group in groups if own & set(group)} == alone_groups
    assert {pair for pair in asked if own & set(pair)} == alone_asked


@pytest.mark.parametrize("name", ["stroke", "cytology"])
def test_nothing_is_merged_that_people_hold_to_be_two_reports(labelled, name):
    one = labelled[name]
    groups, asked = merged(one.entries)
    found = sets.score(one, groups, asked)
    assert found.fp == 0
    assert found.sensitivity > 0.98, "a floor far below what was measured: only to notice that something broke"
