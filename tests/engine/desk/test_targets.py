from pathlib import Path

import pytest

from data.errors import BadInput
from data.settings import Settings
from engine.control import audit
from engine.control.store import Control
from engine.desk.targets import Place, set_target, targets

ACTIVATION = Place("activation_rate", "week")


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_a_target_is_set_changed_and_taken_away_and_the_trail_says_by_whom(home: Settings) -> None:
    set_target(home, ACTIVATION, 0.4, who="ada")
    assert targets(home)[ACTIVATION].value == 0.4
    set_target(home, ACTIVATION, 0.45, who="bo", instead_of=0.4)
    assert (targets(home)[ACTIVATION].value, targets(home)[ACTIVATION].author) == (0.45, "bo")
    set_target(home, ACTIVATION, None, who="bo", instead_of=0.45)
    assert targets(home) == {}
    trail = audit.audit(Control.open(home), "target:activation_rate:week")
    assert [(entry.who, entry.action, entry.before, entry.after) for entry in trail] == [
        ("bo", "removed", {"value": 0.45}, None),
        ("bo", "changed", {"value": 0.4}, {"value": 0.45}),
        ("ada", "set", None, {"value": 0.4}),
    ]


def test_targets_of_grains_and_segments_stand_beside_each_other(home: Settings) -> None:
    places = [
        ACTIVATION,
        Place("activation_rate", "month"),
        Place("activation_rate", "week", "plan", "pro' or 1"),
    ]
    for at, place in enumerate(places):
        set_target(home, place, at / 10, who="ada")
    assert {place: target.value for place, target in targets(home).items()} == {
        place: at / 10 for at, place in enumerate(places)
    }


def test_two_who_change_a_target_at_once_do_not_undo_each_other(home: Settings) -> None:
    set_target(home, ACTIVATION, 0.4, who="ada")
    with pytest.raises(BadInput, match="meanwhile"):
        set_target(home, ACTIVATION, 0.5, who="bo", instead_of=0.3)
    with pytest.raises(BadInput, match="meanwhile"):
        set_target(home, ACTIVATION, 0.5, who="bo")
    assert targets(home)[ACTIVATION].value == 0.4


def test_setting_what_is_set_is_no_change(home: Settings) -> None:
    set_target(home, ACTIVATION, 0.4, who="ada")
    set_target(home, ACTIVATION, 0.4, who="bo", instead_of=0.4)
    assert targets(home)[ACTIVATION].author == "ada"


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (Place("nonsense", "week"), 0.4, "no metric 'nonsense'"),
        (Place("activation_rate", "year"), 0.4, "'year' is none"),
        (Place("activation_rate", "week", "colour", "red"), 0.4, "no dimension 'colour'"),
        (ACTIVATION, 40.0, "between 0 % and 100 %"),
        (ACTIVATION, float("nan"), "must be a number"),
        (Place("mrr", "week"), float("inf"), "must be a number"),
    ],
)
def test_what_cannot_be_a_target_is_refused(home: Settings, place: Place, value: float, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        set_target(home, place, value, who="ada")
    assert targets(home) == {}
