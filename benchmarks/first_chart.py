"""How soon the overview's first chart is drawn in a browser, against the only words of an empty page.

python -m benchmarks.first_chart [--rounds 9] [--limit 1.5]

A real server of each, and chromium with an empty cache each time, by turns; from asking for the address until
the first chart has its marks, or the empty page its word. Medians; the first round of each warms the server.
"""

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.freshness import chromium
from benchmarks.page_rerun import EMPTY, ROOT, make_home, served

WORD = "import streamlit as st\n\nst.write('empty')\n"
CHART = "[data-testid=stVegaLiteChart] :is(.mark-rect, .mark-line, .mark-symbol) path"


def shown_after(browser: Browser, url: str, element: str) -> float:
    """Seconds until an element of a page is there, in a browser that has never seen the page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(element).first.wait_for(timeout=60_000)
    took = time.perf_counter() - began
    context.close()
    return took


def measure(rounds: int) -> dict[str, float]:
    """Medians by page, in seconds."""
    found: dict[str, list[float]] = {"empty page": [], "overview": []}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        make_home(folder / "home")
        launcher = folder / "launch.py"
        launcher.write_text(EMPTY)
        launcher.with_name("empty.py").write_text(WORD)
        empty, _ = stack.enter_context(served(launcher, folder / "home"))
        ours, _ = stack.enter_context(served(ROOT / "app.py", folder / "home"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for _ in range(rounds + 1):
            found["empty page"].append(shown_after(browser, f"http://127.0.0.1:{empty}", "p >> text=empty"))
            found["overview"].append(shown_after(browser, f"http://127.0.0.1:{ours}", CHART))
        browser.close()
    return {page: statistics.median(times[1:]) for page, times in found.items()}


def main() -> None:
    """Print the medians; exit 1 where the chart takes longer than the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--limit", type=float, default=1.5, help="times the empty page")
    given = parser.parse_args()
    found = measure(given.rounds)
    ratio = found["overview"] / found["empty page"]
    for page, seconds in found.items():
        print(f"{page:<12}{seconds:8.2f} s")
    print(f"{'ratio':<12}{ratio:8.2f}")
    sys.exit(ratio > given.limit)


if __name__ == "__main__":
    main()
