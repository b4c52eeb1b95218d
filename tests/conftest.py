"""What every test shares: a home of its own, and no silent skips where CI is true."""

import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from data.settings import Settings

hypothesis_settings.register_profile("suite", deadline=None, derandomize=True, max_examples=25)
hypothesis_settings.register_profile("long", deadline=None, max_examples=500)
hypothesis_settings.load_profile("long" if os.environ.get("HOLDFAST_LONG_TESTS") else "suite")


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
