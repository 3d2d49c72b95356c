"""The figures of what the included studies say, each with its data: every number with the study ids behind it.

Which codes are mechanisms and which are changes follows from what the codebook asks: the status of mechanisms, the
evidence basis of changes.
"""

from collections.abc import Sequence

from scoping import code_counts
from scoping.code_counts import NO_STUDY, NOT_PLACED, Answers, counted
from scoping.codebook import Code, Codebook
from scoping.derivation import Derived
from scoping.derived import NOT_YET
from scoping.drawing.bars import Bar, bars
from scoping.drawing.crossing import Column
from scoping.drawing.frame import Chart, Words
from scoping.drawing.gap_map import Place, gap_map
from scoping.drawing.grid import grid, triangle
from scoping.drawing.upset import Combination, Set, upset
from scoping.figure_settings import GENERIC, Preset
from scoping.tables import Row

Drawn = tuple[Chart, list[Row]]
ALL = "all included studies"
LEVELS = ("individual", "organisation", "system")
JOINED = ("combined", "listed", "single", "none", NOT_YET)


def figures(cells: Sequence[Row], codebook: Codebook, notice: str, preset: Preset = GENERIC) -> list[Drawn]:
    """All of them; `cells` are those of included reports."""
    answers = Answers.of(cells)
    variables = [rule for rule in codebook.derived if rule.kind == "combined"]
    return [
        cooccurrence(answers, codebook, notice, preset),
        *(listed(answers, code, notice, preset) for code in code_counts.lists(codebook)),
        *(combinations(answers, codebook, rule, notice, preset) for rule in variables),
        evidence_gaps(answers, codebook, notice, preset),
        features_by_level(answers, codebook, notice, preset),
        coverage(answers, codebook, notice, preset),
    ]


def _n(answers: Answers) -> str:
    return f"Studies; n\u00a0=\u00a0{len(answers.studies):,}."


def cooccurrence(answers: Answers, codebook: Codebook, notice: str, preset: Preset) -> Drawn:
    """How many studies say yes to two codes."""
    codes = code_counts.presence(codebook)
    both = code_counts.pairs(answers, codes)
    words = Words(
        name="code_cooccurrence",
        title="Codes that occur together in a study",
        caption="Codes that occur together: the number of studies that report both, and on the diagonal, framed, of those "
        "that report the code; darker: more. What is unclear or not coded yet is not counted. " + _n(answers),
        empty=NO_STUDY if codes else "No code of the codebook can be absent",
        notice=notice,
        preset=preset,
    )
    counts = {pair: len(ids) for pair, ids in both.items()} | {(b, a): len(ids) for (a, b), ids in both.items()}
    chart = triangle([Column(code.id, code.label) for code in codes] if answers.studies else [], counts, words)
    label = {code.id: code.label for code in codes}
    data = [{"code": "", "label": ALL, "with": "", "label of with": "", **counted(answers.studies)}]
    data += [
        {"code": a, "label": label[a], "with": b, "label of with": label[b], **counted(ids)}
        for (a, b), ids in both.items()
    ]
    return chart, data


def listed(answers: Answers, code: Code, notice: str, preset: Preset) -> Drawn:
    """How many studies have each value of a code that is a closed list."""
    found = code_counts.values(answers, code)
    rows = {value: ids for value, ids in found.items() if value != NOT_YET or ids}
    words = Words(
        name=f"values_{code.id}",
        title=code.label,
        caption=f"{code.label}: the number of studies of each kind. A study with several models or reports may be of several. "
        + _n(answers),
        empty=NO_STUDY,
        notice=notice,
        preset=preset,
    )
    bars_ = [Bar(value, ((len(ids),),)) for value, ids in rows.items()] if answers.studies else []
    chart = bars(bars_, ["Studies"], ["n"], words, many="values")
    return chart, [
        {"code": code.id, "label": code.label, "value": value, **counted(ids)} for value, ids in rows.items()
    ]


def combinations(answers: Answers, codebook: Codebook, rule: Derived, notice: str, preset: Preset) -> Drawn:
    """Which of the codes of a variable of the kind `combined` occur together, and whether they were joined."""
    label = {code.id: code.label for code in codebook.codes}
    found = code_counts.forms(answers, rule)
    kinds = [word for word in JOINED if any(word in each.studies for each in found)]
    words = Words(
        name=f"combinations_{rule.id}",
        title=rule.label,
        caption=f"{rule.label}. Each column counts the studies that report all that is marked below it and nothing else of "
        f"the list. combined: at least {rule.at_least}, and {label[rule.joined_by or '']} was found; listed: at least "
        f"{rule.at_least}, and it was not; not known yet: coding goes on. The numbers beside the names are all studies "
        "that report it. " + _n(answers),
        empty=NO_STUDY,
        notice=notice,
        preset=preset,
    )
    place = {code: at for at, code in enumerate(rule.codes)}
    chart = upset(
        [Set(label[code], len(answers.saying("yes", code))) for code in rule.codes],
        [
            Combination(
                frozenset(place[code] for code in each.codes), tuple(len(each.studies.get(word, ())) for word in kinds)
            )
            for each in found
        ],
        kinds,
        words,
        axis="Studies with exactly this combination",
        many="studies",
    )
    data = [
        {
            "codes": "; ".join(each.codes),
            "labels": "; ".join(label[code] for code in each.codes) or "none of them",
            rule.id: word,
            **counted(ids),
        }
        for each in found
        for word, ids in each.studies.items()
    ]
    data += [
        {"codes": code, "labels": f"all with {label[code]}", rule.id: "", **counted(answers.saying("yes", code))}
        for code in rule.codes
    ]
    return chart, data


