"""A random control sample, a declared stop with what its rule said, and the target that was fixed for it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from scoping import declared_stop, fixed_target, stop_words
from scoping.items import split
from scoping.ledger import Event
from scoping.methods.material import PROTOCOL, Material, in_words, protocol
from scoping.methods.prose import Number, Runs, counted, measured, prose, settled, spaced
from scoping.screening_evidence import SETTLED

LEDGER = "data/raw/ledger/events: kind = "
BY = {"title": "by title", "title_abstract": "at title and abstract"}


def _known(material: Material, ids: Collection[str]) -> set[str]:
    """Ids of items -> records, as far as they are still there."""
    found = (material.known.get(split(id_).record) for id_ in ids)
    return {id_ for id_ in found if id_ is not None}


def samples(material: Material, stage: str) -> Runs:
    """Each control sample: of how many records, how many, how many of them were kept."""
    drawn = [event for event in material.events if event["kind"] == "issued" and event["stage"] == stage and event.get("pool")]  # fmt: skip
    return spaced(_sample(material, stage, event) for event in drawn)


def _sample(material: Material, stage: str, event: Event) -> Runs:
    key, where = f"{stage}.control.{event['batch']}", f"{LEDGER}issued, batch = {event['batch']}, "
    states = material.states.get(stage, {})
    ids = _known(material, event["items"])
    settled_ = {id_ for id_ in ids if id_ in states and states[id_]["state"] in SETTLED}
    kept = {id_ for id_ in settled_ if states[id_]["state"] == "include"}
    pool = counted(f"{key}.pool", _known(material, event["pool"]), "record", f"{where}pool")
    number = counted(f"{key}.drawn", ids, "record", f"{where}items")
    start = prose("A control sample of ", number.with_("record"), " was drawn at random, all at once, from ", pool.with_("record"), " that nobody had been given by then")  # fmt: skip
    if settled_ != ids:
        return prose(start, "; its screening was not finished.")
    found = counted(f"{key}.kept", kept, "record", f"{where}items; data/processed/{stage}/states.csv: state = include")
    return prose(start, "; ", found, f" of them {'was' if found.one else 'were'} included {BY[stage]}.")


def deviation(material: Material) -> Runs:
    """A target that was changed after the first decision, where no stop says so."""
    events = list(material.events)
    if any(declared_stop.standing(events, stage) for stage in BY):
        return ()
    return target(material) if fixed_target.deviation(events, material.review.screening) else ()


def target(material: Material) -> Runs:
    """The target of screening, and whether it is the one that was fixed before the first decision."""
    screening, events = material.review.screening, list(material.events)
    changed = fixed_target.deviation(events, screening)
    first = changed.fixed if changed else fixed_target.now(screening)
    fixed_first = fixed_target.fixed(events) is not None
    where = f"{LEDGER}issued or target, target" if changed else f"{PROTOCOL}: screening"
    start = prose(
        "The protocol set a target ", *_target("screening.target", first, where),
        ", before the first decision." if fixed_first else "; that this was set before the first decision, the ledger cannot show.",
    )  # fmt: skip
    if changed is None:
        return start
    later = [part for at, each in enumerate(changed.later, 1) for part in (" and then to ", "a ", *_target(f"screening.target.change{at}", each, where))][1:]  # fmt: skip
    return prose(start, " Deviation from the protocol: after the first decision, this was changed to ", *later, ".")


def _target(key: str, aim: fixed_target.Target, where: str) -> Runs:
    recall = settled(f"{key}.recall", aim[0], "recall", where, percent=True)
    return prose("recall of ", recall, " at p below ", settled(f"{key}.p", aim[1], "p", where))


def sentences(material: Material, stage: str) -> Runs:
    """The declared stop of a stage, with what its rule said on the day."""
    declared = declared_stop.standing(material.events, stage)
    if declared is None:
        return ()
    where = f"{LEDGER}stop, stage = {stage}, "
    states = material.states.get(stage, {})
    left = {id_ for id_, row in states.items() if row["state"] == declared_stop.UNSCREENED}
    read, kept = (_known(material, declared[name]) for name in ("read", "relevant"))
    numbers = {
        "left": counted(f"{stage}.stop.left", left, "record", f"data/processed/{stage}/states.csv: state = unscreened"),
        "read": counted(f"{stage}.stop.read", read, "record", f"{where}read"),
        "kept": counted(f"{stage}.stop.relevant", kept, "record", f"{where}relevant"),
    }
    day = protocol(in_words(date.fromisoformat(declared["date"])), "screening.stop.date")
    row = declared["consecutive"]
    last = counted(f"{stage}.stop.consecutive", declared["read"][len(declared["read"]) - row :], "record", f"{where}read, the last ones")  # fmt: skip
    start = prose(
        "On ", day, ", the team declared screening ", BY[stage], " ended, for this reason: “", protocol(declared["reason"], "screening.stop.reason"),
        "”. By then, ", numbers["read"].with_("record"), " had been read, of which ", numbers["kept"], " ", numbers["kept"].were, " included; ",
        numbers["left"].with_("record"), " ", numbers["left"].were, " left unscreened. Nobody had been given them, and nobody excluded them.",
    )  # fmt: skip
    run = prose("The last ", last.with_("record"), " in a row ", last.were, " irrelevant, which guarantees nothing.")
    return spaced([start, _rule(stage, declared, numbers["read"], where), run, target(material)])


def _rule(stage: str, declared: Event, read: Number, where: str) -> Runs:
    """What the rule said: a recall below the target rejected, or that none can be claimed."""
    figures = declared["figures"].get(declared["rule"], {})
    none = "; screening was ended although the rule was not met, and no recall can be claimed."
    if declared["rule"] == "buscar" and "p" in figures:
        value = stop_words.p_value(figures["p"]).removeprefix("p ").removeprefix("= ")
        p = replace(measured(f"{stage}.stop.p", figures["p"], "p", f"{where}figures", read), value=value, text=value)
        met = ": a recall below the target was rejected, provided that decisions are right and that the unread records were no richer in relevant ones than records drawn at random from those left before."  # fmt: skip
        return prose("The rule of Callaghan and Müller-Hansen gave a p of ", p, met if declared["met"] else none)
    if declared["rule"] == "random_sample" and "lowest_recall" in figures:
        bounds = [
            replace(number, value=f"{figures[name]:g}", text=f"{figures[name]:g}")
            for name in ("estimated", "lowest", "highest")
            for number in [measured(f"{stage}.stop.remaining.{name}", figures[name], "record", f"{where}figures", read)]
        ]
        recall = measured(
            f"{stage}.stop.lowest_recall", figures["lowest_recall"], "recall, 0 to 1", f"{where}figures", read
        )
        sure = settled(
            f"{stage}.stop.confidence", 1 - declared["p"], "confidence", f"{PROTOCOL}: screening.p", percent=True
        )
        met = ", provided that decisions are right." if declared["met"] else none
        return prose(
            "By the control sample, the unread records held an estimated ", bounds[0], " relevant ones (exact interval at ", sure, ": ", bounds[1], " to ",
            bounds[2], "), and the recall was at least ", recall, met,
        )  # fmt: skip
    return prose("No rule was met, and no recall can be claimed.")
