"""What `scoping status` says."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scoping import ledger, progress, schemas, tables
from scoping.errors import ScopingError
from scoping.schemas_records import RECORD_FLAGS
from scoping.schemas_studies import STUDIES, STUDY_PAIRS
from scoping.screening_schemas import SCREENING_HEALTH


@pytest.fixture
def review(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/review.yaml").write_text("title: x")
    return tmp_path


def test_no_review_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScopingError, match="there is no review here"):
        progress.text(tmp_path)


def test_a_fresh_review_says_what_to_run(review: Path) -> None:
    assert progress.text(review) == "Nothing has been run yet.\n\nNext: run `snakemake --cores 4`."


def test_it_says_who_has_what_and_what_to_look_at(review: Path, make: Any) -> None:
    done = review / "data/processed"
    rows = [
        make.entry_record("A-s-1", "A"),
        make.entry_record("A-s-2", "A", "duplicate"),
        make.entry_record("X-s-1", "", "rejected", file="s.ris", line_start="7"),
    ]
    tables.write(done / "entry_records.csv", schemas.ENTRY_RECORDS, rows)
    tables.write(done / "title_abstract/states.csv", schemas.STATES, [make.state("A", "pending")])
    with ledger.locked(review / "data/raw/ledger") as book:
        issued = make.issued("ta01", ["anna", "ben"], ["A"])
        book.append("issued", **{key: value for key, value in issued.items() if key != "kind"})
        read = make.read("ta01.anna", {"A": "include"}, "a" * 64)
        book.append("read", **{key: value for key, value in read.items() if key != "kind"})
    said = progress.text(review)
    assert "Identified           3 entries -> 1 record (1 duplicate, 1 unreadable)" in said
    assert "Title and abstract   1 record: 1 to do" in said
    assert "ben          data/raw/sheets/title_abstract/ta01_ben.xlsx: 0 of 1 answered" in said
    assert "anna" not in said.partition("Who has which sheet")[2].partition("Next")[0]
    assert "data/raw/exports/s.ris:7: nothing identifies this entry; it counts as unreadable" in said
    assert said.endswith("Next: waiting for ben; when a sheet is saved, run `snakemake --cores 4`.")
    problem = dict.fromkeys(schemas.PROBLEMS.names, "") | {
        "stage": "title_abstract", "file": "x.xlsx", "cell": "Screening!A9", "waits": "row", "problem": "what is `Inclde`",
    }  # fmt: skip
    tables.write(done / "title_abstract/problems.csv", schemas.PROBLEMS, [problem])
    said = progress.text(review)
    assert "  data/raw/sheets/title_abstract/x.xlsx:Screening!A9: what is `Inclde` (this row waits)" in said
    assert said.endswith("Next: mend what PLEASE LOOK names, then run `snakemake --cores 4`.")
    remark = problem | {"waits": "nothing", "cell": "", "problem": "the rows were sorted"}
    tables.write(done / "title_abstract/problems.csv", schemas.PROBLEMS, [remark])
    said = progress.text(review)
    assert "  data/raw/sheets/title_abstract/x.xlsx: the rows were sorted" in said
    assert "PLEASE LOOK" not in said  # a remark is nothing to mend
    assert said.endswith("Next: waiting for ben; when a sheet is saved, run `snakemake --cores 4`.")


def test_a_finished_review_says_so_and_one_without_adjudicator_too(review: Path, make: Any) -> None:
    done = review / "data/processed"
    tables.write(done / "entry_records.csv", schemas.ENTRY_RECORDS, [make.entry_record("A-s-1", "A")])
    tables.write(done / "title_abstract/states.csv", schemas.STATES, [make.state("A", "exclude")])
    assert progress.text(review).endswith("Next: the review is finished; the reports are in reports/.")
    tables.write(done / "title_abstract/states.csv", schemas.STATES, [make.state("A", "conflict")])
    assert "name an adjudicator" in progress.text(review)


def test_long_lists_are_cut_and_say_where_the_rest_is(review: Path) -> None:
    done = review / "data/processed"
    rows = [
        dict.fromkeys(schemas.TEXTS.names, "") | {"file": f"f{number:02}.pdf", "status": "ok"} for number in range(20)
    ]
    tables.write(done / "texts.csv", schemas.TEXTS, rows)
    said = progress.text(review)
    assert said.count("belongs to no report") == progress.MOST
    assert "… and 8 more, see data/processed/*/problems.csv" in said


def row(table: schemas.Table, **fields: str) -> tables.Row:
    return dict.fromkeys(table.names, "") | fields


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        (0, "record", "0 records"),
        (1, "record", "1 record"),
        (1204, "entry", "1,204 entries"),
        (2, "study", "2 studies"),
    ],
)
def test_count(number: int, unit: str, words: str) -> None:
    assert progress.count(number, unit) == words


def test_open_and_answered_pairs(review: Path) -> None:
    path = review / "data/processed/duplicate_pairs.csv"
    pairs = [
        row(schemas.DUPLICATE_PAIRS, a="A", b="B", band="ask", open="yes"),
        row(schemas.DUPLICATE_PAIRS, a="A", b="C", band="ask", answer="same"),
        row(schemas.DUPLICATE_PAIRS, a="A", b="D", band="same"),
    ]
    tables.write(path, schemas.DUPLICATE_PAIRS, pairs)
    assert "Possible duplicates  1 pair answered, 1 open" in progress.text(review)
    tables.write(path, schemas.DUPLICATE_PAIRS, pairs[2:])
    assert "Possible duplicates" not in progress.text(review)


def test_conflicts_about_duplicates_late_ones_and_a_check_are_said(review: Path, make: Any) -> None:
    done = review / "data/processed"
    pairs = [
        row(schemas.DUPLICATE_PAIRS, a="A", b="B", band="ask", answer="conflict", open="yes"),
        row(schemas.DUPLICATE_PAIRS, a="A", b="C", band="ask", answer="same"),
    ]
    tables.write(done / "duplicate_pairs.csv", schemas.DUPLICATE_PAIRS, pairs)
    entries = [make.entry_record("A-1", "A"), make.entry_record("C-1", "A", "duplicate", content_id="C")]
    tables.write(done / "entry_records.csv", schemas.ENTRY_RECORDS, entries)
    tables.write(
        done / "title_abstract/states.csv", schemas.STATES, [make.state("A", "include", decided_ids='["A","C"]')]
    )
    checks = [
        row(schemas.DUPLICATE_CHECKS, a="A", b=b, kind="merged", stratum="rule", drawn=drawn, answer=answer)
        for b, drawn, answer in (("C", "yes", "same"), ("D", "yes", ""), ("E", "", ""))
    ]
    tables.write(done / "duplicates/checks.csv", schemas.DUPLICATE_CHECKS, checks)
    said = progress.text(review)
    assert "Possible duplicates  1 pair answered, 0 open, 1 in conflict" in said
    assert "check of what was decided without asking: 1 of 2 pairs answered" in said
    assert "1 duplicate found late, both screened as records before; one record each now: A" in said


def test_studies_are_named_where_they_are_more_than_a_count_of_reports(review: Path, make: Any) -> None:
    out = review / "data/processed"
    tables.write(out / "studies.csv", STUDIES, [make.study("A"), make.study("B")])
    assert "Studies" not in progress.text(review), "each report a study, and nobody is asked"
    linked = [make.study("A", "A", "Hub", "Pool"), make.study("B", "A"), make.study("C", asked="yes")]
    tables.write(out / "studies.csv", STUDIES, linked)
    pair = row(STUDY_PAIRS, a="A", b="C", score="3", people="[]", open="yes")
    tables.write(out / "study_pairs.csv", STUDY_PAIRS, [pair])
    said = progress.text(review)
    assert (
        "Studies and models   3 reports of 2 studies; 1 study with several models; 1 pair open; "
        "models of 1 study not counted yet (one until then)"
    ) in said


def test_a_problem_of_no_sheet_is_named_with_its_stage(review: Path) -> None:
    problem = {"stage": "studies", "waits": "row", "problem": "answers contradict each other"}
    path = review / "data/processed/studies/orphans.csv"
    tables.write(path, schemas.PROBLEMS, [row(schemas.PROBLEMS, **problem)])
    assert "data/raw/sheets/studies: answers contradict each other (this row waits)" in progress.text(review)


def test_every_state_of_a_stage_is_named(review: Path, make: Any) -> None:
    states = ["include", "include", "exclude", "not_retrieved", "conflict", "pending"]
    rows = [make.state(str(number), state) for number, state in enumerate(states)]
    tables.write(review / "data/processed/full_text/states.csv", schemas.STATES, rows)
    said = progress.text(review)
    assert "Full text            6 reports: 2 included, 1 excluded, 1 not retrieved, 1 in conflict, 1 to do" in said


CELLS = [
    (["coded", "coded"], "2 of 2 cells settled", "the review is finished"),
    (["coded", "pending"], "1 of 2 cells settled, 1 to do", "not everything is decided"),
    (["coded", "conflict"], "1 of 2 cells settled, 1 in conflict", "not everything is decided"),
]


@pytest.mark.parametrize(("states", "line", "then"), CELLS)
def test_a_review_with_open_cells_is_not_finished(
    review: Path, make: Any, states: list[str], line: str, then: str
) -> None:
    rows = [make.cell("A", code, state) for code, state in zip(("POP", "LEV"), states, strict=True)]
    tables.write(review / "data/processed/coding/cells.csv", schemas.CELLS, rows)
    said = progress.text(review)
    assert f"Coding               1 report: {line}\n" in said
    assert then in said.rpartition("Next: ")[2]


def test_quotes_that_want_a_look_are_counted(review: Path, make: Any) -> None:
    verdicts = ["verbatim", "near", "near", "missing", "no text", ""]
    rows = [make.cell("A", f"C{n}", "coded", verdict=verdict) for n, verdict in enumerate(verdicts)]
    path = review / "data/processed/coding/cells.csv"
    tables.write(path, schemas.CELLS, rows)
    assert "quotes to look at: 2 near, 1 missing, 1 no text (data/processed/coding/cells.csv)" in progress.text(review)
    tables.write(path, schemas.CELLS, rows[:1])
    assert "quotes to look at" not in progress.text(review)


def test_waiting_names_sheets_that_are_not_finished(make: Any) -> None:
    events = [
        make.issued("ta01", ["anna", "ben"], ["A", "B"]),
        make.issued("ft01", ["carl"], ["A"], stage="full_text"),
        make.read("ta01.anna", {"A": "include", "B": "exclude"}, "1"),
        make.read("ta01.ben", {"A": "include", "B": "withdraw"}, "2"),
    ]
    assert [(info.sheet, done) for info, done in progress.waiting(events, set())] == [("ta01.ben", 1), ("ft01.carl", 0)]
    assert [info.sheet for info, _ in progress.waiting(events, {"ta01.ben"})] == ["ft01.carl"], "ben left"


def test_several_people_are_waited_for(review: Path, make: Any) -> None:
    tables.write(review / "data/processed/title_abstract/states.csv", schemas.STATES, [make.state("A", "pending")])
    with ledger.locked(review / "data/raw/ledger") as book:
        for batch, people in (("ta01", ["ben", "anna"]), ("ta02", ["anna"])):
            event = make.issued(batch, people, ["A"])
            book.append("issued", **{key: value for key, value in event.items() if key != "kind"})
    assert "Next: waiting for anna and ben; when a sheet is saved" in progress.text(review)


def test_what_does_not_add_up_in_the_exports_is_said(review: Path) -> None:
    receipt = row(schemas.RECEIPTS, file="s.ris", source="scopus", found="18", warnings='["was it cut off?"]')
    path = review / "data/processed/entries/s.receipts.csv"
    tables.write(path, schemas.RECEIPTS, [{**receipt, "reported": "19"}])
    said = progress.text(review)
    assert "  data/raw/exports/s.ris: was it cut off?" in said
    assert "  scopus: 19 hits are reported in config/review.yaml, 18 entries found" in said
    more = {**receipt, "file": "t.ris", "found": "1", "reported": "19", "warnings": "[]"}
    tables.write(path.with_name("t.receipts.csv"), schemas.RECEIPTS, [more])
    assert "hits are reported" not in progress.text(review), "the files of a source count together"


def test_a_text_that_cannot_be_used_and_an_orphan_are_named(review: Path) -> None:
    done = review / "data/processed"
    text = row(schemas.TEXTS, file="x.pdf", record_id="R", status="empty", reason="no text layer: read by eye")
    tables.write(done / "texts.csv", schemas.TEXTS, [text])
    orphan = row(schemas.PROBLEMS, stage="coding", sheet="co01.anna", waits="row", problem="gone")
    tables.write(done / "coding/orphans.csv", schemas.PROBLEMS, [orphan])
    said = progress.text(review)
    assert "data/raw/fulltext/x.pdf: no text layer: read by eye (its quotes are checked on the abstract)" in said
    assert "  sheet co01.anna: gone (this row waits)" in said


def test_a_scan_does_not_keep_a_review_from_its_end(review: Path) -> None:
    scan = row(schemas.TEXTS, file="x.pdf", record_id="R", status="empty", reason="no text layer: read by eye")
    tables.write(review / "data/processed/texts.csv", schemas.TEXTS, [scan])
    said = progress.text(review)
    remark, _, rest = said.partition("PLEASE LOOK")
    assert "About full texts (nothing waits)\n  data/raw/fulltext/x.pdf: no text layer" in remark
    assert "x.pdf" not in rest
    broken = {**scan, "status": "failed", "reason": "damaged"}
    tables.write(review / "data/processed/texts.csv", schemas.TEXTS, [broken])
    assert "  data/raw/fulltext/x.pdf: damaged" in progress.text(review).partition("PLEASE LOOK")[2]


def test_how_full_texts_were_matched_and_which_are_in_doubt(review: Path) -> None:
    rows = [
        row(schemas.TEXTS, file="a.pdf", record_id="A", how="id", status="ok"),
        row(schemas.TEXTS, file="b.pdf", record_id="B", how="title", status="ok"),
        row(
            schemas.TEXTS,
            file="c.pdf",
            status="ok",
            candidates='["C","D"]',
            doubt="several reports have its title: C; D",
        ),
        row(
            schemas.TEXTS, file="d.pdf", status="empty", doubt="no report has its title or DOI", reason="no text layer"
        ),
    ]
    tables.write(review / "data/processed/texts.csv", schemas.TEXTS, rows)
    said = progress.text(review)
    assert "4 files: 1 matched by id, 1 by title, 2 without a report (data/processed/texts.csv)" in said
    do = "; rename it so that its name begins with the record id of its report"
    assert f"data/raw/fulltext/c.pdf: belongs to no report: several reports have its title: C; D{do}" in said
    assert f"data/raw/fulltext/d.pdf: belongs to no report: no report has its title or DOI (no text layer){do}" in said


def test_it_loads_nothing_heavy() -> None:
    code = (
        "import sys, pathlib; from scoping import progress\n"
        "print(*sorted({m.partition('.')[0] for m in sys.modules} & {'pandas', 'numpy', 'sklearn', 'matplotlib', 'pyarrow'}))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_a_pilot_that_fell_short_says_how_to_go_on(make: Any, tmp_path: Path) -> None:
    row = {
        "batch": "ta01-pilot", "people": "[]", "state": "below", "items": "25", "raw": "0.6400", "ac1": "0.4512",
        "threshold": "0.75", "by": "", "reason": "", "compared": "[]", "differ": "[]",
    }  # fmt: skip
    path = tmp_path / "data/processed/title_abstract/pilots.csv"
    path.parent.mkdir(parents=True)
    tables.write(path, schemas.PILOTS, [row])
    (line,) = progress._gates(tmp_path)
    assert line.startswith(
        "Title and abstract, pilot ta01-pilot: raw agreement is 64% of 25 items (AC1 0.45), 75% is asked for."
    )
    assert "stages.title_abstract.pilot_rounds to 2" in line
    tables.write(path, schemas.PILOTS, [{**row, "state": "passed", "by": "carl", "reason": "reworded"}])
    assert progress._gates(tmp_path) == []


def test_nobody_is_named_for_rows_of_codes_that_changed(
    review: Path, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ben's sheet has a blank row left; the table of issued sheets says that nothing on it is asked any more."""
    event = make.issued("co01", ["ben"], ["R:REL1", "R:REL2"], stage="coding")
    events = [event, make.read("co01.ben", {"R:REL1": "yes"}, "b", stage="coding")]
    monkeypatch.setattr(progress.ledger, "read_events", lambda _: events)
    fields = {
        "sheet": "co01.ben",
        "stage": "coding",
        "batch": "co01",
        "purpose": "main",
        "person": "ben",
        "file": "b.xlsx",
    }
    for items, answered, named in (("2", "1", True), ("1", "1", False)):
        rows = [row(schemas.ISSUED, **fields, items=items, answered=answered)]
        tables.write(review / "data/processed/coding/issued.csv", schemas.ISSUED, rows)
        assert ("Who has which sheet" in progress.text(review)) is named


