"""What a row of a sheet is about: the only place where items are put together and taken apart.

An item is a record (`KX7RMW2XHB9`), a pair of ids (`KX7RMW2XHB9~B2C3D4F5G6H`), a code of a report
(`KX7RMW2XHB9:POP`), or a code of a further model of a study (`KX7RMW2XHB9+2:POP`). The first model is never written, so
that what was coded before anybody knew of a second one goes on meaning the first.
"""

from dataclasses import dataclass

FIRST = 1
"""The model that an item without a number is about."""


@dataclass(frozen=True, order=True, slots=True)
class Item:
    """An item taken apart: `record` is an id (or two, joined by `~`), `code` is empty where rows are no codes."""

    record: str
    code: str = ""
    model: int = FIRST

    @property
    def ids(self) -> tuple[str, ...]:
        """The content ids that it names."""
        return tuple(self.record.split("~"))

    def __str__(self) -> str:
        """The item as sheets and the ledger have it."""
        head = self.record if self.model == FIRST else f"{self.record}+{self.model}"
        return f"{head}:{self.code}" if self.code else head


def split(item: str) -> Item:
    """An item taken apart; ValueError where the model is no number from 2 up."""
    head, _, code = item.partition(":")
    record, plus, number = head.partition("+")
    if not plus:
        return Item(record, code)
    if not (number.isascii() and number.isdigit() and number[0] != "0" and int(number) > FIRST):
        raise ValueError(f"`{item}`: `{number}` is no number of a further model")
    return Item(record, code, int(number))


def join(record: str, code: str, model: int | str = FIRST) -> str:
    """The item of a code of a model; a table's cell has the model as text."""
    return str(Item(record, code, int(model)))
