"""Training: the same from the same facts whatever came since, kept as data, whole or not at all."""

import json
from datetime import timedelta

import pytest

from data.errors import TryAgain
from data.settings import Settings
from data.store.warehouse import Warehouse
from metrics.risk.model import Model, folder_of, in_force, newest, of_text, save, trained
from metrics.risk.train import train
from tests.metrics.risk.conftest import Home, quiet, take_in
from tests.metrics.risk.simulate import Simulated, at

SPRING, SUMMER = at(220), at(320)


def learnt(settings: Settings, as_of=SPRING) -> Model:  # type: ignore[no-untyped-def]
    with Warehouse.open(settings) as warehouse:
        return train(warehouse, settings, as_of=as_of, show=quiet)


def test_a_model_as_of_spring_is_the_same_to_the_last_bit_when_trained_today(
    home: Home, simulated: Simulated
) -> None:
    then = home("then", until=SPRING + timedelta(hours=1))
    first = learnt(then)
    take_in(then, simulated.write(then.home.parent / "later"))
    assert learnt(then).text == first.text
    assert learnt(home("now")).text == first.text
    assert [path.name for path in folder_of(then).iterdir()] == [f"{SPRING:%Y%m%dT%H%M%S%f}Z.json"]
    assert first.last.rung in ("rule", "ridge")
    assert of_text(first.text).text == first.text
    assert "pickle" not in first.text
    told = json.loads(first.text)
    assert told["snapshots"] == first.snapshots > 1000


def small(settings: Settings, as_of=SPRING, churned: int = 0) -> Model:  # type: ignore[no-untyped-def]
    """A model that learnt nothing."""
    from metrics.risk.walk import Step, Walked

    step = Step(as_of.date(), "bands", None, 0.0, False, 0.0)
    from metrics.risk.model import made

    model = made(
        Walked(steps=[step], churned=churned),
        as_of=as_of,
        first_week=None,
        snapshots=0,
        accounts=0,
        features=(),
    )
    save(settings, model)
    return model


def test_the_model_in_force_is_that_of_the_last_training_before(settings: Settings) -> None:
    first, second = small(settings), small(settings, SUMMER)
    assert in_force(settings, SPRING) == first
    assert in_force(settings, SUMMER - timedelta(days=1)) == first
    assert in_force(settings, SUMMER + timedelta(days=90)) == second
    assert in_force(settings, SPRING - timedelta(days=1)) == first
    assert newest(settings) == SUMMER


def test_the_one_before_is_kept_when_facts_that_came_late_change_it(settings: Settings) -> None:
    small(settings, churned=1)
    small(settings, churned=2)
    assert in_force(settings, SPRING).churned == 2  # type: ignore[union-attr]
    assert len(list(folder_of(settings).glob("*.before"))) == 1


def test_a_damaged_model_is_as_if_it_were_not_there(settings: Settings) -> None:
    small(settings)
    small(settings, SUMMER)
    trained(settings)[-1].write_text("{")
    assert in_force(settings, SUMMER).as_of == SPRING  # type: ignore[union-attr]


def test_a_training_that_is_broken_off_changes_nothing(home: Home) -> None:
    settings = home()

    def stop(progress: str) -> None:
        if progress.startswith("learning: 2"):
            raise TryAgain("The engine is stopping.")

    with Warehouse.open(settings) as warehouse:
        with pytest.raises(TryAgain):
            train(warehouse, settings, as_of=SPRING, show=stop)
        assert not folder_of(settings).exists()
        assert warehouse.value("select count(*) from accounts") > 0
