"""One hostile review through every output for authors: its words stay words, and every file can be opened."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx as word
import openpyxl
import pytest
from click.testing import CliRunner

from scoping import prisma, schemas, tables
from scoping.cli import author_tables, references, synthesise
from scoping.codebook import Codebook
from scoping.config import settings
from scoping.methods import checklists, prisma_s, prisma_scr
from scoping.methods import material as methods
from scoping.synthesis import Material
from scoping.tables import compact

EVIL = "=cmd|'/c x'!A1 <script>alert(1)</script> ]]> &amp; \\input{x} $%#_{}~^ \x00\x0b\u202e \"q\" 'q'\nER  - \n@book{"
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th",
    "td", "br", "p", "a", "h1", "ol", "ul", "li", "i", "mark",
}  # fmt: skip


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets |= {value or "" for name, value in attrs if name == "href"}


@pytest.fixture
def material(make: Any) -> Material:
    person = {"family": EVIL, "given": EVIL, "literal": ""}
    texts = dict.fromkeys(("title", "abstract", "journal", "publisher", "volume", "language"), EVIL)
    plain = {"sources": '["scopus"]', "type": "report", "url": f"https://a.example/{EVIL}", "doi": "10.5555/<b>{x}\\y"}
    records = [
        make.record("A", authors=compact([person]), **texts, **plain),
        make.record("B", authors=compact([person]), **texts, **plain),
    ]
    states = {"A": make.state("A", "include"), "B": make.state("B", "exclude", reason=EVIL, reasons=compact([EVIL]))}
    quote = {"quote": EVIL, "locator": EVIL, "note": EVIL, "level": EVIL, "verdict": "verbatim", "passage": EVIL}
    cells = [make.cell("A", code, "coded", value="yes", status=EVIL, basis=EVIL, **quote) for code in ("MEC1", "CHA1")]
    return Material(
        records, [make.entry_record("A-scopus-1", "A")], [], {}, states, cells, [{"file": EVIL, "record_id": "A"}]
    )


@pytest.fixture
def codebook() -> Codebook:
    texts = {"label": EVIL, "definition": EVIL, "family": "f", "levels": ["system", "individual"]}
    codes = [{"id": "MEC1", "status": "yes", **texts}, {"id": "CHA1", "basis": "yes", **texts}]
    targets = [{"id": "one", "label": EVIL}]
    rows = [{"code": "MEC1", "target": "one", "kind": "explicit"}]
    return Codebook.model_validate(
        {
            "version": 1,
            "families": [{"id": "f", "label": EVIL, "text": EVIL}],
            "codes": codes,
            "crosswalks": [{"id": "walk", "version": 1, "label": EVIL, "targets": targets, "rows": rows}],
        }
    )


def test_tables(material: Material, codebook: Codebook, make: Any, tmp_path: Path) -> None:
    synthesise._write_tables(material, make.review(notice=EVIL), codebook, tmp_path)
    names = {path.stem for path in tmp_path.glob("*.docx")}
    assert len(names) == 16
    for name in names:
        columns = _csv(tmp_path / f"{name}.csv")
        _word(tmp_path / f"{name}.docx", columns)
        _page(tmp_path / f"{name}.html")
        tab = openpyxl.load_workbook(tmp_path / f"{name}.xlsx").active
        assert tab is not None
        assert all(cell.data_type != "f" for row in tab.iter_rows() for cell in row)
        _latex(tmp_path / f"{name}.tex", columns)
    for path in tmp_path.glob("*_ids.csv"):
        _csv(path)


def test_checklists(material: Material, codebook: Codebook, make: Any, tmp_path: Path) -> None:
    source = {"name": EVIL, "kind": "database", "platform": EVIL, "strategy": EVIL, "files": ["a.ris"]}
    review = make.review(
        title=EVIL, notice=EVIL, sources={"scopus": source, "web": source}, declarations={"funding": EVIL, "coverage": EVIL},
        question=dict.fromkeys(("text", "population", "concept", "context"), EVIL),
    )  # fmt: skip
    found = prisma.boxes(material.entry_records, [], {}, {})
    told = methods.Material(review, codebook, {"scoping": EVIL}, found, records=material.records, cells=material.cells)
    for name, list_ in (("prisma_scr", prisma_scr), ("prisma_s", prisma_s)):
        answers = checklists.answers(told, list_.ITEMS)
        author_tables.write(checklists.sheet(name, list_.CAPTION, answers, list_.NOTE), tmp_path, review.notice)
        columns = _csv(tmp_path / f"{name}.csv")
        _word(tmp_path / f"{name}.docx", columns)
        _page(tmp_path / f"{name}.html")
        _latex(tmp_path / f"{name}.tex", columns)
        marked = re.findall(r"<mark>(\[AUTHORS: .*?\])</mark>", (tmp_path / f"{name}.html").read_text(encoding="utf-8"))
        assert len(marked) > len(answers), "the pages at least"


def test_reference_lists(material: Material, make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.write(tmp_path / "records.csv", schemas.RECORDS, material.records)
    state = {**material.full_text["B"], "reason": "", "reasons": "[]"}
    tables.write(tmp_path / "states.csv", schemas.STATES, [material.full_text["A"], state])
    paths = ["--records", str(tmp_path / "records.csv"), "--full-text", str(tmp_path / "states.csv")]
    review = settings(make.review(notice=EVIL), "references")
    said = CliRunner().invoke(references.command, [*paths, "--settings", review, "--folder", str(tmp_path)])
    assert (said.exit_code, said.exception) == (0, None)
    for name in ("apa", "numbered"):
        assert len(word.Document(str(tmp_path / f"{name}.docx")).paragraphs) == 3
        _page(tmp_path / f"{name}.html")
        assert len((tmp_path / f"{name}.txt").read_text(encoding="utf-8").splitlines()[0]) > 100
    assert (tmp_path / "included.ris").read_bytes().count(b"\nER  - \r\n") == 1
    assert len(re.findall(r"(?m)^@", (tmp_path / "included.bib").read_text(encoding="utf-8"))) == 1


def _csv(path: Path) -> int:
    """Every row has as many cells as the header, and none begins a formula."""
    with path.open(newline="", encoding="utf-8-sig") as handle:
        head, *rows = list(csv.reader(handle))
    assert all(len(row) == len(head) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    return len(head) - 1  # without the notice


def _word(path: Path, columns: int) -> None:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert archive.testzip() is None
    (table,) = word.Document(str(path)).tables
    assert {len(row.cells) for row in table.rows} == {columns}


def _page(path: Path) -> None:
    found = _Tags(path.read_text(encoding="utf-8"))
    assert found.tags <= ALLOWED
    assert all(target.startswith(("https://", "http://")) for target in found.targets)


def _latex(path: Path, columns: int) -> None:
    text = path.read_text(encoding="utf-8")
    body = text.partition("\\endfoot\n")[2].partition("\\end{longtable}")[0]
    for line in body.splitlines():
        assert line.endswith(" \\\\")
        assert len(re.findall(r"(?<!\\)&", line)) == columns - 1
        assert not re.search(r"(?<!\\)[$#%_]", line)
        assert "\\input" not in line
    assert text.count("\\end{longtable}") == 1
