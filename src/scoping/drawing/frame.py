"""What every chart has around its data: legend, notice and the files it is saved as. Lengths in mm, sizes in pt."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image

from scoping.drawing import fonts, raster, style
from scoping.drawing.page import Page
from scoping.figure_settings import GENERIC, Preset

SWATCH, SWATCH_GAP, BETWEEN = 4.0, 1.5, 4.0  # width of a sample, its distance to the words, between two entries
LEGEND_STEP = 4.2  # from line to line


@dataclass(frozen=True)
class Chart:
    """A drawn chart: file name without ending, its four forms, its alternative text and its caption."""

    name: str
    svg: bytes
    pdf: bytes
    png: bytes
    tiff: bytes
    alt: str
    caption: str


@dataclass(frozen=True)
class Words:
    """What is said with a figure: `title` names it, `caption` says how to read it and ends with the unit and n.

    `empty` is what stands in the figure, and in its alternative text, where there is nothing to draw; `preset` is how it
    is printed.
    """

    name: str
    title: str
    caption: str
    empty: str
    notice: str = ""
    preset: Preset = GENERIC


@dataclass(frozen=True)
class Key:
    """An entry of the legend: a filled sample, or what `draw(page, centre x, centre y)` draws."""

    label: str
    colour: str = style.INK
    hatch: str = ""
    draw: Callable[[Page, float, float], None] | None = None


def _places(keys: Sequence[Key], room: float) -> list[tuple[float, int, list[str]]]:
    """(x, line, wrapped label) of each entry, filled line by line."""
    places = []
    x, line = 0.0, 0
    for key in keys:
        words = fonts.wrap_anywhere(key.label, room - SWATCH - SWATCH_GAP, style.SMALL)
        width = SWATCH + SWATCH_GAP + max(fonts.width(text, style.SMALL) for text in words)
        if x and x + width > room:
            x, line = 0.0, line + 1
        places.append((x, line, words))
        x += width + BETWEEN
        if len(words) > 1:
            x, line = 0.0, line + len(words)
    return places


def legend_height(keys: Sequence[Key], room: float) -> float:
    """Height of the legend when `room` mm wide."""
    return max((line + len(words) for _, line, words in _places(keys, room)), default=0) * LEGEND_STEP


def legend(page: Page, keys: Sequence[Key], x: float, y: float, room: float) -> None:
    """Draw the legend with its upper left corner at x, y."""
    for key, (shift, line, words) in zip(keys, _places(keys, room), strict=True):
        left, middle = x + shift, y + (line + 0.5) * LEGEND_STEP
        if key.draw:
            key.draw(page, left + SWATCH / 2, middle)
        else:
            page.rectangle(
                left, middle - 1.4, SWATCH, 2.8, fill=key.colour, edge=style.INK, line=0.5, hatch=key.hatch
            )  # fmt: skip
        for at, text in enumerate(words):
            page.text(left + SWATCH + SWATCH_GAP, middle + 0.9 + at * LEGEND_STEP, text, pt=style.SMALL)


def notice_height(notice: str, room: float) -> float:
    """Height that the notice takes at the foot of a figure, wrapped to `room` mm; 0 without one."""
    lines = _notice(notice, room)
    return len(lines) * fonts.line_height(style.SMALL) + 2.5 if lines else 0.0


def _notice(notice: str, room: float) -> list[str]:
    return fonts.wrap_anywhere(notice, room, style.SMALL) if fonts.clean(notice) else []


def note(page: Page, x: float, y: float, text: str, room: float) -> None:
    """A muted remark, wrapped, its upper left corner at x, y; as high as `notice_height` says."""
    for at, line in enumerate(_notice(text, room)):
        page.text(x, y + 1.0 + (at + 0.78) * fonts.line_height(style.SMALL), line, pt=style.SMALL, colour=style.MUTED)


def nothing(words: Words, side: float = 3.0) -> Chart:
    """The figure where there is nothing to draw: it says so."""
    width = words.preset.column
    room, step = width - 2 * side, fonts.line_height(style.TEXT)
    lines = fonts.wrap_anywhere(words.empty, room, style.TEXT)
    body = 16.0 + len(lines) * step
    with style.house(words.preset):
        page = Page(
            width, body + notice_height(words.notice, room), title=words.title, alt=f"{words.title}. {words.empty}.",
            preset=words.preset,
        )  # fmt: skip
        for at, text in enumerate(lines):
            page.text(width / 2, 8.0 + (at + 0.78) * step, text, anchor="middle", colour=style.MUTED)
        return finish(page, words.name, words.caption, words.notice, side)


def left_out(count: int, what: str) -> str:
    """The remark that not all has found room; empty where all has. `what` in the plural."""
    return f"… and {count:,} more {what}, in the data of this figure" if count else ""


def spoken(more: str) -> str:
    """The same as a sentence that ends an alternative text."""
    return f" {more.removeprefix('… ').capitalize()}." if more else ""


def finish(page: Page, name: str, caption: str, notice: str, side: float) -> Chart:
    """Print the notice at the foot, `side` mm from both edges, and save the page in all forms."""
    lines, step = _notice(notice, page.width - 2 * side), fonts.line_height(style.SMALL)
    for at, text in enumerate(lines):
        y = page.height - 1 - (len(lines) - 1 - at + 0.22) * step
        page.text(side, y, text, pt=style.SMALL, colour=style.MUTED)
    png = page.png()
    return Chart(name, page.svg(), page.pdf(), png, tiff(png, page.alt), page.alt, caption)


def tiff(png: bytes, alt: str) -> bytes:
    """A PNG as a TIFF of the same pixels and dots per inch."""
    with Image.open(io.BytesIO(png)) as image:
        drawn = image.convert("RGB")
    return raster.to_tiff(drawn, alt=alt)
