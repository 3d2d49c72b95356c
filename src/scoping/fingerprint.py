"""A hash of the code that a command is made of: Snakemake does not see changes inside a package."""

import ast
import hashlib
import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
_MODULE = re.compile(r"scoping(\.\w+)+", re.ASCII)
_PART = re.compile(rb'"([\w/]+\.(?:css|js|json))"')


def _file(module: str) -> Path | None:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _imports(module: str, path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
                base = ".".join([*parts[: len(parts) - node.level + 1], *([base] if base else [])])
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):  # `python -m scoping.fulltext_child`
            names.add(node.value)
    return {name for name in names if _MODULE.fullmatch(name)}


def _parts(source: bytes) -> list[Path]:
    """Scripts, styles and models of the package that a module names: what it writes is made of them, too."""
    paths = [PACKAGE / name.decode() for name in sorted(set(_PART.findall(source)))]
    return [path for path in paths if path.is_file()]


@cache
def modules(command: str) -> tuple[str, ...]:
    """The modules of the package that `scoping.cli.<command>` imports, directly or not, itself included."""
    todo, done = [f"scoping.cli.{command}"], set()
    while todo:
        module = todo.pop()
        path = _file(module)
        if path is None or module in done:
            continue
        done.add(module)
        parent = module.rpartition(".")[0]
        todo += [*_imports(module, path), *([parent] if parent not in ("scoping", "scoping.cli") else [])]
    if not done:
        raise ValueError(f"there is no command {command!r}")
    return tuple(sorted(done))


@cache
def fingerprint(command: str) -> str:
    """`code:` and sixteen hexadecimal digits over the source of all modules of a command, and their scripts and styles."""
    total = hashlib.sha256()
    for module in modules(command):
        path = _file(module)
        if path is not None:
            source = path.read_bytes()
            total.update(module.encode() + b"\0" + source + b"\0")
            for part in _parts(source):
                total.update(part.name.encode() + b"\0" + part.read_bytes() + b"\0")
    return f"code:{total.hexdigest()[:16]}"
