"""A placed flow diagram as SVG (written as XML, with real text), PDF, PNG and TIFF. The same bytes every time."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from scoping.drawing import fonts, raster, style
from scoping.drawing.geometry import Layout, Point, Shape, Text
from scoping.drawing.page import SVG, Page, describe, serialise
from scoping.figure_settings import DRAWN_AT

OUTLINE = 0.75  # pt


def to_svg(layout: Layout) -> bytes:
    """SVG in mm: each box a group `box-KEY`, each drawn line of text an element of its own."""
    return serialise(svg_tree(layout))


def svg_tree(layout: Layout) -> ET.Element:
    """The same as a tree, for pages that hold the diagram."""
    ET.register_namespace("", SVG)
    size = {"width": f"{_mm(layout.width)}mm", "height": f"{_mm(layout.height)}mm"}
    root = ET.Element(f"{{{SVG}}}svg", {**size, "viewBox": f"0 0 {_mm(layout.width)} {_mm(layout.height)}"})
    root.set("font-family", layout.preset.stack)
    describe(root, layout.title, layout.alt)
    _add(root, "rect", width=_mm(layout.width), height=_mm(layout.height), fill="#FFFFFF")
    if layout.watermark:
        _svg_text(_add(root, "g", id="watermark", aria_hidden="true"), layout.watermark)
    for shape in layout.shapes:
        _svg_shape(root, shape)
    for arrow in layout.arrows:
        group = _add(root, "g", id=f"arrow-{arrow.start}-{arrow.end}")
        _add(
            group, "polyline", points=_points(arrow.shaft()), fill="none", stroke="#000000",
            stroke_width=_mm(OUTLINE * fonts.MM_PER_PT),
        )  # fmt: skip
        _add(group, "polygon", points=_points(arrow.head()), fill="#000000")
    if layout.notes:
        notes = _add(root, "g", id="notes")
        for note in layout.notes:
            _svg_text(notes, note)
    ET.indent(root, " ")
    return root


def to_pdf(layout: Layout) -> bytes:
    """PDF with embedded fonts."""
    with style.house():
        return _page(layout).pdf()


def to_png(layout: Layout, dpi: int | None = None) -> bytes:
    """PNG, by default in the preset's dots per inch for figures."""
    with style.house():
        return _page(layout).png(dpi)


def to_print(layout: Layout) -> tuple[bytes, bytes]:
    """PNG and TIFF in the preset's dots per inch for print, from one drawing."""
    with style.house():
        page = _page(layout)
        drawn = raster.image(page, layout.preset.print_dpi)
    return raster.to_png(drawn, title=page.title, alt=page.alt), raster.to_tiff(drawn, alt=page.alt)


def _mm(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_mm(x)},{_mm(y)}" for x, y in points)


def _add(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{SVG}}}{tag}", {key.replace("_", "-"): value for key, value in attributes.items()})


def _svg_text(parent: ET.Element, text: Text) -> None:
    size = _mm(text.pt * fonts.MM_PER_PT)
    element = _add(parent, "text", x=_mm(text.x), y=_mm(text.y), font_size=size, fill=text.colour)
    if text.bold:
        element.set("font-weight", "bold")
    if text.anchor != "start":
        element.set("text-anchor", text.anchor)
    if text.rotate:
        element.set("transform", f"rotate({_mm(-text.rotate)} {_mm(text.x)} {_mm(text.y)})")
    element.text = text.text


def _svg_shape(root: ET.Element, shape: Shape) -> None:
    group = _add(root, "g", id=f"box-{shape.key}" if shape.kind == "box" else shape.key)
    frame = _add(
        group, "rect", x=_mm(shape.x), y=_mm(shape.y), width=_mm(shape.width), height=_mm(shape.height),
        fill=shape.fill or "none",
    )  # fmt: skip
    if shape.edge:
        frame.set("stroke", shape.edge)
        frame.set("stroke-width", _mm(OUTLINE * fonts.MM_PER_PT))
    if shape.radius:
        frame.set("rx", _mm(shape.radius))
    for text in shape.texts:
        _svg_text(group, text)


def _page(layout: Layout) -> Page:
    # placed in its final size: of the preset only what is no length or size
    same_size = layout.preset.model_copy(update={"text": DRAWN_AT})
    page = Page(layout.width, layout.height, title=layout.title, alt=layout.alt, preset=same_size)
    if layout.watermark:
        _page_text(page, layout.watermark)
    for shape in layout.shapes:
        page.rectangle(
            shape.x, shape.y, shape.width, shape.height, fill=shape.fill, edge=shape.edge, radius=shape.radius,
            line=OUTLINE,
        )  # fmt: skip
        for text in shape.texts:
            _page_text(page, text)
    for arrow in layout.arrows:
        page.line(arrow.shaft(), line=OUTLINE)
        page.polygon(arrow.head(), fill="#000000")
    for note in layout.notes:
        _page_text(page, note)
    return page


def _page_text(page: Page, text: Text) -> None:
    page.text(
        text.x, text.y, text.text, pt=text.pt, bold=text.bold, anchor=text.anchor, colour=text.colour,
        rotate=text.rotate,
    )  # fmt: skip
