"""Rows crossed with headed columns: where labels, headings and cells stand. Lengths in mm, sizes in pt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from scoping.drawing import fonts, style
from scoping.drawing.page import Page
from scoping.figure_settings import GENERIC, Preset

EDGE = 1.0  # margin around everything
GROUP_GAP = 2.0  # between families
STEP = 4.6  # distance of two rows of one line
MOST_LABEL, MOST_HEAD = 50.0, 52.0  # width of row labels, length of column labels, before they are wrapped
EASY_HEAD = 26.0  # a column label longer than this takes two lines where its column is wide enough
MOST_WORD = 40.0  # a longer word in a family's heading is broken


@dataclass(frozen=True)
class Column:
    """A code: `family` is the heading of the group that it stands in; empty, it stands under none."""

    id: str
    label: str
    family: str = ""


@dataclass(frozen=True)
class Pitch:
    """How far apart columns and rows stand: columns from `narrowest` to `widest`, at best `easy`; rows `step`."""

    narrowest: float = 4.2
    easy: float = 7.5
    widest: float = 9.0
    step: float = STEP


@dataclass(frozen=True)
class _Group:
    """Neighbouring columns of one family."""

    x: float
    width: float
    heading: list[str]


@dataclass
class Crossing:
    """Where everything stands: `xs` the centre of each column, `ys` the edges of rows, known after `place`."""

    labels: list[list[str]]
    columns: Sequence[Column]
    step: float
    heads: list[list[str]] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    xs: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)  # of each column
    ys: list[float] = field(default_factory=list)
    pitch: float = 0.0
    width: float = 0.0
    left: float = 0.0
    right: float = 0.0

    def place(self, top: float) -> float:
        """Put the rows below the headings, whose upper edge is `top`; the lower edge of the last row."""
        y = top + self.head_height
        self.ys = [y]
        for label in self.labels:
            y += self.row_height(label)
            self.ys.append(y)
        return y

    def row_height(self, label: Sequence[str]) -> float:
        """Height of a row whose label has these lines."""
        return max(self.step, STEP + (len(label) - 1) * fonts.line_height(style.SMALL))

    @property
    def body(self) -> float:
        """Height of headings and rows."""
        return self.head_height + sum(map(self.row_height, self.labels))

    @property
    def head_height(self) -> float:
        """From the upper edge of the family headings to the first row."""
        longest = max((fonts.width(text, style.SMALL) for head in self.heads for text in head), default=0.0)
        return self._family_height + longest + 3.0

    @property
    def _family_height(self) -> float:
        lines = max((len(group.heading) for group in self.groups if any(group.heading)), default=0)
        return lines * fonts.line_height(style.SMALL) + 2.0 if lines else 0.0

    def draw_heads(self, page: Page, top: float, corner: str) -> None:
        """Families with a line under each, then the columns' labels upright, reading upwards; `corner` names rows."""
        step = fonts.line_height(style.SMALL)
        rule = top + self._family_height - 1.0
        for group in self.groups:
            if not any(group.heading):
                continue
            for at, text in enumerate(reversed(group.heading)):
                page.text(
                    group.x + group.width / 2, rule - 1.1 - at * step, text, pt=style.SMALL, bold=True, anchor="middle"
                )  # fmt: skip
            page.line([(group.x + 0.3, rule), (group.x + group.width - 0.3, rule)], line=0.75)
        base = self.ys[0] - 1.2
        for x, head in zip(self.xs, self.heads, strict=True):
            for at, text in enumerate(head):
                page.text(x + 0.9 + (at - (len(head) - 1) / 2) * step, base, text, pt=style.SMALL, rotate=90)
        page.text(EDGE, base, corner, pt=style.SMALL, bold=True)

    def draw_label(self, page: Page, row: int, *, bold: bool = False) -> None:
        """The line above a row, and its label."""
        step, top = fonts.line_height(style.SMALL), self.ys[row]
        page.line([(EDGE, top), (self.right, top)], colour=style.INK if row == 0 else style.RULE, line=0.5)
        label, middle = self.labels[row], self.middle(row)
        for line, text in enumerate(label):
            page.text(EDGE, middle + 0.9 + (line - (len(label) - 1) / 2) * step, text, pt=style.SMALL, bold=bold)

    def middle(self, row: int) -> float:
        """Half height of a row."""
        return (self.ys[row] + self.ys[row + 1]) / 2


