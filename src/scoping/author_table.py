"""Tables as authors take them, as workbooks."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from scoping.workbook import layout
from scoping.workbook.layout import clean

SIZE = 10  # pt, of all but the caption
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


def xlsx(
    caption: str, columns: Sequence[str], widths: Sequence[int], rows: Sequence[Mapping[str, str]], notice: str,
    colours: Mapping[str, Mapping[str, str]] | None = None,
) -> bytes:  # fmt: skip
    """A workbook with one table: caption, header row that repeats in print, filters; all cells are text.

    `colours`: column -> word -> fill of the cells that hold it.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": caption, "created": _CREATED})
    base = {"font_name": "Arial", "font_size": SIZE, "valign": "top", "text_wrap": True}
    plain, number = book.add_format(base), book.add_format({**base, "align": "right", "indent": 1})
    head = book.add_format({**base, "bold": True, "top": 1, "bottom": 1})
    title, small = (
        book.add_format({"font_name": "Arial", "font_size": 11, "bold": True}),
        book.add_format({**base, "text_wrap": False, "font_color": "#595959"}),
    )
    tab = book.add_worksheet("Table")
    tab.write_string(0, 0, clean(caption), title)
    tab.write_string(1, 0, clean(notice), small)
    for at, (name, width) in enumerate(zip(columns, widths, strict=True)):
        tab.set_column(at, at, width)
        tab.write_string(2, at, name, head)
    heads = [
        layout.points(name, max(width - 3, 4), SIZE, bold=True) for name, width in zip(columns, widths, strict=True)
    ]
    tab.set_row(2, max(heads, default=0))  # less the filter's button
    fills = {
        (name, word): book.add_format({**base, "bg_color": colour, "bold": True})
        for name, words in (colours or {}).items()
        for word, colour in words.items()
    }
    for line, row in enumerate(rows, 3):
        # programs other than Excel leave a row that is not told its height at that of one line
        texts = [layout.points(clean(row[name]), width, SIZE) for name, width in zip(columns, widths, strict=True)]
        tab.set_row(line, min(max(texts, default=0), layout.MAX_ROW_POINTS))
        for at, name in enumerate(columns):
            text = clean(row[name])
            if text.isdigit() and len(text) < 10:
                tab.write_number(line, at, int(text), number)
            elif tab.write_string(line, at, text, fills.get((name, text), plain)):
                raise ValueError(f"{caption}: a cell of {name} cannot be written")
    tab.freeze_panes(3, 1)
    if rows:
        tab.autofilter(2, 0, 2 + len(rows), len(columns) - 1)
    tab.set_landscape()
    tab.set_paper(9)
    tab.fit_to_pages(1, 0)
    tab.repeat_rows(2)
    book.close()
    return out.getvalue()
