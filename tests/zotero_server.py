"""A Zotero on 127.0.0.1: as much of the web API v3, and of the local API, as `scoping zotero` asks for; and its faults.

Written from the API's documentation, not from the code under test. A test changes `items` as people would (`change`,
`trash`, `delete`), puts `faults` in the way of the next requests whose address matches, and looks at `asked` afterwards.
"""

import copy
import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

FIXTURE = Path(__file__).with_name("fixtures") / "zotero" / "items.json"
SERVER_ID = "0123456789abcdef"
PAGE = 25  # what the web gives where no limit is named
MOST = 100


@dataclass
class Fault:
    """What happens to the next request whose `METHOD address` matches: a status, a spoilt body, or something done first."""

    address: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False  # the connection ends in the middle of the body
    lost: bool = False  # the request is served, and its answer does not arrive
    first: Callable[[], object] | None = None  # done before the request is answered as usual
    times: int = 1


@dataclass
class Asked:
    """A request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path}?{urlencode(self.query)}"


class ZoteroServer:
    """A library of a group (or user) with items, collections and files."""

    def __init__(self, *, kind: str = "group", number: int = 4711, key: str = "", local: bool = False) -> None:
        self.kind, self.number, self.key, self.local = kind, number, key, local
        self.prefix = "/api" if local else ""
        self.may_write = True
        self.version = 0
        self.items: dict[str, dict[str, Any]] = {}
        self.collections: dict[str, str] = {"CQRS2345": "Search of January"}
        self.files: dict[str, bytes] = {}
        self.packed: set[str] = set()  # files that are sent in an archive, as the web does with web pages
        self.paths: dict[str, str] = {}  # of the local API: addresses of files
        self.refused: dict[str, int] = {}  # key of an item -> how often writing it fails with 412
        self.permission = "always"  # of the local API: always, once, no, old (no writing at all)
        self.granted: dict[str, bool] = {}
        self.tokens: set[str] = set()
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def endpoint(self) -> str:
        """The address of the API."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}{self.prefix}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # what people do

    def fill(self) -> None:
        """The items of the fixture."""
        for item in json.loads(FIXTURE.read_text(encoding="utf-8")):
            self.items[item["key"]] = item
            self.version = max(self.version, item["version"])

    def add(self, key: str, /, **data: Any) -> None:
        """An item; a journal article where nothing else is said."""
        plain = {"key": key, "itemType": "journalArticle", "title": f"Title of {key}", "creators": [], "tags": []}
        library = {"type": self.kind, "id": self.number, "name": "Invented", "links": {}}
        self.items[key] = {
            "key": key,
            "version": 0,
            "library": library,
            "links": {},
            "meta": {"numChildren": 0},
            "data": {},
        }
        self.change(key, **{**plain, "collections": [], **data})

    def attach(self, key: str, parent: str, data: bytes, **more: Any) -> None:
        """A file of an item."""
        self.files[key] = data
        plain = {"linkMode": "imported_file", "filename": f"{key}.pdf", "contentType": "application/pdf"}
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        self.add(key, itemType="attachment", parentItem=parent, **{**plain, "md5": md5, **more})

    def change(self, key: str, /, **data: Any) -> None:
        """Somebody edits an item."""
        self.version += 1
        item = self.items[key]
        item["data"] = {**item["data"], **data, "version": self.version}
        item["version"] = self.version

    def trash(self, key: str) -> None:
        self.change(key, deleted=1)

    def delete(self, key: str) -> None:
        self.version += 1
        del self.items[key]

    def tags(self, key: str) -> list[str]:
        return [tag["tag"] for tag in self.items[key]["data"].get("tags", [])]

    # what is asked of it

    def chosen(self, way: list[str], query: dict[str, str]) -> list[dict[str, Any]] | None:
        """The items that an address names; None where there is no such collection or item."""
        found = list(self.items.values())
        if way[0] == "collections":
            if way[1] not in self.collections:
                return None
            inside = {i["key"] for i in found if way[1] in i["data"].get("collections", [])}
            found = [i for i in found if i["key"] in inside or i["data"].get("parentItem") in inside]
        if way[-1] == "top":
            found = [i for i in found if not i["data"].get("parentItem")]
        if way[-1] == "children":
            found = [i for i in found if i["data"].get("parentItem") == way[1]]
        if query.get("includeTrashed") != "1":
            found = [i for i in found if not i["data"].get("deleted")]
        if "itemKey" in query:
            found = [i for i in found if i["key"] in query["itemKey"].split(",")[:50]]
        if "itemType" in query:
            found = [i for i in found if _fits([i["data"]["itemType"]], query["itemType"])]
        if "tag" in query:
            found = [i for i in found if _fits([t["tag"] for t in i["data"].get("tags", [])], query["tag"])]
        return sorted((i for i in found if i["version"] > int(query.get("since", 0))), key=lambda i: -i["version"])


