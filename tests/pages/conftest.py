"""A small company, imported and refreshed through the product itself, and a server that shows it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.settings import ROOT
from tests.pages.company import write_company
from tests.pages.serving import Server, engine, serve

MENU = ROOT / "pages" / "menu.py"


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small company with one edition; copy it before changing it."""
    base = tmp_path_factory.mktemp("company")
    write_company(base / "files", datetime.now(UTC))
    engine(base / "home", "import", str(base / "files"))
    engine(base / "home", "refresh")
    return base / "home"


@pytest.fixture
def open_menu(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], AppTest]]:
    """Opens the menu over a home, in this process."""

    def opened(home: Path) -> AppTest:
        monkeypatch.setenv("HOLDFAST_HOME", str(home))
        st.cache_resource.clear()
        return AppTest.from_file(str(MENU), default_timeout=30)

    yield opened
    st.cache_resource.clear()


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
    base = tmp_path_factory.mktemp("activity")
    write_company(base / "files", datetime.now(UTC))
    (base / "files" / "subscription_changes.csv").unlink()
    engine(base / "home", "import", str(base / "files"))
    engine(base / "home", "refresh")
    return base / "home"
