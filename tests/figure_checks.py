"""What every written figure has to keep, whatever it shows: each check gives the faults that it finds, in words."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pypdfium2
from PIL import Image

from scoping.drawing import fonts, style
from scoping.figure_settings import Preset

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"(?<![\w.,−-])\d+(?:,\d{3})*(?![\w%]|[.,]\d)")
LEAST_CONTRAST = 4.5


@dataclass(frozen=True)
class Figure:
    """The files of one figure."""

    name: str
    svg: bytes
    pdf: bytes
    png: bytes
    tiff: bytes
    alt: str
    caption: str
    data: str

    @classmethod
    def read(cls, folder: Path, name: str) -> "Figure":
        forms = {form: (folder / f"{name}.{form}").read_bytes() for form in ("svg", "pdf", "png", "tiff")}
        words = {word: (folder / f"{name}.{word}.txt").read_text(encoding="utf-8") for word in ("alt", "caption")}
        data = (folder / f"{name}_data.csv").read_text(encoding="utf-8-sig")
        return cls(name, **forms, **words, data=data)


def faults(figure: Figure, preset: Preset) -> list[str]:
    """What is wrong with a figure."""
    found: list[str] = []
    for check in (pixels, typefaces, sizes, weight, on_page, apart, contrast, numbers, told):
        found += [f"{figure.name}: {fault}" for fault in check(figure, preset)]
    return found


def _root(figure: Figure) -> ET.Element:
    return ET.fromstring(figure.svg)


def _size(figure: Figure) -> tuple[float, float]:
    """Width and height in pt."""
    root = _root(figure)
    return tuple(float(root.get(side, "").removesuffix("pt")) for side in ("width", "height"))  # type: ignore[return-value]


def pixels(figure: Figure, preset: Preset) -> Iterable[str]:
    """PNG and TIFF have the width of the preset in the dots per inch that they name."""
    width, _ = _size(figure)
    if min(abs(width * fonts.MM_PER_PT - mm) for mm in preset.widths) > 0.01:
        yield f"{width * fonts.MM_PER_PT:.1f} mm is none of the widths"
    for form in ("png", "tiff"):
        with Image.open(io.BytesIO(getattr(figure, form))) as image:
            dpi = [float(value) for value in image.info.get("dpi", (0, 0))]
            if any(abs(value - preset.dpi) > 0.5 for value in dpi):
                yield f"the {form} says {dpi} dots per inch"
            if abs(image.size[0] - width / 72 * preset.dpi) > 1:
                yield f"the {form} has {image.size[0]} pixels for {width / 72 * preset.dpi:.0f}"


def typefaces(figure: Figure, preset: Preset) -> Iterable[str]:
    """The PDF has its fonts in it, as TrueType, and real text."""
    named = set(re.findall(rb"/FontName\s*/([\w+-]+)", figure.pdf))
    if not named or not all(b"Liberation" in name or b"DejaVu" in name for name in named):
        yield f"the PDF has the fonts {sorted(named)}"
    if figure.pdf.count(b"/FontFile2") != figure.pdf.count(b"/FontName"):
        yield "the PDF lacks a font"
    document = pypdfium2.PdfDocument(figure.pdf)
    try:
        text = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    if not text.strip():
        yield "the PDF has no text"


@dataclass(frozen=True)
class _Text:
    """A text of an SVG: its corners in pt, before it is turned by `turn` degrees around (x, y)."""

    words: str
    x: float
    y: float
    pt: float
    bold: bool
    anchor: str
    turn: float
    ink: str
    tick: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, upper, right and lower edge; of capitals and digits, without the depth of a g."""
        wide = fonts.width(self.words, self.pt, self.bold) / fonts.MM_PER_PT
        left = self.x - {"start": 0, "middle": wide / 2, "end": wide}[self.anchor]
        high = 0.72 * self.pt
        if abs(self.turn) > 45:  # upright, read upwards
            low = self.y + (left - self.x) * -1
            return self.x - high, low - wide, self.x, low
        return left, self.y - high, left + wide, self.y


def _texts(figure: Figure) -> list[_Text]:
    found = []
    root = _root(figure)
    ticks = {
        text for group in root.iter(f"{SVG}g") if "tick" in group.get("id", "") for text in group.iter(f"{SVG}text")
    }
    for element in root.iter(f"{SVG}text"):
        look = dict(part.strip().split(": ", 1) for part in element.get("style", "").split(";") if ": " in part)
        turn = re.search(r"rotate\(([-\d.]+)", element.get("transform", ""))
        place = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", element.get("transform", ""))
        x, y = (float(place[1]), float(place[2])) if place else (float(element.get("x", 0)), float(element.get("y", 0)))
        found.append(
            _Text(
                "".join(element.itertext()), x, y, float(look["font-size"].removesuffix("px")),
                look.get("font-weight") in ("700", "bold"), look.get("text-anchor", "start"),
                float(turn[1]) if turn else 0.0, look.get("fill", "#000000"), element in ticks,
            )
        )  # fmt: skip
    return found


def sizes(figure: Figure, preset: Preset) -> Iterable[str]:
    """No text is smaller than the preset's labels."""
    for text in _texts(figure):
        if text.pt < preset.text * 7 / 8 - 1e-6:
            yield f"{text.words!r} has {text.pt:g} pt"


