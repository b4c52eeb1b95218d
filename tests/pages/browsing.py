"""A real browser, as the tests open it."""

import shutil

import pytest
from playwright.sync_api import Browser, Page, expect

SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
FRESHNESS = "button[popovertarget=details]"
PATIENCE = 60_000
SIDEWAYS = (
    "() => { const main = document.querySelector('[data-testid=stMain]'), page = document.documentElement;"
    " return Math.max(main.scrollWidth - main.clientWidth, page.scrollWidth - innerWidth) }"
)


def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("missing: a chromium on the path, for the browser tests")
    return found


def tab(browser: Browser, *, width: int = 1440, scheme: str = "light") -> Page:
    """An empty tab of a browser of its own, in a zone far from the company's."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="America/Los_Angeles",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def visit(browser: Browser, url: str, *, width: int = 1440) -> Page:
    page = tab(browser, width=width)
    page.goto(url)
    page.locator(SETTLED).wait_for()
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    return page


def slow_down(page: Page) -> None:
    """As a small machine draws it: what must not depend on who is first then often fails if it does."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
