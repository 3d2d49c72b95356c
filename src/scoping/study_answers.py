"""What people said of studies: which reports are of one, and how many models each describes.

An answer binds for ever, whatever is found later. Where answers contradict each other nothing is linked by them, and a
person is told; nothing is decided by the order of rows or the number of votes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scoping import record_ids
from scoping.folder import WITHDRAW
from scoping.groups import Groups, Pair
from scoping.items import split
from scoping.schemas_studies import DIFFERENT_STUDIES, SAME_STUDY
from scoping.study_form import MODELS, PAIR, SEVERAL, named
from scoping.tables import Row

STAGE = "studies"


@dataclass
class Answers:
    """Pairs of record ids (the smaller first) and records, with what was said and by whom; `problems` for a person."""

    pairs: dict[Pair, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    models: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    problems: list[Row] = field(default_factory=list)

    def of(self, answer: str) -> list[Pair]:
        """The pairs with an answer, in order."""
        return sorted(pair for pair, (said, _) in self.pairs.items() if said == answer)


def read(decisions: Iterable[Row], known: Mapping[str, str]) -> Answers:
    """The answers by record; `known` gives the record of every content id."""
    found = Answers()
    pairs: dict[Pair, list[Row]] = defaultdict(list)
    models: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(decisions, key=lambda row: (row["sheet"], row["item"])):
        if row["decision"] == WITHDRAW:
            continue
        ids = split(row["item"]).ids
        if not set(ids) <= known.keys():
            found.problems.append(record_ids.orphan_problem(STAGE, row))
        elif row["decision"] in PAIR:
            a, b = sorted(known[id_] for id_ in ids)
            pairs[a, b].append(row)
        elif row["decision"] in MODELS:
            models[known[ids[0]]].append(row)
    for pair, rows in sorted(pairs.items()):
        _take_pair(found, pair, rows)
    for record, rows in sorted(models.items()):
        _take_models(found, record, rows)
    return found


def _take_pair(found: Answers, pair: Pair, rows: Sequence[Row]) -> None:
    said = {row["decision"] for row in rows}
    people = tuple(sorted({row["person"] for row in rows}))
    if pair[0] == pair[1]:
        if DIFFERENT_STUDIES in said:
            what = (
                "were said to be of different studies, but are one record now; change that answer, or keep them apart"
            )
            found.problems.append(_problem(rows[0], f"{rows[0]['item']} {what} on the sheet of duplicates"))
    elif len(said) > 1:
        found.problems.append(_problem(rows[0], f"{_told(rows)}; one of them has to change the answer. Not linked"))
    else:
        found.pairs[pair] = (said.pop(), people)


def _take_models(found: Answers, record: str, rows: Sequence[Row]) -> None:
    """The names of a report's models. Where people differ, the longest list counts, so that no coded cell goes."""
    lists = {tuple(named(row["names"])) if row["decision"] == SEVERAL else _only(row) for row in rows}
    if len({(len(names), names) for names in lists}) > 1:
        found.problems.append(_problem(rows[0], f"{_told(rows)}; the longest list counts until the answers are alike"))
    names = max(lists, key=lambda names: (len(names), names))
    found.models[record] = (max(1, len(names)), names)


def _only(row: Row) -> tuple[str, ...]:
    return tuple(named(row["names"]))


def _told(rows: Sequence[Row]) -> str:
    said = [
        f"{row['person']} said `{row['decision'].replace('_', ' ')}`{f' ({names})' if (names := row['names']) else ''}"
        for row in rows
    ]
    return f"of {rows[0]['item']}, {' and '.join(said)}"


def _problem(row: Row, what: str) -> Row:
    return {
        "stage": STAGE,
        "file": "",
        "sheet": row["sheet"],
        "cell": "",
        "item": row["item"],
        "waits": "row",
        "problem": what,
    }


def link(records: Iterable[Row], said: Answers) -> tuple[Groups, list[Row]]:
    """(records grouped into studies, problems). Answers `related` about duplicates link as `same study` does.

    Reports that are linked by some answers and kept apart by another stay apart, all of that chain, until a person has
    settled it: nobody can say which of the answers is wrong.
    """
    rows = list(records)
    ids = [row["record_id"] for row in rows]
    links = [(row["study_id"], row["record_id"]) for row in rows if row["study_id"] in set(ids)]
    links += said.of(SAME_STUDY)
    apart = said.of(DIFFERENT_STUDIES)
    whole = Groups(ids)
    for a, b in links:
        whole.join(a, b)
    torn = {whole.find(a): (a, b) for a, b in reversed(apart) if whole.find(a) == whole.find(b)}
    groups = Groups(ids, apart)
    for a, b in links:
        if whole.find(a) not in torn:
            groups.join(a, b)
    problems = [
        _problem(
            {"sheet": "", "item": f"{a}~{b}"},
            f"{a} and {b} were said to be of different studies, but other answers make them one "
            f"({_chain(links, whole, root)}); change one of these answers. Not linked",
        )
        for root, (a, b) in sorted(torn.items())
    ]
    return groups, problems


def _chain(links: Iterable[Pair], whole: Groups, root: str) -> str:
    """The links of a chain."""
    return ", ".join(f"{a}~{b}" for a, b in links if a != b and whole.find(a) == root)


def lacking(said: Answers, included: Collection[str], main: Mapping[str, str]) -> list[Row]:
    """Problems: a further report of a study names more models than the main one, on which the models are coded."""
    problems = []
    for record, (count, names) in sorted(said.models.items()):
        first = main.get(record, record)
        if record in included and record != first and count > said.models.get(first, (1, ()))[0]:
            what = (
                f"{record} describes {count} models ({'; '.join(names)}), but what is coded for its study hangs on {first}, "
                "whose row on the tab Models says fewer; name them all there"
            )
            problems.append(_problem({"sheet": "", "item": record}, what))
    return problems
