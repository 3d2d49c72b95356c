"""The feature matrix: studies in rows, codes in columns grouped by family. Lengths in mm, sizes in pt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, TypeAlias

from scoping.drawing import fonts, style
from scoping.drawing.crossing import EDGE, STEP, Column, Crossing, crossing, fitting
from scoping.drawing.frame import (
    Chart,
    Key,
    finish,
    left_out,
    legend,
    legend_height,
    note,
    notice_height,
    spoken,
)
from scoping.drawing.page import Page
from scoping.figure_settings import GENERIC, Preset

Cell: TypeAlias = str  # one of VALUES; a cell that is missing is not coded
Unit: TypeAlias = Literal["study", "report"]
VALUES = ("yes", "unclear", "no", "not coded")
PLURAL: Mapping[Unit, str] = {"study": "studies", "report": "reports"}
TITLE = "Features of the included studies"

BETWEEN = 5.0  # two bands
AROUND = 30.0  # height of what stands around a band, so that each fits on a page
YES, UNCLEAR, HATCH = style.OKABE_ITO[0], "#B34700", "#B8B8B8"


@dataclass(frozen=True)
class _Plan:
    """What is drawn, and where it stands."""

    rows: Sequence[str]  # all that are counted; the first of them are drawn
    columns: Sequence[Column]
    unit: Unit
    at: Crossing

    @property
    def radius(self) -> float:
        return min(self.at.pitch, STEP) * 0.33

    @property
    def counted(self) -> str:
        """`8 studies`."""
        return f"{len(self.rows):,} {PLURAL[self.unit] if len(self.rows) != 1 else self.unit}"


def feature_matrix(
    rows: Sequence[str], columns: Sequence[Column], cells: Mapping[tuple[str, str], Cell], *, notice: str = "",
    unit: Unit = "study", preset: Preset = GENERIC,
) -> Chart:  # fmt: skip
    """Marks of yes, unclear, no and not coded for each row and column id, and the number of yes in each column.

    Column headings take the order of `columns`; neighbours with the same family share a heading. Columns that are too
    many for the width of a page stand in bands below each other, each with the same rows. Rows that make a band longer
    than a page are left out, the last first, and counted all the same; the figure says how many.
    """
    wrong = sorted({value for value in cells.values() if value not in VALUES})
    if wrong:
        raise ValueError(f"the matrix has no mark for {', '.join(map(repr, wrong))}")
    parts = _bands(rows, columns, preset)

    def plans(kept: Sequence[int]) -> list[_Plan]:
        return [_Plan(rows, part, unit, crossing([rows[at] for at in kept], part, preset=preset)) for part in parts]

    def tallest(kept: Sequence[int]) -> float:
        return max(band.at.body for band in plans(kept))

    kept = fitting(len(rows), [0] * len(rows), lambda at: tallest(at) <= preset.tall - AROUND)
    bands = plans(kept)
    plan = bands[0]
    width = max(band.at.width for band in bands)
    keys = _keys(plan.radius)
    room = width - 2 * EDGE
    more = left_out(len(rows) - len(kept), PLURAL[unit])
    tops = [EDGE + legend_height(keys, room) + 2]
    for band in bands:
        under = 1.5 + fonts.line_height(style.SMALL) * (len(_total_label(band)) if rows else 1)
        tops.append(band.at.place(tops[-1]) + under + BETWEEN)
    height = tops[-1] - BETWEEN + EDGE + notice_height(more, room) + notice_height(notice, room)
    with style.house(preset):
        page = Page(
            width,
            height,
            title=TITLE,
            alt=_sentence(replace(plan, columns=columns), cells) + spoken(more),
            preset=preset,
        )
        legend(page, keys, EDGE, EDGE, room)
        for band, top in zip(bands, tops, strict=False):
            band.at.draw_heads(page, top, unit.capitalize())
            _draw_rows(page, band, cells)
            _draw_totals(page, band, cells)
        note(page, EDGE, tops[-1] - BETWEEN, more, room)
        caption = (
            f"{TITLE}, each mark one code of one {unit}, and the number of yes below each code. "
            f"{PLURAL[unit].capitalize()}; n\u00a0=\u00a0{len(rows):,}."
        )
        return finish(page, "feature_matrix", caption, notice, EDGE)


def _bands(rows: Sequence[str], columns: Sequence[Column], preset: Preset) -> list[list[Column]]:
    """The columns in as many bands below each other as the width of a page asks for; a family stays whole if it can."""

    def fits(part: list[Column]) -> bool:
        return crossing(rows, part, preset=preset).width <= preset.page

    bands: list[list[Column]] = [[]]
    for _, members in groupby(columns, key=lambda column: column.family):
        family = list(members)
        if bands[-1] and not fits(bands[-1] + family) and fits(family):
            bands.append([])
        for column in family:
            if bands[-1] and not fits([*bands[-1], column]):
                bands.append([])
            bands[-1].append(column)
    return bands


def _total_label(plan: _Plan) -> list[str]:
    return fonts.wrap_anywhere(f"Yes, of {plan.counted}", plan.at.left - EDGE - 2, style.SMALL, bold=True)


def _draw_rows(page: Page, plan: _Plan, cells: Mapping[tuple[str, str], Cell]) -> None:
    at = plan.at
    for number, row in enumerate(plan.rows[: len(at.labels)]):
        at.draw_label(page, number)
        middle = at.middle(number)
        values = [cells.get((row, column.id), "not coded") for column in plan.columns]
        if len(set(values)) == 1 and values[0] == "not coded":  # one band: thousands of small hatched boxes take long
            _not_coded(page, at.xs[0], at.xs[-1], middle, plan.radius)
            continue
        for x, value in zip(at.xs, values, strict=True):
            _mark(page, value, x, middle, plan.radius)
    if not plan.rows:
        page.line([(EDGE, at.ys[0]), (at.right, at.ys[0])], line=0.5)
        page.text(EDGE, at.ys[0] + 3.5, f"No {plan.unit} has been included yet", pt=style.SMALL, colour=style.MUTED)


def _draw_totals(page: Page, plan: _Plan, cells: Mapping[tuple[str, str], Cell]) -> None:
    """The number of yes under each column."""
    if not plan.rows:
        return
    y, step = plan.at.ys[-1], fonts.line_height(style.SMALL)
    page.line([(EDGE, y), (plan.at.right, y)], line=0.5)
    for at, text in enumerate(_total_label(plan)):
        page.text(EDGE, y + 0.8 + (at + 0.78) * step, text, pt=style.SMALL, bold=True)
    for x, count in zip(plan.at.xs, (_count(plan, cells, column, "yes") for column in plan.columns), strict=True):
        page.text(x, y + 0.8 + 0.78 * step, f"{count:,}", pt=style.SMALL, bold=True, anchor="middle")


def _count(plan: _Plan, cells: Mapping[tuple[str, str], Cell], column: Column, value: str) -> int:
    return sum(cells.get((row, column.id), "not coded") == value for row in plan.rows)


def _mark(page: Page, value: Cell, x: float, y: float, radius: float) -> None:
    """Four marks that differ in form, so that they can be told apart in grey."""
    if value == "yes":
        page.circle(x, y, radius, fill=YES, edge=YES, line=0.5)
    elif value == "unclear":
        page.circle(x, y, radius, fill="#FFFFFF", edge=UNCLEAR, line=0.9)
        page.text(x, y + 0.88, "?", pt=style.SMALL, bold=True, anchor="middle", colour=UNCLEAR)
    elif value == "no":
        page.line([(x - radius * 0.55, y), (x + radius * 0.55, y)], colour="#7F7F7F", line=0.9)
    else:
        _not_coded(page, x, x, y, radius)


def _not_coded(page: Page, first: float, last: float, y: float, radius: float) -> None:
    """A hatched box around one mark, or a band from the first mark of a row to its last."""
    side = radius * 1.05
    page.rectangle(
        first - side, y - side, last - first + 2 * side, 2 * side, fill="#FFFFFF", edge=HATCH, line=0.4, hatch="//////"
    )  # fmt: skip


def _keys(radius: float) -> list[Key]:
    def key(value: str, label: str) -> Key:
        return Key(label, draw=lambda page, x, y: _mark(page, value, x, y, radius))

    return [key("yes", "yes"), key("unclear", "unclear"), key("no", "no"), key("not coded", "not coded yet")]


def _sentence(plan: _Plan, cells: Mapping[tuple[str, str], Cell]) -> str:
    if not plan.rows:
        return f"Matrix of {len(plan.columns):,} codes. No {plan.unit} has been included yet."
    parts = []
    for column in plan.columns:
        counts = {value: _count(plan, cells, column, value) for value in VALUES}
        parts.append(f"{column.label}: " + ", ".join(f"{value} {n:,}" for value, n in counts.items() if n))
    return f"Matrix of {plan.counted} by {len(plan.columns):,} codes. {'; '.join(parts) or 'No code has been defined'}."
