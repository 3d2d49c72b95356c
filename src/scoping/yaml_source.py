"""YAML as a person types it: every value stays the text it was, every key keeps its line.

Built on PyYAML's event stream alone: no constructor, no resolver and no recursion ever runs, so `no`, `010`,
`2024-05-31` and `12:30:00` stay what was typed. What a config file never needs (anchors, aliases, tags, a second
document, the same key twice) is refused with its line.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from scoping.errors import ScopingError

if TYPE_CHECKING:
    import yaml

KeyPath: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | None"

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_TAB_INDENT = re.compile(r"^[ -]*\t")
_PLAIN_WORDS = (
    ("mapping values are not allowed", "a ': ' stands where no key can be",
     "put a text that holds ': ' between quotes, or check the indentation"),
    ("could not find expected ':'", "this is not 'key: value'",
     "add the colon and a blank, or indent the line under the text that it continues"),
    ("expected <block end>", "the indentation does not fit the lines above", "let keys that belong together begin in one column"),
    ("found unexpected end of stream", "a quote is opened and never closed", "close the quote"),
    ("found unexpected document separator", "a quote is opened and never closed", "close the quote"),
    ("expected ',' or ']'", "a list in [ ] is not closed or lacks a comma", "write it as [one, two]"),
    ("expected ',' or '}'", "a mapping in { } is not closed or lacks a comma", "write it as {key: value, key: value}"),
    ("expected the node content", "a value is missing or begins with a mark of YAML", "put the text between quotes"),
    ("unknown escape character", "a backslash stands between double quotes", "use single quotes around this text"),
    ("escape sequence of", "a backslash stands between double quotes", "use single quotes around this text"),
    ("sequence entries are not allowed", "a '- ' stands where no list item can be", "begin the list on a line of its own"),
    ("expected chomping or indentation", "text stands on the line of a '|' or '>'", "begin the text on the next line, or put it between quotes"),
    ("expected a comment or a line break", "text stands on the line of a '|' or '>'", "begin the text on the next line, or put it between quotes"),
    ("expected '<document start>'", "this does not belong to the lines above", "let keys that belong together begin in one column"),
    ("mapping keys are not allowed", "a value begins with '?'", "put the text between quotes"),
    ("expected alphabetic or numeric character", "a text begins with '*' or '&'", "put the text between quotes"),
)  # fmt: skip


class Lines(dict[KeyPath, int]):
    """The line of every key and list item, counted from 1."""

    def nearest(self, path: KeyPath) -> int:
        """The line of a key path, or of the nearest thing around it that is in the file."""
        while path and path not in self:
            path = path[:-1]
        return self.get(path, 1)


@dataclass
class _Open:
    """A mapping or list that is being read."""

    value: "dict[str, Plain] | list[Plain]"
    path: KeyPath
    key: str | None = None
    seen: dict[str, int] = field(default_factory=dict)


def read(path: Path) -> tuple[Plain, Lines]:
    """The data of a YAML file and the line of each of its keys; `path` is shown as given."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ScopingError("there is no such file", path=path, do="check the name and the folder") from None
    except OSError as error:
        raise ScopingError(f"the file cannot be read ({error.strerror})", path=path) from None
    if len(raw) > MAX_BYTES:
        _too_big(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ScopingError("the text is not UTF-8", path=path, at=line, do="save the file as UTF-8") from None
    return load(text, path)


def load(text: str, path: Path | str) -> tuple[Plain, Lines]:
    """The plain data of a YAML text (dicts, lists, strings and None for an empty value) and the lines of its keys."""
    import yaml

    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        _too_big(path)
    if unseen := _UNSEEN.search(text):
        line = len(re.findall(r"\r\n|\r|\n", text[: unseen.start()])) + 1
        do = "delete it, or type a line break or blank instead"
        raise ScopingError(f"an invisible character ({_code_point(unseen[0])})", path=path, at=line, do=do)
    try:
        return _build(yaml.parse(text, Loader=yaml.SafeLoader), path)
    except yaml.MarkedYAMLError as error:
        _explain(error, text, path)


def _build(events: "Iterable[yaml.Event]", path: Path | str) -> tuple[Plain, Lines]:
    """Nested data from YAML's flat events, without recursion."""
    import yaml

    lines = Lines()
    stack: list[_Open] = []
    root: Plain = None
    documents = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise ScopingError(
                    "a second document begins ('---')", path=path, at=line, do="keep one document in a file"
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.NodeEvent):
            _refuse_marks(event, path, line)
            top = stack[-1] if stack else None
            if top is not None and isinstance(top.value, dict) and top.key is None:
                _take_key(top, event, lines, path, line)
                continue
            here = _path_of(top)
            lines.setdefault(here, line)
            value = _value(event, path, line)
            if top is None:
                root = value
            else:
                _put(top, value)
            if isinstance(value, dict | list):
                stack.append(_Open(value, here))
                if len(stack) > MAX_DEPTH:
                    what = f"lists and mappings are nested more than {MAX_DEPTH} deep"
                    raise ScopingError(what, path=path, at=line, do="check the brackets and the indentation")
    return root, lines


def _path_of(top: _Open | None) -> KeyPath:
    """The key path of the value that comes next."""
    if top is None:
        return ()
    if isinstance(top.value, list):
        return (*top.path, len(top.value))
    return (*top.path, top.key or "")


def _put(top: _Open, value: Plain) -> None:
    """Add a value to the list, or under the key, that waits for it."""
    if isinstance(top.value, list):
        top.value.append(value)
    elif top.key is not None:
        top.value[top.key] = value
        top.key = None


def _take_key(top: _Open, event: "yaml.NodeEvent", lines: Lines, path: Path | str, line: int) -> None:
    """The key of the value that comes next; a repeated one is refused."""
    import yaml

    key = _value(event, path, line) if isinstance(event, yaml.ScalarEvent) else None
    if not isinstance(key, str) or not key:
        raise ScopingError("a key is not a text", path=path, at=line, do="write 'key: value'")
    if key != key.strip():
        what = f"a blank that is not an ordinary one belongs to the key {key.strip()!r}"
        raise ScopingError(what, path=path, at=line, do="replace the blanks around the key by ordinary ones")
    if key in top.seen:
        what = f"{key!r} stands twice, on line {top.seen[key]} and on line {line}"
        raise ScopingError(what, path=path, at=line, do="keep one of them")
    top.seen[key] = line
    top.key = key
    lines[(*top.path, key)] = line


def _value(event: "yaml.NodeEvent", path: Path | str, line: int) -> Plain:
    """The text of a scalar, None for nothing at all, or an empty collection to be filled."""
    import yaml

    if isinstance(event, yaml.MappingStartEvent):
        return {}
    if isinstance(event, yaml.SequenceStartEvent):
        return []
    text = event.value if isinstance(event, yaml.ScalarEvent) else ""
    if not text and not getattr(event, "style", None):
        return None
    if unseen := _UNSEEN.search(text):
        what = f"a text holds an invisible character ({_code_point(unseen[0])}) written with a backslash"
        raise ScopingError(what, path=path, at=line, do="take it out")
    return str(text)


def _refuse_marks(event: "yaml.NodeEvent", path: Path | str, line: int) -> None:
    """No aliases, anchors and tags: here a text that begins with * & or ! was meant."""
    import yaml

    mark, name = "", ""
    if event.anchor is not None:
        mark, name = ("*", "an alias") if isinstance(event, yaml.AliasEvent) else ("&", "an anchor")
    elif getattr(event, "tag", None) is not None:
        mark, name = "!", "a tag"
    if mark:
        what = f"a value begins with '{mark}', which YAML takes for {name}"
        raise ScopingError(what, path=path, at=line, do="put the text between quotes")


def _explain(error: "yaml.MarkedYAMLError", text: str, path: Path | str) -> NoReturn:
    """A syntax error in plain words, at the line where it can be mended."""
    problem = str(error.problem or "")
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    source = text.splitlines()
    shown = source[line - 1] if line <= len(source) else ""
    what, do = f"this cannot be read as YAML ({problem})", "check the quotes, colons and indentation around it"
    if "'\\t'" in problem or _TAB_INDENT.match(shown):
        what, do = "a tab is used as a blank", "replace the tab by ordinary blanks"
    elif character := re.search(r"found character '(.+)' that cannot start", problem):
        what, do = f"a value begins with '{character[1]}'", "put the text between quotes"
    else:
        for sign, plain, mend in _PLAIN_WORDS:
            if sign in problem:
                what, do = plain, mend
                if error.context_mark and any(word in plain for word in ("never closed", "not closed", "not 'key")):
                    line = error.context_mark.line + 1
                break
    raise ScopingError(what, path=path, at=line, do=do) from None


def _too_big(path: Path | str) -> NoReturn:
    """A config file is never that large."""
    what = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
    raise ScopingError(what, path=path, do="is this the file that you meant?")


def _code_point(character: str) -> str:
    """A character as U+0000."""
    return f"U+{ord(character):04X}"
