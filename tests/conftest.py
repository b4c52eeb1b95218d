"""What every test shares: a home of its own, and no silent skips where CI is true."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from data.settings import Settings

# Files that take longest: workers take files in this order, so that none waits for another at the end.
LONG = (
    "pages/test_rules_browser.py", "pages/test_accessibility.py", "pages/test_browser.py",
    "metrics/test_incremental.py", "pages/test_sources_browser.py", "engine/test_handover.py",
    "benchmarks/test_benchmarks.py", "pages/test_alerts_browser.py", "engine/test_rebuild.py",
    "crash/test_kills.py", "metrics/test_publish.py", "engine/test_main.py", "data/intake/test_serving.py",
    "pages/test_proxy.py", "pages/test_channels_browser.py", "pages/test_door_browser.py",
    "engine/test_schedule.py", "metrics/lifetime/test_purchases.py", "metrics/test_against_oracle.py",
    "engine/test_inflow.py", "metrics/risk/test_keep.py", "engine/delivery/test_kill.py",
    "engine/test_beside.py", "engine/alerts/test_history.py", "data/unify/test_identities.py",
    "data/unify/test_import.py", "data/sources/test_sql.py", "engine/test_pulled.py",
    "pages/test_taking_browser.py", "data/sources/test_stripe.py", "engine/alerts/test_watch.py",
    "pages/test_machines.py", "engine/test_pull.py", "engine/test_watch.py", "pages/test_rules.py",
    "engine/alerts/kinds/test_every_kind.py", "data/samples/test_levels.py",
)  # fmt: skip
hypothesis_settings.register_profile("suite", deadline=None, derandomize=True, max_examples=25)
hypothesis_settings.register_profile("long", deadline=None, max_examples=500)
hypothesis_settings.load_profile("long" if os.environ.get("HOLDFAST_LONG_TESTS") else "suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    place = {tests / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))


def pytest_collection_finish() -> None:
    """What all modules are made of stays: looking through it for garbage again and again finds none."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    gc.unfreeze()


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own HOLDFAST_* variables must not change what is tested."""
    for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
        if name not in ("HOLDFAST_LONG_TESTS", "HOLDFAST_REAL_DATA"):
            monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Neither bytes nor how many stand in names of tests: gzip packs the clock, and workers must agree."""
    return "bytes" if isinstance(val, bytes) else None


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Where CI is true, a part that is missing is a failure: such skips begin with `missing:`."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CI") == "true" and "missing:" in str(report.longrepr):
        report.outcome = "failed"
