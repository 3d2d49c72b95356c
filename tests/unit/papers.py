"""Small Word files made by hand, for the tests of full texts."""

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def part(body: str, root: str = "document", prolog: str = "") -> str:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    inner = f"<w:body>{body}</w:body>" if root == "document" else body
    return f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:{root} xmlns:w="{W}" xmlns:mc="{mc}">{inner}</w:{root}>'


def docx(body: str, *, prolog: str = "", more: Mapping[str, str] | None = None, main: str = MAIN) -> bytes:
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    parts = {
        "[Content_Types].xml": f"<Types xmlns='{types}'><Override PartName='/word/document.xml' ContentType='{main}'/></Types>",
        "word/document.xml": part(body, prolog=prolog),
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()
