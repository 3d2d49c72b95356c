"""Tables of eligibility and of the characteristics of the included studies, short and in full."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from scoping import citation, references
from scoping.author_sheet import Sheet
from scoping.codebook import Code
from scoping.coded_studies import NO, OPEN, UNCLEAR, YES, CodedStudies, levels
from scoping.config import Review
from scoping.tables import Row

_REPORTS = "Reports excluded at full text"
_CODES, _NOTHING = "Codes", "none"
MOST_COLUMNS = 6
_OTHER = "reason that the protocol has no more"


def eligibility(review: Review, full_text: Mapping[str, Row]) -> Sheet:
    """Population, concept and context, and the criteria with the reports excluded for each as primary reason."""
    question = review.question
    parts = {"Population": question.population, "Concept": question.concept, "Context": question.context}
    rows = [_line("Question", name, text) for name, text in parts.items()]
    rows += [_line("Included if", criterion.id, criterion.text) for criterion in review.criteria.include]
    by_reason: dict[str, list[str]] = defaultdict(list)
    known = {criterion.id for criterion in review.criteria.exclude}
    for id_, state in sorted(full_text.items()):
        if state["state"] == "exclude":
            by_reason[state["reason"] if state["reason"] in known else ""].append(id_)
    ids = []
    for criterion in review.criteria.exclude:
        excluded = by_reason[criterion.id]
        rows.append(_line("Excluded if", criterion.label, criterion.text, str(len(excluded))))
        ids += [(criterion.label, _REPORTS, "report", id_) for id_ in excluded]
    if by_reason[""]:
        rows.append(_line("Excluded for a", _OTHER, "", str(len(by_reason[""]))))
        ids += [(_OTHER, _REPORTS, "report", id_) for id_ in by_reason[""]]
    return Sheet(
        "eligibility", "Eligibility: question, criteria, and reports excluded for each reason",
        ["Part", "Criterion", "Meaning", _REPORTS], [12, 22, 62, 12], rows, ids,
        f"Unit: reports, {len(ids)} excluded at full text; each counts once, under its primary reason, the first that applies "
        "in the order of this table.",
    )  # fmt: skip


def _line(part: str, criterion: str, meaning: str, count: str = "") -> Row:
    return {"Part": part, "Criterion": criterion, "Meaning": " ".join(meaning.split()), _REPORTS: count}


def characteristics(included: Sequence[Row], coded: CodedStudies) -> Sheet:
    """One short row for each included study, with the codes that it says yes to.

    A few families are columns; of many, each is a line in one column, since no page is wide enough.
    """
    reports, number = _by_study(included, coded), _numbers(included)
    families = {family.id: family.label for family in coded.codebook.families}
    wide = len(families) <= MOST_COLUMNS
    rows = []
    for study_id, name in coded.names.items():
        main = reports[study_id][0]
        short = {label: _short(coded, study_id, id_) for id_, label in families.items()}
        lines = [f"{label}: {text}" for label, text in short.items() if text != _NOTHING]
        rows.append(
            {
                "Study": name,
                "Reference": ", ".join(number[row["record_id"]] for row in reports[study_id]),
                "Type": _kind(reports[study_id]),
                "Published in": main["journal"] or main["publisher"],
                **(short if wide else {_CODES: "\n".join(lines) or _NOTHING}),
            }
        )
    key = "; ".join(f"{code.id} {code.label}" for code in coded.codebook.codes)
    return Sheet(
        "characteristics", "Characteristics of the included studies",
        ["Study", "Reference", "Type", "Published in", *(families.values() if wide else [_CODES])],
        [24, 10, 14, 28, *([24] * len(families) if wide else [90])], rows, None,
        f"{_sizes(len(rows), len(included))} Reference: numbers of the reports in the reference list. "
        f"Codes: those that the study says yes to. {key}.",
    )  # fmt: skip


def _kind(reports: Sequence[Row]) -> str:
    """The type of the first report, and a warning where any was retracted."""
    return citation.kind(reports[0]) + ("; RETRACTED" if any(row["retracted"] for row in reports) else "")


def supplement(included: Sequence[Row], coded: CodedStudies, sources: Mapping[str, str]) -> Sheet:
    """Each included study in full: a row for its reports, and one for each family with all that it says to it in words."""
    reports, letter = _by_study(included, coded), references.letters(list(included))
    families = {family.id: family.label for family in coded.codebook.families}
    words = {"Unclear": UNCLEAR, "Not yet coded": OPEN, "Not reported": NO}
    rows = []
    for study_id, name in coded.names.items():
        head = {"Study": name, "Study id": study_id}
        about = "\n".join(_about(row, letter[row["record_id"]], sources) for row in reports[study_id])
        rows.append({**head, "Part": "Reports", "Reported": about, **dict.fromkeys(words, "")})
        for id_, label in families.items():
            said = _of_family(coded, study_id, id_)
            yes = [f"{code.label}{_bracketed(_particulars(coded, study_id, code))}" for code in said.get(YES, ())]
            others = {column: "; ".join(code.label for code in said.get(word, ())) for column, word in words.items()}
            rows.append({**head, "Part": label, "Reported": "\n".join(yes), **others})
    return Sheet(
        "characteristics_supplement", "Included studies in full: reports, and what each says to every code",
        ["Study", "Part", "Reported", *words, "Study id"], [20, 20, 64, 26, 20, 34, 13], rows, None,
        f"{_sizes(len(coded.names), len(included))} In brackets: values, levels, status and evidence basis, where they are "
        "asked. Not reported: looked for in the study and not found.",
    )  # fmt: skip


def _about(row: Row, letter: str, sources: Mapping[str, str]) -> str:
    """A report with all that is known of it but its abstract."""
    found = ", ".join(sources.get(id_, id_) for id_ in json.loads(row["sources"]))
    more = "; ".join(
        text
        for text in (citation.kind(row), row["language"], f"found in {found}" if found else "", *citation.flags(row))
        if text
    )
    return f"{references.plain(references.apa(row, letter))} [{more}]"


def _sizes(studies: int, reports: int) -> str:
    of, in_ = ("study" if studies == 1 else "studies"), ("report" if reports == 1 else "reports")
    return f"n = {studies} {of} in {reports} {in_}."


def _by_study(included: Sequence[Row], coded: CodedStudies) -> Mapping[str, list[Row]]:
    """Study id -> its included reports, the one by which it is cited first."""
    name = citation.shorts(list(included))
    found: dict[str, list[Row]] = defaultdict(list)
    for row in included:
        found[row["study_id"]].append(row)
    return {
        id_: sorted(rows, key=lambda row: name[row["record_id"]] != coded.names[id_]) for id_, rows in found.items()
    }


def _numbers(included: Sequence[Row]) -> Mapping[str, str]:
    """Record id -> its number in the reference list."""
    return {row["record_id"]: str(number) for number, row in enumerate(included, 1)}


def _of_family(coded: CodedStudies, study_id: str, family: str) -> Mapping[str, list[Code]]:
    """What a study says -> the codes of a family to which it says so."""
    found: dict[str, list[Code]] = defaultdict(list)
    for code in coded.codebook.codes:
        if code.family == family:
            found[coded.says(study_id, code.id)].append(code)
    return found


def _short(coded: CodedStudies, study_id: str, family: str) -> str:
    """`REL1, SET2 (local); unclear: REL5`."""
    said = _of_family(coded, study_id, family)
    yes = [f"{code.id}{_bracketed(_values(coded, study_id, code))}" for code in said.get(YES, ())]
    open_ = [f"{word}: {', '.join(code.id for code in said[word])}" for word in (UNCLEAR, OPEN) if word in said]
    return "; ".join([*([", ".join(yes)] if yes else []), *open_]) or _NOTHING


def _values(coded: CodedStudies, study_id: str, code: Code) -> list[str]:
    """The values of a list of the code's own that a study has."""
    had = {cell["value"] for cell in coded.yes(study_id, code.id)}
    return [value for value in code.values if value in had and value != YES]


def _particulars(coded: CodedStudies, study_id: str, code: Code) -> list[str]:
    cells = coded.yes(study_id, code.id)
    placed = {level for cell in cells for level in levels(cell, code)}
    said = [word for field in ("status", "basis") for cell in cells for word in cell[field].split("; ") if word]
    return [
        *_values(coded, study_id, code),
        *(level for level in code.levels if level in placed),
        *dict.fromkeys(said),
    ]


def _bracketed(words: Sequence[str]) -> str:
    return f" ({'; '.join(words)})" if words else ""
