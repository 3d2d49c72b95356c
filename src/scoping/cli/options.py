"""What several commands take: paths, the settings of the review, the codebook."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scoping.codebook import Codebook
    from scoping.config import Review
    from scoping.migration_steps import Migration

PATH = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
REVIEW = Path("config/review.yaml")
CODEBOOK = Path("config/codebook.yaml")
MIGRATIONS = Path("config/migrations")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def source(name: str, text: str, **more: Any) -> Decorator:
    """A file that the command reads."""
    return click.option(f"--{name}", type=FILE, required=True, help=text, **more)


def target(name: str, text: str) -> Decorator:
    """A file that the command writes."""
    return click.option(f"--{name}", type=PATH, required=True, help=text)


def settings_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--settings`: the sections of the protocol that the command depends on, as JSON."""
    text = "The sections of the protocol that this command depends on, as JSON  [default: from config/review.yaml]"
    return click.option("--settings", help=text)(function)


def codebook_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--codebook`: the codebook as JSON."""
    return click.option("--codebook", help="The codebook as JSON  [default: from config/codebook.yaml]")(function)


def migrations_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--migrations`: what changed between the versions of the codebook, as JSON."""
    text = "What changed between the versions of the codebook, as JSON  [default: from config/migrations]"
    return click.option("--migrations", help=text)(function)


def stage_option(*stages: str) -> Decorator:
    """`--stage`: one of some stages."""
    return click.option("--stage", type=click.Choice(stages), required=True, help="The stage.")


def review(command: str, settings: str | None) -> "Review":
    """What the command may know of the protocol."""
    from scoping import config

    return config.from_settings(settings or config.settings(config.load(REVIEW), command))


def codes(text: str | None, stage: str = "coding") -> "Codebook":
    """The codebook as a stage that is coded is asked it."""
    from scoping import codebook

    whole = codebook.from_settings(text) if text else codebook.load(CODEBOOK)
    return codebook.of_stream(whole, codebook.STREAMS[stage])


def steps(text: str | None, book: "Codebook", versions: Iterable[int]) -> "tuple[Migration, ...]":
    """The steps between the versions of the codebook; an error where answers of some versions are left behind."""
    from scoping import codebook, migration_steps

    # a step may speak of codes of another stream
    found = migration_steps.from_settings(text) if text else migration_steps.load(MIGRATIONS, codebook.load(CODEBOOK))
    migration_steps.check(found, book.version, versions, MIGRATIONS)
    return found
