"""A headless Chromium that tests drive: one process, spoken to over a pipe, so that no port is opened."""

import base64
import fcntl
import json
import os
import select
import shutil
import time
from pathlib import Path
from typing import Any

FOUND = shutil.which("chromium") is not None
_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            "--force-color-profile=srgb", "--remote-debugging-pipe")  # fmt: skip
_LIMIT = 60.0  # seconds that any one answer may take
_KEYS = {
    "Enter": 13,
    "Tab": 9,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "Home": 36,
    "End": 35,
}


class Browser:
    """One page at a time. What the page logs, throws or blocks is in `said`."""

    def __init__(self, folder: Path) -> None:
        theirs_in, self._to = _high(os.pipe())
        self._from, theirs_out = _high(os.pipe())
        call = ["chromium", *_OPTIONS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
        null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
        pipes = [(os.POSIX_SPAWN_DUP2, theirs_in, 3), (os.POSIX_SPAWN_DUP2, theirs_out, 4)]
        self._process = os.posix_spawnp("chromium", call, os.environ, file_actions=[*null, *pipes])
        os.close(theirs_in)
        os.close(theirs_out)
        self.folder = folder
        self._rest = b""
        self._number = 0
        self._session = ""
        self.events: list[dict[str, Any]] = []
        pages = [each for each in self.call("Target.getTargets")["targetInfos"] if each["type"] == "page"]
        self._session = self.call("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        """End the process."""
        self.call("Browser.close")
        os.waitpid(self._process, 0)
        os.close(self._to)
        os.close(self._from)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One call of the DevTools protocol and its answer."""
        self._number += 1
        sent: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            sent["sessionId"] = self._session
        data = json.dumps(sent).encode() + b"\0"
        while data:
            data = data[os.write(self._to, data) :]
        while True:
            got = self._next()
            if got.get("id") == self._number:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                answer: dict[str, Any] = got["result"]
                return answer
            self.events.append(got)

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + _LIMIT
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(0.0, until - time.monotonic()))
            part = os.read(self._from, 1 << 20) if ready else b""
            if not part:
                raise TimeoutError("Chromium does not answer")
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        got: dict[str, Any] = json.loads(message)
        return got

    def open(self, address: str, width: int = 1400, height: int = 1000) -> None:
        """Load a page and wait until it has loaded."""
        self.size(width, height)
        self.events.clear()
        self.call("Page.navigate", url="about:blank")
        self._await("Page.loadEventFired")
        self.events.clear()
        self.call("Page.navigate", url=address)
        self._await("Page.loadEventFired")

    def _await(self, event: str) -> None:
        while not any(each.get("method") == event for each in self.events):
            self.events.append(self._next())

    def size(self, width: int, height: int) -> None:
        """Set the window, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        got = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in got:
            raise RuntimeError(got["exceptionDetails"]["exception"].get("description", str(got)))
        return got["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key, as a keyboard would."""
        code = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def said(self) -> list[str]:
        """What the page logged, threw or was kept from doing."""
        self.run("0")
        found = []
        for event in self.events:
            given = event.get("params", {})
            if event.get("method") == "Log.entryAdded":
                found.append(given["entry"]["text"])
            elif event.get("method") == "Runtime.exceptionThrown":
                found.append(given["exceptionDetails"]["exception"].get("description", "exception"))
            elif event.get("method") == "Runtime.consoleAPICalled":
                found.append(" ".join(str(each.get("value")) for each in given["args"]))
        return found

    def asked_for(self) -> list[str]:
        """The addresses that the page asked for, and was not kept from."""
        of = {name: [event["params"] for event in self.events if event.get("method") == f"Network.{name}"]
              for name in ("requestWillBeSent", "loadingFailed")}  # fmt: skip
        blocked = {each["requestId"] for each in of["loadingFailed"] if each.get("blockedReason") == "csp"}
        return [each["request"]["url"] for each in of["requestWillBeSent"] if each["requestId"] not in blocked]

    def picture(self, file: Path, *, whole: bool = True) -> None:
        """A screenshot."""
        got = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(got["data"]))

    def printed(self, file: Path, *, landscape: bool = False) -> None:
        """The page as it is printed on A4."""
        paper = {"paperWidth": 8.27, "paperHeight": 11.69, "landscape": landscape, "printBackground": False}
        file.write_bytes(base64.b64decode(self.call("Page.printToPDF", **paper)["data"]))


def _high(ends: tuple[int, int]) -> tuple[int, int]:
    """The ends of a pipe as numbers that the shell does not use."""
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends]
    for end in ends:
        os.close(end)
    return high[0], high[1]
