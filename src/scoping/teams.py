"""Who labels with whom: a seeded rotation in which people take their shares and all pairs meet about equally often."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import inf

from scoping.folder import SheetInfo

_SLACK = 1.0  # batches that somebody may be ahead of the others, so that pairs can change


def loads(batches: Sequence[Sequence[SheetInfo]], people: Sequence[str]) -> dict[str, float]:
    """Person -> batches taken so far, divided by their share.

    Each batch tells who was in the team when it was issued, and their shares then: whoever joins starts where the least
    loaded stands, and a share changes what comes, not what was.
    """
    taken: dict[str, float] = {}
    for sheets in batches:
        shares = sheets[0].shares or {info.person: 1.0 for info in sheets}
        least = min(taken.values(), default=0.0)
        for person in shares:
            taken.setdefault(person, least)
        longest = max(1, *(len(info.items) for info in sheets))  # rows of codes that changed since do not stand here
        for info in sheets:
            weight = len(info.items) / longest / shares.get(info.person, 1.0)
            taken[info.person] = taken.get(info.person, least) + weight
    least = min((taken[person] for person in people if person in taken), default=0.0)
    return {person: round(taken.get(person, least), 9) for person in people}


def meetings(batches: Iterable[Sequence[str]]) -> Counter[frozenset[str]]:
    """How many batches each two people have shared, from the people of each batch."""
    return Counter(frozenset(pair) for people in batches for pair in combinations(people, 2))


def behind(load: Mapping[str, float]) -> list[str]:
    """Those who are not ahead of their share of the work."""
    least = min(load.values(), default=0.0)
    return [person for person in load if load[person] <= least + _SLACK]


def choose(
    size: int,
    free: Sequence[str],
    load: Mapping[str, float],
    met: Mapping[frozenset[str], int],
    salt: str,
    needed: Sequence[str] = (),
) -> tuple[str, ...]:
    """So many of the free people for the next batch, all `needed` among them; nobody where that cannot be.

    Of the teams in which nobody would be far ahead, the one that met least, then the one with least work, then by lot.
    The least loaded stands first.
    """
    if size < 1 or len(free) < size or not set(needed) <= set(free):
        return ()
    ranked = sorted(load[person] for person in free)
    limit = inf if needed else max(ranked[size - 1], ranked[0] + _SLACK)
    able = sorted(person for person in free if load[person] <= limit)

    def merit(team: tuple[str, ...]) -> tuple[int, float, str]:
        times = sum(met.get(frozenset(pair), 0) for pair in combinations(team, 2))
        lot = hashlib.sha256(f"{salt}:{','.join(team)}".encode()).hexdigest()
        return times, round(sum(load[person] for person in team), 6), lot

    team = min((team for team in combinations(able, size) if set(needed) <= set(team)), key=merit)
    return tuple(sorted(team, key=lambda person: (load[person], person)))
