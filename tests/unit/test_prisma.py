"""The flow diagram as sets of ids: balanced for any review, and no fault goes unseen."""

import random

import pytest

from scoping import prisma
from scoping.dedupe import dedupe
from scoping.prisma import UNITS, Boxes, boxes, check, pending, rows, terminal_states
from scoping.schemas import PRISMA_IDS
from scoping.tables import _checked, compact

REVIEWS = 300
ARM = {"scopus": "databases", "wos": "databases", "web": "other", "contact": "other"}
STATES = ["pending", "conflict", "include", "exclude", "unscreened"]
REPORTS = ["pending", "conflict", "include", "exclude", "not_retrieved", "include", "include"]


class Review:
    """A random review: entries, what people said of duplicates, states."""

    def __init__(self, make, seed: int):
        self.random = random.Random(seed)
        entries = [self.entry(make, number) for number in range(self.random.randint(0, 30))]
        ids = sorted({row["content_id"] for row in entries})
        related = [
            make.decision("~".join(sorted(self.random.sample(ids, 2))), self.random.choice(["related", "same"]))
            for _ in range(self.random.randint(0, 4))
            if len(ids) > 1
        ]
        self.records, self.entries, _ = dedupe(entries, related, ARM)
        self.first = {row["record_id"]: self.state(make, row, STATES) for row in self.records}
        passed = [row for row in self.records if self.first[row["record_id"]]["state"] == "include"]
        self.second = {row["record_id"]: self.state(make, row, REPORTS) for row in passed if self.random.random() < 0.9}

    def entry(self, make, number):
        fields = {"source": self.random.choice(sorted(ARM)), "number": str(number), "raw": f"raw {number}"}
        if self.random.random() < 0.1:
            return make.entry("", author="", status="rejected", **fields)
        return make.entry(f"Evidence in county council {self.random.randint(1, 18)}", **fields)

    def state(self, make, row, states):
        state = self.random.choice(states)
        reason = self.random.choice(["topic", "design"]) if state == "exclude" else ""
        return make.state(row["record_id"], state, reason=reason)

    def boxes(self):
        return boxes(self.entries, self.records, self.first, self.second)

    def check(self, found=None, entries=None, ends=None):
        entries = self.entries if entries is None else entries
        ends = terminal_states(self.entries, self.first, self.second) if ends is None else ends
        return check(found or self.boxes(), entries, self.records, ends)

    def check_both(self, entries):
        """Where both paths see the same wrong entries."""
        found = boxes(entries, self.records, self.first, self.second)
        return check(found, entries, self.records, terminal_states(entries, self.first, self.second))


@pytest.fixture(scope="module")
def reviews(make):
    return [Review(make, seed) for seed in range(REVIEWS)]


def test_the_reviews_hold_every_case(reviews):
    """Else what follows would prove little."""
    filled = {box for review in reviews for box in UNITS if review.boxes().of(box)}
    assert filled == set(UNITS) - {"automation"}
    assert any(len(review.entries) == 0 for review in reviews)
    assert any(r["study_id"] != r["record_id"] for review in reviews for r in review.records)


def test_every_review_is_balanced(reviews):
    for review in reviews:
        assert review.check() == []


def test_boxes_conserve_ids(reviews):
    """PRISMA's arithmetic with sets: nothing vanishes between two boxes, and nothing stands in two."""
    for review in reviews:
        of = review.boxes().of
        entries = {row["entry_id"] for row in review.entries}
        records = {row["record_id"] for row in review.records}

        def parts(whole, *names, of=of):
            sets = [of(name) for name in names]
            assert whole == frozenset().union(*sets)
            assert len(whole) == sum(map(len, sets)), "no id in two boxes"

        parts(entries, "identified", "other_identified")
        parts(of("screened"), "excluded", "sought")
        parts(of("sought"), "not_retrieved", "assessed", "awaiting_assessment")
        parts(of("assessed"), "reports_excluded", "included_reports")
        parts(of("other_sought"), "other_not_retrieved", "other_assessed", "other_awaiting_assessment")
        parts(of("other_assessed"), "other_excluded", "other_included_reports")
        parts(
            records,
            "screened",
            "awaiting_screening",
            "unscreened",
            "other_unscreened",
            "other_excluded_at_title",
            "other_awaiting_screening",
            "other_sought",
        )
        gone = of("duplicates") | of("other_reasons") | of("other_known") | of("other_unreadable")
        assert len(entries - gone) == len(records)
        included = of("included_reports") | of("other_included_reports")
        assert of("included_studies") == {r["study_id"] for r in review.records if r["record_id"] in included}


