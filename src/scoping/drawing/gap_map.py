"""The evidence gap map: a bubble where studies report both what the row and what the column says, a word where none does.

Lengths in mm, sizes in pt.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoping.drawing import fonts, style
from scoping.drawing.crossing import EDGE, Column, Pitch, crossing, fitting
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

AROUND = 25.0  # height of what stands around headings and rows
STEP = 9.2  # distance of two rows
SMALLEST = 0.55  # radius of the smallest bubble
# the strongest basis first: darker, and each with a hatching of its own; what comes after is white
SHADES = (0.95, 0.72, 0.5, 0.3, 0.14)
PATTERNS = ("", "////", "....", "\\\\\\\\", "xxxx", "")


@dataclass(frozen=True)
class Place:
    """A cell of the map: `studies` that report both, the best `basis` of these, and the `word` where there are none."""

    studies: int
    basis: str = ""
    word: str = ""


def gap_map(
    rows: Sequence[Column], columns: Sequence[Column], places: Mapping[tuple[str, str], Place], bases: Sequence[str],
    words: Words, *, corner: str,
) -> Chart:  # fmt: skip
    """Bubbles whose area counts studies, shaded and hatched by the best basis; `bases` from the strongest on.

    Rows and columns without room are left out, the last first (where few studies are is what the map is to show); the
    figure says how many.
    """
    if not rows or not columns:
        return nothing(words)
    most = max((place.studies for place in places.values()), default=0)
    number = fonts.width(f"{most:,}", style.SMALL)
    spell = max(fonts.width(part, style.SMALL) for place in places.values() for part in (place.word or "-").split(" "))
    narrowest = max(9.0 + number, spell + 1.0)
    pitch = Pitch(narrowest=narrowest, easy=narrowest, widest=narrowest + 5.0, step=STEP)
    labels = [row.label for row in rows]
    across = fitting(
        len(columns),
        [0] * len(columns),
        lambda at: crossing(labels, [columns[i] for i in at], pitch, words.preset).width <= words.preset.page,
    )
    shown_columns = [columns[at] for at in across]
    down = fitting(
        len(rows),
        [0] * len(rows),
        lambda at: (
            crossing([labels[i] for i in at], shown_columns, pitch, words.preset).body <= words.preset.tall - AROUND
        ),
    )
    shown_rows = [rows[at] for at in down]
    plan = crossing([row.label for row in shown_rows], shown_columns, pitch, words.preset)
    radius = min((plan.pitch - number - 1.6) / 2, STEP / 2 - 0.4)
    keys = [_key(basis, bases) for basis in bases]
    room = plan.width - 2 * EDGE
    above = EDGE + legend_height(keys, room) + 2.0
    bottom = plan.place(above)
    more = " ".join(
        text
        for text in (
            left_out(len(rows) - len(shown_rows), "rows"),
            left_out(len(columns) - len(shown_columns), "columns"),
        )
        if text
    )
    height = bottom + EDGE + notice_height(more, room) + notice_height(words.notice, room)
    with style.house(words.preset):
        page = Page(
            plan.width, height, title=words.title, alt=_sentence(shown_rows, shown_columns, places, words, more),
            preset=words.preset,
        )  # fmt: skip
        legend(page, keys, EDGE, EDGE, room)
        plan.draw_heads(page, above, corner)
        for at, row in enumerate(shown_rows):
            plan.draw_label(page, at)
            for number_, column in enumerate(shown_columns):
                place = places[row.id, column.id]
                _draw_place(page, plan.xs[number_], plan.middle(at), place, bases, most, radius)
        page.line([(EDGE, bottom), (plan.right, bottom)], line=0.5)
        note(page, EDGE, bottom, more, room)
        return finish(page, words.name, words.caption, words.notice, EDGE)


def _look(basis: str, bases: Sequence[str]) -> tuple[str, str, str]:
    """Fill, ink of the hatching, hatching."""
    at = bases.index(basis) if basis in bases else len(SHADES)
    if at >= len(SHADES):
        return "#FFFFFF", style.INK, PATTERNS[-1]
    return (*style.shade(SHADES[at]), PATTERNS[at])


def _bubble(page: Page, x: float, y: float, radius: float, basis: str, bases: Sequence[str]) -> None:
    fill, ink, hatch = _look(basis, bases)
    page.circle(x, y, radius, fill=fill, edge=ink if hatch else fill, line=0.4, hatch=hatch)
    page.circle(x, y, radius, fill="none", edge=style.INK, line=0.6)


def _draw_place(
    page: Page, x: float, y: float, place: Place, bases: Sequence[str], most: int, radius: float
) -> None:  # fmt: skip
    if not place.studies:
        step = fonts.line_height(style.SMALL)
        lines = place.word.split(" ")
        for at, text in enumerate(lines):
            down = (at - (len(lines) - 1) / 2) * step
            page.text(x, y + 0.9 + down, text, pt=style.SMALL, anchor="middle", colour=style.MUTED)
        return
    text = f"{place.studies:,}"
    own = max(SMALLEST, radius * math.sqrt(place.studies / most))
    left = x - (2 * own + 0.7 + fonts.width(text, style.SMALL)) / 2  # bubble and number stand in the middle together
    _bubble(page, left + own, y, own, place.basis, bases)
    page.text(left + 2 * own + 0.7, y + 0.9, text, pt=style.SMALL)


def _key(basis: str, bases: Sequence[str]) -> Key:
    return Key(basis, draw=lambda page, x, y: _bubble(page, x, y, 1.6, basis, bases))


def _sentence(
    rows: Sequence[Column], columns: Sequence[Column], places: Mapping[tuple[str, str], Place], words: Words, more: str
) -> str:  # fmt: skip
    said, empty = [], Counter[str]()
    for row in rows:
        mine = [(column, places[row.id, column.id]) for column in columns]
        each = [f"{column.label} {place.studies:,} ({place.basis})" for column, place in mine if place.studies]
        empty.update(place.word for _, place in mine if not place.studies)
        said += [f"{row.label}: {', '.join(each)}"] if each else []
    rest = ", ".join(f"{word} in {count:,}" for word, count in sorted(empty.items()))
    ends = [f"{len(rows):,} rows by {len(columns):,} columns", "; ".join(said), f"Empty cells: {rest}" if rest else ""]
    return f"{words.title}. {'. '.join(part for part in ends if part)}.{spoken(more)}"
