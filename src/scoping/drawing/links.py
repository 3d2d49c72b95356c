"""Two lists of things side by side, and bands between those that occur together. Lengths in mm, sizes in pt.

Every band leaves its left end in a slot of its own that holds its number, so that no number ever stands on another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoping.drawing import fonts, style
from scoping.drawing.crossing import fitting
from scoping.drawing.frame import Chart, Words, finish, left_out, note, nothing, notice_height, spoken
from scoping.drawing.page import Page

EDGE = 1.0
SLOT = 3.1  # least height of a band's end: a line of small text
THICKEST, THINNEST = 5.0, 0.3  # of a band
APART = 1.6  # between two things of a list
BAR = 1.6  # width of the bar along a thing
MOST_LABEL = 46.0
STEPS = 24  # of a curve
TINTS = ("#9CC7E3", "#F3CB80", "#C9E6F6", "#EBA980", "#80CFB9", "#F7F1A0", "#E5BCD3", "#CCCCCC")  # of Okabe and Ito's


@dataclass(frozen=True)
class End:
    """A thing of a list: `n` is how many have it, linked or not."""

    id: str
    label: str
    n: int


@dataclass(frozen=True)
class _Side:
    """Where the things of a list stand: the upper edge of each slot by its pair, upper and lower edge by thing."""

    slots: Mapping[tuple[str, str], float]
    edges: Mapping[str, tuple[float, float]]
    bottom: float


def links(
    left: Sequence[End], right: Sequence[End], counts: Mapping[tuple[str, str], int], words: Words, *,
    heads: tuple[str, str],
) -> Chart:  # fmt: skip
    """`counts`: (id at the left, id at the right) -> how many have both. Pairs without room are left out, rare ones first."""
    pairs = [(a.id, b.id) for a in left for b in right if counts.get((a.id, b.id))]
    if not pairs:
        return nothing(words)
    weight = [counts[pair] for pair in pairs]
    most = max(weight)
    width = words.preset.across[1] if words.preset.across[1] >= 2 * MOST_LABEL + 38.0 else words.preset.page
    across = width - 2 * EDGE
    headings = [fonts.wrap_anywhere(head, width / 2 - EDGE - 2, style.TEXT, bold=True) for head in heads]
    top = 2.5 + max(map(len, headings)) * fonts.line_height(style.TEXT)
    around = EDGE + notice_height(words.notice, across)

    def plan(kept: Sequence[int]) -> tuple[tuple[_Side, _Side], list[str], float]:
        """Both lists, the remarks below them, and the height of it all."""
        shown = [pairs[at] for at in kept]
        both = _side(left, shown, 0, counts, most), _side(right, shown, 1, counts, most)
        remarks = [text for text in (left_out(len(pairs) - len(kept), "links"), _lone(left, right, shown)) if text]
        below = around + sum(notice_height(text, across) for text in remarks)
        return both, remarks, top + max(side.bottom for side in both) + below

    kept = fitting(len(pairs), weight, lambda at: plan(at)[2] <= words.preset.tall)
    shown = [pairs[at] for at in kept]
    both, remarks, height = plan(kept)
    bottom = top + max(side.bottom for side in both)
    with style.house(words.preset):
        page = Page(
            width, height, title=words.title, alt=_sentence(left, right, shown, counts, words, remarks),
            preset=words.preset,
        )  # fmt: skip
        _draw(page, left, right, shown, counts, most, both, headings, top)
        for text in remarks:
            note(page, EDGE, bottom, text, across)
            bottom += notice_height(text, across)
        return finish(page, words.name, words.caption, words.notice, EDGE)


def _thickness(n: int, most: int) -> float:
    return max(THINNEST, n / most * THICKEST)


def _label(end: End) -> list[str]:
    return fonts.wrap_anywhere(f"{end.label} ({end.n:,})", MOST_LABEL, style.SMALL)


def _side(
    ends: Sequence[End], pairs: Sequence[tuple[str, str]], side: int, counts: Mapping[tuple[str, str], int], most: int
) -> _Side:
    """Each thing as high as its slots or its label, whichever is more; those without a link are not there."""
    slots: dict[tuple[str, str], float] = {}
    edges: dict[str, tuple[float, float]] = {}
    y = 0.0
    for end in ends:
        mine = [pair for pair in pairs if pair[side] == end.id]
        if not mine:
            continue
        own = [max(SLOT, _thickness(counts[pair], most)) for pair in mine]
        high = max(sum(own), len(_label(end)) * fonts.line_height(style.SMALL))
        at = y + (high - sum(own)) / 2
        for pair, slot in zip(mine, own, strict=True):
            slots[pair] = at + slot / 2
            at += slot
        edges[end.id] = (y, y + high)
        y += high + APART
    return _Side(slots, edges, y)


def _draw(
    page: Page, left: Sequence[End], right: Sequence[End], pairs: Sequence[tuple[str, str]],
    counts: Mapping[tuple[str, str], int], most: int, sides: tuple[_Side, _Side], headings: Sequence[Sequence[str]],
    top_of: float,
) -> None:  # fmt: skip
    longest = [
        max(fonts.width(text, style.SMALL) for end in ends if end.id in side.edges for text in _label(end))
        for ends, side in zip((left, right), sides, strict=True)
    ]
    start, end = EDGE + longest[0] + 1.5, page.width - EDGE - longest[1] - 1.5
    number = max(fonts.width(f"{counts[pair]:,}", style.SMALL) for pair in pairs) + 1.6
    tint = {each.id: TINTS[at % len(TINTS)] for at, each in enumerate(left)}
    for pair in sorted(pairs, key=lambda pair: -counts[pair]):
        y0, y1 = (top_of + side.slots[pair] for side in sides)
        _band(page, start + BAR + number, y0, end - BAR, y1, _thickness(counts[pair], most), tint[pair[0]])
    for pair in pairs:
        y = top_of + sides[0].slots[pair]
        page.text(start + BAR + number - 0.6, y + 0.9, f"{counts[pair]:,}", pt=style.SMALL, anchor="end")
    for at, (ends, side, x) in enumerate(zip((left, right), sides, (start, end - BAR), strict=True)):
        for each in ends:
            if each.id not in side.edges:
                continue
            top, bottom = (top_of + edge for edge in side.edges[each.id])
            page.rectangle(
                x, top, BAR, bottom - top, fill=style.RULE if at else tint[each.id], edge=style.INK, line=0.4
            )
            lines, step = _label(each), fonts.line_height(style.SMALL)
            for line, text in enumerate(lines):
                y = (top + bottom) / 2 + 0.9 + (line - (len(lines) - 1) / 2) * step
                page.text(end + 1.5 if at else start - 1.5, y, text, pt=style.SMALL, anchor="start" if at else "end")
    for at, head in enumerate(headings):
        for line, text in enumerate(head):
            y = top_of - 2.2 - (len(head) - 1 - line) * fonts.line_height(style.TEXT)
            page.text(page.width - EDGE if at else EDGE, y, text, bold=True, anchor="end" if at else "start")


def _band(page: Page, x0: float, y0: float, x1: float, y1: float, thick: float, fill: str) -> None:
    """A band that leaves and arrives level, as thick all along as it is measured upright."""
    upper = []
    for at in range(STEPS + 1):
        t = at / STEPS
        upper.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t * t * (3 - 2 * t) - thick / 2))
    lower = [(x, y + thick) for x, y in reversed(upper)]
    page.outline([*upper, *lower], fill=fill, edge=style.MUTED, line=0.25)


def _lone(left: Sequence[End], right: Sequence[End], shown: Sequence[tuple[str, str]]) -> str:
    linked = {id_ for pair in shown for id_ in pair}
    alone = [f"{end.label} ({end.n:,})" for end in (*left, *right) if end.id not in linked]
    return f"Without a link here: {'; '.join(dict.fromkeys(alone))}." if alone else ""


def _sentence(
    left: Sequence[End], right: Sequence[End], pairs: Sequence[tuple[str, str]], counts: Mapping[tuple[str, str], int],
    words: Words, remarks: Sequence[str],
) -> str:  # fmt: skip
    said = []
    for end in left:
        mine = [f"{other.label} {counts[end.id, other.id]:,}" for other in right if (end.id, other.id) in pairs]
        said += [f"{end.label} ({end.n:,}) with {', '.join(mine)}"] if mine else []
    totals = "; ".join(f"{end.label} ({end.n:,})" for end in right)
    rest = "".join(spoken(text.removesuffix(".")) if text.startswith("…") else f" {text}" for text in remarks)
    return f"{words.title}. {'; '.join(said)}. At the right, in all: {totals}.{rest}"
