"""What a record says where its entries differ: the best of each field, and the entry it came from."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import merging
from scoping.dedupe import dedupe, fields
from scoping.schemas_records import RECORD_FIELDS
from scoping.tables import _checked, compact

ARM = {"scopus": "databases", "wos": "databases", "pubmed": "databases", "web": "other"}
BRIDGE = "Evidence officers in a county council"


def people(*names: str) -> str:
    """Authors as JSON, from `Family, Given`."""
    split = [name.partition(", ") for name in names]
    return compact([{"family": family, "given": given, "literal": ""} for family, _, given in split])


# field, what the entries say in the order in which they speak for the record, which of them (from 0) is taken
BEST = [
    ("title", [BRIDGE.upper(), BRIDGE], 1),
    ("title", [BRIDGE.upper()], 0),
    ("title", [f"{BRIDGE}.", BRIDGE], 0),
    ("title", [BRIDGE, f"{BRIDGE}: a case study"], 1),
    ("title", [BRIDGE, f"{BRIDGE} [Erratum appears in J Ev 2021;3:4]"], 0),
    ("title", ["Evidence of\ufffdcers in a county council", BRIDGE], 1),
    ("abstract", ["Short.", "Much longer."], 1),
    ("abstract", ["", "Short."], 1),
    ("abstract", ["Same long", "Same size"], 0),
    ("abstract", ["Much longer, but \ufffd damaged.", "Short."], 1),
    ("authors", [people("Marsh, A."), people("Marsh, Anna")], 1),
    ("authors", [people("Marsh, Anna"), people("Marsh, A.", "Novak, B.")], 1),
    ("authors", [people("Marsh, A.", "Novak, B."), people("Marsh, A.", "Novak, Ben")], 1),
    ("authors", [people("Marsh, A.", "Marsh, A.", "Marsh, A."), people("Marsh, Anna", "Novak, B.")], 1),
    ("authors", [people("MARSH, ANNA"), people("Marsh, Anna")], 1),
    ("authors", ["[]", people("Marsh, A.")], 1),
    ("pages", ["12-Jun", "6-12"], 1),
    ("pages", ["12-Jun"], 0),
    ("doi", ["10.1/a", "10.1/b", "10.1/b"], 1),
    ("doi", ["10.1/a", "10.1/b"], 0),
    ("doi", ["", "10.1/b"], 1),
    ("journal", ["JOURNAL OF EVIDENCE", "Journal of Evidence"], 1),
    ("type", ["document", "article-journal"], 1),
    ("type", ["document", ""], 0),
    ("publisher", ["First", "Second, which says more"], 0),
    ("keywords", ["[]", '["k"]'], 1),
]


@pytest.mark.parametrize(("field", "values", "best"), BEST)
def test_the_best_value_of_a_field(make: Any, field: str, values: list[str], best: int) -> None:
    entries = [
        (f"E{at}", make.entry(**{"year": "2020", field: value}, source=f"s{at}")) for at, value in enumerate(values)
    ]
    merged = merging.merged(entries)
    assert merged[field] == values[best]
    assert json.loads(merged["provenance"])[field] == f"E{best}"


def test_the_year_is_that_of_the_issue_and_volume_pages_and_year_come_from_one_entry(make: Any) -> None:
    early = ("early", make.entry(year="2019", source="scopus", journal="J Evid"))
    issue = (
        "issue",
        make.entry(year="2020", source="wos", journal="Journal of Evidence", volume="3", issue="2", pages="4-9"),
    )
    other = ("other", make.entry(year="2021", source="web", volume="4"))
    merged = merging.merged([early, other, issue])
    said = {name: merged[name] for name in ("year", "volume", "issue", "pages", "journal")}
    assert said == {"year": "2020", "volume": "3", "issue": "2", "pages": "4-9", "journal": "Journal of Evidence"}
    assert {json.loads(merged["provenance"])[name] for name in said} == {"issue"}
    assert merging.merged([early])["year"] == "2019", "control: where nothing else is known"


def test_repeats_of_one_source_are_one_voice_about_the_doi(make: Any) -> None:
    entries = [("a", make.entry(doi="10.1/a", source="wos"))]
    entries += [(f"b{n}", make.entry(doi="10.1/b", source="scopus")) for n in range(3)]
    assert merging.merged(entries)["doi"] == "10.1/a"
    assert merging.merged([*entries, ("c", make.entry(doi="10.1/b", source="web"))])["doi"] == "10.1/b"


def test_nothing_that_any_entry_says_of_ids_and_abstracts_is_lost(make: Any) -> None:
    rows = [
        make.entry(doi="10.1/a", abstract="The longest of all.", pmid="1", accession="pmid:1", source="pubmed"),
        make.entry(doi="10.1/b", abstract="Another.", pmid="2", accession="eid:2"),
        make.entry(abstract="Another.", source="wos"),
        make.entry(abstract="The longest of all.", source="web"),
    ]
    merged = merging.merged([(f"E{at}", row) for at, row in enumerate(rows)])
    assert (json.loads(merged["dois"]), json.loads(merged["pmids"])) == (["10.1/a", "10.1/b"], ["1", "2"])
    assert json.loads(merged["abstracts"]) == {"E1": "Another.", "E2": "Another."}


def test_fields_that_differ_are_told_with_all_that_entries_say(make: Any) -> None:
    rows = [
        make.entry(BRIDGE.upper(), doi="10.1/a", abstract="Short.", source="scopus", year="2020"),
        make.entry(BRIDGE, doi="10.1/a", abstract="Much longer.", source="wos", year="2020"),
    ]
    records, entry_records, _ = dedupe(rows, [], ARM)
    assert len(records) == 1
    of = {row["source"]: row["entry_id"] for row in entry_records}
    told = {row["field"]: row for row in _checked(RECORD_FIELDS, fields(records, rows))}
    assert set(told) == {"title", "abstract"}, "what is alike, or stands in one entry only, is no difference"
    assert told["title"] | {"record_id": "", "field": "", "rule": ""} == {
        "record_id": "", "field": "", "rule": "", "value": BRIDGE, "entry_id": of["wos"],
        "others": compact({of["scopus"]: BRIDGE.upper()}),
    }  # fmt: skip
    assert (told["abstract"]["value"], told["abstract"]["others"]) == (
        "12 characters",
        f'{{"{of["scopus"]}":"6 characters"}}',
    )


SOME = st.fixed_dictionaries(
    {
        "title": st.sampled_from([BRIDGE, BRIDGE.upper(), f"{BRIDGE}: an account", "Other"]),
        "doi": st.sampled_from(["", "10.1/a", "10.1/b"]),
        "abstract": st.sampled_from(["", "Short.", "Longer than short."]),
        "year": st.sampled_from(["", "2019", "2020"]),
        "volume": st.sampled_from(["", "3"]),
        "pages": st.sampled_from(["", "1-9", "Jun-01"]),
        "journal": st.sampled_from(["", "J", "J Evid"]),
        "source": st.sampled_from(sorted(ARM)),
    }
)


@given(st.lists(SOME, min_size=1, max_size=5))
def test_each_value_is_that_of_the_entry_that_is_named_and_none_is_made_up(
    make: Any, drawn: list[dict[str, str]]
) -> None:
    entries = [(f"E{at}", make.entry(**one)) for at, one in enumerate(drawn)]
    merged, of = merging.merged(entries), dict(entries)
    provenance = json.loads(merged["provenance"])
    for field in merging.FIELDS:
        said = {row[field] for row in of.values()} - {"", "[]"}
        assert (field in provenance) == bool(said), "a field is empty only where no entry fills it"
        if said:
            assert merged[field] == of[provenance[field]][field]


def test_every_field_has_a_rule_in_words() -> None:
    assert all(len(merging.rule(field)) > 5 for field in merging.FIELDS)
