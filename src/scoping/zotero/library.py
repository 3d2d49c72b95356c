"""A Zotero library as it answers through pyzotero: which items it has, the items, their files, new tags.

What is in a selection is asked for in one request (key -> version of every item), and the items by their keys: nothing
is read page by page while people go on working, and what is held is complete once the list and the items agree.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from scoping.errors import ScopingError
from scoping.zotero.connection import Connection, Refusal
from scoping.zotero_settings import LOOPBACK, ZoteroLibrary

if TYPE_CHECKING:
    from httpx2 import Response

Item = dict[str, Any]
"""An item as the API gives it: key, version, library, meta, data."""

CHUNK = 50
"""Items that one request may name or write."""
ROUNDS = 10
"""Lists that are asked for until one agrees with what is held."""
KEY = re.compile(r"[A-Z0-9]{8}")


class Library:
    """A library, or the part of it that the protocol names; `key` is used for the web alone."""

    def __init__(self, name: str, settings: ZoteroLibrary, key: str = "") -> None:
        from urllib.parse import urlsplit

        from pyzotero import Zotero

        key = "" if settings.local else key
        here = settings.local or urlsplit(settings.endpoint).hostname in LOOPBACK
        self.name, self.settings = name, settings
        self.connection = Connection(name, settings.words, local=settings.local, proxies=not here, secret=key)
        client: Any = self.connection
        self._zotero: Any = Zotero(settings.library, settings.kind, key or None, local=settings.local, client=client)
        if settings.endpoint:
            self._zotero.endpoint = settings.endpoint

    def versions(self, *, files: bool = False) -> tuple[dict[str, int], int]:
        """(key -> version of all items of the selection, version of the library); or of all files, whatever their tags."""
        api, chosen = self._zotero, self.settings
        params: dict[str, Any] = {"format": "versions", "limit": None}
        if files:
            params["itemType"] = "attachment"
        elif chosen.tag:
            params["tag"] = chosen.tag
        call: tuple[Any, ...] = (api.items if files else api.top,)
        if chosen.collection:
            self._ask(api.collection, chosen.collection)  # some servers take an unknown one for the whole library
            call = (api.collection_items if files else api.collection_items_top, chosen.collection)
        for _ in range(ROUNDS):
            found, total, version = self._listed(call, params)
            if len(found) == total:
                return found, version
        raise self._restless()

    def _listed(self, call: tuple[Any, ...], params: dict[str, Any]) -> tuple[dict[str, int], int, int]:
        """(key -> version, how many the server says there are, version of the library); from pages, should it send any."""
        found: dict[str, int] = {}
        while True:
            at: dict[str, Any] = {"start": len(found)} if found else {}
            answer = self._ask(call[0], *call[1:], **params, **at)
            page = self._json(answer)
            if not isinstance(page, dict) or not all(KEY.fullmatch(k) and type(v) is int for k, v in page.items()):
                raise self._strange("a list of versions")
            known = len(found)
            found.update(page)
            if "next" not in answer.links or len(found) == known:
                break
        total = answer.headers.get("Total-Results", "")
        version = int(answer.headers.get("Last-Modified-Version") or 0)
        return found, int(total) if total.isdecimal() else len(found), version

    def current(self, keys: Iterable[str], *, trash: bool = False) -> tuple[dict[str, Item], int]:
        """(key -> item as it is now, version of the library before); what the library has not is left out."""
        found: dict[str, Item] = {}
        version = -1
        wanted = sorted(set(keys))
        params = {"includeTrashed": 1} if trash else {}
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            answer = self._ask(self._zotero.items, itemKey=",".join(chunk), limit=100, **params)
            page = self._json(answer)
            if not isinstance(page, list):
                raise self._strange("a list of items")
            for item in page:
                if self._checked(item)["key"] in chunk:
                    found[item["key"]] = item
            at = int(answer.headers.get("Last-Modified-Version") or 0)
            version = at if version < 0 else min(version, at)
        return dict(sorted(found.items())), max(version, 0)

    def selection(self, held: Mapping[str, Item]) -> tuple[dict[str, Item], int]:
        """(all items of the selection, version of the library); of the web, only what `held` has not as it is now is read.

        The Zotero of this computer does not count up versions for each change, so that all of it is read anew.
        """
        have = {} if self.settings.local else {key: item for key, item in held.items() if "version" in item}
        for _ in range(ROUNDS):
            versions, at = self.versions()
            stale = [key for key, version in versions.items() if key not in have or have[key]["version"] != version]
            if not stale:
                return {key: have[key] for key in sorted(versions)}, at
            have |= self.current(stale)[0]
        raise self._restless()

    def files(self) -> list[Item]:
        """What is attached to items, without the files themselves."""
        for _ in range(ROUNDS):
            versions, _at = self.versions(files=True)
            found, _at = self.current(versions)
            if {key: item["version"] for key, item in found.items()} == versions == self.versions(files=True)[0]:
                return [found[key] for key in sorted(found)]
        raise self._restless()

    def file(self, key: str) -> bytes:
        """The bytes of an attached file; a Refusal where there is none."""
        return self._ask(self._zotero.file, key).content

    def write(self, items: Sequence[Mapping[str, Any]], version: int) -> dict[str, str]:
        """Write parts of at most 50 items, each with key and version; why it failed for each that was not written.

        Refusal 412 where the library was changed after `version`. pyzotero takes a refused item for a success as long
        as the request as a whole was none: the answer's body says which.
        """
        if len(items) > CHUNK:
            raise ValueError(f"{len(items)} items in one request")
        if self.settings.local and not self._zotero.local_api_key:
            self._be_allowed()
        answer = self._ask(self._zotero.create_items, [dict(item) for item in items], last_modified=version)
        report = self._json(answer)
        if not isinstance(report, dict):
            raise self._strange("a report of what was written")
        done = {index for name in ("successful", "success", "unchanged") for index in report.get(name) or {}}
        failed = report.get("failed") or {}
        problems = {}
        for index, item in enumerate(items):
            if str(index) in failed:
                problems[str(item["key"])] = _why(failed[str(index)])
            elif str(index) not in done:
                problems[str(item["key"])] = "no word of it in the answer"
        return problems

    def _be_allowed(self) -> None:
        """Zotero asks its user, who is told so by the command; the key is kept by this object alone."""
        from pyzotero.errors import UnsupportedParamsError

        try:
            self._ask(self._zotero.authorize_local, "scoping")
        except UnsupportedParamsError:
            what = "this Zotero cannot be written to from outside"
            raise self.connection.error(what, "update to Zotero 10, or set `local: no` to push") from None
        if not self._zotero.local_api_key:
            raise self._strange("a permission")
        self.connection.secrets.append(str(self._zotero.local_api_key))

    def _ask(self, call: Callable[..., Any], /, *args: Any, **params: Any) -> "Response":
        """The answer itself, whatever pyzotero makes of it: it takes each address with `tags` in it for a list of tags."""
        self.connection.forget()
        with suppress(KeyError, TypeError, ValueError, AttributeError, RecursionError, zipfile.BadZipFile):
            call(*args, **params)
        if self.connection.last is None:
            raise RuntimeError(f"pyzotero sent nothing for {call}")
        return self.connection.last

    def _json(self, answer: "Response") -> Any:
        try:
            return answer.json()
        except (ValueError, RecursionError):
            raise self._strange("JSON") from None

    def _checked(self, item: Any) -> Item:
        """An item that has what an item must have; its key is safe in names of files."""
        whole = (
            isinstance(item, dict)
            and isinstance(item.get("key"), str)
            and KEY.fullmatch(item["key"])
            and type(item.get("version")) is int
            and isinstance(item.get("data"), dict)
            and isinstance(item["data"].get("itemType"), str)
        )
        if not whole:
            raise self._strange("an item")
        return dict(item)

    def _restless(self) -> ScopingError:
        return self.connection.error("the library goes on changing while it is read", "run again when it rests")

    def _strange(self, wanted: str) -> ScopingError:
        do = "check the address; where a network asks to log in first, do so in a browser, and run again"
        return self.connection.error(f"the answer is not {wanted}, so that it cannot be Zotero's", do)


def _why(failure: Any) -> str:
    """`412 Item has been modified`."""
    if not isinstance(failure, dict):
        return str(failure)
    return f"{failure.get('code', '')} {failure.get('message', '')}".strip()


__all__ = ["CHUNK", "Item", "Library", "Refusal"]
