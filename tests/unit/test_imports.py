"""Decisions that come with exports: only by the protocol, only once, never lost, and never without a word."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scoping import (
    batches,
    collect,
    folder,
    forms,
    history,
    imports,
    issue,
    ledger,
    progress_page,
    record_ids,
    resolve,
    schemas,
)
from scoping.comparisons import answers, ratings
from scoping.config import Review
from scoping.errors import ScopingError
from scoping.export_settings import ExportedDecisions
from scoping.tables import Row, _checked

RAYYAN = {
    "stage": "title_abstract",
    "labels": "rayyan",
    "people": {"Anna Z": "anna", "Ben": "ben"},
    "answers": {"Included": "include", "Excluded": "exclude", "Maybe": "unclear"},
}
NAMES = ("A", "B", "C")


def note(**said: str) -> str:
    """`note(Anna_Z="Included")`, as Rayyan writes it."""
    pairs = ", ".join(f'"{name.replace("_", " ")}"=>"{word}"' for name, word in said.items())
    return f"RAYYAN-INCLUSION: {{{pairs}}}"


class Team:
    """A review whose exports carry labels: what lies in the folder, what the protocol says, and its ledger."""

    def __init__(self, make: Any, root: Path, what: list[dict[str, Any]] | None = None) -> None:
        self.make, self.root = make, root
        self.what = [RAYYAN] if what is None else what
        self.files: dict[str, list[list[tuple[str, str]]]] = {}
        self.review: Review = make.review()
        self.doubts: list[Row] = []

    def entries(self) -> list[Row]:
        """An entry for each list of tags, the nth of a file always the same item."""
        return [
            self.make.entry(
                f"The title of {NAMES[at]}", tags=json.dumps(tags), file=file, number=str(at + 1), encoding="utf-8",
                line_start=str(10 * at + 1), sha256=self.sha(file), source="scopus", doi=f"10.5555/{NAMES[at].lower()}",
            )
            for file, entries in self.files.items()
            for at, tags in enumerate(entries)
        ]  # fmt: skip

    def sha(self, file: str) -> str:
        return repr(self.files[file])

    def id(self, name: str) -> str:
        return next(row["content_id"] for row in self.all() if row["title"].endswith(f" {name}"))

    def all(self) -> list[Row]:
        return [self.make.entry(f"The title of {name}", doi=f"10.5555/{name.lower()}") for name in NAMES]

    def told(self) -> dict[str, Any]:
        plain = {"name": "Scopus", "kind": "database", "files": ["*"]}
        review = self.make.review(sources={"scopus": {**plain, "decisions": self.what}})
        return imports.told(review.sources, {name: ["scopus"] for name in self.files}, "title_abstract", self.sha)

    def run(self) -> int:
        """One pass of `collect`: the answers that were taken."""
        form = forms.form("title_abstract", self.review)
        reasons = [one.id for one in self.review.criteria.exclude]
        told = self.told()
        with ledger.locked(self.root) as book:
            before = imports.key("k", book.events, told)
            self.doubts, taken = collect.take_exports(
                book, "title_abstract", told, lambda: imports.read(self.entries(), told, form, reasons)
            )
            assert imports.key("k", book.events, told) == before  # what a run does makes no other run needed
        _checked(schemas.PROBLEMS, self.doubts)
        return taken

    @property
    def events(self) -> list[ledger.Event]:
        return ledger.read_events(self.root)

    def decisions(self) -> dict[tuple[str, str], str]:
        """(person, name of the item) -> answer that stands."""
        rows = collect.decision_rows(self.events)
        _checked(schemas.DECISIONS, rows)
        return {(row["person"], row["title"][-1]): row["decision"] for row in rows}

    def problems(self, waits: str = "") -> list[str]:
        return [
            f"{row['file']}:{row['cell']}: {row['problem']}"
            for row in self.doubts
            if not waits or row["waits"] == waits
        ]


@pytest.fixture
def team(make: Any, tmp_path: Path) -> Team:
    return Team(make, tmp_path / "ledger")


def test_without_the_protocol_nothing_enters_the_ledger(team: Team) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    team.what = []
    assert team.told() == {}
    assert team.run() == 0
    assert team.events == []
    team.what = [RAYYAN]  # a control: with it the same file gives a decision
    assert team.run() == 1
    assert team.decisions() == {("anna", "A"): "include"}


def test_labels_become_answers_once(team: Team) -> None:
    team.files = {
        "r.csv": [[("notes", note(Anna_Z="Included", Ben="Excluded"))], [("notes", note(Anna_Z="Maybe"))], []]
    }
    assert team.run() == 3
    said = {("anna", "A"): "include", ("ben", "A"): "exclude", ("anna", "B"): "unsure"}
    assert team.decisions() == said
    assert (team.run(), len(team.events), team.decisions()) == (0, 1, said)
    assert team.problems() == []
    team.files = {"renamed.csv": team.files["r.csv"]}
    assert (team.run(), len(team.events)) == (0, 1)  # the same bytes under another name


def test_the_ledger_says_where_an_answer_comes_from(team: Team) -> None:
    team.files = {"r.csv": [[], [("notes", note(Anna_Z="Included"))]]}
    team.run()
    assert [line.partition("  ")[2] for line in history.of_record(team.events, {team.id("B")})] == [
        f"000001  title_abstract: anna decided `include` for {team.id('B')}, in data/raw/exports/r.csv at line 11 (`Anna Z: Included`)"
    ]
    (row,) = history.flat(team.events)
    assert (row["batch"], row["person"], row["file"], row["cell"]) == (
        "ta-import",
        "anna",
        "data/raw/exports/r.csv",
        "line 11",
    )


UNKNOWN = [
    (
        "a name",
        note(Anna_Z="Included", Carla="Included"),
        {("anna", "A"): "include"},
        "`Carla` labels an entry (line 1), but `people` does not say who that is; name them there, or list it under `ignore`",
    ),
    (
        "a label",
        note(Anna_Z="Undecided"),
        {},
        "`Undecided` is the label of an entry (line 1), but `answers` does not say what it means; say it there, or list it under `ignore`",
    ),
    (
        "a reason",
        f"{note(Anna_Z='Excluded', Ben='Included')} | RAYYAN-EXCLUSION-REASONS: too old",
        {("ben", "A"): "include"},
        "`too old` is a reason given for an entry (line 1), but `reasons` does not say which criterion it is; say it there, or list it under `ignore`",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "said", "taken", "problem"), UNKNOWN, ids=[case[0] for case in UNKNOWN])
def test_what_the_protocol_does_not_name_is_told_with_its_line_and_never_guessed(
    team: Team, what: str, said: str, taken: dict[tuple[str, str], str], problem: str
) -> None:
    team.files = {"r.csv": [[("notes", said)]]}
    team.run()
    assert team.decisions() == taken
    assert team.problems("row") == [f"data/raw/exports/r.csv:line 1: {problem}"]
    team.run()
    assert team.problems("row") == [f"data/raw/exports/r.csv:line 1: {problem}"]  # as long as it is so
    team.what = [{**RAYYAN, "ignore": ["Carla", "Undecided", "Too old"]}]
    team.run()
    assert team.problems() == []


def test_many_entries_with_one_unknown_label_are_one_problem(team: Team) -> None:
    team.files = {"r.csv": [[("notes", note(Carla="Included"))]] * 3}
    team.run()
    (problem,) = team.problems()
    assert "`Carla` labels 3 entries (line 1, line 11, line 21)" in problem


def test_reasons_are_criteria_in_their_order(team: Team) -> None:
    team.what = [{**RAYYAN, "reasons": {"no data, at all": "design", "off topic": "topic"}}]
    team.files = {
        "r.csv": [[("notes", f"{note(Anna_Z='Excluded')} | RAYYAN-EXCLUSION-REASONS: no data, at all,off topic")]]
    }
    team.run()
    (row,) = collect.decision_rows(team.events)
    assert (row["decision"], row["reason"], row["note"]) == ("exclude", "topic", "also: design")


def test_a_name_that_is_mapped_later_adds_and_changes_nothing_else(team: Team) -> None:
    team.what = [{**RAYYAN, "people": {"Anna Z": "anna"}}]
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included", Ben="Excluded"))]]}
    team.run()
    assert team.decisions() == {("anna", "A"): "include"}
    team.what = [RAYYAN]
    team.run()
    assert team.decisions() == {("anna", "A"): "include", ("ben", "A"): "exclude"}
    assert team.problems() == []


def test_a_changed_export_is_taken_and_told(team: Team) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))], [("notes", note(Anna_Z="Maybe"))]]}
    team.run()
    team.files = {"r.csv": [[("notes", note(Anna_Z="Excluded"))], [("notes", note(Anna_Z="Maybe"))]]}
    assert team.run() == 2
    assert team.decisions() == {("anna", "A"): "exclude", ("anna", "B"): "unsure"}
    told = (
        f"an answer changed since exports were last read: r.csv:line 1 ({team.id('A')}, anna): `include`, now `exclude`"
    )
    assert team.problems("nothing") == [f"data/raw/exports:: {told}"]
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))], [("notes", note(Anna_Z="Maybe"))]]}
    team.run()  # the first one again: the last word counts, not the first
    assert team.decisions()[("anna", "A")] == "include"


@pytest.mark.parametrize("how", ["the label is gone", "the entry is gone", "nobody is mapped", "the file is gone"])
def test_what_was_decided_stands_when_the_export_says_it_no_more(team: Team, how: str) -> None:
    other = [("notes", note(Ben="Included"))]
    team.files = {"r.csv": [other, [("notes", note(Anna_Z="Included"))]], "s.csv": [other]}
    team.run()
    team.files["r.csv"] = [other, []] if how == "the label is gone" else [other]
    if how == "nobody is mapped":
        team.files["r.csv"] = [other, [("notes", note(Anna_Z="Included"))]]
        team.what = [{**RAYYAN, "people": {"Ben": "ben"}, "ignore": ["Anna Z"]}]
    elif how == "the file is gone":
        del team.files["r.csv"]
    team.run()
    assert team.decisions() == {("ben", "A"): "include", ("anna", "B"): "include"}
    (told,) = team.problems("nothing")
    assert f"an answer of anna that came with exports is in none any more: {team.id('B')} (`include`)." in told
    assert team.problems("row") == []


def test_a_mapping_that_is_taken_out_leaves_all_and_says_so(team: Team) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    team.run()
    team.what = []
    assert team.run() == 0
    assert team.decisions() == {("anna", "A"): "include"}
    assert team.problems("nothing") == [
        "data/raw/exports:: an answer came with exports, of whose labels the protocol does not speak any more; all stands"
    ]
    assert imports.problems("title_abstract", team.events, None) == []  # collect by hand, without a word on labels
    team.what = [RAYYAN]
    team.run()
    assert team.problems() == []


def test_only_the_word_withdraw_takes_an_answer_back(team: Team) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    team.run()
    team.what = [{**RAYYAN, "answers": {"Included": "withdraw"}}]
    team.run()
    assert team.decisions() == {("anna", "A"): "withdraw"}
    assert folder.answered(team.events) == set()
    assert team.problems() == []
    team.files = {"r.csv": [[]]}
    team.run()
    assert team.problems("nothing") == []  # nothing stands that could be missed


def test_files_that_contradict_each_other_wait_and_the_earlier_answer_stands(team: Team) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    team.run()
    team.files["s.csv"] = [[("notes", note(Anna_Z="Excluded"))]]
    assert team.run() == 0
    assert team.decisions() == {("anna", "A"): "include"}
    assert team.problems("row") == [
        "data/raw/exports/r.csv:line 1: anna says `include` in r.csv at line 1, but anna says `exclude` in s.csv at line 1; "
        "make them agree in the program, and export again"
    ]


def test_a_wrong_place_for_labels_is_told(team: Team) -> None:
    team.what = [{"stage": "title_abstract", "labels": "Desicion", "person": "anna", "answers": {"yes": "include"}}]
    team.files = {"r.csv": [[("Decision", "yes")]]}
    team.run()
    assert team.problems("file") == ["data/raw/exports/r.csv:: no entry has a label of `Desicion`; is `labels` right?"]


def test_a_file_of_what_was_included_says_so_for_all_its_entries(team: Team) -> None:
    def all_of(file: str, answer: str) -> dict[str, Any]:
        plain = {"stage": "title_abstract", "labels": "covidence", "person": "ben", "unlabelled": answer}
        return {**plain, "files": [file], "answers": {"Excluded": "exclude"}, "reasons": {"no data": "design"}}

    team.what = [all_of("in*.csv", "include"), all_of("out.csv", "exclude")]
    team.files = {"included.csv": [[]], "out.csv": [[("Title", "not A")], [("Notes", "Exclusion reason: no data; x")]]}
    team.files["out.csv"] = [[("Tags", "Excluded")], *team.files["out.csv"][1:]]
    team.files["included.csv"] = [[], [], []]
    team.run()
    assert team.decisions() == {("ben", "C"): "include"}  # A and B are in both: they wait
    assert len(team.problems("row")) == 2
    swapped = imports.digest(team.told())
    team.files = {"included.csv": team.files["out.csv"], "out.csv": team.files["included.csv"]}
    assert imports.digest(team.told()) != swapped  # which file is which is part of what is read


def test_a_pattern_that_is_about_no_file_is_an_error(team: Team) -> None:
    team.what = [{**RAYYAN, "files": ["s.csv"]}]
    team.files = {"r.csv": []}
    with pytest.raises(ScopingError, match=r"sources\.scopus\.decisions names the file 's\.csv'.*its files are r\.csv"):
        team.told()


def test_a_file_that_changes_during_the_run_stops_it(team: Team) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    told = team.told()
    rows = [{**row, "sha256": "another"} for row in team.entries()]
    form = forms.form("title_abstract", team.review)
    with pytest.raises(ScopingError, match=r"r\.csv: was being saved or copied during the run; run again"):
        imports.read(rows, told, form, [])
    assert imports.read(team.entries(), told, form, []).labels  # a control


def test_a_full_text_exclusion_needs_its_reason(make: Any) -> None:
    what = {**RAYYAN, "stage": "full_text"}
    told = {
        "scopus": {"decisions": [ExportedDecisions.model_validate(what).model_dump(mode="json")], "files": {"r": "1"}}
    }
    tags = json.dumps([["notes", note(Anna_Z="Excluded", Ben="Included")]])
    entry = make.entry(tags=tags, file="r", sha256="1", encoding="workbook")
    found = imports.read([entry], told, forms.form("full_text", make.review()), ["topic", "design"])
    assert [(cell, what) for _, cell, _, what in found.held] == [
        ("row 1", "anna: excluded without a reason; choose one of the list")
    ]
    assert list(found.labels) == ["ben"]


def test_an_entry_that_nothing_identifies_gives_no_decision(team: Team) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    rows = [{**row, "status": "rejected"} for row in team.entries()]
    found = imports.read(rows, team.told(), forms.form("title_abstract", team.review), [])
    assert (found.labels, len(found.held)) == ({}, 1)


# --- what comes of them -----------------------------------------------------------------------------------------------


def states(team: Team, records: list[Row], *more: ledger.Event) -> dict[str, tuple[str, list[str]]]:
    """Record id -> state and who made it, of imports and more events; two people are needed."""
    decisions = collect.decision_rows([*team.events, *more])
    ids = [row["record_id"] for row in records]
    rules = resolve.Rules(dict.fromkeys(ids, 2), unsure_includes=False, reasons=["topic", "design"])
    found, _ = resolve.screening(records, decisions, ids, rules)
    return {row["record_id"]: (row["state"], json.loads(row["decided_by"])) for row in found}


def test_people_who_differ_in_an_export_are_a_conflict_like_any_other(team: Team, make: Any) -> None:
    team.files = {
        "r.csv": [
            [("notes", note(Anna_Z="Included", Ben="Excluded"))],
            [("notes", note(Anna_Z="Included", Ben="Included"))],
        ]
    }
    team.run()
    records = [make.record(team.id("A")), make.record(team.id("B")), make.record(team.id("C"))]
    assert [state for state, _ in states(team, records).values()] == ["conflict", "include", "pending"]


def test_a_decision_counts_for_the_record_that_the_entry_was_joined_to(team: Team, make: Any) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included", Ben="Included"))]]}
    team.run()
    assert states(team, [make.record("ANOTHER", team.id("A"))]) == {"ANOTHER": ("include", ["anna", "ben"])}
    team.files["r.csv"].append([("notes", note(Anna_Z="Excluded"))])
    team.run()  # entries of one record that were decided differently
    assert states(team, [make.record("R", team.id("A"), team.id("B"))])["R"][0] == "conflict"


@pytest.mark.parametrize(
    ("on_sheet", "wanted"), [("exclude", "conflict"), ("include", "include"), ("withdraw", "pending")]
)
@pytest.mark.parametrize("first", ["sheet", "export"])
def test_a_sheet_has_the_last_word_whichever_was_first(
    team: Team, make: Any, first: str, on_sheet: str, wanted: str
) -> None:
    """Ben includes, and so does Anna's export; her sheet, about another entry of the record, says something."""
    sheet = [make.issued("ta01", ["anna"], ["S"]), make.read("ta01.anna", {"S": on_sheet}, "1" * 64)]
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included", Ben="Included"))]]}
    team.run()
    events = [*sheet, *team.events] if first == "sheet" else [*team.events, *sheet]
    record = make.record("R", team.id("A"), "S")
    rows, known = collect.decision_rows(events), record_ids.aliases([record])
    found, _ = resolve.screening([record], rows, ["R"], resolve.Rules({"R": 2}, unsure_includes=False, reasons=()))
    assert found[0]["state"] == wanted
    assert [row["person"] for row in rows if row not in imports.counting(rows, known)] == ["anna"]
    alone = [row for row in rows if row["sheet"] != "ta01.anna"]
    assert imports.counting(alone, known) == alone  # a control
    told = imports.overruled(rows, known)
    _checked(schemas.PROBLEMS, told)
    said = f"anna's sheet says `{on_sheet}` of S ('The title of A'), an export `include`; the sheet counts"
    assert [row["problem"] for row in told] == ([] if on_sheet == "include" else [said])


