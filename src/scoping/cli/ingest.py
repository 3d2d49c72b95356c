"""One exported file -> entries, issues, receipt."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoping.cli.options import FILE, PATH, REVIEW

if TYPE_CHECKING:
    from scoping.ingest import Claim

EXPORTS = Path("data/raw/exports")
log = logging.getLogger(__name__)


@click.command("ingest")
@click.argument("export", type=FILE)
@click.option("--claims", help="The sources the file belongs to, as JSON  [default: from config/review.yaml]")
@click.option("--explain", is_flag=True, help="Write nothing: say what is read from the file, and why.")
@click.option(
    "--threads", type=click.IntRange(1), default=1, show_default=True, help="Processes that read a large file."
)
@click.option("--entries", type=PATH, help="Table of entries to write (parquet).")
@click.option("--issues", type=PATH, help="Table of issues to write.")
@click.option("--receipts", type=PATH, help="Table of receipts to write.")
def command(
    export: Path,
    claims: str | None,
    explain: bool,
    threads: int,
    entries: Path | None,
    issues: Path | None,
    receipts: Path | None,
) -> None:
    """Read one exported file, whatever its name, into entries, issues and a receipt."""
    _check(export)
    if explain:
        _explain(export)
        return
    if entries is None or issues is None or receipts is None:
        raise click.UsageError("name --entries, --issues and --receipts, or ask for --explain")
    from scoping import files, ingest, schemas, tables

    name, claimed = _claimed(export, claims)
    file = ingest.File.of(files.Slices(export), name, claimed)
    found, tally = ingest.table(entries, file, threads=threads)
    tables.write(issues, schemas.ISSUES, tally.issues)
    tables.write(receipts, schemas.RECEIPTS, tally.receipts(file))
    log.info("ingest: %s -> %d entries (%d rejected), %d issues", name, found, len(tally.rejected), len(tally.issues))


def _check(export: Path) -> None:
    """Before the first byte is read: a pipe never ends, and what is too large is refused without reading it."""
    from scoping import exports, readers
    from scoping.errors import ScopingError

    if kind := exports.odd_kind(export):
        raise ScopingError(f"is {kind}", path=str(export), do="put the file itself in its place")
    if (size := export.stat().st_size) > readers.LARGEST:
        what = f"this file has {size:,} bytes, and no export is read beyond {readers.LARGEST:,}"
        raise ScopingError(what, path=str(export), do="split it")


def _claimed(export: Path, claims: str | None) -> "tuple[str, dict[str, Claim]]":
    """The file's name within the exports, and the sources it belongs to."""
    from scoping import exports, ingest

    name = export.relative_to(EXPORTS).as_posix() if export.is_relative_to(EXPORTS) else export.name
    if claims is None:
        from scoping import config

        claims = exports.claim_settings(exports.claims(config.load(REVIEW).sources, exports.names(EXPORTS))[name])
    told = json.loads(claims)["claims"]
    return name, {
        source: ingest.Claim(source, what["reported"], what["encoding"], what.get("columns", {}))
        for source, what in told.items()
    }


def _explain(export: Path) -> None:
    """In a review with what its protocol says of the file, elsewhere by the file alone."""
    from scoping import files, readers
    from scoping.errors import ScopingError
    from scoping.readers import explain

    claimed: dict[str, Claim] = {}
    if REVIEW.is_file() and export.is_relative_to(EXPORTS):
        _, claimed = _claimed(export, None)
    encoding = next((claim.encoding for claim in claimed.values() if claim.encoding), "")
    columns = next((claim.columns for claim in claimed.values() if claim.columns), {})
    try:
        parsed = readers.parse(files.Slices(export), encoding=encoding, columns=columns)
    except ScopingError as error:
        raise ScopingError(error.what, path=str(export), at=error.at, do=error.do) from None
    for line in explain.lines(parsed, columns):
        click.echo(line)
