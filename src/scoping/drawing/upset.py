"""An UpSet plot: how often each exact combination of sets occurs. Lengths in mm, sizes in pt."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scoping.drawing import fonts, style
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
STEP, NARROWEST, WIDEST = 4.8, 4.8, 7.5  # distance of rows; of columns
BARS = 34.0  # height of the longest bar
MOST_LABEL, SIZE_BAR = 42.0, 10.0  # width of set labels; of the longest bar of a set
NAME = 24.0  # least width of the words beside the bars
ABSENT = "#CFCFCF"


@dataclass(frozen=True)
class Set:
    """A set: `size` of its members are in it, whatever else they are in."""

    label: str
    size: int


@dataclass(frozen=True)
class Combination:
    """What is in these sets (their positions) and in no other; `parts` counts it by kind."""

    sets: frozenset[int]
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Of all kinds."""
        return sum(self.parts)


@dataclass(frozen=True)
class _Plan:
    """Where everything stands: `left` is where the columns begin."""

    labels: list[list[str]]
    width: float
    left: float
    pitch: float
    shown: Sequence[Combination]


def upset(
    sets: Sequence[Set], combinations: Sequence[Combination], kinds: Sequence[str], words: Words, *, axis: str, many: str
) -> Chart:  # fmt: skip
    """A bar for each combination, in the given order, stacked by kind; below it the sets that it is made of.

    `axis` says what the bars count, `many` is its unit in the plural. Combinations without room are left out, the last
    first; the figure says how many.
    """
    if not combinations:
        return nothing(words)
    plan = _plan(sets, combinations, words.preset)
    room = plan.width - 2 * EDGE
    keys = [
        Key(f"{kind} (n\u00a0=\u00a0{sum(each.parts[at] for each in combinations):,})", *style.fill(at))
        for at, kind in enumerate(kinds)
    ]
    keys = keys if len(kinds) > 1 else []
    top = EDGE + (legend_height(keys, room) + 2.0 if keys else 0.0)
    base = top + 4.0 + BARS
    ys = [base + 3.0]
    for label in plan.labels:
        ys.append(ys[-1] + STEP + (len(label) - 1) * fonts.line_height(style.SMALL))
    rest = combinations[len(plan.shown) :]
    more = left_out(len(rest), f"combinations ({sum(each.total for each in rest):,} {many})") if rest else ""
    foot = ys[-1] + 0.5 + notice_height(more, room)
    with style.house(words.preset):
        page = Page(
            plan.width, foot + EDGE + notice_height(words.notice, room), title=words.title,
            alt=_sentence(sets, plan.shown, combinations, kinds, words, more), preset=words.preset,
        )  # fmt: skip
        legend(page, keys, EDGE, EDGE, room)
        _draw_bars(page, plan, kinds, base, axis)
        _draw_sets(page, plan, sets, ys)
        note(page, EDGE, ys[-1], more, room)
        return finish(page, words.name, words.caption, words.notice, EDGE)


def _plan(sets: Sequence[Set], combinations: Sequence[Combination], preset: Preset) -> _Plan:
    labels = [fonts.wrap_anywhere(each.label, MOST_LABEL, style.SMALL) for each in sets]
    widest = max((fonts.width(text, style.SMALL) for label in labels for text in label), default=0.0)
    numbers = max((fonts.width(f"{each.size:,}", style.SMALL) for each in sets), default=0.0)
    left = EDGE + max(widest, NAME) + 2.0 + numbers + 1.0 + SIZE_BAR + 1.5
    least = max(NARROWEST, max(fonts.width(f"{each.total:,}", style.SMALL) for each in combinations) + 1.0)
    need = [width for width in preset.across if (width - left - EDGE) / len(combinations) >= least]
    width = need[0] if need else preset.page
    room = width - left - EDGE
    shown = combinations[: max(1, int(room / least + 1e-9))]
    return _Plan(labels, width, left, max(min(room / len(shown), max(WIDEST, least)), least), shown)


