"""How a command writes a figure: its forms, its alternative text, its caption, and the data that it shows."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scoping.errors import ScopingError

if TYPE_CHECKING:
    from scoping.drawing.frame import Chart
    from scoping.figure_settings import Preset
    from scoping.tables import Row


def write(
    chart: "Chart",
    folder: Path,
    columns: "Sequence[str]",
    data: "Sequence[Row]",
    notice: str,
    preset: "Preset",
    numbers: Collection[str] = (),
) -> None:
    """Write `<name>.<form>` for each form that the preset has written, `.alt.txt`, `.caption.txt` and `<name>_data.csv`."""
    from scoping import files, tables
    from scoping.figure_settings import FORMS

    for form in set(FORMS) - set(preset.written):  # of an earlier preset, and so of older numbers
        (folder / f"{chart.name}.{form}").unlink(missing_ok=True)
    for form in preset.written:
        path, content = folder / f"{chart.name}.{form}", getattr(chart, form)
        fits(path, content, preset)
        files.replace(path, content)
    for ending, text in (("alt", chart.alt), ("caption", chart.caption)):
        files.replace(folder / f"{chart.name}.{ending}.txt", f"{text}\n{notice}\n".encode())
    tables.write_report(folder / f"{chart.name}_data.csv", list(columns), data, notice=notice, numbers=numbers)


def fits(path: Path, content: bytes, preset: "Preset") -> None:
    """A file of a form of the preset that is larger than the preset allows is an error; others may have any size."""
    from scoping.figure_settings import ALWAYS, FORMS

    form = path.suffix[1:]
    if form not in FORMS or len(content) <= preset.largest_bytes(form):
        return
    large, most = len(content) / 1_000_000, preset.largest_bytes(form) / 1_000_000
    less = ", ask for fewer dots per inch (dpi, print_dpi)" if form in ("png", "tiff") else ""
    out = " or leave it out of report.preset.forms" if form not in ALWAYS else ""
    raise ScopingError(
        f"the figure would have {large:.2f} MB, and report.preset.largest.{form} is {most:g}",
        path=path,
        do=f"allow more there{less}{out}",
    )