def test_imported_answers_count_for_agreement_and_a_sheet_outranks_them_there_too(team: Team, make: Any) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included", Ben="Excluded"))]]}
    team.run()
    id_ = team.id("A")
    rows = collect.independent_rows(team.events)
    _checked(schemas.INDEPENDENT, rows)
    assert {row["purpose"] for row in rows} == {"import"}

    def compared(rows: list[Row]) -> dict[str, dict[str, str | None]]:
        return ratings(answers(rows, {id_: id_}), lambda answer: answer.decision)

    assert compared(rows) == {id_: {"anna": "include", "ben": "exclude"}}
    sheet = [make.issued("ta01", ["anna"], [id_]), make.read("ta01.anna", {id_: "exclude"}, "1" * 64)]
    assert compared(collect.independent_rows([*sheet, *team.events])) == {id_: {"anna": "exclude", "ben": "exclude"}}


def due(team: Team, make: Any, pilot: int, *ids: str) -> list[batches.Batch]:
    events = team.events
    records = [make.record(id_) for id_ in ids]
    pending = {id_ for id_, (state, _) in states(team, records).items() if state == "pending"}
    order = [{"position": str(at), "record_id": id_, "score": "0"} for at, id_ in enumerate(ids, 1) if id_ in pending]
    now = issue.Situation(
        records, folder.issued(events), folder.answered(events), imported=folder.imported(events)
    )  # fmt: skip
    stages = make.review().stages.model_dump(mode="json")
    stages["title_abstract"]["pilot"] = pilot
    return issue.title_abstract(now, [], [], order, make.review(stages=stages))


