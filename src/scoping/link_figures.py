"""The figures of links between two families of codes, and of combinations by another code, each with its data."""

from collections.abc import Sequence
from itertools import product

from scoping import code_counts
from scoping.code_counts import Answers
from scoping.codebook import Codebook
from scoping.codebook_figures import Link, Mosaic
from scoping.derived import NOT_YET
from scoping.drawing.crossing import Column
from scoping.drawing.frame import Chart, Words
from scoping.drawing.grid import grid
from scoping.drawing.links import End, links
from scoping.figure_settings import GENERIC, Preset
from scoping.tables import Row

Drawn = tuple[Chart, list[Row]]


def figures(cells: Sequence[Row], codebook: Codebook, notice: str, preset: Preset = GENERIC) -> list[Drawn]:
    """Those under `figures.links` and `figures.mosaics`; `cells` are those of included reports."""
    answers = Answers.of(cells)
    return [
        *(_links(answers, codebook, link, notice, preset) for link in codebook.figures.links),
        *(_mosaic(answers, codebook, mosaic, notice, preset) for mosaic in codebook.figures.mosaics),
    ]


def _links(answers: Answers, codebook: Codebook, link: Link, notice: str, preset: Preset) -> Drawn:
    some = code_counts.presence(codebook)
    sides = [[code for code in some if code.family == family] for family in (link.left, link.right)]
    label = {code.id: code.label for code in some}
    family = {each.id: each.label for each in codebook.families}
    both = {
        (left.id, right.id): answers.saying("yes", left.id, right.id)
        for left, right in product(*sides)
        if left.id != right.id
    }
    words = Words(
        name=f"links_{link.id}",
        title=link.label,
        caption=f"{link.label}. Each band joins two codes that the same studies report; its width and the number at its left "
        "end are how many do, which is no effect of the one on the other. The number beside a code is all studies that "
        f"report it. Studies; n\u00a0=\u00a0{len(answers.studies):,}.",
        empty=_nothing(answers, sides, both),
        notice=notice,
        preset=preset,
    )
    ends = [[End(code.id, code.label, len(answers.saying("yes", code.id))) for code in side] for side in sides]
    counts = {pair: len(ids) for pair, ids in both.items() if ids}
    chart = links(ends[0], ends[1], counts, words, heads=(family[link.left], family[link.right]))
    data = [
        {"code": a, "label": label[a], "with": b, "label of with": label[b], **code_counts.counted(ids)}
        for (a, b), ids in both.items()
    ]
    every = dict.fromkeys(code.id for side in sides for code in side)
    data += [
        {"code": code, "label": label[code], "with": "", "label of with": "", **code_counts.counted(answers.saying("yes", code))}
        for code in every
    ]  # fmt: skip
    return chart, data


def _nothing(answers: Answers, sides: Sequence[Sequence[object]], both: dict[tuple[str, str], tuple[str, ...]]) -> str:
    if not answers.studies:
        return code_counts.NO_STUDY
    if not all(sides) or not both:
        return "One of the two families has no code that a study may lack, so there is nothing to link"
    return "No study reports a code of both families"


def _mosaic(answers: Answers, codebook: Codebook, mosaic: Mosaic, notice: str, preset: Preset) -> Drawn:
    rule = next(each for each in codebook.derived if each.id == mosaic.variable)
    code = next(each for each in codebook.codes if each.id == mosaic.by)
    joined: dict[str, set[str]] = {}
    for form in code_counts.forms(answers, rule):
        for word, ids in form.studies.items():
            joined.setdefault(word, set()).update(ids)
    means = {
        "combined": f"{rule.at_least} or more, joined",
        "listed": f"{rule.at_least} or more, side by side",
        "single": "fewer",
        "none": "not one",
        NOT_YET: "coding goes on",
    }
    kinds = {word: means[word] for word in means if word != NOT_YET or joined.get(word)}
    kept = {value: ids for value, ids in code_counts.values(answers, code).items() if ids or value != NOT_YET}
    found = {
        (word, value): tuple(sorted(joined.get(word, set()) & set(ids)))
        for word in kinds
        for value, ids in kept.items()
    }
    words = Words(
        name=f"mosaic_{rule.id}_by_{code.id}",
        title=f"{rule.label}, by {code.label}",
        caption=f"{rule.label}, by {code.label}: the number of studies; darker: more. A study with several models or "
        f"reports may be of several columns. Studies; n\u00a0=\u00a0{len(answers.studies):,}.",
        empty=code_counts.NO_STUDY,
        notice=notice,
        preset=preset,
    )
    chart = grid(
        [Column(word, f"({meaning})") for word, meaning in kinds.items()] if answers.studies else [],
        [Column(value, value) for value in kept],
        {pair: len(ids) for pair, ids in found.items()},
        words,
        corner=rule.label if len(rule.label) < 25 else "Combination",
        absent="",
    )
    data = [
        {rule.id: word, "code": code.id, "value": value, **code_counts.counted(ids)}
        for (word, value), ids in found.items()
    ]
    return chart, data
