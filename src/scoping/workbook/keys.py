"""Row keys: one self-checking cell in each row that says whose row it is and of what.

A key is `<batch>.<person>.<item>.<check>`, such as `ta01-pilot.anna.KX7RMW2XHB9.QF`. The item is a record id, a record
id and a code (`KX7RMW2XHB9:POP`, of a further model `KX7RMW2XHB9+2:POP`), a pair of ids (`KX7RMW2XHB9~B2C3D4F5G6H`) or a
checkpoint row (`#01`). The check is made of all that stands before it, so a key that was altered, cut or moved by hand into another sheet is noticed.
The format is printed in sheets that lie with people: changing a line here would orphan them.
"""

import re
import unicodedata
from dataclasses import dataclass

from scoping import items
from scoping.identity import ID_PATTERN, is_id, printed_hash

CHECK = 2
TOKEN_CHECK = 3
MAX_LENGTH = 150

_SHEET = r"[a-z]{2}\d{2,}(?:-[a-z]+)?\.[a-z0-9][a-z0-9_-]{0,40}"
_ITEM = rf"{ID_PATTERN}(?:(?:\+(?:[2-9]|[1-9]\d))?:[A-Z][A-Z0-9]{{1,7}}|~{ID_PATTERN})?|#\d{{2,}}"
_IS_SHEET = re.compile(_SHEET, re.ASCII)
_IS_ITEM = re.compile(_ITEM, re.ASCII)
_TOKEN = re.compile(r"· ?(\d+) ?· ?([A-Z0-9]{3})", re.ASCII)
_TOKEN_LIKE = re.compile(r"·.{0,12}·.{0,8}")
_HEAD = re.compile(r"[a-z]{2}\d{2,}(?:-[a-z]+)?\.\s?\S{3}", re.ASCII | re.IGNORECASE)
_TAIL = re.compile(
    r"(?:^|[.\s])(?:[A-Z0-9]{10,12}(?:(?:\+\d{1,3})?:[A-Z0-9]{1,9}|~[A-Z0-9]{10,12})?|#\d{2,})\.[A-Z0-9]{1,3}$",
    re.ASCII | re.IGNORECASE,
)


def plain(text: str) -> str:
    """A text as it is compared: NFKC, no invisible characters, blanks folded and trimmed."""
    visible = "".join(" " if c.isspace() else c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible).split())


def folded(text: str) -> str:
    """A word as it is looked up: `plain` and without case."""
    return plain(text).casefold()


@dataclass(frozen=True, order=True)
class Key:
    """Whose row it is (`sheet` is batch and person) and of what (`item`)."""

    sheet: str
    item: str

    @property
    def batch(self) -> str:
        """The batch."""
        return self.sheet.partition(".")[0]

    @property
    def person(self) -> str:
        """The person."""
        return self.sheet.partition(".")[2]

    @property
    def checkpoint(self) -> int | None:
        """The number of a checkpoint row; nothing for the row of a record."""
        return int(self.item[1:]) if self.item.startswith("#") else None


def checkpoint_item(number: int) -> str:
    """The item of a checkpoint row, such as `#01`."""
    return f"#{number:02}"


def make(sheet: str, item: str) -> str:
    """The key of an item in a sheet (`batch.person`)."""
    if not _IS_SHEET.fullmatch(sheet):
        raise ValueError(f"`{sheet}` is no batch and person, such as `ta01-pilot.anna`")
    if not _is_item(item):
        raise ValueError(f"`{item}` is no record id, coded record, pair or checkpoint")
    text = f"{sheet}.{item}"
    return f"{text}.{printed_hash(text, CHECK)}"


def _is_item(item: str) -> bool:
    if not _IS_ITEM.fullmatch(item):
        return False
    return item.startswith("#") or all(is_id(record) for record in items.split(item).ids)


def find(text: str) -> Key | None:
    """The key that is the whole of a cell's text, or nothing; case, invisible characters and blanks around are free."""
    if len(text) > MAX_LENGTH:
        return None
    parts = plain(text).split(".")
    if len(parts) != 4:
        return None
    sheet, item = f"{parts[0]}.{parts[1]}".lower(), parts[2].upper()
    whole = f"{sheet}.{item}"
    right = _IS_SHEET.fullmatch(sheet) and _is_item(item) and parts[3].upper() == printed_hash(whole, CHECK)
    return Key(sheet, item) if right else None


def damaged(text: str) -> bool:
    """Whether a cell's text looks like a key, but is none: altered, cut, or with something written beside it."""
    if len(text) > MAX_LENGTH or find(text):
        return False
    words = plain(text)
    return bool(_HEAD.match(words) or _TAIL.search(words))


def token(sheet: str, number: int) -> str:
    """What stands, locked, in the input cells of a checkpoint row, such as `· 3 · QFR`."""
    return f"· {number} · {printed_hash(f'{sheet}.{checkpoint_item(number)} token', TOKEN_CHECK)}"


def token_like(text: str) -> bool:
    """Whether a text is a checkpoint's token, whole or altered."""
    return len(text) <= MAX_LENGTH and bool(_TOKEN_LIKE.fullmatch(plain(text)))


def same_token(text: str, expected: str) -> bool:
    """Whether a cell holds the expected token; blanks are free."""
    found = _TOKEN.fullmatch(plain(text))
    return found is not None and "· {} · {}".format(*found.groups()) == expected