def test_nobody_gets_a_sheet_with_what_they_decided_elsewhere(team: Team, make: Any) -> None:
    ids = [team.id(name) for name in NAMES]
    without = due(team, make, 0, *ids)
    assert {person: set(items) for batch in without for person, items in batch.sheets.items()} == {
        "anna": set(ids),
        "ben": set(ids),
    }
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))], [("notes", note(Anna_Z="Included", Ben="Included"))]]}
    team.run()
    given: dict[str, set[str]] = {"anna": set(), "ben": set()}
    for batch in due(team, make, 0, *ids):
        for person, items in batch.sheets.items():
            given[person] |= set(items)
    assert given == {"anna": {ids[2]}, "ben": {ids[0], ids[2]}}


def test_an_import_is_no_batch_that_somebody_works_on_and_takes_the_place_of_no_pilot(team: Team, make: Any) -> None:
    ids = [team.id(name) for name in NAMES]
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    team.run()
    (batch,) = due(team, make, 2, *ids)
    assert (batch.batch, batch.purpose, set(batch.items)) == ("ta01-pilot", "pilot", set(ids[1:]))
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]] * 3}
    team.run()  # nothing is left to try: the other half goes out without a pilot
    (batch,) = due(team, make, 2, *ids)
    assert (batch.purpose, batch.people, set(batch.items)) == ("main", ("ben",), set(ids))


