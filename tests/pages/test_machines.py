"""A web process on another machine: it has the editions and the control store, nothing else of the engine."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.data.sources.conftest import running
from tests.pages.browsing import AS_OF, PATIENCE, as_of, visit
from tests.pages.serving import Server, engine, serve

pytestmark = pytest.mark.browser
MOUNTED = ("published", "history")  # docs/many-viewers.md


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running() as server:
        yield server.url


@dataclass(frozen=True)
class Machines:
    """`home` is where the engine works; `far` serves its editions from a home of its own."""

    home: Path
    far: Server


@pytest.fixture(scope="module")
def machines(company: Path, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    base = tmp_path_factory.mktemp("machines")
    home, other = base / "home", base / "other"
    shutil.copytree(company, home, ignore=shutil.ignore_patterns("control.sqlite*"))
    engine(home, "refresh", HOLDFAST_CONTROL=postgres)
    other.mkdir()
    for name in MOUNTED:
        (home / name).mkdir(exist_ok=True)
        (other / name).symlink_to(home / name)
    told = {"HOLDFAST_CONTROL": postgres, "HOLDFAST_ENGINE": "elsewhere", "HOLDFAST_DOORS": "elsewhere"}
    with serve(other, base / "log", **told) as far:
        yield Machines(home, far)


def test_it_shows_what_the_engine_of_the_other_publishes(
    browser: Browser, machines: Machines, postgres: str
) -> None:
    page = visit(browser, machines.far.url)
    was = as_of(page)
    engine(machines.home, "refresh", HOLDFAST_CONTROL=postgres)
    expect(page.locator(AS_OF)).not_to_contain_text(was, timeout=PATIENCE)


def test_it_takes_no_deliveries_in_and_says_where_the_sources_are(
    browser: Browser, machines: Machines
) -> None:
    answer = httpx.post(f"{machines.far.url}/v1/track", json={}, trust_env=False)
    assert answer.status_code in (403, 404, 405), answer.text  # as for any address that there is not
    assert httpx.get(f"{machines.far.url}/readyz", trust_env=False).status_code == 200
    assert "holdfast_inbox" not in httpx.get(f"{machines.far.url}/metrics", trust_env=False).text
    page = visit(browser, f"{machines.far.url}/sources")
    expect(page.locator(".hf-note")).to_contain_text("another machine", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Add a source")).to_have_count(0)
    assert not machines.far.home.joinpath("inbox.sqlite").exists()
