"""One exported file -> entries, issues, receipt."""

import json
import logging
from pathlib import Path

import click

from scoping.cli.options import FILE, REVIEW, target

EXPORTS = Path("data/raw/exports")
log = logging.getLogger(__name__)


@click.command("ingest")
@click.argument("export", type=FILE)
@click.option("--claims", help="The sources the file belongs to, as JSON  [default: from config/review.yaml]")
@target("entries", "Table of entries to write (parquet).")
@target("issues", "Table of issues to write.")
@target("receipts", "Table of receipts to write.")
def command(export: Path, claims: str | None, entries: Path, issues: Path, receipts: Path) -> None:
    """Read one exported file, whatever its name, into entries, issues and a receipt."""
    from scoping import config, exports, ingest, schemas, tables

    name = export.relative_to(EXPORTS).as_posix() if export.is_relative_to(EXPORTS) else export.name
    if claims is None:
        claims = exports.claim_settings(exports.claims(config.load(REVIEW).sources, exports.names(EXPORTS))[name])
    claimed = {
        source: ingest.Claim(source, what["reported"], what["encoding"])
        for source, what in json.loads(claims)["claims"].items()
    }
    found, remarks, receipt = ingest.ingest(export.read_bytes(), name, claimed)
    tables.write(entries, schemas.ENTRIES, found)
    tables.write(issues, schemas.ISSUES, remarks)
    tables.write(receipts, schemas.RECEIPTS, receipt)
    rejected = sum(row["status"] == "rejected" for row in found)
    log.info("ingest: %s -> %d entries (%d rejected), %d issues", name, len(found), rejected, len(remarks))
