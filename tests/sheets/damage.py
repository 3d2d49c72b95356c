"""Damage to a workbook inside its zip: parts are changed and packed again, so that every checksum is right.

Each function of `XLSX` and `ODS` does one kind of harm to a `Book`, at a place that the random numbers choose.
"""

import copy
import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
STRINGS, WORKBOOK, RELS, STYLES = (
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
)
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
KEY = re.compile(r"[a-z]{2}\d\d[a-z0-9.-]*\.(?:[A-Z0-9]{11}(?::[A-Z0-9]+)?|#\d\d)\.[A-Z0-9]{2}")
ITEM = re.compile(r"[a-z]{2}\d\d[a-z0-9.-]*\.([A-Z0-9]{11}(?::[A-Z0-9]+)?)\.[A-Z0-9]{2}")
TOKEN = re.compile(r"· \d+ · [A-Z0-9]{3}")

Cell = ET.Element


class Book:
    """The parts of a file; those that were asked for as XML are written back."""

    def __init__(self, data: bytes, inputs: int, words: frozenset[str]) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.trees: dict[str, ET.Element] = {}
        self.twice: list[tuple[str, bytes]] = []
        self.inputs, self.words = inputs, words
        self.strings = self.texts
        self.tab = "xl/worksheets/sheet1.xml"

    def xml(self, name: str) -> ET.Element:
        """A part as a tree."""
        if name not in self.trees:
            for _, (prefix, space) in ET.iterparse(io.BytesIO(self.parts[name]), ["start-ns"]):
                if not re.fullmatch(r"ns\d+", prefix):
                    ET.register_namespace(prefix, space)
            self.trees[name] = ET.fromstring(self.parts[name])
        return self.trees[name]

    def flush(self) -> None:
        """Trees become bytes."""
        for name, tree in self.trees.items():
            if name in self.parts:
                self.parts[name] = ET.tostring(tree, "UTF-8", xml_declaration=True)
        self.trees = {}

    def packed(self) -> bytes:
        """The file."""
        self.flush()
        out = io.BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            warnings.simplefilter("ignore")  # of names that stand twice
            for name, data in [*self.parts.items(), *self.twice]:
                archive.writestr(name, data)
        return out.getvalue()

    # --- what stands in an xlsx tab ----------------------------------------------------------------------------------

    @property
    def rows(self) -> list[ET.Element]:
        """The rows of the tab."""
        return list(self.xml(self.tab).iter(f"{MAIN}row"))

    @property
    def texts(self) -> list[str]:
        """The shared strings."""
        if STRINGS not in self.parts:
            return []
        return ["".join(item.itertext()) for item in self.xml(STRINGS).iter(f"{MAIN}si")]

    def shown(self, cell: Cell) -> str:
        """What a cell shows."""
        value = cell.findtext(f"{MAIN}v") or ""
        if cell.get("t") == "s" and value.isdigit() and int(value) < len(self.strings):
            return self.strings[int(value)]
        return value or "".join(cell.itertext())

    def fill(self, answers: Mapping[str, tuple[str, ...]]) -> bytes:
        """The file with answers in its tabs, as a program writes them: shared strings, new ones at the end."""
        known = {text: n for n, text in enumerate(self.texts)}
        strings = self.xml(STRINGS)
        for name in [name for name in self.parts if name.startswith("xl/worksheets/sheet")]:
            for row in self.xml(name).iter(f"{MAIN}row"):
                keys = [match[1] for cell in row if (match := ITEM.fullmatch(self.shown(cell)))]
                for cell, text in zip(row, answers.get(keys[0], ()) if keys else (), strict=False):
                    if text not in known:
                        known[text] = len(strings)
                        ET.SubElement(ET.SubElement(strings, f"{MAIN}si"), f"{MAIN}t").text = text
                    if text:
                        _set(cell, "s", [_value(str(known[text]))])
        strings.set("uniqueCount", str(len(strings)))
        return self.packed()

    def table(self) -> list[ET.Element]:
        """The rows that hold a key."""
        return [row for row in self.rows if any(KEY.fullmatch(self.shown(cell)) for cell in row)]

    def cell(self, rng: random.Random) -> Cell:
        """A cell of the table, more often one that people fill or a key."""
        rows = self.table()
        rows = [*rows, rows[0]] if rng.random() < 0.9 else self.rows
        row = list(rng.choice([row for row in rows if len(row)]))
        kind = rng.random()
        if kind < 0.6:
            return rng.choice(row[: self.inputs])
        return row[-1] if kind < 0.8 else rng.choice(row)

    def record_rows(self) -> list[ET.Element]:
        """The rows of the table without the checkpoints."""
        return [row for row in self.table() if not any(TOKEN.fullmatch(self.shown(cell)) for cell in row)]

    def is_answer(self, cell: Cell) -> bool:
        """Whether a cell shows one of the words that decide, or is a decision yet to be made."""
        return bool(re.fullmatch(r"A\d+", cell.get("r", ""))) and not TOKEN.fullmatch(self.shown(cell))


