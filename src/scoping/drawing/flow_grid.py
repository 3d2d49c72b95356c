"""The grid of the PRISMA 2020 flow diagram as data: which box stands in which row and column, and what leads to what."""

from collections.abc import Mapping
from dataclasses import dataclass

GOLD, BLUE, GREY, WHITE = "#FFC000", "#9DC3E6", "#D9D9D9", "#FFFFFF"


@dataclass(frozen=True)
class Arm:
    """A way in which studies are found: a spine of boxes from top to bottom, and the box beside each of them.

    The last box of the spine leads to `target`: straight down where that is in the same column, else around a corner.
    `below` are boxes under the spine that arms lead to, each leading to the next.
    """

    name: str
    heading: str
    spine: tuple[str, ...]
    sides: Mapping[str, str]
    target: str
    head: str
    grey: bool = False
    below: tuple[str, ...] = ()


PREVIOUS = Arm(
    name="previous",
    heading="Previous studies",
    spine=("previous",),
    sides={},
    target="total",
    head=GREY,
    grey=True,
)
DATABASES = Arm(
    name="databases",
    heading="Identification of studies via databases and registers",
    spine=("identified", "title_screened", "screened", "sought", "assessed"),
    sides={
        "identified": "removed",
        "title_screened": "title_excluded",
        "screened": "excluded",
        "sought": "not_retrieved",
        "assessed": "reports_excluded",
    },
    target="included",
    head=GOLD,
    below=("included", "total"),
)
OTHER = Arm(
    name="other",
    heading="Identification of studies via other methods",
    spine=("other_identified", "other_sought", "other_assessed"),
    sides={"other_sought": "other_not_retrieved", "other_assessed": "other_excluded"},
    target="included",
    head=GREY,
    grey=True,
)
ARMS = (PREVIOUS, DATABASES, OTHER)  # from left to right
ROWS = (  # which box stands in which row
    ("previous", "identified", "removed", "other_identified"),
    ("title_screened", "title_excluded"),
    ("screened", "excluded"),
    ("sought", "not_retrieved", "other_sought", "other_not_retrieved"),
    ("assessed", "reports_excluded", "other_assessed", "other_excluded"),
    ("included",),
    ("total",),
)
STAGES = (("Identification", 0, 0), ("Screening", 1, 4), ("Included", 5, 6))  # name, first row, last row
KEYS = frozenset(key for row in ROWS for key in row)
_GREY_BELOW = frozenset({"total"})
WIDTHS = {  # mm, by whether there is a column of previous studies, and other methods; the last is for a page on its side
    (False, False): 130.0,
    (False, True): 180.0,
    (True, False): 170.0,
    (True, True): 247.0,
}


def drawn_arms(boxes: Mapping[str, object]) -> tuple[Arm, ...]:
    """The arms of a diagram that has these boxes."""
    return tuple(arm for arm in ARMS if arm is DATABASES or arm.spine[0] in boxes)


def is_grey(arm: Arm, key: str) -> bool:
    """Whether a box is grey without an outline, or white with one."""
    return arm.grey or key in _GREY_BELOW
