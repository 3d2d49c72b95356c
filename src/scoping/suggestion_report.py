"""What became of suggestions, as a table: per code and in all, for cells that showed them and for those coded blind.

Every count has its cells in the table of ids. Only the blind cells are unbiased: who sees a suggestion is led by it.
"""

from collections.abc import Iterable, Mapping, Sequence

from scoping import agreement, intervals
from scoping.agreement import Figure
from scoping.items import split
from scoping.offers import BLIND, OFF, SHOWN
from scoping.tables import Row
from scoping.uptake import Cell, Uptake, uptake

CAPTION = (
    "What became of suggestions, from answers before reconciliation. Precision: of suggested cells on which all agree, "
    "those with yes; recall: of cells with yes, those with a suggestion; both with 95% Wilson intervals. Only blind cells "
    "are unbiased. In all codes, cells of one report go together, so that the intervals there are too narrow"
)
OFFERS = {SHOWN: "shown", BLIND: "blind: coded without", OFF: "switched off: coded without"}
ALL = "All codes"
COUNTS = ("Cells", "Suggested", "Confirmed", "Rejected", "Divided", "Added by hand", "Neither")
COLUMNS = [
    "Code", "Label", "Suggestion", *COUNTS, "Precision", "Recall", "Yes where shown less yes where blind",
    "Answered by two or more", "Raw agreement", "AC1", "On new sheets",
]  # fmt: skip
WIDTHS = [9, 32, 17, 8, 11, 11, 10, 9, 10, 9, 20, 20, 24, 11, 20, 22, 40]
ID_COLUMNS = ["Code", "Suggestion", "Column", "Unit", "Id"]
NOT_DEFINED = "not defined"


def table(found: Sequence[Cell], labels: Mapping[str, str], switches: Iterable[Row], seed: int) -> list[Row]:
    """One row for each code and way of offering that occurs, for all codes one for shown and blind in any case."""
    now = {row["code"]: row["why"] or row["state"] for row in switches}
    rows = []
    for code, offer, cells in _groups(found, labels):
        what = uptake(cells)
        counts = {name: str(len(ids)) for name, ids in members(cells, what).items()}
        blind = uptake(cell for cell in found if cell.offer == BLIND and code in (cell.code, ALL))
        panel = agreement.panel(
            {cell.id: dict(cell.by_person) for cell in cells},
            positive="yes", seed=seed, categories=("yes", "no"), cluster_of=lambda item: split(item).record,
        )  # fmt: skip
        rows.append(
            {
                "Code": code,
                "Label": labels.get(code, ""),
                "Suggestion": OFFERS[offer],
                **counts,
                "Precision": _share(*what.precision),
                "Recall": _share(*what.recall),
                "Yes where shown less yes where blind": _less(what, blind) if offer == SHOWN else "",
                "Raw agreement": _figure(panel.raw),
                "AC1": _figure(panel.ac1),
                "On new sheets": now.get(code, ""),
            }
        )
    return rows


def ids(found: Sequence[Cell], labels: Mapping[str, str]) -> list[Row]:
    """The cells behind each count; precision is of those confirmed and rejected."""
    return [
        {"Code": code, "Suggestion": OFFERS[offer], "Column": column, "Unit": "cell", "Id": id_}
        for code, offer, cells in _groups(found, labels)
        for column, members_ in members(cells, uptake(cells)).items()
        for id_ in members_
    ]


def members(cells: Sequence[Cell], what: Uptake) -> dict[str, tuple[str, ...]]:
    """The cells behind each count of a row."""
    several = tuple(cell.id for cell in cells if len(cell.by_person) > 1)
    return {
        "Cells": tuple(cell.id for cell in cells),
        "Suggested": what.suggested,
        "Confirmed": what.confirmed,
        "Rejected": what.rejected,
        "Divided": what.divided,
        "Added by hand": what.missed,
        "Neither": what.nothing,
        "Answered by two or more": several,
    }


def _groups(found: Sequence[Cell], labels: Mapping[str, str]) -> list[tuple[str, str, list[Cell]]]:
    """(code, offer, its cells) in the order of the table."""
    groups = [(ALL, offer, [cell for cell in found if cell.offer == offer]) for offer in OFFERS]
    for code in labels:
        mine = [cell for cell in found if cell.code == code]
        groups += [(code, offer, [cell for cell in mine if cell.offer == offer]) for offer in OFFERS]
    return [group for group in groups if group[2] or (group[0] == ALL and group[1] != OFF)]


def _share(part: int, total: int) -> str:
    limits = intervals.wilson(part, total)
    return f"{part / total:.2f} ({limits[0]:.2f} to {limits[1]:.2f})" if limits else NOT_DEFINED


def _less(shown: Uptake, blind: Uptake) -> str:
    """The difference of the shares of yes among suggested cells: how much seeing a suggestion sways people."""
    one, other = shown.precision, blind.precision
    limits = intervals.difference(*one, *other)
    if limits is None:
        return NOT_DEFINED
    return f"{_signed(one[0] / one[1] - other[0] / other[1])} ({_signed(limits[0])} to {_signed(limits[1])})"


def _figure(figure: Figure) -> str:
    if figure.value is None:
        return NOT_DEFINED
    if figure.low is None or figure.high is None:
        return f"{_signed(figure.value)} (no interval)"
    return f"{_signed(figure.value)} ({_signed(figure.low)} to {_signed(figure.high)})"


def _signed(value: float) -> str:
    """Two decimals, with a minus sign that no spreadsheet takes for the beginning of a formula, and no minus zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\u2212")
