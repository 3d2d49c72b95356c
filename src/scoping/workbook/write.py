"""A laid-out sheet as a workbook: the same bytes for the same sheet, and nothing in it but text.

XlsxWriter, because openpyxl turns a title that begins with `=` into a formula and drops blanks between highlighted
words. The single formula is the progress counter, whose value is written beside it so that previews show it.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import xlsxwriter

from scoping.workbook import keys, layout, rules
from scoping.workbook.layout import GuideLine, Row, Sheet, Shown, Tab
from scoping.workbook.rules import Sources, quoted, succeeded

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
KEY_HEADER = "Key (leave as it is)"
MAX_FRAGMENTS = 600
MAX_LINK = 650  # a character takes up to three in an address, and 2,079 is the most there can be
HEAD_WIDTH = 150  # of the lines above the table, in digits: what a laptop shows without scrolling
MIN_ROW = 32.0
CHECKPOINT_ROW = 15.0

_BLUE, _BROWN, _INK, _LINE = "#1F3864", "#7F6000", "#1A1A1A", "#D0D0D0"
_FONT = {"font_name": "Arial", "font_size": 10, "font_color": _INK}
_GRID = {"bottom": 1, "bottom_color": _LINE, "right": 1, "right_color": "#E6E6E6"}
_TEXT = {**_FONT, **_GRID, "num_format": "@", "valign": "top", "text_wrap": True}
_HEADER = {**_FONT, "bold": True, "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter", "border": 1}
_FORMATS: dict[str, dict[str, Any]] = {
    "sheet": {**_FONT, "bold": True, "font_size": 13, "font_color": _BLUE, "valign": "vcenter"},
    "help": {**_FONT, "font_color": "#404040", "valign": "vcenter"},
    "notice": {**_FONT, "bold": True, "font_color": "#9C3A00", "valign": "vcenter"},
    "heading": {**_FONT, "valign": "vcenter"},
    "heading first": {**_FONT, "bold": True, "font_size": 11, "valign": "vcenter"},
    "header": {**_HEADER, "bg_color": _BLUE, "border_color": "#8EA0C0"},
    "header input": {**_HEADER, "bg_color": _BROWN, "border_color": "#C9B57A"},
    "input": {**_TEXT, "locked": False, "bg_color": "#FFF9DB", "border": 1, "border_color": "#C8C2A4"},
    "decision": {**_TEXT, "locked": False, "bg_color": "#FFF9DB", "border": 1, "border_color": "#C8C2A4", "bold": True},
    "plain": _TEXT,
    "highlight": _TEXT,
    "title": {**_TEXT, "bold": True},
    "label": {**_TEXT, "bold": True, "font_color": _BLUE, "bg_color": "#EEF2F9"},
    "suggestion": {**_TEXT, "font_size": 9, "bg_color": "#F5F7FA"},
    "small": {**_TEXT, "font_size": 8, "font_color": "#595959"},
    "link": {**_TEXT, "font_size": 8, "font_color": "#0563C1", "underline": 1},
    "key": {**_TEXT, "font_size": 7, "font_color": "#8C8C8C", "text_wrap": False},
    "checkpoint": {
        **_FONT,
        "num_format": "@",
        "font_size": 8,
        "font_color": "#595959",
        "italic": True,
        "bg_color": "#E4E4E4",
        "valign": "vcenter",
    },
    "base": _FONT,
    "dense base": {**_FONT, "font_size": 8},
    "keyword": {**_FONT, "bold": True, "font_color": "#0B4F9E"},
    "dense keyword": {**_FONT, "bold": True, "font_color": "#0B4F9E", "font_size": 8},
    # bold and underlined, so that it is seen without colours
    "marked": {**_FONT, "bold": True, "underline": 1, "font_color": "#9C3A00"},
    "dense marked": {**_FONT, "bold": True, "underline": 1, "font_color": "#9C3A00", "font_size": 8},
    "guide heading": {
        **_FONT,
        "bold": True,
        "font_size": 13,
        "font_color": _BLUE,
        "text_wrap": True,
        "valign": "vcenter",
    },
    "guide text": {**_FONT, "text_wrap": True, "valign": "top"},
    "guide item": {**_FONT, "text_wrap": True, "valign": "top", "indent": 2},
}
Span = tuple[int, int]
_SIZES = {"small": 8, "link": 8, "suggestion": 9}
_DENSE = 8
_BOLD = ("title", "label")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_CODE = re.compile(r"_x[0-9A-Fa-f]{4}_")  # XlsxWriter escapes it twice in a text of several fonts
_DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True)
class _Pen:
    """The workbook being written."""

    book: Any
    formats: dict[str, Any]
    sheet: Sheet
    keywords: re.Pattern[str] | None

    def text(self, tab: Any, row: int, column: int, text: str, style: str) -> None:
        """A text, cleaned, exactly as text."""
        text = layout.clean(text)
        if text.startswith("<r>") and text.endswith("</r>"):  # XlsxWriter would take it for its own markup
            base = self.formats["base"]
            done = tab.write_rich_string(row, column, base, text[0], base, text[1:], self.formats[style])
        else:
            done = tab.write_string(row, column, text, self.formats[style])
        succeeded(done)


def write(sheet: Sheet) -> bytes:
    """The workbook of a sheet."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": layout.clean(sheet.title)[:200], "subject": sheet.id, "created": CREATED})
    book.set_size(28_000, 16_000)
    formats = {name: book.add_format(properties) for name, properties in _FORMATS.items()}
    pen = _Pen(book, formats, sheet, layout.keyword_pattern(sheet.keywords))
    guide = next((line.text for line in sheet.guide if line.style == "heading"), "Guide")
    names = layout.tab_names([tab.name for tab in sheet.tabs] + [guide, "Lists"])
    lists = [*sheet.inputs, *rules.own_choices(sheet)]
    sources = {(each.field, each.choices): rules.source(each, number, names[-1]) for number, each in enumerate(lists)}
    tabs = [book.add_worksheet(name) for name in names[: len(sheet.tabs)]]
    number = 1
    for tab, written in zip(sheet.tabs, tabs, strict=True):
        number = _table(pen, written, tab, number, sources)
    if sheet.guide:
        _guide(pen, book.add_worksheet(names[-2]), sheet.guide)
    if any(isinstance(source, str) for source in sources.values()):
        rules.lists(book.add_worksheet(names[-1]), lists)
    tabs[0].activate()
    book.close()
    return out.getvalue()


