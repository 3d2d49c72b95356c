"""What was decided without asking, what of it is drawn, and what the answers say of how exact it was."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import duplicate_check, duplicate_report, intervals, near_pairs
from scoping.comparable import item
from scoping.dedupe import dedupe
from scoping.duplicate_check import Stratum, estimate
from scoping.duplicate_settings import DuplicateCheck
from scoping.issue import Situation, checks, duplicates
from scoping.schemas import DUPLICATE_CHECKS
from scoping.tables import _checked

ARM = {"scopus": "databases"}
ALL = DuplicateCheck(merged=100, apart=100)
BRIDGE = "Evidence officers in a county council of Wales"


def answer(make, row, decision, sheet="du02-check.anna"):
    return make.decision(f"{row['a']}~{row['b']}", decision, stage="duplicates", sheet=sheet)


def drawn(entries, decisions=(), sizes=ALL, near=None):
    """(table of checks, records) as `scoping recheck` makes it; `near` stands in for the model."""
    records, entry_records, pairs = dedupe(entries, list(decisions), ARM)
    record_of = {row["content_id"]: row["record_id"] for row in entry_records}
    found = duplicate_check.frame(pairs, record_of, near or {}, decisions)
    return duplicate_check.draw(found, sizes, 7, decisions), records


@pytest.fixture
def three(make):
    """Three items of one report, merged by rules."""
    titles = (BRIDGE, f"{BRIDGE}: one", f"{BRIDGE}: one two")
    return [make.entry(doi="10.1/a", title=title) for title in titles]


# --- what there is to draw from --------------------------------------------------------------------------------------


def test_each_record_that_was_merged_away_is_one_merge(three):
    rows, records = drawn(three)
    assert len(records) == 1
    assert [row["kind"] for row in rows] == ["merged", "merged"], "three items, two joins, though three pairs match"
    assert {row["stratum"] for row in rows} == {"rule"}
    assert len(_checked(DUPLICATE_CHECKS, rows)) == 2


def test_what_a_person_joined_is_no_merge_without_asking(make):
    a, b = make.entry("One thing"), make.entry("Another thing altogether")
    pair = dict(zip("ab", sorted((a["content_id"], b["content_id"])), strict=True))
    rows, records = drawn([a, b], [answer(make, pair, "same", "du01.anna")])
    assert (len(records), rows) == (1, [])


@pytest.mark.parametrize("said", ["same", "different", "related"])
def test_an_answer_on_a_check_changes_nothing_of_what_is_drawn_from(make, three, said):
    before, _ = drawn(three)
    for row in before:
        after, records = drawn(three, [answer(make, row, said)])
        assert [(r["a"], r["b"], r["kind"], r["stratum"], r["place"]) for r in after] == [
            (r["a"], r["b"], r["kind"], r["stratum"], r["place"]) for r in before
        ]
        assert [r["answer"] for r in after if r["answer"]] == [said]
        assert len(records) == (1 if said == "same" else 2), "and `different` undoes the merge"


def test_a_merge_that_was_undone_on_an_ordinary_sheet_is_none(make, three):
    row = drawn(three)[0][0]
    after, _ = drawn(three, [answer(make, row, "different", "du01.anna")])
    assert len(after) == 1


def test_of_two_records_kept_apart_the_nearest_pair_stands_for_both(make):
    left = [make.entry(doi="10.1/a", title=t) for t in (BRIDGE, f"{BRIDGE}: one")]
    right = make.entry("A thing of its own")
    pairs = [tuple(sorted((row["content_id"], right["content_id"]))) for row in left]
    near = dict(zip(pairs, (0.2, 0.7), strict=True))
    rows, _ = drawn([*left, right], near=near)
    apart = [row for row in rows if row["kind"] == "apart"]
    assert [((row["a"], row["b"]), row["stratum"], row["chance"]) for row in apart] == [(pairs[1], "likely", "0.700")]
    joined, records = drawn([*left, right], [answer(make, apart[0], "same")], near=near)
    assert len(records) == 1, "an answer `same` merges"
    assert [row["answer"] for row in joined if row["kind"] == "apart"] == ["same"], "and stays a missed one"
    asked = answer(make, dict(zip("ab", pairs[0], strict=True)), "different", "du01.anna")
    assert not [row for row in drawn([*left, right], [asked], near=near)[0] if row["kind"] == "apart"], "it was asked"


def test_near_pairs_are_those_that_nothing_decided(make):
    a, b = make.entry(doi="10.1/a"), make.entry(doi="10.1/b", year="2021", author="Novak")
    items = [item(row) for row in (a, b)]
    pair = tuple(sorted((a["content_id"], b["content_id"])))
    chances = near_pairs.near(items, ())
    assert set(chances) <= {pair}
    assert near_pairs.near(items, {pair}) == {}
    same = [
        item(row) for row in (a, make.entry(doi="10.1/a", title="Evidence officers in a county council: an account"))
    ]
    assert len(near_pairs.near(same, ())) == 1, "control: a likely pair is found"


# --- lots ------------------------------------------------------------------------------------------------------------


def rows_of(number, kind="merged", stratum="rule"):
    return [
        {"a": f"{stratum}{n:03}", "b": "Z", "kind": kind, "stratum": stratum, "chance": "", "answer": "", "person": ""}
        for n in range(number)
    ]


def test_lots_depend_on_seed_and_pair_alone_and_a_larger_sample_holds_the_smaller():
    rows = rows_of(40)

    def ids(rows, number, seed=7):
        made = duplicate_check.draw(rows, DuplicateCheck(merged=number), seed, [])
        return {row["a"] for row in made if row["drawn"]}

    assert ids(rows, 10) == ids(rows[::-1], 10) != ids(rows, 10, seed=8)
    assert ids(rows, 10) < ids(rows, 20)
    assert len(ids(rows, 10)) == 10
    assert ids(rows, 10) & {row["a"] for row in rows[:30]} <= ids(rows[:30], 10), "more pairs push others out, no more"


HALVES = [
    (10, 50, 50, (5, 5)),
    (10, 50, 2, (8, 2)),
    (10, 1, 50, (1, 9)),
    (10, 3, 4, (3, 4)),
    (0, 3, 4, (0, 0)),
    (5, 9, 9, (2, 3)),
]


@pytest.mark.parametrize(("number", "first", "second", "halves"), HALVES)
def test_each_stratum_gives_half_or_what_it_has(number, first, second, halves):
    assert duplicate_check._halves(number, first, second) == halves


# --- what it says ----------------------------------------------------------------------------------------------------


def stratum(number, answered, wrong):
    ids = tuple(str(n) for n in range(number))
    return Stratum(ids, ids[:answered], ids[:answered], ids[:wrong])


def test_nothing_is_claimed_where_nobody_answered():
    assert estimate([]) is None
    assert estimate([stratum(10, 0, 0)]) is None
    assert estimate([stratum(10, 5, 0), stratum(3, 0, 0)]) is None, "a part of which nothing is known"
    assert estimate([stratum(10, 5, 0), stratum(0, 0, 0)]) is not None, "of a part that is empty nothing need be known"


def test_one_stratum_has_the_exact_interval():
    found = estimate([stratum(1000, 50, 2)])
    assert (found.share, found.low, found.high) == (0.04, *intervals.clopper_pearson(2, 50))


def test_strata_are_weighted_by_their_pairs_and_not_by_what_was_drawn():
    """990 pairs of which 1 in 10 is wrong, 10 pairs of which half are: 50 drawn of each would say a third otherwise."""
    found = estimate([stratum(990, 50, 5), stratum(10, 10, 5)])
    assert found.share == pytest.approx(0.99 * 0.1 + 0.01 * 0.5)
    low, high = intervals.clopper_pearson(5, 50)
    assert found.low == pytest.approx(0.99 * low + 0.005), "the stratum that was checked as a whole has no error"
    assert found.high == pytest.approx(0.99 * high + 0.005)
    both = estimate([stratum(500, 50, 5), stratum(500, 50, 0)])
    assert both.high > 0.5 * intervals.clopper_pearson(5, 50)[1] + 0.5 * intervals.clopper_pearson(0, 50)[1]


def test_the_interval_of_strata_holds_as_often_as_it_says():
    """By simulation: 4% of 400 and 30% of 60 are wrong; of each 30 are drawn."""
    lots, truth = random.Random(1), (0.04 * 400 + 0.3 * 60) / 460
    parts = [[True] * 16 + [False] * 384, [True] * 18 + [False] * 42]
    held = 0
    for _ in range(300):
        found = estimate([stratum(len(part), 30, sum(lots.sample(part, 30))) for part in parts])
        held += found.low <= truth <= found.high
    assert held >= 285


def told(kind, stratum, number, answers):
    rows = rows_of(number, kind, stratum)
    for row, said in zip(rows, answers, strict=False):
        row |= {"drawn": "yes", "answer": said}
    return [{"drawn": "", **row} for row in rows]


def test_the_table_counts_says_and_names_the_pairs():
    rows = told("merged", "rule", 100, ["same"] * 9 + ["related"]) + told("apart", "near", 40, ["different"] * 8 + [""])
    sheet = duplicate_report.table(rows, looked=True)
    lines = {row["Pairs"]: tuple(row.values())[1:] for row in sheet.rows}
    assert lines["Merged by a rule"] == lines["All merges"] == ("100", "10", "10", "1", "0.900", "0.555 to 0.997")
    assert lines["Merged by the model"] == ("0", "0", "0", "0", "–", "–")
    assert lines["All near pairs that were kept apart"] == ("40", "9", "8", "0", "0.000", "0.000 to 0.369")
    for row in sheet.rows:
        for column in ("In the review", "Drawn", "Answered", "Wrong"):
            ids = [id_ for label, name, _, id_ in sheet.ids if (label, name) == (row["Pairs"], column)]
            assert len(ids) == int(row[column])
    unknown = {row["Pairs"]: row["In the review"] for row in duplicate_report.table([], looked=False).rows}
    assert (unknown["All merges"], unknown["All near pairs that were kept apart"]) == ("0", "–")


# --- intervals -------------------------------------------------------------------------------------------------------


@given(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.9, 0.95, 0.975])
)
def test_exact_intervals_are_those_of_the_beta_distribution(share, level):
    beta = pytest.importorskip("scipy.stats").beta
    k, n = share
    low, high = intervals.clopper_pearson(k, n, level)
    tail = (1 - level) / 2
    assert low == pytest.approx(beta.ppf(tail, k, n - k + 1) if k else 0.0, abs=1e-9)
    assert high == pytest.approx(beta.ppf(1 - tail, k + 1, n - k) if k < n else 1.0, abs=1e-9)


def test_exact_intervals_of_nothing():
    assert intervals.clopper_pearson(0, 0) is None
    with pytest.raises(ValueError, match="no share"):
        intervals.clopper_pearson(3, 2)


# --- sheets ----------------------------------------------------------------------------------------------------------


def test_checks_go_out_once_each_and_do_not_keep_merges_of_one_record_back(make):
    """Both pairs are of one record: under its id they would look like one question."""
    now = Situation([make.record("A", "B", "C")], {}, set())
    rows = [{"a": "A", "b": b, "drawn": "yes", "answer": ""} for b in "BC"]
    (batch,) = checks(now, rows, make.review(), before=1)
    assert (batch.batch, batch.purpose, sorted(batch.items)) == ("du02-check", "check", ["A~B", "A~C"])
    from scoping import folder

    events = [make.issued("du02-check", ["anna"], ["A~B"], stage="duplicates", purpose="check")]
    now = Situation([make.record("A", "B", "C")], folder.issued(events), set())
    assert [batch.items for batch in checks(now, rows, make.review())] == [("A~C",)]
    assert checks(now, [{**rows[1], "drawn": ""}], make.review()) == []


def test_a_pair_on_a_check_is_not_asked_again_when_the_rules_come_to_doubt_it(make):
    from scoping import folder

    events = [make.issued("du01-check", ["anna"], ["A~B"], stage="duplicates", purpose="check")]
    now = Situation([make.record("A"), make.record("B")], folder.issued(events), set())
    assert duplicates(now, [{"a": "A", "b": "B", "open": "yes", "chance": "0.5"}], make.review()) == []


def test_a_check_shows_each_entry_by_itself(make):
    short, long = make.entry(raw="1"), make.entry(abstract="Long.", raw="2")
    (row,) = duplicate_check.alone([short, long, make.entry("Another thing")], {short["content_id"]})
    assert (row["record_id"], row["abstract"]) == (short["content_id"], "Long.")
