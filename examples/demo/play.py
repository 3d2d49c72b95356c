"""Play the people of the demo: fill every issued sheet from the answers beside this file, run the workflow, repeat.

    python examples/demo/play.py REVIEW_FOLDER

A sheet is filled inside its file, cell by cell, as a spreadsheet program would leave it: all else stays as issued.
"""

import csv
import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import openpyxl

from scoping import file_answers, folder, forms, items, ledger, schemas, tables
from scoping.identity import folded
from scoping.workbook import keys

HERE = Path(__file__).parent
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FIELDS = {
    "decision": "Decision",
    "names": "Names of the models (if several)",
    "value": "Value",
    "reason": "Reason (if excluded)",
    "route": "Routes tried (if not retrieved)",
    "date": "Date last sought",
    "level": "Level",
    "status": "Status",
    "basis": "Evidence basis",
    "quote": "Quote (copied from the text)",
    "locator": "Where",
    "note": "Note",
}


def answers(name: str) -> list[dict[str, str]]:
    """The rows of a file of answers."""
    with (HERE / name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


class Records:
    """Titles as the exports have them -> record ids."""

    def __init__(self, root: Path) -> None:
        processed = root / "data/processed"
        links = tables.read(processed / "entry_records.csv", schemas.ENTRY_RECORDS)
        record = {row["content_id"]: row["record_id"] for row in links if row["record_id"]}
        self.exact: dict[str, str] = {}
        self.folded: dict[str, str] = {}
        for path in sorted((processed / "entries").glob("*.parquet")):
            for row in tables.read(path, schemas.ENTRIES):
                if row["content_id"] in record:
                    self.exact[row["title"]] = record[row["content_id"]]
                    self.folded[folded(row["title"])] = record[row["content_id"]]
        self.of = record
        studies = tables.read(processed / "studies.csv", schemas.STUDIES)
        self.main = {row["record_id"]: row["main"] for row in studies}

    def find(self, title: str) -> str:
        """The record of a title."""
        return self.exact.get(title) or self.folded[folded(title)]


def said(stage: str, records: Records, root: Path) -> dict[tuple[str, str], dict[str, str]]:
    """(person, item) -> what the person writes into the row; for duplicates, the folded title instead of the item."""
    if stage == "coding":
        return coded(records)
    if stage == "studies":
        return linked(records)
    if stage == "doubtful_texts":
        rows = answers("doubtful_texts.csv")
        return {(row["person"], f"{records.find(row['title'])}~{file_id(root, row['file'])}"): row for row in rows}
    if stage == "duplicates":
        return {(row["person"], folded(row["title"])): row for row in answers("duplicates.csv")}
    review = (root / "config/review.yaml").read_text(encoding="utf-8")
    label = dict(re.findall(r"\{id: ([a-z0-9-]+), label: \"?([^\",}]+)\"?", review))
    return {
        (row["person"], records.find(row["title"])): {
            **row,
            "decision": forms.shown(row["decision"]),
            "reason": label.get(row["reason"], row["reason"]),
        }
        for row in answers("screening.csv")
        if row["stage"] == stage
    }


def coded(records: Records) -> dict[tuple[str, str], dict[str, str]]:
    """The answers to codes. A study's stand under one of its reports, and are asked on the sheet of its main one."""
    rows = [(records.find(row["title"]), row) for row in answers("coding.csv")]
    out: dict[tuple[str, str], dict[str, str]] = {}
    for place in (lambda id_: id_, lambda id_: records.main.get(id_, id_)):
        for record, row in rows:
            out.setdefault((row["person"], items.join(place(record), row["code"], row["model"])), row)
    return out


def linked(records: Records) -> dict[tuple[str, str], dict[str, str]]:
    """The answers on pairs of reports, whichever comes first, and on the models of a report."""
    out = {}
    for row in answers("studies.csv"):
        ids = [records.find(row[name]) for name in ("title", "other") if row[name]]
        out[row["person"], "~".join(ids)] = out[row["person"], "~".join(reversed(ids))] = row
    return out


def file_id(root: Path, name: str) -> str:
    """The id of a full text, which is that of its bytes."""
    return file_answers.file_id(hashlib.sha256((root / "data/raw/fulltext" / name).read_bytes()).hexdigest())


def places(path: Path) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]], dict[str, str]]:
    """(tab -> header -> column letter, tab -> item -> row number, item -> all texts of its row)."""
    book = openpyxl.load_workbook(path)
    columns: dict[str, dict[str, str]] = {}
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    texts = {}
    for tab in book.worksheets:
        for cells in tab.iter_rows():
            found = {str(cell.value): cell.column_letter for cell in cells if cell.value is not None}
            if "Decision" in found or "Value" in found:
                columns.setdefault(tab.title, found)
            for cell in cells:
                key = keys.find(str(cell.value)) if cell.value else None
                if key and key.checkpoint is None:
                    rows[tab.title][key.item] = str(cell.row)
                    texts[key.item] = " ".join(str(c.value) for c in cells if c.value)
    return columns, rows, texts


