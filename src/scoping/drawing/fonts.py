"""The bundled typeface: registering it, measuring text with it, wrapping text. Lengths in mm, sizes in pt."""

import functools
import re
from dataclasses import replace
from pathlib import Path

import matplotlib
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

FOLDER = Path(__file__).resolve().parent.parent / "fonts"
REGULAR, BOLD = FOLDER / "LiberationSans-Regular.ttf", FOLDER / "LiberationSans-Bold.ttf"
# Names of our own: an installed Liberation Sans of another version must never be taken for the bundled one.
FAMILY, FALLBACK = "scoping Liberation Sans", "scoping DejaVu Sans"
MM_PER_PT = 25.4 / 72
LEADING = 1.22
_DPI = 1440  # at screen resolution hinting makes widths 3 to 5 % wrong
_ILLEGAL_IN_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile("[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")


@functools.cache
def register() -> tuple[str, str]:
    """Make the bundled fonts known to matplotlib under our own names; the families to ask for, best first."""
    data = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for path, name in (
        (REGULAR, FAMILY),
        (BOLD, FAMILY),
        (data / "DejaVuSans.ttf", FALLBACK),
        (data / "DejaVuSans-Bold.ttf", FALLBACK),
    ):
        font_manager.fontManager.addfont(path)
        known = font_manager.fontManager.ttflist
        known[-1] = replace(known[-1], name=name)
    return FAMILY, FALLBACK


def clean(text: str) -> str:
    """One line of text that XML, PDF and matplotlib accept: runs of blanks become one, illegal characters a mark.

    No-break spaces stay.
    """
    return _ILLEGAL_IN_XML.sub("\ufffd", _BLANKS.sub(" ", text)).strip(" ")


def line_height(pt: float) -> float:
    """Distance of two baselines in mm."""
    return pt * LEADING * MM_PER_PT


@functools.cache
def _face(bold: bool) -> tuple[FT2Font, frozenset[int]]:
    face = FT2Font(str(BOLD if bold else REGULAR))
    return face, frozenset(face.get_charmap())


@functools.lru_cache(maxsize=50_000)
def width(text: str, pt: float, bold: bool = False) -> float:
    """Width of a line in mm. Characters that the font lacks count as a capital W."""
    face, known = _face(bold)
    face.set_size(pt, _DPI)
    face.set_text("".join(char if ord(char) in known else "W" for char in text))
    return float(face.get_width_height()[0]) / 64 / _DPI * 25.4


def wrap(text: str, room: float, pt: float, *, bold: bool = False, hanging: float = 0.0) -> list[str]:
    """Lines of at most `room` mm, broken at blanks only, never at a no-break space.

    Every line after the first has `hanging` mm less. A word wider than the room stands alone on its line and sticks
    out: the caller decides whether that is an error.
    """
    lines: list[str] = []
    current = ""
    for word in clean(text).split(" "):
        longer = f"{current} {word}" if current else word
        if current and width(longer, pt, bold) > room - (hanging if lines else 0):
            lines.append(current)
            current = word
        else:
            current = longer
    return [*lines, current]


def wrap_anywhere(text: str, room: float, pt: float, *, bold: bool = False, hanging: float = 0.0) -> list[str]:
    """Like `wrap`, but a word that is too wide is broken between characters, so that no line sticks out."""
    pieces: list[str] = []
    for word in clean(text).split(" "):
        rest = word
        while width(rest, pt, bold) > room - hanging and len(rest) > 1:
            fits = max((k for k in range(1, len(rest)) if width(rest[:k], pt, bold) <= room - hanging), default=1)
            pieces.append(rest[:fits])
            rest = rest[fits:]
        pieces.append(rest)
    return wrap(" ".join(pieces), room, pt, bold=bold, hanging=hanging)
