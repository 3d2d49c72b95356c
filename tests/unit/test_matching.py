"""Whether two entries are the same report: a table of traps, and what must hold for any pair."""

import json
from collections import Counter
from operator import attrgetter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping import blocking, matching, pair_features, pair_model, vetoes
from scoping.matching import Match, compare, item, matches

TABLE = json.loads((Path(__file__).parents[1] / "cases" / "duplicates.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in TABLE["cases"]}


@pytest.fixture(scope="session")
def pair(make):
    """The two items of a case, under the ids A and B."""

    def both(case):
        return [item(make.entry(**{**TABLE["base"], **case[side]}, content_id=side.upper())) for side in ("a", "b")]

    return both


def band(match: Match | None) -> str:
    return match.band if match else "none"


def test_the_table_is_whole():
    assert len(CASES) == len(TABLE["cases"])
    assert set(Counter(case["expected"] for case in CASES.values())) == {"same", "ask", "none"}


@pytest.mark.parametrize("name", CASES)
def test_traps(pair, name):
    a, b = pair(CASES[name])
    found = compare(a, b)
    assert band(found) == CASES[name]["expected"]
    assert compare(b, a) == found
    if found:
        assert (found.a, found.b) == ("A", "B")
        assert found.why


@pytest.mark.parametrize("name", CASES)
def test_every_pair_that_compare_would_match_is_compared(pair, name):
    """Pairs are looked for in blocks only: none of the traps may fall between two of them."""
    a, b = pair(CASES[name])
    assert [band(match) for match in matches([a, b])] == [
        expected for expected in [CASES[name]["expected"]] if expected != "none"
    ]


WHY = {
    "same DOI": "same DOI and title",
    "same DOI, translated title": "same DOI, first author and year; the titles may be translations",
    "same DOI, other pages": "same DOI, but the pages differ",
    "same DOI, Part I and II": "same DOI, but the numbers in the titles differ",
    "same DOI, erratum": "same DOI, but one is a correction",
    "same PubMed id, other DOI": "same PubMed id, but the DOIs differ",
    "identical": "same title, first author and year",
    "preprint and article": "one is a preprint; the DOIs differ; one is of type article, one of type article-journal",
    "thesis and article": "one is of type article-journal, one of type thesis",
    "article in two journals": "volume and pages differ",
    "other volume, no pages": "the volumes differ",
    "men and women": "the titles differ in “men” and “women”",
    "dropped subtitle": "one title says more",
    "early access": "the years differ by one",
    "author missing": "an author is missing",
    "year missing": "a year is missing",
    "generic title": "the title is short",
    "generic title, no author": "the title is short; an author is missing",
}


@pytest.mark.parametrize(("name", "why"), WHY.items())
def test_the_reason_is_said_in_words(pair, name, why):
    assert compare(*pair(CASES[name])).why == why


AGAINST = {
    "preprint and article": True,
    "thesis and article": True,
    "article in two journals": True,
    "other volume, no pages": True,
    "same DOI, other pages": True,
    "same DOI, other title, author": True,
    "dropped subtitle": False,
    "early access": False,
    "author missing": False,
    "year missing": False,
    "generic title": False,
    "identical": False,
    "same DOI": False,
}


@pytest.mark.parametrize(("name", "against"), AGAINST.items())
def test_what_speaks_against_is_told_from_too_little_that_speaks_for(pair, name, against):
    assert compare(*pair(CASES[name])).against is against


GUARDS = [
    ("RELATION", "identifiers", "two DOIs"),
    ("RELATION", "identifiers", "two PubMed ids"),
    ("RELATION", "kinds", "same DOI, erratum"),
    ("RELATION", "types", "thesis and article"),
    ("PLACE", "places", "article in two journals"),
    ("PLACE", "places", "other volume, no pages"),
    ("PLACE", "places", "same DOI, other pages"),
    ("PLACE", "years", "same place, years apart"),
    ("RELATION", "registrations", "same DOI, two registrations"),
    ("TEXT", "numbers", "same DOI, Part I and II"),
    ("TEXT", "people", "same DOI, other people"),
    ("TEXT", "titles", "same page, one other word"),
    ("TEXT", "titles", "short title without place"),
]


@pytest.mark.parametrize(("group", "veto", "name"), GUARDS)
def test_without_the_veto_two_reports_would_be_merged(pair, monkeypatch, group, veto, name):
    """Control: each veto is what stands between a trap and a wrong merge."""
    assert band(compare(*pair(CASES[name]))) == "ask"
    others = tuple(one for one in getattr(vetoes, group) if one.__name__ != veto)
    monkeypatch.setattr(vetoes, group, others)
    assert band(compare(*pair(CASES[name]))) == "same"


def test_every_veto_has_a_control():
    every = {veto.__name__ for group in (vetoes.RELATION, vetoes.PLACE, vetoes.TEXT) for veto in group}
    assert every == {veto for _, veto, _ in GUARDS}


@pytest.mark.parametrize("name", CASES)
def test_a_veto_moves_what_would_be_merged_to_a_question_and_no_further(pair, monkeypatch, name):
    """What rules join without any veto is joined or asked about with them."""
    a, b = pair(CASES[name])
    with_vetoes = compare(a, b)
    for group in ("RELATION", "PLACE", "TEXT"):
        monkeypatch.setattr(vetoes, group, ())
    without = compare(a, b)
    if without and without.band == "same" and without.chance == 1:
        assert band(with_vetoes) in ("same", "ask")


ITEM = [
    ({"title": "[A title]. "}, "key", "atitle"),
    ({"authors": "[]"}, "author", ""),
    ({"authors": ""}, "author", ""),
    ({"authors": '[{"family":"","given":"","literal":"The Évidence Group"}]'}, "author", "theevidencegroup"),
    ({"year": ""}, "year", 0),
    ({"pages": "E12-E19"}, "first_page", "12"),
    ({"pages": ""}, "first_page", ""),
    ({"title": "Phase 2 of study IV in 2019"}, "numbers", frozenset({"2", "4", "2019"})),
    ({"title": "Mix and vim"}, "numbers", frozenset()),
    ({"title": "Reply to a protocol"}, "marks", frozenset({"a reply", "a protocol"})),
    ({"title": "Protocols of the elders"}, "marks", frozenset()),
]


@pytest.mark.parametrize(("fields", "name", "expected"), ITEM)
def test_item(make, fields, name, expected):
    assert getattr(item(make.entry(**fields)), name) == expected


TITLES = ["Evidence in county councils of England", "Evidence in county councils of Wales", "Editorial", ""]
SOME = st.fixed_dictionaries(
    {
        "title": st.sampled_from(TITLES),
        "author": st.sampled_from(["", "Marsh", "Novak"]),
        "year": st.sampled_from(["", "2019", "2020"]),
        "doi": st.sampled_from(["", "10.1/a", "10.1/b"]),
        "pmid": st.sampled_from(["", "", "1"]),
        "volume": st.sampled_from(["", "1", "2"]),
        "issue": st.sampled_from(["", "", "1", "2"]),
        "pages": st.sampled_from(["", "5-9", "7-9"]),
        "type": st.sampled_from(["", "article-journal", "thesis"]),
        "content_id": st.sampled_from("ABCDE"),
    }
)


@settings(max_examples=200)
@given(st.data(), st.lists(SOME, max_size=7))
def test_matches_do_not_depend_on_the_order_of_items(make, data, rows):
    items = [item(make.entry(**row)) for row in rows]
    found = matches(items)
    assert matches(data.draw(st.permutations(items))) == found
    assert all(match.a < match.b for match in found)
    assert len({(match.a, match.b) for match in found}) == len(found)
    assert found == sorted(found, key=lambda match: (match.a, match.b))


@settings(max_examples=200)
@given(SOME, SOME)
def test_two_items_with_nothing_certain_in_common_are_never_the_same(make, one, two):
    a, b = item(make.entry(**{**one, "content_id": "A"})), item(make.entry(**{**two, "content_id": "B"}))
    if band(compare(a, b)) == "same":
        by_identifier = (a.doi and a.doi == b.doi) or (a.pmid and a.pmid == b.pmid)
        by_place = a.volume == b.volume != "" and (a.first_page == b.first_page != "" or a.issue == b.issue != "")
        by_text = a.key == b.key and a.author == b.author != "" and a.year == b.year != 0
        assert by_identifier or by_place or by_text
        assert a.numbers == b.numbers
        assert not (a.doi and b.doi and a.doi != b.doi)
        assert not (a.pmid and b.pmid and a.pmid != b.pmid)


def test_no_pair_is_set_aside_that_would_be_matched(make):
    """All items of the cases with all others, some years apart: what is set aside unseen is what `decide` would not match."""
    said = [{**TABLE["base"], **case[side]} for case in CASES.values() for side in ("a", "b")]
    rows = [make.entry(**{**one, "year": year or one["year"]}) for one in said for year in ("", "2011", "2016")]
    items = sorted((item({**row, "content_id": str(at)}) for at, row in enumerate(rows)), key=attrgetter("content_id"))
    ends = np.triu_indices(len(items), 1)
    found = {(match.a, match.b) for match in matching._found(items, *ends, pair_model.load())}
    left, right, table = pair_features.table(items, *ends)
    wanted = set()
    for a, b, told, chance in zip(
        left, right, table.tolist(), pair_model.probability(pair_model.load(), table), strict=True
    ):
        features = dict(zip(pair_features.FEATURES, told, strict=True))
        if match := matching.decide(vetoes.Pair(items[a], items[b], features), float(chance)):
            wanted.add((match.a, match.b))
    assert found == wanted
    assert 1000 < len(wanted) < len(left)


def test_repeats_of_an_item_are_not_matched_with_each_other(make):
    assert matches([item(make.entry(content_id="A"))] * 3) == []


def test_where_repeats_match_in_several_ways_same_wins(make):
    a = item(make.entry(content_id="A", doi="10.1/a"))
    weak = item(make.entry(content_id="B", year="2021"))
    strong = item(make.entry(content_id="B", doi="10.1/a", year="2021"))
    assert [match.band for match in matches([a, weak])] == ["ask"]
    assert [match.band for match in matches([a, weak, strong])] == ["same"]
    assert [match.band for match in matches([strong, weak, a])] == ["same"]


def test_of_a_crowded_block_only_neighbours_are_compared(make, monkeypatch):
    """A limit on work, not on certainty: equal titles and equal DOIs stay neighbours."""
    items = [item(make.entry(f"Evidence in county councils, {'q' * n}", content_id=str(n))) for n in range(8)]
    everything = matches(items)
    monkeypatch.setattr(blocking, "CROWDED", 4)
    monkeypatch.setattr(blocking, "WINDOW", 2)
    neighbours = matches(items)
    assert 0 < len(neighbours) < len(everything)
    twins = [item(make.entry(content_id=f"T{n}", doi=f"10.1/{n // 2}", year="")) for n in range(8)]
    assert {(m.a, m.b) for m in matches(twins) if m.band == "same"} == {(f"T{n}", f"T{n + 1}") for n in (0, 2, 4, 6)}
