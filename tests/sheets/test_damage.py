"""A thousand damaged workbooks with right checksums: no answer comes out that its row does not show.

What was written in a row is known. What a person sees there is read by calamine, which shares no code with the reader of
xlsx. An accepted answer is right if it is what was written; it is seen if the damaged file shows it, in the row that
holds both the key and the title of its item (a person could have typed it there); anything else is silently wrong.
"""

import io
import json
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
import python_calamine

import scoping.workbook.read as read_module
from scoping import folder
from scoping.identity import content_id
from scoping.workbook import child, keys
from scoping.workbook.grids import unpacked
from scoping.workbook.layout import Input, Row, Sheet, Shown, Tab
from scoping.workbook.read import Label, Reading, Rules, understand
from scoping.workbook.write import write

pytestmark = pytest.mark.slow

SECONDS = 20
FIXTURES = Path(__file__).parents[1] / "fixtures" / "sheets"
IDS = [content_id(f"record {n}") for n in range(30)]
DECISIONS = {word: word for word in ("include", "exclude", "unsure")}


def needs_reason(label: Label) -> str:
    return "excluded without a reason" if label.fields["decision"] == "exclude" and not label.fields["reason"] else ""


@dataclass(frozen=True)
class Base:
    """A filled sheet: its bytes, how it is read, what was written and what each row shows besides."""

    name: str
    data: bytes
    rules: Rules
    truth: dict[str, tuple[str, ...]]
    titles: dict[str, str]


def inline(data: bytes) -> bytes:
    """The same as openpyxl writes it, each text in its own cell."""
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(out)
    return out.getvalue()