def _content(cell: Cell) -> tuple[str | None, list[ET.Element]]:
    return cell.get("t"), [copy.deepcopy(child) for child in cell]


def _set(cell: Cell, kind: str | None, children: list[ET.Element]) -> None:
    cell.attrib.pop("t", None)
    if kind:
        cell.set("t", kind)
    for child in list(cell):
        cell.remove(child)
    cell.extend(children)


def _value(text: str) -> ET.Element:
    value = ET.Element(f"{MAIN}v")
    value.text = text
    return value


# --- cells -----------------------------------------------------------------------------------------------------------


def blank(book: Book, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 4)):
        _set(book.cell(rng), None, [])


def drop_cells(book: Book, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 4)):
        cell = book.cell(rng)
        next(row for row in book.rows if cell in list(row)).remove(cell)


def swap(book: Book, rng: random.Random) -> None:
    one, two = book.cell(rng), book.cell(rng)
    while book.is_answer(one) and book.is_answer(two):  # two decisions that a person could have typed
        two = book.cell(rng)
    (kind, children), other = _content(one), _content(two)
    _set(one, *other)
    _set(two, kind, children)


def move(book: Book, rng: random.Random) -> None:
    one, two = book.cell(rng), book.cell(rng)
    while book.is_answer(one) and book.is_answer(two):
        two = book.cell(rng)
    _set(two, *_content(one))
    _set(one, None, [])


def retype(book: Book, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 3)):
        cell = book.cell(rng)
        kind = rng.choice([None, "n", "b", "e", "str", "inlineStr", "d", "x"])
        cell.attrib.pop("t", None)
        if kind:
            cell.set("t", kind)


def other_string(book: Book, rng: random.Random) -> None:
    cell = book.cell(rng)
    choices = [n for n, text in enumerate(book.texts) if not (book.is_answer(cell) and text in book.words)]
    index = rng.choice([*map(str, rng.sample(choices, min(9, len(choices)))), "99999", "-1", "x", ""])
    _set(cell, "s", [_value(index)])


def other_value(book: Book, rng: random.Random) -> None:
    formula = ET.Element(f"{MAIN}f")
    formula.text = rng.choice(["1+1", "A1", "NA()"])
    kind, children = rng.choice(
        [
            ("b", [_value("1")]),
            (None, [_value("3.5")]),
            ("n", [_value("45000")]),
            ("e", [_value("#REF!")]),
            (None, [formula]),
            ("str", [formula]),
            ("str", [formula, _value("2")]),
        ]
    )
    _set(book.cell(rng), kind, children)


def wrong_place(book: Book, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 3)):
        cell, other = book.cell(rng), book.cell(rng)
        if book.is_answer(cell) and book.is_answer(other):
            continue
        place = rng.choice(
            [other.get("r", ""), f"{rng.choice('ABCDEFGH')}{rng.randint(1, 60)}", "CZ900", "A0", "", "7"]
        )
        if not (book.is_answer(cell) and re.fullmatch(r"A\d+", place)):
            cell.set("r", place)


