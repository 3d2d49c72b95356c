"""What a receipt counts and compares."""

import json
import os
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from scoping import schemas, tables
from scoping.cli.ingest import command
from scoping.errors import ScopingError
from scoping.ingest import PAGE_SIZES
from scoping.readers import markers
from scoping.tables import Row

EXPORTS = Path(__file__).resolve().parents[1] / "fixtures" / "exports"
ENTRY = "TY  - JOUR\nTI  - Councils {}\nER  - \n\n"
PLAIN = {"reported": None, "encoding": ""}


def ingest(data: str | bytes, **claims: dict[str, object]) -> tuple[list[Row], list[Row]]:
    """The entries in the order of the file, and the receipts, as the command writes them."""
    with tempfile.TemporaryDirectory() as place:
        here = Path.cwd()
        os.chdir(place)
        try:
            Path("data/raw/exports").mkdir(parents=True)
            export = Path("data/raw/exports/x.ris")
            export.write_bytes(data if isinstance(data, bytes) else data.encode())
            call = ["--claims", json.dumps({"claims": claims or {"scopus": PLAIN}})]
            call += ["--entries", "e.parquet", "--issues", "i.csv", "--receipts", "r.csv"]
            result = CliRunner().invoke(command, [str(export), *call])
            if result.exception:
                raise result.exception
            rows = tables.read(Path("e.parquet"), schemas.ENTRIES)
            receipts = tables.read(Path("r.csv"), schemas.RECEIPTS)
        finally:
            os.chdir(here)
    return sorted(rows, key=lambda row: int(row["line_start"])), receipts


def receipt(data: str | bytes, reported: int | None = None) -> Row:
    _, (row,) = ingest(data, scopus={**PLAIN, "reported": reported})
    return row


def warnings(data: str | bytes) -> list[str]:
    found: list[str] = json.loads(receipt(data)["warnings"])
    return found


def entries(number: int) -> str:
    return "".join(map(ENTRY.format, range(number)))


def test_a_file_in_order_is_warned_about_with_no_word() -> None:
    assert warnings(entries(3)) == []


@pytest.mark.parametrize("number", PAGE_SIZES)
def test_as_many_entries_as_a_page_has_are_warned_about(number: int) -> None:
    assert warnings(entries(number)) == [f"exactly {number} entries: exports are often cut off at this number"]
    assert warnings(entries(number + 1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Record #1 of 18\nProvider: Invented Press\n\n" + ENTRY.format(1) + "Record #2 of 18\n\n" + ENTRY.format(2),
        '{"meta": {"db_response_time_ms": 9, "count": 18, "page": 1}, "results": [{"id": "https://openalex.org/W1", "title": "One"},'
        ' {"id": "https://openalex.org/W2", "title": "Two"}]}',
        '{"status": "ok", "message-type": "work-list", "message": {"total-results": 18, "items": [{"title": ["One"]}, {"title": ["Two"]}]}}',
        '{"total": 18, "data": [{"lens_id": "000-1", "title": "One"}, {"lens_id": "000-2", "title": "Two"}]}',
    ],
    ids=["Cochrane", "OpenAlex", "Crossref", "Lens"],
)  # fmt: skip
def test_fewer_entries_than_the_file_announces_are_warned_about(text: str) -> None:
    assert receipt(text)["declared"] == "18"
    assert warnings(text) == ["the file speaks of 18 entries and holds 2: was the export cut off?"]
    whole = text.replace("18", "2")
    assert receipt(whole)["declared"] == "2"
    assert warnings(whole) == []


def test_a_second_count_that_differs_is_warned_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markers, "ris", lambda _: 4)
    assert warnings(entries(3)) == ["3 entries were read, but 4 markers of entries were counted"]


def test_reported_hits_stand_in_the_receipt_beside_what_was_found() -> None:
    """`progress` compares them, for the files of a source together."""
    row = receipt(entries(3), reported=5)
    assert (row["reported"], row["found"]) == ("5", "3")
    assert receipt(entries(3))["reported"] == ""


@pytest.mark.parametrize("name", sorted(path.name for path in EXPORTS.iterdir()))
def test_what_is_found_is_read_warned_about_or_rejected(name: str) -> None:
    row = receipt((EXPORTS / name).read_bytes())
    assert int(row["found"]) == sum(int(row[status]) for status in ("ok", "warned", "rejected"))
    assert row["found"] == row["file_entries"] == row["file_markers"]


def test_an_entry_that_nothing_identifies_is_rejected_with_its_line() -> None:
    data = entries(1) + "TY  - JOUR\nAU  - Marsh, A.\nER  - \n"
    row = receipt(data)
    assert (row["found"], row["ok"], row["rejected"], row["rejected_lines"]) == ("2", "1", "1", "[5]")
    rows, _ = ingest(data)
    assert json.loads(rows[1]["problems"]) == ["nothing identifies it: no title, DOI or accession number"]
    assert "AU  - Marsh, A." in rows[1]["raw"]


def test_a_table_of_several_sources_has_a_receipt_for_each() -> None:
    table = "Source,Title,DOI\npubmed,One,\nGrey Index,Two,\npubmed,Three,\n"
    claims = {"pubmed": PLAIN, "grey_index": PLAIN}
    rows, receipts = ingest(table, **claims)
    assert [row["source"] for row in rows] == ["pubmed", "grey_index", "pubmed"]
    assert sorted((row["source"], row["found"], row["file_entries"]) for row in receipts) == [
        ("grey_index", "1", "3"),
        ("pubmed", "2", "3"),
    ]
    for name, said in (("other", "names the source 'other'"), ("", "names no source")):
        with pytest.raises(ScopingError, match=f"x.ris:2: the row {said}"):
            ingest(f"Source,Title,DOI\n{name},One,\n", **claims)


def test_a_refusal_names_the_file() -> None:
    with pytest.raises(ScopingError) as caught:
        receipt("nothing here")
    assert str(caught.value).startswith("data/raw/exports/x.ris: the format is not known")


def test_the_encoding_and_columns_of_a_claim_are_used() -> None:
    own = {**PLAIN, "encoding": "mac_roman", "columns": {"title": "Überschrift"}}
    rows, _ = ingest("Nr,Überschrift\n1,Räte\n".encode("mac_roman"), own=own)
    assert rows[0]["title"] == "Räte"
