"""How soon the overview's first chart is drawn in a browser, against the only words of an empty page.

Beside them a page with nothing but one bare chart: what drawing a chart costs a browser at the least.

python -m benchmarks.first_chart [--rounds 9] [--limit 1.5]

A real server of each, and chromium with an empty cache each time, by turns; from asking for the address until
the first chart has its marks, or the empty page its word; and the processor time of the browser's main thread
until then, which other work on the machine disturbs less. Medians; the first round of each warms the server.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.freshness import chromium
from benchmarks.page_rerun import EMPTY, ROOT, make_home, served

TRACED = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
WORD = "import streamlit as st\n\nst.write('empty')\n"
BARE = """
import streamlit as st

rows = [{"month": month, "amount": 5 + month} for month in range(12)]
sides = {"x": {"field": "month", "type": "ordinal"}, "y": {"field": "amount", "type": "quantitative"}}
st.vega_lite_chart({"data": {"values": rows}, "mark": "bar", "encoding": sides})
"""
CHART = "[data-testid=stVegaLiteChart] .mark-rect path"
BARS = ".hf-bars .hf-months i"  # the overview's own, which are HTML


@dataclass(frozen=True)
class Shown:
    """Seconds until a page's element was there, and those of the main thread's work."""

    waited: float
    worked: float


def shown_after(browser: Browser, url: str, element: str) -> Shown:
    """In a browser that has never seen the page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    browser.start_tracing(page=page, categories=TRACED)
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(element).first.wait_for(timeout=60_000)
    waited = time.perf_counter() - began
    worked = main_thread(json.loads(browser.stop_tracing()))
    context.close()
    return Shown(waited, worked)


def main_thread(trace: dict[str, Any]) -> float:
    """Seconds of processor time of the page's own thread, which is the busiest of its kind."""
    events = trace["traceEvents"]
    names = {
        (each["pid"], each["tid"]): each["args"]["name"] for each in events if each["name"] == "thread_name"
    }
    spent: Counter[int] = Counter()
    for each in events:
        if each["name"] == "RunTask" and names.get((each["pid"], each["tid"])) == "CrRendererMain":
            spent[each["pid"]] += each.get("tdur", 0)
    return max(spent.values(), default=0) / 1e6


def measure(rounds: int) -> dict[str, Shown]:
    """Medians by page."""
    found: dict[str, list[Shown]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        make_home(folder / "home")
        pages = {
            "empty page": (written(folder / "empty", WORD), "p >> text=empty"),
            "bare chart": (written(folder / "bare", BARE), CHART),
            "overview": (ROOT / "app.py", BARS),
        }
        up = {
            name: (stack.enter_context(served(script, folder / "home"))[0], element)
            for name, (script, element) in pages.items()
        }
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for _ in range(rounds + 1):
            for name, (port, element) in up.items():
                found.setdefault(name, []).append(shown_after(browser, f"http://127.0.0.1:{port}", element))
        browser.close()
    return {name: median_of(times[1:]) for name, times in found.items()}


def written(folder: Path, page: str) -> Path:
    """The launcher of a page of its own."""
    folder.mkdir()
    (folder / "empty.py").write_text(page)
    (folder / "launch.py").write_text(EMPTY)
    return folder / "launch.py"


def median_of(times: Sequence[Shown]) -> Shown:
    return Shown(median(each.waited for each in times), median(each.worked for each in times))


def main() -> None:
    """Print the medians; exit 1 where the chart takes longer than the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--limit", type=float, default=1.5, help="times the empty page")
    given = parser.parse_args()
    found = measure(given.rounds)
    least = found["empty page"]
    ratio = found["overview"].waited / least.waited
    print(f"{'':<12}{'s':>8}{'ratio':>8}{'worked, s':>12}")
    for page, one in found.items():
        print(f"{page:<12}{one.waited:>8.2f}{one.waited / least.waited:>8.2f}{one.worked:>12.2f}")
    sys.exit(ratio > given.limit)


if __name__ == "__main__":
    main()
