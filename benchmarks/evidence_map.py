"""How fast the evidence map of 5,000 made-up studies opens and answers in Chromium, with abstracts and a quote for each yes.

.venv/bin/python benchmarks/evidence_map.py [STUDIES] [--keep FILE]
"""

import argparse
import importlib.util
import random
import statistics
import tempfile
import time
from pathlib import Path

from scoping import citation, codebook, evidence_map, evidence_map_page, schemas
from scoping.codebook import Codebook, sense
from scoping.columns import BASES, STATUSES
from scoping.studies import Studies
from scoping.tables import Row, compact

REPOSITORY = Path(__file__).resolve().parents[1]
WORDS = [
    "council", "evidence", "officer", "region", "school", "board", "health", "municipal", "network", "broker",
    "figures", "residents", "budget", "library", "harbour", "ferry", "winter", "meeting", "question", "answer",
    "plan", "review", "trust", "learning", "survey", "ledger", "county", "bridge", "garden", "Ærø", "Łódź", "Ånge",
]  # fmt: skip
OPENS = """
new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(
  ["ready", "first-contentful-paint"].map((name) => performance.getEntriesByName(name)[0].startTime)
    .concat(performance.getEntriesByType("navigation")[0].loadEventEnd)), 100)))
"""
SEEN = ("matrix and list are in place", "first paint", "the whole file is loaded")
ANSWERS = """
(() => { const begun = performance.now(); %s; document.body.offsetHeight; return performance.now() - begun; })()
"""
ACTS = {
    "a cell is chosen": "document.querySelectorAll('#matrix td button')[1].click()",
    "all studies are shown again": "document.querySelector('#parts li:last-child button').click()",
    "the first search": "document.getElementById('words').value = 'harbour 12'; "
    "document.getElementById('words').dispatchEvent(new Event('input', { bubbles: true }))",
    "the next search": "document.getElementById('words').value = 'harbour 123'; "
    "document.getElementById('words').dispatchEvent(new Event('input', { bubbles: true }))",
    "the list is sorted by title": "document.querySelector('#by-title button').click()",
}


def sentence(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(WORDS, k=words)).capitalize() + "."


def record(draw: random.Random, number: int, abstracts: bool) -> Row:
    authors = [
        {"family": draw.choice(WORDS).capitalize(), "given": "A.", "literal": ""} for _ in range(draw.randint(1, 6))
    ]
    id_ = f"R{number:05d}"
    return {
        **dict.fromkeys(schemas.RECORDS.names, ""),
        "record_id": id_,
        "study_id": id_,
        "title": f"{sentence(draw, 14)} No. {number}",
        "abstract": " ".join(sentence(draw, 18) for _ in range(12)) if abstracts else "",
        "authors": compact(authors),
        "year": str(draw.randint(1990, 2026)),
        "type": draw.choice(["article-journal", "report", "thesis", "chapter"]),
        "journal": sentence(draw, 4),
        "doi": f"10.5555/{id_.lower()}",
    }


def cells(draw: random.Random, study: str, book: Codebook) -> list[Row]:
    found = []
    for code in book.codes:
        value = draw.choice(code.values) if draw.random() < 0.97 else ""
        yes = sense(value) == "yes"
        found.append(
            {
                **dict.fromkeys(schemas.CELLS.names, ""),
                "record_id": study,
                "study_id": study,
                "model": "1",
                "code": code.id,
                "state": "coded" if value else "pending",
                "value": value,
                "level": draw.choice(code.levels) if yes and len(code.levels) > 1 else "",
                "status": draw.choice(STATUSES) if yes and code.status else "",
                "basis": draw.choice(BASES) if yes and code.basis else "",
                "quote": sentence(draw, 18) if yes else "",
                "locator": f"p. {draw.randint(1, 30)}" if yes else "",
                "verdict": "verbatim" if yes else "",
            }
        )
    return found


def material(studies: int, *, abstracts: bool = True, seed: int = 1) -> evidence_map.Material:
    """Made-up studies, coded with the codebook of the demonstration."""
    draw = random.Random(seed)
    book = codebook.load(REPOSITORY / "config" / "codebook.yaml")
    reports = sorted((record(draw, number, abstracts) for number in range(studies)), key=citation.sort_key)
    short = citation.shorts(reports)
    names = {row["record_id"]: short[row["record_id"]] for row in reports}
    coded = [cell for row in reports for cell in cells(draw, row["record_id"], book)]
    return evidence_map.Material(reports, names, coded, Studies([]), book)


def page(found: evidence_map.Material) -> str:
    return evidence_map_page.html(
        evidence_map.index(found),
        evidence_map.details(found, abstracts=True),
        title="Evidence map: a benchmark",
        notice="Made up.",
        draft="",
        abstracts=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studies", type=int, nargs="?", default=5000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    found = material(asked.studies)
    begun = time.process_time()
    text = page(found)
    print(
        f"{asked.studies:,} studies, {len(found.cells):,} cells: {len(text.encode()) / 1e6:.1f} MB, written in {time.process_time() - begun:.1f} s of CPU"
    )
    spec = importlib.util.spec_from_file_location("browser", REPOSITORY / "tests" / "browser.py")
    assert spec is not None
    assert spec.loader is not None
    driver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(driver)
    with tempfile.TemporaryDirectory() as folder:
        file = asked.keep or Path(folder, "map.html")
        file.write_text(text, encoding="utf-8")
        browser = driver.Browser(Path(folder))
        try:
            opened = []
            for _ in range(7):
                browser.open(file.as_uri())
                opened.append(browser.run(OPENS))
            for name, of in zip(SEEN, zip(*opened, strict=True), strict=True):
                print(
                    f"{name}: {statistics.median(of):.0f} ms (least {min(of):.0f}, most {max(of):.0f}) after the address is entered"
                )
            for name, act in ACTS.items():
                print(f"{name}: {browser.run(ANSWERS % act):.0f} ms")
        finally:
            browser.close()


if __name__ == "__main__":
    main()
