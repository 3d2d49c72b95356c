"""The flow diagram as a page: every number leads to the list of what it counts. One file, no script.

All entries stand in one table, each once, and the reports of a previous version below them. A number is a link to a
heading; while that is the target of the address, style rules show the rows behind the number and hide all others.
"""

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scoping import citation
from scoping.drawing.flow import Box, Flow, Line
from scoping.drawing.geometry import Layout, Shape
from scoping.drawing.page import SVG
from scoping.prisma import ALL_UNITS, OF_WHICH, Boxes
from scoping.tables import Row
from scoping.webpage import Child, Element, element, page

COLUMNS = ("Title", "Authors and year", "Source", "Where it ended", "Ids")
ENDS = {
    "duplicate": "duplicate of the record named here",
    "rejected": "unreadable",
    "unscreened": "left unscreened",
    "excluded by title": "excluded by title",
    "excluded": "excluded on title and abstract",
    "awaiting screening": "awaiting screening",
    "abstract unscreened": "left unscreened by abstract",
    "awaiting abstract": "awaiting screening by abstract",
    "not retrieved": "not retrieved",
    "awaiting assessment": "awaiting assessment",
    "report excluded": "excluded in full text",
    "included": "included",
}
BLIND = "The lists show where records stand: who still screens looks at progress.html instead."
MANY = {"entry": "entries", "record": "records", "report": "reports", "study": "studies"}
STYLE = """
:root { --list: table; --rows: table-row-group; --link: #00518a; }
@media (prefers-color-scheme: dark) { :root { --link: #8ecbf5; } }
a { color: var(--link); }
figure { margin: 1rem 0; }
figure svg { width: 100%; height: auto; max-width: 60rem; background: #fff; }
svg a { cursor: pointer; text-decoration: none; } svg a:hover text { text-decoration: underline; }
svg a:focus { outline: none; } svg a:focus-visible text { fill: #00518a; text-decoration: underline; }
svg a:focus-visible rect { stroke: #00518a; stroke-width: 1; }
h2.of, table.list, .list tbody { display: none; }
h2.of:target { display: block; scroll-margin-top: 1rem; } h2.of:target:focus { outline: none; }
h2.of:target ~ table.list { display: var(--list); }
h2.of a { font-size: .875rem; font-weight: 400; margin-left: .75rem; }
nav ul ul { margin: .1rem 0 .5rem 1.25rem; }
@media (min-width: 46.01rem), print { .list th:nth-child(1) { width: 38%; } .list th:nth-child(2) { width: 20%; }
  .list th:nth-child(3) { width: 13%; } .list th:nth-child(4) { width: 15%; } .list th:nth-child(5) { width: 14%; } }
.list tbody th { font-weight: 400; } .list .id { font-size: .8125rem; color: var(--muted); }
@media screen and (max-width: 46rem) { :root { --list: block; --rows: block; } }
@media print { nav, .hint, h2.of a { display: none; } svg a:hover text { text-decoration: none; }
  h2.of:target { break-before: page; border: 0; } }
"""


@dataclass(frozen=True)
class Material:
    """What the lists show. `ends` gives the terminal state of each entry, `reasons` the label of each criterion."""

    found: Boxes
    entry_records: list[Row]
    records: list[Row]
    ends: Mapping[str, str]
    excluded_for: Mapping[str, str]  # record id -> primary reason in full text, in words
    sources: Mapping[str, str]  # source id -> name
    previous: list[Row]


@dataclass(frozen=True)
class _Number:
    """A number of the diagram: `anchor` is the id of its heading, `rows` the keys of the rows behind it."""

    anchor: str
    label: str
    number: int
    unit: str
    rows: frozenset[str]
    items: frozenset[int]  # paragraphs of its box that link to it


