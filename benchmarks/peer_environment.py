"""An environment of its own for each peer that a benchmark is run beside."""

import subprocess
import venv
from pathlib import Path


def environment(folder: Path, requirement: str) -> Path | None:
    """The Python of an environment in `folder` with the requirement in it, made at the first call; None if it cannot be."""
    python, done = folder.absolute() / "bin" / "python", folder / "installed"
    if done.is_file() and done.read_text(encoding="utf-8") == requirement:
        return python
    venv.create(folder, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", *requirement.split()]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    done.write_text(requirement, encoding="utf-8")
    return python
