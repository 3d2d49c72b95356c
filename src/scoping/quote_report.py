"""Every quote with its verdict, page and closest passage: for people to look at, and for the policy to judge.

Quotes of cells that wait for another coder are left out: coders do not see each other's before both have answered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from scoping import citation, folder
from scoping.items import Item
from scoping.ledger import Event
from scoping.migrations import Followed
from scoping.studies import by_item
from scoping.tables import Row

CAPTION = (
    "Every quote that coders copied, and whether it stands in the stored text. Near: like a passage, look at both; missing: "
    "nowhere in the text, mend it in the sheet; no text: not in the abstract, and there is no other text to look in"
)
COLUMNS = [
    "Report", "Code", "Label", "Model", "Value", "Quote", "Verdict", "Text", "Page", "Closest passage", "Why", "Where the coder says",
    "Rests on it", "Sheet", "Cell", "Record id",
]  # fmt: skip
WIDTHS = [22, 9, 26, 8, 10, 56, 11, 26, 7, 56, 28, 14, 9, 22, 18, 14]
MISSING, NEAR, NO_TEXT = "missing", "near", "no text"
COLOURS = {"Verdict": {MISSING: "#E06666", NEAR: "#FFD966", NO_TEXT: "#D9D9D9"}}
"""Column and word -> fill; the word stands in the cell, so that nothing rests on the colour alone."""
SHOWN = 12


class Page(Protocol):
    """A page of a stored text, see `scoping.texts`."""

    @property
    def file(self) -> str:
        """File within data/raw/fulltext."""

    @property
    def number(self) -> int:
        """Page of the file, from 1."""

    @property
    def text(self) -> str:
        """Its text."""


def rows(
    answers: Iterable[Followed],
    cells: Iterable[Row],
    pages: Callable[[Item], Sequence[Page]],
    events: list[Event],
    find: Callable[[str, Sequence[str]], Any],
) -> list[Row]:
    """The table of quotes. `answers` are those of coding that stand, `find` looks one up (see `scoping.quotes`).

    `pages` gives those that the quote of a cell may be from.
    """
    state = {item: cell["state"] for item, cell in by_item(cells).items()}
    given = [answer for answer in answers if answer.item in state]
    final = {answer.item for answer in given if answer.row["role"] == "adjudicate"}
    lay = _where(events)
    out = []
    for answer in given:
        row = answer.row
        if not row["quote"] or state[answer.item] == "pending":
            continue
        text = pages(answer.item)
        found = find(row["quote"], [page.text for page in text]) if any(page.text.strip() for page in text) else None
        if found and found.verdict == MISSING and not all(page.file for page in text):
            found = None  # only its abstract could be searched
        at = text[found.page - 1] if found and found.page else None
        counts = state[answer.item] == "coded" and (row["role"] == "adjudicate" or answer.item not in final)
        file, cell_at = lay.get((row["sheet"], row["item"]), ("", ""))
        out.append(
            {
                **{name: row[name] for name in ("sheet", "item", "role", "person", "quote", "locator")},
                "record_id": answer.record_id,
                "code": answer.code,
                "model": str(answer.model),
                "value": row["decision"],
                "verdict": found.verdict if found else NO_TEXT,
                "text": at.file if at else "",
                "page": str(at.number) if at else "",
                "passage": found.passage if found else "",
                "why": found.why if found else "",
                "counts": "yes" if counts else "",
                "file": file,
                "cell": cell_at,
            }
        )
    return out


def _where(events: list[Event]) -> dict[tuple[str, str], tuple[str, str]]:
    """(sheet, item) -> file and cell that the answer which stands was read from."""
    found = {}
    for event in folder.of_stage(events, "coding"):
        if event["kind"] == "read":
            for item, label in event["labels"].items():
                found[event["sheet"], item] = (event["file"], label["cell"])
    return found


def table(found: Iterable[Row], records: list[Row], labels: Mapping[str, str]) -> list[Row]:
    """The quotes as people read them: what is missing first, then what is near, each in the order of reports and codes."""
    name = citation.shorts(records)
    first = [MISSING, NEAR, NO_TEXT, "verbatim"]
    order = {code: at for at, code in enumerate(labels)}
    lines = sorted(
        found,
        key=lambda row: (first.index(row["verdict"]), name[row["record_id"]], row["record_id"], order[row["code"]], row["sheet"], row["item"]),
    )  # fmt: skip
    return [
        {
            "Report": name[row["record_id"]],
            "Code": row["code"],
            "Label": labels[row["code"]],
            "Model": row["model"],
            "Value": row["value"],
            "Quote": row["quote"],
            "Verdict": row["verdict"],
            "Text": row["text"],
            "Page": row["page"],
            "Closest passage": row["passage"],
            "Why": row["why"],
            "Where the coder says": row["locator"],
            "Rests on it": row["counts"],
            "Sheet": row["file"],
            "Cell": row["cell"],
            "Record id": row["record_id"],
        }
        for row in lines
    ]


def missing(found: Iterable[Row]) -> list[str]:
    """A line for each quote that a settled cell rests on and that is nowhere in the text: where it stands, and what."""
    return [
        f"data/raw/sheets/coding/{row['file']}:{row['cell']}: the quote for {row['code']} does not stand in the text of "
        f"{row['record_id']}: “{' '.join(row['quote'].split())[:100]}”"
        for row in found
        if row["verdict"] == MISSING and row["counts"]
    ]