def html(flow: Flow, layout: Layout, material: Material) -> str:
    """The page; a number whose list has another length is our bug."""
    numbers = {key: list(_numbers(box, _Rows(material))) for key, box in flow.boxes.items()}
    all_numbers = [number for of_box in numbers.values() for number in of_box]
    known = {row["entry_id"] for row in material.entry_records} | {_key(row) for row in material.previous}
    for number in all_numbers:
        listed = len(number.rows & known)
        if listed != (len(number.rows) if number.unit == "study" else number.number):
            raise ValueError(f"{number.label}: {number.number} in the diagram, {listed} in the list")
    draft: list[Child] = [element("p", element("strong", f"Draft: {flow.draft}."), f" {BLIND}")] if flow.draft else []
    notice: list[Child] = [element("p", flow.notice, class_="small")] if flow.notice else []
    body: list[Child] = [
        element("h1", flow.title),
        *draft,
        *notice,
        element("p", "Every box and number opens the list of what it counts.", class_="hint"),
        element("figure", _drawing(layout, numbers), id="diagram"),
        _index(numbers),
        *(_heading(number) for number in all_numbers),
        _table(material, all_numbers),
    ]
    rules = "".join(
        f"#{number.anchor}:target ~ .list .in-{number.anchor} {{ display: var(--rows); }}\n" for number in all_numbers
    )
    return page(flow.title, [element("main", *body)], STYLE + rules)


# ----------------------------------------------------------------------------------------------- what a number counts


class _Rows:
    """From ids of boxes to rows of the table: an entry's id, or `previous:` and the name of a report."""

    def __init__(self, material: Material) -> None:
        self.found = material.found
        self.of_record = {
            row["record_id"]: row["entry_id"] for row in material.entry_records if row["role"] == "record"
        }
        self.study_of = {row["record_id"]: row["study_id"] for row in material.records}
        self.previous = frozenset(_key(row) for row in material.previous)

    def behind(self, box: str, line: str) -> frozenset[str]:
        """The rows behind one line of a box."""
        ids = self.found.ids.get(box, {}).get(line, frozenset())
        if box in ("previous_studies", "previous_reports"):
            return self.previous
        if box in ("total_studies", "total_reports"):
            new = self.found.of("new_reports") | self.found.of("further_reports")
            return self.previous | frozenset(self.of_record[id_] for id_ in new)
        if unit(box) == "entry":
            return ids
        if unit(box) == "study":
            reports = self.found.of("included_reports") | self.found.of("other_included_reports")
            return frozenset(self.of_record[id_] for id_ in reports if self.study_of[id_] in ids)
        return frozenset(self.of_record[id_] for id_ in ids)


def _key(row: Row) -> str:
    """The key of a report of the previous version, which is no entry of this one."""
    return f"previous:{row['report']}"


def unit(box: str) -> str:
    """What a box counts: entry, record, report or study."""
    return ALL_UNITS[box.removesuffix(OF_WHICH)]


def _numbers(box: Box, rows: _Rows) -> Iterator[_Number]:
    """The box itself, with its first number or with all of them together; then each other number."""
    counted = [(at, line) for at, line in enumerate(box.lines) if line.number is not None]
    first = counted[0][1]
    labelled = first.text == ""  # a label with its number below, rather than several numbers under a heading
    own = [first] if labelled else [line for _, line in counted]
    title = box.lines[0].text.rstrip(":")
    rest = counted[1:] if labelled else counted
    items = frozenset(range(len(box.lines))) - {at for at, _ in rest}
    heads = {at - 1 for at, line in rest if line.text == ""}
    yield _number(f"list-{box.key}", title, own, rows, items - heads)
    for at, line in rest:
        label = line.text or box.lines[at - 1].text
        mine = frozenset({at, at - 1} if line.text == "" else {at})
        yield _number(f"list-{box.key}-{at}", label, [line], rows, mine)


def _number(anchor: str, label: str, lines: list[Line], rows: _Rows, items: frozenset[int]) -> _Number:
    behind = {pair for line in lines for pair in line.behind}
    found = frozenset[str]().union(*(rows.behind(box, line) for box, line in behind))
    units = {unit(box) for box, _ in behind}
    total = sum(len(rows.found.ids.get(box, {}).get(line, ())) for box, line in behind)
    return _Number(anchor, label, total, "entry" if len(units) != 1 else min(units), found, items)


# ------------------------------------------------------------------------------------------------------------ in words


def _said(number: _Number) -> str:
    word = number.unit if number.number == 1 else MANY[number.unit]
    listed = f", in {len(number.rows):,} report{'' if len(number.rows) == 1 else 's'}" if number.unit == "study" else ""
    return f"{number.label}: {number.number:,} {word}{listed}"


def _heading(number: _Number) -> Element:
    back = element("a", "back to the diagram", href="#diagram")
    return element("h2", _said(number), back, id=number.anchor, class_="of", tabindex="-1")