def _fits(words: list[str], asked: str) -> bool:
    """`a`, `a || b`, `-a`."""
    if asked.startswith("-"):
        return not _fits(words, asked[1:])
    return bool(set(words) & set(asked.split(" || ")))


def _handler(zotero: ZoteroServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        lost = False

        def log_message(self, *args: Any) -> None:
            pass

        def answer(
            self, status: int, body: Any = b"", headers: dict[str, str] | None = None, *, cut: bool = False
        ) -> None:
            head = {"Zotero-API-Version": "3", "Last-Modified-Version": str(zotero.version), **(headers or {})}
            if zotero.local and zotero.permission != "old":
                head["Zotero-Server-ID"] = SERVER_ID
            if self.lost:
                self.close_connection = True
                return
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
                head.setdefault("Content-Type", "application/json")
            head.setdefault("Content-Type", "text/plain")
            self.send_response(status)
            for name, value in {**head, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
            if cut:
                self.close_connection = True

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length) if length else b""
            asked = Asked(self.command, parts.path, query, dict(self.headers), json.loads(raw) if raw else None)
            zotero.asked.append(asked)
            fault = next((f for f in zotero.faults if f.times and re.search(f.address, str(asked))), None)
            self.lost = fault is not None and fault.lost
            if fault:
                fault.times -= 1
                if fault.first:
                    fault.first()
                elif fault.status:
                    self.answer(fault.status, fault.body, fault.headers)
                    return
                elif fault.cut:
                    self.answer(200, b'[{"key": ' * 50, {"Content-Type": "application/json"}, cut=True)
                    return
            self.route(asked, (fault.headers if fault and not fault.status else {}))

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any

        def route(self, asked: Asked, headers: dict[str, str]) -> None:
            path = asked.path.removeprefix(zotero.prefix)
            if zotero.local and path in ("/", "/local/authorize"):
                self.local(path)
                return
            if path.startswith("/stored/"):
                self.send_file(path.rpartition("/")[2].partition(".")[0])
                return
            prefix = f"/{zotero.kind}s/{zotero.number}/"
            if not zotero.local and zotero.key and asked.headers.get("Authorization") != f"Bearer {zotero.key}":
                self.answer(403, b"Forbidden")
            elif not path.startswith(prefix):
                self.answer(404, b"Not found")
            elif asked.method == "GET":
                self.read(path.removeprefix(prefix).split("/"), asked, headers)
            else:
                self.write(asked)

        def local(self, path: str) -> None:
            if path == "/":
                self.answer(200, b"Nothing to see here.")
            elif zotero.permission == "old":
                self.answer(404, b"No endpoint found")
            elif zotero.permission == "no":
                self.answer(403, b"Denied")
            else:
                key = f"local-key-{len(zotero.granted)}"
                zotero.granted[key] = zotero.permission == "always"
                self.answer(200, {"key": key, "remember": zotero.permission == "always"})

        def read(self, way: list[str], asked: Asked, headers: dict[str, str]) -> None:
            query = asked.query
            if way[0] == "collections" and len(way) == 2:
                found = way[1] in zotero.collections
                self.answer(
                    200 if found else 404,
                    {"key": way[1], "data": {"name": zotero.collections[way[1]]}} if found else b"Not found",
                )
            elif way[0] == "items" and len(way) == 2 and way[1] != "top":
                found = way[1] in zotero.items
                self.answer(200 if found else 404, zotero.items[way[1]] if found else b"Not found")
            elif way[-1] == "file":
                self.file(way[1])
            elif (chosen := zotero.chosen(way, query)) is None:
                self.answer(404, b"Collection not found")
            else:
                self.page(chosen, asked, headers)

        def page(self, chosen: list[dict[str, Any]], asked: Asked, headers: dict[str, str]) -> None:
            query, versions = asked.query, asked.query.get("format") == "versions"
            limit = len(chosen) if versions or zotero.local else PAGE
            if "limit" in query:
                limit = int(query["limit"]) if zotero.local else min(int(query["limit"]), MOST)
            start = int(query.get("start", 0))
            page = copy.deepcopy(chosen[start : start + limit])
            head = {"Total-Results": str(len(chosen)), **headers}
            if start + limit < len(chosen):
                more = urlencode({**query, "start": start + limit})
                head["Link"] = f'<http://{self.headers["Host"]}{asked.path}?{more}>; rel="next"'
            self.answer(200, {i["key"]: i["version"] for i in page} if versions else page, head)

        def file(self, key: str) -> None:
            if zotero.local and key in zotero.paths:
                self.answer(302, b"", {"Location": zotero.paths[key]})
            elif key not in zotero.files:
                self.answer(404, b"Not found")
            else:  # as the web does: the file lies elsewhere, under the name that somebody gave it
                head = {"Location": f"http://{self.headers['Host']}/stored/{key}.hashtags.pdf?name=tags"}
                self.answer(302, b"", {**head, **({"Zotero-File-Compressed": "Yes"} if key in zotero.packed else {})})

        def send_file(self, key: str) -> None:
            kind = "application/zip" if key in zotero.packed else "application/pdf"
            self.answer(200, zotero.files[key], {"Content-Type": kind})

        def write(self, asked: Asked) -> None:
            if zotero.local and not self.allowed(asked):
                return
            if not zotero.may_write:
                self.answer(403, b"Write access denied")
                return
            since = asked.headers.get("If-Unmodified-Since-Version")
            if since is not None and zotero.version > int(since):
                self.answer(412, b"Library has been modified since specified version")
                return
            token = asked.headers.get("Zotero-Write-Token")
            if token in zotero.tokens:
                self.answer(412, b"Write token already used")
                return
            zotero.tokens |= {token} if token else set()
            self.answer(200, self.report(asked.body))

        def allowed(self, asked: Asked) -> bool:
            key = asked.headers.get("Zotero-API-Key", "")
            if asked.headers.get("Zotero-Server-ID") != SERVER_ID:
                self.answer(428, b"Zotero-Server-ID not provided")
            elif key not in zotero.granted:
                self.answer(401, b"Invalid or expired API key")
            else:
                if not zotero.granted[key]:
                    del zotero.granted[key]
                return True
            return False

        def report(self, bodies: list[dict[str, Any]]) -> dict[str, Any]:
            report: dict[str, Any] = {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
            assert len(bodies) <= 50
            for index, body in enumerate(bodies):
                key, item = body["key"], zotero.items.get(body["key"])
                if zotero.refused.get(key):
                    zotero.refused[key] -= 1
                    report["failed"][str(index)] = {"key": key, "code": 412, "message": "Item has been modified"}
                elif item is None or item["version"] > body["version"]:
                    report["failed"][str(index)] = {
                        "key": key,
                        "code": 412 if item else 404,
                        "message": "Item is another",
                    }
                elif item["data"].get("tags") == body["tags"]:
                    report["unchanged"][str(index)] = key
                else:
                    zotero.change(
                        key, **{part: value for part, value in body.items() if part not in ("key", "version")}
                    )
                    report["success"][str(index)] = key
                    report["successful"][str(index)] = item
            return report

    return Handler
