"""A forest plot of agreement: one line a group, a mark with its interval for each measure. Lengths in mm, sizes in pt."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from scoping.drawing import fonts, style
from scoping.drawing.frame import Chart, Key, finish, legend, legend_height, notice_height
from scoping.drawing.page import Page
from scoping.figure_settings import GENERIC, Preset

EDGE = 1.0  # margin around everything
INDENT = 2.5  # of the lines of a section
MOST_LABEL = 64.0  # width of the labels, before they are wrapped
N_COLUMN = 13.0  # at the right, for the number of items
WIDEST, NARROWEST = 5.4, 4.2  # distance of two lines
HEAD = 6.0  # height of a chapter's heading
ABOVE, BELOW = 4.0, 11.0  # of the lines: the name of the last column; ticks and the name of the axis
FEWEST = 4  # lines that minor sections keep before others are cut
Draw = Callable[[Page, float, float, str, float], None]


@dataclass(frozen=True)
class Mark:
    """An estimate and the limits of its interval, where it has one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Line:
    """A group: `n` items, and for each measure its mark, or None where it is not defined."""

    label: str
    n: int
    marks: tuple[Mark | None, ...]


@dataclass(frozen=True)
class Section:
    """Lines under a heading; several sections in a row may belong to one chapter.

    A `minor` section is the first to be cut where the page is too short; `left_out` lines found no room.
    """

    chapter: str
    heading: str
    lines: tuple[Line, ...]
    minor: bool = False
    left_out: int = 0


def _circle(page: Page, x: float, y: float, colour: str, half: float) -> None:
    page.circle(x, y, half, fill=colour, edge=colour, line=0.4)


def _square(page: Page, x: float, y: float, colour: str, half: float) -> None:
    for r, fill in ((half, colour), (half * 0.5, "white")):  # polygons lie above the lines drawn before
        page.polygon([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)], fill=fill)


def _diamond(page: Page, x: float, y: float, colour: str, half: float) -> None:
    r = half * 1.3
    page.polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], fill=colour)


_LOOKS: Sequence[tuple[str, Draw]] = (
    (style.OKABE_ITO[0], _circle),
    (style.OKABE_ITO[3], _diamond),
    (style.OKABE_ITO[4], _square),
)


def forest(
    sections: Sequence[Section], measures: Sequence[str], *, name: str, title: str, axis: str, note: str, empty: str,
    notice: str = "", preset: Preset = GENERIC,
) -> Chart:  # fmt: skip
    """Up to three measures for each line of each section; `axis` names what is measured, `note` stands above.

    Lines that do not fit on a page are left out of the longest sections, those with the fewest items first; the figure
    says how many.
    """
    if len(measures) > len(_LOOKS):
        raise ValueError(f"there are marks for {len(_LOOKS)} measures, not for {len(measures)}")
    alt = _sentence(title, sections, measures, empty)
    keys = [_key(name_, look) for name_, look in zip(measures, _LOOKS, strict=False)]
    room = preset.page - 2 * EDGE
    above = EDGE + legend_height(keys, room) + 2.0
    around = above + ABOVE + BELOW + notice_height(notice, room)
    plan = _plan([section for section in sections if section.lines], preset.tall - around, preset.page)
    height = around + plan.height
    with style.house(preset):
        page = Page(preset.page, height, title=title, alt=alt, preset=preset)
        legend(page, keys, EDGE, EDGE, room)
        if plan.rows:
            _draw(page, plan, above, note, axis)
        else:
            page.text(preset.page / 2, above + ABOVE + plan.height / 2, empty, anchor="middle", colour=style.MUTED)
        items = max((line.n for section in sections for line in section.lines), default=0)
        caption = f"{title}, with {', '.join(measures)} in each group. {note}. Items; at most n\u00a0=\u00a0{items:,} in a group."
        return finish(page, name, caption, notice, EDGE)


