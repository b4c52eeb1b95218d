"""One simulated company, made once, and homes that hold what is known of it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.work import Order, perform
from tests.metrics.risk.simulate import Simulated, at, simulate

Home = Callable[..., Settings]


@pytest.fixture(scope="session")
def simulated() -> Simulated:
    return simulate(7, accounts=260, days=300, rate=0.003)


def take_in(settings: Settings, folder: Path) -> None:
    with Warehouse.open(settings) as warehouse:
        perform(Order("import", {"folder": str(folder)}, at(400), at(400)), settings, warehouse, quiet)


def quiet(progress: str) -> None:
    del progress


@pytest.fixture
def home(tmp_path: Path, simulated: Simulated) -> Home:
    """Makes a home that holds the company's facts, or those stamped before an instant."""

    def made(name: str = "home", until: datetime | None = None) -> Settings:
        settings = Settings(home=tmp_path / name)
        take_in(settings, simulated.write(tmp_path / f"{name}-files", until))
        return settings

    return made