def _index(numbers: Mapping[str, list[_Number]]) -> Element:
    """All numbers as a list, for those who do not see the diagram."""
    items = []
    for key, of_box in numbers.items():
        first, *rest = of_box
        below = [element("ul", *(element("li", _link(number)) for number in rest))] if rest else []
        arm = "Other methods: " if key.startswith("other_") else ""
        items.append(element("li", arm, _link(first), *below))
    summary = element("summary", "All numbers as a list")
    return element("nav", element("details", summary, element("ul", *items)), aria_label="All numbers of the diagram")


def _link(number: _Number) -> Element:
    return element("a", _said(number), href=f"#{number.anchor}")


def _drawing(layout: Layout, numbers: Mapping[str, list[_Number]]) -> Element:
    """The SVG, its boxes and numbers made links."""
    from scoping.drawing import flow_render

    root = flow_render.svg_tree(layout)
    groups = {group.get("id"): group for group in root.iter(f"{{{SVG}}}g")}
    for shape in layout.shapes:
        if shape.kind == "box":
            _make_links(groups[f"box-{shape.key}"], shape, numbers[shape.key])
    for name in ("width", "height"):
        root.attrib.pop(name)
    root.set("role", "group")  # an image would hide the links within it
    for part in root.iter():
        part.tag = part.tag.removeprefix(f"{{{SVG}}}")
    return root


def _make_links(group: ET.Element, shape: Shape, numbers: list[_Number]) -> None:
    frame, *texts = list(group)
    for part in (frame, *texts):
        group.remove(part)
    for number in numbers:
        mine = [part for part, text in zip(texts, shape.texts, strict=True) if text.item in number.items]
        link = ET.SubElement(group, f"{{{SVG}}}a", {"href": f"#{number.anchor}", "aria-label": _said(number)})
        link.extend([frame, *mine] if number is numbers[0] else mine)


# ----------------------------------------------------------------------------------------------------------- the table


def _table(material: Material, numbers: list[_Number]) -> Element:
    """Rows behind the same numbers stand in one body, which has a class for each of these."""
    behind: dict[str, list[str]] = defaultdict(list)
    for number in numbers:
        for key in number.rows:
            behind[key].append(f"in-{number.anchor}")
    bodies: dict[str, list[Element]] = defaultdict(list)
    for key, cells in _rows(material):
        bodies[" ".join(behind[key])].append(_row(cells))
    head = element("tr", *(element("th", name, scope="col", role="columnheader") for name in COLUMNS), role="row")
    return element(
        "table", element("thead", head, role="rowgroup"),
        *(element("tbody", *rows, class_=classes, role="rowgroup") for classes, rows in bodies.items()),
        class_="list", role="table", aria_label="What the chosen number counts",
    )  # fmt: skip


def _row(cells: list[Child]) -> Element:
    head = element("th", cells[0], scope="row", role="rowheader")
    rest = [
        element("td", element("div", cell), role="cell", data_label=name)
        for name, cell in zip(COLUMNS[1:], cells[1:], strict=True)
    ]
    return element("tr", head, *rest, role="row")


def _rows(material: Material) -> Iterable[tuple[str, list[Child]]]:
    """(key, cells) of each entry in order of end and title, then of each report of the previous version."""
    record = {row["record_id"]: row for row in material.records}
    ends = list(ENDS)

    def place(row: Row) -> tuple[int, str, str]:
        title = record[row["record_id"]]["title"] if row["record_id"] else ""
        return -ends.index(material.ends[row["entry_id"]]), title.casefold(), row["entry_id"]

    for row in sorted(material.entry_records, key=place):
        end = material.ends[row["entry_id"]]
        words = ENDS[end]
        if end == "report excluded":
            words += f": {material.excluded_for.get(row['record_id']) or 'no reason given'}"
        known = record.get(row["record_id"])
        title = (
            (known["title"] or "[no title]")
            if known
            else f"[unreadable entry: {row['file']}, line {row['line_start']}]"
        )
        names = f"{citation.names(known)} {known['year'] or 'n.d.'}" if known else "–"
        ids = f"{row['entry_id']}, record {row['record_id']}" if known else row["entry_id"]
        cells: list[Child] = [title, names, material.sources.get(row["source"], row["source"]), words]
        yield row["entry_id"], [*cells, element("span", ids, class_="id")]
    for row in material.previous:
        names = " ".join(filter(None, (row["authors"], row["year"]))) or "–"
        cells = [row["title"] or row["report"], names, "–", "previous version"]
        ids = f"{row['report']}, study {row['study']}"
        yield _key(row), [*cells, element("span", ids, class_="id")]
