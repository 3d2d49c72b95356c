"""The only reader of sheets and of the ledger: what people decided, and what they have to look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scoping import files, folder, imports, items, offers
from scoping.folder import SheetInfo, Version
from scoping.forms import Form
from scoping.ledger import Event, Ledger
from scoping.schemas import CODED
from scoping.tables import Row, compact
from scoping.workbook import read as reading

FIELDS = ("decision", "reason", "route", "date", "names", "level", "status", "basis", "quote", "locator", "note")


@dataclass(frozen=True)
class Collected:
    """What one pass over a folder gave."""

    decisions: list[Row]
    problems: list[Row]
    read: int  # files that lie there
    accepted: int  # versions taken into the ledger now
    waiting: tuple[str, ...]  # files that could not be taken


def rules(form: Form) -> reading.Rules:
    """A form as the reader of sheets wants it."""

    def complaint(label: reading.Label) -> str:
        settled = form.settle(dict(label.fields), label.sheet, label.item)
        return settled if isinstance(settled, str) else ""

    return reading.Rules(inputs=dict(form.headers), words=dict(form.words), checks=complaint, optional=form.optional)


def version(data: bytes, form: Form) -> Version:
    """What a file says, in the terms of the ledger."""
    found = reading.read(data, rules(form))
    labels = {}
    for item, label in found.labels.items():
        settled = form.settle(dict(label.fields), found.sheet, item)
        if not isinstance(settled, str):
            labels[item] = {**settled, "cell": label.cell}
    return Version(
        sheet=found.sheet,
        rows=set(found.rows),
        labels=labels,
        held=[(doubt.cell, doubt.item, doubt.problem) for doubt in found.held],
        doubts=[(doubt.cell, doubt.item, doubt.problem) for doubt in found.doubts],
        notes=list(found.notes),
        shown=list(found.shown),
        missing=set(found.missing),
    )


def collect(
    book: Ledger, stage: str, present: Mapping[str, bytes], unread: Mapping[str, str], read: Callable[[bytes], Version]
) -> Collected:
    """Take what is new in a folder into the ledger, and replay it.

    `present` are the bytes of the files that could be opened, `unread` the names of the others with the reason.
    """
    events = folder.of_stage(book.events, stage)
    fresh, known = folder.pristine(events), folder.accepted(events)
    digests = {name: files.sha256(data) for name, data in present.items()}
    for name, data in present.items():  # evidence first, whatever the reader makes of it
        if digests[name] not in fresh:
            book.keep(data)
    new = {name: read(data) for name, data in present.items() if digests[name] not in {*fresh, *known}}
    accept, held = folder.judge(events, digests, new)
    for name in accept:
        if digests[name] not in folder.accepted(folder.of_stage(book.events, stage)):  # two names, same bytes
            found = new[name]
            book.append(
                "read",
                stage=stage,
                sheet=found.sheet,
                sha256=digests[name],
                file=name,
                labels=found.labels,
                held=[list(doubt) for doubt in found.held],
                notes=found.notes,
            )
    lying = {**digests, **dict.fromkeys(unread, folder.UNREADABLE)}
    late = folder.missed(events, folder.of_stage(book.events, stage), lying)
    if late:
        book.append("missed", stage=stage, sheets=late)
    events = folder.of_stage(book.events, stage)
    back = {folder.issued(events)[sheet].file: digest for sheet, digest in folder.lost(events, lying).items()}
    problems = [*_held_rows(stage, events, digests | back), *_held_files(stage, held)]
    problems += [_problem(stage, name, "", ("", "", why), "file") for name, why in sorted(unread.items())]
    waiting = tuple(sorted({*unread, *(name for name, _ in held)}))
    return Collected(decision_rows(events), problems, len(present) + len(unread), len(accept), waiting)


def take_exports(
    book: Ledger, stage: str, said: imports.Told | None, read: Callable[[], imports.Reading]
) -> tuple[list[Row], int]:
    """Take what exports say of decisions into the ledger, unless it is there: (problems, answers taken now)."""
    events = folder.of_stage(book.events, stage)
    taken = 0
    if said and imports.due(events, said):
        found = read()
        book.append("imported", **imports.event(events, stage, said, found))
        taken = sum(len(labels) for labels in found.labels.values())
    return imports.problems(stage, folder.of_stage(book.events, stage), said), taken


def decision_rows(events: list[Event]) -> list[Row]:
    """The answers that stand, withdrawals included, as the table of decisions (events of one stage)."""
    sheets = folder.issued(events) | folder.imported(events)
    rows = []
    for (sheet, item), label in sorted(folder.decisions(events).items()):
        info = sheets[sheet]
        doi, title = _known_as(info, item)
        rows.append(
            {
                "stage": info.stage,
                "sheet": sheet,
                "role": info.role,
                "person": info.person,
                "item": item,
                **{name: label.get(name, "") for name in FIELDS},
                "version": str(info.version) if info.stage in CODED else "",
                "covers": compact(sorted(info.covers.get(item, []))),
                "doi": doi,
                "title": title,
            }
        )
    return rows


def independent_rows(events: list[Event]) -> list[Row]:
    """Screeners' answers as they were before anything was reconciled: what agreement is computed from (one stage)."""
    sheets = folder.issued(events) | folder.imported(events)
    rows = []
    for (sheet, item), label in sorted(folder.independent(events).items()):
        info = sheets[sheet]
        doi, title = _known_as(info, item)
        rows.append(
            {
                "stage": info.stage,
                "batch": info.batch,
                "purpose": info.purpose,
                "sheet": sheet,
                "person": info.person,
                "item": item,
                **{name: label.get(name, "") for name in ("decision", "reason", "level", "status", "basis")},
                "version": str(info.version) if info.stage in CODED else "",
                **offers.fields(info.suggested.get(item, ())),
                "doi": doi,
                "title": title,
            }
        )
    return rows


def _known_as(info: SheetInfo, item: str) -> list[str]:
    """DOI and title of an item's record when it was issued."""
    return info.known_as.get(item) or info.known_as.get(items.split(item).record, ["", ""])


def _problem(stage: str, file: str, sheet: str, doubt: tuple[str, str, str], waits: str) -> Row:
    cell, item, problem = doubt
    return {
        "stage": stage,
        "file": file,
        "sheet": sheet,
        "cell": cell,
        "item": item,
        "waits": waits,
        "problem": problem,
    }


def _held_rows(stage: str, events: list[Event], digests: Mapping[str, str]) -> list[Row]:
    """Rows that wait in versions that were read and still lie in the folder, one line each."""
    known = folder.accepted(events)
    rows = {}
    for name, digest in sorted(digests.items()):
        for cell, item, what in known[digest]["held"] if digest in known else ():
            row = _problem(stage, name, known[digest]["sheet"], (cell, item, what), "row")
            rows[name, cell, item, what] = row
        for note in known[digest]["notes"] if digest in known else ():
            rows[name, "", "", note] = _problem(stage, name, known[digest]["sheet"], ("", "", note), "nothing")
    return list(rows.values())


def _held_files(stage: str, held: list[tuple[str, Version]]) -> list[Row]:
    return [
        _problem(stage, name, found.sheet, doubt, "file") for name, found in held for doubt in sorted(set(found.doubts))
    ]
