"""Suggestions against the settled cells of the demonstration review, after `make demo`.

    .venv/bin/python benchmarks/demo_suggestions.py

Counts cells that people answered, of reports with a full text. A quote is met if it and a suggested passage share their
first 40 characters, blanks and case aside, or one holds those of the other.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path

from scoping import codebook, schemas, suggest, tables

REVIEW = Path(__file__).resolve().parents[1]
OUT = REVIEW / "data" / "processed"


def bare(text: str) -> str:
    return "".join(text.split()).casefold().strip('."“”')


def main() -> None:
    codes = {code.id: code for code in codebook.load(REVIEW / "config" / "codebook.yaml").codes}
    rows = {row["file"]: row for row in tables.read(OUT / "texts.csv", schemas.TEXTS)}
    pages: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((OUT / "texts").glob("*.json")):
        what = json.loads(path.read_text(encoding="utf-8"))
        row = rows[what["file"]]
        if row["record_id"] and row["status"] == "ok":
            pages[row["record_id"]] += what["text"]["pages"]
    reports = {record: suggest.read(text) for record, text in pages.items()}
    answers, best, met, searched = Counter[tuple[str, bool]](), Counter[tuple[str, str]](), 0, 0
    for cell in tables.read(OUT / "coding" / "cells.csv", schemas.CELLS):
        if cell["record_id"] not in reports or not cell["value"]:
            continue
        found = suggest.suggest(codes[cell["code"]].indicators, reports[cell["record_id"]]).suggestions
        answers[cell["value"], bool(found)] += 1
        if found:
            best[found[0].confidence, cell["value"]] += 1
        if cell["value"] == "yes":
            quote = bare(cell["quote"])
            searched += any(quote[:40] in bare(p.text) for p in reports[cell["record_id"]].passages)
            met += any(quote[:40] in bare(s.quote) or bare(s.quote)[:40] in quote for s in found)
    print(f"{len(reports)} reports; cells by answer and whether there is a suggestion:", dict(answers))
    print("the best suggestion's confidence, and the answer:", dict(sorted(best.items())))
    print("cells with yes whose quote begins in a sentence that is searched:", searched)
    print("cells with yes of which a suggestion meets the quote:", met)


if __name__ == "__main__":
    main()
