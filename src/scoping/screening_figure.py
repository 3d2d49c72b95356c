"""Recall: which share of the finds had been found when, in the order in which people were given records; nothing is estimated."""

from collections.abc import Iterable, Mapping

from scoping import screening_order
from scoping.drawing.curve import Finds, curve
from scoping.drawing.frame import Chart, Words
from scoping.figure_settings import GENERIC, Preset
from scoping.ledger import Event
from scoping.tables import Row

SETTLED = ("include", "exclude")
_COLUMNS = (
    "position", "batch", "title and abstract", "full text", "records kept so far", "reports included so far", "id",
)  # fmt: skip


def figure(
    events: Iterable[Event], known: Mapping[str, str], title_abstract: Mapping[str, Row], full_text: Mapping[str, Row],
    notice: str, preset: Preset = GENERIC,
) -> tuple[Chart, list[Row]]:  # fmt: skip
    """The curve and, for each record in order, what became of it; `events` of title and abstract, in order.

    `known`: id on a sheet -> record id. Records whose screening is not settled are left out, and counted in the caption; so are those
    that were on no sheet, since exports brought what was decided.
    """
    answered = screening_order.order(events, known)
    screened = [each for each in answered if _state(title_abstract, each.record_id) in SETTLED]
    on_sheets = {each.record_id for each in answered}
    waiting = sorted(on_sheets - {each.record_id for each in screened})
    brought = sorted(id_ for id_, row in title_abstract.items() if row["state"] in SETTLED and id_ not in on_sheets)
    data, kept, included = [], [], []
    for at, each in enumerate(screened, 1):
        first, second = _state(title_abstract, each.record_id), _state(full_text, each.record_id)
        kept += [at] if first == "include" else []
        included += [at] if first == "include" and second == "include" else []
        data.append(
            dict(
                zip(
                    _COLUMNS,
                    (str(at), each.batch, first, second, str(len(kept)), str(len(included)), each.record_id),
                    strict=True,
                )
            )
        )
    ends = [at for at in range(1, len(screened)) if screened[at - 1].batch != screened[at].batch]
    unread = sorted(id_ for id_, row in title_abstract.items() if row["state"] == "unscreened")
    data += [{**dict.fromkeys(_COLUMNS, ""), "title and abstract": "unscreened", "id": id_} for id_ in unread]
    data += [
        {
            **dict.fromkeys(_COLUMNS, ""),
            "batch": "from exports",
            "title and abstract": _state(title_abstract, id_),
            "full text": _state(full_text, id_),
            "id": id_,
        }
        for id_ in brought
    ]
    stop = f" Hatched: {len(unread):,} that the declared stopping rule left unscreened." if unread else ""
    open_ = f" Answered but not settled, and so not shown: {len(waiting):,}." if waiting else ""
    elsewhere = f" Decided in another program, in no order that is known: {len(brought):,}." if brought else ""
    words = Words(
        name="screening_curve",
        title="Recall against records screened",
        caption="Recall against records screened, in the order of the batches: the share of all records kept at title and "
        "abstract, and of all reports included in the end, that had been found by then. Dotted: the same finds spread "
        f"evenly; upright lines: a new batch.{stop} What was found so far is all; nothing is estimated.{open_}{elsewhere} Records "
        f"screened; n\u00a0=\u00a0{len(screened):,}.",
        empty="No record has been screened yet",
        notice=notice,
        preset=preset,
    )
    lines = [Finds("kept at title and abstract", tuple(kept)), Finds("included", tuple(included))]
    drawn = curve(
        lines, len(screened), ends, words, across="Records screened", up="Share found (recall)", left_out=len(unread),
        why="left unscreened by the declared stop",
    )  # fmt: skip
    return drawn, data


def _state(states: Mapping[str, Row], record_id: str) -> str:
    row = states.get(record_id)
    return row["state"] if row else ""
