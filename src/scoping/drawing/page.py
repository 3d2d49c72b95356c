"""A page in millimetres, y downwards, that saves itself as SVG, PDF and PNG with the same bytes every time."""

import io
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Polygon, Rectangle

from scoping.drawing import fonts, style
from scoping.figure_settings import GENERIC, Preset

Anchor = Literal["start", "middle", "end"]
Dash = Literal["-"] | tuple[float, tuple[float, ...]]
"""A matplotlib line style: a name, or offset and lengths of dashes and gaps."""
SVG = "http://www.w3.org/2000/svg"
_SIDE: dict[Anchor, Literal["left", "center", "right"]] = {"start": "left", "middle": "center", "end": "right"}


class Page:
    """A figure with one invisible axes over all of it; make and save it within `style.house(preset)`.

    Lengths and sizes are those of the drawing; in print all are `preset.scale` times as large.

    Shapes are added as plain artists: the limits of the page are fixed, so matplotlib need not look for them.
    """

    def __init__(self, width: float, height: float, *, title: str, alt: str, preset: Preset = GENERIC) -> None:
        self.width, self.height, self.preset, self.scale = width, height, preset, preset.scale
        self.title, self.alt = fonts.clean(title), fonts.clean(alt)
        self.figure = Figure(figsize=(width * self.scale / 25.4, height * self.scale / 25.4), facecolor="white")
        self._axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        self._axes.set_axis_off()
        self._drawn = 0

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Axes for a chart; x, y is the upper left corner of the data area in mm."""
        bottom = self.height - y - height
        return self.figure.add_axes(
            (x / self.width, bottom / self.height, width / self.width, height / self.height), facecolor="none"
        )

    def text(
        self, x: float, y: float, text: str, *, pt: float = style.TEXT, bold: bool = False, anchor: Anchor = "start",
        colour: str = style.INK, rotate: float = 0.0,
    ) -> None:  # fmt: skip
        """A line of text on a baseline at y; `rotate` in degrees against the clock around the anchor."""
        self._axes.text(
            x, y, fonts.clean(text), fontsize=pt * self.scale, weight="bold" if bold else "normal", color=colour, rotation=rotate,
            rotation_mode="anchor", ha=_SIDE[anchor], va="baseline", zorder=self._next(),
        )  # fmt: skip

    def rectangle(
        self, x: float, y: float, width: float, height: float, *, fill: str | None = None, edge: str | None = None,
        radius: float = 0.0, line: float = 0.75, hatch: str = "", above: bool = False,
    ) -> None:  # fmt: skip
        """A rectangle, its upper left corner at x, y; `radius` of its corners in mm, `line` in pt; `above` what was drawn."""
        patch: Patch
        if radius:
            box = f"round,pad=0,rounding_size={radius}"
            patch = FancyBboxPatch((x, y), width, height, boxstyle=box)
        else:
            patch = Rectangle((x, y), width, height)
        patch.set(
            facecolor=fill or "none",
            edgecolor=edge or "none",
            linewidth=line * self.scale if edge else 0,
            hatch=hatch or None,
        )
        if above:
            patch.set_zorder(self._next())
        self._axes.add_artist(patch)

    def circle(
        self, x: float, y: float, radius: float, *, fill: str, edge: str, line: float = 0.75, hatch: str = ""
    ) -> None:  # fmt: skip
        """A circle around x, y; a hatching has the colour of the edge."""
        circle = Circle(
            (x, y), radius, facecolor=fill, edgecolor=edge, linewidth=line * self.scale, hatch=hatch or None,
            zorder=self._next(),
        )  # fmt: skip
        self._axes.add_artist(circle)

    def outline(self, points: Sequence[tuple[float, float]], *, fill: str, edge: str, line: float) -> None:
        """A filled polygon with rounded corners of its outline; `line` in pt."""
        drawn = Polygon(
            list(points), closed=True, facecolor=fill, edgecolor=edge, linewidth=line * self.scale, joinstyle="round",
            zorder=self._next(),
        )  # fmt: skip
        self._axes.add_artist(drawn)

    def polygon(self, points: Sequence[tuple[float, float]], *, fill: str) -> None:
        """A filled polygon without an outline."""
        drawn = Polygon(list(points), closed=True, facecolor=fill, edgecolor="none", linewidth=0, zorder=self._next())
        self._axes.add_artist(drawn)

    def line(
        self, points: Sequence[tuple[float, float]], *, colour: str = style.INK, line: float = 0.75,
        dash: Dash = "-",
    ) -> None:  # fmt: skip
        """A line through points with mitred corners and flat ends; `line` in pt."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        drawn = Line2D(
            xs, ys, color=colour, linewidth=line * self.scale, linestyle=dash, solid_capstyle="butt",
            solid_joinstyle="miter",
        )  # fmt: skip
        drawn.set_zorder(self._next())
        self._axes.add_artist(drawn)

    def pdf(self) -> bytes:
        """PDF with embedded TrueType fonts and real text."""
        return self._save("pdf", {"Title": self.title, "Subject": self.alt, "CreationDate": None})

    def png(self, dpi: int | None = None) -> bytes:
        """PNG, by default in the preset's dots per inch; a page too long for so many gets fewer."""
        about = {"Title": self.title, "Description": self.alt, "Software": None}
        return self._save("png", about, self.dots(dpi or self.preset.dpi))

    def dots(self, dpi: int) -> int:
        """So many dots per inch, or as many as the longer side of the page allows."""
        return min(dpi, int(style.MOST_PIXELS * 25.4 / max(self.width, self.height) / self.scale))

    def draw(self, canvas: FigureCanvasBase) -> None:
        """Draw the page onto a canvas of its figure."""
        with _without_a_word_on_glyphs():
            canvas.draw()

    def svg(self) -> bytes:
        """SVG with real text, a title and a description."""
        ET.register_namespace("", SVG)
        ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
        root = ET.fromstring(self._save("svg", {"Date": None}))
        for old in root.findall(f"{{{SVG}}}metadata"):
            root.remove(old)
        describe(root, self.title, self.alt)
        for element in root.iter():
            if "font" in element.get("style", ""):
                named = re.compile(rf"'{fonts.FAMILY}'(, *'{fonts.FALLBACK}')?")
                element.set("style", named.sub(self.preset.stack, element.get("style", "")))
        return serialise(root)

    def _next(self) -> int:
        """What is drawn later lies above: left alone, matplotlib puts all text above all shapes."""
        self._drawn += 1
        return self._drawn

    def _save(self, kind: str, metadata: dict[str, str | None], dpi: int = 72) -> bytes:
        out = io.BytesIO()
        with _without_a_word_on_glyphs():
            self.figure.savefig(out, format=kind, metadata=metadata, dpi=dpi)
        return out.getvalue()


@contextmanager
def _without_a_word_on_glyphs() -> Iterator[None]:
    """A name in a script that neither font has is drawn as boxes; the SVG carries the characters themselves."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from (current )?font")
        yield


def describe(root: ET.Element, title: str, alt: str) -> None:
    """Give an SVG its role, title and description as first children, for screen readers."""
    root.set("role", "img")
    root.set("aria-labelledby", "title desc")
    for at, (tag, text) in enumerate((("title", title), ("desc", alt))):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": tag})
        element.text = fonts.clean(text)
        root.insert(at, element)


def serialise(root: ET.Element) -> bytes:
    """The bytes of an SVG file."""
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