def _plan(sections: Sequence[Section], tallest: float, width: float) -> "_Plan":
    """The lines as far apart as the page allows; if they do not fit, the longest sections are cut to one length."""
    step = WIDEST
    while step > NARROWEST and _Plan.of(sections, step, width).height > tallest:
        step = max(NARROWEST, step - 0.1)
    plan = _Plan.of(sections, step, width)
    longest = max((len(section.lines) for section in sections), default=0)
    lengths = [(minor, longest) for minor in range(longest, FEWEST, -1)]
    lengths += [(min(FEWEST, major), major) for major in range(longest, 0, -1)]
    for minor, major in lengths:
        if plan.height <= tallest:
            break
        plan = _Plan.of([_cut(section, minor if section.minor else major) for section in sections], step, width)
    return plan


def _cut(section: Section, most: int) -> Section:
    """The lines with the most items, in their order."""
    if len(section.lines) <= most:
        return section
    ranked = sorted(range(len(section.lines)), key=lambda at: (-section.lines[at].n, at))
    kept = sorted(ranked[:most])
    lines = tuple(section.lines[at] for at in kept)
    return replace(section, lines=lines, left_out=len(section.lines) - most)


@dataclass(frozen=True)
class _Row:
    """A heading or a line of the figure, with its height."""

    kind: str  # chapter, heading, line, rest
    words: list[str]
    height: float
    line: Line | None = None


@dataclass(frozen=True)
class _Plan:
    """What stands below each other, and the scale of the axis."""

    rows: tuple[_Row, ...]
    step: float
    width: float
    left: float
    lowest: float

    @classmethod
    def of(cls, sections: Sequence[Section], step: float, width: float) -> "_Plan":
        rows: list[_Row] = []
        chapter = ""
        for section in sections:
            if section.chapter != chapter:
                chapter = section.chapter
                rows.append(_Row("chapter", [chapter], HEAD))
            if section.heading:
                rows.append(_Row("heading", [section.heading], step))
            rows += [_row(line, step) for line in section.lines]
            if section.left_out:
                text = f"… and {section.left_out:,} more, in the data of this figure"
                rows.append(_Row("rest", [text], step))
        words = [text for row in rows if row.line for text in row.words]
        widest = max((fonts.width(text, style.SMALL) for text in words), default=30.0)
        return cls(tuple(rows), step, width, EDGE + INDENT + max(widest, 30.0) + 3.0, _lowest(sections))

    @property
    def height(self) -> float:
        return sum(row.height for row in self.rows) or 20.0

    def x(self, value: float) -> float:
        """Where a value stands."""
        right = self.width - EDGE - N_COLUMN
        return self.left + (value - self.lowest) / (1 - self.lowest) * (right - self.left)


def _row(line: Line, step: float) -> _Row:
    words = fonts.wrap_anywhere(line.label, MOST_LABEL, style.SMALL)
    return _Row("line", words, step + (len(words) - 1) * fonts.line_height(style.SMALL), line)


def _lowest(sections: Sequence[Section]) -> float:
    """Where the axis begins: 0, or the fifth below the lowest limit."""
    marks = [mark for section in sections for line in section.lines for mark in line.marks if mark]
    found = min((mark.value if mark.low is None else mark.low for mark in marks), default=0.0)
    return min(0.0, max(-1.0, math.floor(found * 5 + 1e-9) / 5))


def _key(name: str, look: tuple[str, Draw]) -> Key:
    colour, draw = look

    def sample(page: Page, x: float, y: float) -> None:
        page.line([(x - 2, y), (x + 2, y)], colour=colour, line=0.9)
        draw(page, x, y, colour, 0.85)

    return Key(name, colour, draw=sample)


def _draw(page: Page, plan: _Plan, above: float, note: str, axis: str) -> None:
    top = above + ABOVE
    bottom = top + plan.height
    right = plan.x(1.0)
    _grid(page, plan, top, bottom, axis)
    page.text(page.width - EDGE, above + 2.2, "n", pt=style.SMALL, anchor="end", bold=True)
    page.text(EDGE, above + 2.2, note, pt=style.SMALL, colour=style.MUTED)
    y, odd = top, False
    for row in plan.rows:
        middle = y + row.height / 2
        if row.kind == "chapter":
            page.line([(EDGE, y + 0.8), (page.width - EDGE, y + 0.8)], line=0.6)
            page.text(EDGE, y + row.height - 1.4, row.words[0], bold=True)
            odd = False
        elif row.kind in ("heading", "rest"):
            page.text(EDGE + INDENT, y + row.height - 1.3, row.words[0], pt=style.SMALL, colour=style.MUTED)
            odd = False
        else:
            _draw_line(page, plan, row, y, middle, banded=odd)
            odd = not odd
        y += row.height
    page.line([(plan.left, bottom), (right, bottom)], line=0.6)


