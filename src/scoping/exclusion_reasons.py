"""Primary reasons of exclusion as the flow diagram lists them: in the order of the protocol, the smallest folded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NONE = "No reason given"
OTHERS = "Other reasons (see the table of excluded reports)"


@dataclass(frozen=True)
class Reason:
    """A line of a list of reasons: what it says, and the ids of the reasons that it counts."""

    label: str
    ids: tuple[str, ...]


def listed(reasons: Iterable[str], labels: Mapping[str, str]) -> list[Reason]:
    """Each reason by itself, in the order of `labels`; those that it does not know stand last."""
    found = set(reasons)
    order = [*(id_ for id_ in labels if id_ in found), *sorted(found - set(labels))]
    return [Reason(labels.get(id_, id_) or NONE, (id_,)) for id_ in order]


def folded(counts: Mapping[str, int], labels: Mapping[str, str], most: int) -> list[Reason]:
    """At most `most` lines: where there are more reasons, the smallest stand together in the last line.

    Of reasons with equal counts the later ones in the order of `labels` are folded first.
    """
    every = listed(counts, labels)
    if len(every) <= most:
        return every
    by_size = sorted(every, key=lambda reason: -counts[reason.ids[0]])
    named = by_size[: most - 1]
    rest = [reason for reason in every if reason not in named]
    return [*(reason for reason in every if reason in named), Reason(OTHERS, tuple(r.ids[0] for r in rest))]
