"""Charts as authors put them into papers. Each takes plain mappings and draws; lengths in mm, sizes in pt."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from scoping.drawing import fonts, style
from scoping.drawing.crossing import Column
from scoping.drawing.frame import Chart, Key, finish, legend, legend_height, notice_height
from scoping.drawing.matrix import Cell, feature_matrix
from scoping.drawing.page import Page
from scoping.figure_settings import GENERIC, Preset

__all__ = ["Cell", "Chart", "Column", "feature_matrix", "publications_per_year"]

RIGHT, TOP, BELOW = 3.0, 2.0, 11.0  # around the data area; BELOW holds ticks and the name of the axis
SIDE = 3.0  # of the notice
PLOT = 48.0  # height of the data area
TITLE = "Included reports by year of publication and type"
Counts = Mapping[int, Mapping[str, int]]


def publications_per_year(
    counts: Counts, *, kinds: Sequence[str], notice: str = "", undated: int = 0, preset: Preset = GENERIC
) -> Chart:
    """Stacked bars of included reports by year of publication and type; years without a report stay as gaps.

    `kinds` gives the order of the stack; `undated` reports are named below the axis, since no bar can hold them.
    """
    kinds = [*kinds, *sorted({kind for year in counts.values() for kind in year} - set(kinds))]
    totals = {kind: sum(year.get(kind, 0) for year in counts.values()) for kind in kinds}
    shown = [kind for kind in kinds if totals[kind]]
    years = [year for year in sorted(counts) if sum(counts[year].values())]
    width = _width(years, preset)
    most = max((sum(counts[year].values()) for year in years), default=0)
    left = 9.0 + fonts.width(f"{most:,}", style.SMALL)  # the name of the axis and its numbers
    room = width - left - RIGHT
    keys = [
        Key(f"{kind or 'no type'} (n\u00a0=\u00a0{totals[kind]:,})", *style.fill(at)) for at, kind in enumerate(shown)
    ]
    above = TOP + (legend_height(keys, room) + 1.5 if keys else 0) + 3.5
    height = above + PLOT + BELOW + notice_height(notice, width - 2 * SIDE)
    alt = _sentence(counts, years, shown, totals, undated)
    with style.house(preset):
        page = Page(width, height, title=TITLE, alt=alt, preset=preset)
        legend(page, keys, left, TOP, room)
        if years:
            axes = page.axes(left, above, room, PLOT)
            pitch = _scale(axes, years, room)
            _bars(axes, counts, years, shown, pitch, page.scale)
            _name_axes(axes, years, undated, pitch)
        else:
            page.text(width / 2, height / 2, _empty(undated), anchor="middle", colour=style.MUTED)
        rest = f"; {_without_year(undated)}" if undated else ""
        caption = f"{TITLE}{rest}. Reports; n\u00a0=\u00a0{sum(totals.values()):,}."
        return finish(page, "publications_per_year", caption, notice, SIDE)


def _width(years: Sequence[int], preset: Preset) -> float:
    """One column for up to 12 years, then wider."""
    span = years[-1] - years[0] + 1 if years else 1
    return preset.across[0 if span <= 12 else 1 if span <= 30 else 2]


def _empty(undated: int) -> str:
    return f"No dated report; {_without_year(undated)}" if undated else "No report has been included yet"


def _without_year(undated: int) -> str:
    return f"{undated:,} report{'' if undated == 1 else 's'} without a year not shown"


def _scale(axes: Axes, years: Sequence[int], room: float) -> float:
    """Set the axis of the years; how many mm lie between two of them."""
    first, last = years[0], years[-1]
    spare = max(0, 6 - (last - first + 1)) / 2  # a bar is never wider than a sixth of the chart
    axes.set_xlim(first - 0.7 - spare, last + 0.7 + spare)
    return room / (last - first + 1.4 + 2 * spare)


def _bars(
    axes: Axes, counts: Counts, years: Sequence[int], kinds: Sequence[str], pitch: float, scale: float
) -> None:  # fmt: skip
    base = dict.fromkeys(years, 0)
    for at, kind in enumerate(kinds):
        colour, hatch = style.fill(at)
        heights = [counts[year].get(kind, 0) for year in years]
        axes.bar(
            years, heights, bottom=list(base.values()), width=0.8, color=colour, edgecolor=style.INK, linewidth=0.5 * scale,
            hatch=hatch,
        )  # fmt: skip
        base = {year: base[year] + height for year, height in zip(years, heights, strict=True)}
    if max(fonts.width(f"{total:,}", style.SMALL) for total in base.values()) + 0.6 <= pitch:
        for year, total in base.items():
            axes.annotate(
                f"{total:,}", (year, total), xytext=(0, 1.5 * scale), textcoords="offset points", ha="center", va="bottom",
                fontsize=style.SMALL * scale,
            )  # fmt: skip


def _name_axes(axes: Axes, years: Sequence[int], undated: int, pitch: float) -> None:
    first, last = years[0], years[-1]
    axes.margins(y=0.02)
    axes.set_ylim(bottom=0)
    span = last - first + 1
    wide = fonts.width("2000", style.SMALL) + 1.2
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if span / step <= 12 and step * pitch >= wide), 500)
    axes.xaxis.set_major_locator(FixedLocator([year for year in range(first, last + 1) if year % step == 0]))
    # A mark at every year shows that an empty place is a year without a report.
    axes.xaxis.set_minor_locator(FixedLocator(range(first, last + 1)) if span <= 80 else NullLocator())
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, min_n_ticks=1))
    axes.set_xlabel("Year of publication" + (f" ({_without_year(undated)})" if undated else ""))
    axes.set_ylabel("Included reports (n)")


def _sentence(
    counts: Counts, years: Sequence[int], kinds: Sequence[str], totals: Mapping[str, int], undated: int
) -> str:
    if not years:
        return f"Included reports by year of publication. {_empty(undated)}."
    each = []
    for year in years:
        parts = ", ".join(f"{kind or 'no type'} {counts[year][kind]:,}" for kind in kinds if counts[year].get(kind))
        each.append(f"{year}: {sum(counts[year].values()):,} ({parts})")
    span = f"{years[0]} to {years[-1]}" if years[0] != years[-1] else f"{years[0]}"
    types = ", ".join(f"{kind or 'no type'} {totals[kind]:,}" for kind in kinds)
    gaps = years[-1] - years[0] + 1 - len(years)
    empty = f" {gaps:,} year{'' if gaps == 1 else 's'} between them had no report." if gaps else ""
    rest = f" {_without_year(undated)}." if undated else ""
    return (
        f"Stacked bars of included reports by year of publication, {span}, n = {sum(totals.values()):,}. "
        f"By type: {types}. By year: {'; '.join(each)}.{empty}{rest}"
    )