def test_retractions_are_told_until_a_record_is_excluded_and_other_notices_of_included_reports(
    review: Path, make: Any
) -> None:
    done = review / "data/processed"
    flags = [("A", "retracted", "N"), ("B", "retracted", ""), ("C", "correction", "M"), ("D", "correction", "M")]
    rows = [
        {"record_id": id_, "flag": flag, "by": by, "why": "its title says so", "title": f"Title of {id_}"}
        for id_, flag, by in flags
    ]
    tables.write(done / "record_flags.csv", RECORD_FLAGS, rows)
    tables.write(
        done / "entry_records.csv", schemas.ENTRY_RECORDS, [make.entry_record(f"{id_}-s-1", id_) for id_ in "ABCD"]
    )
    states = {"A": "pending", "B": "exclude", "C": "include", "D": "include"}
    tables.write(done / "title_abstract/states.csv", schemas.STATES, [make.state(*state) for state in states.items()])
    tables.write(
        done / "full_text/states.csv", schemas.STATES, [make.state("C", "include"), make.state("D", "pending")]
    )
    told = progress.text(review).partition("(nothing is excluded)\n")[2].partition("\n\n")[0]
    assert told.splitlines() == [
        "  A retracted, by N (its title says so): Title of A",
        "  C correction, by M (its title says so): Title of C",
    ]


def test_it_says_what_could_be_claimed_while_screening_goes_on(review: Path, make: Any) -> None:
    def health(unread: str) -> None:
        said = {
            "Records screened": "40", "Records not screened": unread, "Rule of Callaghan and Müller-Hansen": "p = 0.4",
            "Random control sample": "–",
        }  # fmt: skip
        rows = [
            {"place": str(at), "measure": measure, "number": number, "words": f"Cannot claim {at}.", "ids": "[]"}
            for at, (measure, number) in enumerate(said.items(), 1)
        ]
        tables.write(review / "data/processed/title_abstract/health.csv", SCREENING_HEALTH, rows)

    health("12")
    assert "if it ended now: Cannot claim 3." in progress.text(review)
    health("0")
    assert "if it ended now" not in progress.text(review)
