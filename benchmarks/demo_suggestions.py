"""Suggestions of indicators against the settled cells of the demonstration review, after `make demo`.

    .venv/bin/python benchmarks/demo_suggestions.py

Counts cells of codes that need a quote, of studies with a text. A quote is met if it and a suggested passage share their
first 40 letters and digits, or one holds those of the other. Intervals: 95%, studies drawn with
replacement 2,000 times, since cells of a study are not independent.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from scoping import codebook, schemas, suggest, tables
from scoping.identity import folded

REVIEW = Path(__file__).resolve().parents[1]
OUT = REVIEW / "data" / "processed"
ROUNDS = 2_000
FORMER = REVIEW / "tests" / "fixtures" / "former_review"
Cell = dict[str, str]
"""record_id, code, value, best (confidence of the best suggestion or nothing), met and searched (yes or nothing)."""


def bare(text: str) -> str:
    """The letters and digits of a text: PDFs have other quotation marks and hyphens than the coder's keyboard."""
    return folded(text)


def judged() -> list[Cell]:
    """The settled cells of codes that need a quote, each with what is suggested for it."""
    codes = {code.id: code for code in codebook.load(REVIEW / "config" / "codebook.yaml").codes}
    files = {row["file"]: row for row in tables.read(OUT / "texts.csv", schemas.TEXTS)}
    main = {row["record_id"]: row["main"] for row in tables.read(OUT / "studies.csv", schemas.STUDIES)}
    pages: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((OUT / "texts").glob("*.json")):
        what = json.loads(path.read_text(encoding="utf-8"))
        row = files[what["file"]]
        if row["record_id"] in main and row["status"] == "ok":
            pages[main[row["record_id"]]] += what["text"]["pages"]
    texts = {record: suggest.read(text) for record, text in pages.items()}
    out = []
    for cell in tables.read(OUT / "coding" / "cells.csv", schemas.CELLS):
        record, code = cell["record_id"], codes[cell["code"]]
        if record not in texts or not cell["value"] or not code.quote:
            continue
        found = suggest.suggest(code.indicators, texts[record]).suggestions
        quote = bare(cell["quote"])
        met = quote and any(quote[:40] in bare(s.quote) or bare(s.quote)[:40] in quote for s in found)
        searched = quote and any(quote[:40] in bare(passage.text) for passage in texts[record].passages)
        out.append(
            {
                "record_id": record,
                "code": code.id,
                "value": cell["value"],
                "best": found[0].confidence if found else "",
                "met": "yes" if met else "",
                "searched": "yes" if searched else "",
            }
        )
    return out


def share(cells: Iterable[Cell], of: Callable[[Cell], bool], hit: Callable[[Cell], bool]) -> str:
    """How many of the cells `of` are hits, with the interval of their share."""
    by_study: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for cell in cells:
        counts = by_study[cell["record_id"]]
        counts[0] += of(cell) and hit(cell)
        counts[1] += of(cell)
    studies = sorted(by_study.items())
    hits, total = (sum(counts[at] for _, counts in studies) for at in (0, 1))
    dice, drawn = random.Random(20260112), []
    for _ in range(ROUNDS):
        sample = [counts for _, counts in dice.choices(studies, k=len(studies))]
        if below := sum(counts[1] for counts in sample):
            drawn.append(sum(counts[0] for counts in sample) / below)
    drawn.sort()
    low, high = drawn[int(0.025 * len(drawn))], drawn[int(0.975 * len(drawn)) - 1]
    return f"{hits} of {total}, {hits / total:.0%} ({low:.0%} to {high:.0%})"


def report(name: str, cells: list[Cell]) -> None:
    """The figures of some cells."""
    yes = [cell for cell in cells if cell["value"] == "yes"]
    print(f"\n{name}: {len({cell['record_id'] for cell in cells})} studies, {len(cells)} cells")
    print("  answers:", dict(sorted(Counter(cell["value"] for cell in cells).items())))
    print("  share of yes:", share(cells, lambda _: True, lambda cell: cell["value"] == "yes"))
    print("  precision:", share(cells, lambda cell: bool(cell["best"]), lambda cell: cell["value"] == "yes"))
    for word in ("high", "medium", "low"):
        if any(cell["best"] == word for cell in cells):
            print(f"    {word}:", share(cells, lambda c, w=word: c["best"] == w, lambda c: c["value"] == "yes"))
    print("  recall:", share(yes, lambda _: True, lambda cell: bool(cell["best"])))
    print("  a suggestion meets the quote:", share(yes, lambda _: True, lambda cell: bool(cell["met"])))
    print(
        "  the quote begins in a sentence that is searched:", share(yes, lambda _: True, lambda c: bool(c["searched"]))
    )


def main() -> None:
    cells = judged()
    former = {code.id for code in codebook.load(FORMER / "config" / "codebook.yaml").codes}
    with (FORMER / "data" / "raw" / "ledger" / "events" / "000020.json").open(encoding="utf-8") as handle:
        known = {item.partition(":")[0] for item in json.load(handle)["labels"]}
    report("all", cells)
    report(
        "the eight texts and 17 codes of before", [c for c in cells if c["record_id"] in known and c["code"] in former]
    )
    report("new texts, codes of before", [c for c in cells if c["record_id"] not in known and c["code"] in former])
    report("new codes", [c for c in cells if c["code"] not in former])


if __name__ == "__main__":
    main()
