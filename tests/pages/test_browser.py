"""The pages in a real browser, served as people serve them."""

import json
import re
import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from data.settings import Settings
from metrics import read
from pages.parts.rooms import ROOMS
from tests.pages.browsing import AS_OF, FRESHNESS, PATIENCE, SETTLED, as_of, tab, visit
from tests.pages.company import account, stamp, write
from tests.pages.serving import Server, engine, serve

pytestmark = pytest.mark.browser


def period(page: Page, name: str) -> Locator:
    """A period's button in the top line; until it is drawn, the same word stands only in a table."""
    return page.locator(".st-key-top").get_by_test_id("stButtonGroup").get_by_text(name, exact=True)


def test_a_raw_deep_link_on_a_fresh_server_goes_through_the_menu(
    browser: Browser, company: Path, tmp_path: Path
) -> None:
    shutil.copytree(company, tmp_path / "home")
    with serve(tmp_path / "home", tmp_path / "log") as fresh:
        page = visit(browser, f"{fresh.url}/revenue")
        expect(page.locator("h1")).to_have_text("Revenue")
        expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(sum(map(len, ROOMS.values())))


@pytest.mark.parametrize("path", ["menu", "cards"])
def test_an_address_that_is_no_page_of_the_menu_runs_nothing_else(
    browser: Browser, server: Server, path: str
) -> None:
    page = visit(browser, f"{server.url}/{path}")
    expect(page.locator("h1")).to_have_text("Overview")


def test_a_month_under_the_pointer_says_what_its_bars_are(browser: Browser, server: Server) -> None:
    month = visit(browser, server.url).locator(".hf-months > div").first
    tip = "(month) => getComputedStyle(month, '::after').content"
    assert month.evaluate(tip) == "none"
    month.hover(timeout=PATIENCE)
    assert "Net change" in month.evaluate(tip)


def test_what_is_on_its_way_holds_its_place_without_moving(browser: Browser, server: Server) -> None:
    page = tab(browser, is_own=True, motion="no-preference")  # which has the code of nothing yet
    page.route("**/Selectbox*.js", lambda _: None)
    page.goto(server.url)
    page.locator(".hf-bars").wait_for()
    place = page.locator(".st-key-segment").get_by_test_id("stSkeleton")
    assert place.evaluate("(place) => getComputedStyle(place).animationName") == "none"
    page.unroute_all(behavior="ignoreErrors")


def test_the_address_keeps_the_choices_and_a_link_shows_the_same_view(
    browser: Browser, server: Server
) -> None:
    page = visit(browser, server.url)
    period(page, "Month").click()
    page.wait_for_url("**overview_grain=*")
    expect(page.locator(".hf-sub", has_text="By month · All accounts")).to_be_visible(timeout=PATIENCE)
    page.locator(SETTLED).wait_for()
    page.locator(".st-key-segment").get_by_test_id("stSelectbox").click()
    page.get_by_role("option", name="Plan: Team").click()
    page.wait_for_url("**segment=*")
    expect(page.locator(".hf-sub", has_text="Plan: Team").first).to_be_visible(timeout=PATIENCE)
    again = visit(browser, page.url, is_own=True)
    expect(again.locator(".hf-sub", has_text="By month · Plan: Team")).to_be_visible(timeout=PATIENCE)


def test_a_choice_of_segment_goes_along_to_the_next_page(browser: Browser, server: Server) -> None:
    page = visit(browser, f"{server.url}/?segment=Plan%3A+Team")
    expect(page.locator(".hf-sub", has_text="Plan: Team").first).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Revenue").click()
    expect(page.locator("h1")).to_have_text("Revenue", timeout=PATIENCE)
    expect(page.locator(".hf-sub", has_text="Plan: Team").first).to_be_visible(timeout=PATIENCE)


def test_a_question_mark_opens_the_definition_whole(browser: Browser, server: Server) -> None:
    page = visit(browser, server.url, width=390)
    page.locator(".hf-card .hf-ask").nth(1).click()
    pop_up = page.locator(".hf-pop:popover-open")
    expect(pop_up).to_be_visible()
    box = pop_up.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    expect(pop_up.locator(".hf-as-of")).to_contain_text(
        re.compile(r"\d{4}, \d{2}:\d{2} \("), timeout=PATIENCE
    )
    pop_up.get_by_text("SQL").click()
    expect(pop_up.locator("pre")).to_contain_text("select")