def evidence_gaps(answers: Answers, codebook: Codebook, notice: str, preset: Preset) -> Drawn:
    """Mechanisms crossed with changes: studies that report both, the best basis, an honest word where there is none."""
    mechanisms = [code for code in codebook.codes if code.status]
    changes = [code for code in codebook.codes if code.basis]
    order = code_counts.strength(codebook)
    gaps = {(m.id, c.id): code_counts.gap(answers, m.id, c.id, order) for m in mechanisms for c in changes}
    missing = "its status" if not mechanisms else "its evidence basis"
    words = Words(
        name="evidence_gap_map",
        title="Evidence gap map: mechanisms and the changes reported with them",
        caption="Evidence gap map. Each bubble counts, by its area, the studies that report both the mechanism and the change; "
        "this is no effect of the one on the other. Shade and hatching: the best basis of the change in any of these "
        "studies. none found: every study was coded and none reports both. unclear: coders could not tell in at least one "
        "study. not codable: at least one study that may report both is not coded, or not yet. " + _n(answers),
        empty=NO_STUDY
        if mechanisms and changes
        else f"No code of the codebook asks {missing}, so there is nothing to cross",
        notice=notice,
        preset=preset,
    )
    shown = sorted({basis for gap in gaps.values() for basis in gap.studies})
    chart = gap_map(
        [_column(code) for code in mechanisms] if answers.studies else [],
        [_column(code) for code in changes],
        {pair: Place(len(gap.ids), next(iter(gap.studies), ""), gap.word) for pair, gap in gaps.items()},
        [basis for basis in dict.fromkeys((*order, *shown)) if basis in shown or basis in code_counts.STRONGEST_FIRST],
        words,
        corner="Mechanism",
    )
    label = {code.id: code.label for code in codebook.codes}
    data = []
    for (mechanism, change), gap in gaps.items():
        place = {
            "mechanism": mechanism,
            "label of mechanism": label[mechanism],
            "change": change,
            "label of change": label[change],
        }
        data += [{**place, "basis": basis, "empty": "", **counted(ids)} for basis, ids in gap.studies.items()]
        if gap.word:
            data.append({**place, "basis": "", "empty": gap.word, **counted(gap.behind)})
    return chart, data


def _column(code: Code) -> Column:
    return Column(code.id, code.label)


def features_by_level(answers: Answers, codebook: Codebook, notice: str, preset: Preset) -> Drawn:
    """At which levels the studies place what they report."""
    codes = [code for code in codebook.codes if code.levels]
    found = code_counts.levels(answers, codes)
    words = Words(
        name="features_by_level",
        title="Features by the level at which studies place them",
        caption="Features by level: the number of studies that report the feature at the level; darker: more. A study may "
        "place a feature at several levels, and counts at each. " + _n(answers),
        empty=NO_STUDY if codes else "No code of the codebook asks for a level",
        notice=notice,
        preset=preset,
    )
    chart = grid(
        [_column(code) for code in codes] if answers.studies else [],
        [Column(level, level.capitalize()) for level in (*LEVELS, NOT_PLACED)],
        {pair: len(ids) for pair, ids in found.items()},
        words,
        corner="Code",
        absent="level not asked of this code",
    )
    label = {code.id: code.label for code in codes}
    data = [
        {"code": code, "label": label[code], "level": level, **counted(ids)} for (code, level), ids in found.items()
    ]  # fmt: skip
    return chart, data


def coverage(answers: Answers, codebook: Codebook, notice: str, preset: Preset) -> Drawn:
    """How many studies speak to the items of other lists, by explicit rows and by inferred ones alone."""
    words = Words(
        name="crosswalk_coverage",
        title="Studies that speak to the items of other lists, through the codes",
        caption="Studies that speak to the items of other lists through the codes. explicit: the list itself names what the "
        "code holds; inferred: only the reviewers read it so. A study may speak to several items. " + _n(answers),
        empty=NO_STUDY if codebook.crosswalks else "The codebook has no crosswalk to another list",
        notice=notice,
        preset=preset,
    )
    rows, data = [], []
    for walk in codebook.crosswalks:
        found = code_counts.covered(answers, walk)
        for target in walk.targets:
            both = found[target.id]
            rows.append(Bar(target.label, ((len(both[0]), len(both[1])),), heading=walk.label))
            data += [
                {"list": walk.id, "item": target.id, "label": target.label, "by": kind, **counted(ids)}
                for kind, ids in zip(("explicit", "inferred alone"), both, strict=True)
            ]
    chart = bars(
        rows if answers.studies else [], ["Studies"], ["explicit", "inferred alone"], words, many="items"
    )  # fmt: skip
    return chart, data
