"""The world maps of codes whose values are countries, each with its data: every number with the study ids behind it."""

from collections import defaultdict
from collections.abc import Sequence

from scoping import code_counts, countries
from scoping.code_counts import Answers
from scoping.codebook import Code, Codebook
from scoping.drawing.frame import Chart, Words
from scoping.drawing.world_map import world_map
from scoping.figure_settings import GENERIC, Preset
from scoping.tables import Row


def figures(
    cells: Sequence[Row], codebook: Codebook, notice: str, preset: Preset = GENERIC
) -> list[tuple[Chart, list[Row]]]:
    """One for each code under `figures.maps`; `cells` are those of included reports."""
    answers, by_id = Answers.of(cells), {code.id: code for code in codebook.codes}
    return [_map(answers, by_id[code], notice, preset) for code in codebook.figures.maps]


def _map(answers: Answers, code: Code, notice: str, preset: Preset) -> tuple[Chart, list[Row]]:
    found = {value: ids for value, ids in code_counts.values(answers, code).items() if ids or value in code.values}
    values: dict[str, list[str]] = defaultdict(list)
    for value in found:
        country = countries.find(value)
        values[country.code if country else ""].append(value)
    studies = {
        place: tuple(sorted({id_ for value in mine for id_ in found[value]})) for place, mine in values.items() if place
    }
    words = Words(
        name=f"countries_{code.id}",
        title=f"{code.label}: where the studies are from",
        caption=f"{code.label}. The number of studies beside each country; darker: more; a dot: a country too small to be "
        "seen. A study in several countries counts in each. What names no country, or several, stands below the map. Equal "
        f"Earth projection; borders as in Natural Earth. Studies; n\u00a0=\u00a0{len(answers.studies):,}.",
        empty=code_counts.NO_STUDY,
        notice=notice,
        preset=preset,
    )
    placeless = [(value, len(found[value])) for value in values[""]]
    chart = world_map(
        {place: len(ids) for place, ids in studies.items()} if answers.studies else {},
        placeless if answers.studies else [],
        words,
        many="studies",
    )
    table = countries.table()
    data = [
        {"country": place, "name": table[place].name, "values": "; ".join(values[place]), **code_counts.counted(ids)}
        for place, ids in sorted(studies.items(), key=lambda each: (-len(each[1]), table[each[0]].name))
    ]
    data += [{"country": "", "name": "", "values": value, **code_counts.counted(found[value])} for value in values[""]]
    return chart, data
