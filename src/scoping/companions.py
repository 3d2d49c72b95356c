"""Reports that may be of one study, with what speaks for it in words. A person decides; nothing is linked by a score.

Signs, each with its weight: that one is a preprint, protocol, correction … of the other, a registration number, a grant number, a named project, the sample, the authors, the title,
protocol and results, one citing the other as of the same work. Against: other numbers for the same kind of sample, other
places in like titles, years far apart. Only reports that share an author, a number, a name or rare words of their titles
are compared at all.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from scoping.companion_signs import Name, Report
from scoping.identity import folded
from scoping.schemas_records import COMMENT, KINDS, PART, REPLY
from scoping.tables import Row

ASK = 3.0
"""The least score at which a person is asked; see docs/decisions.md for what it finds and misses."""
LIKELY = 5.0
"""The least score at which the sheet says that it looks like one study."""
CROWDED = 60
"""Reports that share something which so many have are not compared because of it."""
_LONG = 25
"""Letters that a folded title must have to be found in another text."""
_APART = 6
"""Years between two reports from which that speaks against one study."""
_LINKED = 5.0
"""What a link between two records counts, such as a preprint or a correction; what may well be of another study, less."""
_LOOSE = {PART: 3.0, REPLY: 1.5, COMMENT: 1.5}


@dataclass(frozen=True)
class Pair:
    """Two reports (a < b), how much speaks for one study, and why in words."""

    a: str
    b: str
    score: float
    why: str


def find(reports: Sequence[Report], links: Iterable[Row] = ()) -> list[Pair]:
    """The pairs that a person should look at, sorted by id; the order of the reports makes no difference.

    `links`: rows of the table of links between records; those that a person called different say nothing.
    """
    weight = _rarity(reports)
    by_id = {report.id: report for report in reports}
    linked = _linked(links, by_id)
    found = []
    for a, b in sorted(_candidates(reports) | linked.keys()):
        signs = [*linked.get((a, b), ()), *_signs(by_id[a], by_id[b], weight)]
        score = sum(points for points, _ in signs)
        if score >= ASK:
            said = [what for points, what in sorted(signs, key=lambda sign: -sign[0]) if points > 0]
            against = [what for points, what in signs if points < 0]
            why = "; ".join(said) + (f". Against it: {'; '.join(against)}" if against else "")
            found.append(Pair(a, b, round(score, 1), why))
    return found


def _linked(links: Iterable[Row], known: Mapping[str, Report]) -> dict[tuple[str, str], list[tuple[float, str]]]:
    """Pair of reports -> what each link between them counts, and what it says."""
    found: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for link in links:
        a, b = sorted((link["a"], link["b"]))
        if a in known and b in known and link["answer"] != "different":
            what = f"one is {KINDS[link['kind']]} the other ({link['why']})"
            found[a, b].append((_LOOSE.get(link["kind"], _LINKED), what))
    return found


def _rarity(reports: Sequence[Report]) -> dict[str, float]:
    """Word of a title -> how much it says: the rarer, the more."""
    count = Counter(word for report in reports for word in report.words)
    return {word: math.log(1 + len(reports) / number) for word, number in count.items()}


def _candidates(reports: Iterable[Report]) -> set[tuple[str, str]]:
    """Pairs that share something that few have."""
    shared: dict[tuple[str, str], set[str]] = defaultdict(set)
    for report in reports:
        keys = [("author", author.family) for author in report.authors]
        keys += [("registration", number) for number in report.registrations]
        keys += [("grant", number) for number in report.grants]
        keys += [("project", name) for name in report.projects]
        keys += [("word", word) for word in report.words]
        for key in keys:
            shared[key].add(report.id)
    pairs: Counter[tuple[str, str]] = Counter()
    for (kind, _), ids in sorted(shared.items()):
        if len(ids) <= CROWDED:
            # one word of a title says little by itself
            pairs.update(dict.fromkeys(combinations(sorted(ids), 2), 1 if kind == "word" else 3))
    return {pair for pair, number in pairs.items() if number >= 3}


def _signs(a: Report, b: Report, weight: dict[str, float]) -> Iterator[tuple[float, str]]:
    """What speaks for one study (points above 0) and against it, in words."""
    if numbers := a.registrations & b.registrations:
        yield 5.0, f"the same registration ({_list(numbers)})"
    elif a.registrations and b.registrations:
        yield -3.0, f"registered as {_list(a.registrations)} and {_list(b.registrations)}"
    if grants := a.grants & b.grants:
        yield 1.5, f"the same grant ({_list(grants)})"
    elif funders := a.funders & b.funders:
        yield 0.5, f"the same funder ({_list(funders)})"
    if projects := {a.projects[name] for name in a.projects.keys() & b.projects.keys()}:
        yield 2.5, f"the same project ({_list(projects)})"
    yield from _people(a, b)
    alike = _alike(a, b, weight)
    if alike > 0.3:
        yield round(2.5 * (alike - 0.3) / 0.7, 2), "like titles"
    if a.protocol != b.protocol and alike > 0.3:
        yield 1.5, "one is a protocol"
    yield from _sample(a, b)
    yield from _citing(a, b)
    if alike > 0.5 and (places := a.places - b.places) and (others := b.places - a.places):
        yield -2.0, f"the titles name {_list(places)} and {_list(others)}"
    if a.year and b.year and abs(a.year - b.year) > _APART:
        yield -1.5, f"{abs(a.year - b.year)} years lie between them"


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)[:3])


def _people(a: Report, b: Report) -> Iterator[tuple[float, str]]:
    if both := _shared(a, b):
        part = len(both) / min(len(a.authors), len(b.authors))
        first = a.authors[0].may_be(b.authors[0])
        number = f"{len(both)} authors" if len(both) > 1 else "an author"
        yield min(1.0, part) + (0.5 if first else 0) + (0.25 if len(both) > 2 else 0), f"{number} in common"


def _shared(a: Report, b: Report) -> list[Name]:
    return [x for x in a.authors if any(x.may_be(y) for y in b.authors)]


def _alike(a: Report, b: Report, weight: dict[str, float]) -> float:
    """How much of what the titles say they have in common, 0 to 1: words by their rarity."""
    both = sum(weight[word] for word in a.words & b.words)
    least = min(sum(weight[word] for word in report.words) for report in (a, b))
    most = max(sum(weight[word] for word in report.words) for report in (a, b))
    return (both / least + both / most) / 2 if least else 0.0


def _sample(a: Report, b: Report) -> Iterator[tuple[float, str]]:
    """Numbers of participants, interviews, sites: those of one abstract that stand in the other report."""
    same = (a.samples & b.all_samples) | (b.samples & a.all_samples)
    if same:
        told = {f"{number} {kind}" if kind != "n" else f"n = {number}" for kind, number in same}
        rare = sum(1.0 if number >= 10 else 0.5 for _, number in same)
        yield min(2.5, 0.5 + rare), f"the same sample ({_list(told)})"
    kinds = {kind for kind, _ in a.samples} & {kind for kind, _ in b.samples}
    for kind in sorted(kinds - {kind for kind, _ in same}):
        one, other = (sorted(number for k, number in report.samples if k == kind) for report in (a, b))
        yield -1.5, f"{one[0]} and {other[0]} {kind if kind != 'n' else 'as n'}"


def _citing(a: Report, b: Report) -> Iterator[tuple[float, str]]:
    for one, other in ((a, b), (b, a)):
        title = folded(other.title)
        named = (other.doi and other.doi in one.text) or (len(title) >= _LONG and title in one.letters)
        if named:
            more = " and says that more is reported elsewhere" if one.elsewhere else ""
            yield 2.0 if more else 0.5, f"one cites the other{more}"
            return
    if (a.elsewhere or b.elsewhere) and _shared(a, b):
        yield 0.5, "one says that more is reported elsewhere"
