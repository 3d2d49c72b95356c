"""Pages for a browser: one file, no script, nothing loaded from elsewhere. Built as a tree, so that all text is escaped."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Element = ET.Element
Child = ET.Element | str
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # would write the rest of a line from right to left
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
IMAGES = "img-src 'self' file:"
STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --muted: #595959; --rule: #d0d0d0; --track: #eee;
  --done: #0072b2; --torn: #b34700; --work: #7cbfe6; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --paper: #16181b; --muted: #b0b0b0; --rule: #43474d;
  --track: #2c3036; --done: #56b4e9; --torn: #f0a04b; --work: #2f6f97; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.25rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.45 Arial, "Liberation Sans", Helvetica, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
p { margin: .35rem 0; max-width: 50rem; }
.small, footer { color: var(--muted); font-size: .875rem; }
footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
svg { display: block; width: 100%; height: .9rem; }
svg.thin { height: .5rem; margin-top: .3rem; }
svg.swatch { display: inline-block; width: .9rem; height: .9rem; margin-right: .4rem; vertical-align: -.1rem; }
.track { fill: var(--track); stroke: var(--rule); } .done { fill: var(--done); } .work { fill: var(--work); }
.torn { fill: url(#torn); } .torn-line { stroke: var(--torn); } .torn-ground { fill: var(--paper); }
ul { list-style: none; margin: .5rem 0 0; padding: 0; }
ul.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
table { width: 100%; border-collapse: collapse; margin-top: 1rem; font-size: .9375rem; }
caption { text-align: left; color: var(--muted); font-size: .875rem; padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--rule);
  font-variant-numeric: tabular-nums; }
th { font-weight: 600; } thead th { color: var(--muted); font-weight: 400; font-size: .875rem; vertical-align: bottom; }
td ul { margin: 0; } td li + li { margin-top: .15rem; } td .of { white-space: nowrap; }
@media (min-width: 46.01rem), print {
  table { table-layout: fixed; } th:nth-child(1) { width: 17%; } th:nth-child(2) { width: 10%; }
  th:nth-child(3) { width: 6%; } th:nth-child(4) { width: 14%; } th:nth-child(5) { width: 20%; }
  th:nth-child(6) { width: 12%; } th:nth-child(7) { width: 10%; }
}
@media screen and (max-width: 46rem) {
  table, tbody, tr, th, td { display: block; } thead { position: absolute; left: -100vw; }
  caption { display: block; } tbody tr { border-bottom: 1px solid var(--rule); padding: .75rem 0; }
  tbody th, td { border: 0; padding: .15rem 0; } tbody th { font-size: 1.0625rem; }
  td { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .5rem; }
  td::before { content: attr(data-label); color: var(--muted); font-size: .875rem; }
}
@media print { html { font-size: 8.5pt; } body { max-width: none; padding: 0; }
  section, tr { break-inside: avoid; } thead { display: table-header-group; } }
"""


@dataclass(frozen=True)
class Part:
    """A part of a bar: how many, in words, and how it is drawn: done, torn, work or track."""

    number: int
    words: str
    look: str


def clean(text: str) -> str:
    """Text that HTML may hold; characters that turn the direction of what follows become a mark, too."""
    return _TURNS.sub("\ufffd", _ILLEGAL.sub("\ufffd", text))


def element(tag: str, *children: Child, **attributes: str) -> Element:
    """An element; `class_` and `data_label` stand for `class` and `data-label`."""
    made = ET.Element(tag, {name.rstrip("_").replace("_", "-"): clean(value) for name, value in attributes.items()})
    last: Element | None = None
    for child in children:
        if isinstance(child, str):
            if last is None:
                made.text = (made.text or "") + clean(child)
            else:
                last.tail = (last.tail or "") + clean(child)
        else:
            made.append(child)
            last = child
    return made


def bar(parts: Sequence[Part], *, thin: bool = False) -> Element:
    """A bar of parts, for the eye alone: the same stands beside it in words."""
    total = sum(part.number for part in parts)
    look = {"class_": "thin"} if thin else {}
    drawn = element(
        "svg",
        element("rect", class_="track", width="100%", height="100%"),
        aria_hidden="true",
        focusable="false",
        **look,
    )
    begun = 0
    for part in parts:
        if part.number and part.look != "track":
            x, width = (f"{100 * number / total:.3f}%" for number in (begun, part.number))
            drawn.append(element("rect", class_=part.look, x=x, width=width, height="100%"))
        begun += part.number
    return drawn


def key(parts: Iterable[Part]) -> Element:
    """What the parts of a bar are, in words."""
    return element("ul", *(element("li", _swatch(part.look), part.words) for part in parts), class_="key")


def _swatch(look: str) -> Element:
    square = element("rect", class_=look, width="100%", height="100%")
    return element("svg", square, class_="swatch", aria_hidden="true", focusable="false")


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Sequence[Child]]]) -> Element:
    """A table whose rows are headed by their first cell; on a narrow screen each row becomes a block of its own.

    The roles say what the elements are anyway: some browsers forget it when a table is laid out as blocks.
    """
    head = element("tr", *(element("th", name, scope="col", role="columnheader") for name in columns), role="row")
    body = [
        element(
            "tr",
            element("th", *row[0], scope="row", role="rowheader"),
            *(
                element("td", element("div", *cell), role="cell", data_label=name)
                for name, cell in zip(columns[1:], row[1:], strict=True)
            ),
            role="row",
        )
        for row in rows
    ]
    return element(
        "table", element("caption", caption), element("thead", head, role="rowgroup"),
        element("tbody", *body, role="rowgroup"), role="table",
    )  # fmt: skip


def page(title: str, body: Sequence[Child], style: str = "", *, images: bool = False) -> str:
    """The whole file; `style` is what a page has besides the common one, `images` are those of files beside it."""
    policy = f"{POLICY}; {IMAGES}" if images else POLICY
    stripes = element(
        "pattern", element("rect", class_="torn-ground", width="6", height="6"),
        element("path", class_="torn-line", d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5", **{"stroke-width": "2.4"}),
        id="torn", width="6", height="6", patternUnits="userSpaceOnUse",
    )  # fmt: skip
    patterns = element("svg", element("defs", stripes), width="0", height="0", aria_hidden="true", style="height:0")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", **{"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", STYLE + style),
    )
    root = element("html", head, element("body", patterns, *body), lang="en")
    return f"<!DOCTYPE html>\n{ET.tostring(root, encoding='unicode', method='html')}\n"
