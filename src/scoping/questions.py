"""Sheets of questions about files and studies: what stands on them, and what the answers mean."""

from collections.abc import Mapping, Sequence

from scoping import citation
from scoping.items import split
from scoping.tables import Row
from scoping.workbook.layout import GuideLine, Shown, Tab
from scoping.workbook.layout import Row as SheetRow

TITLES = {"doubtful_texts": "Which report is this file?", "studies": "Which reports are of one study?"}
HELP = {
    "doubtful_texts": "Open the file and choose yes (it is the full text of this report) or no in the yellow column.",
    "studies": "First tab: same study or different studies. Tab Models: one, or several with the names of the models.",
}
_HOW_MANY = "How many models (arrangements, programmes) does it describe?"
_MEANINGS = {
    "doubtful_texts": (
        "yes: the file is the full text of this very report.",
        "no: it is something else (another report of the study, a supplement, an erratum, a wrong download).",
        "A file that is none of the reports named may be renamed so that its name begins with the right record id.",
    ),
    "studies": (
        "same study: reports of one investigation (protocol and results, part of the results, thesis and article).",
        "different studies: anything else, however alike (the same team with other participants, a next project).",
        "Both stay included; what is coded for a study is coded once, from all its reports.",
        "several: the study describes more than one model that is to be coded by itself. Write the names, separated by ;",
        "Models are numbered by the order of their names. Never change the order; add new ones at the end.",
        "blank: counts as one until somebody says more.",
    ),
}


def file_record(name: str) -> Row:
    """What stands for a file where a record is looked up: its name, and no DOI."""
    return {"title": name, "doi": ""}


def doubtful_texts(
    items: Sequence[str], records: Mapping[str, Row], why: Mapping[str, str]
) -> tuple[tuple[Shown, ...], tuple[Tab, ...]]:
    """A row for each file and report that it may be."""
    shown = (Shown("File in data/raw/fulltext", 40, "title"), Shown("Report", 62), Shown("Why you are asked", 50))
    rows = []
    for item in items:
        record, file = split(item).ids
        rows.append(SheetRow(item, (records[file]["title"], citation.described(records[record]), why[item])))
    return shown, (Tab("Files", tuple(rows)),)


def studies(
    items: Sequence[str], records: Mapping[str, Row], why: Mapping[str, str]
) -> tuple[tuple[Shown, ...], tuple[Tab, ...]]:
    """Pairs of reports side by side on one tab, the reports whose models are asked for on the other."""
    shown = (Shown("Report", 56), Shown("Other report", 56), Shown("Why you are asked", 40))
    pairs: list[SheetRow] = []
    models: list[SheetRow] = []
    for item in items:
        first, *other = (citation.described(records[id_]) for id_ in split(item).ids)
        (pairs if other else models).append(
            SheetRow(item, (first, *other, why[item]) if other else (first, "", _HOW_MANY))
        )
    tabs = (Tab("Reports of one study", tuple(pairs)), Tab("Models", tuple(models)))
    return shown, tuple(tab for tab in tabs if tab.rows)


def guide(stage: str) -> Sequence[GuideLine]:
    """What the answers mean."""
    return [GuideLine("What the answers mean", "heading"), *(GuideLine(text, "item") for text in _MEANINGS[stage])]