def no_places(book: Book, rng: random.Random) -> None:
    for row in rng.sample(book.rows, rng.randint(1, len(book.rows))):
        if rng.random() < 0.5:
            row.attrib.pop("r", None)
        for cell in row:
            cell.attrib.pop("r", None)


def rename_elements(book: Book, rng: random.Random) -> None:
    tree = book.xml(rng.choice([name for name in (book.tab, STRINGS) if name in book.parts]))
    name = rng.choice(["v", "c", "row", "t", "si", "is", "sheetData"])
    found = list(tree.iter(f"{MAIN}{name}"))
    for element in rng.sample(found, min(len(found), rng.choice([1, 2, 1000]))):
        element.tag = f"{MAIN}x{name}"


# --- rows and columns ------------------------------------------------------------------------------------------------


def double_row(book: Book, rng: random.Random) -> None:
    rows = book.table()
    row = rng.choice(rows)
    again = copy.deepcopy(row)
    data = book.xml(book.tab).find(f"{MAIN}sheetData")
    assert data is not None
    if rng.random() < 0.5:
        _renumber(again, 70)
        data.append(again)
    else:
        data.insert(list(data).index(row) + 1, again)
    if rng.random() < 0.6:
        _set(rng.choice(list(again)[: book.inputs]), None, [])


def _renumber(row: ET.Element, number: int) -> None:
    row.set("r", str(number))
    for cell in row:
        cell.set("r", re.sub(r"\d+", str(number), cell.get("r", "A1")))


def remove_rows(book: Book, rng: random.Random) -> None:
    data = book.xml(book.tab).find(f"{MAIN}sheetData")
    assert data is not None
    for row in rng.sample(book.rows, rng.randint(1, 4)):
        data.remove(row)


def reorder_rows(book: Book, rng: random.Random) -> None:
    data = book.xml(book.tab).find(f"{MAIN}sheetData")
    assert data is not None
    one, two = rng.sample(range(len(data)), 2)
    data[one], data[two] = data[two], data[one]
    if rng.random() < 0.4:
        _renumber(data[one], one + 1)
        _renumber(data[two], two + 1)


def wrong_row_numbers(book: Book, rng: random.Random) -> None:
    for row in rng.sample(book.rows, rng.randint(1, 3)):
        row.set("r", rng.choice([str(rng.randint(1, 60)), "0", "-3", "", "9999", "x"]))


def swap_keys(book: Book, rng: random.Random) -> None:
    one, two = (row[-1] for row in rng.sample(book.record_rows(), 2))
    (kind, children), other = _content(one), _content(two)
    _set(one, *other)
    if rng.random() < 0.6:
        _set(two, kind, children)


def swap_shown(book: Book, rng: random.Random) -> None:
    """What is shown moves between two rows, keys and answers stay."""
    one, two = (list(row)[book.inputs : -1] for row in rng.sample(book.record_rows(), 2))
    for left, right in zip(one, two, strict=True):
        (kind, children), other = _content(left), _content(right)
        _set(left, *other)
        _set(right, kind, children)


def _long_column(book: Book, rng: random.Random) -> list[Cell]:
    """So many cells of a column that two checkpoints lie among them."""
    rows = book.table()
    checks = [n for n, row in enumerate(rows) if row not in book.record_rows()]
    first = rng.randrange(len(checks) - 1)
    start = rng.randint(0, checks[first])
    stop = rng.randint(checks[rng.randint(first + 1, len(checks) - 1)] + 1, len(rows))
    column = rng.choice([*range(book.inputs), 0, 0, -1])
    return [list(row)[column] for row in rows[start:stop]]


def shift_column(book: Book, rng: random.Random) -> None:
    cells = _long_column(book, rng)
    contents = [_content(cell) for cell in cells]
    by = rng.choice([1, -1, 2, -2, 5])
    for cell, content in zip(cells, [*contents[by:], *contents[:by]], strict=True):
        _set(cell, *content)


