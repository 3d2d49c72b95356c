"""Stopping rules on a finished review: where each would have stopped, given the labels in the order of reading.

A rule gets the labels, the places at which batches end and a seed; it gives the place at which it stops, or None where it
never does. What it cannot know, the labels after that place, it does not look at.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from scoping import stopping
from scoping.screening_evidence import Evidence, Sample
from scoping.stop_words import claim

TARGET, P = 0.95, 0.05
SAMPLE, LEAST_SAMPLE = 0.1, 50  # the share of the unread that a control sample takes, and the least
Rule = Callable[[Sequence[int], Sequence[int], int], int | None]


def buscar(labels: Sequence[int], ends: Sequence[int], _seed: int = 0) -> int | None:
    """The rule called 95/95, looked at when a batch ends; at the very end there is nothing left to stop."""
    for end in ends:
        if (
            end < len(labels)
            and any(labels[:end])
            and stopping.probability_of_missing(labels[:end], len(labels), TARGET) < P
        ):
            return end
    return None


def in_a_row(number: int) -> Rule:
    """So many irrelevant records in a row, looked at after each record."""

    def rule(labels: Sequence[int], _ends: Sequence[int], _seed: int = 0) -> int | None:
        run = 0
        for at, label in enumerate(labels[:-1], 1):
            run = 0 if label else run + 1
            if run == number:
                return at
        return None

    return rule


def knee(labels: Sequence[int], ends: Sequence[int], _seed: int = 0) -> int | None:
    """The knee method of Cormack and Grossman (2016, doi:10.1145/2911451.2911510), looked at when a batch ends.

    The knee is the place of the curve of finds farthest above the straight line from its start to where reading is; the
    ratio of the slopes before and after it has to be at least 156 less the finds (at most 150 of them).
    """
    finds = [0, *accumulate(labels)]
    for end in ends:
        found = finds[end]
        if end == len(labels) or not found:
            continue
        at = max(range(1, end + 1), key=lambda place: finds[place] - found * place / end)
        if at == end:
            continue
        ratio = (finds[at] / at) / ((found - finds[at] + 1) / (end - at))
        if ratio >= 156 - min(found, 150):
            return end
    return None


def reached(labels: Sequence[int]) -> int:
    """How many records had been read when the target recall was reached; no rule, since nobody knows it then."""
    return next(at for at, found in enumerate(accumulate(labels), 1) if found >= TARGET * sum(labels))


@dataclass(frozen=True)
class Said:
    """What can be claimed where a team would ask: `found` relevant records in `read`, `recall` of all that there are."""

    read: int
    found: int
    recall: float
    rule: bool  # whether the rule called 95/95 is met
    sample: bool  # whether the control sample allows the claim
    held: bool  # whether its interval holds the truth


def claimed(labels: Sequence[int], seed: int) -> Said | None:
    """What is claimed when 50 irrelevant records in a row were read: by the rule, and by a control sample drawn then.

    It is looked at once, as a team would; None where that never comes.
    """
    at = in_a_row(50)(labels, ())
    if at is None:
        return None
    left = list(range(at, len(labels)))
    drawn = random.Random(seed).sample(left, min(len(left), max(LEAST_SAMPLE, round(SAMPLE * len(left)))))
    ids = [str(place) for place in range(len(labels))]
    read = [ids[place] for place in [*range(at), *drawn]]
    relevant = frozenset(id_ for id_ in read if labels[int(id_)])
    chosen = set(drawn)
    unread = tuple(ids[place] for place in left if place not in chosen)
    found = Sample(
        "", frozenset(ids[at:]), tuple(ids[place] for place in drawn), (), tuple(ids[place] for place in drawn if labels[place]), (),
        unread, (),
    )  # fmt: skip
    said = claim(Evidence("title_abstract", tuple(read), relevant, unread, found), "random_sample", TARGET, P)
    before = Evidence("title_abstract", tuple(ids[:at]), relevant & set(ids[:at]), tuple(ids[at:]), None)
    low, _, high = found.remaining(1 - P)
    return Said(
        read=len(read),
        found=len(relevant),
        recall=len(relevant) / sum(labels),
        rule=claim(before, "buscar", TARGET, P).met,
        sample=said.met,
        held=low <= sum(labels[int(id_)] for id_ in unread) <= high,
    )


RULES: dict[str, Rule] = {
    "buscar, 95/95": buscar,
    "50 in a row": in_a_row(50),
    "knee": knee,
}
