"""Reader of tables: comma, semicolon or tab, with a header row somewhere in the first lines.

The rows are cut here and not by the `csv` module, which keeps no offsets and joins everything behind a quote that is
never closed.
"""

import re
from collections.abc import Iterable

from scoping.readers import markers
from scoping.readers.columns import field_of, header_score, plain
from scoping.readers.model import Aside, Draft, Found
from scoping.readers.source import BLANK, Known, Source

UNCLOSED = "quote not closed"
_SEARCHED_LINES = 40
_RESYNC_LINES = 200
_RESYNC_SPAN = 200_000
_LONGEST_HEADER = 20_000
_LEAST_SCORE = 2
_DECLARED_SCORE = 1000
_WIDE = 4
_IDENTIFYING = frozenset(
    {"title", "doi", "pmid", "accession", "eid", "wos", "central", "embase", "lens", "openalex", "eric"}
)
_NOWHERE = (0, 0)
_FUNDING = "Funding Text 1"
# no possessive quantifiers: Python before 3.11.5 matches them wrongly
_CELLS, _CELLS_UNCLOSED = (
    {
        mark: re.compile(
            rf'(?:=?"(?P<quoted>{quoted.format(mark=mark, inside=inside)})"[ ]*|(?P<plain>[^{mark}\r\n]*))'
            rf"(?P<end>{mark}|\r\n|\n|\r|\Z)"
        )
        for mark, inside in ((",", ""), (";", ""), ("\t", "\t"))
    }
    for quoted in (
        r'[^"{inside}]*(?:(?:""|"(?!"|[ ]*(?:{mark}|\r|\n|\Z)))[^"{inside}]*)*',
        r'(?:"")*',  # where it is known that no quote closes, but for the one beside it
    )
)


def find_header(source: Source, before: int = _SEARCHED_LINES, columns: Iterable[str] = ()) -> tuple[int, str] | None:
    """Line index and delimiter of the row that looks most like a header, among the first lines of the file.

    `columns` are names that a person has declared: the row that has them all is the header.
    """
    best: tuple[int, int, str] | None = None
    wanted = {plain(name) for name in columns}
    for index, (start, end) in enumerate(source.lines[: min(before, _SEARCHED_LINES)]):
        if end - start > _LONGEST_HEADER:
            continue
        for delimiter in _CELLS:
            if delimiter not in source.text[start:end]:
                continue
            cells, _, _ = _row(source.text, start, end, delimiter)
            score = header_score(cells)
            if wanted and wanted <= {plain(cell) for cell in cells}:
                score += _DECLARED_SCORE
            if score >= _LEAST_SCORE and (best is None or score > best[0]):
                best = (score, index, delimiter)
    return None if best is None else (best[1], best[2])


def _row(text: str, start: int, limit: int, delimiter: str) -> tuple[list[str], int, bool]:
    """Cells of a row, where it ends (without the line end), and whether a quote in it was never closed."""
    cells, end, broken, _ = _cells(text, start, limit, delimiter, _NOWHERE)
    return cells, end, broken


def _cells(
    text: str, start: int, limit: int, delimiter: str, unclosed: tuple[int, int]
) -> tuple[list[str], int, bool, tuple[int, int]]:
    """As `_row`, and the span within which no quote that opens is closed.

    Where one quote was followed in vain, a later one within that span need not be: a row of a million such cells, or a
    million such rows, would else be read a million times to the end.
    """
    cells: list[str] = []
    position, broken = start, False
    while True:
        pattern = _CELLS_UNCLOSED if unclosed[0] <= position < unclosed[1] else _CELLS
        match = pattern[delimiter].match(text, position, limit)
        if match is None:  # pragma: no cover - the plain alternative always matches
            return cells, position, True, unclosed
        quoted, end = match["quoted"], match["end"]
        if quoted is None:
            cell = match["plain"]
            opened = cell.startswith(('"', '="'))
            if opened and pattern is _CELLS:
                stop = text.find(delimiter, position, limit) if delimiter == "\t" else -1
                unclosed = (position, limit if stop < 0 else stop)
            broken = broken or (delimiter != "\t" and opened)
            cells.append(cell)
        else:
            cell = quoted.replace('""', '"')
            # a quote that stands alone in a value of several lines may have opened a cell of a later row
            broken = broken or (
                delimiter != "\t" and "\n" in quoted and quoted.count('"') != 2 * (len(quoted) - len(cell))
            )
            cells.append(cell)
        if end != delimiter:
            return cells, match.start("end"), broken, unclosed
        position = match.end()


def read_table(source: Source, columns: Iterable[str] = ()) -> Found:
    """Every row below the header that has something in it."""
    known, text = source.piece.known, source.text
    asides: list[Aside] = []
    if known and not source.piece.first:
        delimiter, written, below = known.delimiter, known.header, 0
        header, _, _ = _row(written, 0, len(written), delimiter)
    else:
        place = find_header(source, columns=columns)
        if place is None:
            return Found([], 0)
        index, delimiter = place
        start = source.starts[index]
        header, here, _ = _row(text, start, len(text), delimiter)
        written, below = text[start:here], _after_line(source, here)
        asides.append(_aside(text, start, here, "header", "the header row"))
    names = tuple(cell.strip(BLANK + "\ufeff") for cell in header)
    drafts, unclosed = list[Draft](), _NOWHERE
    position, end = below, len(text.rstrip(BLANK)) if source.piece.last else len(text) + 1
    while position < len(text):
        cells, stop, broken, unclosed = _cells(text, position, len(text), delimiter, unclosed)
        if broken or (len(cells) < len(names) and source.row_at(stop) > source.row_at(position)):
            cells, stop, broken = _mended(source, position, stop, broken, len(names), delimiter)
        if why := _no_entry(names, cells, last=stop >= end):
            asides.append(_aside(text, position, stop, *why))
        elif any(cell.strip(BLANK) for cell in cells):
            drafts.append(_draft(text, position, stop, names, cells, broken=broken))
        elif text[position:stop].strip(BLANK):
            asides.append(_aside(text, position, stop, "empty-row", "a row without anything in it"))
        position = _after_line(source, stop)
    counted = markers.table(text[below:], delimiter, written.strip("\ufeff \t"), sections=_has_sections(names))
    return Found(drafts, counted, tuple(asides), names)


