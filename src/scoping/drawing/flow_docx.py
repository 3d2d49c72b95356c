"""A placed flow diagram as shapes in a Word document, in one group that stands in the line of text."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from xml.sax.saxutils import escape

from scoping import files
from scoping.drawing import fonts, outlines
from scoping.drawing.geometry import Layout, Text
from scoping.drawing.office import (
    FONT,
    NAMESPACES,
    Frame,
    Paragraph,
    arrow_properties,
    body_properties,
    el,
    emu,
    frame_properties,
    frames,
    group_properties,
    is_straight,
    letters_properties,
    xml,
)

A4 = (210.0, 297.0)
EDGE = 15.0  # mm, of the page
LONGEST = 558.0  # mm, the longest side of a page in Word
_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" \
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>\
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>\
</Types>"""
_PARTS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Id="rId1" Target="word/document.xml" \
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>\
<Relationship Id="rId2" Target="docProps/core.xml" \
Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"/>\
</Relationships>"""
_ABOUT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>\
<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>"""


def to_docx(layout: Layout) -> bytes:
    """A document with the diagram on one page: A4, or as large as it needs. The same bytes every time."""
    return files.zipped(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _PARTS.encode(),
            "word/document.xml": xml(_document(layout)),
            "docProps/core.xml": _ABOUT.format(title=escape(layout.title)).encode(),
        }
    )


def page_size(layout: Layout) -> tuple[float, float]:
    """Width and height of the page in mm: A4 upright, A4 on its side, or so much that the diagram fits."""
    needed = (layout.width + 2 * EDGE, layout.height + 2 * EDGE + 2)
    for width, height in (A4, A4[::-1]):
        if needed[0] <= width + 1e-6 and needed[1] <= height + 1e-6:
            return width, height
    return min(max(needed[0], A4[0]), LONGEST), min(max(needed[1], A4[1]), LONGEST)


def _document(layout: Layout) -> ET.Element:
    width, height = page_size(layout)
    sideways = {"w__orient": "landscape"} if width > height else {}
    size = el("w:pgSz", w__w=_twips(width), w__h=_twips(height), **sideways)
    edges = {f"w__{side}": _twips(EDGE) for side in ("top", "right", "bottom", "left")}
    section = el("w:sectPr", size, el("w:pgMar", **edges, w__header=0, w__footer=0, w__gutter=0))
    drawing = el("mc:AlternateContent", el("mc:Choice", _drawing(layout), Requires="wpg"))
    plain = el("w:pPr", el("w:spacing", w__before=0, w__after=0))
    return el("w:document", el("w:body", el("w:p", plain, el("w:r", drawing)), section))


def _drawing(layout: Layout) -> ET.Element:
    # LibreOffice lays the turned text of a group level and above all shapes, and stacks the letters of text that runs
    # upwards: the watermark and the side bars have the outlines of their letters instead.
    placed = [
        frame if not frame.upright else replace(frame, paragraphs=()) for frame in frames(layout, watermark=False)
    ]
    shapes = [_letters(layout.watermark, 2)] if layout.watermark else []
    shapes += [_frame(frame, number) for number, frame in enumerate(placed, 2 + len(shapes))]
    for text in (text for shape in layout.shapes for text in shape.texts if text.rotate):
        shapes.append(_letters(text, 2 + len(shapes)))
    for number, arrow in enumerate(layout.arrows, 2 + len(shapes)):
        about = el("wps:cNvPr", id=number, name=f"arrow from {arrow.start} to {arrow.end}")
        kind = el("wps:cNvCnPr" if is_straight(arrow) else "wps:cNvSpPr")
        shapes.append(el("wps:wsp", about, kind, arrow_properties(arrow, "wps:spPr"), el("wps:bodyPr")))
    group = el("wpg:wgp", el("wpg:cNvGrpSpPr"), group_properties(layout, "wpg:grpSpPr"), *shapes)
    inline = el(
        "wp:inline",
        el("wp:extent", cx=emu(layout.width), cy=emu(layout.height)),
        el("wp:docPr", id=1, name=layout.title, descr=layout.alt),
        el("wp:cNvGraphicFramePr"),
        el("a:graphic", el("a:graphicData", group, uri=NAMESPACES["wpg"])),
        distT=0, distB=0, distL=0, distR=0,
    )  # fmt: skip
    return el("w:drawing", inline)


def _letters(text: Text, number: int) -> ET.Element:
    """A line of text as the outlines of its letters."""
    about = el("wps:cNvPr", id=number, name=f"letters of {text.text}", descr=text.text)
    drawn = letters_properties(outlines.letters(text), "wps:spPr", text.colour)
    return el("wps:wsp", about, el("wps:cNvSpPr"), drawn, el("wps:bodyPr"))


def _frame(frame: Frame, number: int) -> ET.Element:
    paragraphs = [_paragraph(paragraph) for paragraph in frame.paragraphs]
    text = el("wps:txbx", el("w:txbxContent", *paragraphs)) if paragraphs else None
    return el(
        "wps:wsp",
        el("wps:cNvPr", id=number, name=frame.name),
        el("wps:cNvSpPr"),
        frame_properties(frame, "wps:spPr"),
        text,
        body_properties(frame, "wps:bodyPr"),
    )


def _paragraph(paragraph: Paragraph) -> ET.Element:
    spacing = el(
        "w:spacing", w__before=_twips(paragraph.before), w__after=0,
        w__line=round(paragraph.pt * fonts.LEADING * 20), w__lineRule="exact",
    )  # fmt: skip
    indent = el("w:ind", w__left=_twips(paragraph.left), w__hanging=_twips(paragraph.hanging))
    placed = el("w:pPr", spacing, indent, el("w:jc", w__val="center" if paragraph.centred else "left"))
    size = round(paragraph.pt * 2)
    look = el(
        "w:rPr",
        el("w:rFonts", w__ascii=FONT, w__hAnsi=FONT, w__cs=FONT, w__eastAsia=FONT),
        el("w:b") if paragraph.bold else None,
        el("w:color", w__val=paragraph.colour[1:]),
        el("w:sz", w__val=size),
        el("w:szCs", w__val=size),
    )
    return el("w:p", placed, el("w:r", look, el("w:t", paragraph.text)))


def _twips(mm: float) -> int:
    """Twentieths of a point."""
    return round(mm / fonts.MM_PER_PT * 20)
