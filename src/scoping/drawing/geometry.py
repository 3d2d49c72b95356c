"""What a placed diagram is made of: lengths in mm, x to the right, y downwards; sizes of text in pt."""

import math
from dataclasses import dataclass
from typing import Literal

from scoping.figure_settings import GENERIC, Preset

INK = "#000000"
HEAD_LENGTH, HEAD_WIDTH = 1.6, 1.6  # of an arrow

Point = tuple[float, float]


@dataclass(frozen=True)
class Text:
    """A drawn line of text on a baseline; `rotate` in degrees against the clock around (x, y).

    Lines of one paragraph have the same `item`.
    """

    x: float
    y: float
    text: str
    pt: float
    bold: bool = False
    anchor: Literal["start", "middle"] = "start"
    colour: str = INK
    rotate: float = 0.0
    item: int = 0


@dataclass(frozen=True)
class Shape:
    """A rectangle with its text; x, y is its upper left corner. `items`: each paragraph of the text, unbroken."""

    key: str
    kind: Literal["box", "head", "bar", "draft"]
    x: float
    y: float
    width: float
    height: float
    fill: str | None
    edge: str | None
    radius: float
    texts: tuple[Text, ...]
    items: tuple[str, ...] = ()

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Arrow:
    """A line from an edge of one box to an edge of another; the head's tip is the last point."""

    start: str
    end: str
    points: tuple[Point, ...]

    def head(self) -> tuple[Point, Point, Point]:
        """The triangle at the end."""
        (x, y), (dx, dy) = self.points[-1], self._direction()
        base_x, base_y, half = x - dx * HEAD_LENGTH, y - dy * HEAD_LENGTH, HEAD_WIDTH / 2
        return (x, y), (base_x - dy * half, base_y + dx * half), (base_x + dy * half, base_y - dx * half)

    def shaft(self) -> tuple[Point, ...]:
        """The line without the head, so that it does not show beyond the tip."""
        (x, y), (dx, dy) = self.points[-1], self._direction()
        return (*self.points[:-1], (x - dx * HEAD_LENGTH / 2, y - dy * HEAD_LENGTH / 2))

    def _direction(self) -> Point:
        (ax, ay), (bx, by) = self.points[-2:]
        length = math.hypot(bx - ax, by - ay) or 1.0
        return (bx - ax) / length, (by - ay) / length


@dataclass(frozen=True)
class Layout:
    """The whole drawing: the watermark lies below everything else. `note_items`: each paragraph of the notes, unbroken."""

    width: float
    height: float
    pt: float
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[Text, ...]
    note_items: tuple[str, ...]
    watermark: Text | None
    title: str
    alt: str
    preset: Preset = GENERIC
