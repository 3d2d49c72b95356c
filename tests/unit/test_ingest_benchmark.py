"""What measures the readers: the second scan agrees on our fixtures, and a loss is seen where there is one."""

import sys
from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scoping.readers import Parsed, parse
from scoping.readers.fields import Fields, fields

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = ROOT / "tests" / "fixtures" / "exports"
BROKEN = {"broken.ris"}  # its third entry has no TY line, by which the scan tells entries apart


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import ingest_fields
    import ingest_peers
    import ingest_scan
    import ingest_speed

    return SimpleNamespace(fields=ingest_fields, peers=ingest_peers, scan=ingest_scan, speed=ingest_speed)


def read(name: str) -> tuple[Parsed, list[Fields]]:
    parsed = parse((EXPORTS / name).read_bytes())
    return parsed, [fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries]


def changed_fields(found: Fields, **changed: Any) -> Fields:
    return Fields(**{**{name: getattr(found, name) for name in signature(Fields).parameters}, **changed})


@pytest.mark.parametrize("name", sorted({path.name for path in EXPORTS.iterdir()} - BROKEN))
def test_the_scan_finds_nothing_in_a_fixture_that_the_fields_lack(bench: Any, name: str) -> None:
    parsed, found = read(name)
    family = "csv" if parsed.format == "table" else parsed.format
    theirs, _, losses = bench.fields.against_scan(name, parsed, found, bench.scan.scan(EXPORTS / name, family))
    assert [str(loss) for loss in losses] == []
    assert theirs["title"] == sum(bool(each.title) for each in found)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": ""}, ("title", "empty")),
        ({"journal": "Another"}, ("journal", "other")),
        ({"keywords": ()}, ("keywords", "empty")),
        ({"doi": "10.5555/other"}, ("doi", "other")),
        ({"authors": ()}, ("people", "fewer")),
    ],
)
def test_a_value_that_the_fields_lack_is_a_loss(bench: Any, changed: dict[str, Any], told: tuple[str, str]) -> None:
    parsed, found = read("scopus.ris")
    seen = bench.scan.scan(EXPORTS / "scopus.ris", "ris")
    _, _, losses = bench.fields.against_scan("x", parsed, [changed_fields(found[0], **changed), found[1]], seen)
    assert [(loss.field, loss.kind, loss.line) for loss in losses] == [(*told, 1)]
    assert bench.fields.against_scan("x", parsed, found, seen[:1])[2][0].field == "entries"


def test_a_value_of_a_peer_that_no_tag_holds_is_a_loss(bench: Any) -> None:
    parsed, found = read("scopus.ris")
    peer = bench.peers.PEERS["rispy"]
    first = {"title": ["Knowledge brokers in district\nhealth teams: a scoping review"], "date": ["2021"]}
    second = {"journal": ["Proceedings of the Invented Meeting"]}
    assert bench.fields.against_peer("x", parsed, found, [first, second], peer) == []
    (loss,) = bench.fields.against_peer("x", parsed, found, [{**first, "note": ["Elsewhere"]}, second], peer)
    assert (loss.field, loss.value) == ("note", "Elsewhere")
    (loss,) = bench.fields.against_peer("x", parsed, found, [{"title": ["Nowhere"]}], peer)
    assert loss.field == "entry"
    assert bench.fields.against_peer("x", parsed, found, [second], peer) == []


def test_made_up_files_are_read_whole(bench: Any, tmp_path: Path) -> None:
    for name, made in bench.speed.FORMATS.items():
        parsed = parse(bench.speed.written(tmp_path / "x", made, 3).read_bytes())
        assert len(parsed.entries) == parsed.markers == 3
        (first, *_) = (fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries)
        assert (first.doi, first.year, len(first.authors), len(first.abstract) > 900) == (
            "10.5555/made.1",
            "1991",
            4,
            True,
        ), name


def test_memory_of_children_is_seen_and_a_failure_is_told(bench: Any) -> None:
    much = "import subprocess, sys, time; x = b'x' * 80_000_000; time.sleep(0.4)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {much!r}])"
    said, _, peak, _ = bench.speed.timed([sys.executable, "-c", f"print('read'); {child}"])
    assert said == "read\n"
    assert peak > 80_000_000
    with pytest.raises(RuntimeError, match="ended with 3: no"):
        bench.speed.timed([sys.executable, "-c", "import sys; print('no'); sys.exit(3)"])


def test_what_is_promised_is_held_against_the_runs(bench: Any) -> None:
    run = bench.speed.Run
    whole, alone = run("scoping ingest", "ris", 1000, 9.0, 50), run("  read only", "ris", 1000, 1.0, 40)
    assert list(bench.speed.broken(1000, whole, alone, 0.0, [run("rispy", "ris", 1000, 2.1, 50)])) == []
    told = list(bench.speed.broken(1001, whole, alone, 101.0, [run("rispy", "ris", 1000, 1.9, 49)]))
    assert [line.split()[0] for line in told] == ["ris,", "ris,", "ris:", "ris:", "ris:"]