# --- a tab -----------------------------------------------------------------------------------------------------------


def _table(pen: _Pen, tab: Any, content: Tab, first_number: int, sources: Sources) -> int:
    """One tab with its table; the number of the next checkpoint."""
    sheet = pen.sheet
    widths = _widths(sheet, content)
    above = _above(sheet, content)
    header = 1 + len(above)
    rows = list(layout.numbered(content, first_number))
    first, last = header + 1, header + len(rows)
    _columns(pen, tab, header, widths)
    succeeded(_counter(pen, tab, first, last, len(content.rows)))
    tab.set_row(0, 24)
    for at, (line, style) in enumerate(above, 1):
        pen.text(tab, at, 0, line, style)
        tab.set_row(at, 17)
    for at, row in enumerate(rows, first):
        if isinstance(row, int):
            _checkpoint(pen, tab, at, row)
        else:
            _record(pen, tab, at, row, widths)
    rules.apply(pen.book, tab, sheet, rows, first, sources)
    _view(pen, tab, header, last, first_record=first + 1 if content.rows else first)
    return first_number + layout.expected_checkpoints(len(content.rows))


def _above(sheet: Sheet, content: Tab) -> list[tuple[str, str]]:
    """The lines between the title and the table."""
    lines: list[tuple[str, str]] = []
    for style, text in (("help", sheet.help), ("notice", sheet.notice)):
        lines += [(line, style) for line in layout.wrapped(layout.clean(text), HEAD_WIDTH, 10) if line]
    for number, text in enumerate(content.heading):
        style, size = ("heading", 10) if number else ("heading first", 11)
        wrapped = layout.wrapped(layout.clean(text), HEAD_WIDTH, size, bold=not number)
        lines += [(line, style) for line in wrapped if line]
    return lines


