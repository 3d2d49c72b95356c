"""Is a quote in a text? Usable without a review."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import given
from scoping.cli.options import FILE

if TYPE_CHECKING:
    from scoping.quotes import Found

ORDER = {"verbatim": 2, "near": 1, "missing": 0}


@click.command("check", short_help="Say whether quotes stand in texts, and where.")
@click.argument("texts", type=FILE, nargs=-1, required=True)
@click.option("--quote", "typed", multiple=True, help="A quote to look for; may be given several times.")
@click.option("--quotes", "table", type=FILE, help="A CSV with a column 'quote', one quote a row.")
def command(texts: tuple[Path, ...], typed: tuple[str, ...], table: Path | None) -> None:
    """Say of each quote whether it stands in the texts: verbatim, near or missing, with page and passage.

    TEXTS are PDF or plain-text files, or what `scoping extract` wrote; a quote counts if it stands in any of them. Ends
    with 1 if any quote is missing.
    """
    wanted = [("", quote) for quote in typed]
    if table:
        wanted += list(_of_table(table))
    if not wanted:
        raise click.UsageError("give at least one --quote, or --quotes FILE")
    pages = {path: given.pages(path) for path in texts}
    count: Counter[str] = Counter()
    for place, quote in wanted:
        path, found = _best(quote, pages)
        count[found.verdict] += 1
        click.echo(f"{found.verdict.upper()}{place and f' ({place})'}: {' '.join(quote.split())}")
        for line in _shown(path, found, pages[path]):
            click.echo(f"    {line}")
    said = ", ".join(f"{count[verdict]} {verdict}" for verdict in ORDER)
    click.echo(f"{said}: {len(wanted)} quotes in {len(texts)} texts")
    if count["missing"]:
        raise SystemExit(1)


def _of_table(path: Path) -> Iterator[tuple[str, str]]:
    """Place and text of each quote of a CSV."""
    from scoping.errors import ScopingError

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScopingError("is not UTF-8", path=path, do="save it as CSV UTF-8") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().casefold() for name in next(rows, [])]
        if header.count("quote") != 1:
            do = "name the column with the quotes 'quote' (and divide columns by commas)"
            raise ScopingError("has no column 'quote', or several", path=path, at=1, do=do)
        column = header.index("quote")
        for number, row in enumerate(rows, 2):
            if any(cell.strip() for cell in row):
                yield f"row {number}", row[column] if column < len(row) else ""
    except csv.Error as error:
        raise ScopingError(f"is no CSV: {error}", path=path, at=rows.line_num, do="save it as CSV UTF-8") from None


def _best(quote: str, pages: Mapping[Path, tuple[str, ...]]) -> tuple[Path, "Found"]:
    """The text in which a quote stands best, and how."""
    from scoping import quotes

    found = [(path, quotes.find(quote, text)) for path, text in pages.items()]
    return max(found, key=lambda item: (ORDER[item[1].verdict], item[1].score))


def _shown(path: Path, found: "Found", pages: tuple[str, ...]) -> Iterator[str]:
    from scoping import quotes

    closest = "closest: " if found.verdict == "missing" else ""
    if found.page:
        passage = " ".join(quotes.shown(found, pages).split())
        yield f"{closest}{path}, page {found.page} ({found.start}-{found.end}): {passage}"
    if found.why:
        yield found.why
