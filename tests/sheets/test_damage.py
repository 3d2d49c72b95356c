"""A thousand damaged workbooks with right checksums: no answer comes out that its row does not show.

What was written in a row is known. What a person sees there is read by calamine, which shares no code with the reader of
xlsx. An accepted answer is right if it is what was written; it is seen if the damaged file shows it, in the row that
holds both the key and the title of its item (a person could have typed it there); anything else, and more
than two decisions that stand elsewhere than before, is silently wrong.
"""

import copy
import io
import json
import random
import shutil
import signal
import subprocess
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

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")]

SECONDS = 20
EDITED = 2  # so many decisions of a file may differ as if a person had typed them: two texts that changed places
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
        texts = [[_text(value) for value in row] for row in rows]
        places = next(
            ([r.index(h) if h in r else None for h in wanted] for r in _folded(texts) if wanted[0] in r), None
        )
        for row in texts if places else ():
            for item in {key.item for text in row if (key := keys.find(text))}:
                if base.titles.get(item) in row:
                    said = tuple("" if at is None else row[at] for at in places or ())
                    found.setdefault(item, set()).add(said)
    return found


def _text(value: object) -> str:
    return (f"{value:g}" if isinstance(value, float) else str(value)).strip()


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
        notes=list(reading.notes),
        shown=list(reading.shown),
    )
    person = {"person": "", "file": "x.xlsx", "sha256": "0", "items": list(base.truth)}
    event: dict[str, Any] = {"kind": "issued", "stage": "", "purpose": "", "role": "screen", "covers": {}, "items": []}
    if reading.sheet:
        known_as = {item: ["", title] for item, title in base.titles.items()}
        event |= {"batch": reading.sheet.partition(".")[0], "known_as": known_as}
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
            kind = "seen" if said[0] == written[0] else "edited"
        elif said[0] == written[0] and any(f"({text})" in note for note in version.notes for text in said[1:] if text):
            kind = "noted"
        else:
            kind = "wrong"
            report.wrong.append(f"{base.name} {name}: {item} wrote {written}, read {said}, shown {shown.get(item)}")
        kinds[kind] += 1
    if kinds["edited"] > EDITED:
        report.wrong.append(f"{base.name} {name}: {kinds['edited']} answers stand in other rows than before")
    strangers = set(version.labels) - set(base.truth)
    report.wrong += [f"{base.name} {name}: {item} was never issued" for item in strangers]
    report.answers += kinds
    if kinds["wrong"] or strangers or kinds["edited"] > EDITED:
        return "wrong"
    return "right" if kinds["right"] + kinds["blank"] == len(base.truth) else "flagged"


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


def run(
    damage: ModuleType, base: Base, number: int, seed: int = 1, reader: Reader = in_process, kinds: Any = None
) -> Report:
    report = Report()
    kinds = kinds or {"ods": damage.ODS, "inline": damage.XLSX_INLINE}.get(base.name, damage.XLSX)
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
    print(report)
    assert sum(report.files.values()) == number
    assert not report.wrong, str(report)
    assert all(report.files[outcome] > number / 50 for outcome in ("right", "flagged", "held", "failed")), str(report)


def test_the_child_makes_the_same_of_damaged_files(damage: ModuleType) -> None:
    for make, number in ((screening, 30), (saved_as_ods, 12)):
        base = make(damage)
        there, here = (run(damage, base, number, seed=2, reader=reader) for reader in (child.grid, in_process))
        assert not there.wrong, str(there)
        assert (there.files, there.answers) == (here.files, here.answers), f"{there}\n{here}"


@pytest.mark.parametrize("name", ["screening", "coding", "ods"])
def test_control_without_checkpoints_moved_answers_go_through(
    name: str, damage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, _ = BASES[name]
    kinds = (damage.ods_column,) if name == "ods" else (damage.shift_column, damage.sort_column)
    assert not run(damage, make(damage), 20, kinds=kinds).wrong
    monkeypatch.setattr(read_module, "_checkpoint_doubts", lambda *_: None)
    monkeypatch.setattr(read_module, "_lost_checkpoints", lambda *_: None)
    assert run(damage, make(damage), 20, kinds=kinds).files["wrong"] >= 2


@pytest.mark.parametrize("name", ["screening", "coding", "inline"])
def test_control_without_titles_swapped_keys_go_through(
    name: str, damage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, _ = BASES[name]
    assert not run(damage, make(damage), 20, kinds=(damage.swap_keys,)).wrong
    monkeypatch.setattr(folder, "_astray", lambda *_: [])
    assert run(damage, make(damage), 20, kinds=(damage.swap_keys,)).files["wrong"] >= 2


def test_control_without_a_count_of_texts_they_change_places(
    damage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(data: bytes) -> bytes:
        book = damage.Book(data, 2, frozenset())
        texts = book.xml(damage.STRINGS)
        texts.insert(book.texts.index("value 0.1"), copy.deepcopy(texts[0]))
        return book.packed()

    base = coding(damage)
    report = Report()
    examine(base, change(base.data), "one more", report)
    assert report.files["failed"] == 1
    book = damage.Book(base.data, 2, frozenset())
    del book.xml(damage.STRINGS).attrib["uniqueCount"]  # without which nothing tells
    examine(base, change(book.packed()), "one more", report)
    assert report.files["wrong"] == 1


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_what_is_accepted_is_what_libreoffice_shows(damage: ModuleType, tmp_path: Path) -> None:
    """Damaged files that were accepted all the same are opened by LibreOffice too: each answer stands there as read."""
    base = screening(damage)
    accepted = {}
    for name, data in damaged(damage, base, damage.XLSX, 240, seed=4):
        tabs = in_process(data)
        if isinstance(tabs, list) and not judged(reading := understand(tabs, base.rules), base).doubts:
            accepted[f"{len(accepted)}"] = (name, reading)
            (tmp_path / f"{len(accepted) - 1}.xlsx").write_bytes(data)
    files = [str(tmp_path / f"{name}.xlsx") for name in accepted]
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"]
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1"
    subprocess.run([*command, form, "--outdir", str(tmp_path / "out"), *files], capture_output=True, timeout=300)
    compared = Counter()
    for at, (name, reading) in accepted.items():
        place = tmp_path / "out" / f"{at}.csv"
        compared["opened" if place.exists() else "not opened"] += 1
        tabs = in_process(place.read_bytes()) if place.exists() else []
        theirs = understand(tabs, base.rules).labels if isinstance(tabs, list) else {}
        for item, label in reading.labels.items() if theirs else ():
            same = item in theirs and theirs[item].fields == label.fields
            compared["same" if same else "other"] += 1
            assert same or _in_a_note(label, reading), f"{name}: {item} {label} {theirs.get(item)}"
    assert compared["opened"] > 60, compared
    assert compared["same"] > 1000, compared


def _in_a_note(label: Label, reading: Reading) -> bool:
    """A number in a free field, which every program shows in its own way."""
    return any(f"({text})" in note for note in reading.notes for text in label.fields.values() if text)
