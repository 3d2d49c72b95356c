"""Who and what is compared: every comparison of answers that were given before anything was reconciled.

Items are compared by record: answers given under any id of a record count for it. Where one person answered entries of
one record differently before they were merged, that person has no answer for the record. Coders who saw the same
suggestion are not independent, so coding as a whole is compared over the cells that were drawn by lot to be coded without
any; all cells stand beside them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from operator import attrgetter

from scoping import agreement, imports, record_ids
from scoping.agreement import Figure, Panel, Ratings
from scoping.items import split
from scoping.offers import BLIND, OFF, SHOWN
from scoping.schemas import OPTIONAL
from scoping.tables import Row

UNITS = {"title": "record", "title_abstract": "record", "full_text": "report", "coding": "cell"}
ALL, PURPOSE, BATCH, PAIR, REASON, CODE, LEVEL = "all", "purpose", "batch", "pair", "reason", "code", "level"
VERSION, OFFER, FAMILY = "version", "suggestion", "family"
OFFERS = {BLIND: "Coded blind to suggestions", SHOWN: "Suggestion shown", OFF: "Suggestions switched off"}
EITHER = "excluded or not for this reason"
MEASURES = {
    "Raw agreement": "raw",
    "Positive agreement": "positive_agreement",
    "Negative agreement": "negative_agreement",
    "Kappa": "pooled_kappa",
    "PABAK": "pabak",
    "AC1": "ac1",
    "Alpha": "alpha",
}
Word = Callable[["Answer"], str | None]


@dataclass(frozen=True)
class Answer:
    """One person's answer for one record, or for one code of it: `record:code`, `record:code@2` in codebook version 2."""

    stage: str
    batch: str
    purpose: str
    person: str
    item: str
    code: str
    decision: str
    reason: str
    level: str
    version: str = ""
    offer: str = ""


@dataclass(frozen=True)
class Scale:
    """One way to compare answers: the words that are set equal (None takes an answer out), and all that are possible."""

    name: str
    positive: str | None
    categories: tuple[str, ...]
    same: Mapping[str, str | None] = field(default_factory=dict)

    def word(self, answer: Answer) -> str | None:
        """The answer on this scale."""
        return self.same.get(answer.decision, answer.decision)


_SCREENING = (
    Scale("as answered", "include", ("include", "exclude", "unsure")),
    Scale("unsure as include", "include", ("include", "exclude"), {"unsure": "include"}),
)
SCALES: Mapping[str, tuple[Scale, Scale]] = {
    "title": _SCREENING,
    "title_abstract": _SCREENING,
    "full_text": (
        Scale("as answered", "include", ("include", "exclude", "unsure", "not_retrieved")),
        Scale(
            "unsure as include, not retrieved left out",
            "include",
            ("include", "exclude"),
            {"unsure": "include", "not_retrieved": None},
        ),
    ),
    "coding": (
        Scale("as answered", "yes", ("yes", "no", "unclear")),
        Scale("unclear as no", "yes", ("yes", "no"), {"unclear": "no"}),
    ),
}


@dataclass(frozen=True)
class Comparison:
    """One line of the report: who and what is compared (`by`, `group`), how (`scale`), and what came of it."""

    stage: str
    by: str
    group: str
    label: str
    scale: str
    ratings: Ratings
    panel: Panel

    @property
    def unit(self) -> str:
        """What an item is."""
        return UNITS[self.stage]

    @property
    def alpha_has_sense(self) -> bool:
        """With two people who answered everything, alpha says what kappa says."""
        return len(self.panel.people) > 2 or self.panel.answered > self.panel.double_coded.items

    def figures(self) -> Iterator[tuple[str, Figure | None]]:
        """(measure, its figure), None where the measure does not apply."""
        for name, attribute in MEASURES.items():
            needs_positive = attribute in ("positive_agreement", "negative_agreement")
            fits = self.alpha_has_sense if attribute == "alpha" else self.panel.positive or not needs_positive
            yield name, getattr(self.panel, attribute) if fits else None


@dataclass(frozen=True)
class Labels:
    """How reasons, codes and people are called, in the order of the protocol and the codebook."""

    reasons: Mapping[str, str]
    codes: Mapping[str, str]
    code_values: Mapping[str, tuple[str, ...]]
    families: Mapping[str, str] = field(default_factory=dict)
    """Code -> what its family is called, in the order of the codebook."""


