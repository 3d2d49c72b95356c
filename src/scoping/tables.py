"""The only reader and writer of tables. Small ones are CSV, those with abstracts are Parquet."""

import csv
import io
import json
import sys
from array import array
from collections.abc import Collection, Iterable
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from scoping import files
from scoping.columns import Table
from scoping.errors import ScopingError

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, str]

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False)
_ROWS_WRITTEN = 1000  # at a time: fewer cost more bytes and more time to read
_GUARDED = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins with these


def compact(value: Any) -> str:
    """A list or mapping as it stands in a cell: sorted keys, no blanks, no escapes."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:  # half a character that a damaged file left, keys that are no text
        return _JSON.encode(value)


def _in_order(table: Table, rows: Iterable[Row]) -> list[Row]:
    numeric = {column.name for column in table.columns if column.kind == "integer"}

    def key(row: Row) -> tuple[Any, ...]:
        return tuple(int(row[name] or 0) if name in numeric else row[name] for name in table.key)

    return sorted(rows, key=key)


def _checked(table: Table, rows: Iterable[Row]) -> list[Row]:
    """The rows in order of the key. A row that breaks the schema is our bug, hence a ValueError."""
    columns, seen, out = set(table.names), set(), []
    allowed = {column.name: set(column.allowed) for column in table.columns if column.allowed}
    for row in rows:
        if row.keys() != columns:
            raise ValueError(f"{table.name}: columns {sorted(set(row) ^ columns)} are missing or not in the schema")
        for name, values in allowed.items():
            if row[name] not in values:
                raise ValueError(f"{table.name}: {name}={row[name]!r} is not one of {sorted(values)}")
        key = tuple(row[name] for name in table.key)
        if key in seen:
            raise ValueError(f"{table.name}: two rows have the key {key}")
        seen.add(key)
        out.append(row)
    return _in_order(table, out)


def csv_text(columns: list[str], rows: Iterable[Row]) -> str:
    """Comma-separated text with LF line ends."""
    out = io.StringIO()
    plain = csv.writer(out, lineterminator="\n")
    quoted = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain.writerow(columns)
    for row in rows:
        values = [row[name] for name in columns]
        # `plain` does not quote a lone CR, which readers take for the end of a line
        (quoted if any("\r" in value for value in values) else plain).writerow(values)
    return out.getvalue()


def write(path: Path, table: Table, rows: Iterable[Row]) -> None:
    """Write a table, sorted by its key, as Parquet or CSV by the ending of the name."""
    checked = _checked(table, rows)
    if path.suffix == ".parquet":
        files.replace(path, _parquet(table, checked))
    else:
        files.replace(path, csv_text(table.names, checked).encode())


def packed(table: Table, rows: Iterable[Row]) -> bytes:
    """Some rows of a table as bytes that another process can hand to `write_packed`."""
    import pyarrow as pa

    batch = _batch(table, _checked(table, rows))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return bytes(sink.getvalue())


def write_packed(path: Path, table: Table, packs: Iterable[bytes]) -> int:
    """Write a table as Parquet from packed rows, in their order, of which few are in memory at a time; their number.

    An integer column of the key counts the rows of a pack from 1; in the table it goes on from pack to pack.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = next(at for at, column in enumerate(table.columns) if column.name in table.key and column.kind == "integer")
    schema = pa.schema([(name, pa.string()) for name in table.names])
    total, group = 0, list[pa.Table]()
    options = {
        "compression": "zstd",
        "write_statistics": False,
    }  # of these the longest texts would be held until the end
    with files.replacing(path) as sink, pq.ParquetWriter(sink, schema, **options) as writer:
        for pack in packs:
            batch = pa.ipc.open_stream(pack).read_all()
            counted = _strings([str(number) for number in range(total + 1, total + 1 + len(batch))])
            total += len(batch)
            group.append(batch.set_column(place, schema.field(place), counted))
            if sum(map(len, group)) >= _ROWS_WRITTEN:
                writer.write_table(pa.concat_tables(group))
                group.clear()
        if group:
            writer.write_table(pa.concat_tables(group))
    return total


def _batch(table: Table, rows: list[Row]) -> "pa.RecordBatch":
    import pyarrow as pa

    return pa.record_batch({name: _strings([row[name] for row in rows]) for name in table.names})


def _strings(values: list[str]) -> "pa.StringArray":
    """What `pyarrow.array` gives; that function imports pandas, which takes as long as reading some thousand entries."""
    import pyarrow as pa

    if all(map(str.isascii, values)):
        sizes, data = map(len, values), "".join(values).encode()
    else:
        parts = [value.encode() for value in values]
        sizes, data = map(len, parts), b"".join(parts)
    offsets = array("i", accumulate(sizes, initial=0))
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(data))


def _parquet(table: Table, rows: list[Row]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.Table.from_batches([_batch(table, rows)]), sink, compression="zstd")
    return sink.getvalue()


def read(path: Path, table: Table) -> list[Row]:
    """The rows of a table as they were written; a file of another shape is an error that says what to do."""
    try:
        names, rows = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except FileNotFoundError:
        raise ScopingError("is not there yet", path=path, do="run `snakemake --cores 4`") from None
    except ValueError:  # other bytes than we write
        names, rows = [], []
    if names != table.names:
        raise ScopingError(f"is not a table of {table.name}", path=path, do="remove it and run `snakemake --cores 4`")
    return rows


def _read_csv(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(newline="", encoding="utf-8") as handle:
        names, *lines = list(csv.reader(handle)) or [[]]
    return names, [dict(zip(names, line, strict=True)) for line in lines]


def _read_parquet(path: Path) -> tuple[list[str], list[Row]]:
    import pyarrow.parquet as pq

    found = pq.read_table(path, use_threads=False)
    return found.column_names, found.to_pylist()


def guarded(value: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{value}" if value.startswith(_GUARDED) else value


def write_report(
    path: Path, columns: list[str], rows: Iterable[Row], *, notice: str = "", numbers: Collection[str] = ()
) -> None:
    """Write a CSV for people: guarded against formulas, with the notice of the review as a last column.

    `numbers` are columns that hold figures of ours: a negative one must stay a number.
    """
    safe = [{name: row[name] if name in numbers else guarded(row[name]) for name in columns} for row in rows]
    if notice:
        columns = [*columns, "notice"]
        safe = [{**row, "notice": guarded(notice)} for row in safe]
    files.replace(path, csv_text(columns, safe).encode("utf-8-sig"))