def sort_column(book: Book, rng: random.Random) -> None:
    cells = _long_column(book, rng)
    pairs = sorted(((book.shown(cell) or "~", n) for n, cell in enumerate(cells)), reverse=rng.random() < 0.5)
    contents = [_content(cell) for cell in cells]
    for cell, (_, n) in zip(cells, pairs, strict=True):
        _set(cell, *contents[n])


def swap_columns(book: Book, rng: random.Random) -> None:
    one, two = rng.sample(range(len(book.table()[0])), 2)
    rows = book.table()
    rows = rows if rng.random() < 0.5 else [*rows, *(row for row in book.rows if len(row) == len(rows[0]))]
    for row in {id(row): row for row in rows}.values():
        left, right = list(row)[one], list(row)[two]
        (kind, children), other = _content(left), _content(right)
        _set(left, *other)
        _set(right, kind, children)


def merge(book: Book, rng: random.Random) -> None:
    tree = book.xml(book.tab)
    merged = tree.find(f"{MAIN}mergeCells")
    if merged is None:
        merged = ET.Element(f"{MAIN}mergeCells")
        data = tree.find(f"{MAIN}sheetData")
        tree.insert(list(tree).index(data) + 1 if data is not None else 0, merged)
    row, column = rng.randint(1, 38), rng.choice("ABCDEFG")
    ref = rng.choice([f"{column}{row}:{column}{row + rng.randint(1, 5)}", f"A{row}:{column}{row}", "A6:B9", "A6:", "x"])
    ET.SubElement(merged, f"{MAIN}mergeCell", {"ref": ref})


# --- other parts -----------------------------------------------------------------------------------------------------


def strings(book: Book, rng: random.Random) -> None:
    tree = book.xml(STRINGS)
    act = rng.choice(["remove", "swap", "blank", "insert", "alter", "phonetic", "split"])
    items = [n for n, text in enumerate(book.texts) if text not in book.words]
    one, two = rng.sample(items, 2)
    if act == "remove":
        tree.remove(tree[rng.randrange(len(tree))])
    elif act == "swap":
        tree[one], tree[two] = tree[two], tree[one]
    elif act == "blank":
        for child in list(tree[(blanked := rng.randrange(len(tree)))]):
            tree[blanked].remove(child)
    elif act == "insert":
        tree.insert(rng.randrange(len(tree)), copy.deepcopy(tree[one]))
    elif act == "phonetic":
        spoken = ET.SubElement(ET.SubElement(tree[rng.randrange(len(tree))], f"{MAIN}rPh"), f"{MAIN}t")
        spoken.text = "spoken"
    else:
        found = tree[one].find(f"{MAIN}t")
        text = book.texts[one]
        at = rng.randrange(len(text) + 1)
        if found is not None and act == "alter":
            found.text = text[:at] + rng.choice(["", "x", "7", " ", "_x0041_"]) + text[at + 1 :]
        elif found is not None:
            tree[one].remove(found)
            for part in (text[:at], text[at:]):
                ET.SubElement(ET.SubElement(tree[one], f"{MAIN}r"), f"{MAIN}t").text = part


def dimension(book: Book, rng: random.Random) -> None:
    tree = book.xml(book.tab)
    found = tree.find(f"{MAIN}dimension")
    if found is None:
        found = ET.Element(f"{MAIN}dimension")
        tree.insert(0, found)
    found.set("ref", rng.choice(["A1", "A1:B3", "A9:C12", "A1:XFD1048576", "x", ""]))


def styles(book: Book, rng: random.Random) -> None:
    act = rng.choice(["drop", "empty", "dates", "index"])
    if act == "drop":
        del book.parts[STYLES]
    elif act == "index":
        for row in book.rows:
            for cell in row:
                cell.set("s", rng.choice(["0", "9999", "1"]))
    else:
        formats = book.xml(STYLES).find(f"{MAIN}cellXfs")
        for entry in list(formats if formats is not None else []):
            if act == "empty" and formats is not None:
                formats.remove(entry)
            else:
                entry.set("numFmtId", "14")


