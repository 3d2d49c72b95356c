"""Every row of every table behind the flow diagram, taken away and doubled: the command stops, and says which it is.

The files are changed as files, so that readers, checks of rows and checks of sums all stand in the way.
"""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from scoping import config, schemas, schemas_studies, tables
from scoping.cli import flow
from scoping.errors import ScopingError
from scoping.tables import compact

PREVIOUS = "study,report,doi,record_id\nS1,Marsh 2019,10.5555/old,\nS1,Marsh 2020,,R4\nS2,Quist 2018,,\n"
TABLES = {
    "entry_records": (schemas.ENTRY_RECORDS, "csv"),
    "records": (schemas.RECORDS, "parquet"),
    "title": (schemas.STATES, "csv"),
    "title_abstract": (schemas.STATES, "csv"),
    "full_text": (schemas.STATES, "csv"),
    "studies": (schemas_studies.STUDIES, "csv"),
}
ARMS = {"scopus": "databases", "wos": "databases", "web": "other"}


def entries(make):
    """Seven records: R1 of three entries, one of them by other methods; two entries that nothing identifies."""
    rows = [("R1", "scopus"), ("R1", "wos"), ("R1", "web"), *((f"R{k}", "scopus") for k in range(2, 7)), ("R7", "web")]
    seen, found = set(), []
    for line, (record, source) in enumerate(rows, 1):
        where = {"source": source, "arm": ARMS[source], "file": f"{source}.ris", "line_start": str(line)}
        role = "duplicate" if record in seen else "record"
        found.append(
            make.entry_record(f"{record}-{source}-1", record, role, status="ok" if line % 2 else "warned", **where)
        )
        seen.add(record)
    for line, source in ((41, "scopus"), (42, "web")):
        where = {"source": source, "arm": ARMS[source], "file": f"{source}.ris", "line_start": str(line)}
        found.append(make.entry_record(f"X{line}-{source}-1", "", "rejected", status="rejected", **where))
    return found


def receipts(of):
    """A table for each file, as `ingest` writes them."""
    blank = dict.fromkeys(schemas.RECEIPTS.names, "")
    for source in ARMS:
        mine = [row for row in of if row["source"] == source]
        lines = [int(row["line_start"]) for row in mine if row["status"] == "rejected"]
        counts = {status: str(sum(row["status"] == status for row in mine)) for status in ("ok", "warned", "rejected")}
        yield source, {**blank, "source": source, "file": f"{source}.ris", **counts, "rejected_lines": compact(lines)}


class Folder:
    """The tables as files, and the command over them."""

    def __init__(self, root, make, *, titled):
        self.root, self.make, self.titled = root, make, titled
        of = entries(make)
        names = sorted({row["record_id"] for row in of} - {""})
        ids = {name: [row["entry_id"] for row in of if row["record_id"] == name] for name in names}
        arm = {name: "other" if name == "R7" else "databases" for name in names}
        first = ["include", "include", "include", "include", "exclude", "pending", "include"]
        second = {"R1": "include", "R2": "exclude", "R3": "not_retrieved", "R4": "include", "R7": "include"}
        title = [make.state(name, "exclude" if name == "R5" else "include") for name in names]
        later = [row["record_id"] for row in title if row["state"] == "include"] if titled else names
        states = dict(zip(names, first, strict=True))
        self.rows = {
            "entry_records": of,
            "records": [make.record(name, arm=arm[name], entry_ids=compact(ids[name])) for name in names],
            "title": title,
            "title_abstract": [make.state(name, states[name]) for name in later],
            "full_text": [
                make.state(name, state, reason="topic" if state == "exclude" else "") for name, state in second.items()
            ],
            "studies": [make.study("R1"), make.study("R4", "R1"), make.study("R7")],
        }
        for name, (table, ending) in TABLES.items():
            tables.write(root / f"{name}.{ending}", table, self.rows[name])
        for source, row in receipts(of):
            tables.write(root / f"{source}.receipts.csv", schemas.RECEIPTS, [row])
        (root / "previous.csv").write_text(PREVIOUS, encoding="utf-8")
        sources = {
            name: {"name": name, "kind": "website" if arm == "other" else "database", "files": [f"{name}.ris"]}
            for name, arm in ARMS.items()
        }
        said = {"citation": "The version before.", "studies": 2, "reports": 3}
        self.settings = config.settings(make.review(sources=sources, previous=said), "flow")

    @property
    def files(self):
        """Each file with rows that the command reads."""
        left_out = set() if self.titled else {"title.csv"}
        return sorted(path for path in self.root.iterdir() if path.is_file() and path.name not in left_out)

    def run(self):
        """What the command says that is wrong; nothing where it would draw."""
        paths = [
            f"--{name.replace('_', '-')}={self.root / name}.{TABLES[name][1]}"
            for name in TABLES
            if self.titled or name != "title"
        ]
        reading = [str(path) for path in self.files if path.name.endswith(".receipts.csv")]
        more = [
            f"--previous={self.root / 'previous.csv'}",
            f"--settings={self.settings}",
            f"--folder={self.root / 'out'}",
        ]
        result = CliRunner().invoke(flow.command, [*reading, *paths, *more])
        if result.exception and not isinstance(result.exception, ScopingError):
            raise result.exception
        assert (result.exit_code == 0) == (result.exception is None)
        return str(result.exception or "")


