"""A stop of screening, as people declare it in the protocol: what the ledger keeps of it, and what it leaves unscreened.

The event `stop` freezes the records that nobody had been given when the stop was declared, and what the rules said then.
Only these are left unscreened, and only while the protocol holds the declaration: without it there is an event with
`declared` false, and they are undecided again. Whatever people answer, before or after, counts; records that a later
search brings wait for people.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scoping import folder, items, stop_words, stopping
from scoping.ledger import Event
from scoping.screening_evidence import Evidence
from scoping.screening_settings import Screening
from scoping.tables import Row

UNSCREENED = "unscreened"
_SCOPE = ("rule", "date")  # with one of these another, a declaration is a new one and covers what is open by then


def standing(events: Iterable[Event], stage: str) -> Event | None:
    """The declaration that stands at a stage, by the ledger alone."""
    found = [event for event in events if event["kind"] == "stop" and event["stage"] == stage]
    return found[-1] if found and found[-1]["declared"] else None


def due(
    events: Sequence[Event], known: Mapping[str, str], states: Mapping[str, Row], found: Evidence, stage: str,
    screening: Screening,
) -> dict[str, Any] | None:  # fmt: skip
    """What the ledger has to be told, if protocol and ledger differ; `states` and `found` are those without any stop."""
    stop, last = screening.stop, standing(events, stage)
    if stop is None or stop.stage != stage:
        return {"declared": False} if last else None
    said = {"rule": stop.rule, "declared_by": stop.declared_by, "date": stop.date.isoformat(), "reason": stop.reason}
    aims = {"target_recall": screening.target_recall, "p": screening.p}
    fields = {"declared": True, **said, **aims}
    if last and all(last[name] == value for name, value in fields.items()):
        return None
    left = last["left"] if last and all(last[name] == said[name] for name in _SCOPE) else _left(events, known, states)
    claims = [stop_words.claim(found, rule, *aims.values()) for rule in ("buscar", "random_sample")]
    mine = next((claim for claim in claims if claim.rule == stop.rule), None)
    return {
        **fields,
        "left": left,
        "met": mine.met if mine else False,
        "claim": (mine or stop_words.claim(found, "declared", *aims.values())).sentence,
        "read": list(found.read),
        "relevant": sorted(found.relevant),
        "held": sorted(set(found.unread) - set(left)),
        "consecutive": stopping.consecutive_irrelevant(found.labels),
        "figures": {claim.rule: dict(claim.figures) for claim in claims},
    }


def _left(events: Iterable[Event], known: Mapping[str, str], states: Mapping[str, Row]) -> list[str]:
    """Records without an answer that are on no sheet: what people hold is finished first."""
    held = {
        known.get(items.split(item).record)
        for info in folder.issued(list(events)).values()
        if info.role == "screen"
        for item in info.items
    }
    return sorted(id_ for id_, row in states.items() if _untouched(row) and id_ not in held)


def _untouched(row: Row) -> bool:
    return row["state"] == "pending" and row["answers"] == "0"


def applied(states: list[Row], events: Iterable[Event], known: Mapping[str, str], stage: str) -> list[Row]:
    """The states with what the standing declaration leaves unscreened; all as they were where there is none."""
    declared = standing(events, stage)
    if declared is None:
        return states
    left = {known.get(id_) for id_ in declared["left"]}
    return [
        {**row, "state": UNSCREENED} if row["record_id"] in left and _untouched(row) else row for row in states
    ]  # fmt: skip


def rule_in_words(stop: Event) -> str:
    """The rule of a declaration with its target, and whether it was met, for captions."""
    rules = {
        "buscar": f"rule of Callaghan and Müller-Hansen, target recall {stop_words.percent(stop['target_recall'])}, p < {stop['p']:g}",
        "random_sample": f"exact interval of a random control sample, target recall {stop_words.percent(stop['target_recall'])}",
        "declared": "no rule",
    }
    return f"{rules[stop['rule']]}{unmet(stop)}"


def unmet(stop: Event) -> str:
    """`; declared although the rule was not met: p = 0.4`; empty where it was met, or where there is none."""
    if stop["met"] or stop["rule"] == "declared":
        return ""
    figures = stop["figures"].get(stop["rule"], {})
    if "p" in figures:
        why = stop_words.p_value(figures["p"])
    elif "lowest_recall" in figures:
        why = f"the interval reached down to a recall of {stop_words.percent(figures['lowest_recall'])}"
    else:
        why = "nothing could be claimed"
    return f"; declared although the rule was not met ({why})"
