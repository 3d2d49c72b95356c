"""What people answer on a sheet about studies: pairs of reports on one tab, the models of each report on the other.

Models are numbered by the order of their names, and cells that were coded hang on those numbers. So a name, once read,
keeps its place: names may be spelt better and new ones added at the end, and any other change is held until a person
has taken the old answer back.
"""

import re
from collections.abc import Mapping

from rapidfuzz import fuzz

from scoping import items
from scoping.folder import Fields, Said
from scoping.identity import folded
from scoping.schemas_studies import DIFFERENT_STUDIES, SAME_STUDY

ONE, SEVERAL = "one", "several"
PAIR, MODELS = (SAME_STUDY, DIFFERENT_STUDIES), (ONE, SEVERAL)
MOST = 99
"""The most models of a study; keys of sheets have two digits for them."""
SPELT = 80.0
"""How like (0 to 100) a name must be to be the old one spelt better: Colocaton and Co-location 95, Hub and Pool 29."""


def named(text: str) -> list[str]:
    """The names in a cell, separated by semicolons or lines."""
    return [" ".join(name.split()) for name in re.split(r"[;\n]", text) if name.strip()]


def settle(label: Fields, sheet: str, item: str, before: Mapping[Said, Fields]) -> Fields | str:
    """The fields of a row as they enter the ledger, or what is the matter; `before` are the answers that stand."""
    answer, names = label["decision"], named(label.get("names", ""))
    label = {**label, "names": "; ".join(names)}
    if answer not in (*PAIR, *MODELS):
        return label
    pair = len(items.split(item).ids) == 2
    if answer not in (PAIR if pair else MODELS):
        allowed = " or ".join(word.replace("_", " ") for word in (PAIR if pair else MODELS))
        return f"`{answer.replace('_', ' ')}` is no answer to this row; write {allowed}"
    if pair:
        return label if not names else "a pair has no names of models; write them on the tab Models, or as a note"
    return _amiss(answer, names, named(before.get((sheet, item), {}).get("names", ""))) or label


def _amiss(answer: str, names: list[str], old: list[str]) -> str:
    """What is the matter with the names of the models of a report; empty where nothing is."""
    if answer == ONE:
        return f"`one`, but {len(names)} names stand there; write `several`, or name one" if len(names) > 1 else ""
    if not 2 <= len(names) <= MOST:
        return f"`several` needs the names of all models (2 to {MOST}), separated by `;`"
    if len({folded(name) for name in names}) < len(names):
        return "two of the names are the same; give each model its own"
    for number, was in enumerate(old, start=1):
        now = names[number - 1] if number <= len(names) else ""
        if fuzz.ratio(folded(was), folded(now)) < SPELT:
            told = f"is now `{now}`" if now else "is not there any more"
            return (
                f"model {number} was `{was}` when the sheet was last read, and {told}; what is coded hangs on these numbers: "
                "leave the names in their places and add new ones at the end, or `withdraw` first"
            )
    return ""
