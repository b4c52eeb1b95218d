"""The Channels page in this process: what it says of channels, routes and messages, in which state."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from engine import clock
from engine.control import outbox
from engine.control.store import Control
from engine.delivery.sending import Errand, Sender
from engine.desk import channels
from engine.desk.channels import Hours, Route
from pages.parts.channels import hours, state
from tests.pages.alarmed import decide
from tests.pages.serving import engine
from tests.pages.test_pages import go, said

Open = Callable[[Path], AppTest]
PAGE = "set_up/channels.py"
LEAD = "Mara"
SECRET = "hooks-secret-5f3a"
NOON = datetime(2026, 11, 23, 12)


@contextmanager
def receiver(status: int) -> Iterator[str]:
    """Something that answers every POST like this; its address."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"<b>sorry</b>")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{SECRET}"
        server.shutdown()


def add(home: Path, name: str, url: str = f"http://127.0.0.1:9/{SECRET}", **more: Hours) -> None:
    channels.create_channel(Settings(home=home), name, "webhook", {"url": url}, who=LEAD, **more)


def deliver(home: Path) -> None:
    """Send what is due, as the engine does all the time."""
    control = Control.open(Settings(home=home))
    for channel_id in outbox.due_channels(control, clock.now()):
        Sender(Settings(home=home), control, clock.now).drain(channel_id, Errand())


@pytest.fixture
def home(company: Path, tmp_path: Path) -> Path:
    """A copy that channels may be added to."""
    return Path(shutil.copytree(company, tmp_path / "home"))


def row(text: str, name: str) -> str:
    return text.split(f"<tr><th>{name}<small>")[1].split("</tr>", maxsplit=1)[0]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_without_a_channel_the_page_says_that_nobody_is_told(open_menu: Open, company: Path) -> None:
    app = go(open_menu(company), PAGE)
    assert not app.exception
    assert "No channel is set up, so nobody is told" in said(app)


def test_a_channel_has_a_row_with_its_state_and_no_secret(open_menu: Open, home: Path) -> None:
    add(home, "team", hours=Hours("Europe/Berlin", "22:00", "07:00"))
    text = said(go(open_menu(home), PAGE))
    assert "</i>Untested</span>" in row(text, "team") or "</i>Quiet hours</span>" in row(text, "team")
    assert "22:00–07:00, Europe/Berlin" in row(text, "team")
    assert SECRET not in text


def test_names_of_channels_are_text_and_never_markup(open_menu: Open, home: Path) -> None:
    add(home, "<i>on call</i>")
    text = said(go(open_menu(home), PAGE))
    assert "<i>on call" not in text
    assert "&lt;i&gt;on call&lt;/i&gt;" in text


def test_the_first_channel_is_where_every_message_is_led(open_menu: Open, home: Path) -> None:
    add(home, "team")
    routes = said(go(open_menu(home), PAGE)).split("<h2>Routes")[1]
    assert ">always</td>" in routes
    assert ">team</td>" in routes


def test_a_paused_channel_says_so(open_menu: Open, home: Path) -> None:
    add(home, "team")
    channels.pause_channel(Settings(home=home), "team", is_paused=True, who=LEAD)
    text = row(said(go(open_menu(home), PAGE)), "team")
    assert "</i>Paused</span>" in text
    assert 'data-open="resume:team"' in text


def test_a_channel_that_refuses_says_why_and_its_message_can_be_tried_again(
    open_menu: Open, home: Path
) -> None:
    decide(home)
    with receiver(400) as address:
        add(home, "team", address)
        engine(home, "refresh")
        deliver(home)
    app = go(open_menu(home), PAGE)
    text = row(said(app), "team")
    assert "</i>Failing</span>" in text
    assert "answered 400: &lt;b&gt;sorry&lt;/b&gt;" in text
    app.segmented_control(key="channels_box").set_value("dead").run()
    assert said(app).count('data-open="retry:') >= 1
    next(each for each in app.button if each.label == "Try all again").click().run()
    assert channels.messages(Settings(home=home), "dead") == []
    assert channels.messages(Settings(home=home), "waiting") != []


def test_a_store_that_cannot_be_read_is_said_in_a_sentence(open_menu: Open, home: Path) -> None:
    for left in home.glob("control.sqlite*"):
        left.unlink()
    (home / "control.sqlite").write_bytes(b"not a database at all, but long enough" * 200)
    app = go(open_menu(home), PAGE)
    assert not app.exception
    assert "The control store" in app.error[0].value


def test_alerts_that_nobody_can_be_told_of_lead_to_the_channels(open_menu: Open, alarmed: Path) -> None:
    app = go(open_menu(alarmed), "act/alerts.py")
    assert "Nobody is told of what fires: no channel is set up." in [each.value for each in app.warning]
    assert "Set up a channel" in [link.proto.label for link in app.get("page_link")]


@pytest.mark.parametrize(
    ("told", "local", "held"),
    [
        (("UTC", "22:00", "07:00"), "23:00", True),
        (("UTC", "22:00", "07:00"), "07:00", False),
        (("UTC", "09:00", "10:00"), "09:59", True),
        (("UTC", "09:00", "10:00"), "10:00", False),
        (("Asia/Tokyo", "20:00", "22:00"), "12:00", True),
        (("UTC", None, None), "12:00", False),
    ],
)
def test_quiet_hours_hold_on_their_own_clocks(told: tuple[str, ...], local: str, held: bool) -> None:
    hour, _, minute = local.partition(":")
    assert hours.hold(Hours(*told), NOON.replace(hour=int(hour), minute=int(minute))) is held


def test_the_most_important_thing_is_its_state(open_menu: Open, home: Path) -> None:
    add(home, "team")
    known = channels.channels(Settings(home=home))["team"]
    assert state.state_of(known, NOON).word == "Untested"


def test_routes_stand_in_their_order_with_what_they_match(open_menu: Open, home: Path) -> None:
    settings = Settings(home=home)
    first, second = Route("info", None, None, ("team",)), Route(None, None, "Team", ("team",))
    add(home, "team")
    channels.set_routes(settings, [first, second], who=LEAD)
    app = go(open_menu(home), PAGE)
    seen = app.session_state["channels_routes"]
    assert list(seen) == [first, second]
    assert "info" in said(app).split("<h2>Routes")[1]
    assert ">Team<" in said(app).split("<h2>Routes")[1]
