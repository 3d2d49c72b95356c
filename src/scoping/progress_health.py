"""Screening health on the page of progress: what is known from finished batches, and where the lists behind it lie."""

from collections.abc import Sequence

from scoping.tables import Row
from scoping.webpage import Child, Element, element, table

FIGURES = {
    "screening_recall": "Recall of finished batches, with what is estimated of it",
    "finds_per_batch": "Records kept and excluded in each finished batch",
}


def section(rows: Sequence[Row]) -> list[Element]:
    """The measures as a table, and the two figures beside the page; nothing before a batch is finished."""
    number = next((row["number"] for row in rows if row["measure"] == "Records screened"), "0")
    if number == "0":
        return []
    cells: list[list[list[Child]]] = [[[row["measure"]], [row["number"]], [row["words"]]] for row in rows]
    made = table("From batches that everybody has finished; no answer of a batch in work is in it", ("Measure", "Number", "What it says"), cells)  # fmt: skip
    made.set("class", "health")
    pictures = [
        element(
            "img", src=f"figures/{name}.svg", alt=f"{words}; its data and its text stand beside it in reports/figures"
        )
        for name, words in FIGURES.items()
    ]
    links = element(
        "p",
        "Behind each number: ", element("a", "records", href="tables/screening_health_ids.csv"), ", ",
        element("a", "labels to look at again", href="tables/screening_check.html"), ".",
        class_="small",
    )  # fmt: skip
    return [
        element(
            "section", element("h2", "Screening health"), made, links, element("div", *pictures, class_="pictures")
        ),
    ]


STYLE = """
a { color: var(--done); }
@media (min-width: 46.01rem), print { .health th:nth-child(1) { width: 24%; } .health th:nth-child(2) { width: 12%; }
  .health th:nth-child(3) { width: 64%; } }
.pictures { display: flex; flex-wrap: wrap; gap: 1.5rem; margin-top: 1rem; align-items: flex-start; }
.pictures img { background: #fff; border: 1px solid var(--rule); padding: .5rem; max-width: 100%; width: 26rem; }
"""