def fill(path: Path, labels: dict[str, dict[str, str]]) -> None:
    """Write labels (item -> field -> text) into the input cells of a sheet, in place."""
    columns, rows, _ = places(path)
    book = openpyxl.load_workbook(path)
    source = io.BytesIO(path.read_bytes())
    out = io.BytesIO()
    parts = {f"xl/worksheets/sheet{number}.xml": tab.title for number, tab in enumerate(book.worksheets, 1)}
    for prefix, address in (("", MAIN), ("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")):
        ElementTree.register_namespace(prefix, address)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            tab = parts.get(info.filename, "")
            if tab in columns:
                values = {
                    f"{columns[tab][FIELDS[name]]}{rows[tab][item]}": text
                    for item, label in labels.items()
                    if item in rows[tab]
                    for name, text in label.items()
                    if text and FIELDS.get(name) in columns[tab]
                }
                done = sum(
                    item in rows[tab] and bool(label.get("decision") or label.get("value"))
                    for item, label in labels.items()
                )
                data = filled(data, values, done)
            new.writestr(zipfile.ZipInfo(info.filename, info.date_time), data, zipfile.ZIP_DEFLATED)
    path.write_bytes(out.getvalue())  # into the same file, as programs do


def filled(xml: bytes, values: dict[str, str], done: int) -> bytes:
    """The XML of a tab with texts in cells, and the cached progress counter brought up to date."""
    tree = ElementTree.fromstring(xml)
    for cell in tree.iter(f"{{{MAIN}}}c"):
        text = values.get(cell.get("r", ""))
        if text is not None:
            cell.set("t", "inlineStr")
            for child in list(cell):
                cell.remove(child)
            inner = ElementTree.SubElement(ElementTree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t")
            inner.text = text
            inner.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        cached = cell.find(f"{{{MAIN}}}v") if cell.find(f"{{{MAIN}}}f") is not None else None
        if cached is not None and cached.text:
            cached.text = re.sub(r"\b0 of ", f"{done} of ", cached.text)
    return ElementTree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def play(root: Path) -> int:
    """Fill every sheet that is not finished; the number of sheets that were filled."""
    records = Records(root)
    events = ledger.read_events(root / "data/raw/ledger")
    done = folder.answered(events)
    count = 0
    for sheet, info in folder.issued(events).items():
        if all((sheet, item) in done for item in info.items):
            continue
        path = root / "data/raw/sheets" / info.stage / info.file
        known = said(info.stage, records, root)
        labels = {}
        for item, text in places(path)[2].items():
            if info.stage == "duplicates":
                labels[item] = next(
                    row for (person, title), row in known.items() if person == info.person and title in folded(text)
                )
            else:
                labels[item] = known[info.person, item]
        fill(path, labels)
        count += 1
        print(f"{info.person} filled {info.file}: {len(labels)} rows")
    return count


def main() -> None:
    """Run and fill until nobody has a sheet."""
    root = Path(sys.argv[1])
    for _ in range(12):
        subprocess.run([str(Path(sys.executable).parent / "snakemake"), "--cores", "2"], cwd=root, check=True)
        if not play(root):
            return
    raise SystemExit("the review never ends")


if __name__ == "__main__":
    main()
