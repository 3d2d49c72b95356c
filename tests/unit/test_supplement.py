"""The supplement: everything the plan names, listed with its hash, the same bytes every time."""

import csv
import io
import zipfile

from click.testing import CliRunner

from scoping import author_docx, files, paper
from scoping.author_sheet import Sheet
from scoping.cli import supplement

SETTINGS = '{"notice":"Made up.","title":"A review"}'


def write(folder):
    made = author_docx.docx(Sheet("derived", "Derived", ["A", "B"], [9, 9], [{"A": "1", "B": "2"}]), "Made up.")
    for name, data in {
        "tables/derived.docx": made, "tables/derived.csv": b"A,B\n1,2\n", "tables/derived_ids.csv": b"id\n", "tables/quotes.csv": b"x",
        "tables/interviews_ids.csv": b"x", "prisma_ids.csv": b"a\n", "prisma.html": b"<p>", "map.html": b"<p>", "figures/years_data.csv": b"b\n",
        "references/included.ris": b"", "references/included.bib": b"", "codebook.yaml": b"version: 1\n",
    }.items():  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return [str(path) for path in sorted(folder.rglob("*.*")) if path.name != "codebook.yaml"]


def packed(tmp_path, reverse=False):
    reports = write(tmp_path)
    archive = tmp_path / "supplement.zip"
    done = CliRunner().invoke(
        supplement.command,
        [*(reports[::-1] if reverse else reports), "--codebook-file", str(tmp_path / "codebook.yaml"), "--settings", SETTINGS,
         "--archive", str(archive)],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return archive.read_bytes()


def test_it_holds_what_the_plan_names_and_lists_it(tmp_path):
    with zipfile.ZipFile(io.BytesIO(packed(tmp_path))) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert set(held) == {
        "contents.csv", "supplement.docx", "codebook.yaml", "map.html", "flow/prisma.html", "flow/prisma_ids.csv",
        "tables/derived.csv", "tables/derived_ids.csv", "figures/years_data.csv", "references/included.ris",
        "references/included.bib",
    }  # fmt: skip
    listed = list(csv.DictReader(io.StringIO(held["contents.csv"].decode())))
    assert {row["file"]: (row["bytes"], row["sha256"]) for row in listed} == {
        name: (str(len(data)), files.sha256(data)) for name, data in held.items() if name != "contents.csv"
    }
    assert all(row["what"] for row in listed)
    assert tuple(listed[0]) == paper.CONTENTS


def test_the_same_bytes_whatever_the_order(tmp_path):
    assert packed(tmp_path) == packed(tmp_path, reverse=True)
