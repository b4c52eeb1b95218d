"""The Sources page in a real browser: connected, mended and revoked as people do it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from data.settings import Settings
from engine import sources
from tests.pages.browsing import FRESHNESS, PATIENCE, SETTLED, SIDEWAYS, as_of, slowed_down, tab, visit
from tests.pages.serving import Server, serve

pytestmark = pytest.mark.browser
NOTES_WHETHER_ALL_ARE_LISTED = """() => {
    const are = () => document.querySelector(".st-key-panel_sources") !== null
    window.listed = [are()]
    const note = () => { if (are() !== window.listed.at(-1)) window.listed.push(are()) }
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true })
}"""


@pytest.fixture(scope="module")
def doors(connected: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a copy of the connected company, whose sources tests may change."""
    base = tmp_path_factory.mktemp("doors")
    shutil.copytree(connected, base / "home")
    with serve(base / "home", base / "log") as running:
        yield running


def first(page: Page) -> Locator:
    return page.locator(".hf-first")


def tile(page: Page, name: str) -> Locator:
    return page.locator(".hf-tiles > div", has=page.get_by_text(name, exact=True)).locator("b")


def make_key(page: Page) -> str:
    page.get_by_role("button", name="Create a key").click()
    page.get_by_placeholder("web app, production").fill("test")
    page.get_by_role("button", name="Create", exact=True).click()
    return page.locator(".st-key-sources_fresh code").inner_text().strip()


def post(server: Server, key: str, *calls: dict[str, object]) -> httpx.Response:
    return httpx.post(f"{server.url}/v1/batch", auth=(key, ""), json={"batch": calls}, timeout=30)


def test_a_source_is_added_connected_and_turns_green_by_itself(browser: Browser, doors: Server) -> None:
    page = visit(browser, f"{doors.url}/sources")
    page.evaluate("() => { window.sameDocument = true }")
    add(fill_in(page, "shop"))
    expect(first(page)).to_contain_text("Waiting for the first event", timeout=PATIENCE)
    expect(page).to_have_url(re.compile("source=shop"))

    key = make_key(page)
    snippet = page.locator(".st-key-panel_source_connect").get_by_test_id("stCode")
    expect(snippet).to_contain_text(key)
    expect(snippet).to_contain_text(doors.url)
    answer = post(
        doors,
        key,
        {"type": "identify", "userId": "u1", "traits": {"plan": "pro"}},
        {"type": "track", "userId": "u1", "event": "go"},
    )
    assert [item["outcome"] for item in answer.json()["items"]] == ["accepted", "accepted"]
    expect(first(page)).to_contain_text("Connected.", timeout=PATIENCE)
    expect(tile(page, "Facts")).to_have_text("2", timeout=PATIENCE)
    expect(tile(page, "Lag")).to_contain_text("s", timeout=PATIENCE)
    assert page.evaluate("() => window.sameDocument")


def test_news_behind_a_dialog_do_not_take_back_what_was_chosen_in_it(browser: Browser, doors: Server) -> None:
    lines: list[WebSocketRoute] = []
    page = tab(browser)
    page.route_web_socket("**/live", lambda line: lines.insert(0, line))
    page.goto(f"{doors.url}/sources")
    as_of(page)  # now it listens
    page.evaluate(NOTES_WHETHER_ALL_ARE_LISTED)
    dialog = fill_in(page, "late")
    with slowed_down(page):  # news and what was chosen are drawn in one go
        news = {"edition": "99999999-20990101T000000Z", "alive": True, "backlog": None, "alarms": 0}
        lines[0].send(json.dumps(news))
        add(dialog)
        key = make_key(page)
    assert key
    assert page.evaluate("() => window.listed") == [True, False]


def fill_in(page: Page, name: str) -> Locator:
    """The dialog that adds a source, filled in."""
    page.get_by_role("button", name="Add a source").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_test_id("stSelectbox").click()
    page.get_by_role("option", name=re.compile("^Segment")).click()
    dialog.get_by_role("textbox", name="Name").fill(name)
    return dialog


