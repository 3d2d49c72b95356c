"""The sheet about possible duplicates: both records side by side, what differs, a suggestion with its reason, what to answer.

Pairs stand in the order of doubt, those first of which the model knows least. A sheet that checks what was decided without
asking (`blind`) shows neither suggestion nor reason, so that nobody is led by them.
"""

from collections.abc import Iterable, Mapping, Sequence

from scoping import side_by_side
from scoping.duplicate_answers import CONFLICT
from scoping.items import split
from scoping.tables import Row
from scoping.workbook.layout import GuideLine, Shown, Tab
from scoping.workbook.layout import Row as SheetRow

TITLE = "Are these the same report?"
HELP = (
    "Choose in the yellow column: same (one report twice), same study, other report, or different. What only one of the "
    "records has is bold and underlined."
)
BLIND_HELP = (
    "This sheet checks the software: what it decided about these pairs is not shown, and some of them were merged."
)
LIKELY = 0.5  # chance from which the model holds a pair for one report
_SUGGESTED = {
    (True, False): "Rather the same",
    (True, True): "Rather the same, but something speaks against it",
    (False, False): "Rather different",
    (False, True): "Rather different",
}
_MEANINGS = (
    "same: two records of one report (one article in two databases). One of them is removed as a duplicate.",
    "same study, other report: two reports of one study (preprint and article, conference abstract and article, protocol "
    "and results, erratum). Both stay, and count as one study.",
    "different: anything else, however alike (Part I and Part II, two years of an annual report). Both stay.",
    "Not certain? Look both up by their DOI. What stays apart costs a minute of screening; what is merged wrongly is lost.",
    "An answer binds for good, also when searches are added. Change it here, or write withdraw, and it counts no more.",
)


def in_doubt(pairs: Iterable[Row]) -> list[Row]:
    """The pairs to ask about, least certain first."""
    return sorted((row for row in pairs if row["open"] == "yes"), key=lambda row: (_certainty(row), row["a"], row["b"]))


def _certainty(row: Row) -> float:
    return abs(float(row["chance"] or LIKELY) - LIKELY)


def body(
    items: Sequence[str], records: Mapping[str, Row], pairs: Mapping[str, Row], *, blind: bool
) -> tuple[tuple[Shown, ...], tuple[Tab, ...]]:
    """Columns and rows; `records` are by content id, `pairs` by item."""
    shown: tuple[Shown, ...] = (Shown("What differs", 44), Shown("Record A", 58), Shown("Record B", 58))
    if not blind:
        shown = (Shown("Suggestion, and why you are asked", 30), *shown)
    rows = []
    for item in items:
        a, b = split(item).ids
        found = side_by_side.compare(records[a], records[b])
        cells: tuple[str, ...] = (found.differs, found.a.text, found.b.text)
        marks: tuple[tuple[side_by_side.Span, ...], ...] = ((), found.a.marks, found.b.marks)
        if not blind:
            cells, marks = (suggestion(pairs[item]), *cells), ((), *marks)
        rows.append(SheetRow(item, cells, marks=marks))
    return shown, (Tab("Pairs", tuple(rows)),)


def suggestion(row: Row) -> str:
    """What the software would say, how certain its model is, and why a person is asked."""
    why = row["why"][:1].upper() + row["why"][1:]
    if row["answer"] == CONFLICT:
        return f"Answered in different ways: {row['person']}"
    if not row["chance"]:
        return f"{why}."
    chance = float(row["chance"])
    return f"{_SUGGESTED[chance >= LIKELY, row['against'] == 'yes']} (chance {chance:.2f}).\n{why}."


def guide() -> Sequence[GuideLine]:
    """What the answers mean."""
    return [
        GuideLine("What counts as a duplicate (PRISMA 2020)", "heading"),
        *(GuideLine(text, "item") for text in _MEANINGS),
    ]
