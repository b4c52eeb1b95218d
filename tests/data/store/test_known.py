"""What the warehouse holds already: found in runs in memory and in files, never in spite of the tables."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.settings import Settings
from data.store import ids as ids_room
from data.store.ids import NONE, Ids, IdSet
from data.store.kept_ids import Kept, Shelf
from data.store.warehouse import Warehouse
from data.unify.load import load_rows
from data.unify.rows import Rows

WORDS = st.tuples(st.integers(0, 6), st.integers(0, 6))


def words(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p[0] for p in pairs], np.uint64), np.array([p[1] for p in pairs], np.uint64)


@given(
    batches=st.lists(st.lists(WORDS, unique=True, max_size=9), max_size=9),
    asked=st.lists(WORDS, min_size=1, max_size=20),
    settled=st.integers(0, 9),
)
def test_a_set_finds_what_was_added_and_nothing_else(batches, asked, settled: int) -> None:
    known: dict[tuple[int, int], int] = {}
    found = IdSet()
    for place, batch in enumerate(batches):
        fresh = [pair for pair in batch if pair not in known]
        known |= {pair: len(known) + n for n, pair in enumerate(fresh)}
        found.add(Ids(*words(fresh), np.array([known[pair] for pair in fresh], np.int32)))
        if place == settled:
            found.settle()
    assert found.find(*words(asked)).tolist() == [known.get(pair, NONE) for pair in asked]
    assert len(found) == len(known)
    assert found.highest == max(known.values(), default=0)


def test_what_is_taken_back_is_not_found() -> None:
    found = IdSet()
    found.add(Ids(*words([(1, 1)])))
    found.settle()
    found.add(Ids(*words([(2, 2)])))
    found.take_back()
    assert found.find(*words([(1, 1), (2, 2)])).tolist() == [0, NONE]


def test_runs_stay_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids_room, "LARGEST", 4096)
    found = IdSet()
    rng = np.random.default_rng(1)
    for _ in range(300):
        found.add(Ids(rng.integers(0, 2**63, 50, np.uint64), rng.integers(0, 2**63, 50, np.uint64)))
        found.settle()
    assert len(found) == 15_000
    assert len(found.runs) < 16
    assert max(map(len, found.runs)) <= 4096


def test_a_shelf_gives_back_what_was_listed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "events", "w")
    run = shelf.write(Ids(*words([(1, 2), (3, 4)]), np.array([7, 8], np.int32)))
    shelf.write(Ids(*words([(5, 6)])))
    shelf.list(Kept(9, [run]))
    kept = shelf.read()
    assert (kept.upto, kept.count) == (9, 2)
    assert kept.runs[0].find(*words([(3, 4), (5, 6)])).tolist() == [8, NONE]
    assert [path.name for path in shelf.folder.glob("*.ids")] == [run.file]


def test_a_shelf_of_another_warehouse_or_with_a_torn_file_is_not_read(tmp_path: Path) -> None:
    def filled() -> Shelf:
        shelf = Shelf(tmp_path / "events", "w")
        shelf.list(Kept(9, [shelf.write(Ids(*words([(1, 2), (3, 4)])))]))
        return shelf

    assert filled().read().count == 2
    assert Shelf(filled().folder, "v").read().count == 0
    file = next(filled().folder.glob("*.ids"))
    file.write_bytes(file.read_bytes()[:-1])
    assert Shelf(tmp_path / "events", "w").read().count == 0
    (filled().folder / "runs.json").write_text("{")
    assert Shelf(tmp_path / "events", "w").read().count == 0


def added(warehouse: Warehouse, *numbers: int) -> int:
    with warehouse.transaction():
        return added_inside(warehouse, *numbers)


def added_inside(warehouse: Warehouse, *numbers: int) -> int:
    frame = pl.DataFrame({"event_id": numbers, "account_id": "a", "occurred_at": "2024-01-01", "name": "x"})
    report = load_rows(warehouse, "web", [Rows("events", frame, "d")], now=datetime(2025, 1, 1))
    return report.counts[0].added


def test_a_large_load_is_put_into_files_as_it_goes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids_room, "LARGEST", 20)
    with Warehouse.open(settings) as warehouse:
        assert added(warehouse, *range(50)) == 50
        assert added(warehouse, *range(60)) == 10
        with pytest.raises(RuntimeError, match="on purpose"):
            fail_after_adding(warehouse, *range(100))
        assert added(warehouse, *range(70)) == 10
        assert added(warehouse, *range(70)) == 0
    with Warehouse.open(settings) as warehouse:
        assert added(warehouse, *range(75)) == 5


def fail_after_adding(warehouse: Warehouse, *numbers: int) -> None:
    with warehouse.transaction():
        added_inside(warehouse, *numbers)
        raise RuntimeError("on purpose")


@pytest.fixture
def kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home whose known ids lie in files, but for the last."""
    monkeypatch.setattr("data.store.known._WORTH_A_FILE", 10)
    with Warehouse.open(settings) as warehouse:
        assert added(warehouse, *range(30)) == 30
        assert added(warehouse, 30, 31) == 2
    assert len(list((settings.home / "known" / "events").glob("*.ids"))) == 1
    return settings


def test_files_are_read_and_what_came_after_them(kept: Settings) -> None:
    with Warehouse.open(kept) as warehouse:
        assert added(warehouse, *range(33)) == 1
        assert warehouse.known.facts("events").runs[0].file


def test_files_that_disagree_with_the_table_are_not_believed(kept: Settings) -> None:
    with Warehouse.open(kept) as warehouse:
        warehouse.run("delete from events where rowid < 5")
        assert added(warehouse, *range(33)) == 6


def test_files_of_a_warehouse_that_is_gone_are_not_believed(kept: Settings) -> None:
    kept.warehouse.unlink()
    with Warehouse.open(kept) as warehouse:
        assert added(warehouse, *range(33)) == 33


def test_lost_files_are_made_again(kept: Settings) -> None:
    shutil.rmtree(kept.home / "known")
    with Warehouse.open(kept) as warehouse:
        assert added(warehouse, *range(33)) == 1
    listed = json.loads((kept.home / "known" / "events" / "runs.json").read_text())
    assert sum(run["ids"] for run in listed["runs"]) == 32


def test_without_room_for_files_memory_does(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.store.known._WORTH_A_FILE", 10)
    settings.home.mkdir()
    (settings.home / "known").write_text("in the way")
    with Warehouse.open(settings) as warehouse:
        assert added(warehouse, *range(30)) == 30
        assert added(warehouse, *range(31)) == 1
