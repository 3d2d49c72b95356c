"""How a command writes a figure: its forms, its alternative text, its caption, and the data that it shows."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoping.drawing.frame import Chart
    from scoping.tables import Row


def write(
    chart: "Chart",
    folder: Path,
    columns: "Sequence[str]",
    data: "Sequence[Row]",
    notice: str,
    numbers: Collection[str] = (),
) -> None:
    """Write `<name>.svg`, `.pdf`, `.png`, `.tiff`, `.alt.txt`, `.caption.txt` and `<name>_data.csv`."""
    from scoping import files, tables

    forms = {"svg": chart.svg, "pdf": chart.pdf, "png": chart.png, "tiff": chart.tiff}
    said = {"alt.txt": f"{chart.alt}\n{notice}\n", "caption.txt": f"{chart.caption}\n{notice}\n"}
    for ending, content in (*forms.items(), *((ending, text.encode()) for ending, text in said.items())):
        files.replace(folder / f"{chart.name}.{ending}", content)
    tables.write_report(folder / f"{chart.name}_data.csv", list(columns), data, notice=notice, numbers=numbers)
