"""The table of what screening health consists of."""

from scoping.columns import Column, Table

SCREENING_HEALTH = Table(
    "screening_health",
    "measure of screening",
    ("place",),
    (
        Column("place", "order on the page, from 1", "integer"),
        Column("measure", "what is measured"),
        Column("number", "the figure as it is printed"),
        Column("words", "what it says, in a sentence"),
        Column("ids", "records behind it", "json"),
    ),
)
