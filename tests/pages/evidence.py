"""What a failed test of the pages saw: the text of every open tab, and the end of every server's log."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.pages.serving import Server

MOST = 3_000  # signs of each
WITHIN = 2_000  # milliseconds for a tab to answer


def of(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """Titles and texts, for the report of the test."""
    given = getattr(item, "funcargs", {}).values()
    for browser in {id(one): one for one in given if isinstance(one, Browser)}.values():
        for page in (page for context in browser.contexts for page in context.pages):
            yield f"What {page.url} showed", text_of(page)
    for server in (one for one in given if isinstance(one, Server)):
        yield f"The log of {server.url}", server.log.read_text(errors="replace")[-MOST:]


def text_of(page: Page) -> str:
    try:
        return page.locator("body").inner_text(timeout=WITHIN)[:MOST]
    except Error as gone:
        return f"(nothing: {gone.message})"
