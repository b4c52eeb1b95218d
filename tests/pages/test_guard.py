"""What stands before the pages: requests from elsewhere, from other sites, of people who left."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from data.settings import ROOT, Settings
from engine import clock
from engine.desk import people
from pages import guard
from pages.guard import Guard, claims_of, refusal_to_serve, secrets
from pages.parts import local
from tests.engine.desk.test_sign_ins import claims, with_door
from tests.pages.serving import environment, free_port

COOKIE = "_streamlit_user"
REDIRECT = "https://numbers.example/oauth2callback"


async def answer(request: Request) -> JSONResponse:
    response = JSONResponse({"path": request.url.path})
    response.set_cookie(COOKIE, "value")
    return response


async def page(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect as left:
        heard.append(left.code)


heard: list[int] = []


def client(settings: Settings, at: str = "127.0.0.1", host: str = "127.0.0.1:8501") -> TestClient:
    free = [Route("/healthz", answer), Route("/v1/batch", answer, methods=["POST"])]
    paths = ("/", "/media/a.csv", "/auth/logout", "/_stcore/upload_file/s/f")
    routes = [*free, *(Route(path, answer, methods=["GET", "POST", "PUT"]) for path in paths)]
    routes += [WebSocketRoute("/live", page), WebSocketRoute("/_stcore/stream", page)]
    app = Guard(Starlette(routes=routes), settings, free)
    return TestClient(app, base_url=f"http://{host}", client=(at, 5000))


def connect(asked: TestClient, path: str, headers: dict[str, str] | None = None) -> Any:
    """A websocket to the same host; the client of tests would take a name of its own."""
    return asked.websocket_connect(f"ws://{asked.base_url.netloc.decode()}{path}", headers=headers or {})


@pytest.fixture
def door(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a sign-in, whose cookies this process signs."""
    with_one = with_door(settings, redirect=REDIRECT)
    monkeypatch.setattr(secrets_singleton, "_secrets", None)
    monkeypatch.setattr(secrets_singleton, "_programmatic_secrets", None)
    secrets_singleton.merge_programmatic_secrets(secrets(with_one))
    people.add(with_one, "ada@example.com", "viewer", who="root")
    return with_one


def cookie(said: dict[str, Any], secret: str = "0123456789abcdef" * 2) -> dict[str, str]:
    signed = create_signed_value(secret, COOKIE, json.dumps(said | {"origin": "https://numbers.example"}))
    return {"cookie": f"{COOKIE}={signed.decode()}"}


def of_now(**more: Any) -> dict[str, Any]:
    return claims(at=clock.now(), **more)


@pytest.mark.parametrize(
    "name",
    ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST.", "[::1]", "::1", "::ffff:127.0.0.1", "a.localhost"],
)
def test_names_of_this_machine_are_known(name: str) -> None:
    assert local.is_here(name)


@pytest.mark.parametrize(
    "name",
    ["", "0.0.0.0", "::", "192.168.1.4", "localhost.evil.example", "127.0.0.1.nip.io", "evil.example", None],
)
def test_other_names_are_not(name: str | None) -> None:
    assert not local.is_here(name)


@pytest.mark.parametrize(
    ("at", "host", "headers"),
    [
        ("192.168.1.4", "127.0.0.1:8501", {}),
        ("127.0.0.1", "192.168.1.9:8501", {}),
        ("127.0.0.1", "rebound.evil.example:8501", {}),
        ("127.0.0.1", "127.0.0.1:8501", {"host": "rebound.evil.example:8501"}),
        ("127.0.0.1", "127.0.0.1:8501", {"host": ""}),
        ("127.0.0.1", "127.0.0.1:8501", {"host": "127.0.0.1@evil.example"}),
        ("127.0.0.1", "127.0.0.1:8501", {"x-forwarded-for": "203.0.113.9"}),
        ("127.0.0.1", "127.0.0.1:8501", {"x-forwarded-for": "127.0.0.1, 203.0.113.9"}),
        ("127.0.0.1", "127.0.0.1:8501", {"x-forwarded-host": "numbers.example"}),
        ("127.0.0.1", "127.0.0.1:8501", {"x-real-ip": "2001:db8::1"}),
        ("127.0.0.1", "127.0.0.1:8501", {"forwarded": "for=127.0.0.1"}),
    ],
)
def test_without_a_sign_in_nobody_else_is_this_machines_user(
    settings: Settings, at: str, host: str, headers: dict[str, str]
) -> None:
    asked = client(settings, at, host)
    for path in ("/", "/media/a.csv"):
        refused = asked.get(path, headers=headers)
        assert refused.status_code == 403
        assert "add [sign_in] to holdfast.toml" in refused.text
    for path in ("/live", "/_stcore/stream"):
        with pytest.raises(WebSocketDisconnect), connect(asked, path, headers=headers):
            pass
    assert asked.get("/healthz", headers=headers).status_code == 200
    assert asked.post("/v1/batch", headers=headers).status_code == 200, "it asks for a key of its own"


