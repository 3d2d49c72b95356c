"""Reporting checklists, filled as far as the review's data go: items in our own words, what the data say, who has to write."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scoping.author_sheet import Sheet
from scoping.methods.material import Material
from scoping.methods.prose import AUTHORS, Gap, Run, Runs, plain, spaced

FILLED, PARTLY, OPEN = "filled", "partly", "for the authors"
COLUMNS = ["Part", "Item", "Topic", "What to report", "What the review's data say", "Status", "Stands in", "Page"]
WIDTHS = [11, 6, 16, 30, 62, 10, 20, 12]
PAGE = f"[{AUTHORS}: page]"


@dataclass(frozen=True)
class Item:
    """One item: its number there, topic and content in our own words, what fills it, and the section that has it."""

    part: str
    number: str
    topic: str
    asks: str
    says: Callable[[Material], Sequence[Runs]]
    section: str = ""


@dataclass(frozen=True)
class Answer:
    """An item with what the data say to it."""

    item: Item
    runs: Runs

    @property
    def status(self) -> str:
        """Whether the data fill it, or authors have to write part or all of it."""
        gaps = [run for run in self.runs if isinstance(run, Gap)]
        if not gaps:
            return FILLED
        return PARTLY if any(run.text.strip() and not isinstance(run, Gap) for run in self.runs) else OPEN


def answers(material: Material, items: Sequence[Item]) -> list[Answer]:
    """Every item with its answer."""
    return [Answer(item, spaced(item.says(material))) for item in items]


def sheet(name: str, caption: str, found: Sequence[Answer], note: str, draft: Runs = ()) -> Sheet:
    """The checklist as a table for authors; `draft` says what of the review is still open."""
    if draft:
        caption, note = f"{caption} (draft)", f"{plain(draft)} {note}"
    rows = []
    for answer in found:
        item = answer.item
        cells = (
            item.part, item.number, item.topic, item.asks, plain(answer.runs), answer.status, item.section,
            PAGE,
        )  # fmt: skip
        rows.append(dict(zip(COLUMNS, cells, strict=True)))
    return Sheet(name, caption, COLUMNS, WIDTHS, rows, None, note)


def places(name: str, found: Sequence[Answer]) -> Iterator[tuple[str, Run]]:
    """Where each piece stands: `PRISMA-ScR, item 4`."""
    for answer in found:
        yield from ((f"{name}, item {answer.item.number}", run) for run in answer.runs)
