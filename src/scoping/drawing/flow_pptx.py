"""A placed flow diagram as a slide of native shapes in one group, to be edited or pasted into a text."""

import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import datetime

from scoping import files
from scoping.drawing import fonts
from scoping.drawing.geometry import Layout
from scoping.drawing.office import (
    FONT,
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
    xml,
)

EDGE = 4.0  # mm around the diagram
MOST = 1422.0  # mm, the longest side of a slide
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - python-pptx writes it as UTC


def to_pptx(layout: Layout) -> bytes:
    """A presentation with one slide of the size of the diagram. The same bytes every time."""
    from pptx import Presentation
    from pptx.oxml import parse_xml
    from pptx.util import Mm

    deck = Presentation()
    deck.slide_width, deck.slide_height = (Mm(min(length + 2 * EDGE, MOST)) for length in (layout.width, layout.height))
    blank = deck.slide_layouts[6]
    slide = deck.slides.add_slide(blank)
    slide.shapes._spTree.append(parse_xml(xml(_group(layout))))
    about = deck.core_properties
    about.title, about.subject, about.author, about.last_modified_by = layout.title, "", "", ""
    about.created = about.modified = _MADE
    about.revision = 1
    out = io.BytesIO()
    deck.save(out)
    with zipfile.ZipFile(out) as saved:
        return files.zipped({name: saved.read(name) for name in saved.namelist()})


def _group(layout: Layout) -> ET.Element:
    """All shapes; ids from 2, since 1 is the slide's own tree."""
    shapes = [_frame(frame, number) for number, frame in enumerate(frames(layout), 3)]
    for number, arrow in enumerate(layout.arrows, 3 + len(shapes)):
        name = {"id": number, "name": f"arrow from {arrow.start} to {arrow.end}"}
        if is_straight(arrow):
            kind = el("p:nvCxnSpPr", el("p:cNvPr", **name), el("p:cNvCxnSpPr"), el("p:nvPr"))
            shapes.append(el("p:cxnSp", kind, arrow_properties(arrow, "p:spPr", EDGE)))
        else:
            kind = el("p:nvSpPr", el("p:cNvPr", **name), el("p:cNvSpPr"), el("p:nvPr"))
            shapes.append(el("p:sp", kind, arrow_properties(arrow, "p:spPr", EDGE)))
    named = el("p:cNvPr", id=2, name=layout.title, descr=layout.alt)
    about = el("p:nvGrpSpPr", named, el("p:cNvGrpSpPr"), el("p:nvPr"))
    return el("p:grpSp", about, group_properties(layout, "p:grpSpPr", EDGE), *shapes)


def _frame(frame: Frame, number: int) -> ET.Element:
    about = el("p:nvSpPr", el("p:cNvPr", id=number, name=frame.name), el("p:cNvSpPr"), el("p:nvPr"))
    text = el(
        "p:txBody",
        body_properties(frame, "a:bodyPr"),
        el("a:lstStyle"),
        *(_paragraph(paragraph) for paragraph in frame.paragraphs),
    )
    return el("p:sp", about, frame_properties(frame, "p:spPr", EDGE), text)


def _paragraph(paragraph: Paragraph) -> ET.Element:
    look = el(
        "a:rPr",
        el("a:solidFill", el("a:srgbClr", val=paragraph.colour[1:])),
        *(el(f"a:{script}", typeface=FONT) for script in ("latin", "ea", "cs")),
        lang="en-GB", sz=round(paragraph.pt * 100), b=int(paragraph.bold),
    )  # fmt: skip
    spacing = el("a:lnSpc", el("a:spcPts", val=round(paragraph.pt * fonts.LEADING * 100)))
    before = el("a:spcBef", el("a:spcPts", val=round(paragraph.before / fonts.MM_PER_PT * 100)))
    after = el("a:spcAft", el("a:spcPts", val=0))
    placed = el(
        "a:pPr", spacing, before, after, el("a:buNone"),
        marL=emu(paragraph.left), indent=-emu(paragraph.hanging), algn="ctr" if paragraph.centred else "l",
    )  # fmt: skip
    return el("a:p", placed, el("a:r", look, el("a:t", paragraph.text)))
