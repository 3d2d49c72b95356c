"""Which passages of a text to read for which code. Usable without a review."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli import given
from scoping.cli.options import CODEBOOK, FILE

if TYPE_CHECKING:
    from scoping.codebook import Code
    from scoping.suggest import Found, Report

COLUMNS = ["text", "code", "label", "confidence", "page", "start", "end", "quote", "why", "searched"]


@click.command("suggest", short_help="Print the passages that indicators point to.")
@click.argument("texts", type=FILE, nargs=-1, required=True)
@click.option("--codebook", "path", type=FILE, default=CODEBOOK, show_default=True, help="The codebook (YAML).")
@click.option("--code", "wanted", multiple=True, help="Only this code; may be given several times.")
@click.option(
    "--csv", "as_csv", is_flag=True, help="Print a CSV, one row a suggestion; a code without any has one, too."
)
def command(texts: tuple[Path, ...], path: Path, wanted: tuple[str, ...], *, as_csv: bool) -> None:
    """Print, for each text and code, at most three passages that the code's indicators point to, and why.

    TEXTS are PDF or plain-text files, or what `scoping extract` wrote. Each quote is verbatim; offsets count characters
    of the cleaned page. A suggestion decides nothing.
    """
    from scoping import codebook, suggest, tables
    from scoping.errors import ScopingError

    codes = codebook.load(path).codes
    unknown = sorted(set(wanted) - {code.id for code in codes})
    if unknown:
        raise ScopingError(f"has no code {', '.join(unknown)}", path=path, do="write codes as they stand there")
    codes = tuple(code for code in codes if not wanted or code.id in wanted)
    rows: list[dict[str, str]] = []
    for text in texts:
        report = suggest.read(given.pages(text))
        found = [(code, suggest.suggest(code.indicators, report)) for code in codes]
        if as_csv:
            rows += [row for code, what in found for row in _rows(text, code, what)]
        else:
            click.echo("\n".join(_lines(text, report, found)))
    if as_csv:
        click.echo(tables.csv_text(COLUMNS, [{k: tables.guarded(v) for k, v in row.items()} for row in rows]), nl=False)


def _lines(text: Path, report: "Report", found: "list[tuple[Code, Found]]") -> Iterator[str]:
    left = ", ".join(f"{why} {count}" for why, count in report.left_out)
    yield f"{text}: {report.pages} pages, {len(report.passages)} sentences{left and f' (left out: {left})'}"
    for code, what in found:
        yield ""
        yield f"{code.id}  {code.label}"
        for s in what.suggestions:
            yield f"    {s.confidence}, page {s.page} ({s.start}-{s.end}): {' '.join(s.quote.split())}"
            yield f"        {s.why}"
        if not what.suggestions:
            yield f"    {what.searched if code.indicators else 'has no indicators in the codebook'}"


def _rows(text: Path, code: "Code", what: "Found") -> Iterator[dict[str, str]]:
    about = {"text": str(text), "code": code.id, "label": code.label, "searched": what.searched}
    for s in what.suggestions:
        place = {"page": str(s.page), "start": str(s.start), "end": str(s.end)}
        yield {**about, **place, "quote": s.quote, "why": s.why, "confidence": s.confidence}
    if not what.suggestions:
        yield {**dict.fromkeys(COLUMNS, ""), **about}
