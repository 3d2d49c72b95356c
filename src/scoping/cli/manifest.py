"""All inputs and outputs -> their hashes."""

import json
import logging
from pathlib import Path

import click

from scoping.cli import LEDGER
from scoping.cli.options import FILE, review, settings_option, target

log = logging.getLogger(__name__)


@click.command("manifest")
@click.argument("outputs", type=FILE, nargs=-1)
@click.option("--inputs", help="Path and SHA-256 of what people wrote, as JSON  [default: from config and data/raw]")
@settings_option
@target("manifest", "File to write (JSON).")
def command(outputs: tuple[Path, ...], inputs: str | None, settings: str | None, manifest: Path) -> None:
    """Write the SHA-256 of every input and output, and all versions."""
    from scoping import __version__, files, folder, ledger, preflight
    from scoping import manifest as manifests
    from scoping.pseudonyms import Pseudonyms

    protocol = review("manifest", settings)
    given: dict[str, str] = json.loads(inputs or preflight.peoples_files(Path.cwd()))["inputs"]
    events = ledger.read_events(LEDGER)
    seen = {sheet.person for sheet in (folder.issued(events) | folder.imported(events)).values()}
    hidden = Pseudonyms.of(protocol.people, seen, anonymous=protocol.report.anonymous)
    text = manifests.manifest(
        title=protocol.title,
        notice=protocol.notice,
        inputs=given,
        outputs=manifests.hashes(outputs),
        events=events,
        hidden=hidden,
        version=__version__,
    )
    files.replace(manifest, text.encode())
    log.info("manifest: %d inputs, %d outputs", len(given), len(outputs))
