"""Lines that the protocol adds to boxes of the flow diagram: the reports of a type, the records in a language."""

from collections.abc import Iterable, Mapping

from scoping.prisma import OF_WHICH, Boxes, Ids
from scoping.report_settings import ExtraLine
from scoping.tables import Row

OF_STATES = ("reason", "route")  # columns that a state has; all others are those of a record


def boxes(
    lines: Iterable[ExtraLine],
    found: Boxes,
    records: Iterable[Row],
    title_abstract: Mapping[str, Row],
    full_text: Mapping[str, Row],
    title: Mapping[str, Row] | None = None,
) -> dict[str, dict[str, Ids]]:
    """`<box>_of_which` -> label -> those ids of the box whose record has one of the values."""
    record = {row["record_id"]: row for row in records}
    out: dict[str, dict[str, Ids]] = {}
    for line in lines:
        if line.box not in found.ids:
            continue
        by_title, by_abstract = ("title_screened", "title_excluded"), ("screened", "excluded")
        states = (title or {}) if line.box in by_title else title_abstract if line.box in by_abstract else full_text
        rows = states if line.column in OF_STATES else record
        out.setdefault(f"{line.box}{OF_WHICH}", {})[line.label] = frozenset(
            id_ for id_ in found.of(line.box) if rows.get(id_, {}).get(line.column, "") in line.values
        )
    return out