def test_every_entry_has_one_end(reviews):
    for review in reviews:
        ends = terminal_states(review.entries, review.first, review.second)
        assert set(ends) == {row["entry_id"] for row in review.entries}


def test_rows_are_the_ids_behind_every_number(reviews):
    for review in reviews[:100]:
        found = review.boxes()
        table = rows(found)
        assert len(_checked(PRISMA_IDS, table)) == len(table)
        for box in UNITS:
            assert {row["id"] for row in table if row["box"] == box} == found.of(box)
            assert sum(row["box"] == box for row in table) == found.count(box) == sum(found.lines(box).values())
        assert {row["unit"] for row in table if row["box"] == "screened"} <= {"record"}


def test_the_order_of_rows_changes_nothing(reviews):
    for review in reviews[:50]:
        shuffled = boxes(review.entries[::-1], review.records[::-1], review.first, review.second)
        assert shuffled == review.boxes()


# --- faults: each is found, and the id is named -----------------------------------------------------------------------


def named(problems, *ids) -> bool:
    return any(id_ in problem for problem in problems for id_ in ids)


def some(reviews, wanted):
    """One thing of each review that has it, with the review."""
    for review in reviews:
        found = wanted(review)
        if found:
            yield review, review.random.choice(found)


def test_an_entry_that_one_path_lost_is_found_and_named(reviews):
    for review, gone in some(reviews, lambda r: r.entries):
        left = [row for row in review.entries if row is not gone]
        problems = review.check(entries=left)
        assert named(problems, gone["entry_id"])
        ends = terminal_states(left, review.first, review.second)
        assert named(review.check(entries=left, ends=ends), gone["entry_id"])
        assert review.check(ends=ends), "an entry without an end"
        found = boxes(left, review.records, review.first, review.second)
        assert review.check(found=found), "an entry that is in no box"


def test_a_lost_entry_of_a_record_is_found_also_where_both_paths_lost_it(reviews):
    for review, gone in some(reviews, lambda r: [row for row in r.entries if row["role"] != "rejected"]):
        assert named(review.check_both([row for row in review.entries if row is not gone]), gone["entry_id"])


def test_without_the_look_at_the_records_a_lost_duplicate_would_pass(reviews, monkeypatch):
    """Control of the above: the diagram would simply be one entry smaller."""
    monkeypatch.setattr(prisma, "_check_records", lambda *_: [])
    for review, gone in some(reviews, lambda r: [row for row in r.entries if row["role"] == "duplicate"]):
        assert review.check_both([row for row in review.entries if row is not gone]) == []


def test_an_entry_that_stands_twice_is_found_and_named(reviews):
    for review, twice in some(reviews, lambda r: r.entries):
        assert named(review.check_both([*review.entries, twice]), twice["entry_id"])


def test_a_record_with_two_entries_that_are_it_is_found_and_named(reviews):
    for review, row in some(reviews, lambda r: [e for e in r.entries if e["role"] == "duplicate"]):
        more = [{**e, "role": "record"} if e is row else e for e in review.entries]
        assert named(review.check_both(more), row["record_id"])


FLIPS = {
    "include": "exclude",
    "exclude": "include",
    "pending": "exclude",
    "conflict": "include",
    "unscreened": "exclude",
    "not_retrieved": "exclude",
}


