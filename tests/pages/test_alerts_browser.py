"""The Alerts page and the bell in a real browser: opened, acted on, and alive."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from data.settings import Settings
from engine import clock
from engine.desk import alerts, people, rules
from tests.pages.alarmed import HOSTILE, LEAD, alert_id, rule
from tests.pages.browsing import PATIENCE, SETTLED, SIDEWAYS, tab, visit
from tests.pages.serving import Server, engine, serve

pytestmark = pytest.mark.browser
CLICK_AT_ONCE = """
() => new Promise((done) => {
    const look = setInterval(() => {
        const link = document.querySelector("[data-open^='alert:']")
        if (!link || !window.holdfastEarly) return
        clearInterval(look)
        link.click()
        done()
    }, 1)
})
"""
BELL = "[class*=st-key-bell_] a:visible"


@pytest.fixture(scope="module")
def watched(alarmed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a copy of the company whose rules fire."""
    base = tmp_path_factory.mktemp("watched")
    shutil.copytree(alarmed, base / "home")
    with serve(base / "home", base / "log") as running:
        yield running


def opened(browser: Browser, server: Server, segment: str, width: int = 1440) -> Page:
    number = alert_id(server.home, HOSTILE, segment)
    page = visit(browser, f"{server.url}/alerts?alert={number}", width=width)
    expect(page.locator(".hf-tiles")).to_be_visible(timeout=PATIENCE)
    return page


def view(server: Server, segment: str) -> alerts.AlertView:
    return alerts.alert(Settings(home=server.home), alert_id(server.home, HOSTILE, segment))


def test_the_bell_counts_what_fires_on_every_page_and_leads_to_it(browser: Browser, watched: Server) -> None:
    count = alerts.firing_count(Settings(home=watched.home))
    for address in ("", "/sources", "/rules"):
        page = visit(browser, f"{watched.url}{address}")
        expect(page.locator(BELL)).to_have_text(re.compile(f"{count} firing"), timeout=PATIENCE)
    page.locator(BELL).click()
    expect(page.locator("h1")).to_have_text("Alerts", timeout=PATIENCE)
    expect(page).to_have_url(re.compile("/alerts$"))


def test_a_click_opens_an_alert_whose_address_can_be_sent(browser: Browser, watched: Server) -> None:
    number = alert_id(watched.home, HOSTILE, "Asia")
    page = visit(browser, f"{watched.url}/alerts")
    page.locator(f"[data-open='alert:{number}']").click()
    expect(page.locator(".hf-tiles")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(f"alert={number}"))
    expect(
        page.locator(".st-key-panel_alerts_trend canvas, .st-key-panel_alerts_trend svg").first
    ).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="All alerts").click()
    expect(page.locator(".st-key-panel_alerts_timeline")).to_be_visible(timeout=PATIENCE)
    expect(page).not_to_have_url(re.compile("alert="))


def test_a_click_before_the_page_listens_is_not_lost(browser: Browser, watched: Server) -> None:
    page = tab(browser)
    page.goto(f"{watched.url}/alerts")
    page.evaluate(CLICK_AT_ONCE)
    expect(page.locator(".hf-tiles")).to_be_visible(timeout=PATIENCE)


def test_filters_stay_in_the_address_and_survive_a_look_at_an_alert(
    browser: Browser, watched: Server
) -> None:
    page = visit(browser, f"{watched.url}/alerts")
    rows = page.locator(".st-key-panel_alerts_firing [data-open^='alert:']")
    expect(rows).not_to_have_count(1, timeout=PATIENCE)
    page.locator(".st-key-alerts_segment").get_by_test_id("stSelectbox").click()
    page.get_by_role("option", name="Region: Asia").click()
    expect(rows).to_have_count(1, timeout=PATIENCE)
    expect(page).to_have_url(re.compile("alerts_segment="))
    again = visit(browser, page.url, is_own=True)
    expect(again.locator(".st-key-panel_alerts_firing [data-open^='alert:']")).to_have_count(
        1, timeout=PATIENCE
    )
    rows.first.click()
    expect(page.locator(".hf-tiles")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="All alerts").click()
    expect(rows).to_have_count(1, timeout=PATIENCE)