def tabs(book: Book, rng: random.Random) -> None:
    found = list(book.xml(WORKBOOK).iter(f"{MAIN}sheet"))
    one, two = found[0], found[-1]
    act = rng.choice(["name", "same", "order", "hide", "gone", "id"])
    if act == "name":
        one.set("name", rng.choice(["Tabelle1", "", "x" * 200, "How to screen"]))
    elif act == "same":
        two.set("name", one.get("name", ""))
    elif act == "order":
        parent = next(e for e in book.xml(WORKBOOK).iter(f"{MAIN}sheets"))
        parent[:] = parent[::-1]
    elif act == "hide":
        one.set("state", rng.choice(["hidden", "veryHidden", "x"]))
    elif act == "gone":
        next(e for e in book.xml(WORKBOOK).iter(f"{MAIN}sheets")).remove(rng.choice(found))
    else:
        ids = [name for name in one.attrib if name.endswith("}id")]
        one.set(ids[0], rng.choice(["rId99", "", two.get(ids[0], "")]))


def relations(book: Book, rng: random.Random) -> None:
    found = list(book.xml(RELS).iter(f"{RELATIONS}Relationship"))
    one, two = rng.sample(found, 2)
    act = rng.choice(["target", "swap", "drop", "id", "type", "outside"])
    if act == "swap":
        first, second = one.get("Target", ""), two.get("Target", "")
        one.set("Target", second)
        two.set("Target", first)
    elif act == "drop":
        book.xml(RELS).remove(one)
    elif act == "outside":
        one.set("TargetMode", "External")
    else:
        one.set({"target": "Target", "id": "Id", "type": "Type"}[act], rng.choice(["x", "", "../../x", "rId1"]))


def _xml_part(book: Book, rng: random.Random) -> str:
    book.flush()
    main = [name for name in book.parts if name in (book.tab, STRINGS, "content.xml")]
    return (
        rng.choice(main) if rng.random() < 0.8 else rng.choice([n for n in book.parts if n.endswith((".xml", ".rels"))])
    )


def truncate(book: Book, rng: random.Random) -> None:
    name = _xml_part(book, rng)
    book.parts[name] = book.parts[name][: rng.randrange(len(book.parts[name]))]


def drop_part(book: Book, rng: random.Random) -> None:
    del book.parts[_xml_part(book, rng)]


def double_part(book: Book, rng: random.Random) -> None:
    name = _xml_part(book, rng)
    book.twice.append((name, book.parts[name].replace(b"include", b"exclude")))


def characters(book: Book, rng: random.Random) -> None:
    """Single characters of the XML, anywhere: most break it, some only change what it says."""
    name = _xml_part(book, rng)
    data = bytearray(book.parts[name])
    for _ in range(rng.randint(1, 3)):
        data[rng.randrange(len(data))] = rng.randrange(32, 127)
    book.parts[name] = bytes(data)


def digits(book: Book, rng: random.Random) -> None:
    """Single digits, which keeps the XML whole: places, types, indexes, counts."""
    name = _xml_part(book, rng)
    data = bytearray(book.parts[name])
    places = [match.start() for match in re.finditer(rb"(?<=[\"\w>])\d(?=[\"\w<])", data)]
    for at in rng.sample(places, min(len(places), rng.randint(1, 3))):
        data[at] = rng.choice(b"0123456789")
    book.parts[name] = bytes(data)


Damage = Callable[[Book, random.Random], None]
XLSX: tuple[Damage, ...] = (
    *(blank, drop_cells, swap, move, retype, other_string, other_value, wrong_place, no_places, rename_elements),
    *(double_row, remove_rows, reorder_rows, wrong_row_numbers, swap_keys, swap_shown, shift_column, sort_column),
    *(swap_columns, merge, strings, dimension, styles, tabs, relations),
    *(truncate, drop_part, double_part, characters, digits),
)


XLSX_INLINE = tuple(act for act in XLSX if act not in (other_string, strings))


# --- ods -------------------------------------------------------------------------------------------------------------


