"""A placed flow diagram as shapes that Word and PowerPoint can edit: what both formats share (DrawingML).

Lengths in mm, sizes in pt. Text is set in Arial in whole paragraphs that the program wraps anew; the bundled typeface has
the same widths, so that lines break where they do in the other formats.
"""

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scoping.drawing import fonts
from scoping.drawing.flow_layout import PAD_X, PAD_Y
from scoping.drawing.geometry import Arrow, Layout, Point, Shape, Text
from scoping.drawing.outlines import Step

NAMESPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
FONT = "Arial"
OUTLINE = 0.75  # pt
SLACK = 0.8  # mm that a line may be longer than ours before the program breaks it elsewhere
HANGING = 2.0  # mm, of the second line of an indented item
_EMU_PER_MM = 36_000


@dataclass(frozen=True)
class Paragraph:
    """Text of one look; `left` and `hanging` in mm, `before` is the distance to the paragraph above in mm."""

    text: str
    pt: float
    bold: bool
    colour: str
    centred: bool
    left: float = 0.0
    hanging: float = 0.0
    before: float = 0.0


@dataclass(frozen=True)
class Frame:
    """A rectangle with paragraphs: upper left corner and size in mm, `turn` in degrees with the clock."""

    name: str
    x: float
    y: float
    width: float
    height: float
    paragraphs: tuple[Paragraph, ...]
    fill: str | None = None
    edge: str | None = None
    radius: float = 0.0
    turn: float = 0.0
    upright: bool = False  # the text runs upwards
    wraps: bool = True
    pad: tuple[float, float, float] = (0.0, 0.0, 0.0)  # left, top, right


def el(tag: str, *children: ET.Element | str | None, **attributes: object) -> ET.Element:
    """An element `prefix:name` of elements or of one text; an attribute with a namespace is written as `w__val`."""
    made = ET.Element(_name(tag), {_name(key.replace("__", ":")): str(value) for key, value in attributes.items()})
    for child in children:
        if isinstance(child, str):
            made.text = child
        elif child is not None:
            made.append(child)
    return made


def _name(tag: str) -> str:
    prefix, colon, name = tag.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}" if colon else tag


def xml(root: ET.Element) -> bytes:
    """The bytes of a part."""
    for prefix, address in NAMESPACES.items():
        ET.register_namespace(prefix, address)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def emu(mm: float) -> int:
    """The unit of DrawingML."""
    return round(mm * _EMU_PER_MM)


# ------------------------------------------------------------------------------------------- from the layout to frames


def frames(layout: Layout, *, watermark: bool = True) -> list[Frame]:
    """Everything with text, from the back to the front."""
    behind = [_watermark(layout.watermark)] if layout.watermark and watermark else []
    notes = [_notes(layout)] if layout.notes else []
    return [*behind, *(_framed(shape) for shape in layout.shapes), *notes]


def _framed(shape: Shape) -> Frame:
    paragraphs = _paragraphs(shape.texts, shape.items, shape.x + PAD_X)
    upright = any(text.rotate for text in shape.texts)
    return Frame(
        shape.key, shape.x, shape.y, shape.width, shape.height, paragraphs, shape.fill, shape.edge, shape.radius,
        upright=upright, pad=(0.0, 0.0, 0.0) if upright else (PAD_X, PAD_Y, PAD_X - SLACK),
    )  # fmt: skip


def _paragraphs(texts: Sequence[Text], items: Sequence[str], left: float) -> tuple[Paragraph, ...]:
    """The drawn lines of each item as the whole text that they were."""
    first = {text.item: text for text in reversed(texts)}
    last = {text.item: text for text in texts}
    made = []
    above: Text | None = None
    for item in sorted(first):
        text = first[item]
        shift = text.x - left if text.anchor == "start" else 0.0
        gap = text.y - above.y - fonts.line_height(text.pt) if above else 0.0
        indented = shift > 1e-6
        made.append(
            Paragraph(
                items[item], text.pt, text.bold, text.colour, text.anchor == "middle",
                shift + HANGING if indented else 0.0, HANGING if indented else 0.0, max(gap, 0.0),
            )
        )  # fmt: skip
        above = last[item]
    return tuple(made)


def _notes(layout: Layout) -> Frame:
    first, last = layout.notes[0], layout.notes[-1]
    step = fonts.line_height(first.pt)
    top = first.y - 0.78 * step
    paragraphs = _paragraphs(layout.notes, layout.note_items, first.x)
    width, height = layout.width - first.x, last.y + 0.22 * step - top
    return Frame("notes", first.x, top, width, height, paragraphs)


