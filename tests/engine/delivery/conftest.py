"""A scene of rules, alerts and channels in a control store, and what was told of it."""

from datetime import datetime

import pytest

from data.settings import Settings
from engine.control.store import Control
from tests.engine.delivery.scene import NOON, Scene


@pytest.fixture
def scene(settings: Settings) -> Scene:
    return Scene(settings, Control.open(settings))


@pytest.fixture
def noon() -> datetime:
    return NOON
