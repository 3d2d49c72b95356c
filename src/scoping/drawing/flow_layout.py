"""The PRISMA 2020 flow diagram: where each box, line of text and arrow stands.

All geometry is in millimetres, x to the right and y downwards; sizes of text are in points. The grid is data
(`flow_grid`); nothing below knows a box by name.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from scoping.drawing import fonts
from scoping.drawing.flow import Flow, Line, n
from scoping.drawing.flow_grid import BLUE, GREY, KEYS, OTHER, PREVIOUS, ROWS, STAGES, WIDTHS, Arm, drawn_arms, is_grey
from scoping.drawing.geometry import INK, Arrow, Layout, Shape, Text
from scoping.errors import ScopingError
from scoping.figure_settings import GENERIC, Preset

RED, PALE_RED, NOTE, PAPER = "#C00000", "#FAE3E1", "#404040", "#FFFFFF"

MARGIN = 0.5  # around everything, so that no outline is cut
PAD_X, PAD_Y = 1.8, 1.6  # text to the edge of its box
GAP_X, GAP_Y = 5.5, 5.5  # between boxes
BAR, BAR_GAP = 5.0, 3.0  # side bars: width, distance to the boxes
HEAD_GAP = 4.0  # header bars to the boxes
INDENT = 2.0  # of one level, and of the second line of an indented item
RADIUS = 1.5
LARGEST = 999_999  # a number that every box can hold unbroken; of a diagram with a larger one, that


class TooNarrow(ScopingError, ValueError):
    """The boxes would be narrower than their numbers."""


@dataclass
class _Grid:
    """Work in hand: the columns of the arms that are drawn, and what has been placed so far."""

    flow: Flow
    pt: float
    width: float
    arms: tuple[Arm, ...]
    column_of: dict[str, int] = field(default_factory=dict)
    arm_of: dict[str, Arm] = field(default_factory=dict)
    first_column: dict[str, tuple[int, int]] = field(default_factory=dict)  # arm -> first column, columns
    shapes: dict[str, Shape] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = 0
        for arm in self.arms:
            across = 2 if arm.sides else 1
            self.first_column[arm.name] = (columns, across)
            for key in (*arm.spine, *arm.below):
                self.column_of[key], self.arm_of[key] = columns, arm
            for key in arm.sides.values():
                self.column_of[key], self.arm_of[key] = columns + 1, arm
            columns += across
        self.left = MARGIN + BAR + BAR_GAP
        self.box_width = (self.width - MARGIN - self.left - GAP_X * (columns - 1)) / columns

    def x(self, column: int) -> float:
        return self.left + column * (self.box_width + GAP_X)

    @property
    def line_height(self) -> float:
        return fonts.line_height(self.pt)

    def drawn(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys that the flow has and the arms hold."""
        return [key for key in keys if key in self.flow.boxes and key in self.column_of]


def layout(flow: Flow, *, width_mm: float | None = None, pt: float | None = None, preset: Preset = GENERIC) -> Layout:
    """Place everything; `TooNarrow` if boxes would be narrower than numbers. A word wider than its box is broken.

    `width_mm` is the width of the whole drawing, by default that of the variant (`flow_grid.WIDTHS`) as far as the
    preset's page has it, or that of a page if it would be longer than one; `pt` by default the preset's text.
    """
    arms = drawn_arms(flow.boxes)
    page, pt = preset.widths[-1], pt or preset.text
    usual = WIDTHS[PREVIOUS in arms, OTHER in arms]
    usual = min(usual, page if usual <= GENERIC.widths[-1] else max(page, preset.height))  # the widest lies on its side
    placed = _placed(flow, width_mm or usual, pt)
    if width_mm is None and usual < page and placed.height > preset.height:
        placed = _placed(flow, page, pt)
    return replace(placed, preset=preset)


def _placed(flow: Flow, width: float, pt: float) -> Layout:
    unknown = sorted(set(flow.boxes) - KEYS)
    if unknown:
        raise ValueError(f"no such box in the diagram: {', '.join(unknown)}")
    grid = _Grid(flow, pt, width, drawn_arms(flow.boxes))
    numbers = (line.number for box in flow.boxes.values() for line in box.lines if line.number)
    needed = fonts.width(n(max((LARGEST, *numbers))), pt) + 2 * (PAD_X + INDENT)
    if grid.box_width < needed:
        what = f"the boxes of a diagram of {width:g} mm would be {max(grid.box_width, 0):.0f} mm wide"
        raise TooNarrow(what, do=f"draw it wider or with smaller text: they need {needed:.0f} mm")
    top = _headings(grid, _banner(grid, MARGIN))
    body = _rows(grid, top)
    notes, bottom = _notes(grid, body)
    return Layout(
        width=width,
        height=bottom + MARGIN,
        pt=pt,
        shapes=tuple(grid.shapes.values()),
        arrows=_arrows(grid),
        notes=notes,
        note_items=tuple(fonts.clean(note) for note in (*flow.footnotes, flow.notice)),
        watermark=_watermark(grid, top, body) if flow.draft else None,
        title=fonts.clean(flow.title),
        alt=fonts.clean(flow.alt),
    )


