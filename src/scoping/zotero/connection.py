"""How requests get to Zotero: where the server asks to wait, we wait; what passes is tried again; what does not is said.

pyzotero sends its requests through a `Connection`, so that it never sees an answer that asks to come back later: it
loses all pages after a 5xx, and sleeps for as long as a server says.
"""

import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import sleep, time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from scoping.errors import ScopingError

if TYPE_CHECKING:
    from httpx2 import Response

SECONDS = 60.0
"""Longest silence of a server before a request counts as failed."""
DIALOG = 300.0
"""The same while a person is asked by Zotero."""
TRIES = 6
"""Requests for one answer, with 1, 2, 4, 8 and 16 seconds between them where the server names no time."""
LONGEST = 300.0
"""Longest wait, in seconds, that a server may ask for."""
MOST = 300 * 1024**2
"""Largest file that is read, in bytes."""

_PASSING = frozenset({408, 423, 429, 500, 502, 503, 504})
_ASK = "/local/authorize"
_START = "start Zotero on this computer; in its settings, under Advanced, let other applications communicate with it"


class Refusal(ScopingError):
    """An answer of the server that trying again does not change; `status` is its number."""

    def __init__(self, status: int, what: str, **where: Any) -> None:
        self.status = status
        super().__init__(what, **where)