def test_a_new_edition_comes_in_without_a_reload(browser: Browser, server: Server, tmp_path: Path) -> None:
    page = visit(browser, f"{server.url}/activation?activation_grain=day")
    page.evaluate("() => { window.sameDocument = true }")
    card = page.locator(".hf-card", has_text="sign-ups").locator(".hf-sofar b")
    before = int(card.inner_text().replace(",", "")) if card.count() else 0
    now = datetime.now(UTC)
    write(
        tmp_path / "new", "accounts", [account(900 + place, now - timedelta(seconds=9)) for place in range(7)]
    )
    visited = {"account_id": "acc-900", "occurred_at": stamp(now), "name": "visited"}
    write(tmp_path / "new", "events", [{"event_id": "new", **visited}])
    engine(server.home, "import", str(tmp_path / "new"))
    expect(card).to_have_text(str(before + 7), timeout=PATIENCE)
    assert page.evaluate("() => window.sameDocument")
    alone = "() => 'byItself' in document.documentElement.dataset"
    assert page.evaluate(alone)
    page.locator("h1").click()
    assert not page.evaluate(alone), "what its reader asks for is waited for visibly"


def test_a_page_that_is_ahead_of_what_it_hears_does_not_ask_again(browser: Browser, server: Server) -> None:
    asked: list[str] = []
    lines: list[WebSocketRoute] = []
    page = tab(browser)
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.extend(news(frame))))
    page.route_web_socket("**/live", lambda line: lines.insert(0, line))  # the test tells the news, late
    page.goto(server.url)
    as_of(page)  # now it listens
    page.locator(SETTLED).wait_for()
    passed_over, _ = refreshed(server), refreshed(server)
    tell(page, lines[0], passed_over)
    newest = refreshed(server)  # meanwhile the page would ask again
    tell(page, lines[0], newest)
    assert asked == [passed_over, newest]


def refreshed(server: Server) -> str:
    """The name of a new edition."""
    engine(server.home, "refresh")
    return read.current(Settings(home=server.home)) or ""


def tell(page: Page, line: WebSocketRoute, edition: str) -> None:
    """The page hears of an edition; until it has drawn what it asked for then."""
    before = as_of(page)
    line.send(json.dumps({"edition": edition, "alive": True, "backlog": None, "alarms": 0}))
    expect(page.locator(AS_OF)).not_to_contain_text(before, timeout=PATIENCE)
    page.locator(SETTLED).wait_for()


def news(frame: str | bytes) -> list[str]:
    """The editions that a message to the server asks for."""
    sent = frame if isinstance(frame, bytes) else frame.encode()
    return [found.decode() for found in re.findall(rb'"event":"edition","value":"([^" ]+)', sent)]


def test_the_first_edition_turns_the_first_run_page_into_the_overview(
    browser: Browser, company: Path, tmp_path: Path
) -> None:
    with serve(tmp_path / "home", tmp_path / "log") as empty:
        page = visit(browser, empty.url)
        expect(page.get_by_text("Nothing has been published yet")).to_be_visible()
        engine(empty.home, "import", str(company.parent / "files"))
        expect(page.locator(".hf-card").first).to_be_visible(timeout=PATIENCE)


def test_the_age_counts_on_and_a_server_that_goes_away_is_told(
    browser: Browser, company: Path, tmp_path: Path
) -> None:
    shutil.copytree(company, tmp_path / "home")
    with serve(tmp_path / "home", tmp_path / "log") as leaving:
        page = visit(browser, leaving.url)
        line = page.locator(FRESHNESS)
        expect(line).to_contain_text("behind", timeout=PATIENCE)
        first = line.inner_text()
        expect(line).not_to_have_text(first, timeout=PATIENCE)
        leaving.process.send_signal(signal.SIGINT)
        expect(line).to_contain_text("No connection to the server", timeout=PATIENCE)


def test_a_stopped_engine_is_red_and_says_what_to_do(browser: Browser, company: Path, tmp_path: Path) -> None:
    shutil.copytree(company, tmp_path / "home")
    with serve(tmp_path / "home", tmp_path / "log", HOLDFAST_ENGINE="elsewhere") as alone:
        page = visit(browser, alone.url)
        line = page.locator(FRESHNESS)
        expect(line).to_contain_text("Engine stopped", timeout=PATIENCE)
        expect(page.locator(".hf-card")).to_have_count(6)
        line.click()
        expect(page.get_by_text("python -m engine run")).to_be_visible()


def test_the_server_stops_cleanly_on_an_interrupt(company: Path, tmp_path: Path) -> None:
    shutil.copytree(company, tmp_path / "home")
    with serve(tmp_path / "home", tmp_path / "log") as running:
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(timeout=30) in (0, -signal.SIGINT, 128 + signal.SIGINT)
        assert "Traceback" not in running.log.read_text()
