"""What the codebook says of figures that no code asks for by itself: maps, links between families, mosaics."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from scoping import countries
from scoping.strict_model import (
    NO_REPEATS,
    CodeId,
    Mark,
    Name,
    Problem,
    Strict,
    Text,
    did_you_mean,
    items_of,
    repeats,
    show,
    words_of,
)


class Link(Strict):
    """A figure of two families: how many studies report a code of the one and a code of the other."""

    id: Name = Field(description="A short id, unique among the links; the figure is called `links_<id>`.")
    label: Text = Field(description="The title of the figure.")
    left: Mark = Field(description="Id of the family whose codes stand at the left, for example barriers.")
    right: Mark = Field(description="Id of the family whose codes stand at the right, for example mechanisms.")


class Mosaic(Strict):
    """A figure of a variable of the kind `combined` by a code that is a closed list."""

    variable: Name = Field(description="Id of a derived variable of the kind `combined`.")
    by: CodeId = Field(description="Id of the code whose values stand beside each other, for example the tier.")


class Figures(Strict):
    """Figures besides those that follow from the codes."""

    maps: Annotated[tuple[CodeId, ...], NO_REPEATS] = Field(
        default=(),
        description="Ids of codes whose values are countries; each gets a world map. Values that name no country, or "
        "several, are listed below the map.",
    )
    links: tuple[Link, ...] = Field(default=(), description="Pairs of families whose codes are linked by studies.")
    mosaics: tuple[Mosaic, ...] = Field(default=(), description="Combinations by another code.")


def problems(data: Any, of_literature: Sequence[str]) -> Iterator[Problem]:
    """Codes, families and variables that nobody defined or that such a figure cannot show; `of_literature`: codes."""
    named = data.get("figures") if isinstance(data, Mapping) else None
    if not isinstance(named, Mapping):
        return
    for place, what in (*_map_problems(named, data, of_literature), *_link_problems(named, data)):
        yield ("figures", *place), what
    combined = [each["id"] for _, each in items_of(data, "derived") if each.get("kind") == "combined" and "id" in each]
    for key, known, kind in (("variable", combined, "variables of the kind combined"), ("by", of_literature, "codes")):
        for at, name in words_of(named, "mosaics", key):
            if name not in known:
                do = did_you_mean(name, known) if known else "take the mosaic out"
                yield ("figures", "mosaics", at, key), f"{show(name)} is not one of {kind}; {do}"


def _map_problems(named: Mapping[str, Any], data: Any, of_literature: Sequence[str]) -> Iterator[Problem]:
    values = {code.get("id"): code.get("values") for _, code in items_of(data, "codes")}
    maps = named.get("maps")
    for at, code in enumerate(maps if isinstance(maps, list | tuple) else []):
        if code not in of_literature:
            yield ("maps", at), f"{show(code)} is not one of codes; {did_you_mean(str(code), of_literature)}"
        elif not any(countries.find(str(word)) for word in values.get(code) or ()):
            yield ("maps", at), f"no value of {code} is a country that is known; take it out, or name countries there"


def _link_problems(named: Mapping[str, Any], data: Any) -> Iterator[Problem]:
    families = [family for _, family in words_of(data, "families", "id")]
    yield from repeats(words_of(named, "links", "id"), "links")
    for key in ("left", "right"):
        for at, family in words_of(named, "links", key):
            if families and family not in families:
                what = f"{show(family)} is not one of families; {did_you_mean(family, families)}"
                yield ("links", at, key), what
