"""A world map: countries shaded by a count that is printed beside them, small ones as dots, and the list of all below.

The projection is Equal Earth, whose areas are true. Lengths in mm, sizes in pt; longitudes and latitudes in degrees.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scoping import countries
from scoping.countries import Country
from scoping.drawing import fonts, style
from scoping.drawing.frame import (
    Chart,
    Key,
    Words,
    finish,
    left_out,
    legend,
    legend_height,
    note,
    nothing,
    notice_height,
)
from scoping.drawing.page import Page

EDGE = 1.0
LAND, SHORE = "#E4E4E4", "#FFFFFF"
SOUTH, NORTH = -56.0, 84.0  # what is drawn; nobody lives beyond
VISIBLE = 2.4  # a country that is drawn less wide and high than this gets a dot
DOT = 1.0  # radius of a dot
PAD = 0.5  # between a number and what stands around it
ENTRY, STEP = 42.0, 3.6  # least width of an entry of the list; distance of lines
_A = (1.340264, -0.081106, 0.000893, 0.003796)  # of Šavrič, Patterson and Jenny, 2018


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place lies on the plane, north upwards; x from -2.7066 to 2.7066."""
    angle = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    a, b, c, d = _A
    down = 9 * d * angle**8 + 7 * c * angle**6 + 3 * b * angle**2 + a
    x = 2 * math.sqrt(3) / 3 * math.radians(longitude) * math.cos(angle) / down
    return x, d * angle**9 + c * angle**7 + b * angle**3 + a * angle


HALF = equal_earth(180, 0)[0]


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            min(self.right, other.right) > max(self.left, other.left)
            and min(self.bottom, other.bottom) > max(self.top, other.top)
        )  # fmt: skip


@dataclass
class _Map:
    """Where the map stands on the page, and what has been put onto it."""

    top: float
    width: float
    taken: list[_Box] = field(default_factory=list)

    @property
    def unit(self) -> float:
        return self.width / (2 * HALF)

    @property
    def height(self) -> float:
        return (equal_earth(0, NORTH)[1] - equal_earth(0, SOUTH)[1]) * self.unit

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = equal_earth(longitude, min(max(latitude, SOUTH), NORTH))
        return EDGE + (x + HALF) * self.unit, self.top + (equal_earth(0, NORTH)[1] - y) * self.unit


def world_map(counts: Mapping[str, int], placeless: Sequence[tuple[str, int]], words: Words, *, many: str) -> Chart:
    """`counts`: code of a country -> how many; `placeless`: what names no country, with its count; `many`: the unit.

    Every count stands in the list below the map, the highest first, and on the map where there is room beside its country.
    """
    if not counts and not placeless:
        return nothing(words)
    table = countries.table()
    ranked = sorted(((table[code], n) for code, n in counts.items() if n), key=lambda each: (-each[1], each[0].name))
    room = words.preset.page - 2 * EDGE
    keys = [Key(f"{many}, counted beside the country; darker: more", style.shade(0.6)[0]), Key(f"no {many}", LAND)]
    place = _Map(EDGE + legend_height(keys, room) + 1.5, room)
    foot = place.top + place.height + 2.5
    rest = _placeless(placeless)
    spare = EDGE + sum(notice_height(text, room) for text in (rest, "more", words.notice))
    rows, columns = _rows(ranked, room, words.preset.tall - foot - spare)
    more = left_out(len(ranked) - min(len(ranked), rows * columns), "countries")
    remarks = [text for text in (more, rest) if text]
    below = sum(notice_height(text, room) for text in remarks)
    height = foot + rows * STEP + below + EDGE + notice_height(words.notice, room)
    with style.house(words.preset):
        page = Page(
            words.preset.page, height, title=words.title, alt=_sentence(ranked, rest, words, many), preset=words.preset
        )  # fmt: skip
        legend(page, keys, EDGE, EDGE, room)
        _draw_map(page, place, dict(ranked))
        _draw_list(page, ranked[: rows * columns], foot, rows, columns, room)
        y = foot + rows * STEP
        for text in remarks:
            note(page, EDGE, y, text, room)
            y += notice_height(text, room)
        return finish(page, words.name, words.caption, words.notice, EDGE)


