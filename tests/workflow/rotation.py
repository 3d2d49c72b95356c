"""Four people screen at different speeds and with different care; two of them leave, two others join.

What each says of a record is drawn from person and record alone, so that a test can compute from here what a review has
to come to. Nothing of scoping is used here.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

SPEED = {"anna": 600, "ben": 350, "chloe": 150, "dan": 60, "fay": 500, "gus": 400}  # rows between two runs
ERRORS = {"anna": 100, "ben": 300, "chloe": 600, "dan": 1000, "fay": 200, "gus": 400, "eve": 0}  # of 10,000 records
ERRORS_IN_PILOT = {**ERRORS, "dan": 4500}  # Dan has yet to understand the criteria
HARD = 250  # one record of so many, of which every screener is unsure
JUDGE = "eve"
TA, DUPLICATES = "title_abstract", "duplicates"
REASONS = {"not-flood": "Not about flash floods", "not-social": "No people in it"}
WORDS = {"exclude": "include", "include": "exclude"}

PILOT, BATCH, GROWTH, LARGEST, OPEN, AUDIT, GATE = 30, 50, 0.2, 300, 2, 0.05, 0.95
PASSED_BY, WHY = "ben", "Dan took floods of rivers for flash floods; the criterion says so now"

Answer = dict[str, str]
At = tuple[str, str]  # (sheet, item)
Ratings = Mapping[str, Mapping[str, str]]  # item -> person -> answer


def protocol(team: Iterable[str], gone: Iterable[str], *, passed: bool) -> str:
    """The review's plan with these people, of whom some have left, and with the gate passed or not."""
    inactive = set(gone)
    people = "\n".join(f"  {name}: {{{'active: no' if name in inactive else ''}}}" for name in [*team, JUDGE])
    reasons = "\n".join(f"    - {{id: {id_}, label: {label}, text: {label}.}}" for id_, label in REASONS.items())
    gate = f"\n    gate_passed: {{by: {PASSED_BY}, reason: {WHY!r}}}" if passed else ""
    return f"""
title: "People and flash floods, screened by four"
question:
  text: How do people perceive, prepare for and respond to flash floods?
  population: People and institutions exposed to flash floods
  concept: Perception, preparedness, warning and response
  context: Any country and year
sources:
  table: {{name: A table of references, kind: database, files: [references.csv]}}
criteria:
  include:
    - {{id: flood, text: Is about flash floods and people}}
  exclude:
{reasons}
keywords: [flash flood*, warning*]
stages:
  duplicates: {{people: [anna]}}
  title_abstract:
    mode: dual
    people: [{", ".join(team)}]
    adjudicator: {JUDGE}
    pilot: {PILOT}
    gate: {GATE}{gate}
    largest: {LARGEST}
  full_text: {{mode: single, people: [{JUDGE}], batch: 500}}
  coding: {{mode: single, people: [{JUDGE}], batch: 100}}
people:
{people}
seed: 4711
"""


