"""A small company, imported and refreshed through the product itself, and a server that shows it."""

import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Browser, sync_playwright
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from data.settings import ROOT
from pages.parts import once
from tests.pages import evidence
from tests.pages.alarmed import decide
from tests.pages.browsing import chromium, own_context, stay, tidy
from tests.pages.company import write_company
from tests.pages.connected import connect
from tests.pages.once import made_once
from tests.pages.serving import Server, engine, serve

MENU = ROOT / "pages" / "menu.py"
# Nothing is asked of other machines, as the style sheet of the identity provider of the tests would be;
# nothing is drawn by a graphics card that the processor has to play; tabs share what they compiled (see
# `stay`), and pages that live for seconds do not pay for code that is fast after minutes.
ALONE = [
    "--no-sandbox",
    "--disable-gpu",
    "--process-per-site",
    "--js-flags=--no-turbofan --no-maglev",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and report.when == "call":
        report.sections += list(evidence.of(item))
    return report


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small company with one edition; copy it before changing it."""

    def make(base: Path) -> None:
        write_company(base / "files", datetime.now(UTC))
        engine(base / "home", "import", str(base / "files"))
        engine(base / "home", "refresh")

    return made_once(tmp_path_factory, "company", make)


@pytest.fixture(scope="session", autouse=True)
def components_are_looked_for_once() -> Iterator[None]:
    """Every AppTest reads what all installed packages say of themselves; they say the same each time."""
    with pytest.MonkeyPatch.context() as patch:
        once_only = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once_only)
        yield


@pytest.fixture
def open_menu(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], AppTest]]:
    """Opens the menu over a home, in this process."""

    def opened(home: Path) -> AppTest:
        monkeypatch.setenv("HOLDFAST_HOME", str(home))
        st.cache_resource.clear()
        once.forget()
        return AppTest.from_file(str(MENU), default_timeout=30)

    yield opened
    st.cache_resource.clear()
    once.forget()


@pytest.fixture(scope="session")
def server(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a copy of the company; tests may import into it, but not break it."""
    base = tmp_path_factory.mktemp("server")
    shutil.copytree(company, base / "home")
    with serve(base / "home", base / "log") as running:
        yield running


@pytest.fixture(scope="session")
def activity_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that sent accounts and events, and no subscription."""

    def make(base: Path) -> None:
        write_company(base / "files", datetime.now(UTC))
        (base / "files" / "subscription_changes.csv").unlink()
        engine(base / "home", "import", str(base / "files"))
        engine(base / "home", "refresh")

    return made_once(tmp_path_factory, "activity_only", make)


@pytest.fixture(scope="session")
def connected(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company with doors: `app` sent every half hour and fell silent, `billing` sent just now."""

    def make(base: Path) -> None:
        shutil.copytree(company, base / "home")
        connect(base / "home", datetime.now(UTC).replace(tzinfo=None))
        engine(base / "home", "refresh")

    return made_once(tmp_path_factory, "connected", make)


@pytest.fixture(scope="session")
def alarmed(connected: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The connected company with rules of which some fire; copy it before acting on them."""

    def make(base: Path) -> None:
        shutil.copytree(connected, base / "home")
        decide(base / "home")
        engine(base / "home", "refresh")

    return made_once(tmp_path_factory, "alarmed", make)


@pytest.fixture(scope="module")
def launched() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ALONE)
        stay(own_context(browser))  # the one that tests share
        yield browser
        browser.close()


@pytest.fixture
def browser(launched: Browser) -> Iterator[Browser]:
    """A browser without a tab; those of a test are closed at its end, and what they kept is forgotten."""
    yield launched
    tidy(launched)