class Connection:
    """What pyzotero takes for its client.

    `place` is the name of the library in the protocol, `words` what it is called in messages; `secret` is struck from
    all that a server says. `proxies` are those of the environment, which must not catch a server on this computer.
    """

    def __init__(self, place: str, words: str, *, local: bool, proxies: bool, secret: str = "") -> None:
        import httpx2

        self.last: Response | None = None
        self.secrets = [secret] if secret else []
        self._place, self._words, self._local = place, words, local
        self._client = httpx2.Client(follow_redirects=not local, timeout=SECONDS, trust_env=proxies)
        self._wait = 0.0

    def close(self) -> None:
        """End all connections."""
        self._client.close()

    def forget(self) -> None:
        """Let go of the last answer."""
        self.last = None

    def error(self, what: str, do: str = "") -> ScopingError:
        """A problem of this library in the project's form."""
        return ScopingError(self._plain(what), **self._at(do))

    def request(self, method: str, url: str, **kwargs: Any) -> "Response":
        """The answer to a request, once there is one: a success, or a Refusal."""
        asks = str(url).endswith(_ASK)
        if asks:
            kwargs["timeout"] = DIALOG
        trouble = ""
        for attempt in range(1 if asks else TRIES):
            self._pause()
            answer = self._sent(method, url, **kwargs)
            if not isinstance(answer, str) and answer.status_code not in _PASSING:
                self.last = self._accepted(answer)
                return self.last
            self._wait = max(self._wait, 2.0**attempt)
            trouble = answer if isinstance(answer, str) else f"it answers {answer.status_code}{self._said(answer)}"
            if isinstance(answer, str) and self._local:
                break
            if not isinstance(answer, str):
                self._heed(answer)
        host = urlsplit(str(url)).netloc
        if self._local and not asks:
            raise self.error(f"Zotero cannot be reached at {host}: {trouble}", _START)
        do = "check the connection and run again later; nothing was written here"
        raise self.error(f"{host} cannot be reached, or is too busy: {trouble}", do)

    def _sent(self, method: str, url: str, **kwargs: Any) -> "Response | str":
        """One request: its answer, or why there is none."""
        import httpx2

        try:
            return self._client.request(method, url, **kwargs)
        except httpx2.UnsupportedProtocol:
            raise self.error("the server leads to an address that is none of the web", "tell who runs it") from None
        except httpx2.TimeoutException:
            return f"no answer within {kwargs.get('timeout') or SECONDS:g} seconds"
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return self._plain(str(error)) or type(error).__name__

    def _pause(self) -> None:
        """Wait as long as the server asked for, or as is decent after a failure."""
        if self._wait > 0:
            sleep(self._wait)
        self._wait = 0.0

    def _heed(self, answer: "Response") -> None:
        """Take over what an answer says of waiting, and strike it out: pyzotero would wait for as long as it says."""
        asked = [_seconds(answer.headers.pop(name, "")) for name in ("Retry-After", "Backoff")]
        if max(asked) > LONGEST:
            minutes = max(asked) / 60
            raise self.error(
                f"the server asks to wait for {minutes:,.0f} minutes", "run again then; nothing was written here"
            )
        self._wait = max(self._wait, *asked)

    def _accepted(self, answer: "Response") -> "Response":
        """An answer as pyzotero may have it."""
        if self._local and answer.is_redirect:
            return self._own_file(answer)
        if answer.status_code >= 300:
            raise self._refusal(answer)
        self._heed(answer)
        return answer

    def _own_file(self, answer: "Response") -> "Response":
        """The Zotero of this computer does not send a file but says where it lies."""
        import httpx2

        parts = urlsplit(answer.headers.get("Location", ""))
        path = Path(unquote(parts.path))
        if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
            raise self.error("Zotero leads to something that is no file of this computer")
        try:
            if not path.is_file() or path.stat().st_size > MOST:
                raise Refusal(404, "the file is not on this computer, or far too large", **self._at(""))
            data = path.read_bytes()
        except OSError as error:
            raise Refusal(404, f"the file cannot be read: {error.strerror}", **self._at("")) from None
        head = {"Content-Type": "application/octet-stream"}
        return httpx2.Response(200, headers=head, content=data, request=answer.request)

    def _refusal(self, answer: "Response") -> Refusal:
        """What a refused request means for whoever started it."""
        status, writing = answer.status_code, answer.request.method != "GET"
        words: Callable[[int, bool], tuple[str, str]] = self._of_local if self._local else self._of_web
        what, do = words(status, writing)
        return Refusal(status, self._plain(f"{what}{self._said(answer)}"), **self._at(do))

    def _of_web(self, status: int, writing: bool) -> tuple[str, str]:
        if status in (401, 403):
            may = "write to" if writing else "read"
            if self.secrets:
                return (
                    f"the key in ZOTERO_API_KEY may not {may} {self._words}",
                    "give the key that right, or take another",
                )
            return f"{self._words} is not open to everybody", "put a key into ZOTERO_API_KEY (docs/zotero.md)"
        if status == 404:
            return f"Zotero knows no such thing in {self._words}", "check library, kind and collection"
        if status in (409, 412, 428):
            return f"{self._words} was changed by somebody else meanwhile", "run again"
        return f"Zotero refuses the request ({status})", ""

    def _of_local(self, status: int, writing: bool) -> tuple[str, str]:
        if status == 401:
            return "Zotero's permission does not hold any more", "run again, and choose `Always Allow` if it asks again"
        if status == 403:
            return ("Zotero was told not to let scoping write", "") if writing else ("Zotero lets nobody in", _START)
        if writing and status in (400, 404, 405, 501):
            return "this Zotero cannot be written to from outside", "update to Zotero 10, or set `local: no` to push"
        if status == 404:
            return f"Zotero on this computer has no such thing in {self._words}", "check library, kind and collection"
        if status in (409, 412, 428):
            return f"{self._words} was changed by somebody else meanwhile", "run again"
        return f"Zotero refuses the request ({status})", ""

    def _at(self, do: str) -> dict[str, str]:
        return {"path": "config/review.yaml", "at": f"zotero.{self._place}", "do": do}

    def _said(self, answer: "Response") -> str:
        """What the server itself says, if it says it in plain words."""
        if "text/plain" not in answer.headers.get("Content-Type", ""):
            return ""
        text = " ".join(self._plain(answer.text).split())
        return f": {text[:150]}" if text else ""

    def _plain(self, text: str) -> str:
        """A text without keys and without control characters."""
        for secret in self.secrets:
            text = text.replace(secret, "[key]")
        return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)


def _seconds(value: str) -> float:
    """Seconds from now of a `Retry-After`: a number, or a date; 0 where it is neither."""
    if re.fullmatch(r"\s*\d{1,9}(\.\d+)?\s*", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0
