"""What the rows of a coding sheet are about: which report of a study, and which of its models."""

from collections.abc import Iterable, Mapping

from scoping import citation
from scoping.items import Item
from scoping.studies import Studies
from scoping.tables import Row


def about(
    items: Iterable[Item], studies: Studies, records: Mapping[str, Row], unit: Mapping[str, str]
) -> dict[Item, str]:
    """Item -> what it is asked of, where a study has several reports or models; empty text elsewhere.

    `unit` says of each code whether it is asked of the study, each model or each report.
    """
    found = {}
    for item in items:
        others = studies.of(item.record).reports
        name = citation.shorts([records[id_] for id_ in others]) if len(others) > 1 else {}
        model = studies.model_name(item.record, item.model) if unit[item.code] == "model" else ""
        parts = (
            f"model {item.model}: {model}" if model else "",
            name[item.record] if unit[item.code] == "report" and name else "",
        )
        found[item] = ", ".join(part for part in parts if part) or ("the study" if name else "")
    return found
