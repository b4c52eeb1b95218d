import os
import sqlite3
import subprocess
import sys
from datetime import datetime

import pytest

from data.database import newest_revision, revision
from data.errors import BadSettings, GiveUp
from data.settings import ROOT, Settings
from engine.control import alert_tables, delivery_tables, jobs, store  # noqa: F401 (tables)
from engine.control.store import Control, is_sound
from engine.control.tables import Table

OPEN = "from data.settings import load; from engine.control.store import Control; Control.open(load())"
NOON = datetime(2025, 3, 1, 12)


def test_connections_are_durable_and_strict(settings: Settings) -> None:
    with Control.open(settings).engine.connect() as connection:
        told = [
            connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert told == ["wal", 2, 1, 15_000]


def test_migrations_make_the_tables_that_the_models_describe(settings: Settings) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with Control.open(settings).engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_several_processes_may_open_a_new_home_at_once(
    environment: dict[str, str], settings: Settings
) -> None:
    line = [sys.executable, "-c", OPEN]
    openers = [
        subprocess.Popen(line, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert [opener.communicate(timeout=60)[1] for opener in openers] == [""] * 4
    assert revision(Control.open(settings).engine) == newest_revision(store.MIGRATIONS)


def test_a_migration_that_is_killed_leaves_nothing_behind(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command

    whole = command.upgrade

    def killed(*given: object) -> None:
        whole(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", killed)
    with pytest.raises(KeyboardInterrupt):
        Control.open(settings)
    monkeypatch.undo()
    control = Control.open(settings)
    assert jobs.submit(control, "refresh", {}, NOON) == 1


def test_a_store_of_a_newer_holdfast_is_refused(settings: Settings) -> None:
    Control.open(settings).engine.dispose()
    with sqlite3.connect(settings.home / "control.sqlite") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    store._opened.clear()
    with pytest.raises(GiveUp, match="written by a newer Holdfast"):
        Control.open(settings)


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
