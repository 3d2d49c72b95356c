"""What a workbook says, whatever a person made of it: accept what is certain, name what is not, guess nothing.

A doubt about one row holds that row (`held`); a sign that answers may have moved to other rows holds the whole file
(`doubts`). A half-filled sheet is normal, and so are deleted rows, filters, other tab names and copied tabs.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from scoping.identity import folded
from scoping.workbook import keys
from scoping.workbook.child import grid
from scoping.workbook.grids import LIMITS, Limits, ReadFailure, TabGrid, column_name
from scoping.workbook.layout import CHECKPOINT_EVERY, expected_checkpoints, legal
from scoping.workbook.table import Doubt, Label, Line, Reading, Rules, Table, find_table, short

__all__ = ["Doubt", "Label", "Reading", "Rules", "read", "understand"]

MANY_DAMAGED = 3
SORTED_FROM = 12
SORTED_EACH = 3  # so often must two answers stand, that their order be no chance


@dataclass(frozen=True)
class _Answer:
    """What one row of a record says: canonical where it is understood, as written where it is not."""

    item: str
    cell: str
    values: tuple[str, ...]
    problem: str


def read(data: bytes, rules: Rules, *, limits: Limits = LIMITS) -> Reading:
    """What a file says."""
    tabs = grid(data, limits=limits)
    if isinstance(tabs, ReadFailure):
        return Reading(doubts=[Doubt("", "", tabs.message)], failure=tabs.message)
    return understand(tabs, rules)


def understand(tabs: Sequence[TabGrid], rules: Rules) -> Reading:
    """What the cells of a file say."""
    reading = Reading()
    tables = [table for tab in tabs if (table := find_table(tab, rules, reading))]
    sheets = sorted({line.key.sheet for table in tables for line in table.lines if line.key})
    if len(sheets) == 1:
        reading.sheet = sheets[0]
    else:
        problem = f"rows of several sheets: {', '.join(sheets)}" if sheets else "no row with a key: not a sheet of ours"
        reading.doubts.append(Doubt("", "", problem))
    reading.rows = {line.key.item for table in tables for line in table.records if line.key}
    reading.shown = [shown for table in tables for line in table.records if (shown := _shown(table, line))]
    reading.missing = {name for table in tables for name in rules.inputs if name not in table.columns}
    for table in tables:
        _merged_doubts(table, reading)
        _checkpoint_doubts(table, rules, reading)
    _lost_checkpoints(tables, rules, reading)
    _keyless_doubts(tables, rules, reading)
    answers = [_answer(table, line, line.key, rules) for table in tables for line in table.records if line.key]
    _numbers_noted(tables, rules, reading)
    _settle(answers, rules, reading)
    return reading


def _shown(table: Table, line: Line) -> tuple[str, str, tuple[str, ...]] | None:
    """What a person reads in the row of a record: all cells but key and answers."""
    if line.key is None:
        return None
    inputs = set(table.columns.values())
    key = next(column for column, cell in line.cells.items() if keys.find(cell.text) == line.key)  # in any column
    texts = tuple(cell.text for column, cell in sorted(line.cells.items()) if column not in {*inputs, key})
    return line.key.item, table.at(line.number, key), texts


# --- signs that rows moved against each other ------------------------------------------------------------------------


def _merged_doubts(table: Table, reading: Reading) -> None:
    inputs = set(table.columns.values())
    items = {line.number: line.key.item for line in table.records if line.key}
    for top, left, bottom, right in table.tab.merged:
        columns = [column for column in sorted(inputs) if left <= column <= right]
        numbers = [number for number in sorted(items) if top <= number <= bottom]
        if columns and numbers and (top, left) != (bottom, right):
            problem = f"merged cells over rows {top} to {bottom}: unmerge them, and say the answer in each row"
            reading.doubts.append(Doubt(items[numbers[0]], table.at(numbers[0], columns[0]), problem))


def _checkpoint_doubts(table: Table, rules: Rules, reading: Reading) -> None:
    """Every checkpoint row must hold its own token in every input column, and no other row may hold one."""
    for line in table.lines:
        expected = _token(line)
        tokens = {column for column, cell in line.cells.items() if keys.token_like(cell.text)}
        home = {c for c in tokens if expected and keys.same_token(line.cells[c].text, expected)}
        item = line.key.item if line.key else ""
        for column in sorted(tokens - home):
            problem = f"`{short(line.cells[column].text)}` belongs into another row: was a column sorted or shifted?"
            reading.doubts.append(Doubt(item, table.at(line.number, column), problem))
        if expected:
            gone = sorted(set(table.columns.values()) - tokens)
            stray = sorted(home - set(table.columns.values()))
            _token_doubts(table, line, gone, stray, rules, reading)


def _token(line: Line) -> str:
    number = line.key.checkpoint if line.key else None
    return keys.token(line.key.sheet, number) if line.key and number is not None else ""


def _token_doubts(table: Table, line: Line, gone: list[int], stray: list[int], rules: Rules, reading: Reading) -> None:
    item = line.key.item if line.key else ""
    for column in gone:
        text = short(line.cells[column].text) if column in line.cells else "nothing"
        problem = (
            f"`{_token(line)}` of this checkpoint row is gone (there stands `{text}`): was a column sorted or shifted?"
        )
        reading.doubts.append(Doubt(item, table.at(line.number, column), problem))
    missing = [headers[0] for name, headers in rules.inputs.items() if name not in table.columns]
    if stray and missing and table.header and line is table.checkpoints[0]:
        where = ", ".join(column_name(column) for column in stray)
        problem = f"column {where} has lost its header: give it back (one of: {', '.join(missing)})"
        reading.doubts.append(Doubt("", table.at(table.header, stray[0]), problem))


def _lost_checkpoints(tables: Sequence[Table], rules: Rules, reading: Reading) -> None:
    """Deleted checkpoint rows are a note; too few, or answers in perfect order without them, are a doubt."""
    found = expected = 0
    for table in tables:
        records = {line.key.item for line in table.records if line.key}
        here = len({line.key.item for line in table.checkpoints if line.key})
        due = expected_checkpoints(len(records)) if records else 0
        found, expected = found + min(here, due), expected + due
        alone = _unguarded(table)
        if here >= due and alone:
            reading.notes.append(f"{table.tab.name}: the rows were sorted; the grey rows no longer stand between them")
            _sorted_alone(table, alone, rules, reading)
        if here < due and _in_order(table.records, table.columns.get(rules.decision)):
            problem = (
                "the answers stand in perfect order and checkpoint rows are missing: was a column sorted by itself?"
            )
            column = table.columns[rules.decision]
            reading.doubts.append(Doubt("", table.at(table.records[0].number, column), problem))
    if 2 * found < expected:
        problem = (
            f"only {found} of {expected} grey checkpoint rows are left, too few to be sure that no column was sorted"
        )
        reading.doubts.append(Doubt("", "", problem))
    elif found < expected:
        reading.notes.append(f"{expected - found} of {expected} grey checkpoint rows are gone")


def _unguarded(table: Table) -> list[list[Line]]:
    """The records that stand together without a checkpoint row, where they are more than were laid out so."""
    runs: list[list[Line]] = [[]]
    for line in table.lines:
        if line.key and line.key.checkpoint is None:
            runs[-1].append(line)
        elif line.key:
            runs.append([])
    return [run for run in runs if len(run) > CHECKPOINT_EVERY]


def _sorted_alone(table: Table, runs: Sequence[list[Line]], rules: Rules, reading: Reading) -> None:
    """Answers in order where no checkpoint row stands between: whole rows were sorted by them, or they by themselves.

    Where whole rows were sorted by the answers, these are in order throughout, and nothing else is.
    """
    column = table.columns.get(rules.decision)
    if column is None:
        return
    throughout = _in_order(table.records, column)
    for run in runs:
        words = Counter(keys.folded(_text(line, column)) for line in run if _text(line, column))
        chance = len([word for word, count in words.items() if count >= SORTED_EACH]) < 2
        if chance or not _in_order(run, column):
            continue
        other = _also_in_order(table, run, column)
        if throughout and not other:
            continue
        first, last = run[0].number, run[-1].number
        why = f"and so does column {column_name(other)}" if other else "others do not"
        problem = (
            f"the answers of rows {first} to {last} stand in perfect order, {why}, and no checkpoint row stands "
            "between them: was the column of answers sorted by itself?"
        )
        reading.doubts.append(Doubt("", table.at(first, column), problem))


def _also_in_order(table: Table, lines: Sequence[Line], answers: int) -> int:
    """A column beside the answers that goes on in order from one answer to the next, or 0."""
    inputs = set(table.columns.values())
    for column in sorted({column for line in lines for column in line.cells} - inputs):
        pairs_ = [(keys.folded(_text(line, answers)), _text(line, column)) for line in lines]
        filled = [(answer, text) for answer, text in pairs_ if answer and text]
        if len({text for _, text in filled}) < SORTED_FROM:
            continue
        for form in (keys.folded, folded):  # programs differ in whether punctuation counts
            if not 0.05 < _turned_round([(answer, form(text)) for answer, text in filled]) < 0.95:
                return column
    return 0


def _turned_round(filled: Sequence[tuple[str, str]]) -> float:
    """Of all pairs with different answers, the share in which the text of the later row comes first: half by chance."""
    earlier: list[str] = []
    found = pairs_ = 0.0
    for _, group in groupby(filled, key=itemgetter(0)):
        texts = [text for _, text in group]
        found += sum(len(earlier) - (bisect_left(earlier, t) + bisect_right(earlier, t)) / 2 for t in texts)
        pairs_ += len(earlier) * len(texts)
        earlier = sorted([*earlier, *texts])
    return found / pairs_ if pairs_ else 0.5


def _in_order(lines: Sequence[Line], column: int | None) -> bool:
    """Whether a column of answers looks as if it had been sorted: in order, and all blanks at one end."""
    if column is None:
        return False
    words = [keys.folded(_text(line, column)) for line in lines]
    filled = [word for word in words if word]
    if len(filled) < SORTED_FROM or len(set(filled)) < 2:
        return False
    together = "".join("x" if word else " " for word in words).strip()
    runs = 1 + sum(a != b for a, b in pairwise(filled))
    blocks = runs == len(set(filled)) and runs * 3 <= len(filled)
    return " " not in together and (blocks or filled in (sorted(filled), sorted(filled, reverse=True)))


def _keyless_doubts(tables: Sequence[Table], rules: Rules, reading: Reading) -> None:
    """Answers in rows whose key is damaged or gone; many damaged keys."""
    damaged = [(t, line) for t in tables for line in t.lines if not line.key and _damaged(line)]
    if len(damaged) >= MANY_DAMAGED:
        where = ", ".join(f"{table.tab.name} row {line.number}" for table, line in damaged[:10])
        reading.doubts.append(Doubt("", "", f"{len(damaged)} damaged keys: {where}"))
    for table in tables:
        column = table.columns.get(rules.decision)
        for line in table.lines:
            if line.key:
                continue
            answer = _text(line, column) if column else ""
            place = table.at(line.number, column or 1)
            if answer and not keys.token_like(answer):
                _keyless(table, line, answer, place, rules, reading)
            elif _damaged(line):
                reading.notes.append(f"{place}: the key of this row is damaged; the row is not read")


def _keyless(table: Table, line: Line, answer: str, place: str, rules: Rules, reading: Reading) -> None:
    known = not rules.words or keys.folded(answer) in _words(rules)
    last = max((other.number for other in table.lines if other.key), default=0)
    if line.number > last and not known and len(line.cells) == 1:
        reading.notes.append(f"{place}: `{short(answer)}` below the table is not read")
        return
    problem = "a damaged key" if _damaged(line) else "no key"
    text = f"`{short(answer)}` stands in a row with {problem}: whose is it? Copy the key back from the original sheet"
    reading.doubts.append(Doubt("", place, text))


def _damaged(line: Line) -> bool:
    return any(keys.damaged(cell.text) for cell in line.cells.values())


# --- answers ---------------------------------------------------------------------------------------------------------


def _text(line: Line, column: int) -> str:
    """The text of a cell as its writer meant it: legal, without blanks around it."""
    cell = line.cells.get(column)
    if cell is None or not keys.plain(cell.text):
        return ""
    return legal(cell.text).strip().strip("\u200b\u200e\u200f\ufeff").strip()


def _words(rules: Rules) -> dict[str, str]:
    return {keys.folded(word): canonical for word, canonical in rules.words.items()}


def _answer(table: Table, line: Line, key: keys.Key, rules: Rules) -> _Answer:
    """What a row says, and what is wrong with it."""
    column = table.columns.get(rules.decision)
    cell = table.at(line.number, column or 1)
    values = {name: _text(line, table.columns[name]) if name in table.columns else "" for name in rules.inputs}
    problem = next((text for name, at in table.columns.items() if (text := _typed_wrong(line, at, name, rules))), "")
    written = values[rules.decision]
    if written and not problem and rules.words:
        values[rules.decision] = _words(rules).get(keys.folded(written), written)
        if keys.folded(written) not in _words(rules):
            known = ", ".join(dict.fromkeys(rules.words.values()))
            problem = f"`{short(written)}` is none of: {known}"
    if column and not written and not problem:
        lonely = [name for name, value in values.items() if value and name not in rules.alone]
        problem = f"{' and '.join(rules.inputs[n][0] for n in lonely)} without {_decision(rules)}" if lonely else ""
    if written and not problem and rules.checks:
        problem = rules.checks(Label(dict(values), cell, key.item, key.sheet))
    return _Answer(key.item, cell, tuple(values.values()), problem)


def _decision(rules: Rules) -> str:
    return rules.inputs[rules.decision][0]


def _typed_wrong(line: Line, column: int, name: str, rules: Rules) -> str:
    """A complaint about a cell that the program turned into something else than text."""
    cell = line.cells.get(column)
    if cell is None or cell.kind == "text":
        return ""
    closed = name == rules.decision and bool(rules.words)
    if cell.kind == "number" and not closed:
        return ""
    kind = f"an {cell.kind}" if cell.kind == "error" else f"a {cell.kind}"
    return f"{rules.inputs[name][0]}: `{short(cell.text)}` is {kind}, not a text; type it as text"


def _numbers_noted(tables: Sequence[Table], rules: Rules, reading: Reading) -> None:
    """Numbers in free fields are taken as they are, but may once have been dates or codes."""
    found = [
        f"{table.at(line.number, column)} ({short(line.cells[column].text)})"
        for table in tables
        for line in table.records
        for name, column in table.columns.items()
        if column in line.cells and line.cells[column].kind == "number" and not _typed_wrong(line, column, name, rules)
    ]
    if found:
        reading.notes.append(f"came back as numbers; were they meant as written? {', '.join(found)}")


def _settle(answers: Sequence[_Answer], rules: Rules, reading: Reading) -> None:
    """One answer for each item, or what stands against it."""
    by_item: dict[str, list[_Answer]] = {}
    for answer in answers:
        by_item.setdefault(answer.item, []).append(answer)
    for item, same in by_item.items():
        filled = [answer for answer in same if any(answer.values) or answer.problem]
        if len(same) > 1:
            cells = ", ".join(answer.cell for answer in same)
            if len({answer.values for answer in filled}) > 1:
                said = ", ".join(f"`{short(answer.values[0])}`" for answer in filled)
                problem = f"{item} stands in {cells} with different answers ({said}); keep one"
                reading.doubts.append(Doubt(item, filled[-1].cell, problem))
                continue
            reading.notes.append(f"{item} stands in {cells}; the answers agree or all but one are blank")
        if not filled:
            continue
        if filled[0].problem:
            reading.held.append(Doubt(item, filled[0].cell, filled[0].problem))
        elif filled[0].values[0]:
            fields = dict(zip(rules.inputs, filled[0].values, strict=True))
            reading.labels[item] = Label(fields, filled[0].cell, item)
