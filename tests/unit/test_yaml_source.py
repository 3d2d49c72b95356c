"""YAML stays what was typed, keeps its lines, and refuses what a config file never needs."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from scoping import yaml_source
from scoping.errors import ScopingError

FILE = "config/review.yaml"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("2024-05-31", "2024-05-31"),
        ("12:30:00", "12:30:00"),
        ("~", "~"),
        ("null", "null"),
        ("", None),
        ("# a comment", None),
        ("''", ""),
        ('""', ""),
        ("'no'", "no"),
        ("<<", "<<"),
        ("=", "="),
        ("knowledge*", "knowledge*"),
        ("'*mobili*'", "*mobili*"),
        ("café – naïve 知識", "café – naïve 知識"),
        ("|\n  two\n  lines", "two\nlines\n"),
        (">\n  one\n  line", "one line\n"),
        ("[a, no, 1]", ["a", "no", "1"]),
        ("[]", []),
        ("{a: 1, b: }", {"a": "1", "b": None}),
    ],
)
def test_a_value_stays_what_was_typed(typed: str, value: object) -> None:
    data, _ = yaml_source.load(f"key: {typed}\n", FILE)
    assert data == {"key": value}


def test_keys_stay_what_was_typed() -> None:
    data, _ = yaml_source.load("no: 1\n010: 2\n'null': 3\n2024-01-01: 4\n", FILE)
    assert data == {"no": "1", "010": "2", "null": "3", "2024-01-01": "4"}


def test_every_key_and_item_has_its_line() -> None:
    text = "# comment\na:\n  b: |\n    long\n    text\n  c:\n    - x\n    - y: 1\n      z: [p,\n        q]\nd: 2\n"
    _, lines = yaml_source.load(text, FILE)
    assert lines == {
        (): 2,
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 6,
        ("a", "c", 0): 7,
        ("a", "c", 1): 8,
        ("a", "c", 1, "y"): 8,
        ("a", "c", 1, "z"): 9,
        ("a", "c", 1, "z", 0): 9,
        ("a", "c", 1, "z", 1): 10,
        ("d",): 11,
    }
    assert lines.nearest(("a", "c", 1, "nothing", 3)) == 8
    assert lines.nearest(("nothing",)) == 2


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_do_not_move_lines(ending: str) -> None:
    data, lines = yaml_source.load(ending.join(["a: 1", "", "b: 2", ""]), FILE)
    assert data == {"a": "1", "b": "2"}
    assert lines["b",] == 3


def test_nothing_is_none() -> None:
    assert yaml_source.load("", FILE)[0] is None
    assert yaml_source.load("# only a comment\n", FILE)[0] is None
    assert yaml_source.load("---\n...\n", FILE)[0] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "3: 'a' stands twice, on line 1 and on line 3; keep one of them"),
        ("x:\n  a: 1\n  'a': 3\n", "3: 'a' stands twice, on line 2 and on line 3; keep one of them"),
        ("x: {a: 1, a: 2}\n", "1: 'a' stands twice, on line 1 and on line 1; keep one of them"),
        (
            "a: &x 1\nb: *x\n",
            "1: a value begins with '&', which YAML takes for an anchor; put the text between quotes",
        ),
        ("a:\n  - *x\n", "2: a value begins with '*', which YAML takes for an alias; put the text between quotes"),
        ("a: *mobili*\n", "1: a text begins with '*' or '&'; put the text between quotes"),
        ("a: * x\n", "1: a text begins with '*' or '&'; put the text between quotes"),
        ("&a b: 1\n", "1: a value begins with '&', which YAML takes for an anchor; put the text between quotes"),
        (
            "a: !!python/object/apply:os.system [x]\n",
            "1: a value begins with '!', which YAML takes for a tag; put the text between quotes",
        ),
        ("a: !!str 1\n", "1: a value begins with '!', which YAML takes for a tag; put the text between quotes"),
        ("a: ! x\n", "1: a value begins with '!', which YAML takes for a tag; put the text between quotes"),
        ("a: 1\n---\nb: 2\n", "2: a second document begins ('---'); keep one document in a file"),
        ("? [a, b]\n: 1\n", "1: a key is not a text; write 'key: value'"),
        ("'': 1\n", "1: a key is not a text; write 'key: value'"),
        ("a:\n\tb: 1\n", "2: a tab is used as a blank; replace the tab by ordinary blanks"),
        ("a:\n  b: 1\n\tc: 1\n", "3: a tab is used as a blank; replace the tab by ordinary blanks"),
        ("a:\n  b: 1\n  \tc: 1\n", "3: a tab is used as a blank; replace the tab by ordinary blanks"),
        ("a:\t1\n", "1: a tab is used as a blank; replace the tab by ordinary blanks"),
        (
            "a:\n  \u00a0b: 1\n",
            "2: a blank that is not an ordinary one belongs to the key 'b'; replace the blanks around the key by ordinary ones",
        ),
        (
            "title: Knowledge: a review\n",
            "1: a ': ' stands where no key can be; put a text that holds ': ' between quotes, or check the indentation",
        ),
        (
            "a: 1\n   b: 2\n",
            "2: a ': ' stands where no key can be; put a text that holds ': ' between quotes, or check the indentation",
        ),
        (
            "a: 1\nb\nc: 2\n",
            "2: this is not 'key: value'; add the colon and a blank, or indent the line under the text that it continues",
        ),
        (
            "a:\n  - x\n - y\n",
            "3: the indentation does not fit the lines above; let keys that belong together begin in one column",
        ),
        ("a: 1\nb: 'x\nc: 2\n", "2: a quote is opened and never closed; close the quote"),
        ('a: 1\nb: "x\n\nc: 2\n', "2: a quote is opened and never closed; close the quote"),
        (
            "a: 1\nb: [x, y\nc: 2\n",
            "2: a list in [ ] is not closed or lacks a comma; write it as [one, two]",
        ),
        (
            "a: {x: 1\nb: 2\n",
            "1: a mapping in { } is not closed or lacks a comma; write it as {key: value, key: value}",
        ),
        (
            'a: "C:\\data"\n',
            "1: a backslash stands between double quotes; use single quotes around this text",
        ),
        ("a: ? x\n", "1: a value begins with '?'; put the text between quotes"),
        (
            "a\nb: 1\n",
            "2: a ': ' stands where no key can be; put a text that holds ': ' between quotes, or check the indentation",
        ),
        (
            "'a'\nb: 1\n",
            "2: this does not belong to the lines above; let keys that belong together begin in one column",
        ),
        ("a: @x\n", "1: a value begins with '@'; put the text between quotes"),
        ("a: `x`\n", "1: a value begins with '`'; put the text between quotes"),
        ("a: %x\n", "1: a value begins with '%'; put the text between quotes"),
        ("a: 1\nb: x\u2028y\n", "2: an invisible character (U+2028); delete it, or type a line break or blank instead"),
        ("a: x\x00y\n", "1: an invisible character (U+0000); delete it, or type a line break or blank instead"),
        (
            'a: "x\\0y"\n',
            "1: a text holds an invisible character (U+0000) written with a backslash; take it out",
        ),
        (
            'a: 1\nb: "\\ud800"\n',
            "2: a text holds an invisible character (U+D800) written with a backslash; take it out",
        ),
        (
            "a: " + "[" * 30,
            "1: lists and mappings are nested more than 20 deep; check the brackets and the indentation",
        ),
    ],
)
def test_a_mistake_is_told_in_plain_words(text: str, message: str) -> None:
    with pytest.raises(ScopingError) as caught:
        yaml_source.load(text, FILE)
    assert str(caught.value) == f"{FILE}:{message}"


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 500_000,
        "a: " + "{x: " * 200_000,
        "- " * 400_000,
        "".join(f"{' ' * depth}a:\n" for depth in range(1000)),
        "? " * 400_000,
    ],
    ids=["lists", "mappings", "items", "indented", "keys"],
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(ScopingError):
        yaml_source.load(text, FILE)
    assert time.process_time() - began < 3


def test_large_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("a: 1 #" + "x" * yaml_source.MAX_BYTES)
    expected = f"{path}: the file is larger than 1 MB; is this the file that you meant?"
    for attempt in (lambda: yaml_source.read(path), lambda: yaml_source.load(path.read_text(), path)):
        with pytest.raises(ScopingError) as caught:
            attempt()
        assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("a: 1\nb: Montréal\n".encode("latin-1"), ":2: the text is not UTF-8; save the file as UTF-8"),
        ("a: 1\n".encode("utf-16"), ":1: the text is not UTF-8; save the file as UTF-8"),
    ],
)
def test_other_encodings_are_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "review.yaml"
    path.write_bytes(raw)
    with pytest.raises(ScopingError) as caught:
        yaml_source.read(path)
    assert str(caught.value) == f"{path}{message}"


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "review.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert yaml_source.read(path)[0] == {"a": "1"}


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(ScopingError, match="there is no such file; check the name"):
        yaml_source.read(tmp_path / "nothing.yaml")
    with pytest.raises(ScopingError, match="the file cannot be read"):
        yaml_source.read(tmp_path)


def test_yaml_is_loaded_only_when_a_file_is_read() -> None:
    program = "import sys, scoping.config, scoping.codebook; print('yaml' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