def test_an_alert_is_snoozed_and_silenced_in_dialogs(browser: Browser, watched: Server) -> None:
    page = opened(browser, watched, "Europe")
    page.get_by_role("button", name="Snooze").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("looking into it")
    dialog.get_by_role("button", name="Snooze").click()
    expect(page.get_by_text("Snoozed until")).to_be_visible(timeout=PATIENCE)
    assert (view(watched, "Europe").snoozed_until or clock.now()) > clock.now()

    page.get_by_role("button", name="Silence").click()
    dialog.get_by_label("Why").fill("a holiday there")
    dialog.get_by_role("button", name="Silence").click()
    expect(page.get_by_text(f"Silenced by {people.who()}")).to_be_visible(timeout=PATIENCE)
    assert view(watched, "Europe").is_silenced
    assert not view(watched, "Asia").is_silenced

    page.get_by_role("button", name="All alerts").click()
    page.get_by_role("button", name="End one early").click()
    dialog.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("No silence is in force")).to_be_visible(timeout=PATIENCE)
    assert not view(watched, "Europe").is_silenced


def test_what_others_do_shows_by_itself_and_closes_nothing(browser: Browser, watched: Server) -> None:
    page = opened(browser, watched, "Asia")
    page.evaluate("() => { window.sameDocument = true }")
    words = page.get_by_placeholder("What you found")
    words.fill("half a sentence")
    alerts.take(Settings(home=watched.home), view(watched, "Asia").alert_id, who="Jo")
    expect(page.get_by_text("Jo has it")).to_be_visible(timeout=PATIENCE)
    expect(words).to_have_value("half a sentence")

    page.get_by_role("button", name="Snooze").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("not yet sent")
    alerts.comment(Settings(home=watched.home), view(watched, "Asia").alert_id, "seen by Jo", who="Jo")
    page.wait_for_timeout(2500)  # twice as long as news takes
    expect(dialog.get_by_label("Why")).to_have_value("not yet sent")
    page.keyboard.press("Escape")
    expect(page.get_by_text("seen by Jo")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("() => window.sameDocument")


def test_the_bell_rings_when_an_edition_makes_a_rule_fire(browser: Browser, watched: Server) -> None:
    settings = Settings(home=watched.home)
    page = visit(browser, watched.url)
    count = alerts.firing_count(settings)
    expect(page.locator(BELL)).to_have_text(re.compile(f"{count} firing"), timeout=PATIENCE)
    fresh = rule("few accounts", "active_accounts", "day", "channel", "warning", below=40.0)
    rules.create_rule(settings, fresh, who=LEAD)
    engine(watched.home, "refresh")
    expect(page.locator(BELL)).not_to_have_text(re.compile(f"\\b{count} firing"), timeout=PATIENCE)
    assert alerts.firing_count(settings) > count


@pytest.mark.parametrize("address", ["/alerts", "/alerts?alert=1", "/alerts?alert=none"])
def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, watched: Server, address: str) -> None:
    page = visit(browser, f"{watched.url}{address}", width=390)
    expect(page.locator("[class*=st-key-panel_alert]").first).to_be_visible(timeout=PATIENCE)
    page.locator(SETTLED).wait_for()
    assert page.evaluate(SIDEWAYS) <= 0


def test_a_message_leads_to_its_alert_though_nobody_was_on_the_pages_before(
    browser: Browser, alarmed: Path, tmp_path: Path
) -> None:
    shutil.copytree(alarmed, tmp_path / "home")
    with serve(tmp_path / "home", tmp_path / "log", HOLDFAST_ENGINE="elsewhere") as alone:
        page = opened(browser, alone, "Asia")
        expect(page.get_by_text("The engine does not run, so nothing is judged")).to_be_visible(
            timeout=PATIENCE
        )
