"""What the protocol says of a Zotero library: which one, which of its items, and where it is reached."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from scoping.strict_model import AS_WHOLE, Problem, Strict, YesNo, wrong

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_KEY = re.compile(r"[A-Z0-9]{8}")


def _collection(key: str) -> str:
    """A collection's key, or nothing."""
    if key and not _KEY.fullmatch(key):
        raise wrong("write the eight capital letters and digits at the end of the collection's address")
    return key


def _address(address: str) -> str:
    """An address that a key may be sent to: encrypted, or on this computer."""
    if not address:
        return address
    try:
        parts = urlsplit(address)
        plain = not (parts.query or parts.fragment or parts.username or parts.password) and parts.port != 0
    except ValueError:
        raise wrong("write an address such as https://zotero.example.org") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise wrong("write an address such as https://zotero.example.org, without user, ? and #")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise wrong("write https://, since the key is sent there")
    return address.rstrip("/")


class ZoteroLibrary(Strict):
    """A library of Zotero, or a part of it."""

    kind: Literal["group", "user"] = Field(description="Whose library it is.")
    library: Annotated[int, Field(ge=0), AS_WHOLE] = Field(
        description="The number of the group or user; with `local`, 0 is the user of this computer's Zotero."
    )
    collection: Annotated[str, AfterValidator(_collection)] = Field(
        default="", description="The key of a collection, eight letters and digits: only its own items."
    )
    tag: str = Field(
        default="", description="Only items with this tag; `a || b` is one of both, and `-a` is without it."
    )
    local: YesNo = Field(default=False, description="Whether the Zotero that runs on this computer is asked.")
    endpoint: Annotated[str, AfterValidator(_address)] = Field(
        default="", description="Another address of the API, for a server of your own."
    )

    @property
    def words(self) -> str:
        """The library as messages name it."""
        return f"the library of {self.kind} {self.library}"


def problems(review: Mapping[str, Any]) -> list[Problem]:
    """Number 0 where it says nothing (no group has it, nor has the web), and a `local` Zotero on another computer."""
    found: list[Problem] = []
    libraries = review.get("zotero")
    for name, library in libraries.items() if isinstance(libraries, Mapping) else ():
        if not isinstance(library, Mapping):
            continue
        said = {key: str(value).strip() for key, value in library.items()}
        local = said.get("local", "").casefold() in ("yes", "true")
        if said.get("library") == "0" and (not local or said.get("kind") == "group"):
            what = f"zotero.{name}.library is 0, which is only the user of a Zotero on this computer (local: yes)"
            found.append((("zotero", name, "library"), what))
        if local and said.get("endpoint") and _host(said["endpoint"]) not in LOOPBACK:
            what = f"zotero.{name}.endpoint is not on this computer, as local: yes says; leave one of them out"
            found.append((("zotero", name, "endpoint"), what))
    return found


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
