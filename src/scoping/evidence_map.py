"""What the evidence map holds: what each included study says to each code, and what that rests on.

Two parts. The **index** is small, and the page reads it at once: studies, codes, axes, and for each line (a code, or a
value of a closed list) a letter for each study. The **details** are what a reader opens one by one: reports, values,
quotes. Both are counted by `code_counts`, so that the map says what the figures say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scoping import citation, code_counts
from scoping.code_counts import NOT_PLACED, STRONGEST_FIRST, Answers
from scoping.codebook import Code, Codebook, sense
from scoping.coded_studies import where
from scoping.columns import NOT_STATED, STATUSES
from scoping.derived import NOT_YET
from scoping.studies import Studies
from scoping.tables import Row

LETTERS = {"yes": "y", "no": "n", "unclear": "u", NOT_YET: "o"}
"""What a study says to a line, in one letter."""
LEVELS = ("individual", "organisation", "system")
STATUS, BASIS = "codes-with-status", "codes-with-basis"


@dataclass(frozen=True)
class Material:
    """The included reports in the order of their citations; study id -> how it is cited; cells; studies; codebook."""

    reports: Sequence[Row]
    names: Mapping[str, str]
    cells: Sequence[Row]
    linked: Studies
    codebook: Codebook

    @cached_property
    def answers(self) -> Answers:
        """The cells of included reports, by study and code."""
        included = {row["record_id"] for row in self.reports}
        return Answers.of(cell for cell in self.cells if cell["record_id"] in included)

    @cached_property
    def of_study(self) -> Mapping[str, list[Row]]:
        """Study id -> its included reports, the main one first."""
        found: dict[str, list[Row]] = {study: [] for study in self.names}
        for row in self.reports:
            found[row["study_id"]].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: row["record_id"] != self.linked.of(row["record_id"]).main)
        return found


@dataclass(frozen=True)
class Line:
    """A row or column of the matrix: a code, or one value of it. `says` has a letter of `LETTERS` for each study."""

    id: str
    code: str
    label: str
    says: str


def pending(title_abstract: Iterable[Row], full_text: Iterable[Row], cells: Iterable[Row]) -> str:
    """Why the map is a draft, in words; empty where nothing is pending. `cells` are those of included reports."""
    counted = (
        (sum(row["state"] in ("pending", "conflict") for row in title_abstract), "record", "to be screened"),
        (sum(row["state"] in ("pending", "conflict") for row in full_text), "report", "to be assessed"),
        (sum(cell["state"] != "coded" for cell in cells), "cell", "to be coded"),
    )
    parts = [f"{number:,} {unit}{'' if number == 1 else 's'} {what}" for number, unit, what in counted if number]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


# ------------------------------------------------------------------------------------------------------------ the index


def index(material: Material) -> dict[str, Any]:
    """What the page reads at once: studies, families, codes, lines, axes, divisions. All lists of studies are in one order."""
    book, studies = material.codebook, list(material.names)
    lines, own = _lines(material)
    place = {line.id: at for at, line in enumerate((*lines, *own))}
    axes = _axes(book, lines)
    rows, columns = _default(book, axes)
    kinds = sorted({citation.kind(row) for row in material.reports})
    some = {code.id for code in code_counts.presence(book)}
    return {
        "studies": studies,
        "names": list(material.names.values()),
        "titles": [material.of_study[study][0]["title"] for study in studies],
        "reports": [
            [[int(row["year"] or 0), kinds.index(citation.kind(row))] for row in material.of_study[study]]
            for study in studies
        ],
        "kinds": kinds,
        "families": [[family.id, family.label] for family in book.families],
        "codes": [
            {
                "id": code.id,
                "label": code.label,
                "family": code.family,
                "definition": code.definition,
                "list": code.id not in some,
                "lines": [place[line.id] for line in (*lines, *own) if line.code == code.id],
            }
            for code in book.codes
        ],
        "lines": [[line.id, line.code, line.label, line.says] for line in (*lines, *own)],
        "axes": [[axis.id, axis.label, [place[line.id] for line in axis.lines]] for axis in axes],
        "rows": rows,
        "columns": columns,
        "divisions": _divisions(material),
    }


def _lines(material: Material) -> tuple[list[Line], list[Line]]:
    """(the lines of axes, values of a code's own by which studies can be filtered only)."""
    lines: list[Line] = []
    own: list[Line] = []
    listed = {code.id for code in code_counts.lists(material.codebook)}
    for code in material.codebook.codes:
        values = [line for line in _values(material, code) if line.label != "yes"]
        if code.id in listed:
            lines += values
        else:
            said = (material.answers.word(study, code.id) for study in material.names)
            lines.append(Line(code.id, code.id, code.label, "".join(LETTERS[word] for word in said)))
            own += values
    return lines, own


def _values(material: Material, code: Code) -> Iterator[Line]:
    """A line for each value that says yes; what a study that has another value says to it, its cells tell."""
    found = {value: frozenset(ids) for value, ids in code_counts.values(material.answers, code).items()}
    known = frozenset(material.answers.studies)
    for value, ids in found.items():
        if value != NOT_YET and sense(value) == "yes":
            says = (
                "y" if study in ids
                else "o" if study in found[NOT_YET] or study not in known
                else "u" if study in found.get("unclear", ())
                else "n"
                for study in material.names
            )  # fmt: skip
            yield Line(f"{code.id}={value}", code.id, value, "".join(says))


@dataclass(frozen=True)
class Axis:
    """What can be the rows or the columns."""

    id: str
    label: str
    lines: list[Line]


def _axes(book: Codebook, lines: Sequence[Line]) -> list[Axis]:
    """One for each family; and where the mechanisms or the changes are no family of their own, one for these."""
    axes = [Axis(entry.id, entry.label, _of_codes(lines, _family(book, entry.id))) for entry in book.families]
    for id_, label, codes in (
        (STATUS, "Codes with a status", _asking(book, "status")),
        (BASIS, "Codes with an evidence basis", _asking(book, "basis")),
    ):
        if codes and codes not in (_family(book, entry.id) for entry in book.families):
            axes.append(Axis(id_, label, _of_codes(lines, codes)))
    return [axis for axis in axes if axis.lines]


def _family(book: Codebook, family: str) -> list[str]:
    return [code.id for code in book.codes if code.family == family]


def _asking(book: Codebook, what: str) -> list[str]:
    return [code.id for code in book.codes if getattr(code, what)]


def _of_codes(lines: Sequence[Line], codes: Sequence[str]) -> list[Line]:
    return [line for code in codes for line in lines if line.code == code]


def _default(book: Codebook, axes: Sequence[Axis]) -> tuple[str, str]:
    """Mechanisms and changes, as in the evidence gap map, where the codebook has both; else the first two axes."""

    def axis(codes: Sequence[str]) -> str:
        return next(axis.id for axis in axes if list(dict.fromkeys(line.code for line in axis.lines)) == codes)

    mechanisms, changes = _asking(book, "status"), _asking(book, "basis")
    if mechanisms and changes:
        return axis(mechanisms), axis(changes)
    first = [axis.id for axis in axes[:2]]
    return (first[0], first[-1]) if first else ("", "")


@dataclass(frozen=True)
class _Way:
    """A way to divide what is counted: `usual` options are always there, the other ones of `order` where they occur."""

    id: str
    label: str
    usual: Sequence[str]
    order: Sequence[str]
    read: Callable[[Sequence[Row], Code], list[str]]


def _divisions(material: Material) -> list[dict[str, Any]]:
    """What studies say besides yes, for each code that asks for it: a number for each study, with a bit for each option.

    The basis is the best of a study, as in the evidence gap map; a study may have several statuses, and stand at several
    levels, and counts at each.
    """
    order = code_counts.strength(material.codebook)
    ways = (
        _Way("basis", "best evidence basis", STRONGEST_FIRST, order, lambda cells, _: [code_counts.best(cells, order)]),
        _Way("status", "status", STATUSES[:-1], STATUSES, lambda cells, _: _each(cells, "status")),
        _Way("levels", "level", LEVELS, (*LEVELS, NOT_PLACED), _levels),
    )
    return [_divided(material, way, codes) for way in ways if (codes := _asking(material.codebook, way.id))]


def _divided(material: Material, way: _Way, codes: Sequence[str]) -> dict[str, Any]:
    by_id = {code.id: code for code in material.codebook.codes}

    def of_study(study: str, code: str) -> list[str]:
        cells = material.answers.yes(study, code)
        return way.read(cells, by_id[code]) if cells else []

    said = {code: [of_study(study, code) for study in material.names] for code in codes}
    seen = {option for of in said.values() for mine in of for option in mine}
    options = [option for option in dict.fromkeys((*way.order, *sorted(seen))) if option in seen or option in way.usual]
    bit = {option: 1 << at for at, option in enumerate(options)}
    marks = {code: [sum(bit[option] for option in set(mine)) for mine in of] for code, of in said.items()}
    return {"id": way.id, "label": way.label, "options": options, "codes": marks}


def _each(cells: Iterable[Row], column: str) -> list[str]:
    return [word for cell in cells for word in (cell[column] or NOT_STATED).split("; ")]


def _levels(cells: Iterable[Row], code: Code) -> list[str]:
    return [level for cell in cells for level in code_counts.placed(cell, code)]


# ---------------------------------------------------------------------------------------------------------- the details


def details(material: Material, *, abstracts: bool) -> Iterator[list[Any]]:
    """For each study, in the order of the index, its reports and its cells.

    A report: id, citation, title, authors, year, type, where it was published, address, abstract. A cell: place of its
    code in the index, place of its report among those of the study, model, value (or that it is not coded yet), level,
    status, basis, quote, where that stands, whether it was found there.
    """
    short = citation.shorts(list(material.reports))
    codes = {code.id: at for at, code in enumerate(material.codebook.codes)}
    for study, reports in material.of_study.items():
        place = {row["record_id"]: at for at, row in enumerate(reports)}
        cells = [cell for code in codes for cell in material.answers.cells.get((study, code), ())]
        yield [
            [_report(row, short[row["record_id"]], abstracts=abstracts) for row in reports],
            [_cell(material, cell, codes[cell["code"]], place[cell["record_id"]]) for cell in cells],
        ]


def _report(row: Row, short: str, *, abstracts: bool) -> list[str]:
    about = [row["record_id"], short, row["title"], citation.authors(row), row["year"], citation.kind(row)]
    return [*about, citation.container(row), citation.link(row), row["abstract"] if abstracts else ""]


def _cell(material: Material, cell: Row, code: int, report: int) -> list[Any]:
    model = material.linked.model_name(cell["record_id"], int(cell["model"]))
    asked = material.codebook.codes[code].unit == "model"
    value = cell["value"] or "not coded yet"
    place = [cell[name] for name in ("level", "status", "basis", "quote")]
    return [code, report, model if asked else "", value, *place, where(cell), cell["verdict"]]
