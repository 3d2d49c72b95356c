"""What a coding sheet shows of the suggestions for its cells, and what its event keeps of that.

Three ways. `shown`: suggestions, or what was searched without a hit, stand beside the row. `blind`: drawn by lot to be
coded without, by all coders alike. `off`: the code's suggestions were switched off, since too few were confirmed. Cells
of a report without text that are not blind have none of these. Sheets without suggestions keep nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoping.items import join, split
from scoping.stage_settings import CodingStage
from scoping.tables import Row

SHOWN, BLIND, OFF = "shown", "blind", "off"
WITHOUT = "Coded without a suggestion"
NO_TEXT = "No full text in data/raw/fulltext to search"
LONGEST = 320
"""Characters of a quote on a sheet; the mark says that it goes on."""
CUT = " […]"


@dataclass(frozen=True, slots=True)
class Offer:
    """What one cell has: `how` it is offered ("" where nothing was searched), how many passages, from what, the text.

    `count` is None where nothing was searched.
    """

    how: str
    count: int | None
    source: str
    text: str

    @property
    def kept(self) -> list[Any]:
        """As the event of issue keeps it."""
        return [self.how] if self.count is None else [self.how, self.count, self.source]


def fields(kept: Sequence[Any]) -> dict[str, str]:
    """What an event keeps of a cell, as columns: `offer`, `suggested` and `source`; all empty of an old event."""
    how, count, source = [*kept, *[""] * 3][:3]
    return {"offer": how, "suggested": str(count), "source": source}


def blind(item: str, share: float, seed: int) -> bool:
    """Whether a cell is coded without a suggestion: a matter of its report, its code and the seed, whoever codes it.

    A larger share takes in the cells of a smaller one; all models of a report are treated alike.
    """
    of = split(item)
    digest = hashlib.sha256(f"{seed}:coding:blind:{join(of.record, of.code)}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def offers(
    items: Iterable[str], suggestions: Iterable[Row], switches: Iterable[Row], section: CodingStage, seed: int
) -> dict[str, Offer]:
    """What a new sheet offers for each of its items; nothing where the protocol wants no suggestions."""
    if not section.suggestions:
        return {}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(suggestions, key=lambda row: int(row["rank"])):
        found[join(row["record_id"], row["code"])].append(row)
    off = {row["code"]: row["why"] for row in switches if row["state"] == OFF}
    out = {}
    for item in items:
        of = split(item)
        rows = found[join(of.record, of.code)]  # of a further model: what stands in the report
        out[item] = _offer(of.code, rows, off, blind=blind(item, section.blind, seed))
    return out


def _offer(code: str, rows: Sequence[Row], off: Mapping[str, str], *, blind: bool) -> Offer:
    passages = [row for row in rows if row["rank"] != "0"]
    sources = {row["source"] for row in passages}
    source = sources.pop() if len(sources) == 1 else "both" if sources else ""
    searched = bool(passages) or any(row["sentences"] for row in rows)
    count = len(passages) if searched else None
    if blind:
        return Offer(BLIND, count, source, WITHOUT)
    if code in off:
        return Offer(OFF, count, source, f"Switched off: {off[code]}")
    nothing = rows[0]["searched"][:1].upper() + rows[0]["searched"][1:] if rows else NO_TEXT
    if not searched:
        return Offer("", None, "", nothing)
    several = len({row["file"] for row in passages}) > 1
    return Offer(SHOWN, count, source, "\n".join(_line(row, named=several) for row in passages) or nothing)


def _line(row: Row, *, named: bool) -> str:
    """`p. 4 (high): “quote” – why`; with the file's name where the study has passages in several."""
    place = f"p. {row['page']}" + (f" of {row['file']}" if named else "")
    quote = " ".join(row["quote"].split())
    if len(quote) > LONGEST:
        quote = quote[:LONGEST].rsplit(" ", 1)[0] + CUT
    return f"{place} ({row['confidence']}): “{quote}” – {row['why']}"
