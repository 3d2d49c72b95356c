"""The figures of where records came from, each with its data: every number with the ids behind it."""

from collections.abc import Iterable, Mapping

from scoping import source_overlap
from scoping.drawing.bars import Bar, bars
from scoping.drawing.frame import Chart, Words
from scoping.drawing.upset import Combination, Set, upset
from scoping.figure_settings import GENERIC, Preset
from scoping.tables import Row

Drawn = tuple[Chart, list[Row]]
NO_RECORD = "No record has been found yet"


def figures(
    records: Iterable[Row], names: Mapping[str, str], included: Iterable[str], notice: str, preset: Preset = GENERIC
) -> list[Drawn]:
    """Overlap of the sources, and what each contributed, the largest first; `names`: source id -> its name."""
    found = source_overlap.combinations(records, list(names))
    gave = source_overlap.contributions(found, list(names), set(included))
    names = dict(sorted(names.items(), key=lambda each: -len(gave[each[0]].records)))
    total = sum(map(len, found.values()))
    return [
        _overlap(found, gave, names, total, notice, preset),
        _contribution(found, gave, names, total, notice, preset),
    ]


def _overlap(
    found: Mapping[tuple[str, ...], tuple[str, ...]], gave: Mapping[str, source_overlap.Contribution],
    names: Mapping[str, str], total: int, notice: str, preset: Preset,
) -> Drawn:  # fmt: skip
    words = Words(
        name="source_overlap",
        title="Records by the sources that found them",
        caption="Records by the sources that found them. Each column counts the records that all sources marked below it "
        "found, and no other; the numbers beside the names are all records of a source, so that a record counts "
        f"for each of its sources there. Records after removal of duplicates; n\u00a0=\u00a0{total:,}.",
        empty=NO_RECORD,
        notice=notice,
        preset=preset,
    )
    place = {source: at for at, source in enumerate(names)}
    chart = upset(
        [Set(name, len(gave[source].records)) for source, name in names.items()],
        [Combination(frozenset(place[source] for source in mine), (len(ids),)) for mine, ids in found.items()],
        ["records"],
        words,
        axis="Records found in exactly these sources",
        many="records",
    )
    rows = [
        {
            "sources": "; ".join(mine),
            "counted": "in exactly these",
            "unit": "record",
            "n": str(len(ids)),
            "ids": "; ".join(ids),
        }
        for mine, ids in found.items()
    ]
    rows += [
        {"sources": source, "counted": "in this one, whatever else", "unit": "record", "n": str(len(gave[source].records)), "ids": "; ".join(gave[source].records)}
        for source in names
    ]  # fmt: skip
    return chart, rows


def _contribution(
    found: Mapping[tuple[str, ...], tuple[str, ...]], gave: Mapping[str, source_overlap.Contribution],
    names: Mapping[str, str], total: int, notice: str, preset: Preset,
) -> Drawn:  # fmt: skip
    included = {id_ for each in gave.values() for id_ in each.included}
    words = Words(
        name="source_contribution",
        title="What each source contributed",
        caption="What each source contributed: the records it found, those of them that no other source found, and the "
        "reports included in the end; each on a scale of its own. What several sources found counts for each. "
        f"Records after removal of duplicates; n\u00a0=\u00a0{total:,}. Reports included; n\u00a0=\u00a0{len(included):,}.",
        empty=NO_RECORD,
        notice=notice,
        preset=preset,
    )
    panels = {
        "Records found": ("record", {source: each.records for source, each in gave.items()}),
        "Records in no other source": ("record", {source: each.alone for source, each in gave.items()}),
        "Reports included": ("report", {source: each.included for source, each in gave.items()}),
    }
    rows = [
        Bar(name, tuple((len(ids[source]),) for _, ids in panels.values())) for source, name in names.items()
    ]  # fmt: skip
    chart = bars(rows if found else [], list(panels), ["n"], words, many="sources")
    data = [
        {
            "source": source,
            "name": name,
            "what": panel,
            "unit": unit,
            "n": str(len(ids[source])),
            "ids": "; ".join(ids[source]),
        }
        for source, name in names.items()
        for panel, (unit, ids) in panels.items()
    ]
    return chart, data
