"""What the protocol does not let pass ends the run with an error, after all else was written."""

import logging
from pathlib import Path

import click

from scoping.cli.options import review, settings_option, source, target

log = logging.getLogger(__name__)


@click.command("enforce")
@source("quotes", "Table of quotes.")
@settings_option
@target("receipt", "Receipt to write if nothing is held against the review.")
def command(quotes: Path, settings: str | None, receipt: Path) -> None:
    """End with an error that names each missing quote, if the protocol says `missing_quote: error`."""
    from scoping import coding_schemas, files, quote_report, tables
    from scoping.errors import ScopingError

    missing = quote_report.missing(tables.read(quotes, coding_schemas.QUOTES))
    if missing and review("enforce", settings).stages.coding.missing_quote == "error":
        shown = missing[: quote_report.SHOWN]
        more = (
            [f"… and {len(missing) - len(shown):,} more, see reports/tables/quotes.xlsx"]
            if missing[len(shown) :]
            else []
        )
        raise ScopingError(
            "\n".join([*shown, *more]),
            do="copy each quote from the text again and run again (all else is written, and new sheets are laid out; "
            "stages.coding.missing_quote: warn lets the review go on)",
        )
    files.replace(receipt, f"{len(missing)} quotes are missing\n".encode())
    log.info("enforce: %d quotes are missing", len(missing))