def _draw_bars(page: Page, plan: _Plan, kinds: Sequence[str], base: float, axis: str) -> None:
    most = max(each.total for each in plan.shown)
    step = fonts.line_height(style.TEXT)
    name = fonts.wrap_anywhere(axis, plan.left - EDGE - 3.0, style.TEXT)
    for at, text in enumerate(name):
        page.text(EDGE, base - (len(name) - 1 - at) * step, text)
    for at, each in enumerate(plan.shown):
        x, y = plan.left + (at + 0.5) * plan.pitch, base
        for kind in range(len(kinds)):
            high = each.parts[kind] / most * BARS
            if high:
                colour, hatch = style.fill(kind)
                wide = min(plan.pitch * 0.62, 4.0)
                page.rectangle(x - wide / 2, y - high, wide, high, fill=colour, edge=style.INK, line=0.5, hatch=hatch)
            y -= high
        page.text(x, y - 1.0, f"{each.total:,}", pt=style.SMALL, anchor="middle")
    right = plan.left + len(plan.shown) * plan.pitch
    page.line([(plan.left, base), (right, base)], line=0.6)


def _draw_sets(page: Page, plan: _Plan, sets: Sequence[Set], ys: Sequence[float]) -> None:
    step, right = fonts.line_height(style.SMALL), plan.left + len(plan.shown) * plan.pitch
    most = max((each.size for each in sets), default=0) or 1
    middles = [(upper + lower) / 2 for upper, lower in pairwise(ys)]
    for at, (each, label, y) in enumerate(zip(sets, plan.labels, middles, strict=True)):
        if at % 2 == 0:
            page.rectangle(EDGE, ys[at], right - EDGE, ys[at + 1] - ys[at], fill=style.PALE)
        for line, text in enumerate(label):
            page.text(EDGE, y + 0.9 + (line - (len(label) - 1) / 2) * step, text, pt=style.SMALL)
        end = plan.left - 1.5
        page.text(end - SIZE_BAR - 1.0, y + 0.9, f"{each.size:,}", pt=style.SMALL, anchor="end")
        page.rectangle(end - SIZE_BAR, y - 1.2, each.size / most * SIZE_BAR, 2.4, fill=style.MUTED)
    radius = min(STEP, plan.pitch) * 0.27
    for at, combination in enumerate(plan.shown):
        x = plan.left + (at + 0.5) * plan.pitch
        inside = [middles[number] for number in sorted(combination.sets)]
        for number, y in enumerate(middles):
            if number not in combination.sets:
                page.circle(x, y, radius * 0.5, fill=ABSENT, edge=ABSENT, line=0.3)
        if len(inside) > 1:  # over the pale dots that it passes
            page.line([(x, inside[0]), (x, inside[-1])], line=1.2)
        for y in inside:
            page.circle(x, y, radius, fill=style.INK, edge=style.INK, line=0.3)


def _sentence(
    sets: Sequence[Set], shown: Sequence[Combination], combinations: Sequence[Combination], kinds: Sequence[str],
    words: Words, more: str,
) -> str:  # fmt: skip
    each = []
    for combination in shown:
        names = " and ".join(sets[at].label for at in sorted(combination.sets)) or "none of them"
        parts = ", ".join(f"{kind} {n:,}" for kind, n in zip(kinds, combination.parts, strict=True) if n)
        each.append(f"{names} {combination.total:,}" + (f" ({parts})" if len(kinds) > 1 else ""))
    every = ", ".join(
        f"{kind} {sum(combination.parts[at] for combination in combinations):,}" for at, kind in enumerate(kinds)
    )
    of_kinds = f" In all: {every}." if len(kinds) > 1 else ""
    sizes = "; ".join(f"{entry.label} {entry.size:,}" for entry in sets)
    return f"{words.title}.{of_kinds} In each: {sizes}. In exactly: {'; '.join(each)}.{spoken(more)}"
