"""The Channels page in a real browser: a channel is added, tried, changed and removed as people do it."""

import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data.settings import Settings
from engine.desk import channels
from tests.pages.browsing import PATIENCE, SETTLED, SIDEWAYS, visit
from tests.pages.serving import Server, serve

pytestmark = pytest.mark.browser


class Inbox(ThreadingHTTPServer):
    """Takes whatever is posted, or refuses it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.status = 200
        self.came: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks/quite-secret"


class Door(BaseHTTPRequestHandler):
    server: Inbox

    def do_POST(self) -> None:
        self.server.came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture(scope="module")
def reached(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a copy of the company that channels may be added to."""
    base = tmp_path_factory.mktemp("reached")
    shutil.copytree(company, base / "home")
    with serve(base / "home", base / "log") as running:
        yield running


def add(page: Page, name: str, address: str) -> Locator:
    """Through the dialog; the one for a test message is open afterwards."""
    page.get_by_role("button", name="Add a channel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_test_id("stSelectbox").first.click()
    page.get_by_role("option", name="Webhook").click()
    dialog.get_by_role("textbox", name="Url").wait_for()
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("textbox", name="Url").fill(address)
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Send a test message")).to_be_visible(timeout=PATIENCE)
    return page.get_by_role("dialog")


def row(page: Page, name: str) -> Locator:
    return page.locator(".st-key-panel_channels tbody tr", has=page.locator(f"[data-open='change:{name}']"))


def test_a_channel_is_added_and_tried_and_its_address_is_never_shown_again(
    browser: Browser, reached: Server, inbox: Inbox
) -> None:
    page = visit(browser, f"{reached.url}/channels")
    dialog = add(page, "team", inbox.address)
    dialog.get_by_role("button", name="Send it").click()
    expect(dialog.get_by_test_id("stAlert")).to_contain_text("was handed over", timeout=PATIENCE)
    assert len(inbox.came) == 1
    page.keyboard.press("Escape")
    expect(row(page, "team")).to_be_visible(timeout=PATIENCE)
    row(page, "team").locator("[data-open='change:team']").click()
    expect(page.get_by_role("dialog").get_by_placeholder("stays as it is").first).to_have_value(
        "", timeout=PATIENCE
    )
    assert "quite-secret" not in page.content()


def test_a_channel_that_refuses_says_why(browser: Browser, reached: Server, inbox: Inbox) -> None:
    inbox.status = 403
    page = visit(browser, f"{reached.url}/channels")
    dialog = add(page, "closed", inbox.address)
    dialog.get_by_role("button", name="Send it").click()
    expect(dialog.get_by_test_id("stAlert")).to_contain_text("403", timeout=PATIENCE)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    browser: Browser, reached: Server, inbox: Inbox
) -> None:
    settings = Settings(home=reached.home)
    channels.create_channel(settings, "shared", "webhook", {"url": inbox.address}, who="Jo")
    page = visit(browser, f"{reached.url}/channels")
    page.locator("[data-open='change:shared']").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").wait_for()
    theirs = channels.Hours("Asia/Tokyo", "20:00", "08:00")
    channels.change_channel(settings, "shared", {}, version=1, hours=theirs, who="Jo")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Jo changed the channel 'shared' meanwhile")).to_be_visible(timeout=PATIENCE)
    assert channels.channels(settings)["shared"].hours == theirs


def test_a_channel_is_paused_resumed_and_removed(browser: Browser, reached: Server, inbox: Inbox) -> None:
    settings = Settings(home=reached.home)
    channels.create_channel(settings, "old", "webhook", {"url": inbox.address}, who="Jo")
    page = visit(browser, f"{reached.url}/channels")
    page.locator("[data-open='pause:old']").click()
    expect(row(page, "old")).to_contain_text("Paused", timeout=PATIENCE)
    page.locator("[data-open='resume:old']").click()
    expect(row(page, "old")).not_to_contain_text("Paused", timeout=PATIENCE)
    page.locator("[data-open='remove:old']").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Type its name to confirm").fill("olf")
    dialog.get_by_role("button", name="Remove it").click()
    expect(dialog.get_by_text("That is not its name.")).to_be_visible(timeout=PATIENCE)
    dialog.get_by_label("Type its name to confirm").fill("old")
    dialog.get_by_role("button", name="Remove it").click()
    expect(row(page, "old")).to_have_count(0, timeout=PATIENCE)
    assert "old" not in channels.channels(settings)


def test_routes_are_added_and_put_in_order(browser: Browser, reached: Server, inbox: Inbox) -> None:
    settings = Settings(home=reached.home)
    channels.create_channel(settings, "leads", "webhook", {"url": inbox.address}, who="Jo")
    channels.set_routes(settings, [channels.Route(None, None, None, ("leads",))], who="Jo")
    page = visit(browser, f"{reached.url}/channels")
    page.get_by_role("button", name="Add a route").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Segment").fill("Team")
    dialog.get_by_test_id("stMultiSelect").click()
    page.get_by_role("option", name="leads").click()
    page.keyboard.press("Escape") if page.get_by_role("listbox").count() else None
    dialog.get_by_role("button", name="Save").click()
    panel = page.locator(".st-key-panel_channels_routes tbody tr")
    expect(panel).to_have_count(2, timeout=PATIENCE)
    page.locator("[data-open='up:1']").click()
    expect(panel.first).to_contain_text("Team", timeout=PATIENCE)
    assert [route.segment for route in channels.routes(settings)] == ["Team", None]


@pytest.mark.parametrize("box", ["Waiting", "Given up", "Sent", "Dropped"])
def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, reached: Server, box: str) -> None:
    page = visit(browser, f"{reached.url}/channels?channels_box={box}", width=390)
    chosen = page.locator(".st-key-channels_box").get_by_role("radio", name=box)
    expect(chosen).to_have_attribute("aria-checked", "true", timeout=PATIENCE)
    page.locator(SETTLED).wait_for()
    assert page.evaluate(SIDEWAYS) <= 0
