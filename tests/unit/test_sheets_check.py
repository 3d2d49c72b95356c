"""`scoping sheets check`: a screener hears beforehand what `scoping collect` will say."""

import io

import openpyxl
import pytest
from click.testing import CliRunner

from scoping import folder, forms, ledger
from scoping.cli import group
from scoping.cli import sheets as command
from scoping.workbook import keys
from scoping.workbook.layout import Row, Sheet, Shown, Tab
from scoping.workbook.write import write

TITLES = ("The first title", "A second title", "A third title")


@pytest.fixture
def check(tmp_path, monkeypatch, make):
    """`check(change)`: what is said of the sheet after a change; anna has answered the first record before."""
    protocol, items = make.review(), [make.id(title) for title in TITLES]
    form = forms.form("title_abstract", protocol)
    rows = tuple(Row(item, (title,)) for item, title in zip(items, TITLES, strict=True))
    laid_out = Sheet("ta01.anna", "t", "h", "", form.inputs, (Shown("Title", 40),), (Tab("Screening", rows),))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "review", lambda *_: protocol)
    with ledger.locked(tmp_path / "data/raw/ledger") as book:
        for event in (
            make.issued("ta01", ["anna"], items, known_as={i: ["", t] for i, t in zip(items, TITLES, strict=True)}),
            make.read("ta01.anna", {items[0]: "include"}, "1" * 64),
        ):
            book.append(event.pop("kind"), **event)

    def said(change):
        book = openpyxl.load_workbook(io.BytesIO(write(laid_out)))
        tab = book["Screening"]
        at = {key.item: row for row in range(1, tab.max_row + 1) if (key := keys.find(str(tab.cell(row, 5).value)))}
        change(tab, [at[item] for item in items])
        book.save("mine.xlsx")
        return CliRunner().invoke(group, ["sheets", "check", "mine.xlsx"])

    return said


def decide(tab, rows):
    for row, word in zip(rows, ("include", "exclude", None), strict=True):
        tab.cell(row, 1).value = word


def test_a_sheet_that_will_be_taken(check):
    said = check(decide)
    assert (said.exit_code, said.output) == (
        0,
        "anna, ta01 (title_abstract): 2 of 3 answers; the file will be taken.\n",
    )


def swap(tab, rows):
    decide(tab, rows)
    tab.cell(rows[1], 4).value, tab.cell(rows[2], 4).value = TITLES[2], TITLES[1]


def blank(tab, rows):
    decide(tab, rows)
    tab.cell(rows[0], 1).value = None


def test_what_only_the_ledger_knows_is_said_too(check, monkeypatch):
    said = check(swap)
    assert said.exit_code == 1
    assert "but beside it stands what belongs to" in said.output
    assert "the file cannot be taken as it is" in said.output
    said = check(blank)
    assert (said.exit_code, "was `include`, is now blank; restore it" in said.output) == (0, True)
    assert "the file will be taken but for these rows" in said.output
    monkeypatch.setattr(folder, "judge", lambda *_: None)
    assert "cannot be taken" not in check(swap).output, "it is this look at the ledger that says so"
