"""Measures against their definitions and figures of ASReview 3; replays against what they may do; the command whole."""

import json
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scoping import labelled, recall_metrics, simulation
from scoping.cli.simulate import command
from scoping.errors import ScopingError
from scoping.labelled import Labelled
from scoping.ranking_models import Ranker
from scoping.record_features import Document

MIXED = st.lists(st.integers(0, 1), min_size=2, max_size=60).filter(lambda labels: 0 < sum(labels) < len(labels))
WORDS = ["evidence", "policy", "broker", "council", "nurse", "water", "housing", "trust", "network", "uptake", "review"]


def review(number: int = 120, seed: int = 1) -> Labelled:
    """Made-up records, of which those about brokers and uptake are relevant, mostly."""
    chance = random.Random(seed)
    texts, labels = [], []
    for at in range(number):
        relevant = at % 9 == 4
        words = chance.choices(WORDS, k=25) + (
            ["knowledge", "brokering", "uptake"] if relevant else ["rivers", "trade"]
        )
        texts.append(" ".join(words))
        labels.append(int(relevant))
    return Labelled("made-up", texts, labels)


@given(MIXED)
def test_measures_are_what_they_are_defined_as(labels: list[int]) -> None:
    found = recall_metrics.measures(labels)
    best, worst = sorted(labels, reverse=True), sorted(labels)
    area = lambda order: sum(sum(order[: at + 1]) for at in range(len(order)))  # noqa: E731
    assert found.loss == pytest.approx((area(best) - area(labels)) / (area(best) - area(worst)))
    assert 0 <= found.loss <= 1
    assert 0 < found.ndcg <= 1
    last = max(at for at, label in enumerate(labels, 1) if label)
    assert (found.last_find, found.wss_100) == (last / len(labels), 1 - last / len(labels))
    assert found.wss_95 >= found.wss_100 - 0.05 - 1e-12
    assert found.recall_5 <= found.recall_10 <= found.recall_20


def test_the_best_and_the_worst_order() -> None:
    best = recall_metrics.measures([1] * 5 + [0] * 95)
    worst = recall_metrics.measures([0] * 95 + [1] * 5)
    assert (best.loss, best.ndcg, best.recall_5, best.wss_95, best.wss_100) == (0, 1, 1, 0.95 - 0.05, 0.95)
    assert (worst.loss, worst.recall_20, worst.wss_100, worst.last_find) == (1, 0, 0, 1)
    for nothing in ([0, 0], [1, 1], []):
        with pytest.raises(ValueError, match="relevant"):
            recall_metrics.measures(nothing)


@pytest.mark.parametrize("batch", ["1", "7", "10%", "100%"])
def test_a_replay_reads_every_record_once(batch: str) -> None:
    made_up = review()
    found = simulation.replay(made_up, seed=3, batch=batch)
    assert sorted([*found.priors, *found.order]) == list(range(120))
    assert [made_up.labels[at] for at in found.priors] == [1, 0]
    assert found.ends == sorted(set(found.ends))
    assert found.ends[-1] == 118
    assert found == simulation.replay(made_up, seed=3, batch=batch)
    assert recall_metrics.measures(found.labels(made_up)).loss < 0.25  # by chance it is a half


def test_batches_grow_as_they_are_told() -> None:
    ends = simulation.replay(review(), seed=1, batch="10%").ends
    assert all(after - before == max(1, int((before + 2) / 10)) for before, after in pairwise(ends[:-1]))
    assert [simulation.batch_size("10%", read) for read in (2, 19, 20, 250)] == [1, 1, 2, 25]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(1, 32))
def test_a_batch_has_the_highest_scores_and_of_equal_ones_the_first(scores: list[int], number: int) -> None:
    expected = sorted(range(len(scores)), key=lambda at: -scores[at])[:number]
    assert simulation._likeliest(np.array(scores, dtype=float), number).tolist() == expected


def test_after_the_last_find_the_order_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up, given = review(), list[tuple[list[int], list[float]]]()
    scores = Ranker.scores

    def noted(self: Ranker, read: Any, labels: Any, undecided: Any) -> Any:
        found = scores(self, read, labels, undecided)
        given.append((undecided.tolist(), found.tolist()))
        return found

    monkeypatch.setattr(Ranker, "scores", noted)
    found = simulation.replay(made_up, seed=3, batch="1")
    last = max(at for at, label in enumerate(found.labels(made_up)) if label)
    assert last < 100
    assert len(given) == last + 1  # trained no more after it
    rest, of = given[-1]
    assert found.order[last:] == [rest[at] for at in sorted(range(len(rest)), key=lambda at: -of[at])]
    assert found.ends == list(range(1, 119))


def test_other_seeds_begin_with_other_records() -> None:
    made_up = review()
    priors = {simulation.replay(made_up, seed=seed, batch="50%").priors for seed in range(1, 6)}
    assert len(priors) > 2