def _wrap(grid: _Grid, line: Line, room: float) -> list[tuple[str, float]]:
    """(text, distance from the left edge of the text area) of each drawn line."""
    indent, hanging = INDENT * line.indent, INDENT if line.indent else 0.0
    texts = fonts.wrap_anywhere(line.words, room - indent, grid.pt, bold=line.bold, hanging=hanging)
    return [(text, indent + (hanging if at else 0.0)) for at, text in enumerate(texts)]


def _stack(grid: _Grid, lines: Sequence[Line], x: float, y: float, width: float) -> tuple[tuple[Text, ...], float]:
    """Left-aligned lines in a box, and the height of the box."""
    texts: list[Text] = []
    for item, line in enumerate(lines):
        for text, shift in _wrap(grid, line, width - 2 * PAD_X):
            baseline = y + PAD_Y + (len(texts) + 0.78) * grid.line_height
            texts.append(Text(x + PAD_X + shift, baseline, text, grid.pt, line.bold, item=item))
    return tuple(texts), len(texts) * grid.line_height + 2 * PAD_Y


def _centred(grid: _Grid, text: str, x: float, y: float, width: float, colour: str) -> tuple[tuple[Text, ...], float]:
    """Centred bold lines in a bar, and the height of the bar."""
    lines = [text for text, _ in _wrap(grid, Line(text, bold=True), width - 2 * PAD_X)]
    drawn = tuple(
        Text(x + width / 2, y + PAD_Y + (at + 0.78) * grid.line_height, line, grid.pt, True, "middle", colour)
        for at, line in enumerate(lines)
    )
    return drawn, len(lines) * grid.line_height + 2 * PAD_Y


def _banner(grid: _Grid, y: float) -> float:
    """The red banner of a draft over the full width; the y where the next thing may begin."""
    if not grid.flow.draft:
        return y
    width = grid.width - 2 * MARGIN
    said = f"DRAFT \u2013 {grid.flow.draft}"
    texts, height = _centred(grid, said, MARGIN, y, width, PAPER)
    grid.shapes["draft"] = Shape("draft", "draft", MARGIN, y, width, height, RED, None, RADIUS, texts, (said,))
    return y + height + 2.5


def _headings(grid: _Grid, y: float) -> float:
    """A header bar over each arm, all of one height; the y where the boxes begin."""
    bars: list[tuple[Arm, str, float, float]] = []
    for arm in grid.arms:
        first, across = grid.first_column[arm.name]
        heading = grid.flow.headings.get(arm.name, arm.heading)
        bars.append((arm, heading, grid.x(first), across * grid.box_width + (across - 1) * GAP_X))
    tallest = max(_centred(grid, heading, x, y, width, INK)[1] for _, heading, x, width in bars)
    for arm, heading, x, width in bars:
        own = _centred(grid, heading, x, y, width, INK)[1]
        texts, _ = _centred(grid, heading, x, y + (tallest - own) / 2, width, INK)
        key = f"head-{arm.spine[0]}"
        grid.shapes[key] = Shape(key, "head", x, y, width, tallest, arm.head, None, RADIUS, texts, (heading,))
    return y + tallest + HEAD_GAP


def _rows(grid: _Grid, top: float) -> float:
    """Boxes row by row, aligned at their tops, and a side bar along each stage; the lower edge of the last row."""
    y = top
    for name, first, last in STAGES:
        rows = [keys for keys in map(grid.drawn, ROWS[first : last + 1]) if keys]
        if not rows:
            continue
        start = y
        for keys in rows:
            y += _row(grid, keys, y) + GAP_Y
        needed = fonts.width(name, grid.pt, True) + 2 * PAD_X
        y = max(y, start + needed + GAP_Y)
        _side_bar(grid, name, start, y - GAP_Y)
    return y - GAP_Y