def crossing(
    labels: Sequence[str], columns: Sequence[Column], pitch: Pitch = Pitch(), preset: Preset = GENERIC, *,
    least: float = 24.0,
) -> Crossing:  # fmt: skip
    """Labels and headings wrapped, columns placed. It is wider than a page where the columns need that.

    `least` is the width that labels take at least.
    """
    wrapped = [fonts.wrap_anywhere(label, MOST_LABEL, style.SMALL) for label in labels]
    plan = Crossing(wrapped, columns, pitch.step)
    widest = max((fonts.width(text, style.SMALL) for label in plan.labels for text in label), default=0.0)
    plan.left = EDGE + max(widest, least) + 2.0
    families = [(family, len(list(group))) for family, group in groupby(columns, key=lambda column: column.family)]
    _choose_width(plan, pitch, len(columns), max(len(families) - 1, 0), preset)
    plan.heads = [_head(column.label, plan.pitch) for column in columns]
    pitches = [max(plan.pitch, len(head) * fonts.line_height(style.SMALL) + 0.6) for head in plan.heads]
    x, first = plan.left, 0
    for family, members in families:
        own = pitches[first : first + members]
        width = max(sum(own), _widest_word(family) + 0.6)
        plan.groups.append(_Group(x, width, fonts.wrap_anywhere(family, width, style.SMALL, bold=True)))
        for wide in own:
            share = wide * width / sum(own)
            plan.xs.append(x + share / 2)
            plan.widths.append(share)
            x += share
        x, first = x + GROUP_GAP, first + members
    plan.right = x - GROUP_GAP if families else plan.width - EDGE
    if plan.right + EDGE > plan.width + 1e-6:  # sums of shares are not exact
        plan.width = plan.right + EDGE
    return plan


def fitting(count: int, weight: Sequence[int], fits: Callable[[list[int]], bool]) -> list[int]:
    """Positions of those of `count` things that fit, in order: the lightest, of these the last, are left out first."""
    ranked = sorted(range(count), key=lambda at: (-weight[at], at))
    low, high = min(count, 1), count
    while low < high:  # fewer things never need more room
        half = (low + high + 1) // 2
        low, high = (half, high) if fits(sorted(ranked[:half])) else (low, half - 1)
    return sorted(ranked[:low])


def _widest_word(text: str) -> float:
    words = fonts.clean(text).split(" ")
    return min(max(fonts.width(word, style.SMALL, True) for word in words), MOST_WORD)


def _choose_width(plan: Crossing, pitch: Pitch, columns: int, gaps: int, preset: Preset) -> None:
    """The narrowest usual width at which columns stand easily; a whole page where none does; more where needed."""
    fixed, columns = plan.left + gaps * GROUP_GAP + EDGE, max(columns, 1)
    easy = [width for width in preset.across if (width - fixed) / columns >= pitch.easy]
    plan.width = easy[0] if easy else preset.page
    plan.pitch = min(max((plan.width - fixed) / columns, pitch.narrowest), pitch.widest)
    plan.width = max(plan.width, fixed + columns * plan.pitch)


def _head(label: str, pitch: float) -> list[str]:
    """A column's label: one line if it is short, else lines of about one length; as many as `MOST_HEAD` demands."""
    step = fonts.line_height(style.SMALL)
    fewest = fonts.wrap_anywhere(label, MOST_HEAD, style.SMALL)
    lines = len(fewest)
    if lines == 1 and pitch >= 2 * step + 0.6 and fonts.width(fewest[0], style.SMALL) > EASY_HEAD:
        lines = 2
    best, room = fewest, MOST_HEAD
    while room > 8:
        room -= 1
        tried = fonts.wrap(label, room, style.SMALL)
        if len(tried) > lines or any(fonts.width(text, style.SMALL) > room for text in tried):
            break
        best = tried
    return best if lines > 1 else fewest
