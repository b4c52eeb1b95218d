"""Every page, wide and light, narrow and dark, also opened: drawn, from here alone, within WCAG 2.2 AA."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, Request, ViewportSize, WebSocket, expect

from tests.pages.alarmed import HOSTILE, alert_id
from tests.pages.axe import failures
from tests.pages.browsing import PATIENCE, SETTLED, SIDEWAYS, tab
from tests.pages.serving import Server, serve

pytestmark = pytest.mark.browser
Act = Callable[[Page], None]
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


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
TITLES = {
    "": "Overview",
    "activation": "Activation",
    "cohorts": "Cohorts",
    "revenue": "Revenue",
    "alerts": "Alerts",
    "channels": "Channels",
    "rules": "Rules",
    "sources": "Sources",
    "definitions": "Metrics",
}
MORE = (
    "churn", "wall", "guide", "people", "account", "account?id=acc-001", "rules?rule=1", "rules?rule=new",
    "sources?source=app",
)  # fmt: skip
CHARTS = {"activation": 3, "cohorts": 1, "revenue": 4}
OPENED: dict[str, tuple[str, Act]] = {
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
    yield found
    found.context.close()


@dataclass
class Looks:
    """What is wrong with a page in light on a wide screen, and in dark on a phone."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def wide(self) -> None:
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="light")
        self.settle("light")

    def narrow(self) -> None:
        self.page.set_viewport_size(NARROW)
        self.page.emulate_media(color_scheme="dark")
        self.settle("dark")

    def settle(self, scheme: str) -> None:
        self.page.wait_for_function(
            "(scheme) => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme",
            arg=scheme,
        )
        self.page.locator(SETTLED).wait_for()

    def look(self, at: str) -> None:
        self.wrong += [f"{at}: {one}" for one in failures(self.page)]
        if (sideways := self.page.evaluate(SIDEWAYS)) > 0:
            self.wrong.append(f"{at}: scrolls sideways by {sideways} px")

    def look_twice(self, at: str) -> None:
        """Wide and light first, as it stands; then narrow and dark."""
        self.look(f"{at}, light, wide")
        self.narrow()
        self.look(f"{at}, dark, narrow")


def visited(page: Page, url: str) -> Looks:
    """A page that was opened wide and light, and has all that it draws."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.goto(url)
    page.locator(SETTLED).wait_for()
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    return Looks(page)


def drawn_marks(page: Page, charts: int) -> None:
    """Waits until every chart has drawn something of its data."""
    page.wait_for_function(
        """(count) => {
            const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
            const marked = chart => chart.querySelector('.mark-rect path, .mark-line path, .mark-symbol path')
            return charts.length === count && charts.every(marked)
        }""",
        arg=charts,
    )


def is_line(socket: WebSocket) -> bool:
    return socket.url.endswith("/live")


@contextmanager
def asked(page: Page) -> Iterator[list[str]]:
    """The addresses that a page asks for meanwhile."""
    heard: list[str] = []

    def hear(asked: Request | WebSocket) -> None:
        heard.append(asked.url)

    page.on("request", hear)
    page.on("websocket", hear)
    yield heard
    page.remove_listener("request", hear)
    page.remove_listener("websocket", hear)


@pytest.mark.parametrize("path", [*TITLES, *MORE])
def test_every_page_is_drawn_for_everybody_and_asks_nothing_of_the_outside(
    page: Page, shown: Server, path: str
) -> None:
    is_live = page.expect_websocket(is_line) if path in TITLES else nullcontext()
    with asked(page) as heard, is_live:
        looks = visited(page, f"{shown.url}/{path}")
        if path in TITLES:
            expect(page.locator("h1")).to_have_text(TITLES[path], timeout=PATIENCE)
        if path in CHARTS:
            drawn_marks(page, CHARTS[path])
        looks.look_twice("as it opens")
    if path in CHARTS:
        drawn_marks(page, CHARTS[path])
    for name, (where, act) in OPENED.items():
        if where == path:
            looks.wide()
            act(page)
            looks.look_twice(name)
            page.keyboard.press("Escape")
    assert looks.wrong == []
    assert {urlparse(url).hostname for url in heard} <= {"127.0.0.1", None}
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.evaluate("document.fonts.check('14px Inter')")


def test_an_alert_is_drawn_for_everybody(page: Page, shown: Server) -> None:
    number = alert_id(shown.home, HOSTILE, "Asia")
    looks = visited(page, f"{shown.url}/alerts?alert={number}")
    looks.look_twice("an alert")
    assert looks.wrong == []


def test_the_page_before_there_is_data_is_drawn_for_everybody(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "home", tmp_path / "log", HOLDFAST_ENGINE="elsewhere") as empty:
        looks = visited(page, empty.url)
        looks.look_twice("no data")
        assert looks.wrong == []


def test_the_page_says_its_language_and_has_its_landmarks(page: Page, shown: Server) -> None:
    page.goto(shown.url)
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("() => document.documentElement.lang") == "en"
    assert page.locator("main, [role=main], [data-testid=stMain]").count() >= 1
