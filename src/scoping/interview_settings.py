"""What the protocol says of each interview: its id, its transcript, who was interviewed and when."""

from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from scoping.strict_model import MAY_BE_NULL, Day, Name, Problem, Strict, Text, repeats, words_of, wrong


def _inside(name: str) -> str:
    """Transcripts lie within data/raw/interviews on every system."""
    windows = PureWindowsPath(name)
    outside = PurePosixPath(name).is_absolute() or windows.drive or windows.root or ".." in name.split("/")
    if outside or "\\" in name or "\n" in name or "\t" in name:
        raise wrong("name a file within data/raw/interviews, with / between folders and without ..")
    return name


class Interview(Strict):
    """One interview, which is coded as a whole."""

    id: Name = Field(
        description="A short id. Answers hang on it, never on the file: mend the transcript, but keep the id."
    )
    file: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_inside)] = Field(
        description="The transcript, a file within `data/raw/interviews`: PDF, .docx, .html or plain text."
    )
    title: Text = Field(description="What the interview is called on sheets and in tables.")
    role: str = Field(default="", description="The role of the person interviewed; no name is needed.")
    date: Annotated[Day | None, MAY_BE_NULL] = Field(default=None, description="The day of the interview.")


def problems(review: Mapping[str, Any]) -> list[Problem]:
    """Ids and files that two interviews share, and interviews that no stage codes."""
    found: list[Problem] = []
    for key in ("id", "file"):
        found += repeats(words_of(review, "interviews", key), "interviews", key)
    stages = review.get("stages")
    named = isinstance(stages, Mapping) and stages.get("interviews") not in (None, "", "~", "null")
    if review.get("interviews") and not named:
        found.append((("interviews",), "nobody codes these interviews; name who does in stages.interviews"))
    return found
