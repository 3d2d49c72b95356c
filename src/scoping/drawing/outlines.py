"""The letters of a line of text as outlines in the bundled typeface, for programs that do not turn text. Lengths in mm."""

import math
from collections.abc import Iterator

from scoping.drawing import fonts
from scoping.drawing.geometry import Point, Text

Step = tuple[str, tuple[Point, ...]]
"""`move`, `line`, `curve` (quadratic: a control point, then the end) or `close`, with its points."""


def letters(text: Text) -> Iterator[Step]:
    """The outlines of a placed line, in the order of its letters; y downwards, turned about its anchor as it is."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    face = FontProperties(fname=fonts.BOLD if text.bold else fonts.REGULAR)
    path = TextPath((0, 0), text.text, size=text.pt, prop=face)
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * fonts.width(text.text, text.pt, text.bold)
    turn = math.radians(text.rotate)

    def place(along: float, up: float) -> Point:
        u, v = along * fonts.MM_PER_PT - shift, up * fonts.MM_PER_PT
        x, y = u * math.cos(turn) - v * math.sin(turn), u * math.sin(turn) + v * math.cos(turn)
        return text.x + x, text.y - y

    names = {path.MOVETO: "move", path.LINETO: "line", path.CURVE3: "curve", path.CLOSEPOLY: "close"}
    for points, code in path.iter_segments(simplify=False, curves=True):
        name = names[code]
        pairs = list(zip(points[::2].tolist(), points[1::2].tolist(), strict=True))
        yield name, () if name == "close" else tuple(place(*pair) for pair in pairs)