def _columns(pen: _Pen, tab: Any, header: int, widths: Sequence[int]) -> None:
    inputs, shown = pen.sheet.inputs, pen.sheet.shown
    heights = [30.0]
    for at, text in enumerate([*(column.header for column in inputs), *(column.header for column in shown)]):
        pen.text(tab, header, at, text, "header input" if at < len(inputs) else "header")
        heights.append(layout.points(text, max(widths[at] - 3, 4), 10, bold=True))  # less the filter's button
    pen.text(tab, header, len(widths) - 1, KEY_HEADER, "header")
    for at, width in enumerate(widths):
        tab.set_column(at, at, width)
    tab.set_row(header, min(max(heights), 90))


def _checkpoint(pen: _Pen, tab: Any, at: int, number: int) -> None:
    inputs, shown = pen.sheet.inputs, pen.sheet.shown
    for column in range(len(inputs)):
        pen.text(tab, at, column, keys.token(pen.sheet.id, number), "checkpoint")
    for column in range(len(inputs), len(inputs) + len(shown)):
        tab.write_blank(at, column, None, pen.formats["checkpoint"])
    pen.text(tab, at, len(inputs), layout.CHECKPOINT_TEXT, "checkpoint")
    key = keys.make(pen.sheet.id, keys.checkpoint_item(number))
    pen.text(tab, at, len(inputs) + len(shown), key, "checkpoint")
    tab.set_row(at, CHECKPOINT_ROW)


def _record(pen: _Pen, tab: Any, at: int, row: Row, widths: Sequence[int]) -> None:
    inputs, shown = pen.sheet.inputs, pen.sheet.shown
    height = MIN_ROW
    for column in range(len(inputs)):
        tab.write_blank(at, column, None, pen.formats["input" if column else "decision"])
    for number, (spec, cell) in enumerate(zip(shown, row.cells, strict=True)):
        column = len(inputs) + number
        dense, text = _fitted(layout.clean(cell), spec, widths[column])
        height = max(height, _points(text, spec, widths[column], dense=dense))
        marks = row.marks[number] if row.marks and text == cell else ()  # spans of another text would mark at random
        _shown(pen, tab, at, column, spec, text, dense=dense, marks=marks)
    pen.text(tab, at, len(widths) - 1, keys.make(pen.sheet.id, row.item), "key")
    tab.set_row(at, min(height, layout.MAX_ROW_POINTS))


def _shown(
    pen: _Pen, tab: Any, at: int, column: int, spec: Shown, text: str, *, dense: bool, marks: Sequence[Span]
) -> None:
    if spec.style == "link" and (url := _url(text)):
        succeeded(tab.write_url(at, column, url, pen.formats["link"], text))
    elif not text:
        tab.write_blank(at, column, None, pen.formats[spec.style])
    elif marks:
        if not _set_off(pen, tab, at, column, text, marks, "marked", dense=dense):
            pen.text(tab, at, column, text, "small" if dense else spec.style)
    elif not (spec.style == "highlight" and _highlighted(pen, tab, at, column, text, dense=dense)):
        pen.text(tab, at, column, text, "small" if dense or spec.style == "link" else spec.style)


def _url(text: str) -> str:
    """Where a link leads: http(s) or a DOI, anything else nowhere."""
    url = f"https://doi.org/{quote(text, safe='/:;().-_')}" if _DOI.fullmatch(text) else text
    return url if _LINK.fullmatch(url) and len(url) < MAX_LINK else ""


def _highlighted(pen: _Pen, tab: Any, at: int, column: int, text: str, *, dense: bool) -> bool:
    """Write a text with its keywords in bold blue; whether that could be done (else it is written plain)."""
    matches = [match.span() for match in pen.keywords.finditer(text)] if pen.keywords else []
    return _set_off(pen, tab, at, column, text, matches, "keyword", dense=dense)


def _set_off(
    pen: _Pen, tab: Any, at: int, column: int, text: str, matches: Sequence[Span], style: str, *, dense: bool
) -> bool:
    """Write a text of which some spans are in another style; whether that could be done."""
    if not matches or 2 * len(matches) > MAX_FRAGMENTS or tuple(matches) == ((0, len(text)),) or _CODE.search(text):
        return False
    base, strong = (pen.formats[f"dense {name}" if dense else name] for name in ("base", style))
    parts: list[Any] = []
    end = 0
    for start, stop in matches:
        parts += [base, text[end:start]] if start > end else []
        parts += [strong, text[start:stop]]
        end = stop
    parts += [base, text[end:]] if end < len(text) else []
    if "".join(part for part in parts if isinstance(part, str)) != text:
        return False
    return bool(tab.write_rich_string(at, column, *parts, pen.formats["highlight"]) == 0)


