"""What `scoping status` says."""

from pathlib import Path
from typing import Any

import pytest

from scoping import ledger, progress, schemas, tables
from scoping.errors import ScopingError


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
