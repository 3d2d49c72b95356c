"""How exact de-duplication was, from pairs drawn by lot of what was decided without asking, and checked by people.

Of a record of several items, each pair by which two of its groups were joined is one merge, so that a wrong one is one record
lost. Of two records that are kept apart, the pair that is nearest stands for both; pairs that the model gives no chance, or
that no key brought together, are not among them. Both kinds have two strata, from which are drawn as many as can be, half of
the sample each; the order of the lots follows from the seed and the pair alone, so that a larger sample contains the smaller,
and answers go on counting when searches are added. What was answered on a check changes nothing of what is drawn from.

The share of a kind is that of its strata, each weighted by its pairs. Intervals are exact (Clopper and Pearson 1934); that of
several strata is the sum of their limits at a level so much higher that all hold together, which makes it a little too wide.
A stratum that was checked as a whole has no error.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from scoping import batches, duplicate_answers, intervals
from scoping.columns import BIBLIOGRAPHY
from scoping.duplicate_answers import SAME
from scoping.duplicate_settings import DuplicateCheck
from scoping.groups import Pair
from scoping.items import split
from scoping.schemas import RECORDS
from scoping.tables import Row, compact

CHECK = "check"
SHOWN = tuple(column.name for column in BIBLIOGRAPHY)
STRATA = {"merged": ("rule", "model"), "apart": ("likely", "near")}
LIKELY = 0.5  # chance from which the model holds a pair for one report
LEVEL = 0.95


def is_check(sheet: str) -> bool:
    """Whether a sheet checks what was decided without asking."""
    return sheet.partition(".")[0].endswith(f"-{CHECK}")


def checked(decisions: Iterable[Row]) -> set[Pair]:
    """The pairs that were answered on such sheets, and on no other."""
    sheets: dict[Pair, set[bool]] = defaultdict(set)
    for row in decisions:
        if row["decision"] in (SAME, *duplicate_answers.APART):
            a, b = sorted(split(row["item"]).ids)
            sheets[a, b].add(is_check(row["sheet"]))
    return {pair for pair, kinds in sheets.items() if kinds == {True}}


def frame(
    pairs: Sequence[Row], record_of: Mapping[str, str], near: Mapping[Pair, float], decisions: Sequence[Row]
) -> list[Row]:
    """Everything that was decided without asking: merges, and near pairs of two records."""
    of_checks = checked(decisions)
    merged = [
        _row(_pair(row), "merged", row["by"], row["chance"])
        for row in pairs
        if row["joins"] == "yes" or (row["band"] == SAME and _pair(row) in of_checks)
    ]

    def records(pair: Pair) -> Pair:
        a, b = sorted(record_of[id_] for id_ in pair)
        return a, b

    there = [row for row in pairs if record_of.keys() >= set(_pair(row))]
    asked = {records(_pair(row)) for row in there if row["open"] == "yes" or row["answer"]}
    asked -= {records(pair) for pair in of_checks if set(pair) <= record_of.keys()}
    nearest: dict[Pair, Pair] = {}
    for pair in sorted(near, key=lambda pair: (pair not in of_checks, -near[pair], pair)):
        ends = records(pair)
        if pair in of_checks or (ends[0] != ends[1] and ends not in asked):
            nearest.setdefault(pair if ends[0] == ends[1] else ends, pair)
    apart = [
        _row(pair, "apart", "likely" if near[pair] >= LIKELY else "near", f"{near[pair]:.3f}")
        for pair in nearest.values()
    ]
    return sorted([*merged, *apart], key=_pair)


def _pair(row: Row) -> Pair:
    return row["a"], row["b"]


def _row(pair: Pair, kind: str, stratum: str, chance: str) -> Row:
    a, b = pair
    return {"a": a, "b": b, "kind": kind, "stratum": stratum, "chance": chance, "answer": "", "person": ""}


def draw(rows: Sequence[Row], sizes: DuplicateCheck, seed: int, decisions: Sequence[Row]) -> list[Row]:
    """The same with their place by lot, whether they are drawn, and what people said of them on checks."""
    said, of_checks = duplicate_answers.standing(decisions).of, checked(decisions)
    out = []
    for kind, strata in STRATA.items():
        parts = [_lots([row for row in rows if (row["kind"], row["stratum"]) == (kind, name)], seed) for name in strata]
        wanted = _halves(getattr(sizes, kind), *map(len, parts))
        for part, number in zip(parts, wanted, strict=True):
            for place, row in enumerate(part, 1):
                told = said.get(_pair(row)) if _pair(row) in of_checks else None
                answer = {"answer": told.answer, "person": told.person} if told else {}
                out.append({**row, "place": str(place), "drawn": "yes" if place <= number else "", **answer})
    return sorted(out, key=_pair)


def _lots(rows: Sequence[Row], seed: int) -> list[Row]:
    by_item = {"~".join(_pair(row)): row for row in rows}
    return [by_item[item] for item in batches.seeded(seed, "duplicates:check", by_item)]


def _halves(number: int, first: int, second: int) -> tuple[int, int]:
    """How many of each stratum: half of the sample each, or more where the other has not so many."""
    one = min(first, max(number // 2, number - second))
    return one, min(second, number - one)


def alone(entries: Iterable[Row], ids: Iterable[str]) -> list[Row]:
    """Each of some content ids as a record of its own, from its entry that says most: what a check shows."""
    wanted = set(ids)
    of: dict[str, list[Row]] = defaultdict(list)
    for row in entries:
        if row["content_id"] in wanted:
            of[row["content_id"]].append(row)
    out = []
    for id_, rows in sorted(of.items()):
        fullest = max(rows, key=lambda row: (sum(bool(row[name]) for name in SHOWN), len(row["abstract"]), row["raw"]))
        empty = {column.name: "[]" if column.kind == "json" else "" for column in RECORDS.columns}
        named = {name: fullest[name] for name in SHOWN if fullest[name]}
        ids_ = {"record_id": id_, "study_id": id_, "content_ids": compact([id_]), "arm": "databases"}
        out.append({**empty, **named, **ids_})
    return out


# --- what it says ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stratum:
    """The pairs of a stratum as items: all, those drawn, those of them answered, those answered otherwise than decided."""

    all: tuple[str, ...]
    drawn: tuple[str, ...]
    answered: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    """A share of wrong decisions (0 to 1) with its interval."""

    share: float
    low: float
    high: float


def strata(rows: Iterable[Row], kind: str) -> dict[str, Stratum]:
    """The strata of a kind."""
    found = {}
    mine = [row for row in rows if row["kind"] == kind]
    for name in STRATA[kind]:
        part = [row for row in mine if row["stratum"] == name]
        drawn = [row for row in part if row["drawn"]]
        answered = [row for row in drawn if row["answer"] in (SAME, *duplicate_answers.APART)]
        wrong = [row for row in answered if (row["answer"] == SAME) != (kind == "merged")]
        found[name] = Stratum(*(tuple("~".join(_pair(row)) for row in each) for each in (part, drawn, answered, wrong)))
    return found


def estimate(parts: Iterable[Stratum]) -> Estimate | None:
    """The share of wrong decisions in some strata together; None where there are none, or one has no answer yet."""
    filled = [part for part in parts if part.all]
    if not filled or not all(part.answered for part in filled):
        return None
    total = sum(len(part.all) for part in filled)
    uncertain = sum(len(part.answered) < len(part.all) for part in filled)
    level = 1 - (1 - LEVEL) / max(1, uncertain)
    limits = [_limits(part, level) for part in filled]
    weighted = partial(_weighted, [len(part.all) / total for part in filled])
    return Estimate(
        weighted([len(part.wrong) / len(part.answered) for part in filled]),
        weighted([low for low, _ in limits]),
        weighted([high for _, high in limits]),
    )


def _weighted(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def _limits(part: Stratum, level: float) -> intervals.Interval:
    wrong, answered = len(part.wrong), len(part.answered)
    if answered == len(part.all):
        return wrong / answered, wrong / answered
    return intervals.clopper_pearson(wrong, answered, level) or (0.0, 1.0)