@pytest.mark.parametrize("stage", ["first", "second"])
@pytest.mark.parametrize("path", ["boxes", "ends"])
def test_a_state_that_differs_between_the_paths_is_found_and_named(reviews, stage, path):
    for review, id_ in some(reviews, lambda r: sorted(getattr(r, stage))):
        states = getattr(review, stage)
        flipped = {**states, id_: {**states[id_], "state": FLIPS[states[id_]["state"]]}}
        both = {"first": review.first, "second": review.second, stage: flipped}
        if path == "boxes":
            problems = review.check(found=boxes(review.entries, review.records, both["first"], both["second"]))
        else:
            problems = review.check(ends=terminal_states(review.entries, both["first"], both["second"]))
        assert named(problems, id_)


def test_an_entry_in_the_wrong_arm_is_found_and_named(reviews):
    for review, row in some(reviews, lambda r: r.entries):
        arm = "other" if row["arm"] == "databases" else "databases"
        moved = [{**e, "arm": arm} if e is row else e for e in review.entries]
        assert named(review.check(entries=moved), row["entry_id"], row["record_id"] or row["entry_id"])
        if row["role"] == "record":
            assert named(review.check_both(moved), row["record_id"])


def without(found: Boxes, box: str, id_: str) -> Boxes:
    return Boxes(
        {b: {line: ids - {id_} if b == box else ids for line, ids in lines.items()} for b, lines in found.ids.items()}
    )


def test_any_id_that_drops_out_of_any_box_is_found(reviews):
    """Not one box of the diagram can lose an id unseen."""
    seen = set()
    for review in reviews:
        found = review.boxes()
        for box in UNITS:
            for id_ in sorted(found.of(box))[:1]:
                fewer = without(found, box, id_)
                assert named(review.check(found=fewer), id_) or box.endswith(
                    ("identified", "screened", "sought", "assessed")
                )
                assert review.check(found=fewer), box
                seen.add(box)
    assert seen == set(UNITS) - {"automation"}


def test_an_id_in_two_lines_of_a_box_is_counted_twice_and_so_found(reviews):
    """One report with two primary reasons."""
    for review, id_ in some(reviews, lambda r: sorted(r.boxes().of("reports_excluded"))):
        found = review.boxes()
        lines = found.ids["reports_excluded"]
        double = Boxes({**found.ids, "reports_excluded": {**lines, "another": frozenset({id_})}})
        assert any("reports assessed = excluded + included" in problem for problem in review.check(found=double))


STUDIES = [(2, 1, True), (0, 1, True), (1, 0, True), (1, 1, False), (0, 0, False), (1, 3, False)]


@pytest.mark.parametrize(("studies", "reports", "wrong"), STUDIES)
def test_studies_and_their_reports(studies, reports, wrong):
    found = Boxes(
        {
            "included_studies": {"": frozenset(map(str, range(studies)))},
            "included_reports": {"": frozenset(map(str, range(reports)))},
        }
    )
    assert any("studies cannot have" in problem for problem in check(found, [], [], {})) == wrong


def test_without_the_second_path_a_swap_would_pass(reviews, monkeypatch):
    """Control: numbers alone do not see two records that changed places."""
    for review in reviews:
        found = review.boxes()
        out, sought = sorted(found.of("excluded")), sorted(found.of("not_retrieved"))
        if not (out and sought):
            continue
        excluded = {"": (found.of("excluded") - {out[0]}) | {sought[0]}}
        gone = {"": (found.of("not_retrieved") - {sought[0]}) | {out[0]}}
        swapped = Boxes({**found.ids, "excluded": excluded, "not_retrieved": gone})
        assert named(review.check(found=swapped), out[0])
        with monkeypatch.context() as patch:
            patch.setattr(prisma, "_check_ends", lambda *_: [])
            assert review.check(found=swapped) == []
        return
    pytest.fail("no review has both boxes")


# --- a small review by hand -------------------------------------------------------------------------------------------


