"""From entries to records: nothing lost, nothing that depends on order or files, and people's answers bind for ever."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping import dedupe as stage
from scoping import ingest, matching, readers, tables
from scoping.dedupe import dedupe
from scoping.errors import ScopingError
from scoping.schemas import DUPLICATE_PAIRS, ENTRY_RECORDS, RECORDS

ARM = {"scopus": "databases", "wos": "databases", "web": "other"}
BRIDGE = "Evidence officers in a county council of Wales"

FIELDS = st.fixed_dictionaries(
    {
        "title": st.sampled_from([BRIDGE, BRIDGE.upper(), f"{BRIDGE}: a case study", "Editorial", "Other things entirely, 2", ""]),
        "author": st.sampled_from(["", "Marsh", "Novak"]),
        "year": st.sampled_from(["", "2019", "2020"]),
        "doi": st.sampled_from(["", "", "10.1/a", "10.1/b"]),
        "accession": st.sampled_from(["", "", "", "pmid:1", "pmid:2"]),
        "abstract": st.sampled_from(["", "Short.", "A longer abstract."]),
        "source": st.sampled_from(sorted(ARM)),
        "raw": st.sampled_from(["raw 1", "raw 2", "raw 3"]),
        "status": st.sampled_from(["ok", "ok", "warned", "rejected"]),
    }
)  # fmt: skip


def entries_of(make, drawn) -> list[tables.Row]:
    """Entries as ingest makes them: what nothing identifies is rejected, and only that."""
    out = []
    for number, fields in enumerate(drawn, 1):
        nothing = not (fields["title"] or fields["doi"] or fields["accession"])
        if nothing != (fields["status"] == "rejected"):
            fields = {**fields, "status": "rejected" if nothing else "ok"}
        if nothing:
            fields = {**fields, "author": ""}
        out.append(make.entry(**fields, file="one.ris", number=str(number), line_start=str(number)))
    return out


@pytest.fixture(scope="session")
def some(make):
    """A strategy for lists of entries."""
    return st.lists(FIELDS, max_size=9).map(lambda drawn: entries_of(make, drawn))


def answers_about(make, data, entries) -> list[tables.Row]:
    """Answers of people about some pairs."""
    ids = sorted({row["content_id"] for row in entries})
    pairs = [f"{a}~{b}" for a in ids for b in ids if a < b]
    if not pairs:
        return []
    answer = st.tuples(st.sampled_from(pairs), st.sampled_from(["same", "different", "related", "withdraw"]))
    return [make.decision(*said, stage="duplicates") for said in data.draw(st.lists(answer, max_size=4))]


def placed(entry_records) -> list[tuple[str, ...]]:
    """What became of the entries, without where they stood."""
    return sorted(
        tuple(row[name] for name in ("entry_id", "content_id", "source", "arm", "record_id", "role"))
        for row in entry_records
    )


def groups(entry_records) -> set[frozenset[str]]:
    """The entries of each record."""
    by_record = {}
    for row in entry_records:
        if row["record_id"]:
            by_record.setdefault(row["record_id"], set()).add(row["content_id"])
    return {frozenset(ids) for ids in by_record.values()}


def together(entry_records, a, b) -> bool:
    record = {row["content_id"]: row["record_id"] for row in entry_records}
    return record[a["content_id"]] == record[b["content_id"]]


# --- what must hold for any entries ----------------------------------------------------------------------------------


@settings(max_examples=150)
@given(st.data())
def test_every_entry_has_one_role_and_every_record_one_entry(make, some, data):
    entries = data.draw(some)
    records, entry_records, pairs = dedupe(entries, answers_about(make, data, entries), ARM)
    assert len(entry_records) == len(entries), "no entry is lost"
    assert len({row["entry_id"] for row in entry_records}) == len(entries)
    assert {row["role"] for row in entry_records} <= {"record", "duplicate", "rejected"}
    assert all((row["role"] == "rejected") == (row["status"] == "rejected") for row in entry_records)
    assert all((row["record_id"] == "") == (row["role"] == "rejected") for row in entry_records)
    ones = Counter(row["record_id"] for row in entry_records if row["role"] == "record")
    assert ones == Counter(row["record_id"] for row in records), "each record has exactly one entry that is the record"
    listed = [entry_id for row in records for entry_id in json.loads(row["entry_ids"])]
    assert sorted(listed) == sorted(row["entry_id"] for row in entry_records if row["record_id"])
    for row in records:
        assert row["record_id"] in json.loads(row["content_ids"])
        assert row["study_id"] in ones
        arms = {entry["arm"] for entry in entry_records if entry["record_id"] == row["record_id"]}
        one = next(e for e in entry_records if e["record_id"] == row["record_id"] and e["role"] == "record")
        assert row["arm"] == one["arm"] == min(arms)
    for table, rows in ((RECORDS, records), (ENTRY_RECORDS, entry_records), (DUPLICATE_PAIRS, pairs)):
        assert len(tables._checked(table, rows)) == len(rows), "as the schema wants it"


@settings(max_examples=150)
@given(st.data())
def test_the_order_of_entries_and_answers_changes_nothing(make, some, data):
    entries = data.draw(some)
    answers = answers_about(make, data, entries)
    records, entry_records, pairs = dedupe(entries, answers, ARM)
    again = dedupe(data.draw(st.permutations(entries)), data.draw(st.permutations(answers)), ARM)
    assert again[0] == records
    assert placed(again[1]) == placed(entry_records)
    assert again[2] == pairs


@settings(max_examples=150)
@given(st.data())
def test_reordered_reexported_split_and_renamed_files_change_no_id(make, some, data):
    """Ids come from what an entry says; where it stood and how it was written down is not in them."""
    entries = data.draw(some)
    before = dedupe(entries, [], ARM)
    cut = data.draw(st.integers(0, len(entries)))
    moved = []
    for place, row in enumerate(data.draw(st.permutations(entries))):
        name, number = ("zwei.txt", place + 1) if place < cut else ("a/eins.ris", place - cut + 1)
        identified = row["status"] != "rejected"
        raw = data.draw(st.sampled_from(["\r\n", "other"])) + row["raw"] if identified else row["raw"]
        where = {"file": name, "number": str(number), "line_start": str(100 * number), "sha256": "other", "raw": raw}
        moved.append({**row, **where})
    after = dedupe(moved, [], ARM)
    assert Counter(row["content_id"] for row in moved) == Counter(row["content_id"] for row in entries)
    assert after[0] == before[0], "records, with their ids and those of their entries"
    assert placed(after[1]) == placed(before[1])
    assert after[2] == before[2]


def test_ids_that_hold_the_file_name_would_change(make):
    """Control: the property above sees an id that it should not see."""
    row = make.entry()
    leaky = [{**row, "content_id": make.id(file), "identity": file, "file": file} for file in ("one.ris", "two.ris")]
    assert dedupe(leaky[:1], [], ARM)[0] != dedupe(leaky[1:], [], ARM)[0]


@settings(max_examples=100)
@given(st.data())
def test_more_entries_split_no_record_that_people_joined_and_join_none_that_they_kept_apart(make, some, data):
    """For ever, also when searches are added and whatever the rules say."""
    entries = data.draw(some)
    ids = sorted({row["content_id"] for row in entries if row["status"] != "rejected"})
    if len(ids) < 2:
        return
    a, b = data.draw(st.sampled_from([(x, y) for x in ids for y in ids if x < y]))
    answer = data.draw(st.sampled_from(["same", "different", "related"]))
    later = entries + data.draw(some)
    _, entry_records, _ = dedupe(later, [make.decision(f"{a}~{b}", answer, stage="duplicates")], ARM)
    record = {row["content_id"]: row["record_id"] for row in entry_records if row["record_id"]}
    assert (record[a] == record[b]) == (answer == "same")


# --- the same through the real readers -------------------------------------------------------------------------------

RIS = [
    "TY  - JOUR\nTI  - Evidence officers in a county council\nAU  - Marsh, A.\nPY  - 2020\nDO  - 10.1/a\nER  - \n",
    "TY  - JOUR\nTI  - EVIDENCE OFFICERS IN A COUNTY COUNCIL.\nAU  - Marsh, A.\nPY  - 2020\nER  - \n",
    "TY  - JOUR\nTI  - Nurse champions and a sepsis bundle\nAU  - Novak, B.\nPY  - 2021\nER  - \n",
    "TY  - JOUR\nTI  - Nurse champions and a sepsis bundle\nAU  - Novak, B.\nPY  - 2021\nER  - \n",
    "TY  - JOUR\nPY  - 2021\nER  - \n",
]


def read(**content: str) -> list[tables.Row]:
    claim = {"scopus": ingest.Claim("scopus", None)}
    exported = [ingest.File.of(text.encode(), name, claim) for name, text in content.items()]
    return [row for file in exported for row in ingest.rows(readers.parse(file.data), file)]


EXPORTS = {
    "re-ordered": lambda: read(one="\n".join(RIS[::-1])),
    "split in two files": lambda: read(one="\n".join(RIS[:2]), two="\n".join(RIS[2:])),
    "split otherwise, in other order": lambda: read(b="\n".join(RIS[3:]), a="\n".join(RIS[:3])),
    "renamed": lambda: read(**{"scopus (2).txt": "\n".join(RIS)}),
    "other line ends": lambda: read(one="\n".join(RIS).replace("\n", "\r\n")),
    "more blanks and tags": lambda: read(one="\n\n".join(RIS).replace("TI  -", "N2  -\nTI  - ")),
}


@pytest.mark.parametrize("how", EXPORTS)
def test_exports_that_say_the_same_give_the_same_ids(how):
    records, entry_records, _ = dedupe(read(one="\n".join(RIS)), [], ARM)
    again = dedupe(EXPORTS[how](), [], ARM)
    whole = [row for row in placed(entry_records) if row[-1] != "rejected"]
    assert [row for row in placed(again[1]) if row[-1] != "rejected"] == whole
    assert [row["record_id"] for row in again[0]] == [row["record_id"] for row in records]
    assert Counter(row["role"] for row in again[1]) == {"record": 2, "duplicate": 2, "rejected": 1}


# --- people's answers ------------------------------------------------------------------------------------------------


@pytest.fixture
def three(make):
    """A and c are told apart by their DOIs; b has none and looks like both."""
    a, b, c = (make.entry(doi=doi) for doi in ("10.1/a", "", "10.1/c"))
    return sorted((a, c), key=lambda row: row["content_id"])[0], b, sorted((a, c), key=lambda row: row["content_id"])[1]


def said(make, one, answer, other, person="anna") -> tables.Row:
    pair = "~".join(sorted((one["content_id"], other["content_id"])))
    return make.decision(pair, answer, person, stage="duplicates")


def test_same_joins_what_no_rule_would(make):
    a, b = make.entry("One thing"), make.entry("Another thing altogether")
    assert not together(dedupe([a, b], [], ARM)[1], a, b)
    records, entry_records, pairs = dedupe([a, b], [said(make, a, "same", b)], ARM)
    assert together(entry_records, a, b)
    assert [row["role"] for row in entry_records].count("duplicate") == 1
    assert [(p["why"], p["answer"], p["person"], p["open"]) for p in pairs] == [
        ("a person said so", "same", "anna", "")
    ]
    assert len(records) == 1


@pytest.mark.parametrize("answer", ["different", "related"])
def test_different_and_related_keep_apart_against_a_rule_that_says_same(make, answer):
    a, b = make.entry(doi="10.1/a"), make.entry(doi="10.1/a", title="Evidence officers in a county council: an account")
    assert together(dedupe([a, b], [], ARM)[1], a, b), "control: the rule joins them"
    records, entry_records, pairs = dedupe([a, b], [said(make, a, answer, b)], ARM)
    assert not together(entry_records, a, b)
    assert len({row["study_id"] for row in records}) == (1 if answer == "related" else 2)
    assert [(p["band"], p["answer"], p["open"]) for p in pairs] == [("same", answer, "")]


def test_a_withdrawn_answer_is_none(make):
    a, b = make.entry(doi="10.1/a"), make.entry(doi="10.1/b")
    _, entry_records, pairs = dedupe([a, b], [said(make, a, "withdraw", b)], ARM)
    assert not together(entry_records, a, b)
    assert [p["open"] for p in pairs] == ["yes"]


def test_answers_that_contradict_each_other_are_none(make):
    a, b = make.entry(doi="10.1/a"), make.entry(doi="10.1/b")
    answers = [said(make, a, "same", b), said(make, a, "different", b, "ben")]
    _, entry_records, pairs = dedupe([a, b], answers, ARM)
    assert not together(entry_records, a, b)
    assert [(p["answer"], p["open"]) for p in pairs] == [("conflict", "yes")]
    _, entry_records, pairs = dedupe([a, b], [said(make, a, "same", b), said(make, a, "same", b, "ben")], ARM)
    assert together(entry_records, a, b)
    assert pairs[0]["person"] == "anna"


def test_an_answer_about_entries_that_no_export_holds_any_more_is_kept_for_later(make):
    a, b = make.entry("One thing"), make.entry("Another thing altogether")
    answer = said(make, a, "same", b)
    assert dedupe([a], [answer], ARM)[2] == []
    assert together(dedupe([b, a], [answer], ARM)[1], a, b)


def test_the_pair_may_be_written_in_any_order(make):
    a, b = make.entry("One thing"), make.entry("Another thing altogether")
    ids = sorted((a["content_id"], b["content_id"]), reverse=True)
    assert together(dedupe([a, b], [make.decision("~".join(ids), "same", stage="duplicates")], ARM)[1], a, b)


def test_a_chain_is_refused_where_a_person_told_its_ends_apart(make):
    a, b, c = (make.entry(doi="10.1/a", title=t) for t in (BRIDGE, f"{BRIDGE}: one", f"{BRIDGE}: one two"))
    assert len(groups(dedupe([a, b, c], [], ARM)[1])) == 1, "control: the rules join all three"
    _, entry_records, pairs = dedupe([a, b, c], [said(make, a, "different", c)], ARM)
    assert not together(entry_records, a, c)
    assert len(groups(entry_records)) == 2
    assert not any(p["open"] for p in pairs), "a person has told these groups apart"


def test_a_chain_is_refused_where_something_speaks_against_its_ends(make, three):
    """A copy without DOI must not merge a preprint with its article."""
    a, b, c = three
    _, entry_records, pairs = dedupe([a, b, c], [], ARM)
    assert not together(entry_records, a, c)
    assert len(groups(entry_records)) == 2
    assert [p["open"] for p in pairs].count("yes") == 1, "a person is asked about the two groups, once"


def test_without_that_guard_the_chain_would_merge_them_unasked(make, three, monkeypatch):
    """Control of the above."""
    a, b, c = three
    real = matching._match
    monkeypatch.setattr(matching, "_match", lambda *args, **_: real(*args))
    _, entry_records, pairs = dedupe([a, b, c], [], ARM)
    assert together(entry_records, a, c)
    assert not any(p["open"] for p in pairs)


ANSWERED = [("same", 1, 0), ("different", 2, 0), ("related", 2, 0)]


@pytest.mark.parametrize(("answer", "records", "still_open"), ANSWERED)
def test_a_person_settles_such_a_chain(make, three, answer, records, still_open):
    a, b, c = three
    found, entry_records, pairs = dedupe([a, b, c], [said(make, a, answer, c)], ARM)
    assert len(found) == records
    assert together(entry_records, a, c) == (answer == "same")
    assert [p["open"] for p in pairs].count("yes") == still_open


def test_one_question_for_two_groups_of_many_entries(make):
    """Two records of two entries each, alike but for the year: four pairs, one question."""
    left = [make.entry(doi="10.1/a", year="2019", title=t) for t in (BRIDGE, f"{BRIDGE}.", f"{BRIDGE}: an account")]
    right = [make.entry(year="2020", title=t) for t in (BRIDGE, BRIDGE.upper())]
    _, entry_records, pairs = dedupe([*left, *right], [], ARM)
    assert len(groups(entry_records)) == 2
    assert sum(p["band"] == "ask" for p in pairs) >= 2
    assert [p["open"] for p in pairs].count("yes") == 1


def test_pairs_hold_every_match_and_every_answer_in_order(make):
    a, b, c = make.entry(BRIDGE), make.entry(BRIDGE, year="2021"), make.entry("Another thing altogether")
    pairs = dedupe([a, b, c], [said(make, a, "different", c)], ARM)[2]
    assert [(p["a"], p["b"]) for p in pairs] == sorted(
        tuple(sorted((x["content_id"], y["content_id"]))) for x, y in ((a, b), (a, c))
    )
    by = {p["why"]: (p["band"], p["answer"], p["open"]) for p in pairs}
    assert by == {"the years differ by one": ("ask", "", "yes"), "a person said so": ("ask", "different", "")}


def test_related_reports_are_one_study_and_its_id_is_the_smallest(make):
    rows = [make.entry(f"A thing called {name}") for name in ("one", "two", "three", "four")]
    answers = [said(make, rows[0], "related", rows[1]), said(make, rows[1], "related", rows[2])]
    records, _, _ = dedupe(rows, answers, ARM)
    study = {row["record_id"]: row["study_id"] for row in records}
    family = sorted(row["content_id"] for row in rows[:3])
    assert {study[id_] for id_ in family} == {family[0]}
    assert study[rows[3]["content_id"]] == rows[3]["content_id"]


def test_entries_of_related_reports_count_for_their_records(make):
    """The answer was given for an entry that is not the one that speaks for its record."""
    a, copy, b = (
        make.entry(doi="10.1/a"),
        make.entry(doi="10.1/a", title="Evidence officers"),
        make.entry("Another thing"),
    )
    for one in (a, copy):
        records, _, _ = dedupe([a, copy, b], [said(make, one, "related", b)], ARM)
        assert len(records) == 2
        assert len({row["study_id"] for row in records}) == 1


# --- what a record says ----------------------------------------------------------------------------------------------

SPEAKS = [
    ("a database before a website", {"source": "web", "abstract": "x", "doi": "10.1/a"}, {"source": "wos"}),
    ("an abstract before none", {"source": "wos", "doi": "10.1/a"}, {"source": "wos", "abstract": "x"}),
    ("a DOI before none", {"source": "wos"}, {"source": "wos", "doi": "10.1/a"}),
]


@pytest.mark.parametrize(("why", "other", "speaks"), SPEAKS, ids=[why for why, *_ in SPEAKS])
@pytest.mark.parametrize("title", [BRIDGE, f"{BRIDGE.upper()}."])
def test_who_speaks_for_a_record(make, why, other, speaks, title):
    one, two = (
        make.entry(title, **other, accession="pmid:1"),
        make.entry(**{**speaks, "title": title, "accession": "pmid:2"}),
    )
    records, entry_records, _ = dedupe([one, two], [said(make, one, "same", two)], ARM)
    assert [row["record_id"] for row in records] == [two["content_id"]]
    assert {row["content_id"]: row["role"] for row in entry_records} == {
        one["content_id"]: "duplicate",
        two["content_id"]: "record",
    }


def test_a_record_is_filled_up_from_its_entries(make):
    one = make.entry(
        "EVIDENCE OFFICERS",
        source="scopus",
        doi="10.1/a",
        abstract="Short.",
        journal="J",
        keywords="[]",
        accession="eid:1",
    )
    two = make.entry(
        "Evidence officers",
        source="web",
        doi="10.1/a",
        abstract="Much longer.",
        volume="3",
        keywords='["k"]',
        url="http://x",
    )
    (record,) = dedupe([one, two], [], ARM)[0]
    assert record["record_id"] == one["content_id"]
    assert record["title"] == "Evidence officers", "capitals only where there is nothing else"
    assert record["abstract"] == "Much longer."
    assert (record["journal"], record["volume"], record["keywords"], record["url"]) == ("J", "3", '["k"]', "http://x")
    assert (record["arm"], record["sources"]) == ("databases", '["scopus","web"]')
    assert json.loads(record["content_ids"]) == sorted((one["content_id"], two["content_id"]))
    assert json.loads(record["accessions"]) == ["eid:1"]
    assert json.loads(record["entry_ids"]) == sorted(f"{r['content_id']}-{r['source']}-1" for r in (one, two))


def test_a_record_without_authors_or_keywords_has_empty_lists(make):
    (record,) = dedupe([make.entry(author="", keywords="")], [], ARM)[0]
    assert (record["authors"], record["keywords"]) == ("[]", "[]")


def test_repeats_of_an_item_are_numbered_within_their_source(make):
    rows = [make.entry(number=str(n), source=source) for n, source in enumerate(["scopus", "wos", "scopus"])]
    entry_ids = sorted(row["entry_id"] for row in dedupe(rows, [], ARM)[1])
    id_ = rows[0]["content_id"]
    assert entry_ids == [f"{id_}-scopus-1", f"{id_}-scopus-2", f"{id_}-wos-1"]


def test_where_an_entry_stood_is_kept(make):
    (row,) = dedupe([make.entry(file="a.ris", line_start="17", status="warned", source="web")], [], ARM)[1]
    assert (row["file"], row["line_start"], row["status"], row["arm"]) == ("a.ris", "17", "warned", "other")


def test_rejected_entries_have_no_record_and_are_no_ones_duplicate(make):
    rejected = [make.entry("", author="", raw="PY  - 2020", status="rejected", number=n) for n in "12"]
    records, entry_records, pairs = dedupe([*rejected, make.entry()], [], ARM)
    assert len(records) == 1
    assert [row["record_id"] for row in entry_records if row["role"] == "rejected"] == ["", ""]
    assert pairs == []


def test_no_entries():
    assert dedupe([], [], ARM) == ([], [], [])


# --- ids that collide ------------------------------------------------------------------------------------------------


def test_two_items_under_one_id_stop_the_run(make):
    a = make.entry("One thing")
    b = {**make.entry("Another thing"), "content_id": a["content_id"], "file": "b.ris", "line_start": "17"}
    with pytest.raises(ScopingError) as caught:
        dedupe([a, b], [], ARM)
    assert str(caught.value).startswith("data/raw/exports/b.ris:17: two different items have the id ")
    assert "'Another thing'" in str(caught.value)


def test_without_that_guard_one_of_them_would_vanish(make, monkeypatch):
    """Control of the above."""
    a = make.entry("One thing")
    b = {**make.entry("Another thing"), "content_id": a["content_id"]}
    monkeypatch.setattr(stage, "_check_collisions", lambda _: None)
    assert len(dedupe([a, b], [], ARM)[0]) == 1


def test_repeats_of_one_item_do_not_collide(make):
    assert len(dedupe([make.entry(raw="one"), make.entry(raw="two")], [], ARM)[0]) == 1
