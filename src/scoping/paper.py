"""Which file of the reports goes where in a paper: the manuscript, its supplement, and the data beside it.

Names are those below `reports/`, with `*` for any part of one. What is named nowhere is in no document: pages for a
browser, other forms of what is there, and what is for the team alone.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from scoping import files
from scoping.tables import Row

Plan = Mapping[str, tuple[str, ...]]
"""Heading -> what stands below it, in order."""

MANUSCRIPT: Plan = {
    "Methods": ("text/methods.docx", "tables/eligibility.docx", "tables/sources.docx"),
    "Results": (
        "prisma.png",
        "tables/characteristics.docx",
        "figures/publications_per_year.png",
        "figures/countries_*.png",
        "figures/features_by_level.png",
        "tables/practices.docx",
        "figures/combinations_*.png",
        "figures/evidence_gap_map.png",
        "figures/links_*.png",
        "tables/gaps.docx",
    ),
    "Included reports": ("references/apa.docx",),
}
SUPPLEMENT: Plan = {
    "Checklists": ("text/prisma_scr.docx", "text/prisma_s.docx", "text/automation.docx"),
    "Search and screening": (
        "text/strategies.docx",
        "figures/source_overlap.png",
        "figures/source_contribution.png",
        "figures/screening_curve.png",
        "tables/excluded_reports.docx",
        "tables/retrieval_log.docx",
    ),
    "Included studies": ("tables/characteristics_supplement.docx", "figures/values_*.png"),
    "What they say": (
        "figures/feature_matrix.png",
        "figures/code_cooccurrence.png",
        "figures/mosaic_*.png",
        "figures/crosswalk_coverage.png",
        "tables/code_frequencies.docx",
        "tables/feature_levels.docx",
        "tables/mechanisms_by_changes.docx",
        "tables/mechanism_change_basis.docx",
        "tables/derived.docx",
        "tables/crosswalks.docx",
    ),
    "Agreement": ("figures/agreement.png", "tables/agreement.docx"),
}
DATA: Plan = {
    ".": ("map.html",),
    "flow": ("prisma.html", "prisma_ids.csv", "prisma_2020.csv"),
    "tables": ("tables/*.csv",),
    "figures": ("figures/*_data.csv",),
    "text": ("text/*.csv",),
    "references": ("references/included.ris", "references/included.bib"),
}
"""Folder of the supplement -> the files in it."""
KEPT_BACK = ("tables/interviews*", "tables/quotes*", "tables/screening_check*")
"""What is in no supplement: what people said in interviews, and lists to work on."""


CONTENTS = ("file", "what", "bytes", "sha256")
_WHAT = {
    "supplement.docx": "Further figures and tables, with captions and alternative texts",
    "codebook.yaml": "The codebook: what was charted, with definitions",
    "flow/prisma.html": "Every entry with its title and where it ended, behind each number of the flow diagram",
    "map.html": "The evidence map, to search and filter",
    "flow/prisma_ids.csv": "The ids behind each number of the flow diagram",
    "flow/prisma_2020.csv": "The flow diagram in the format of the PRISMA2020 package",
    "*_ids.csv": "The ids behind each number of what has the same name",
    "tables/*": "A table as data",
    "figures/*": "What the figure of this name shows, with the ids behind it",
    "text/*": "What the text of the methods says, as data",
    "references/*": "The included reports for a reference manager",
}


def listed(contents: Mapping[str, bytes]) -> list[Row]:
    """The list of contents of the supplement, a row a file."""
    return [
        {
            "file": name,
            "what": next(what for pattern, what in _WHAT.items() if fnmatchcase(name, pattern)),
            "bytes": str(len(data)),
            "sha256": files.sha256(data),
        }
        for name, data in contents.items()
    ]


def chosen(plan: Plan, names: Iterable[str]) -> dict[str, list[str]]:
    """The files that there are, below their headings, in the order of the plan; none twice."""
    left = sorted(names)
    found: dict[str, list[str]] = {}
    for heading, patterns in plan.items():
        for pattern in patterns:
            mine = [
                name
                for name in left
                if fnmatchcase(name, pattern) and not any(fnmatchcase(name, held) for held in KEPT_BACK)
            ]
            left = [name for name in left if name not in mine]
            if mine:
                found.setdefault(heading, []).extend(mine)
    return found


def inputs(files: Iterable[str], folder: str, *plans: Plan) -> dict[str, list[str]]:
    """Of the files in the folder of the reports those that some plans name, and what is said of each figure beside it."""
    names = [PurePosixPath(file).relative_to(folder).as_posix() for file in files]
    taken = [f"{folder}/{name}" for plan in plans for mine in chosen(plan, names).values() for name in mine]
    drawn = [PurePosixPath(file).with_suffix("") for file in taken if file.endswith(".png")]
    return {"reports": taken, "beside": [f"{stem}.{what}.txt" for stem in drawn for what in ("caption", "alt")]}


def figures(names: Iterable[str]) -> list[str]:
    """All figures as .png in the order of the paper and its supplement, then those that are in neither."""
    drawn = sorted(name for name in names if fnmatchcase(name, "figures/*.png"))
    placed = [name for plan in (MANUSCRIPT, SUPPLEMENT) for mine in chosen(plan, drawn).values() for name in mine]
    return [*placed, *(name for name in drawn if name not in placed)]