@pytest.fixture
def small(make):
    entries = [
        make.entry_record("A-scopus-1", "A"),
        make.entry_record("A-wos-1", "A", "duplicate", source="wos"),
        make.entry_record("A-web-1", "A", "duplicate", source="web", arm="other"),
        make.entry_record("B-scopus-1", "B"),
        make.entry_record("C-wos-1", "C", source="wos"),
        make.entry_record("D-web-1", "D", source="web", arm="other"),
        make.entry_record("E-scopus-1", "", "rejected"),
        make.entry_record("F-web-1", "", "rejected", source="web", arm="other"),
        make.entry_record("G-wos-1", "G", source="wos"),
    ]
    of = {id_: compact([e["entry_id"] for e in entries if e["record_id"] == id_]) for id_ in "ABCDG"}
    records = [make.record(id_, entry_ids=of[id_]) for id_ in "ABCG"]
    records.append(make.record("D", arm="other", study_id="A", entry_ids=of["D"]))
    first = {
        id_: make.state(id_, state)
        for id_, state in zip("ABCDG", ("include", "exclude", "pending", "include", "include"), strict=True)
    }
    second = {
        "A": make.state("A", "include"),
        "D": make.state("D", "include"),
        "G": make.state("G", "exclude", reason="design"),
    }
    return entries, records, first, second


def test_a_review_by_hand(small):
    found = boxes(*small)
    assert check(found, *small[:2], terminal_states(small[0], *small[2:])) == []
    assert found.lines("identified") == {"scopus": 3, "wos": 3}
    assert found.lines("other_identified") == {"web": 3}
    assert found.lines("reports_excluded") == {"design": 1}
    counts = {box: found.count(box) for box in UNITS if found.count(box)}
    assert counts == {
        "identified": 6, "duplicates": 1, "other_reasons": 1, "screened": 3, "excluded": 1, "awaiting_screening": 1,
        "sought": 2, "assessed": 2, "reports_excluded": 1, "included_reports": 1, "other_identified": 3, "other_known": 1,
        "other_unreadable": 1, "other_sought": 1, "other_assessed": 1, "other_included_reports": 1, "included_studies": 1,
    }  # fmt: skip


def test_a_report_without_a_state_yet_awaits_assessment(small, make):
    entries, records, first, _ = small
    found = boxes(entries, records, first, {})
    assert found.of("awaiting_assessment") == {"A", "G"}
    assert found.of("other_awaiting_assessment") == {"D"}
    assert check(found, entries, records, terminal_states(entries, first, {})) == []


def test_ends_in_words(small):
    ends = terminal_states(small[0], *small[2:])
    assert ends == {
        "A-scopus-1": "included", "A-wos-1": "duplicate", "A-web-1": "duplicate", "B-scopus-1": "excluded",
        "C-wos-1": "awaiting screening", "D-web-1": "included", "E-scopus-1": "rejected", "F-web-1": "rejected",
        "G-wos-1": "report excluded",
    }  # fmt: skip


def test_an_empty_review():
    found = boxes([], [], {}, {})
    assert check(found, [], [], {}) == []
    assert rows(found) == []
    assert pending(found) == ""
    assert found.of("no such box") == frozenset()


def awaiting(records: int, reports: int, others: int = 0) -> Boxes:
    def ids(prefix, number):
        return {"": frozenset(f"{prefix}{n}" for n in range(number))}

    return Boxes(
        {
            "awaiting_screening": ids("r", records),
            "awaiting_assessment": ids("s", reports),
            "other_awaiting_screening": ids("o", others),
            "other_awaiting_assessment": ids("p", others),
        }
    )


PENDING = [
    ((0, 0), ""),
    ((1, 0), "1 record to be screened"),
    ((1204, 0), "1,204 records to be screened"),
    ((0, 1), "1 report to be assessed"),
    ((2, 3), "2 records to be screened and 3 reports to be assessed"),
    ((1, 1, 1), "2 records to be screened and 2 reports to be assessed"),
]


@pytest.mark.parametrize(("numbers", "words"), PENDING)
def test_pending(numbers, words):
    assert pending(awaiting(*numbers)) == words
