"""What measures the ranker: gains, their bounds and the lines, on a few runs that are counted by hand."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import ranking
    import ranking_scale

    return SimpleNamespace(ranking=ranking, scale=ranking_scale)


def runs(bench: Any, cpu: float = 1.0, memory: float = 100.0, bare: float | None = None, **values: list[float]) -> Any:
    """Two sets with two seeds: each measure's values in the order one-1, one-2, two-1, two-2."""
    keys = [("one", 1), ("one", 2), ("two", 1), ("two", 2)]
    return {
        key: bench.ranking.Run({name: listed[at] for name, listed in values.items()}, cpu, memory, bare)
        for at, key in enumerate(keys)
    }


def test_gains_are_paired_and_point_upwards(bench: Any) -> None:
    ours = runs(bench, loss=[0.10, 0.20, 0.30, 0.40], wss_95=[0.5, 0.7, 0.1, 0.3])
    theirs = runs(bench, loss=[0.12, 0.20, 0.20, 0.40], wss_95=[0.5, 0.5, 0.2, 0.4])
    assert bench.ranking.gains(ours, theirs, "loss") == pytest.approx({"one": 0.01, "two": -0.05})
    assert bench.ranking.gains(ours, theirs, "wss_95") == pytest.approx({"one": 0.1, "two": -0.1})
    assert bench.ranking.mean(ours, "loss") == pytest.approx(0.25)


def test_sets_weigh_the_same_whatever_their_number_of_seeds(bench: Any) -> None:
    ours = runs(bench, loss=[0.1, 0.1, 0.3, 0.3])
    del ours["two", 2]
    assert bench.ranking.mean(ours, "loss") == pytest.approx(0.2)


def test_bounds_are_of_the_mean_over_sets(bench: Any) -> None:
    assert bench.ranking.bounds([0.2] * 9) == pytest.approx((0.2, 0.2))
    low, high = bench.ranking.bounds([-1.0, 1.0] * 50)
    assert low == pytest.approx(-0.2, abs=0.03)  # 1.96 / sqrt(100)
    assert high == pytest.approx(0.2, abs=0.03)
    assert bench.ranking.bounds([0.3, 0.1, 0.2]) == bench.ranking.bounds([0.3, 0.1, 0.2])


@pytest.mark.parametrize(("worse", "met"), [(0.0049, True), (0.0051, False), (-0.1, True)])
def test_a_worse_loss_is_missed(bench: Any, worse: float, met: bool) -> None:
    theirs = runs(bench, loss=[0.1, 0.1, 0.2, 0.2], wss_95=[0.5] * 4, wss_100=[0.5] * 4)
    ours = runs(bench, loss=[each + worse for each in (0.1, 0.1, 0.2, 0.2)], wss_95=[0.6] * 4, wss_100=[0.4] * 4)
    loss, *stretch = bench.ranking.judged("x", ours, theirs)
    assert (loss.met, loss.stretch) == (met, False)
    assert [(line.met, line.stretch) for line in stretch] == [(True, True), (False, True)]


@pytest.mark.parametrize(
    ("cpu", "memory", "met"),
    [(0.25, 100, [True, True, True]), (0.26, 100, [False, True, True]), (0.1, 101, [True, False, False])],
)
def test_costs_are_compared(bench: Any, cpu: float, memory: float, met: list[bool]) -> None:
    theirs = runs(bench, loss=[0.1] * 4)
    assert [line.met for line in bench.ranking.costs(runs(bench, cpu, memory, loss=[0.1] * 4), theirs)] == met


def test_records_without_abstract_are_compared_where_both_say_so(bench: Any) -> None:
    ours, theirs = runs(bench, bare=0.2, loss=[0.1] * 4), runs(bench, bare=0.3, loss=[0.1] * 4)
    assert "mean place 0.2000 of all, with u4 0.3000 (4 replays)" in bench.ranking.without_abstract(ours, theirs)
    assert not bench.ranking.without_abstract(ours, runs(bench, loss=[0.1] * 4))


def review(path: Path, number: int = 60) -> None:
    rows = [
        f"Councils {at},{'Brokers and uptake' if at % 5 == 0 else 'Rivers and trade'} were studied. It was {at % 7}.,{int(at % 5 == 0)}"
        for at in range(number)
    ]
    path.write_text("title,abstract,included\n" + "\n".join(rows) + "\n", encoding="utf-8")


def test_the_command_measures_whole_replays(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        review(tmp_path / f"{name}.csv")
    out = tmp_path / "all.json"
    monkeypatch.setattr(bench.ranking, "CADENCES", {"some": "10%", "others": "25"})
    monkeypatch.setattr(
        sys, "argv", ["x", "--data", str(tmp_path), "--seeds", "1", "--sets", "one", "--json", str(out)]
    )
    assert bench.ranking.main() == 0
    said = capsys.readouterr().out
    assert "1 sets, 1 seeds; u4 is our copy of it" in said
    assert "met    some: mean loss worse by" in said
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [(each["cadence"], each["program"], each["set"]) for each in found] == [
        ("some", "ours", "one"),
        ("some", "u4", "one"),
        ("others", "ours", "one"),
        ("others", "u4", "one"),
    ]
    assert all(each["cpu"] > 0 and each["memory"] > 10 for each in found)
    monkeypatch.setattr(bench.ranking, "LOSS", -1.0)  # nothing is that much better
    assert bench.ranking.main() == 1


def test_a_large_review_is_mixed_the_same_way_each_time(bench: Any, tmp_path: Path) -> None:
    review(tmp_path / "one.csv")
    found = list(bench.scale.mixed(tmp_path, 30))
    assert found == list(bench.scale.mixed(tmp_path, 30))
    assert len(found) == 30
    assert {label for _, label in found} == {0, 1}
    assert all(("Councils" in document.title, bool(document.abstract)) == (True, True) for document, _ in found)
