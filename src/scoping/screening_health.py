"""How screening goes, from batches that everybody has finished: recall, what may be left, whether model and people agree.

Nothing here changes a decision or an order. `Health` is made once; a table, two figures and a list to look at again are
written down from it.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from scoping import folder, items, screening_order, stop_words, stopping
from scoping.author_sheet import Sheet
from scoping.drawing import bars, estimate
from scoping.drawing.frame import Chart, Words
from scoping.figure_settings import GENERIC, Preset
from scoping.fixed_target import Deviation
from scoping.ledger import Event
from scoping.screening_evidence import Evidence
from scoping.screening_model import LEAST, Opinion
from scoping.screening_settings import Screening
from scoping.tables import Row, compact

MOST = 25  # labels of each kind on the list
NO_OPINION = f"not estimated: the model needs {LEAST} relevant and {LEAST} irrelevant records"
_CHECK = ["Record id", "Title", "Year", "Decision", "Place by the model", "Why"]


@dataclass(frozen=True)
class Health:
    """All that is known; `batches`: of each record that was read its batch, `kept` a word for what relevant means."""

    found: Evidence
    opinion: Opinion | None
    screening: Screening
    batches: Mapping[str, str]
    deviation: Deviation | None = None

    @property
    def kept_late(self) -> list[str]:
        """Relevant records that the model, not shown their labels, put into the last half of all; the last one first."""
        if self.opinion is None:
            return []
        places = self.opinion.places()
        late = places[len(places) // 2 :]
        return [id_ for id_ in reversed(late) if id_ in self.found.relevant]

    @property
    def left_early(self) -> list[str]:
        """Irrelevant records that it holds for relevant rather than not; the likeliest first."""
        if self.opinion is None:
            return []
        likely = self.opinion.labelled
        return [id_ for id_ in self.opinion.places() if id_ not in self.found.relevant and likely[id_] >= 0.5]

    @property
    def to_check(self) -> list[tuple[str, str]]:
        """(record, why its label may be wrong), at most `MOST` of each kind."""
        late = [(id_, "kept, but unlike all others that were kept") for id_ in self.kept_late[:MOST]]
        early = [(id_, "excluded, but like those that were kept") for id_ in self.left_early[:MOST]]
        return late + early


def in_work(events: Sequence[Event], issued: Sequence[Row], known: Mapping[str, str]) -> set[str]:
    """Records of batches that somebody is still working on: they count as unread, whatever was answered."""
    sheets = folder.issued(list(events))
    owing = {row["batch"] for row in issued if not row["left"] and row["answered"] != row["items"]}
    found = (
        known.get(items.split(item).record)
        for info in sheets.values()
        if info.batch in owing and info.role == "screen"
        for item in info.items
    )
    return {id_ for id_ in found if id_ is not None}


def batches(events: Sequence[Event], known: Mapping[str, str]) -> dict[str, str]:
    """Record id -> the first batch in which it was answered."""
    return {each.record_id: each.batch for each in screening_order.order(events, known)}


# --- in numbers --------------------------------------------------------------------------------------------------------


def rows(health: Health) -> list[Row]:
    """Each measure with what it says and the records behind it."""
    found, aim, p = health.found, health.screening.target_recall, health.screening.p
    run = stopping.consecutive_irrelevant(found.labels)
    claims = [stop_words.claim(found, rule, aim, p) for rule in ("buscar", "random_sample")]
    drawn = found.sample.drawn if found.sample else ()
    said: list[tuple[str, str, str, Collection[str]]] = [
        ("Records screened", f"{len(found.read):,}", "settled, in batches that everybody has finished", found.read),
        ("Relevant records found", f"{len(found.relevant):,}", f"kept {stop_words.KEPT.get(found.stage, '')}".strip(), found.relevant),
        ("Records not screened", f"{len(found.unread):,}", "or not settled, or in batches that are not finished", found.unread),
        ("Irrelevant in a row", f"{run:,}", stop_words.NO_GUARANTEE, found.read[len(found.read) - run :]),
        ("Rule of Callaghan and Müller-Hansen", _figure(claims[0], "p"), claims[0].sentence, found.read),
        ("Random control sample", _figure(claims[1], "estimated"), claims[1].sentence, drawn),
        *_opinions(health),
    ]  # fmt: skip
    if health.deviation:
        said.append(("Target of screening", "changed", health.deviation.sentence, ()))
    return [
        {"place": str(place), "measure": measure, "number": number, "words": words, "ids": compact(sorted(ids))}
        for place, (measure, number, words, ids) in enumerate(said, 1)
    ]


def _figure(claim: stop_words.Claim, name: str) -> str:
    value = claim.figures.get(name)
    if value is None:
        return "–"
    return stop_words.p_value(value) if name == "p" else f"{value:g} left"


def _opinions(health: Health) -> list[tuple[str, str, str, Collection[str]]]:
    """What the model expects, and how it agrees with people."""
    opinion, found = health.opinion, health.found
    names = ("Expected to be left", "Expected work left", "Kept, but late by the model", "Labels to look at again")
    if opinion is None:
        return [(name, "–", NO_OPINION, ()) for name in names]
    work = opinion.work(len(found.relevant), health.screening.target_recall)
    aim = stop_words.percent(health.screening.target_recall)
    words = (
        "relevant records among those not screened, by a model that learnt from the others; no guarantee",
        f"records to be read in its order until it expects a recall of {aim}; no guarantee",
        "relevant records that the model, not shown their labels, put into the last half",
        "labels that surprise the model, in reports/tables/screening_check; none is changed by that",
    )
    numbers = (f"{opinion.expected:.1f}", f"{len(work):,}", f"{len(health.kept_late):,}", f"{len(health.to_check):,}")
    ids = (found.unread, work, health.kept_late, [id_ for id_, _ in health.to_check])
    return list(zip(names, numbers, words, ids, strict=True))


def sheet(health: Health) -> Sheet:
    """The measures as a table for authors, with the records behind each."""
    found = rows(health)
    return Sheet(
        name="screening_health",
        caption="How screening went, from batches that were finished",
        columns=["Measure", "Number", "What it says"],
        widths=[30, 14, 90],
        rows=[{"Measure": row["measure"], "Number": row["number"], "What it says": row["words"]} for row in found],
        ids=[(row["measure"], "Number", "record", id_) for row in found for id_ in json.loads(row["ids"])],
        note="Estimates of the model carry no guarantee; a run of irrelevant records is no rule.",
    )


def check(health: Health, records: Mapping[str, Row]) -> Sheet:
    """The labels that people may want to look at again."""
    places = health.opinion.places() if health.opinion else []
    at = {id_: place for place, id_ in enumerate(places, 1)}
    listed = [
        {
            "Record id": id_,
            "Title": records[id_]["title"] if id_ in records else "",
            "Year": records[id_]["year"] if id_ in records else "",
            "Decision": "include" if id_ in health.found.relevant else "exclude",
            "Place by the model": f"{at[id_]:,} of {len(places):,}",
            "Why": why,
        }
        for id_, why in health.to_check
    ]
    return Sheet(
        name="screening_check",
        caption="Decisions at title and abstract that surprise a model which was not shown them; nothing was changed",
        columns=_CHECK,
        widths=[14, 70, 8, 11, 18, 40],
        rows=listed,
        note="Whoever looks at one again and sees it otherwise changes the answer on the sheet.",
    )


# --- as figures --------------------------------------------------------------------------------------------------------


def recall(health: Health, notice: str, preset: Preset = GENERIC) -> tuple[Chart, list[Row]]:
    """The recall curve with estimate and band, and for each record in order what is behind it."""
    found, screening = health.found, health.screening
    left, how = _left(health)
    words = Words(
        name="screening_recall",
        title="Recall with what is estimated of it",
        caption="Share of all relevant records that had been found, against records screened, in the order of the batches that everybody has "
        f"finished. Band: from as many left as {how} to none left. Line: {_line(health)}. Upright lines: a new batch. Records screened; "
        f"n\u00a0=\u00a0{len(found.read):,}, of which {len(found.relevant):,} relevant; {len(found.unread):,} not screened.",
        empty="No relevant record has been found yet",
        notice=notice,
        preset=preset,
    )  # fmt: skip
    data, count = [], 0
    for at, (id_, label) in enumerate(zip(found.read, found.labels, strict=True), 1):
        count += label
        data.append(
            {
                "position": str(at),
                "batch": health.batches.get(id_, "from exports"),
                "relevant": str(label),
                "relevant so far": str(count),
                "lowest recall": f"{count / (len(found.relevant) + left.most):.4f}" if found.relevant else "",
                "estimated recall": f"{count / (len(found.relevant) + left.estimated):.4f}"
                if left.estimated is not None and found.relevant
                else "",
                "id": id_,
            }
        )
    drawn = estimate.recall(
        found.labels, _ends(health), left, screening.target_recall, words, sure=f"{100 - 100 * screening.p:g}% band",
        unread=len(found.unread),
    )  # fmt: skip
    return drawn, data


def _left(health: Health) -> tuple[estimate.Left, str]:
    """What is left: by the control sample where it is finished, else by the model, and at most by the rule."""
    found, p = health.found, health.screening.p
    if found.sample and found.sample.drawn and not found.sample.unsettled:
        _, middle, high = found.sample.remaining(1 - p)
        return estimate.Left(middle, high), f"the random control sample allows at {100 - 100 * p:g}%"
    most = stopping.most_remaining(found.labels, len(found.labels) + len(found.unread), p)
    expected = min(health.opinion.expected, most) if health.opinion else None
    return estimate.Left(expected, most), f"the rule of Callaghan and Müller-Hansen does not reject at p < {p:g}"


def _line(health: Health) -> str:
    if health.found.sample and health.found.sample.drawn and not health.found.sample.unsettled:
        return "as many left as the sample estimates"
    return "as many left as a model expects, without guarantee" if health.opinion else "none, as too little was read"


def _ends(health: Health) -> list[int]:
    of = [health.batches.get(id_, "") for id_ in health.found.read]
    return [at for at in range(1, len(of)) if of[at - 1] != of[at]]


def finds(health: Health, notice: str, preset: Preset = GENERIC) -> tuple[Chart, list[Row]]:
    """Relevant and irrelevant records of each finished batch."""
    found = health.found
    of = {id_: health.batches.get(id_, "from exports") for id_ in found.read}
    order = list(dict.fromkeys(of.values()))
    kept = Counter(of[id_] for id_ in found.read if id_ in found.relevant)
    out = Counter(of[id_] for id_ in found.read if id_ not in found.relevant)
    words = Words(
        name="finds_per_batch",
        title="Finds per batch",
        caption="Records of each batch that everybody has finished, in the order of issue: those that were kept, and those "
        f"excluded. Records; n\u00a0=\u00a0{len(found.read):,}.",
        empty="No batch is finished yet",
        notice=notice,
        preset=preset,
    )
    chart = bars.bars(
        [bars.Bar(batch, ((kept[batch], out[batch]),)) for batch in order], ["Records screened"], ["kept", "excluded"], words,
        many="batches",
    )  # fmt: skip
    data = [
        {"batch": of[id_], "decision": "kept" if id_ in found.relevant else "excluded", "id": id_} for id_ in found.read
    ]
    return chart, data
