"""What measures the stopping rules: each on labels that are counted by hand, and a broken promise is seen."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.delitem(sys.modules, "stopping", raising=False)
    import stopping
    import stopping_rules

    yield SimpleNamespace(main=stopping, rules=stopping_rules)
    sys.modules.pop("stopping", None)


EARLY = [1] * 40 + [0] * 400  # all relevant records first
LATE = [1] * 39 + [0] * 400 + [1]


def test_rules_stop_where_they_should_and_look_no_further(bench: Any) -> None:
    ends = list(range(10, 441, 10))
    stop = bench.rules.buscar(EARLY, ends)
    assert stop is not None
    assert 50 < stop < 440
    assert bench.rules.buscar([*EARLY[:stop], *[1] * (440 - stop)], ends) == stop, "what comes after is not looked at"
    assert bench.rules.in_a_row(50)(EARLY, ends) == 90
    assert (bench.rules.reached(EARLY), bench.rules.reached([0, *[1] * 20])) == (38, 20)
    assert bench.rules.in_a_row(50)([1, 0] * 50, ends) is None
    assert bench.rules.buscar([0] * 440, ends) is None, "of nothing found nothing is claimed"
    assert bench.rules.knee([1, 0] * 220, ends) is None
    knee = bench.rules.knee([1] * 160 + [0] * 4000, list(range(160, 4161, 100)))
    assert knee is not None
    assert knee < 1200


def test_what_is_claimed_at_fifty_in_a_row(bench: Any) -> None:
    assert bench.rules.claimed([1, 0] * 50, 1) is None
    said = bench.rules.claimed(EARLY, 1)
    assert (said.read, said.found, said.recall, said.rule, said.held) == (140, 40, 1.0, False, True)
    assert not said.sample, "none of 50 drawn leaves too much room"
    assert bench.rules.claimed(EARLY[:140], 1) == bench.rules.Said(140, 40, 1.0, False, True, True), "all were read"
    dense = bench.rules.claimed([1] * 400 + [0] * 60, 1)
    assert dense.rule, "50 of 60 left were read, and 21 missing ones would be among them"
    late = bench.rules.claimed([1] * 20 + [0] * 300 + [1] * 20, 1)
    assert late.recall < 0.95
    assert not late.rule
    lines = bench.main.asked_at_fifty([said, said, dense, late])
    assert "came in 4 replays" in lines[0]
    assert (
        "claimed in 1 (true in 1), 'cannot claim' in 3: recall was below 95% in 1, fewer than 30 finds in 0, too little read in 2"
        in lines[1]
    )


def test_a_broken_promise_is_seen(bench: Any) -> None:
    good = [bench.main.judged(EARLY, 100)] * 19
    assert bench.main.kept([*good, bench.main.judged(EARLY, None)])
    assert bench.main.judged(EARLY, None) == {"stop": None, "recall": 1.0, "saved": 0.0}
    bad = bench.main.judged([1] * 20 + [0] * 80 + [1] * 20, 60)
    assert bad["recall"] == 0.5
    assert bench.main.kept([*good, bad])
    assert not bench.main.kept([*good, bad, bad])
    assert "95%" in bench.main.line("x", [*good, bad])


def test_the_command_ends_with_an_error_where_the_rule_fails(
    bench: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "made.csv").write_text("title,included\nA,1\n", encoding="utf-8")
    replay = {"review": "made", "seed": 1, "labels": LATE, "ends": list(range(20, 441, 20))}
    monkeypatch.setattr(bench.main, "replayed", lambda *_: [replay])
    assert bench.main.main(["--data", str(tmp_path), "--json", str(tmp_path / "out.json")]) == 0
    assert "kept its promise" in capsys.readouterr().out
    monkeypatch.setitem(bench.rules.RULES, "buscar, 95/95", lambda *_: 20)
    assert bench.main.main(["--data", str(tmp_path)]) == 1
    assert "did NOT keep" in capsys.readouterr().out