def _grid(page: Page, plan: _Plan, top: float, bottom: float, axis: str) -> None:
    steps = round((1 - plan.lowest) * 5)
    for at in range(steps + 1):
        value = plan.lowest + at / 5
        x = plan.x(value)
        zero = abs(value) < 1e-9 and plan.lowest < 0
        page.line([(x, top), (x, bottom)], colour=style.MUTED if zero else style.RULE, line=0.6 if zero else 0.4)
        page.line([(x, bottom), (x, bottom + 0.9)], line=0.6)
        page.text(x, bottom + 3.6, f"{value:.1f}".replace("-", "\u2212"), pt=style.SMALL, anchor="middle")
    page.text((plan.left + plan.x(1.0)) / 2, bottom + 8.0, axis, anchor="middle")


def _draw_line(page: Page, plan: _Plan, row: _Row, y: float, middle: float, *, banded: bool) -> None:
    line = row.line
    if line is None:
        return
    if banded:
        page.rectangle(EDGE, y, page.width - 2 * EDGE, row.height, fill=style.PALE)
    step = fonts.line_height(style.SMALL)
    first = middle + 0.85 - (len(row.words) - 1) * step / 2
    for at, text in enumerate(row.words):
        page.text(EDGE + INDENT, first + at * step, text, pt=style.SMALL)
    page.text(page.width - EDGE, middle + 0.85, f"{line.n:,}", pt=style.SMALL, anchor="end")
    apart = plan.step * 0.28
    for at, (mark, (colour, draw)) in enumerate(zip(line.marks, _LOOKS, strict=False)):
        if mark is None:
            continue
        height = middle + (at - (len(line.marks) - 1) / 2) * apart
        if mark.low is not None and mark.high is not None:
            page.line([(plan.x(mark.low), height), (plan.x(mark.high), height)], colour=colour, line=0.9)
        draw(page, plan.x(mark.value), height, colour, apart * 0.55)


def _said(mark: Mark | None) -> str:
    if mark is None:
        return "not defined"
    if mark.low is None or mark.high is None:
        return f"{mark.value:.2f}"
    return f"{mark.value:.2f} ({mark.low:.2f} to {mark.high:.2f})"


def _sentence(title: str, sections: Sequence[Section], measures: Sequence[str], empty: str) -> str:
    """First lines in full; of sections with a heading the lowest and the highest of the first measure."""
    said = []
    for section in sections:
        if not section.lines:
            continue
        place = ", ".join(part for part in (section.chapter, section.heading) if part)
        if not section.heading:
            each = [
                f"{line.label}, n = {line.n:,}: "
                + ", ".join(f"{name} {_said(mark)}" for name, mark in zip(measures, line.marks, strict=True))
                for line in section.lines
            ]
            said.append(f"{place}. {'; '.join(each)}.")
        else:
            said.append(f"{place}: {_range(section.lines, measures[0])}.")
    return f"{title}. {' '.join(said) or empty + '.'}"


def _range(lines: Sequence[Line], measure: str) -> str:
    defined = [(line.marks[0].value, line.label) for line in lines if line.marks[0] is not None]
    if len(lines) == 1 and defined:
        return f"{lines[0].label}, {measure} {_said(lines[0].marks[0])}"
    if not defined:
        return f"{len(lines):,} groups, {measure} not defined"
    low, high = min(defined), max(defined, key=lambda at: at[0])
    words: Mapping[bool, str] = {
        True: f"{measure} {low[0]:.2f} in all",
        False: f"{measure} from {low[0]:.2f} ({low[1]}) to {high[0]:.2f} ({high[1]})",
    }
    return f"{len(lines):,} groups, {words[low[0] == high[0]]}"