class Team:
    """The people at their sheets; what they typed, when, and in which order the rows stood there."""

    def __init__(self, root: Path, rows: Iterable[Mapping[str, str]], people: ModuleType, planted: ModuleType) -> None:
        self.root, self.people, self.planted = root, people, planted
        self.rows = {planted.letters(row["title"]): row for row in rows}
        self.typed: dict[At, Answer] = {}
        self.history: list[tuple[int, str, str, Answer]] = []  # round, sheet, item, answer
        self.origin: dict[str, str] = {}  # item -> title by its letters
        self.as_laid_out: dict[str, list[str]] = {}  # sheet -> its items from top to bottom when it was first opened
        self.left: dict[Path, int] = {}  # rows without an answer
        self.merged: set[str] = set()  # pairs of records that are the same

    # --- what they say ----------------------------------------------------------------------------------------------

    def answer(self, person: str, title: str, *, pilot: bool = False) -> Answer:
        """What a person says of the record with this title (by its letters)."""
        drawn = self.planted.drawn("screen", person, title)
        decision = "include" if self.rows[title]["label_abstract"] == "1" else "exclude"
        if person != JUDGE and self.planted.drawn("hard", title) % HARD == 0:
            decision = "unsure"
        elif drawn % 10_000 < (ERRORS_IN_PILOT if pilot else ERRORS)[person]:
            decision = "unsure" if drawn // 10_000 % 5 == 0 else WORDS[decision]
        reason = list(REASONS)[drawn % 2] if decision == "exclude" and drawn % 3 == 0 else ""
        return {
            "decision": decision,
            "reason": reason,
            "note": "hard to tell; = or not?" if decision == "unsure" else "",
        }

    # --- what they do -----------------------------------------------------------------------------------------------

    def work(self, number: int, team: Iterable[str]) -> int:
        """What everybody types between two runs, from top to bottom as far as they get; the number of answers."""
        folder = self.root / self.people.SHEETS
        count = sum(self._pairs(path) for path in sorted((folder / DUPLICATES).glob("*.xlsx")))
        for person in (*team, JUDGE):
            budget = SPEED.get(person, 10_000) if number > 1 or person != "dan" else 20
            for path in sorted((folder / TA).glob(f"*_{person}.xlsx")):
                if budget and self.left.get(path, 1):
                    done = self._fill(number, path, person, budget)
                    budget -= done
                    count += done
        return count

    def _fill(self, number: int, path: Path, person: str, budget: int) -> int:
        book = self._open(path)
        empty = [line for line in book.lines if (line.sheet, line.item) not in self.typed]
        for line in empty[:budget]:
            title = self.origin[line.item]
            self._type(number, book, line, self.answer(person, title, pilot="pilot" in path.name))
        book.save()
        self.left[path] = len(empty[budget:])
        return len(empty[:budget])

    def _open(self, path: Path) -> Any:
        book = self.people.Book(path)
        for line in book.lines:
            self.origin[line.item] = self.planted.letters(line.shown["Title"].partition("\n")[0])
        self.as_laid_out.setdefault(book.lines[0].sheet, [line.item for line in book.lines])
        return book

    def _type(self, number: int, book: Any, line: Any, answer: Answer) -> None:
        self.typed[line.sheet, line.item] = answer
        self.history.append((number, line.sheet, line.item, answer))
        book.type(
            line,
            {
                "Decision": answer["decision"].capitalize() if number % 2 else answer["decision"],
                "Reason (if excluded)": REASONS.get(answer["reason"], ""),
                "Note": answer["note"],
            },
        )

    def _pairs(self, path: Path) -> int:
        """Two entries are the same report where one of them has no DOI; where both have one, these differ."""
        if path in self.left:
            return 0
        book = self.people.Book(path)
        for line in book.lines:
            titles = [self.planted.letters(line.shown[f"Record {end}"].partition("\n")[0]) for end in "AB"]
            same = not all(self.rows[title]["doi"].strip() for title in titles)
            self.merged |= {line.item} if same else set()
            self.typed[line.sheet, line.item] = {"decision": "same" if same else "different", "note": ""}
            book.type(line, {"Decision": self.typed[line.sheet, line.item]["decision"]})
        book.save()
        self.left[path] = 0
        return len(book.lines)

    def reconsider(self, number: int, name: str, rows: int) -> None:
        """After a talk somebody turns the first answers of a finished sheet round."""
        book = self._open(self.root / self.people.SHEETS / TA / name)
        for line in book.lines[:rows]:
            before = self.typed[line.sheet, line.item]["decision"]
            answer = {"decision": WORDS.get(before, "include"), "reason": "", "note": "we talked it over"}
            self._type(number, book, line, answer)
        book.save()

    def hand_in_late(self, number: int, path: Path, person: str) -> int:
        """A copy of an old sheet comes back from somebody who left, with half of the missing rows; the number of them."""
        book = self._open(path)
        empty = [line for line in book.lines if (line.sheet, line.item) not in self.typed]
        late = empty[: (len(empty) + 1) // 2]
        for line in late:
            self._type(number, book, line, self.answer(person, self.origin[line.item]))
        book.path = path.with_name(f"{person}, what I had left.xlsx")
        book.save()
        return len(late)

    # --- what follows from it ---------------------------------------------------------------------------------------

    def independent(self) -> dict[str, dict[str, str]]:
        """Item -> person -> answer as it stood when the last of those who answered the item did so first."""
        screens = [each for each in self.history if "adjudication" not in each[1]]
        first: dict[At, int] = {}
        for number, sheet, item, _ in screens:
            first.setdefault((sheet, item), number)
        last: dict[str, int] = {}
        for (_, item), number in first.items():
            last[item] = max(number, last.get(item, 0))
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for number, sheet, item, answer in screens:
            if number <= last[item]:
                found[item][sheet.rpartition(".")[2]] = answer["decision"]
        return found

    def standing(self) -> dict[str, dict[str, str]]:
        """Item -> person -> answer as it stands in the sheets; the judge's too."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for (sheet, item), answer in self.typed.items():
            if sheet.startswith("ta"):
                found[item][sheet.rpartition(".")[2]] = answer["decision"]
        return found


# --- agreement, as the textbooks have it -----------------------------------------------------------------------------


def raw(ratings: Ratings) -> float:
    """The share of pairs of answers that are equal, averaged over items with two or more."""
    shares = []
    for said in ratings.values():
        pairs = list(itertools.combinations(said.values(), 2))
        if pairs:
            shares.append(sum(a == b for a, b in pairs) / len(pairs))
    return sum(shares) / len(shares)


def _beyond_chance(ratings: Ratings, a: str, b: str) -> tuple[int, float, float]:
    """(items that two people share, how many of them agree, how many would by chance)."""
    both = [(said[a], said[b]) for said in ratings.values() if a in said and b in said]
    firsts, seconds = [one for one, _ in both], [two for _, two in both]
    chance = sum(firsts.count(word) * seconds.count(word) for word in set(firsts)) / max(1, len(both))
    return len(both), sum(one == two for one, two in both), chance


def kappa(ratings: Ratings, *pairs: tuple[str, str]) -> float:
    """Cohen's kappa of two people; of several pairs, agreement and chance summed over all of them."""
    found = [_beyond_chance(ratings, a, b) for a, b in pairs]
    items, same, chance = (sum(each[place] for each in found) for place in range(3))
    return (same - chance) / (items - chance)


def pairs(ratings: Ratings) -> list[tuple[str, str]]:
    """Everybody who shares an item with somebody."""
    return sorted({pair for said in ratings.values() for pair in itertools.combinations(sorted(said), 2)})


def ac1(ratings: Ratings, words: Iterable[str] = ()) -> float:
    """Gwet's AC1: chance from how often each category was used; `words` are further answers that were possible."""
    words = {*words, *(word for said in ratings.values() for word in said.values())}
    used = [
        sum(list(said.values()).count(word) / len(said) for said in ratings.values()) / len(ratings) for word in words
    ]
    chance = sum(share * (1 - share) for share in used) / (len(words) - 1)
    return (raw(ratings) - chance) / (1 - chance)


def alpha(ratings: Ratings) -> float:
    """Krippendorff's alpha for nominal data, by the matrix of coincidences."""
    coincide: dict[tuple[str, str], float] = defaultdict(float)
    for said in ratings.values():
        for one, two in itertools.permutations(said.values(), 2):
            coincide[one, two] += 1 / (len(said) - 1)
    used: dict[str, float] = defaultdict(float)
    for (one, _), weight in coincide.items():
        used[one] += weight
    n = sum(used.values())
    differ = sum(weight for (one, two), weight in coincide.items() if one != two)
    expected = sum(used[one] * used[two] for one, two in itertools.permutations(used, 2)) / (n - 1)
    return 1 - differ / expected


# --- the ledger, replayed --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Handed:
    """A batch of title and abstract at the moment it was issued, and what stood before it."""

    event: Mapping[str, Any]
    run: int
    team: tuple[str, ...]  # who was there
    order: tuple[str, ...]  # all undecided records, best first
    held: Mapping[str, frozenset[str]]  # item -> who had answered it or was there and still to answer it
    labelled: int
    open: Mapping[str, int]  # person -> unfinished sheets, adjudication apart

    @property
    def people(self) -> tuple[str, ...]:
        """Who got it."""
        return tuple(sheet["person"] for sheet in self.event["sheets"])

    @property
    def fresh(self) -> list[str]:
        """What nobody held, best first."""
        return [id_ for id_ in self.order if not self.held.get(id_)]


def replay(events: Iterable[Mapping[str, Any]], runs: Iterable[Any]) -> list[Handed]:
    """Every batch of title and abstract with what stood before it; `runs` tell who was there, and the order."""
    out: list[Handed] = []
    sheets: list[tuple[str, str, list[str]]] = []  # sheet, person, items
    answered: set[At] = set()
    stages, remaining = list(runs), list(events)
    for run in stages:
        while remaining and remaining[0]["seq"] <= run.events:
            event = remaining.pop(0)
            if event["stage"] == TA and event["kind"] == "read":
                answered |= {(event["sheet"], item) for item in event["labels"]}
            elif event["stage"] == TA and event["kind"] == "issued":
                held: dict[str, set[str]] = defaultdict(set)
                unfinished = dict.fromkeys(run.team, 0)
                for sheet, person, items in sheets:
                    missing = [item for item in items if (sheet, item) not in answered]
                    if person in unfinished and missing:
                        unfinished[person] += 1
                    for item in items if person in run.team else set(items) - set(missing):
                        held[item].add(person)
                frozen = {item: frozenset(names) for item, names in held.items()}
                labelled = len({item for _, item in answered})
                out.append(Handed(event, run.number, run.team, run.order, frozen, labelled, unfinished))
                if event["role"] == "screen":
                    for each in event["sheets"]:
                        items = list(each.get("items", event["items"]))
                        sheets.append((f"{event['batch']}.{each['person']}", each["person"], items))
    return out