def test_the_rule_stops_early_only_where_it_may() -> None:
    made_up = review(600)
    found = simulation.replay(made_up, seed=1)
    end = simulation.stopped(found, made_up, 0.9)
    assert end is not None
    assert end in found.ends[:-1]
    assert sum(found.labels(made_up)[:end]) / sum(found.labels(made_up)) >= 0.9
    assert simulation.stopped(found, made_up, 1.0) is None or end < simulation.stopped(found, made_up, 1.0)
    few = Labelled("few", made_up.documents[:40], made_up.labels[:40])
    late = simulation.stopped(simulation.replay(few, seed=1), few)
    assert late is None or late > 30  # so few relevant records prove nothing before nearly all is read


def test_mean_curves_begin_at_nothing_and_end_at_all() -> None:
    made_up = review()
    curve = simulation.mean_curve([simulation.replay(made_up, seed=seed) for seed in (1, 2)], made_up)
    assert (len(curve), curve[0], curve[-1]) == (101, (0, 0, 0), (1, 1, 1))
    assert all(low <= middle <= high for low, middle, high in curve)


CSV = "record_id,title,abstract,label_included\n1,A broker,On brokers,1\n2,A river,On rivers,0\n3,Unread,Not read,\n"


def test_labels_come_from_a_table() -> None:
    found = labelled.read(CSV.encode(), "x.csv")
    assert (found.documents, found.labels, found.unlabelled) == (
        [Document("A broker", "On brokers"), Document("A river", "On rivers")],
        [1, 0],
        1,
    )
    other = CSV.replace("label_included", "our verdict").replace(",1\n", ",Include\n").replace(",0\n", ",exclude\n")
    assert labelled.read(other.encode(), "x.csv", "Our Verdict").labels == [1, 0]


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        (
            CSV.replace("label_included", "x"),
            "",
            "x.csv: has no column of labels; name one of its columns with --label: ",
        ),
        (CSV, "verdict", "x.csv: has no column 'verdict'; name one"),
        (CSV.replace(",1\n", ",maybe\n"), "", "x.csv:2: 'maybe' in 'label_included' is no label; write 1 or 0"),
        (CSV.replace(",1\n", ",0\n"), "", "x.csv: 0 of 2 labelled records are relevant; a replay needs some of each"),
    ],
)
def test_what_is_no_finished_review_is_refused(text: str, column: str, said: str) -> None:
    with pytest.raises(ScopingError, match="x") as caught:
        labelled.read(text.encode(), "x.csv", column)
    assert str(caught.value).startswith(said)


def test_the_command_prints_measures_and_stops(tmp_path: Path) -> None:
    made_up, paths = review(), []
    for name in ("one", "two"):
        paths.append(tmp_path / f"{name}.csv")
        rows = zip(made_up.documents, made_up.labels, strict=True)
        paths[-1].write_text("title,abstract,included\n" + "".join(f"{text},,{label}\n" for text, label in rows))
    out = tmp_path / "all.json"
    run = CliRunner().invoke(command, [*map(str, paths), "--seeds", "2", "--batch", "20%", "--json", str(out)])
    assert run.exit_code == 0, run.output
    lines = run.output.splitlines()
    assert lines[0] == "one.csv: 120 records, 13 relevant"
    assert lines[3].split() == [
        "loss",
        "NDCG",
        "recall@5%",
        "recall@10%",
        "recall@20%",
        "WSS@95",
        "WSS@100",
        "last",
        "find",
        "ATD",
    ]
    assert [line.split()[0] for line in lines[4:7]] == ["one", "two", "mean"]
    assert sum("seed" in line for line in lines) == 4
    found = json.loads(out.read_text())
    assert [len(each["replays"]) for each in found] == [2, 2]
    shown = float(lines[4].split()[1])
    assert shown == pytest.approx(sum(each["loss"] for each in found[0]["replays"]) / 2, abs=0.0005)
    assert CliRunner().invoke(command, [str(paths[0]), "--batch", "no"]).exit_code == 2


@pytest.mark.slow
@pytest.mark.parametrize(("name", "loss", "ndcg"), [("Cohen_ADHD", 0.0682, 0.725), ("Nelson_2002", 0.1394, None)])
def test_a_replay_record_by_record_is_that_of_asreview(
    name: str, loss: float, ndcg: float | None, shared_data: Callable[[str], Path]
) -> None:
    """Figures of ASReview 3.0.8 (`--ai elas_u4`, one prior of each label, seed 1); it reads texts uncleaned."""
    table = labelled.read(shared_data(f"screening/{name}.csv").read_bytes(), name)
    found = recall_metrics.measures(simulation.replay(table, seed=1, batch="1", model="u4").labels(table))
    assert found.loss == pytest.approx(loss, abs=0.002)
    assert ndcg is None or found.ndcg == pytest.approx(ndcg, abs=0.003)
