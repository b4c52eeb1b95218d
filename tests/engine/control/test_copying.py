"""A control store comes out of PostgreSQL as a file, and out of a file into it, without losing a value."""

import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.errors import BadInput, GiveUp
from data.settings import Settings
from engine.alerts import defaults
from engine.alerts.rule import Rule
from engine.backup import backup
from engine.control import actions, jobs, rule_views, rules, silences
from engine.control.copying import copy_in, copy_out, is_empty, ordered
from engine.control.delivery_tables import ChannelRow
from engine.control.store import Control
from engine.restore import restore

NOON = datetime(2025, 3, 1, 12, 30, 15, 123_456)
DAY = timedelta(days=1)


def silent(_: str) -> None:
    """Nobody watches."""


def contents(control: Control) -> dict[str, list[tuple[Any, ...]]]:
    with control.look() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in ordered()
        }


@pytest.fixture
def lived(control: Control, rule_id: int, stalls: Rule, raised: Any) -> Control:
    """A store in which people have decided and alerts have moved."""
    alert_id = raised(rule_id, "firing", "a\x00b", "pro")["pro"]
    raised(rule_id, "resolved", "pro", at=NOON + DAY)
    actions.comment(control, alert_id, "Größe ✓\n\\ '\"", who="ada", now=NOON)
    silences.silence(control, until=NOON + DAY, who="ada", now=NOON, segment="pro")
    gone = rules.create(control, stalls.model_copy(update={"name": "gone"}), who="ada", now=NOON)
    rules.remove(control, gone, who="ada", now=NOON)
    with control.begin() as session:
        session.add(
            ChannelRow(
                name="team", kind="smtp", params={"password": "hush", "n": 1.5, "nothing": None}, zone="UTC",
                is_paused=False, created_at=NOON, changed_at=NOON, version=1, failures=0,
            )
        )  # fmt: skip
    return control


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "elsewhere")


def test_rows_go_out_into_a_file_and_come_back_in(
    settings: Settings, lived: Control, stalls: Rule, tmp_path: Path
) -> None:
    before = contents(lived)
    copy_out(lived, tmp_path / "copy.sqlite")
    assert stat.S_IMODE((tmp_path / "copy.sqlite").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name) == ["copy.sqlite"]
    rules.create(lived, stalls.model_copy(update={"name": "since"}), who="ben", now=NOON)
    copy_in(tmp_path / "copy.sqlite", lived)
    assert contents(lived) == before
    fresh = rules.create(lived, stalls.model_copy(update={"name": "fresh"}), who="ben", now=NOON)
    assert fresh == max(row[0] for row in before["rules"]) + 1


def test_a_damaged_file_leaves_the_store_as_it_is(lived: Control, tmp_path: Path) -> None:
    before = contents(lived)
    (tmp_path / "copy.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(GiveUp, match="cannot be read"):
        copy_in(tmp_path / "copy.sqlite", lived)
    assert contents(lived) == before


def test_a_store_is_empty_until_somebody_decides_something(
    settings: Settings, control: Control, stalls: Rule
) -> None:
    jobs.submit(control, "refresh", {}, NOON)
    defaults.ship(settings, control, NOON)
    assert is_empty(control)
    rules.create(control, stalls.model_copy(update={"name": "own"}), who="ada", now=NOON)
    assert not is_empty(control)


def test_a_backup_of_either_store_is_restored_into_either(
    settings: Settings, lived: Control, elsewhere: Settings, tmp_path: Path
) -> None:
    before = contents(lived)
    backup(settings, tmp_path / "saved", now=NOON, show=silent)
    restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    there = contents(Control.open(elsewhere))
    assert {name: rows for name, rows in there.items() if name != "engine_state"} == {
        name: rows for name, rows in before.items() if name != "engine_state"
    }
    backup(elsewhere, tmp_path / "again", now=NOON, show=silent)
    with pytest.raises(BadInput, match="is not empty; give --force"):
        restore(settings, tmp_path / "again", force=False, now=NOON, show=silent)
    rules.remove(lived, rule_views.rules(lived)[0].rule_id, who="ben", now=NOON)
    restore(settings, tmp_path / "again", force=True, now=NOON, show=silent)
    back = contents(Control.open(settings))
    assert {name: rows for name, rows in back.items() if name != "engine_state"} == {
        name: rows for name, rows in before.items() if name != "engine_state"
    }


def test_what_a_server_held_is_kept_aside(
    served_settings: Settings, elsewhere: Settings, stalls: Rule, tmp_path: Path
) -> None:
    Control.open(elsewhere)
    backup(elsewhere, tmp_path / "saved", now=NOON, show=silent)
    control = Control.open(served_settings)
    rules.create(control, stalls, who="ada", now=NOON)
    with pytest.raises(BadInput, match=r"The control store, test_\w+ on 127.0.0.1, is not empty"):
        restore(served_settings, tmp_path / "saved", force=False, now=NOON, show=silent)
    done = restore(served_settings, tmp_path / "saved", force=True, now=NOON, show=silent)
    assert rule_views.rules(control) == []
    copy_in(Path(done["aside"]) / "control-server.sqlite", control)
    assert [view.rule for view in rule_views.rules(control)] == [stalls]
    assert not (served_settings.home / "control.sqlite").exists()