# --- sizes -----------------------------------------------------------------------------------------------------------


def _points(text: str, spec: Shown, width: float, *, dense: bool = False) -> float:
    size = _DENSE if dense else _SIZES.get(spec.style, 10)
    return layout.points(text, width, size, bold=spec.style in _BOLD)


def _widths(sheet: Sheet, content: Tab) -> list[int]:
    """The widths of the columns; a shown one grows until its longest text fits into the tallest row there can be."""
    widths = [column.width for column in sheet.inputs]
    for column, spec in enumerate(sheet.shown):
        texts = [layout.clean(row.cells[column]) for row in content.rows]
        width = spec.width
        for text in texts:
            while width < layout.MAX_WIDTH and _points(text, spec, width) > layout.MAX_ROW_POINTS:
                width += 5
        widths.append(width)
    return [*widths, max(layout.key_width(sheet, 7), 14)]


def _fitted(text: str, spec: Shown, width: float) -> tuple[bool, str]:
    """Whether a text must be set small to be seen whole; one that is too long even then says so."""
    if _points(text, spec, width) <= layout.MAX_ROW_POINTS:
        return False, text
    if _points(text, spec, width, dense=True) <= layout.MAX_ROW_POINTS:
        return True, text
    return True, layout.clean(layout.LONG_MARK + text)


# --- what a program does with the tab --------------------------------------------------------------------------------


def _counter(pen: _Pen, tab: Any, first: int, last: int, records: int) -> int:
    """`Done 0 of 12`, alive; tokens of checkpoints are no decisions."""
    cells = f"$A${first + 1}:$A${last + 1}"
    choices = [re.sub(r"([~*?])", r"~\1", choice) for choice in pen.sheet.inputs[0].choices]
    counts = "+".join(f"COUNTIF({cells},{quoted('=' + choice)})" for choice in choices)
    if not choices or len(counts) > 2000:
        counts = f'COUNTA({cells})-COUNTIF({cells},"· * · ???")'
    title = layout.cut(" ".join(layout.clean(pen.sheet.title).split()), 200)
    rest = f" of {records}   ·   {title}"
    formula = f'="Done "&({counts})&{quoted(rest)}'
    return int(tab.write_formula(0, 0, formula, pen.formats["sheet"], f"Done 0{rest}"))


def _view(pen: _Pen, tab: Any, header: int, last: int, first_record: int) -> None:
    inputs = len(pen.sheet.inputs)
    columns = inputs + len(pen.sheet.shown)
    tab.hide_gridlines(2)
    tab.ignore_errors({"number_stored_as_text": f"A1:{xlsxwriter.utility.xl_rowcol_to_cell(last, columns)}"})
    tab.freeze_panes(header + 1, inputs)
    tab.autofilter(header, 0, last, columns)
    tab.set_selection(first_record, 0, first_record, 0)
    tab.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
    tab.set_default_row(15)
    tab.print_area(0, 0, last, columns)
    tab.repeat_rows(header)
    _paper(pen, tab, landscape=True)


def _paper(pen: _Pen, tab: Any, *, landscape: bool) -> None:
    tab.set_paper(9)
    if landscape:
        tab.set_landscape()
    tab.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.6)
    tab.fit_to_pages(1, 0)
    name = layout.cut(pen.sheet.id.replace("&", "&&"), 90)
    tab.set_footer(f"&L&8{name} · &A&R&8Page &P of &N")


def _guide(pen: _Pen, tab: Any, lines: Sequence[GuideLine]) -> None:
    width = 92
    tab.set_column(0, 0, width)
    tab.hide_gridlines(2)
    for at, line in enumerate(lines):
        heading = line.style == "heading"
        size = 13 if heading else 10
        text = f"•  {line.text}" if line.style == "item" else line.text
        pen.text(tab, at, 0, text, f"guide {line.style}")
        room = width - (4 if line.style == "item" else 0)
        height = layout.points(layout.clean(text), room, size, bold=heading) + (8 if heading else 0)
        tab.set_row(at, min(height, layout.MAX_ROW_POINTS))
    tab.protect("", {"format_columns": True, "format_rows": True})
    _paper(pen, tab, landscape=False)