def weight(figure: Figure, preset: Preset) -> Iterable[str]:
    """No file is larger than its cap."""
    for form in preset.written:
        if len(getattr(figure, form)) > preset.largest_bytes(form):
            yield f"the {form} has {len(getattr(figure, form)):,} bytes"


def on_page(figure: Figure, preset: Preset) -> Iterable[str]:
    """Every text stands on the page."""
    width, height = _size(figure)
    for text in _texts(figure):
        left, top, right, bottom = text.box
        if left < -0.5 or top < -0.5 or right > width + 0.5 or bottom > height + 0.5:
            yield f"{text.words!r} is not on the page"


def apart(figure: Figure, preset: Preset) -> Iterable[str]:
    """No text stands on another."""
    texts = sorted(_texts(figure), key=lambda text: text.box[1])
    for at, one in enumerate(texts):
        for other in texts[at + 1 :]:
            if other.box[1] >= one.box[3]:
                break
            across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
            down = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
            if across > 0.5 and down > 0.5:
                yield f"{one.words!r} stands on {other.words!r}"


def contrast(figure: Figure, preset: Preset) -> Iterable[str]:
    """Every text can be read on what is behind it: the lightest or darkest that most of its box has."""
    with Image.open(io.BytesIO(figure.png)) as image:
        drawn = image.convert("RGB")
    scale = drawn.size[0] / _size(figure)[0]
    for text in _texts(figure):
        box = [round(edge * scale) for edge in text.box]
        left, top, right, bottom = (
            max(box[0], 0),
            max(box[1], 0),
            min(box[2], drawn.size[0]),
            min(box[3], drawn.size[1]),
        )
        if right - left < 2 or bottom - top < 2:
            continue
        colours = drawn.crop((left, top, right, bottom)).getcolors((right - left) * (bottom - top)) or []
        ground = "#{:02X}{:02X}{:02X}".format(*max((n, rgb) for n, rgb in colours if _hex(rgb) != text.ink.upper())[1])
        if style.contrast(text.ink.upper(), ground) < LEAST_CONTRAST:
            yield f"{text.words!r} in {text.ink} on {ground}"


def _hex(rgb: tuple[int, ...]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*rgb)


def numbers(figure: Figure, preset: Preset) -> Iterable[str]:
    """Every count of the picture is behind the data: as a number there or as the ids of some of its rows.

    It stands in the alternative text, too, unless that only sums up; and what that counts is behind the data as well.
    """
    rows = list(csv.DictReader(io.StringIO(figure.data)))
    known = _known(rows)
    for text in _texts(figure):
        for number in _counts(text):
            if int(number.replace(",", "")) not in known:
                yield f"{number} in {text.words!r} is not in the data"
            elif figure.name not in SUMMED_UP and number not in _numbers(figure.alt):
                yield f"{number} in {text.words!r} is not in the alternative text"
    labels = {number for row in rows for value in row.values() for number in _numbers(value or "")}
    alt = re.sub(
        r"Pairs that never occur: [\d,]+ of [\d,]+|[\d,]+ rows by [\d,]+ columns|[\d,]+ groups|by [\d,]+ codes|World map of [\d,]+ |\d+ or more|[\d,]+ years? between|Empty cells: .*",
        "",
        figure.alt,
    )
    for number in _numbers(alt.splitlines()[0]) - labels:
        if int(number.replace(",", "")) not in known:
            yield f"{number} in the alternative text is not in the data"


SUMMED_UP = ("code_cooccurrence", "agreement")  # the alternative text names the most frequent, or a range


def _counts(text: _Text) -> list[str]:
    """The counts of a text: all of it, or at its end in brackets; ticks of an axis are none."""
    found = re.fullmatch(r"\d{1,3}(,\d{3})*", text.words) or re.search(
        r"\((?:n\u00a0=\u00a0)?(\d[\d,]*)\)$", text.words
    )
    return [] if text.tick or not found else [found[found.lastindex or 0]]


def _numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def _known(rows: list[dict[str, str]]) -> set[int]:
    """Whole numbers of the data, and how many ids or rows there are in those that share the values of up to two columns."""
    known = {int(value) for row in rows for value in row.values() if value and value.isdigit()} | {0, len(rows)}
    columns = [name for name in (rows[0] if rows else ()) if name not in ("ids", "id", "n", "notice", "unit")]
    for chosen in ((), *((name,) for name in columns), *combinations(columns, 2)):
        groups: dict[tuple[str, ...], set[str]] = {}
        many: Counter[tuple[str, ...]] = Counter()
        for row in rows:
            key = tuple(row[name] for name in chosen)
            groups.setdefault(key, set()).update(
                each for each in (row.get("ids") or row.get("id") or "").split("; ") if each
            )
            many[key] += 1
        known |= {len(ids) for ids in groups.values()} | set(many.values()) | {len(groups)}
    return known


def told(figure: Figure, preset: Preset) -> Iterable[str]:
    """Each form carries the alternative text, and the caption has n."""
    alt = figure.alt.splitlines()[0]
    if _root(figure).findtext(f"{SVG}desc") != alt:
        yield "the SVG says something else than the alternative text"
    with Image.open(io.BytesIO(figure.png)) as image:
        if image.info.get("Description") != alt:
            yield "the PNG says something else than the alternative text"
    if not re.search(r"n\u00a0=\u00a0[\d,]+", figure.caption):
        yield "the caption lacks n"
