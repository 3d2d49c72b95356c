"""Text in which every number has its key: paragraphs of pieces, of which only `Number` may hold a number of ours.

`Text`, `Term` and `Gap` refuse digits that are not theirs to say, so that a number without a key cannot be written;
`Said` repeats what people wrote (the protocol, the codebook) or the name of a version, and says where that stands.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from scoping.tables import Row

TERMS = (
    "PRISMA 2020", "PRISMA-ScR", "PRISMA-S", "AC1", "95% bootstrap intervals", "95% Wilson intervals", "95% Wilson interval",
    "95% Newcombe interval", "95% Clopper-Pearson interval",
)  # fmt: skip
"""Names that hold digits, and count nothing."""
AUTHORS = "AUTHORS"
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PLURALS = {"study": "studies", "entry": "entries", "person": "people", "family": "families"}
Ids: TypeAlias = Iterable[str]


def _without_digits(text: str) -> str:
    if any(sign.isdigit() for sign in text):
        raise ValueError(f"a number without a key: {text!r}")
    return text


@dataclass(frozen=True)
class Text:
    """Words of ours, without any number."""

    text: str

    def __post_init__(self) -> None:
        """What is counted, measured or set has to be a `Number`."""
        _without_digits(self.text)


@dataclass(frozen=True)
class Term:
    """A name with digits in it, one of `TERMS`."""

    text: str

    def __post_init__(self) -> None:
        """Whatever else holds digits is no name."""
        if self.text not in TERMS:
            raise ValueError(f"not one of the terms that hold digits: {self.text!r}")


@dataclass(frozen=True)
class Said:
    """What people or programs say of themselves, word for word, and the file and key where it stands."""

    text: str
    where: str


@dataclass(frozen=True)
class Gap:
    """What only the authors can write: an instruction for them."""

    todo: str

    def __post_init__(self) -> None:
        """An instruction names no number."""
        _without_digits(self.todo)

    @property
    def text(self) -> str:
        """As it stands in the text."""
        return f"[{AUTHORS}: {self.todo}]"


@dataclass(frozen=True)
class Number:
    """A number under its key.

    `value` is what is counted, measured or set, in `unit`; `where` the file that it can be checked in and the rows there;
    `ids` what is behind it as (unit, id), sorted; of a figure `of` is the count of the items it was computed from, whose ids
    are its own; `text` is how it is printed here.
    """

    key: str
    value: str
    unit: str
    where: str
    ids: tuple[tuple[str, str], ...]
    kind: Literal["counted", "measured", "set"]
    text: str = field(compare=False)
    of: "Number | None" = None

    @property
    def one(self) -> bool:
        """Whether a noun after it stands in the singular."""
        return self.value == "1"

    def with_(self, noun: str, many: str = "") -> "Runs":
        """`1 record`, `241 records`; `noun` may be several words, of which the last is inflected."""
        return self, Text(f" {noun if self.one else many or plural(noun)}")

    @property
    def were(self) -> Text:
        """`was` or `were`."""
        return Text("was" if self.one else "were")

    @property
    def spelled(self) -> "Number":
        """The same, in words up to nine."""
        small = self.value.isdecimal() and int(self.value) < len(_WORDS)
        return replace(self, text=_WORDS[int(self.value)]) if small else self


Run: TypeAlias = Text | Term | Said | Gap | Number
Runs: TypeAlias = tuple[Run, ...]
Part: TypeAlias = str | Run | Runs


def plural(noun: str) -> str:
    """`records`, `studies`."""
    before, gap, last = noun.rpartition(" ")
    return f"{before}{gap}{_PLURALS.get(last, f'{last}s')}"


def counted(key: str, ids: Ids, unit: str, where: str) -> Number:
    """How many there are of something; `ids` name each of them."""
    every = sorted(set(ids))
    return Number(key, str(len(every)), unit, where, tuple((unit, id_) for id_ in every), "counted", f"{len(every):,}")


def measured(key: str, value: float, unit: str, where: str, of: Number, *, decimals: int = 2) -> Number:
    """A figure, computed from the items that `of` counts."""
    text = f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "\u2212")
    return Number(key, text, unit, where, (), "measured", text, of)


def settled(key: str, value: float, unit: str, where: str, *, percent: bool = False) -> Number:
    """What the protocol sets."""
    return Number(key, f"{value:g}", unit, where, (), "set", f"{100 * value:g}%" if percent else f"{value:g}")


def prose(*parts: Part) -> Runs:
    """Pieces in a row; plain strings are `Text`."""
    found: list[Run] = []
    for part in parts:
        found += part if isinstance(part, tuple) else [Text(part) if isinstance(part, str) else part]
    return tuple(run for run in found if run.text)


def listed(items: Iterable[Runs]) -> Runs:
    """`a, b and c`."""
    every = list(items)
    found: list[Part] = []
    for at, item in enumerate(every):
        found += ["" if not at else " and " if at == len(every) - 1 else ", ", item]
    return prose(*found)


def series(items: Iterable[Runs]) -> Runs:
    """`a; b; c`, of items that hold commas."""
    return prose(*(part for at, item in enumerate(items) for part in ("; " if at else "", item)))


def spaced(sentences: Iterable[Runs]) -> Runs:
    """Sentences one after the other; empty ones fall out."""
    found: list[Run] = []
    for sentence in sentences:
        if sentence:
            found += [*([Text(" ")] if found else []), *sentence]
    return tuple(found)


@dataclass(frozen=True)
class Paragraph:
    """Sentences; `lead` stands before them in bold."""

    runs: Runs
    lead: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Runs, ...]


@dataclass(frozen=True)
class Verbatim:
    """A text whose lines are kept, such as a search strategy, under what it is."""

    head: Runs
    said: Said


Block: TypeAlias = Paragraph | Bullets | Verbatim


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        """A heading is text of ours."""
        _without_digits(self.title)


@dataclass(frozen=True)
class Document:
    """A text for authors. `draft` says what is still open; empty where nothing is. `notice` is that of the review."""

    title: Runs
    notice: str
    draft: Runs
    sections: tuple[Section, ...]

    def runs(self) -> Iterator[tuple[str, Run]]:
        """(section, piece) in the order of the text."""
        yield from (("Title", run) for run in self.title)
        yield from (("Draft", run) for run in self.draft)
        for section in self.sections:
            for block in section.blocks:
                yield from ((section.title, run) for run in of_block(block))


def of_block(block: Block) -> Runs:
    """All pieces of a block."""
    if isinstance(block, Paragraph):
        return block.runs
    if isinstance(block, Bullets):
        return tuple(run for item in block.items for run in item)
    return (*block.head, block.said)


def plain(runs: Runs, show: Callable[[Run], str] = lambda run: run.text) -> str:
    """The pieces as one text; `show` may mark some of them."""
    return "".join(show(run) for run in runs)


NUMBER_COLUMNS = ["key", "number", "unit", "kind", "stands in", "where its ids are", "ids", "key of its ids"]
ID_COLUMNS = ["key", "unit", "id"]


def numbers(places: Iterable[tuple[str, Run]]) -> tuple[list[Row], list[Row]]:
    """(a row for each number, a row for each id behind it); a key that means two things is an error of ours."""
    found: dict[str, Number] = {}
    stands: dict[str, list[str]] = {}
    for place, run in places:
        for number in (run, run.of) if isinstance(run, Number) else ():
            if number is None:
                continue
            if found.setdefault(number.key, number) != number:
                raise ValueError(f"two numbers have the key {number.key!r}: {found[number.key]} and {number}")
            here = stands.setdefault(number.key, [])
            here += [place] if number is run and place not in here else []
    rows = [
        {
            "key": key,
            "number": number.value,
            "unit": number.unit,
            "kind": number.kind,
            "stands in": "; ".join(stands[key]),
            "where its ids are": number.where,
            "ids": str(len(number.ids)),
            "key of its ids": number.of.key if number.of else key if number.ids else "",
        }
        for key, number in sorted(found.items())
    ]
    ids = [{"key": key, "unit": unit, "id": id_} for key, number in sorted(found.items()) for unit, id_ in number.ids]
    return rows, ids
