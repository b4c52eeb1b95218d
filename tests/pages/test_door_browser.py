"""The way in, with a real provider, a real browser, and with neither."""

import http.client
import json
import re
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from data.settings import Settings
from engine import clock
from engine.desk import alerts, people, tokens
from pages import wanted
from tests.engine.desk.test_sign_ins import claims
from tests.pages.browsing import PATIENCE, SETTLED, tab
from tests.pages.serving import Server, free_port, serve

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oidc_provider_mock import run_server_in_thread

pytestmark = pytest.mark.browser

ADMIN, LEAD, VIEWER = "root@example.com", "lead@example.com", "viewer@example.com"
CHIEF, MOLE = "chief@example.com", "mole@example.com"  # who speak the protocol by hand
SECRET = "0123456789abcdef" * 2
COOKIE, XSRF = "_streamlit_user", "_streamlit_xsrf"
IDLE, ABSOLUTE = 30, 3  # minutes that nobody need be seen, hours that a sign-in may last
QUIET = 1.5  # seconds without a word
FORGED = 2.0  # seconds that something forged is given to begin
A_CARD = "<section class"  # as the protocol writes what the page draws of figures


@pytest.fixture(scope="module")
def door(alarmed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a sign-in, three people, and nobody on its pages yet."""
    base = tmp_path_factory.mktemp("door")
    shutil.copytree(alarmed, base / "home")
    known = ((ADMIN, "admin"), (LEAD, "lead"), (VIEWER, "viewer"), (CHIEF, "admin"), (MOLE, "viewer"))
    for email, role in known:
        people.add(Settings(home=base / "home"), email, role, who="root")  # type: ignore[arg-type]
    with provided(base) as config, serve_at(base, config) as running:
        yield running


@contextmanager
def provided(base: Path) -> Iterator[Callable[[int], Path]]:
    """A provider on loopback, and what to write into holdfast.toml for a port of ours."""
    with run_server_in_thread(port=free_port()) as provider:

        def write(port: int) -> Path:
            config = base / "holdfast.toml"
            config.write_text(
                f'[sign_in]\nmetadata_url = "http://localhost:{provider.server_port}/.well-known/openid-configuration"\n'
                'client_id = "holdfast"\nclient_secret = "secret"\n'
                f'cookie_secret = "{SECRET}"\n'
                f'redirect = "http://localhost:{port}/oauth2callback"\n'
                f"idle_minutes = {IDLE}\nabsolute_hours = {ABSOLUTE}\n"
            )
            return config

        yield write


@contextmanager
def serve_at(base: Path, config: Callable[[int], Path]) -> Iterator[Server]:
    port = free_port()
    with serve(
        base / "home",
        base / "log",
        port=port,
        HOLDFAST_CONFIG=str(config(port)),
        HOLDFAST_ENGINE="elsewhere",
    ) as running:
        yield Server(running.home, f"http://localhost:{port}", running.process, running.log)


def sign_in(browser: Browser, door: Server, email: str, *, is_own: bool = False) -> Page:
    page = tab(browser, is_own=is_own)
    page.goto(door.url)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(email)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{door.url}/**")
    page.locator(SETTLED).wait_for()
    return page


def test_signing_in_leads_to_the_page_that_was_wanted(browser: Browser, door: Server) -> None:
    page = tab(browser)
    page.goto(f"{door.url}/revenue?grain=week")
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(VIEWER)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", name="Revenue", exact=True, level=1)).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"/revenue\?(.*&)?grain=week"))
    assert not [cookie for cookie in page.context.cookies() if cookie.get("name") == wanted.COOKIE]


def menu(page: Page) -> list[str]:
    texts = page.locator("[data-testid=stSidebarNavLink]").all_inner_texts()
    return [text.splitlines()[-1] for text in texts]


def signed(door: Server, email: str, ago: timedelta = timedelta()) -> dict[str, str]:
    """The cookie of somebody who signed in just now, or a while ago."""
    said = claims(email=email, at=clock.now() - ago) | {"origin": door.url}
    return {"Cookie": f"{COOKIE}={create_signed_value(SECRET, COOKIE, json.dumps(said)).decode()}"}


def xsrf_of(door: Server) -> str:
    """What a page is given so that what it sends is known to come from it."""
    with urlopen(f"{door.url}/_stcore/health") as answer:
        given = str(answer.headers["set-cookie"])
    return given.partition(f"{XSRF}=")[2].partition(";")[0]


def speak(door: Server, who: str = "", ago: timedelta = timedelta()) -> ClientConnection:
    """A connection to the pages as a browser makes it, of nobody or of somebody who signed in."""
    token, headers = xsrf_of(door), signed(door, who, ago) if who else {}
    cookies = "; ".join([*headers.values(), f"{XSRF}={token}"])
    return connect(
        door.url.replace("http", "ws") + "/_stcore/stream",
        subprotocols=[Subprotocol("streamlit"), Subprotocol(token)],
        origin=Origin(door.url),
        additional_headers={"Cookie": cookies},
        max_size=None,
    )


def ask(door: Server, *messages: BackMsg, who: str = "", ago: timedelta = timedelta()) -> str:
    """What a page hears that speaks the protocol by hand: until a run ended, and nothing more came."""
    heard: list[ForwardMsg] = []
    with speak(door, who, ago) as socket:
        for place, message in enumerate(messages, 1):
            socket.send(message.SerializeToString())
            is_last = place == len(messages)
            ended = listen(socket, heard, PATIENCE / 1000 if is_last else FORGED)
            assert ended or not is_last, "the run did not end"
    return "\n".join(map(str, heard))


def listen(socket: ClientConnection, heard: list[ForwardMsg], patience: float) -> bool:
    """Take in what comes until a run has ended; whether one did, as none may begin of what is forged."""
    ended = False
    with suppress(TimeoutError):
        while True:
            told = socket.recv(timeout=QUIET if ended else patience)
            heard.append(ForwardMsg.FromString(told if isinstance(told, bytes) else told.encode()))
            ended = ended or heard[-1].WhichOneof("type") == "script_finished"
    return ended


def rerun(page: str = "", fragment: str = "") -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = "segment=plan%3Apro"
    message.rerun_script.page_script_hash = calc_hash(page) if page else ""
    message.rerun_script.fragment_id = fragment
    state = message.rerun_script.widget_states.widgets.add()
    state.id, state.trigger_value = "$$ID-forged-alerts_take", True
    return message


def found(heard: str, key: str) -> str:
    """The id of a widget that was drawn, by its key."""
    return next(iter(re.findall(rf'id: "(\$\$ID-[^"]*-{key})"', heard)), "")


def pressed(page: str, fragment: str, button: str, query: str = "", **texts: str) -> BackMsg:
    """A click on a button, with what fields hold, as the browser sends it."""
    message = BackMsg()
    asked = message.rerun_script
    asked.query_string, asked.page_script_hash, asked.fragment_id = query, calc_hash(page), fragment
    for widget, text in texts.items():
        state = asked.widget_states.widgets.add()
        state.id, state.string_value = widget, text
    state = asked.widget_states.widgets.add()
    state.id, state.trigger_value = button, True
    return message


def test_what_an_admins_page_holds_does_nothing_when_a_viewer_sends_it(door: Server) -> None:
    """Ids of widgets and fragments are the same for everybody; that an admin's click works is shown first."""
    settings = Settings(home=door.home)
    seen = ask(door, rerun("people"), who=CHIEF)
    name, button = found(seen, "people_token_name"), found(seen, "people_do_token")
    fragments = set(re.findall(r'fragment_id: "([^"]+)"', seen))
    assert name.endswith("people_token_name")
    assert fragments
    forged = [pressed("people", one, button, **{name: "stolen"}) for one in ("", *sorted(fragments)[:2])]
    heard = ask(door, rerun("people"), *forged, who=MOLE)
    assert A_CARD in heard, "they may look at the Overview"
    assert tokens.tokens(settings) == []
    assert "people_token" not in heard
    assert not {CHIEF, ADMIN, LEAD} & set(re.findall(r"[a-z]+@example\.com", heard))
    ask(door, rerun("people"), pressed("people", "", button, **{name: "mine"}), who=CHIEF)
    assert [one.name for one in tokens.tokens(settings)] == ["mine"]


def test_a_sign_in_ends_when_nobody_was_seen_and_when_it_lasted_too_long(door: Server) -> None:
    short = timedelta(minutes=IDLE)
    assert A_CARD in ask(door, rerun(), who=MOLE, ago=short / 2)
    for ago, why in (
        (short + timedelta(minutes=1), "You were away for a while, so your sign-in has ended."),
        (timedelta(hours=ABSOLUTE, minutes=1), "it lasts for a limited time, however much you use it."),
    ):
        heard = ask(door, rerun(), who=MOLE, ago=ago)
        assert why in heard
        assert A_CARD not in heard


def test_a_button_that_was_never_drawn_for_a_viewer_does_nothing(door: Server) -> None:
    settings = Settings(home=door.home)
    alert = next(one for group in alerts.alerts(settings) for one in group.alerts if one.taken_by is None)
    look = rerun("alerts")
    look.rerun_script.query_string = query = f"alert={alert.alert_id}"
    button = found(ask(door, look, who=CHIEF), "alerts_take")
    assert button
    assert button not in ask(door, look, pressed("alerts", "", button, query), who=MOLE)
    assert alerts.alert(settings, alert.alert_id).taken_by is None
    ask(door, look, pressed("alerts", "", button, query), who=CHIEF)
    assert alerts.alert(settings, alert.alert_id).taken_by == CHIEF
    alerts.release(settings, alert.alert_id, who=CHIEF, instead_of=CHIEF)


def test_no_path_leads_out_of_what_is_served(door: Server) -> None:
    """Said as it stands: a client would tidy it first."""
    outside = [f"{prefix}{step * depth}{name}" for prefix in ("/app/static/", "/media/", "/static/", "/")
               for step in ("../", "..%2f", "%2e%2e/", "....//", "..%5c") for depth in (1, 4)
               for name in ("holdfast.toml", "home/control.sqlite", "etc/passwd")]  # fmt: skip
    asked = http.client.HTTPConnection(door.url.removeprefix("http://"), timeout=30)
    for path in outside:
        asked.request("GET", path, headers=signed(door, MOLE))
        answer = asked.getresponse()
        told = answer.read()
        assert not any(text in told for text in (b"cookie_secret", b"SQLite format", b"import ", b"root:")), (
            path
        )
    asked.close()


def test_what_is_too_large_is_not_taken_in(door: Server) -> None:
    with speak(door, MOLE) as socket:
        socket.send(rerun().SerializeToString())
        first = ForwardMsg.FromString(bytes(socket.recv()))  # type: ignore[arg-type]
        session, token = first.new_session.initialize.session_id, xsrf_of(door)
        headers = {"Cookie": f"{signed(door, MOLE)['Cookie']}; {XSRF}={token}", "X-Xsrftoken": token}
        for size, status in ((1_000, 400), (4_000_000, 413)):
            asked = http.client.HTTPConnection(door.url.removeprefix("http://"), timeout=30)
            asked.request("PUT", f"/_stcore/upload_file/{session}/f", body=b"x" * size, headers=headers)
            assert asked.getresponse().status == status
            asked.close()


@pytest.mark.parametrize("page", ["", "overview", "alerts", "people"])
def test_a_fresh_server_tells_a_stranger_nothing_whatever_page_they_ask_for(door: Server, page: str) -> None:
    heard = ask(door, rerun(page, fragment="overview"), rerun(page))
    assert A_CARD not in heard
    assert "Numbers of your company stand behind this door" in heard


def test_a_page_of_another_site_gets_no_websocket(door: Server) -> None:
    for path in ("/_stcore/stream", "/live"):
        with pytest.raises((InvalidStatus, ConnectionClosed)):
            connect(door.url.replace("http", "ws") + path, origin=Origin("https://evil.example"))
    with pytest.raises((InvalidStatus, ConnectionClosed)):
        connect(door.url.replace("http", "ws") + "/live", origin=Origin(door.url))


def test_the_role_decides_the_menu_and_a_link_opens_no_more(door: Server, browser: Browser) -> None:
    page = sign_in(browser, door, VIEWER)
    expect(page.locator("h1")).to_have_text("Overview", timeout=PATIENCE)
    assert "Alerts" in menu(page)
    assert not {"Rules", "Channels", "Sources", "People"} & set(menu(page))
    page.goto(f"{door.url}/people")
    page.locator(SETTLED).wait_for()
    expect(page.locator("h1")).not_to_have_text("People")
    admin = sign_in(browser, door, ADMIN, is_own=True)
    expect(admin.locator("h1")).to_have_text("Overview", timeout=PATIENCE)
    assert "People" in menu(admin)


def test_who_was_not_added_is_told_so(door: Server, browser: Browser) -> None:
    page = sign_in(browser, door, "stranger@example.com")
    expect(page.get_by_text("is not on the list of those who may come in")).to_be_visible(timeout=PATIENCE)
    assert not menu(page)


def test_a_role_that_was_taken_back_does_nothing_more_in_an_open_tab(door: Server, browser: Browser) -> None:
    settings = Settings(home=door.home)
    page = sign_in(browser, door, LEAD)
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    alert = next(one for group in alerts.alerts(settings) for one in group.alerts if one.taken_by is None)
    page.goto(f"{door.url}/alerts?alert={alert.alert_id}")
    take = page.get_by_role("button", name="Take", exact=True)
    expect(take).to_be_visible(timeout=PATIENCE)
    page.locator(SETTLED).wait_for()  # a run under way would already draw for a viewer, without the button
    people.change(settings, LEAD, who="root", role="viewer")
    take.click()
    expect(page.get_by_text("This is for the role lead and above; yours is viewer.")).to_be_visible(
        timeout=PATIENCE
    )
    assert alerts.alert(settings, alert.alert_id).taken_by is None
    people.change(settings, LEAD, who="root", role="lead")


def test_an_open_page_closes_by_itself_when_its_reader_is_let_in_no_more(
    door: Server, browser: Browser
) -> None:
    settings = Settings(home=door.home)
    page = sign_in(browser, door, VIEWER)
    expect(page.locator("h1")).to_have_text("Overview", timeout=PATIENCE)
    people.deactivate(settings, VIEWER, who="root")
    expect(page.get_by_text("may not come in any more")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".hf-card")).to_have_count(0)
    people.change(settings, VIEWER, who="root", is_active=True)


def test_after_signing_out_a_copy_of_the_cookie_opens_nothing(door: Server, browser: Browser) -> None:
    page = sign_in(browser, door, ADMIN)
    expect(page.locator("h1")).to_have_text("Overview", timeout=PATIENCE)
    (kept,) = [each for each in page.context.cookies() if each["name"] == COOKIE]
    copied, tampered = kept["value"], kept["value"][:-6] + "A" * 6
    expect(bring(browser, door, copied).locator("h1")).to_have_text("Overview", timeout=PATIENCE)
    is_asked_to_sign_in(bring(browser, door, tampered))
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click(timeout=2 * PATIENCE)  # the provider asks, too
    is_asked_to_sign_in(page)
    assert COOKIE not in {each["name"] for each in page.context.cookies()}
    is_asked_to_sign_in(bring(browser, door, copied))


def bring(browser: Browser, door: Server, value: str) -> Page:
    """Another browser with this cookie."""
    page = tab(browser, is_own=True)
    page.context.add_cookies([{"name": COOKIE, "value": value, "url": door.url}])
    page.goto(door.url)
    return page


def is_asked_to_sign_in(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".hf-card")).to_have_count(0)
