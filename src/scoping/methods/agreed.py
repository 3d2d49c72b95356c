"""How far people agreed before anything was reconciled, as a sentence with its figures."""

from scoping.agreement import Figure
from scoping.comparisons import SCALES, Comparison
from scoping.methods import elsewhere
from scoping.methods.material import Material
from scoping.methods.prose import Number, Part, Runs, Term, counted, measured, prose, spaced

_WHERE = "reports/tables/agreement_ids.csv: "
_NAMES: dict[str, Part] = {"Raw agreement": "raw agreement", "Kappa": "Cohen's kappa", "AC1": ""}
_OF = {
    "title": "on inclusion (‘unsure’ counted as inclusion)",
    "title_abstract": "on inclusion (‘unsure’ counted as inclusion)",
    "full_text": "on inclusion (‘unsure’ counted as inclusion, reports not retrieved left out)",
    "coding": "on the value of a code (‘unclear’ counted as no)",
}


def lines(material: Material, stage: str) -> list[Comparison]:
    """The comparisons of a whole stage on the scale that decides; of coding first the cells that were coded blind."""
    deciding = SCALES[stage][1].name if stage in SCALES else ""
    return [line for line in material.agreement if line.stage == stage and line.scale == deciding]


def sentences(material: Material, stage: str) -> Runs:
    """A sentence for each comparison of a stage that has two answers to any item."""
    alone = "" if elsewhere.brought(material, stage) else " independently"
    return spaced(_sentence(line, alone) for line in lines(material, stage) if line.panel.double_coded.items)


def _sentence(line: Comparison, alone: str) -> Runs:
    group = ".blind" if line.group else ""
    key = f"agreement.{line.stage}{group}"
    where = f"{_WHERE}stage and group of that name, answers = {line.scale}, two or more given"
    ids = [item for item, said in line.ratings.items() if sum(bool(word) for word in said.values()) > 1]
    number = counted(f"{key}.items", ids, line.unit, where)
    of = "cell coded blind to suggestions" if line.group else line.unit
    many = "cells coded blind to suggestions" if line.group else ""
    found: list[Part] = []
    figures = dict(line.figures())
    for name, words in _NAMES.items():
        figure = figures[name]
        if figure is None or figure.value is None:
            continue
        said: Part = words if words else prose("Gwet's ", Term("AC1"))
        found += [", " if found else "", said, " ", _figure(f"{key}.{name}", figure, where, number)]
    if not found:
        return prose("Agreement was not defined for ", number.with_(of, many), ".")
    return prose(
        "Before reconciliation, two or more reviewers had answered ", number.with_(of, many), f"{alone}. Agreement ", _OF[line.stage],
        ", with ", Term("95% bootstrap intervals"), " in brackets: ", *found, ".",
    )  # fmt: skip


def _figure(key: str, figure: Figure, where: str, of: Number) -> Runs:
    key = key.replace(" ", "_").lower()
    name = "agreement, at most 1"
    value = measured(key, figure.value or 0.0, name, where, of)
    if figure.low is None or figure.high is None:
        return prose(value)
    low, high = (
        measured(f"{key}.{end}er", limit, f"{end}er limit of the interval", where, of)
        for end, limit in (("low", figure.low), ("upp", figure.high))
    )
    return prose(value, " (", low, " to ", high, ")")