def _row(grid: _Grid, keys: Sequence[str], y: float) -> float:
    """Draw the boxes of a row; the height of the tallest."""
    heights = []
    for key in keys:
        arm, x = grid.arm_of[key], grid.x(grid.column_of[key])
        lines = grid.flow.boxes[key].lines
        texts, height = _stack(grid, lines, x, y, grid.box_width)
        said = tuple(fonts.clean(line.words) for line in lines)
        grey = is_grey(arm, key)
        # The white boxes of a draft are clear, so that the watermark behind them can be seen.
        fill = GREY if grey else None if grid.flow.draft else PAPER
        edge = None if grey else INK
        grid.shapes[key] = Shape(key, "box", x, y, grid.box_width, height, fill, edge, 0.0, texts, said)
        heights.append(height)
    return max(heights)


def _side_bar(grid: _Grid, name: str, top: float, bottom: float) -> None:
    baseline = MARGIN + BAR / 2 + 0.36 * grid.pt * fonts.MM_PER_PT
    text = Text(baseline, (top + bottom) / 2, name, grid.pt, True, "middle", INK, 90.0)
    key = f"bar-{name.lower()}"
    grid.shapes[key] = Shape(key, "bar", MARGIN, top, BAR, bottom - top, BLUE, None, RADIUS, (text,), (name,))


def _arrows(grid: _Grid) -> tuple[Arrow, ...]:
    arrows = []
    for arm in grid.arms:
        chain = grid.drawn(arm.spine)
        arrows += [_down(grid, above, below) for above, below in pairwise(chain)]
        arrows += [_across(grid, key, side) for key, side in arm.sides.items() if {key, side} <= set(grid.shapes)]
        if chain and arm.target in grid.shapes:
            same = grid.column_of[chain[-1]] == grid.column_of[arm.target]
            arrows.append((_down if same else _around)(grid, chain[-1], arm.target))
        arrows += [_down(grid, above, below) for above, below in pairwise(grid.drawn(arm.below))]
    return tuple(arrows)


def _down(grid: _Grid, above: str, below: str) -> Arrow:
    a, b = grid.shapes[above], grid.shapes[below]
    return Arrow(above, below, ((a.middle[0], a.bottom), (b.middle[0], b.y)))


def _across(grid: _Grid, left: str, right: str) -> Arrow:
    """At the middle of the height that both boxes share, so that it never misses the shorter one."""
    a, b = grid.shapes[left], grid.shapes[right]
    y = (max(a.y, b.y) + min(a.bottom, b.bottom)) / 2
    return Arrow(left, right, ((a.right, y), (b.x, y)))


def _around(grid: _Grid, above: str, target: str) -> Arrow:
    """Down to the height of the target's middle, then across to its nearer edge."""
    a, b = grid.shapes[above], grid.shapes[target]
    edge = b.right if a.x > b.x else b.x
    return Arrow(above, target, ((a.middle[0], a.bottom), (a.middle[0], b.middle[1]), (edge, b.middle[1])))


def _notes(grid: _Grid, body: float) -> tuple[tuple[Text, ...], float]:
    """Footnotes and the notice under the boxes, no smaller than these; and the lower edge of it all."""
    pt = grid.pt
    room, step = grid.width - MARGIN - grid.left, fonts.line_height(pt)
    texts: list[Text] = []
    y = body
    paragraphs = [(note, 1.0) for note in grid.flow.footnotes] + [(grid.flow.notice, 2.0)]
    for item, (paragraph, gap) in enumerate(paragraphs):
        if not fonts.clean(paragraph):
            continue
        y += gap if texts else 4.0
        for line in fonts.wrap_anywhere(paragraph, room, pt):
            texts.append(Text(grid.left, y + 0.78 * step, line, pt, colour=NOTE, item=item))
            y += step
    return tuple(texts), y


def _watermark(grid: _Grid, top: float, bottom: float) -> Text:
    """DRAFT along the diagonal of the boxes, at 45 degrees at most, so that it stays of one size on long diagrams."""
    width, height = grid.width - MARGIN - grid.left, bottom - top
    angle = min(math.atan2(height, width), math.radians(45))
    length = 0.66 * min(width / math.cos(angle), height / math.sin(angle))
    pt = 10 * length / fonts.width("DRAFT", 10, True)
    sink = 0.36 * pt * fonts.MM_PER_PT  # from the middle of the capitals to their baseline
    x, y = grid.left + width / 2 + sink * math.sin(angle), top + height / 2 + sink * math.cos(angle)
    return Text(
        round(x, 3), round(y, 3), "DRAFT", round(pt, 2), True, "middle", PALE_RED, round(math.degrees(angle), 3)
    )
