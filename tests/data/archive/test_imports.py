"""An import done again from the archive gives what it gave the first time."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from data.archive.imports import CONTENTS, Keeper, import_again, imports
from data.errors import BadInput, GiveUp
from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import import_folder

NOW = datetime(2026, 1, 5, 9, 30, 15, 123456)
FACTS = (
    "select account_id, created_at, name, plan, attributes from accounts order by seq",
    "select occurred_at, day, user_id, value, properties, fact_id from events order by all",
    "select subscription_id, effective_at, mrr, status, properties from subscription_changes order by seq",
    "from quarantine_listing order by all",
    "from source_counts order by all",
    "from arrivals order by all",
    "from import_counts order by all",
    "from waiting_counts order by all",
    "select import_id, source_key, folder, finished_at from imports",
)
ACCOUNTS = """ Account ID ;created_at;name;Company Size
a1;2025-01-06 10:00;Ada;10
a2;2025-01-07 10:00;Bob;

a3;2025-01-20T10:00:00Z;Cy;12;too many
"a4";2025-03-30 02:30;"De
light";7
"""
EVENTS = (
    '{"event_id":"e1","account_id":"a1","occurred_at":"2025-01-06T10:05:00","name":"seen","more":{"n":1}}\n'
    "no json\n"
    '{"event_id":"e2","account_id":"nobody","occurred_at":"2025-01-06","name":"seen","value":2.5}\n\n'
    '{"event_id":"e3","account_id":"a1","occurred_at":"late","name":"seen"}\n'
)


@pytest.fixture
def open_home(tmp_path: Path) -> Iterator[list[Warehouse]]:
    """Two warehouses: one to import into, one to import again into."""
    both = [Warehouse.open(Settings(home=tmp_path / name)) for name in ("first", "again")]
    yield both
    for warehouse in both:
        warehouse.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "export"
    place.mkdir()
    (place / "accounts.csv").write_text(ACCOUNTS)
    (place / "events.ndjson").write_bytes(EVENTS.encode() + b'{"account_id":"\xff"}\n')
    frame = pl.DataFrame(
        {
            "subscription_id": ["s1", "s2", "s3"],
            "account_id": ["a1", "a2", "a2"],
            "effective_at": [datetime(2025, 1, 6), datetime(2025, 1, 7), None],
            "mrr": [10.5, 20.25, 3.0],
            "seats": [3, None, 4],
        }
    )
    frame.write_parquet(place / "subscription_changes.parquet")
    return place


def kept(warehouse: Warehouse, folder: Path, **options: object) -> Keeper:
    keeper = Keeper(warehouse.settings, warehouse)
    import_folder(warehouse, folder, now=NOW, keep=keeper.keep, **options)
    keeper.settle()
    return keeper


def told(warehouse: Warehouse) -> list[object]:
    return [warehouse.rows(query) for query in FACTS]


def test_an_import_comes_out_the_same_from_the_archive(open_home: list[Warehouse], folder: Path) -> None:
    first, again = open_home
    kept(first, folder, source="crm", zone="Europe/Warsaw")
    (done,) = imports(first.settings)
    assert done.folder.parent.name == "2026-01-05"
    import_again(again, done)
    assert told(again) == told(first)
    assert first.value("select count(*) from quarantine_listing") == 5


def test_a_mapping_is_kept_as_what_it_selected(open_home: list[Warehouse], tmp_path: Path) -> None:
    first, again = open_home
    place = tmp_path / "foreign"
    place.mkdir()
    (place / "customers.csv").write_text("id,since,tier\nc1,2024-01-01,pro\nc2,never,free\n")
    (place / "accounts.sql").write_text(
        "select id as account_id, since as created_at, tier as plan from customers"
    )
    kept(first, place)
    (place / "customers.csv").unlink()
    import_again(again, imports(first.settings)[0])
    assert told(again) == told(first)
    assert first.value("select count(*) from accounts") == 1


def test_a_column_that_is_called_line_is_no_line_of_json(open_home: list[Warehouse], tmp_path: Path) -> None:
    first, again = open_home
    place = tmp_path / "odd"
    place.mkdir()
    (place / "accounts.csv").write_text("line,account_id,created_at\nx,a1,2025-01-01\n")
    kept(first, place)
    import_again(again, imports(first.settings)[0])
    assert told(again) == told(first)


def test_what_was_not_committed_is_not_kept(open_home: list[Warehouse], folder: Path) -> None:
    """As if the engine had been killed after writing to the archive and before the commit."""
    warehouse, _ = open_home
    keeper = Keeper(warehouse.settings, warehouse)

    def keep_and_die(*given: object) -> None:
        keeper.keep(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_folder(warehouse, folder, now=NOW, keep=keep_and_die)
    assert len(list(warehouse.settings.archive.glob("*/.pending-import-*"))) == 1
    keeper.settle()
    assert imports(warehouse.settings) == []
    assert list(warehouse.settings.archive.glob("*/*")) == []


def test_what_was_committed_is_kept_though_its_name_was_not_given_yet(
    open_home: list[Warehouse], folder: Path
) -> None:
    """As if the engine had been killed after the commit."""
    warehouse, _ = open_home
    keeper = Keeper(warehouse.settings, warehouse)
    import_folder(warehouse, folder, now=NOW, keep=keeper.keep)
    assert imports(warehouse.settings) == []
    keeper.settle()
    assert [one.order.folder for one in imports(warehouse.settings)] == [str(folder)]


def test_an_import_that_nothing_came_of_does_not_pass_for_a_later_one(
    open_home: list[Warehouse], folder: Path
) -> None:
    warehouse, _ = open_home
    keeper = Keeper(warehouse.settings, warehouse)
    with pytest.raises(ZeroDivisionError):
        import_folder(warehouse, folder, now=NOW, keep=lambda *given: (keeper.keep(*given), 1 / 0))  # type: ignore[arg-type, return-value]
    import_folder(warehouse, folder, source="another", now=datetime(2026, 1, 6))
    keeper.settle()
    assert imports(warehouse.settings) == []


def test_a_refused_import_leaves_nothing(open_home: list[Warehouse], folder: Path) -> None:
    warehouse, _ = open_home
    with pytest.raises(BadInput):
        kept(warehouse, folder, strict=True)
    assert not warehouse.settings.archive.exists()


def test_a_damaged_import_names_its_file(open_home: list[Warehouse], folder: Path) -> None:
    first, again = open_home
    kept(first, folder)
    (done,) = imports(first.settings)
    (done.folder / "0.parquet").write_bytes(b"")
    with pytest.raises(GiveUp, match=r"0\.parquet cannot be read; put it back from a backup"):
        import_again(again, done)
    (done.folder / CONTENTS).write_text("{")
    with pytest.raises(GiveUp, match=r"put .* back from a backup"):
        imports(first.settings)
