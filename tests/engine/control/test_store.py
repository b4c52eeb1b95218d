import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from data.database import newest_revision, revision
from data.errors import GiveUp
from data.settings import ROOT, Settings
from engine.control import jobs, store
from engine.control.store import Control
from engine.control.tables import Table
from tests.engine.conftest import let_go

OPEN = "from data.settings import load; from engine.control.store import Control; Control.open(load())"
NOON = datetime(2025, 3, 1, 12)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A home whose control store has no tables yet."""
    address = request.getfixturevalue("database") if request.param == "postgresql" else None
    settings = Settings(home=tmp_path / "home", control=address)
    yield settings
    let_go(settings)


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
    with Control.open(settings).engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    store._opened.clear()
    with pytest.raises(GiveUp, match="written by a newer Holdfast"):
        Control.open(settings)
