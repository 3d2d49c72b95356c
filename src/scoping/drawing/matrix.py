"""The feature matrix: studies in rows, codes in columns grouped by family. Lengths in mm, sizes in pt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, TypeAlias

from scoping.drawing import fonts, style
from scoping.drawing.frame import Chart, Key, finish, legend, legend_height, notice_height
from scoping.drawing.page import Page

Cell: TypeAlias = str  # one of VALUES; a cell that is missing is not coded
Unit: TypeAlias = Literal["study", "report"]
VALUES = ("yes", "unclear", "no", "not coded")
PLURAL: Mapping[Unit, str] = {"study": "studies", "report": "reports"}

YES, UNCLEAR, HATCH = style.OKABE_ITO[0], "#B34700", "#B8B8B8"
EDGE = 1.0  # margin around everything
GROUP_GAP = 2.0  # between families
NARROWEST, WIDEST = 4.2, 9.0  # distance of two columns
STEP = 4.6  # distance of two rows of one line
MOST_LABEL, MOST_HEAD = 50.0, 52.0  # width of row labels, length of column labels, before they are wrapped
EASY_HEAD = 26.0  # a column label longer than this takes two lines where its column is wide enough
MOST_WORD = 40.0  # a longer word in a family's heading is broken


@dataclass(frozen=True)
class Column:
    """A code: `family` is the heading of the group that it stands in."""

    id: str
    label: str
    family: str


@dataclass(frozen=True)
class _Group:
    """Neighbouring columns of one family."""

    x: float
    width: float
    heading: list[str]


@dataclass
class _Plan:
    """Where everything stands."""

    rows: Sequence[str]
    columns: Sequence[Column]
    unit: Unit
    labels: list[list[str]] = field(default_factory=list)
    heads: list[list[str]] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    xs: list[float] = field(default_factory=list)  # centre of each column
    ys: list[float] = field(default_factory=list)  # upper edge of each row, and the lower edge of the last
    pitch: float = WIDEST
    width: float = style.COLUMN
    left: float = 0.0
    right: float = 0.0

    @property
    def radius(self) -> float:
        return min(self.pitch, STEP) * 0.33


def feature_matrix(
    rows: Sequence[str], columns: Sequence[Column], cells: Mapping[tuple[str, str], Cell], *, notice: str = "",
    unit: Unit = "study",
) -> Chart:  # fmt: skip
    """Marks of yes, unclear, no and not coded for each row and column id, and the number of yes in each column.

    Column headings take the order of `columns`; neighbours with the same family share a heading.
    """
    wrong = sorted({value for value in cells.values() if value not in VALUES})
    if wrong:
        raise ValueError(f"the matrix has no mark for {', '.join(map(repr, wrong))}")
    plan = _plan(rows, columns, unit)
    keys = _keys(plan.radius)
    room = plan.width - 2 * EDGE
    above = EDGE + legend_height(keys, room) + 2
    body = above + _head_height(plan)
    for label in plan.labels:
        plan.ys.append(body)
        body += STEP + (len(label) - 1) * fonts.line_height(style.SMALL)
    plan.ys.append(body)
    foot = body + 1.5 + fonts.line_height(style.SMALL) * (len(_total_label(plan)) if rows else 1)
    height = foot + EDGE + notice_height(notice, plan.width - 2 * EDGE)
    with style.house():
        page = Page(plan.width, height, title="Features of the included studies", alt=_sentence(plan, cells))
        legend(page, keys, EDGE, EDGE, room)
        _draw_heads(page, plan, above)
        _draw_rows(page, plan, cells)
        _draw_totals(page, plan, cells)
        return finish(page, "feature_matrix", notice, EDGE)


def _total_label(plan: _Plan) -> list[str]:
    text = f"Yes, of {len(plan.rows):,} {PLURAL[plan.unit] if len(plan.rows) != 1 else plan.unit}"
    return fonts.wrap_anywhere(text, plan.left - EDGE - 2, style.SMALL, bold=True)


def _plan(rows: Sequence[str], columns: Sequence[Column], unit: Unit) -> _Plan:
    plan = _Plan(rows, columns, unit)
    plan.labels = [fonts.wrap_anywhere(row, MOST_LABEL, style.SMALL) for row in rows]
    widest = max((fonts.width(text, style.SMALL) for label in plan.labels for text in label), default=0.0)
    plan.left = EDGE + max(widest, 24.0) + 2.0
    families = [(family, len(list(group))) for family, group in groupby(columns, key=lambda column: column.family)]
    _choose_width(plan, len(columns), max(len(families) - 1, 0))
    plan.heads = [_head(column.label, plan.pitch) for column in columns]
    pitches = [max(plan.pitch, len(head) * fonts.line_height(style.SMALL) + 0.6) for head in plan.heads]
    x, first = plan.left, 0
    for family, members in families:
        own = pitches[first : first + members]
        width = max(sum(own), _widest_word(family) + 0.6)
        heading = fonts.wrap_anywhere(family, width, style.SMALL, bold=True)
        plan.groups.append(_Group(x, width, heading))
        for pitch in own:
            share = pitch * width / sum(own)
            plan.xs.append(x + share / 2)
            x += share
        x, first = x + GROUP_GAP, first + members
    plan.right = x - GROUP_GAP if families else plan.width - EDGE
    plan.width = max(plan.width, plan.right + EDGE)
    return plan


def _widest_word(text: str) -> float:
    words = fonts.clean(text).split(" ")
    return min(max(fonts.width(word, style.SMALL, True) for word in words), MOST_WORD)


def _choose_width(plan: _Plan, columns: int, gaps: int) -> None:
    """The narrowest usual width at which columns stand easily; a whole page where none does; more where needed."""
    fixed, columns = plan.left + gaps * GROUP_GAP + EDGE, max(columns, 1)
    easy = [width for width in style.WIDTHS if (width - fixed) / columns >= 7.5]
    plan.width = easy[0] if easy else style.PAGE
    plan.pitch = min(max((plan.width - fixed) / columns, NARROWEST), WIDEST)
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


def _head_height(plan: _Plan) -> float:
    """From the upper edge of the family headings to the first row."""
    return _family_height(plan) + _label_length(plan) + 3.0


def _family_height(plan: _Plan) -> float:
    return max((len(group.heading) for group in plan.groups), default=0) * fonts.line_height(style.SMALL) + 2.0


def _label_length(plan: _Plan) -> float:
    return max((fonts.width(text, style.SMALL) for head in plan.heads for text in head), default=0.0)


def _draw_heads(page: Page, plan: _Plan, top: float) -> None:
    """Families with a line under each, then the codes upright, reading upwards."""
    step = fonts.line_height(style.SMALL)
    rule = top + _family_height(plan) - 1.0
    for group in plan.groups:
        for at, text in enumerate(reversed(group.heading)):
            page.text(
                group.x + group.width / 2, rule - 1.1 - at * step, text, pt=style.SMALL, bold=True, anchor="middle"
            )  # fmt: skip
        page.line([(group.x + 0.3, rule), (group.x + group.width - 0.3, rule)], line=0.75)
    base = plan.ys[0] - 1.2
    for x, head in zip(plan.xs, plan.heads, strict=True):
        for at, text in enumerate(head):
            page.text(x + 0.9 + (at - (len(head) - 1) / 2) * step, base, text, pt=style.SMALL, rotate=90)
    page.text(EDGE, base, plan.unit.capitalize(), pt=style.SMALL, bold=True)


def _draw_rows(page: Page, plan: _Plan, cells: Mapping[tuple[str, str], Cell]) -> None:
    step = fonts.line_height(style.SMALL)
    for at, (row, label) in enumerate(zip(plan.rows, plan.labels, strict=True)):
        top, bottom = plan.ys[at], plan.ys[at + 1]
        middle = (top + bottom) / 2
        page.line([(EDGE, top), (plan.right, top)], colour=style.INK if at == 0 else style.RULE, line=0.5)
        for line, text in enumerate(label):
            page.text(EDGE, middle + 0.9 + (line - (len(label) - 1) / 2) * step, text, pt=style.SMALL)
        values = [cells.get((row, column.id), "not coded") for column in plan.columns]
        if len(set(values)) == 1 and values[0] == "not coded":  # one band: thousands of small hatched boxes take long
            _not_coded(page, plan.xs[0], plan.xs[-1], middle, plan.radius)
            continue
        for x, value in zip(plan.xs, values, strict=True):
            _mark(page, value, x, middle, plan.radius)
    if not plan.rows:
        page.line([(EDGE, plan.ys[0]), (plan.right, plan.ys[0])], line=0.5)
        page.text(EDGE, plan.ys[0] + 3.5, f"No {plan.unit} has been included yet", pt=style.SMALL, colour=style.MUTED)


def _draw_totals(page: Page, plan: _Plan, cells: Mapping[tuple[str, str], Cell]) -> None:
    """The number of yes under each column."""
    if not plan.rows:
        return
    y, step = plan.ys[-1], fonts.line_height(style.SMALL)
    page.line([(EDGE, y), (plan.right, y)], line=0.5)
    for at, text in enumerate(_total_label(plan)):
        page.text(EDGE, y + 0.8 + (at + 0.78) * step, text, pt=style.SMALL, bold=True)
    for x, count in zip(plan.xs, (_count(plan, cells, column, "yes") for column in plan.columns), strict=True):
        page.text(x, y + 0.8 + 0.78 * step, f"{count:,}", pt=style.SMALL, bold=True, anchor="middle")


def _count(plan: _Plan, cells: Mapping[tuple[str, str], Cell], column: Column, value: str) -> int:
    return sum(cells.get((row, column.id), "not coded") == value for row in plan.rows)


def _mark(page: Page, value: Cell, x: float, y: float, radius: float) -> None:
    """Four marks that differ in form, so that they can be told apart in grey."""
    if value == "yes":
        page.circle(x, y, radius, fill=YES, edge=YES, line=0.5)
    elif value == "unclear":
        page.circle(x, y, radius, fill="#FFFFFF", edge=UNCLEAR, line=0.9)
        page.text(x, y + 0.76, "?", pt=6, bold=True, anchor="middle", colour=UNCLEAR)
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
    unit = PLURAL[plan.unit] if len(plan.rows) != 1 else plan.unit
    parts = []
    for column in plan.columns:
        counts = {value: _count(plan, cells, column, value) for value in VALUES}
        parts.append(f"{column.label}: " + ", ".join(f"{value} {n:,}" for value, n in counts.items() if n))
    return f"Matrix of {len(plan.rows):,} {unit} by {len(plan.columns):,} codes. {'; '.join(parts) or 'No code has been defined'}."
