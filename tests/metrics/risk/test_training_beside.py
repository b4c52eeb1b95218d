"""A training beside the engine's turns: it learns of what stood when it began, and holds nothing up."""

from concurrent.futures import wait
from datetime import timedelta
from pathlib import Path

from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import import_folder
from engine.refresh import refresh
from engine.training import GRACE, Training
from metrics.risk.model import newest
from metrics.risk.train import train
from tests.metrics.risk.conftest import Home, quiet
from tests.metrics.risk.simulate import Simulated, at

SPRING, SUMMER = at(220), at(290)


def begun(settings: Settings, warehouse: Warehouse) -> Training:
    refresh(settings, warehouse, SPRING)
    training = Training(settings)
    assert training.begin(warehouse)
    return training


def test_what_comes_in_and_is_published_meanwhile_changes_nothing_of_it(
    home: Home, simulated: Simulated, tmp_path: Path
) -> None:
    then, alike = (home(name, until=SPRING + timedelta(hours=1)) for name in ("then", "alike"))
    with Warehouse.open(alike) as warehouse:
        refresh(alike, warehouse, SPRING)
        expected = train(warehouse, alike, as_of=SPRING, refit=False, show=quiet)
    with Warehouse.open(then) as warehouse:
        training = begun(then, warehouse)
        import_folder(warehouse, simulated.write(tmp_path / "later"), now=SUMMER)
        refresh(then, warehouse, SUMMER)
        assert training.under_way
        wait([training.under_way])
        learnt = training.ended()
    assert learnt
    assert learnt.text == expected.text
    assert training.ended() is None


def test_one_that_is_broken_off_leaves_nothing_and_can_begin_again(home: Home) -> None:
    settings = home()
    with Warehouse.open(settings) as warehouse:
        training = begun(settings, warehouse)
        training.stop()
        assert not training.is_busy, f"it ends within {GRACE} s"
        assert training.ended() is None
        assert newest(settings) is None
        assert training.begin(warehouse)
        assert training.under_way
        assert training.under_way.result().name


def test_it_waits_while_facts_are_not_counted(home: Home, simulated: Simulated, tmp_path: Path) -> None:
    settings = home("then", until=SPRING)
    with Warehouse.open(settings) as warehouse:
        refresh(settings, warehouse, SPRING)
        import_folder(warehouse, simulated.write(tmp_path / "later"), now=SUMMER)
        assert not Training(settings).begin(warehouse)
