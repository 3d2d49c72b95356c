"""Finished reviews, read again in the order of the model -> what ordering would have saved."""

import dataclasses
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli.options import FILE, PATH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoping.labelled import Labelled
    from scoping.recall_metrics import Measures
    from scoping.simulation import Replay

_HEADINGS = {
    "loss": "loss", "ndcg": "NDCG", "recall_5": "recall@5%", "recall_10": "recall@10%", "recall_20": "recall@20%",
    "wss_95": "WSS@95", "wss_100": "WSS@100", "last_find": "last find", "atd": "ATD",
}  # fmt: skip


def _batch(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[1-9]\d*(?:\.\d+)?%|[1-9]\d*|default", value):
        raise click.BadParameter("a number of records such as 25, a share of what was read such as 10%, or default")
    return value


@click.command("simulate")
@click.argument("labelled", type=FILE, nargs=-1, required=True)
@click.option("--label", default="", help="The column of labels  [default: included, label_included, label …]")
@click.option(
    "--batch", default="10%", show_default=True, callback=_batch, help="Records read before the model is trained anew."
)
@click.option(
    "--model",
    type=click.Choice(["mixed", "u4"]),
    default="mixed",
    show_default=True,
    help="What orders: the model of a review, or ASReview's ELAS u4.",
)
@click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=3,
    show_default=True,
    help="Replays, each with other first records.",
)
@click.option(
    "--target",
    type=click.FloatRange(0.5, 1),
    default=0.95,
    show_default=True,
    help="Recall that the stopping rule is asked for.",
)
@click.option("--json", "out", type=PATH, help="File for all figures and orders, as JSON.")
def command(
    labelled: "tuple[Path, ...]", label: str, batch: str, model: str, seeds: int, target: float, out: Path | None
) -> None:
    """Replay finished reviews: how early would the relevant records have come, had the model ordered them?

    Each LABELLED is a table of records with a title, an abstract and a label (1 or 0). The first records, one relevant and
    one not, are drawn by the seed, and are no part of the figures.
    """
    from scoping import labelled as tables_of_labels
    from scoping import recall_metrics, simulation

    everything = []
    means: list[tuple[str, list[Measures]]] = []
    stops: list[str] = []
    for path in labelled:
        review = tables_of_labels.read(path.read_bytes(), str(path), label)
        replays = [simulation.replay(review, seed=seed, batch=batch, model=model) for seed in range(1, seeds + 1)]
        found = [recall_metrics.measures(replay.labels(review)) for replay in replays]
        means.append((path.stem, found))
        ends = [simulation.stopped(replay, review, target) for replay in replays]
        stops += [_stop(path.stem, *each, review) for each in zip(replays, ends, strict=True)]
        click.echo(
            f"{path.name}: {len(review.labels):,} records, {sum(review.labels):,} relevant"
            f"{f', {review.unlabelled:,} without a label left out' if review.unlabelled else ''}"
        )
        everything.append(
            {
                "file": path.name,
                "records": len(review.labels),
                "relevant": sum(review.labels),
                "batch": batch,
                "replays": [
                    {**dataclasses.asdict(replay), **dataclasses.asdict(what), "stopped_after": end}
                    for replay, what, end in zip(replays, found, ends, strict=True)
                ],
                "recall": simulation.mean_curve(replays, review),
            }
        )
    click.echo("")
    for line in table(means):
        click.echo(line)
    click.echo(
        f"\nWhere the rule would have stopped (recall of {target:g} not missed, p < 0.05), looked at after each batch:"
    )
    for line in stops:
        click.echo(line)
    if out is not None:
        from scoping import files

        files.replace(out, json.dumps(everything, indent=1).encode())


def _stop(name: str, replay: "Replay", end: int | None, review: "Labelled") -> str:
    labels = replay.labels(review)
    if end is None:
        return f"  {name}, seed {replay.seed}: never, all {len(labels):,} records were read"
    found = sum(labels[:end])
    return (
        f"  {name}, seed {replay.seed}: after {end:,} of {len(labels):,} records ({end / len(labels):.0%}), with {found:,} of "
        f"{sum(labels):,} relevant ones ({found / sum(labels):.1%})"
    )


def table(means: "Sequence[tuple[str, list[Measures]]]") -> "list[str]":
    """The mean of all replays of each review, and of all reviews, each measure a column."""
    wide = max(len(name) for name, _ in means) + 2
    lines = [" " * wide + "".join(f"{heading:>12}" for heading in _HEADINGS.values())]
    rows = [(name, [_mean(found, key) for key in _HEADINGS]) for name, found in means]
    if len(rows) > 1:
        rows.append(("mean", [sum(values) / len(rows) for values in zip(*(row for _, row in rows), strict=True)]))
    return lines + [f"{name:{wide}}" + "".join(f"{value:>12.3f}" for value in values) for name, values in rows]


def _mean(found: "list[Measures]", key: str) -> float:
    return float(sum(getattr(each, key) for each in found) / len(found))
