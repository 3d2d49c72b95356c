"""A real review whole: 3,738 labelled records, three people who answer by the labels, and slip as people do.

The records (flash floods, social; 2 labels each) are written out as three exports with planted duplicates. Anna and
Ben screen, Carys settles where they differ, all in the sheets that the workflow issues and through openpyxl. Then every
number and every id of the PRISMA diagram is held against what labels, slips and planted duplicates say by themselves.
"""

import csv
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.slow

SCREENERS, JUDGE = ("anna", "ben"), "carys"
TA, FT, CODING, DUPLICATES = "title_abstract", "full_text", "coding", "duplicates"
PILOT, BATCH, FT_BATCH, STUDIES = 25, 400, 200, 20
LATER = ("synthesise", "map", "references", "agree", "suggested", "describe", "health", "manuscript", "supplement", "manifest",
         "front", "enforce")  # fmt: skip
LOST = 15  # reports that nobody could get
SLIPS = 4  # per cent
MOST_ROUNDS = 30
REASONS = {  # id -> label, in the order of their priority
    "not-flood": "Not about flash floods",
    "not-social": "No people in it",
    "no-findings": "No findings of its own",
    "language": "Language nobody reads",
}
HEADERS = {
    "decision": "Decision",
    "value": "Value",
    "reason": "Reason (if excluded)",
    "route": "Routes tried (if not retrieved)",
    "date": "Date last sought",
    "level": "Level",
    "quote": "Quote (copied from the text)",
    "locator": "Where",
    "note": "Note",
}
PROTOCOL = f"""
title: "People and flash floods: a real review, played"
question:
  text: How do people perceive, prepare for and respond to flash floods?
  population: People and institutions exposed to flash floods
  concept: Perception, preparedness, warning and response
  context: Any country and year
sources:
  scopus: {{name: Scopus, kind: database, files: [scopus.ris]}}
  wos: {{name: Web of Science, kind: database, files: [wos.txt]}}
  library: {{name: A library of references, kind: database, files: [library.bib]}}
criteria:
  include:
    - {{id: flood, text: Is about flash floods and people}}
  exclude:
{"".join(f"    - {{id: {id_}, label: {label}, text: {label}.}}{chr(10)}" for id_, label in REASONS.items())}
keywords: [flash flood*, warning*, risk perception, vulnerab*, preparedness, evacuat*]
stages:
  duplicates: {{people: [anna]}}
  title_abstract: {{mode: dual, people: [anna, ben], adjudicator: carys, pilot: {PILOT}, batch: {BATCH}, open_batches: 4}}
  full_text: {{mode: dual, people: [anna, ben], adjudicator: carys, batch: {FT_BATCH}, open_batches: 4}}
  coding: {{mode: dual, people: [anna, ben], adjudicator: carys, batch: {STUDIES}}}
people:
  anna: {{}}
  ben: {{}}
  carys: {{}}
seed: 4711
"""

Answer = dict[str, str]  # fields of an answer, in the words of the ledger


# --- what is right, and what the three say ---------------------------------------------------------------------------


