"""Tables as authors take them, as pages: one file that stands alone, whose table can be pasted elsewhere."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from scoping.author_sheet import FOR_AUTHORS, Sheet
from scoping.references import Run
from scoping.webpage import POLICY, Child, Element, element

_STYLE = """
body { margin: 1.5rem; color: #000; background: #fff; font: 0.9rem/1.35 Arial, "Liberation Sans", Helvetica, sans-serif; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; border-top: 1.5px solid; border-bottom: 1.5px solid; }
caption { text-align: left; font-weight: bold; padding-bottom: 0.4rem; }
thead th { border-bottom: 1px solid; vertical-align: bottom; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.9rem 0.2rem 0; overflow-wrap: break-word; }
tbody th { font-weight: normal; } .number { text-align: right; font-variant-numeric: tabular-nums; }
mark { background: #fff2a8; } p { max-width: 60rem; color: #444; } li { max-width: 60rem; margin-bottom: 0.4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.1rem; } ul.hanging { list-style: none; padding-left: 2rem; } ul.hanging li { text-indent: -2rem; }
@media print { body { margin: 0; } tr, li { break-inside: avoid; } thead { display: table-header-group; } }
"""
_EM = 0.5  # of a character of a column's width


def html(sheet: Sheet, notice: str) -> bytes:
    """A page with one table: caption, headers with their scope, a note; all text is escaped."""
    right = sheet.numbers
    head = element("tr", *(element("th", name, scope="col", **_look(name in right)) for name in sheet.columns))
    body = [
        element(
            "tr",
            element("th", *lines(row[sheet.columns[0]]), scope="row", **_look(sheet.columns[0] in right)),
            *(element("td", *_cell(row[name]), **_look(name in right)) for name in sheet.columns[1:]),
        )
        for row in sheet.rows
    ]
    widths = element("colgroup", *(element("col", style=f"width: {100 * share:.2f}%") for share in sheet.shares))
    table = element(
        "table", element("caption", sheet.caption), widths, element("thead", head), element("tbody", *body),
        id=sheet.name, style=f"min-width: {sum(sheet.widths) * _EM:.0f}em",
    )  # fmt: skip
    return page(sheet.caption, table, *(element("p", text) for text in (sheet.note, notice) if text))


def listed(title: str, items: Iterable[Sequence[Run]], notice: str, *, numbered: bool) -> bytes:
    """A page with a list of references; their addresses can be followed."""
    entries = [element("li", *(part for run in runs for part in _run(run))) for runs in items]
    body = element("ol", *entries) if numbered else element("ul", *entries, class_="hanging")
    return page(title, element("h1", title), body, *([element("p", notice)] if notice else []))


def _run(run: Run) -> list[Child]:
    """A piece of text; an address ends it where there is one."""
    text, italic = run
    if italic:
        return [element("i", text)]
    before, at, address = text.rpartition(" http")
    is_address = at and address.startswith(("s://", "://")) and " " not in address
    return [f"{before} ", link(f"http{address}")] if is_address else [text]


def page(title: str, *body: Element) -> bytes:
    """A whole page without script, that loads nothing."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", **{"http-equiv": "Content-Security-Policy", "content": POLICY}),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", _STYLE),
    )
    root = element("html", head, element("body", *body), lang="en")
    return f"<!DOCTYPE html>\n{ET.tostring(root, encoding='unicode', method='html')}\n".encode()


def lines(text: str) -> list[Child]:
    """A text whose lines are kept."""
    first, *rest = text.split("\n")
    return [first, *(part for line in rest for part in (element("br"), line))]


def link(text: str) -> Child:
    """An address that can be followed."""
    return element("a", text, href=text)


def _cell(text: str) -> list[Child]:
    is_address = text.startswith(("https://", "http://")) and not any(sign.isspace() for sign in text)
    if is_address:
        return [link(text)]
    parts = enumerate(FOR_AUTHORS.split(text))
    return [child for at, part in parts for child in ([element("mark", part)] if at % 2 else lines(part))]


def _look(number: bool) -> dict[str, str]:
    return {"class_": "number"} if number else {}