def screening(damage: ModuleType) -> Base:
    words = [("include", "exclude", "unsure", "")[(n * 7 + n // 3) % 4] for n in range(30)]
    truth = {
        IDS[n]: (word, "wrong topic" if word == "exclude" else "", f"note {n}" if n % 5 == 0 else "")
        for n, word in enumerate(words)
    }
    titles = {IDS[n]: f"A title that number {n} alone bears" for n in range(30)}
    rows = tuple(Row(i, (titles[i], f"An abstract on evidence, {i}.", f"10.1000/{i}")) for i in IDS)
    sheet = Sheet(
        "ta01.anna",
        "Screening",
        "Fill the yellow columns.",
        "Synthetic.",
        (Input("decision", "Decision", 14, tuple(DECISIONS)), Input("reason", "Reason", 22), Input("note", "Note", 24)),
        (Shown("Title", 40, "title"), Shown("Abstract", 90, "highlight"), Shown("DOI", 20, "link")),
        (Tab("Screening", rows),),
        keywords=("evidence",),
    )
    rules = Rules({"decision": ("decision",), "reason": ("reason",), "note": ("note",)}, DECISIONS, needs_reason)
    return Base("screening", damage.Book(write(sheet), 0, frozenset()).fill(truth), rules, truth, titles)


def coding(damage: ModuleType) -> Base:
    codes = ("POP", "SETTING", "OUT2", "DESIGN", "FUNDING", "YEARS", "COUNTRY", "MODEL", "BARRIER", "EFFECT", "COST")
    truth: dict[str, tuple[str, ...]] = {}
    titles: dict[str, str] = {}
    tabs = []
    for n in range(3):
        rows = []
        for at, code in enumerate(codes):
            item = f"{IDS[n]}:{code}"
            truth[item] = (f"value {n}.{at}", f"quote {n}.{at}") if (n + at) % 3 else ("", "")
            titles[item] = f"What {code.lower()} means for report {n}"
            rows.append(Row(item, (code, titles[item])))
        tabs.append(Tab(f"Study {n}", tuple(rows), (f"Report {n}",)))
    inputs = (Input("value", "Value", 20), Input("quote", "Quote", 40))
    sheet = Sheet("co01.bo", "Coding", "Fill.", "", inputs, (Shown("Code", 20), Shown("Meaning", 40)), tuple(tabs))
    rules = Rules({"value": ("value",), "quote": ("quote",)}, {}, alone=frozenset())
    return Base("coding", damage.Book(write(sheet), 0, frozenset()).fill(truth), rules, truth, titles)


def with_inline_texts(damage: ModuleType) -> Base:
    base = screening(damage)
    return replace(base, name="inline", data=inline(base.data))


def saved_as_ods(_: ModuleType) -> Base:
    """The sheet that LibreOffice saved as ods."""
    words = [("include", "exclude", "unsure", "")[(n * 7 + n // 3) % 4] for n in range(30)]
    truth = {IDS[n]: (word, "wrong topic" if word == "exclude" else "", "") for n, word in enumerate(words)}
    headers = {"decision": ("decision",), "reason": ("reason (if excluded)",), "note": ("note",)}
    titles = {item: f"Title {n}" for n, item in enumerate(IDS)}
    rules = Rules(headers, DECISIONS, needs_reason)
    return Base("ods", (FIXTURES / "filled.ods").read_bytes(), rules, truth, titles)


# --- what a person sees ----------------------------------------------------------------------------------------------


def seen(data: bytes, base: Base) -> dict[str, set[tuple[str, ...]]]:
    """Item → what stands in the rows that show its key and its title, under the headers."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        tabs = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (python_calamine.CalamineError, ValueError, OSError):
        return {}
    found: dict[str, set[tuple[str, ...]]] = {}
    wanted = [headers[0] for headers in base.rules.inputs.values()]
    for rows in tabs:
        texts = [[str(value).strip() for value in row] for row in rows]
        places = next(([r.index(h) if h in r else None for h in wanted] for r in _folded(texts) if wanted[0] in r), None)
        for row in texts if places else ():
            for item in {key.item for text in row if (key := keys.find(text))}:
                if base.titles.get(item) in row:
                    said = tuple("" if at is None else row[at] for at in places or ())
                    found.setdefault(item, set()).add(said)
    return found


def _folded(rows: list[list[str]]) -> Iterator[list[str]]:
    for row in rows:
        yield [text.casefold() for text in row]


# --- what the reader makes of it -------------------------------------------------------------------------------------


def in_process(data: bytes) -> list[child.TabGrid] | child.ReadFailure:
    """As `grid`, in this process: a thousand files would be a thousand children."""
    try:
        return [unpacked(tab) for tab in json.loads(json.dumps(child._read(data, child.LIMITS)))]
    except Exception as error:
        if isinstance(error, TooLongError):
            raise
        return child.ReadFailure(f"{type(error).__name__}: {error}")


class TooLongError(Exception):
    """A file took longer than it may."""


@contextmanager
def limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def judged(reading: Reading, base: Base) -> folder.Version:
    """The file as the ledger would take it, against what was issued."""
    version = folder.Version(
        sheet=reading.sheet,
        rows=set(reading.rows),
        labels={item: {**label.fields, "cell": label.cell} for item, label in reading.labels.items()},
        held=[(doubt.cell, doubt.item, doubt.problem) for doubt in reading.held],
        doubts=[(doubt.cell, doubt.item, doubt.problem) for doubt in reading.doubts],
    )
    person = {"person": "", "file": "x.xlsx", "sha256": "0", "items": list(base.truth)}
    event: dict[str, Any] = {"kind": "issued", "stage": "", "purpose": "", "role": "screen", "covers": {}, "items": []}
    if reading.sheet:
        event |= {"batch": reading.sheet.partition(".")[0], "known_as": {}}
        person["person"] = reading.sheet.partition(".")[2]
        folder.judge([{**event, "sheets": [person]}], {"copy": "1"}, {"copy": version})
    return version


@dataclass
class Report:
    """What became of the files, and of their answers."""

    files: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    by_damage: dict[str, Counter[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"files {sum(self.files.values())}: {dict(self.files)}; answers: {dict(self.answers)}"]
        lines += [f"  {name}: {dict(counts)}" for name, counts in sorted(self.by_damage.items())]
        return "\n".join([*lines, *self.wrong[:20]])


Reader = Callable[[bytes], list[child.TabGrid] | child.ReadFailure]


def examine(base: Base, data: bytes, name: str, report: Report, reader: Reader = in_process) -> None:
    """Read one damaged file, and say of every item what became of it."""
    with limited():
        tabs = reader(data)
        reading = Reading() if isinstance(tabs, child.ReadFailure) else understand(tabs, base.rules)
        version = judged(reading, base)
    if isinstance(tabs, child.ReadFailure):
        outcome = "failed"
    elif version.doubts:
        outcome = "held"
    else:
        outcome = _answers(base, data, name, version, report)
    report.files[outcome] += 1
    report.by_damage.setdefault(name.partition(" ")[0], Counter())[outcome] += 1


def _answers(base: Base, data: bytes, name: str, version: folder.Version, report: Report) -> str:
    held = {item for _, item, _ in version.held}
    shown = seen(data, base)
    kinds: Counter[str] = Counter()
    for item, written in base.truth.items():
        label = version.labels.get(item)
        said = None if label is None else tuple(label[name] for name in base.rules.inputs)
        if said is None:
            kind = "held" if item in held else "pending" if written[0] else "blank"
        elif said == written:
            kind = "right"
        elif said in shown.get(item, ()):
            kind = "seen" if said[0] == written[0] else "seen decision"
        else:
            kind = "wrong"
            report.wrong.append(f"{base.name} {name}: {item} wrote {written}, read {said}, shown {shown.get(item)}")
        kinds[kind] += 1
    strangers = set(version.labels) - set(base.truth)
    report.wrong += [f"{base.name} {name}: {item} was never issued" for item in strangers]
    report.answers += kinds
    if kinds["wrong"] or strangers:
        return "wrong"
    return "flagged" if held or kinds["pending"] or kinds["seen"] or kinds["seen decision"] else "right"


def damaged(damage: ModuleType, base: Base, kinds: Any, number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged files, each kind of harm in its turn, some with two."""
    words = frozenset({*DECISIONS, "wrong topic"})
    for n in range(number):
        rng = random.Random(f"{base.name} {seed} {n}")
        acts = [kinds[n % len(kinds)], *([rng.choice(kinds)] if rng.random() < 0.15 else [])]
        book = damage.Book(base.data, 2 if base.name == "coding" else 3, words)
        try:
            for act in acts:
                act(book, rng)
        except (KeyError, IndexError, StopIteration, ValueError, damage.ET.ParseError):
            if len(acts) == 1:
                raise  # the second finds no place to do its harm after the first
        yield f"{acts[0].__name__} {n} {'+'.join(act.__name__ for act in acts[1:])}", book.packed()


def run(damage: ModuleType, base: Base, number: int, seed: int = 1, reader: Reader = in_process) -> Report:
    report = Report()
    kinds = {"ods": damage.ODS, "inline": damage.XLSX_INLINE}.get(base.name, damage.XLSX)
    for name, data in damaged(damage, base, kinds, number, seed):
        examine(base, data, name, report, reader)
    return report


BASES = {
    "screening": (screening, 600),
    "coding": (coding, 210),
    "inline": (with_inline_texts, 196),
    "ods": (saved_as_ods, 240),
}


@pytest.mark.parametrize("name", BASES)
def test_no_damage_makes_an_answer_silently_wrong(
    name: str, damage: ModuleType, record_property: Callable[[str, object], None]
) -> None:
    make, number = BASES[name]
    report = run(damage, make(damage), number)
    record_property("outcome", str(report))
    assert sum(report.files.values()) == number
    assert not report.wrong, str(report)