def answers(rows: Iterable[Row], known: Mapping[str, str]) -> list[Answer]:
    """The answers of one stage by record; those whose record is gone are left out."""
    out = []
    for row in imports.counting(rows, known):
        of = split(row["item"])
        if of.record in known:
            later = (
                f"@{row['version']}" if row["version"] not in ("", "1") else ""
            )  # asked again: a question of its own
            item = f"{replace(of, record=known[of.record])}{later}"
            names = ("stage", "batch", "purpose", "person", "decision", "reason", "level", "version", "offer")
            taken = {name: row[name] for name in names}
            out.append(Answer(item=item, code=of.code, **taken))
    return out


def ratings(given: Iterable[Answer], word: Word) -> dict[str, dict[str, str | None]]:
    """Category by person, by item; None where a person answered entries of one record differently."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for answer in given:
        category = word(answer)
        if category is not None:
            said[answer.item][answer.person].add(category)
    return {
        item: {person: words.pop() if len(words) == 1 else None for person, words in sorted(by_person.items())}
        for item, by_person in sorted(said.items())
    }


def comparisons(given: Sequence[Answer], labels: Labels, seed: int) -> list[Comparison]:
    """Every comparison of one or more stages. Those in which no item has two answers are left out, but for whole stages."""
    out: list[Comparison] = []
    for stage, here in _stages(given):
        out += _of_stage(stage, here, labels, seed)
    return out


def wholes(given: Sequence[Answer], seed: int) -> list[Comparison]:
    """The comparisons of whole stages alone, the same as among `comparisons`."""
    return [line for stage, here in _stages(given) for line in _of_wholes(stage, here, seed)]


def _stages(given: Sequence[Answer]) -> Iterator[tuple[str, list[Answer]]]:
    """Each stage with its answers; of a stage that a review may lack only if there are any."""
    for stage in UNITS:
        here = [answer for answer in given if answer.stage == stage]
        if here or stage not in OPTIONAL:
            yield stage, here


def _of_wholes(stage: str, here: list[Answer], seed: int) -> Iterator[Comparison]:
    for group, label, part in _wholes(stage, here):
        for scale in SCALES[stage]:
            yield _compare(stage, (ALL, group, label), scale, ratings(part, scale.word), seed)


def _compare(stage: str, of: tuple[str, str, str], scale: Scale, table: Ratings, seed: int) -> Comparison:
    panel = agreement.panel(table, positive=scale.positive, seed=seed, categories=scale.categories, cluster_of=_record)
    return Comparison(stage, *of, scale.name, table, panel)


def _of_stage(stage: str, here: list[Answer], labels: Labels, seed: int) -> Iterator[Comparison]:
    yield from _of_wholes(stage, here, seed)
    found = [*_groups(stage, here, labels), *_reasons(stage, here, labels)]
    lines = (_compare(stage, (by, group, label), scale, table, seed) for by, group, label, scale, table in found)
    yield from (line for line in lines if line.panel.double_coded.items)


def _wholes(stage: str, here: list[Answer]) -> list[tuple[str, str, list[Answer]]]:
    """Group, label and answers of a whole stage; of coding first the cells that were coded blind, then all."""
    if stage != "coding":
        return [("", "All", here)]
    blind = [answer for answer in here if answer.offer == BLIND]
    if not blind:
        shown = any(answer.offer == SHOWN for answer in here)
        none = "none of them coded blind to suggestions" if shown else "no suggestions were shown"
        return [("", f"All cells ({none})", here)]
    return [(BLIND, OFFERS[BLIND], blind), ("", "All cells, also those with a suggestion shown", here)]


def _record(item: str) -> str:
    """The record of an item: intervals are over records, also where each has many cells."""
    return split(item).record


_Found = tuple[str, str, str, Scale, Ratings]


def _groups(stage: str, here: list[Answer], labels: Labels) -> Iterator[_Found]:
    """Purposes, batches, pairs and codes; what there is only one of is the whole stage again."""
    for by in (PURPOSE, BATCH, OFFER, VERSION):
        members = _parted(here, attrgetter("offer" if by == OFFER else by))
        for group, part in members.items() if len(members) > 1 else ():
            offer = OFFERS.get(group, "Without suggestions")
            label = {PURPOSE: group.capitalize(), BATCH: group, VERSION: f"Codebook version {group}", OFFER: offer}[by]
            for scale in SCALES[stage]:
                yield by, group, label, scale, ratings(part, scale.word)
    yield from _pairs(stage, here)
    if stage == "coding":
        levels = ratings(here, lambda answer: answer.level or None if answer.decision == "yes" else None)
        yield LEVEL, "", "Level, where two or more said yes", Scale("which level", None, ()), levels
    yield from _families(stage, here, labels)
    codes = _parted(here, attrgetter(CODE)) if stage == "coding" else {}
    for code in [
        *(code for code in labels.codes if code in codes),
        *(code for code in codes if code not in labels.codes),
    ]:
        for scale in SCALES[stage]:
            own = _of_code(scale, labels.code_values.get(code, scale.categories))
            label = f"{code} {labels.codes[code]}" if code in labels.codes else code
            yield CODE, code, label, own, ratings(codes[code], scale.word)


def _families(stage: str, here: list[Answer], labels: Labels) -> Iterator[_Found]:
    """Families of codes with a yes, on all their codes that have it; a list of a code's own is compared by itself."""
    usual = [a for a in here if stage == "coding" and SCALES[stage][0].positive in labels.code_values.get(a.code, ())]
    parts = _parted(usual, lambda answer: labels.families.get(answer.code, ""))
    for family in dict.fromkeys(labels.families.values()):
        for scale in SCALES[stage] if family in parts else ():
            yield FAMILY, family, family, scale, ratings(parts[family], scale.word)


