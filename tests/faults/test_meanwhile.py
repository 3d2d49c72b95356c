"""Sheets that come, go or cannot be opened between the moment when Snakemake looks and the moment when a stage does."""

import importlib.util
import json
from pathlib import Path

import pytest

from scoping import files, folder, ledger
from scoping.cli import collect
from scoping.errors import ScopingError

_where = Path(__file__).resolve().parents[1] / "workflow" / "review_folder.py"
_spec = importlib.util.spec_from_file_location("review_folder", _where)
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

TA = "title_abstract"
LEDGER, PLACE, OUT = Path("data/raw/ledger"), Path(f"data/raw/sheets/{TA}"), Path(f"data/processed/{TA}")


def issued(*people: str) -> dict[str, object]:
    sheets = [{"person": p, "file": f"ta01_{p}.xlsx", "sha256": files.sha256(p.encode())} for p in people]
    return {
        "stage": TA, "batch": "ta01", "purpose": "main", "role": "screen", "items": ["A"], "covers": {}, "known_as": {},
        "sheets": sheets,
    }  # fmt: skip


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A review in the current folder; Anna has saved her sheet, Ben has not touched his."""
    review_folder.Review.create(tmp_path / "review")
    monkeypatch.chdir(tmp_path / "review")
    PLACE.mkdir(parents=True)
    with ledger.locked(LEDGER) as book:
        book.keep(b"anna")
        book.keep(b"ben")
        book.append("issued", **issued("anna", "ben"))
    (PLACE / "ta01_anna.xlsx").write_bytes(b"what Anna has saved")
    (PLACE / "ta01_ben.xlsx").write_bytes(b"ben")
    return PLACE / "ta01_anna.xlsx"


def key() -> str:
    return folder.key(folder.of_stage(ledger.read_events(LEDGER), TA), folder.hashes(PLACE))


def take_in(seen: str) -> None:
    """What the rule calls, with the key that Snakemake saw."""
    out = {"receipt": receipt(seen)} | {name: OUT / f"{name}.csv" for name in ("decisions", "independent", "problems")}
    options = [f"--{name}={path}" for name, path in out.items()]
    collect.command.main(["--stage", TA, "--key", seen, *options], standalone_mode=False)


def receipt(seen: str) -> Path:
    return Path(f"data/processed/collected/{TA}-{seen}")


def refusal(seen: str) -> str:
    """Why it is not done; nothing has been written."""
    before = ledger.read_events(LEDGER)
    with pytest.raises(ScopingError, match=r"run again$") as caught:
        take_in(seen)
    assert ledger.read_events(LEDGER) == before
    assert not Path("data/processed").exists()
    return str(caught.value)


def test_a_sheet_that_is_away_for_a_moment_is_not_forgotten(desk):
    """Programs that save a file under another name and rename it take it away for a moment."""
    seen = key()
    desk.rename("elsewhere")
    assert refusal(seen) == f"{PLACE}: a sheet was being saved or copied during the run; run again"
    Path("elsewhere").rename(desk)
    assert key() == seen, "so a receipt would have said that it was read"
    take_in(seen)
    assert receipt(seen).exists()
    assert "ta01_anna.xlsx" in (OUT / "problems.csv").read_text(), "it was looked at"


def test_control_without_the_guard_it_would_be_forgotten(desk, monkeypatch):
    monkeypatch.setattr(collect, "_unchanged", lambda *_: None)
    seen = key()
    desk.rename("elsewhere")
    take_in(seen)
    Path("elsewhere").rename(desk)
    assert key() == seen
    assert receipt(seen).exists(), "nothing to be done"
    assert "ta01_anna.xlsx" not in (OUT / "problems.csv").read_text(), "and nobody has looked at it"


def test_a_sheet_that_cannot_be_opened_any_more_is_named(desk, monkeypatch):
    seen, read_bytes = key(), Path.read_bytes

    def closed(path):
        if path.name == desk.name:
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", closed)
    assert refusal(seen) == f"{desk}: was being saved or copied during the run; run again"


def test_a_sheet_that_was_saved_meanwhile_is_named_and_read_by_the_next_run(desk):
    seen = key()
    desk.write_bytes(b"what Anna has saved since")
    assert refusal(seen) == f"{desk}: was being saved or copied during the run; run again"
    assert key() != seen
    take_in(key())


def test_nothing_is_laid_out_again_while_a_file_is_closed_that_may_be_it():
    """Else the sheet would not be laid out now, and nobody would look again."""
    events = [{"kind": "issued", **json.loads(json.dumps(issued("anna", "ben")))}]
    ben = {"ta01_ben.xlsx": files.sha256(b"ben")}
    assert folder.hidden(events, {**ben, "x.xlsx": folder.UNREADABLE}) == ["x.xlsx"]
    assert folder.hidden(events, {**ben, "ta01_anna.xlsx": folder.UNREADABLE}) == [], "it lies there under its name"
    assert folder.hidden(events, ben) == []
    assert folder.hidden(events, {**ben, "x.xlsx": "a new version"}) == [], "it is read first"
