"""The way in, with a real provider, a real browser, and with neither."""

import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from data.settings import Settings
from engine.desk import alerts, people
from tests.pages.browsing import PATIENCE, SETTLED, tab
from tests.pages.serving import Server, free_port, serve

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oidc_provider_mock import run_server_in_thread

pytestmark = pytest.mark.browser

ADMIN, LEAD, VIEWER = "root@example.com", "lead@example.com", "viewer@example.com"
COOKIE = "_streamlit_user"
QUIET = 1.5  # seconds without a word
A_CARD = "<section class"  # as the protocol writes what the page draws of figures


@pytest.fixture(scope="module")
def door(alarmed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a sign-in, three people, and nobody on its pages yet."""
    base = tmp_path_factory.mktemp("door")
    shutil.copytree(alarmed, base / "home")
    for email, role in ((ADMIN, "admin"), (LEAD, "lead"), (VIEWER, "viewer")):
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
                f'cookie_secret = "{"0123456789abcdef" * 2}"\n'
                f'redirect = "http://localhost:{port}/oauth2callback"\n'
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


def sign_in(browser: Browser, door: Server, email: str) -> Page:
    page = tab(browser)
    page.goto(door.url)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(email)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{door.url}/**")
    page.locator(SETTLED).wait_for()
    return page


def menu(page: Page) -> list[str]:
    texts = page.locator("[data-testid=stSidebarNavLink]").all_inner_texts()
    return [text.splitlines()[-1] for text in texts]


def ask(door: Server, *messages: BackMsg) -> str:
    """What a page hears that speaks the protocol by hand: until a run ended, and nothing more came."""
    heard: list[ForwardMsg] = []
    url = door.url.replace("http", "ws") + "/_stcore/stream"
    with connect(
        url,
        subprotocols=[Subprotocol("streamlit")],
        origin=Origin(door.url),
        max_size=None,
    ) as socket:
        for message in messages:
            socket.send(message.SerializeToString())
        ended = False
        with suppress(TimeoutError):
            while True:
                told = socket.recv(timeout=QUIET if ended else PATIENCE / 1000)
                heard.append(ForwardMsg.FromString(told if isinstance(told, bytes) else told.encode()))
                ended = ended or heard[-1].WhichOneof("type") == "script_finished"
    assert ended, "the run did not end"
    return "\n".join(map(str, heard))


def rerun(page: str = "", fragment: str = "") -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = "segment=plan%3Apro"
    message.rerun_script.page_script_hash = calc_hash(page) if page else ""
    message.rerun_script.fragment_id = fragment
    state = message.rerun_script.widget_states.widgets.add()
    state.id, state.trigger_value = "$$ID-forged-alerts_take", True
    return message


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
    admin = sign_in(browser, door, ADMIN)
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
    is_asked_to_sign_in(page)
    assert COOKIE not in {each["name"] for each in page.context.cookies()}
    is_asked_to_sign_in(bring(browser, door, copied))


def bring(browser: Browser, door: Server, value: str) -> Page:
    """Another browser with this cookie."""
    page = tab(browser)
    page.context.add_cookies([{"name": COOKIE, "value": value, "url": door.url}])
    page.goto(door.url)
    return page


def is_asked_to_sign_in(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".hf-card")).to_have_count(0)
