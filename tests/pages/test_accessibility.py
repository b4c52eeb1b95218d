"""Nothing of ours fails WCAG 2.2 AA: every page by axe-core, wide and light, narrow and dark, also opened."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.alarmed import HOSTILE, alert_id
from tests.pages.axe import failures
from tests.pages.browsing import PATIENCE, SETTLED, tab
from tests.pages.serving import Server, serve

pytestmark = pytest.mark.browser
Act = Callable[[Page], None]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def nothing(page: Page) -> None:
    """The page as it opens."""


def opened(selector: str, shown: str) -> Act:
    def click(page: Page) -> None:
        page.locator(selector).first.click()
        expect(page.locator(shown).first).to_be_visible(timeout=PATIENCE)

    return click


def searched(page: Page) -> None:
    page.get_by_role("combobox", name="Search for an account").fill("acc-00")
    expect(page.get_by_role("option").first).to_be_visible(timeout=PATIENCE)


DIALOG = "[data-testid=stDialog] [role=dialog]"
POP_UP = ".hf-pop:popover-open"
STATES: dict[str, tuple[str, Act]] = {
    "Overview": ("", nothing),
    "Activation": ("activation", nothing),
    "Cohorts": ("cohorts", nothing),
    "Churn risk": ("churn", nothing),
    "Revenue": ("revenue", nothing),
    "Wall": ("wall", nothing),
    "Alerts": ("alerts", nothing),
    "Guide": ("guide", nothing),
    "Rules": ("rules", nothing),
    "Channels": ("channels", nothing),
    "Sources": ("sources", nothing),
    "Metrics": ("definitions", nothing),
    "People": ("people", nothing),
    "no account": ("account", nothing),
    "an account": ("account?id=acc-001", nothing),
    "a rule": ("rules?rule=1", nothing),
    "a new rule": ("rules?rule=new", nothing),
    "a source": ("sources?source=app", nothing),
    "the help of a page": ("revenue", opened(".hf-titled .hf-ask", POP_UP)),
    "what a number means": ("revenue", opened(".hf-card .hf-ask", POP_UP)),
    "the dialog of a target": ("", opened(".hf-aim-set", DIALOG)),
    "the accounts of a cell": ("cohorts", opened(".hf-map td button", DIALOG)),
    "a new channel": ("channels", opened(".st-key-channels_add button", DIALOG)),
    "a search": ("definitions", searched),
}


@pytest.fixture(scope="module")
def shown(alarmed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp("accessible")
    shutil.copytree(alarmed, base / "home")
    with serve(base / "home", base / "log", HOLDFAST_ENGINE="elsewhere") as running:
        yield running


@pytest.fixture(scope="module")
def page(launched: Browser) -> Iterator[Page]:
    """One tab for all of them."""
    found = tab(launched)
    found.emulate_media(reduced_motion="reduce")
    yield found
    found.context.close()


def failing(page: Page, url: str, act: Act = nothing) -> list[str]:
    """What fails in light on a wide screen, then in dark on a phone."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    page.goto(url)
    page.locator(SETTLED).wait_for()
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    act(page)
    wide = failures(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => getComputedStyle(document.querySelector('.stApp')).colorScheme === 'dark'")
    page.locator(SETTLED).wait_for()
    return [f"light, wide: {one}" for one in wide] + [f"dark, narrow: {one}" for one in failures(page)]


@pytest.mark.parametrize("state", STATES)
def test_nothing_of_ours_fails_wcag_on(page: Page, shown: Server, state: str) -> None:
    path, act = STATES[state]
    assert failing(page, f"{shown.url}/{path}", act) == []


def test_nothing_of_ours_fails_wcag_on_an_alert(page: Page, shown: Server) -> None:
    number = alert_id(shown.home, HOSTILE, "Asia")
    assert failing(page, f"{shown.url}/alerts?alert={number}") == []


def test_nothing_of_ours_fails_wcag_before_there_is_data(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "home", tmp_path / "log", HOLDFAST_ENGINE="elsewhere") as empty:
        assert failing(page, empty.url) == []


def test_the_page_says_its_language_and_has_its_landmarks(page: Page, shown: Server) -> None:
    page.goto(shown.url)
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("() => document.documentElement.lang") == "en"
    assert page.locator("main, [role=main], [data-testid=stMain]").count() >= 1
