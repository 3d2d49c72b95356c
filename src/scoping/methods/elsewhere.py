"""What was judged in another program before its exports came: how much, by whom, and what nobody here can know of it."""

from scoping import imports
from scoping.folder import WITHDRAW, is_import
from scoping.methods.material import OUT, Material, people
from scoping.methods.prose import Gap, Runs, counted, listed, prose
from scoping.tables import Row

PROGRAMS = {"rayyan": "Rayyan", "asreview": "ASReview", "covidence": "Covidence", "eppi": "EPPI-Reviewer"}


def brought(material: Material, stage: str) -> list[Row]:
    """The answers that came with exports and count, of records that are there."""
    rows = imports.counting(material.decisions.get(stage, ()), material.known)
    return [
        row for row in rows if is_import(row["sheet"]) and row["decision"] != WITHDRAW and row["item"] in material.known
    ]


def sentences(material: Material, stage: str, unit: str) -> Runs:
    """How many records or reports people had judged elsewhere, in which programs, and what authors must add."""
    rows = brought(material, stage)
    if not rows:
        return ()
    where = f"{OUT}/{stage}/decisions.csv: sheet = import"
    number = counted(f"{stage}.imported", [material.known[row["item"]] for row in rows], unit, where)
    by = people(f"{stage}.imported_people", [row["person"] for row in rows], where)
    sources = material.review.sources.values()
    told = {what.labels.casefold() for one in sources for what in one.decisions if what.stage == stage}
    names = [prose(name) for program, name in PROGRAMS.items() if program in told]
    return prose(
        "Judgements of ", number.with_(unit), " by ", by.spelled.with_("reviewer"),
        " had been made in another program", prose(" (", listed(names), ")") if names else (),
        " and were taken over from its exports; ", Gap("say whether reviewers saw each other's answers there"), ".",
    )  # fmt: skip
