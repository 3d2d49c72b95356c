"""The house style: colours, sizes and one dictionary of matplotlib settings. Lengths in mm, sizes in pt."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib

from scoping.drawing import fonts

COLUMN, PAGE_AND_HALF, PAGE = 85.0, 130.0, 180.0  # widths of figures in journals, mm
WIDTHS = (COLUMN, PAGE_AND_HALF, PAGE)
TEXT, SMALL, TINY = 8.0, 7.0, 6.5  # pt
DPI = 300
MOST_PIXELS = 30_000  # of one side of a PNG: matplotlib stops at 65,536

INK, MUTED, RULE, PALE = "#000000", "#595959", "#D0D0D0", "#F2F2F2"
OKABE_ITO = ("#0072B2", "#E69F00", "#56B4E9", "#D55E00", "#009E73", "#F0E442", "#CC79A7", "#999999")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "++++", "oooo")

RC: dict[Any, Any] = {
    "font.size": TEXT,
    "axes.titlesize": TEXT,
    "axes.labelsize": TEXT,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "hatch.linewidth": 0.5,
    "axes.axisbelow": True,
    "text.parse_math": False,  # a dollar sign in a title is a dollar sign
    "svg.fonttype": "none",
    "svg.hashsalt": "scoping",
    "pdf.fonttype": 42,
    "savefig.dpi": DPI,
}


@contextmanager
def house() -> Iterator[None]:
    """The house style and nothing of the user's own matplotlib settings; what was set before comes back."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        matplotlib.rcParams["font.family"] = list(fonts.register())
        yield


def fill(number: int) -> tuple[str, str]:
    """Colour and hatching of the number-th kind; 8 pairs of their own, then colours and hatchings mixed anew."""
    return OKABE_ITO[number % len(OKABE_ITO)], HATCHES[(number + number // len(OKABE_ITO)) % len(HATCHES)]
