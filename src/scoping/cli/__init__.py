"""`scoping`: one command a stage. A command reads files, calls one function, writes files and logs what it counted."""

import gc
import importlib
import logging
import sys
from pathlib import Path

import click

from scoping import __version__
from scoping.errors import ScopingError

COMMANDS = {
    "ingest": "Read one exported file into entries, issues and a receipt.",
    "collect": "Read the sheets of a stage and keep what people decided.",
    "dedupe": "Join entries of the same report into records.",
    "recheck": "Draw pairs for people to check, and say how exact de-duplication was.",
    "resolve": "Give each record its state at a stage.",
    "rank": "Order the records that nobody has decided yet.",
    "issue": "Lay out the sheets that are due.",
    "extract": "Read the text of one full-text file.",
    "match": "Match full texts to reports.",
    "studies": "Find reports of one study, and give each its study.",
    "code": "Settle the codes of included studies; check quotes, suggest passages.",
    "suggest": "Suggest passages for the codes of included reports.",
    "interviews": "Settle the codes of transcripts, and say what the interviews say.",
    "flow": "Count and draw the PRISMA flow diagram.",
    "synthesise": "Write tables and figures of the included studies.",
    "map": "Write the evidence map, a page on which readers cross codes and open what is behind each number.",
    "references": "Write the reference lists of the included reports, and their RIS and BibTeX.",
    "agree": "Say how far people agreed before anything was reconciled.",
    "quotes": "Write every quote with its verdict.",
    "suggested": "Say what became of suggestions, and how much they sway people.",
    "describe": "Write the methods section, the automation statement and the checklists.",
    "manuscript": "Write one document of methods, tables, figures and references.",
    "supplement": "Write the supplement of the paper: more tables and figures, data, codebook.",
    "health": "Say how screening goes: recall, what may be left, labels to look at again.",
    "progress": "Write the page on which everybody sees how far the work is.",
    "front": "Write the front page of the review.",
    "manifest": "Write the hashes of all inputs and outputs, and all versions.",
    "enforce": "End with an error where the protocol demands it.",
    "status": "Say where the review stands and what to do next.",
    "explain": "Tell the whole way of a record; of two, why they were merged or were not.",
    "sheets": "Look at a sheet before it is sent back.",
    "ledger": "Tell the history of a record; check that the ledger is whole.",
    "export": "Write the decisions for other programs.",
    "zotero": "Take items and files from a Zotero library, and write decisions back as tags.",
    "simulate": "Replay finished reviews: what ordering by the model would have saved.",
}
READ_ONLY = {"status", "explain", "sheets", "ledger", "export", "code", "zotero", "simulate"}
"""Commands that no run has to wait for: they write no table (or, as `code`, see to the lock themselves)."""
LEDGER = Path("data/raw/ledger")
COLLECTED = 1_000_000, 50, 50
"""After how many new objects cycles are looked for: tables are many objects and no cycle. Sixty figures cost 70 MB so."""


class _Stages(click.Group):
    """The commands, each imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click gives it
        """All commands in the order of a review."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"scoping.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """One line a command, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Stages, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="scoping")
@click.pass_context
def group(context: click.Context) -> None:
    """Systematic scoping reviews, from exports to PRISMA.

    In the folder of a review, `snakemake --cores 4` runs every stage that is due; each command below runs one stage.
    """
    logging.basicConfig(level="WARNING", stream=sys.stderr, format="%(message)s", force=True)
    logging.getLogger("scoping").setLevel("INFO")
    if context.invoked_subcommand not in READ_ONLY and not {"-h", "--help", "--explain"} & set(sys.argv):
        from scoping import ledger

        context.with_resource(ledger.job_lock(LEDGER))


def main() -> None:
    """The entry point: what a person can mend is said in one line, our own bugs keep their traceback."""
    gc.set_threshold(*COLLECTED)
    try:
        group(prog_name="scoping")
    except ScopingError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