def _watermark(text: Text) -> Frame:
    """A turned frame around the middle of the capitals."""
    angle, sink = math.radians(text.rotate), 0.36 * text.pt * fonts.MM_PER_PT
    x, y = text.x - sink * math.sin(angle), text.y - sink * math.cos(angle)
    width, height = 1.1 * fonts.width(text.text, text.pt, text.bold), fonts.line_height(text.pt)
    paragraph = Paragraph(text.text, text.pt, text.bold, text.colour, True)
    return Frame(
        "watermark", x - width / 2, y - height / 2, width, height, (paragraph,), turn=-text.rotate, wraps=False
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ DrawingML


def _fill(colour: str | None) -> ET.Element:
    return el("a:solidFill", el("a:srgbClr", val=colour[1:])) if colour else el("a:noFill")


def _line(colour: str | None, *more: ET.Element) -> ET.Element:
    if not colour:
        return el("a:ln", el("a:noFill"))
    return el("a:ln", _fill(colour), el("a:miter", lim=800_000), *more, w=round(OUTLINE * 12_700))


def _transform(x: float, y: float, width: float, height: float, **turned: object) -> ET.Element:
    return el(
        "a:xfrm", el("a:off", x=emu(x), y=emu(y)), el("a:ext", cx=emu(width), cy=emu(height)), **turned
    )  # fmt: skip


def frame_properties(frame: Frame, tag: str, by: float = 0.0) -> ET.Element:
    """Place, form, fill and outline; `by` moves it right and down. No effects: a shadow would come from a style."""
    turned = {"rot": round(frame.turn % 360 * 60_000)} if frame.turn else {}
    adjust = None
    if frame.radius:
        share = round(100_000 * frame.radius / min(frame.width, frame.height))
        adjust = el("a:gd", name="adj", fmla=f"val {min(share, 50_000)}")
    return el(
        tag,
        _transform(frame.x + by, frame.y + by, frame.width, frame.height, **turned),
        el("a:prstGeom", el("a:avLst", adjust), prst="roundRect" if frame.radius else "rect"),
        _fill(frame.fill),
        _line(frame.edge),
    )


def body_properties(frame: Frame, tag: str) -> ET.Element:
    """Distances of the text to the edges, its direction and where it hangs."""
    left, top, right = frame.pad
    centred = frame.upright or all(paragraph.centred for paragraph in frame.paragraphs)
    return el(
        tag,
        el("a:noAutofit"),
        **({"vert": "vert270"} if frame.upright else {}),
        wrap="square" if frame.wraps and not frame.upright else "none",
        lIns=emu(left), tIns=0 if centred else emu(top), rIns=emu(right), bIns=0,
        anchor="ctr" if centred else "t",
    )  # fmt: skip


def is_straight(arrow: Arrow) -> bool:
    """Whether an arrow has no corner."""
    return len(arrow.points) == 2


def arrow_properties(arrow: Arrow, tag: str, by: float = 0.0) -> ET.Element:
    """A straight connector, or a path around a corner, with a head at its end."""
    points = [(x + by, y + by) for x, y in arrow.points]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, top, width, height = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    line = _line("#000000", el("a:tailEnd", type="triangle", w="med", len="med"))
    if not is_straight(arrow):
        return el(
            tag, _transform(left, top, width, height), _path(points, left, top, width, height), el("a:noFill"), line
        )
    (x, y), (to_x, to_y) = points
    flips = {name: 1 for name, back in (("flipH", to_x < x), ("flipV", to_y < y)) if back}
    form = el("a:prstGeom", el("a:avLst"), prst="straightConnector1")
    return el(tag, _transform(left, top, width, height, **flips), form, line)


def _path(points: Sequence[Point], left: float, top: float, width: float, height: float) -> ET.Element:
    steps = [
        el("a:lnTo" if at else "a:moveTo", el("a:pt", x=emu(x - left), y=emu(y - top)))
        for at, (x, y) in enumerate(points)
    ]
    path = el("a:path", *steps, w=emu(width), h=emu(height), fill="none")
    return _form(path)


def _form(path: ET.Element) -> ET.Element:
    rectangle = el("a:rect", l="0", t="0", r="r", b="b")
    parts = (el("a:avLst"), el("a:gdLst"), el("a:ahLst"), el("a:cxnLst"), rectangle, el("a:pathLst", path))
    return el("a:custGeom", *parts)


def letters_properties(steps: Iterable[Step], tag: str, colour: str) -> ET.Element:
    """Letters as one filled form without an outline."""
    drawn = list(steps)
    corners = [point for _, points in drawn for point in points]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, top, width, height = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    names = {"move": "a:moveTo", "line": "a:lnTo", "curve": "a:quadBezTo", "close": "a:close"}
    made = [
        el(names[name], *(el("a:pt", x=emu(x - left), y=emu(y - top)) for x, y in points)) for name, points in drawn
    ]
    path = el("a:path", *made, w=emu(width), h=emu(height))
    return el(tag, _transform(left, top, width, height), _form(path), _fill(colour), _line(None))


def group_properties(layout: Layout, tag: str, by: float = 0.0) -> ET.Element:
    """The place of the group, and that its members are measured as the page is."""
    size = {"cx": emu(layout.width), "cy": emu(layout.height)}
    off = {"x": emu(by), "y": emu(by)}
    return el(tag, el("a:xfrm", el("a:off", **off), el("a:ext", **size), el("a:chOff", **off), el("a:chExt", **size)))
