"""Horizontal bars with their numbers, in one panel or several side by side. Lengths in mm, sizes in pt."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoping.drawing import fonts, style
from scoping.drawing.crossing import fitting
from scoping.drawing.frame import (
    Chart,
    Key,
    Words,
    finish,
    left_out,
    legend,
    legend_height,
    note,
    nothing,
    notice_height,
    spoken,
)
from scoping.drawing.page import Page
from scoping.figure_settings import Preset

EDGE = 1.0
STEP = 5.6  # distance of rows of one line
MOST_LABEL, LEAST_LABEL = 50.0, 20.0
PANEL, BETWEEN = 26.0, 4.0  # least width of a panel; distance of two
HEADING = 6.0  # height of a heading among the rows
AROUND = 10.0  # height of what stands around the rows


@dataclass(frozen=True)
class Bar:
    """A row: for each panel how many of each kind. `heading` stands above the first row of those that share it."""

    label: str
    values: tuple[tuple[int, ...], ...]
    heading: str = ""


@dataclass(frozen=True)
class _Plan:
    """Where everything stands."""

    rows: Sequence[Bar]
    labels: list[list[str]]
    headings: list[list[str]]  # above each row, mostly none
    width: float
    left: float

    @property
    def heights(self) -> list[tuple[float, float]]:
        """(of the heading above a row, of the row)."""
        step = fonts.line_height(style.SMALL)
        return [
            (HEADING + (len(head) - 1) * step if head else 0.0, STEP + (len(label) - 1) * step)
            for head, label in zip(self.headings, self.labels, strict=True)
        ]

    @property
    def height(self) -> float:
        return sum(head + row for head, row in self.heights)


def bars(rows: Sequence[Bar], panels: Sequence[str], kinds: Sequence[str], words: Words, *, many: str) -> Chart:
    """Bars stacked by kind, each panel on a scale of its own; `many` names the rows in the plural.

    Rows without room are left out, the last first (the shortest may be what matters); the figure says how many.
    """
    if not rows:
        return nothing(words)
    tallest = words.preset.tall - AROUND
    kept = fitting(
        len(rows), [0] * len(rows), lambda at: _plan([rows[i] for i in at], panels, words.preset).height <= tallest
    )
    plan = _plan([rows[at] for at in kept], panels, words.preset)
    room = plan.width - 2 * EDGE
    keys = [Key(kind, *style.fill(at)) for at, kind in enumerate(kinds)] if len(kinds) > 1 else []
    across = (plan.width - EDGE - plan.left - BETWEEN * (len(panels) - 1)) / len(panels)
    heads = [fonts.wrap_anywhere(panel, across, style.TEXT, bold=True) for panel in panels]
    above = EDGE + (legend_height(keys, room) + 2.0 if keys else 0.0)
    top = above + max(map(len, heads)) * fonts.line_height(style.TEXT) + 1.5
    more = left_out(len(rows) - len(kept), many)
    foot = top + plan.height + notice_height(more, room)
    with style.house(words.preset):
        page = Page(
            plan.width, foot + EDGE + 0.5 + notice_height(words.notice, room), title=words.title,
            alt=_sentence(plan.rows, panels, kinds, words, more), preset=words.preset,
        )  # fmt: skip
        legend(page, keys, EDGE, EDGE, room)
        _draw_labels(page, plan, top)
        for at, head in enumerate(heads):
            _draw_panel(page, plan, at, plan.left + at * (across + BETWEEN), across, top, head)
        note(page, EDGE, top + plan.height, more, room)
        return finish(page, words.name, words.caption, words.notice, EDGE)


def _plan(rows: Sequence[Bar], panels: Sequence[str], preset: Preset) -> _Plan:
    labels = [fonts.wrap_anywhere(row.label, MOST_LABEL, style.SMALL) for row in rows]
    widest = max(fonts.width(text, style.SMALL) for label in labels for text in label)
    left = EDGE + max(widest, LEAST_LABEL) + 2.0
    need = left + len(panels) * PANEL + (len(panels) - 1) * BETWEEN + EDGE
    width = next((width for width in preset.across if width >= need), need)
    before = [""] + [row.heading for row in rows[:-1]]
    headings = [
        fonts.wrap_anywhere(row.heading, width - 2 * EDGE, style.SMALL, bold=True) if row.heading != last else []
        for row, last in zip(rows, before, strict=True)
    ]
    return _Plan(rows, labels, headings, width, left)


def _draw_labels(page: Page, plan: _Plan, top: float) -> None:
    step, y = fonts.line_height(style.SMALL), top
    for label, heading, (above, own) in zip(plan.labels, plan.headings, plan.heights, strict=True):
        for at, text in enumerate(heading):
            page.text(EDGE, y + above - 1.6 - (len(heading) - 1 - at) * step, text, pt=style.SMALL, bold=True)
        middle = y + above + own / 2
        for at, text in enumerate(label):
            page.text(EDGE, middle + 0.9 + (at - (len(label) - 1) / 2) * step, text, pt=style.SMALL)
        y += above + own


def _draw_panel(page: Page, plan: _Plan, panel: int, x: float, across: float, top: float, head: list[str]) -> None:
    step = fonts.line_height(style.TEXT)
    for at, text in enumerate(head):
        page.text(x, top - 1.8 - (len(head) - 1 - at) * step, text, bold=True)
    totals = [sum(row.values[panel]) for row in plan.rows]
    room = across - max(fonts.width(f"{total:,}", style.SMALL) for total in totals) - 1.5
    most, y = max(totals) or 1, top
    for row, total, (above, own) in zip(plan.rows, totals, plan.heights, strict=True):
        middle, start = y + above + own / 2, x
        page.line([(x, y + above), (x, y + above + own)], line=0.6)
        for kind, value in enumerate(row.values[panel]):
            colour, hatch = style.fill(kind if len(row.values[panel]) > 1 else panel)
            long = value / most * room
            if long:
                page.rectangle(start, middle - 1.6, long, 3.2, fill=colour, edge=style.INK, line=0.5, hatch=hatch)
            start += long
        page.text(start + 1.0, middle + 0.9, f"{total:,}", pt=style.SMALL)
        y += above + own


def _sentence(rows: Sequence[Bar], panels: Sequence[str], kinds: Sequence[str], words: Words, more: str) -> str:
    said = []
    for row in rows:
        parts = []
        for panel, values in zip(panels, row.values, strict=True):
            of = ", ".join(f"{kind} {value:,}" for kind, value in zip(kinds, values, strict=True) if value)
            parts.append(f"{panel.lower()} {sum(values):,}" + (f" ({of})" if len(kinds) > 1 and of else ""))
        said.append(f"{row.label}: {', '.join(parts)}")
    return f"{words.title}. {'; '.join(said)}.{spoken(more)}"
