"""What the included studies say, as tables for authors. Every count names its unit and keeps the ids behind it."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from scoping import citation, derived
from scoping.author_sheet import Sheet
from scoping.codebook import USUAL, Codebook, sense
from scoping.coded_studies import where
from scoping.config import Review
from scoping.studies import Studies, place
from scoping.tables import Row


@dataclass(frozen=True)
class Material:
    """The tables that the synthesis rests on."""

    records: list[Row]
    entry_records: list[Row]
    receipts: list[Row]
    title_abstract: Mapping[str, Row]  # of a record that did not pass by title, its state there
    full_text: Mapping[str, Row]
    cells: list[Row]
    texts: list[Row]
    studies: Studies = field(default_factory=lambda: Studies(()))

    @property
    def included(self) -> list[Row]:
        """Included reports in order of citation."""
        rows = [row for row in self.records if self.state(row["record_id"]) == "include"]
        return sorted(rows, key=citation.sort_key)

    def state(self, record_id: str) -> str:
        """The state of a record at full text; empty where it was not sought."""
        row = self.full_text.get(record_id)
        return row["state"] if row else ""


def sources(material: Material, review: Review) -> Sheet:
    """Where records came from: kind, platform, date, hits, entries, and what each source gave that no other did."""
    by_record: dict[str, set[str]] = {row["record_id"]: set(json.loads(row["sources"])) for row in material.records}
    included = {row["record_id"] for row in material.included}
    columns = [
        "Source", "Kind", "Platform", "Searched", "Hits reported", "Entries found", "Records",
        "Records in no other source", "Reports included",
    ]  # fmt: skip
    rows, ids = [], []
    for id_, source in review.sources.items():
        entries = sorted(row["entry_id"] for row in material.entry_records if row["source"] == id_)
        records = sorted(record for record, named in by_record.items() if id_ in named)
        alone = [record for record in records if by_record[record] == {id_}]
        kept = [record for record in records if record in included]
        counts = {
            "Entries found": ("entry", entries),
            "Records": ("record", records),
            "Records in no other source": ("record", alone),
            "Reports included": ("report", kept),
        }
        rows.append(
            {
                "Source": source.name,
                "Kind": source.kind.value.replace("_", " "),
                "Platform": source.platform,
                "Searched": source.searched.isoformat() if source.searched else "",
                "Hits reported": "" if source.reported_hits is None else str(source.reported_hits),
                **{name: str(len(members)) for name, (_, members) in counts.items()},
            }
        )
        ids += [(source.name, name, unit, member) for name, (unit, members) in counts.items() for member in members]
    return Sheet(
        "sources", "Sources searched, with hits and what each contributed", columns,
        [34, 18, 22, 12, 10, 10, 10, 14, 10], rows, ids,
    )  # fmt: skip


def included_studies(material: Material, codebook: Codebook) -> Sheet:
    """Characteristics of the included studies, with the codes that were found in each."""
    name = citation.shorts(material.included)
    yes: dict[tuple[str, str], list[str]] = defaultdict(list)
    family_of = {code.id: code.family for code in codebook.codes}
    for cell in material.cells:
        if sense(cell["value"]) == "yes" and cell["code"] in family_of:
            yes[cell["record_id"], family_of[cell["code"]]].append(cell["code"])
    families = {family.id: family.label for family in codebook.families}
    study = study_names(material)
    columns = [
        *("Report", "Study", "Models", "Title", "Published in", "Type", "Found in"),
        *(*families.values(), "DOI or address", "Record id"),
    ]
    rows = [
        {
            "Report": name[row["record_id"]],
            "Study": study[row["study_id"]],
            "Models": "; ".join(material.studies.names(row["record_id"]))
            or str(material.studies.models(row["record_id"])),
            "Title": row["title"],
            "Published in": citation.container(row),
            "Type": citation.kind(row),
            "Found in": ", ".join(json.loads(row["sources"])),
            **{label: ", ".join(dict.fromkeys(yes[row["record_id"], id_])) for id_, label in families.items()},
            "DOI or address": citation.link(row),
            "Record id": row["record_id"],
        }
        for row in material.included
    ]
    widths = [24, 24, 16, 48, 36, 16, 20, *[22] * len(families), 30, 14]
    return Sheet(
        "included_studies",
        "Characteristics of the included studies, a row for each of their reports",
        columns,
        widths,
        rows,
    )


def coded_features(material: Material, codebook: Codebook) -> Sheet:
    """One row for each code of each included study, model or report, with its quote and where that stands."""
    name = citation.shorts(material.included)
    cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for cell in sorted(material.cells, key=lambda cell: int(cell["model"])):
        cells[cell["record_id"], cell["code"]].append(cell)
    family = {entry.id: entry.label for entry in codebook.families}
    more = _more_columns(codebook)
    columns = [
        *("Report", "Model", "Family", "Code", "Label", "Asked of", "Value", "Level"),
        *more,
        *("Quote", "Where", "Quote found", "File", "Note", "Record id"),
    ]
    rows = []
    for row in material.included:
        for code in codebook.codes:
            rows += [
                {
                    "Report": name[row["record_id"]],
                    "Model": _model(material, cell) if code.unit == "model" else "",
                    "Family": family[code.family],
                    "Code": code.id,
                    "Label": code.label,
                    "Asked of": code.unit,
                    "Value": cell["value"] or cell["state"],
                    "Level": cell["level"],
                    **{header: cell[field] for header, field in more.items()},
                    "Quote": cell["quote"],
                    "Where": where(cell),
                    "Quote found": cell["verdict"],
                    "File": cell["file"],
                    "Note": cell["note"],
                    "Record id": row["record_id"],
                }
                for cell in cells[row["record_id"], code.id]
            ]
    return Sheet(
        "coded_features", "Coded features of each included study, with the quotes they rest on", columns,
        [24, 16, 24, 8, 30, 9, 10, 18, *[18] * len(more), 70, 20, 12, 24, 30, 14], rows,
    )  # fmt: skip


def _model(material: Material, cell: Row) -> str:
    """The model a cell is about, by its name if it has one."""
    number = int(cell["model"])
    return material.studies.model_name(cell["record_id"], number) or str(number)


def _more_columns(codebook: Codebook) -> dict[str, str]:
    """Header -> field of what only some codebooks ask."""
    asked = {"Status": "status", "Evidence basis": "basis"}
    return {head: name for head, name in asked.items() if any(getattr(code, name) for code in codebook.codes)}


def derived_variables(material: Material, codebook: Codebook) -> Sheet:
    """One row for each derived variable of each study or model, with the cells it rests on and all it was computed from."""
    found = derived.compute(included_cells(material), codebook, material.studies)
    name, unit = study_names(material), derived.units(codebook)
    label = {rule.id: rule.label for rule in codebook.derived}
    models: dict[tuple[str, str], list[str]] = defaultdict(list)
    for study_id, model, variable in found:
        models[study_id, variable].append(model)
    columns = ["Study", "Model", "Variable", "Label", "Unit", "Value", "Rests on", "Computed from", "Study id"]
    rows = [
        {
            "Study": study,
            "Model": _model_of(material, study_id, model),
            "Variable": variable,
            "Label": label[variable],
            "Unit": unit[variable],
            "Value": found[study_id, model, variable].value,
            "Rests on": "; ".join(found[study_id, model, variable].counting),
            "Computed from": "; ".join(found[study_id, model, variable].cells),
            "Study id": study_id,
        }
        for study_id, study in name.items()
        for variable in label
        for model in models[study_id, variable]
    ]
    caption = "Variables of each study, or each of its models, derived from its codes, with the cells behind each"
    return Sheet("derived", caption, columns, [24, 16, 18, 40, 8, 26, 48, 60, 14], rows)


def _model_of(material: Material, study_id: str, model: str) -> str:
    """A model as a table names it: by its name, else its number; nothing where a variable is of the study."""
    study = material.studies.all.get(study_id)
    names = study.models if study else ()
    return names[int(model) - 1] if model.isdigit() and int(model) <= len(names) else model


def crosswalks(material: Material, codebook: Codebook) -> Sheet:
    """How many studies speak to each item of the lists of others, with the cells that say so."""
    cells = included_cells(material)
    studies = {cell["study_id"] for cell in cells}
    columns = [
        "List", "Version", "Item", "Label", "Studies", "Studies by explicit rows alone", "Of studies", "Codes", "Rests on",
    ]  # fmt: skip
    rows = []
    for walk in codebook.crosswalks:
        all_, sure = (derived.coverage(cells, walk, explicit=explicit) for explicit in (False, True))
        for target in walk.targets:
            mine = [row for row in walk.rows if row.target == target.id]
            rows.append(
                {
                    "List": walk.label,
                    "Version": str(walk.version),
                    "Item": target.id,
                    "Label": target.label,
                    "Studies": str(len({cell["study_id"] for cell in all_[target.id]})),
                    "Studies by explicit rows alone": str(len({cell["study_id"] for cell in sure[target.id]})),
                    "Of studies": str(len(studies)),
                    "Codes": "; ".join(f"{row.code} ({row.kind})" for row in mine),
                    "Rests on": "; ".join(place(cell) for cell in all_[target.id]),
                }
            )
    return Sheet(
        "crosswalks", "Studies that speak to the items of other lists, through the codes", columns,
        [36, 8, 14, 40, 9, 14, 9, 30, 60], rows,
    )  # fmt: skip


def included_cells(material: Material) -> list[Row]:
    """The cells of the included reports."""
    included = {row["record_id"] for row in material.included}
    return [cell for cell in material.cells if cell["record_id"] in included]


def study_names(material: Material) -> dict[str, str]:
    """Study id -> the citation of its main report, in the order of these."""
    name = citation.shorts(material.included)
    found: dict[str, str] = {}
    for row in material.included:
        main = material.studies.of(row["record_id"]).main
        if row["record_id"] == main or main not in name:
            found.setdefault(row["study_id"], name[row["record_id"]])
    return found


def retrieval_log(material: Material) -> Sheet:
    """Every report that was sought: whether it was retrieved, its file, or the routes tried and the last date."""
    sought = sorted((row for row in material.records if row["record_id"] in material.full_text), key=citation.sort_key)
    name = citation.shorts(sought)
    file = {row["record_id"]: row["file"] for row in material.texts if row["record_id"]}
    columns = ["Report", "Title", "Outcome", "Full text", "Routes tried", "Last sought", "DOI or address", "Record id"]
    outcome = {"include": "retrieved", "exclude": "retrieved", "not_retrieved": "not retrieved"}
    rows = []
    for row in sought:
        state = material.full_text[row["record_id"]]
        waiting = "retrieved" if row["record_id"] in file else "being sought"
        rows.append(
            {
                "Report": name[row["record_id"]],
                "Title": row["title"],
                "Outcome": outcome.get(state["state"], waiting),
                "Full text": file.get(row["record_id"], ""),
                "Routes tried": state["route"],
                "Last sought": state["date"],
                "DOI or address": citation.link(row),
                "Record id": row["record_id"],
            }
        )
    return Sheet(
        "retrieval_log", "Reports sought for retrieval, and what became of each", columns,
        [24, 48, 14, 36, 36, 12, 30, 14], rows,
    )  # fmt: skip


def excluded_reports(material: Material, review: Review) -> Sheet:
    """Full texts that were excluded, each with its primary reason, and reports that could not be retrieved."""
    labels = {criterion.id: criterion.label for criterion in review.criteria.exclude}
    chosen = [row for row in material.records if material.state(row["record_id"]) in ("exclude", "not_retrieved")]
    chosen = sorted(chosen, key=citation.sort_key)
    name = citation.shorts(chosen)
    columns = ["Report", "Title", "Published in", "Outcome", "Reason or routes tried", "DOI or address", "Record id"]
    rows = []
    for row in chosen:
        state = material.full_text[row["record_id"]]
        gone = state["state"] == "not_retrieved"
        reasons = [labels.get(reason, reason) for reason in json.loads(state["reasons"])]
        rows.append(
            {
                "Report": name[row["record_id"]],
                "Title": row["title"],
                "Published in": citation.container(row),
                "Outcome": "not retrieved" if gone else "excluded",
                "Reason or routes tried": f"{state['route']} (last sought {state['date']})"
                if gone
                else "; ".join(reasons),
                "DOI or address": citation.link(row),
                "Record id": row["record_id"],
            }
        )
    return Sheet(
        "excluded_reports", "Reports not retrieved, and reports excluded at full text with reasons", columns,
        [24, 48, 36, 14, 44, 30, 14], rows,
    )  # fmt: skip


def years(material: Material) -> tuple[dict[int, dict[str, int]], list[Row]]:
    """(year -> type -> included reports, the same with the ids behind each number and those without a year)."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in material.included:
        groups[row["year"], citation.kind(row)].append(row["record_id"])
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    data = []
    for (year, kind), ids in sorted(groups.items()):
        if year:
            counts[int(year)][kind] = len(ids)
        data.append({"year": year, "type": kind, "reports": str(len(ids)), "ids": "; ".join(sorted(ids))})
    return dict(counts), data


