"""Who is who: ids made from what an item is, never from where it stood.

A printed id is ten letters and digits of an alphabet without vowels, 0 and 1 (never a word, a number or a date in any
spreadsheet) and a Luhn mod N check character (ISO/IEC 7812-1 generalised to 28 characters: every single wrong
character is found). What is hashed is fixed for ever: changing a line here would orphan every decision ever made.
"""

import hashlib
import html
import re
import unicodedata
from collections.abc import Mapping

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"
BODY = 10
ID_PATTERN = f"[{ALPHABET}]{{{BODY + 1}}}"
_PLACES = {letter: place for place, letter in enumerate(ALPHABET)}
_DOUBLED = {letter: sum(divmod(2 * place, len(ALPHABET))) for letter, place in _PLACES.items()}
_DROPPED = {code: None for code in range(128) if not chr(code).isalnum()}
_ID = re.compile(ID_PATTERN)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


def printed_hash(text: str, length: int) -> str:
    """`length` characters of the alphabet from the SHA-256 of a text."""
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(), "big")
    number %= len(ALPHABET) ** length  # the letters are its last digits, and a small number is divided faster
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def check_character(body: str) -> str:
    """The Luhn mod 28 check character of letters of the alphabet."""
    total = sum(map(_DOUBLED.__getitem__, body[::-2])) + sum(map(_PLACES.__getitem__, body[-2::-2]))
    return ALPHABET[-total % len(ALPHABET)]


def is_id(text: str) -> bool:
    """Whether a text is a printed id whose check character is right."""
    return bool(_ID.fullmatch(text)) and check_character(text[:-1]) == text[-1]


def folded(text: str) -> str:
    """A title or name as it enters an id: entities and markup decoded, no case, accents, blanks or punctuation."""
    plain = html.unescape(html.unescape(text)) if "&" in text else text
    plain = _TAG.sub("", plain) if "<" in plain else plain
    if plain.isascii():
        return plain.lower().translate(_DROPPED)
    letters = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(filter(str.isalnum, letters))


def identity(fields: Mapping[str, str], *, raw: str) -> str:
    """The text that identifies an item: its accession number, else DOI, title, year and first author, else all of it.

    `fields` has `accession` (such as `pmid:39000001`), `doi` (normalised), `title`, `year` and `first_author` (family
    name, or the whole name of a body), each may be empty; `raw` is the text of the entry. Of the author only the last
    word counts, so that reading particles or the names of bodies better one day changes no id.
    """
    if fields["accession"]:
        return f"accession\n{fields['accession'].casefold()}"
    title = folded(fields["title"])
    if fields["doi"] or title:
        author = (fields["first_author"].split() or [""])[-1]
        return "\n".join(("item", fields["doi"].casefold(), title, fields["year"], folded(author)))
    return f"raw\n{' '.join(raw.split())}"


def content_id(identity_text: str) -> str:
    """The printed id of an identity."""
    body = printed_hash(identity_text, BODY)
    return body + check_character(body)
