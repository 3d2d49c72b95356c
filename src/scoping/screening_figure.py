"""How many of the records screened were finds, in the order in which people were given them; nothing is estimated."""

from collections.abc import Iterable, Mapping

from scoping import screening_order
from scoping.drawing.curve import Finds, curve
from scoping.drawing.frame import Chart, Words
from scoping.figure_settings import GENERIC, Preset
from scoping.ledger import Event
from scoping.tables import Row

SETTLED = ("include", "exclude")


def figure(
    events: Iterable[Event], known: Mapping[str, str], title_abstract: Mapping[str, Row], full_text: Mapping[str, Row],
    notice: str, preset: Preset = GENERIC,
) -> tuple[Chart, list[Row]]:  # fmt: skip
    """The curve and, for each record in order, what became of it; `events` of title and abstract, in order.

    `known`: id on a sheet -> record id. Records whose screening is not settled are left out, and counted in the caption.
    """
    answered = screening_order.order(events, known)
    screened = [each for each in answered if _state(title_abstract, each.record_id) in SETTLED]
    waiting = sorted({each.record_id for each in answered} - {each.record_id for each in screened})
    data, kept, included = [], [], []
    for at, each in enumerate(screened, 1):
        first, second = _state(title_abstract, each.record_id), _state(full_text, each.record_id)
        kept += [at] if first == "include" else []
        included += [at] if first == "include" and second == "include" else []
        data.append(
            {
                "position": str(at),
                "batch": each.batch,
                "title and abstract": first,
                "full text": second,
                "records kept so far": str(len(kept)),
                "reports included so far": str(len(included)),
                "id": each.record_id,
            }
        )
    ends = [at for at in range(1, len(screened)) if screened[at - 1].batch != screened[at].batch]
    open_ = f" Answered but not settled, and so not shown: {len(waiting):,}." if waiting else ""
    words = Words(
        name="screening_curve",
        title="Finds against records screened",
        caption="Finds against records screened, in the order of the batches: records kept at title and "
        "abstract, and reports included in the end. Dotted: the same finds spread evenly; upright lines: a new batch. "
        f"Nothing is estimated.{open_} Records screened; n\u00a0=\u00a0{len(screened):,}.",
        empty="No record has been screened yet",
        notice=notice,
        preset=preset,
    )
    lines = [Finds("kept at title and abstract", tuple(kept)), Finds("included", tuple(included))]
    return curve(lines, len(screened), ends, words, across="Records screened", up="Finds"), data


def _state(states: Mapping[str, Row], record_id: str) -> str:
    row = states.get(record_id)
    return row["state"] if row else ""