def _ods_rows(book: Book) -> list[ET.Element]:
    rows = book.xml("content.xml").iter(f"{TABLE}table-row")
    return [row for row in rows if any(KEY.fullmatch("".join(cell.itertext())) for cell in row)]


def _ods_cell(book: Book, rng: random.Random) -> ET.Element:
    row = list(rng.choice(_ods_rows(book)))
    keys = [cell for cell in row if KEY.fullmatch("".join(cell.itertext()))]
    return rng.choice([*row[:2], *row, *keys])


def ods_repeat(book: Book, rng: random.Random) -> None:
    """A cell or row that says to be repeated, or no longer does: all after it moves."""
    place = rng.choice(["cell", "row"])
    element = _ods_cell(book, rng) if place == "cell" else rng.choice(_ods_rows(book))
    name = f"{TABLE}number-{'columns' if place == 'cell' else 'rows'}-repeated"
    if name in element.attrib and rng.random() < 0.5:
        del element.attrib[name]
    else:
        element.set(name, rng.choice(["2", "3", "7", "0", "-1", "x", "16384", "99999999999"]))


def ods_span(book: Book, rng: random.Random) -> None:
    side = rng.choice(["rows", "columns"])
    _ods_cell(book, rng).set(f"{TABLE}number-{side}-spanned", rng.choice(["2", "3", "500", "0", "x"]))


def ods_type(book: Book, rng: random.Random) -> None:
    cell = _ods_cell(book, rng)
    kind = rng.choice(["float", "boolean", "date", "time", "percentage", "void", "", "string"])
    cell.set(f"{OFFICE}value-type", kind)
    if rng.random() < 0.6:
        name = {"float": "value", "percentage": "value", "string": "string-value"}.get(kind, f"{kind or 'x'}-value")
        cell.set(f"{OFFICE}{name}", rng.choice(["1", "true", "2024-03-04", "PT1H", "exclude", "nan", "1e999", ""]))


def ods_cells(book: Book, rng: random.Random) -> None:
    rows = _ods_rows(book)
    one, two = rng.sample(rows, 2)
    act = rng.choice(["drop", "blank", "move", "cover", "swap keys", "rows", "wrap", "nest"])
    cell = rng.choice(list(one))
    if act == "drop":
        one.remove(cell)
    elif act == "blank":
        cell[:] = []
    elif act == "move":
        one.remove(cell)
        one.insert(rng.randrange(len(one) + 1), cell)
    elif act == "cover":
        cell.tag = f"{TABLE}covered-table-cell"
    elif act == "swap keys":
        left, right = _ods_key(one), _ods_key(two)
        left[:], right[:] = list(right), list(left)
    elif act == "rows":
        left, right = list(one), list(two)
        one[:], two[:] = right, left
    elif act == "wrap":
        inner = list(cell)
        cell[:] = []
        ET.SubElement(cell, rng.choice([f"{TEXT}p", f"{OFFICE}annotation", f"{TEXT}x", f"{TABLE}table"])).extend(inner)
    else:
        ET.SubElement(cell, f"{TEXT}p").text = rng.choice(["include", " ", "x"])


def _ods_key(row: ET.Element) -> ET.Element:
    return next(cell for cell in row if KEY.fullmatch("".join(cell.itertext())))


def ods_column(book: Book, rng: random.Random) -> None:
    """The decisions of a long stretch move up or down."""
    rows = _ods_rows(book)
    start = rng.randrange(0, 11)
    cells = [row[0] for row in rows[start : start + rng.randint(24, 30)]]
    contents = [(dict(cell.attrib), list(cell)) for cell in cells]
    for cell, (attributes, children) in zip(cells, [*contents[1:], contents[0]], strict=True):
        cell.attrib.clear()
        cell.attrib.update(attributes)
        cell[:] = children


ODS: tuple[Damage, ...] = (
    *(ods_repeat, ods_repeat, ods_span, ods_type, ods_cells, ods_cells, ods_column),
    *(truncate, drop_part, double_part, characters, digits),
)
