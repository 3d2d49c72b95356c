"""What a person can cause and mend. Everything else is a bug of ours and keeps its traceback."""

from collections.abc import Callable
from functools import partial
from pathlib import Path


class ScopingError(Exception):
    """Something a person can put right: where it is, what is wrong, what to do.

    `path` is shown as given (relative to the review folder); `at` is a line number, a cell such as `Screening!B7`,
    or nothing.
    """

    def __init__(self, what: str, *, path: Path | str | None = None, at: int | str | None = None, do: str = "") -> None:
        self.what, self.path, self.at, self.do = what, path, at, do
        super().__init__(str(self))

    def __reduce__(self) -> "tuple[Callable[[], ScopingError], tuple[()]]":
        """From one process to another, whole."""
        return partial(ScopingError, self.what, path=self.path, at=self.at, do=self.do), ()

    def __str__(self) -> str:
        """`path:line: what is wrong; what to do`."""
        place = "" if self.path is None else f"{self.path}:{self.at}: " if self.at is not None else f"{self.path}: "
        return f"{place}{self.what}{f'; {self.do}' if self.do else ''}"
