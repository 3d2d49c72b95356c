"""Countries by their ISO 3166 codes: names as people write them, a place on the map, the shape on it.

The tables in `world/` are bundled, see THIRD_PARTY.md; longitudes and latitudes in degrees.
"""

import csv
import functools
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "world"
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Country:
    """A country or territory: its code of three letters, its name, and a point inside its largest part."""

    code: str
    name: str
    longitude: float
    latitude: float


@functools.cache
def table() -> dict[str, Country]:
    """Code -> country, in the order of codes."""
    return {row["code"]: _country(row) for row in _rows()}


def find(text: str) -> Country | None:
    """The one country that a text names, by name, usual other names or code; None where it names none or several.

    The nations of a kingdom name the kingdom. Capitals, accents, points and a leading `the` make no difference.
    """
    return _names().get(_plain(text))


@functools.cache
def shapes() -> tuple[tuple[str, tuple[tuple[float, float], ...]], ...]:
    """(code, outline) of each piece of land, the largest first; islands of a country apart, the code empty where disputed."""
    found = json.loads((FOLDER / "land.json").read_text(encoding="utf-8"))
    return tuple(
        (code, tuple((x / 100, y / 100) for x, y in zip(ring[::2], ring[1::2], strict=True))) for code, ring in found
    )


def _country(row: dict[str, str]) -> Country:
    return Country(row["code"], row["name"], float(row["longitude"]), float(row["latitude"]))


@functools.cache
def _names() -> dict[str, Country]:
    found: dict[str, Country] = {}
    for row in _rows():
        for name in (row["name"], row["code"], *row["also"].split(";")):
            if name:
                found[_plain(name)] = _country(row)
    return found


def _rows() -> list[dict[str, str]]:
    with (FOLDER / "countries.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _plain(text: str) -> str:
    """Small letters and digits, words apart by a blank."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "").replace("'", "").casefold())
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    return _NO_LETTERS.sub(" ", bare).strip().removeprefix("the ")
