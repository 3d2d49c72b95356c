"""How exact de-duplication was, as a table: merges and near pairs kept apart, how many were checked, wrong, and what follows."""

from collections.abc import Mapping

from scoping.author_sheet import Sheet
from scoping.duplicate_check import STRATA, Estimate, Stratum, estimate, strata
from scoping.tables import Row

NAME = "duplicates_check"
CAPTION = (
    "How exact de-duplication was: pairs drawn by lot of those that were decided without asking, and checked by people"
)
COLUMNS = ["Pairs", "In the review", "Drawn", "Answered", "Wrong", "Estimate", "95% interval"]
WIDTHS = [44, 14, 9, 11, 9, 20, 18]
NOTE = (
    "Merges: pairs by which two groups of entries became one record; the estimate is the share that was right (precision). "
    "Kept apart: of two records the pair that is nearest, where the model gives it a chance of 0.005 or more; the estimate is "
    "the share that is one report (missed). Pairs that people were asked about, and entries with one accession number or the "
    "same DOI, title, year and author, are not among them. Intervals are exact (Clopper-Pearson); those of all are "
    "weighted by the pairs of each stratum."
)
LABELS = {
    "rule": "Merged by a rule",
    "model": "Merged by the model",
    "merged": "All merges",
    "likely": "Kept apart although the model holds them for one",
    "near": "Kept apart, otherwise near",
    "apart": "All near pairs that were kept apart",
}
_COUNTS = {"In the review": "all", "Drawn": "drawn", "Answered": "answered", "Wrong": "wrong"}
NOTHING = "–"


def table(checks: list[Row], *, looked: bool) -> Sheet:
    """The table; near pairs were not `looked` for where nobody is to check them."""
    rows: list[Row] = []
    ids: list[tuple[str, str, str, str]] = []
    for kind in STRATA:
        parts = strata(checks, kind)
        for label, some in (*((LABELS[name], {name: part}) for name, part in parts.items()), (LABELS[kind], parts)):
            known = looked or kind == "merged"
            rows.append(_line(label, some, estimate(some.values()), precision=kind == "merged", known=known))
            ids += [
                (label, column, "pair of entries", item)
                for column, name in _COUNTS.items()
                for part in some.values()
                for item in sorted(getattr(part, name))
            ]
    return Sheet(NAME, CAPTION, COLUMNS, WIDTHS, rows, ids, NOTE)


def _line(label: str, some: Mapping[str, Stratum], found: Estimate | None, *, precision: bool, known: bool) -> Row:
    counts = {
        column: str(sum(len(getattr(part, name)) for part in some.values())) if known else NOTHING
        for column, name in _COUNTS.items()
    }
    said = {"Estimate": NOTHING, "95% interval": NOTHING}
    if found:
        low, high = (1 - found.high, 1 - found.low) if precision else (found.low, found.high)
        share = 1 - found.share if precision else found.share
        said = {"Estimate": f"{share:.3f}", "95% interval": f"{low:.3f} to {high:.3f}"}
    return {"Pairs": label, **counts, **said}
