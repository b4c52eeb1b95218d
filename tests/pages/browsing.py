"""A real browser, as the tests open it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

Scheme = Literal["light", "dark"]
Motion = Literal["reduce", "no-preference"]
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
FRESHNESS = "button[popovertarget=details]"
AS_OF = f"{FRESHNESS} .text"
PATIENCE = 60_000
STAYING = "http://127.0.0.1/"
# The first is the same engine without windows and menus of its own around the page: a third less to compute.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SIDEWAYS = (
    "() => { const main = document.querySelector('[data-testid=stMain]'), page = document.documentElement;"
    " return Math.max(main.scrollWidth - main.clientWidth, page.scrollWidth - innerWidth) }"
)


def chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("missing: a chromium on the path, for the browser tests")
    return found


def own_context(browser: Browser) -> BrowserContext:
    """Somebody's own browser, in a zone far from the company's; frames in between are not drawn."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        timezone_id="America/Los_Angeles",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    return context


def stay(context: BrowserContext) -> None:
    """An empty tab of loopback keeps the process of its pages, and what they compiled, between tests."""
    page = context.new_page()
    page.route(STAYING, lambda asked: asked.fulfill(body=""))
    page.goto(STAYING)


def tab(
    browser: Browser,
    *,
    width: int = 1440,
    scheme: Scheme = "light",
    is_own: bool = False,
    motion: Motion = "reduce",
) -> Page:
    """An empty tab: of the browser that tests of a file share, as it knows the code, or of its own."""
    context = own_context(browser) if is_own or not browser.contexts else browser.contexts[0]
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion=motion)
    return page


def tidy(browser: Browser) -> None:
    """Nothing that a test opened or left behind meets the next one."""
    first, *others = browser.contexts
    for context in others:
        context.close()
    for page in (page for page in first.pages if page.url != STAYING):
        at = urlsplit(page.url)
        if at.scheme == "http":
            stored = {"origin": f"{at.scheme}://{at.netloc}", "storageTypes": "local_storage"}
            first.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
        page.close()
    first.clear_cookies()


def visit(browser: Browser, url: str, *, width: int = 1440, is_own: bool = False) -> Page:
    page = tab(browser, width=width, is_own=is_own)
    page.goto(url)
    page.locator(SETTLED).wait_for()
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    return page


def as_of(page: Page) -> str:
    """What the page's numbers count to, as it says once it listens: before that it says nothing."""
    line = page.locator(AS_OF)
    expect(line).to_contain_text("as of", timeout=PATIENCE)
    return line.inner_text().split(",")[0]


@contextmanager
def slowed_down(page: Page) -> Iterator[None]:
    """As a small machine draws it: what must not depend on who is first then often fails if it does."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    yield
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})  # a slowed browser burns what it does not use
