"""Opening the warehouse: made once, held by one, of one version, days in one zone."""

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from data.errors import EngineBusy, GiveUp
from data.settings import ROOT, Settings
from data.store.warehouse import Warehouse, named, quoted
from data.unify.load import import_folder


def test_opening_twice_in_a_row_finds_what_was_kept(settings: Settings) -> None:
    with Warehouse.open(settings) as warehouse:
        warehouse.run("insert into event_names values (1, 'x')")
    with Warehouse.open(settings) as warehouse:
        assert warehouse.rows("from event_names") == [(1, "x")]


def test_a_second_process_is_told_that_the_warehouse_is_held(settings: Settings) -> None:
    script = (
        "import sys; from pathlib import Path; from data.settings import Settings;"
        "from data.store.warehouse import Warehouse;"
        "w = Warehouse.open(Settings(home=Path(sys.argv[1]))); print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(settings.home)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(EngineBusy, match="Another process holds"):
            Warehouse.open(settings)
        assert holder.stdin
        holder.stdin.close()
        holder.wait(timeout=30)
    Warehouse.open(settings).close()


def test_a_file_that_is_no_warehouse_is_refused(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    settings.warehouse.write_text("not a database, but long enough to be looked at " * 500)
    with pytest.raises(GiveUp, match="cannot be opened"):
        Warehouse.open(settings)


def test_a_warehouse_of_another_version_is_refused(settings: Settings) -> None:
    with Warehouse.open(settings) as warehouse:
        warehouse.run("update warehouse_settings set value = '0' where name = 'schema_version'")
    with pytest.raises(GiveUp, match="has schema version 0"):
        Warehouse.open(settings)


def test_a_failed_transaction_leaves_nothing(settings: Settings) -> None:
    def fail_inside(warehouse: Warehouse) -> None:
        with warehouse.transaction():
            warehouse.run("insert into event_names values (1, 'x')")
            raise RuntimeError("on purpose")

    with Warehouse.open(settings) as warehouse:
        with pytest.raises(RuntimeError, match="on purpose"):
            fail_inside(warehouse)
        assert warehouse.rows("from event_names") == []


def test_another_company_zone_moves_the_days(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "events.csv").write_text(
        "account_id,occurred_at,name\na,2024-01-01T23:30:00Z,x\na,2024-07-01T22:30:00Z,x\n"
    )
    with Warehouse.open(settings) as warehouse:
        import_folder(warehouse, folder, now=datetime(2025, 1, 1))
        assert warehouse.rows("select day from events order by day") == [
            (date(2024, 1, 1),),
            (date(2024, 7, 1),),
        ]
    moved = settings.model_copy(update={"timezone": "Europe/Warsaw"})
    for _ in range(2):
        with Warehouse.open(moved) as warehouse:
            assert warehouse.rows("select day from events order by day") == [
                (date(2024, 1, 2),),
                (date(2024, 7, 2),),
            ]


def test_names_and_texts_are_quoted() -> None:
    assert (quoted("it's"), named('a "b"')) == ("'it''s'", '"a ""b"""')


@pytest.mark.parametrize(("allowed", "kept"), [("4GB", "953.6 MiB"), ("300MB", "286.1 MiB")])
def test_thrift_keeps_to_little_memory_for_a_while(settings: Settings, allowed: str, kept: str) -> None:
    limit = "select current_setting('memory_limit')"
    with Warehouse.open(settings.model_copy(update={"memory": allowed})) as warehouse:
        usual = warehouse.value(limit)
        with warehouse.thrift():
            assert warehouse.value(limit) == kept
        assert warehouse.value(limit) == usual
