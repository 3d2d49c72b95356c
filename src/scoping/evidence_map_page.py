"""The evidence map as a page: one file that loads nothing, and runs no script but its own.

Its script is made of the files in `pages/`, each a part of one function; script and style may run by their hashes alone.
What people wrote comes in as JSON and becomes text nodes, never markup.
"""

import base64
import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from scoping.webpage import Child, Element, clean, element

SCRIPTS = (
    "pages/map_counts.js",
    "pages/map_elements.js",
    "pages/map_choice.js",
    "pages/map_matrix.js",
    "pages/map_list.js",
    "pages/map_page.js",
)
STYLE = "pages/map.css"
BLIND = "The lists show settled answers: who still screens or codes looks at progress.html instead."
READ = (
    "A cell counts the studies that report both what its row and what its column names. That is no effect of the one on the "
    "other. A study says yes if one of its reports or models does; blank is never counted as no.",
    "The bars of a cell divide its studies by what is chosen above; a study with several statuses or levels counts at "
    "each. Filters change the numbers, too.",
    "The address of this page keeps all that is chosen: it can be sent to others who have the same file.",
)
EMPTY = (
    ("none found", "each study says no to the row or to the column."),
    ("unclear", "none is open, and in so many studies coders could not tell."),
    ("not codable", "so many studies may report both and are not coded, or not yet."),
)
WITHOUT = (
    "The map needs JavaScript, which this browser does not run. The same numbers stand, with the ids behind them, in "
    "figures/evidence_gap_map_data.csv and tables/mechanisms_by_changes.html, the quotes in tables/coded_features.html."
)


def html(
    index: Mapping[str, Any], details: Iterable[Any], *, title: str, notice: str, draft: str, abstracts: bool
) -> str:
    """The whole file. `draft` says why the map is one, empty where nothing is pending."""
    script = "\n".join(["(() => {", '"use strict";', *(_own(name) for name in SCRIPTS), "})();"])
    style = _own(STYLE)
    policy = f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", **{"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        _raw("style", style),
    )
    held = {**index, "notice": notice}
    body = element(
        "body",
        element("header", element("h1", title), *_remarks(draft, notice), element("p", "", id="about")),
        element("noscript", element("p", WITHOUT, class_="draft")),
        _main(abstracts),
        _raw("script", _json(held), type="application/json", id="index"),
        _raw("script", script),
        _raw("script", _lines(details), type="application/json", id="details"),
    )
    return (
        f"<!DOCTYPE html>\n{ET.tostring(element('html', head, body, lang='en'), encoding='unicode', method='html')}\n"
    )


# --------------------------------------------------------------------------------------------------- what stands in it


def _own(name: str) -> str:
    return resources.files("scoping").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _raw(tag: str, text: str, **attributes: str) -> Element:
    """A script or style, whose text is written as it is."""
    made = element(tag, **attributes)
    made.text = text
    return made


def _json(data: Any) -> str:
    """JSON that cannot end the element it stands in; characters that turn the direction of text become a mark."""
    return json.dumps(_cleaned(data), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _lines(data: Iterable[Any]) -> str:
    """A JSON list with one entry a line: the page reads each by itself, when it is opened."""
    return "[\n" + ",\n".join(_json(each) for each in data) + "\n]"


def _cleaned(data: Any) -> Any:
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, Mapping):
        return {key: _cleaned(value) for key, value in data.items()}
    return [_cleaned(each) for each in data] if isinstance(data, list | tuple) else data


# ----------------------------------------------------------------------------------------------------------- the markup


def _remarks(draft: str, notice: str) -> list[Child]:
    drafted: list[Child] = [element("p", element("strong", f"Draft: {draft}."), f" {BLIND}", class_="draft")]
    return [*(drafted if draft else []), *([element("p", notice, class_="small")] if notice else [])]


def _main(abstracts: bool) -> Element:
    return element(
        "main",
        element("details", element("summary", "Filters"), _filters(abstracts), id="filtering"),
        element("section", element("h2", "Map"), _axes(), *_matrix(), aria_label="Map"),
        element("section", element("h2", "Studies", id="studies"), *_list(), aria_labelledby="studies"),
        hidden="hidden",
        id="main",
    )


def _labelled(label: str, control: Element) -> Element:
    return element("p", element("label", label, for_=control.attrib["id"]), control)


def _select(id_: str) -> Element:
    return element("select", id=id_, autocomplete="off")


def _button(text: str, id_: str) -> Element:
    return element("button", text, type="button", id=id_)


def _filters(abstracts: bool) -> Element:
    words = "Words in titles, authors, quotes" + (", abstracts" if abstracts else "")
    year = {"type": "number", "min": "0", "max": "9999", "step": "1", "autocomplete": "off"}
    return element(
        "form",
        _labelled(words, element("input", type="search", id="words", autocomplete="off")),
        _labelled("From year", element("input", id="from", **year)),
        _labelled("To year", element("input", id="to", **year)),
        _labelled("Type of report", _select("type")),
        _labelled("Code", _select("code")),
        _labelled("Answer", _select("answer")),
        element("p", _button("Add this code", "add"), _button("Clear all", "clear"), class_="buttons"),
        element("ul", id="chosen", aria_label="Codes that studies are filtered by"),
        id="filters",
        role="search",
    )


def _axes() -> Element:
    return element(
        "div",
        _labelled("Rows", _select("rows")),
        _labelled("Columns", _select("columns")),
        _labelled("Divide by", _select("division")),
        element("p", _button("Swap rows and columns", "swap"), class_="buttons"),
        class_="controls",
    )


def _matrix() -> list[Child]:
    hint = "Choose a number to list the studies behind it. Arrow keys go from one to the next."
    return [
        element("p", element("span", "", id="crossed"), " ", element("span", hint, class_="hint"), class_="small"),
        element("ul", id="legend", aria_label="Bars, from left to right"),
        element("div", element("table", id="matrix", aria_labelledby="crossed"), class_="wide"),
        element(
            "details",
            element("summary", "How to read the map"),
            *(element("p", text) for text in READ),
            element("ul", *(element("li", element("strong", word), f": {text}") for word, text in EMPTY)),
            element("dl", id="meanings"),
        ),
    ]


def _list() -> list[Child]:
    return [
        element("p", id="status", role="status"),
        element("ul", id="parts", aria_label="Parts of what is chosen"),
        element("div", id="words-of-codes", class_="small"),
        element("p", _button("Download this list as CSV", "download"), class_="buttons"),
        element("table", id="list", role="table", aria_labelledby="studies"),
        element(
            "nav",
            _button("Previous", "previous"),
            element("span", id="page"),
            _button("Next", "next"),
            aria_label="Pages of the list",
            id="pages",
        ),
    ]