def matrix(material: Material, codebook: Codebook) -> tuple[dict[tuple[str, str], str], list[Row]]:
    """((study, code) -> what its cells say, the count of studies for each code and value with the ids behind it).

    A study says yes where one of its models or reports does, is `not coded` while one that could still say so is open,
    and stands under each value of a code's own that it has.
    """
    name = study_names(material)
    of: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for cell in included_cells(material):
        of[cell["study_id"], cell["code"]].append(cell)
    cells = {}
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (study_id, code), mine in of.items():
        said = {sense(cell["value"]) or "not coded" for cell in mine}
        cells[name[study_id], code] = _first_of(said)
        own = {cell["value"] for cell in mine} - {*USUAL, "none", ""}
        for value in own or _usual_words(mine):
            ids[code, value].add(study_id)
    data = [
        {
            "code": code.id,
            "label": code.label,
            "value": value,
            "studies": str(len(ids[code.id, value])),
            "of": str(len(name)),
            "ids": "; ".join(sorted(ids[code.id, value])),
        }
        for code in codebook.codes
        for value in (*USUAL, *(value for value in code.values if value not in USUAL), "not coded")
        if value in (*code.values, "not coded") or set(code.values) <= set(USUAL) or ids[code.id, value]
    ]
    return cells, data


def _first_of(words: Collection[str]) -> str:
    """What a study says as a whole."""
    return next(word for word in ("yes", "not coded", "unclear", "none", "no") if word in words)


def _usual_words(cells: Iterable[Row]) -> set[str]:
    return {_first_of({cell["value"] or "not coded" for cell in cells})}


def types(material: Material) -> list[str]:
    """Types of the included reports, the most frequent first."""
    count = Counter(citation.kind(row) for row in material.included)
    return sorted(count, key=lambda kind: (-count[kind], kind))
