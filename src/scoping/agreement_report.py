"""Agreement between people before anything was reconciled, as authors take it: a table, the ids behind it, a figure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from scoping.agreement import Figure
from scoping.comparisons import (
    ALL,
    BATCH,
    CODE,
    FAMILY,
    LEVEL,
    MEASURES,
    OFFER,
    PAIR,
    PURPOSE,
    REASON,
    SCALES,
    UNITS,
    VERSION,
    Comparison,
)
from scoping.drawing.forest import Line, Mark, Section
from scoping.schemas import STAGE_NAMES
from scoping.tables import Row

NOT_DEFINED, DOES_NOT_APPLY = "not defined", "–"
CAPTION = (
    "Agreement between people before reconciliation, with 95% bootstrap intervals over records. Kappa is Cohen's, pooled "
    "where several pairs share items; AC1 is Gwet's; alpha, for more than two people or missing answers, is "
    "Krippendorff's. Of coding the first lines are those to report: cells that were coded blind to suggestions"
)

COLUMNS = [
    "Stage", "Compared by", "Group", "Answers", "Unit", "Items answered", "Items answered by two or more", "People",
    *MEASURES,
]  # fmt: skip
WIDTHS = [17, 11, 36, 28, 8, 11, 13, 8, *[18] * len(MEASURES)]


def table(lines: Iterable[Comparison]) -> list[Row]:
    """One row for each comparison, figures with their intervals."""
    return [
        {
            **_head(line),
            "Items answered": str(line.panel.answered),
            "Items answered by two or more": str(line.panel.double_coded.items),
            "People": str(len(line.panel.people)),
            **{name: _with_interval(figure) for name, figure in line.figures()},
        }
        for line in lines
    ]


def _head(line: Comparison) -> Row:
    return {
        "Stage": STAGE_NAMES[line.stage],
        "Compared by": line.by,
        "Group": line.label,
        "Answers": line.scale,
        "Unit": line.unit,
    }


def _with_interval(figure: Figure | None) -> str:
    """`0.87 (0.80 to 0.93)`; in words where there is none."""
    if figure is None:
        return DOES_NOT_APPLY
    if figure.value is None:
        return NOT_DEFINED
    if figure.low is None or figure.high is None:
        return f"{_signed(figure.value)} (no interval)"
    return f"{_signed(figure.value)} ({_signed(figure.low)} to {_signed(figure.high)})"


def _signed(value: float) -> str:
    """Two decimals, with a minus sign that no spreadsheet takes for the beginning of a formula, and no minus zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\u2212")


ID_COLUMNS = ["Stage", "Compared by", "Group", "Answers", "Unit", "Id", "Answers given", "Equal pairs of answers"]


def ids(lines: Iterable[Comparison]) -> list[Row]:
    """One row for each item of each comparison.

    The rows of a comparison are its items answered, those with two answers or more its double-coded ones; raw agreement
    is the mean of equal pairs over all pairs of answers, n (n - 1) / 2.
    """
    out = []
    for line in lines:
        head = _head(line)
        for item, said in line.ratings.items():
            words = Counter(word for word in said.values() if word)
            equal = sum(n * (n - 1) // 2 for n in words.values())
            if words:
                count = {"Answers given": str(words.total()), "Equal pairs of answers": str(equal)}
                out.append({**head, "Id": item, **count})
    return out


DATA_COLUMNS = ["stage", "by", "group", "answers", "unit", "items", "measure", "value", "low", "high"]


def data(lines: Iterable[Comparison]) -> list[Row]:
    """What the figure shows and what it has no room for: a row for each measure that is defined."""

    def number(value: float | None) -> str:
        return "" if value is None else f"{value:.4f}"

    return [
        {
            "stage": line.stage,
            "by": line.by,
            "group": line.label,
            "answers": line.scale,
            "unit": line.unit,
            "items": str(line.panel.double_coded.items),
            "measure": name,
            "value": number(figure.value),
            "low": number(figure.low),
            "high": number(figure.high),
        }
        for line in lines
        for name, figure in line.figures()
        if figure is not None and figure.value is not None
    ]


SHOWN = ("Raw agreement", "AC1", "Kappa")
_HEADINGS = {
    ALL: "", PURPOSE: "By purpose", BATCH: "By batch", PAIR: "By pair of people", REASON: "By reason for exclusion",
    OFFER: "By what was shown of suggestions", VERSION: "By version of the codebook", LEVEL: "By level",
    FAMILY: "By family of codes", CODE: "By code",
}  # fmt: skip


def sections(lines: Sequence[Comparison]) -> list[Section]:
    """What the figure shows: whole stages on each scale, and their parts on the scale that decides."""
    out = []
    for stage, by in ((stage, by) for stage in UNITS for by in _HEADINGS):
        shown = [
            Line(
                f"{line.label}, {line.scale}" if by == ALL else line.label,
                line.panel.double_coded.items,
                tuple(_mark(dict(line.figures())[name]) for name in SHOWN),
            )
            for line in lines
            if (line.stage, line.by) == (stage, by) and (by == ALL or line.scale != SCALES[stage][0].name)
        ]
        any_items = any(line.n for line in shown)
        chapter = f"{STAGE_NAMES[stage]} ({UNITS[stage]}s)"
        out += [Section(chapter, _HEADINGS[by], tuple(shown), minor=by in (BATCH, PAIR))] if any_items else []
    return out


def _mark(figure: Figure | None) -> Mark | None:
    if figure is None or figure.value is None:
        return None
    return Mark(figure.value, figure.low, figure.high)