def test_a_withdrawn_import_is_asked_again(team: Team, make: Any) -> None:
    id_ = team.id("A")
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included", Ben="Included"))]]}
    team.run()
    assert due(team, make, 0, id_) == []
    team.what = [{**RAYYAN, "answers": {"Included": "withdraw"}}]
    team.run()
    (batch,) = due(team, make, 0, id_)
    assert set(batch.people) == {"anna", "ben"}


def test_a_decision_whose_export_is_gone_is_an_orphan_with_its_own_remedy(team: Team, make: Any) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    team.run()
    _, lost = record_ids.known_ids([make.record("OTHER")], collect.decision_rows(team.events))
    told = record_ids.orphan_problem("title_abstract", lost[0])["problem"]
    assert "put the export back; to take the decision back then, have the protocol read its label as `withdraw`" in told
    assert record_ids.known_ids([make.record("R", doi="10.5555/a")], collect.decision_rows(team.events))[1] == []


def test_keys_of_stages_without_labels_are_those_of_their_sheets(team: Team) -> None:
    assert imports.key("k", [], {}) == "k"
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    first = imports.key("k", team.events, team.told())
    assert first != "k"
    team.run()
    assert imports.key("k", team.events, team.told()) == first  # the run changes nothing about what is to be done
    assert imports.key("k", team.events, {}) != first
    team.files = {"r.csv": [[("notes", note(Anna_Z="Excluded"))]]}
    assert imports.key("k", team.events, team.told()) != first


