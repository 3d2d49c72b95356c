"""Counts where rows and columns cross, each in a box that is the darker the higher it is. Lengths in mm, sizes in pt."""

from collections.abc import Mapping, Sequence

from scoping.drawing import fonts, style
from scoping.drawing.crossing import EDGE, Column, Crossing, Pitch, crossing, fitting
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

AROUND = 15.0  # height of what stands around headings and rows
GAP = 0.25  # around each box
Counts = Mapping[tuple[str, str], int]


def triangle(codes: Sequence[Column], counts: Counts, words: Words) -> Chart:
    """Each pair of codes once: below the diagonal how often both occur, on it, framed, how often the one does.

    The codes of the rows are labelled in full, those of the columns by their ids. Codes without room are left out, those
    that occur least first; the figure says how many.
    """
    if not codes:
        return nothing(words)
    pitch = _pitch(counts, widest=7.5)
    weight = [counts[code.id, code.id] for code in codes]

    def plan(kept: Sequence[int]) -> Crossing:
        heads = [Column(codes[at].id, codes[at].id, "") for at in kept]
        return crossing([f"{codes[at].id}  {codes[at].label}" for at in kept], heads, pitch, words.preset)

    kept = fitting(len(codes), weight, lambda at: _fits(plan(at), words.preset))
    shown = [codes[at] for at in kept]
    cells = {
        (row, column): counts[shown[row].id, shown[column].id] for row in range(len(shown)) for column in range(row + 1)
    }

    def said() -> str:
        pairs = sorted(
            ((n, shown[column], shown[row]) for (row, column), n in cells.items() if row != column),
            key=lambda pair: (-pair[0], pair[1].id, pair[2].id),
        )
        each = "; ".join(f"{code.label} {counts[code.id, code.id]:,}" for code in shown)
        top = "; ".join(f"{a.label} with {b.label} {n:,}" for n, a, b in pairs[:10] if n)
        never = sum(not n for n, _, _ in pairs)
        return (
            f"Codes: {each}. Most frequent pairs: {top or 'none'}. Pairs that never occur: {never:,} of {len(pairs):,}."
        )

    return _draw(plan(kept), cells, said(), words, "Code", len(codes) - len(shown), diagonal=True)


def grid(
    rows: Sequence[Column], columns: Sequence[Column], counts: Counts, words: Words, *, corner: str, absent: str
) -> Chart:
    """Rows crossed with columns. A pair without a count is hatched; `absent` says in the legend what that means.

    Rows without room are left out, those with the lowest counts first; the figure says how many.
    """
    if not rows:
        return nothing(words)
    pitch = _pitch(counts, widest=13.0)
    weight = [max((counts.get((row.id, column.id), 0) for column in columns), default=0) for row in rows]

    def plan(kept: Sequence[int]) -> Crossing:
        return crossing([f"{rows[at].id}  {rows[at].label}" for at in kept], columns, pitch, words.preset)

    kept = fitting(len(rows), weight, lambda at: plan(at).body <= words.preset.tall - AROUND)
    cells = {
        (at, number): counts.get((rows[row].id, column.id))
        for at, row in enumerate(kept)
        for number, column in enumerate(columns)
    }
    said = "; ".join(
        f"{row.label}: "
        + ", ".join(
            f"{column.label} {counts[row.id, column.id]:,}" for column in columns if (row.id, column.id) in counts
        )
        for row in (rows[at] for at in kept)
    )
    return _draw(plan(kept), cells, f"{said}.", words, corner, len(rows) - len(kept), absent=absent)


def _pitch(counts: Counts, *, widest: float) -> Pitch:
    most = max((fonts.width(f"{n:,}", style.SMALL, True) for n in counts.values()), default=0.0)
    narrowest = max(4.8, most + 1.2)
    return Pitch(narrowest=narrowest, easy=max(7.0, narrowest), widest=max(widest, narrowest))


def _fits(plan: Crossing, preset: Preset) -> bool:
    return plan.width <= preset.page and plan.body <= preset.tall - AROUND


def _draw(
    plan: Crossing, cells: Mapping[tuple[int, int], int | None], said: str, words: Words, corner: str, cut: int, *,
    diagonal: bool = False, absent: str = "",
) -> Chart:  # fmt: skip
    room = plan.width - 2 * EDGE
    keys = [_key(absent)] if absent and None in cells.values() else []
    above = EDGE + (legend_height(keys, room) + 2.0 if keys else 0.0)
    bottom = plan.place(above)
    more = left_out(cut, "codes")
    height = bottom + EDGE + notice_height(more, room) + notice_height(words.notice, room)
    most = max((n for (row, column), n in cells.items() if n and not (diagonal and row == column)), default=0) or 1
    with style.house(words.preset):
        page = Page(
            plan.width, height, title=words.title, alt=f"{words.title}. {said}{spoken(more)}", preset=words.preset
        )
        legend(page, keys, EDGE, EDGE, room)
        plan.draw_heads(page, above, corner)
        for row in range(len(plan.labels)):
            plan.draw_label(page, row)
        for (row, column), n in cells.items():
            _box(page, plan, row, column, n, most, framed=diagonal and row == column)
        note(page, EDGE, bottom, more, room)
        return finish(page, words.name, words.caption, words.notice, EDGE)


def _box(page: Page, plan: Crossing, row: int, column: int, n: int | None, most: int, *, framed: bool) -> None:
    top, bottom, wide = plan.ys[row], plan.ys[row + 1], plan.widths[column]
    x = plan.xs[column]
    left, width, height = x - wide / 2 + GAP, wide - 2 * GAP, bottom - top - 2 * GAP
    if n is None:
        page.rectangle(left, top + GAP, width, height, fill="#FFFFFF", edge="#B8B8B8", line=0.4, hatch="//////")
        return
    colour, ink = style.shade(n / most) if n and not framed else ("#FFFFFF", style.INK if n else style.MUTED)
    page.rectangle(left, top + GAP, width, height, fill=colour, edge=style.INK if framed else None, line=0.5)
    page.text(x, plan.middle(row) + 0.9, f"{n:,}", pt=style.SMALL, anchor="middle", bold=framed, colour=ink)


def _key(label: str) -> Key:
    return Key(label, "#FFFFFF", hatch="//////")
