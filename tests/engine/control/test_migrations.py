"""From every earlier revision, with rows in its tables, to the newest one: on SQLite and on PostgreSQL."""

from datetime import datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Boolean, Column, DateTime, Engine, Float, Integer, MetaData, Table, types

from data.database import newest_revision, revision
from data.settings import Settings
from engine.control import store, tables
from engine.control.store import Control

EARLIER = sorted(path.stem[1:5] for path in (store.MIGRATIONS / "versions").glob("r[0-9]*.py"))[:-1]
NOON = datetime(2025, 3, 1, 12, 30, 15, 250_000)


def bring_to(engine: Engine, goal: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(store.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, goal)


def some_value(column: "Column[Any]") -> Any:
    if column.name == "state":
        return "done"
    if isinstance(column.type, types.JSON):
        return {"kept": [1, "zwei", None, 0.25]}
    known: list[tuple[Any, Any]] = [(Boolean, True), (Integer, 1), (Float, 0.1), (DateTime, NOON)]
    return next((value for kind, value in known if isinstance(column.type, kind)), "Größe ✓")


def fill(engine: Engine) -> dict[str, dict[str, Any]]:
    """A row in every table, no field empty."""
    there, rows = MetaData(), {}
    there.reflect(engine)
    with engine.begin() as connection:
        for table in there.sorted_tables:
            if table.name != "alembic_version":
                rows[table.name] = {column.name: some_value(column) for column in table.columns}
                connection.execute(table.insert(), rows[table.name])
    return rows


def found(engine: Engine, name: str) -> dict[str, Any]:
    with engine.connect() as connection:
        row = connection.execute(Table(name, MetaData(), autoload_with=engine).select()).mappings().one()
        return dict(row)


@pytest.mark.parametrize("earlier", EARLIER)
def test_rows_of_an_earlier_revision_are_kept(settings: Settings, earlier: str) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = store._engine(settings)
    bring_to(engine, earlier)
    before = fill(engine)
    assert before
    control = Control.open(settings)
    assert revision(control.engine) == newest_revision(store.MIGRATIONS)
    for name, row in before.items():
        after = found(control.engine, name)
        assert {column: after[column] for column in row} == row
    with control.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.Table.metadata) == []
    engine.dispose()


def test_revisions_follow_one_another(settings: Settings) -> None:
    """Each says in its name which it is, and goes one further."""
    from alembic.script import ScriptDirectory

    steps = [step.revision for step in ScriptDirectory(str(store.MIGRATIONS)).walk_revisions()]
    assert steps[::-1] == [*EARLIER, newest_revision(store.MIGRATIONS)]