def test_labels_that_the_ledger_has_lost_are_taken_again(team: Team, tmp_path: Path) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    team.run()
    receipt = tmp_path / "title_abstract-key"
    receipt.write_text(ledger.receipt("key", team.events), encoding="utf-8")
    ledger.check_receipt(receipt, team.events)
    assert receipt.exists()
    max((team.root / "events").iterdir()).unlink()
    ledger.check_receipt(receipt, team.events)
    assert not receipt.exists()
    ledger.check_receipt(receipt, team.events)  # as on the first run
    for other in ("key\n", "", "key three x\n"):  # as an earlier version wrote it; damaged
        receipt.write_text(other, encoding="utf-8")
        ledger.check_receipt(receipt, team.events)
        assert not receipt.exists()
    assert team.run() == 1


def test_a_person_who_was_mapped_wrongly_is_put_right_in_two_runs(team: Team) -> None:
    team.files = {"r.csv": [[("notes", note(Ben="Included"))]]}
    team.what = [{**RAYYAN, "people": {"Ben": "anna"}}]
    team.run()
    team.what = [{**RAYYAN, "people": {"Ben": "anna"}, "answers": {"Included": "withdraw"}}]
    team.run()
    team.what = [{**RAYYAN, "people": {"Ben": "ben"}}]
    team.run()
    assert team.decisions() == {("anna", "A"): "withdraw", ("ben", "A"): "include"}
    assert team.problems() == []


