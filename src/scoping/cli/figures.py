"""How a command writes a figure: its three forms, its alternative text, and the data that it shows."""

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
    """Write `<name>.svg`, `.pdf`, `.png`, `.alt.txt` and `<name>_data.csv`."""
    from scoping import files, tables

    for ending, content in (("svg", chart.svg), ("pdf", chart.pdf), ("png", chart.png)):
        files.replace(folder / f"{chart.name}.{ending}", content)
    files.replace(folder / f"{chart.name}.alt.txt", f"{chart.alt}\n{notice}\n".encode())
    tables.write_report(folder / f"{chart.name}_data.csv", list(columns), data, notice=notice, numbers=numbers)
