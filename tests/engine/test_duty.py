import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import clock, desk, duty
from engine.control.store import Control


def test_a_refresh_that_fails_is_told_and_tried_again(
    settings: Settings, engine: "subprocess.Popen[str]", company: Path, eventually: Callable[..., None]
) -> None:
    settings.published.write_text("a file where the editions should go")
    desk.import_folder(settings, company)
    eventually(lambda: desk.status(settings).last_error, "the engine tells what is wrong")
    assert f"{settings.published} must be a folder, and is a file" in (desk.status(settings).last_error or "")
    assert engine.poll() is None
    settings.published.unlink()
    eventually(lambda: desk.status(settings).edition, "it publishes after all")
    eventually(lambda: desk.status(settings).last_error is None, "nothing is wrong any more")


def test_whether_a_training_is_due_is_looked_at_once_a_minute(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads the newest model, which is a file, and the turns come ten times a second."""
    looks: list[object] = []
    steady = clock.steady()
    monkeypatch.setattr(duty, "is_due", lambda *_: bool(looks.append(0)))
    with Warehouse.open(settings) as warehouse:
        one = duty.Duty(settings, Control.open(settings), warehouse)
        one.has_facts = True
        for seconds in (44, 46, 47, 105, 107, 108):
            monkeypatch.setattr(clock, "steady", lambda after=seconds: steady + timedelta(seconds=after))
            one.keep_trained()
    assert len(looks) == 2
