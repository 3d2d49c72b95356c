"""Recall with what is estimated of it: the share of all relevant records found, between the most and the least there may be.

Lengths in mm, sizes in pt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from scoping.drawing import fonts, style
from scoping.drawing.curve import BELOW, PLOT, RIGHT, SIDE, TOP, line_key, share_axes
from scoping.drawing.frame import Chart, Key, Words, finish, legend, legend_height, nothing, notice_height
from scoping.drawing.page import Dash, Page

SHARES = (0, 0.25, 0.5, 0.75, 1)
LINE, AIM = style.OKABE_ITO[0], style.OKABE_ITO[3]
DASH: Dash = (0, (4, 1.5))


@dataclass(frozen=True)
class Left:
    """Relevant records that are left: as estimated (None where nothing is), and the most there may be."""

    estimated: float | None
    most: int


def recall(
    found: Sequence[int], batches: Sequence[int], left: Left, target: float, words: Words, *, sure: str, unread: int
) -> Chart:
    """`found`: 1 or 0 for each record in the order of reading; the band reaches from `left.most` to none left.

    `sure` says how the band was made; `batches` are the positions before which a batch ends.
    """
    if not any(found):
        return nothing(words)
    width, total, last = words.preset.column, len(found), sum(found)
    start = 9.0 + fonts.width("100%", style.SMALL)
    room = width - start - RIGHT
    keys = [Key(sure, style.PALE), line_key(f"target ({100 * target:g}%)", AIM, DASH)]
    if left.estimated is not None:
        keys.insert(0, line_key(f"estimated (about {left.estimated:.0f} left)", LINE, "-"))
    above = TOP + legend_height(keys, room) + 2.5
    height = above + PLOT + BELOW + notice_height(words.notice, width - 2 * SIDE)
    places = list(range(total + 1))
    counts = list(accumulate(found, initial=0))
    with style.house(words.preset):
        page = Page(
            width, height, title=words.title, alt=_sentence(found, left, target, words, unread), preset=words.preset
        )
        legend(page, keys, start, TOP, room)
        axes = share_axes(page, start, above, room, total=total, batches=batches, shares=SHARES)
        low, high = ([number / (last + more) for number in counts] for more in (left.most, 0))
        axes.fill_between(places, low, high, step="post", facecolor=style.PALE, edgecolor=style.MUTED, linewidth=0.4)
        axes.axhline(target, color=AIM, linewidth=0.9 * page.scale, linestyle=DASH)
        if left.estimated is not None:
            line = [number / (last + left.estimated) for number in counts]
            axes.step(places, line, where="post", color=LINE, linewidth=1.2 * page.scale, clip_on=False)
        axes.set_xlabel("Records screened")
        axes.set_ylabel("Share of all relevant records")
        return finish(page, words.name, words.caption, words.notice, SIDE)


def _sentence(found: Sequence[int], left: Left, target: float, words: Words, unread: int) -> str:
    last = sum(found)
    about = "" if left.estimated is None else f", estimated {100 * last / (last + left.estimated):.0f}%"
    return (
        f"{words.title}. {len(found):,} records screened, {unread:,} not; {last:,} relevant ones found. Recall now: at least "
        f"{100 * last / (last + left.most):.0f}%{about}; target {100 * target:g}%."
    )