@pytest.mark.parametrize(
    "headers", [{}, {"x-forwarded-for": "127.0.0.1"}, {"x-forwarded-for": "::1"}, {"host": "localhost:9"}]
)
def test_without_a_sign_in_this_machines_user_comes_in(settings: Settings, headers: dict[str, str]) -> None:
    assert client(settings).get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:3000", "http://localhost:8501"]
)
def test_a_page_of_another_site_changes_nothing_and_hears_nothing(settings: Settings, origin: str) -> None:
    asked = client(settings)
    assert asked.put("/_stcore/upload_file/s/f", headers={"origin": origin}).status_code == 403
    assert asked.post("/", headers={"origin": origin}).status_code == 403
    for path in ("/live", "/_stcore/stream"):
        with pytest.raises(WebSocketDisconnect), connect(asked, path, headers={"origin": origin}):
            pass


def test_a_page_of_ours_is_heard(settings: Settings) -> None:
    with connect(client(settings), "/live", headers={"origin": "http://127.0.0.1:8501"}) as socket:
        socket.send_text("here")
        assert socket.receive_text() == "here"


def test_no_other_site_signs_anybody_out(door: Settings) -> None:
    asked = client(door)
    assert asked.get("/auth/logout", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert asked.get("/auth/logout", headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_what_no_page_guards_asks_for_the_sign_in(door: Settings) -> None:
    asked = client(door, at="203.0.113.9", host="numbers.example")
    for path in ("/media/a.csv", "/_stcore/upload_file/s/f"):
        assert asked.get(path).status_code == 403
        assert asked.get(path, headers=cookie(of_now())).status_code == 200
    with pytest.raises(WebSocketDisconnect), connect(asked, "/live"):
        pass
    with connect(asked, "/live", headers=cookie(of_now())):
        pass
    assert asked.get("/").status_code == 200, "the page itself says how to sign in"


def tampered(said: dict[str, str]) -> dict[str, str]:
    name, _, value = said["cookie"].partition("=")
    middle = len(value) // 3
    return {"cookie": f"{name}={value[:middle]}{'A' if value[middle] != 'A' else 'B'}{value[middle + 1 :]}"}


@pytest.mark.parametrize(
    "made",
    [
        lambda: tampered(cookie(of_now())),
        lambda: cookie(of_now(), secret="another secret of thirty-two signs."),
        lambda: cookie(of_now(), secret=""),
        lambda: {"cookie": f"{COOKIE}=chunks-3"},
        lambda: {"cookie": f"{COOKIE}={json.dumps(claims())}"},
        lambda: cookie(claims()),  # of another year
        lambda: cookie(of_now(email="ben@example.com", sub="2")),
        lambda: cookie(of_now(is_logged_in=False)),
    ],
    ids=["tampered", "foreign", "unsigned", "chunks", "plain", "expired", "unknown", "signed out"],
)
def test_a_cookie_that_is_not_ours_or_over_opens_nothing(
    door: Settings, made: Callable[[], dict[str, str]]
) -> None:
    assert client(door, host="numbers.example").get("/media/a.csv", headers=made()).status_code == 403


def test_an_open_page_is_closed_when_its_reader_may_no_longer(
    door: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "LOOK_EVERY", 0.05)
    heard.clear()
    asked = client(door, host="numbers.example")
    for path in ("/live", "/_stcore/stream"):
        with connect(asked, path, headers=cookie(of_now())) as socket:
            socket.send_text("here")
            assert socket.receive_text() == "here"
            people.deactivate(door, "ada@example.com", who="root")
            with pytest.raises(WebSocketDisconnect) as closed:
                socket.receive_text()
            assert closed.value.code == guard.GONE
        people.change(door, "ada@example.com", who="root", is_active=True)
        people.forget_identity(door, "ada@example.com", who="root")
        asyncio.run(asyncio.sleep(1.1))  # the next sign-in is of another second
    assert heard == [guard.GONE] * 2, "what serves the page hears of it as well"


def test_cookies_travel_by_https_only_where_pages_do_and_no_site_frames_them(door: Settings) -> None:
    told = client(door, host="numbers.example").get("/").headers
    assert "; Secure" in told["set-cookie"]
    assert told["content-security-policy"] == "frame-ancestors 'self'"
    assert told["x-content-type-options"] == "nosniff"


def test_what_is_said_in_a_cookie_is_read_only_if_it_is_signed(door: Settings) -> None:
    said = cookie(of_now())["cookie"].partition("=")[2]
    assert claims_of({COOKIE: said})["email"] == "ada@example.com"
    assert claims_of({COOKIE: said[:-1]}) == {}
    assert claims_of({}) == {}


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.4", "numbers.example", "/run/holdfast.sock", None]
)
def test_without_a_sign_in_nothing_but_loopback_is_served(settings: Settings, host: str | None) -> None:
    assert "add [sign_in] to holdfast.toml" in str(refusal_to_serve(settings, host))
    assert refusal_to_serve(with_door(settings), host) is None


@pytest.mark.parametrize(
    "command",
    [
        ["app.py", "--host", "0.0.0.0"],
        ["-m", "uvicorn", "app:app", "--host", "0.0.0.0"],
        ["-m", "streamlit", "run", "app.py", "--server.address", "0.0.0.0"],
    ],
    ids=["app", "uvicorn", "streamlit"],
)
def test_every_way_to_start_it_refuses_in_one_sentence(tmp_path: Path, command: list[str]) -> None:
    port = ["--server.port" if "streamlit" in command else "--port", str(free_port())]
    ended = subprocess.run(
        [sys.executable, *command, *port],
        cwd=ROOT,
        env=environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode != 0
    assert "Refusing to serve on 0.0.0.0. Holdfast has no sign-in configured" in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr
