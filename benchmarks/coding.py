"""Learning curves of the per-code model on stand-in codes, beside a rule of keywords.

    .venv/bin/python benchmarks/coding.py [folder of the labelled reviews]

No open data set holds a scoping review's coding with its texts. Stand-ins: the MeSH headings that indexers gave to the
records of labelled reviews are codes, title and abstract are the texts. A heading counts as a code if 5 to 40 of 100
records have it and it is no check tag. For each code, n records drawn at random are coded, and the rest is predicted.
The rule of keywords looks for the words of the heading itself (those of three and more letters as stems), any of them.
Averages are over codes and draws; codes of which a draw has too few are left out of that n, for both.
"""

import csv
import random
import re
import statistics
import sys
import warnings
from collections import Counter
from pathlib import Path

from scoping import indicators, suggest_model

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "screening"
SETS = ("Cohen_ADHD", "Cohen_ProtonPumpInhibitors", "Cohen_Triptans")
SIZES = (30, 60, 120, 240, 400)
DRAWS = 1
MOST = 10
CHECK_TAGS = frozenset(
    [
        "humans",
        "male",
        "female",
        "adult",
        "middle aged",
        "aged",
        "aged, 80 and over",
        "adolescent",
        "child",
        "child, preschool",
        "infant",
        "animals",
        "pregnancy",
        "young adult",
        "infant, newborn",
        "comparative study",
    ]
)


def load(path: Path) -> tuple[list[str], list[set[str]]]:
    csv.field_size_limit(10**8)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["abstract"].strip() and row["keywords"].strip()]
    texts = [f"{row['title']} {row['abstract']}" for row in rows]
    return texts, [{word.strip().casefold() for word in row["keywords"].split(";")} for row in rows]


def chosen(keywords: list[set[str]]) -> list[str]:
    """The stand-in codes of a review: spread evenly over how frequent they are."""
    count = Counter(word for words in keywords for word in words if word not in CHECK_TAGS)
    fit = sorted((n, word) for word, n in count.items() if 0.05 <= n / len(keywords) <= 0.4)
    step = max(1, len(fit) // MOST)
    return [word for _, word in fit[::step]][:MOST]


def stems(heading: str) -> list[str]:
    return [
        f"{word.rstrip('s')}*" for word in re.findall(r"\w+", heading) if len(word) > 2 and word not in ("and", "the")
    ]


def prf(said: list[bool], truth: list[int]) -> tuple[float, float]:
    right = sum(1 for a, b in zip(said, truth, strict=True) if a and b)
    return right / max(1, sum(said)), right / max(1, sum(truth))


def main() -> None:
    from sklearn.metrics import average_precision_score, brier_score_loss

    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    lines: dict[tuple[str, int, str], list[float]] = {}
    for name in SETS:
        texts, keywords = load(folder / f"{name}.csv")
        words = [indicators.words(text) for text in texts]
        places = [indicators.beginnings(found) for found in words]
        codes = chosen(keywords)
        print(f"{name}: {len(texts)} records, {len(codes)} codes: {'; '.join(codes)}", flush=True)
        for code in codes:
            truth = [int(code in found) for found in keywords]
            ready = indicators.compiled(stems(code))
            hits = [len(indicators.hits(ready, w, p)) for w, p in zip(words, places, strict=True)]
            for draw in range(DRAWS):
                order = list(range(len(texts)))
                random.Random(f"{name} {code} {draw}").shuffle(order)
                for size in SIZES:
                    seen, rest = order[:size], order[size:]
                    model = suggest_model.train([texts[k] for k in seen], [truth[k] for k in seen])
                    if model is None or len(rest) < 100:
                        continue
                    opinions = [suggest_model.judge(model, texts[k]) for k in rest]
                    wanted = [truth[k] for k in rest]
                    scores = [o.score for o in opinions]
                    found = lines.setdefault
                    found((name, size, "AP model"), []).append(average_precision_score(wanted, scores))
                    found((name, size, "AP words"), []).append(average_precision_score(wanted, [hits[k] for k in rest]))
                    found((name, size, "prevalence"), []).append(sum(wanted) / len(wanted))
                    for what, said in (
                        ("words", [hits[k] > 0 for k in rest]),
                        ("high", [o.word == "high" for o in opinions]),
                        ("medium+", [o.word != "low" for o in opinions]),
                    ):
                        precision, recall = prf(said, wanted)
                        found((name, size, f"{what} precision"), []).append(precision)
                        found((name, size, f"{what} recall"), []).append(recall)
                    if opinions[0].probability is not None:
                        chances = [o.probability or 0.0 for o in opinions]
                        share = model.yes / (model.yes + model.no)
                        found((name, size, "Brier"), []).append(brier_score_loss(wanted, chances))
                        found((name, size, "Brier of the share"), []).append(
                            brier_score_loss(wanted, [share] * len(wanted))
                        )
    kinds = list(dict.fromkeys(kind for _, _, kind in lines))
    print("| review | n coded | curves |", " | ".join(kinds), "|")
    print("| --- |" + " --- |" * (len(kinds) + 2))
    for name in SETS:
        for size in SIZES:
            values = [lines.get((name, size, kind), []) for kind in kinds]
            if values[0]:
                shown = " | ".join(f"{statistics.mean(v):.2f}" if v else "-" for v in values)
                print(f"| {name} | {size} | {len(values[0])} | {shown} |")


if __name__ == "__main__":
    main()
