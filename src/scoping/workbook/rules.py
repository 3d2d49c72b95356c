"""What a spreadsheet program does while people fill a tab: lists to choose from, colours, red for what is missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import xlsxwriter

from scoping.workbook import layout
from scoping.workbook.layout import Input, Row, Sheet

MAX_INLINE_LIST = 200
_REFUSED, _DOUBTED = "Please choose from the list.", "This is not in the list. Keep it?"

Sources = Mapping[tuple[str, tuple[str, ...]], list[str] | str | None]
"""Field and choices of a column -> where the choices stand."""


def succeeded(code: int) -> None:
    """XlsxWriter says with a number what it could not write; that is our bug."""
    if code:
        raise ValueError(f"a cell could not be written (XlsxWriter says {code})")


def quoted(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def own_choices(sheet: Sheet) -> list[Input]:
    """The lists of the first input that only some rows have, each once, as columns after the others."""
    rows = [row for tab in sheet.tabs for row in tab.rows if row.choices]
    return [replace(sheet.inputs[0], choices=choices) for choices in dict.fromkeys(row.choices for row in rows)]


def source(column: Input, number: int, lists: str) -> list[str] | str | None:
    """Where a column's choices stand: in the rule itself if they are few, else on the hidden tab of lists."""
    if not column.choices:
        return None
    plain = all(choice == choice.strip() and not set(choice) & set(',"') for choice in column.choices)
    if plain and layout.utf16_length(",".join(column.choices)) <= MAX_INLINE_LIST:
        return list(column.choices)
    letter = xlsxwriter.utility.xl_col_to_name(number)
    return f"='{lists}'!${letter}$2:${letter}${len(column.choices) + 1}"


def lists(tab: Any, inputs: Sequence[Input]) -> None:
    """The hidden tab of lists, a column for each. Its headers are no headers of a table, else they were read as answers."""
    for at, column in enumerate(inputs):
        for row, text in enumerate((f"Choices: {column.header}", *column.choices)):
            succeeded(tab.write_string(row, at, layout.clean(text)))
    tab.protect("")
    tab.hide()


def apply(book: Any, tab: Any, sheet: Sheet, rows: Sequence[Row | int], first: int, sources: Sources) -> None:
    """Lists to choose from, colours of decisions, red for what is missing."""
    last = first + len(rows) - 1
    for at, column in enumerate(sheet.inputs):
        for start, stop, row in _runs(rows, lambda row: row.choices) if not at else [(0, len(rows) - 1, None)]:
            choices = row.choices if row and row.choices else column.choices
            if source := sources[column.field, choices]:
                rule = {
                    "validate": "list",
                    "source": source,
                    "error_type": "stop" if column.strict else "warning",
                    "error_title": layout.cut(column.header, 30),
                    "error_message": _REFUSED if column.strict else _DOUBTED,
                }
                succeeded(tab.data_validation(first + start, at, first + stop, at, rule))
    fields = [column.field for column in sheet.inputs]
    for start, stop, row in _runs(rows, lambda row: row.alarm):
        for value, name in sheet.alarm if row is None or row.alarm is None else row.alarm:
            at = fields.index(name)
            cell = xlsxwriter.utility.xl_rowcol_to_cell(first + start, at, col_abs=True)
            formula = f'=AND(TRIM($A{first + start + 1})={quoted(value)},TRIM({cell})="")'
            red = book.add_format({"bg_color": "#E06666", "font_color": "#FFFFFF"})
            rule = {"type": "formula", "criteria": formula, "format": red}
            succeeded(tab.conditional_format(first + start, at, first + stop, at, rule))
    for value, colour in sheet.colours.items():
        fill = book.add_format({"bg_color": colour})
        rule = {"type": "cell", "criteria": "==", "value": quoted(value), "format": fill}
        succeeded(tab.conditional_format(first, 0, last, 0, rule))


def _runs(rows: Sequence[Row | int], of: Callable[[Row], object]) -> list[tuple[int, int, Row | None]]:
    """Stretches of rows that are alike in something: first, last, and one of them. Checkpoints go with what is before."""
    runs: list[tuple[int, int, Row | None]] = []
    for at, row in enumerate(rows):
        before = runs[-1][2] if runs else None
        same = isinstance(row, int) or (before is not None and of(before) == of(row))
        if runs and (same or before is None):
            runs[-1] = (runs[-1][0], at, before if isinstance(row, int) else row)
        else:
            runs.append((at, at, None if isinstance(row, int) else row))
    return runs
