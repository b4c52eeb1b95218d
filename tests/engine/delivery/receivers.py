"""A web server and a mail server on loopback that take messages, or fail as they are told to."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

HANG = 30.0


@dataclass
class Posted:
    """A request that was read to its end."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def key(self) -> str:
        return self.headers["Idempotency-Key"]


@dataclass
class WebReceiver:
    """What it is told to do comes first, one thing a request: a status, or `hang`, `close` or `drip`."""

    port: int
    todo: list[int | str] = field(default_factory=list)
    asked: list[Posted] = field(default_factory=list)
    taken: list[Posted] = field(default_factory=list)
    always: int | str = 200
    headers: dict[str, str] = field(default_factory=dict)
    end: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/s3cr3t-path"


class Handler(BaseHTTPRequestHandler):
    receiver: WebReceiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        receiver = self.receiver
        what = receiver.todo.pop(0) if receiver.todo else receiver.always
        if what == "close early":
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        posted = Posted(self.path, dict(self.headers.items()), body)
        receiver.asked.append(posted)
        if isinstance(what, str):
            self.misbehave(what)
            return
        if 200 <= what < 300:
            receiver.taken.append(posted)
        self.answer(what)

    def answer(self, status: int) -> None:
        said = f"{self.path} said {status}".encode()
        self.send_response(status)
        for name, value in self.receiver.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def misbehave(self, how: str) -> None:
        self.close_connection = True
        if how == "hang":
            self.receiver.end.wait(HANG)
        if how == "drip":
            for letter in "HTTP/1.1 200 OK\r\nX-Slow: " + "x" * 300:
                if self.receiver.end.wait(0.1):
                    return
                try:
                    self.wfile.write(letter.encode())
                except OSError:
                    return

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Who is killed in the middle hangs up."""


@contextmanager
def web() -> Iterator[WebReceiver]:
    handler = type("Told", (Handler,), {})
    server = Server(("127.0.0.1", 0), handler)
    receiver = handler.receiver = WebReceiver(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        receiver.end.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailReceiver:
    """What it is told to answer comes first, one thing a mail: an SMTP line, `hang` or `close`."""

    port: int = 0
    todo: list[str] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    tries: int = 0
    refused: set[str] = field(default_factory=set)
    always: str = "250 OK"

    async def handle_RCPT(
        self,
        server: SMTP,  # noqa: ARG002 (aiosmtpd passes them)
        session: Any,  # noqa: ARG002
        envelope: Any,
        address: str,
        options: Any,  # noqa: ARG002
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: ARG002
        self.tries += 1
        what = self.todo.pop(0) if self.todo else self.always
        if what == "close":
            server.transport.abort()
            return "421 gone"
        if what == "hang":
            import asyncio

            await asyncio.sleep(HANG)
        if what.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=default))
            self.recipients.append(list(envelope.rcpt_tos))
        return what


@contextmanager
def mail(**options: Any) -> Iterator[MailReceiver]:
    receiver = MailReceiver(port=free_port())
    controller = Controller(receiver, hostname="127.0.0.1", port=receiver.port, **options)
    controller.start()
    try:
        yield receiver
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def ticking(turn: Callable[[], None], every: float = 0.02) -> Iterator[None]:
    """Turns that come by themselves, as in the engine."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every):
            turn()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until(is_so: Callable[[], object], seconds: float = 120.0) -> None:
    """Look again and again until it is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.01)


def picture_of(parts: Message | Sequence[Message]) -> bytes:
    """The PNG within a mail."""
    assert isinstance(parts, Message)
    [found] = [part for part in parts.walk() if part.get_content_type() == "image/png"]
    content = found.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
