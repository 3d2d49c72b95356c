"""Recall: the share of all finds against what was looked at, in the order in which people did. Lengths in mm, sizes in pt."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, PercentFormatter

from scoping.drawing import fonts, style
from scoping.drawing.frame import Chart, Key, Words, finish, legend, legend_height, nothing, notice_height
from scoping.drawing.page import Dash, Page

RIGHT, TOP, BELOW, SIDE = 4.0, 2.0, 11.0, 3.0
PLOT = 58.0  # height of the data area
LOOKS: Sequence[tuple[str, Dash]] = ((style.OKABE_ITO[0], "-"), (style.OKABE_ITO[3], (0, (4, 1.5))))
SHARES = (0, 0.25, 0.5, 0.75, 0.95)
EVEN: tuple[str, Dash] = ("#7F7F7F", (0, (1, 1.5)))


@dataclass(frozen=True)
class Finds:
    """One line: `at` are the positions, from 1, at which something was found."""

    label: str
    at: tuple[int, ...]


def curve(
    lines: Sequence[Finds], total: int, batches: Sequence[int], words: Words, *, across: str, up: str, left_out: int = 0,
    why: str = "",
) -> Chart:  # fmt: skip
    """Up to two stepped lines, each from none to all of its finds among `total` things, and that of finds spread evenly.

    `batches` are the positions before which a batch ends; `left_out` things were not looked at, for the reason `why`, and
    stand hatched to the right of them. Nothing is estimated.
    """
    if not total:
        return nothing(words)
    width = words.preset.column
    left = 9.0 + fonts.width("100%", style.SMALL)
    room = width - left - RIGHT
    keys = [
        line_key(f"{line.label} (n\u00a0=\u00a0{len(line.at):,})", *look)
        for line, look in zip(lines, LOOKS, strict=False)
    ]
    keys += [line_key("spread evenly", *EVEN)]
    keys += [Key(f"{why} (n\u00a0=\u00a0{left_out:,})", style.PALE, "////")] if left_out else []
    above = TOP + legend_height(keys, room) + 2.5
    height = above + PLOT + BELOW + notice_height(words.notice, width - 2 * SIDE)
    with style.house(words.preset):
        page = Page(
            width, height, title=words.title, alt=_sentence(lines, total, words, left_out, why), preset=words.preset
        )
        legend(page, keys, left, TOP, room)
        axes = share_axes(page, left, above, room, total=total + left_out, batches=batches, shares=SHARES)
        if left_out:
            axes.axvspan(total, total + left_out, facecolor=style.PALE, edgecolor=EVEN[0], hatch="////", linewidth=0)
            axes.axvline(total, color=style.INK, linewidth=0.9 * page.scale)
        axes.plot([0, total], [0, 1], color=EVEN[0], linewidth=0.9 * page.scale, linestyle=EVEN[1])
        for line, (colour, dash) in zip(lines, LOOKS, strict=False):
            found = len(line.at)
            if not found:
                continue
            axes.step(
                [0, *line.at, total],
                [*(number / found for number in range(found + 1)), 1.0],
                where="post",
                color=colour,
                linewidth=1.2 * page.scale,
                linestyle=dash,
                clip_on=False,
            )
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        return finish(page, words.name, words.caption, words.notice, SIDE)


def share_axes(
    page: Page, left: float, above: float, room: float, *, total: int, batches: Sequence[int], shares: Sequence[float]
) -> Axes:
    """Axes of a share against things in order: up from 0 to 100% with ticks at `shares`, a rule where a batch ends."""
    axes = page.axes(left, above, room, PLOT)
    for end in batches:
        axes.axvline(end, color=style.RULE, linewidth=0.5 * page.scale)
    axes.set_xlim(0, total)
    axes.set_ylim(0, 1.04)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_locator(FixedLocator(list(shares)))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return axes


def line_key(label: str, colour: str, dash: Dash) -> Key:
    """A key with a piece of the line."""

    def sample(page: Page, x: float, y: float) -> None:
        page.line([(x - 2, y), (x + 2, y)], colour=colour, line=1.2, dash=dash)

    return Key(label, colour, draw=sample)


def _sentence(lines: Sequence[Finds], total: int, words: Words, left_out: int, why: str) -> str:
    said = []
    for line in lines:
        if not line.at:
            said.append(f"{line.label}: none")
            continue
        parts = [f"{share}% of them after {line.at[-(-len(line.at) * share // 100) - 1]:,}" for share in (50, 95, 100)]
        said.append(f"{line.label}: {len(line.at):,}, {', '.join(parts)}")
    said += [f"{why}: {left_out:,}"] if left_out else []
    return f"{words.title}. {total:,} in all. {'. '.join(said)}."