@pytest.fixture(params=[False, True], ids=["one screening", "titles first"])
def folder(request, tmp_path, make, monkeypatch):
    found = Folder(tmp_path, make, titled=request.param)
    monkeypatch.setattr(flow, "_write", lambda *_: None)  # what is drawn has tests of its own
    return found


def rows_of(path):
    if path.suffix == ".parquet":
        return tables._read_parquet(path)[1]
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def write(path, rows):
    """As no command of ours would: the key is not looked at."""
    if path.suffix == ".parquet":
        path.write_bytes(tables._parquet(schemas.RECORDS, rows))
    else:
        head = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
        path.write_text(tables.csv_text(head, rows), encoding="utf-8")


def signs(path, row, *, lost):
    """What may be named for a row: its id; where no other table knows it, its file and line."""
    if path.name == "previous.csv":
        return [str(path)] if lost else [repr(row["report"])]
    if path.name.endswith(".receipts.csv"):
        return [row["file"]]
    if row.get("role") == "rejected":
        return [f"{row['file']}:{row['line_start']}"] if lost else [row["entry_id"]]
    return [row.get("entry_id") or row["record_id"]]


def test_the_tables_fit(folder):
    """Else what follows would prove nothing."""
    assert folder.run() == ""
    assert len(folder.files) == 9 + folder.titled


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "doubled"])
def test_no_row_of_any_table_can_be_lost_or_doubled_unseen(folder, lost):
    tried = 0
    for path in folder.files:
        whole, before = rows_of(path), path.read_bytes()
        for at, row in enumerate(whole):
            write(path, [*whole[:at], *whole[at + 1 :]] if lost else [*whole[: at + 1], *whole[at:]])
            said = folder.run()
            assert any(sign in said for sign in signs(path, row, lost=lost)), (path.name, row, said)
            tried += 1
        path.write_bytes(before)
    assert folder.run() == ""
    assert tried == 11 + 7 + 5 + 3 + 3 + 3 + (13 if folder.titled else 7)


def test_a_doubled_line_of_the_previous_version_is_named_with_its_line(folder):
    path = folder.root / "previous.csv"
    whole = rows_of(path)
    write(path, [*whole, whole[0]])
    assert f"{path}:5: 'Marsh 2019' stands in line 2 too" in folder.run()


def test_without_what_the_protocol_says_a_report_of_before_could_go(folder, make):
    """Control: nothing else knows how many there were."""
    path = folder.root / "previous.csv"
    write(path, rows_of(path)[:-1])
    assert "names 2 reports, and config/review.yaml says that the previous version included 3" in folder.run()
    given = json.loads(folder.settings)
    given["previous"] |= {"studies": None, "reports": None}
    folder.settings = json.dumps(given)
    assert folder.run() == ""
