"""Labels of screening programs: kept in the entry as they stood, and read from every format the programs write."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from scoping import readers
from scoping.ingest import Claim, File, rows
from scoping.screening_labels import EXCLUDED, Label, labels

NOTE = 'L47 2007 | RAYYAN-INCLUSION: {"Anna Z"=>"Included", "Ben"=>"Excluded"} | RAYYAN-LABELS: later, read'
WHY = "RAYYAN-EXCLUSION-REASONS: wrong design, old,no model"
BOTH = [("Anna Z", "Included"), ("Ben", "Excluded")]
REASONS = ("wrong design, old", "no model")


def csv_of(header: str, *cells: str) -> bytes:
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    return f"{header}\n{quoted}\n".encode()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


def workbook(*rows: tuple[str, ...]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


RAYYAN_CSV = csv_of("key,title,year,authors,notes,pubmed_id,pmc_id", "rayyan-7", "A bridge", "2020", "Marsh, A.", f"{NOTE} | {WHY}", "", "")  # fmt: skip
ASREVIEW = "record_id,title,authors,year,asreview_label,asreview_note"
COVIDENCE = "Title,Authors,Abstract,Published Year,DOI,Ref,Covidence #,Study,Notes,Tags"

FILES = {
    "rayyan csv": ("rayyan", RAYYAN_CSV, BOTH, REASONS),
    "rayyan zip": ("rayyan", zipped(articles_csv=RAYYAN_CSV, readme_txt=b"hello"), BOTH, REASONS),
    "rayyan ris": (
        "rayyan",
        f"TY  - JOUR\nTI  - A bridge\nAU  - Marsh, A.\nAN  - rayyan-7\nN1  - {NOTE} | {WHY}\nER  - \n".encode(),
        BOTH,
        REASONS,
    ),
    "rayyan bib": (
        "rayyan",
        f"@article{{rayyan-7,\n  title={{A bridge}},\n  author={{Marsh, A.}},\n  note={{{NOTE} | {WHY}}}\n}}\n".encode(),
        BOTH,
        REASONS,
    ),
    "rayyan bib, the labels last": (
        "rayyan",
        b'@article{rayyan-7,\n  title={A bridge},\n  note={RAYYAN-INCLUSION: {"Ben"=>"Maybe"}}}\n',
        [("Ben", "Maybe")],
        (),
    ),
    "rayyan, by way of Zotero": (
        "rayyan",
        b"TY  - JOUR\nTI  - A bridge\nN1  - <p>RAYYAN-INCLUSION: {&quot;Ben&quot;=&gt;&quot;Maybe&quot;}</p>\nER  - \n",
        [("Ben", "Maybe")],
        (),
    ),
    "asreview csv": ("asreview", csv_of(ASREVIEW, "3", "A bridge", "Marsh, A.", "2020", "1", "good"), [("", "relevant")], ()),
    "asreview csv, of old": (
        "asreview",
        csv_of("record_id,title,authors,included", "3", "A bridge", "Marsh, A.", "0"),
        [("", "irrelevant")],
        (),
    ),
    "asreview csv, not seen": ("asreview", csv_of(ASREVIEW, "3", "A bridge", "Marsh, A.", "2020", "", ""), [], ()),
    "asreview ris": (
        "asreview",
        b"TY  - JOUR\nTI  - A bridge\nN1  - Mine. ASReview_irrelevant. More.\nN1  - ASReview_prior\nER  - \n",
        [("", "irrelevant")],
        (),
    ),
    "asreview ris, not seen": ("asreview", b"TY  - JOUR\nTI  - A bridge\nN1  - ASReview_not_seen\nER  - \n", [], ()),
    "covidence csv, tags": (
        "covidence",
        csv_of(COVIDENCE, "A bridge", "Marsh, A.", "", "2020", "", "", "#12", "Marsh 2020", "", "Keep; Ongoing study"),
        [("", "Keep"), ("", "Ongoing study")],
        (),
    ),
    "covidence csv, a reason": (
        "covidence",
        csv_of(COVIDENCE, "A bridge", "Marsh, A.", "", "2020", "", "", "#12", "Marsh 2020", "Exclusion reason: no model; seen twice", ""),
        [("", EXCLUDED)],
        ("no model",),
    ),
    "eppi xlsx": (
        "eppi",
        workbook(("Included", "ID", "ShortTitle", "Title", "Year"), ("I", "77", "Marsh (2020)", "A bridge", "2020")),
        [("", "I")],
        (),
    ),
    "eppi csv": ("eppi", csv_of("Included,ID,ShortTitle,Title,Year", "E", "77", "Marsh (2020)", "A bridge", "2020"), [("", "E")], ()),
    "eppi ris": (
        "eppi",
        b"TY  - JOUR\nT1  - A bridge\nKW  - eppi-reviewer\nKW  - Keep\nKW  - bridges\nU1  - 77\nER  - \n",
        [("", "Keep")],
        (),
    ),
    "a column": ("Our decision", csv_of("Title,Authors,Our decision", "A bridge", "Marsh, A.", "yes"), [("", "yes")], ()),
    "a tag": ("C1", b"TY  - JOUR\nTI  - A bridge\nC1  - kept\nER  - \n", [("", "kept")], ()),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_label_is_kept_in_the_entry_and_found_there(name: str) -> None:
    where, data, wanted, reasons = FILES[name]
    (entry,) = rows(readers.parse(data), File.of(data, "export", {"mine": Claim("mine", None)}))
    tags = [tuple(tag) for tag in json.loads(entry["tags"])]
    found, wrong = labels(tags, where, ("wrong design, old", "Keep"))
    assert found == [Label(who, word, reasons) for who, word in wanted]
    assert wrong == []
    said = " ".join(value for _, value in tags)
    assert all(who in said for who, _ in wanted)  # whether or not anybody maps it, the entry keeps the label
    assert entry["title"] == "A bridge"


@pytest.mark.parametrize(
    "text",
    ["RAYYAN-INCLUSION: Included", 'RAYYAN-INCLUSION: {"Anna"=>}', 'RAYYAN-INCLUSION: {"Anna"=>"Included" and so on}'],
)
def test_a_label_that_cannot_be_read_is_told_not_dropped(text: str) -> None:
    found, (wrong,) = labels([("notes", text)], "rayyan")
    assert found == []
    assert wrong == f"`{text}` cannot be read as a label of Rayyan"


def test_prose_and_other_programs_are_no_labels() -> None:
    tags = [("AB", "We call it ASReview_relevant."), ("title", 'RAYYAN-INCLUSION: {"A"=>"Included"}'), ("KW", "Keep")]
    assert [labels(tags, where) for where in ("rayyan", "asreview", "covidence", "eppi", "KW", "C1")] == [([], [])] * 6
    assert labels([("KW", "Keep; bridges")], "KW", ("Keep",)) == ([Label("", "Keep")], [])  # a control: now it is one


def test_two_labels_that_contradict_each_other_are_both_there() -> None:
    found, _ = labels([("N1", "ASReview_relevant"), ("N1", "ASReview_irrelevant")], "asreview")
    assert [label.word for label in found] == ["relevant", "irrelevant"]


def test_names_with_quotes_and_the_words_of_the_file() -> None:
    found, _ = labels([("note", r'RAYYAN-INCLUSION: {"J\"o, x" => "Maybe", "Żaneta"=>"Included"}')], "rayyan")
    assert found == [Label('J"o, x', "Maybe"), Label("Żaneta", "Included")]


def test_every_label_of_real_exports_is_found(shared_data: Callable[[str], Path]) -> None:
    """Against a count that knows no tags: pairs `"=>"` and marks of ASReview in the whole text."""
    seen = 0
    for path in sorted(shared_data("exports").rglob("*")):
        raw = path.read_bytes() if path.is_file() and path.name != "MANIFEST.csv" else b""
        for where, mark, pattern in (
            ("rayyan", b"RAYYAN-INCLUSION", rb'"=>"'),
            ("asreview", b"N1  - ", rb"ASReview_(?:ir)?relevant"),
        ):
            wanted = len(re.findall(pattern, raw.replace(b'""', b'"'))) if mark in raw else 0
            if wanted:
                found = [labels(entry.tags, where) for entry in readers.parse(raw).entries]
                assert (sum(len(said) for said, _ in found), [wrong for _, wrong in found if wrong]) == (wanted, []), (
                    path
                )
                seen += wanted
    assert seen > 100
