import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import clock, desk, duty, work
from engine.control.store import Control
from engine.freshness import Freshness


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


def test_what_stood_in_the_way_of_judging_is_told_though_editions_follow_at_once(
    settings: Settings, imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "attend", lambda *_: "the rules were not judged")
    with Warehouse.open(settings) as warehouse:
        one = duty.Duty(settings, Control.open(settings), warehouse)
        for _ in range(2):
            one.fresh = Freshness()
            assert one.keep_fresh()
        assert one.troubles == {"alerts": "the rules were not judged"}
        one.judging.wait()


def test_a_trouble_is_told_until_it_is_over_and_not_only_until_the_next_look(
    settings: Settings, imported: Path
) -> None:
    settings.published.write_text("a file where the editions should go")
    with Warehouse.open(settings) as warehouse:
        one = duty.Duty(settings, Control.open(settings), warehouse)
        for _ in range(2):  # the second rests
            one.round()
            assert list(one.troubles) == ["refresh"]
        settings.published.unlink()
        one.fresh = Freshness(failures=1)
        one.round()
        one.judging.wait()
        assert not one.troubles