def test_what_an_export_changes_later_is_not_independent_any_more(team: Team, make: Any) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]]}
    team.run()
    id_ = team.id("A")
    sheet = [make.issued("ta01", ["ben"], [id_]), make.read("ta01.ben", {id_: "exclude"}, "1" * 64)]
    at = len(team.events)
    team.files = {"r.csv": [[("notes", note(Anna_Z="Excluded"))]]}
    team.run()
    events = [*team.events[:at], *sheet, *team.events[at:]]
    said = {row["person"]: row["decision"] for row in collect.independent_rows(events)}
    assert said == {"anna": "include", "ben": "exclude"}
    assert folder.decisions(events)["ta-import.anna", id_]["decision"] == "exclude"


def test_the_progress_page_has_what_people_decided_elsewhere(team: Team, make: Any) -> None:
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))], [("notes", note(Anna_Z="Maybe"))]]}
    team.run()
    known = {team.id(name): team.id(name) for name in NAMES}
    states = {"title_abstract": dict.fromkeys(known, "pending")}
    material = progress_page.Material(team.events, [], collect.independent_rows(team.events), known, states)
    (stage,) = progress_page.stages(material)
    assert [(work.person, work.task, work.sheets, work.answered) for work in stage.people] == [
        ("anna", "from exports", 0, 2)
    ]
    assert (stage.total, stage.in_work) == (3, 0)
    assert "from exports" in progress_page.html([stage], title="T", notice="", names={})


def test_nobody_waits_for_rows_that_were_answered_elsewhere(team: Team, make: Any) -> None:
    a, b, c = (team.id(name) for name in NAMES)
    team.files = {"r.csv": [[("notes", note(Anna_Z="Included"))]] * 3}
    team.run()
    events = [
        *team.events,
        make.issued("ta01-pilot", ["anna", "ben"], [a], purpose="pilot"),
        make.issued("ta02", ["anna", "ben"], ["S", b]),
        make.issued("ta03", ["anna"], [c]),
        make.read("ta03.anna", {c: "withdraw"}, "1" * 64),
    ]
    now = issue.Situation(
        [make.record(a, "S"), make.record(b), make.record(c)],
        folder.issued(events),
        folder.answered(events),
        imported=folder.imported(events),
    )
    said = folder.decisions(events).keys()
    assert issue.elsewhere(now, said) == {("ta02.anna", "S"), ("ta02.anna", b)}
    assert issue.elsewhere(replace(now, imported={}), said) == set()  # a control
