"""How a command takes the parts of a document from the files of the reports."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoping.manuscript import Part


def names(reports: Iterable[Path], folder: Path) -> list[str]:
    """The files by their names below the folder."""
    return [path.relative_to(folder).as_posix() for path in reports]


def read(plan: Mapping[str, Sequence[str]], folder: Path, notice: str) -> "list[Part]":
    """Headings, documents and figures, each figure with the caption and the alternative text that lie beside it."""
    from scoping.manuscript import Figure

    found: list[Part] = []
    for heading, mine in plan.items():
        found.append(heading)
        for name in mine:
            data = (folder / name).read_bytes()
            stem = (folder / name).with_suffix("")
            found.append(
                Figure(data, said(stem, "caption", notice), said(stem, "alt", notice))
                if name.endswith(".png")
                else data
            )
    return found


def said(stem: Path, what: str, notice: str) -> str:
    """The caption or the alternative text beside a figure, without the notice."""
    return stem.with_name(f"{stem.name}.{what}.txt").read_text(encoding="utf-8").strip().removesuffix(notice).strip()
