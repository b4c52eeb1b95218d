"""The rules that come with Holdfast, made once in a new control store."""

from datetime import datetime
from pathlib import Path
from weakref import WeakSet

from data.settings import Settings
from engine.alerts.files import read_file
from engine.control import rules
from engine.control.store import Control

FILE = Path(__file__).with_name("defaults.toml")
_shipped: WeakSet[Control] = WeakSet()


def ship(settings: Settings, control: Control, now: datetime) -> None:
    """See to it that they were made; costs nothing the second time."""
    if control not in _shipped:
        rules.ship(control, lambda: read_file(FILE, settings), now)
        _shipped.add(control)