@dataclass
class Script:
    """The labels, and what each person says of each record: the label, but for the slips."""

    rows: dict[str, dict[str, str]]
    truth: Any  # planted.Planted
    planted: ModuleType
    lost: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        passed = [origin for origin, row in self.rows.items() if row["label_abstract"] == "1"]
        self.lost = set(sorted(passed, key=lambda origin: self.planted.drawn("lost", origin))[:LOST])

    def origin(self, title: str) -> str:
        """The record that has this title."""
        return self.truth.titles[self.planted.letters(title)]

    def right(self, stage: str, origin: str) -> str:
        """The answer by the labels."""
        if stage == FT and origin in self.lost:
            return "not_retrieved"
        label = {TA: "label_abstract", FT: "label_included"}[stage]
        return "include" if self.rows[origin][label] == "1" else "exclude"

    def slips(self, stage: str, origin: str) -> str:
        """Who gets this record wrong, if anybody."""
        if stage == FT and origin in self.lost:
            return ""
        number = self.planted.drawn("slip", stage, origin)
        return SCREENERS[number // 100 % 2] if number % 100 < SLIPS else ""

    def screened(self, person: str, stage: str, origin: str) -> Answer:
        """What a person answers at a stage of screening."""
        drawn = self.planted.drawn(person, stage, origin)
        decision = self.right(stage, origin)
        answer = {"decision": decision, "reason": "", "note": ""}
        if self.slips(stage, origin) == person:
            wrong = "exclude" if decision == "include" else "include"
            answer |= {"decision": "unsure" if drawn % 5 == 0 else wrong, "note": "hard to tell; = or not?"}
        if answer["decision"] == "exclude" and (stage == FT or drawn % 3 == 0):
            answer["reason"] = list(REASONS)[drawn // 5 % len(REASONS)]
        if stage == FT:
            gone = answer["decision"] == "not_retrieved"
            answer["route"] = ("interlibrary loan" if drawn % 2 else "wrote to the author") if gone else ""
            answer["date"] = f"2026-02-{1 + drawn % 28:02d}" if gone else ""
        return answer

    def coded(self, person: str, origin: str, code: str, levels: str) -> Answer:
        """What a person answers for a code of a study: the value is drawn, its quote a sentence of the abstract."""
        drawn = self.planted.drawn("code", origin, code)
        sentences = [s for s in re.split(r"(?<=[a-z]\.) ", self.rows[origin]["abstract"]) if len(s.split()) > 6]
        value = ("yes", "no", "yes", "no", "unclear")[drawn % 5] if sentences else "no"
        if self.cell_slips(origin, code) == person:
            value = "no" if value != "no" else "unclear"
        mine = self.planted.drawn(person, origin, code)
        yes = value == "yes"
        return {
            "decision": value,
            "level": levels.split(", ")[0] if yes else "",
            "quote": sentences[mine % len(sentences)] if yes else "",
            "locator": "abstract" if yes else "",
            "note": "said in passing" if value == "unclear" else "",
        }

    def cell_slips(self, origin: str, code: str) -> str:
        """Who gets this code of a study wrong, if anybody."""
        number = self.planted.drawn("cell", origin, code)
        return SCREENERS[number // 100 % 2] if number % 100 < SLIPS else ""

    def reason(self, origin: str) -> str:
        """The primary reason for which a report is excluded: the first by priority, or Carys's where she decided."""
        people = (JUDGE,) if self.slips(FT, origin) else SCREENERS
        given = {self.screened(person, FT, origin)["reason"] for person in people}
        return next(id_ for id_ in REASONS if id_ in given)


class Team:
    """Anna, Ben and Carys at their sheets. `typed` is what each of them has typed last for each item."""

    def __init__(self, root: Path, script: Script, people: ModuleType) -> None:
        self.root, self.script, self.people = root, script, people
        self.typed: dict[tuple[str, str], Answer] = {}
        self.seen: set[Path] = set()
        self.later: list[Callable[[], None]] = []
        self.main: Counter[str] = Counter()  # person -> batches of 400 so far
        self.acts: dict[str, str] = {}  # what happened -> the sheet it happened to
        self.coding = ""  # the batch of studies that is coded

    def work(self) -> int:
        """What people do between two runs; the number of sheets they saved."""
        left, self.later = self.later, []
        for act in left:
            act()
        fresh = [path for path in self.people.sheets(self.root) if path not in self.seen]
        return len(left) + sum(self.open(path) for path in fresh)

    def open(self, path: Path) -> bool:
        """Fill a sheet that lies there for the first time; False if it is left for another day."""
        self.seen.add(path)
        batch, _, person = path.stem.rpartition("_")
        stage = path.parent.name
        if stage == CODING:
            self.coding = self.coding or batch
            if person != JUDGE and batch != self.coding:
                return False
        book = self.people.Book(path)
        if stage == TA and len(book.lines) == BATCH:
            self.main[person] += 1
            special = {
                ("anna", 1): self.rename,
                ("ben", 1): self.halve,
                ("anna", 2): self.mistype,
                ("ben", 2): self.sort,
            }
            act = special.get((person, self.main[person]))
            if act:
                self.acts[act.__name__] = book.lines[0].sheet
                act(book, person)
                return True
        for line in book.lines:
            self.type(book, line, person)
        book.save()
        return True

    def type(self, book: Any, line: Any, person: str, decision: str = "") -> None:
        """Answer a row; `decision` is typed in place of the answer where it is given."""
        answer = self.answer(book.path.parent.name, line, person)
        if decision in ("include", "exclude"):
            answer = {**answer, "decision": decision, "reason": ""}
        self.typed[line.sheet, line.item] = answer
        cells = {HEADERS[name]: text for name, text in answer.items() if HEADERS[name] in line.shown}
        cells.pop("Value", "")
        head = "Value" if "Value" in line.shown else "Decision"
        cells[head] = decision or self.spelt(answer["decision"], line.item)
        if answer.get("reason"):
            cells[HEADERS["reason"]] = REASONS[answer["reason"]]
        book.type(line, cells)

    def spelt(self, decision: str, item: str) -> str:
        """An answer as people write it."""
        word = decision.replace("_", " ")
        return (word, word, word, word.capitalize(), f"{word} ", word.upper())[self.script.planted.drawn(item) % 6]

    def answer(self, stage: str, line: Any, person: str) -> Answer:
        """What a person has to say about a row, going by the titles that stand in it."""
        if stage == DUPLICATES:
            a, b = (self.script.origin(line.shown[header].partition("\n")[0]) for header in ("Record A", "Record B"))
            return {"decision": "same" if a == b else "different", "note": ""}
        if stage == CODING:
            return self.script.coded(
                person, self.study(line.heading), line.shown["Code"].split()[0], line.shown["Levels"]
            )
        return self.script.screened(person, stage, self.script.origin(line.shown["Title"].partition("\n")[0]))

    def study(self, heading: str) -> str:
        """The record whose title stands above a table: the longest of all that do."""
        above, titles = self.script.planted.letters(heading), self.script.truth.titles
        return titles[max((title for title in titles if title in above), key=len)]

    # four that do it in a way of their own

    def rename(self, book: Any, person: str) -> None:
        """Sent back under another name, the original deleted."""
        for line in book.lines:
            self.type(book, line, person)
        self.seen.add(book.save(f"{person} FINAL (2) zurück.xlsx"))

    def halve(self, book: Any, person: str) -> None:
        """Saved when half is done, with a mistake; finished later, the mistake mended."""
        half = book.lines[: BATCH // 2]
        for line in half:
            self.type(book, line, person)
        first = half[0]
        wrong = "exclude" if self.typed[first.sheet, first.item]["decision"] == "include" else "include"
        self.type(book, first, person, wrong)
        path = book.save()

        def finish() -> None:
            again = self.people.Book(path)
            for line in (again.lines[0], *again.lines[BATCH // 2 :]):
                self.type(again, line, person)
            again.save()

        self.later.append(finish)

    def mistype(self, book: Any, person: str) -> None:
        """One word that nobody can be sure of; put right when the problems name its cell."""
        for line in book.lines:
            self.type(book, line, person)
        meant = next(line for line in book.lines if self.typed[line.sheet, line.item]["decision"] == "include")
        self.type(book, meant, person, "Inclde")
        path = book.save()

        def mend() -> None:
            problems = self.people.table(self.root / "data/processed/title_abstract/problems.csv")
            told = [row for row in problems if "Inclde" in row["problem"]]
            assert [(row["file"], row["waits"]) for row in told] == [(path.name, "row")]
            tab, cell = told[0]["cell"].split("!")
            again = self.people.Book(path)
            assert again.book[tab][cell].value == "Inclde"
            again.book[tab][cell].value = "Include"
            again.save()

        self.later.append(mend)

    def sort(self, book: Any, person: str) -> None:
        """All answered, then the whole table sorted by title."""
        for line in book.lines:
            self.type(book, line, person)
        book.sort("Title")
        book.save()


# --- the review is played once; each test looks at another side of it -----------------------------------------------


@dataclass
class Played:
    """A review that was played to its end."""

    root: Path
    script: Script
    team: Team
    events: list[dict[str, Any]]
    drafts: list[str]  # the diagram after each round
    finish: str  # what the last run said that had something to do, with the status at its end
    last: Any  # people.Run: the run after the last
    same: bool  # whether the run after the last changed no byte
    seconds: Counter[str]
    people: ModuleType

    def boxes(self) -> dict[str, dict[str, list[str]]]:
        """Box -> line -> ids, as the reports have them."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self.people.table(self.root / "reports/prisma_ids.csv"):
            found[row["box"]][row["detail"]].append(row["id"])
        return found

    def origins(self) -> dict[str, str]:
        """Record id -> record of the table of labels, by title."""
        rows = pq.read_table(self.root / "data/processed/records.parquet", columns=["record_id", "title"]).to_pylist()
        return {row["record_id"]: self.script.origin(row["title"]) for row in rows}

    def answers(self, stage: str, role: str) -> dict[str, list[tuple[str, Answer]]]:
        """Record of the table of labels -> (person, answer) of all sheets of a stage, from the ledger alone."""
        sheets, origin = self.people.issued(self.events), self.origins_of_contents()
        found: dict[str, list[tuple[str, Answer]]] = defaultdict(list)
        for (sheet, item), answer in self.people.standing(self.events).items():
            if sheets[sheet]["stage"] == stage and sheets[sheet]["role"] == role:
                found[origin[item]].append((sheets[sheet]["person"], answer))
        return found

    def origins_of_contents(self) -> dict[str, str]:
        """Content id of any entry -> record of the table of labels, by the place of the entry in its file."""
        truth = {(entry.file, str(entry.line)): entry.origin for entry in self.script.truth.entries}
        links = self.people.table(self.root / "data/processed/entry_records.csv")
        return {row["content_id"]: truth[row["file"], row["line_start"]] for row in links}


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(1_000_000)
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _without_reports(snakefile: str) -> str:
    """The Snakefile of the rounds: all that people work with, and the diagram; the other reports come at the end."""
    for name in LATER:
        line = f"        rules.{name}.output,\n"
        assert line in snakefile, name
        snakefile = snakefile.replace(line, "")
    return snakefile


@pytest.fixture(scope="module")
def played(
    tmp_path_factory: pytest.TempPathFactory,
    shared_data: Callable[[str], Path],
    people: ModuleType,
    planted: ModuleType,
) -> Played:
    """The whole review. Runs settle in one: a dry run after the first ones and every fourth has nothing to do."""
    all_rows = _rows(shared_data("screening/FlashFlood_social.csv"))
    rows = planted.without_repeats(all_rows)
    assert len(rows) == len(all_rows) == 3738  # the data hold no repeat of their own, so nothing had to be left out
    root = tmp_path_factory.mktemp("real") / "review"
    people.set_up(root, PROTOCOL)
    truth = planted.write(rows, root / "data/raw/exports")
    script = Script({row["record_id"]: row for row in rows}, truth, planted)
    team = Team(root, script, people)
    drafts, seconds = [], Counter[str]()
    snakefile = root / "Snakefile"
    whole = snakefile.read_text(encoding="utf-8")
    snakefile.write_text(_without_reports(whole), encoding="utf-8")
    for number in range(1, MOST_ROUNDS + 1):
        seconds["runs"] += (run := people.run(root)).seconds
        drafts.append((root / "reports/prisma.svg").read_text(encoding="utf-8"))
        if number < 3 or number % 4 == 0:
            settled = people.run(root, "--dry-run")
            assert settled.idle, settled.said
            seconds["dry runs"] += settled.seconds
        began = time.monotonic()
        saved = team.work()
        seconds["people"] += time.monotonic() - began
        print(f"round {number}: run {run.seconds:.1f} s, {saved} sheets saved in {time.monotonic() - began:.1f} s")
        if not saved:
            break
    else:
        pytest.fail("the review never ends")
    snakefile.write_text(whole, encoding="utf-8")
    seconds["all reports"] += people.run(root).seconds
    before = people.bytes_of(root, "config", "data", "reports")
    last = people.run(root)
    same = people.bytes_of(root, "config", "data", "reports") == before
    print({name: round(value, 1) for name, value in seconds.items()})
    return Played(root, script, team, people.events(root), drafts, run.said, last, same, seconds, people)


def _passed(script: Script, stage: str, answer: str) -> set[str]:
    """The records that the labels give this answer at a stage."""
    universe = {origin for origin in script.rows if stage == TA or script.right(TA, origin) == "include"}
    return {origin for origin in universe if script.right(stage, origin) == answer}


def test_the_end_is_settled(played: Played) -> None:
    assert played.last.idle, played.last.said
    assert played.same
    left = [played.people.issued(played.events)[sheet] for sheet in played.people.unfinished(played.events)]
    assert {(event["stage"], event["role"]) for event in left} == {(CODING, "screen")}  # the second batch of studies
    assert {event["batch"] for event in left} != {played.team.coding}
    assert "Next: waiting for anna and ben; when a sheet is saved" in played.finish
    assert "PLEASE LOOK" not in played.finish


def test_every_entry_is_found_and_belongs_to_its_record(played: Played) -> None:
    truth = played.script.truth
    links = played.people.table(played.root / "data/processed/entry_records.csv")
    assert {(row["file"], int(row["line_start"])) for row in links} == {(e.file, e.line) for e in truth.entries}
    assert len(links) == len(truth.entries)
    role = {(row["file"], int(row["line_start"])): (row["role"], row["record_id"]) for row in links}
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in truth.entries:
        groups[entry.origin].append(role[entry.file, entry.line])
    assert {name for name, _ in groups.pop("")} == {"rejected"}
    assert all(len({record for _, record in group}) == 1 for group in groups.values())  # one record for each origin
    assert len({group[0][1] for group in groups.values()}) == len(played.script.rows)  # and no two share one
    assert Counter(name for group in groups.values() for name, _ in group) == {
        "record": len(played.script.rows),
        "duplicate": len(truth.entries) - len(played.script.rows) - played.script.planted.UNREADABLE,
    }


def test_people_were_asked_about_few_pairs_and_what_they_said_is_true(played: Played) -> None:
    """Planted copies that no rule is certain of are merged by the model or asked about; all of them are one record."""
    pairs = [row for row in played.people.table(played.root / "data/processed/duplicate_pairs.csv") if row["answer"]]
    origin = played.origins_of_contents()
    assert {row["answer"] for row in pairs} == {"same", "different"}
    assert all((origin[row["a"]] == origin[row["b"]]) == (row["answer"] == "same") for row in pairs)
    assert len(pairs) < len(played.script.truth.kinds(played.script.planted.ASKED)), "the model decides most of them"
    assert not any(row["open"] for row in pairs)


def test_the_diagram_equals_labels_and_planted_truth(played: Played) -> None:
    script, found, origin = played.script, played.boxes(), played.origins()
    planted, truth = script.planted, script.truth

    def of(box: str, line: str = "") -> set[str]:
        ids = found[box][line]
        assert len(ids) == len(set(ids))
        return {origin[id_] for id_ in ids}

    identified = {planted.SOURCES[file]: n for file, n in Counter(entry.file for entry in truth.entries).items()}
    assert {line: len(ids) for line, ids in found["identified"].items()} == identified
    copies = truth.kinds({**planted.CERTAIN, **planted.ASKED})
    assert len(copies) >= 250
    assert len(found["duplicates"][""]) == len(copies)
    content = played.origins_of_contents()
    assert Counter(content[id_.partition("-")[0]] for id_ in found["duplicates"][""]) == Counter(
        entry.origin for entry in copies
    )
    assert len(found["other_reasons"]["unreadable"]) == planted.UNREADABLE
    assert of("screened") == set(script.rows)
    assert of("excluded") == _passed(script, TA, "exclude")
    assert of("sought") == _passed(script, TA, "include")
    assert of("not_retrieved") == script.lost
    assert of("assessed") == _passed(script, TA, "include") - script.lost
    excluded = _passed(script, FT, "exclude")
    by_reason = {reason: {o for o in excluded if script.reason(o) == reason} for reason in REASONS}
    assert all(by_reason.values())
    assert {reason: of("reports_excluded", reason) for reason in found["reports_excluded"]} == by_reason
    assert of("included_reports") == of("included_studies") == _passed(script, FT, "include")
    drawn = {
        "identified", "duplicates", "other_reasons", "screened", "excluded", "sought", "not_retrieved", "assessed",
        "reports_excluded", "included_reports", "included_studies",
    }  # fmt: skip
    assert {box for box, lines in found.items() if any(lines.values())} == drawn
    print({box: sum(map(len, lines.values())) for box, lines in found.items()}, identified)
    print({reason: len(ids) for reason, ids in by_reason.items()})


def test_the_diagram_is_a_draft_until_screening_is_done_and_draws_the_numbers(played: Played) -> None:
    assert "DRAFT" in played.drafts[0]
    assert "DRAFT" in played.drafts[len(played.drafts) // 2]
    assert "DRAFT" not in played.drafts[-1]
    script = played.script
    numbers = {
        "screened": len(script.rows),
        "excluded": len(_passed(script, TA, "exclude")),
        "not_retrieved": LOST,
        "included": len(_passed(script, FT, "include")),
    }
    text = re.sub(r"<[^>]+>|\s+", " ", played.drafts[-1])
    for box, number in numbers.items():
        assert re.search(rf"n = {number:,}\b", text), (box, number)


@pytest.mark.parametrize("stage", [TA, FT])
def test_two_people_decided_on_every_record_and_a_third_where_they_differed(played: Played, stage: str) -> None:
    script = played.script
    universe = set(script.rows) if stage == TA else _passed(script, TA, "include")
    votes = played.answers(stage, "screen")
    assert set(votes) == universe
    for origin, answers in votes.items():
        assert sorted(person for person, _ in answers) == sorted(SCREENERS)
        assert all(answer == script.screened(person, stage, origin) for person, answer in answers)
    torn = {origin for origin, answers in votes.items() if len({answer["decision"] for _, answer in answers}) > 1}
    slips = {origin for origin in universe if script.slips(stage, origin)}
    finals = played.answers(stage, "adjudicate")
    assert torn == slips == set(finals)
    assert all([person for person, _ in answers] == [JUDGE] for answers in finals.values())
    assert all(answers[0][1] == script.screened(JUDGE, stage, origin) for origin, answers in finals.items())
    print(f"{stage}: {len(slips)} conflicts of {len(universe)}, agreement {1 - len(slips) / len(universe):.1%}")


def test_no_answer_is_lost_and_none_is_made_up(played: Played) -> None:
    assert played.people.standing(played.events) == played.team.typed
    sheets = played.people.issued(played.events)
    rows = [row for stage in {event["stage"] for event in sheets.values()} for row in _decisions(played, stage)]
    fields = ("decision", "reason", "route", "date", "level", "quote", "locator", "note")
    said = {(row["sheet"], row["item"]): {name: row[name] for name in fields if row[name]} for row in rows}
    typed = {at: {name: text for name, text in answer.items() if text} for at, answer in played.team.typed.items()}
    assert said == typed
    assert len(rows) == len(typed)
    print(f"{len(typed)} answers on {len(sheets)} sheets, {len(played.events)} events")


def _decisions(played: Played, stage: str) -> list[dict[str, str]]:
    return played.people.table(played.root / "data/processed" / stage / "decisions.csv")


def test_ways_of_their_own(played: Played) -> None:
    """Sent back under another name, half done first, mistyped, sorted as a whole: each happened, and was read."""
    acts = played.team.acts
    assert set(acts) == {"rename", "halve", "mistype", "sort"}
    read: Mapping[str, list[Any]] = {
        act: [event for event in played.events if event["kind"] == "read" and event["sheet"] == sheet]
        for act, sheet in acts.items()
    }
    assert {act: len(events) for act, events in read.items()} == {"rename": 1, "halve": 2, "mistype": 2, "sort": 1}
    assert "zurück" in read["rename"][0]["file"]
    half, whole = read["halve"]
    assert (len(half["labels"]), len(whole["labels"])) == (BATCH // 2, BATCH)
    changed = [item for item in half["labels"] if half["labels"][item]["decision"] != whole["labels"][item]["decision"]]
    assert len(changed) == 1
    assert (len(read["mistype"][0]["labels"]), len(read["mistype"][0]["held"])) == (BATCH - 1, 1)
    assert (len(read["mistype"][1]["labels"]), read["mistype"][1]["held"]) == (BATCH, [])
    assert any("sorted" in note for note in read["sort"][0]["notes"])
    assert not any(event["kind"] == "restored" for event in played.events)


def test_twenty_studies_are_coded_on_their_abstracts(played: Played) -> None:
    cells = played.people.table(played.root / "data/processed/coding/cells.csv")
    origin = played.origins()
    codes = len({row["code"] for row in cells})
    settled = [row for row in cells if row["state"] == "coded"]
    assert len(settled) == STUDIES * codes
    assert len({row["record_id"] for row in settled}) == STUDIES
    assert {row["state"] for row in cells} == {"coded", "pending"}
    assert {origin[row["record_id"]] for row in cells} == _passed(played.script, FT, "include")
    slips = {
        row["code"] + row["record_id"]
        for row in settled
        if played.script.cell_slips(origin[row["record_id"]], row["code"])
    }
    assert slips == {row["code"] + row["record_id"] for row in settled if json.loads(row["decided_by"]) == [JUDGE]}
    right = [played.script.coded(JUDGE, origin[row["record_id"]], row["code"], "")["decision"] for row in settled]
    assert [row["value"] for row in settled] == right
    assert {row["verdict"] for row in settled if row["value"] == "yes"} == {"verbatim"}
    print(Counter(row["value"] for row in settled), f"{len(slips)} conflicts of {len(settled)} cells")