def _of_code(scale: Scale, possible: Sequence[str]) -> Scale:
    """A scale with the values that a code may have; of a list of the code's own none is the positive one."""
    said = tuple(dict.fromkeys(str(word) for value in possible if (word := scale.same.get(value, value))))
    positive = scale.positive if scale.positive in possible else None
    return Scale(scale.name, positive, said, scale.same)


def _parted(given: Iterable[Answer], of: Callable[[Answer], str]) -> dict[str, list[Answer]]:
    """The answers by group, in order of their names."""
    parts: dict[str, list[Answer]] = defaultdict(list)
    for answer in given:
        parts[of(answer)].append(answer)
    return dict(sorted(parts.items()))


def _pairs(stage: str, here: list[Answer]) -> Iterator[_Found]:
    """Every two people who share items, over what both answered; a single pair is the whole stage again."""
    whole = ratings(here, SCALES[stage][0].word)
    sharing = Counter(
        pair for said in whole.values() for pair in combinations([p for p, word in said.items() if word], 2)
    )
    for a, b in sorted(sharing) if len(sharing) > 1 else ():
        both = [answer for answer in here if answer.person in (a, b)]
        for scale in SCALES[stage]:
            table = ratings(both, scale.word)
            shared = {item: said for item, said in table.items() if said.get(a) and said.get(b)}
            yield PAIR, f"{a} and {b}", f"{a} and {b}", scale, shared


def _reasons(stage: str, here: list[Answer], labels: Labels) -> Iterator[_Found]:
    """Primary reasons: which one, where two or more excluded; and each one against all other answers."""
    if stage == "coding":
        return
    found = {answer.reason for answer in here if answer.decision == "exclude" and answer.reason}
    which = ratings(here, lambda answer: answer.reason or None if answer.decision == "exclude" else None)
    named = Scale("which reason", None, tuple(sorted({*labels.reasons, *found})))
    if found:
        yield REASON, "", "Reason, where two or more excluded", named, which
    for reason in [*(id_ for id_ in labels.reasons if id_ in found), *sorted(found - set(labels.reasons))]:
        scale = Scale(EITHER, reason, (reason, agreement.REST))
        yield REASON, reason, labels.reasons.get(reason, reason), scale, ratings(here, _one_reason(reason))


def _one_reason(reason: str) -> Word:
    """Excluded for this reason, or answered otherwise; who named no reason or could not obtain the report said neither."""

    def word(answer: Answer) -> str | None:
        if answer.decision == "not_retrieved" or (answer.decision == "exclude" and not answer.reason):
            return None
        return reason if answer.decision == "exclude" and answer.reason == reason else agreement.REST

    return word


def known(records: list[Row], independent: list[Row]) -> tuple[dict[str, str], int]:
    """(every id that stands for a record -> record id, answers that belong to no record any more)."""
    found, gone = record_ids.known_ids(records, independent)
    return found, len(gone)