def _draw_map(page: Page, place: _Map, counts: Mapping[Country, int]) -> None:
    """The land, then the countries that are counted, then dots for the small ones and the numbers."""
    most = max(counts.values(), default=1)
    by_code = {country.code: country for country in counts}
    large: dict[Country, _Box] = {}
    for code, outline in countries.shapes():
        points = [place.at(*point) for point in outline]
        country = by_code.get(code)
        if country:
            page.outline(points, fill=_shade(counts[country], most)[0], edge=style.INK, line=0.35)
            around = _around(points)
            if country not in large and min(around.right - around.left, around.bottom - around.top) >= VISIBLE:
                large[country] = around
        else:
            page.outline(points, fill=LAND, edge=SHORE, line=0.25)
    for country, n in counts.items():
        x, y = place.at(country.longitude, country.latitude)
        if country not in large:
            page.circle(x, y, DOT, fill=_shade(n, most)[0], edge=style.INK, line=0.5)
        reach = DOT if country not in large else 0.3
        place.taken.append(_Box(x - reach, y - reach, x + reach, y + reach))
    for number, (country, n) in enumerate(counts.items()):
        _draw_number(page, place, country, n, number, large.get(country))


def _shade(n: int, most: int) -> tuple[str, str]:
    return style.shade(0.25 + 0.75 * math.sqrt(n / most))


def _around(points: Sequence[tuple[float, float]]) -> _Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return _Box(min(xs), min(ys), max(xs), max(ys))


def _draw_number(page: Page, place: _Map, country: Country, n: int, own: int, around: _Box | None) -> None:
    """On the country if it is large, or at a side of it where nothing else stands, on white; nowhere if all are taken.

    `around` is the country's largest piece of land; None for a dot.
    """
    text = f"{n:,}"
    wide, high = fonts.width(text, style.SMALL) + 2 * PAD, 0.72 * style.SMALL * fonts.MM_PER_PT + 2 * PAD
    x, y = place.at(country.longitude, country.latitude)
    around = around or _Box(x - DOT, y - DOT, x + DOT, y + DOT)
    holds = around.right - around.left > 2 * wide and around.bottom - around.top > 2 * high
    turns = [(0.0, 0.0)] if holds else []
    for far in (0.2, 1.2, 2.4):
        dx, dy = wide / 2 + (around.right - around.left) / 2 + far, high / 2 + (around.bottom - around.top) / 2 + far
        turns += [(dx, 0.0), (-dx, 0.0), (0.0, -dy), (0.0, dy), (dx, -dy), (-dx, -dy), (dx, dy), (-dx, dy)]
    if not holds:
        x, y = (around.left + around.right) / 2, (around.top + around.bottom) / 2
    others = [box for at, box in enumerate(place.taken) if at != own]
    for right, down in turns:
        box = _Box(x + right - wide / 2, y + down - high / 2, x + right + wide / 2, y + down + high / 2)
        inside = box.left >= EDGE and box.right <= EDGE + place.width and box.top >= place.top
        if inside and not any(box.meets(other) for other in others):
            page.rectangle(box.left, box.top, wide, high, fill="#FFFFFF", radius=0.4, above=True)
            page.text((box.left + box.right) / 2, box.bottom - PAD, text, pt=style.SMALL, anchor="middle")
            place.taken.append(box)
            return


def _rows(ranked: Sequence[tuple[Country, int]], room: float, high: float) -> tuple[int, int]:
    """Rows and columns of the list, filled column by column; as many rows as the page has room for."""
    widest = max((_entry(country, n) for country, n in ranked), default=0.0)
    columns = max(1, int((room + 4.0) // max(ENTRY, widest + 4.0)))
    return min(-(-len(ranked) // columns), max(1, int(high // STEP))), columns


def _entry(country: Country, n: int) -> float:
    return fonts.width(f"{country.name} {n:,}", style.SMALL) + 2.0


def _draw_list(
    page: Page, ranked: Sequence[tuple[Country, int]], top: float, rows: int, columns: int, room: float
) -> None:  # fmt: skip
    wide = (room + 4.0) / columns
    for at, (country, n) in enumerate(ranked):
        x, y = EDGE + at // rows * wide, top + (at % rows + 0.75) * STEP
        name, number = fonts.clean(country.name), f"{n:,}"
        end = x + wide - 4.0
        page.text(x, y, name, pt=style.SMALL)
        page.text(end, y, number, pt=style.SMALL, anchor="end")
        first, last = x + fonts.width(name, style.SMALL) + 1.0, end - fonts.width(number, style.SMALL) - 1.0
        if last > first:
            page.line([(first, y - 0.1), (last, y - 0.1)], colour=style.RULE, line=0.5, dash=(0, (1, 2)))


def _placeless(placeless: Sequence[tuple[str, int]]) -> str:
    said = "; ".join(f"{label} {n:,}" for label, n in placeless if n)
    return f"Not placed on the map: {said}." if said else ""


def _sentence(ranked: Sequence[tuple[Country, int]], rest: str, words: Words, many: str) -> str:
    said = "; ".join(f"{country.name} {n:,}" for country, n in ranked)
    start = f"{words.title}. World map of {len(ranked):,} countries with {many}"
    return f"{start}{': ' if said else ''}{said}.{f' {rest}' if rest else ''}"
