"""What is particular to a control store that is a file."""

import os
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from data import database
from data.errors import BadSettings, GiveUp, TryAgain
from data.settings import Settings
from engine.control import jobs
from engine.control.store import Control, is_sound

NOON = datetime(2025, 3, 1, 12)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_connections_are_durable_and_strict(settings: Settings) -> None:
    with Control.open(settings).engine.connect() as connection:
        told = [
            connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert told == ["wal", 2, 1, 15_000]


def test_a_damaged_store_is_told_in_a_sentence(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    (settings.home / "control.sqlite").write_text("this is no database " * 100)
    with pytest.raises(GiveUp, match="move it away and start again"):
        Control.open(settings)


def test_a_closed_home_is_not_called_damaged(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.home.mkdir(parents=True)
    (settings.home / "control.sqlite").mkdir()  # root may write anywhere, so the refusal is not enough
    monkeypatch.setattr(os, "access", lambda place, _mode: place != settings.home)
    with pytest.raises(BadSettings, match="cannot be written to; change its owner"):
        Control.open(settings)


def test_a_home_that_was_removed_is_made_again(settings: Settings) -> None:
    first = Control.open(settings)
    jobs.submit(first, "refresh", {}, NOON)
    for path in settings.home.iterdir():
        path.unlink()
    second = Control.open(settings)
    assert jobs.waiting(second) == 0
    assert is_sound(second)
    assert Control.open(settings) is second


def test_a_file_that_another_process_holds_is_to_be_tried_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    control = Control.open(settings)
    holder = sqlite3.connect(settings.home / "control.sqlite", isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(TryAgain, match="The control store did not answer: database is locked"):
        jobs.submit(control, "refresh", {}, NOON)
    with pytest.raises(TryAgain, match="database is locked"), control.change():
        pass
    assert jobs.waiting(control) == 0  # whoever only reads is not held up
    holder.close()
    assert jobs.submit(control, "refresh", {}, NOON) == 1
