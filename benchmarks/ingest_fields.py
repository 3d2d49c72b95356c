"""What our fields and tags lack of what a second scan, or another reader, finds in the same entries.

A loss is a value that the other one has and we have not. Fields are held against the scan (`ingest_scan`), the tags,
which keep everything, against the values of other readers (`ingest_peers`).
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest_peers import Peer, Said
from ingest_scan import Values

from scoping.readers import Parsed
from scoping.readers.fields import Fields

ASKED = ("title", "people", "year", "journal", "doi", "abstract", "keywords")
_SHOWN = 110
_SPELT = str.maketrans({"æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "ł": "l", "Ł": "L", "ı": "i"})


@dataclass(frozen=True)
class Loss:
    """A value that is not where it should be: `kind` is empty (nothing there), fewer (people), other (other words)."""

    file: str
    line: int
    field: str
    kind: str
    value: str
    ours: str = ""

    def __str__(self) -> str:
        beside = f" | {self.ours[:_SHOWN]}" if self.ours else ""
        return f"{self.file}:{self.line}: {self.field} {self.kind}: {self.value[:_SHOWN]}{beside}"


def against_scan(
    file: str, parsed: Parsed, found: Sequence[Fields], seen: Sequence[Values]
) -> tuple[Counter[str], Counter[str], list[Loss]]:
    """Values that the scan has, values that we have (entry by entry), and what we lack of the first."""
    theirs, ours, losses = Counter[str](), Counter[str](), list[Loss]()
    if len(seen) != len(found):
        return theirs, ours, [Loss(file, 1, "entries", "fewer", f"{len(seen)} by the scan", f"{len(found)} read")]
    for entry, fields, values in zip(parsed.entries, found, seen, strict=True):
        here = (file, entry.line_start)
        people = len(fields.authors)
        theirs["people"] += len(values["author"])
        ours["people"] += people
        if people < len(values["author"]):
            losses.append(Loss(*here, "people", "fewer", "; ".join(values["author"]), str(fields.authors)))
        for name in ("title", "year", "journal", "doi", "abstract", "keywords"):
            mine = getattr(fields, name)
            said = " ".join(mine) if isinstance(mine, tuple) else mine
            theirs[name] += bool(values[name])
            ours[name] += bool(said)
            if values[name] and not said:
                losses.append(Loss(*here, name, "empty", values[name][0]))
            elif values[name] and name != "keywords" and not _same(said, values[name]):
                losses.append(Loss(*here, name, "other", values[name][0], said))
    return theirs, ours, losses


def _same(said: str, values: Iterable[str]) -> bool:
    """Whether one of the values is what we say, or a part of it, by its letters and digits; LaTeX has fewer."""
    mine = _letters(said)
    return any((theirs := _letters(value)) in mine or mine in theirs for value in values)


def _letters(text: str) -> str:
    """The letters and digits of a text, without accents, markup and the commands of LaTeX but those that are a letter."""
    plain = re.sub(r"<[^<>]*>", "", html.unescape(text))
    plain = re.sub(
        r"\\(?:(LaTeX|TeX|ae|oe|aa|ss|[oliOL])(?![a-zA-Z])|[a-zA-Z]{2,}|[uvHcdkbr](?=\W))",
        lambda match: match[1] or "",
        plain,
    )
    apart = unicodedata.normalize("NFKD", plain).translate(_SPELT)
    return "".join(sign for sign in apart if sign.isalnum()).casefold()


def against_peer(file: str, parsed: Parsed, found: Sequence[Fields], entries: Sequence[Said], peer: Peer) -> list[Loss]:
    """Values of a peer's entries that are in no tag of ours. Where it has fewer entries, they are told by the title."""
    ours = [_everything(entry.tags, fields) for entry, fields in zip(parsed.entries, found, strict=True)]
    losses, position = list[Loss](), 0
    for number, entry in enumerate(entries):
        values = [(name, re.sub(peer.added, "", value)) for name, given in entry.items() for value in given]
        if not values:
            continue
        telling = [value for name, value in values if name == peer.title] or [value for _, value in values]
        at = number if len(entries) == len(ours) else _place(ours, position, telling)
        if at is None:
            losses.append(Loss(file, 1, "entry", "empty", "; ".join(telling)))
            continue
        position = at + 1
        line = parsed.entries[at].line_start
        losses += [Loss(file, line, name, "empty", value) for name, value in values if _flat(value) not in ours[at]]
    return losses


def _place(ours: Sequence[str], start: int, values: Sequence[str]) -> int | None:
    """The entry, from a place on, that holds all these values."""
    wanted = [_flat(value) for value in values]
    return next((at for at in range(start, len(ours)) if all(text in ours[at] for text in wanted)), None)


def _everything(tags: Iterable[tuple[str, str]], fields: Fields) -> str:
    """All values of an entry in one text."""
    return "\n".join([*(_flat(value) for _, value in tags), fields.doi])


def _flat(text: str) -> str:
    """Without blanks, and without the strokes in a date."""
    return "".join(text.split()).replace("/", "")
