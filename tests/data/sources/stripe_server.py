"""An HTTP server that speaks Stripe's list protocol over objects that a test gives it."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "sk_test_good"


class Account:
    """A Stripe account: its lists by path, what was asked of it, and what goes wrong next."""

    def __init__(self) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.faults: list[str] = []
        self.most = 100
        self.url = ""

    def add(self, name: str, *objects: dict[str, Any]) -> None:
        self.lists.setdefault(f"/v1/{name}", []).extend(objects)

    def page(self, path: str, query: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """The newest first, those of one second in the order of their ids, as Stripe lists them."""
        least, most = (int(query.get(f"created[{end}]", [usual])[0]) for end, usual in BOUNDS)
        found = [one for one in self.lists.get(path, []) if least <= one.get("created", 0) <= most]
        found.sort(key=lambda one: (one.get("created", 0), one["id"]), reverse=True)
        if after := query.get("starting_after", [""])[0]:
            ids = [one["id"] for one in found]
            if after not in ids:
                return 400, error("No such object: " + after, code="resource_missing", param="starting_after")
            found = found[ids.index(after) + 1 :]
        limit = min(self.most, int(query.get("limit", ["10"])[0]))
        return 200, {"object": "list", "url": path, "has_more": len(found) > limit, "data": found[:limit]}


BOUNDS = (("gte", "0"), ("lte", "99999999999"))


def error(message: str, **more: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", **more}}


FAULTS = {"429": (429, "true"), "500": (500, ""), "429 for good": (429, ""), "403": (403, "")}


class Handler(BaseHTTPRequestHandler):
    """Answers for one account."""

    protocol_version = "HTTP/1.1"
    account: Account

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.account.asked.append((address.path, parse_qs(address.query)))
        fault = self.account.faults.pop(0) if self.account.faults else ""
        if fault in ("reset", "cut"):
            self.reset(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{" if fault == "cut" else b"")
        elif fault:
            self.answer(FAULTS[fault][0], error(f"fault {fault}"), FAULTS[fault][1])
        elif self.headers["Authorization"] != f"Bearer {KEY}":
            self.answer(401, error("Invalid API Key provided: sk_test_***bad"))
        else:
            self.answer(*self.account.page(*self.account.asked[-1]))

    def answer(self, status: int, body: dict[str, Any], retry: str = "") -> None:
        told = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if retry:
            self.send_header("Stripe-Should-Retry", retry)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def reset(self, half: bytes) -> None:
        """Half an answer or none, then the connection is reset."""
        self.wfile.write(half)
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Tests need no log of requests."""


@contextmanager
def running(account: Account) -> Iterator[Account]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (Handler,), {"account": account}))
    server.daemon_threads = True
    account.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield account
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
