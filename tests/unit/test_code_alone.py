"""`scoping code check` and `scoping code suggest`: usable in any folder, on files or on what `scoping extract` wrote."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from scoping.cli import group
from scoping.errors import ScopingError

TEXT = (
    "Ties in a council\nThe board met each month for two years. Trust grew as they built relationships with officers.\n\n"
    "=SUM(A1) was written on the wall when trust was lost.\fNobody asked what 12 per cent of the wards had said.\n"
)
CODEBOOK = """
version: 1
families: [{id: ties, label: Ties, text: How people meet}]
codes:
  - {id: REL1, family: ties, label: Trust, definition: Trust is built, indicators: [trust*, built relationship*]}
  - {id: REL2, family: ties, label: Power, definition: Power is unequal, indicators: [hierarch*]}
  - {id: REL3, family: ties, label: Other, definition: Anything else}
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """`run("check", ...)` in a folder that is no review; nothing may be left behind there."""
    monkeypatch.chdir(tmp_path)
    Path("paper.txt").write_text(TEXT, encoding="utf-8")
    Path("other.txt").write_text("Nothing of that kind is said in this text at all.\n", encoding="utf-8")

    def said(*arguments):
        before = sorted(p.name for p in tmp_path.rglob("*"))
        done = CliRunner().invoke(group, ["code", *arguments])
        assert sorted(p.name for p in tmp_path.rglob("*")) == before
        if isinstance(done.exception, ScopingError):
            raise done.exception
        return done.exit_code, done.stdout

    return said


QUOTE = "Trust grew as they built relationships"


def test_a_verbatim_quote(run):
    code, said = run("check", "other.txt", "paper.txt", "--quote", QUOTE)
    assert code == 0
    start = TEXT.index("Trust grew")
    assert said.splitlines() == [
        f"VERBATIM: {QUOTE}",
        f"    paper.txt, page 1 ({start}-{start + len(QUOTE)}): {QUOTE}",
        "1 verbatim, 0 near, 0 missing: 1 quotes in 2 texts",
    ]


def test_near_is_said_and_is_no_failure(run):
    code, said = run("check", "paper.txt", "--quote", "Trust grew as they build relationships with officers")
    assert code == 0
    assert said.startswith("NEAR: Trust grew as they build")
    assert "built relationships with officers" in said


def test_an_altered_quote_is_missing_with_the_closest_passage_and_fails(run):
    code, said = run("check", "paper.txt", "--quote", "what 13 per cent of the wards had said", "--quote", QUOTE)
    assert code == 1
    assert "MISSING: what 13 per cent" in said
    assert "closest: paper.txt, page 2 " in said
    assert "what 12 per cent of the wards had said" in said
    assert said.splitlines()[-1] == "1 verbatim, 0 near, 1 missing: 2 quotes in 1 texts"


def test_quotes_of_a_table(run):
    Path("q.csv").write_text(
        f'\ufeffcode,Quote\nREL1,"{QUOTE}"\n,\nREL2,never said by anybody\nREL3,\n', encoding="utf-8"
    )
    code, said = run("check", "paper.txt", "--quotes", "q.csv")
    assert code == 1
    assert "VERBATIM (row 2)" in said
    assert "MISSING (row 4)" in said
    assert "MISSING (row 5)" in said  # a row that names a code and no quote is not passed over
    assert said.splitlines()[-1].startswith("1 verbatim, 0 near, 2 missing: 3 quotes")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"a;quote\n1;x\n", "q.csv:1: has no column 'quote'"),
        (b"", "q.csv:1: has no column 'quote'"),
        (b"quote,quote\nx,y\n", "q.csv:1: has no column 'quote', or several"),
        (b"quote\n\xff\xfe\n", "q.csv: is not UTF-8"),
        (b'quote\n"x\n', "q.csv:2: is no CSV"),
    ],
)
def test_tables_that_are_none(run, data, what):
    Path("q.csv").write_bytes(data)
    with pytest.raises(ScopingError) as error:
        run("check", "paper.txt", "--quotes", "q.csv")
    assert str(error.value).startswith(what)


def test_nothing_to_look_for_is_a_mistake(run):
    assert run("check", "paper.txt")[0] == 2
    assert run("check", "--quote", "x")[0] == 2


def test_what_extract_wrote_is_read_as_well(run):
    assert CliRunner().invoke(group, ["extract", "paper.txt", "--text", "paper.json"]).exit_code == 0
    shutil.rmtree("data")  # the lock of `extract`
    code, said = run("check", "paper.json", "--quote", QUOTE)
    assert (code, said.splitlines()[0]) == (0, f"VERBATIM: {QUOTE}")


def test_texts_that_cannot_be_read_stop(run):
    Path("scan.docx").write_bytes(b"x")
    Path("list.json").write_text("[1]")
    Path("empty.txt").write_text("")
    for name in ("scan.docx", "list.json", "empty.txt"):
        with pytest.raises(ScopingError, match=name):
            run("check", "paper.txt", name, "--quote", QUOTE)


def test_suggestions(run):
    Path("codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    code, said = run("suggest", "paper.txt", "--codebook", "codebook.yaml")
    lines = said.splitlines()
    assert code == 0
    assert lines[0] == "paper.txt: 2 pages, 5 sentences"
    assert lines[2] == "REL1  Trust"
    assert lines[3].endswith(": Trust grew as they built relationships with officers.")
    assert lines[3].startswith("    high, page 1 (")
    assert lines[4] == "        words: trust*, built relationship*"
    assert "    no hit in 2 pages, 5 sentences" in lines
    assert lines[-1] == "    has no indicators in the codebook"


def test_suggestions_as_csv(run):
    Path("codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    code, said = run("suggest", "paper.txt", "--codebook", "codebook.yaml", "--csv", "--code", "REL1", "--code", "REL2")
    rows = list(csv.DictReader(io.StringIO(said)))
    assert code == 0
    assert [(row["code"], row["confidence"], row["page"]) for row in rows] == [
        ("REL1", "high", "1"),
        ("REL1", "low", "1"),
        ("REL2", "", ""),
    ]
    first = rows[0]
    assert TEXT.split("\f")[0][int(first["start"]) : int(first["end"])] == first["quote"]
    assert rows[1]["quote"].startswith("'=SUM(A1)")  # no spreadsheet program takes it for a formula
    assert rows[2]["searched"] == "no hit in 2 pages, 5 sentences"


def test_a_code_that_is_not_there_is_said(run):
    Path("codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    with pytest.raises(ScopingError, match="has no code REL9"):
        run("suggest", "paper.txt", "--codebook", "codebook.yaml", "--code", "REL9")


def test_settle_takes_the_lock(run, tmp_path):
    """The control to `run`, which checks that the others leave nothing behind."""
    CliRunner().invoke(group, ["code", "settle"])
    assert (tmp_path / "data/raw/ledger/.jobs.lock").exists()
