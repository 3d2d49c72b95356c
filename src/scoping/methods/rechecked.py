"""What a check of merges and of near pairs that were kept apart says, as far as people answered it."""

from scoping.duplicate_check import estimate, strata
from scoping.methods.material import OUT, Material
from scoping.methods.prose import Number, Part, Runs, Term, counted, measured, prose, spaced

_FILE = f"{OUT}/duplicates/checks.csv"
_INTERVAL = "95% Clopper-Pearson interval"


def pairs(material: Material) -> set[tuple[str, str]]:
    """The pairs that people answered on checks; everything else they were asked, since nothing decided it."""
    return {(row["a"], row["b"]) for row in material.checks if row["answer"]}


def sentences(material: Material) -> Runs:
    """One for the merges, one for the near pairs; nothing where none of them was answered."""
    return spaced(_sentence(material, kind) for kind in ("merged", "apart"))


def measures_merges(material: Material) -> bool:
    """Whether anything can be said of how exact merges were."""
    return estimate(strata(material.checks, "merged").values()) is not None


def _sentence(material: Material, kind: str) -> Runs:
    parts = strata(material.checks, kind)
    found = estimate(parts.values())
    if found is None:
        return ()
    every, drawn, answered, wrong = (
        _counted(kind, what, [item for part in parts.values() for item in getattr(part, what)])
        for what in ("all", "drawn", "answered", "wrong")
    )
    merged = kind == "merged"
    share, low, high = (
        (1 - found.share, 1 - found.high, 1 - found.low) if merged else (found.share, found.low, found.high)
    )
    name = "precision" if merged else "share missed"
    limits = [
        measured(f"recheck.{kind}.{what}", value, f"{said} of the {name}, at most 1", _FILE, answered, decimals=3)
        for what, said, value in (
            ("share", "estimate", share),
            ("lower", "lower limit", low),
            ("upper", "upper limit", high),
        )
    ]
    what: Part = (
        "merges that had been made without asking" if merged else "near pairs of records that had been kept apart"
    )
    so_far: Part = (
        "" if answered.ids == drawn.ids else prose(", of which ", answered, " ", answered.were, " judged so far")
    )
    kinds = " by strata (by a rule, by the model)" if merged else " by strata (by what the model held likely)"
    return prose(
        "Of ", every, " ", what, ", ", drawn, " ", drawn.were, " drawn at random", kinds,
        " and judged by a reviewer who was not shown what the software had decided", so_far, "; ",
        wrong, " of them ", wrong.were, " different reports" if merged else " the same report",
        f" ({name} ", limits[0], ", ", Term(_INTERVAL), " ", limits[1], " to ", limits[2], ").",
    )  # fmt: skip


def _counted(kind: str, what: str, ids: list[str]) -> Number:
    where = {
        "all": "",
        "drawn": ", drawn = yes",
        "answered": ", drawn = yes, an answer",
        "wrong": f", drawn = yes, answer {'other than' if kind == 'merged' else '='} same",
    }
    return counted(f"recheck.{kind}.{what}", ids, "pair of entries", f"{_FILE}: kind = {kind}{where[what]}")
