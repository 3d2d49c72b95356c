"""Why two entries or records are one, or are not: rules, model, vetoes and answers, or that they were never compared."""

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import numpy as np

from scoping import blocking, citation, matching, pair_features, pair_model, vetoes
from scoping.comparable import Item
from scoping.matching import Compared
from scoping.tables import Row

MOST = 6  # pairs of entries that are told one by one


def joined(pairs: Iterable[Row], a: Sequence[str], b: Sequence[str]) -> list[Row]:
    """The shortest way from the content ids `a` to `b` by pairs that join; empty where there is none."""
    steps: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for row in pairs:
        if row["answer"] == "same" or (row["band"] == "same" and not row["answer"]):
            steps[row["a"]].append((row["b"], row))
            steps[row["b"]].append((row["a"], row))
    ways: dict[str, list[Row]] = {id_: [] for id_ in a}
    waiting = deque(a)
    while waiting:
        at = waiting.popleft()
        if at in b:
            return ways[at]
        for other, row in steps[at]:
            if other not in ways:
                ways[other] = [*ways[at], row]
                waiting.append(other)
    return []


def between(pairs: Iterable[Row], a: Sequence[str], b: Sequence[str]) -> list[Row]:
    """The rows of the table of pairs between two groups of content ids."""
    return [row for row in pairs if (row["a"] in a and row["b"] in b) or (row["b"] in a and row["a"] in b)]


def weighed(compared: Compared, a: Sequence[str], b: Sequence[str]) -> Iterator[str]:
    """What the matcher says of the entries of two groups of content ids, the likeliest first."""
    left = [at for at, item in enumerate(compared.items) if item.content_id in a]
    right = [at for at, item in enumerate(compared.items) if item.content_id in b]
    every = {tuple(sorted(pair)) for pair in product(left, right)}
    places = set(zip(compared.left.tolist(), compared.right.tolist(), strict=True)) & every
    if not places:
        yield _never(compared.items, left, right)
    lines = [_line(compared, pair, looked=pair in places) for pair in sorted(places or every)]
    lines.sort(key=lambda line: -line[0])
    most = MOST if places else 1
    yield from (said for _, said in lines[:most])
    if len(lines) > most:
        yield f"… and {len(lines) - most:,} more pairs of their entries"


def _never(items: Sequence[Item], left: Sequence[int], right: Sequence[int]) -> str:
    keys = [
        name
        for name, key in blocking.KEYS.items()
        if {str(k) for at in left for k in key(items[at])} & {str(k) for at in right for k in key(items[at])}
    ]
    if keys:
        return (
            f"never compared: they share {' and '.join(keys)}, but so many entries do that only neighbours are compared"
        )
    return "never compared: they share none of the keys by which pairs are looked up (DOI, title, place, words …)"


def _line(compared: Compared, pair: tuple[int, ...], *, looked: bool) -> tuple[float, str]:
    """(chance, what the model, the rules and the vetoes say of two entries)."""
    x, y = (compared.items[at] for at in pair)
    names = f"{x.content_id} and {y.content_id}"
    left, right, rows = pair_features.table(compared.items, np.array([pair[0]]), np.array([pair[1]]))
    would = "" if looked else "would be "
    if not len(left):
        return 0.0, f"{names}: {would}set aside at once, as their titles and places are unlike"
    chance = float(pair_model.probability(pair_model.load(), rows)[0])
    told = vetoes.Pair(
        compared.items[int(left[0])],
        compared.items[int(right[0])],
        dict(zip(pair_features.FEATURES, rows[0].tolist(), strict=True)),
    )
    found = matching.decide(told, chance)
    band = {"same": "the same", "ask": "to be asked about"}[found.band] if found else "different"
    rule, doubts = matching.accepted(told), vetoes.against(told)
    parts = [
        f"chance of being one report by the model {chance:.3f}",
        f"rule: {rule}" if rule else "no rule joins them",
        f"against it: {'; '.join(doubts)}" if doubts else "nothing speaks against it",
    ]
    return chance, f"{names}: {would}{band}; {'; '.join(parts)}"


def heading(a: Row, b: Row) -> str:
    """Both records in a line each, or the one that they are."""
    lines = [f"{row['record_id']}  {citation.short(row)}. {row['title'] or '[no title]'}" for row in (a, b)]
    return "\n".join(dict.fromkeys(lines))


def apart(pairs: Sequence[Row], a: Row, b: Row) -> str:
    """What keeps two records apart, in a sentence."""
    ids = json.loads(a["content_ids"]), json.loads(b["content_ids"])
    rows = between(pairs, *ids)
    answers = [row for row in rows if row["answer"] in ("different", "related")]
    if answers:
        row = answers[0]
        return f"They are two records, because {row['person']} answered `{row['answer']}`; that binds."
    if any(row["open"] for row in rows):
        return "They are two records as long as nobody has answered: a person is asked."
    if any(row["band"] == "same" for row in rows):
        return (
            "They are two records although a rule would join some of their entries: other entries of the two contradict, "
            "and a chain of likeness joins nothing that speaks against itself."
        )
    if rows:
        return (
            "They are two records: something speaks against joining them, and the question is settled by other pairs."
        )
    return "They are two records: nothing says that they are the same report."
