"""Duplicates that were found after both had been screened: which entries they are, and what is said of them."""

import pytest

from scoping import flow_words, late_duplicates, prisma, resolve
from scoping.dedupe import dedupe


def entries(make):
    return [
        make.entry_record("A-1", "A"),
        make.entry_record("B-1", "A", "duplicate", content_id="B"),
        make.entry_record("B-2", "A", "duplicate", content_id="B"),
        make.entry_record("C-1", "A", "duplicate", content_id="C"),
        make.entry_record("D-1", "D"),
    ]


def test_only_ids_that_were_decided_side_by_side_count_and_each_once(make):
    """B was in two sources, and one duplicate before anybody screened; C was never screened by itself."""
    states = [make.state("A", "include", decided_ids='["A","B"]'), make.state("D", "exclude", decided_ids='["D"]')]
    assert late_duplicates.found(entries(make), [states]) == {"A": ["B-1"]}
    assert late_duplicates.found(entries(make), [states, states]) == {"A": ["B-1"]}, "at two stages, once"


def test_an_id_that_changed_is_no_late_duplicate(make):
    """The record was screened under an id, and a fuller entry speaks for it now."""
    first, second = [make.state("A", "include", decided_ids='["B"]')], [make.state("A", "include", decided_ids='["A"]')]
    assert late_duplicates.found(entries(make), [first, second]) == {}


def test_where_the_record_has_a_third_id_by_now_one_of_the_old_ones_stands_for_it(make):
    states = [make.state("A", "include", decided_ids='["B","C"]')]
    assert late_duplicates.found(entries(make), [states]) == {"A": ["C-1"]}


def test_the_footnote_and_its_ids(make):
    late = {"A": ["B-1"]}
    found = prisma.Boxes({"duplicates": {"": frozenset({"B-1", "B-2"})}}).and_(late_duplicates.box(late))
    assert late_duplicates.check(found) == []
    notes = " ".join(flow_words.footnotes(found, "studies"))
    assert "Of the duplicates removed, 1 was found only after it had been screened as a record of its own." in notes
    assert {"box": "duplicates_late", "detail": "", "unit": "entry", "id": "B-1"} in prisma.rows(found)
    stray = found.and_(late_duplicates.box({"A": ["X-1"]}))
    assert late_duplicates.check(stray) == ["duplicates_late: X-1 are no duplicates"]
    assert late_duplicates.box({}) == {}
    assert "found only after" not in " ".join(flow_words.footnotes(prisma.Boxes({}), "studies"))


ARM = {"scopus": "databases"}
SCREENED = [
    ("contradicting answers are asked about", ("include", "exclude"), "conflict", "awaiting_screening"),
    ("equal answers hold", ("exclude", "exclude"), "exclude", "excluded"),
    ("what only one of them has, counts", ("include", "withdraw"), "include", "sought"),
]


@pytest.mark.parametrize(("what", "said", "state", "box"), SCREENED, ids=[case[0] for case in SCREENED])
@pytest.mark.parametrize("turned", [False, True])
def test_a_late_duplicate_leaves_the_diagram_whole(make, what, said, state, box, turned):
    """One screened less, one duplicate more, whichever of the two was decided how; undone, all is as it was."""
    a, b, c = make.entry(doi="10.1/a"), make.entry(doi="10.1/b"), make.entry("Another thing altogether")
    ids = sorted((a["content_id"], b["content_id"]), reverse=turned)
    answers = [make.decision(id_, word) for id_, word in (*zip(ids, said, strict=True), (c["content_id"], "exclude"))]

    def counted(answer):
        about = [make.decision("~".join(ids), answer, stage="duplicates")]
        records, entries, _ = dedupe([a, b, c], about, ARM)
        known = [row["record_id"] for row in records]
        rules = resolve.Rules(dict.fromkeys(known, 1), unsure_includes=False, reasons=())
        states, orphans = resolve.screening(records, answers, known, rules)
        assert orphans == []
        by_id = {row["record_id"]: row for row in states}
        found = prisma.boxes(entries, records, by_id, {})
        found = found.and_(late_duplicates.box(late_duplicates.found(entries, [states])))
        assert prisma.check(found, entries, records, prisma.terminal_states(entries, by_id, {})) == []
        assert late_duplicates.check(found) == []
        return found, by_id

    before, _ = counted("different")
    after, states = counted("same")
    (left,) = {*ids} & set(states)
    assert states[left]["state"] == state
    assert left in after.of(box)
    assert after.count("identified") == before.count("identified") == 3
    assert (before.count("duplicates"), after.count("duplicates")) == (0, 1)
    assert after.count("duplicates_late") == (0 if "withdraw" in said else 1)
    assert counted("different")[0] == before
