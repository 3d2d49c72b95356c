"""How a command writes a table for authors: in every form, with the ids behind its numbers."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoping.author_sheet import Sheet

_ID_COLUMNS = ["row", "column", "unit", "id"]


def write(sheet: "Sheet", folder: Path, notice: str) -> None:
    """Write `<name>.csv`, `.xlsx`, `.docx`, `.html` and `.tex`; and `<name>_ids.csv` where the table counts."""
    from scoping import author_docx, author_html, author_table, author_tex, files, tables

    tables.write_report(folder / f"{sheet.name}.csv", sheet.columns, sheet.rows, notice=notice)
    above = " ".join(text for text in (sheet.note, notice) if text)
    for ending, content in (
        ("xlsx", author_table.xlsx(sheet.caption, sheet.columns, sheet.widths, sheet.rows, above)),
        ("docx", author_docx.docx(sheet, notice)),
        ("html", author_html.html(sheet, notice)),
        ("tex", author_tex.tex(sheet, notice)),
    ):
        files.replace(folder / f"{sheet.name}.{ending}", content)
    if sheet.ids is not None:
        rows = [dict(zip(_ID_COLUMNS, line, strict=True)) for line in sheet.ids]
        tables.write_report(folder / f"{sheet.name}_ids.csv", _ID_COLUMNS, rows, notice=notice)