def add(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Add", exact=True).click()


def test_a_test_delivery_goes_through_the_door_and_arrives(browser: Browser, doors: Server) -> None:
    page = visit(browser, f"{doors.url}/sources?source=new")
    expect(first(page)).to_contain_text("Waiting for the first event", timeout=PATIENCE)
    page.get_by_role("button", name="Send a test delivery").click()
    steps = page.locator(".hf-step-line")
    expect(steps.first).to_contain_text("The door answered 200", timeout=PATIENCE)
    expect(steps.first).to_contain_text("accepted")
    expect(page.get_by_text("It has arrived")).to_be_visible(timeout=PATIENCE)
    expect(first(page)).to_contain_text("Connected.")
    expect(tile(page, "Waiting")).to_have_text("1")
    expect(page.get_by_text("1 revoked key")).to_be_visible()


def test_a_row_set_aside_is_fixed_and_replayed(browser: Browser, doors: Server) -> None:
    page = visit(browser, f"{doors.url}/sources?source=app")
    expect(tile(page, "Set aside")).to_have_text("65", timeout=PATIENCE)
    page.locator("[data-open^='fix:']").first.click()
    text = page.get_by_label("The row, as JSON")
    expect(text).to_have_value(re.compile(r"^\{"), timeout=PATIENCE)  # it comes a moment after its field
    fixed = {**json.loads(text.input_value()), "userId": "acc-002"}
    text.fill("{")
    page.get_by_role("button", name="Replay it like this").click()
    expect(page.get_by_text("This is not JSON")).to_be_visible(timeout=PATIENCE)
    text.fill(json.dumps(fixed))
    page.get_by_role("button", name="Replay it like this").click()
    expect(page.get_by_text("1 row taken in")).to_be_visible(timeout=PATIENCE)
    expect(tile(page, "Set aside")).to_have_text("64", timeout=PATIENCE)


def test_all_rows_with_one_reason_are_replayed_and_say_why_they_return(
    browser: Browser, doors: Server
) -> None:
    page = visit(browser, f"{doors.url}/sources?source=app")
    reasons = page.locator(".st-key-sources_fault").get_by_test_id("stSelectbox")
    reasons.evaluate("element => element.scrollIntoView({ block: 'center' })")
    reasons.click()
    page.get_by_role("option", name=re.compile("^5 ×")).click()
    page.get_by_role("button", name="Replay 5").click()
    expect(page.get_by_text("5 rows still set aside")).to_be_visible(timeout=PATIENCE)


def test_a_revoked_key_opens_nothing(browser: Browser, doors: Server) -> None:
    sources.add_source(Settings(home=doors.home), "gone", "segment")
    page = visit(browser, f"{doors.url}/sources?source=gone")
    key = make_key(page)
    assert post(doors, key, {"type": "track", "userId": "u2", "event": "go"}).status_code == 200
    page.get_by_role("button", name="Revoke a key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Revoke it").click()
    expect(dialog.get_by_text("Confirm with the tick first.")).to_be_visible(timeout=PATIENCE)
    dialog.get_by_text("Nothing that matters uses it any more").click()
    dialog.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_text("1 revoked key")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".st-key-sources_fresh")).to_have_count(0)
    page.wait_for_timeout(1000)  # a door trusts what it knows of a key for half a second
    refused = post(doors, key, {"type": "track", "userId": "u2", "event": "go"})
    assert refused.status_code == 401
    assert "revoked" in refused.json()["message"]


def test_a_late_source_and_a_stopped_engine_are_told_on_every_page(
    browser: Browser, connected: Path, tmp_path: Path
) -> None:
    shutil.copytree(connected, tmp_path / "home")
    _, key = sources.create_key(Settings(home=tmp_path / "home"), "app")
    with serve(tmp_path / "home", tmp_path / "log", HOLDFAST_ENGINE="elsewhere") as alone:
        page = visit(browser, alone.url)
        line, mark = page.locator(FRESHNESS), page.locator(".hf-card .hf-late").first
        expect(mark).to_have_attribute("title", re.compile("app is late: nothing came for"), timeout=PATIENCE)
        expect(line).to_contain_text("Engine stopped", timeout=PATIENCE)
        assert post(alone, key, {"type": "track", "userId": "acc-001", "event": "go"}).status_code == 200
        expect(line).to_contain_text("1 delivery waiting, oldest", timeout=PATIENCE)
        line.click()
        expect(page.get_by_text("The doors keep accepting")).to_be_visible()
        expect(page.locator("#details .todo")).to_contain_text("app is late: nothing came for")


@pytest.mark.parametrize("name", ["app", "billing", "new", "files"])
def test_no_opened_source_scrolls_sideways_on_a_phone(browser: Browser, doors: Server, name: str) -> None:
    page = visit(browser, f"{doors.url}/sources?source={name}", width=390)
    expect(page.locator(".hf-tiles")).to_be_visible(timeout=PATIENCE)
    page.locator(SETTLED).wait_for()
    assert page.evaluate(SIDEWAYS) <= 0


def test_a_name_in_the_table_opens_its_source(browser: Browser, doors: Server) -> None:
    page = visit(browser, f"{doors.url}/sources")
    page.locator("[data-open=billing]").click()
    expect(page.locator(".hf-tiles")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile("source=billing"))
    page.get_by_role("button", name="All sources").click()
    expect(page.locator(".hf-sources")).to_be_visible(timeout=PATIENCE)