def header_names(source: Source, columns: Iterable[str] = ()) -> tuple[str, ...]:
    """The names in the header row."""
    place = find_header(source, columns=columns)
    if place is None:
        return ()
    header, _, _ = _row(source.text, source.starts[place[0]], len(source.text), place[1])
    return tuple(cell.strip(BLANK + "\ufeff") for cell in header)


def known_header(source: Source, columns: Iterable[str] = ()) -> tuple[Known, int] | None:
    """What the pieces of a table have to know of its header, and where the rows below it begin."""
    place = find_header(source, columns=columns)
    if place is None:
        return None
    start = source.starts[place[0]]
    _, here, _ = _row(source.text, start, len(source.text), place[1])
    return Known(header=source.text[start:here], delimiter=place[1]), _after_line(source, here)


def width(known: Known) -> int:
    """How many columns a table has."""
    written = known.header.rstrip(BLANK)
    return len(_row(written, 0, len(written), known.delimiter)[0])


def is_whole_row(text: str, position: int, delimiter: str, columns: int) -> bool:
    """Whether a line is a row with a cell for each column, as far as can be seen without what stands before it."""
    cells, _, broken = _row(text, position, min(len(text), position + _RESYNC_SPAN), delimiter)
    return len(cells) >= columns and not broken


def _no_entry(names: tuple[str, ...], cells: list[str], *, last: bool) -> tuple[str, str] | None:
    """Code and message of a row that only repeats the header, or says what the rows below it are."""
    if tuple(cell.strip(BLANK + "\ufeff") for cell in cells) == names:
        return "header", "the header row once more"
    if _has_sections(names) and len(cells) == 1 and cells[0].strip(BLANK) and not last:
        return "section", "a row of one cell, which says what the rows below it are"
    return None


def _has_sections(names: tuple[str, ...]) -> bool:
    """Whether a row of one cell can be no entry: the first column of a wide table holds nothing that identifies one."""
    place = field_of(names[0]) if names else None
    return len(names) >= _WIDE and (place is None or place[0] not in _IDENTIFYING)


def _fitted(names: tuple[str, ...], cells: list[str]) -> tuple[str, ...]:
    """The header as it fits a row: Scopus gives a second funding text a cell, but not always a column."""
    extra = len(cells) - len(names)
    if extra > 0 and _FUNDING in names and cells[-1].startswith("2-s2.0-"):
        place = names.index(_FUNDING) + 1
        return (*names[:place], *[_FUNDING] * extra, *names[place:])
    return names


def _draft(text: str, start: int, stop: int, header: tuple[str, ...], cells: list[str], *, broken: bool) -> Draft:
    names = _fitted(header, cells)
    tags = [
        (names[place] if place < len(names) else f"column {place + 1}", cell.strip(BLANK))
        for place, cell in enumerate(cells)
        if cell.strip(BLANK)
    ]
    problems = [UNCLOSED] if broken else []
    filled = max(place for place, cell in enumerate(cells) if cell.strip(BLANK)) + 1
    if filled > len(header) or len(cells) < len(header):
        problems.append(f"{len(cells)} cells below a header of {len(header)}")
    return Draft(start, start + len(text[start:stop].rstrip(BLANK)), "", tags, problems)


def _mended(
    source: Source, start: int, stop: int, broken: bool, width: int, delimiter: str
) -> tuple[list[str], int, bool]:
    """A row in which a quote is not closed, or closed rows later: it ends before the next line that is a whole row."""
    text = source.text
    found = _resync(source, start, len(text) if broken else stop, width, delimiter)
    if not broken and found is None:
        cells, _, _ = _row(text, start, len(text), delimiter)
        return cells, stop, False
    stop = len(text) if found is None else found
    cells, here, _ = _row(text, start, stop, delimiter)
    if here < stop:
        cells[-1] = f"{cells[-1]}{text[here:stop]}"
    return cells, stop, True


def _resync(source: Source, start: int, limit: int, width: int, delimiter: str) -> int | None:
    """The end of the line before the next line, up to a limit, that is a whole row."""
    text, first = source.text, source.row_at(start) + 1
    for begin, end in source.lines[first : first + _RESYNC_LINES]:
        if begin > limit:
            return None
        if text.count(delimiter, begin, end) + 1 < width:
            continue
        cells, _, broken = _row(text, begin, min(len(text), begin + _RESYNC_SPAN), delimiter)
        if len(cells) == width and not broken:
            return source.lines[source.row_at(begin) - 1][1]
    return None


def _after_line(source: Source, position: int) -> int:
    """The beginning of the line after the one that ends at a position."""
    line = source.row_at(position) + 1
    return source.lines[line][0] if line < len(source.lines) else len(source.text)


def _aside(text: str, start: int, stop: int, code: str, message: str) -> Aside:
    return Aside(start, start + len(text[start:stop].rstrip(BLANK)), code, message)
