"""What a flow diagram says: boxes of lines, headings and notes. Where these stand is the layout's affair."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def n(k: int) -> str:
    """`(n = 1,234)` with no-break spaces."""
    return f"(n\u00a0=\u00a0{k:,})"


@dataclass(frozen=True)
class Line:
    """One item of a box; `indent` in levels.

    `behind` names the sets of ids that `number` counts, as (box, line) of the table of ids.
    """

    text: str
    indent: int = 0
    bold: bool = False
    number: int | None = None
    behind: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """The text with its number, as it is drawn."""
        return self.text if self.number is None else f"{self.text} {n(self.number)}".lstrip(" ")


@dataclass(frozen=True)
class Box:
    """What a box says; `key` is its name in the grid."""

    key: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """What the diagram says. `headings`: arm -> text of its bar; `draft`: why it is not final; `alt`: in sentences, `caption`: below it."""

    boxes: Mapping[str, Box]
    headings: Mapping[str, str] = field(default_factory=dict)
    footnotes: tuple[str, ...] = ()
    draft: str = ""
    notice: str = ""
    title: str
    caption: str = ""
    alt: str
