"""The two files that print shops ask for, from one drawing of the page: PNG and TIFF in many dots per inch."""

import io

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from scoping.drawing.page import Page

_IMAGE_DESCRIPTION = 270


def image(page: Page, dpi: int) -> Image.Image:
    """The page as RGB pixels; within `style.house()`."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    dpi = page.dots(dpi)
    page.figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(page.figure)
    page.draw(canvas)
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")  # type: ignore[no-untyped-call]
    drawn.info["dpi"] = (dpi, dpi)
    return drawn


def to_png(drawn: Image.Image, *, title: str, alt: str) -> bytes:
    """PNG that says what it shows."""
    words = PngInfo()
    words.add_itxt("Title", title)
    words.add_itxt("Description", alt)
    out = io.BytesIO()
    drawn.save(out, "PNG", dpi=drawn.info["dpi"], pnginfo=words)
    return out.getvalue()


def to_tiff(drawn: Image.Image, *, alt: str) -> bytes:
    """TIFF, compressed without loss (LZW); its description is ASCII, as the format has it."""
    tags = ImageFileDirectory_v2()
    tags[_IMAGE_DESCRIPTION] = alt.replace("\u00a0", " ").encode("ascii", "replace").decode()
    out = io.BytesIO()
    drawn.save(out, "TIFF", compression="tiff_lzw", dpi=drawn.info["dpi"], tiffinfo=tags)
    return out.getvalue()
