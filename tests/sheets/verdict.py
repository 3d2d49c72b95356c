"""What became of the answers of an edited sheet: read as `scoping collect` reads it, and held against what was meant."""

from dataclasses import dataclass, field
from pathlib import Path

import desk

from scoping import collect, folder, forms
from scoping.workbook import keys


@dataclass
class Verdict:
    """`kind`: taken whole, taken but for some rows, or the file held. `wrong` and `lost` are items."""

    kind: str
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    said: str = ""
    accepted: int = 0


def truth(sheet, done, kind="xlsx"):
    """Item -> what should stand in the ledger; nothing where no answer is in the file."""
    items = {keys.make(sheet.id, item): item for item in sheet.items}
    meant = dict(sheet.meant) | {items[key]: tuple(texts) for key, texts in done.get("said", {}).items()}
    gone = {items[key] for key in done.get("removed", ())}
    expected = {}
    for item, texts in meant.items():
        found = None if item in gone else desk.settled(sheet, texts)
        if found:
            found |= dict.fromkeys(done.get("fields", ()), "")
            if kind == "csv-cp1252":  # what the character set does not have is a question mark in the file
                found = {name: text.encode("cp1252", "replace").decode("cp1252") for name, text in found.items()}
        expected[item] = found
    return expected


def read(sheet):
    """The reader of a sheet's stage."""
    form = forms.form(sheet.stage, desk.REVIEW)
    return lambda data: collect.version(data, form)


def judge(sheet, others, there, expected, book=None):
    """One run of `scoping collect` over a folder in which `there` (name -> bytes) lies; on a new ledger if none is given."""
    book = book or desk.Book(desk.issued(sheet, *others))
    found = collect.collect(book, sheet.stage, there, {}, read(sheet))
    answers = {item: fields for (id_, item), fields in book.answers.items() if id_ == sheet.id}
    strangers = [f"{id_} {item}" for id_, item in book.answers if id_ != sheet.id]
    rows = {row["item"] for row in found.problems if row["waits"] == "row"}
    whole = any(row["waits"] == "file" for row in found.problems)
    said = "\n".join(f"{row['waits']} {row['file']} {row['cell']}: {row['problem']}" for row in found.problems)
    cells = {at: label["cell"] for at, label in folder.decisions(book.events).items()}
    wrong = [
        item
        for item, fields in answers.items()
        if fields != expected.get(item) and not _named(fields, expected.get(item), cells[sheet.id, item], said)
    ]
    missing = [item for item, fields in expected.items() if fields and item not in answers]
    lost = [item for item in missing if not (whole or item in rows or item in said)]
    kind = "file" if whole else "rows" if rows else "whole"
    return Verdict(kind, [*wrong, *strangers], lost, rows, said, len(answers))


def _named(fields, expected, cell, said):
    """Whether nothing but a note came back otherwise, and its cell is named: a program made a number of it."""
    row = cell.rpartition("!")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    notes = {"note": "", **(expected or {})}
    return expected and {**fields, "note": notes["note"]} == expected and f"!C{row} (" in said


def of(sheet, others, done, kind="xlsx"):
    """The verdict on one saved file."""
    path = Path(done["files"][kind])
    return judge(sheet, others, {path.name: path.read_bytes()}, truth(sheet, done, kind))
