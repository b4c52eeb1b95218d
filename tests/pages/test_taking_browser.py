"""In a real browser: a page as a picture and as a PDF, the wall that turns and is left by Esc."""

import io
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.pages.browsing import SETTLED, tab
from tests.pages.serving import Server

pytestmark = pytest.mark.browser


def opened(browser: Browser, address: str, awaited: str) -> Page:
    page = tab(browser, width=1280, motion="no-preference")  # the slides of the wall fade
    page.goto(address)
    page.locator(awaited).first.wait_for()
    page.locator(SETTLED).wait_for()
    return page


def test_a_page_is_saved_whole_as_a_picture_by_two_clicks(browser: Browser, server: Server) -> None:
    page = opened(browser, f"{server.url}/", ".hf-digests, .st-key-panel_digests")
    page.locator(".st-key-away button.open").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save as a picture").click()
    name, path = download.value.suggested_filename, download.value.path()
    assert name.startswith("holdfast-overview-")
    with Image.open(io.BytesIO(path.read_bytes())) as picture:
        width, height = picture.size
        colours = picture.convert("RGB").resize((64, 64)).getcolors(64 * 64) or []
    assert height > width  # all of it, not what the window shows
    assert len(colours) > 20


def test_a_page_prints_whole_on_a_few_sheets_without_its_menu(browser: Browser, server: Server) -> None:
    page = opened(browser, f"{server.url}/", ".st-key-panel_digests button")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.startswith(b"%PDF")
    assert 2 <= pdf.count(b"/Type /Page\n") <= 6
    page.emulate_media(media="print")
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") > 900


def test_the_wall_turns_its_slides_says_its_age_and_is_left_by_escape(
    browser: Browser, server: Server
) -> None:
    page = opened(browser, f"{server.url}/wall?wall=1&wall_every=5", ".hf-wall")
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    expect(page.locator(".hf-slide:visible")).to_have_count(1)
    page.get_by_text("Esc leaves").wait_for()  # it is said once it is so
    first = page.evaluate("document.documentElement.dataset.slide")
    assert first
    page.wait_for_function(f"document.documentElement.dataset.slide !== '{first}'")
    size = page.locator(".hf-slide p, .hf-slide li").first.evaluate(
        "at => parseFloat(getComputedStyle(at).fontSize)"
    )
    assert size >= 1280 * 0.019
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Start").wait_for()
    assert "wall=1" not in page.url


@pytest.mark.parametrize("name", ["modern-screenshot.js", "modern-screenshot-LICENSE.txt"])
def test_the_library_is_served_from_here_with_its_licence(server: Server, name: str) -> None:
    with urlopen(f"{server.url}/app/static/{name}") as answer:
        text = answer.read().decode()
    assert "MIT" in text or name.endswith(".js")
