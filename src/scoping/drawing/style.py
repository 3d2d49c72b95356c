"""The house style: colours, sizes as drawn and one dictionary of matplotlib settings. Lengths in mm, sizes in pt.

All figures are drawn with text of one size, for which their distances were chosen, and printed as large as the preset
asks: `Page` does the enlarging.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib

from scoping.drawing import fonts
from scoping.figure_settings import DRAWN_AT, GENERIC, SMALLER, Preset

TEXT, SMALL = DRAWN_AT, DRAWN_AT * SMALLER  # pt; journals ask for 8, and 7 for ticks and the like
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
    "text.hinting": "no_hinting",  # hinted text is up to 2 % wider in pixels than it is measured
    "text.parse_math": False,  # a dollar sign in a title is a dollar sign
    "svg.fonttype": "none",
    "svg.hashsalt": "scoping",
    "pdf.fonttype": 42,
}
_GROWS = ("size", "width", "linewidth", "labelsize", "titlesize", "fontsize", "pad")  # what is measured in pt


@contextmanager
def house(preset: Preset = GENERIC) -> Iterator[None]:
    """The house style and nothing of the user's own matplotlib settings; what was set before comes back.

    What matplotlib itself draws in pt (ticks, axes, hatching) is as large as the preset prints it.
    """
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        for key in matplotlib.rcParams:
            if key.startswith(("axes.", "xtick.", "ytick.", "hatch.", "font.size")) and key.endswith(_GROWS):
                value = matplotlib.rcParams[key]
                matplotlib.rcParams[key] = value * preset.scale if isinstance(value, float) else value
        matplotlib.rcParams["font.family"] = list(fonts.register())
        yield


def shade(share: float) -> tuple[str, str]:
    """A blue from nearly white (0) to dark (1), and the ink that is read best on it, at least 4.5:1."""
    light, dark = (0xF3, 0xF8, 0xFD), (0x08, 0x30, 0x6B)
    colour = "#" + "".join(
        f"{round(a + (b - a) * min(max(share, 0.0), 1.0)):02X}" for a, b in zip(light, dark, strict=True)
    )
    return colour, max((INK, "#FFFFFF"), key=lambda ink: contrast(ink, colour))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def fill(number: int) -> tuple[str, str]:
    """Colour and hatching of the number-th kind; 8 pairs of their own, then colours and hatchings mixed anew."""
    return OKABE_ITO[number % len(OKABE_ITO)], HATCHES[(number + number // len(OKABE_ITO)) % len(HATCHES)]
