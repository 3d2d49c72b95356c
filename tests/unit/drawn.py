"""What stands on a drawn page: every text with its place in mm of the drawing, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from scoping.drawing import frame, style
from scoping.drawing.frame import Chart
from scoping.drawing.page import Page

DPI = 254  # ten dots a millimetre
LEEWAY = 0.15  # mm: half a hair's breadth is no overlap


@dataclass(frozen=True)
class Box:
    """A text with its left, upper, right and lower edge."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def on(self, other: Box) -> bool:
        """Whether one stands on the other."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > LEEWAY and down > LEEWAY


def page_of(monkeypatch: pytest.MonkeyPatch, draw: Callable[[], Chart]) -> Page:
    """The page of a chart, saved as nothing."""
    pages: list[Page] = []
    monkeypatch.setattr(Page, "png", lambda page: pages.append(page) or b"")
    monkeypatch.setattr(Page, "svg", lambda page: b"")
    monkeypatch.setattr(Page, "pdf", lambda page: b"")
    monkeypatch.setattr(frame, "tiff", lambda png, alt: b"")
    draw()
    (page,) = pages
    return page


def texts(page: Page) -> list[Box]:
    """Every text that shows, with the ticks of charts."""
    with style.house(page.preset):
        canvas = FigureCanvasAgg(page.figure)
        page.figure.set_dpi(DPI)
        canvas.draw()
        renderer = canvas.get_renderer()
        found = []
        for axes in page.figure.axes:
            ticks: list[Text] = [axes.xaxis.label, axes.yaxis.label]
            for axis in (axes.xaxis, axes.yaxis):
                low, high = axis.get_view_interval()
                ticks += [
                    tick
                    for at, tick in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
                    if low <= at <= high
                ]
            for text in [*axes.texts, *(ticks if axes.axison else [])]:
                if isinstance(text, Text) and text.get_text():
                    box = text.get_window_extent(renderer)
                    dots = 10 * page.scale
                    edges = (box.x0, page.height * dots - box.y1, box.x1, page.height * dots - box.y0)
                    found.append(Box(text.get_text(), *(edge / dots for edge in edges)))
    return found


def faults(page: Page, found: list[Box] | None = None) -> list[str]:
    """Texts outside the page, and texts on each other."""
    found = texts(page) if found is None else found
    wrong = [
        f"{box.text!r} is not on the page"
        for box in found
        if box.left < -LEEWAY
        or box.top < -LEEWAY
        or box.right > page.width + LEEWAY
        or box.bottom > page.height + LEEWAY
    ]
    rows: dict[int, list[Box]] = {}
    for box in found:
        for row in range(int(box.top // 10), int(box.bottom // 10) + 1):
            rows.setdefault(row, []).append(box)
    wrong += sorted(
        {f"{a.text!r} stands on {b.text!r}" for row in rows.values() for a, b in combinations(row, 2) if a.on(b)}
    )
    return wrong
