"""What can be claimed when screening stops here: one sentence that a paper can print, or "Cannot claim" and why.

No sentence says that a recall was reached: a rule rejects that it was missed, under assumptions that the sentence names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scoping import stopping
from scoping.screening_evidence import Evidence

KEPT = {"title": "by title", "title_abstract": "at title and abstract"}
FEW = (
    "Only {found} relevant records were found: with fewer than {least} the rule seldom allows a stop before nearly all is "
    "read. "
)
NO_GUARANTEE = "no guarantee: a run of irrelevant records says nothing of those that are unread"


@dataclass(frozen=True)
class Claim:
    """What a rule says: whether it is met, in words, and its figures, rounded, by name."""

    rule: str
    met: bool
    sentence: str
    figures: Mapping[str, float]


def percent(share: float) -> str:
    """`95%`, `92.5%`; never 100% of less."""
    text = f"{100 * share:.1f}".removesuffix(".0")
    return "99.9%" if text == "100" and share < 1 else f"{text}%"


def p_value(value: float) -> str:
    """`p = 0.031`, `p < 0.0001`."""
    return "p < 0.0001" if value < 0.0001 else f"p = {value:.2g}"


def claim(found: Evidence, rule: str, target: float, p: float) -> Claim:
    """What a rule of the protocol says of the evidence."""
    rules: dict[str, Callable[[Evidence, float, float], Claim]] = {"buscar": _buscar, "random_sample": _random_sample}
    if rule == "declared":
        return Claim(rule, False, "Cannot claim any recall: screening was stopped without a rule.", {})
    if not found.unread:
        return Claim(rule, True, f"All {found.total:,} records were read; nothing is left to estimate.", {})
    if not found.relevant:
        return Claim(rule, False, "Cannot claim any recall: no relevant record was found so far.", {})
    return rules[rule](found, target, p)


def _so_far(found: Evidence) -> str:
    return (
        f"after {len(found.read):,} of {found.total:,} records were screened and {len(found.relevant):,} kept "
        f"{KEPT.get(found.stage, '')}".rstrip()
    )


def _few(found: Evidence) -> str:
    number = len(found.relevant)
    return FEW.format(found=number, least=stopping.FEW) if number < stopping.FEW else ""


def _buscar(found: Evidence, target: float, p: float) -> Claim:
    value = stopping.probability_of_missing(found.labels, found.total, target)
    most = stopping.most_remaining(found.labels, found.total, p)
    figures = {"p": round(value, 6), "most_remaining": most, "lowest_recall": round(found.recall(most), 4)}
    rule = f"rule of Callaghan and Müller-Hansen, {p_value(value)}"
    if value < p:
        words = (
            f"{_few(found)}A recall below {percent(target)} is rejected {_so_far(found)} ({rule}), provided that decisions are "
            "right and that unread records are no richer in relevant ones than records drawn at random from those left before."
        )
        return Claim("buscar", True, words, figures)
    words = (
        f"{_few(found)}Cannot claim a recall of {percent(target)} {_so_far(found)} ({rule}; below {p:g} is asked for)."
    )
    return Claim("buscar", False, words, figures)


def _random_sample(found: Evidence, target: float, p: float) -> Claim:
    sample = found.sample
    if sample is None or not sample.drawn:
        return Claim("random_sample", False, "Cannot claim: no random control sample was drawn.", {})
    if sample.unsettled:
        words = f"Cannot claim: {len(sample.unsettled):,} of the {len(sample.drawn):,} records of the random control sample are not settled."
        return Claim("random_sample", False, words, {})
    low, middle, high = sample.remaining(1 - p)
    worst, likely, best = (found.recall(rest) for rest in (high, middle, low))
    figures = {"lowest": low, "estimated": round(middle, 2), "highest": high, "lowest_recall": round(worst, 4)}
    outside = (
        f" {len(sample.outside):,} of them were not in the pool and count as relevant at worst."
        if sample.outside
        else ""
    )
    words = (
        f"A random control sample of {len(sample.drawn):,} of {len(sample.pool):,} records held {len(sample.relevant):,} "
        f"relevant ones, so that the {len(found.unread):,} unread records hold an estimated {middle:.1f} (exact "
        f"{percent(1 - p)} interval {low:,} to {high:,}) and the recall is {percent(likely)} ({percent(worst)} to "
        f"{percent(best)}), provided that decisions are right.{outside}"
    )
    if worst >= target:
        return Claim("random_sample", True, f"{_few_sampled(found)}{words}", figures)
    words = f"Cannot claim a recall of {percent(target)}: the interval reaches down to {percent(worst)}. {words}"
    return Claim("random_sample", False, f"{_few_sampled(found)}{words}", figures)


def _few_sampled(found: Evidence) -> str:
    number = len(found.relevant)
    return f"Only {number:,} relevant records were found: each one counts for much. " if number < stopping.FEW else ""


def in_a_row(found: Evidence) -> str:
    """`50 irrelevant records in a row (no guarantee …)`."""
    number = stopping.consecutive_irrelevant(found.labels)
    return f"{number:,} irrelevant record{'' if number == 1 else 's'} in a row were read last ({NO_GUARANTEE})."
