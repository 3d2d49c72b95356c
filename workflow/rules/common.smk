"""What all rules share: where things lie, the protocol, the keys of the folders people work in, the run lock."""

import json
import sys
from pathlib import Path

from scoping import codebook as codebooks
from scoping import config as protocol
from scoping import (
    exports,
    folder,
    imports,
    interviews,
    ledger,
    migration_steps,
    preflight,
    previous,
    prior,
    title_stage,
)
from scoping.errors import ScopingError
from scoping.fingerprint import fingerprint
from scoping.schemas import CODED, OPTIONAL
from scoping.schemas import STAGES as ALL_STAGES

RAW, OUT, REPORTS = "data/raw", "data/processed", "reports"
FORMS = ("csv", "xlsx", "docx", "html", "tex")

preflight.own_programs_first()

try:
    preflight.check(Path.cwd(), overrides=config)
    if workflow.is_main_process:  # before anything is looked at
        _run_lock = ledger.only_run(Path(RAW, "ledger"), Path(OUT), Path(REPORTS))
        preflight.warn_if_memory_lost(Path.cwd())
    REVIEW = protocol.load(Path("config/review.yaml"))
    CODEBOOK = codebooks.load(Path("config/codebook.yaml"))
    CODES = codebooks.settings(CODEBOOK)
    STEPS = migration_steps.load(Path("config/migrations"), CODEBOOK)
    MIGRATIONS = migration_steps.settings(STEPS)
    if REVIEW.previous:
        previous.read(previous.FILE, REVIEW.previous)
    PRIOR = [str(path) for path in prior.paths(REVIEW.ranking.prior)]
    CLAIMS = exports.claims(REVIEW.sources, exports.names(Path(RAW, "exports")))
    # the same before and after the run, see scoping/folder.py
    EVENTS = ledger.read_events(Path(RAW, "ledger"))
    title_stage.check(EVENTS, named=REVIEW.stages.title is not None)
    migration_steps.check(
        STEPS,
        CODEBOOK.version,
        (
            sheet.version
            for stage in CODED
            for sheet in folder.issued(folder.of_stage(EVENTS, stage)).values()
        ),
        Path("config/migrations"),
    )
    TRANSCRIPTS = {
        exports.slug(name): name
        for name in interviews.claims(
            REVIEW.interviews,
            exports.names(Path(RAW, "interviews")),
            named=REVIEW.stages.interviews is not None,
            issued=bool(folder.of_stage(EVENTS, "interviews")),
        )
    }
    # an optional stage that the protocol names no more goes on counting what people answered there
    STAGES = [
        stage
        for stage in ALL_STAGES
        if stage not in OPTIONAL
        or getattr(REVIEW.stages, stage) is not None
        or folder.of_stage(EVENTS, stage)
    ]
    TOLD = {
        stage: imports.told(
            REVIEW.sources,
            CLAIMS,
            stage,
            lambda name: preflight.content(Path(RAW, "exports", name)),
        )
        for stage in STAGES
    }
    KEYS = {
        stage: imports.key(
            folder.key(
                folder.of_stage(EVENTS, stage),
                folder.hashes(Path(RAW, "sheets", stage)),
            ),
            folder.of_stage(EVENTS, stage),
            TOLD[stage],
        )
        for stage in STAGES
    }
except ScopingError as error:
    sys.exit(str(error))

EXPORTS = {exports.slug(name): name for name in CLAIMS}
FULLTEXTS = {exports.slug(name): name for name in exports.names(Path(RAW, "fulltext"))}
PREVIOUS = [str(previous.FILE)] if REVIEW.previous else []
PEOPLES_FILES = preflight.peoples_files(Path.cwd())
RECEIPTS = [f"{OUT}/collected/{stage}-{KEYS[stage]}" for stage in STAGES]
if workflow.is_main_process:
    for stage, receipt in zip(STAGES, RECEIPTS):
        ledger.check_receipt(Path(receipt), folder.of_stage(EVENTS, stage))


def settings(command):
    """The sections of the protocol that a command depends on: what is tracked is what is passed."""
    return protocol.settings(REVIEW, command)


def content(*parts):
    """The hash of a file in data/raw: a change shows whatever the date of the file says."""
    return f"sha256:{preflight.content(Path(RAW, *parts))}"


def of_stage(stage, path):
    """A file, or none where the review has no such stage."""
    return [path] if stage in STAGES else []


TITLES = of_stage("title", f"{OUT}/title/states.csv")


def option(name):
    """`--name=file` for an input of this name, which may be none."""
    return lambda wildcards, input: [f"--{name}={path}" for path in input[name]]


wildcard_constraints:
    export="|".join(EXPORTS) or "none",
    text="|".join(FULLTEXTS) or "none",
    transcript="|".join(TRANSCRIPTS) or "none",
    stage="|".join(STAGES),
    key="[0-9a-f]{16}",


localrules:
    all,
    resolve_title_abstract,
    rank,
    resolve_full_text,
    match,
    studies,
    issue_duplicates,
    issue_title_abstract,
    issue_full_text,
    issue_coding,
    flow,
    map,
    manuscript,
    supplement,
    front,
    progress,
    manifest,
    enforce,
