"""Tables: what is refused, the order of rows, and that every cell comes back as it was written."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoping import schemas, tables
from scoping.errors import ScopingError
from scoping.schemas import ORDER, PROBLEMS, RECORDS, STATES, TABLES, Column, Table

PLAIN = Table(
    "plain",
    "thing",
    ("name", "number"),
    (
        Column("name", "a name"),
        Column("number", "a number", "integer"),
        Column("state", "a state", allowed=("", "yes")),
    ),
)
SUFFIXES = ["csv", "parquet"]


def row(name: str = "a", number: str = "1", state: str = "") -> tables.Row:
    return {"name": name, "number": number, "state": state}


def test_compact_is_one_text_for_equal_values():
    assert tables.compact({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'


REFUSED = [
    ("a column is missing", [{"name": "a", "number": "1"}], r"plain: columns \['state'\]"),
    ("a column too many", [{**row(), "more": ""}], r"plain: columns \['more'\]"),
    ("a value that is not allowed", [row(state="no")], r"plain: state='no' is not one of"),
    ("the same key twice", [row(), row("b"), row()], r"plain: two rows have the key \('a', '1'\)"),
]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(("why", "rows", "message"), REFUSED, ids=[what for what, *_ in REFUSED])
def test_what_breaks_the_schema_is_our_bug_and_changes_no_file(tmp_path, why, rows, message, suffix):
    path = tmp_path / f"t.{suffix}"
    tables.write(path, PLAIN, [row("before")])
    with pytest.raises(ValueError, match=message) as caught:
        tables.write(path, PLAIN, rows)
    assert not isinstance(caught.value, ScopingError)
    assert tables.read(path, PLAIN) == [row("before")]


def test_what_keeps_the_schema_is_written(tmp_path):
    """Control of the above: the same rows without the fault."""
    tables.write(tmp_path / "t.csv", PLAIN, [row(state="yes"), row("b"), row("a", "2")])
    assert len(tables.read(tmp_path / "t.csv", PLAIN)) == 3


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(rows=st.permutations([row("a", n) for n in ("", "1", "2", "9", "10", "100")] + [row("B", "5"), row("b", "3")]))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_are_in_order_of_the_key_and_numbers_count_as_numbers(tmp_path, rows, suffix):
    path = tmp_path / f"t.{suffix}"
    tables.write(path, PLAIN, rows)
    assert [(r["name"], r["number"]) for r in tables.read(path, PLAIN)] == [
        ("B", "5"), ("a", ""), ("a", "1"), ("a", "2"), ("a", "9"), ("a", "10"), ("a", "100"), ("b", "3"),
    ]  # fmt: skip


TEXTS = [
    "NA", "N/A", "null", "None", "nan", "001", "1.0", "1e5", "TRUE", "2020-01-01", "", " ", " a ", '"', '""', "a,b",
    "a;b", "a\tb", "a\nb", "a\rb", "a\r\nb", "\r", "\n", "\\", "=1+1", "é", "证据", "😀", "\u2028", "\ufeff", "\x00",
    "'", "#", "[]", "{}",
]  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_text_survives(tmp_path, suffix):
    rows = [row(text, str(number)) for number, text in enumerate(TEXTS)]
    path = tmp_path / f"t.{suffix}"
    tables.write(path, PLAIN, rows)
    found = tables.read(path, PLAIN)
    assert sorted(found, key=lambda r: int(r["number"])) == rows
    assert all(list(r) == PLAIN.names for r in found)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(names=st.lists(st.text(st.characters(exclude_categories=("Cs",))), max_size=5, unique=True))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives(tmp_path, names, suffix):
    path = tmp_path / f"t.{suffix}"
    tables.write(path, PLAIN, [row(name) for name in names])
    assert sorted(r["name"] for r in tables.read(path, PLAIN)) == sorted(names)


def test_a_csv_has_lf_line_ends_and_no_mark_at_its_beginning(tmp_path):
    tables.write(tmp_path / "t.csv", PLAIN, [row("b"), row("é,")])
    assert (tmp_path / "t.csv").read_bytes() == 'name,number,state\nb,1,\n"é,",1,\n'.encode()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_rows_give_the_same_bytes(tmp_path, suffix):
    rows = [row(text, str(number)) for number, text in enumerate(TEXTS)]
    for name, order in (("a", rows), ("b", rows[::-1])):
        tables.write(tmp_path / f"{name}.{suffix}", PLAIN, order)
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("rows", [[], [row()]])
def test_a_table_without_rows_is_a_table(tmp_path, suffix, rows):
    path = tmp_path / f"t.{suffix}"
    tables.write(path, PLAIN, rows)
    assert tables.read(path, PLAIN) == rows


SHAPES = [
    ("of another table", "position,record_id,score\n1,a,0.5\n"),
    ("of another table, without rows", "position,record_id,score\n"),
    ("empty", ""),
    ("columns in another order", "number,name,state\n1,a,\n"),
    ("a line too short", "name,number,state\na,1,\nb,2\n"),
    ("a line too long", "name,number,state\na,1,\nb,2,,x\n"),
    ("cut off in a quote", 'name,number,state\na,1,\n"b'),
    ("saved as cp1252", "name,number,state\né,1,\n".encode("cp1252")),
    ("saved with a mark", "name,number,state\na,1,\n".encode("utf-8-sig")),
    ("a parquet file", b"PAR1"),
]


@pytest.mark.parametrize(("what", "content"), SHAPES, ids=[what for what, _ in SHAPES])
def test_a_file_of_another_shape_is_an_error_that_says_what_to_do(tmp_path, what, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ScopingError, match=r"t\.csv: is not a table of plain; remove it and run"):
        tables.read(path, PLAIN)


@pytest.mark.parametrize("content", ["of another table", "no parquet"])
def test_a_parquet_file_of_another_shape(tmp_path, content):
    path = tmp_path / "t.parquet"
    if content == "no parquet":
        path.write_bytes(b"PAR1 and something else")
    else:
        tables.write(path, ORDER, [])
    with pytest.raises(ScopingError, match="is not a table of plain"):
        tables.read(path, PLAIN)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_not_there(tmp_path, suffix):
    with pytest.raises(ScopingError, match=r"is not there yet; run `snakemake --cores 4`"):
        tables.read(tmp_path / f"t.{suffix}", PLAIN)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-0.5", "'-0.5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("\r=1+1", "'\r=1+1"),
        ("a=1", "a=1"),
        ("", ""),
        ("'quoted'", "'quoted'"),
    ],
)
def test_a_report_for_people_runs_no_formula(tmp_path, value, shown):
    tables.write_report(tmp_path / "r.csv", ["a", "b"], [{"a": value, "b": "x", "not shown": "y"}])
    text = (tmp_path / "r.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf"), "Excel takes it for UTF-8 by this mark"
    assert list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))) == [["a", "b"], [shown, "x"]]


def test_machine_tables_are_not_guarded(tmp_path):
    tables.write(tmp_path / "t.csv", PLAIN, [row("=1+1")])
    assert tables.read(tmp_path / "t.csv", PLAIN)[0]["name"] == "=1+1"


def test_a_report_carries_the_notice_of_the_review(tmp_path):
    rows = [{"a": "1"}, {"a": "2"}]
    tables.write_report(tmp_path / "r.csv", ["a"], rows, notice="Synthetic")
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig") == "a,notice\n1,Synthetic\n2,Synthetic\n"
    tables.write_report(tmp_path / "r.csv", ["a"], rows)
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig") == "a\n1\n2\n"
    assert rows == [{"a": "1"}, {"a": "2"}]


KINDS = {"text", "id", "integer", "number", "date", "json", "flag"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_schema_is_whole(table):
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    assert table.key
    assert table.unit
    for column in table.columns:
        assert column.kind in KINDS, column.name
        assert column.meaning
        assert len(set(column.allowed)) == len(column.allowed)


def test_schemas_have_names_of_their_own_and_the_stages_are_known():
    assert len({table.name for table in TABLES}) == len(TABLES)
    assert {value for value in vars(schemas).values() if isinstance(value, Table)} == set(TABLES)
    assert set(schemas.SCREENING) < set(schemas.STAGES)
    allowed = {c.name: c.allowed for c in PROBLEMS.columns}
    assert allowed["stage"] == schemas.STAGES
    assert {"record_id", "state"} < set(STATES.names)
    assert "content_ids" in RECORDS.names


def test_figures_of_ours_stay_numbers_in_a_report(tmp_path):
    tables.write_report(tmp_path / "r.csv", ["x", "value"], [{"x": "-0.5", "value": "-0.1062"}], numbers=["value"])
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig") == "x,value\n'-0.5,-0.1062\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_a_column_is_what_pyarrow_makes_of_it(values: list[str]) -> None:
    assert tables._strings(values).equals(pa.array(values, pa.string()))


def test_writing_a_large_table_does_not_wait_for_pandas(tmp_path: Path) -> None:
    """`pyarrow.array`, where a list is handed to it, imports all of pandas; that is the control."""
    code = (
        "import sys, pyarrow as pa; from pathlib import Path; from scoping import schemas, tables\n"
        "row = dict.fromkeys(schemas.ENTRIES.names, '') | {'status': 'ok', 'number': '1'}\n"
        "tables.write_packed(Path(sys.argv[1]), schemas.ENTRIES, [tables.packed(schemas.ENTRIES, [row])])\n"
        "print('pandas' in sys.modules); pa.array(['']); print('pandas' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "x.parquet")], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("False\nTrue\n", "")
