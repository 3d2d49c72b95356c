"""Reasons as the diagram lists them: the smallest stand together, and none is lost."""

import random

import pytest

from scoping import diagram, exclusion_reasons, flow_words, prisma_csv
from scoping.exclusion_reasons import NONE, OTHERS, folded, listed
from scoping.prisma import Boxes

LABELS = {f"r{at}": f"Reason {at}" for at in range(12)}
COUNTS = {f"r{at}": number for at, number in enumerate((5, 1, 9, 2, 2, 7, 1, 4, 8, 3, 6, 2))}


def test_up_to_the_most_each_has_its_line_in_the_order_of_the_protocol():
    some = {id_: COUNTS[id_] for id_ in list(COUNTS)[:8]}
    assert folded(some, LABELS, 8) == listed(some, LABELS)
    assert [reason.label for reason in folded(some, LABELS, 8)] == [f"Reason {at}" for at in range(8)]


def test_more_are_folded_the_smallest_first_and_the_later_of_equal_ones():
    found = folded(COUNTS, LABELS, 8)
    assert [reason.ids for reason in found[:-1]] == [("r0",), ("r2",), ("r5",), ("r7",), ("r8",), ("r9",), ("r10",)]
    assert found[-1].label == OTHERS
    assert found[-1].ids == ("r1", "r3", "r4", "r6", "r11")
    assert len(folded(COUNTS, LABELS, 9)) == 9
    assert ("r3",) in [reason.ids for reason in folded(COUNTS, LABELS, 9)], "of three with 2 the first is kept"


@pytest.mark.parametrize("seed", range(50))
def test_nothing_is_lost_or_counted_twice(seed):
    rng = random.Random(seed)
    counts = {f"r{at}": rng.randint(0, 5) for at in rng.sample(range(14), rng.randint(0, 14))} | {"": 1}
    most = rng.randint(2, 12)
    found = folded(counts, LABELS, most)
    assert len(found) <= max(most, 1)
    ids = [id_ for reason in found for id_ in reason.ids]
    assert sorted(ids) == sorted(counts)
    named = [reason for reason in found if reason.label != OTHERS]
    rest = [counts[id_] for reason in found if reason.label == OTHERS for id_ in reason.ids]
    assert len(rest) != 1, "a line for one reason names it"
    assert all(counts[reason.ids[0]] >= max(rest, default=0) for reason in named)


def test_a_report_without_a_reason_says_so():
    assert [reason.label for reason in listed({"": 1}, LABELS)] == [NONE]


def test_diagram_and_sentence_fold_and_the_tables_keep_all(make):
    criteria = {
        "include": [{"id": "I1", "text": "x"}],
        "exclude": [{"id": id_, "label": label, "text": "x"} for id_, label in LABELS.items()],
    }
    ids = {id_: frozenset(f"{id_}-{at}" for at in range(number)) for id_, number in COUNTS.items()}
    found = Boxes({"reports_excluded": ids})
    review = make.review(criteria=criteria)
    flow = diagram.flow(found, review)
    lines = flow.boxes["reports_excluded"].lines
    assert len(lines) == 2 + 8
    other = lines[-1]
    assert (other.text, other.number) == (OTHERS, 8)
    assert {line for _, line in other.behind} == {"r1", "r3", "r4", "r6", "r11"}, "its ids stay open"
    assert f"{OTHERS}: 8" in flow.alt
    assert "Reason 11:" not in flow.alt
    whole = diagram.flow(found, make.review(criteria=criteria, report={"reasons": 12}))
    assert len(whole.boxes["reports_excluded"].lines) == 2 + 12
    table = {row["data"]: row["n"] for row in prisma_csv.rows(found, review)}
    assert table["dbr_excluded"].count(";") == 11
    assert "other reasons" not in flow_words.alt_text(found, LABELS, "studies", most=12).casefold()
    assert exclusion_reasons.OTHERS not in table["dbr_excluded"]
