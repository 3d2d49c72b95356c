"""Tables for authors as workbooks: every line of a cell can be seen in any program."""

import io

import openpyxl
import pytest

from scoping import author_table
from scoping.workbook import layout

COLUMNS, WIDTHS = ["Report", "Quote"], [12, 30]


def heights(*quotes: str) -> list[float | None]:
    rows = [{"Report": "A 2020", "Quote": quote} for quote in quotes]
    data = author_table.xlsx("Caption", COLUMNS, WIDTHS, rows, "Notice")
    tab = openpyxl.load_workbook(io.BytesIO(data)).active
    return [tab.row_dimensions[row].height for row in range(4, 4 + len(rows))]


def test_rows_are_as_high_as_their_longest_cell() -> None:
    one, two, long, endless = heights("short", "two\nlines", "many words " * 30, "word " * 4000)
    assert one is not None
    assert one < 20
    assert two == pytest.approx(layout.points("two\nlines", 30, author_table.SIZE), abs=0.5)
    assert two > one + 10
    assert long is not None
    assert long > 8 * (two - one)
    assert endless == pytest.approx(layout.MAX_ROW_POINTS, abs=0.5)
