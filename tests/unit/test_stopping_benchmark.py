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
    assert bench.rules.in_a_row(50)([1, 0] * 50, ends) is None
    assert bench.rules.buscar([0] * 440, ends) is None, "of nothing found nothing is claimed"
    assert bench.rules.knee([1, 0] * 220, ends) is None
    knee = bench.rules.knee([1] * 160 + [0] * 4000, list(range(160, 4161, 100)))
    assert knee is not None
    assert knee < 1200


def test_a_control_sample_of_all_that_is_left_says_the_truth(bench: Any) -> None:
    assert bench.rules.sampled([1, 0] * 50, 1) is None
    read, met, true = bench.rules.sampled(EARLY, 1)
    assert (read, true) == (140, True)
    assert not met, "none of 50 drawn leaves too much room"
    assert bench.rules.sampled(EARLY[:140], 1) == (140, True, True), "all were read"


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
