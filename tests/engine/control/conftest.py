"""Every test of the control store runs on SQLite and on PostgreSQL."""

import pytest

from data.settings import Settings
from engine.control.store import Control


@pytest.fixture
def settings(either_settings: Settings) -> Settings:
    return either_settings


@pytest.fixture
def control(settings: Settings) -> Control:
    return Control.open(settings)
